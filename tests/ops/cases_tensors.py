"""Elementwise functions, products, reductions, shapes, indexing, joining: see cases.py."""

import numpy as np

from nnlearn import ops

rng = np.random.default_rng(11)


def draw(*shape):
    return rng.standard_normal(shape)


def positive(*shape):
    return rng.uniform(0.5, 2, shape)


MASK = np.array([[True, False, True, False]])
TIED = np.array([[1.0, 2.0, 2.0], [0.0, -1.0, 0.0]])
ROWS = np.array([2, 0, 2])
HOLES = np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0]])

ELEMENTWISE = {
    "pow zero": (lambda a: ops.pow(a, 0), [draw(3)]),
    "pow half": (lambda a: a**0.5, [positive(3)]),
    "maximum": (ops.maximum, [draw(3, 4), draw(4)]),
    "maximum number": (lambda a: ops.maximum(a, 0.25), [draw(3)]),
    "minimum": (ops.minimum, [draw(3, 1), draw(4)]),
    "remainder": (lambda a: ops.remainder(a, 3.0), [positive(3, 2)]),
    "expm1": (ops.expm1, [draw(3)]),
    "log1p": (ops.log1p, [positive(3)]),
    "log2": (ops.log2, [positive(3)]),
    "log10": (ops.log10, [positive(3)]),
    "rsqrt": (ops.rsqrt, [positive(3)]),
    "square": (ops.square, [draw(3)]),
    "reciprocal": (ops.reciprocal, [positive(3)]),
    "sin": (ops.sin, [draw(3)]),
    "cos": (ops.cos, [draw(3)]),
    "sign": (ops.sign, [positive(3)]),
    "floor": (ops.floor, [draw(3)]),
    "ceil": (ops.ceil, [draw(3)]),
    "round": (ops.round, [draw(3)]),
    "clamp": (lambda a: ops.clamp(a, -0.5, 0.5), [draw(3, 4)]),
    "clamp below": (lambda a: ops.clamp(a, min=0.1), [draw(3, 4)]),
    "clip": (lambda a: ops.clip(a, max=0.1), [draw(3, 4)]),
    "where": (lambda a, b: ops.where(MASK, a, b), [draw(3, 4), draw(4)]),
    "where number": (lambda a: ops.where(MASK, a, 0.0), [draw(3, 4)]),
    "masked_fill": (lambda a: ops.masked_fill(a, MASK, -1.0), [draw(3, 4)]),
}

PRODUCTS = {
    "mm": (ops.mm, [draw(2, 3), draw(3, 4)]),
    "bmm": (ops.bmm, [draw(5, 2, 3), draw(5, 3, 4)]),
    "mv": (ops.mv, [draw(2, 3), draw(3)]),
    "dot": (ops.dot, [draw(3), draw(3)]),
    "outer": (ops.outer, [draw(3), draw(2)]),
    "_einsum matmul": (lambda a, b: ops.einsum("ij,jk->ik", a, b), [draw(2, 3), draw(3, 4)]),
    "_einsum heads": (
        lambda a, b: ops.einsum("bthd, bshd -> bhts", a, b),
        [draw(2, 3, 2, 4), draw(2, 5, 2, 4)],
    ),
    "_einsum alone": (lambda a: ops.einsum("ijk->k", a), [draw(2, 3, 4)]),
    "_einsum turned": (lambda a: ops.einsum("ij->ji", a), [draw(2, 3)]),
    "_einsum three": (
        lambda a, b, c: ops.einsum("i,ij,j", a, b, c),
        [draw(2), draw(2, 3), draw(3)],
    ),
}

REDUCTIONS = {
    "var": (ops.var, [draw(3, 4)]),
    "var dim": (lambda a: ops.var(a, dim=(0, -1), unbiased=False), [draw(2, 3, 4)]),
    "std": (ops.std, [draw(3, 4)]),
    "std dim": (lambda a: ops.std(a, 1, keepdim=True, correction=0), [draw(3, 4)]),
    "_root": (ops.reductions._root, [positive(3)]),
    "amin": (ops.amin, [draw(2, 3)]),
    "amin dim": (lambda a: ops.amin(a, dim=(1, 2), keepdim=True), [draw(2, 3, 4)]),
    "logsumexp": (lambda a: ops.logsumexp(a, 1), [draw(2, 3, 4)]),
    "logsumexp dims": (lambda a: ops.logsumexp(a, [0, 1], keepdim=True), [draw(2, 3)]),
    "cumsum": (lambda a: ops.cumsum(a, 1), [draw(2, 3, 4)]),
    "prod": (ops.prod, [draw(2, 3)]),
    "prod dim": (lambda a: ops.prod(a, 1), [draw(2, 3, 4)]),
    "norm": (ops.norm, [draw(2, 3)]),
    "norm dim": (lambda a: ops.norm(a, dim=-1, keepdim=True), [draw(2, 3)]),
    "norm sum": (lambda a: ops.norm(a, 1), [draw(2, 3)]),
    "norm largest": (lambda a: ops.norm(a, np.inf, 1), [draw(2, 3)]),
    "max": (ops.max, [draw(2, 3)]),
    "max dim": (lambda a: ops.max(a, 1).values, [draw(2, 3, 4)]),
    "max two": (ops.max, [draw(2, 3), draw(3)]),
    "min": (ops.min, [draw(2, 3)]),
    "min dim": (lambda a: ops.min(a, dim=0, keepdim=True).values, [draw(2, 3)]),
    "sort": (lambda a: ops.sort(a, 0).values, [draw(4, 3)]),
    "sort down": (lambda a: ops.sort(a, descending=True).values, [draw(4, 3)]),
    "topk": (lambda a: ops.topk(a, 2, dim=0).values, [draw(4, 3)]),
}

SHAPES = {
    "t": (ops.t, [draw(2, 3)]),
    "squeeze": (ops.squeeze, [draw(1, 3, 1)]),
    "squeeze dim": (lambda a: ops.squeeze(a, (0, 1)), [draw(1, 3, 1)]),
    "unsqueeze": (lambda a: ops.unsqueeze(a, -1), [draw(2, 3)]),
    "expand": (lambda a: ops.shapes.expand(a, (4, -1, 2)), [draw(3, 1)]),
    "broadcast_to": (lambda a: ops.broadcast_to(a, (2, 3)), [draw(3)]),
    "repeat": (lambda a: ops.shapes.repeat(a, (2, 3, 2)), [draw(2, 3)]),
    "flip": (lambda a: ops.flip(a, (0, 1)), [draw(2, 3)]),
    "roll": (lambda a: ops.roll(a, (1, -1), (0, 1)), [draw(2, 3)]),
    "roll flat": (lambda a: ops.roll(a, 2), [draw(2, 3)]),
    "clone": (ops.clone, [draw(2, 3)]),
    "getitem number": (lambda a: a[1], [draw(4, 3)]),
    "getitem new axes": (lambda a: a[..., None, 1:], [draw(4, 3)]),
    "getitem pairs": (lambda a: a[ROWS, ROWS], [draw(4, 3)]),
    "getitem mixed": (lambda a: ops.indexing.getitem(a, (1, slice(None), ROWS)), [draw(2, 4, 3)]),
    "index_select": (lambda a: ops.index_select(a, 1, ROWS), [draw(2, 3, 2)]),
    "gather short": (lambda a: ops.gather(a, 0, np.array([[1, 0]])), [draw(3, 4)]),
    "tril": (lambda a: ops.tril(a, -1), [draw(2, 3, 3)]),
    "triu": (ops.triu, [draw(3, 4)]),
    "_cat": (lambda a, b: ops.cat([a, b], dim=1), [draw(2, 3), draw(2, 1)]),
    "_stack": (lambda a, b: ops.stack((a, b), dim=-1), [draw(2, 3), draw(2, 3)]),
    "_stack same": (lambda a: ops.stack([a, a]), [draw(2)]),
    "split": (lambda a: ops.split(a, 2)[1], [draw(5, 2)]),
    "split listed": (lambda a: ops.split(a, [1, 2], dim=1)[1], [draw(2, 3)]),
    "chunk": (lambda a: ops.chunk(a, 2, dim=-1)[0], [draw(2, 3)]),
    "unbind": (lambda a: ops.unbind(a, 1)[2], [draw(2, 3)]),
}

CASES = ELEMENTWISE | PRODUCTS | REDUCTIONS | SHAPES
