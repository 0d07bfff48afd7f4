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


PROGRAMS = (losses,)
