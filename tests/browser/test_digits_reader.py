"""The digits reader in JupyterLab: live, stopped at once, by keyboard, twice, in quiet motion."""

from __future__ import annotations

import json
import time

import pytest

CELL = "from nnlearn.demos import DigitsReader\nd = DigitsReader({})\nd"
WATCH = """e => { window.seen = []; new MutationObserver(() => seen.push(
    [performance.now(), Number(e.dataset.t)])).observe(e, { attributeFilter: ['data-drawn'] }); }"""
NAMELESS = """e => [...e.querySelectorAll('button, input, select, textarea, canvas')]
    .filter(n => n.offsetParent && !n.closest('[aria-hidden="true"]') && !n.ariaLabel
      && !n.labels?.length && !n.textContent.trim()).map(n => n.outerHTML)"""
KEYS = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "d", "d", "x", "a", "Enter"]


def ended(book, view):
    book.page.wait_for_function(
        "e => e.dataset.playing === 'false' && Number(e.dataset.t) > 100",
        arg=view.root.element_handle(),
        timeout=60_000,
    )
    view.settle()


def press(view, name):
    view.root.get_by_role("button", name=name, exact=True).click()


@pytest.mark.alone
def test_it_learns_before_the_eyes(notebook, record_property):
    book = notebook([CELL.format("")])
    view = book.demo()
    view.root.get_by_label("D. over 90").check()
    press(view, "That is my guess")
    view.settle()
    view.root.evaluate(WATCH)
    press(view, "Run")
    view.newer(view.frame + 20)
    start = time.perf_counter()
    assert book.python("print(6 * 7)") == "42"
    answered = time.perf_counter() - start
    ended(book, view)
    seen = book.page.evaluate("() => seen")
    seconds = (seen[-1][0] - seen[0][0]) / 1000
    rate = len(seen) / seconds
    record_property("frames a second", round(rate, 1))
    record_property("seconds", round(seconds, 2))
    print(f"{rate:.1f} frames a second, {seconds:.1f} s, other cell after {answered:.2f} s")
    result = json.loads(book.python("import json; print(json.dumps(d.result))"))
    assert result["accuracy"] >= 0.92
    assert result["linear"] < result["accuracy"]
    assert result["seconds"] < 10
    assert rate >= 5  # two quiet cores show 20 and more (printed); a busy one must not fail this
    assert 5 < seconds < 10
    assert answered < 2
    assert "✓ Right" in view.root.locator(".nnl-told").inner_text()
    assert view.root.evaluate(NAMELESS) == []
    assert book.python("print(d.finished(), d.problem)") == "True"


@pytest.mark.alone
def test_pause_works_within_two_frames_and_back_and_rewind_after_it(notebook):
    book = notebook([CELL.format("predict=False")])
    view = book.demo()
    press(view, "Run")
    view.newer(view.frame + 15)
    view.root.evaluate(WATCH)
    at_click = view.root.evaluate(
        """e => { [...e.querySelectorAll('button')].find(b => b.textContent === 'Pause').click();
                  return seen.length; }"""
    )
    book.page.wait_for_function(
        "e => e.dataset.playing === 'false'", arg=view.root.element_handle()
    )
    book.page.wait_for_timeout(600)
    late = book.page.evaluate("() => seen.length") - at_click
    print(f"{late - 1} frames after Pause")
    assert late <= 4  # the answer, and what was on its way: three frames at most
    press(view, "Step")
    view.settle()
    later = view.pixels()
    press(view, "Back")
    view.settle()
    press(view, "Rewind")
    view.settle()
    first = view.pixels()
    assert view.root.get_attribute("data-t") == "0"
    assert first != later
    scrub = view.root.get_by_label("step shown")
    scrub.focus()
    book.page.keyboard.press("End")
    view.settle()
    assert view.root.get_attribute("data-t") != "0"


def test_all_by_keyboard_and_no_key_reaches_the_notebook(notebook):
    book = notebook([CELL.format(""), "1"])
    view, keys = book.demo(), book.page.keyboard
    cells = book.cells()
    view.root.get_by_label("A. about 10").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    view.settle()
    view.root.get_by_role("button", name="Run", exact=True).focus()
    keys.press("Tab")  # Step: one epoch
    keys.press("Enter")
    view.settle()
    assert "After epoch 1" in view.sentence()
    digit = view.root.locator(".ndr-digit").first
    digit.focus()
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    keys.press("Enter")
    view.settle()
    assert book.python("print(d.specimen['index'] == d.shown[11])") == "True"
    pad = view.root.get_by_role("application")
    pad.focus()
    keys.press("Space")
    for key in ["ArrowDown"] * 9:
        keys.press(key)
    keys.press("Space")
    view.settle()
    assert book.python("print(d.specimen['kind'], d.specimen['picture'].sum() > 3)") == "drawn True"
    for key in KEYS:
        keys.press(key)
    keys.press("Delete")
    view.settle()
    assert book.python("print(d.specimen['kind'])") == "empty"
    digit.focus()
    for key in KEYS:
        keys.press(key)
    assert book.cells() == cells


def test_two_copies_a_second_run_of_the_cell_and_a_restart(notebook):
    cell = CELL.format("predict=False")
    book = notebook([cell, cell.replace("\nd", "\ne")])
    one, two = book.demo(0), book.demo(1)
    press(one, "Step")
    one.settle()
    assert one.root.get_attribute("data-t") != "0"
    assert two.root.get_attribute("data-t") == "0"
    press(two, "Run")
    two.newer(two.frame + 5)
    book.python("old = e")
    book.run(1)
    book.page.wait_for_timeout(500)
    assert book.python("print(old._player.running, e._player.running)") == "False False"
    book.page.evaluate("() => notebook.context.sessionContext.session.kernel.restart()")
    book.run(0)
    book.page.wait_for_function("() => document.querySelector('.nnl')?.dataset.t === '0'")
    again = book.demo(0)
    press(again, "Step")
    again.settle()
    assert "After epoch 1" in again.sentence()


def test_reduced_motion_makes_few_large_steps(notebook):
    book = notebook([CELL.format("predict=False")], width=400, reduced_motion="reduce")
    view = book.demo()
    view.root.evaluate(WATCH)
    press(view, "Run")
    book.page.wait_for_timeout(2600)
    press(view, "Pause")
    view.settle()
    steps = {t for _, t in book.page.evaluate("() => seen")}
    assert len(steps) <= 8
    assert all(t % 10 == 0 for t in steps)
    wide = view.root.evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 1
