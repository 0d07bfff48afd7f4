"""Tensor and its engine: see engine.py; what can be written with it: see methods.py.

Lessons: 00.
"""

from nnlearn.tensor.engine import Tensor, jointly, no_grad, primitive

__all__ = ["Tensor", "jointly", "no_grad", "primitive"]
