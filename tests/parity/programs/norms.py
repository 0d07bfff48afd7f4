"""Normalisation and dropout, where it leaves nothing to chance."""

from tests.parity.programs.common import draw, steps
from tests.parity.programs.vision import each


def layer_norm_options(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        [
            (nn.LayerNorm(5), (3, 5)),
            (nn.LayerNorm((4, 5), eps=1e-3), (2, 4, 5)),
            (nn.LayerNorm(5, bias=False), (2, 3, 5)),
            (nn.LayerNorm([5], elementwise_affine=False), (2, 3, 5)),
        ],
    )


def batch_norm_options(T, dtype):
    nn = T.nn
    modules = [
        (nn.BatchNorm1d(3), (5, 3)),
        (nn.BatchNorm1d(3, momentum=None), (4, 3, 2)),
        (nn.BatchNorm2d(3, eps=1e-3, momentum=0.3, affine=False), (2, 3, 3, 2)),
        (nn.BatchNorm2d(3, track_running_stats=False), (2, 3, 3, 2)),
    ]
    found = {}
    for i, (module, shape) in enumerate(modules):
        module.to(dtype)
        for batch in range(3):
            x = draw(T, dtype, *shape, seed=batch) * 2 + 1
            x.requires_grad_()
            y = module(x)
            (y * y * y).sum().backward()
            found |= {f"{i} {batch} y": y, f"{i} {batch} dx": x.grad}
        module.eval()
        found[f"{i} used"] = module(x)
        found |= {f"{i} {name}": value for name, value in module.state_dict().items()}
        found |= {f"{i} d{name}": p.grad for name, p in module.named_parameters()}
    return found


def functions(T, dtype):
    F = T.nn.functional
    x, w, b = draw(T, dtype, 4, 3, 2, 2), draw(T, dtype, 3), draw(T, dtype, 3, seed=1)
    mean, var = draw(T, dtype, 3, seed=2), draw(T, dtype, 3, seed=3) ** 2
    return {
        "used": F.batch_norm(x, mean, var, w, b),
        "trained": F.batch_norm(x, mean, var, w, b, True, 0.2, 1e-4),
        "plain": F.batch_norm(x, None, None, training=True),
        "mean": mean,
        "var": var,
        "layer": F.layer_norm(x, (2, 2), eps=1e-4),
        "dropped": F.dropout(x, 1.0),
        "kept": F.dropout(x, 0.0),
        "not training": F.dropout(x, 0.5, False),
    }


def normalised_network(T, dtype):
    nn = T.nn
    model = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 6, bias=False),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.Dropout(0.0),
        nn.LayerNorm(6),
        nn.Linear(6, 2),
    )
    for name, p in model.named_parameters():
        p.data = draw(T, dtype, *p.shape, seed=len(name)).data / 4
    model.to(dtype)
    x, y = draw(T, dtype, 6, 2, 5, 5), draw(T, dtype, 6, 2)
    optimizer = T.optim.Adam(model.parameters(), lr=0.01)
    result = steps(model, optimizer, lambda: nn.MSELoss()(model(x), y))
    model.eval()
    return result | {"used": model(x)}


PROGRAMS = (
    layer_norm_options,
    batch_norm_options,
    functions,
    normalised_network,
)
