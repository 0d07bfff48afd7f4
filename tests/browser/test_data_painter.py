"""D15: pointer, touch and keyboard make the same state; Python reads it."""

import json

import pytest

CELL = "from nnlearn.demos import DataPainter\npainter = DataPainter({})\npainter"
STATE = "import json; print(json.dumps(painter.state['saved']))"
PENS = {"classes": "A plane for points", "pixels": "Drawing pad", "curve": "A curve"}


def state(book):
    return json.loads(book.python(STATE))


def pad(view):
    return view.root.get_by_role("application")


def spot(view, right, down):
    box = pad(view).bounding_box()
    return box["x"] + right * box["width"], box["y"] + down * box["height"]


@pytest.mark.parametrize("mode", ["classes", "pixels"])
def test_pointer_touch_and_keyboard_agree(mode, notebook):
    cell = CELL.format(f"'{mode}'")
    book = notebook([cell], has_touch=True)
    view = book.demo()
    seen = []
    # the middle of the plane, and the first pixel of the pad
    box = pad(view).bounding_box()
    right, down = 1 / 16, 1 / 16
    if mode == "classes":
        right, down = (40 + (box["width"] - 40) / 2) / box["width"], 0.5 - 20 / box["height"]
    for how in ("mouse", "touch", "keys"):
        if how == "mouse":
            book.page.mouse.click(*spot(view, right, down))
        elif how == "touch":
            book.page.touchscreen.tap(*spot(view, right, down))
        else:
            pad(view).press("Space")
        view.settle()
        now = state(book)
        name = "X" if mode == "classes" else "image"
        seen.append([[round(v, 2) + 0.0 for v in row] for row in now[name]])
        view.root.get_by_role("button", name="Undo").click()
        view.settle()
    assert seen[0] == seen[1] == seen[2]
    assert seen[0] == [[0.0, 0.0]] if mode == "classes" else seen[0][0][0] == 1


def test_a_drag_sprays_points_of_the_chosen_class_and_undo_takes_it_back(notebook):
    book = notebook([CELL.format("classes=3")])
    view = book.demo()
    view.root.get_by_label("class 2, green square").check()
    book.page.mouse.move(*spot(view, 0.3, 0.3))
    book.page.mouse.down()
    book.page.mouse.move(*spot(view, 0.8, 0.6), steps=20)
    book.page.mouse.up()
    view.settle()
    y = state(book)["y"]
    assert len(y) >= 4 and set(y) == {2}
    assert "green squares" in view.sentence()
    view.root.get_by_role("button", name="Undo").click()
    view.settle()
    assert state(book)["y"] == []
    view.root.get_by_role("button", name="Redo").click()
    view.settle()
    assert state(book)["y"] == y


@pytest.mark.parametrize("mode", sorted(PENS))
def test_the_keyboard_alone_draws_and_says_where_it_is(mode, notebook):
    book = notebook([CELL.format(f"'{mode}'")])
    view = book.demo()
    pen = view.root.get_by_role("application")
    assert pen.get_attribute("aria-label").startswith(PENS[mode])
    blank, picture = state(book), view.pixels()
    pen.focus()
    for key in ["ArrowRight", "ArrowDown", "Space", "ArrowRight", "Space"]:
        book.page.keyboard.press(key)
    view.settle()
    assert state(book) != blank and view.pixels() != picture
    view.root.get_by_role("button", name="Clear").click()
    view.settle()
    assert state(book) == blank


def test_a_change_reaches_python_at_once(notebook):
    book = notebook([CELL.format("'pixels'") + "\n", "told = []\n"
                     "painter.observe(lambda c: told.append(painter.image.sum()), 'changes')"
                     ])  # fmt: skip
    view = book.demo()
    book.page.mouse.click(*spot(view, 0.5, 0.5))
    view.settle()
    assert float(book.python("print(told[-1])")) > 0


def test_a_drawing_on_the_pad_is_where_the_pen_was(notebook):
    book = notebook([CELL.format("'pixels', size=8")])
    view = book.demo()
    book.page.mouse.move(*spot(view, 0.19, 0.19))
    book.page.mouse.down()
    book.page.mouse.move(*spot(view, 0.19, 0.81), steps=12)
    book.page.mouse.up()
    view.settle()
    image = json.loads(book.python("print(painter.image.round(2).tolist())"))
    assert all(row[1] > 0.9 for row in image[1:7]) and max(row[5] for row in image) == 0
