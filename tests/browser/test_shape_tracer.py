"""The shape tracer in JupyterLab: by keyboard alone, linked cells, the quiz, two copies."""

from __future__ import annotations

CELL = "from nnlearn.demos import ShapeTracer\nd = ShapeTracer({})\nd"
NAMELESS = """e => [...e.querySelectorAll('button, input, select, textarea, canvas')]
    .filter(n => n.offsetParent && !n.closest('[aria-hidden="true"]') && !n.ariaLabel
      && !n.labels?.length && !n.textContent.trim()).map(n => n.outerHTML)"""
LIT = """e => [...e.querySelectorAll('.nst-cell[data-lit="true"]')].map(n => n.textContent)"""


def test_guess_type_walk_and_quiz_by_keyboard(notebook):
    book = notebook([CELL.format(""), "1"])
    view, keys = book.demo(), book.page.keyboard
    cells = book.cells()
    assert "(3, 4)" not in view.root.locator(".nnl-body").inner_text().split("Try:")[0]
    view.root.get_by_label("D. no shape").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    view.settle()
    assert "3 and 4 never meet" in view.root.locator(".nnl-told").first.inner_text()
    box = view.root.get_by_label("shape of B")
    box.focus()
    keys.press("Control+a")
    keys.type("2,3,4")
    keys.press("Enter")
    view.settle()
    assert view.sentence() == "A + B: (3, 1) and (2, 3, 4) give (2, 3, 4)."
    view.root.locator(".nst-r [role=gridcell]").first.focus()
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    assert view.root.evaluate(LIT) == ["2", "60", "62"]
    assert "A[1, 0] + B[0, 1, 1] = 2 + 60 = 62" in view.root.locator(".nst-working").inner_text()
    focused = book.page.evaluate("() => document.activeElement.ariaLabel")
    assert focused == "result[0, 1, 1]: A[1, 0] + B[0, 1, 1] = 2 + 60 = 62"
    view.root.get_by_role("button", name="Quiz me").focus()
    keys.press("Enter")
    view.settle()
    shape = book.python("print(d.found.shape or 'error')")
    keys.type(shape)  # the question takes the focus
    keys.press("Enter")
    view.settle()
    assert "1 in a row" in view.root.locator(".nst-streak").inner_text()
    assert view.root.evaluate(NAMELESS) == []
    for key in ["d", "d", "x", "a", "ArrowDown"]:
        keys.press(key)
    assert book.cells() == cells


def test_pointing_lights_both_ways_and_a_clash_is_repaired(notebook):
    book = notebook([CELL.format("a=(2, 3), op='@', b=(3, 2), predict=False")])
    view = book.demo()
    view.root.locator(".nst-r [role=gridcell]").nth(1).hover()
    assert view.root.evaluate(LIT) == ["1", "2", "3", "2", "1", "3", "13"]
    view.root.locator(".nst-a [role=gridcell]").nth(3).hover()
    assert view.root.evaluate(LIT) == ["4", "31", "31"]
    view.root.get_by_role("button", name="(3,) + (4,)").click()
    view.settle()
    told = view.root.locator(".nst-fault").inner_text()
    assert "operands could not be broadcast together" in told
    assert "A + B[:, None] works" in told
    box = view.root.get_by_label("shape of A")
    box.fill("banana")
    box.press("Enter")
    view.settle()
    assert "is not a shape" in view.root.locator(".nnl-problem").inner_text()


def test_two_copies_an_own_function_and_a_narrow_page(notebook):
    own = "def row_means(X):\n    return X.mean(axis=1)\ne = ShapeTracer(op=row_means)\ne"
    book = notebook([CELL.format("predict=False"), own], width=420)
    one, two = book.demo(0), book.demo(1)
    assert "your code" in two.root.locator(".nnl-badge").inner_text()
    two.root.locator(".nst-r [role=gridcell]").nth(1).hover()
    assert two.root.evaluate(LIT) == ["5", "6", "7", "8", "6.5"]
    one.root.get_by_label("shape of B").fill("(5,)")
    one.root.get_by_label("shape of B").press("Enter")
    one.settle()
    assert "(3, 5)" in one.sentence()
    assert two.sentence() == "row_means(A): (3, 4) gives (3,)."
    assert one.root.evaluate("e => e.scrollWidth - e.clientWidth") <= 1
    book.run(0)
    book.page.wait_for_function(
        "() => document.querySelector('.nnl-sentence').textContent.includes('(4,)')"
    )
