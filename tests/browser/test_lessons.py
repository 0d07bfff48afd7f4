"""Each lesson as its reader runs it: all cells in JupyterLab, and its demos come alive."""

import pytest

from nnlearn.course.build import lesson_notebook
from nnlearn.course.lessons import built

DEMOS = {
    "00_start_here": ["Digits reader", "Shape tracer"],
    "01_neurons": ["Neuron lab"],
    "02_weights_and_biases": ["Signal lab"],
    "03_activations": ["Activation bench"],
    "04_losses": ["Loss sculptor"],
    "05_gradient_descent": ["Descent terrain"],
    "06_batches_and_optimizers": ["Descent terrain"],
    "07_backpropagation": ["Backprop stepper"],
    "08_multilayer_perceptrons": ["Function builder", "Playground"],
    "09_regularization": ["Regularise lab", "Training clinic"],
}


@pytest.mark.parametrize("stem", [lesson.stem for lesson in built()])
def test_a_lesson_runs_and_its_demos_ask_for_a_guess(stem, notebook):
    book = notebook(
        [
            cell.source
            for cell in lesson_notebook(stem).cells
            if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", [])
        ]
    )
    for i, title in enumerate(DEMOS[stem]):
        view = book.demo(i)
        assert title in view.root.inner_text()
        assert view.root.get_attribute("data-gate") == "closed"
        view.guess()
        assert view.root.get_attribute("data-gate") == "open"
    assert book.page.locator(".nnl").count() == len(DEMOS[stem])
