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
    assert view.root.get_by_text("2 of 3 tests left.").is_visible()
    tab_to(book, "It is")
    choose(book, view, "nothing is wrong with it")
    tab_to(book, "That is my diagnosis")
    before = view.pixels()
    press(book, view)
    assert view.root.get_by_text("Another name wants new evidence").is_visible()
    assert book.page.evaluate(FOCUS) == "Gradient sizes", "the next thing to do has the keyboard"
    tab_to(book, "Count the data")
    press(book, view)
    assert view.root.get_by_text("Another name wants new evidence").is_hidden()
    text = view.root.locator(".ntc-test .nnl-note").all_inner_texts()
    assert "are read right" in text[0] and "40 training digits" in text[1]
    assert view.root.get_by_text("1 of 3 tests left.").is_visible()
    said = view.root.locator(".ntc-step .nnl-told").first
    assert said.inner_text().startswith("✗ No. In a healthy run the validation loss ends at")
    assert view.pixels() != before, "the run of what was named is drawn"
    assert said.inner_text().endswith("What shows it lies before you: read your tests again.")
    tab_to(book, "It is")
    wrong = view.root.locator("option", has_text="nothing is wrong with it")
    assert wrong.inner_text().startswith("✗") and wrong.is_disabled(), "a refuted name is out"
    choose(book, view, fault.name)
    tab_to(book, "That is my diagnosis")
    press(book, view)
    assert said.inner_text().startswith("✓ Yes, and you had the proof, “Count the data”: 40")
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
    assert "With patient 1 it lay elsewhere" in view.root.locator(".nnl-told").first.inner_text()


def test_tests_are_spent_put_away_and_kept_for_each_patient(notebook):
    _, view = open_clinic(notebook)
    for name in ("Gradient sizes", "Hidden neurons", "Batches in order"):
        view.root.get_by_role("button", name=name).click()
        view.settle()
    assert view.root.get_by_role("button", name="Ask twice").is_disabled()
    assert view.root.locator(".ntc-test:visible").count() == 3
    label = view.root.locator(".ntc-test canvas").nth(1).get_attribute("aria-label")
    assert "What the hidden neurons give" in label and "of 32 neurons always 0" in label
    units = view.root.get_by_role("button", name="Hidden neurons")
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


def test_the_casebook_fills_and_a_second_run_of_the_cell_keeps_it(notebook):
    book, view = open_clinic(notebook)
    assert view.root.locator(".ntc-book").is_hidden()
    book.python(
        "from nnlearn.demos.clinic_patients import FAULTS\n"
        "for n, key in enumerate(clinic.ward, 1):\n"
        "    clinic.set(patient=n)\n"
        "    clinic.order(FAULTS[key].proof)\n"
        "    clinic.name(FAULTS[key].name)\n"
        "    if n < 13: clinic.treat(FAULTS[key].cure)"
    )
    view.root.get_by_text("Cured 12. Still open: 13.").wait_for()
    view.root.locator(".ntc-book summary").click()
    cells = view.root.locator(".ntc-book tbody tr").nth(9).locator("td").all_inner_texts()
    assert cells[0] == "10" and "300 stand in the training data" in cells[2]
    assert cells[3:] == ["with proof, at first go", "✓"]
    assert view.root.locator(".ntc-closing").is_hidden()
    book.run(0)
    view = book.demo()
    view.root.get_by_text("Cured 12. Still open: 13.").wait_for()
    assert view.sentence().startswith("Patient 13, named at first go")
    view.root.get_by_label("Treat", exact=True).select_option(FIXES["larger"].name)
    view.root.get_by_role("button", name="Run it again with this").click()
    view.settle()
    assert (
        view.root.locator(".ntc-closing").inner_text().startswith("All 13 are cured; 13 you named")
    )
    view.root.locator(".ntc-book summary").click()
    view.root.get_by_role("button", name="Forget all charts").click()
    view.settle()
    assert view.root.locator(".ntc-book").is_hidden() and "Named 0 of 13" in view.root.inner_text()
    assert book.page.evaluate(FOCUS) == "Next patient", "the keyboard stays in the demo"
    assert book.told("clinic.score")["tests"] == 0


def test_no_answer_is_drawn_where_there_is_none(notebook):
    book, view = open_clinic(notebook, "patient=2, predict=False")
    book.python("for t in ('classes', 'order', 'twice'): clinic.order(t)")
    view.root.locator(".ntc-test").nth(2).wait_for(state="visible")
    texts = view.root.locator(".ntc-test .nnl-note").all_inner_texts()
    assert (
        texts[0] == texts[2] == ("Its scores are no numbers any more: there is no answer to judge.")
    )
    heights = [c.bounding_box()["height"] for c in view.root.locator(".ntc-test canvas").all()]
    assert max(heights[0], heights[2]) < 0.4 * heights[1], "no empty picture"
