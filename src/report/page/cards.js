const CHUNK = 40;

/** Shows `items` a chunk at a time: the next one when the reader comes near the end. `none` is said where there are none. */
function list(parent, items, card, none = isFiltered() ? 'Nothing passes the filters.' : 'No pairs.') {
  let shown = 0;
  const more = make('button', { class: 'more', type: 'button', onclick: () => grow(CHUNK) }, 'Show more');
  const watcher = new IntersectionObserver(seen => seen.some(entry => entry.isIntersecting) && grow(CHUNK), { rootMargin: '800px' });
  function grow(count) {
    more.before(...items.slice(shown, shown + count).map(card));
    shown = Math.min(items.length, shown + count);
    more.hidden = shown >= items.length;
    // An observer speaks up only when something changes, and a tall window may need several chunks.
    watcher.unobserve(more);
    if (shown < items.length) watcher.observe(more);
  }
  parent.append(more);
  parent.showUpTo = count => grow(Math.max(0, count - shown));
  parent.extent = () => [shown, items.length];
  if (items.length === 0) parent.append(make('p', { class: 'empty' }, none));
  grow(CHUNK);
}

/** A sentence whose differing parts are marked; positions are UTF-16 units. */
function sentence(side) {
  const parts = [];
  let from = 0;
  for (const [start, end, why] of side.marks) {
    parts.push(side.text.slice(from, start), make('mark', { class: why }, side.text.slice(start, end)));
    from = end;
  }
  parts.push(side.text.slice(from));
  return make('p', { class: 'said', dir: 'auto' }, ...parts);
}

function sideOf(side) {
  const article = articles.get(side.article);
  const name = nameOf(side.article);
  const link = article?.url ? make('a', { href: article.url, target: '_blank', rel: 'noopener noreferrer' }, name) : name;
  const where = make('p', { class: 'where', title: side.article }, make('b', {}, make('bdi', {}, link)));
  for (const fact of [languageName(side.lang), side.date]) if (fact) where.append(make('span', {}, fact));
  if (side.speaker) where.append(make('span', {}, 'according to ', make('bdi', {}, side.speaker)));
  const context = text => text ? make('p', { class: 'context', dir: 'auto', lang: side.lang }, text) : null;
  const said = sentence(side);
  said.lang = side.lang;
  const title = article?.title && article.title !== side.text ? make('p', { class: 'title', dir: 'auto', lang: side.lang }, article.title) : null;
  return make('div', { class: 'side' }, where, title, context(side.before), said, context(side.after));
}

function pairCard(pair) {
  const hasContext = pair.sides.some(side => side.before || side.after);
  const more = make('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: () => card.toggle() }, 'Context');
  const card = make('article', { class: `card pair ${pair.relation}`, tabindex: '-1', id: `pair-${pair.id}` },
    make('div', { class: 'top' },
      make('span', { class: `chip ${pair.relation}` }, pair.relation),
      make('span', { class: 'sure', title: 'calibrated probability that the relation is right' }, percent(pair.confidence)),
      pair.reason ? make('span', { class: 'chip', dir: 'auto' }, grouped(pair.reason)) : null,
      pair.mark ? make('span', { class: 'chip marked' }, `marked: ${pair.mark}`) : null,
      pair.note ? make('span', { class: 'soft', dir: 'auto' }, pair.note) : null,
      make('span', { class: 'end' }, hasContext ? more : null,
        make('a', { class: 'id', title: 'link to this pair; its pair_id in the tables', href: `#pair-${encodeURIComponent(pair.id)}` }, pair.id))),
    make('div', { class: 'sides' }, ...pair.sides.map(sideOf)));
  card.toggle = () => more.setAttribute('aria-expanded', String(card.classList.toggle('open')));
  return card;
}

/** An article to click on; `isTitled` where its name and date do not tell it from another. */
function voice(id, isTitled = false) {
  const article = articles.get(id);
  const open = event => { event.stopPropagation(); showArticle(id); };
  return make('button', { type: 'button', class: 'voice', title: [article?.title, id].filter(Boolean).join('\n'), onclick: open },
    make('span', { class: 'code' }, article?.lang ?? ''), make('bdi', {}, nameOf(id)), article?.date ? make('span', { class: 'soft' }, article.date) : null,
    isTitled && article?.title ? make('span', { class: 'title', dir: 'auto' }, article.title) : null);
}

/** Who states the claim and who contradicts it, earliest first: from the matrix; an article that does both stands in both lines. */
function voices(claim) {
  const said = [...(stances.get(claim.id) ?? [])];
  const date = id => articles.get(id)?.date || '9999';
  const alike = repeated(said.map(([at]) => nameAndDate(data.matrix.articles[at])));
  const who = letter => said.filter(([, own]) => own === letter || own === 'B').map(([at]) => data.matrix.articles[at]).sort((a, b) => (date(a) < date(b) ? -1 : date(a) > date(b) ? 1 : 0)).map(id => voice(id, alike.has(nameAndDate(id))));
  const line = (kind, label, list) => list.length ? [make('dt', {}, make('span', { class: `chip ${kind}` }, `${list.length} ${label}`)), make('dd', {}, ...list)] : [];
  return make('dl', { class: 'voices' }, ...line('agreement', 'say so', who('A')), ...line('contradiction', 'contradict', who('C')));
}

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A claim group: who says so, who contradicts, its strongest pair, and on demand all others. */
function claimCard(claim) {
  const pairs = (pairsOf.get(claim.id) ?? []).filter(passes);
  const inner = make('div', { class: 'inner' });
  const rest = pairs.length - 1;
  const label = () => card.classList.contains('open') ? 'Fewer' : `${plural(rest, 'more pair')}`;
  const more = make('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: () => card.toggle() }, `${plural(rest, 'more pair')}`);
  const counts = [claim.contradictions ? plural(claim.contradictions, 'contradiction') : '', claim.agreements ? plural(claim.agreements, 'agreement') : ''];
  const sources = claim.sources < claim.articles ? `${claim.sources} independent of ${plural(claim.articles, 'article')}` : plural(claim.articles, 'article');
  const inconsistent = claim.inconsistent ? make('abbr', { title: 'its sentences speak against each other: two that state it contradict, or one that states it agrees with one that contradicts it' }, 'inconsistent') : '';
  const card = make('article', { class: 'card claim', tabindex: '-1', id: `claim-${claim.id}` },
    make('h2', { class: 'wording', dir: 'auto', lang: claim.lang }, claim.text),
    make('p', { class: 'soft facts' }, ...[...counts, sources, claim.first && claim.first !== claim.last ? `${claim.first} to ${claim.last}` : claim.first, inconsistent]
      .filter(Boolean).map(fact => make('span', {}, fact))),
    voices(claim), inner, rest > 0 ? more : null);
  if (pairs.length) inner.append(pairCard(pairs[0]));
  card.toggle = () => {
    const open = card.classList.toggle('open');
    inner.replaceChildren();
    if (open) list(inner, pairs, pairCard);
    else if (pairs.length) inner.append(pairCard(pairs[0]));
    more.textContent = label();
    more.setAttribute('aria-expanded', String(open));
  };
  return card;
}
