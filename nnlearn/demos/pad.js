// Something to draw on: pointer, touch and keyboard give the same strokes.
// A stroke is sent whole, again and again under one name, until the pen is lifted: so messages may
// be merged and nothing is lost, and one undo takes it back.
import { el, heatmap, num } from "./shell.js";

const strokeName = () => Math.random().toString(36).slice(2);

// A surface over a picture. `place(x, y, last)` turns pixels into what a stroke is made of (null:
// nothing here; `last` is the place before in this stroke), `key(event)` may return a place for the keyboard's pen, `send(name, places)` sends.
export function surface(picture, { label: name, place, key, send }) {
  const node = el("div", { className: "nnl-pad", role: "application", tabIndex: 0,
    "aria-label": name });
  let stroke = null;
  const extend = (event) => {
    const last = stroke.places.at(-1);
    const at = place(...picture.at(event), last);
    if (!at || (last && last[0] === at[0] && last[1] === at[1])) return;
    stroke.places.push(at);
    send(stroke.name, [...stroke.places]);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    stroke = { name: strokeName(), places: [] };
    extend(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (stroke && node.hasPointerCapture(event.pointerId))
      for (const each of event.getCoalescedEvents?.() ?? [event]) extend(each);
  });
  for (const end of ["pointerup", "pointercancel"])
    node.addEventListener(end, () => { stroke = null; });
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = key(event);
    if (at === undefined) return;
    event.preventDefault();
    if (at) send(strokeName(), [at]);
  });
  picture.node.append(node);
  return node;
}

// A pad of pixels. Sends `stroke` with { name, places: [[row, column], ...] }; `erase()` says
// whether the pen takes ink away. `draw(image)` shows a typed array with `.shape` [rows, columns].
export function pixelPad(ui, { label: name, action = "stroke", erase = () => false }) {
  const picture = ui.picture({ label: name, aspect: 1 });
  picture.node.classList.add("nnl-pixels");
  let image = null;
  let at = [0, 0];
  let focused = false;
  const send = (stroke, places) => ui.send(action, { name: stroke, places, erase: erase() },
    `${action} ${stroke}`);
  const node = surface(picture, {
    label: `${name}: arrow keys move the pen, Space draws`,
    place: (x, y) => { // quarter pixels: fine enough for the soft brush, few enough to send
      const [rows, cols] = image.shape;
      const fine = (v) => Math.round(4 * v) / 4;
      return [fine((y / picture.h) * rows - 0.5), fine((x / picture.w) * cols - 0.5)];
    },
    key: (event) => {
      const [rows, cols] = image.shape;
      const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1],
        ArrowRight: [0, 1] }[event.key];
      if (by) {
        at = [Math.min(rows - 1, Math.max(0, at[0] + by[0])),
          Math.min(cols - 1, Math.max(0, at[1] + by[1]))];
        picture.redraw();
        const ink = image[at[0] * cols + at[1]];
        ui.say(`row ${at[0] + 1}, column ${at[1] + 1}, ink ${num(ink)}`);
        return null;
      }
      return event.key === " " || event.key === "Enter" ? [...at] : undefined;
    },
    send,
  });
  node.addEventListener("focus", () => { focused = true; picture.redraw(); });
  node.addEventListener("blur", () => { focused = false; picture.redraw(); });
  const paint = (pen, w, h) => {
    const [rows, cols] = image.shape;
    heatmap(pen, image, rows, cols, { low: 0, high: 1, colours: ["#ffffff", "#111111"], x: 0, y: 0,
      w, h });
    pen.strokeStyle = "#8888";
    pen.lineWidth = 1;
    pen.beginPath();
    for (let r = 0; r <= rows; r++) { pen.moveTo(0, (r * h) / rows); pen.lineTo(w, (r * h) / rows); }
    for (let c = 0; c <= cols; c++) { pen.moveTo((c * w) / cols, 0); pen.lineTo((c * w) / cols, h); }
    pen.stroke();
    if (focused && node.matches(":focus-visible")) {
      pen.strokeStyle = "#e6007a";
      pen.lineWidth = 3;
      pen.strokeRect((at[1] * w) / cols + 1.5, (at[0] * h) / rows + 1.5, w / cols - 3, h / rows - 3);
    }
  };
  return { node: picture.node, picture, draw(next, text = name) {
    image = next;
    picture.describe(text);
    picture.paint(paint);
  } };
}
