"""Pictures that ship inside scikit-image: textures, photographs, faces; read without importing it.

Pillow, which matplotlib brings, reads a picture in milliseconds; the import of scikit-image's own
reader takes more than half a second.

Lessons: 10, 16.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nnlearn.data.files import installed_file
from nnlearn.random import Rng, generator

PHOTOGRAPHS = {  # by name: the file, what it must be, who gave it
    "astronaut": (  # Eileen Collins; NASA, public domain
        "astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    "camera": (  # a photographer, grey; Lav Varshney, CC0
        "camera.png",
        "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
    ),
    "cat": (  # Chelsea; Stefan van der Walt, CC0
        "chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    "coffee": (  # a cup; Rachel Michetti, CC0
        "coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
    "coins": (  # from Pompeii, grey; Brooklyn Museum, no known restrictions
        "coins.png",
        "f8d773fc9cfa6f4d8e5942dc34d0a0788fcaed2a4fefbbed0aef5398d7ef4cba",
    ),
}
TEXTURES = {  # cc0textures.com and DeviantArt (linolafett), CC0
    "brick": ("brick.png", "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf"),
    "grass": ("grass.png", "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89"),
    "gravel": ("gravel.png", "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12"),
}
TRAIN_SHARE = 0.6  # the top of each texture is for training, the rest for the test


class Faces(NamedTuple):
    """Pictures of faces, whose face each is (a number), and pictures without any face."""

    faces: np.ndarray
    person: np.ndarray
    background: np.ndarray


def load_photograph(name: str) -> np.ndarray:
    """Load a photograph: astronaut, camera, cat, coffee or coins.

    Returns
    -------
    picture : shape (H, W, 3), or (H, W) if it is grey; float32 in [0, 1]

    Raises: ValueError for another name; ModuleNotFoundError without scikit-image.

    Example
    -------
    >>> load_photograph("cat").shape, load_photograph("camera").shape
    ((300, 451, 3), (512, 512))

    Source: scikit-image; all are public domain or CC0, see PHOTOGRAPHS. Lesson 10.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(
            f"load_photograph: there is no photograph {name!r}\nThere are {', '.join(PHOTOGRAPHS)}."
        )
    return _picture(*PHOTOGRAPHS[name])


def load_textures() -> dict[str, np.ndarray]:
    """Load three surfaces seen from above: brick, grass, gravel.

    Returns
    -------
    textures : by name, pictures of shape (512, 512), grey, float32 in [0, 1]

    Example
    -------
    >>> [(name, picture.shape) for name, picture in load_textures().items()]
    [('brick', (512, 512)), ('grass', (512, 512)), ('gravel', (512, 512))]

    Source: scikit-image; cc0textures.com and DeviantArt, CC0. Lesson 16.
    """
    return {name: _picture(*file) for name, file in TEXTURES.items()}


def texture_patches(
    n: int, size: int = 24, part: str = "train", *, rng: Rng = None
) -> tuple[np.ndarray, np.ndarray]:
    """Cut n square patches out of the textures: which surface is it?

    Each patch is shifted to mean 0 and scaled to deviation 1, so that neither brightness nor
    contrast gives the answer away: only structure does, wherever in the patch it lies. Patches for
    training come from the upper 60 per cent of each picture, those for the test from below.

    Parameters
    ----------
    n : how many; the three textures equally often
    size : height and width in pixels
    part : "train" or "test"

    Returns
    -------
    X : shape (n, 1, size, size), float32
    y : shape (n,), int64: 0 brick, 1 grass, 2 gravel

    Example
    -------
    >>> X, y = texture_patches(6, rng=np.random.default_rng(0))
    >>> X.shape, sorted(y.tolist())
    ((6, 1, 24, 24), [0, 0, 1, 1, 2, 2])

    Lesson 16.
    """
    pictures = list(load_textures().values())
    height, width = pictures[0].shape
    border = int(height * TRAIN_SHARE)
    if part not in ("train", "test"):
        raise ValueError(f"texture_patches: part is 'train' or 'test', not {part!r}")
    top, bottom = (0, border) if part == "train" else (border, height)
    if not 1 <= size <= bottom - top:
        raise ValueError(
            f"texture_patches: size is {size}; a patch must fit {part}, {bottom - top} rows high"
        )
    rng = generator(rng)
    y = rng.permutation(np.arange(n) % len(pictures))
    rows = rng.integers(top, bottom - size + 1, n)
    columns = rng.integers(0, width - size + 1, n)
    X = np.empty((n, 1, size, size), np.float32)
    for i in range(n):
        patch = pictures[y[i]][rows[i] : rows[i] + size, columns[i] : columns[i] + size]
        X[i, 0] = (patch - patch.mean()) / (patch.std() + 1e-3)
    return X, y


def load_faces() -> Faces:
    """Load 100 faces and 100 pictures without one, 25 by 25 pixels, grey.

    The faces were drawn at random from Labeled Faces in the Wild, without names. Each counts here
    as a person of its own; now and then two may be the same. They are photographs of real people
    from the press, who were not asked: look, measure, and do not try to find out who they are.

    Returns
    -------
    faces, background : shape (100, 25, 25) each, float32 in [0, 1]
    person : shape (100,), int64: 0 to 99

    Example
    -------
    >>> faces, person, background = load_faces()
    >>> faces.shape, background.shape, int(person[-1])
    ((100, 25, 25), (100, 25, 25), 99)

    Source: Huang et al. (2007), Labeled Faces in the Wild, for research; the part that ships with
    scikit-image. Lesson 16.
    """
    path = installed_file(
        "skimage",
        "data/lfw_subset.npy",
        "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c",
    )
    pictures = np.load(path, allow_pickle=False).astype(np.float32)
    return Faces(pictures[:100], np.arange(100), pictures[100:])


def _picture(name: str, sha256: str) -> np.ndarray:
    from PIL import Image

    with Image.open(installed_file("skimage", f"data/{name}", sha256)) as picture:
        return np.asarray(picture).astype(np.float32) / 255
