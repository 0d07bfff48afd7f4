"""D15: arrays in and out, undo, cap, the change callback."""

import numpy as np
import pytest

from nnlearn.demos import DataPainter
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack

RNG = np.random.default_rng(0)


def test_arrays_come_back_exactly():
    X, y, image = RNG.normal(size=(40, 2)), RNG.integers(0, 3, 40), RNG.random((28, 8))
    curve = RNG.normal(size=30)
    points = DataPainter(X=X, y=y, low=-4, high=4)
    assert np.array_equal(points.X, X) and np.array_equal(points.y, y)
    assert points.classes == 3
    pixels, line = DataPainter("pixels", image=image), DataPainter("curve", curve=curve)
    assert np.array_equal(pixels.image, image) and np.array_equal(line.curve, curve)
    for name, demo in (("X", points), ("image", pixels), ("curve", line)):
        assert np.array_equal(unpack(demo.frame)[1][name], getattr(demo, name))
        again = type(demo).from_state(demo.state)
        assert np.array_equal(getattr(again, name), getattr(demo, name))


def test_what_is_handed_out_is_a_copy():
    demo = DataPainter(X=[[0.0, 0.0]], y=[1])
    demo.X[0, 0] = 9
    assert demo.X[0, 0] == 0


@pytest.mark.parametrize("mode", ["classes", "pixels", "curve"])
def test_undo_restores_and_redo_repeats(mode):
    demo = DataPainter(mode)
    start = demo.state
    demo.act("stroke", name="a", places=[[0.5, 0.5]])
    one = demo.state
    demo.act("stroke", name="b", places=[[3, -0.5]])
    two = demo.state
    demo.act("undo")
    assert demo.state == one
    demo.act("undo")
    assert demo.state == start
    demo.act("undo")  # nothing left: nothing happens
    demo.act("redo")
    demo.act("redo")
    assert demo.state == two
    demo.act("clear")
    assert demo.state == start
    demo.act("undo")
    assert demo.state == two


def test_one_stroke_sent_in_pieces_is_one_undo():
    demo = DataPainter()
    demo.act("stroke", name="a", places=[[0.1, 0.1]])
    demo.act("stroke", name="a", places=[[0.1, 0.1], [0.2, 0.2]])
    assert len(demo.X) == 2
    whole = DataPainter()
    whole.act("stroke", name="z", places=[[0.1, 0.1], [0.2, 0.2]])
    assert np.array_equal(demo.X, whole.X)
    demo.act("undo")
    assert len(demo.X) == 0


def test_the_brush_chooses_the_class_and_the_eraser_takes_away():
    demo = DataPainter(classes=3)
    for name in ("green square", "blue circle"):
        demo.set(brush=name)
        demo.act("stroke", name=name, places=[[0.0 if name[0] == "g" else 0.5, 0.0]])
    assert demo.y.tolist() == [2, 1]
    demo.set(erase=True)
    demo.act("stroke", name="e", places=[[0.01, 0.0]])
    assert demo.y.tolist() == [1]
    assert repr(demo) == "1 point: 1 blue circle."


def test_the_cap_is_said():
    demo = DataPainter(X=np.zeros((299, 2)), y=np.zeros(299, int))
    demo.act("stroke", name="a", places=[[0.1, 0.1], [0.2, 0.2]])
    assert len(demo.X) == 300
    with pytest.raises(DemoError, match="300 points are enough"):
        demo.act("stroke", name="b", places=[[0.3, 0.3]])


def test_a_curve_is_drawn_straight_between_places():
    demo = DataPainter("curve")
    demo.act("stroke", name="a", places=[[0, -1], [10, 1]])
    assert np.allclose(demo.curve[:11], np.linspace(-1, 1, 11)) and not demo.curve[11:].any()


def test_changes_are_told():
    demo, told = DataPainter(), []
    demo.observe(lambda change: told.append(len(demo.X)), "changes")
    demo.act("stroke", name="a", places=[[0, 0]])
    demo.act("undo")
    demo.put(X=[[0.5, 0.5]], y=[0])
    demo.act("undo")
    assert told == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"mode": "sound"}, "mode must be one of"), ({"classes": 4}, "classes must be 2 or 3"),
        ({"X": [[1, 2]], "y": [0, 1]}, "X has shape"), ({"X": [[1, 2]], "y": [5]}, "y 0, 1 or 2"),
        ({"image": np.zeros((4, 4))}, "8 to 28"), ({"image": np.full((8, 8), 16.0)}, "divide"),
        ({"curve": [[1]]}, "the curve has shape"), ({"X": [[np.nan, 0]], "y": [0]}, "finite"),
    ],
)  # fmt: skip
def test_bad_input_says_what_is_needed(given, word):
    with pytest.raises(DemoError, match=word):
        DataPainter(**given)
