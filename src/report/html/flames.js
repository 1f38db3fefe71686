// The page as the surface of the viewer: frames are boxes whose left and width are percentages.

const flames = byId('flames');
const graph = { order: 0, metric: 0, width: DATA.single ? 'after' : 'growth', row: -1, places: [] };
const ROW = 18;
const COLUMN = 7;
let boxes = new Map();

const tree = () => TREES[graph.order];
const metric = () => DATA.metrics[graph.metric];

const viewer = createViewer({
  holder: flames ?? element('div'), draw, choose: clickFrame, tell: showTip, hush: () => showTip(viewer.zoomed),
  visible: () => 0.0008, element: (node) => boxes.get(node),
});

// The tree of an order in a metric, as the viewer takes it.
const seen = () => ({
  ...tree(), sums: (node) => sumsOf(tree(), graph.metric, node),
  texts: (node) => [nameOf(tree().frame[node]), textOf('file', tree().frame[node])],
});

function draw(frames) {
  const largest = largestChange(tree(), graph.metric);
  flames.replaceChildren();
  boxes = new Map();
  if (!(viewer.spans[0] > 0)) return drawNothing();
  const floor = element('div', 'floor');
  floor.style.height = `${(frames.at(-1).depth + 1) * ROW}px`;
  flames.append(...frames.map((frame) => box(frame, largest)), floor);
}

function drawNothing() {
  const name = metric().name;
  const text = graph.width === 'growth'
    ? `Nothing changed in ${name}. Choose another width to see what there is.`
    : `There is nothing in ${name} to draw.`;
  flames.append(element('p', '', text));
}

function box({ node, depth, left, wide, isAbove, isHit }, largest) {
  const sums = sumsOf(tree(), graph.metric, node);
  const room = wide * flames.clientWidth;
  const text = room < 16 ? '' : fit(label(node, sums), Math.floor((room - 8) / COLUMN));
  const made = element('div', `frame ${hueOf(sums, largest)}`, text);
  Object.assign(made.style, { left: `${left * 100}%`, width: `${wide * 100}%`, top: `${depth * ROW}px` });
  made.tabIndex = -1;
  made.setAttribute('role', 'treeitem');
  made.setAttribute('aria-level', depth + 1);
  made.setAttribute('aria-label', about(node).join(', '));
  const isRow = node > 0 && graph.row >= 0 && DATA.frames.row[tree().frame[node]] === graph.row;
  for (const [name, is] of [['above', isAbove], ['thin', room < 12], ['match', isHit], ['row', isRow]]) {
    made.classList.toggle(name, is);
  }
  made.dataset.node = node;
  boxes.set(node, made);
  return made;
}

// The name of a frame and its change.
function label(node, sums) {
  const name = node === 0 ? 'all' : shortName(nameOf(tree().frame[node]));
  const change = sums.delta === 0 ? 'unchanged' : signed(sums.delta, metric());
  return [name, DATA.single ? format(sums.after, metric()) : change];
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

// Zooms to a node and shows its stack below the graph; that of a row stands in the table.
function zoom(node) {
  viewer.zoom(node);
  byId('reset').disabled = viewer.zoomed === 0;
  drawLegend();
  const { frame, line } = tree();
  const path = viewer.pathTo(viewer.zoomed).slice(1).map((at) => [frame[at], line[at]]);
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
    graph.places = nodesOfRow(graph.order, row, viewer.spans);
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

function clickFrame(node) {
  graph.row = -1;
  byId('zoomed').hidden = true;
  byId('next').hidden = true;
  zoom(node);
}

// Another tree, metric or width: what was zoomed to stays so where it can.
function choose(key, value) {
  graph[key] = value;
  if (key === 'order') viewer.zoomed = 0;
  viewer.load(seen(), graph.width);
  if (graph.row >= 0) zoomToRow(graph.row, false);
  else zoom(viewer.zoomed);
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
