// Where the neurons, weights and biases of a network stand in its drawing, and how they are called.

export const SUB = "₀₁₂₃₄₅₆₇₈₉";
const below = (k) => String(k).replace(/\d/g, (d) => SUB[d]);

// Names of neurons: x₁ x₂, then layers of h, then ŷ.
export function unitName(sizes, layer, unit) {
  if (layer < 0) return `x${below(unit + 1)}`;
  if (layer === sizes.length - 2) return "ŷ";
  return `h${below(unit + 1)}`;
}

export function unitWords(sizes, layer, unit) {
  if (layer < 0) return `input x${unit + 1}`;
  if (layer === sizes.length - 2) return "the output";
  return `neuron ${unit + 1} of layer ${layer + 1}`;
}

// Offset of the weight (layer, unit, input) in the flat list; input = fan-in means the bias.
export function placeOf(sizes, layer, unit, input) {
  let at = 0;
  for (let l = 0; l < layer; l++) at += sizes[l + 1] * (sizes[l] + 1);
  const fan = sizes[layer];
  return input < fan ? at + unit * fan + input : at + sizes[layer + 1] * fan + unit;
}

export const sameParameter = (a, b) => Boolean(a && b) && a.layer === b.layer &&
  a.unit === b.unit && a.input === b.input;

const HEAD = 56; // room for the names of the layers and their buttons

// Neurons as squares of side `side` around (x, y); columns from the inputs to the output.
export function layout(sizes, w, h) {
  const most = Math.max(...sizes);
  const gap = Math.min(92, (h - HEAD - 16) / most);
  const [left, right] = [Math.min(46, 0.11 * w), Math.min(46, 0.11 * w)];
  const across = (w - left - right) / (sizes.length - 1);
  const side = Math.round(Math.max(18, Math.min(56, 0.73 * gap, 0.52 * across)));
  const middle = HEAD + (h - HEAD) / 2 - 2;
  const columns = sizes.map((count, c) => {
    const wide = Math.min(gap * Math.max(1, Math.min(1.35, most / count / 1.6)), 110);
    const its = c ? wide : Math.max(wide, side + 28); // the inputs carry their names
    return Array.from({ length: count }, (_, u) => ({ layer: c - 1, unit: u,
      x: left + c * across, y: middle + (u - (count - 1) / 2) * its }));
  });
  return { columns, side, across, head: HEAD };
}

// Every weight as a curve, every bias as a disc at its neuron's corner.
export function parts({ columns, side }) {
  const weights = [];
  const biases = [];
  columns.slice(1).forEach((column, layer) => column.forEach((to) => {
    columns[layer].forEach((from) => weights.push({ layer, unit: to.unit, input: from.unit,
      x0: from.x + side / 2, y0: from.y, x1: to.x - side / 2, y1: to.y }));
    biases.push({ layer, unit: to.unit, input: columns[layer].length, x: to.x - side / 2,
      y: to.y + side / 2 });
  }));
  return { weights, biases };
}

// A point of a weight's curve, t from 0 to 1.
export function along({ x0, y0, x1, y1 }, t) {
  const mid = (x0 + x1) / 2;
  const s = 1 - t;
  return [s * s * s * x0 + 3 * s * s * t * mid + 3 * s * t * t * mid + t * t * t * x1,
    s * s * s * y0 + 3 * s * s * t * y0 + 3 * s * t * t * y1 + t * t * t * y1];
}

// The bias or the weight under a pointer, or null.
export function under({ weights, biases }, x, y) {
  const disc = biases.find((b) => Math.hypot(b.x - x, b.y - y) < 13);
  if (disc) return disc;
  let [best, near] = [null, 8];
  for (const each of weights) {
    if (x < each.x0 - 4 || x > each.x1 + 4) continue;
    for (let k = 1; k < 24; k++) {
      const [ax, ay] = along(each, k / 24);
      const far = Math.hypot(ax - x, ay - y);
      if (far < near) [best, near] = [each, far];
    }
  }
  return best;
}
