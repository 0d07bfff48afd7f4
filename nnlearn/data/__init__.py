"""Data: real sets that work offline, toy sets, and batches.

Lessons: 00, 01.
"""

from nnlearn.data.datasets import Split, Table, load_digits, load_iris
from nnlearn.data.loader import DataLoader, Dataset, Subset, TensorDataset, random_split
from nnlearn.data.prepare import nearest_label, pairwise_sq_dist, standardize
from nnlearn.data.toys import blobs, circles, moons, spirals, xor
from nnlearn.errors import unknown_name

__all__ = [
    "DataLoader",
    "Dataset",
    "Split",
    "Subset",
    "Table",
    "TensorDataset",
    "blobs",
    "circles",
    "load_digits",
    "load_iris",
    "moons",
    "nearest_label",
    "pairwise_sq_dist",
    "random_split",
    "spirals",
    "standardize",
    "xor",
]

__getattr__ = unknown_name("data")
