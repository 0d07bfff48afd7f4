"""Recurrent layers: a state goes from step to step, and each step may change it.

Layers may be stacked (each reads the outputs of the one below) and may run both ways. The rules
for a whole sequence are in ops/recurrent.py; nn/cells.py has what takes one step at a time.

Lessons: 11, 12, 17, 18.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.nn.init import uniform_
from nnlearn.nn.module import Module, Parameter
from nnlearn.ops import cat, dropout, flip, squeeze, stack, transpose, unsqueeze
from nnlearn.ops.recurrent import gru, lstm, rnn


def weight_names(bias: bool) -> list[str]:
    """Name the weights of one layer in one direction, in PyTorch's order."""
    return ["weight_ih", "weight_hh", "bias_ih", "bias_hh"][: 4 if bias else 2]


def first_weights(module: Any, gates: int, inputs: int, suffix: str) -> None:
    """Set weight_ih, weight_hh, bias_ih and bias_hh of a layer, drawn evenly around 0."""
    rows, bound = gates * module.hidden_size, 1 / math.sqrt(module.hidden_size)
    shapes = [(rows, inputs), (rows, module.hidden_size), (rows,), (rows,)]
    for name, shape in zip(weight_names(module.bias), shapes, strict=False):
        parameter = Parameter(np.empty(shape, np.float32))
        setattr(module, name + suffix, uniform_(parameter, -bound, bound, rng=module.rng))


def known(nonlinearity: str) -> str:
    """Return the nonlinearity if it is one of the two."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f'nonlinearity is "tanh" or "relu", not {nonlinearity!r}')
    return nonlinearity


class _Recurrent(Module):
    """What RNN, LSTM and GRU share: their weights, and the way through layers and directions."""

    gates = 1  # blocks of H rows in each weight
    states: tuple[str, ...] = ("h_0",)  # what goes from step to step
    weight_ih_l0: Parameter
    weight_hh_l0: Parameter

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if min(input_size, hidden_size, num_layers) < 1:
            sizes = f"{input_size}, {hidden_size}, {num_layers}"
            raise ValueError(f"{type(self).__name__}: sizes and layers are at least 1, not {sizes}")
        if dropout and num_layers == 1:
            warnings.warn(
                "dropout stands between layers: with one layer it does nothing", stacklevel=3
            )
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.bidirectional = bias, batch_first, bidirectional
        self.dropout, self.rng = dropout, rng
        for layer in range(num_layers):
            inputs = hidden_size * (1 + bidirectional) if layer else input_size
            for suffix in self._suffixes(layer):
                first_weights(self, self.gates, inputs, suffix)

    def _suffixes(self, layer: int) -> tuple[str, ...]:
        """Name a layer's directions: what their weights' names end with."""
        return (f"_l{layer}", f"_l{layer}_reverse")[: 1 + self.bidirectional]

    def _run(self, x: Any, states: list, weights: list) -> tuple:
        """Run one layer in one direction: the outputs, and the last of each state."""
        raise NotImplementedError

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """Run the sequence from the states hx (zeros if None); return outputs and last states."""
        batched = np.ndim(input) != 2
        turned = batched and self.batch_first
        axes = ("N T D" if turned else "T N D") if batched else "T D"
        weight = (self.weight_ih_l0, f"{self.gates}H D")
        repair = f"Features come last; {type(self).__name__}(batch_first=True) takes samples first."
        expect(type(self).__name__, repair, input=(input, axes), weight_ih_l0=weight)
        x = transpose(input, 0, 1) if turned else input if batched else unsqueeze(input, 1)
        states = self._first_states(hx, x.shape[1], batched)
        lasts: list[tuple] = []
        for layer in range(self.num_layers):
            if layer and self.dropout:
                x = dropout(x, self.dropout, self.training, rng=self.rng)
            outputs = []
            for suffix in self._suffixes(layer):
                first = [state[len(lasts)] for state in states]
                weights = [getattr(self, name + suffix) for name in weight_names(self.bias)]
                back = suffix.endswith("reverse")
                output, *last = self._run(flip(x, (0,)) if back else x, first, weights)
                outputs.append(flip(output, (0,)) if back else output)
                lasts.append(tuple(last))
            x = cat(outputs, 2) if self.bidirectional else output
        finals = [stack(each) for each in zip(*lasts, strict=True)]
        if not batched:
            x, finals = squeeze(x, 1), [squeeze(last, 1) for last in finals]
        output = transpose(x, 0, 1) if turned else x
        return output, (tuple(finals) if len(finals) > 1 else finals[0])

    def _first_states(self, hx: Any, samples: int, batched: bool) -> list:
        """Bring the given states, or zeros, into shape (layers * directions, N, H)."""
        name, rows = type(self).__name__, self.num_layers * (1 + self.bidirectional)
        if hx is None:
            zeros = np.zeros((rows, samples, self.hidden_size), self.weight_hh_l0.dtype)
            return [zeros] * len(self.states)
        given = list(hx) if isinstance(hx, tuple | list) else [hx]
        if len(given) != len(self.states):
            wanted = ", ".join(self.states)
            raise TypeError(
                f"{name}: hx is ({wanted}), and {len(given)} came\nWrite hx=({wanted})."
            )
        needed = (rows, samples, self.hidden_size) if batched else (rows, self.hidden_size)
        for state, array in zip(self.states, given, strict=True):
            if np.shape(array) != needed:
                axes = "(layers * directions, N, H)" if batched else "(layers * directions, H)"
                shapes = {state: np.shape(array), f"needed {axes}": needed}
                repair = "One state for each layer and direction; batch_first does not turn it."
                raise ShapeError(f"{name}: {state} does not fit", shapes, repair)
        return given if batched else [unsqueeze(state, 1) for state in given]

    def extra_repr(self) -> str:
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0}
        usual["bidirectional"] = False
        own = [f"{k}={getattr(self, k)}" for k, v in usual.items() if getattr(self, k) != v]
        return ", ".join([str(self.input_size), str(self.hidden_size), *own])


class RNN(_Recurrent):
    """A plain recurrent layer: h[t] = tanh(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh).

    Parameters
    ----------
    input_size : D, the numbers that come in at each step
    hidden_size : H, the numbers of the state
    num_layers : how many layers, each on the outputs of the one below
    nonlinearity : "tanh" or "relu"
    bias : whether there are b_ih and b_hh
    batch_first : whether input and output are (N, T, D) rather than (T, N, D)
    dropout : probability with which a number between two layers is set to zero in training
    bidirectional : whether a second set of weights runs from the last step to the first

    Shapes: input (T, N, D), or (T, D) for one sequence; h_0 and h_n (layers * directions, N, H);
    output (T, N, H), twice as wide if bidirectional. First weights: even draws between -1/sqrt(H)
    and 1/sqrt(H).

    Example
    -------
    >>> output, h_n = RNN(3, 5)(np.ones((7, 2, 3), np.float32))
    >>> output.shape, h_n.shape
    ((7, 2, 5), (1, 2, 5))

    Source: Elman (1990).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.nonlinearity = known(nonlinearity)
        sizes = (input_size, hidden_size, num_layers)
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, rng=rng)

    def _run(self, x: Any, states: list, weights: list) -> tuple:
        output = rnn(x, *states, *weights, nonlinearity=self.nonlinearity)
        return output, output[-1]


class LSTM(_Recurrent):
    """A long short-term memory: a cell that gates protect, so that it can keep what it knows.

    Parameters, shapes and first weights as for RNN (no nonlinearity; proj_size is not part of
    nnlearn). hx is the pair (h_0, c_0), and (h_n, c_n) comes back.

    Example
    -------
    >>> output, (h_n, c_n) = LSTM(3, 5, batch_first=True)(np.ones((2, 7, 3), np.float32))
    >>> output.shape, h_n.shape, c_n.shape
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))

    Source: Hochreiter and Schmidhuber (1997); Gers, Schmidhuber and Cummins (2000).
    """

    gates = 4
    states = ("h_0", "c_0")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if proj_size:
            raise NotImplementedError(
                "LSTM: proj_size is not part of nnlearn; use a Linear after it"
            )
        sizes = (input_size, hidden_size, num_layers)
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, rng=rng)

    def _run(self, x: Any, states: list, weights: list) -> tuple:
        output = lstm(x, *states, *weights)
        return output[:-1], output[-2], output[-1]


class GRU(_Recurrent):
    """A gated recurrent unit: one gate for what is forgotten, one for what is kept.

    Parameters, shapes and first weights as for RNN (no nonlinearity).

    Example
    -------
    >>> output, h_n = GRU(3, 5, num_layers=2, bidirectional=True)(np.ones((7, 2, 3), np.float32))
    >>> output.shape, h_n.shape
    ((7, 2, 10), (4, 2, 5))

    Source: Cho et al. (2014).
    """

    gates = 3

    def _run(self, x: Any, states: list, weights: list) -> tuple:
        output = gru(x, *states, *weights)
        return output, output[-1]
