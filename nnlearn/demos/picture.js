// A picture: a sharp canvas with a name, handles to drag, marks to walk.
import { el } from "./inputs.js";

export class Picture {
  constructor({ label: name, aspect = 1 }) {
    this.canvas = el("canvas", { role: "img", "aria-label": name });
    this.node = el("div", { className: "nnl-picture" }, this.canvas);
    Object.assign(this, { aspect, painter: null, onresize: null, w: 0, h: 0 });
    this.sizes = new ResizeObserver(() => { this.redraw(); this.onresize?.(); });
    this.sizes.observe(this.node);
  }

  // painter(pen, width, height) in CSS pixels; kept for the next change of size or theme
  paint(painter) {
    this.painter = painter;
    this.redraw();
  }

  redraw() {
    const dpr = window.devicePixelRatio || 1;
    const w = this.w = this.node.clientWidth;
    const aspect = typeof this.aspect === "function" ? this.aspect(w) : this.aspect;
    const h = this.h = Math.round(w * aspect);
    this.node.style.height = `${h}px`;
    if (!this.painter || !w) return;
    const { canvas } = this;
    if (canvas.width !== Math.round(w * dpr) || canvas.height !== Math.round(h * dpr)) {
      canvas.width = Math.round(w * dpr);
      canvas.height = Math.round(h * dpr);
    }
    canvas.dataset.font = getComputedStyle(this.node).fontFamily;
    const pen = canvas.getContext("2d");
    pen.setTransform(dpr, 0, 0, dpr, 0, 0);
    pen.clearRect(0, 0, w, h);
    this.painter(pen, w, h);
  }

  describe(text) { this.canvas.setAttribute("aria-label", text); }

  // Where a pointer is, in CSS pixels of the picture.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // Something to grab: drag(x, y) in pixels, key(dx, dy) in steps (Shift: tenth of a step).
  handle({ label: name, drag, key, free = false }) {
    const node = el("div", { className: "nnl-handle", role: "slider", tabIndex: 0,
      "aria-label": name, "aria-valuenow": 0 });
    node.dataset.free = free;
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      node.focus({ preventScroll: true });
      node.setPointerCapture(event.pointerId);
    });
    node.addEventListener("pointermove", (event) => {
      if (node.hasPointerCapture(event.pointerId)) drag(...this.at(event));
    });
    node.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
        ArrowDown: [0, -1] }[event.key];
      if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const size = event.shiftKey ? 0.1 : 1;
      key(way[0] * size, way[1] * size);
    });
    this.node.append(node);
    return {
      node,
      move(x, y, now, text) {
        Object.assign(node.style, { left: `${x}px`, top: `${y}px` });
        node.setAttribute("aria-valuenow", now);
        node.setAttribute("aria-valuetext", text);
      },
    };
  }

  // Marks that can be walked with the arrow keys: one Tab stop, focus roves inside.
  marks(name) {
    const group = el("div", { className: "nnl-marks", role: "group", "aria-label": name });
    this.node.append(group);
    let held = 0;
    const go = (to) => {
      const all = [...group.children];
      held = (to + all.length) % all.length;
      all.forEach((node, i) => { node.tabIndex = i === held ? 0 : -1; });
      all[held].focus();
    };
    group.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by || !group.children.length) return;
      event.preventDefault();
      go(held + by);
    });
    return (items) => { // [{ x, y, name }]
      while (group.children.length > items.length) group.lastChild.remove();
      while (group.children.length < items.length)
        group.append(el("div", { className: "nnl-mark", role: "img", tabIndex: -1 }));
      held = Math.min(held, Math.max(0, items.length - 1));
      items.forEach(({ x, y, name: text }, i) => {
        const node = group.children[i];
        node.tabIndex = i === held ? 0 : -1;
        node.setAttribute("aria-label", text);
        Object.assign(node.style, { left: `${x}px`, top: `${y}px` });
      });
    };
  }
}
