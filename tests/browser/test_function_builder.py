"""D6 with keys, with a mouse, drawn by keyboard, trained live, and with a refused builder."""

import pytest

CELL = "import numpy as np\nfrom nnlearn.demos import FunctionBuilder\n"
WRONG = """
def hinge_network(knots, heights):
    slopes = np.diff(heights) / np.diff(knots)
    return np.ones((len(slopes), 1)), -knots[:-1], slopes[None], heights[:1]
"""


def open_builder(notebook, arguments="predict=False", before="", **more):
    book = notebook([f"{CELL}{before}\ndemo = FunctionBuilder({arguments})\ndemo"], **more)
    return book, book.demo()


def knee(view, i, of):
    return view.root.get_by_role("slider", name=f"knee {i} of {of}", exact=True)


def press(view, keys, *names):
    for name in names:
        keys.press(name)
        view.settle()


def focused(book):
    return book.page.evaluate("() => document.activeElement.ariaLabel")


def test_keys_move_a_knee_choose_add_take_away_and_undo(notebook):
    book, view = open_builder(notebook, "units=5, predict=False")
    third = knee(view, 3, 5)
    assert view.root.locator(".nnl-handle[tabindex='0']").count() == 1, "one Tab stop for all"
    third.focus()
    press(view, book.page.keyboard, "ArrowUp", "ArrowUp", "Shift+ArrowRight")
    assert book.told("demo.points[2]") == [0.005, 0.1]
    assert third.get_attribute("aria-valuetext") == "x 0.005, height 0.1"
    assert float(third.get_attribute("aria-valuenow")) == 0.1
    press(view, book.page.keyboard, "PageDown")
    assert focused(book) == "knee 4 of 5" and book.told("demo.unit") == 3
    press(view, book.page.keyboard, "Enter")
    assert book.told("len(demo.points)") == 6 and focused(book) == "knee 5 of 6"
    press(view, book.page.keyboard, "Delete")
    assert book.told("len(demo.points)") == 5 and focused(book) == "knee 4 of 5"
    undo = view.root.get_by_role("button", name="Undo")
    for _ in range(4):  # the removal, the neuron added, the sideways and the upward movement
        if undo.is_enabled():
            undo.click()
            view.settle()
    assert book.told("[list(p) for p in demo.points]") == [
        [-1, 0], [-0.5, -0.9], [0, 0], [0.5, 0.9], [1, 0]
    ]  # fmt: skip


def test_a_knee_follows_the_mouse_and_a_press_on_empty_ground_adds_one(notebook):
    book, view = open_builder(notebook, "units=4, predict=False")
    handle = knee(view, 2, 4)
    handle.scroll_into_view_if_needed()
    picture = view.pixels()
    x, y = view.middle(handle)
    view.drag(handle, 30, -40)
    there = view.middle(handle)
    assert abs(there[0] - x - 30) < 4 and abs(there[1] - y + 40) < 4
    assert view.pixels() != picture and book.told("demo.values()['undo']") == 1
    pad = view.root.locator(".nnl-pad").bounding_box()
    book.page.mouse.click(pad["x"] + 0.55 * pad["width"], pad["y"] + 0.2 * pad["height"])
    view.settle()
    assert book.told("demo.width") == 5
    assert "Your 5 hinges" in view.sentence()


def test_a_curve_is_drawn_by_keyboard_points_and_undone(notebook):
    book, view = open_builder(notebook)
    view.root.get_by_label("The pen moves").select_option("the curve")
    view.settle()
    pad = view.root.get_by_role("application")
    pad.focus()
    press(view, book.page.keyboard, "ArrowUp", "ArrowUp", "Enter", "ArrowRight", "ArrowRight",
          "ArrowRight", "ArrowRight", " ")  # fmt: skip
    drawn = book.told("[float(v) for v in demo.target.at(np.array([0, 0.1, 0.2]))]")
    assert [round(v, 6) for v in drawn] == [0.1, 0.1, 0.1]
    assert "your curve" in view.sentence()
    for _ in range(2):
        view.root.get_by_role("button", name="Undo").click()
        view.settle()
    assert "the wave" in view.sentence()
    assert view.root.get_by_label("Curve", exact=True).input_value() == "wave"


@pytest.mark.alone
def test_training_runs_live_stops_shows_the_rivals_and_rewinds(notebook):
    book, view = open_builder(notebook, "units=11, predict=False")
    start = book.told("demo.net.W2.tolist()")
    view.root.get_by_role("button", name="Run", exact=True).click()
    view.reach(9)
    shown = view.steps_after_pause()
    assert shown <= 2, f"{shown} frames after Pause"
    view.settle()
    assert "Of 5 random starts as wide" in view.sentence()
    assert "▲ Random starts:" in view.root.locator(".nfb-facts").inner_text()
    assert view.root.locator(".nnl-handle").first.is_hidden(), "trained: no knee to drag"
    before = view.pixels()
    t = view.root.get_attribute("data-t")
    view.root.get_by_label("Look at").select_option("random start 2")
    view.settle()
    assert view.pixels() != before and view.root.get_attribute("data-t") == t
    assert view.sentence().startswith("Random start 2")
    view.root.get_by_label("Look at").select_option("your network")
    view.root.get_by_role("button", name="Rewind").click()
    view.settle()
    assert book.told("demo.net.W2.tolist()") == start
    assert knee(view, 1, 11).is_visible()


def test_divergence_is_said_and_a_smaller_rate_goes_on(notebook):
    _, view = open_builder(notebook, "optimizer='SGD', lr=3, predict=False")
    view.root.get_by_role("button", name="Step").click()
    view.settle()
    assert "diverged at update" in view.sentence() and "rewind and lower it" in view.sentence()
    assert len(view.pixels()) > 1000 and view.root.locator(".nnl-problem").is_hidden()
    box = view.root.get_by_label("Learning rate, value")
    box.fill("99")
    box.press("Enter")
    view.settle()
    limits = box.locator("xpath=..").locator(".nnl-limits")
    assert limits.inner_text() == "from 0.0001 to 10", "at the box: the alert may be out of sight"
    box.fill("0.02")
    box.press("Enter")
    view.settle()
    view.root.get_by_role("button", name="Step").click()
    view.settle()
    assert "diverged" not in view.sentence() and limits.is_hidden()


def test_dead_neurons_are_told_beside_the_picture_and_at_the_neuron(notebook):
    book, view = open_builder(notebook, "units=2, optimizer='SGD', lr=1, predict=False")
    book.python("demo.run(30)")
    view.settle()
    facts = view.root.locator(".nfb-facts").inner_text()
    assert "0 on the whole range: 2 of your 2 hinges; in the random starts 2, 1, 1, 2, 2" in facts
    assert view.root.locator(".nfb-term").inner_text().endswith(": 0 on the whole range")
    assert "nothing pulls on them any more" in view.sentence()
    view.root.get_by_role("button", name="Rewind").click()
    view.settle()
    assert "whole range:" not in view.root.locator(".nfb-facts").inner_text()
    assert "Two hinges are the fewest" in view.root.locator(".nfb-hand").inner_text()


def test_a_refused_builder_is_visible_with_its_case(notebook):
    _, view = open_builder(notebook, "hinge_network, predict=False", before=WRONG)
    assert view.root.locator(".nnl-badge").inner_text() == "running: nnlearn"
    text = view.root.get_by_role("alert").filter(has_text="Your build").inner_text()
    assert "a tent: the network leaves the line" in text and "x = 0.333" in text
    assert "expected" in text and "nnlearn's own runs meanwhile" in text


def test_before_the_guess_nothing_can_be_moved_and_then_the_guess_is_shown(notebook):
    _, view = open_builder(notebook, "target='tent'")
    assert knee(view, 2, 4).evaluate("e => e.closest('[inert]') !== null")
    add = view.root.get_by_role("button", name="Add a neuron")
    assert add.evaluate("e => e.closest('[inert]')")
    assert view.root.locator(".nnl-pad").evaluate("e => e.inert")
    assert "hinges (1 to 200)" in view.root.locator(".nnl-ask").inner_text()
    view.root.locator(".nnl-ask input").fill("9")
    view.root.get_by_role("button", name="That is my guess").click()
    view.settle()
    assert "9 are too few" in view.root.locator(".nnl-told").inner_text()
    assert "It takes 24" in view.root.locator(".nnl-told").inner_text()
    assert view.root.get_by_label("Neurons, spread evenly, value").input_value() == "9"
