"""Operations: pure rules on arrays, lifted to Tensors by `primitive`. Arrays in, arrays out.

Lessons: 00, 01.
"""

from nnlearn.ops.activations import log_softmax, relu, sigmoid, softmax, tanh
from nnlearn.ops.arithmetic import abs, add, div, exp, log, matmul, mul, neg, pow, sqrt, sub
from nnlearn.ops.creation import arange, from_numpy, linspace, ones, rand, randn, tensor, zeros
from nnlearn.ops.linear import linear
from nnlearn.ops.losses import cross_entropy, mse_loss, nll_loss
from nnlearn.ops.reductions import amax, argmax, mean, sum
from nnlearn.ops.shapes import flatten, gather, permute, reshape, transpose

__all__ = [
    "abs",
    "add",
    "amax",
    "arange",
    "argmax",
    "cross_entropy",
    "div",
    "exp",
    "flatten",
    "from_numpy",
    "gather",
    "linear",
    "linspace",
    "log",
    "log_softmax",
    "matmul",
    "mean",
    "mse_loss",
    "mul",
    "neg",
    "nll_loss",
    "ones",
    "permute",
    "pow",
    "rand",
    "randn",
    "relu",
    "reshape",
    "sigmoid",
    "softmax",
    "sqrt",
    "sub",
    "sum",
    "tanh",
    "tensor",
    "transpose",
    "zeros",
]
