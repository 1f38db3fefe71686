// Zoom, search and the switch of the width. Everything it shows it reads from the frames' attributes as text;
// nothing is evaluated, nothing is fetched. Without it the picture stands as it is.
(function () {
  'use strict';
  var SVG = 'http://www.w3.org/2000/svg', HTML = 'http://www.w3.org/1999/xhtml';
  var FRAME = 17, MARGIN = 10, COLUMN = 6.65, VISIBLE = 0.1, THIN = 3;
  var script = document.currentScript;
  var svg = (script && script.ownerSVGElement) || document.documentElement;
  var box = svg.querySelector('#frames');
  var top = Number(box.getAttribute('data-top'));
  var isDiff = svg.getAttribute('data-diff') === 'true';
  var isAlone = document.documentElement === svg;
  var width = svg.getAttribute('data-width');
  var picture = Number(svg.getAttribute('width'));
  var zoomed = 0, frames = [], deepest = 0, current = 0;

  var WIDTHS = {
    growth: {
      whole: 'all change', about: 'Width: how much changed below a frame, growth plus shrinkage.',
      of: function (f) { return f.grown + f.shrunk; }
    },
    after: { whole: 'the total after', about: 'Width: value after.', of: function (f) { return f.after; } },
    before: { whole: 'the total before', about: 'Width: value before.', of: function (f) { return f.before; } },
    max: {
      whole: 'the larger of before and after', about: 'Width: the larger of before and after, stack by stack.',
      of: function (f) { return f.before + f.grown; }
    }
  };

  function read() {
    var path = [];
    Array.prototype.forEach.call(box.children, function (g, index) {
      var data = g.getAttribute('data-f').split(' ').map(Number);
      var title = g.firstElementChild;
      path.length = data[0];
      path.push(index);
      frames.push({
        g: g, rect: title.nextElementSibling, text: g.lastElementChild, depth: data[0],
        parent: data[0] > 0 ? path[data[0] - 1] : -1,
        before: data[1], after: data[2], grown: data[3], shrunk: data[4],
        label: g.getAttribute('data-l'), change: g.getAttribute('data-c'), about: title.textContent.split('\n')
      });
      // The tooltip below replaces the browser's; assistive technology reads the same text.
      g.setAttribute('role', 'img');
      g.setAttribute('aria-label', title.textContent);
      g.setAttribute('tabindex', index === 0 ? '0' : '-1');
      g.removeChild(title);
    });
  }

  // Room of each frame in the units of the metric, and where it starts. Children come after their parents.
  function measure() {
    var value = WIDTHS[width].of, index, f, parent;
    for (index = 0; index < frames.length; index++) {
      f = frames[index];
      f.span = Math.max(0, value(f));
      f.inner = 0;
    }
    for (index = frames.length - 1; index >= 0; index--) {
      f = frames[index];
      f.span = Math.max(f.span, f.inner);
      if (f.parent >= 0) frames[f.parent].inner += f.span;
    }
    for (index = 0; index < frames.length; index++) {
      f = frames[index];
      parent = frames[f.parent];
      f.start = parent ? parent.next : 0;
      f.next = f.start;
      if (parent) parent.next += f.span;
    }
  }

  function isAbove(index, other) {
    for (var at = frames[other].parent; at >= 0; at = frames[at].parent) if (at === index) return true;
    return false;
  }

  function draw() {
    var room = picture - 2 * MARGIN, focus = frames[zoomed];
    var scale = focus.span > 0 ? room / focus.span : 0;
    deepest = 0;
    frames.forEach(function (f, index) {
      var above = index < zoomed && isAbove(index, zoomed);
      var whole = above || index === zoomed;
      var left = whole ? 0 : (f.start - focus.start) * scale, wide = whole ? room : f.span * scale;
      f.shown = whole || (index > zoomed && left >= -VISIBLE && left < room - VISIBLE / 2 && wide >= VISIBLE);
      f.g.setAttribute('class', (f.shown ? '' : 'hide') + (above ? 'up' : '') + (f.hit ? ' hit' : ''));
      if (!f.shown) return;
      deepest = Math.max(deepest, f.depth);
      f.rect.setAttribute('x', (MARGIN + left).toFixed(2));
      f.rect.setAttribute('width', wide.toFixed(2));
      f.rect.classList.toggle('thin', wide < THIN);
      f.text.setAttribute('x', (MARGIN + left + 3).toFixed(2));
      f.text.textContent = fit(f.label, f.change, wide);
    });
    var height = top + (deepest + 1) * FRAME + 2 * MARGIN;
    svg.setAttribute('width', picture);
    svg.setAttribute('height', height);
    svg.setAttribute('viewBox', '0 0 ' + picture + ' ' + height);
  }

  function columns(text) {
    var count = 0;
    for (var i = 0; i < text.length; i++) count += text.charCodeAt(i) > 0x10ff ? 2 : 1;
    return count;
  }

  function fit(label, change, wide) {
    var room = Math.floor(Math.max(0, wide - 6) / COLUMN);
    if (columns(label + ' ' + change) <= room) return label + ' ' + change;
    if (columns(label) <= room) return label;
    var bare = label.indexOf('::') >= 0 ? label : label.replace(/^[^.]*\.(?=.)/, '').replace(/^\([^)]*\)\.(?=.)/, '');
    if (columns(bare) <= room) return bare;
    if (room < 3) return '';
    var cut = bare;
    while (columns(cut) > room - 1) cut = cut.slice(0, -1);
    return cut + '\u2026';
  }

  function zoom(index) {
    zoomed = frames[index].span > 0 ? index : 0;
    reset.hidden = zoomed === 0;
    hideTip();
    draw();
    count();
  }

  function choose(name) {
    width = name;
    Object.keys(buttons).forEach(function (other) { buttons[other].setAttribute('aria-pressed', other === name); });
    svg.querySelector('#about').textContent = WIDTHS[name].about + rest;
    measure();
    zoom(frames[zoomed].span > 0 ? zoomed : 0);
  }

  // Search: plain text, or a pattern; capitals matter only where some are typed.
  function search() {
    var asked = field.value, test = null;
    if (asked) {
      var exact = asked !== asked.toLowerCase();
      if (pattern.checked) {
        try {
          var regex = new RegExp(asked, exact ? '' : 'i');
          test = function (text) { return regex.test(text); };
        } catch (error) {
          answer.value = 'not a valid pattern';
          return;
        }
      } else {
        test = function (text) { return (exact ? text : text.toLowerCase()).indexOf(asked) >= 0; };
      }
    }
    frames.forEach(function (f, index) { f.hit = !!test && index > 0 && (test(f.about[0]) || test(place(f))); });
    box.classList.toggle('search', !!test);
    draw();
    count();
  }

  function place(f) {
    return /:\d+$/.test(f.about[1] || '') ? f.about[1] : '';
  }

  // The share of the width that the matches take, those below another match counted once.
  function count() {
    if (!box.classList.contains('search')) {
      answer.value = '';
      return;
    }
    var hits = 0, covered = 0, skip = -1;
    frames.forEach(function (f, index) {
      if (f.hit) hits++;
      if (skip >= 0 && f.depth > frames[skip].depth) return;
      skip = f.hit ? index : -1;
      if (f.hit) covered += f.span;
    });
    var share = frames[0].span > 0 ? covered / frames[0].span * 100 : 0;
    var what = isDiff ? WIDTHS[width].whole : 'the total';
    answer.value = hits + (hits === 1 ? ' frame matches: ' : ' frames match: ') + share.toFixed(1) + ' % of ' + what;
  }

  // Tooltip.
  var tip = make(SVG, 'g', { id: 'tip' }), paper = make(SVG, 'rect', { rx: '3' });
  tip.appendChild(paper);

  function wrap(lines) {
    var room = Math.max(20, Math.min(110, Math.floor((picture - 4 * MARGIN) / COLUMN))), wrapped = [];
    lines.forEach(function (line) {
      for (var at = 0; at === 0 || at < line.length; at += room) wrapped.push(line.slice(at, at + room));
    });
    return wrapped.slice(0, 24);
  }

  function showTip(f, x, y) {
    hideTip();
    var lines = wrap(f.about), widest = 0, text = make(SVG, 'text', {});
    lines.forEach(function (line) { widest = Math.max(widest, columns(line)); });
    var wide = widest * COLUMN + 12, high = lines.length * 15 + 8;
    var left = Math.max(2, Math.min(x + 12, picture - wide - 2)), bottom = svg.viewBox.baseVal.height;
    var above = y + 18 + high > Math.max(bottom, visibleBottom()) ? Math.max(2, y - high - 8) : y + 18;
    lines.forEach(function (line, index) {
      var span = make(SVG, 'tspan', { x: left + 6, y: above + 15 + index * 15 });
      if (index === 0) span.setAttribute('font-weight', 'bold');
      span.textContent = line;
      text.appendChild(span);
    });
    set(paper, { x: left, y: above, width: wide, height: high });
    tip.appendChild(text);
    svg.appendChild(tip);
  }

  function visibleBottom() {
    return isAlone ? window.innerHeight + window.scrollY : 0;
  }

  function hideTip() {
    if (tip.parentNode) tip.parentNode.removeChild(tip);
    while (tip.childNodes.length > 1) tip.removeChild(tip.lastChild);
  }

  function frameOf(target) {
    var g = target.closest ? target.closest('#frames > g') : null;
    return g ? Array.prototype.indexOf.call(box.children, g) : -1;
  }

  // Keys: arrows walk the tree, Enter zooms, Escape goes back, / and Ctrl+F search.
  function neighbour(index, key) {
    var f = frames[index], at;
    if (key === 'ArrowUp') return f.parent;
    if (key === 'ArrowDown') {
      for (at = index + 1; at < frames.length && frames[at].depth > f.depth; at++) if (frames[at].shown) return at;
      return -1;
    }
    var step = key === 'ArrowRight' ? 1 : -1;
    for (at = index + step; at > 0 && at < frames.length && frames[at].depth >= f.depth; at += step) {
      if (frames[at].depth === f.depth && frames[at].shown) return at;
    }
    return -1;
  }

  function focus(index) {
    frames[current].g.setAttribute('tabindex', '-1');
    current = index;
    frames[index].g.setAttribute('tabindex', '0');
    frames[index].g.focus();
  }

  function onKey(event) {
    var typing = event.target === field;
    if (event.key === 'Escape') {
      field.value = '';
      search();
      zoom(0);
    } else if ((event.key === 'f' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing)) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (!typing && frameOf(event.target) >= 0) {
      var index = frameOf(event.target);
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        zoom(index);
      } else if (/^Arrow/.test(event.key)) {
        event.preventDefault();
        var next = neighbour(index, event.key);
        if (next >= 0) focus(next);
      }
    }
  }

  function make(space, name, attributes) {
    return set(document.createElementNS(space, name), attributes);
  }

  function set(element, attributes) {
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    return element;
  }

  // The tools.
  var tools = svg.querySelector('#tools'), bar = make(HTML, 'div', { id: 'bar' }), buttons = {};
  var holder = make(SVG, 'foreignObject', { x: MARGIN, y: tools.getAttribute('data-y'), height: 28 });

  function button(text, title, action) {
    var element = make(HTML, 'button', { type: 'button', title: title });
    element.textContent = text;
    element.addEventListener('click', action);
    bar.appendChild(element);
    return element;
  }

  function said(text) {
    var element = make(HTML, 'span', {});
    element.textContent = text;
    bar.appendChild(element);
    return element;
  }

  if (isDiff) {
    said('Width');
    Object.keys(WIDTHS).forEach(function (name) {
      buttons[name] = button(name, WIDTHS[name].about, function () { choose(name); });
    });
    said('').className = 'gap';
  }
  var field = make(HTML, 'input', { type: 'search', placeholder: 'search (Ctrl+F)', 'aria-label': 'search', size: 26 });
  bar.appendChild(field);
  var label = make(HTML, 'label', {}), pattern = make(HTML, 'input', { type: 'checkbox' });
  label.appendChild(pattern);
  label.appendChild(document.createTextNode(' regexp'));
  bar.appendChild(label);
  var reset = button('reset zoom', 'Back to all stacks (Escape)', function () { zoom(0); });
  var answer = make(HTML, 'output', {});
  bar.appendChild(answer);
  holder.appendChild(bar);
  tools.appendChild(holder);
  var about = svg.querySelector('#about').textContent;
  var rest = isDiff ? about.slice(WIDTHS[width].about.length) : '';

  field.addEventListener('input', search);
  pattern.addEventListener('change', search);
  document.addEventListener('keydown', onKey);
  box.addEventListener('click', function (event) {
    var index = frameOf(event.target);
    if (index >= 0) zoom(index);
  });
  box.addEventListener('mousemove', function (event) {
    var index = frameOf(event.target), matrix = svg.getScreenCTM();
    if (index >= 0 && matrix) {
      showTip(frames[index], (event.clientX - matrix.e) / matrix.a, (event.clientY - matrix.f) / matrix.d);
    }
  });
  box.addEventListener('mouseleave', hideTip);
  box.addEventListener('focusin', function (event) {
    var index = frameOf(event.target);
    if (index < 0 || !event.target.matches(':focus-visible')) return;
    var rect = frames[index].rect;
    showTip(frames[index], Number(rect.getAttribute('x')), Number(rect.getAttribute('y')));
  });

  function resize() {
    if (isAlone) picture = Math.max(900, document.documentElement.clientWidth || window.innerWidth);
    holder.setAttribute('width', picture - 2 * MARGIN);
    draw();
  }

  read();
  box.classList.add('live');
  measure();
  if (isDiff) choose(width);
  else zoom(0);
  resize();
  window.addEventListener('resize', resize);
})();
