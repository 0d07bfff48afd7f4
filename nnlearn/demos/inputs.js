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
export function slider({ label: name, low, high, step, send, busy = () => false }) {
  const id = ids();
  const bounds = { min: low, max: high, step };
  const typed = (event) => {
    const value = event.target.valueAsNumber;
    if (!Number.isNaN(value)) send(value);
  };
  const bar = el("input", { type: "range", ...bounds, id, oninput: typed });
  // any step may be typed; what is out of range is answered in words by Python
  const box = el("input", { type: "number", ...bounds, step: "any", "aria-label": `${name}, value`,
    className: "nnl-number", onchange: typed });
  const node = el("div", { className: "nnl-row" },
    el("label", { htmlFor: id }, name), bar, box);
  const set = (value) => {
    for (const input of [bar, box]) {
      const held = document.activeElement === input && busy();
      if (!held && input.valueAsNumber !== value) input.value = Number(value.toPrecision(6));
    }
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
