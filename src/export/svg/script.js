// The picture as the surface of the viewer: frames are the elements of the file, their data its attributes.
// Without script the picture stands as it is.

const [SVG, HTML] = ['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xhtml'];
const [FRAME, MARGIN, COLUMN, LINE] = [17, 10, 6.65, 15];
const svg = document.currentScript?.ownerSVGElement ?? document.documentElement;
const box = svg.querySelector('#frames');
const isDiff = svg.dataset.diff === 'true';
const isAlone = document.documentElement === svg;
let picture = Number(svg.getAttribute('width'));
let top = Number(box.dataset.top);

function make(space, name, attributes, text = '') {
  const made = document.createElementNS(space, name);
  made.textContent = text;
  return set(made, attributes);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const frames = [];
const path = [];
for (const g of [...box.children]) {
  const [depth, before, after, grown, shrunk] = g.dataset.f.split(' ').map(Number);
  const title = g.firstElementChild;
  const about = title.textContent.split('\n');
  path[depth] = frames.length;
  // The tooltip below replaces the browser's; assistive technology reads the same text.
  set(g, { role: 'img', 'aria-label': title.textContent, tabindex: '-1', 'data-node': frames.length });
  title.remove();
  frames.push({
    g, about, parent: depth > 0 ? path[depth - 1] : 0, sums: { before, after, grown, shrunk },
    label: [g.dataset.l, g.dataset.c], rect: g.firstElementChild, text: g.lastElementChild,
    texts: [about[0], /:\d+$/.test(about[1]) ? about[1] : ''],
  });
}
const tree = {
  count: frames.length, parents: frames.map((frame) => frame.parent), sums: (node) => frames[node].sums,
  texts: (node) => frames[node].texts,
};

// Text in lines of so many columns, broken at spaces where there are any.
function wrap(text, room) {
  const lines = [''];
  for (let word of text.split(/(?<= )/)) {
    if (lines.at(-1) && columnsOf(lines.at(-1) + word.trimEnd()) > room) lines.push('');
    while (columnsOf(word.trimEnd()) > room) {
      const start = clip(word, room);
      lines.splice(-1, 1, start, '');
      word = word.slice(start.length);
    }
    lines.push(lines.pop() + word);
  }
  return lines.map((line) => line.trimEnd());
}

function lay(element, lines, x, y, step = LINE) {
  element.replaceChildren(...lines.map((line, at) => make(SVG, 'tspan', { x, y: y + at * step }, line)));
}

function draw(shown) {
  const room = picture - 2 * MARGIN;
  for (const { g } of frames) g.setAttribute('class', 'hide');
  for (const { node, left, wide, isAbove, isHit } of shown) {
    const { g, rect, text, label } = frames[node];
    const x = MARGIN + left * room;
    g.setAttribute('class', `${isAbove ? 'up' : ''}${isHit ? ' hit' : ''}`);
    set(rect, { x: x.toFixed(2), width: (wide * room).toFixed(2) });
    rect.classList.toggle('thin', wide * room < 3);
    text.setAttribute('x', (x + 3).toFixed(2));
    text.textContent = fit(label, Math.floor(Math.max(0, wide * room - 6) / COLUMN));
  }
  const height = top + (Math.max(...shown.map(({ depth }) => depth)) + 1) * FRAME + 2 * MARGIN;
  set(svg, { width: picture, height, viewBox: `0 0 ${picture} ${height}` });
}

// The tooltip: beside the pointer, and within what can be seen of the picture.
const tip = make(SVG, 'g', { id: 'tip' });

function tell(node, event) {
  const room = Math.min(110, Math.floor((picture - 2 * MARGIN) / COLUMN) - 3);
  const lines = frames[node].about.flatMap((line) => wrap(line, room)).slice(0, 24);
  const [wide, high] = [Math.max(...lines.map(columnsOf)) * COLUMN + 12, lines.length * LINE + 8];
  const matrix = svg.getScreenCTM();
  const at = event ?? frames[node].rect.getBoundingClientRect();
  const [x, y] = [((event ? at.clientX : at.x) - matrix.e) / matrix.a, ((event ? at.clientY : at.y) - matrix.f) / matrix.d];
  const [first, last] = [0, window.innerHeight].map((edge) => (edge - matrix.f) / matrix.d);
  const bottom = Math.min(svg.viewBox.baseVal.height, last) - 2;
  const below = y + 18 + high > bottom ? y - high - 8 : y + 18;
  const left = Math.max(2, Math.min(x + 12, picture - wide - 2));
  const upper = Math.max(2, first + 2, Math.min(below, bottom - high));
  const text = make(SVG, 'text', {});
  lay(text, lines, left + 6, upper + LINE);
  text.firstChild.setAttribute('font-weight', 'bold');
  tip.replaceChildren(make(SVG, 'rect', { rx: 3, x: left, y: upper, width: wide, height: high }), text);
  svg.append(tip);
}

const viewer = createViewer({
  holder: box, draw, tell, hush: () => tip.remove(), choose: (node) => zoom(node),
  visible: () => 0.1 / (picture - 2 * MARGIN), element: (node) => frames[node].g,
});

function zoom(node) {
  viewer.zoom(node);
  reset.hidden = viewer.zoomed === 0;
  rearrange();
}

// Tools that came or went may take another line.
function rearrange() {
  const before = top;
  arrange();
  if (top !== before) viewer.draw();
}

// The tools.
const bar = make(HTML, 'div', { id: 'bar' });
const holder = make(SVG, 'foreignObject', { x: MARGIN });
const about = svg.querySelector('#about');
const rest = isDiff ? about.textContent.slice(WIDTHS[svg.dataset.width].about.length) : '';
const buttons = {};

function add(name, attributes, text) {
  const made = make(HTML, name, attributes, text);
  bar.append(made);
  return made;
}

function button(text, title, action) {
  const made = add('button', { type: 'button', title }, text);
  made.addEventListener('click', action);
  return made;
}

if (isDiff) {
  add('span', {}, 'Width');
  for (const name of Object.keys(WIDTHS)) buttons[name] = button(name, WIDTHS[name].about, () => choose(name));
  add('span', { class: 'gap' });
}
const field = add('input', { type: 'search', placeholder: 'search (Ctrl+F)', 'aria-label': 'search', size: 26 });
const pattern = make(HTML, 'input', { type: 'checkbox' });
add('label', {}).append(pattern, ' regexp');
const reset = button('reset zoom', 'Back to all stacks (Escape)', () => zoom(0));
const answer = add('output', {});
holder.append(bar);

function choose(name) {
  for (const [other, made] of Object.entries(buttons)) made.setAttribute('aria-pressed', other === name);
  viewer.load(tree, name);
  if (isDiff) heads.find(({ element }) => element === about).text = WIDTHS[name].about + rest;
  arrange();
  zoom(viewer.zoomed);
  count();
}

function search() {
  let wrong = false;
  try {
    viewer.search(searchFor(field.value, pattern.checked));
  } catch {
    wrong = true;
  }
  box.classList.toggle('search', !!viewer.test);
  viewer.draw();
  count(wrong);
}

function count(wrong) {
  const { frames: hits, share } = viewer.found(isDiff);
  const matches = viewer.test ? `${hits} ${hits === 1 ? 'frame matches' : 'frames match'}: ${share}` : '';
  answer.value = wrong ? 'not a valid pattern' : matches;
  rearrange();
}

// What stands above the frames is broken into lines where the picture is narrow, and pushes down what follows.
const heads = [...svg.children].filter((element) => element.matches('text')).map((element) => ({
  element, text: element.textContent, x: MARGIN, y: Number(element.getAttribute('y')),
}));
const legend = svg.querySelector('#legend');
const tools = svg.querySelector('#tools');
const [legendEnd, keys] = [legend?.getBBox(), legend?.querySelector('.keys')];
tools.append(holder);

function arrange() {
  const room = picture - 2 * MARGIN;
  let shift = 0;
  for (const { element, text, x, y } of heads) {
    if (element === about && legend) shift += arrangeLegend(room, shift);
    const [column, step] = element.matches('.title') ? [9.7, 20] : [COLUMN, LINE];
    const lines = wrap(text, Math.floor(room / column));
    if (lines.length > 1) lay(element, lines, x, y + shift, step);
    else element.textContent = text;
    element.setAttribute('y', y + shift);
    shift += (lines.length - 1) * step;
  }
  set(holder, { y: Number(tools.dataset.y) + shift, width: room, height: 28 });
  const more = Math.max(0, bar.offsetHeight - 28);
  holder.setAttribute('height', 28 + more);
  top = Number(box.dataset.top) + shift + more;
  box.setAttribute('transform', `translate(0 ${shift + more})`);
}

// Where the legend is too wide, its keys stand below its scale. Says how much higher it is then.
function arrangeLegend(room, shift) {
  const { x, y, width, height } = legendEnd;
  const [scale, right] = [Number(keys.dataset.x) - x, width - Number(keys.dataset.x) + x];
  const isNarrow = width > room;
  const factor = isNarrow ? Math.min(1, room / Math.max(scale, right)) : 1;
  keys.setAttribute('transform', isNarrow ? `translate(${-scale} ${height + 6})` : '');
  legend.setAttribute('transform', `translate(${x * (1 - factor)} ${y * (1 - factor) + shift}) scale(${factor})`);
  return isNarrow ? (2 * height + 6) * factor - height : 0;
}

function resize() {
  if (isAlone) picture = Math.max(280, document.documentElement.clientWidth || window.innerWidth);
  viewer.load(tree, viewer.width);
  arrange();
  viewer.draw();
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    field.value = '';
    search();
    zoom(0);
  } else if ((event.key === 'f' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && event.target !== field)) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
field.addEventListener('input', search);
pattern.addEventListener('change', search);
window.addEventListener('resize', resize);
box.classList.add('live');
viewer.load(tree, svg.dataset.width);
resize();
choose(svg.dataset.width);
