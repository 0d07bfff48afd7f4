// A curve, and a network of one hidden layer that a hand builds knee by knee; then it is trained.
import { drawTraining, drawWidths } from "./builder_charts.js";
import { drawCurve, drawUnits, spot } from "./builder_curve.js";
import { surface } from "./pad.js";
import { button, counted, demo, el, num } from "./shell.js";

const KNEES = "knees";
const KEY = 0.05;

export default demo((ui) => {
  ui.root.classList.add("nfb");
  let frame = null;
  let v = null;
  let arrays = null;
  let scene = null;
  let seen = null;
  let held = 0;
  let name = ""; // of the movement that goes on: one undo takes it back

  const fine = (value) => Math.round(value * 1000) / 1000;
  const clip = (value, most) => Math.min(most, Math.max(-most, value));
  const relu = () => frame.settings.activation === "ReLU";
  const hands = () => frame.t === 0 && v.look === 0 && frame.settings.pen === KNEES;

  // ---- the pictures
  const main = ui.canvas({ label: "The curve and the network",
    aspect: (w) => w < 420 ? 0.9 : 0.66 });
  const at = () => spot(scene, main.w, main.h);
  const from = (px, py) => [fine(clip(at().x(px), scene.edge)), fine(clip(at().y(py), 1.5))];

  // ---- the pen: on empty ground a press adds a knee, or draws the curve
  let cursor = [0, 0];
  let shown = false;
  let anchor = null; // where the keyboard's line begins
  const index = (x) => v.points.filter((p) => p[0] < x).length;
  let adding = "";
  let grown = 0; // so many knees there are once the new one is added
  const strokes = (stroke, places) => {
    const [x, y] = places.at(-1);
    if (frame.settings.pen !== KNEES) {
      const whole = anchor && places.length === 1 && typed ? [anchor, ...places] : places;
      if (typed) anchor = places[0];
      ui.send("draw", { name: stroke, places: whole }, `draw ${stroke}`);
    } else if (adding !== stroke) {
      adding = stroke;
      held = index(x);
      grown = v.points.length + 1;
      ui.send("add", { x, y });
    } else if (v.points.length === grown) ui.send("knee", { i: held, x, y, name: stroke }, `knee ${stroke}`);
    typed = false;
  };
  let typed = false;
  const pad = surface(main, {
    label: "The plane: arrow keys move the pen, Space sets a knee or draws a line from the last " +
      "place, Enter begins a new line",
    place: (px, py) => from(px, py),
    key: (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
        ArrowDown: [0, -1] }[event.key];
      if (by) {
        const size = KEY * (event.shiftKey ? 0.1 : 1);
        cursor = [fine(clip(cursor[0] + by[0] * size, scene.edge)),
          fine(clip(cursor[1] + by[1] * size, 1.5))];
        main.redraw();
        ui.say(`x ${num(cursor[0])}, height ${num(cursor[1])}`);
        return null;
      }
      if (event.key === "Enter" && frame.settings.pen !== KNEES) anchor = null;
      if (event.key !== " " && event.key !== "Enter") return undefined;
      typed = true;
      return [...cursor];
    },
    send: strokes,
  });
  for (const when of ["focus", "blur"]) pad.addEventListener(when, () => {
    shown = pad.matches(":focus-visible");
    anchor = null;
    main.redraw();
  });

  const [time, sentence] = [".nnl-time", ".nnl-sentence"].map((c) => ui.root.querySelector(c));
  const hand = el("div", { className: "nfb-hand", role: "group", "aria-label": "By hand" });
  ui.stage.append(time, sentence, hand);

  const parts = ui.canvas({ label: "Each neuron's own curve", aspect: (w) => w < 420 ? 0.5 : 0.3 });
  const partNote = el("p", { className: "nnl-note nfb-term" });
  const before = button("‹", () => pick(v.unit - 1), { title: "the neuron before" });
  const after = button("›", () => pick(v.unit + 1), { title: "the next neuron" });
  before.ariaLabel = "the neuron before";
  after.ariaLabel = "the next neuron";
  ui.stage.append(el("div", { className: "nfb-unit", role: "group", "aria-label": "One neuron" },
    before, partNote, after));
  const train = el("div", { className: "nfb-train", role: "group", "aria-label": "Training" });
  ui.stage.append(train);
  const pick = (unit) => ui.send("pick", { unit: (unit + v.width) % v.width }, "pick");

  // ---- knees: one Tab stop; arrows move one, Page keys go from one to the next
  const knees = [];
  const walk = (to) => {
    const all = v.points.length;
    held = (to + all) % all;
    rove();
    knees[held].node.focus();
  };
  const rove = () => knees.forEach(({ node }, i) => { node.tabIndex = i === held ? 0 : -1; });
  const makeKnee = (i) => {
    const knee = main.handle({ label: `knee ${i + 1}`,
      drag: (px, py) => {
        const [x, y] = from(px, py);
        ui.send("knee", { i, x, y, name }, `knee ${name}`);
      },
      key: (dx, dy) => ui.send("move_knee", { i, dx, dy }, `+move ${i} ${dx ? "x" : "y"}`) });
    const { node } = knee;
    node.addEventListener("pointerdown", () => { name = Math.random().toString(36).slice(2); });
    node.addEventListener("focus", () => {
      held = i;
      rove();
      main.redraw();
      if (v.held !== i) ui.send("pick", { unit: Math.min(i, v.width - 1), knee: i }, "pick");
    });
    node.addEventListener("keydown", (event) => {
      const go = { PageDown: i + 1, PageUp: i - 1, Home: 0, End: -1 }[event.key];
      const adds = event.key === "Enter" || event.key === "+";
      const takes = event.key === "Delete" || event.key === "Backspace";
      if (go === undefined && !adds && !takes) return;
      event.preventDefault();
      if (go !== undefined) walk(go);
      else if (takes) ui.send("remove", { i });
      else {
        const [a, b] = i + 1 < v.points.length ? [i, i + 1] : [i - 1, i];
        ui.send("add", { x: fine((v.points[a][0] + v.points[b][0]) / 2) });
      }
    });
    return knee;
  };
  const placeKnees = () => {
    while (knees.length < v.points.length) knees.push(makeKnee(knees.length));
    const had = knees.findIndex(({ node }) => node === document.activeElement);
    held = Math.min(held, v.points.length - 1);
    const spots = at();
    knees.forEach(({ node, move }, i) => {
      node.hidden = i >= v.points.length || !hands();
      if (node.hidden) return;
      const [x, y] = v.points[i];
      node.setAttribute("aria-label", `knee ${i + 1} of ${v.points.length}`);
      move(spots.px(x), spots.py(y), y, `x ${num(x)}, height ${num(y)}`);
    });
    rove();
    if (had < 0 || (had === held && hands()) || (hands() && ui.busy())) return;
    (hands() ? knees[held].node : add).focus(); // what had the keyboard is gone, or another has it
  };
  main.onresize = () => { if (frame) placeKnees(); };

  // ---- beside the picture
  const facts = el("div", { className: "nfb-facts" });
  const byWidth = ui.picture({ label: "Worst error by width", aspect: 0.66 });
  const widthNote = el("p", { className: "nnl-note" });
  const training = ui.picture({ label: "Worst error while training", aspect: 0.5 });
  ui.aside.append(facts, byWidth.node, widthNote, training.node);
  const inputs = Object.fromEntries(Object.keys(ui.spec.controls).map((n) => [n, ui.control(n)]));
  const add = button("Add a neuron", () => ui.send("add"),
    { title: "where the error is worst; the sum stays as it is" });
  const remove = button("Remove it", () => ui.send("remove", { i: held }),
    { title: "the knee that is chosen" });
  const snap = button("Knees onto the curve", () => ui.send("on_curve"));
  const undo = button("Undo", () => ui.send("undo"));
  const hint = el("p", { className: "nnl-note" });
  hand.append(el("div", { className: "nnl-buttons" }, add, remove, snap, undo), hint);
  train.append(inputs.look, inputs.optimizer, inputs.lr, inputs.speed);
  ui.controls.append(inputs.target, inputs.pen, inputs.units, inputs.activation, inputs.steepness);

  const row = (term, said) => [el("p", {}, el("b", {}, term), ` ${said}`)];
  const tell = () => {
    const [mine, ...starts] = v.nets;
    const all = starts.map((s) => s.worst).sort((a, b) => a - b);
    const lost = v.nets.filter((n) => n.lost).length;
    facts.replaceChildren(
      ...row(`● Your ${v.units}:`, `worst error ${num(mine.worst)}` +
        (frame.t ? ` (${num(v.first[0])} as built)` : "")),
      ...(frame.t || v.look ? row("▲ Random starts:", all.map(num).join(", ")) : []),
      ...row("Outside the range:", `off by up to ${num(v.nets[v.look].outside)}; nothing is ` +
        "promised there"),
      ...(v.dead ? row("0 on the whole range:", `${v.silent[0]} of your ${v.units}; in the random ` +
        `starts ${v.silent.slice(1).join(", ")}`) : []),
      ...(v.best ? row("Your record:", `${counted(v.best, "hinge")} within ${num(scene.within)}` +
        (scene.fewest ? ` (spread evenly: ${scene.fewest})` : "")) : []),
      ...(lost ? row("Diverged:", `${lost} of ${v.nets.length}; rewind and lower the rate`) : []));
    widthNote.textContent = "□ spread evenly, every knee on the curve" +
      (typeof scene.rate === "number"
        ? `: from width 16 to 64 the worst error falls like width to the power ${num(scene.rate)}`
        : ": the worst error falls, but not along a line") +
      (frame.t ? ". ● yours, ○ as you built it" : ". ● yours") +
      (frame.t || v.look ? ". ▲ random starts, trained as long." : ".");
    partNote.textContent = `Neuron ${v.unit + 1} of ${v.width}: ${v.term}` +
      (typeof v.knee === "number" ? `, ${relu() ? "knee" : "middle"} at x = ${num(v.knee)}` : "") +
      (v.quiet ? ": 0 on the whole range" : "");
    hint.textContent = hinted();
  };
  const hinted = () => {
    if (frame.t) return "Trained. Rewind to move the knees again.";
    if (v.look) return "A random start has no knees to drag: look at your network for that.";
    if (frame.settings.pen !== KNEES) return "Drag in the picture to draw the curve. Keys: " +
      "arrows move the pen, Space draws a line to it, Enter begins a new one.";
    const steps = relu() ? v.width === 2 ? "Two hinges are the fewest: each end has a knee. " : ""
      : "A step stands half way between two knees. ";
    return `${steps}Drag a knee, or press on empty ground to add one. Keys: arrows move it ` +
      "(Shift: finely), Page keys choose, Enter adds, Delete removes.";
  };

  return (next) => {
    frame = next;
    ({ values: v, arrays } = next);
    if (ui.scene !== seen) {
      seen = ui.scene;
      const { y } = seen.arrays;
      const { edge } = seen.values;
      scene = { ...seen.values, y, worst: seen.arrays.worst,
        at: (x) => y[Math.round(((x + edge) / (2 * edge)) * (y.length - 1))] };
    }
    if (!ui.busy()) held = v.held;
    const theme = ui.theme;
    const shared = { frame, t: frame.t, v, scene, arrays, theme };
    const can = frame.prediction.open;
    pad.inert = !can || (frame.settings.pen === KNEES && !hands());
    main.describe(frame.sentence);
    main.paint((pen, w, h) => drawCurve(pen, w, h, { ...shared, theme: ui.theme,
      cursor: shown ? cursor : null, handles: hands() ? { held } : null }));
    parts.describe(`${counted(v.width, "curve")}, from ${num(-v.limit)} to ${num(v.limit)} at most. ` +
      `Neuron ${v.unit + 1}: ${v.term}.`);
    parts.paint((pen, w, h) => drawUnits(pen, w, h, { ...shared, theme: ui.theme }));
    tell();
    byWidth.describe(`Worst error by width. ${widthNote.textContent}`);
    byWidth.paint((pen, w, h) => drawWidths(pen, w, h, { ...shared, theme: ui.theme }));
    training.node.hidden = !frame.t;
    training.describe(`Worst error over ${v.updates} updates, your network and the random starts.`);
    if (frame.t) training.paint((pen, w, h) =>
      drawTraining(pen, w, h, { ...shared, theme: ui.theme }, scene.within));
    inputs.steepness.hidden = relu();
    const own = [...inputs.target.querySelectorAll("option")].at(-1);
    own.textContent = "your own (draw it)";
    hand.inert = train.inert = !can;
    for (const node of [add, remove, snap]) node.disabled = frame.t > 0 || v.look > 0;
    remove.disabled ||= held === 0 || held >= v.points.length - 1;
    undo.disabled = !v.undo;
    placeKnees();
  };
});
