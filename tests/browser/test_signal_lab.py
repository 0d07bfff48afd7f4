"""The signal lab with keys alone, with a slider, and with a function that is refused."""

CELL = "from nnlearn.demos import SignalLab\n{}lab = SignalLab({})\nlab"


def open_lab(notebook, arguments="predict=False", before="", **more):
    book = notebook([CELL.format(before, arguments)], **more)
    return book, book.demo()


def wait_for_end(book, view):
    book.page.wait_for_function(
        "e => e.dataset.playing === 'false' && Number(e.dataset.t) === 20",
        arg=view.root.element_handle(),
    )  # t is written when the picture is drawn


def test_the_question_is_answered_and_run_with_keys_alone(notebook):
    book, view = open_lab(notebook, "")
    keys = book.page.keyboard
    assert view.root.get_by_role("button", name="Run", exact=True).evaluate(
        "e => Boolean(e.closest('[inert]'))"
    )
    view.root.locator(".nnl-option input").first.focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Enter")
    view.settle()
    assert "Right" in view.root.locator(".nnl-told").inner_text()
    view.root.get_by_role("button", name="Run", exact=True).focus()
    keys.press("Enter")
    wait_for_end(book, view)
    assert "Layer 20 of 20" in view.sentence() and "10⁻⁵" in view.sentence()
    view.root.get_by_label("Weights", exact=True).focus()
    keys.press("k")  # a native select takes a letter
    view.settle()
    assert book.python("print(lab.settings['scheme'], lab.t)") == "Kaiming 20"
    view.root.get_by_role("button", name="Back").focus()
    keys.press("Enter")
    view.settle()
    assert "Layer 19 of 20" in view.sentence()


def test_the_scale_slider_moves_the_curve_and_says_its_value(notebook):
    book, view = open_lab(notebook, "predict=False")
    book.python("lab.run(20)")
    wait_for_end(book, view)
    slider = view.root.get_by_role("slider", name="Gain", exact=True)
    picture, words = view.pixels(), view.sentence()
    slider.focus()
    for _ in range(5):
        book.page.keyboard.press("ArrowRight")
    view.settle()
    gain = float(book.python("print(lab.settings['gain'])"))
    assert 0.9 < gain < 1.1 and view.pixels() != picture and view.sentence() != words
    assert slider.get_attribute("aria-valuetext") == f"{gain:g} divided by the root of the inputs"
    note = view.root.locator(".nnl-controls .nnl-note").inner_text()
    assert f"{gain:g} / √64" in note
    box = view.root.get_by_label("Gain, value")
    box.fill("0.2")
    box.press("Enter")
    view.settle()
    assert "The signal died in layer" in view.sentence()
    assert 0 < float(slider.input_value()) < 30
    box.fill("7")
    box.press("Enter")
    view.settle()
    assert "outside 0.1 to 3" in view.root.locator(".nnl-problem").inner_text()


def test_an_explosion_is_said_in_words_and_in_the_table(notebook):
    book, view = open_lab(notebook, "scheme='std 1', predict=False")
    book.python("lab.pace = 0.02")
    view.root.get_by_role("button", name="Run", exact=True).click()
    wait_for_end(book, view)
    assert "The signal exploded in layer" in view.sentence()
    view.root.get_by_role("button", name="Show as table").click()
    view.settle()
    rows = view.root.locator(".nnl-table tbody tr")
    assert rows.count() == 21 and "× 10" in rows.last.inner_text()
    assert "share zero" in view.root.locator(".nnl-table thead").inner_text()


def test_a_neuron_is_chosen_and_its_bias_moved_before_any_guess(notebook):
    book, view = open_lab(notebook, "")
    keys = book.page.keyboard
    view.root.get_by_role("button", name="Weights as pictures").focus()
    keys.press("Enter")
    view.settle()
    assert view.root.get_by_role("button", name="Weights as pictures").evaluate(
        "e => e === document.activeElement && e.getAttribute('aria-pressed') === 'true'"
    )
    assert view.root.locator(".nnl-time").is_hidden()
    grid, spread = view.pixels(0), view.pixels(2)
    view.root.get_by_role("slider", name="Neuron", exact=True).focus()
    keys.press("ArrowRight")
    view.settle()
    assert view.sentence().startswith("Neuron 4 at this 3") and view.pixels(0) != grid
    bias = view.root.get_by_role("slider", name="Bias b", exact=True)
    bias.focus()
    spread, words = view.pixels(2), view.sentence()
    for _ in range(10):
        keys.press("ArrowRight")
    view.settle()
    assert view.pixels(2) != spread and view.sentence() != words
    assert float(book.python("print(lab.looking.b[4])")) > -0.75
    view.root.get_by_role("button", name="Next example").press("Enter")
    view.settle()
    assert book.python("print(lab.look['example'], lab.t)") == "1 0"


def test_a_click_on_a_picture_chooses_the_neuron(notebook):
    book, view = open_lab(notebook, "show='weights as pictures', predict=False")
    box = view.root.locator(".nnl-picture").first.bounding_box()
    book.page.mouse.click(box["x"] + 0.1 * box["width"], box["y"] + 0.7 * box["height"])
    view.settle()
    assert view.sentence().startswith("Neuron 5")
    view.root.get_by_label("Layer", exact=True).select_option("random start")
    view.settle()
    assert book.python("print(lab.look['layer'])") == "random start"


def test_a_refused_function_is_shown_beside_the_reference(notebook):
    mine = (
        "def init(fan_in, fan_out, scheme, rng):\n"
        "    return rng.normal(0, 0.1, (fan_out, fan_in)), 0 * rng.normal(size=fan_out)\n"
    )
    _, view = open_lab(notebook, "init, scheme='Xavier', predict=False", mine)
    refused = view.root.locator(".nnl-refused")
    assert refused.is_visible()
    text = refused.inner_text()
    assert "xavier, fan_in = 300, fan_out = 200" in text and "the std of W is 0.0996" in text
    assert refused.locator("code").count() == 2
    assert view.root.locator(".nnl-badge").inner_text() == "running: nnlearn"


def test_your_own_function_runs_and_the_badge_says_when(notebook):
    mine = (
        "import numpy as np\n"
        "def init(fan_in, fan_out, scheme, rng):\n"
        "    s = np.sqrt(6 / (fan_in + (fan_out if scheme == 'xavier' else 0)))\n"
        "    return rng.uniform(-s, s, (fan_out, fan_in)), np.zeros(fan_out)\n"
    )
    _, view = open_lab(notebook, "init, scheme='Kaiming', predict=False", mine)
    badge = view.root.locator(".nnl-badge")
    assert "your code" in badge.inner_text()
    view.root.get_by_label("Weights", exact=True).select_option("std 1")
    view.settle()
    assert "running: nnlearn" in badge.inner_text() and "yours" in badge.inner_text()
