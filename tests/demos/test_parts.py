"""Frames, the past, the questions, the brush and the composed script."""

import numpy as np
import pytest

from nnlearn.demos import esm
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import BadFrame, pack, plain, unpack
from nnlearn.demos.numerals import counted
from nnlearn.demos.predict import Curve, Number
from nnlearn.demos.regularise_asks import TURN
from nnlearn.demos.strokes import paint_pixels
from nnlearn.demos.timeline import Timeline


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8", "int32"])
def test_arrays_come_back_exactly(dtype):
    array = (np.random.default_rng(0).normal(size=(3, 5)) * 40).astype(dtype)
    header, arrays = unpack(pack({"n": 1}, {"odd": np.zeros(3, np.uint8), "a": array}))
    assert header == {"n": 1} and arrays["a"].dtype == dtype
    assert np.array_equal(arrays["a"], array)


def test_bad_frames_say_which_part():
    with pytest.raises(BadFrame, match="'z' is int64"):
        pack({}, {"z": np.arange(3)})
    with pytest.raises(BadFrame, match="function has no place"):
        pack({"f": len.__call__ and (lambda: 0)}, {})
    with pytest.raises(BadFrame, match="not a frame of 7 bytes"):
        unpack(b"\x20\0\0\0abc")


def test_nan_travels_as_a_word():
    assert plain({"a": float("nan"), "b": np.array([1.0, -np.inf])}) == {
        "a": "nan", "b": [1.0, "-inf"]
    }  # fmt: skip


def test_the_past_is_bounded_and_keeps_its_ends():
    past = Timeline()
    for t in range(5000):
        past.put(t, t)
        assert len(past.times) <= 200
    assert past.times[0] == 0 and past.last == 4999 and len(past.times) > 99
    past.put(1000, "again")
    assert past.last == 1000 and past.before(1000) == (1000, "again")


def test_number_questions_tell_low_from_high():
    words = {"right": "Yes.", "low": "More: {outcome}.", "high": "Less."}
    ask = Number("How many?", within=0.5, low=0, high=10, feedback=words)
    assert ask.judge(ask.accept("3"), 7) == (False, "More: 7.")
    assert ask.judge(7.4, 7)[0] and ask.judge(9.0, 7) == (False, "Less.")
    for bad in ("x", 11, float("nan")):
        with pytest.raises(DemoError, match="answer with a number"):
            ask.accept(bad)


def test_one_of_a_thing_is_no_plural():
    assert [counted(n, "hinge") for n in (0, 1, 2, 1200)] == [
        "0 hinges", "1 hinge", "2 hinges", "1,200 hinges"
    ]  # fmt: skip
    assert counted(1, "try", "tries") == "1 try" and counted(3, "try", "tries") == "3 tries"
    assert (TURN.words(1.0), TURN.words(7.0)) == ("1 epoch", "7 epochs")


def test_curve_questions_name_the_kind_of_error():
    ask = Curve("Draw it.", lambda mine, real: "right" if mine[-1] > mine[0] else "falls",
                feedback={"right": "Yes.", "falls": "It rises."}, points=3)  # fmt: skip
    assert ask.judge(ask.accept([0, 0.5, 1]), [0, 1, 1]) == (True, "Yes.")
    assert ask.judge([1, 0, 0], None) == (False, "It rises.")
    for bad in ([0, 1], [0, 1, 2], "curve", 3):
        with pytest.raises(DemoError, match="3 numbers"):
            ask.accept(bad)


def test_the_brush_paints_and_erases_and_leaves_its_input():
    paper = np.zeros((5, 5))
    drawn = paint_pixels(paper, [(1, 1), (1.5, 2)])
    assert drawn[1, 1] == 1 and drawn.max() == 1 and not paper.any()
    assert paint_pixels(drawn, [(1, 1)], erase=True)[1, 1] == 0
    for bad in ([], [(1,)], "ab", [(float("inf"), 1)]):
        with pytest.raises(DemoError, match="a stroke is"):
            paint_pixels(paper, bad)


def test_modules_are_written_in_once_and_in_order(tmp_path):
    (tmp_path / "low.js").write_text("export const one = 1;\nconst hidden = 2;\n")
    (tmp_path / "mid.js").write_text(
        'import { one } from "./low.js";\nexport { one } from "./low.js";\n'
        "export function two() { return one + 1; }\n"
    )
    (tmp_path / "top.js").write_text(
        'import { one as first } from "./low.js";\nimport { two } from "./mid.js";\n'
        "export default { first, two };\n"
    )
    text = esm.compose(tmp_path / "top.js")
    assert text.count("const hidden = 2") == 1
    assert text.index("$low_js =") < text.index("$mid_js =") < text.index("export default")
    assert "const { one: one } = $low_js" in text or "const { one } = $low_js" in text
    assert "const { one: first } = $low_js" in text
    assert "return { two, one: $low_js.one };" in text
