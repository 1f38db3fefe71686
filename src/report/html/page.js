// The table and the controls: sorts, filters, opens rows, and keeps table and graph together.

const table = byId('rows');
const SHOWN = 12;
const page = { all: false, test: null, open: null };
const rows = table ? [...table.tBodies[0].rows] : [];

const textOfRow = (row) => [...row.cells[0].children].map((part) => `${part.textContent}\n${part.title}`).join('\n');

// Which rows show: those that match, and of all rows the first few until all are asked for.
function showRows() {
  let shown = 0;
  let matching = 0;
  for (const row of table ? table.querySelectorAll('tr[data-row]') : []) {
    const matches = !page.test || page.test(textOfRow(row));
    matching += matches;
    row.hidden = !matches || (!page.all && !page.test && shown >= SHOWN);
    row.classList.toggle('match', !!page.test && matches);
    shown += !row.hidden;
  }
  if (page.open) page.open.detail.hidden = page.open.row.hidden;
  const more = byId('all');
  if (more) {
    more.parentNode.hidden = page.all || !!page.test || rows.length <= SHOWN;
    more.textContent = `Show all ${rows.length} rows`;
  }
  return matching;
}

function search() {
  const field = byId('search');
  let wrong = '';
  try {
    page.test = searchFor(field.value, byId('regexp').checked);
  } catch {
    wrong = 'This is not a valid pattern.';
    page.test = null;
  }
  field.setAttribute('aria-invalid', wrong ? 'true' : 'false');
  flames?.classList.toggle('searching', !!page.test);
  const matching = showRows();
  if (TREES.length) {
    viewer.search(page.test);
    viewer.draw();
  }
  byId('found').textContent = wrong || (page.test ? found(matching) : 'Marks frames in the graph, filters the table.');
}

// How much matches: rows, frames, and the share of the picture.
function found(matching) {
  const text = `${grouped(matching)} of ${plural(rows.length, 'row', 'rows')}`;
  if (!TREES.length) return text;
  const { frames, share } = viewer.found(!DATA.single);
  return `${text}, ${plural(frames, 'frame', 'frames')}: ${share}`;
}

// The table in another metric than the one compared. What is known of that one alone is not shown.
const STANDINGS = ['new', 'gone', 'grown', 'shrunk', 'same'];
const compared = new Map();

function showMetric(number) {
  if (!table || !DATA.rows.some((row) => row.others)) return;
  const other = DATA.metrics[number];
  table.classList.toggle('other', number > 0);
  byId('rows-title').lastElementChild.textContent = other.name;
  for (const [cell, { parts, value }] of compared) {
    cell.replaceChildren(...parts);
    cell.dataset.v = value;
  }
  for (const row of rows) setStanding(row, row.dataset.standing);
  if (number > 0) fillTable(number, other);
  sortTable(table.tHead.querySelector('.growth'), 'descending');
}

function fillTable(number, other) {
  const values = rows.map((row) => DATA.rows[row.dataset.row].others[number - 1]);
  const most = Math.max(1, ...values.flat());
  const all = [TREES[0].before[number][0], TREES[0].after[number][0]];
  const rest = all.map((value, side) => values.reduce((left, pair) => left - pair[side], value));
  rows.forEach((row, at) => fillRow(row, values[at], most, other, all[1]));
  for (const row of table.tFoot.rows) fillRow(row, row.classList.contains('total') ? all : rest, 0, other, all[1]);
}

function fillRow(row, [before, after], most, other, whole) {
  const delta = after - before;
  const share = whole > 0 ? after / whole : 0;
  const relative = before === after ? 0 : before === 0 ? Infinity : delta / Math.abs(before);
  const percentage = `${delta > 0 ? '+' : ''}${grouped(relative * 100)}%`;
  const words = before === 0 && after !== 0 ? 'new' : after === 0 && before !== 0 ? 'gone' : percentage;
  if (row.dataset.row) setStanding(row, standingOf(before, after));
  fill(row, '.growth', delta, DATA.single ? format(after, other) : signed(delta, other));
  fill(row, '.relative', DATA.single ? share : relative, DATA.single ? `${fixed(share * 100, 1)}%` : words);
  const bars = row.querySelector('.change svg')?.cloneNode(true);
  const part = (value) => `${Math.min(100, (Math.max(0, value) / most) * 100).toFixed(2)}`;
  bars?.firstElementChild.setAttribute('width', part(before));
  bars?.lastElementChild.setAttribute('width', part(after));
  fill(row, '.before', before, format(before, other));
  fill(row, '.change', after, DATA.single ? '' : format(after, other), ...(bars ? [bars] : []));
}

function fill(row, column, value, ...parts) {
  const cell = row.querySelector(`td${column}`);
  if (!cell) return;
  if (!compared.has(cell)) compared.set(cell, { parts: [...cell.childNodes], value: cell.dataset.v });
  cell.replaceChildren(...parts);
  cell.dataset.v = value;
}

function standingOf(before, after) {
  if (DATA.single || before === after) return 'same';
  if (before === 0) return 'new';
  if (after === 0) return 'gone';
  return after > before ? 'grown' : 'shrunk';
}

function setStanding(row, standing) {
  row.classList.remove(...STANDINGS);
  row.classList.add(standing);
}

// Sorts by a column: numbers by size and largest first, names by letters.
function sortBy(heading) {
  const column = heading.cellIndex;
  const isName = column === 0;
  const current = heading.getAttribute('aria-sort');
  const direction = current ? (current === 'ascending' ? 'descending' : 'ascending') : isName ? 'ascending' : 'descending';
  sortTable(heading, direction);
}

function sortTable(heading, direction) {
  const column = heading.cellIndex;
  const isName = column === 0;
  for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', direction);
  const sign = direction === 'ascending' ? 1 : -1;
  const value = (row) => row.cells[column].dataset.v ?? '';
  const compare = (a, b) => {
    if (isName) return a < b ? -1 : a > b ? 1 : 0;
    if (a === '' || b === '') return sign * ((a === '') - (b === ''));
    return Number(a) - Number(b);
  };
  const sorted = [...rows].sort((a, b) => sign * compare(value(a), value(b)) || a.dataset.row - b.dataset.row);
  table.tBodies[0].append(...sorted.flatMap((row) => (page.open?.row === row ? [row, page.open.detail] : [row])));
  showRows();
}

// Opens a row: its heaviest stack below it, its frame in the graph.
function toggleRow(row) {
  const wasOpen = page.open?.row === row;
  closeRow();
  if (wasOpen) return clickFrame(0);
  const number = Number(row.dataset.row);
  const detail = element('tr', 'unfold');
  const cell = element('td');
  cell.colSpan = row.cells.length;
  const holder = element('div', 'stack');
  const { stack, more = 0 } = DATA.rows[number];
  const frames = [];
  for (let at = 0; at < stack.length; at += 2) frames.push([stack[at], stack[at + 1]]);
  const title = DATA.single ? 'Heaviest stack, innermost first' : 'Stack with the largest change, innermost first';
  holder.append(frames.length ? stackList(title, frames, more) : element('p', '', 'These samples have no stack.'));
  const show = element('button', '', 'Show in the graph');
  show.type = 'button';
  show.addEventListener('click', () => {
    byId('graph-title').scrollIntoView({ block: 'start' });
    viewer.focus(viewer.zoomed);
  });
  holder.append(show);
  cell.append(holder);
  detail.append(cell);
  row.after(detail);
  row.classList.add('open');
  row.querySelector('button').setAttribute('aria-expanded', 'true');
  page.open = { row, detail };
  zoomToRow(number, false);
}

function closeRow() {
  if (!page.open) return;
  page.open.detail.remove();
  page.open.row.classList.remove('open');
  page.open.row.querySelector('button').setAttribute('aria-expanded', 'false');
  page.open = null;
}

function onRowClick(event) {
  const row = event.target.closest('tr[data-row]');
  if (row && !String(window.getSelection()).length) toggleRow(row);
}

function onKey(event) {
  const isTyping = event.target === byId('search');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId('search').select();
  } else if (event.key === 'Escape') {
    byId('search').value = '';
    search();
    if (TREES.length) clickFrame(0);
  }
}

function startTable() {
  for (const heading of table.tHead.rows[0].cells) {
    const button = element('button', '', heading.textContent);
    button.type = 'button';
    button.addEventListener('click', () => sortBy(heading));
    heading.replaceChildren(button);
  }
  for (const row of rows) {
    row.querySelector('button').setAttribute('aria-expanded', 'false');
    row.dataset.standing = row.className;
  }
  table.tBodies[0].addEventListener('click', onRowClick);
  byId('all').addEventListener('click', () => {
    page.all = true;
    showRows();
    rows[SHOWN]?.querySelector('button').focus();
  });
}

function startGraph() {
  for (const [id, key] of [['metric', 'metric'], ['width', 'width'], ['order', 'order']]) {
    byId(id).addEventListener('change', (event) => {
      choose(key, key === 'width' ? event.target.value : Number(event.target.value));
      if (key === 'metric') showMetric(graph.metric);
      search();
    });
  }
  byId('reset').addEventListener('click', () => {
    closeRow();
    clickFrame(0);
  });
  byId('next').addEventListener('click', () => zoomToRow(graph.row, true));
  window.addEventListener('resize', viewer.draw);
}

function start() {
  document.body.classList.add('on');
  for (const part of document.querySelectorAll('.scripted')) {
    part.hidden = part.id === 'zoomed' || part.classList.contains('more');
  }
  document.querySelector('.unscripted')?.remove();
  byId('search').addEventListener('input', search);
  byId('regexp').addEventListener('change', search);
  document.addEventListener('keydown', onKey);
  if (table) startTable();
  if (TREES.length) {
    startGraph();
    viewer.load(seen(), graph.width);
    zoom(0);
  }
  showRows();
}

// The page is painted once before the graph is drawn.
requestAnimationFrame(() => setTimeout(start));
