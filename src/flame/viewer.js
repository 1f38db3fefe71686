// The viewer of a call tree: widths, zoom, search, keys, tooltips. One for the picture and for the page.
//
// In: a tree { count, parents, sums(node), label(node), texts(node) } in which parents come before their children and
// siblings stand in their order; and a surface { holder, visible(), draw(frames), element(node), tell(node, event),
// hush(), choose(node) }. Out: frames { node, depth, left, wide, isAbove, isHit }, left and wide as shares of the room.
// Knows no markup; nothing is evaluated, nothing is fetched.

const WIDTHS = {
  growth: {
    what: 'all change', about: 'Width: how much changed below a frame, growth plus shrinkage.',
    of: (sums) => sums.grown + sums.shrunk,
  },
  after: { what: 'the total after', about: 'Width: value after.', of: (sums) => sums.after },
  before: { what: 'the total before', about: 'Width: value before.', of: (sums) => sums.before },
  max: {
    what: 'the larger of before and after', about: 'Width: the larger of before and after, stack by stack.',
    of: (sums) => sums.before + sums.grown,
  },
};

function percent(part, whole) {
  const share = whole > 0 ? (part / whole) * 100 : 0;
  return share > 0 && share < 0.05 ? 'under 0.1 %' : `${share.toFixed(1)} %`;
}

// What a search asks for, as a test of a text; capitals matter only where some are typed. Throws for a bad pattern.
function searchFor(asked, isPattern) {
  if (!asked) return null;
  const isExact = asked !== asked.toLowerCase();
  if (isPattern) {
    const pattern = new RegExp(asked, isExact ? '' : 'i');
    return (text) => pattern.test(text);
  }
  return (text) => (isExact ? text : text.toLowerCase()).includes(asked);
}

// How many columns a text takes: wide characters take two.
const columnsOf = (text) => [...text].reduce((sum, character) => sum + (character.codePointAt(0) > 0x10ff ? 2 : 1), 0);

function clip(text, columns) {
  let used = 0;
  return [...text].filter((character) => (used += columnsOf(character)) <= columns).join('');
}

// A Go name without package and receiver: of `http.(*Transport).dialConn` the `dialConn`.
const bareName = (name) =>
  name.includes('::') ? name : name.replace(/^[^.]*\.(?=.)/, '').replace(/^\([^)]*\)\.(?=.)/, '');

// As much of a label as fits: name and change, the name, the bare name, its beginning, or nothing.
function fit([name, change], columns) {
  const bare = bareName(name);
  const whole = [`${name} ${change}`, name, bare].find((text) => columnsOf(text) <= columns);
  return whole ?? (columns < 3 ? '' : `${clip(bare, columns - 1)}…`);
}

function createViewer(surface) {
  const view = { zoomed: 0, current: 0, width: 'after', test: null, spans: [], shown: new Map() };
  let tree;
  let starts;
  let depths;
  let hits;

  // How wide each node is, never narrower than its children together, and where it starts.
  function measure() {
    const { count, parents } = tree;
    const [spans, inner, next] = [0, 0, 0].map(() => new Float64Array(count));
    starts = new Float64Array(count);
    depths = new Int32Array(count);
    for (let node = count - 1; node >= 0; node--) {
      spans[node] = Math.max(0, WIDTHS[view.width].of(tree.sums(node)), inner[node]);
      if (node > 0) inner[parents[node]] += spans[node];
    }
    for (let node = 1; node < count; node++) {
      const parent = parents[node];
      starts[node] = next[node] = next[parent];
      next[parent] += spans[node];
      depths[node] = depths[parent] + 1;
    }
    view.spans = spans;
    if (!(spans[view.zoomed] > 0)) view.zoomed = 0;
  }

  const isHit = (node) => hits[node] === 1;

  view.pathTo = (node) => {
    const path = [node];
    while (node > 0) path.unshift((node = tree.parents[node]));
    return path;
  };

  // Draws what can be seen: the way to the zoomed frame, and below it every frame that is wide enough.
  view.draw = () => {
    const { count, parents } = tree;
    const whole = view.spans[view.zoomed];
    const least = surface.visible();
    const inside = new Uint8Array(count);
    view.shown = new Map();
    const show = (node, left, wide, isAbove) =>
      view.shown.set(node, { node, depth: depths[node], left, wide, isAbove, isHit: isHit(node) });
    view.pathTo(view.zoomed).forEach((node) => show(node, 0, 1, node !== view.zoomed));
    inside[view.zoomed] = 1;
    for (let node = view.zoomed + 1; node < count; node++) {
      const wide = whole > 0 ? view.spans[node] / whole : 0;
      inside[node] = inside[parents[node]] && wide >= least ? 1 : 0;
      if (inside[node]) show(node, (starts[node] - starts[view.zoomed]) / whole, wide, false);
    }
    surface.draw([...view.shown.values()].sort((a, b) => a.depth - b.depth || a.left - b.left));
    if (!view.shown.has(view.current)) view.current = view.zoomed;
    const current = surface.element(view.current);
    if (current) current.tabIndex = 0;
  };

  // Another tree, metric or width: what was zoomed to stays so where it can.
  view.load = (newTree, width) => {
    if (newTree !== tree) hits = new Uint8Array(newTree.count);
    [tree, view.width] = [newTree, width];
    measure();
    view.search(view.test);
  };

  view.zoom = (node) => {
    view.zoomed = view.current = view.spans[node] > 0 ? node : 0;
    surface.hush();
    view.draw();
  };

  // Marks what matches; nothing where the test is null.
  view.search = (test) => {
    view.test = test;
    for (let node = 1; node < tree.count; node++) hits[node] = test && tree.texts(node).some(test) ? 1 : 0;
  };

  // How many frames match and the share of the picture they take, those below another match counted once.
  view.found = (isDiff) => {
    const covered = new Uint8Array(tree.count);
    let span = 0;
    for (let node = 1; node < tree.count; node++) {
      if (isHit(node) && !covered[tree.parents[node]]) span += view.spans[node];
      covered[node] = hits[node] || covered[tree.parents[node]];
    }
    const what = isDiff ? WIDTHS[view.width].what : 'the total';
    return { frames: hits.reduce((sum, hit) => sum + hit, 0), share: `${percent(span, view.spans[0])} of ${what}` };
  };

  // The frame that an arrow key leads to: the caller, the widest callee, or who stands beside it.
  function neighbour(node, key) {
    if (key === 'ArrowUp') return node > 0 ? tree.parents[node] : 0;
    const shown = [...view.shown.values()];
    if (key === 'ArrowDown') {
      const below = shown.filter((frame) => frame.node > 0 && tree.parents[frame.node] === node);
      return below.reduce((best, frame) => (best && best.wide >= frame.wide ? best : frame), null)?.node ?? node;
    }
    const level = shown.filter((frame) => frame.depth === depths[node]).sort((a, b) => a.left - b.left);
    const at = level.findIndex((frame) => frame.node === node);
    return level[at + (key === 'ArrowRight' ? 1 : -1)]?.node ?? node;
  }

  view.focus = (node) => {
    surface.element(view.current)?.setAttribute('tabindex', '-1');
    view.current = node;
    surface.element(node).tabIndex = 0;
    surface.element(node).focus();
  };

  const nodeOf = (event) => {
    const found = event.target.closest?.('[data-node]');
    return found ? Number(found.dataset.node) : -1;
  };
  const on = (kind, action) =>
    surface.holder.addEventListener(kind, (event) => nodeOf(event) >= 0 && action(nodeOf(event), event));

  on('click', (node, event) => {
    surface.choose(node);
    // A finger does not hover.
    if (event.pointerType === 'touch') surface.tell(node, event);
  });
  on('mousemove', surface.tell);
  on('focusin', (node, event) => event.target.matches(':focus-visible') && surface.tell(node, null));
  on('keydown', (node, event) => {
    if (event.key.startsWith('Arrow')) view.focus(neighbour(node, event.key));
    else if (event.key === 'Enter' || event.key === ' ') {
      surface.choose(node);
      view.focus(view.zoomed);
    } else return;
    event.preventDefault();
  });
  surface.holder.addEventListener('mouseleave', surface.hush);
  return view;
}
