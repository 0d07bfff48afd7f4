"""Recurrent cells: one step, written as its formulas. A loop over the steps is yours to write.

RNN, LSTM and GRU in nn/recurrent.py compute the same for a whole sequence in half the time.

Lessons: 11, 12.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.errors import expect
from nnlearn.nn.module import Module, Parameter
from nnlearn.nn.recurrent import first_weights, known
from nnlearn.ops import chunk, linear, relu, sigmoid, tanh


class _Cell(Module):
    """What the cells share: one set of weights, the checks, and the two weighted sums."""

    gates = 1
    weight_ih: Parameter
    weight_hh: Parameter
    bias_ih: Parameter | None
    bias_hh: Parameter | None

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.input_size, self.hidden_size, self.bias, self.rng = input_size, hidden_size, bias, rng
        if not bias:
            self.bias_ih = self.bias_hh = None
        first_weights(self, self.gates, input_size, "")

    def _sums(self, input: Any, h: Any) -> tuple[Any, Any]:
        """Return W_ih x + b_ih and W_hh h + b_hh, all gates side by side."""
        lead, rows = "" if np.ndim(input) == 1 else "N ", f"{self.gates}H"
        sizes = {"input": (input, lead + "D"), "weight_ih": (self.weight_ih, f"{rows} D")}
        sizes |= {"h": (h, lead + "H"), "weight_hh": (self.weight_hh, f"{rows} H")}
        expect(type(self).__name__, "A cell takes one step: x is (N, D), a state (N, H).", **sizes)
        return (
            linear(input, self.weight_ih, self.bias_ih),
            linear(h, self.weight_hh, self.bias_hh),
        )

    def _zeros(self, input: Any) -> np.ndarray:
        return np.zeros((*input.shape[:-1], self.hidden_size), self.weight_hh.dtype)

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """One step of RNN: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Parameters
    ----------
    input_size, hidden_size : D and H
    bias : whether there are b_ih and b_hh
    nonlinearity : "tanh" or "relu"

    Shapes: input (N, D) or (D,), hx and the result (N, H) or (H,).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.nonlinearity = known(nonlinearity)
        super().__init__(input_size, hidden_size, bias, rng=rng)

    def forward(self, input: Any, hx: Any = None) -> Any:
        p, q = self._sums(input, self._zeros(input) if hx is None else hx)
        return tanh(p + q) if self.nonlinearity == "tanh" else relu(p + q)

    def extra_repr(self) -> str:
        return super().extra_repr() + (", nonlinearity=relu" if self.nonlinearity == "relu" else "")


class LSTMCell(_Cell):
    """One step of LSTM: (h, c) and an input give the next (h, c). Shapes as for RNNCell."""

    gates = 4

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        h, c = (self._zeros(input), self._zeros(input)) if hx is None else hx
        p, q = self._sums(input, h)
        i, f, g, o = chunk(p + q, 4, -1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        return sigmoid(o) * tanh(c), c


class GRUCell(_Cell):
    """One step of GRU: the state and an input give the next state. Shapes as for RNNCell."""

    gates = 3

    def forward(self, input: Any, hx: Any = None) -> Any:
        h = self._zeros(input) if hx is None else hx
        (p_r, p_z, p_n), (q_r, q_z, q_n) = (chunk(part, 3, -1) for part in self._sums(input, h))
        z = sigmoid(p_z + q_z)
        n = tanh(p_n + sigmoid(p_r + q_r) * q_n)
        return (1 - z) * n + z * h
