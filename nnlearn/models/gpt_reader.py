"""GPT without gradients: the whole model in plain NumPy, with a memory of what it has read.

Writing needs no graph. And what a position offers to later ones, its keys and values, never
changes: it is kept, so that a new token costs one step through the blocks, and not one for each
position again. A step works on few numbers, so its time is that of its calls: through Tensors it
takes more than twice as long, which is why the model is written down here a second time.

Lessons: 14.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


class GPTReader:
    """Reads tokens one after another, or several at once, and scores what may come next.

    Parameters
    ----------
    model : a GPT; its weights are used as they are, not copied
    batch : N, the number of sequences that are read side by side
    """

    def __init__(self, model: Any, batch: int) -> None:
        self.wte, self.wpe = model.wte.weight.data, model.wpe.weight.data
        self.blocks = [[p.data for p in block.parameters()] for block in model.h]
        self.ln_f = [p.data for p in model.ln_f.parameters()]
        self.head = self.wte if model.lm_head is None else model.lm_head.weight.data
        size = self.wte.shape[1] // model.num_heads
        shape = (len(model.h), 2, batch, model.num_heads, model.context, size)
        self.memory = np.empty(shape, self.wte.dtype)  # the keys and values of each block
        self.length = 0  # positions read so far
        self.share = np.full(self.wte.shape[1], 1 / self.wte.shape[1], self.wte.dtype)

    def read(self, tokens: np.ndarray) -> np.ndarray:
        """Read on: integers (N, T) in, the scores of the next token (N, V) out."""
        n, t = tokens.shape
        start, self.length = self.length, self.length + t
        x = (self.wte[tokens] + self.wpe[start : self.length]).reshape(n * t, -1)
        for weights, memory in zip(self.blocks, self.memory, strict=True):
            ln_1, ln_1b, attn, attn_b, proj, proj_b, ln_2, ln_2b, fc, fc_b, out, out_b = weights
            qkv = self._normalise(x, ln_1, ln_1b) @ attn.T + attn_b
            x = x + (self._attend(qkv.reshape(n, t, -1), memory) @ proj.T + proj_b)
            hidden = _gelu(self._normalise(x, ln_2, ln_2b) @ fc.T + fc_b)
            x = x + (hidden @ out.T + out_b)
        last = x.reshape(n, t, -1)[:, -1]
        return self._normalise(last, *self.ln_f) @ self.head.T

    def _attend(self, qkv: np.ndarray, memory: np.ndarray) -> np.ndarray:
        """Let the new positions look at themselves and at all in the memory."""
        n, t, width = qkv.shape
        _, _, heads, _, size = memory.shape
        parts = qkv.reshape(n, t, 3, heads, size).transpose(2, 0, 3, 1, 4)
        query, end = parts[0], self.length
        memory[:, :, :, end - t : end] = parts[1:]
        keys, values = memory[:, :, :, :end]
        scores = (query * (1 / math.sqrt(size))) @ keys.swapaxes(2, 3)
        if t > 1:  # each may look at the older ones and at itself, not at those behind it
            scores[:, :, ~np.tri(t, end, end - t, dtype=bool)] = -np.inf
        scores -= scores.max(axis=3, keepdims=True)
        p = np.exp(scores, out=scores)
        p /= p.sum(axis=3, keepdims=True)
        return (p @ values).swapaxes(1, 2).reshape(n * t, width // 3)

    def _normalise(self, x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
        """Layer norm of rows, as F.layer_norm. A product with shares is a mean."""
        z = x - (x @ self.share)[:, None]
        z *= (1 / np.sqrt(np.vecdot(z, z) / z.shape[1] + 1e-5))[:, None]
        z *= weight
        z += bias
        return z


def _gelu(z: np.ndarray) -> np.ndarray:
    """The tanh form of GELU, as F.gelu."""
    y = z * z
    y *= math.sqrt(2 / math.pi) * 0.044715
    y += math.sqrt(2 / math.pi)
    y *= z
    np.tanh(y, out=y)
    y += 1
    y *= z
    y *= 0.5
    return y
