"""Convolution, pooling, normalisation and dropout, with every option that changes the sums."""

import numpy as np

from nnlearn import ops

rng = np.random.default_rng(17)


def draw(*shape):
    return rng.standard_normal(shape)


def conv(**settings):
    return lambda x, w, b=None: ops.conv2d(x, w, b, **settings)


def transposed(**settings):
    return lambda x, w, b=None: ops.conv_transpose2d(x, w, b, **settings)


def batch_norm(x, w=None, b=None, mean=None, var=None):
    return ops.batch_norm(x, mean, var, w, b, training=mean is None)


CASES = {
    "conv2d": (conv(), [draw(2, 3, 5, 6), draw(4, 3, 3, 2), draw(4)]),
    "conv2d no bias": (conv(), [draw(1, 1, 3, 3), draw(1, 1, 3, 3)]),
    "conv2d padding": (conv(padding=(1, 2)), [draw(2, 2, 4, 3), draw(3, 2, 3, 3), draw(3)]),
    "conv2d wide padding": (conv(padding=2), [draw(1, 2, 2, 3), draw(2, 2, 1, 2)]),
    "conv2d same": (conv(padding="same"), [draw(2, 2, 4, 5), draw(3, 2, 4, 3)]),
    "conv2d valid": (conv(padding="valid"), [draw(2, 2, 4, 5), draw(3, 2, 4, 3)]),
    "conv2d stride": (
        conv(stride=(2, 3), padding=1),
        [draw(2, 2, 6, 7), draw(3, 2, 3, 4), draw(3)],
    ),
    "conv2d dilation": (conv(dilation=(2, 1), padding=1), [draw(2, 2, 6, 4), draw(3, 2, 3, 3)]),
    "conv2d groups": (conv(groups=2, padding=1), [draw(2, 4, 4, 4), draw(6, 2, 3, 3), draw(6)]),
    "conv2d all": (
        conv(stride=2, padding=2, dilation=2, groups=3),
        [draw(2, 3, 7, 6), draw(6, 1, 3, 2), draw(6)],
    ),
    "conv2d one image": (conv(padding=1), [draw(2, 4, 4), draw(3, 2, 3, 3), draw(3)]),
    "conv_transpose2d": (transposed(), [draw(2, 3, 3, 4), draw(3, 2, 3, 2), draw(2)]),
    "conv_transpose2d stride": (
        transposed(stride=2, padding=1, output_padding=1),
        [draw(2, 3, 3, 4), draw(3, 2, 4, 3), draw(2)],
    ),
    "conv_transpose2d all": (
        transposed(stride=(2, 3), padding=1, output_padding=(0, 2), groups=2, dilation=2),
        [draw(2, 4, 3, 3), draw(4, 3, 2, 3), draw(6)],
    ),
    "conv_transpose2d one image": (transposed(stride=2), [draw(2, 3, 3), draw(2, 3, 2, 2)]),
    "max_pool2d": (lambda x: ops.max_pool2d(x, 2), [draw(2, 3, 4, 6)]),
    "max_pool2d rest": (lambda x: ops.max_pool2d(x, (2, 3)), [draw(2, 5, 7)]),
    "max_pool2d overlap": (lambda x: ops.max_pool2d(x, 3, 1, 1), [draw(1, 2, 4, 5)]),
    "max_pool2d all": (lambda x: ops.max_pool2d(x, 2, 3, 1, 2, True), [draw(1, 2, 6, 5)]),
    "max_pool2d ties": (lambda x: ops.max_pool2d(ops.mul(x, 0.0), 2), [draw(1, 1, 4, 4)]),
    "avg_pool2d": (lambda x: ops.avg_pool2d(x, 2), [draw(2, 3, 4, 6)]),
    "avg_pool2d all": (lambda x: ops.avg_pool2d(x, 3, 2, 1, True, False), [draw(1, 2, 6, 5)]),
    "adaptive_avg_pool2d": (lambda x: ops.adaptive_avg_pool2d(x, 1), [draw(2, 3, 4, 5)]),
    "adaptive_avg_pool2d sizes": (lambda x: ops.adaptive_avg_pool2d(x, (3, None)), [draw(2, 5, 4)]),
    "batch_norm": (batch_norm, [draw(5, 3), draw(3), draw(3)]),
    "batch_norm plain": (batch_norm, [draw(3, 2, 4)]),
    "batch_norm images": (batch_norm, [draw(3, 2, 4, 3), draw(2), draw(2)]),
    "batch_norm used": (
        lambda x, w, b: batch_norm(x, w, b, np.array([0.5, -1], "f"), np.array([2, 0.5], "f")),
        [draw(3, 2, 4, 3), draw(2), draw(2)],
    ),
    "normalize": (ops.normalize, [draw(4, 5), draw(5), draw(5)]),
    "normalize plain": (ops.normalize, [draw(4, 5)]),
    "dropout": (lambda x: ops.dropout(x, 0.3, rng=np.random.default_rng(0)), [draw(4, 5)]),
    "dropout used": (lambda x: ops.dropout(x, 0.3, False), [draw(4, 5)]),
}
