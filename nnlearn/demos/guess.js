// The prediction: a choice, a number or a drawn curve, asked before anything moves.
import { label, mark, num, palette } from "./draw.js";
import { button, el, ids } from "./inputs.js";

// Draw a curve by dragging or with the arrow keys; `outcome` is drawn beside it once known.
function curvePad(ui, asks) {
  const heights = [...asks.start];
  let held = 0;
  let outcome = null;
  let locked = false;
  const picture = ui.picture({ label: `${asks.question} Your curve.`, aspect: 0.5 });
  picture.node.classList.add("nnl-curve");
  const box = (w, h) => [16, 12, w - 32, h - 44];
  const draw = () => picture.paint((pen, w, h) => {
    if (!ui.theme) return; // not in the page yet
    const [x, y, bw, bh] = box(w, h);
    const place = (v, i, n) => [x + (bw * i) / (n - 1),
      y + bh * (1 - (v - asks.low) / (asks.high - asks.low))];
    pen.strokeStyle = ui.theme.line;
    pen.strokeRect(x, y, bw, bh);
    const line = (values, colour, dash) => {
      pen.setLineDash(dash);
      pen.strokeStyle = colour;
      pen.lineWidth = 2.5;
      pen.beginPath();
      values.forEach((v, i) => pen.lineTo(...place(v, i, values.length)));
      pen.stroke();
      pen.setLineDash([]);
    };
    line(heights, ui.theme.ink, [7, 5]);
    heights.forEach((v, i) =>
      mark(pen, "circle", ...place(v, i, heights.length), i === held ? 7 : 4, ui.theme.paper,
        ui.theme.ink));
    if (outcome) line(outcome, palette.classes[1].colour, []);
    label(pen, `${asks.x} →`, x + bw / 2, h - 14, { colour: ui.theme.ink });
  });
  const lift = (i, v) => {
    if (locked) return;
    held = Math.min(heights.length - 1, Math.max(0, i));
    heights[held] = Math.min(asks.high, Math.max(asks.low, v));
    grip.setAttribute("aria-valuenow", heights[held]);
    grip.setAttribute("aria-valuetext", `point ${held + 1} of ${heights.length}: ` +
      `${num(heights[held])}`);
    draw();
  };
  const step = (asks.high - asks.low) / 20;
  const grip = picture.handle({ label: "Your curve: left and right choose a point, up and down move it",
    drag() {}, key: (dx, dy) => lift(held + Math.sign(dx), heights[Math.min(heights.length - 1,
      Math.max(0, held + Math.sign(dx)))] + dy * step) }).node;
  grip.classList.add("nnl-wide");
  const follow = (event) => {
    const [x, y, bw, bh] = box(picture.w, picture.h);
    const [px, py] = picture.at(event);
    lift(Math.round(((px - x) / bw) * (heights.length - 1)),
      asks.high - ((py - y) / bh) * (asks.high - asks.low));
  };
  grip.addEventListener("pointerdown", follow);
  grip.addEventListener("pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId)) follow(event);
  });
  lift(0, heights[0]);
  return { node: picture.node, redraw: draw, value: () => heights, ready: () => true,
    show(answer, truth) { locked = true; answer?.forEach((v, i) => { heights[i] = v; });
      outcome = truth; draw(); } };
}

function choicePad(asks, changed) {
  const group = ids();
  const node = el("div", { className: "nnl-options" },
    ...Object.entries(asks.options).map(([letter, text]) => el("label", { className: "nnl-option" },
      el("input", { type: "radio", name: group, value: letter, onchange: changed }),
      el("span", {}, `${letter}. ${text}`))));
  const chosen = () => node.querySelector("input:checked")?.value;
  return { node, value: chosen, ready: () => Boolean(chosen()), show() {} };
}

function numberPad(asks, changed) {
  const input = el("input", { type: "number", step: "any", className: "nnl-number",
    "aria-label": asks.question, min: asks.low ?? "", max: asks.high ?? "", oninput: changed });
  const limits = asks.low !== undefined && asks.high !== undefined
    ? ` (${asks.low} to ${asks.high})` : "";
  return { node: el("div", { className: "nnl-row" }, input, el("span", {}, asks.unit + limits)),
    value: () => input.valueAsNumber, ready: () => !Number.isNaN(input.valueAsNumber), show() {} };
}

export function predictPanel(ui, asks) {
  const lock = button("That is my guess", () => ui.send("answer", { answer: pad.value() }),
    { className: "nnl-button nnl-main", disabled: true });
  const changed = () => { lock.disabled = !pad.ready(); };
  const pad = asks.kind === "choice" ? choicePad(asks, changed)
    : asks.kind === "number" ? numberPad(asks, changed) : curvePad(ui, asks);
  changed();
  const ask = el("fieldset", { className: "nnl-ask" },
    el("legend", {}, "First, your guess"), el("p", {}, asks.question), pad.node, lock);
  const told = el("div", { className: "nnl-told", hidden: true });
  const node = el("section", { className: "nnl-predict", "aria-label": "Prediction" }, ask, told);
  let shown = "";
  let theme = null;
  const draw = ({ prediction: p }) => {
    if (ui.theme !== theme) { theme = ui.theme; pad.redraw?.(); }
    const text = JSON.stringify(p);
    if (text === shown || p.answer === null) return;
    const first = shown === "";
    shown = text;
    const had = ask.contains(document.activeElement);
    pad.show(asks.kind === "curve" ? p.answer : null, p.outcome);
    const word = p.right === null ? "Noted." : p.right ? "✓ Right." : "✗ Not quite.";
    told.replaceChildren(el("p", {}, el("span", {}, `Your guess: ${p.said}`)),
      el("p", {}, el("strong", {}, word), p.feedback ? ` ${p.feedback}` : " Now see."),
      ...(asks.kind === "curve" ? [pad.node] : []));
    told.dataset.right = p.right;
    told.hidden = false;
    ask.hidden = true;
    told.tabIndex = -1;
    if (first && had) told.focus();
    ui.say(`${word} ${p.feedback}`);
  };
  return { node, draw };
}
