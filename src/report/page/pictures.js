const tip = byId('tip');

function showTip(text, x, y) {
  tip.hidden = !text;
  tip.textContent = text;
  tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(y + 14, innerHeight - tip.offsetHeight - 8)}px`;
}

/** Size of a cell in CSS pixels; most rows and columns of a picture; what both have room for when there are more than SIDE of each. */
const CELL = 20, MOST = 1500, SIDE = 400;
// A browser draws nothing at all on a canvas of more pixels than it holds, on a phone 16,777,216; on a desk 64 million need 256 MB.
const AREA = matchMedia('(any-pointer: coarse)').matches ? 16e6 : 64e6;

/** A canvas of the given size in CSS pixels, sharp on every screen. */
function canvas(width, height) {
  const ratio = Math.min(devicePixelRatio || 1, 30000 / Math.max(width, height), Math.sqrt(AREA / (width * height)));
  const picture = make('canvas', { width: Math.floor(width * ratio), height: Math.floor(height * ratio) });
  picture.style.width = `${width}px`;
  picture.style.height = `${height}px`;
  const pen = picture.getContext('2d');
  pen.scale(ratio, ratio);
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.font = '12px system-ui, sans-serif';
  return [picture, pen];
}

function clip(pen, text, width) {
  let shown = [...text];
  if (shown.length > 120) shown = shown.slice(0, 120);
  while (shown.length > 1 && pen.measureText(shown.join('') + '…').width > width) shown.pop();
  return shown.length < [...text].length ? shown.join('') + '…' : text;
}

/** What begins with a Hebrew or Arabic letter; a canvas does not look at the text by itself. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** Claim x article: a circle says so, a diamond contradicts, both do both. Labels stay in view while the picture scrolls. */
function matrixView(view) {
  const wanted = new Set(data.pairs.filter(passes).map(pair => pair.claim));
  const all = data.matrix.rows.filter(row => wanted.has(row.id) || !isFiltered());
  const stating = rows => {
    const speaking = new Set(rows.flatMap(row => row.at));
    return data.matrix.articles.map((id, at) => ({ id, at })).filter(column => speaking.has(column.at));
  };
  const letter = (row, column) => stances.get(row.id).get(column.at) ?? '.';
  const most = across => Math.min(MOST, Math.max(SIDE, Math.floor(SIDE * SIDE / across)));
  const rows = all.slice(0, most(stating(all.slice(0, MOST)).length)), found = stating(rows), columns = found.slice(0, most(rows.length));
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const labelWidth = Math.round(Math.min(440, innerWidth * 0.42));
  const labels = columns.map(column => `${articles.get(column.id)?.lang ?? ''}  ${columnLabels.get(column.id)}`);
  const headHeight = 190, lean = Math.PI / 3.2, width = columns.length * CELL + 110;
  const [head, headPen] = canvas(width, headHeight);
  const [left, leftPen] = canvas(labelWidth, Math.max(rows.length, 1) * CELL);
  const [body, pen] = canvas(width, Math.max(rows.length, 1) * CELL);
  headPen.fillStyle = color('--ink');
  columns.forEach((_, at) => {
    headPen.save();
    headPen.translate(at * CELL + CELL / 2, headHeight - 8);
    headPen.rotate(-lean);
    headPen.fillText(clip(headPen, labels[at], (headHeight - 16) / Math.sin(lean)), 0, 0);
    headPen.restore();
  });
  const stripe = color('--none-bg'), ink = color('--ink'), agree = color('--agree'), contra = color('--contra'), line = color('--line');
  const circle = (x, y, radius, fill) => {
    pen.fillStyle = fill;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  const diamond = (x, y, radius) => {
    pen.fillStyle = contra;
    pen.beginPath();
    pen.moveTo(x, y - radius);
    pen.lineTo(x + radius, y);
    pen.lineTo(x, y + radius);
    pen.lineTo(x - radius, y);
    pen.fill();
  };
  const draw = {
    A: (x, y) => circle(x, y, 5.5, agree),
    C: (x, y) => diamond(x, y, 7.5),
    B: (x, y) => { circle(x - 5, y, 4, agree); diamond(x + 4.5, y, 5); },
    '.': (x, y) => circle(x, y, 1.2, line),
  };
  rows.forEach((row, down) => {
    const y = down * CELL + CELL / 2;
    if (down % 2) {
      for (const [brush, wide] of [[pen, width], [leftPen, labelWidth]]) {
        brush.fillStyle = stripe;
        brush.fillRect(0, down * CELL, wide, CELL);
      }
    }
    leftPen.fillStyle = ink;
    const wording = claims.get(row.id)?.text ?? row.id;
    leftPen.direction = RIGHT_TO_LEFT.test(wording) ? 'rtl' : 'ltr';
    leftPen.fillText(clip(leftPen, wording, labelWidth - 20), 10, y);
    columns.forEach((column, across) => draw[letter(row, column)](across * CELL + CELL / 2, y));
  });
  const says = { A: 'says so', C: 'contradicts', B: 'says so and, elsewhere, contradicts', '.': 'does not speak of it' };
  const tell = (row, column, event) => {
    const wording = row ? claims.get(row.id)?.text ?? row.id : '';
    const article = column && articles.get(column.id);
    const who = column ? joined(', ', nameOf(column.id), languageName(article?.lang), article?.date) : '';
    const said = row && column ? ` ${says[letter(row, column)]}:` : '';
    showTip(joined('\n', article?.title, who + said, wording), event.clientX, event.clientY);
  };
  const down = event => rows[Math.floor(event.offsetY / CELL)], across = event => columns[Math.floor(event.offsetX / CELL)];
  body.addEventListener('mousemove', event => tell(down(event), across(event), event));
  left.addEventListener('mousemove', event => tell(down(event), undefined, event));
  head.addEventListener('mousemove', event => tell(undefined, columns[Math.floor((event.offsetX - (headHeight - 8 - event.offsetY) / Math.tan(lean)) / CELL)], event));
  for (const part of [body, left, head]) part.addEventListener('mouseleave', () => showTip('', 0, 0));
  for (const part of [body, left]) part.addEventListener('click', event => down(event) && goTo(`claim-${down(event).id}`));
  const isPart = rows.length < all.length || columns.length < found.length;
  const first = (shown, of, word) => `${shown < of ? 'the first ' : ''}${plural(shown, word)}`;
  const label = `${first(rows.length, all.length, 'claim')} in ${first(columns.length, found.length, 'article')}${data.matrix.csv ? `; matrix.csv holds ${isPart ? 'all' : 'the same'} as a table` : ''}`;
  body.setAttribute('role', 'img');
  body.setAttribute('aria-label', label);
  view.append(
    make('p', { class: 'legend' }, make('span', { class: 'chip agreement' }, 'says so'), make('span', { class: 'chip contradiction' }, 'contradicts'),
      rows.some(row => row.s.includes('B')) ? make('span', {}, make('span', { class: 'chip agreement' }, ''), make('span', { class: 'chip contradiction' }, 'both')) : null,
      make('span', { class: 'soft' }, `${label}. ${isPart ? 'Filter for others. ' : ''}`, make('span', { class: 'screen' }, 'A click opens the claim.'))),
    make('div', { class: 'scroll grid', tabindex: '0' },
      make('div', { class: 'corner' }), make('div', { class: 'head' }, head), make('div', { class: 'left' }, left), make('div', {}, body)));
  view.onPaper = () => matrixOnPaper(rows, columns, letter);
}

/** Articles beside each other on paper, and the signs for what they say. */
const ACROSS = 30, SIGNS = { A: '●', C: '◆' };

const signs = said => [...said.replace('B', 'AC').replace('.', '')].map(letter => make('i', { class: letter }, SIGNS[letter]));

/** The matrix for paper, which does not scroll: tables of some articles each, with the claims that they speak of. */
function matrixOnPaper(rows, columns, letter) {
  const paper = make('div', { class: 'paper' });
  for (let from = 0; from < columns.length; from += ACROSS) {
    const part = columns.slice(from, from + ACROSS);
    const heads = part.map(({ id }) => {
      const article = articles.get(id);
      const label = joined(' ', article?.lang, columnLabels.get(id));
      return make('th', { scope: 'col', class: 'stance' }, make('span', {}, label));
    });
    const speaking = rows.filter(row => part.some(column => letter(row, column) !== '.'));
    const lines = speaking.map(row => make('tr', {}, make('th', { scope: 'row', dir: 'auto' }, claims.get(row.id)?.text ?? row.id),
      ...part.map(column => letter(row, column)).map(said => make('td', { class: 'stance' }, ...signs(said)))));
    paper.append(make('table', {}, make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'claim'), ...heads)), make('tbody', {}, ...lines)));
  }
  return paper;
}

function shape(tag, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

const dayOf = date => Date.parse(`${date}T00:00:00Z`) / 864e5;

/** Articles in pairs day by day: a picture of them all, then a list that says what each contradicts. */
function timelineView(view) {
  const passing = new Set(data.pairs.filter(passes).flatMap(pair => pair.sides.map(side => side.article)));
  const told = data.articles.filter(article => data.pairs.length === 0 || passing.has(article.id));
  const dated = told.filter(article => /^\d{4}-\d{2}-\d{2}$/.test(article.date));
  if (dated.length === 0) {
    view.append(make('p', { class: 'empty' }, 'No article here has a date.'));
    return;
  }
  const days = [...new Set(dated.map(article => article.date))].sort();
  const undated = told.length - dated.length, unpaired = isFiltered() ? 0 : data.articles.length - told.length;
  const missing = joined(' and ', undated && `${plural(undated, 'article')} without a date`, unpaired && `${plural(unpaired, 'article')} in no pair`);
  view.append(make('p', { class: 'soft' }, `Each mark is an article; an orange diamond contradicts another article. ${missing ? `Not shown: ${missing}.` : ''}`),
    make('div', { class: 'scroll' }, overview(dated, days, view.clientWidth - 50)));
  const list = make('div', { class: 'days' });
  days.slice(0, MOST).forEach((date, at) => {
    const gap = at ? dayOf(date) - dayOf(days[at - 1]) : 0;
    if (gap > 1) list.append(make('p', { class: 'gap' }, `${gap} days later`));
    list.append(make('section', { class: 'day' }, make('h2', {}, make('time', { datetime: date }, date)),
      make('ul', {}, ...dated.filter(article => article.date === date).map(line))));
  });
  view.append(list);
}

function line(article) {
  return make('li', {}, voice(article.id), article.title ? make('span', { dir: 'auto', lang: article.lang }, article.title) : null,
    article.contradictions ? make('span', { class: 'chip contradiction' }, plural(article.contradictions, 'contradiction')) : null,
    article.agreements ? make('span', { class: 'chip agreement' }, plural(article.agreements, 'agreement')) : null);
}

/** Most marks on one another in a lane, and how far apart they are, in CSS pixels. */
const STACK = 12, ACROSS_STACKS = 14, IN_STACK = 12;

/** Days from left to right, a lane per language; those that contradict lie lowest, and what a stack has no room for is a number on it. */
function overview(dated, days, room) {
  const [first, last] = [dayOf(days[0]), dayOf(days[days.length - 1])];
  const lanes = [...new Set(dated.map(article => article.lang))].sort();
  const left = 110, width = Math.max(560, room - 4), span = Math.max(1, last - first);
  const x = date => left + 12 + (width - left - 40) * (dayOf(date) - first) / span;
  const stacks = new Map(), places = [];
  const isCalm = article => Number(article.contradictions === 0);
  for (const article of [...dated].sort((a, b) => isCalm(a) - isCalm(b))) {
    const at = Math.round((x(article.date) - left) / ACROSS_STACKS), key = `${article.lang} ${at}`;
    const stack = stacks.get(key) ?? { lang: article.lang, cx: left + at * ACROSS_STACKS, count: 0 };
    stacks.set(key, stack);
    if (stack.count < STACK) places.push([article, stack.cx, stack.count]);
    stack.count += 1;
  }
  const full = [...stacks.values()].filter(stack => stack.count > STACK);
  const lane = 22 + IN_STACK * Math.min(STACK, Math.max(...[...stacks.values()].map(stack => stack.count))) + (full.length ? 26 : 0);
  const height = lanes.length * lane + 34;
  const svg = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group' });
  lanes.forEach((code, at) => {
    const y = at * lane + lane - 10;
    svg.append(shape('line', { class: 'axis', x1: left, x2: width, y1: y, y2: y }), shape('text', { x: 12, y: y + 4 }, languageName(code)));
  });
  const step = at => new Date(Math.round(first + span * at / 5) * 864e5).toISOString().slice(0, 10);
  const ticks = days.length <= 8 ? days : [0, 1, 2, 3, 4, 5].map(step), end = ticks[ticks.length - 1], wide = 90;
  const isAtEdge = tick => x(tick) > width - 80;
  const start = tick => x(tick) - (isAtEdge(tick) ? wide : 0);
  let free = 0;
  for (const tick of ticks) {
    // The last date always stands; what would touch it goes.
    if (start(tick) < free || (tick !== end && start(tick) + wide > start(end))) continue;
    free = start(tick) + wide;
    svg.append(shape('text', { x: x(tick), y: lanes.length * lane + 18, 'text-anchor': isAtEdge(tick) ? 'end' : 'start' }, tick));
  }
  for (const { lang, cx, count } of full) {
    const y = lanes.indexOf(lang) * lane + lane - 10 - STACK * IN_STACK;
    // Upright, as stacks are narrower than numbers.
    svg.append(shape('text', { class: 'rest', transform: `translate(${cx + 4} ${y + 4}) rotate(-90)` }, `+${count - STACK}`));
  }
  for (const [article, cx, height] of places) {
    const cy = lanes.indexOf(article.lang) * lane + lane - 10 - height * IN_STACK;
    const dot = article.contradictions
      ? shape('path', { class: 'dot contradiction', d: `M${cx} ${cy - 8}l8 8l-8 8l-8 -8z`, tabindex: 0, role: 'button' })
      : shape('circle', { class: 'dot', r: 6, cx, cy, tabindex: 0, role: 'button' });
    const label = `${article.date} · ${nameOf(article.id)}${article.title ? `: ${article.title}` : ''} — ${plural(article.contradictions, 'contradiction')}, ${plural(article.agreements, 'agreement')}`;
    dot.setAttribute('aria-label', label);
    const open = () => showArticle(article.id);
    dot.addEventListener('click', open);
    dot.addEventListener('keydown', event => event.key === 'Enter' && open());
    dot.addEventListener('mousemove', event => showTip(label, event.clientX, event.clientY));
    dot.addEventListener('mouseleave', () => showTip('', 0, 0));
    svg.append(dot);
  }
  return svg;
}
