"""Layers: parameters and functions put together, under PyTorch's names.

Lessons: 00.
"""

from nnlearn.errors import unknown_name
from nnlearn.nn import functional, init
from nnlearn.nn.activation import ReLU, Sigmoid, Softmax, Tanh
from nnlearn.nn.container import ModuleList, Sequential
from nnlearn.nn.linear import Flatten, Linear
from nnlearn.nn.loss import CrossEntropyLoss, MSELoss
from nnlearn.nn.module import Module, Parameter

__all__ = [
    "CrossEntropyLoss",
    "Flatten",
    "Linear",
    "MSELoss",
    "Module",
    "ModuleList",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "functional",
    "init",
]

__getattr__ = unknown_name("nn")
