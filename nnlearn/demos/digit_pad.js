// A pad to draw a digit on: 32 by 32 points of ink, a soft brush, pointer, touch or keys.
import { button, el } from "./shell.js";

const SIZE = 32;
const BRUSH = 1.75; // about the data set's stroke, for a digit that fills most of the pad
const HELP = "Drawing pad. Arrow keys move the pen, Space puts it down or lifts it, " +
  "Delete clears.";

export function digitPad({ theme, onink }) {
  const ink = new Float32Array(SIZE * SIZE);
  const canvas = el("canvas", { width: 10 * SIZE, height: 10 * SIZE,
    "aria-hidden": "true" });
  const said = el("span", { className: "nnl-aloud", role: "status" });
  const pad = el("div", { className: "ndr-pad", role: "application", tabIndex: 0,
    "aria-label": HELP }, canvas);
  const pen = { x: 16, y: 6, down: false };
  let last = null;

  const paint = () => {
    const brush = canvas.getContext("2d");
    const side = canvas.width / SIZE;
    const [paper, dark] = [theme().paper, theme().ink];
    brush.globalAlpha = 1;
    brush.fillStyle = paper;
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.fillStyle = dark;
    ink.forEach((value, k) => {
      brush.globalAlpha = value;
      if (value) brush.fillRect((k % SIZE) * side, Math.floor(k / SIZE) * side, side, side);
    });
    brush.globalAlpha = 1;
    if (document.activeElement !== pad || !pad.matches(":focus-visible")) return;
    brush.strokeStyle = pen.down ? "#d81b60" : dark;
    brush.lineWidth = pen.down ? 4 : 2;
    brush.beginPath();
    brush.arc((pen.x + 0.5) * side, (pen.y + 0.5) * side, 14, 0, 7);
    brush.stroke();
  };

  const dab = (x, y) => { // a round dab whose edge fades over one point
    for (let r = Math.max(0, Math.floor(y - 3)); r <= Math.min(SIZE - 1, y + 3); r++)
      for (let c = Math.max(0, Math.floor(x - 3)); c <= Math.min(SIZE - 1, x + 3); c++) {
        const value = Math.min(1, Math.max(0, BRUSH + 0.5 - Math.hypot(c - x, r - y)));
        ink[r * SIZE + c] = Math.max(ink[r * SIZE + c], value);
      }
  };
  const line = ([x0, y0], [x1, y1]) => {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0)));
    for (let i = 0; i <= steps; i++)
      dab(x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps);
  };
  const tell = () => {
    paint();
    const rounded = [...ink].map((v) => Math.round(100 * v) / 100);
    onink(Array.from({ length: SIZE }, (_, r) => rounded.slice(r * SIZE, (r + 1) * SIZE)));
  };
  const clear = () => { ink.fill(0); tell(); };

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIZE - 0.5,
      ((event.clientY - box.top) / box.height) * SIZE - 0.5];
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = at(event);
    line(last, last);
    tell();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    line(last, next);
    last = next;
    tell();
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });

  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = keys[event.key];
    if (way) {
      const from = [pen.x, pen.y];
      pen.x = Math.min(SIZE - 3, Math.max(2, pen.x + 2 * way[0]));
      pen.y = Math.min(SIZE - 3, Math.max(2, pen.y + 2 * way[1]));
      if (pen.down) { line(from, [pen.x, pen.y]); tell(); } else paint();
    } else if (event.key === " ") {
      pen.down = !pen.down;
      said.textContent = pen.down ? "Pen down" : "Pen up";
      if (pen.down) { dab(pen.x, pen.y); tell(); } else paint();
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
  });
  for (const change of ["focus", "blur"]) pad.addEventListener(change, paint);
  return { node: el("div", {}, pad, said), clear: button("Clear", clear), paint };
}
