// Ten neurons as pictures, one of them at work on a digit, and its z over all digits.
import { heatmap, label, num, ramp } from "./draw.js";
import { button, el, select, slider } from "./inputs.js";

export function weightsView(ui) {
  const grid = ui.picture({ label: "Ten neurons", aspect: (w) => (w < 420 ? 3.1 : 0.62) });
  const scale = el("p", { className: "nnl-note" });
  const work = ui.picture({ label: "One neuron at work", aspect: (w) => (w < 420 ? 1.42 : 0.31) });
  const sum = el("p", { className: "nnl-sum" });
  const spread = ui.picture({ label: "z over all digits", aspect: (w) => (w < 320 ? 0.75 : 0.6) });
  const spreadNote = el("p", { className: "nnl-note" });
  let [v, arrays] = [null, null];

  const whole = { low: 0, high: 9, step: 1, busy: ui.busy };
  const look = (name) => (value) => ui.send("look", { [name]: value }, `look ${name}`);
  const layer = select({ label: "Layer", options: ["trained", "random start"], busy: ui.busy,
    send: look("layer") });
  const neuron = slider({ label: "Neuron", ...whole, send: look("neuron") });
  const digit = slider({ label: "Digit", ...whole, send: look("digit") });
  const bias = slider({ label: "Bias b", low: -1, high: 1, step: 0.01, busy: ui.busy,
    send: (b) => ui.send("bias", { b }, "bias") });
  const inputs = el("div", { className: "nnl-aside", role: "group",
    "aria-label": "Neuron and digit" }, layer.node, neuron.node, bias.node, digit.node, button("Next example", () => ui.send("next")));

  const cells = (w, h) => { // where the ten pictures stand
    const columns = w < 420 ? 2 : 5;
    const rows = Math.ceil(10 / columns);
    const [wide, tall] = [w / columns, (h - 4) / rows];
    const side = Math.min(wide - 12, tall - 58);
    return [...Array(10).keys()].map((k) => ({ side,
      x: (k % columns) * wide + (wide - side) / 2, y: Math.floor(k / columns) * tall + 26 }));
  };

  const picture = (pen, numbers, x, y, side, limit, colours = ui.theme.diverging, low = -limit) => {
    heatmap(pen, numbers, 8, 8, { low, high: limit, colours, x, y, w: side, h: side });
    pen.strokeStyle = ui.theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(x, y, side, side);
  };

  const signed = (value, limit) => // a bias in the colours of the weights
    `rgb(${ramp(ui.theme.diverging)(0.5 + value / limit / 2).join(",")})`;

  const paintGrid = (pen, w, h) => {
    const { ink, line } = ui.theme;
    cells(w, h).forEach(({ x, y, side }, k) => {
      picture(pen, arrays.W.subarray(64 * k, 64 * k + 64), x, y, side, v.clip);
      const held = k === v.neuron;
      label(pen, `neuron ${k}`, x + side / 2, y - 13, { colour: ink, bold: held });
      const left = Math.max(2, x - 16 * (w < 420)); // a narrow cell: the number needs the room
      pen.fillStyle = signed(v.b[k], v.clip);
      pen.fillRect(left, y + side + 7, 17, 17);
      pen.strokeStyle = line;
      pen.strokeRect(left, y + side + 7, 17, 17);
      label(pen, `b = ${num(Number(v.b[k].toPrecision(2)))}`, left + 23, y + side + 16,
        { colour: ink, align: "left" });
      if (!held) return;
      pen.strokeStyle = ui.theme.dark ? "#ff5fb0" : "#c2006b";
      pen.lineWidth = 4;
      pen.strokeRect(x - 4, y - 4, side + 8, side + 8);
    });
  };

  const paintWork = (pen, w) => {
    const { ink, muted } = ui.theme;
    const columns = w < 420 ? 2 : 4;
    const wide = w / columns;
    const side = Math.min(wide - 24, 180);
    const [low, high] = ui.theme.dark ? ["#111111", "#f6f6f6"] : ["#ffffff", "#111111"];
    const biggest = (numbers) => Math.max(1e-300, ...numbers.map(Math.abs));
    const most = biggest(arrays.products);
    const parts = [
      ["the digit", arrays.ink, 1, [low, high], 0, "ink 0 to 1"],
      [columns === 2 ? "x: − mean" : "x: minus the mean", arrays.x, 1, undefined, undefined, "±1"],
      [`w of neuron ${v.neuron}`, arrays.W.subarray(64 * v.neuron, 64 * v.neuron + 64), v.clip,
        undefined, undefined, `±${num(v.clip)}`],
      [columns === 2 ? "w × x" : "products w × x", arrays.products, most, undefined, undefined,
        `±${num(most)}`],
    ];
    parts.forEach(([name, numbers, limit, colours, from, ends], i) => {
      const x = (i % columns) * wide + (wide - side) / 2;
      const y = Math.floor(i / columns) * (side + 54) + 26;
      picture(pen, numbers, x, y, side, limit, colours, from);
      label(pen, name, x + side / 2, y - 13, { colour: ink });
      label(pen, ends, x + side / 2, y + side + 13, { colour: muted });
      const sign = columns === 4 || i % 2 ? ["", "", "×", "="][i] : "";
      if (sign) label(pen, sign, x - (wide - side) / 2, y + side / 2,
        { colour: ink, size: 20, bold: true });
    });
  };

  const paintSpread = (pen, w, h) => {
    const { ink, paper, line, diverging } = ui.theme;
    const [floor, tall] = [h - 30, h - 76];
    const limit = 2 * v.reach;
    const x = (z) => 8 + ((z + limit) / (2 * limit)) * (w - 16);
    const b = v.b[v.neuron];
    const { counts } = arrays;
    const most = Math.max(...counts);
    const width = (v.high - v.low) / counts.length;
    // the bars stand at w·x and are moved by b: a shift, by construction and for the eye
    for (const [from, to, colour] of [[0, x(0), diverging[1]], [x(0), w, diverging[5]]]) {
      pen.save();
      pen.beginPath();
      pen.rect(from, 0, to - from, h);
      pen.clip();
      pen.fillStyle = colour;
      counts.forEach((n, k) => {
        const [left, right] = [x(v.low + k * width + b), x(v.low + (k + 1) * width + b)];
        pen.fillRect(left, floor - (tall * n) / most, Math.max(1.5, right - left - 0.5),
          (tall * n) / most);
      });
      pen.restore();
    }
    pen.fillStyle = line;
    pen.fillRect(8, floor, w - 16, 1);
    pen.fillStyle = ink;
    pen.fillRect(x(0) - 1, 44, 2, floor - 44);
    for (const z of [-limit, 0, limit])
      label(pen, num(z), Math.min(w - 18, Math.max(18, x(z))), h - 14, { colour: ink });
    label(pen, "quiet", x(0) - 8, 11, { colour: ink, align: "right" });
    label(pen, "fires", x(0) + 8, 11, { colour: ink, align: "left" });
    const at = x(v.z);
    pen.fillStyle = ui.theme.dark ? "#ff5fb0" : "#c2006b";
    pen.fillRect(at - 1.5, 42, 3, floor - 42);
    const text = `this ${v.digit}: z = ${num(Number(v.z.toPrecision(3)))}`;
    const half = pen.measureText(text).width / 2;
    label(pen, text, Math.min(w - half, Math.max(half, at)), 32, { colour: ink, halo: paper });
  };

  grid.node.addEventListener("pointerdown", (event) => {
    const [x, y] = grid.at(event);
    const hit = cells(grid.w, grid.h).findIndex((c) => x >= c.x && x <= c.x + c.side &&
      y >= c.y - 24 && y <= c.y + c.side + 26);
    if (hit >= 0) ui.send("look", { neuron: hit });
  });

  const setBias = () => {
    const step = v.reach / 100;
    for (const input of [bias.bar, bias.box])
      Object.assign(input, { min: -v.reach, max: v.reach });
    bias.bar.step = step;
    bias.set(Number(v.b[v.neuron].toPrecision(3)));
  };

  const draw = (frame) => {
    [v, arrays] = [frame.values, frame.arrays];
    const b = v.b[v.neuron];
    grid.describe(`Ten neurons as pictures of their weights, ${v.layer}; neuron ${v.neuron} is ` +
      `looked at. ${frame.sentence}`);
    grid.paint(paintGrid);
    scale.textContent = `Blue: weight above 0. ${ui.theme.dark ? "Yellow" : "Brown"}: below 0. ` +
      `Colours stop at ±${num(v.clip)}` + (v.beyond ? `; ${v.beyond} of 640 weights lie beyond.`
      : ".");
    work.describe(`Neuron ${v.neuron} at a ${v.digit}: ${frame.sentence}`);
    work.paint(paintWork);
    const three = (value) => num(Number(value.toPrecision(3)));
    sum.replaceChildren("Σ products ", three(v.total), b < 0 ? " − " : " + ",
      el("b", {}, three(Math.abs(b))), " = ", el("b", {}, `z ${three(v.z)}`));
    spreadNote.textContent = `z of neuron ${v.neuron} for all ${v.number} digits. It fires at ` +
      `${Math.round(100 * v.firing)}% of them.`;
    spread.describe(spreadNote.textContent);
    spread.paint(paintSpread);
    layer.set(v.layer);
    neuron.set(v.neuron);
    digit.set(v.digit);
    setBias();
  };
  return { stage: [grid.node, scale, work.node],
    aside: [sum, spread.node, spreadNote, inputs], draw };
}
