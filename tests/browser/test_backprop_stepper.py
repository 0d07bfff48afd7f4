"""D5 by mouse, by Enter alone, with a patient, with refused code, on a phone."""

from itertools import pairwise

CELL = "from nnlearn.demos import BackpropStepper\ndemo = BackpropStepper({})\ndemo"
OWN = """from nnlearn.demos import BackpropStepper
from nnlearn.scalar import Value
def program(x, w):
    h = x * w
    return (h * h
            + x)
def backward(root):
    root.backward()
demo = BackpropStepper(program, inputs={"x": 2, "w": -1}, backward=backward, predict=False)
demo"""
REFUSED = """from nnlearn.demos import BackpropStepper
def backward(root):
    root.grad = 1.0
    for x, slope in zip(root.inputs, root.slopes):
        x.grad = root.grad * slope
demo = BackpropStepper(backward=backward, predict=False)
demo"""
ENGINE = """from nnlearn.demos import BackpropStepper
class Value:
    def __init__(self, data, inputs=(), slopes=(), op=""):
        self.data, self.inputs, self.slopes, self.op = data, inputs, slopes, op
        self.grad = 0.0
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")
def program(e):
    return e * e
def backward(root):
    nodes, done = [], set()
    waiting = [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            nodes.append(node)
        elif node not in done:
            done.add(node)
            waiting += [(node, True), *((x, False) for x in node.inputs)]
    for node in nodes:
        node.grad = 0.0 if node.inputs else node.grad
    root.grad += 1.0
    for node in reversed(nodes):
        for x, slope in zip(node.inputs, node.slopes):
            x.grad += slope * node.grad
demo = BackpropStepper(program, inputs={"e": 3}, engine=Value, backward=backward, predict=False)
demo"""
LIT = """e => ['.nbs-line', '.nnl-mark'].map((kind) => [...e.querySelectorAll(kind)]
    .filter((n) => n.dataset.lit === 'true').map((n) => n.dataset.link))"""


def open_demo(notebook, arguments="predict=False", **more):
    book = notebook([CELL.format(arguments)], **more)
    return book, book.demo()


def button(view, name):
    return view.root.get_by_role("button", name=name, exact=True)


def test_the_whole_pass_with_enter_only(notebook):
    book, view = open_demo(notebook, "'a value used twice', predict=False")
    keys = book.page.keyboard
    button(view, "Step").focus()
    length = book.told("demo.film.length")
    for t in range(length):
        assert view.root.get_attribute("data-t") == str(t)
        keys.press("Enter")
        view.settle()
    assert "The pass is complete" in view.sentence()
    assert book.page.evaluate("() => document.activeElement.textContent") == "Gradient check"
    keys.press("Enter")
    view.settle()
    assert "agree for all 2" in view.sentence()
    assert view.root.locator(".nbs-checks tr[data-agrees=true]").count() == 2
    inside = "e => e.contains(document.activeElement)"
    assert view.root.evaluate(inside), "the keyboard is still in the demo"


def test_slopes_are_guessed_and_skipped_with_enter_only(notebook):
    book, view = open_demo(notebook)
    book.python("demo.run(demo.film.forward + 1)")
    box, keys = view.root.locator(".nbs-guess"), book.page.keyboard
    box.wait_for(state="visible")
    assert "slope of e**2 with respect to e" in view.root.locator(".nbs-ask label").inner_text()
    box.focus()
    keys.type("0.164")
    keys.press("Enter")
    view.settle()
    said = view.root.locator(".nbs-ask .nnl-told")
    assert "e's own value" in said.inner_text() and said.get_attribute("data-right") == "false"
    assert book.told("demo.t") == 6, "a guess moves nothing"
    keys.type("0.328")
    keys.press("Enter")
    view.settle()
    assert said.inner_text().startswith("✓ 0.328: Right")
    keys.press("Enter")
    view.settle()
    assert book.told("demo.t") == 7 and said.is_hidden()
    assert "first try: 0 of 1" in view.root.locator(".nbs-score").inner_text()
    for _ in range(book.told("demo.film.length") - 7):
        keys.press("Enter")
        view.settle()
    assert "The pass is complete" in view.sentence()
    assert book.page.evaluate("() => document.activeElement.textContent") == "Gradient check"


def test_code_line_and_node_share_a_highlight(notebook):
    book, view = open_demo(notebook)
    for t in range(book.told("demo.film.length")):
        button(view, "Step").click()
        view.settle()
        lines, nodes = view.root.evaluate(LIT)
        assert len(lines) == 1 and lines[0] in nodes, f"step {t + 1}"
    mark = view.root.locator(".nnl-mark").nth(5)
    assert mark.get_attribute("aria-label") == "z, made by +: value 0.8, gradient 0.183"
    view.root.locator(".nnl-mark").first.focus()
    for _ in range(5):
        book.page.keyboard.press("ArrowRight")
    looked = view.root.locator(".nbs-line[data-looked=true]")
    assert looked.get_attribute("data-link") == mark.get_attribute("data-link") == "line-3"
    book.page.keyboard.press("ArrowRight")
    assert looked.get_attribute("data-link") == "line-4"
    before = view.pixels()
    view.root.locator(".nbs-line").nth(1).hover()
    assert view.pixels() != before, "the line's node is ringed"
    box = view.root.locator(".nbs-line").nth(4).bounding_box()
    canvas = view.root.locator(".nnl-body canvas").bounding_box()
    x, y = (
        view.root.locator(".nnl-mark")
        .nth(4)
        .evaluate("n => { const b = n.getBoundingClientRect(); return [b.x + 13, b.y + 13]; }")
    )
    assert box and canvas["x"] < x
    book.page.mouse.move(x, y)
    assert looked.get_attribute("data-link") == "line-2"


def test_names_of_nodes_say_what_is_not_computed(notebook):
    _, view = open_demo(notebook)
    names = [m.get_attribute("aria-label") for m in view.root.locator(".nnl-mark").all()]
    assert names[2] == "b: value 0, gradient not computed"
    assert names[4] == "p, made by *: value not computed, gradient not computed"
    button(view, "Finish the pass").click()
    view.settle()
    names = [m.get_attribute("aria-label") for m in view.root.locator(".nnl-mark").all()]
    assert names[2] == "b: value 0, gradient 0.183"
    assert not any("not computed" in name for name in names)


def test_a_patient_is_found(notebook):
    _, view = open_demo(notebook, "'a value used twice', predict=False")
    view.root.get_by_label("Backward pass").select_option("patient B")
    view.settle()
    assert view.root.locator(".nnl-badge").inner_text() == "running: patient B"
    button(view, "Finish the pass").click()
    view.settle()
    button(view, "Gradient check").click()
    view.settle()
    rows = view.root.locator(".nbs-checks tr[data-agrees=false]")
    assert rows.count() == 2 and "disagrees" in rows.first.inner_text()
    fault = view.root.get_by_label("What ails this patient?")
    fault.select_option("gradients of an earlier pass were not cleared")
    button(view, "That is it").click()
    view.settle()
    said = view.root.locator(".nbs-checks .nnl-told")
    assert "With that fault x would get −2.73 here; this patient gave −0.427" in said.inner_text()
    fault.select_option("= instead of +=: a gradient that arrives replaces the one before")
    button(view, "That is it").click()
    view.settle()
    assert said.inner_text().startswith("✓ Yes.")
    assert "Found: 1 of 6 (patient B)" in view.root.locator(".nbs-checks").inner_text()


def test_a_typed_number_makes_the_graph_anew(notebook):
    book, view = open_demo(notebook)
    button(view, "Finish the pass").click()
    view.settle()
    before = view.pixels()
    box = view.root.get_by_label("w =", exact=True)
    box.fill("1.25")
    view.settle()
    assert view.pixels() != before and book.told("demo.film.rec.nodes[4].value") == 2.5
    assert "The pass is complete" in view.sentence(), "the step stays"
    box.press("ArrowUp")
    view.settle()
    assert book.told("demo.offer.inputs['w']") > 1.25
    view.root.get_by_label("Program", exact=True).select_option("sigmoid by parts")
    view.settle()
    assert view.root.get_by_label("x =", exact=True).input_value() == "2"
    assert view.root.locator(".nbs-line").first.inner_text().endswith("def sigmoid_by_parts(x, w):")


def test_an_own_program_lights_its_own_lines_from_a_widget_callback(notebook):
    book = notebook([OWN])
    view = book.demo()
    assert view.root.locator(".nnl-badge").inner_text() == "running: your code"
    view.root.get_by_label("x =", exact=True).fill("3")
    view.settle()
    button(view, "Step").click()
    view.settle()
    assert view.root.evaluate(LIT) == [["line-2"], ["line-2"]]
    button(view, "Step").click()
    view.settle()
    lines, nodes = view.root.evaluate(LIT)
    assert lines == ["line-3", "line-4"] and nodes == ["line-3"], "one statement over two lines"
    button(view, "Finish the pass").click()
    view.settle()
    assert "x 7, w −18" in view.sentence()


def test_a_refused_backward_is_visible_with_its_case(notebook):
    view = notebook([REFUSED]).demo()
    text = view.root.get_by_role("alert").filter(has_text="Your backward").inner_text()
    assert "x * w + b with b = 0: the gradient of x differs" in text
    assert "expected" in text and "yours" in text and "nnlearn's own runs meanwhile" in text
    assert view.root.locator(".nnl-badge").inner_text() == "running: nnlearn"
    assert not view.root.locator("option[value=yours]").nth(1).is_visible()


def test_the_gate_holds_all_that_moves(notebook):
    book, view = open_demo(notebook, "")
    for part in (".nbs-acts", ".nbs-card", ".nnl-controls", ".nnl-time"):
        assert view.root.locator(part).evaluate("e => e.inert")
    view.root.get_by_label("B. the gradient that arrives at z, unchanged").check()
    button(view, "That is my guess").click()
    view.settle()
    assert "✓ Right" in view.root.locator(".nnl-told").first.inner_text()
    button(view, "Run").click()
    book.page.wait_for_function("e => Number(e.dataset.t) >= 2", arg=view.root.element_handle())
    button(view, "Pause").click()
    view.settle()
    assert 2 <= book.told("demo.t") <= 6


def test_on_a_phone_the_graph_is_a_list(notebook):
    _, view = open_demo(notebook, "'two neurons and a loss', predict=False", width=320)
    marks = [m.bounding_box() for m in view.root.locator(".nnl-mark").all()]
    assert len({round(box["x"]) for box in marks}) == 1
    tops = [box["y"] for box in marks]
    assert all(b - a > 40 for a, b in pairwise(tops))


def test_a_phone_is_never_scrolled_sideways_by_the_check(notebook):
    _, view = open_demo(notebook, width=320)
    button(view, "Finish the pass").click()
    view.settle()
    button(view, "Gradient check").click()
    view.settle()
    assert view.root.locator(".nbs-checks tr[data-agrees=true]").count() == 4
    assert view.root.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_an_engine_without_powers_goes_its_own_way_and_comes_back(notebook):
    book = notebook([ENGINE])
    view = book.demo()
    badge = view.root.locator(".nnl-badge")
    assert badge.inner_text().endswith("your code")
    program = view.root.get_by_label("Program", exact=True)
    program.select_option("one neuron")
    view.settle()
    alert = view.root.get_by_role("alert").filter(has_text="Your engine")
    assert 'cannot run "one neuron"' in alert.inner_text()
    assert badge.inner_text() == "running: nnlearn"
    program.select_option("yours")
    view.settle()
    assert badge.inner_text().endswith("your code") and alert.count() == 0
    button(view, "Finish the pass").click()
    view.settle()
    assert view.sentence().endswith("e 6.")
