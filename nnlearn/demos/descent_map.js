// The map of rates: a canvas of cells, and over it a button for each, walked with the arrow keys.
import { label, num, ramp } from "./draw.js";
import { el } from "./inputs.js";

const EDGE = { left: 88, top: 8, bottom: 44, right: 6 };
const left = (w) => w < 300 ? 42 : EDGE.left;
const rowHeight = (w) => w < 420 ? 34 : 40;

export const mapHeight = (w, map) =>
  ((map?.rows.length ?? 4) * rowHeight(w) + EDGE.top + EDGE.bottom) / Math.max(1, w);

const boxes = (w, map) => {
  const wide = (w - left(w) - EDGE.right) / map.rates.length;
  return (k) => [left(w) + (k % map.rates.length) * wide,
    EDGE.top + Math.floor(k / map.rates.length) * rowHeight(w), wide, rowHeight(w)];
};

export const cellWords = (map, cells, k) => Number.isNaN(cells[k]) ? `${map.names[k]}: not run yet`
  : cells[k] === Infinity ? `${map.names[k]}: diverged at step ${map.steps[k]}`
    : `${map.names[k]}: loss ${num(Number(cells[k].toPrecision(4)))} after ${map.steps[k]} steps`;

// The smallest and largest loss above the lowest, as powers of ten, among the cells that ran.
export function heightsOf(cells, least) {
  const found = [...cells].filter(Number.isFinite).map((c) => Math.log10(Math.max(1e-9, c - least)));
  return found.length ? [Math.min(...found), Math.max(...found)] : null;
}

export function drawMap(pen, w, h, { map, cells, least, theme, colours, hatch }) {
  const box = boxes(w, map);
  const range = heightsOf(cells, least);
  const colour = ramp(colours);
  for (let k = 0; k < cells.length; k++) {
    const [x, y, wide, high] = box(k);
    const inner = [x + 1, y + 1, wide - 2, high - 2];
    if (Number.isNaN(cells[k])) {
      pen.strokeStyle = theme.line;
      pen.setLineDash([2, 3]);
      pen.strokeRect(...inner);
      pen.setLineDash([]);
    } else if (cells[k] === Infinity) drawLost(pen, inner, theme, hatch);
    else {
      const share = range[1] > range[0]
        ? (Math.log10(Math.max(1e-9, cells[k] - least)) - range[0]) / (range[1] - range[0]) : 0;
      const [r, g, b] = colour(share);
      pen.fillStyle = `rgb(${r},${g},${b})`;
      pen.fillRect(...inner);
      const text = short(cells[k]);
      pen.font = `14px ${pen.canvas.dataset.font}`;
      if (pen.measureText(text).width < wide - 4) label(pen, text, x + wide / 2, y + high / 2,
        { colour: 0.299 * r + 0.587 * g + 0.114 * b < 135 ? "#fff" : "#111" });
    }
    if (k === map.chosen) {
      for (const [stroke, width] of [[theme.paper, 5], [theme.ink, 2.5]]) {
        pen.strokeStyle = stroke;
        pen.lineWidth = width;
        pen.strokeRect(x + 2, y + 2, wide - 4, high - 4);
      }
      pen.lineWidth = 1;
    }
  }
  map.rows.forEach((row, i) => label(pen, nameOf(row, w), left(w) - 6,
    EDGE.top + (i + 0.5) * rowHeight(w), { colour: theme.ink, align: "right" }));
  const wide = (w - left(w) - EDGE.right) / map.rates.length;
  const every = wide < 34 ? 3 : wide < 62 ? 2 : 1;
  map.rates.forEach((rate, j) => {
    if (j % every === 0) label(pen, String(Number(rate.toPrecision(2))).replace(/^0\./, "."),
      left(w) + (j + 0.5) * wide, h - EDGE.bottom + 14, { colour: theme.muted });
  });
  label(pen, w < 300 ? "rate" : "learning rate", w - EDGE.right, h - 12, { colour: theme.ink, align: "right", bold: true });
  label(pen, map.row === "batch_size" ? "batch size" : "optimizer", 2, h - 12,
    { colour: theme.ink, align: "left", bold: true });
}

// The name of a row: on a phone its first letters.
const nameOf = (row, w) => w < 300 ? row.replace("your ", "★ ").slice(0, 3)
  : row.replace("your ", "").slice(0, 12);

const short = (loss) => {
  const size = Math.abs(loss);
  if (size < 1e-6) return "~0";
  if (size !== 0 && (size < 0.01 || size >= 1e4))
    return loss.toExponential(0).replace("e+", "e").replace("-", "−");
  return String(Number(loss.toPrecision(size >= 10 ? 3 : 2))).replace("-", "−");
};

function drawLost(pen, [x, y, w, h], theme) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let k = -h; k < w; k += 7) { pen.moveTo(x + k, y + h); pen.lineTo(x + k + h, y); }
  pen.stroke();
  pen.restore();
  if (w > 20) label(pen, "×", x + w / 2, y + h / 2, { colour: theme.ink, halo: theme.paper, size: 18, bold: true });
}

// The buttons: one Tab stop, arrow keys walk, Enter or a click makes the run again on the terrain.
export function mapButtons(picture, { pick, tell }) {
  const group = el("div", { className: "ndt-cells", role: "group", "aria-label":
    "Runs of the map: arrow keys walk, Enter makes the run again on the terrain" });
  picture.node.append(group);
  let [held, columns] = [0, 1];
  const focus = (to) => {
    held = Math.max(0, Math.min(group.children.length - 1, to));
    [...group.children].forEach((node, i) => { node.tabIndex = i === held ? 0 : -1; });
    group.children[held].focus();
  };
  group.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (held + by >= 0 && held + by < group.children.length) focus(held + by);
  });
  return (map, cells) => {
    columns = map.rates.length;
    const box = boxes(picture.w, map);
    while (group.children.length > cells.length) group.lastChild.remove();
    while (group.children.length < cells.length) {
      const k = group.children.length;
      group.append(el("button", { type: "button", className: "ndt-cell",
        onclick: () => { held = k; pick(k); }, onfocus: () => { held = k; tell(k); },
        onpointerenter: () => tell(k) }));
    }
    held = Math.min(held, cells.length - 1);
    for (let k = 0; k < cells.length; k++) {
      const node = group.children[k];
      const [x, y, w, h] = box(k);
      const name = cellWords(map, cells, k);
      node.tabIndex = k === held ? 0 : -1;
      if (node.getAttribute("aria-label") !== name) node.setAttribute("aria-label", name);
      node.ariaPressed = String(k === map.chosen);
      Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
    }
  };
}
