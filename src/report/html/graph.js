// The data of the page: call trees from columns, sums, colours, where rows stand. Knows no elements.

const DATA = JSON.parse(byId('data').textContent) || { metrics: [], texts: [], trees: [], rows: [], frames: {} };
const LEVELS = 8;

const textOf = (column, frame) => DATA.texts[DATA.frames[column][frame]];
const nameOf = (frame) => (frame < 0 ? 'all stacks' : textOf('name', frame));

function placeOf(frame, line) {
  const file = frame < 0 ? '' : textOf('file', frame);
  return file && line > 0 ? `${file}:${line}` : file;
}

// Parents come before children, and the children of a node lie side by side.
function readTree(columns) {
  const count = columns.frame.length;
  const tree = { ...columns, count, parents: new Int32Array(count) };
  tree.first = new Int32Array(count);
  tree.end = new Int32Array(count);
  for (let node = 1, parent = 0; node < count; node++) {
    parent += columns.parent[node];
    tree.parents[node] = parent;
    if (!tree.end[parent]) tree.first[parent] = node;
    tree.end[parent] = node + 1;
  }
  return tree;
}

const TREES = DATA.trees.map(readTree);

// The sums of a node in a metric.
function sumsOf(tree, metric, node) {
  const before = tree.before[metric][node];
  const after = tree.after[metric][node];
  const grown = tree.grown[metric][node] + Math.max(0, after - before);
  return { before, after, delta: after - before, grown, shrunk: grown - (after - before) };
}

// The largest change of any frame: the end of the scale of colours. The root is no frame.
function largestChange(tree, metric) {
  let largest = 0;
  for (let node = 1; node < tree.count; node++) {
    largest = Math.max(largest, Math.abs(tree.after[metric][node] - tree.before[metric][node]));
  }
  return largest;
}

// Hue by sign and shade by the square root of the size, so that one leak does not bleach the others.
function hueOf(sums, largest) {
  if (DATA.single || sums.delta === 0) return '';
  const level = Math.min(LEVELS, Math.max(1, Math.ceil(Math.sqrt(Math.abs(sums.delta) / Math.max(1, largest)) * LEVELS)));
  const pattern = sums.before === 0 ? ' fresh' : sums.after === 0 ? ' lost' : '';
  return `${sums.delta > 0 ? 'g' : 's'}${level}${pattern}`;
}

// The nodes a row stands at: first the one on its heaviest stack, then the others, widest first.
function nodesOfRow(order, row, spans) {
  const tree = TREES[order];
  const found = [];
  const onStack = nodeOnStack(order, row);
  for (let node = 1; node < tree.count; node++) {
    const isRow = DATA.frames.row[tree.frame[node]] === row && DATA.frames.row[tree.frame[tree.parents[node]]] !== row;
    if (isRow && node !== onStack && spans[node] > 0) found.push(node);
  }
  found.sort((a, b) => spans[b] - spans[a] || a - b);
  if (onStack > 0 && spans[onStack] > 0) found.unshift(onStack);
  return found;
}

// Follows the heaviest stack of a row as far as the tree has it, to the row's own frame where it has one.
function nodeOnStack(order, row) {
  const tree = TREES[order];
  const pairs = DATA.rows[row].stack;
  if (DATA.rows[row].more && order === 0) return 0;
  const frames = pairs.filter((_, at) => at % 2 === 0);
  if (order === 0) frames.reverse();
  let node = 0;
  let own = 0;
  for (const frame of frames) {
    let child = tree.first[node];
    while (child < tree.end[node] && nameOf(tree.frame[child]) !== nameOf(frame)) child++;
    if (child >= tree.end[node]) break;
    node = child;
    if (DATA.frames.row[tree.frame[node]] === row && (order === 0 || own === 0)) own = node;
  }
  return own || node;
}
