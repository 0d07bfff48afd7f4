// Points, pixels or a curve, painted by hand.
import { button, demo, el, label, mark, num } from "./shell.js";
import { pixelPad, surface } from "./pad.js";

export default demo((ui) => {
  let v = null;
  let frame = null;
  let view = null; // built on the first frame, when the mode is known

  const undo = button("Undo", () => ui.send("undo"));
  const redo = button("Redo", () => ui.send("redo"));
  const clear = button("Clear", () => ui.send("clear"));
  const brush = el("fieldset", { className: "nnl-brush" }, el("legend", {}, "Brush"));
  const erase = ui.control("erase");
  ui.controls.append(brush, erase,
    el("div", { className: "nnl-buttons" }, undo, redo, clear),
    el("p", { className: "nnl-note" }, "Keyboard: Tab to the picture, arrow keys move, Space paints."));
  const brushes = ui.palette.classes.map((kind, i) => {
    const input = el("input", { type: "radio", name: "brush" + ui.id, value: kind.name,
      onchange: () => ui.send("set", { brush: kind.name }) });
    const sample = el("canvas", { width: 44, height: 44, className: "nnl-sample",
      "aria-hidden": "true" });
    mark(sample.getContext("2d"), kind.shape, 22, 23, 15, kind.colour, "#111");
    const row = el("label", { className: "nnl-option" }, input, sample,
      el("span", {}, `class ${i}, ${kind.name}`));
    brush.append(row);
    return { row, input, name: kind.name };
  });
  const erasing = () => frame.settings.erase;

  // ---- a plane to paint on: points of classes, or one curve
  const plane = (name, { hint, place, arrows, paint }) => {
    const picture = ui.canvas({ label: name, aspect: 1 });
    let at = [0, 0];
    let cursor = false;
    const edge = 40;
    const size = () => picture.w - edge;
    const share = (value) => (value - v.low) / (v.high - v.low);
    const to = (x, y) => [edge + x * size(), size() * (1 - y)];
    const from = (px, py) => [(px - edge) / size(), 1 - py / size()].map(
      (s) => v.low + Math.min(1, Math.max(0, s)) * (v.high - v.low));
    const pad = surface(picture, {
      label: `${name}: arrow keys move the cursor, Space paints`,
      place: (px, py, last) => place(...from(px, py), last),
      key: (event) => {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
          ArrowDown: [0, -1] }[event.key];
        const pen = event.key === " " || event.key === "Enter";
        if (!by && !pen) return undefined;
        if (pen) return place(...at);
        const move = arrows(at, by, event.shiftKey);
        at = move.map((a) => Math.min(v.high, Math.max(v.low, a)));
        picture.redraw();
        ui.say(at.map(num).join(", "));
        return null;
      },
      send: (stroke, places) => ui.send("stroke", { name: stroke, places, erase: erasing() },
        `stroke ${stroke}`),
    });
    for (const when of ["focus", "blur"]) pad.addEventListener(when, () => {
      cursor = pad.matches(":focus-visible");
      picture.redraw();
    });
    return () => {
      picture.describe(frame.sentence);
      picture.paint((pen) => {
        const { ink: dark, paper, line } = ui.theme;
        const n = size();
        pen.strokeStyle = line;
        pen.lineWidth = 1;
        pen.strokeRect(edge, 0.5, n - 0.5, n);
        for (const s of [0, 0.25, 0.5, 0.75, 1]) {
          const text = num(Number((v.low + s * (v.high - v.low)).toFixed(3)));
          const [x, y] = to(s, s);
          pen.globalAlpha = 0.35;
          pen.beginPath();
          pen.moveTo(x, 0); pen.lineTo(x, n); pen.moveTo(edge, y); pen.lineTo(edge + n, y);
          pen.stroke();
          pen.globalAlpha = 1;
          label(pen, text, Math.min(x, picture.w - 8), n + 15, { colour: dark });
          label(pen, text, edge - 5, Math.max(9, Math.min(n - 8, y)), { colour: dark,
            align: "right" });
        }
        if (!v.undo && !frame.arrays.y.length)
          label(pen, hint, edge + n / 2, n * 0.42, { colour: ui.theme.muted, size: 18 });
        paint(pen, (x, y) => to(share(x), share(y)), { dark, paper });
        if (cursor) {
          const [x, y] = to(...at.map(share));
          pen.strokeStyle = "#e6007a";
          pen.lineWidth = 3;
          pen.beginPath();
          pen.moveTo(x - 14, y); pen.lineTo(x + 14, y); pen.moveTo(x, y - 14); pen.lineTo(x, y + 14);
          pen.stroke();
        }
      });
    };
  };

  const points = () => {
    const fine = (a) => Math.round(a * 1000) / 1000;
    const step = (fast) => ((v.high - v.low) / 20) * (fast ? 0.2 : 1);
    return plane("A plane for points", {
      hint: "Click or drag here",
      place: (x, y, last) => { // a drag leaves points a little apart, not a smear
        const near = last && Math.hypot(last[0] - x, last[1] - y) < 0.05 * (v.high - v.low);
        return near && !erasing() ? null : [fine(x), fine(y)];
      },
      arrows: (at, by, slow) => at.map((a, i) => fine(a + by[i] * step(slow))),
      paint: (pen, to, { paper }) => {
        const { X, y } = frame.arrays;
        y.forEach((k, i) => {
          const kind = ui.palette.classes[k];
          mark(pen, kind.shape, ...to(X[2 * i], X[2 * i + 1]), 10, null, paper);
          mark(pen, kind.shape, ...to(X[2 * i], X[2 * i + 1]), 8.5, kind.colour, "#111");
        });
      },
    });
  };

  const curve = () => {
    const index = (x) => Math.round(((x - v.low) / (v.high - v.low)) *
      (frame.arrays.curve.length - 1));
    return plane("A curve", {
      hint: "Drag the line into shape",
      place: (x, y) => [index(x), Math.round(y * 1000) / 1000],
      arrows: (at, by, slow) => at.map((a, i) =>
        Math.round((a + by[i] * ((v.high - v.low) / 20) * (slow ? 0.2 : 1)) * 1000) / 1000),
      paint: (pen, to) => {
        const heights = frame.arrays.curve;
        pen.strokeStyle = ui.theme.dark ? "#4799fc" : "#0661b7";
        pen.lineWidth = 3;
        pen.lineJoin = "round";
        pen.beginPath();
        heights.forEach((y, i) => pen.lineTo(
          ...to(v.low + ((v.high - v.low) * i) / (heights.length - 1), y)));
        pen.stroke();
      },
    });
  };

  const pixels = () => {
    const pad = pixelPad(ui, { label: "Drawing pad", erase: erasing });
    ui.stage.append(pad.node);
    return () => pad.draw(frame.arrays.image, frame.sentence);
  };

  return (next) => {
    frame = next;
    v = frame.values;
    view ??= { classes: points, curve, pixels }[v.mode]();
    brush.hidden = v.mode !== "classes";
    erase.hidden = v.mode === "curve";
    brushes.forEach(({ row, input, name }, i) => {
      row.hidden = i >= v.classes;
      input.checked = frame.settings.brush === name;
    });
    undo.disabled = !v.undo;
    redo.disabled = !v.redo;
    view();
  };
});
