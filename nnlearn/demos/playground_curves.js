// Loss and accuracy over the epochs, with a cursor that reads values and marks where something
// was changed. The penalty is a line of its own: the loss never includes it.
import { ten } from "./draw.js";
import { button, el, label, num } from "./shell.js";

const LINES = {
  loss: [["train", 1, "train"], ["test", 2, "test"], ["penalty", 3, "penalty"]],
  accuracy: [["train", 4, "train"], ["test", 5, "test"]],
};
const TINT = { train: ["#1f1f1f", "#f2f2f2"], test: ["#A3467F", "#ee9fd2"],
  penalty: ["#00795A", "#3fcf9f"] };
const DASH = { train: [], test: [7, 4], penalty: [2, 4] };
const FLOOR = 1e-6;

export const tintOf = (theme, name) => TINT[name][theme.dark ? 1 : 0];

const nice = (t) => [1, 2, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10(t)))
  .find((v) => v >= t * 0.999);

// Which curves are drawn: one choice for both runs, so that they can be compared.
export function curveToggles(changed, shared) {
  const node = el("div", { className: "npg-toggles npg-which", role: "group",
    "aria-label": "Curves shown" });
  const toggle = (text, act) => {
    const made = button(text, () => { act(); show(); changed(); }, { className: "npg-small" });
    node.append(made);
    return made;
  };
  const loss = toggle("Loss", () => { shared.what = "loss"; });
  const accuracy = toggle("Accuracy", () => { shared.what = "accuracy"; });
  const log = toggle("Log axis", () => { shared.log = !shared.log; });
  const show = () => {
    loss.setAttribute("aria-pressed", shared.what === "loss");
    accuracy.setAttribute("aria-pressed", shared.what === "accuracy");
    log.setAttribute("aria-pressed", shared.log);
    log.hidden = shared.what !== "loss";
  };
  show();
  return node;
}

export function curvesView(ui, run, shared) {
  let [frame, its, rows] = [null, null, null];
  let cursor = null; // the epoch that is read
  const picture = ui.picture({ label: "Curves", aspect: (w) => Math.max(0.5, 210 / Math.max(1, w)) });
  const read = el("p", { className: "nnl-note npg-read" });
  const node = el("div", { className: "npg-curves" }, picture.node, read);

  // ---- places
  const box = () => ({ left: 52, right: picture.w - 78, top: 12, bottom: picture.h - 26 });
  const far = () => Math.max(20, frame.t);
  const epochAt = (x) => Math.round(((x - box().left) / (box().right - box().left)) * far());
  const rowOf = (epoch) => {
    let best = 0;
    for (let k = 0; k < rows.shape[0]; k++)
      if (Math.abs(rows[k * rows.shape[1]] - epoch) <
        Math.abs(rows[best * rows.shape[1]] - epoch)) best = k;
    return best;
  };
  const last = () => rows.shape[0] - 1;
  const value = (k, column) => rows[k * rows.shape[1] + column];

  // ---- the cursor
  const toRow = (k) => {
    cursor = value(Math.min(last(), Math.max(0, k)), 0);
    place();
    picture.redraw();
    ui.say(wordsAt(rowOf(cursor)));
  };
  const hand = picture.handle({ label: "cursor on the curves: reads the values of an epoch, Enter goes there", free: true,
    drag() {},
    key: (dx, dy) => {
      const far = Math.abs(dx || dy) < 1 ? 10 : 1;
      toRow(rowOf(cursor ?? frame.t) + Math.sign(dx || dy) * far);
    } });
  hand.node.style.pointerEvents = "none"; // the pointer reads by hovering
  hand.node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && cursor !== null) ui.send("goto", { t: cursor });
  });
  hand.node.addEventListener("blur", () => { cursor = null; place(); picture.redraw(); });
  picture.canvas.addEventListener("pointermove", (event) => {
    if (!rows?.shape[0]) return;
    cursor = value(rowOf(epochAt(picture.at(event)[0])), 0);
    place();
    picture.redraw();
  });
  picture.canvas.addEventListener("pointerleave", () => {
    if (document.activeElement !== hand.node) { cursor = null; place(); picture.redraw(); }
  });
  const changedAt = (epoch) => its.changes.filter((c) => Math.abs(c.t - epoch) <= far() / 160)
    .map((c) => `epoch ${c.t}: ${c.words}`);
  const wordsAt = (k) => [...shared.compare ? [`run ${its.name}`] : [], `epoch ${value(k, 0)}`,
    ...Number.isFinite(value(k, 1)) ? readings(k) : [its.diverged ? "diverged" : "no points"]].join(" · ");
  const readings = (k) => LINES[shared.what]
    .filter(([name, column]) => (name !== "penalty" || its.penalty > 0)
      && Number.isFinite(value(k, column)))
    .map(([name, column]) => `${name} ${shared.what === "loss" ? num(value(k, column))
      : `${num(100 * value(k, column))} %`}`);

  const place = () => {
    if (!rows?.shape[0] || !picture.w) return;
    const k = cursor === null ? last() : rowOf(cursor);
    const { left, right, top, bottom } = box();
    hand.move(left + (value(k, 0) / far()) * (right - left), (top + bottom) / 2, value(k, 0),
      wordsAt(k));
    const told = cursor === null ? its.changes.slice(-1).map((c) => `epoch ${c.t}: ${c.words}`)
      : changedAt(cursor);
    const text = wordsAt(k) + (told.length ? `  ◆ ${told.join("; ")}` : "");
    if (read.textContent !== text) read.textContent = text;
  };
  picture.onresize = place;

  // ---- the drawing
  const heights = () => { // the same for both runs, so that they can be compared
    if (shared.what === "accuracy") return [0, 1.02];
    const columns = LINES.loss.map(([, column]) => column);
    let [low, high] = [Infinity, 0];
    for (const all of shared.curves) for (let k = 0; k < all.shape[0]; k++) for (const c of columns) {
      const v = all[k * all.shape[1] + c];
      if (Number.isFinite(v) && v > 0) { low = Math.min(low, v); high = Math.max(high, v); }
    }
    if (!shared.log) return [0, Math.max(0.1, Math.min(high, 4) * 1.06)];
    return [Math.floor(Math.log10(Math.max(FLOOR, Math.min(low, 0.1)))),
      Math.max(0, Math.ceil(Math.log10(Math.min(high, 1e3))))];
  };
  const lift = (v) => (shared.what === "loss" && shared.log ? Math.log10(Math.max(FLOOR, v)) : v);

  const grid = (pen, { left, right, top, bottom }, [low, high], x, y) => {
    const { theme } = ui;
    pen.strokeStyle = theme.dark ? "#444" : "#ddd";
    pen.lineWidth = 1;
    const log = shared.what === "loss" && shared.log;
    const step = log ? Math.max(1, Math.round((high - low) / 4))
      : [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2].find((s) => (high - low) / s <= 5.2) ?? 2;
    for (let v = log ? low : 0; v <= high + 1e-9; v += step) {
      pen.beginPath();
      pen.moveTo(left, y(v));
      pen.lineTo(right, y(v));
      pen.stroke();
      const text = log ? ten(v) : shared.what === "accuracy" ? `${Math.round(100 * v)} %`
        : num(Number(v.toFixed(3)));
      label(pen, text, left - 6, y(v), { colour: theme.muted, align: "right" });
    }
    const every = nice(far() / (picture.w < 300 ? 2.5 : 5));
    for (let t = 0; t <= far(); t += every)
      label(pen, String(t), x(t), bottom + 13, { colour: theme.muted });
    label(pen, "epoch", right + 20, bottom + 13, { colour: theme.ink, align: "left" });
  };

  const drawChanges = (pen, { top, bottom }, x) => {
    pen.strokeStyle = ui.theme.muted;
    pen.lineWidth = 1.5;
    pen.setLineDash([3, 4]);
    for (const t of new Set(its.changes.map((c) => c.t))) {
      pen.beginPath();
      pen.moveTo(x(t), top);
      pen.lineTo(x(t), bottom);
      pen.stroke();
      label(pen, "◆", x(t), top - 2, { colour: ui.theme.ink });
    }
    pen.setLineDash([]);
  };

  const draw = (pen) => {
    const where = box();
    const range = heights();
    const x = (epoch) => where.left + (epoch / far()) * (where.right - where.left);
    const y = (v) => where.bottom - ((v - range[0]) / (range[1] - range[0])) * (where.bottom - where.top);
    grid(pen, where, range, x, y);
    drawChanges(pen, where, x);
    const ends = [];
    const k = cursor === null ? last() : rowOf(cursor);
    for (const [name, column, text] of LINES[shared.what]) {
      if (name === "penalty" && !its.penalty) continue;
      const tint = tintOf(ui.theme, name);
      pen.save();
      pen.beginPath();
      pen.rect(where.left, where.top - 2, where.right - where.left + 4, where.bottom - where.top + 4);
      pen.clip();
      pen.beginPath();
      for (let i = 0; i <= last(); i++) {
        const v = value(i, column);
        if (Number.isFinite(v)) pen.lineTo(x(value(i, 0)), y(lift(v)));
      }
      pen.strokeStyle = tint;
      pen.lineWidth = 2.5;
      pen.lineJoin = "round";
      pen.setLineDash(DASH[name]);
      pen.stroke();
      pen.setLineDash([]);
      pen.restore();
      let end = k; // after a divergence the name stands at the last number there was
      while (end > 0 && !Number.isFinite(value(end, column))) end -= 1;
      const v = value(end, column);
      if (Number.isFinite(v)) ends.push({ text, tint, x: x(value(end, 0)),
        y: Math.max(where.top, Math.min(where.bottom, y(lift(v)))) });
    }
    if (cursor !== null) {
      pen.strokeStyle = "#e6007a";
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x(value(k, 0)), where.top);
      pen.lineTo(x(value(k, 0)), where.bottom);
      pen.stroke();
    }
    ends.sort((a, b) => a.y - b.y);
    let free = where.top - 2;
    ends.forEach((end, i) => { // names beside their lines, never one over another
      const room = where.bottom - 8 - 17 * (ends.length - 1 - i);
      const at = Math.min(room, Math.max(free, end.y));
      free = at + 17;
      pen.fillStyle = end.tint;
      pen.beginPath();
      pen.arc(end.x, end.y, 4, 0, 7);
      pen.fill();
      label(pen, end.text, where.right + 8, at, { colour: end.tint, align: "left", bold: true });
    });
  };

  return { node, draw(next, values, itsArrays) {
    [frame, its, rows] = [next, values, itsArrays.curves];
    if (!rows.shape[0]) return;
    picture.describe(`Curves of run ${its.name}: ${wordsAt(last())}`);
    picture.paint(draw);
    place();
  } };
}
