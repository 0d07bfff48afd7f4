"""Every differentiable op with inputs that exercise it: one line per op."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np

from nnlearn import ops

rng = np.random.default_rng(7)


def draw(*shape):
    return rng.standard_normal(shape)


def positive(*shape):
    return rng.uniform(0.5, 2, shape)


LABELS = np.array([2, 0, 1, 2])
SPARSE = np.array([[1, 0], [0, 0], [2, 1]])

# name: (function of arrays or Tensors, its arrays)
CASES = {
    "add": (ops.add, [draw(3, 4), draw(4)]),
    "sub": (ops.sub, [draw(3, 1), draw(2, 1, 4)]),
    "mul": (ops.mul, [draw(3, 4), draw(3, 1)]),
    "div": (ops.div, [draw(3, 4), positive(1, 4)]),
    "pow": (ops.pow, [positive(3, 4), draw(4)]),
    "pow number": (lambda a: ops.pow(a, 3), [draw(3)]),
    "neg": (ops.neg, [draw(2, 3)]),
    "abs": (ops.abs, [draw(2, 3)]),
    "exp": (ops.exp, [draw(2, 3)]),
    "log": (ops.log, [positive(2, 3)]),
    "sqrt": (ops.sqrt, [positive(2, 3)]),
    "matmul": (ops.matmul, [draw(3, 4), draw(4, 2)]),
    "matmul vectors": (ops.matmul, [draw(4), draw(4)]),
    "matmul row": (ops.matmul, [draw(4), draw(2, 4, 3)]),
    "matmul column": (ops.matmul, [draw(2, 3, 4), draw(4)]),
    "matmul batches": (ops.matmul, [draw(2, 1, 3, 4), draw(5, 4, 2)]),
    "sum": (ops.sum, [draw(2, 3)]),
    "sum dim": (lambda a: ops.sum(a, dim=(0, -1)), [draw(2, 3, 4)]),
    "mean": (ops.mean, [draw(2, 3)]),
    "mean dim": (lambda a: ops.mean(a, dim=1, keepdim=True), [draw(2, 3, 4)]),
    "amax": (ops.amax, [draw(2, 3)]),
    "amax dim": (lambda a: ops.amax(a, dim=1), [draw(2, 3, 4)]),
    "amax ties": (lambda a: ops.amax(ops.mul(a, 0.0), dim=0), [draw(2, 3)]),
    "reshape": (lambda a: ops.reshape(a, (3, -1)), [draw(2, 6)]),
    "flatten": (lambda a: ops.flatten(a, 1), [draw(2, 3, 2)]),
    "permute": (lambda a: ops.permute(a, (2, 0, -2)), [draw(2, 3, 4)]),
    "transpose": (lambda a: ops.transpose(a, 0, -1), [draw(2, 3, 4)]),
    "getitem": (lambda a: a[::-2, 1], [draw(4, 3)]),
    "getitem rows": (lambda a: a[np.array([1, 1, 0])], [draw(4, 3)]),
    "getitem mask": (lambda a: a[LABELS > 0], [draw(4, 3)]),
    "gather": (lambda a: ops.gather(a, 1, SPARSE), [draw(3, 4)]),
    "relu": (ops.relu, [draw(3, 4)]),
    "sigmoid": (ops.sigmoid, [draw(3, 4)]),
    "tanh": (ops.tanh, [draw(3, 4)]),
    "softmax": (lambda a: ops.softmax(a, 1), [draw(2, 3, 4)]),
    "log_softmax": (lambda a: ops.log_softmax(a, 1), [draw(2, 3, 4)]),
    "mse_loss": (ops.mse_loss, [draw(3, 4), draw(3, 4)]),
    "mse_loss sum": (lambda a, b: ops.mse_loss(a, b, "sum"), [draw(3), draw(3)]),
    "mse_loss none": (lambda a, b: ops.mse_loss(a, b, "none"), [draw(3), draw(3)]),
    "nll_loss": (lambda a: ops.nll_loss(a, LABELS), [draw(4, 3)]),
    "nll_loss none": (lambda a: ops.nll_loss(a, LABELS, reduction="none"), [draw(4, 3)]),
    "cross_entropy": (lambda a: ops.cross_entropy(a, LABELS), [draw(4, 3)]),
    "cross_entropy sum": (lambda a: ops.cross_entropy(a, LABELS, reduction="sum"), [draw(4, 3)]),
    "cross_entropy none": (lambda a: ops.cross_entropy(a, LABELS, reduction="none"), [draw(4, 3)]),
    "linear": (ops.linear, [draw(3, 4), draw(2, 4), draw(2)]),
    "linear no bias": (ops.linear, [draw(3, 4), draw(2, 4)]),
    "linear vector": (ops.linear, [draw(4), draw(2, 4), draw(2)]),
    "linear deep": (ops.linear, [draw(2, 3, 4), draw(2, 4), draw(2)]),
}

# Further subjects stand in files of their own: cases_<subject>.py.
for module in iter_modules([str(Path(__file__).parent)]):
    if module.name.startswith("cases_"):
        CASES |= import_module(f"tests.ops.{module.name}").CASES
