"""Losses and what they are made of."""

from tests.parity.programs.common import draw


def losses(T, dtype):
    F = T.nn.functional
    far = T.tensor([[1e4, 0.0, -1e4], [-1e4, 3.0, 2.0]], dtype=dtype).requires_grad_()
    x = draw(T, dtype, 2, 3).requires_grad_()
    y = T.tensor([2, 1])
    result = {}
    for reduction in ("mean", "sum", "none"):
        result[f"cross_entropy {reduction}"] = F.cross_entropy(far + x, y, reduction=reduction)
        result[f"nll {reduction}"] = F.nll_loss(F.log_softmax(x, dim=1), y, reduction=reduction)
        result[f"mse {reduction}"] = F.mse_loss(x, far.detach() / 1e4, reduction=reduction)
    total = sum(value.sum() for value in result.values())
    (total / 1e4 + far.sigmoid().sum() + T.relu(far).mean()).backward()
    return result | {"far": far.grad, "x": x.grad}


def each(make_loss, inputs):
    """Loss and gradients for every reduction."""
    found = {}
    for reduction in ("mean", "sum", "none"):
        for x in inputs:
            x.grad = None
        value = make_loss(reduction)
        (value * (value.detach() + 0.5)).sum().backward()
        found[f"{reduction}"] = value
        for i, x in enumerate(inputs):
            if x.grad is not None:
                found[f"{reduction} gradient {i}"] = x.grad
    return found


def named(name, found):
    return {f"{name} {key}": value for key, value in found.items()}


def regression(T, dtype):
    F = T.nn.functional
    x = (draw(T, dtype, 4, 3) * 3).requires_grad_()
    y = draw(T, dtype, 4, 3, seed=1).requires_grad_()
    losses = {
        "mse": lambda r: F.mse_loss(x, y, reduction=r),
        "l1": lambda r: F.l1_loss(x, y, reduction=r),
        "huber": lambda r: F.huber_loss(x, y, reduction=r),
        "huber delta": lambda r: F.huber_loss(x, y, reduction=r, delta=0.4),
        "smooth": lambda r: F.smooth_l1_loss(x, y, reduction=r),
        "smooth beta": lambda r: F.smooth_l1_loss(x, y, reduction=r, beta=2.0),
        "smooth zero": lambda r: F.smooth_l1_loss(x, y, reduction=r, beta=0.0),
    }
    found = {}
    for name, loss in losses.items():
        found |= named(name, each(loss, [x, y]))
    return found


def yes_or_no(T, dtype):
    F = T.nn.functional
    x = T.tensor([[-1e4, 0.3, 2.0], [1e4, -2.0, 40.0]], dtype=dtype).requires_grad_()
    p = T.tensor([[0.0, 0.3, 0.9], [1.0, 0.5, 0.01]], dtype=dtype).requires_grad_()
    t = T.tensor([[0.0, 1.0, 0.25], [1.0, 0.0, 1.0]], dtype=dtype)
    w = T.tensor([0.5, 2.0, 1.0], dtype=dtype)
    losses = {
        "bce": lambda r: F.binary_cross_entropy(p, t, reduction=r),
        "bce weight": lambda r: F.binary_cross_entropy(p, t, w, reduction=r),
        "logits": lambda r: F.binary_cross_entropy_with_logits(x, t, reduction=r),
        "logits weight": lambda r: F.binary_cross_entropy_with_logits(x, t, w, reduction=r),
        "logits positive": lambda r: F.binary_cross_entropy_with_logits(
            x, t, weight=w, reduction=r, pos_weight=w * 3
        ),
    }
    found = {}
    for name, loss in losses.items():
        found |= named(name, each(loss, [x, p]))
    return found


def modules(T, dtype):
    nn = T.nn
    w = T.tensor([0.5, 2.0, 1.0], dtype=dtype)
    x, y = draw(T, dtype, 4, 3).requires_grad_(), draw(T, dtype, 4, 3, seed=1)
    labels, p = T.tensor([0, 2, 1, 1]), y.sigmoid()
    found = {}
    for reduction in ("mean", "sum", "none"):
        r = {"reduction": reduction}
        for loss, target in (
            (nn.MSELoss(**r), y),
            (nn.L1Loss(**r), y),
            (nn.HuberLoss(delta=0.5, **r), y),
            (nn.SmoothL1Loss(beta=0.5, **r), y),
            (nn.BCEWithLogitsLoss(**r), p),
            (nn.BCEWithLogitsLoss(weight=w, pos_weight=w, **r), p),
            (nn.CrossEntropyLoss(**r), labels),
            (nn.CrossEntropyLoss(w, ignore_index=1, label_smoothing=0.1, **r), labels),
        ):
            x.grad = None
            value = loss(x, target)
            value.sum().backward()
            key = f"{len(found)} {type(loss).__name__} {reduction}"
            found |= {key: value, f"{key} gradient": x.grad}
        found[f"bce {reduction}"] = nn.BCELoss(weight=w, **r)(x.sigmoid(), p)
        log_p = nn.LogSoftmax(dim=1)(x)
        found[f"nll {reduction}"] = nn.NLLLoss(w, ignore_index=0, **r)(log_p, labels)
    state = nn.CrossEntropyLoss(weight=w).state_dict()
    return found | {f"state {name}": value for name, value in state.items()}


PROGRAMS = (
    losses,
    regression,
    yes_or_no,
    modules,
)
