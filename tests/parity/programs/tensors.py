"""Tensors by themselves: expressions, axes, a fit without nn."""

from tests.parity.programs.common import draw


def by_hand(T, dtype):
    """A line fitted without nn or optim."""
    x, y = draw(T, dtype, 20), draw(T, dtype, 20, seed=3)
    w, b = T.zeros(1, dtype=dtype, requires_grad=True), T.zeros(1, dtype=dtype, requires_grad=True)
    for _ in range(10):
        loss = ((x * w + b - y) ** 2).mean()
        loss.backward()
        with T.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
        w.grad = b.grad = None
    return {"loss": loss, "w": w, "b": b}


def expressions(T, dtype):
    a = draw(T, dtype, 3, 4).requires_grad_()
    b = (draw(T, dtype, 4, seed=1).abs() + 0.5).requires_grad_()
    c = draw(T, dtype, 2, 4, 3, seed=2).requires_grad_()
    y = 2 - a / b + b**1.5 - (1 / b) * abs(a) + T.exp(-a) * b.log() + b.sqrt()
    z = (y @ c).tanh().softmax(dim=-1) + (c.transpose(1, 2) @ c).mean(dim=1, keepdim=True)
    (z * z).sum().backward()
    return {"y": y, "z": z, "a": a.grad, "b": b.grad, "c": c.grad}


def axes(T, dtype):
    a = draw(T, dtype, 2, 3, 4).requires_grad_()
    values, places = a.max(dim=1)
    parts = [
        values,
        a.sum(dim=(0, 2)),
        a.mean(-1),
        a.amax(dim=2, keepdim=True),
        a.permute(2, 0, 1).reshape(4, -1),
        a.flatten(start_dim=1).view(-1, 6),
        a[1, :, ::2],
        a[:, T.tensor([2, 0, 0])],
        a[a > 0],
        a[0].T,
        a.max(),
    ]
    loss = sum((part**2).sum() * (i + 1) for i, part in enumerate(parts))
    loss.backward()
    named = {f"part {i}": part for i, part in enumerate(parts)}
    return named | {"gradient": a.grad, "places": places, "argmax": a.argmax()}


def weigh(parts, *leaves):
    """Add all parts up with different weights, and send gradients back."""
    total = sum((p * (i + 1)).sum() + (p * p).sum() for i, p in enumerate(parts.values()))
    total.backward()
    return parts | {f"gradient {i}": leaf.grad for i, leaf in enumerate(leaves)}


def elementwise(T, dtype):
    a = draw(T, dtype, 3, 4).requires_grad_()
    b = (draw(T, dtype, 4, seed=1).abs() + 0.5).requires_grad_()
    tied = T.tensor([[1.0, 0.0, -1.0, 0.5]], dtype=dtype).requires_grad_()
    parts = {
        "exp": a.exp() + T.expm1(a),
        "logs": b.log() + b.log1p() + b.log2() + T.log10(b),
        "roots": b.sqrt() + b.rsqrt() + T.rsqrt(b),
        "powers": a.pow(3) + a**2 + b**-0.5 + 2**a + a**0 + T.square(a) + b.reciprocal(),
        "waves": T.sin(a) * T.cos(a) + a.sin().cos(),
        "squashed": T.tanh(a) + a.sigmoid(),
        "clamped": a.clamp(-0.5, 0.5) + T.clamp(a, min=0.1) + a.clip(max=0) + tied.clamp(0, 0.5),
        "larger": T.maximum(a, b) + T.maximum(tied, tied * 1) + T.minimum(a, tied),
        "where": T.where(a > 0, a, b) + a.where(a < 0, T.zeros_like(a)),
        "filled": a.masked_fill(a > 0.5, -2.0),
        "steps": a.sign() + a.floor() + a.ceil() + a.round() + T.sign(tied),
        "divided": b % 0.3 + b.remainder(0.7),
        "names": a.add(b).sub(1).mul(b).div(2).neg() + T.add(a, b) - T.mul(a, 2),
    }
    return weigh(parts, a, b, tied)


def reductions(T, dtype):
    a = draw(T, dtype, 2, 3, 4).requires_grad_()
    far = T.tensor([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]], dtype=dtype).requires_grad_()
    same = T.ones(3, 2, dtype=dtype, requires_grad=True)
    parts = {
        "sums": a.sum([0, 2]) + T.sum(a, dim=(0, -1)),
        "mean": a.mean((1, 2), keepdim=True),
        "var": a.var() + a.var(dim=1).sum() + T.var(a, dim=(0, 1), correction=0).sum(),
        "biased": a.var(-1, unbiased=False, keepdim=True),
        "std": a.std(dim=2) + a.std(),
        "std of same": same.std(dim=0, unbiased=False),
        "extremes": a.amax(dim=(0, 1)) + T.amin(a, 1)[0] + a.min() + T.max(a),
        "logsumexp": a.logsumexp(dim=(0, 2)) + T.logsumexp(a, 1, keepdim=True).sum(),
        "far": far.logsumexp(1),
        "cumsum": a.cumsum(1) + T.cumsum(a, dim=-1),
        "prod": a.prod() + a.prod(dim=1).sum(),
        "norms": a.norm() + a.norm(p=1) + T.norm(a, dim=1).sum() + a.norm(float("inf")),
        "two": T.max(a[0], a[1]) + T.min(a[0], a[1]),
    }
    answers = {
        "argmin": a.argmin(dim=1),
        "argmax": T.argmax(a, dim=2, keepdim=True),
        "any": (a > 1).any(dim=2),
        "all": T.all(a > -1),
        "count": (a > 0).sum(dim=1),
        "nonzero": T.count_nonzero(a > 0, dim=0),
        "share": (a > 0).float().mean(),
    }
    return weigh(parts, a, far, same) | answers


def shapes(T, dtype):
    a = draw(T, dtype, 2, 1, 3).requires_grad_()
    parts = {
        "squeeze": a.squeeze() + a.squeeze(1) + T.squeeze(a, dim=1),
        "kept": a.squeeze(0),
        "unsqueeze": a.unsqueeze(-1) + T.unsqueeze(a, 3),
        "expand": a.expand(2, 4, 3) + a.expand(-1, 4, -1),
        "expand_as": a.expand_as(T.zeros(2, 5, 3)),
        "more": a.expand(5, 2, 1, 3),
        "broadcast": T.broadcast_to(a, (2, 2, 3)),
        "repeat": a.repeat(1, 2, 2) + a.repeat((1, 2, 2)),
        "repeat more": a.repeat(2, 1, 1, 1),
        "T": a[:, 0].T + a[:, 0].t(),
        "mT": a.mT + a.transpose(-1, -2),
        "flip": a.flip(0, 2) + T.flip(a, [1]),
        "roll": a.roll(1, 2) + T.roll(a, shifts=(1, 1), dims=(0, 2)),
        "flatten": T.flatten(a) + a.clone().reshape(6),
        "as": a.view_as(T.zeros(3, 2)) + a.contiguous().view(3, -1),
        "permute": T.permute(a, (1, 2, 0)),
        "matrices": T.bmm(a.mT, a) + T.matmul(a.mT, a),
        "matrix": T.mm(a[:, 0].T, a[:, 0]) + T.outer(a[0, 0], a[1, 0]),
        "vectors": T.dot(a[0, 0], a[1, 0]) + a[0, 0] @ a[1, 0],
        "einsum": T.einsum("nij,nkj->nik", a, a * 2) + T.einsum("abc->a", a)[:, None, None],
        "implicit": T.einsum("ij,jk", a[0], a[1].T),
    }
    return weigh(parts, a)


def dtypes(T, dtype):
    """Which dtype comes out: the comparison of results looks at it."""
    x, whole, small = draw(T, dtype, 3), T.tensor([1, -2, 3]), T.arange(3, dtype=T.int32)
    flags = T.tensor([True, False, True])
    return {
        "number": x + 1,
        "float number": x * 0.5,
        "whole and float": whole * 0.5,
        "whole and tensor": whole * x,
        "small and tensor": x / (small + 1),
        "whole division": whole / 2,
        "floor division": whole // 2,
        "remainder": whole % 2,
        "small and whole": small + whole,
        "flags and whole": flags + whole,
        "flags and float": flags * x,
        "sum of flags": flags.sum(),
        "sum of small": small.sum(),
        "compared": x > 0,
        "both": (x > 0) & flags,
        "either": (x > 0) | ~flags,
        "one": flags ^ (whole > 0),
        "logical": T.logical_not(whole) | T.logical_or(flags, x > 0),
        "nan": T.isnan(x / x) | T.isinf(x) | T.isfinite(x),
        "to": x.to(T.int64),
        "to device": x.to("cpu").to(T.device("cpu"), T.float64),
        "casts": x.double() + whole.float() + small.long() + flags.int() + x.bool(),
        "type": whole.type(T.float32) + whole.type_as(x),
        "mean of floats": whole.float().mean(),
        "power": whole**2,
        "exp of whole": whole.exp(),
        "zero dimensions": x * T.tensor(2),
    }


def creation(T, dtype):
    a = draw(T, dtype, 2, 3)
    return {
        "arange": T.arange(5),
        "arange step": T.arange(1, 10, 3),
        "arange floats": T.arange(0, 1, 0.25),
        "arange dtype": T.arange(3, dtype=dtype),
        "linspace": T.linspace(-1, 1, 5),
        "eye": T.eye(3) + T.eye(3, dtype=dtype),
        "eye wide": T.eye(2, 3),
        "full": T.full((2, 2), 3.5),
        "full whole": T.full((2,), 7),
        "full flags": T.full((2,), True),
        "zeros": T.zeros((2, 3)) + T.ones(3) + T.zeros(3, dtype=T.int64),
        "like": T.zeros_like(a) + T.ones_like(a) + T.full_like(a, 2),
        "like whole": T.ones_like(a, dtype=T.int64),
        "new": a.new_zeros(3) + a.new_ones((2, 3)) + a.new_full((3,), 0.5),
        "tensor": T.tensor([[1, 2], [3, 4]]),
        "mixed": T.tensor([1, 2.5]),
        "flag": T.tensor(True),
        "number": T.tensor(3.0),
        "as": T.as_tensor([1.0, 2.0]) + T.as_tensor(T.ones(2), dtype=dtype),
        "device": T.zeros(2, device="cpu") + T.tensor([1.0, 2.0], device=T.device("cpu")),
    }


def written_over(T, dtype):
    """`+=` in a forward pass, as residual connections are often written."""
    x = draw(T, dtype, 3).requires_grad_()
    out = x * 2
    out += x
    out *= x.detach()
    total = 0
    for i in range(3):
        total += out[i] * i
    total.backward()
    with T.no_grad():
        x -= 0.5 * x.grad
        x.clamp_(min=-1)
    return {"out": out, "x": x, "gradient": x.grad}


PROGRAMS = (
    by_hand,
    expressions,
    axes,
    elementwise,
    reductions,
    shapes,
    dtypes,
    creation,
    written_over,
)
