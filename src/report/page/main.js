const view = byId('view');
const views = {
  Claims: view => {
    const found = data.claims.filter(claim => !isFiltered() || (pairsOf.get(claim.id) ?? []).some(passes));
    list(view, found, claimCard, isFiltered() ? 'No claim passes the filters.' : 'No claims.');
    const single = (pairsOf.get('') ?? []).filter(pair => !isFiltered() || passes(pair)).length;
    if (single) view.append(make('p', { class: 'empty' }, `${plural(single, 'pair')} ${single === 1 ? 'is' : 'are'} in no claim: see Pairs.`));
  },
  Pairs: view => {
    view.append(make('p', { class: 'legend soft' }, 'Marked where they differ: ', make('mark', { class: 'n' }, 'numbers'),
      make('mark', { class: 'd' }, 'denial'), make('mark', { class: 'p' }, 'names'), make('mark', { class: 'w' }, 'words')));
    list(view, data.pairs.filter(passes), pairCard);
  },
  Matrix: matrixView,
  Timeline: timelineView,
  Asked: view => table(view, data.watch.filter(passesRow),
    ['claim', 'stance', 'confidence', 'outlet', 'lang', 'date', 'speaker', 'text', 'article']),
  Articles: view => table(view, data.articles.filter(passesRow),
    ['article', 'lang', 'date', 'outlet', 'title', 'sentences', 'agreements', 'contradictions']),
  About: view => table(view, data.about.map(([fact, value]) => ({ fact, value })), ['fact', 'value']),
};
const relations = ['contradiction', 'agreement', 'unrelated'];
/** Filters that mean nothing in a view and are hidden there. */
const idle = { Asked: ['type'], Articles: ['relation', 'type'], About: Object.keys(filter) };
let current = 'Claims';

function table(view, rows, columns) {
  const body = make('tbody');
  const cell = (row, column) => {
    const value = column === 'article' ? (row.id ?? row.article) : row[column];
    if (column === 'stance') return make('td', {}, make('span', { class: 'chip ' + (value === 'agrees' ? 'agreement' : value === 'contradicts' ? 'contradiction' : '') }, value));
    if (column === 'article') return make('td', {}, make('a', { href: '#', onclick: event => { event.preventDefault(); showArticle(value); }, title: 'pairs with this article' }, value));
    if (column === 'title' && row.url) return make('td', { dir: 'auto' }, make('a', { href: row.url, target: '_blank', rel: 'noopener noreferrer' }, value || row.url));
    if (column === 'lang') return make('td', {}, languageName(value));
    if (column === 'confidence') return make('td', { class: 'count' }, value ? percent(value) : '');
    if (column === 'date') return make('td', { class: 'date' }, value);
    return make('td', { dir: 'auto', class: typeof value === 'number' ? 'count' : undefined }, String(value ?? ''));
  };
  const holder = make('div', { class: 'scroll' }, make('table', {}, make('thead', {}, make('tr', {}, ...columns.map(name => make('th', { scope: 'col' }, name)))), body));
  view.append(holder);
  body.append(...rows.slice(0, 3000).map(row => make('tr', {}, ...columns.map(column => cell(row, column)))));
  if (rows.length === 0) view.append(make('p', { class: 'empty' }, 'Nothing passes the filters.'));
  if (rows.length > 3000) view.append(make('p', { class: 'empty' }, `The first 3000 of ${rows.length}${data.xlsx ? '; report.xlsx holds all' : ''}.`));
}

function render() {
  showTip('', 0, 0);
  view.replaceChildren();
  delete view.showUpTo;
  delete view.extent;
  delete view.onPaper;
  for (const tab of byId('tabs').children) tab.setAttribute('aria-selected', String(tab.textContent === current));
  for (const key of Object.keys(filter)) {
    const field = byId(`f-${key}`);
    field.value = filter[key];
    // A choice that has nothing but `all` is none.
    field.parentElement.hidden = field.options?.length === 1 || Boolean(idle[current]?.includes(key));
  }
  const [all, isShown, word] = { Asked: [data.watch, passesRow, 'row'], Articles: [data.articles, passesRow, 'article'] }[current] ?? [data.pairs, passes, 'pair'];
  byId('count').textContent = isFiltered() ? `${all.filter(isShown).length.toLocaleString('en')} of ${all.length.toLocaleString('en')} ${word}s` : plural(all.length, word);
  byId('clear').disabled = !isFiltered();
  views[current](view);
}

function show(name) {
  current = name;
  render();
  scrollTo(0, 0);
}

function showArticle(id) {
  clearFilters();
  filter.article = id;
  show('Pairs');
}

function clearFilters() {
  for (const key of Object.keys(filter)) filter[key] = '';
}

/** Brings the card of a pair or claim into view, whatever is filtered. */
function goTo(anchor) {
  const [kind, id] = [anchor.slice(0, anchor.indexOf('-')), anchor.slice(anchor.indexOf('-') + 1)];
  const items = { pair: data.pairs, claim: data.claims }[kind];
  const at = items ? items.findIndex(item => item.id === id) : -1;
  if (at < 0) return;
  clearFilters();
  show(kind === 'pair' ? 'Pairs' : 'Claims');
  view.showUpTo(at + CHUNK);
  const card = byId(anchor);
  if (!card.classList.contains('open')) card.toggle();
  card.scrollIntoView();
  card.focus({ preventScroll: true });
}

function step(by) {
  const cards = [...view.querySelectorAll(':scope > .card, .claim.open .card')].filter(card => card.offsetParent);
  if (cards.length === 0) return;
  const now = cards.findLastIndex(card => card.contains(document.activeElement));
  const next = cards[Math.max(0, Math.min(cards.length - 1, now + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

/** Says on paper, which has no filters, what was filtered for and how much of it is there. */
function tellPart() {
  const chosen = Object.keys(filter).filter(key => filter[key] && !idle[current]?.includes(key)).map(key => {
    const field = byId(`f-${key}`);
    return `${field.parentElement.firstChild.data.trim()}: ${field.selectedOptions?.[0]?.text ?? filter[key]}`;
  });
  const [shown, all] = view.extent?.() ?? [0, 0];
  byId('part').textContent = [chosen.length ? `${chosen.join('; ')}.` : '',
    shown < all ? `The first ${shown.toLocaleString('en')} of ${all.toLocaleString('en')} ${current.toLowerCase()}.` : ''].join(' ').trim();
}

function options(select, all, values, name = value => value) {
  select.append(make('option', { value: '' }, all), ...values.map(value => make('option', { value }, name(value))));
}

function start() {
  const count = relation => data.pairs.filter(pair => pair.relation === relation).length;
  const langs = [...new Set(data.articles.map(article => article.lang))].sort((a, b) => languageName(a).localeCompare(languageName(b), 'en'));
  const types = [...new Set(data.pairs.map(typeOf).filter(Boolean))].sort();
  const outlets = [...new Set(data.pairs.flatMap(pair => pair.sides.map(side => side.outlet)).filter(Boolean))].sort();
  const fact = (kind, number, words) => make('span', { class: kind }, make('b', {}, number.toLocaleString('en')), ` ${words}`);
  byId('summary').append(fact('', data.articles.length, 'articles'), fact('', langs.length, 'languages'), fact('', data.claims.length, 'claims'),
    fact('contradiction', count('contradiction'), 'contradictions'), fact('agreement', count('agreement'), 'agreements'));
  const dates = data.articles.map(article => article.date).filter(Boolean).sort();
  const when = dates.length ? ` · ${dates[0]} to ${dates[dates.length - 1]}` : '';
  byId('scope').textContent = langs.map(languageName).join(', ') + when;
  const names = Object.keys(views).filter(name => name !== 'Asked' || data.watch.length);
  byId('tabs').append(...names.map(name => make('button', { type: 'button', role: 'tab', onclick: () => show(name) }, name)));
  byId('views').textContent = names.length;
  options(byId('f-relation'), 'all', relations.filter(count));
  options(byId('f-type'), 'all', types);
  options(byId('f-lang'), 'all', langs, languageName);
  options(byId('f-outlet'), 'all', outlets);
  const paired = new Set(data.pairs.flatMap(pair => pair.sides.map(side => side.article)));
  const { compare } = new Intl.Collator('en');
  const ids = [...longLabels.keys()].sort((a, b) => paired.has(b) - paired.has(a) || compare(longLabels.get(a), longLabels.get(b)));
  options(byId('f-article'), 'all', ids, id => longLabels.get(id));
  let waiting;
  for (const key of Object.keys(filter)) {
    byId(`f-${key}`).addEventListener('input', event => {
      filter[key] = event.target.value;
      clearTimeout(waiting);
      waiting = setTimeout(render, key === 'text' ? 150 : 0);
    });
  }
  byId('filters').addEventListener('submit', event => event.preventDefault());
  byId('clear').addEventListener('click', () => { clearFilters(); render(); });
  byId('more').addEventListener('click', event => event.target.setAttribute('aria-expanded', String(byId('filters').classList.toggle('open'))));
  byId('help').addEventListener('click', () => byId('keys').showModal());
  const isDark = () => document.documentElement.classList.contains('dark');
  const theme = dark => {
    document.documentElement.classList.toggle('dark', dark);
    // Only what is drawn on a canvas keeps its colours.
    if (current === 'Matrix') render();
  };
  byId('theme').addEventListener('click', () => theme(!isDark()));
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', event => theme(event.matches));
  addEventListener('hashchange', () => goTo(decodeURIComponent(location.hash.slice(1))));
  let wasDark = false;
  addEventListener('beforeprint', () => {
    wasDark = isDark();
    if (wasDark) theme(false);
    view.showUpTo?.(1000);
    if (view.onPaper) view.append(view.onPaper());
    tellPart();
  });
  addEventListener('afterprint', () => {
    view.querySelector('.paper')?.remove();
    if (wasDark) theme(true);
  });
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
    if (event.target.matches('input, select')) {
      if (event.key !== 'Escape') return;
      // Left to itself, a browser empties the field, or not, after the page has looked.
      event.preventDefault();
      event.target.blur();
      if (event.target.matches('input') && filter.text) {
        filter.text = '';
        render();
      }
      return;
    }
    // Keyboards of other scripts: what the key says on a Latin one.
    const key = event.key.charCodeAt(0) > 127 ? event.code.replace(/^(Key|Digit)/, '').toLowerCase() : event.key;
    const only = { c: 'contradiction', a: 'agreement', 0: '' }[key];
    if (key === 'j') step(1);
    else if (key === 'k') step(-1);
    else if (key === 'Enter' && event.target.matches('.card')) event.target.toggle();
    else if (key === '/') byId('f-text').focus();
    else if (key === '?') byId('keys').showModal();
    else if (key === 'Escape') { clearFilters(); render(); }
    else if (only !== undefined) { filter.relation = only; render(); }
    else if (names[key - 1]) show(names[key - 1]);
    else return;
    event.preventDefault();
  });
  document.documentElement.classList.toggle('dark', system.matches);
  render();
  if (location.hash) goTo(decodeURIComponent(location.hash.slice(1)));
}

start();
