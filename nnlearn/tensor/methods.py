"""What a Tensor can do by name: `x.sum(0)`, `x.T`, `x.float()`. One line names one operation.

The operations themselves are defined in `nnlearn/ops/`, with their arguments and examples; the
signs, `x + y`, stand in operators.py.

Lessons: 00, 07.
"""

from __future__ import annotations

from typing import Any

from nnlearn.tensor import dtypes
from nnlearn.tensor.operators import InPlace, Operators
from nnlearn.tensor.registry import ops


def _method(name: str) -> Any:
    """Make the method `x.name(...)`, which is nnlearn.name(x, ...)."""

    def method(self: Any, *arguments: Any, **settings: Any) -> Any:
        return getattr(ops, name)(self, *arguments, **settings)

    method.__name__, method.__doc__ = name, f"nnlearn.{name}(self, ...)"
    return method


class Methods(Operators, InPlace):
    """The methods of Tensor, with PyTorch's names and arguments."""

    __slots__ = ()

    # Of two: ops/arithmetic.py, ops/products.py, ops/comparisons.py.
    add = _method("add")
    sub = _method("sub")
    mul = _method("mul")
    div = _method("div")
    pow = _method("pow")
    neg = _method("neg")
    maximum = _method("maximum")
    minimum = _method("minimum")
    floor_divide = _method("floor_divide")
    remainder = _method("remainder")
    matmul = _method("matmul")
    mm = _method("mm")
    bmm = _method("bmm")
    mv = _method("mv")
    dot = _method("dot")
    outer = _method("outer")
    lt = _method("lt")
    le = _method("le")
    gt = _method("gt")
    ge = _method("ge")
    eq = _method("eq")
    ne = _method("ne")
    logical_and = _method("logical_and")
    logical_or = _method("logical_or")
    logical_xor = _method("logical_xor")
    logical_not = _method("logical_not")
    isclose = _method("isclose")
    allclose = _method("allclose")
    equal = _method("equal")

    # Element by element: ops/elementwise.py, ops/activations.py.
    abs = _method("abs")
    exp = _method("exp")
    expm1 = _method("expm1")
    log = _method("log")
    log1p = _method("log1p")
    log2 = _method("log2")
    log10 = _method("log10")
    sqrt = _method("sqrt")
    rsqrt = _method("rsqrt")
    square = _method("square")
    reciprocal = _method("reciprocal")
    sin = _method("sin")
    cos = _method("cos")
    sign = _method("sign")
    floor = _method("floor")
    ceil = _method("ceil")
    round = _method("round")
    clamp = _method("clamp")
    clip = _method("clip")
    masked_fill = _method("masked_fill")
    isnan = _method("isnan")
    isinf = _method("isinf")
    isfinite = _method("isfinite")
    relu = _method("relu")
    sigmoid = _method("sigmoid")
    tanh = _method("tanh")
    softmax = _method("softmax")
    log_softmax = _method("log_softmax")

    # Along axes: ops/reductions.py, ops/sorting.py.
    sum = _method("sum")
    mean = _method("mean")
    var = _method("var")
    std = _method("std")
    prod = _method("prod")
    norm = _method("norm")
    amax = _method("amax")
    amin = _method("amin")
    argmax = _method("argmax")
    argmin = _method("argmin")
    any = _method("any")
    all = _method("all")
    count_nonzero = _method("count_nonzero")
    logsumexp = _method("logsumexp")
    cumsum = _method("cumsum")
    max = _method("max")
    min = _method("min")
    sort = _method("sort")
    argsort = _method("argsort")
    topk = _method("topk")

    # Shapes and places: ops/shapes.py, ops/indexing.py, ops/joining.py.
    flatten = _method("flatten")
    transpose = _method("transpose")
    t = _method("t")
    squeeze = _method("squeeze")
    unsqueeze = _method("unsqueeze")
    broadcast_to = _method("broadcast_to")
    roll = _method("roll")
    clone = _method("clone")
    gather = _method("gather")
    index_select = _method("index_select")
    tril = _method("tril")
    triu = _method("triu")
    split = _method("split")
    chunk = _method("chunk")
    unbind = _method("unbind")

    def reshape(self, *shape: Any) -> Any:
        """Read the same elements into another shape: x.reshape(2, -1)."""
        return ops.reshape(self, shape=_flat(shape))

    def view(self, *shape: Any) -> Any:
        """Do what reshape does. (PyTorch's view refuses where it would have to copy.)"""
        return ops.reshape(self, shape=_flat(shape))

    def reshape_as(self, other: Any) -> Any:
        """Take the shape of other."""
        return ops.reshape(self, shape=other.shape)

    view_as = reshape_as

    def permute(self, *dims: Any) -> Any:
        """Put the axes into another order: x.permute(0, 2, 1)."""
        return ops.permute(self, dims=_flat(dims))

    def expand(self, *size: Any) -> Any:
        """Repeat along axes of size 1, without copying: x.expand(4, -1)."""
        return ops.expand(self, size=_flat(size))

    def expand_as(self, other: Any) -> Any:
        """Repeat along axes of size 1 to the shape of other."""
        return ops.expand(self, size=other.shape)

    def repeat(self, *repeats: Any) -> Any:
        """Put copies side by side: x.repeat(2, 1)."""
        return ops.repeat(self, repeats=_flat(repeats))

    def flip(self, *dims: Any) -> Any:
        """Turn round along some axes: x.flip(0)."""
        return ops.flip(self, dims=_flat(dims))

    def where(self, condition: Any, other: Any) -> Any:
        """Keep what stands where condition holds, take other elsewhere."""
        return ops.where(condition, self, other)

    def clamp_min(self, min: Any) -> Any:
        """Raise to min what lies below it."""
        return ops.clamp(self, min=min)

    def clamp_max(self, max: Any) -> Any:
        """Lower to max what lies above it."""
        return ops.clamp(self, max=max)

    def contiguous(self) -> Any:
        """Return self: where NumPy needs elements in a row, it sees to that by itself."""
        return self

    @property
    def T(self) -> Any:
        """The axes in reverse order."""
        return ops.permute(self)

    @property
    def mT(self) -> Any:
        """The last two axes swapped: each matrix transposed."""
        return ops.transpose(self, -2, -1)

    # What it holds, and where it lives: tensor/dtypes.py.

    def to(self: Any, target: Any = None, dtype: Any = None, *, device: Any = None) -> Any:
        """Change the dtype, x.to(nnlearn.float64); a device, x.to("cpu"), changes nothing."""
        wanted = dtypes.split_target(target, dtype, device)
        return self if wanted is None or wanted == self.dtype else ops.to(self, wanted)

    def type(self: Any, dtype: Any) -> Any:
        """Change the dtype."""
        return self.to(dtype=dtype)

    def type_as(self: Any, other: Any) -> Any:
        """Take the dtype of other."""
        return self.to(dtype=other.dtype)

    def float(self: Any) -> Any:
        """Change to float32."""
        return self.to(dtype=dtypes.float32)

    def double(self: Any) -> Any:
        """Change to float64."""
        return self.to(dtype=dtypes.float64)

    def long(self: Any) -> Any:
        """Change to int64."""
        return self.to(dtype=dtypes.int64)

    def int(self: Any) -> Any:
        """Change to int32."""
        return self.to(dtype=dtypes.int32)

    def bool(self: Any) -> Any:
        """Change to True and False."""
        return self.to(dtype=dtypes.bool)

    def is_floating_point(self: Any) -> Any:
        """Say whether it holds floats: only those have gradients."""
        return self.dtype.kind == "f"

    @property
    def device(self) -> dtypes.device:
        """Always the CPU."""
        return dtypes.device("cpu")

    def cpu(self) -> Any:
        """Return self: everything lives on the CPU."""
        return self

    def cuda(self, device: Any = "cuda") -> Any:
        """Raise: nnlearn computes on the CPU."""
        dtypes.device(device)

    # New tensors of the same dtype.

    def new_zeros(self: Any, *size: Any) -> Any:
        """Make zeros of this one's dtype."""
        return ops.zeros(*size, dtype=self.dtype)

    def new_ones(self: Any, *size: Any) -> Any:
        """Make ones of this one's dtype."""
        return ops.ones(*size, dtype=self.dtype)

    def new_full(self: Any, size: Any, fill_value: Any) -> Any:
        """Fill a new tensor of this one's dtype."""
        return ops.full(size, fill_value, dtype=self.dtype)

    # Facts.

    def dim(self: Any) -> Any:
        """Return the number of axes."""
        return self.data.ndim

    def nelement(self: Any) -> Any:
        """Return the number of elements."""
        return self.data.size

    def __index__(self: Any) -> Any:
        return self.data.__index__()  # of integers alone: names[i], range(n)

    def __getattr__(self, name: str) -> Any:
        """Only asked for a name that is not there."""
        raise AttributeError(f"Tensor.{name} is not part of nnlearn", name=name, obj=self)


def _flat(sizes: tuple) -> tuple:
    """Accept both x.reshape(2, 3) and x.reshape((2, 3))."""
    return tuple(sizes[0]) if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes
