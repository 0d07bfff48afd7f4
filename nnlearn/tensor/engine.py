"""Tensor: an array that remembers how it was made, so that it can hand its gradient back.

Three ideas make the engine. `primitive`, in primitive.py, turns a rule on plain arrays into an
operation on Tensors. Each result keeps *edges*: the inputs it came from, each with the function
that carries a gradient back to it (a vjp, "vector-Jacobian product"). `backward` walks the edges,
newest result first, multiplies along them and adds where they meet.

Lessons: 00, 07.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from weakref import ref

import numpy as np
from numpy import ndarray

from nnlearn.errors import ShapeError
from nnlearn.tensor.methods import Methods

FLOAT64 = np.dtype(np.float64)
_created = itertools.count()
# A context variable, so that no_grad in one thread or asyncio task does not switch off another's.
recording: ContextVar[bool] = ContextVar("recording", default=True)


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without remembering how: `with no_grad():`, or `@no_grad()` above a function."""
    before = recording.get()
    recording.set(False)
    try:
        yield
    finally:
        recording.set(before)


def _fit(g: Any, x: np.ndarray) -> np.ndarray:
    """Give a gradient the shape and dtype of x: undo broadcasting, add up what was repeated."""
    g = np.asarray(g)
    if g.shape != x.shape:
        g = g.sum(axis=tuple(range(g.ndim - x.ndim)))
        g = g.sum(axis=tuple(i for i, n in enumerate(x.shape) if n != g.shape[i]), keepdims=True)
    return np.asarray(g, dtype=x.dtype)


def _run_hooks(tensor: Tensor, g: np.ndarray) -> np.ndarray:
    """Show a gradient to those who asked for it; they may change it."""
    for hook in tensor.hooks:
        g.setflags(write=False)
        changed = hook(Tensor(g))
        if changed is not None:
            g = _fit(changed, tensor.data)
    return g


def _oldest_first(root: Tensor) -> list[Tensor]:
    """List all that root was made from. A result is younger than its inputs: sort by birth."""
    found, waiting = {root}, [root]
    while waiting:  # no recursion: a graph may be deeper than Python's stack
        tensor = waiting.pop()
        if tensor.edges is None:
            raise RuntimeError(
                "backward: this graph has been walked, and its memory given back\n"
                "Compute the loss again, or say loss.backward(retain_graph=True) the first time."
            )
        for x, _ in tensor.edges:
            if x.number > tensor.number:
                raise RuntimeError(
                    f"backward: a tensor of shape {x.shape} was changed after it was used\n"
                    "Usual cause: optimizer.step() between the forward pass and backward().\n"
                    "Call backward() first, or compute the loss again."
                )
            if x not in found:
                found.add(x)
                waiting.append(x)
    return sorted(found, key=attrgetter("number"))


class Tensor(Methods):
    """An array with a memory: `data`, its gradient `grad`, and the `edges` to what it came from.

    Parameters
    ----------
    data : array (shared, not copied), number or nested lists (these become float32, as in PyTorch)
    requires_grad : whether backward() shall leave a gradient in `grad`

    Example
    -------
    >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4., 6.])
    """

    __slots__ = ("__weakref__", "data", "edges", "grad", "hooks", "number", "requires_grad")
    __array_ufunc__ = None  # array + tensor must call our __radd__, or the graph would be lost
    __hash__ = object.__hash__  # == compares elements; as dict keys tensors are themselves

    data: np.ndarray
    grad: Tensor | None
    hooks: tuple[Callable, ...]
    edges: tuple[tuple[Tensor, Callable], ...] | None  # None once backward has freed them

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        if type(data) is not np.ndarray:
            known = isinstance(data, np.ndarray | np.generic)
            data = np.asarray(data)
            if not known and data.dtype == FLOAT64:
                data = data.astype(np.float32)
        self.data, self.grad, self.edges, self.hooks = data, None, (), ()
        self.number = next(_created)
        self.requires_grad = False
        if requires_grad:
            self.requires_grad_()

    def backward(self, gradient: Any = None, retain_graph: bool = False) -> None:
        """Add d(self)/d(x) to `x.grad` of every leaf x that self depends on.

        Parameters
        ----------
        gradient : same shape as self; may be left out for a single number
        retain_graph : keep the graph, so that backward can walk it again
        """
        if not self.requires_grad:
            raise RuntimeError(
                "backward: nothing here requires a gradient\n"
                "Usual cause: made under no_grad(), by detach(), or from data alone.\n"
                "Give the weights requires_grad=True, or use nn.Parameter."
            )
        if gradient is None and self.data.size != 1:
            raise RuntimeError(
                f"backward: starts from one number, this tensor has shape {self.shape}\n"
                "Usual cause: a loss per sample. Take loss.mean() first, or give gradient=..."
            )
        start = np.ones(self.shape) if gradient is None else gradient
        seed = np.array(start, dtype=self.data.dtype)
        if seed.shape != self.shape:
            shapes = {"tensor": self.shape, "gradient": seed.shape}
            raise ShapeError("backward: one gradient per element", shapes, "Make the shapes equal.")
        grads = {self: seed}
        nodes = _oldest_first(self)
        while nodes:
            node = nodes.pop()
            g = grads.pop(node)
            if node.hooks:
                g = _run_hooks(node, g)
            if not node.edges:
                node._add_to_grad(g)
                continue
            g.setflags(False)  # type: ignore[call-arg]  # a vjp may read g, never write it
            for x, vjp in node.edges:
                piece, data = vjp(g), x.data
                if piece.shape != data.shape or piece.dtype is not data.dtype:
                    piece = _fit(piece, data)
                if x not in grads:
                    grads[x] = piece if isinstance(piece, ndarray) else np.asarray(piece)
                elif grads[x].flags.writeable:  # made by its vjp, for us alone
                    grads[x] += piece
                else:
                    grads[x] = np.asarray(grads[x] + piece)
            if not retain_graph:
                node.edges = None

    def _add_to_grad(self, g: np.ndarray) -> None:
        if self.grad is not None:
            g = self.grad.data + g
        elif not g.flags.writeable:  # may be shared with another leaf
            g = g.copy()
        self.grad = Tensor(g)

    def register_hook(self, hook: Callable[[Tensor], Any]) -> Any:
        """Call hook(gradient) when backward has this tensor's gradient, until `.remove()`.

        What the hook returns, if anything, takes the place of the gradient.
        """
        self.hooks = (*self.hooks, hook)

        def remove() -> None:
            self.hooks = tuple(h for h in self.hooks if h is not hook)

        return SimpleNamespace(remove=remove)

    def retain_grad(self) -> None:
        """Let backward leave a gradient here too, although this is no leaf."""
        me = ref(self)  # a hook that held its tensor would keep it in memory for ever

        def keep(gradient: Tensor) -> None:
            tensor = me()
            if tensor is not None and tensor.edges:
                tensor._add_to_grad(gradient.data)

        self.register_hook(keep)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Ask for a gradient of this leaf, or stop asking."""
        if requires_grad and self.data.dtype.kind != "f":
            raise TypeError(
                f"Only floating point tensors have gradients, this one holds {self.dtype}\n"
                "Use x.float() first."
            )
        self.requires_grad = requires_grad
        return self

    def detach(self) -> Tensor:
        """Return the same data without its history."""
        return Tensor(self.data)

    def numpy(self) -> np.ndarray:
        """Return the array itself (shared memory)."""
        if self.requires_grad:
            raise RuntimeError(
                "numpy(): this tensor requires a gradient, and an array cannot carry one on\n"
                "Write x.detach().numpy()."
            )
        return self.data

    def item(self) -> Any:
        """Return the only element as a Python number."""
        return self.data.item()

    def tolist(self) -> Any:
        """Return the elements as nested Python lists."""
        return self.data.tolist()

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    is_leaf = property(lambda self: self.edges == ())

    def size(self, dim: int | None = None) -> Any:
        """Return the shape, or the length of one axis."""
        return self.data.shape if dim is None else self.data.shape[dim]

    def numel(self) -> int:
        """Return the number of elements."""
        return self.data.size

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.data, dtype=dtype, copy=copy)

    def __float__(self) -> Any:
        return float(self.item())

    def __int__(self) -> Any:
        return int(self.item())

    def __bool__(self) -> bool:
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        return format(self.item() if self.ndim == 0 else str(self), spec)

    def __getstate__(self) -> dict[str, Any]:
        if self.edges != ():
            raise RuntimeError(
                "copy.deepcopy, pickle: this tensor was computed, and its history is not copied\n"
                "Write x.detach() first."
            )
        return {"data": self.data, "requires_grad": self.requires_grad, "grad": self.grad}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Born here and now: `number` counts births in this process.
        Tensor.__init__(self, state["data"], state["requires_grad"])
        self.grad = state["grad"]

    def __repr__(self) -> str:
        text = np.array2string(self.data, separator=", ", precision=4, prefix="tensor(")
        usual = self.dtype in (np.float32, np.int64, np.bool_)
        notes = ("" if usual else f", dtype={self.dtype}") + (
            ", requires_grad=True" if self.requires_grad else ""
        )
        return f"tensor({text}{notes})"

    def changed(self) -> None:
        """Be born again: a graph that used the old numbers is older now, and can tell."""
        self.number = next(_created)

    def _check_in_place(self, *sources: Any) -> None:
        """Refuse to change what a graph remembers, or to write into it what has a gradient."""
        graphs = [x for x in (self, *sources) if isinstance(x, Tensor) and x.requires_grad]
        if self.edges or (recording.get() and graphs):
            raise RuntimeError(
                "A tensor that is part of a graph cannot be changed in place\n"
                "Put an update of weights under `with no_grad():`. In a forward pass write\n"
                "x = x + y, or collect the parts in a list for nnlearn.stack or nnlearn.cat."
            )
        self.changed()
