// What every picture is drawn with: colours, marks, arrows, text, heatmaps.
import PALETTE from "./palette.json" with { type: "json" };

export const palette = PALETTE;

// Three significant figures, a real minus sign, no trailing noise.
export function num(value) {
  if (typeof value !== "number") return String(value);
  const text = value === 0 ? "0" : String(Number(value.toPrecision(3)));
  return text.replaceAll("-", "−");
}

// A number with what it counts, as numerals.counted does it in Python.
export const counted = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const ten = (k) => "10" + String(k).replace("-", "⁻").replace(/\d/g, (d) => RAISED[d]);

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// A function from 0..1 to [r, g, b] through the given colours.
export function ramp(colours) {
  const stops = colours.map(rgb);
  return (share) => {
    const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
    const i = Math.min(stops.length - 2, Math.floor(at));
    return stops[i].map((low, c) => Math.round(low + (stops[i + 1][c] - low) * (at - i)));
  };
}

// Paint numbers (rows from the top) into a rectangle; low..high fill the colours, NaN is hatched.
export function heatmap(pen, numbers, rows, cols, { low, high, colours, x, y, w, h, smooth }) {
  const small = document.createElement("canvas");
  [small.width, small.height] = [cols, rows];
  const inner = small.getContext("2d");
  const image = inner.createImageData(cols, rows);
  const colour = ramp(colours);
  for (let i = 0; i < rows * cols; i++) {
    const bad = Number.isNaN(numbers[i]);
    const hatch = (i % cols + Math.floor(i / cols)) % 2 ? 60 : 190;
    const c = bad ? [hatch, hatch, hatch] : colour((numbers[i] - low) / (high - low));
    image.data.set([...c, 255], 4 * i);
  }
  inner.putImageData(image, 0, 0);
  pen.save();
  pen.imageSmoothingEnabled = Boolean(smooth);
  pen.drawImage(small, x, y, w, h);
  pen.restore();
}

// One mark: shape and colour together say the class, never colour alone.
export function mark(pen, shape, x, y, r, fill, edge) {
  pen.beginPath();
  if (shape === "triangle") {
    pen.moveTo(x, y - 1.15 * r);
    pen.lineTo(x + 1.1 * r, y + 0.85 * r);
    pen.lineTo(x - 1.1 * r, y + 0.85 * r);
    pen.closePath();
  } else if (shape === "square") pen.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  else if (shape === "diamond" || shape === "star") {
    const points = shape === "star" ? 5 : 2;
    for (let i = 0; i < 2 * points; i++) {
      const far = r * (shape === "star" ? (i % 2 ? 0.55 : 1.35) : 1.2);
      const angle = (Math.PI * i) / points - Math.PI / 2;
      pen.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    pen.closePath();
  }
  else pen.arc(x, y, r, 0, 2 * Math.PI);
  if (fill) { pen.fillStyle = fill; pen.fill(); }
  pen.strokeStyle = edge;
  pen.lineWidth = 2;
  pen.stroke();
}

export function arrow(pen, x0, y0, x1, y1, { colour, width = 3, head = 11 }) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const back = Math.min(head, Math.hypot(x1 - x0, y1 - y0));
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1 - 0.7 * back * Math.cos(angle), y1 - 0.7 * back * Math.sin(angle));
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x1, y1);
  for (const side of [-0.45, 0.45])
    pen.lineTo(x1 - back * Math.cos(angle + side), y1 - back * Math.sin(angle + side));
  pen.closePath();
  pen.fill();
}

// One straight line.
export function rule(pen, x0, y0, x1, y1, colour, width = 1, dash = []) {
  pen.setLineDash(dash);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
  pen.setLineDash([]);
}

// A line through points; where a number is missing, the line has a gap.
export function curve(pen, points, colour, width, dash = []) {
  pen.setLineDash(dash);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.beginPath();
  let on = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) { on = false; continue; }
    if (on) pen.lineTo(x, y); else pen.moveTo(x, y);
    on = true;
  }
  pen.stroke();
  pen.setLineDash([]);
}

// Text of at least 14 px, with a halo of the paper's colour so that it reads on any heatmap.
export function label(pen, text, x, y,
  { colour, halo, plate, align = "center", size = 14, bold } = {}) {
  pen.font = `${bold ? "600 " : ""}${Math.max(14, size)}px ${pen.canvas.dataset.font}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  if (plate) { // for text on a line: its own piece of paper
    const wide = pen.measureText(text).width + 8;
    pen.fillStyle = plate;
    pen.fillRect(x - wide * { left: 0, center: 0.5, right: 1 }[align], y - 10, wide, 19);
  }
  if (halo) {
    pen.strokeStyle = halo;
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeText(text, x, y);
  }
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}
