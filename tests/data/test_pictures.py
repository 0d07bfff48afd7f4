import numpy as np
import pytest

from nnlearn.data import (
    digit_scenes,
    load_faces,
    load_photograph,
    load_textures,
    pictures,
    texture_patches,
)


@pytest.mark.parametrize("name", pictures.PHOTOGRAPHS)
def test_photographs(name):
    picture = load_photograph(name)
    assert picture.dtype == np.float32 and picture.ndim in (2, 3) and min(picture.shape[:2]) >= 300
    assert picture.min() >= 0 and 0.8 < picture.max() <= 1
    picture[:] = 0  # its own copy: it can be drawn on
    with pytest.raises(ValueError, match=r"'dog'\nThere are astronaut, camera"):
        load_photograph("dog")


def test_photographs_are_those_of_skimage():
    from skimage import data

    assert np.array_equal(load_photograph("cat") * 255, data.chelsea())


def test_textures():
    textures = load_textures()
    assert list(textures) == ["brick", "grass", "gravel"]
    for picture in textures.values():
        assert picture.shape == (512, 512) and picture.dtype == np.float32
        assert picture.min() >= 0 and picture.max() <= 1


def test_patches_are_standardized_balanced_and_the_same_for_a_seed():
    X, y = texture_patches(30, rng=np.random.default_rng(0))
    assert X.shape == (30, 1, 24, 24) and X.dtype == np.float32
    assert y.dtype == np.int64 and np.bincount(y).tolist() == [10, 10, 10]
    assert np.allclose(X.mean(axis=(1, 2, 3)), 0, atol=1e-5)
    assert (X.std(axis=(1, 2, 3)) <= 1).all() and np.median(X.std(axis=(1, 2, 3))) > 0.98
    assert np.array_equal(X, texture_patches(30, rng=np.random.default_rng(0))[0])
    assert len(texture_patches(0)[0]) == 0 and texture_patches(1, size=1)[0].shape == (1, 1, 1, 1)


def test_patches_of_train_and_test_come_from_different_rows(monkeypatch):
    """A texture that is plain above row 307 and striped below: what a patch shows tells its row."""
    picture = np.zeros((512, 512), np.float32)
    picture[307:, ::2] = 1
    monkeypatch.setattr(pictures, "load_textures", lambda: {"plain then striped": picture})
    rng = np.random.default_rng(0)
    assert texture_patches(200, part="train", rng=rng)[0].std() == 0
    assert (texture_patches(200, part="test", rng=rng)[0].std(axis=(1, 2, 3)) > 0.9).all()


def test_wrong_patches():
    with pytest.raises(ValueError, match="'train' or 'test'"):
        texture_patches(3, part="all")
    for size in (0, 400):
        with pytest.raises(ValueError, match="a patch must fit"):
            texture_patches(3, size=size)


def test_faces():
    faces, person, background = load_faces()
    assert faces.shape == background.shape == (100, 25, 25)
    assert faces.dtype == background.dtype == np.float32 and person.dtype == np.int64
    assert faces.min() >= 0 and faces.max() <= 1 and len(set(person)) == 100


def test_scenes():
    found, boxes, labels = digit_scenes(20, "test", rng=np.random.default_rng(1))
    assert found.shape == (20, 1, 24, 24) and found.dtype == np.float32
    assert found.min() >= 0 and found.max() <= 1
    for picture, box, label in zip(found[:, 0], boxes, labels, strict=True):
        assert 1 <= len(box) == len(label) <= 3 and box.shape == (len(label), 4)
        assert set(label) <= set(range(10)) and (box >= 0).all() and (box <= 24).all()
        for left, top, right, bottom in box:
            assert 0 < right - left <= 12 and 5 <= bottom - top <= 12
            assert picture[top:bottom, left:right].mean() > 0.2  # there is something
        for i, (l, t, r, b) in enumerate(box):
            for x, y, x2, y2 in box[:i]:
                assert l >= x2 or r <= x or t >= y2 or b <= y  # no two overlap
    again = digit_scenes(20, "test", rng=np.random.default_rng(1))
    assert np.array_equal(found, again.pictures)
    assert len(digit_scenes(0).boxes) == 0
    with pytest.raises(ValueError, match="room for a digit"):
        digit_scenes(1, size=8)
