"""D7: live, by mouse, by keyboard alone, two runs, a divergence, and the program behind it."""

import pytest

CELL = "import numpy as np\nfrom nnlearn.demos import Playground\n"
FLAT = "np.concatenate([w.ravel() for l in demo.now['A'].arrays() for w in l])"
HISTORY = """__import__('hashlib').sha256(repr([demo.t, demo._past.last, demo.plans,
    [r.upto(demo.t).tolist() for r in demo.records.values()],
    [demo.now[n].flat().tolist() for n in demo.plans]]).encode()).hexdigest()"""


def open_playground(notebook, arguments="predict=False", after=(), **more):
    book = notebook([f"{CELL}demo = Playground({arguments})\ndemo", *after], **more)
    return book, book.demo()


def press(view, name):
    view.root.get_by_role("button", name=name, exact=True).click()
    view.settle()


def shown_map(view, run=0):
    return view.root.locator(".npg-map canvas").nth(2 * run).evaluate("c => c.toDataURL()")


def unit(view, words):
    return view.root.locator(f".npg-unit[aria-label^='{words}']").first


def tab_to(book, view, role, name):
    """Walk with the Tab key until the wanted thing has the keyboard, as a person would."""
    wanted = view.root.get_by_role(role, name=name, exact=True).first.element_handle()
    for _ in range(90):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        book.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches the {role} {name!r}")


@pytest.mark.alone
def test_it_learns_live_stops_at_once_and_lets_other_cells_answer(notebook, record_property):
    book, view = open_playground(
        notebook, "data='xor', hidden=(8,), predict=False", after=["print(6 * 7, demo.t)"]
    )
    first = shown_map(view)
    press(view, "Run")
    view.reach(5)
    rate_box = view.root.get_by_label("Learning rate, value")
    rate_box.fill("0.31")
    view.reach(int(view.root.get_attribute("data-t")) + 3)
    assert rate_box.input_value() == "0.31", "the run's frames write over what is being typed"
    rate_box.press("Enter")
    book.run(1)
    book.page.wait_for_function(
        "() => /42 [1-9]/.test([...document.querySelectorAll('.jp-OutputArea-output')]"
        ".map((n) => n.textContent).join(' '))"
    )
    assert view.root.get_attribute("data-playing") == "true", "it runs on meanwhile"
    began = int(view.root.get_attribute("data-t"))
    view.watch()
    view.reach(began + 80)
    rate, late = view.pause("playground", record_property)
    assert late <= 2
    assert rate >= 12  # 20 and more where the machine is quiet (printed)
    assert shown_map(view) != first and "loss" in view.sentence()
    press(view, "Rewind")
    assert shown_map(view) == first


def test_weights_and_biases_are_set_by_keyboard_and_by_mouse(notebook):
    book, view = open_playground(notebook, "data='xor', hidden=(2,), predict=False")
    book.python("demo.run(12)")
    view.reach(12)
    network = view.root.get_by_role("img", name="The network: 2 inputs, then 2 neurons, 1 neuron")
    assert network.count() == 1
    before = book.told(f"{FLAT}.tolist()")
    view.root.locator(".npg-unit[tabindex='0']").focus()
    for key in ["ArrowDown", "Enter"]:
        book.page.keyboard.press(key)
    view.settle()
    weight = view.root.get_by_label("weight from input x1 to neuron 2 of layer 1")
    book.page.wait_for_function("e => e === document.activeElement", arg=weight.element_handle())
    for key in ["Control+a", "1", ".", "5", "Enter"]:
        book.page.keyboard.press(key)
    view.settle()
    after = book.told(f"{FLAT}.tolist()")
    assert [i for i in range(len(before)) if before[i] != after[i]] == [2] and after[2] == 1.5
    assert book.told("[demo.t, demo._past.last]") == [12, 12], "an edit is no epoch"
    assert "1.5" in view.root.locator(".npg-read").inner_text(), "marked on the curve"
    z = view.root.locator(".npg-terms .npg-right").all_inner_texts()
    numbers = [float(n.replace("−", "-").replace("+ ", "")) for n in z]
    assert abs(sum(numbers[:-1]) - numbers[-1]) < 1e-9, "the sum, as it is shown, adds up"
    press(view, "Step")
    press(view, "Undo")
    assert book.told(f"{FLAT}.tolist()") == before
    assert book.told("demo.t") == 12

    # with the mouse: halfway on the straight line from h1 to the output, and a bias
    unit(view, "the output").scroll_into_view_if_needed()
    boxes = [unit(view, words).bounding_box() for words in ("neuron 1 of layer 1", "the output")]
    x, y = [sum(b[s] + b[e] / 2 for b in boxes) / 2 for s, e in (("x", "width"), ("y", "height"))]
    book.page.mouse.move(x, y)
    book.page.mouse.click(x, y)
    editor = view.root.get_by_label("weight from neuron 1 of layer 1 to the output")
    editor.first.fill("-2")
    editor.first.press("Enter")
    view.settle()
    assert book.told("float(demo.now['A'].arrays()[1][0][0, 0])") == -2
    book.page.mouse.click(boxes[1]["x"], boxes[1]["y"] + boxes[1]["height"])
    bias = view.root.locator(".npg-edit input")
    assert bias.get_attribute("aria-label") == "bias of the output"
    bias.fill("0.25")
    bias.press("Enter")
    view.settle()
    assert book.told("float(demo.now['A'].arrays()[1][1][0])") == 0.25
    assert view.root.locator(".npg-edit").is_hidden()


def test_the_sums_of_a_deep_network_stand_whole_a_layer_at_a_time(notebook):
    book, view = open_playground(notebook, "hidden=(8, 8, 4), predict=False")
    rows, list_ = view.root.locator(".npg-sums > li"), view.root.locator(".npg-sums")

    def layer(name):
        return view.root.get_by_role("button", name=name, exact=True)

    assert rows.count() == 1 and layer("Output").get_attribute("aria-pressed") == "true"
    layer("Layer 2: 8").focus()
    book.page.keyboard.press("Enter")
    assert rows.count() == 8 and layer("Layer 2: 8").get_attribute("aria-pressed") == "true"
    assert layer("Layer 2: 8").evaluate("e => e === document.activeElement"), "the keyboard stays"
    view.root.get_by_role("button", name="sum of neuron 8 of layer 2").click()
    view.settle()
    assert view.root.get_by_label("bias of neuron 8 of layer 2").is_visible()
    cut = "e => [e.scrollHeight - e.clientHeight, getComputedStyle(e).overflowY]"
    assert list_.evaluate(cut) == [0, "visible"], "no row is cut"
    unit(view, "neuron 3 of layer 1").click()
    view.settle()
    assert layer("Layer 1: 8").get_attribute("aria-pressed") == "true"
    assert view.root.get_by_label("bias of neuron 3 of layer 1").is_visible()
    layer("Layer 3: 4").click()
    unit(view, "neuron 3 of layer 1").click()  # it is the opened one, of another layer
    view.settle()
    assert view.root.get_by_label("bias of neuron 3 of layer 1").is_visible()
    book.python("demo.act('layers', run='A', sizes=[4])")
    view.settle()
    assert rows.count() == 5 and layer("Output").count() == 0, "few sums: all of them"


def test_hollow_points_are_explained(notebook):
    book, view = open_playground(notebook, "predict=False")
    said = view.root.locator(".npg-kinds")
    assert said.inner_text() == (
        "Filled, 145: the points it learns from. "
        "Hollow, 55: new points, kept for the test; no step sees them."
    )
    press(view, "Test points")
    assert said.inner_text().endswith("55 new points for the test, hidden.")
    book.python("demo.set(test_share=0)")
    view.settle()
    assert said.inner_text().endswith("200: the points it learns from. No points are kept for the "
                                      "test.")  # fmt: skip


def test_paint_run_stop_scrub_and_share_with_the_keyboard_alone(notebook):
    book, view = open_playground(notebook, "data='blobs'")
    page = book.page
    view.root.locator(".nnl-option input").first.focus()
    page.keyboard.press("Space")
    tab_to(book, view, "button", "That is my guess")
    page.keyboard.press("Enter")
    view.settle()
    before = book.told("len(demo.points.y)")
    tab_to(book, view, "radio", "Probe")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # class 1
    pad = "Plane to paint on: arrow keys move the brush, Space paints"
    tab_to(book, view, "application", pad)
    for key in ["ArrowUp", "ArrowUp", "Space", "ArrowRight", "Space"]:
        page.keyboard.press(key)
    view.settle()
    assert book.told("[len(demo.points.y), demo.settings['data']]") == [before + 2, "painted"]
    assert book.told("demo.points.y[-2:].tolist()") == [1, 1]
    tab_to(book, view, "button", "Run")
    page.keyboard.press("Enter")
    view.reach(6)
    page.keyboard.press("Enter")
    view.still()
    t = int(view.root.get_attribute("data-t"))
    tab_to(book, view, "slider", "epoch shown")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    view.settle()
    assert int(view.root.get_attribute("data-t")) == t - 3
    tab_to(book, view, "button", "Share")
    page.keyboard.press("Enter")
    view.settle()
    line = view.root.locator(".nnl-line").input_value()
    book.python(f"from nnlearn.demos import Playground\nagain = {line}")
    same = "[again.now[n].flat().tolist() == demo.now[n].flat().tolist() for n in demo.plans]"
    assert book.told(same) == [True, True] and book.told("again.t == demo.t")


def test_looking_changes_no_history(notebook):
    book, view = open_playground(notebook, "data='moons', hidden=(3, 2), predict=False")
    book.python("demo.run(15); demo.set(lr=0.1); demo.run(5)")
    view.reach(20)
    history, plain = book.python(f"print({HISTORY})"), shown_map(view)
    press(view, "Decision only")
    assert shown_map(view) != plain
    press(view, "Decision only")
    press(view, "Test points")
    assert shown_map(view) != plain
    press(view, "Test points")
    assert shown_map(view) == plain
    for name in ("Accuracy", "Loss", "Log axis"):
        press(view, name)
    tall = view.root.locator(".npg-map").first.bounding_box()["height"]
    unit(view, "neuron 2 of layer 1").hover()
    assert view.root.locator(".npg-map").first.bounding_box()["height"] == tall
    assert shown_map(view) != plain, "the map shows the neuron that is pointed at"
    unit(view, "neuron 2 of layer 1").click()
    view.settle()
    probe = view.root.get_by_role("slider", name="the probe")
    was = probe.get_attribute("aria-valuetext")
    probe.press("ArrowLeft")
    view.settle()
    assert probe.get_attribute("aria-valuetext") != was
    cursor = view.root.get_by_role("slider", name="cursor on the curves")
    for _ in range(5):
        cursor.press("ArrowLeft")
    assert cursor.get_attribute("aria-valuetext").startswith("epoch 15 · train ")
    assert "rate 0.1" in view.root.locator(".npg-read").inner_text(), "where the rate was changed"
    view.root.get_by_text("The hidden space").click()
    view.root.locator(".npg-space canvas").wait_for(state="visible")
    view.settle()
    assert book.python(f"print({HISTORY})") == history
    cursor.focus()
    for key in ["ArrowLeft"] * 5 + ["Enter"]:
        book.page.keyboard.press(key)
    view.settle()
    assert int(view.root.get_attribute("data-t")) == 15, "Enter goes to the epoch that is read"


def test_the_program_that_is_shown_makes_the_same_weights(notebook):
    book, view = open_playground(
        notebook, "data='xor', hidden=(3,), optimizer='adam', penalty='L2', predict=False",
        after=["pass", "pass"],
    )  # fmt: skip
    book.python("demo.run(4); demo.act('weight', run='A', layer=0, unit=1, input=0, value=0.5)")
    book.python("demo.set(lr=0.1); demo.run(3)")
    press(view, "Show code")
    code = view.root.locator(".nnl-code").inner_text()
    same = "print((np.concatenate([p.data.ravel() for p in model.parameters()]) == "
    same += "demo.now['A'].flat()).all())"
    for i, text in enumerate([code, same], 1):
        book.page.evaluate(
            "([i, c]) => notebook.content.widgets[i].model.sharedModel.setSource(c)", [i, text]
        )
        book.run(i)
    book.page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-OutputArea-output')].at(-1).textContent"
        ".trim() === 'True'"
    )


def test_a_divergence_is_told_in_words_and_has_a_way_back(notebook):
    book, view = open_playground(
        notebook, "data='circles', activation='Linear', hidden=(8, 8, 8), lr=3, predict=False"
    )
    press(view, "Run")
    trouble = view.root.locator(".npg-trouble")
    trouble.wait_for(state="visible")
    assert "Diverged at epoch" in trouble.inner_text() and "rate" in trouble.inner_text()
    if view.root.get_attribute("data-playing") == "true":
        press(view, "Pause")
    assert view.root.locator(".nnl-problem").is_hidden()
    assert view.root.locator(".npg-read").inner_text().split(" ◆")[0].endswith("diverged")
    back = trouble.get_by_role("button")
    t = int(back.inner_text().removeprefix("Back to epoch "))
    back.click()
    view.settle()
    assert int(view.root.get_attribute("data-t")) == t and trouble.is_hidden()
    rate = view.root.get_by_label("Learning rate, value")
    rate.fill("0.1")
    rate.press("Enter")
    view.settle()
    book.python("demo.run(40)")
    view.settle()
    assert trouble.is_hidden()


def test_two_runs_on_a_phone_fit_and_only_the_chosen_one_changes(notebook):
    book, view = open_playground(notebook, "data='xor', hidden=(4, 4, 4, 4), predict=False",
                                 width=320)  # fmt: skip
    press(view, "Step")
    press(view, "Compare")
    runs = view.root.locator(".npg-run:visible")
    assert runs.count() == 2
    for name in ("More settings", "The hidden space"):
        view.root.get_by_text(name).click()
    press(view, "Run B")
    rate = view.root.get_by_label("Learning rate, value")
    rate.fill("0.01")
    rate.press("Enter")
    press(view, "Step")
    press(view, "Run A")
    assert book.told("[demo.plans[n].until(demo.t).events != [] for n in 'AB']") == [False, True]
    assert book.told("[demo.t, demo.now['A'].flat().tolist() == demo.now['B'].flat().tolist()]") \
        == [2, False]  # fmt: skip
    assert "rate 0.01" in view.root.locator(".npg-read").nth(1).inner_text()
    wide = view.root.evaluate(
        """e => [...e.querySelectorAll('*')].filter((n) => n.checkVisibility() &&
            !n.closest('.nnl-aloud, option, legend') && n.getBoundingClientRect().right >
            e.getBoundingClientRect().right + 1).map((n) => n.outerHTML.slice(0, 200))"""
    )
    assert wide == []
    press(view, "Compare")
    assert runs.count() == 1
