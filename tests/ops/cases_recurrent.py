"""Cases of the recurrent rules: with biases and without, one step and several."""

import numpy as np

from nnlearn.ops.recurrent import gru, lstm, rnn

rng = np.random.default_rng(11)


def arrays(gates, steps=3, samples=2, inputs=4, hidden=3, states=1, bias=True):
    """Draw x, the first states and the weights, each moderate, so that no gate is shut."""
    rows = gates * hidden
    shapes = [(steps, samples, inputs)] + [(samples, hidden)] * states
    shapes += [(rows, inputs), (rows, hidden)] + [(rows,)] * (2 * bias)
    return [rng.standard_normal(shape) * 0.7 for shape in shapes]


CASES = {
    "rnn": (rnn, arrays(1)),
    "rnn relu": (lambda *a: rnn(*a, nonlinearity="relu"), arrays(1)),
    "rnn no bias": (rnn, arrays(1, bias=False)),
    "lstm": (lstm, arrays(4, states=2)),
    "lstm no bias": (lstm, arrays(4, states=2, bias=False)),
    "lstm one step": (lstm, arrays(4, steps=1, samples=1, hidden=1, states=2)),
    "lstm last output": (lambda *a: lstm(*a)[-2], arrays(4, states=2)),
    "gru": (gru, arrays(3)),
    "gru no bias": (gru, arrays(3, bias=False)),
}
