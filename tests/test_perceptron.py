import numpy as np
import pytest

from nnlearn.perceptron import classify, neuron, perceptron_update, step, train_perceptron

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def test_neuron_takes_one_sample_or_many():
    w = np.array([2.0, -1.0])
    assert neuron([1.0, 4.0], w, 1.0) == -1
    assert neuron(CORNERS, w, 1.0).tolist() == [1, 0, 3, 2]
    assert classify(CORNERS, w, -0.5).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_step_follows_the_dtype(dtype):
    y = step(np.array([-1, 0, 2], dtype))
    assert y.tolist() == [0, 1, 1] and y.dtype == dtype


def test_an_update_only_after_a_mistake():
    w, x = np.array([1.0, -1.0]), np.array([2.0, 1.0])
    for array in (w, x):
        array.flags.writeable = False
    assert perceptron_update(w, 0.0, x, 1)[0].tolist() == [1, -1]
    new_w, new_b = perceptron_update(w, 0.0, x, 0, lr=0.5)
    assert new_w.tolist() == [0, -1.5] and new_b == -0.5


@pytest.mark.parametrize(("labels", "found"), [([0, 0, 0, 1], True), ([0, 1, 1, 0], False)])
def test_and_is_found_xor_never(labels, found):
    w, b, errors = train_perceptron(CORNERS, np.array(labels), epochs=50)
    assert (classify(CORNERS, w, b) == labels).all() == found
    assert errors.dtype == int and (errors[-1] == 0) == found
    assert found or len(errors) == 50


def test_labels_must_be_0_and_1():
    with pytest.raises(ValueError, match="0 and 1"):
        train_perceptron(CORNERS, np.array([-1, -1, -1, 1]))
