"""Cross-entropy and negative log-likelihood, in all their settings."""

from tests.parity.programs.common import draw
from tests.parity.programs.losses import each, named


def classes(T, dtype):
    F = T.nn.functional
    found = {}
    weight = T.tensor([0.5, 2.0, 1.0], dtype=dtype)
    targets = {
        "rows": T.tensor([2, 0, 1, -100]),
        "places": T.tensor([[2, 0], [1, 1], [0, -100], [2, 2]]),
        "one": T.tensor(1),
    }
    shapes = {"rows": (4, 3), "places": (4, 3, 2), "one": (3,)}
    for name, y in targets.items():
        x = draw(T, dtype, *shapes[name]).requires_grad_()
        log_p = F.log_softmax(draw(T, dtype, *shapes[name]), min(1, x.ndim - 1)).requires_grad_()
        losses = {
            "nll": lambda r, p=log_p, y=y: F.nll_loss(p, y, reduction=r),
            "nll weight": lambda r, p=log_p, y=y: F.nll_loss(p, y, weight, reduction=r),
            "plain": lambda r, x=x, y=y: F.cross_entropy(x, y, reduction=r),
            "weight": lambda r, x=x, y=y: F.cross_entropy(x, y, weight, reduction=r),
            "ignore": lambda r, x=x, y=y: F.cross_entropy(
                x, y.clamp(min=0), ignore_index=2, reduction=r
            ),
            "smooth": lambda r, x=x, y=y: F.cross_entropy(
                x, y, weight, label_smoothing=0.1, reduction=r
            ),
        }
        for kind, loss in losses.items():
            found |= named(f"{name} {kind}", each(loss, [x, log_p]))
    return found


def shares(T, dtype):
    """Probabilities as targets."""
    F = T.nn.functional
    found = {}
    weight = T.tensor([0.5, 2.0, 1.0], dtype=dtype)
    for shape in ((4, 3), (2, 3, 2), (3,)):
        x = draw(T, dtype, *shape).requires_grad_()
        y = F.softmax(draw(T, dtype, *shape, seed=1), min(1, len(shape) - 1)).requires_grad_()
        for smoothing in (0.0, 0.2):
            found |= named(
                f"{shape} {smoothing}",
                each(
                    lambda r, x=x, y=y, s=smoothing: F.cross_entropy(
                        x, y, weight, reduction=r, label_smoothing=s
                    ),
                    [x, y],
                ),
            )
    return found


PROGRAMS = (
    classes,
    shares,
)
