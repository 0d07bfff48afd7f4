"""The shell in a real browser: the wire, errors, speech, the live run."""

import base64

from nnlearn.demos import esm

LAB = "from nnlearn.demos import NeuronLab\nlab = NeuronLab(predict=False)\nlab"


def test_the_gate_is_closed_until_the_guess_and_then_tells(notebook):
    book = notebook(["from nnlearn.demos import NeuronLab\nlab = NeuronLab()\nlab"])
    view = book.demo()
    slider = view.root.get_by_role("slider", name="w1", exact=True)
    shut = "e => Boolean(e.closest('[inert]'))"
    assert slider.evaluate(shut)
    lock = view.root.get_by_role("button", name="That is my guess")
    assert lock.is_disabled()
    view.root.get_by_label("B. twice as far").check()
    lock.click()
    view.settle()
    told = view.root.locator(".nnl-told").inner_text()
    assert "Your guess: B" in told and "✗ Not quite" in told and "twice 0 is 0" in told
    assert book.python("print(lab.answered, lab.now['w'])") == "B [2.0, 0.8]"
    assert not slider.evaluate(shut)


def test_an_error_is_shown_in_the_demo_and_goes_away(notebook):
    book = notebook([LAB])
    view = book.demo()
    box = view.root.get_by_label("w1, value")
    box.fill("99")
    box.press("Enter")
    view.settle()
    assert "outside -30 to 30" in view.root.get_by_role("alert").inner_text()
    before = box.input_value()
    box.fill("")
    box.press("Enter")
    assert box.input_value() == before, "an empty box asks for nothing"
    box.fill("2.5")
    box.press("Enter")
    view.settle()
    assert view.root.locator(".nnl-problem").is_hidden()
    assert book.python("print(lab.w[0])") == "2.5"


def test_your_code_and_a_refused_one_are_named(notebook):
    book = notebook([
        "from nnlearn.demos import NeuronLab\nNeuronLab(lambda x, w, b: x @ w + b, predict=False)",
        "NeuronLab(lambda x, w, b: x @ w - b, predict=False)",
    ])  # fmt: skip
    assert book.demo(0).root.locator(".nnl-badge").inner_text().endswith("running: your code")
    bad = book.demo(1).root
    assert bad.locator(".nnl-badge").inner_text() == "running: nnlearn"
    text = bad.get_by_role("alert").inner_text()
    assert "x = (1, 0)" in text and "3.5" in text and "2.5" in text


def test_what_is_said_is_the_sentence_once_it_stands_still(notebook):
    book = notebook([LAB])
    view = book.demo()
    view.root.get_by_role("slider", name="b", exact=True).press("ArrowRight")
    view.settle()
    said = view.root.get_by_role("status")
    book.page.wait_for_function(
        "([s, v]) => s.textContent === v.textContent",
        arg=[said.element_handle(), view.root.locator(".nnl-sentence").element_handle()],
    )


def test_run_moves_pause_stops_and_the_run_says_nothing_between(notebook):
    book = notebook([LAB.replace("predict", "task='XOR', predict") + ".pace = 0.02\nlab"])
    view = book.demo()
    said = view.root.get_by_role("status")
    view.root.get_by_role("button", name="Run", exact=True).click()
    book.page.wait_for_function("e => Number(e.dataset.t) > 3", arg=view.root.element_handle())
    quiet = said.inner_text()
    book.page.wait_for_function("e => Number(e.dataset.t) > 30", arg=view.root.element_handle())
    assert said.inner_text() == quiet
    view.root.get_by_role("button", name="Pause").click()
    view.settle()
    assert view.root.get_attribute("data-playing") == "false"
    t = int(book.python("print(lab.t)"))
    assert int(view.root.get_attribute("data-t")) == t
    for name, want in [("Step", t + 1), ("Back", t), ("Rewind", 0)]:
        view.root.get_by_role("button", name=name, exact=True).click()
        view.settle()
        assert int(view.root.get_attribute("data-t")) == want
    view.root.get_by_role("slider", name="step shown").press("End")
    view.settle()
    assert int(view.root.get_attribute("data-t")) == t + 1


def test_a_busy_kernel_is_said_and_the_last_value_arrives(notebook):
    book = notebook([LAB])
    view = book.demo()
    book.page.evaluate(
        """() => { notebook.context.sessionContext.session.kernel.requestExecute(
            { code: 'import time; time.sleep(6)' }); }"""
    )
    slider = view.root.get_by_role("slider", name="w2", exact=True)
    for _ in range(12):
        slider.press("ArrowRight")
    view.root.get_by_text("Python is busy or has stopped").wait_for()
    view.settle()
    assert view.root.get_by_text("Python is busy or has stopped").is_hidden()
    assert book.python("print(round(lab.w[1], 2))") == "1.0"


def test_the_script_needs_no_notebook(browser):
    """The composed module in an empty page, with a stand-in for the model."""
    from nnlearn.demos import NeuronLab

    demo = NeuronLab(predict=False)
    page = browser.new_page()
    page.goto("about:blank")
    sent = page.evaluate(
        """async ([code, css, spec, frame]) => {
            document.head.append(Object.assign(document.createElement('style'),
              { textContent: css }));
            const bytes = (t) => Uint8Array.from(atob(t), (c) => c.charCodeAt(0));
            const state = { spec, frame: new DataView(bytes(frame).buffer) };
            const sent = window.sent = [], on = window.on = {};
            window.state = state;
            const model = { get: (k) => state[k], send: (m) => sent.push(m),
              on: (e, f) => { on[e] = f; }, off() {} };
            const mod = await import(URL.createObjectURL(
              new Blob([code], { type: 'text/javascript' })));
            const el = document.body.appendChild(document.createElement('div'));
            mod.default.render({ model, el });
            return sent; }""",
        [esm.compose(NeuronLab.script), NeuronLab._css, demo.spec,
         base64.b64encode(demo.frame).decode()],
    )  # fmt: skip
    assert sent[0]["do"] == "hello"
    page.wait_for_function("() => Number(document.querySelector('.nnl').dataset.drawn) > 0")
    page.get_by_role("slider", name="w1", exact=True).press("ArrowRight")
    page.get_by_role("slider", name="w1", exact=True).press("ArrowRight")
    sent = page.evaluate("() => sent")
    assert [m["do"] for m in sent] == ["hello", "weights"], "one at a time, the rest is merged"
    page.evaluate("() => { state.frame = new DataView(new ArrayBuffer(7)); on['change:frame'](); }")
    assert "could not be read" in page.get_by_role("alert").inner_text()
    page.close()
