// Elements and native inputs with labels; nothing typed in them reaches the notebook.

// An element: properties, data-* and aria-* by name, then children.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !key.includes("-")) node[key] = value;
    else if (value !== null) node.setAttribute(key, value);
  }
  node.append(...children);
  // JupyterLab's own shortcuts look at the focused element itself, not at its parents
  node.dataset.lmSuppressShortcuts = "true";
  return node;
}

// A name for this page only: two demos never share one.
export const ids = () => "nnl" + Math.random().toString(36).slice(2);

export function button(text, onclick, props = {}) {
  return el("button", { type: "button", className: "nnl-button", onclick, ...props }, text);
}

// A slider with a number box beside it. `set(value)` shows a value that came from Python.
// With `log` the slider goes by powers of ten and says the number, not its exponent.
export function slider({ label: name, low, high, step, log = false, strict = false, send,
  busy = () => false }) {
  const id = ids();
  const place = log ? (value) => Math.log10(value) : (value) => value;
  const value = log ? (at) => Math.min(high, Math.max(low, Number((10 ** at).toPrecision(3))))
    : (at) => at;
  const bar = el("input", { type: "range", min: place(low), max: place(high), step, id,
    oninput: () => {
      limits.hidden = true;
      if (log) said(value(bar.valueAsNumber));
      send(value(bar.valueAsNumber));
    } });
  const said = (number) => bar.setAttribute("aria-valuetext", String(number));
  // any step may be typed; what is out of range is refused by Python, in words at the foot of the
  // demo, and at the box where Python's range is the slider's (`strict`). What is being typed is
  // not overwritten by the frames of a run.
  const limits = el("span", { className: "nnl-limits", hidden: true }, `from ${low} to ${high}`);
  let [typing, last] = [false, low];
  const box = el("input", { type: "number", min: low, max: high, step: "any",
    "aria-label": `${name}, value`, className: "nnl-number",
    oninput: () => { typing = true; }, onblur: () => { typing = false; },
    onchange: () => {
      typing = false;
      const wanted = box.valueAsNumber;
      limits.hidden = !(strict && (wanted < low || wanted > high));
      if (Number.isNaN(wanted)) set(last); // nothing was said, so nothing is asked
      else send(wanted);
    } });
  const node = el("div", { className: "nnl-row" },
    el("label", { htmlFor: id }, name), bar, box, limits);
  const set = (number) => {
    last = number;
    for (const [input, shown] of [[bar, place(number)], [box, number]]) {
      const held = document.activeElement === input && (busy() || (input === box && typing));
      if (!held && input.valueAsNumber !== shown) input.value = Number(shown.toPrecision(6));
    }
    if (log) said(Number(number.toPrecision(6)));
  };
  return { node, set, bar, box };
}

export function select({ label: name, options, send, busy = () => false }) {
  const id = ids();
  const input = el("select", { id, onchange: () => send(input.value) },
    ...options.map((option) => el("option", { value: option }, option)));
  const node = el("div", { className: "nnl-row" }, el("label", { htmlFor: id }, name), input);
  return { node, set: (value) => { if (!busy()) input.value = value; }, input };
}

export function checkbox({ label: name, send, busy = () => false }) {
  const id = ids();
  const input = el("input", { type: "checkbox", id, onchange: () => send(input.checked) });
  const node = el("div", { className: "nnl-row nnl-check" }, input,
    el("label", { htmlFor: id }, name));
  return { node, set: (value) => { if (!busy()) input.checked = value; }, input };
}
