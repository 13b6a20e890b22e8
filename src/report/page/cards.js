const CHUNK = 40;

/** Shows `items` a chunk at a time: the next one when the reader comes near the end. */
function list(parent, items, card) {
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
  if (items.length === 0) parent.append(make('p', { class: 'empty' }, 'Nothing passes the filters.'));
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
  const link = article?.url
    ? make('a', { href: article.url, target: '_blank', rel: 'noopener noreferrer' }, side.outlet || side.article)
    : (side.outlet || side.article);
  const facts = [make('bdi', {}, link), languageName(side.lang), side.date].filter(Boolean);
  const where = make('p', { class: 'soft', title: side.article });
  facts.forEach((fact, at) => where.append(at ? ' · ' : '', fact));
  if (side.speaker) where.append(' · says ', make('bdi', {}, side.speaker));
  const context = text => text ? make('p', { class: 'context', dir: 'auto', lang: side.lang }, text) : null;
  const said = sentence(side);
  said.lang = side.lang;
  return make('div', { class: 'side' }, where, context(side.before), said, context(side.after));
}

function pairCard(pair) {
  const percent = `${Math.round(pair.confidence * 100)} %`;
  const card = make('article', { class: 'card pair', tabindex: '-1', id: `pair-${pair.id}` },
    make('div', { class: 'top' },
      make('span', { class: `chip ${pair.relation}` }, pair.relation),
      make('span', { class: 'soft', title: 'calibrated probability that the relation is right' }, percent),
      pair.reason ? make('span', { class: 'chip' }, pair.reason) : null,
      pair.mark ? make('span', { class: 'chip' }, `marked: ${pair.mark}`) : null,
      make('a', { class: 'soft', href: `#pair-${encodeURIComponent(pair.id)}` }, pair.id)),
    make('div', { class: 'sides' }, ...pair.sides.map(sideOf)));
  card.toggle = () => card.classList.toggle('open');
  card.querySelector('.sides').addEventListener('dblclick', card.toggle);
  return card;
}

function voice(id) {
  const article = articles.get(id);
  const facts = [article?.lang, article?.date].filter(Boolean).join(', ');
  return make('span', {}, make('bdi', {}, article?.outlet || id), facts ? make('span', { class: 'soft' }, ` (${facts})`) : '');
}

/** Who states the claim and who contradicts it: from the matrix. */
function voices(claim) {
  const row = stances.get(claim.id) ?? '';
  const who = letter => data.matrix.articles.filter((_, at) => row[at] === letter).map(voice);
  const line = (kind, label, list) => list.length ? [make('dt', {}, make('span', { class: `chip ${kind}` }, label)), make('dd', {}, ...list)] : [];
  return make('dl', { class: 'voices' }, ...line('agreement', 'say so', who('A')), ...line('contradiction', 'contradict', who('C')));
}

function claimCard(claim) {
  const pairs = (pairsOf.get(claim.id) ?? []).filter(passes);
  const inner = make('div', { class: 'inner', hidden: true });
  const top = make('div', { class: 'top', onclick: () => card.toggle() },
    make('span', { class: 'wording', dir: 'auto', lang: claim.lang }, claim.text),
    claim.contradictions ? make('span', { class: 'chip contradiction' }, String(claim.contradictions)) : null,
    claim.agreements ? make('span', { class: 'chip agreement' }, String(claim.agreements)) : null,
    make('span', { class: 'soft' }, `${claim.sources} independent of ${claim.articles} articles`));
  const card = make('article', { class: 'card claim', tabindex: '-1', id: `claim-${claim.id}`, 'aria-expanded': 'false' }, top, voices(claim), inner);
  card.toggle = () => {
    if (!inner.firstChild) list(inner, pairs, pairCard);
    inner.hidden = !inner.hidden;
    card.setAttribute('aria-expanded', String(!inner.hidden));
  };
  return card;
}
