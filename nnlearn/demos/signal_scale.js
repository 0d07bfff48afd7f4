// A slider on a logarithmic scale that says its value, never its exponent.
import { num } from "./draw.js";
import { el, ids } from "./inputs.js";

const STEPS = 100;

export function logSlider({ label: name, low, high, send, busy }) {
  const id = ids();
  const ratio = Math.log(high / low);
  const value = (at) => Number((low * Math.exp((ratio * at) / STEPS)).toPrecision(3));
  const bar = el("input", { type: "range", min: 0, max: STEPS, step: 1, id,
    oninput: () => send(value(bar.valueAsNumber)) });
  const box = el("input", { type: "number", min: low, max: high, step: "any",
    "aria-label": `${name}, value`, className: "nnl-number",
    onchange: () => { if (!Number.isNaN(box.valueAsNumber)) send(box.valueAsNumber); } });
  const node = el("div", { className: "nnl-row" }, el("label", { htmlFor: id }, name), bar, box);
  const set = (now, more) => {
    const at = Math.round((STEPS * Math.log(now / low)) / ratio);
    const held = busy();
    if (!(held && document.activeElement === bar)) bar.value = at;
    if (!(held && document.activeElement === box)) box.value = now;
    bar.setAttribute("aria-valuetext", `${num(now)} divided by the root of the inputs` +
      (more && `, ${more}`));
  };
  return { node, set };
}
