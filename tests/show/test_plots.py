import numpy as np

from nnlearn.show import digits, line, new_axes, points, weights


def test_each_class_has_its_own_colour_and_shape():
    _, (axes,) = new_axes()
    points(axes, np.arange(6.0).reshape(3, 2), np.array([0, 1, 2]), ["a", "b", "c"])
    drawn = axes.collections
    assert len({tuple(c.get_facecolor()[0]) for c in drawn}) == 3
    assert len({len(c.get_paths()[0].vertices) for c in drawn}) == 3
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["a", "b", "c"]


def test_points_of_the_line_solve_its_equation_and_the_view_stays():
    _, (axes,) = new_axes()
    axes.set(xlim=(-1, 5), ylim=(-2, 2))
    for w, b in (([2.0, -1.0], 0.5), ([1.0, 0.0], -3.0), ([0.0, 2.0], 1.0)):
        line(axes, np.array(w), b)
        x, y = axes.lines[-1].get_data()
        if w[1]:
            assert np.allclose(w[0] * np.asarray(x) + w[1] * np.asarray(y) + b, 0)
        else:
            assert np.allclose(w[0] * np.asarray(x) + b, 0)
    assert axes.get_xlim() == (-1, 5) and axes.get_ylim() == (-2, 2)


def test_weights_share_a_scale_with_zero_in_its_middle():
    picture = weights(np.array([np.full(64, 3.0), np.full(64, -1.0)]), ["a", "b"], "two weights")
    for axes in picture.figure.axes[:2]:
        assert axes.images[0].get_clim() == (-3.0, 3.0)


def test_six_weights_are_no_wider_than_a_notebook_shows_at_full_size():
    for k in (1, 4, 6):
        wide = weights(np.ones((k, 64)), ["a"] * k, "weights").figure.get_size_inches()[0]
        assert wide <= 11, k


def test_all_zero_weights_can_be_shown():
    assert weights(np.zeros((1, 64)), ["a"], "nothing yet").png()


def test_digits_of_either_shape():
    flat = np.random.default_rng(0).random((12, 64))
    for images in (flat, flat.reshape(12, 8, 8)):
        assert digits(images, range(12), "twelve").png()
