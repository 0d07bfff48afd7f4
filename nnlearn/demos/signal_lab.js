// The signal lab: digits sent through layers, or the weights of ten neurons as pictures.
import { button, demo, el, num } from "./shell.js";
import { depthView } from "./signal_depth.js";
import { logSlider } from "./signal_scale.js";
import { weightsView } from "./signal_weights.js";

const PARTS = ["signal through depth", "weights as pictures"];

export default demo((ui) => {
  const tabs = PARTS.map((part) => button(part[0].toUpperCase() + part.slice(1),
    () => ui.send("look", { part }), { "aria-pressed": "false" }));
  const place = el("div", { className: "nnl-stage" });
  ui.stage.append(el("div", { className: "nnl-buttons", role: "group",
    "aria-label": "What to look at" }, ...tabs), place);

  const gain = logSlider({ label: "Gain", low: 0.1, high: 3, busy: ui.busy,
    send: (value) => ui.send("set", { scheme: "own scale", gain: value }, "set gain") });
  const note = el("p", { className: "nnl-note" });
  ui.controls.append(ui.control("scheme"), gain.node, note,
    ...["activation", "depth", "width"].map((name) => ui.control(name)));

  const views = [depthView(ui), weightsView(ui)];
  let open = -1;
  const turn = (frame) => {
    const at = PARTS.indexOf(frame.values.part);
    if (at === open) return;
    open = at;
    place.replaceChildren(...views[at].stage);
    ui.aside.replaceChildren(...views[at].aside);
    ui.controls.hidden = at === 1;
    for (const node of ui.root.querySelectorAll(".nnl-time")) node.hidden = at === 1;
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-pressed", String(i === at));
      tab.classList.toggle("nnl-main", i === at);
    });
  };

  return (frame) => {
    turn(frame);
    views[open].draw(frame);
    if (open === 1) return;
    const { gain: g, weight_std: std } = frame.values;
    const { width, scheme } = frame.settings;
    gain.set(frame.settings.gain, scheme === "own scale" ? "" : "not in use");
    note.textContent = `Weights drawn with std ${num(std)} = ${num(g)} / √${width}.`;
  };
});
