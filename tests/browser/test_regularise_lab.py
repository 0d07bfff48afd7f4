"""D8 with keys and with a mouse, live in every view, changed on the way, told and refused."""

import pytest

CELL = "import numpy as np\nfrom nnlearn.demos import RegulariseLab\n"
MINE = """
def my_dropout(x, p, rng, training=True):
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
"""
MODES = ["test mode", "train mode (a mistake)", "50 thinned networks"]


def open_lab(notebook, arguments="predict=False", before="", after=(), **more):
    book = notebook([f"{CELL}{before}\ndemo = RegulariseLab({arguments})\ndemo", *after], **more)
    return book, book.demo()


@pytest.mark.alone
@pytest.mark.parametrize("mode", [MODES[0], MODES[2]])
def test_it_runs_live_in_every_view_and_stops_within_two_frames(notebook, record_property, mode):
    book, view = open_lab(
        notebook, f"my_dropout, p=0.5, mode={mode!r}, predict=False", MINE,
        after=["answer = 6 * 7\nprint(answer, demo.t)"],
    )  # fmt: skip
    assert view.root.locator(".nnl-badge").inner_text().endswith("running: your code")
    first = view.pixels()
    view.watch()
    view.root.get_by_role("button", name="Run", exact=True).click()
    view.reach(5)
    book.run(1)
    book.page.wait_for_function(
        "() => /42 [1-9]/.test([...document.querySelectorAll('.jp-OutputArea-output')]"
        ".map((n) => n.textContent).join(' '))"
    )
    assert view.root.get_attribute("data-playing") == "true", "other cells answer meanwhile"
    view.reach(90)
    rate, late = view.pause(mode, record_property)
    assert late <= 2
    assert rate >= 12  # 20 and more where the machine is quiet (printed)
    assert view.pixels() != first


def test_changed_while_it_runs_marked_and_brought_back(notebook):
    book, view = open_lab(notebook)
    view.root.get_by_role("button", name="Run", exact=True).click()
    view.reach(20)
    view.root.get_by_label("On the weights", exact=True).select_option("decoupled decay")
    book.page.wait_for_function("() => document.querySelectorAll('.nrl-events li').length === 1")
    t = book.told("demo.programme.events[0][0]")
    view.reach(t + 20)
    assert view.root.get_attribute("data-playing") == "true", "a change does not stop it"
    book.python("demo.stop()")
    view.settle()
    event = view.root.locator(".nrl-events li").inner_text()
    assert event == f"from epoch {t}: decoupled decay, λ = 1"
    assert "1 − lr · λ = 0.99" in view.root.locator(".nrl-pays").inner_text()
    scrub = view.root.get_by_role("slider", name="epoch shown")
    assert scrub.get_attribute("aria-valuetext").startswith("epoch ")
    scrub.evaluate(
        "(e, t) => { e.value = t; e.dispatchEvent(new Event('input', { bubbles: true })); }", t - 1
    )
    view.settle()
    assert view.root.get_by_label("On the weights", exact=True).input_value() == "none"
    assert view.root.locator(".nnl-count").inner_text() == f"epoch {t - 1}"
    view.root.get_by_role("button", name="From the start with these settings").click()
    view.settle()
    assert "test before: no penalty" in view.root.locator(".nrl-legend").inner_text()


def test_everything_with_the_keyboard_alone(notebook):
    book, view = open_lab(notebook, "patience=20")
    page = book.page
    assert view.root.locator(".nrl-set[inert]").count() == 1, "locked until the guess"
    view.root.locator(".nnl-ask input").focus()
    page.keyboard.type("280")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    view.settle()
    step = view.root.get_by_role("button", name="Step", exact=True)
    step.focus()
    written = view.inked(lambda: [page.keyboard.press("Enter") for _ in range(4)])
    assert book.told("demo.t") == 4
    assert "best 4," in written and "by validation" in written, "which data chose it"
    guessing = view.root.locator(".nrl-numbers tr", has_text="guessing (test)")
    assert guessing.locator("td").all_inner_texts() == ["0.693", "0.50"]
    for name, value in [("Dropout p, value", "0.5"), ("Strength λ, value", "0.02")]:
        box = view.root.get_by_label(name, exact=True)
        if not box.is_visible():
            view.root.get_by_label("On the weights", exact=True).focus()
            page.keyboard.type("L2")
            page.keyboard.press("Enter")
            view.settle()
        box.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        view.settle()
    assert book.told("demo.programme.events") == [
        [4, {"penalty": "L2 penalty", "lam": 0.02, "p": 0.5}]
    ]
    book.python("demo.run(300)")
    view.settle()
    assert "Stopped early: 20 epochs without" in view.root.locator(".nnl-stage").inner_text()
    back = view.root.get_by_role("button", name="Back to the best epoch (by validation)")
    back.focus()
    page.keyboard.press("Enter")
    view.settle()
    assert book.told("[demo.t == demo.best, demo.trace.last - demo.t]") == [True, 20]
    assert back.is_disabled()
    losses = view.root.get_by_role("img", name="Best epoch so far, by validation")
    assert losses.get_attribute("aria-label").endswith(f": {book.told('demo.best')}.")
    book.python("demo.set(patience=1); demo.run(1)")
    view.settle()
    assert "Stopped early: 1 epoch without" in view.root.locator(".nnl-stage").inner_text()


def test_the_guess_is_judged_and_the_masks_are_told_by_shape_and_word(notebook):
    book, view = open_lab(notebook, "")
    view.root.locator(".nnl-ask input").fill("280")
    view.root.get_by_role("button", name="That is my guess").click()
    view.settle()
    book.python("demo.run(200)")
    view.settle()
    text = view.root.locator(".nnl-told").inner_text()
    assert "✗ Not quite" in text and "looks like progress" in text
    units = view.root.locator(".nrl-inside canvas").first
    full = units.evaluate("c => c.toDataURL()")
    assert "all neurons took part" in units.get_attribute("aria-label")
    book.python("demo.set(p=0.5); demo.run(1)")
    view.settle()
    assert units.evaluate("c => c.toDataURL()") != full
    dropped = book.told("sum(int((m == 0).sum()) for m in demo.now.masks)")
    assert f"{dropped} of 64 neurons were dropped" in units.get_attribute("aria-label")
    assert "⊗ dropped" in view.root.locator(".nrl-inside").inner_text()
    # a cross, in ink, on what is dropped; none of the class colours says it alone
    dark = """(c) => { const { width, height } = c; const d = c.getContext('2d')
        .getImageData(0, 0, width, height).data; let n = 0;
        for (let i = 0; i < d.length; i += 4)
          if (d[i + 3] > 200 && d[i] < 60 && d[i + 1] < 60 && d[i + 2] < 60) n++; return n; }"""
    assert units.evaluate(dark) > 20 * dropped


def test_dropout_left_on_flickers_at_the_press_of_a_button(notebook):
    book, view = open_lab(notebook, "p=0.5, predict=False")
    book.python("demo.run(40)")
    view.reach(40)
    again = view.root.get_by_role("button", name="Predict again")
    assert again.is_hidden(), "in test mode the same comes out every time"
    view.root.get_by_label("Predict in", exact=True).select_option(MODES[1])
    view.settle()
    before, said, history = view.pixels(), view.sentence(), book.told("list(demo._past.times)")
    again.click()
    view.settle()
    assert view.pixels() != before and view.sentence() != said
    assert "Dropout left on" in view.sentence() and "In test mode it is" in view.sentence()
    assert book.told("list(demo._past.times)") == history
    view.root.get_by_label("Predict in", exact=True).select_option(MODES[2])
    view.settle()
    assert "% of the map" in view.sentence()
    assert "Thin: 12 of the thinned" in view.root.locator(".nrl-key").inner_text()


def test_a_refused_dropout_stands_beside_the_rule_and_divergence_is_said(notebook):
    wrong = MINE.replace(" / (1 - p)", " * 1.0")
    book, view = open_lab(
        notebook, "my_dropout, penalty='decoupled decay', lam=10, lr=0.5, predict=False", wrong
    )
    text = view.root.locator(".nnl-refused").inner_text()
    assert "Your dropout, six numbers, p = 0.5: a mask holds 0 and 1/(1 − p) = 2 alone" in text
    assert view.root.locator(".nnl-badge").inner_text() == "running: nnlearn"
    book.python("demo.run(300)")
    view.reach(1)
    assert view.sentence().startswith("Diverged at epoch ") and "go back" in view.sentence()
    assert view.root.locator(".nnl-problem").is_hidden()


def test_a_large_penalty_does_not_press_the_losses_flat(notebook):
    book, view = open_lab(notebook, "penalty='L2 penalty', lam=10, predict=False")
    written = view.inked(lambda: book.python("demo.run(3)"))
    assert book.told("demo.trace.at(0)['penalty']") > 50
    assert "0.5" in written and "100" not in written, "the axis is of the losses"
    assert "no better than guessing" in view.sentence()


def test_a_phone_holds_every_view(notebook):
    book, view = open_lab(notebook, "p=0.5, penalty='L2 penalty', predict=False", width=320)
    book.python("demo.run(20); demo.set(p=0.2); demo.run(5)")
    for mode in MODES:
        view.root.get_by_label("Predict in", exact=True).select_option(mode)
        view.settle()
        wide = view.root.evaluate(
            """e => [...e.querySelectorAll('button, input, select, canvas, p, label, li, td, th')]
                .filter((n) => n.offsetParent && !n.closest('.nnl-table, .nnl-aloud'))
                .filter((n) => n.getBoundingClientRect().right >
                  e.getBoundingClientRect().right + 1).map((n) => n.outerHTML)"""
        )
        assert wide == [], mode
