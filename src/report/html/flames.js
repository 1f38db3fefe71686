// The picture of the graph: frames as boxes that are clicked, focused, searched and zoomed.

const flames = byId('flames');
const graph = { order: 0, metric: 0, width: DATA.single ? 'after' : 'growth', zoom: 0, current: 0, row: -1, places: [] };
const ROW = 18;
const VISIBLE = 0.0008;
let spans = new Float64Array(1);
let boxes = new Map();
let hit = () => false;

const tree = () => TREES[graph.order];
const metric = () => DATA.metrics[graph.metric];

function measure() {
  spans = spansOf(tree(), graph.metric, graph.width);
  if (!(spans[graph.zoom] > 0)) graph.zoom = 0;
}

// Draws what can be seen: the way to the zoomed frame, and below it every frame that is wide enough.
function draw() {
  const { first, end, depth } = tree();
  const largest = largestChange(tree(), graph.metric);
  const scale = spans[graph.zoom];
  flames.replaceChildren();
  boxes = new Map();
  if (!(scale > 0)) return drawNothing();
  const drawn = document.createDocumentFragment();
  const add = (node, left, wide, isAbove) => drawn.append(box(node, left, wide, isAbove, largest));
  for (const node of pathTo(tree(), graph.zoom).slice(0, -1)) add(node, 0, 1, true);
  const rest = [[graph.zoom, 0]];
  let deepest = 0;
  while (rest.length) {
    const [node, left] = rest.pop();
    add(node, left, spans[node] / scale, false);
    deepest = Math.max(deepest, depth[node]);
    const children = [];
    for (let child = first[node], at = left; child < end[node]; at += spans[child++] / scale) {
      if (spans[child] / scale >= VISIBLE) children.push([child, at]);
    }
    rest.push(...children.reverse());
  }
  const floor = element('div', 'floor');
  floor.style.height = `${(deepest + 1) * ROW}px`;
  drawn.append(floor);
  flames.append(drawn);
  if (!boxes.has(graph.current)) graph.current = graph.zoom;
  boxes.get(graph.current).tabIndex = 0;
}

function drawNothing() {
  const name = metric().name;
  const text = graph.width === 'growth'
    ? `Nothing changed in ${name}. Choose another width to see what there is.`
    : `There is nothing in ${name} to draw.`;
  flames.append(element('p', '', text));
}

function box(node, left, wide, isAbove, largest) {
  const { depth, frame } = tree();
  const sums = sumsOf(tree(), graph.metric, node);
  const made = element('div', `frame ${hueOf(sums, largest)}`, label(node, sums, wide));
  made.style.left = `${left * 100}%`;
  made.style.width = `${wide * 100}%`;
  made.style.top = `${depth[node] * ROW}px`;
  made.tabIndex = -1;
  made.setAttribute('role', 'treeitem');
  made.setAttribute('aria-level', depth[node] + 1);
  made.setAttribute('aria-label', about(node).join(', '));
  made.classList.toggle('above', isAbove);
  made.classList.toggle('thin', wide * flames.clientWidth < 12);
  made.classList.toggle('match', node > 0 && hit(frame[node]));
  made.classList.toggle('row', node > 0 && graph.row >= 0 && DATA.frames.row[frame[node]] === graph.row);
  made.dataset.node = node;
  boxes.set(node, made);
  return made;
}

// The name, and the change beside it where there is room for both.
function label(node, sums, wide) {
  const room = wide * flames.clientWidth;
  if (room < 16) return '';
  const name = node === 0 ? 'all' : shortName(nameOf(tree().frame[node]));
  const value = DATA.single ? format(sums.after, metric()) : sums.delta === 0 ? 'unchanged' : signed(sums.delta, metric());
  const fits = (text) => text.length * 7 + 8 < room;
  return [`${name} ${value}`, name].find(fits) ?? bareName(name);
}

// What is to be said of a node: name, place, change, objects, share, stacks.
function about(node) {
  const { frame, line, stacks } = tree();
  const sums = sumsOf(tree(), graph.metric, node);
  const whole = sumsOf(tree(), graph.metric, 0);
  const lines = [nameOf(frame[node])];
  const place = placeOf(frame[node], line[node]);
  if (place) lines.push(place);
  lines.push(change(sums.before, sums.after, metric(), DATA.single));
  const objects = metric().objects;
  if (objects !== null) {
    const counts = sumsOf(tree(), objects, node);
    lines.push(`objects ${change(counts.before, counts.after, DATA.metrics[objects], DATA.single)}`);
  }
  if (node === 0) return [...lines, plural(stacks[0], 'stack', 'stacks')];
  if (DATA.single) lines.push(`${percent(sums.after, whole.after)} of the total`);
  else if (sums.delta > 0) lines.push(`${percent(sums.delta, whole.grown)} of all growth`);
  else if (sums.delta < 0) lines.push(`${percent(-sums.delta, whole.shrunk)} of all shrinkage`);
  lines.push(plural(stacks[node], 'stack', 'stacks'));
  return lines;
}

function showTip(node) {
  const [name, ...rest] = about(node);
  byId('tip').replaceChildren(element('b', '', name), ` ${rest.join('  ·  ')}`);
}

function redraw() {
  measure();
  draw();
  showTip(graph.zoom);
  byId('reset').disabled = graph.zoom === 0;
  drawLegend();
}

// Zooms to a node and shows its stack below the graph; that of a row stands in the table.
function zoom(node) {
  graph.zoom = node;
  graph.current = node;
  redraw();
  const { frame, line } = tree();
  const path = pathTo(tree(), graph.zoom).slice(1).map((at) => [frame[at], line[at]]);
  if (graph.order === 0) path.reverse();
  const isNews = path.length > 1 && graph.row < 0;
  byId('path').replaceChildren(...(isNews ? [stackList('Stack of the zoomed frame, innermost first', path, 0)] : []));
}

function stackList(title, frames, more) {
  const holder = document.createDocumentFragment();
  holder.append(element('h3', '', title));
  const list = element('ol');
  for (const [frame, line] of frames) {
    const item = element('li', DATA.frames.origin[frame] === 0 ? 'own' : 'foreign');
    item.append(element('b', '', nameOf(frame)), ' ', element('span', 'place', placeOf(frame, line)));
    list.append(item);
  }
  if (more) list.append(element('li', 'foreign', `… and ${plural(more, 'more frame', 'more frames')}`));
  holder.append(list);
  return holder;
}

// Zooms to a row of the table: first where its heaviest stack runs, then wherever else it stands.
function zoomToRow(row, isNext) {
  if (!isNext || graph.row !== row) {
    graph.row = row;
    graph.places = nodesOfRow(graph.order, row, spans);
    graph.at = 0;
  } else {
    graph.at = (graph.at + 1) % graph.places.length;
  }
  const places = graph.places.length;
  zoom(places ? graph.places[graph.at] : 0);
  const name = byId('rows').querySelector(`tr[data-row="${row}"] button`).textContent;
  const where = !places ? 'is too small for a frame in this view' : places > 1 ? `call path ${graph.at + 1} of ${places}` : '';
  byId('zoomed').textContent = [name, where].filter(Boolean).join(': ');
  byId('zoomed').hidden = false;
  byId('next').hidden = places < 2;
}

function resetZoom() {
  graph.row = -1;
  byId('zoomed').hidden = true;
  byId('next').hidden = true;
  zoom(0);
}

// Another tree, metric or width: what was zoomed to stays so where it can.
function choose(key, value) {
  graph[key] = value;
  if (key === 'order') graph.zoom = 0;
  measure();
  if (graph.row >= 0) zoomToRow(graph.row, false);
  else zoom(graph.zoom);
}

// The frame that an arrow key leads to.
function neighbour(node, key) {
  const { first, end, depth, parents } = tree();
  if (key === 'ArrowUp') return parents[node];
  if (key === 'ArrowDown') {
    let best = -1;
    for (let child = first[node]; child < end[node]; child++) {
      if (boxes.has(child) && (best < 0 || spans[child] > spans[best])) best = child;
    }
    return best < 0 ? node : best;
  }
  const level = [...boxes.keys()].filter((other) => depth[other] === depth[node]);
  const at = level.indexOf(node) + (key === 'ArrowRight' ? 1 : -1);
  return level[at] ?? node;
}

function focusFrame(node) {
  boxes.get(graph.current)?.setAttribute('tabindex', '-1');
  graph.current = node;
  const made = boxes.get(node);
  made.tabIndex = 0;
  made.focus({ preventScroll: false });
}

function onFlameKey(event) {
  const node = Number(event.target.dataset.node);
  if (Number.isNaN(node)) return;
  if (event.key.startsWith('Arrow')) {
    focusFrame(neighbour(node, event.key));
  } else if (event.key === 'Enter' || event.key === ' ') {
    clickFrame(node);
    focusFrame(graph.zoom);
  } else {
    return;
  }
  event.preventDefault();
}

function clickFrame(node) {
  graph.row = -1;
  byId('zoomed').hidden = true;
  byId('next').hidden = true;
  zoom(node);
}

// The scale of the colours, with the change that the darkest stands for.
function drawLegend() {
  const legend = byId('legend');
  const largest = largestChange(tree(), graph.metric);
  if (DATA.single || !largest) return legend.replaceChildren();
  const scale = (hue) => Array.from({ length: LEVELS }, (_, at) => element('i', `${hue}${at + 1}`));
  const item = (...parts) => {
    const made = element('li', parts.length > 2 ? 'scale' : '');
    made.append(...parts);
    return made;
  };
  legend.replaceChildren(
    item(...scale('s').reverse(), 'shrank'),
    item(element('i', 'none'), 'unchanged'),
    item(...scale('g'), `grew, up to ${format(largest, metric())}`),
    item(element('i', 'g5 fresh'), 'new'),
    item(element('i', 's5 lost'), 'gone'),
  );
}
