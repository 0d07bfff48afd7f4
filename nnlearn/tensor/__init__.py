"""Tensor and its engine: see engine.py; how an operation is made: see primitive.py.

What can be written with a Tensor: operators.py and methods.py.

Lessons: 00, 07.
"""

from nnlearn.tensor.engine import Tensor, no_grad
from nnlearn.tensor.primitive import jointly, primitive

__all__ = ["Tensor", "jointly", "no_grad", "primitive"]
