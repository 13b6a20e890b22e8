const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);

/** Makes an element; children are text nodes or elements, so no text from an article is ever read as markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

const articles = new Map(data.articles.map(article => [article.id, article]));
const claims = new Map(data.claims.map(claim => [claim.id, claim]));
/** What articles say of each claim: letters by position in the matrix's articles; those that do not speak of it have none. */
const stances = new Map(data.matrix.rows.map(row => [row.id, new Map(row.at.map((at, index) => [at, row.s[index]]))]));
/** What articles are called where there is room for a word only: their outlet, else their file without ending, with as many folders as tell it apart. */
const names = new Map(data.articles.map(article => [article.id, article.outlet]));
let alike = data.articles.filter(article => !article.outlet).map(article => article.id);
for (let parts = 1; alike.length; parts++) {
  const times = new Map();
  for (const id of alike) {
    const path = id.split('/');
    const name = path.slice(-parts).join('/').replace(/\.[a-z0-9]{1,5}(\.gz|\.zst)?(?=#|$)/i, '');
    names.set(id, parts > path.length ? id : name);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  alike = alike.filter(id => names.get(id) !== id && times.get(names.get(id)) > 1);
}
const nameOf = id => names.get(id) || id;

const joined = (glue, ...parts) => parts.filter(Boolean).join(glue);

/** What is among `labels` more than once. */
function repeated(labels) {
  const seen = new Set(), again = new Set();
  for (const label of labels) (seen.has(label) ? again : seen).add(label);
  return again;
}

/** Labels of articles by id; those that are alike are made longer by each of `longer` in turn, as far as they need it. */
function labelsApart(ids, short, ...longer) {
  const labels = new Map(ids.map(id => [id, short(id)]));
  for (const lengthen of longer) {
    const alike = repeated(labels.values());
    for (const [id, label] of labels) if (alike.has(label)) labels.set(id, lengthen(label, articles.get(id) ?? {}, id));
  }
  return labels;
}

const addId = (label, _, id) => `${label} ${id}`;
/** What the matrix calls its articles; dates go first, as the end may be cut off. */
const columnLabels = labelsApart(data.matrix.articles, nameOf,
  (label, { date }) => joined(' ', date, label), (label, { title }) => joined(' ', label, title), addId);
/** What articles are called where there is room for a line. */
const longLabels = labelsApart(data.articles.map(article => article.id), id => {
  const { title, date } = articles.get(id), known = joined(', ', nameOf(id), date);
  return title ? `${title.length > 90 ? `${[...title].slice(0, 80).join('')}…` : title} (${known})` : known;
}, addId);
const nameAndDate = id => joined(' ', nameOf(id), articles.get(id)?.date);
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/g;
const ALIKE = { '\u064a': '\u06cc', '\u0649': '\u06cc', '\u0643': '\u06a9', '\u0629': '\u0647' };
/** What may be typed in several ways as one: letters without accents and Arabic ones without vowels, digits and widths. Vowel signs of other scripts stay. */
const fold = text => text.toLowerCase().normalize('NFKD')
  .replace(/[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]/g, '').normalize('NFC')
  .replace(/[\u064a\u0649\u0643\u0629]/g, letter => ALIKE[letter])
  .replace(DIGITS, digit => (digit.charCodeAt(0) - (/[\u0966-\u09ef]/.test(digit) ? 6 : 0)) % 16);

const pairsOf = new Map();
for (const pair of data.pairs) {
  if (!pairsOf.has(pair.claim)) pairsOf.set(pair.claim, []);
  pairsOf.get(pair.claim).push(pair);
}

/** Type of a conflict: what stands before the colon of the reason. */
const typeOf = pair => pair.reason.split(':')[0].trim();
const filter = { text: '', relation: '', type: '', lang: '', outlet: '', article: '' };

/** What the text filter looks through; made when first needed and kept. */
function haystack(pair) {
  if (pair.folded === undefined) {
    const wording = claims.get(pair.claim)?.text ?? '';
    const parts = pair.sides.flatMap(side => [side.text, side.outlet, side.speaker, side.article, articles.get(side.article)?.title]);
    pair.folded = fold([pair.id, pair.claim, wording, pair.reason, pair.note, ...parts].join('\n'));
  }
  return pair.folded;
}

function passes(pair) {
  const has = (key, value) => !value || pair.sides.some(side => side[key] === value);
  return (!filter.relation || pair.relation === filter.relation) && (!filter.type || typeOf(pair) === filter.type)
    && has('lang', filter.lang) && has('outlet', filter.outlet) && has('article', filter.article)
    && fold(filter.text).split(/\s+/).every(word => haystack(pair).includes(word));
}

/** What the relation filter means for claims that were asked about. */
const stanceOf = { agreement: 'agrees', contradiction: 'contradicts', unrelated: 'not stated' };

/** Whether a row of a table passes the filters that mean something for it. */
function passesRow(row) {
  const id = row.id ?? row.article;
  const words = fold([row.claim, row.text, row.title, row.speaker, row.outlet, id].join('\n'));
  return (!filter.lang || row.lang === filter.lang) && (!filter.outlet || row.outlet === filter.outlet) && (!filter.article || id === filter.article)
    && (!filter.relation || row.stance === undefined || row.stance === stanceOf[filter.relation])
    && fold(filter.text).split(/\s+/).every(word => words.includes(word));
}

const isFiltered = () => Object.values(filter).some(value => value !== '');

/** Long numbers in groups of three, as eyes want them. */
const grouped = text => text.replace(/\d{5,}/g, digits => digits.replace(/\B(?=(\d{3})+$)/g, '\u202f'));

/** A probability; 100 % only where it is one. */
const percent = probability => `${probability < 1 ? Math.min(99, Math.round(probability * 100)) : 100} %`;

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

/** Name of a language in English, where the browser knows it. */
function languageName(code) {
  if (!code || code === 'und') return 'unknown language';
  try {
    return languageNames.of(code) ?? code;
  } catch {
    return code;
  }
}
