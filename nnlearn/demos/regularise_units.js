// The hidden neurons with the mask of the last step, and the weights as a histogram.
import { label, mark, num } from "./draw.js";

const HEAD = 24; // a line of text above each layer

const grid = (w, units) => {
  const columns = Math.min(units, w < 220 ? 8 : 16);
  return { columns, rows: Math.ceil(units / columns), cell: Math.min(26, w / columns) };
};

export function unitsHeight(w, units) {
  const { rows, cell } = grid(w, units);
  return (2 * (HEAD + rows * cell) + 4) / Math.max(1, w);
}

// A filled circle took part, a hollow one with a cross was dropped: a shape for each.
export function drawUnits(pen, w, { masks, theme }) {
  const [layers, units] = masks.shape;
  const { columns, rows, cell } = grid(w, units);
  const colour = theme.dark ? "#3fcf9f" : "#00795A";
  for (let k = 0; k < layers; k++) {
    const top = k * (HEAD + rows * cell);
    label(pen, `hidden layer ${k + 1}`, 0, top + 13, { colour: theme.muted, align: "left" });
    for (let i = 0; i < units; i++) {
      const [x, y] = [(i % columns + 0.5) * cell, top + HEAD + (Math.floor(i / columns) + 0.5) * cell];
      const r = 0.34 * cell;
      if (masks[k * units + i] !== 0) { mark(pen, "circle", x, y, r, colour, colour); continue; }
      mark(pen, "circle", x, y, r, null, theme.line);
      pen.strokeStyle = theme.ink;
      pen.lineWidth = 2;
      pen.beginPath();
      for (const way of [1, -1]) { pen.moveTo(x - r, y - r * way); pen.lineTo(x + r, y + r * way); }
      pen.stroke();
    }
  }
}

export function drawHistogram(pen, w, h, { counts, limit, beyond }, theme) {
  const box = { left: 6, right: w - 6, top: 24, bottom: h - 24 };
  const top = Math.max(...counts);
  const wide = (box.right - box.left) / counts.length;
  label(pen, "weights", 2, 10, { colour: theme.ink, align: "left", bold: true });
  label(pen, `↑ ${top}`, w / 2, 10, { colour: theme.muted });
  pen.fillStyle = theme.dark ? "#6db9ee" : "#0b5cad";
  counts.forEach((count, i) => {
    const high = (count / top) * (box.bottom - box.top);
    pen.fillRect(box.left + i * wide + 0.5, box.bottom - high, wide - 1, high);
  });
  pen.fillStyle = theme.line;
  pen.fillRect(box.left, box.bottom, box.right - box.left, 1);
  for (const [value, x, align] of [[-limit, box.left, "left"], [0, w / 2, "center"],
    [limit, box.right, "right"]])
    label(pen, beyond && value ? `${value > 0 ? "≥ " : "≤ "}${num(value)}` : num(value), x, h - 10,
      { colour: theme.muted, align });
}
