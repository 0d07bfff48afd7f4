"""What every demo must do in a real JupyterLab; a demo is tested as soon as it is exported."""

import re

import pytest

import nnlearn.demos
from tests.browser.lab import Notebook

# Side by side, the demos are shared out one by one: this file is half of all browser tests.
DEMOS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in nnlearn.demos.__all__]
TREE = """(e) => [...e.querySelectorAll('button, input, select, textarea, canvas, [role=slider],'
    + '[role=application], [role=group], [role=img]')].filter((n) => n.offsetParent !== null
    && !n.closest('[aria-hidden=true]')).map((n) => n.id || (n.id = 'n' + Math.random()))"""


@pytest.fixture(scope="module", params=DEMOS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def kept(name, lab, desk):
    """One notebook a demo, with three of it: to start a kernel takes longer than most tests."""
    make = f"from nnlearn.demos import {name}\ndemo = {name}()\ndemo"
    book = Notebook(lab, desk.page(), f"every-{name}", [make, f"other = {name}()\nother", make])
    assert book.errors == []
    yield book
    book.close()


@pytest.fixture
def afresh(kept, desk):
    """The notebook of this demo after its first cell has run again: a new demo for each test."""

    def run(**media):
        desk.page(**media)
        kept.run(0)
        return kept, kept.demo()

    yield run
    outside, faults = desk.outside[:], desk.faults[:]
    desk.tidy()
    assert outside == [] and faults == []


def test_first_view_guess_table_line_and_file(name, afresh):
    book, view = afresh()
    assert len(view.sentence()) > 10, "a finding before any click"
    drawn = view.root.locator(".nnl-body canvas").count()  # some demos are made of cells, not ink
    assert not drawn or len(view.pixels()) > 1000
    asks = view.root.locator(".nnl-ask").count()
    assert view.root.get_attribute("data-gate") == ("closed" if asks else "open")
    view.guess()
    assert view.root.get_attribute("data-gate") == "open"
    assert view.root.locator(".nnl-problem").is_hidden()
    view.root.get_by_role("button", name="Show as table").click()
    view.settle()
    table = view.root.locator(".nnl-table table")
    assert table.is_visible() and table.locator("th").count()
    view.root.get_by_role("button", name="Share").click()
    view.settle()
    assert view.root.locator(".nnl-line").input_value().startswith(f"{name}.from_state(")
    if not drawn:
        return
    with book.page.expect_download() as download:
        view.root.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename.endswith(".png")


def test_everything_that_takes_focus_has_a_name(afresh):
    book, view = afresh()
    view.guess()
    session = book.page.context.new_cdp_session(book.page)
    session.send("DOM.enable")
    session.send("Accessibility.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nameless = []
    for node in view.root.evaluate(TREE):
        found = session.send("DOM.querySelector", {"nodeId": root, "selector": f'[id="{node}"]'})
        tree = session.send(
            "Accessibility.getPartialAXTree",
            {"nodeId": found["nodeId"], "fetchRelatives": False},
        )["nodes"][0]
        if not tree.get("ignored") and not tree.get("name", {}).get("value"):
            nameless.append(view.root.locator(f'[id="{node}"]').evaluate("e => e.outerHTML"))
    assert nameless == []


def test_keys_stay_tab_leaves_and_escape_gives_back(afresh):
    book, view = afresh()
    view.guess()
    stops = view.root.locator(
        "button:visible, input:visible, select:visible, [tabindex='0']:visible"
    )
    for i in range(stops.count()):
        if i >= stops.count():
            break  # keys in a select chose what has fewer inputs
        if stops.nth(i).evaluate("e => e.disabled || Boolean(e.closest('[inert]'))"):
            continue
        stops.nth(i).focus()
        for key in ["d", "d", "ArrowDown", "ArrowUp", "ArrowRight", "x", "b", "0", "0"]:
            book.page.keyboard.press(key)
        assert view.root.evaluate("e => e.contains(document.activeElement)"), (
            f"the keys left {stops.nth(i).evaluate('e => e.outerHTML')}"
        )
    assert book.cells() == 3
    inside = "e => e.contains(document.activeElement)"
    view.root.locator("button:visible:enabled").first.focus()
    for _ in range(80):
        book.page.keyboard.press("Tab")
        if not view.root.evaluate(inside):
            break
    assert not view.root.evaluate(inside), "Tab is caught in the demo"
    view.root.locator("button:visible:enabled").last.focus()
    book.page.keyboard.press("Escape")
    assert not view.root.evaluate(inside)
    assert book.page.evaluate("() => Boolean(document.activeElement.closest('.jp-Notebook'))")


def test_two_copies_and_a_rerun(afresh):
    book, first = afresh()
    second, third = book.demo(1), book.demo(2)
    first.guess()
    before = second.frame, third.frame
    for button in first.root.get_by_role("button", name=re.compile("Step|Clear")).all():
        if button.is_enabled():
            button.click()
    first.settle()
    assert (second.frame, third.frame) == before
    run = first.root.get_by_role("button", name="Run", exact=True)
    if run.count() and run.is_enabled():
        run.click()
        first.settle()
    book.python("old = demo")
    book.run(0)
    book.page.wait_for_function("() => document.querySelectorAll('.nnl').length === 3")
    assert book.python("print(old._player.running)") == "False"
    again = book.demo(0)
    again.guess()
    assert again.root.get_attribute("data-gate") == "open"


def test_a_narrow_page_holds_it(afresh):
    _, view = afresh(width=320)
    view.guess()
    wide = view.root.evaluate(
        """e => [...e.querySelectorAll('button, input, select, canvas, p, label')]
            .filter((n) => n.offsetParent && !n.closest('.nnl-table, .nnl-aloud'))
            .filter((n) => n.getBoundingClientRect().right >
              e.getBoundingClientRect().right + 1).map((n) => n.outerHTML)"""
    )
    assert wide == []


def test_the_dark_theme_is_followed(afresh):
    book, view = afresh()
    drawn = view.root.locator(".nnl-body canvas").count()
    light = view.pixels() if drawn else ""
    change = "t => jupyterapp.commands.execute('apputils:change-theme', { theme: t })"
    book.page.evaluate(change, "JupyterLab Dark")
    try:
        book.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
        book.page.wait_for_function(
            """([e, old]) => getComputedStyle(e).backgroundColor.match(/[0-9]+/g)[0] < 80
                 && (!old || e.querySelector('canvas').toDataURL() !== old)""",
            arg=[view.root.element_handle(), light],
        )
    finally:
        book.page.evaluate(change, "JupyterLab Light")
        book.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")
        book.page.wait_for_load_state("networkidle")


def test_reduced_motion_jumps_instead_of_gliding(afresh):
    book, view = afresh(reduced_motion="reduce")
    assert view.root.get_attribute("data-playing") == "false", "nothing moves by itself"
    assert book.python("print(demo.reduced_motion)") == "True"
    view.guess()
    run = view.root.get_by_role("button", name="Run", exact=True)
    if run.count():
        run.click()
        view.page.wait_for_function(
            "e => Number(e.dataset.t) >= 10 || e.dataset.playing === 'false'",
            arg=view.root.element_handle(),
        )
        book.python("demo.stop()")
        view.page.wait_for_function(
            "e => e.dataset.pending === '0'", arg=view.root.element_handle()
        )
    assert view.root.evaluate(
        "e => e.getAnimations({ subtree: true }).every((a) => a.playState !== 'running')"
    )


def test_a_new_kernel_brings_a_new_demo(afresh):
    book, view = afresh()
    view.guess()
    book.page.evaluate("() => notebook.context.sessionContext.restartKernel()")
    book.run(0)
    book.page.wait_for_function("() => document.querySelectorAll('.nnl').length === 3")
    view = book.demo()
    view.guess()
    assert view.root.get_attribute("data-gate") == "open"
