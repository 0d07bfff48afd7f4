"""Picking, writing, joining, cutting, sorting."""

from tests.parity.programs.common import draw


def weigh(T, parts, *leaves):
    """Add all parts up with different weights, and send gradients back."""
    total = sum((p * (i + 1)).sum() + (p * p).sum() for i, p in enumerate(parts.values()))
    total.backward()
    return parts | {f"gradient {i}": leaf.grad for i, leaf in enumerate(leaves)}


def picking(T, dtype):
    a = draw(T, dtype, 4, 3, 5).requires_grad_()
    rows, columns = T.tensor([0, 2, 2]), T.tensor([1, -1, 0])
    mask = T.tensor([True, False, True, True])
    parts = {
        "number": a[1],
        "slices": a[1:, ::2, -2:],
        "none": a[:, None, ..., 0],
        "ellipsis": a[..., 1],
        "rows": a[rows],
        "list": a[[1, 1, 0]],
        "column": a[:, columns],
        "pairs": a[rows, columns],
        "apart": a[rows, :, columns],
        "number and rows": a[0, :, columns],
        "rows and number": a[rows, 1],
        "number last": a[rows, :, 2],
        "grid": a[rows[:, None], columns[None, :2]],
        "mask": a[mask],
        "mask of axis": a[:, T.tensor([True, False, True])],
        "mask and number": a[mask, 1],
        "full mask": a[a.detach() > 0.5],
        "tensor number": a[T.tensor(2)],
        "gather": a.gather(1, T.tensor([[[0, 2, 1, 0, 0]], [[1, 1, 0, 2, 2]]])),
        "index_select": a.index_select(2, columns.abs()),
        "tril": a.tril(-1),
        "triu": T.triu(a, diagonal=1),
        "max": a.max(dim=2).values,
        "min": a.min(1, keepdim=True).values,
        "sorted": a.sort(dim=1, descending=True).values,
        "topk": T.topk(a, 2, dim=-1).values,
        "least": a.topk(2, dim=0, largest=False).values,
    }
    places = {
        "argsort": a.argsort(dim=0),
        "topk places": a.topk(3).indices,
        "min places": a.min(dim=1).indices,
        "sort places": T.sort(a, -1).indices,
    }
    return weigh(T, parts, a) | places


def writing(T, dtype):
    x = T.zeros(4, 5, dtype=dtype)
    x[0] = 1
    x[1, 2:] = T.tensor([1.0, 2.0, 3.0], dtype=dtype)
    x[T.tensor([2, 3]), T.tensor([0, 1])] = 7.0
    x[x > 5] = -1
    x[:, -1] += 2
    x[..., 3] = x[..., 0]
    counts = T.zeros(3, dtype=T.int64)
    counts[1] += 4
    y = T.ones(2, 3, dtype=dtype)
    y.add_(2).mul_(3).sub_(1, alpha=2).div_(4).clamp_(max=1.5)
    y[0].zero_()
    y[1].fill_(2.5)
    z = T.empty(2, 2, dtype=dtype).copy_(T.tensor([[1, 2], [3, 4]]))
    z.masked_fill_(z > 3, 0.5)
    cube = T.zeros(2, 3, 4, dtype=dtype)
    cube[1, :, T.tensor([0, 2])] = T.arange(6).reshape(3, 2).to(dtype)
    return {"x": x, "counts": counts, "y": y, "z": z, "cube": cube}


def joining(T, dtype):
    a, b = draw(T, dtype, 4, 3).requires_grad_(), draw(T, dtype, 2, 3, seed=1).requires_grad_()
    first, second = a.split(3)
    left, right = T.chunk(a, 2, dim=1)
    q, k, v = a.unbind(1)
    parts = {
        "cat": T.cat([a, b]),
        "cat last": T.cat((a, a * 2), dim=-1),
        "stack": T.stack([a, -a], dim=1),
        "stacked": T.stack([b, b]),
        "first": first,
        "second": second,
        "left": left,
        "right": right,
        "listed": T.split(a, [1, 2], dim=1)[1],
        "unbound": q * k + v,
        "rows": sum(row * i for i, row in enumerate(a)),
    }
    return weigh(T, parts, a, b)


PROGRAMS = (
    picking,
    writing,
    joining,
)
