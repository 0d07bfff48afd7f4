"""The linear rule: every layer's weighted sums at once.

Lessons: 01.
"""

import math

import numpy as np

from nnlearn.errors import expect
from nnlearn.tensor import primitive


@primitive
def linear(input, weight, bias=None):
    """Weigh, add up, shift: y = input @ weight.T + bias. Row k of weight is neuron k.

    Parameters
    ----------
    input : shape (..., D)
    weight : shape (K, D)
    bias : shape (K,), or None

    Returns
    -------
    y : shape (..., K)

    Raises: ShapeError if D or K differ.

    Example
    -------
    >>> linear(np.ones((4, 3)), np.ones((2, 3)), np.array([0.0, 1.0]))[0]
    array([3., 4.])

    Lesson 01.
    """
    try:
        y = input @ weight.T
    except ValueError:
        have, outputs = (np.shape(input) or (1,))[-1], len(weight)
        repair = f"Did you mean Linear({have}, {outputs})? Or is a Flatten missing before it?"
        expect("linear", repair, input=(input, "... D"), weight=(weight, "K D"))
        raise
    if bias is not None:
        if bias.shape != weight.shape[:1]:  # (1,) or (N, 1) would broadcast, and be wrong
            expect("linear", "One bias per neuron.", weight=(weight, "K D"), bias=(bias, "K"))
        y = np.add(y, bias, out=y if y.dtype == bias.dtype else None)

    # 2-D products are what BLAS does fastest: adding the rows up as ones @ g, 16 times g.sum(0).
    n, (outputs, inputs) = math.prod(input.shape[:-1]), weight.shape
    return y, (
        lambda g: g @ weight,
        lambda g: g.reshape(n, outputs).T @ input.reshape(n, inputs),
        lambda g: np.ones(n, g.dtype) @ g.reshape(n, outputs),
    )
