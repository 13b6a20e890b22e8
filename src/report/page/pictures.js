const tip = byId('tip');

function showTip(text, x, y) {
  tip.hidden = !text;
  tip.textContent = text;
  tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(y + 14, innerHeight - tip.offsetHeight - 8)}px`;
}

const CELL = 18, LABEL = 420, HEAD = 170, MOST = 1500;

/** A canvas of the given size in CSS pixels, sharp on every screen. */
function canvas(width, height) {
  const ratio = Math.min(devicePixelRatio || 1, 30000 / Math.max(width, height));
  const picture = make('canvas', { width: Math.floor(width * ratio), height: Math.floor(height * ratio) });
  picture.style.width = `${width}px`;
  picture.style.height = `${height}px`;
  const pen = picture.getContext('2d');
  pen.scale(ratio, ratio);
  pen.textBaseline = 'middle';
  pen.font = '12px system-ui, sans-serif';
  return [picture, pen];
}

function clip(pen, text, width) {
  let shown = [...text];
  if (shown.length > 120) shown = shown.slice(0, 120);
  while (shown.length > 1 && pen.measureText(shown.join('') + '…').width > width) shown.pop();
  return shown.length < [...text].length ? shown.join('') + '…' : text;
}

/** Claim x article: a filled circle says so, a diamond contradicts. */
function matrixView(view) {
  const wanted = new Set(data.pairs.filter(passes).map(pair => pair.claim));
  const rows = data.matrix.rows.filter(row => wanted.has(row.id) || !isFiltered()).slice(0, MOST);
  const columns = data.matrix.articles;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const width = LABEL + columns.length * CELL + 90;
  const [head, headPen] = canvas(width, HEAD);
  const [body, pen] = canvas(width, Math.max(rows.length, 1) * CELL);
  headPen.fillStyle = color('--ink');
  columns.forEach((id, at) => {
    headPen.save();
    headPen.translate(LABEL + at * CELL + CELL / 2, HEAD - 6);
    headPen.rotate(-Math.PI / 3);
    const article = articles.get(id);
    headPen.fillText(clip(headPen, `${article?.lang ?? ''} ${article?.outlet || id}`, HEAD - 10), 0, 0);
    headPen.restore();
  });
  rows.forEach((row, down) => {
    const y = down * CELL + CELL / 2;
    if (down % 2) {
      pen.fillStyle = color('--none-bg');
      pen.fillRect(0, down * CELL, width, CELL);
    }
    pen.fillStyle = color('--ink');
    pen.textAlign = 'left';
    pen.fillText(clip(pen, claims.get(row.id)?.text ?? row.id, LABEL - 16), 8, y);
    columns.forEach((_, across) => {
      const x = LABEL + across * CELL + CELL / 2;
      pen.beginPath();
      if (row.s[across] === 'A') {
        pen.fillStyle = color('--agree');
        pen.arc(x, y, 5, 0, 2 * Math.PI);
      } else if (row.s[across] === 'C') {
        pen.fillStyle = color('--contra');
        pen.moveTo(x, y - 7);
        pen.lineTo(x + 7, y);
        pen.lineTo(x, y + 7);
        pen.lineTo(x - 7, y);
      } else {
        return;
      }
      pen.fill();
    });
  });
  const at = event => [Math.floor(event.offsetY / CELL), Math.floor((event.offsetX - LABEL) / CELL)];
  const says = { A: 'says so', C: 'contradicts', '.': 'not stated' };
  body.addEventListener('mousemove', event => {
    const [down, across] = at(event);
    const row = rows[down];
    const id = columns[across];
    const article = articles.get(id);
    const who = id === undefined ? '' : `${[article?.outlet || id, article?.lang, article?.date].filter(Boolean).join(', ')}: ${says[row?.s[across]] ?? ''} — `;
    showTip(row ? who + (claims.get(row.id)?.text ?? row.id) : '', event.clientX, event.clientY);
  });
  body.addEventListener('mouseleave', () => showTip('', 0, 0));
  body.addEventListener('click', event => rows[at(event)[0]] && goTo(`claim-${rows[at(event)[0]].id}`));
  const label = `${rows.length} claims in ${columns.length} articles; matrix.csv holds the same as a table`;
  body.setAttribute('role', 'img');
  body.setAttribute('aria-label', label);
  view.append(
    make('p', { class: 'legend' }, make('span', { class: 'chip agreement' }, 'says so'), make('span', { class: 'chip contradiction' }, 'contradicts'),
      make('span', { class: 'soft' }, rows.length === MOST ? `the first ${MOST} claims; filter for others` : label)),
    make('div', { class: 'scroll', tabindex: '0' }, make('div', { class: 'stick' }, head), body));
}

function shape(tag, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Articles by day, a lane per language; a click shows the article's pairs. */
function timelineView(view) {
  const dated = data.articles.filter(article => /^\d{4}-\d{2}-\d{2}$/.test(article.date)
    && (!filter.lang || article.lang === filter.lang) && (!filter.outlet || article.outlet === filter.outlet));
  if (dated.length === 0) {
    view.append(make('p', { class: 'empty' }, 'No article here has a date.'));
    return;
  }
  const days = [...new Set(dated.map(article => article.date))].sort();
  const day = date => Date.parse(`${date}T00:00:00Z`) / 864e5;
  const [first, last] = [day(days[0]), day(days[days.length - 1])];
  const lanes = [...new Set(dated.map(article => article.lang))].sort();
  const width = Math.max(640, view.clientWidth - 60), left = 110, span = Math.max(1, last - first);
  const x = date => left + (width - left - 30) * (day(date) - first) / span;
  const stacks = new Map(), places = [];
  for (const article of dated) {
    const key = `${article.lang} ${Math.round(x(article.date) / 12)}`;
    stacks.set(key, (stacks.get(key) ?? 0) + 1);
    places.push([article, stacks.get(key) - 1]);
  }
  const lane = 26 + 12 * Math.min(12, Math.max(...stacks.values()));
  const svg = shape('svg', { width, height: lanes.length * lane + 40, role: 'group' });
  lanes.forEach((code, at) => {
    const y = at * lane + lane - 10;
    svg.append(shape('line', { class: 'axis', x1: left, x2: width, y1: y, y2: y }), shape('text', { x: 4, y }, languageName(code)));
  });
  const ticks = days.length <= 8 ? days : [0, 1, 2, 3, 4, 5].map(step => new Date((first + span * step / 5) * 864e5).toISOString().slice(0, 10));
  let free = 0;
  for (const tick of ticks) {
    if (x(tick) < free) continue;
    free = x(tick) + 80;
    svg.append(shape('text', { x: x(tick), y: lanes.length * lane + 20, 'text-anchor': tick === days[days.length - 1] ? 'end' : 'start' }, tick));
  }
  for (const [article, height] of places) {
    const dot = shape('circle', {
      class: article.contradictions ? 'dot contradiction' : 'dot', r: 6, cx: x(article.date),
      cy: lanes.indexOf(article.lang) * lane + lane - 10 - Math.min(height, 12) * 12, tabindex: 0, role: 'button',
    });
    const label = `${article.date} · ${article.outlet || article.id}: ${article.title || article.id} — ${article.contradictions} contradictions, ${article.agreements} agreements`;
    dot.setAttribute('aria-label', label);
    const open = () => showArticle(article.id);
    dot.addEventListener('click', open);
    dot.addEventListener('keydown', event => event.key === 'Enter' && open());
    dot.addEventListener('mousemove', event => showTip(label, event.clientX, event.clientY));
    dot.addEventListener('mouseleave', () => showTip('', 0, 0));
    svg.append(dot);
  }
  view.append(make('p', { class: 'soft' }, 'Each dot is an article; orange ones contradict another article.'), make('div', { class: 'scroll' }, svg));
}
