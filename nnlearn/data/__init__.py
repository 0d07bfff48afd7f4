"""Data: real sets that work offline, sets made by rule, downloads on request, and batches.

Lessons: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 14, 16, 17, 18.
"""

from nnlearn.data.collate import default_collate, pad_sequence
from nnlearn.data.datasets import (
    Split,
    Table,
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from nnlearn.data.loader import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    random_split,
)
from nnlearn.data.number_words import Pairs, number_pairs, spell
from nnlearn.data.pictures import Faces, load_faces, load_photograph, load_textures, texture_patches
from nnlearn.data.prepare import nearest_label, pairwise_sq_dist, standardize
from nnlearn.data.public_sets import (
    download_cifar10,
    download_fashion_mnist,
    download_imdb,
    download_mnist,
    download_nab,
    download_olivetti,
    download_shakespeare,
    download_tatoeba,
)
from nnlearn.data.scenes import Scenes, digit_scenes
from nnlearn.data.sentences import rated_sentences
from nnlearn.data.series import Readings, Series, load_share_prices, load_weather, sensor_faults
from nnlearn.data.text import load_python_docs
from nnlearn.data.tokenizers import BPETokenizer, CharTokenizer, WordTokenizer
from nnlearn.data.toys import blobs, circles, moons, spirals, xor
from nnlearn.data.window import time_split, windows
from nnlearn.data.words import Texts, fold_accents, load_first_names, load_surnames
from nnlearn.errors import unknown_name

__all__ = [
    "BPETokenizer",
    "CharTokenizer",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "Faces",
    "Pairs",
    "Readings",
    "Scenes",
    "Series",
    "Split",
    "Subset",
    "Table",
    "TensorDataset",
    "Texts",
    "WordTokenizer",
    "blobs",
    "circles",
    "default_collate",
    "digit_scenes",
    "download_cifar10",
    "download_fashion_mnist",
    "download_imdb",
    "download_mnist",
    "download_nab",
    "download_olivetti",
    "download_shakespeare",
    "download_tatoeba",
    "fold_accents",
    "load_breast_cancer",
    "load_diabetes",
    "load_digits",
    "load_faces",
    "load_first_names",
    "load_iris",
    "load_photograph",
    "load_python_docs",
    "load_share_prices",
    "load_surnames",
    "load_textures",
    "load_weather",
    "load_wine",
    "moons",
    "nearest_label",
    "number_pairs",
    "pad_sequence",
    "pairwise_sq_dist",
    "random_split",
    "rated_sentences",
    "sensor_faults",
    "spell",
    "spirals",
    "standardize",
    "texture_patches",
    "time_split",
    "windows",
    "xor",
]

__getattr__ = unknown_name("data")
