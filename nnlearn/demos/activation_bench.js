// The activation bench: a function with its slope, the slopes through depth, a network in training.
import { demo, el, num } from "./shell.js";
import { depthHeight, drawDepth, drawFunction, drawLoss, drawMap, functionHeight, functionPanels,
  keyOf, slopeRange } from "./activation_plots.js";

const said = (value) => typeof value === "number" ? num(value)
  : { nan: "not a number", inf: "infinity", "-inf": "minus infinity" }[value] ?? String(value);
const percent = (share) => `${Math.round(100 * share)} %`;

export default demo((ui) => {
  let frame = null;
  let v = null;
  let shown = {};
  ui.root.classList.add("nab");
  const sets = []; // the inputs: locked until the guess is made
  const part = (title, picture, ...side) => {
    ui.stage.append(el("section", { className: "nab-part", "aria-label": title },
      el("h4", {}, title), picture, el("div", { className: "nab-side" }, ...side)));
  };
  const set = (...inputs) => {
    const node = el("div", { className: "nab-set" }, ...inputs);
    sets.push(node);
    return node;
  };
  const note = () => el("p", { className: "nnl-note" });

  // ---- 1. the function and its slope
  const bench = ui.picture({ label: "The function and its slope", aspect: functionHeight });
  const choose = ui.control("function");
  const numbers = el("div", { className: "nab-numbers" });
  const about = note();
  part("1. A function and its slope", bench.node, set(choose, ui.control("probe")), numbers, about);
  const z = (x) => -6 + (12 * (x - 40)) / (bench.w - 48);
  const probe = bench.handle({ label: "the probe on the z axis", free: true,
    drag: (x) => ui.send("probe", { z: Math.round(20 * z(x)) / 20 }, "probe"),
    key: (dx, dy) => ui.send("move_probe", { by: 0.1 * (dx + dy) }, "+move_probe") });
  bench.node.addEventListener("pointerdown", (event) => {
    if (event.target === bench.canvas)
      ui.send("probe", { z: Math.round(20 * z(bench.at(event)[0])) / 20 }, "probe");
  });

  // ---- 2. through depth
  const deep = ui.picture({ label: "Signals and slopes through depth", aspect: depthHeight });
  const scaleNote = note();
  const depthNote = note();
  part("2. Through depth", deep.node, set(ui.control("depth"), ui.control("scale")), scaleNote,
    depthNote);

  // ---- 3. inside a network
  const plane = ui.picture({ label: "What the network says in the plane", aspect: 1 });
  const loss = ui.picture({ label: "The loss over the steps",
    aspect: (w) => Math.max(0.55, 150 / Math.max(1, w)) });
  const key = ui.picture({ label: "Colours of the map", aspect: (w) => 40 / Math.max(1, w) });
  const netNote = note();
  part("3. Inside a network", el("div", { className: "nab-network" }, plane.node, key.node),
    set(ui.control("points")), netNote, loss.node);

  const place = () => { // the probe stands where it is drawn
    const [top] = functionPanels(bench.w, slopeRange(frame.arrays.curves));
    const y = typeof v.value === "number" ? top.y(v.value) : top.y(0);
    probe.move(top.x(frame.settings.probe), Math.min(top.bottom, Math.max(top.top, y)),
      frame.settings.probe, `z = ${num(frame.settings.probe)}: value ${said(v.value)}, ` +
      `slope ${said(v.slope)}`);
  };
  bench.onresize = () => { if (frame) place(); };

  const row = (name, text, style) => [el("b", { className: style }, name),
    el("span", { className: style }, text)];

  const showFunction = () => {
    const { z: axis, curves, thin } = frame.arrays;
    bench.describe(`${v.label}: at z = ${num(frame.settings.probe)} the value is ` +
      `${said(v.value)}, the slope ${said(v.slope)}`);
    bench.paint((pen, w) => drawFunction(pen, w, ui.theme,
      { z: axis, curves, thin, values: v, probe: frame.settings.probe }));
    numbers.replaceChildren(...row("z", num(frame.settings.probe), ""),
      ...row("value", said(v.value), "nab-value"), ...row("slope", said(v.slope), "nab-slope"));
    const beside = v.reference ? ` Thin dashes: nnlearn's ${v.reference}.` : "";
    about.textContent = v.steepest > 0
      ? `Steepest: slope ${num(v.steepest)}${v.steepest_at === null ? ""
        : `, at z = ${num(v.steepest_at)}`}. Dashes at the probe: the tangent.${beside}`
      : `The slope is 0 everywhere it exists.${beside}`;
    choose.querySelector("option[value='yours']").hidden = !v.own;
    place();
  };

  const showDepth = () => {
    const { depth, scale } = frame.settings;
    const last = v.layers.at(-1);
    scaleNote.textContent = "128 real digits through layers of 64 neurons. The weights are " +
      `random, of size ${num(scale)} × 1/√64 = ${num(scale / 8)}. A layer's slope: ` +
      "root mean square over its neurons and all digits.";
    depthNote.textContent = v.lost_layer
      ? `From layer ${v.lost_layer} on the numbers are too large to hold.`
      : `In layer ${depth}: outputs spread by ${num(v.spreads.at(-1))}, ${percent(last[1])} ` +
        `saturated (slope below ${num(v.small)}), ${percent(last[0])} of neurons dead (slope 0 ` +
        "for every digit).";
    if (Math.max(v.high, -v.low) >= v.furthest)
      depthNote.textContent += ` Outputs beyond ±${v.furthest} are counted at the edge.`;
    if (v.products && v.label !== "sigmoid")
      depthNote.textContent += " Thin dashes: sigmoid in the same layers.";
    deep.describe(`${v.label} through ${depth} layers. ${depthNote.textContent}`);
    deep.paint((pen, w) => drawDepth(pen, w, ui.theme,
      { values: v, histograms: frame.arrays.histograms, depth }));
  };

  const showNetwork = () => {
    const { map, X, y, losses } = frame.arrays;
    const score = `${v.right} of ${y.length} points right`;
    plane.describe(`The network with ${v.label} after step ${frame.t}: ${score}`);
    plane.paint((pen, w) => drawMap(pen, w, ui.theme, ui.palette, { map, X, y, window: v.window }));
    loss.describe(`Loss ${said(v.loss)} after step ${frame.t} of ${v.steps}`);
    loss.paint((pen, w, h) => drawLoss(pen, w, h, ui.theme, { losses, steps: v.steps }));
    key.describe("Orange: sure of the triangles. Blue: sure of the circles.");
    key.paint((pen, w) => keyOf(pen, w, ui.theme));
    netNote.textContent = v.lost
      ? "Training diverged: the loss is no longer a number. Shown is the last good network."
      : `2 inputs, two hidden layers of 16 neurons with ${v.label}, 1 output. ${score}, loss ` +
        `${said(v.loss)}. Hidden weights moved by ${num(v.moved)} on average` +
        `${frame.t && !v.moved ? ": with slope 0 they cannot learn." : "."}`;
  };

  return (next) => {
    frame = next;
    v = frame.values;
    ui.root.dataset.dark = ui.theme.dark;
    for (const node of sets) node.inert = !frame.prediction.open;
    // while training runs, only the network changes: the rest is drawn again when it must be
    const key = JSON.stringify([frame.settings, frame.badge, frame.prediction.open]);
    if (key !== shown.key || ui.theme !== shown.theme) {
      showFunction();
      showDepth();
      shown = { key, theme: ui.theme };
    }
    showNetwork();
  };
});
