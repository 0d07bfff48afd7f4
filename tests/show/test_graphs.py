"""The picture of a graph: every node and slope once, two edges between the same nodes apart."""

import numpy as np

from nnlearn.scalar import Value
from nnlearn.show import graph, new_axes


def drawn(root, names, **how):
    figure, (axes,) = new_axes()
    graph(axes, root, names, **how)
    figure.canvas.draw()
    return axes


def words(axes) -> list[str]:
    return [text.get_text().strip() for text in axes.texts if text.get_text().strip()]


def test_values_names_slopes_and_gradients_are_written():
    x, y = Value(4.0), Value(-2.5)
    z = x * y
    z.backward()
    without = words(drawn(z, {"x": x, "y": y, "z": z}))
    assert sorted(without) == sorted(["4", "−2.5", "−10", "x", "y", "z (*)", "−2.5", "4"])
    assert {"grad 1", "grad −2.5", "grad 4"} <= set(words(drawn(z, {}, gradients=True)))


def test_an_input_used_twice_has_two_edges_apart():
    x = Value(3.0)
    axes = drawn(x * x, {"x": x})
    slopes = [t for t in axes.texts if t.get_text() == "3" and t.get_position()[0] == 1]
    assert len(slopes) == 2 and slopes[0].get_position() != slopes[1].get_position()


def test_results_stand_right_of_all_their_inputs_and_no_two_nodes_in_one_place():
    a, b, c = (Value(v) for v in (1.0, 2.0, 3.0))
    early = a * b
    root = early.tanh() + early + c
    axes = drawn(root, {"a": a, "b": b, "c": c, "root": root})
    boxes = [t.get_position() for t in axes.texts if t.get_bbox_patch() and " " in t.get_text()]
    assert len(boxes) == len(set(boxes)) == 7
    assert max(np.array(boxes)[:, 0]) == 8
