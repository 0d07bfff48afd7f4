"""D14 by keyboard alone from suspicion to cure, and what a phone shows of it."""

from nnlearn.demos.clinic_patients import FAULTS, FIXES, ward

CELL = "from nnlearn.demos import TrainingClinic\nclinic = TrainingClinic({})\nclinic"
FOCUS = "() => { const e = document.activeElement; return e.labels?.[0]?.textContent || \
e.textContent.trim(); }"


def open_clinic(notebook, arguments="predict=False", **more):
    book = notebook([CELL.format(arguments)], **more)
    return book, book.demo()


def tab_to(book, name, most=40):
    """Press Tab until something of this name has the keyboard."""
    for _ in range(most):
        book.page.keyboard.press("Tab")
        if book.page.evaluate(FOCUS) == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


def test_training_is_orange_and_validation_blue_as_in_the_lesson(notebook):
    _, view = open_clinic(notebook)
    assert view.root.locator("canvas").first.evaluate(
        """c => { const d = c.getContext('2d').getImageData(0, 0, c.width, 0.17 * c.height).data;
             const seen = [];  // the legend: colours from left to right
             for (let x = 0; x < c.width; x++)
               for (let i = 4 * x; i < d.length; i += 4 * c.width)
                 for (const [name, r, g, b] of [["orange", 213, 94, 0], ["blue", 0, 114, 178]])
                   if (d[i] === r && d[i+1] === g && d[i+2] === b && !seen.includes(name))
                     seen.push(name);
             return seen; }"""
    ) == ["orange", "blue"]


def choose(book, view, option):
    """In the select that has the keyboard, go down to an option."""
    for _ in range(20):
        if book.page.evaluate("() => document.activeElement.value") == option:
            view.settle()
            return
        book.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {option!r}")


def press(book, view, key="Enter"):
    book.page.keyboard.press(key)
    view.settle()


def test_a_full_case_by_keyboard(notebook):
    patient = ward(0)[0]
    fault = FAULTS[patient]
    book, view = open_clinic(notebook, "")
    assert view.root.locator(".nnl-controls").evaluate("e => e.inert")
    view.root.get_by_label("A. nothing: this is what a healthy run looks like").focus()
    book.page.keyboard.press("Space")
    tab_to(book, "That is my guess")
    press(book, view)
    assert "Noted" in view.root.locator(".nnl-told").first.inner_text(), "not judged yet"
    tab_to(book, "Class by class")
    press(book, view)
    tab_to(book, "Count the data")
    press(book, view)
    text = view.root.locator(".ntc-test .nnl-note").all_inner_texts()
    assert "are read right" in text[0] and "40 training digits" in text[1]
    assert view.root.get_by_text("1 of 3 tests left.").is_visible()
    tab_to(book, "It is")
    choose(book, view, "nothing is wrong with it")
    tab_to(book, "That is my diagnosis")
    before = view.pixels()
    press(book, view)
    said = view.root.locator(".ntc-step .nnl-told").first
    assert said.inner_text().startswith("✗ No. In a healthy run the validation loss ends at")
    assert view.pixels() != before, "the run of what was named is drawn"
    book.page.keyboard.press("Shift+Tab")
    choose(book, view, fault.name)
    tab_to(book, "That is my diagnosis")
    press(book, view)
    assert said.inner_text().startswith("✓ Yes.")
    assert "X[0:40]" in view.root.locator(".ntc-line").inner_text()
    assert book.page.evaluate(FOCUS) == "Treat", "the button that was pressed is done"
    choose(book, view, FIXES["decay"].name)
    tab_to(book, "Run it again with this")
    press(book, view)
    result = view.root.locator(".ntc-step .nnl-told").nth(1)
    assert result.inner_text().startswith("✗ Not cured")
    book.page.keyboard.press("Shift+Tab")
    for _ in range(12):
        book.page.keyboard.press("ArrowUp")
    choose(book, view, FIXES[fault.cure].name)
    tab_to(book, "Run it again with this")
    press(book, view)
    assert result.inner_text().startswith("✓ Cured") and "Cured" in view.sentence()
    assert "Repaired: X, y = X[0:600]" in view.root.locator(".ntc-line").inner_text()
    assert book.told("clinic.score")["cured"] == 1
    assert "It lay elsewhere" in view.root.locator(".nnl-told").first.inner_text()


def test_tests_are_spent_put_away_and_kept_for_each_patient(notebook):
    _, view = open_clinic(notebook)
    for name in ("Gradient sizes", "Hidden units", "Batches in order"):
        view.root.get_by_role("button", name=name).click()
        view.settle()
    assert view.root.get_by_role("button", name="Ask twice").is_disabled()
    assert view.root.locator(".ntc-test:visible").count() == 3
    label = view.root.locator(".ntc-test canvas").nth(1).get_attribute("aria-label")
    assert "What the hidden units give" in label and "of 32 units always 0" in label
    units = view.root.get_by_role("button", name="Hidden units")
    units.click()
    view.settle()
    assert units.get_attribute("aria-pressed") == "false"
    assert view.root.locator(".ntc-test:visible").count() == 2
    view.root.get_by_role("button", name="Next patient").click()
    view.settle()
    assert view.root.locator(".ntc-test:visible").count() == 0
    assert "Patient 2 of 13" in view.sentence() and "NaN" in view.sentence()
    number = view.root.get_by_label("Patient, value")
    number.fill("1")
    number.press("Tab")
    view.settle()
    assert view.root.locator(".ntc-test:visible").count() == 2


def test_the_program_is_shown_after_the_diagnosis(notebook):
    fault = FAULTS[ward(0)[2]]
    _, view = open_clinic(notebook, "patient=3, predict=False")
    view.root.get_by_role("button", name="Show code").click()
    view.settle()
    code = view.root.locator(".nnl-code")
    assert "is shown when its fault has been named" in code.inner_text()
    view.root.get_by_label("It is", exact=True).select_option(fault.name)
    view.root.get_by_role("button", name="That is my diagnosis").click()
    view.settle()
    assert "# <- the fault" in code.inner_text() and "repaired" not in code.inner_text()


def test_on_a_phone_every_test_fits(notebook):
    book, view = open_clinic(notebook, width=320)
    book.python("for t in ('gradients', 'look', 'classes'): clinic.order(t)")
    view.root.locator(".ntc-test").nth(2).wait_for(state="visible")
    assert view.root.evaluate("e => e.scrollWidth <= e.clientWidth")
    widths = [c.bounding_box()["width"] for c in view.root.locator("canvas:visible").all()]
    whole = view.root.locator(".nnl-body").bounding_box()["width"]
    assert widths == [whole] * 4, "each picture has the page's whole width"
