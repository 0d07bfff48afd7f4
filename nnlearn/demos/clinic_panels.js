// What each ordered test shows: one painter a test, all numbers from Python.
import { heatmap, label, mark, num, palette, ramp, ten } from "./draw.js";
import { NARROW, big, line, soft, tones } from "./clinic_curves.js";

const HEIGHTS = { gradients: 0.5, units: 0.46, classes: 0.8, order: 0.62, look: 0.52,
  count: 0.46, twice: 0.8 };

export const panelHeight = (key, w, lost) => lost ? 0.12 : HEIGHTS[key] *
  (w < NARROW ? { look: 1.9, classes: 1.1, twice: 1.1 }[key] ?? 1.5 : 1);

const LAYERS = ["circle", "square", "triangle"];
const tint = (theme, k) => (theme.dark ? ["#6db9ee", "#5fd3ac", "#ff9d5c"]
  : ["#0072B2", "#009E73", "#D55E00"])[k];

function frame(pen, box, theme) {
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(box.left, box.top);
  pen.lineTo(box.left, box.bottom);
  pen.lineTo(box.right, box.bottom);
  pen.stroke();
}

function bars(pen, box, heights, edges, { theme, colour, top }) {
  const [low, high] = [edges[0], edges.at(-1)];
  const x = (value) => box.left + ((value - low) / (high - low || 1)) * (box.right - box.left);
  heights.forEach((value, i) => {
    const tall = (value / top) * (box.bottom - box.top);
    pen.fillStyle = colour(i);
    pen.fillRect(x(edges[i]) + 0.5, box.bottom - tall, Math.max(1, x(edges[i + 1]) - x(edges[i]) - 1),
      tall);
  });
  frame(pen, box, theme);
  for (const value of [low, high])
    label(pen, num(Number(value.toPrecision(2))), x(value), box.bottom + 14, { colour: theme.muted,
      align: value === low ? "left" : "right" });
}

const painters = {
  gradients(pen, w, h, { theme, v, arrays: { sizes, norm } }) {
    const steps = sizes.length / 3;
    const seen = [...sizes, ...norm].filter((g) => Number.isFinite(g) && g > 0);
    const low = Math.max(-8, Math.floor(Math.log10(Math.min(...seen))));
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...seen))));
    const box = { left: 52, right: w - 74, top: 12, bottom: h - 34 };
    const x = (n) => (i) => box.left + (i / (n - 1)) * (box.right - box.left);
    const y = (g) => box.bottom - ((Math.log10(Math.max(10 ** low, g)) - low) / (high - low)) *
      (box.bottom - box.top);
    for (let k = low; k <= high; k += Math.ceil((high - low) / 5)) {
      pen.strokeStyle = soft(theme);
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(box.left, y(10 ** k));
      pen.lineTo(box.right, y(10 ** k));
      pen.stroke();
      label(pen, ten(k), box.left - 6, y(10 ** k), { colour: theme.muted, align: "right" });
    }
    frame(pen, box, theme);
    line(pen, norm, x(norm.length), y, theme.muted, 1.6, [4, 4]);
    const ends = [0, 1, 2].map((k) => {
      const its = sizes.filter((_, i) => i % 3 === k);
      line(pen, its, x(steps), y, tint(theme, k), 1.6);
      let last = steps - 1;
      while (last > 0 && !Number.isFinite(its[last])) last--;
      return { k, x: x(steps)(last), y: y(its[last]), text: `layer ${k + 1}` };
    });
    ends.forEach((end) => mark(pen, LAYERS[end.k], end.x, end.y, 5, tint(theme, end.k), theme.paper));
    names(pen, [...ends, { y: y(norm.at(-1)), text: "healthy" }], box.right + 10, h, theme);
    label(pen, `update 1 to ${v.updates} →`, (box.left + box.right) / 2, h - 12,
      { colour: theme.ink });
  },

  units(pen, w, h, { theme, arrays: { counts, edges } }) {
    const bins = counts.length / 2;
    [0, 1].forEach((k) => {
      const box = { left: 12 + (k * w) / 2, right: ((k + 1) * w) / 2 - 12, top: 34, bottom: h - 26 };
      const its = counts.slice(k * bins, (k + 1) * bins);
      const limits = edges.slice(k * (bins + 1), (k + 1) * (bins + 1));
      const most = Math.round(100 * Math.max(...its));
      label(pen, w < NARROW ? `layer ${k + 1}` : `layer ${k + 1}: ${most}% in the highest bar`,
        box.left, 14, { colour: theme.ink, align: "left" });
      bars(pen, box, its, limits, { theme, colour: () => tones(theme).plain, top: Math.max(...its) });
    });
  },

  classes(pen, w, h, { theme, arrays: { table } }) {
    const side = Math.min(w - 60, h - 46);
    const [left, top] = [Math.max(50, (w - side) / 2), 8];
    const size = side / 10;
    const colour = ramp(palette.sequential);
    const sums = Array.from({ length: 10 }, (_, r) => table.slice(10 * r, 10 * r + 10)
      .reduce((a, b) => a + b, 0));
    const shares = Float32Array.from(table, (n, i) => n / (sums[Math.floor(i / 10)] || 1));
    heatmap(pen, shares, 10, 10, { low: 0, high: 1, colours: palette.sequential, x: left, y: top,
      w: side, h: side });
    table.forEach((n, i) => {
      const [r, c] = [Math.floor(i / 10), i % 10];
      const [red, green, blue] = colour(shares[i]);
      const bright = 0.3 * red + 0.59 * green + 0.11 * blue > 130;
      if (n && size > 20) label(pen, String(n), left + (c + 0.5) * size, top + (r + 0.5) * size,
        { colour: bright ? "#111" : "#fff" });
    });
    for (let d = 0; d < 10; d++) {
      label(pen, String(d), left - 10, top + (d + 0.5) * size, { colour: theme.ink });
      label(pen, String(d), left + (d + 0.5) * size, top + side + 12, { colour: theme.ink });
    }
    label(pen, "truth ↓", left - 22, top + side + 12, { colour: theme.ink, align: "center" });
    label(pen, "answer →", left + side / 2, top + side + 30, { colour: theme.ink });
  },

  order(pen, w, h, { theme, arrays: { losses, kinds } }) {
    const n = losses.length;
    const finite = losses.filter(Number.isFinite);
    const most = finite.length ? Math.max(...finite, 1e-9) : 1;
    const highest = finite.length ? big(Number(most.toPrecision(2))) : "NaN";
    const box = { left: Math.max(44, 9 * highest.length), right: w - 10, top: 14, bottom: 0.42 * h };
    const width = (box.right - box.left) / n;
    losses.forEach((loss, i) => {
      const tall = Number.isFinite(loss) ? (loss / most) * (box.bottom - box.top) : 0;
      pen.fillStyle = tones(theme).plain;
      pen.fillRect(box.left + i * width, box.bottom - tall, Math.max(1, width - 1), tall);
    });
    frame(pen, box, theme);
    label(pen, highest, box.left - 4, box.top + 2, { colour: theme.muted, align: "right" });
    label(pen, "loss", box.left - 6, box.bottom - 8, { colour: theme.ink, align: "right" });
    const high = (h - 36 - box.bottom - 14) / 10;
    const top = box.bottom + 14;
    const grid = new Float32Array(10 * n);
    kinds.forEach((count, i) => { grid[(i % 10) * n + Math.floor(i / 10)] = count; });
    heatmap(pen, grid, 10, n, { low: 0, high: 16, colours: palette.sequential, x: box.left, y: top,
      w: box.right - box.left, h: 10 * high });
    for (let d = 0; d < 10; d += high < 14 ? 3 : 1)
      label(pen, String(d), box.left - 8, top + (d + 0.5) * high, { colour: theme.ink, align: "right" });
    label(pen, "batch after batch →", (box.left + box.right) / 2, h - 12,
      { colour: theme.ink });
  },

  look(pen, w, h, { theme, v, arrays: { pictures } }) {
    const columns = w < NARROW ? v.shown / 2 : v.shown;
    const size = (w - 8) / columns;
    const small = Math.min(size - 4, h / 3 - 24);
    v.labels.forEach((digit, i) => {
      const [row, column] = [Math.floor(i / v.shown), i % v.shown];
      if (column >= columns) return;
      const [x, y] = [6 + column * size, 3 + row * (h / 3)];
      heatmap(pen, pictures.slice(64 * i, 64 * i + 64), 8, 8, { x, y, w: small, h: small,
        ...(row ? { low: -1, high: 1, colours: theme.diverging }
          : { low: 0, high: 1, colours: ["#ffffff", "#000000"] }) });
      if (row !== 1) label(pen, `“${digit}”`, x + small / 2, y + small + 11,
        { colour: theme.ink, bold: true });
    });
  },

  count(pen, w, h, { theme, v, arrays: { near, edges } }) {
    const box = { left: 16, right: w - 16, top: 28, bottom: h - 44 };
    const top = Math.max(...near);
    bars(pen, box, near, edges, { theme, top,
      colour: (i) => i === 0 && v.twins ? tones(theme).loud : tones(theme).plain });
    label(pen, v.twins ? `${v.twins} at distance 0: twins` : "no twins at distance 0", box.left + 4, 12,
      { colour: theme.ink, align: "left", bold: true });
    label(pen, "distance to the nearest training digit →", w / 2, h - 12, { colour: theme.ink });
  },

  twice(pen, w, h, { theme, arrays: { p } }) {
    const side = Math.min(w - 70, h - 50);
    const [left, top] = [(w - side) / 2, 10];
    const n = p.length / 2;
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(left, top, side, side);
    pen.beginPath();
    pen.moveTo(left, top + side);
    pen.lineTo(left + side, top);
    pen.stroke();
    pen.globalAlpha = 0.75;
    for (let i = 0; i < n; i++)
      mark(pen, "circle", left + p[i] * side, top + (1 - p[n + i]) * side, 3.5, tones(theme).plain,
        theme.paper);
    pen.globalAlpha = 1;
    for (const value of [0, 1]) {
      label(pen, num(value), left + value * side, top + side + 14, { colour: theme.muted });
      if (value) label(pen, num(value), left - 10, top + 4, { colour: theme.muted });
    }
    label(pen, "first time →", left + side / 2, top + side + 30, { colour: theme.ink });
    label(pen, "2nd ↑", left - 8, top + side / 2, { colour: theme.ink, align: "right" });
  },
};

// Names beside the ends of their lines, moved apart where they would touch.
function names(pen, ends, x, h, theme) {
  ends.sort((a, b) => a.y - b.y);
  let above = -9;
  ends.forEach((end, i) => {
    const lowest = h - 30 - 18 * (ends.length - 1 - i);
    const y = Math.min(lowest, Math.max(above + 18, end.y));
    above = y;
    label(pen, end.text, x, y, { colour: theme.ink, align: "left" });
  });
}

export function drawPanel(pen, w, h, key, options) {
  if (options.v.lost)
    label(pen, "not a number", w / 2, h / 2, { colour: options.theme.ink, bold: true });
  else painters[key](pen, w, h, options);
}
