"""D1 with a mouse, with keys, and with a learner's own numbers."""

import json

CELL = "from nnlearn.demos import NeuronLab\nlab = NeuronLab({})\nlab"


def weights(book):
    return json.loads(book.python("print([*lab.now['w'], lab.now['b']])"))


def open_lab(notebook, arguments="predict=False", **more):
    book = notebook([CELL.format(arguments)], **more)
    return book, book.demo()


def test_dragging_the_line_moves_b_and_the_tip_moves_w(notebook):
    book, view = open_lab(notebook)
    before, picture = weights(book), view.pixels()
    line = view.root.get_by_role("slider", name="the line: moving it changes the bias b")
    x, y = view.middle(line)
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    for i in range(1, 9):
        book.page.mouse.move(x + 10 * i, y)
    book.page.mouse.up()
    view.settle()
    after = weights(book)
    assert after[:2] == before[:2] and after[2] < before[2]
    assert view.pixels() != picture
    moved, _ = view.middle(line)
    assert moved > x + 40, "the line is where it was put"
    tip = view.root.get_by_role("slider", name="the arrow: its tip changes the weights w1 and w2")
    x, y = view.middle(tip)
    view.drag(tip, -30, -60)
    assert weights(book)[1] > after[1]
    near = view.middle(tip)
    assert abs(near[0] - x + 30) < 12 and abs(near[1] - y + 60) < 12, "the tip follows the hand"


def test_arrow_keys_on_the_line_change_b_and_what_is_said(notebook):
    book, view = open_lab(notebook)
    b, words = weights(book)[2], view.sentence()
    line = view.root.get_by_role("slider", name="the line: moving it changes the bias b")
    for _ in range(9):
        line.press("ArrowUp")
    view.settle()
    assert round(weights(book)[2] - b, 6) == 0.9
    assert view.sentence() != words
    assert "b = 0.6" in line.get_attribute("aria-valuetext")


def test_and_is_solved_with_the_keyboard_alone(notebook):
    book = notebook([CELL.format("")])
    view = book.demo()
    page = book.page
    view.root.locator(".nnl-option input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    view.settle()
    for name, value in [("w1, value", "1"), ("w2, value", "1"), ("b, value", "-1.5")]:
        box = view.root.get_by_label(name)
        box.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        view.settle()
    assert "all 4 points right" in view.sentence()
    assert book.python("print(lab.score)") == "(4, 4)"


def test_the_probe_is_free_before_the_guess_and_fills_the_formula(notebook):
    book = notebook([CELL.format("")])
    view = book.demo()
    probe = view.root.get_by_role("slider", name="the probe: the point whose sum is shown")
    old = view.root.locator(".nnl-sum").inner_text()
    probe.press("ArrowLeft")
    view.settle()
    new = view.root.locator(".nnl-sum").inner_text()
    assert new != old
    left, right = new.replace("×", "*").replace("−", "-").split("=", 1)[1].rsplit("=", 1)
    assert abs(eval(left) - float(right)) < 0.005
    assert weights(book) == [1.0, 0.4, -0.3]


def test_the_points_can_be_walked_and_say_what_they_are(notebook):
    book, view = open_lab(notebook)
    marks = view.root.get_by_role("group", name="the data points").get_by_role("img")
    assert marks.count() == 4
    marks.first.focus()
    book.page.keyboard.press("ArrowRight")
    text = book.page.evaluate("() => document.activeElement.ariaLabel")
    assert text == "point 2: x1 0, x2 1, should be 0, is 1"


def test_the_rule_runs_to_a_solution_and_the_cuts_are_counted(notebook):
    cell = CELL.format("task='OR', predict=False, w=(0, 0), b=0")
    book = notebook([cell.removesuffix("lab") + "lab.pace = 0.02\nlab"])
    view = book.demo()
    view.root.get_by_role("button", name="Run", exact=True).click()
    book.page.wait_for_function("e => e.dataset.playing === 'false' && Number(e.dataset.t) > 3",
                                arg=view.root.element_handle())  # fmt: skip
    assert book.python("print(lab.score)") == "(4, 4)"
    assert "Best so far: 4 of 4" in view.root.locator(".nnl-controls").inner_text()


def test_your_own_data_fill_the_plane(notebook):
    book = notebook([
        "from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)\n"
        "from nnlearn.demos import NeuronLab\n"
        "lab = NeuronLab(task=(X[:100, [0, 2]], y[:100]), names=('sepal', 'petal'), predict=False)"
        "\nlab"
    ])  # fmt: skip
    view = book.demo()
    assert "of 100 points right" in view.sentence()
    assert (
        view.root.get_by_role("group", name="the data points")
        .get_by_role("img", name="point 100:")
        .count()
        == 1
    )
    view.root.get_by_label("Task", exact=True).select_option("XOR")
    view.settle()
    assert view.sentence().startswith("XOR:")
    view.root.get_by_label("Task", exact=True).select_option("your data")
    view.settle()
    assert "of 100 points right" in view.sentence()
