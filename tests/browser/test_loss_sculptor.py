"""D3 with keys, with a mouse, with a refused loss, and stopped in its run."""

import json

import pytest

CELL = "from nnlearn.demos import LossSculptor\nlab = LossSculptor({})\nlab"
REFUSED = """from nnlearn.demos import LossSculptor
def loss(y_hat, y, delta):
    return abs(y_hat - y).mean(), y_hat - y
lab = LossSculptor(loss, predict=False)
lab"""


def open_lab(notebook, arguments="predict=False", **more):
    book = notebook([CELL.format(arguments)], **more)
    return book, book.demo()


def now(book):
    return json.loads(book.python("import json; print(json.dumps(lab.now))"))


def point(view, i, side="left", what="target"):
    return view.root.get_by_role("slider", name=f"{what} of point {i}, {side} side", exact=True)


def press(view, handle, *keys):
    for key in keys:
        handle.press(key)
    view.settle()


def test_keys_move_a_target_by_tenths_and_hundredths_and_say_so(notebook):
    book, view = open_lab(notebook)
    last = point(view, 10)
    assert last.get_attribute("aria-valuenow") == "2.3"
    press(view, last, "ArrowDown", "ArrowDown", "Shift+ArrowUp")
    assert round(now(book)["y"][9], 6) == 2.11
    assert last.get_attribute("aria-valuenow") == "2.11"
    assert last.get_attribute("aria-valuetext").startswith("y 2.11, line 2.22")
    assert point(view, 10, "right").get_attribute("aria-valuenow") == "2.11", "on both sides"
    press(view, last, "ArrowLeft")
    said = book.page.evaluate("() => document.activeElement.ariaLabel")
    assert said == "target of point 9, left side", "left and right walk from point to point"
    assert "Point 9" in view.root.locator(".nls-held").first.inner_text()
    end = view.root.get_by_role("slider", name="the right end of the line, left side")
    press(view, last, "ArrowRight")
    said = book.page.evaluate("() => document.activeElement.ariaLabel")
    assert said == "the right end of the line, left side", "and on to the line's end"
    before = now(book)["lines"]
    press(view, end, "ArrowUp", "Shift+ArrowUp")
    after = now(book)["lines"]
    assert [round(b[1] - a[1], 6) for a, b in zip(before, after, strict=True)] == [0.11, 0.11]


def test_keys_move_a_score_along_and_walk_down(notebook):
    book, view = open_lab(notebook, "task='yes or no', predict=False")
    wrong = point(view, 5, what="score")
    z = now(book)["z"][0][4]
    press(view, wrong, "ArrowLeft", "ArrowLeft", "Shift+ArrowRight")
    assert round(now(book)["z"][0][4] - z, 6) == -0.19
    press(view, wrong, "ArrowDown")
    said = book.page.evaluate("() => document.activeElement.ariaLabel")
    assert said == "score of point 6, left side"
    view.root.get_by_role("button", name="Three times as sure").click()
    view.settle()
    assert "Still 6 of 8 right" in view.sentence()
    assert view.root.locator(".nls-head").first.inner_text().endswith("6 of 8 right")


def test_a_target_and_a_score_follow_the_mouse(notebook):
    _, view = open_lab(notebook)
    for what, (dx, dy) in [("target", (0, 60)), ("score", (-50, 0))]:
        handle = point(view, 5, "right", what)
        handle.scroll_into_view_if_needed()
        picture, (x, y) = view.pixels(), view.middle(handle)
        view.drag(handle, dx, dy)
        there = view.middle(handle)
        assert abs(there[0] - x - dx) < 4 and abs(there[1] - y - dy) < 4
        assert view.pixels() != picture, "the left side shows it too"
        view.root.get_by_label("Task", exact=True).select_option("yes or no")
        view.settle()


def test_the_slider_of_delta_has_a_name_and_a_value_and_shows_when_used(notebook):
    _, view = open_lab(notebook)
    slider = view.root.get_by_role("slider", name="Huber's delta", exact=True)
    assert not slider.is_visible()
    view.root.locator("select").nth(1).select_option("Huber")
    view.settle()
    assert slider.is_visible() and slider.input_value() == "0.3"
    view.root.get_by_role("button", name="Let the last point slip").click()
    view.settle()
    before = view.pixels(1)
    slider.press("ArrowRight")
    view.settle()
    assert slider.input_value() == "0.35" and view.pixels(1) != before


def test_a_refused_loss_is_visible_with_its_case(notebook):
    view = notebook([REFUSED]).demo()
    assert view.root.locator(".nnl-badge").inner_text() == "running: nnlearn"
    box = view.root.get_by_role("alert").filter(has_text="Your loss")
    text = box.inner_text()
    assert "three small errors: the value differs" in text
    assert "expected" in text and "yours" in text and "nnlearn's own runs meanwhile" in text
    heads = view.root.locator(".nls-head b").all_inner_texts()
    assert heads == ["MSE", "Huber"]
    assert not view.root.locator("option[value=yours]").first.is_visible()


@pytest.mark.alone
def test_run_stops_within_two_frames_and_rewind_goes_back(notebook):
    book, view = open_lab(notebook)
    view.root.get_by_role("button", name="Let the last point slip").click()
    view.settle()
    start = now(book)["lines"]
    view.root.get_by_role("button", name="Run", exact=True).click()
    view.reach(9)
    shown = view.steps_after_pause()
    assert shown <= 2, f"{shown} frames after Pause"
    view.settle()
    assert now(book)["lines"][0] != start[0]
    view.root.get_by_role("button", name="Rewind").click()
    view.settle()
    assert now(book)["lines"] == start and now(book)["y"][9] == 0.23


def test_on_a_phone_the_sides_stand_one_below_the_other(notebook):
    _, view = open_lab(notebook, width=320)
    first, second = (s.bounding_box() for s in view.root.locator(".nls-side").all())
    assert second["y"] >= first["y"] + first["height"] and second["x"] == first["x"]


def test_the_gate_shows_what_was_asked(notebook):
    book, view = open_lab(notebook, "")
    assert point(view, 10).evaluate("e => e.closest('[inert]') !== null")
    view.root.get_by_label("A. MSE: that point").check()
    view.root.get_by_role("button", name="That is my guess").click()
    view.settle()
    assert "✓ Right" in view.root.locator(".nnl-told").inner_text()
    assert now(book)["y"][9] == 0.23 and "all points pull equally hard" in view.sentence()
