// Words: numbers with their units, changes, names; and elements. Text only ever becomes text, never markup.

const byId = (id) => document.getElementById(id);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const grouped = (number) => Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, ',');

// With so many decimals, halves to even, as the rest of the page is rounded.
function fixed(number, decimals) {
  const scaled = number * 10 ** decimals;
  const floor = Math.floor(scaled);
  const isHalf = scaled - floor === 0.5;
  const rounded = isHalf ? floor + (floor % 2) : Math.round(scaled);
  return (rounded / 10 ** decimals).toFixed(decimals);
}

// A value of a metric: bytes and times in the unit that fits, counts in groups of three digits.
function format(value, metric) {
  const units = metric.units;
  if (!units.length) return grouped(value);
  const size = Math.abs(value);
  const unit = units.findLast(([, factor]) => size >= factor) || units[0];
  if (unit[1] === 1) return `${grouped(value)} ${unit[0]}`;
  return `${fixed(value / unit[1], units.length === 1 ? 2 : 1)} ${unit[0]}`;
}

const signed = (value, metric) => (value > 0 ? '+' : '') + format(value, metric);

// `12.1 MiB → 48.4 MiB, +36.3 MiB (4.0×)`.
function change(before, after, metric, isSingle) {
  if (isSingle) return format(after, metric);
  if (before === after) return `${format(after, metric)}, unchanged`;
  const relative = before === 0 ? 'new' : after === 0 ? 'gone' : factor(before, after);
  return `${format(before, metric)} → ${format(after, metric)}, ${signed(after - before, metric)} (${relative})`;
}

function factor(before, after) {
  const ratio = after / before;
  if (ratio < 0) return 'the sign changed';
  if (Math.abs(ratio - 1) < 0.05) return `${ratio > 1 ? '+' : ''}${fixed((ratio - 1) * 100, 1)} %`;
  if (ratio < 0.95) return `${fixed(ratio, 2)}×`;
  return ratio >= 100 ? `${grouped(Math.floor(ratio))}×` : `${fixed(ratio, 1)}×`;
}

const plural = (count, one, many) => `${grouped(count)} ${count === 1 ? one : many}`;

// A name without the directories of its import path.
function shortName(name) {
  if (name.split('[', 1)[0].includes('::')) return name;
  const head = name.search(/[([* <]/);
  const slash = name.lastIndexOf('/', head < 0 ? name.length : head);
  return name.slice(slash + 1).replaceAll('%2e', '.');
}
