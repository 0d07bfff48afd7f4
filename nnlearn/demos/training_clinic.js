// A patient's curves, the tests that were ordered, the diagnosis, the treatment, the sick line.
import { button, counted, demo, el, select } from "./shell.js";
import { curvesHeight, drawCurves } from "./clinic_curves.js";
import { drawPanel, panelHeight } from "./clinic_panels.js";

export default demo((ui) => {
  ui.root.classList.add("ntc");
  let v = null;
  let frame = null;

  // ---- the curves, and a panel for each test
  const curves = ui.canvas({ label: "Loss curves",
    aspect: (w) => curvesHeight(w, Boolean(v?.treatment)) });
  const panels = {};
  const evidence = el("div", { className: "ntc-evidence" });
  const none = el("p", { className: "ntc-none" }, "The tests that you order are shown here.");
  ui.stage.append(none, evidence);
  const panel = (key) => {
    if (panels[key]) return panels[key];
    const picture = ui.picture({ label: key, aspect: (w) => panelHeight(key, w,
      v.found.find((its) => its.key === key)?.lost) });
    const head = el("h4", {});
    const text = el("p", { className: "nnl-note" });
    const node = el("section", { className: "ntc-test" }, head, picture.node, text);
    panels[key] = { picture, head, text, node };
    evidence.append(node);
    return panels[key];
  };
  const drawTests = () => {
    const shown = v.found.map((its) => its.key);
    for (const [key, { node }] of Object.entries(panels)) node.hidden = !shown.includes(key);
    none.hidden = shown.length > 0;
    for (const its of v.found) {
      const { picture, head, text, node } = panel(its.key);
      node.style.order = shown.indexOf(its.key);
      head.textContent = its.title;
      text.textContent = its.text;
      node.setAttribute("aria-label", its.title);
      picture.describe(`${its.title}. ${its.text}`);
      const arrays = Object.fromEntries(Object.entries(frame.arrays)
        .filter(([name]) => name.startsWith(`${its.key}_`))
        .map(([name, array]) => [name.slice(its.key.length + 1), array]));
      picture.paint((pen, w, h) => drawPanel(pen, w, h, its.key, { theme: ui.theme, v: its, arrays }));
    }
  };

  // ---- what can be done
  const step = (title, ...inner) => el("fieldset", { className: "ntc-step" },
    el("legend", {}, title), ...inner);
  const told = () => el("p", { className: "nnl-told", hidden: true });
  const tests = el("div", { className: "ntc-tests" });
  const left = el("p", { className: "nnl-note" });
  const opinion = el("p", { className: "nnl-note ntc-opinion" });
  const chooser = (name, action, word) => {
    const pick = select({ label: name, options: [], send: () => { go.disabled = !ready(); } });
    pick.input.append(el("option", { value: "" }, "choose"));
    const go = button(word, () => ui.send(action.name, { [action.argument]: pick.input.value }),
      { disabled: true });
    let may = false;
    const ready = () => may && Boolean(pick.input.value) && !pick.input.selectedOptions[0].disabled;
    return { pick, go, nodes: [pick.node, go],
      set(options, allowed, open = allowed, spent = []) {
        may = allowed;
        if (pick.input.children.length === 1)
          pick.input.append(...options.map((text) => el("option", { value: text }, text)));
        for (const option of pick.input.children) {
          option.disabled = spent.includes(option.value);
          if (option.value) option.textContent = `${option.disabled ? "✗ " : ""}${option.value}`;
        }
        pick.input.disabled = !open;
        go.disabled = !ready();
      },
      clear() { pick.input.value = ""; } };
  };
  const name = chooser("It is", { name: "name", argument: "fault" }, "That is my diagnosis");
  const treat = chooser("Treat", { name: "treat", argument: "fix" }, "Run it again with this");
  const wait = el("p", { className: "nnl-note", hidden: true },
    "Another name wants new evidence: order a test first.");
  const verdict = told();
  const result = told();
  const table = el("div", { className: "nnl-table ntc-result", hidden: true });
  const the = el("div", { className: "ntc-line", hidden: true });
  const next = button("Next patient", () => ui.send("next"));
  const score = el("p", { className: "nnl-note ntc-score" });
  const closing = el("p", { className: "nnl-told ntc-closing", hidden: true });
  const rows = el("div", { className: "nnl-table" });
  const title = el("summary", {});
  const anew = button("Forget all charts and start over", () => {
    next.focus(); // this button goes with the charts
    ui.send("rewind");
  });
  const book = el("details", { className: "ntc-book", hidden: true }, title, rows, anew);
  const treatStep = step("3. Treat", ...treat.nodes, result, table);
  ui.controls.append(ui.control("patient"), next, ui.control("axis"), opinion,
    step("1. Order tests", tests, left),
    step("2. Name the fault", ...name.nodes, wait, verdict, the), treatStep, score);
  ui.stage.parentNode.after(closing, book);

  const testButton = (test) => {
    const node = button(test.name, () => ui.send("order", { test: test.key }),
      { className: "nnl-button ntc-order" });
    node.dataset.test = test.key;
    return node;
  };
  const drawOrders = () => {
    if (!tests.children.length) tests.append(...v.tests.map(testButton));
    const used = v.tests.filter((test) => test.ordered).length;
    const shown = v.found.map((its) => its.key);
    v.tests.forEach((test, i) => {
      const node = tests.children[i];
      node.setAttribute("aria-pressed", shown.includes(test.key));
      node.dataset.ordered = test.ordered;
      node.disabled = !test.ordered && used >= v.allowed;
    });
    const rest = v.allowed - used;
    left.textContent = rest ? `${rest} of ${v.allowed} tests left.`
      : "All tests are spent. Press one to put it away or take it out again.";
  };

  const say = (node, text, right) => {
    node.hidden = !text;
    if (!text || node.textContent === text) return;
    node.textContent = text;
    node.dataset.right = right;
    ui.say(text);
  };
  const drawLine = () => {
    the.hidden = !v.line || (!v.line.sick && !v.line.well);
    if (the.hidden) return;
    const code = (text, none) => text ? el("code", {}, text) : el("em", {}, none);
    the.replaceChildren(el("p", {}, el("b", {}, "The line: "), code(v.line.sick, "it is missing")),
      ...(v.cured ? [el("p", {}, el("b", {}, "Repaired: "), code(v.line.well, "it goes"))] : []));
  };
  const drawResult = () => {
    const its = v.treatment;
    say(result, its ? `${its.cured ? "✓" : "✗"} ${its.text}` : "", its?.cured);
    table.hidden = !its;
    if (its) table.replaceChildren(el("table", {},
      el("thead", {}, el("tr", {}, ...["", "before", "treated"].map((text) =>
        el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...its.rows.map(([what, ...numbers]) => el("tr", {},
        el("th", { scope: "row" }, what), ...numbers.map((n) => el("td", {}, String(n))))))));
  };

  const drawBook = () => {
    say(closing, v.closing, true);
    book.hidden = v.casebook.length === 0;
    title.textContent = `Casebook: ${v.casebook.length} of ${v.score.of} patients`;
    const row = (kind, cells) => el("tr", {}, ...cells.map((text) => el(kind, {}, text)));
    if (!book.hidden) rows.replaceChildren(el("table", {},
      el("thead", {}, row("th", ["Patient", "What it was", "What shows it", "You named it", "Cured"])),
      el("tbody", {}, ...v.casebook.map((its) => row("td",
        [String(its.patient), its.fault, its.shown, its.how, its.cured ? "✓" : "not yet"])))));
  };
  const firstTest = () => [...tests.children].find((node) => !node.disabled &&
    node.dataset.ordered === "false") ?? next;

  let patient = 0;
  return (now) => {
    frame = now;
    v = now.values;
    if (patient !== v.patient) { name.clear(); treat.clear(); }
    patient = v.patient;
    curves.describe(`Loss curves. ${now.sentence}`);
    curves.paint((pen, w, h) => drawCurves(pen, w, h, { theme: ui.theme, v, arrays: frame.arrays }));
    drawTests();
    drawOrders();
    name.set(v.names, !v.known && !v.guessing, !v.known, v.refuted);
    wait.hidden = !v.guessing;
    treat.set(v.fixes, v.may_treat);
    treatStep.dataset.open = v.may_treat;
    say(verdict, v.verdict ? `${v.verdict.right ? "✓" : "✗"} ${v.verdict.text}` : "",
      v.verdict?.right);
    drawLine();
    drawResult();
    const who = v.opinion.yours ? "your diagnose" : "nnlearn's diagnose_rate (05.7)";
    opinion.textContent = v.opinion.worth ? `Second opinion, ${who}: ${v.opinion.worth}`
      : `Second opinion, ${who}, which sees the training loss alone: “${v.opinion.said}”.`;
    const s = v.score;
    score.textContent = `Named ${s.named} of ${s.of}: ${s.proved} with proof, ` +
      `${s["at first go"]} at first go, with ${counted(s.tests, "test")}. Cured ${s.cured}.` +
      (v.open.length ? ` Still open: ${v.open.join(", ")}.` : "");
    drawBook();
    const focus = document.activeElement; // what had the keyboard may be spent
    if (ui.root.contains(focus) && focus.disabled)
      (v.known ? treat.pick.input : v.guessing ? firstTest() : name.pick.input).focus();
  };
});
