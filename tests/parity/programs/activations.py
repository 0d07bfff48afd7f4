"""Activations as functions, methods and modules, near 0 and far out."""

from tests.parity.programs.common import draw

FAR = [-1e4, -90.0, -20.0, -1.0, 0.25, 3.0, 40.0, 1e4]


def each(T, dtype, functions):
    """Values and gradients of each function, at drawn points and far out."""
    found = {}
    for name, function in functions.items():
        for where in ("near", "far"):
            near = draw(T, dtype, 3, 4) * 2
            x = (near if where == "near" else T.tensor(FAR, dtype=dtype)).requires_grad_()
            y = function(x)
            (y * draw(T, dtype, *y.shape, seed=1)).sum().backward()
            found |= {f"{name} {where}": y, f"{name} {where} gradient": x.grad}
    return found


def functions(T, dtype):
    F = T.nn.functional
    return each(
        T,
        dtype,
        {
            "relu": F.relu,
            "leaky": lambda x: F.leaky_relu(x, 0.2),
            "leaky steep": lambda x: F.leaky_relu(x, negative_slope=1.5),
            "elu": F.elu,
            "elu alpha": lambda x: F.elu(x, alpha=0.5),
            "gelu": F.gelu,
            "gelu tanh": lambda x: F.gelu(x, approximate="tanh"),
            "silu": F.silu,
            "softplus": F.softplus,
            "softplus sharp": lambda x: F.softplus(x, beta=2, threshold=5),
            "logsigmoid": F.logsigmoid,
            "softmax": lambda x: F.softmax(x, dim=0),
            "log_softmax": lambda x: F.log_softmax(x, dim=-1),
            "sigmoid": T.sigmoid,
            "tanh": T.tanh,
            "method relu": lambda x: x.relu(),
            "method softmax": lambda x: x.softmax(-1),
        },
    )


def modules(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        {
            "relu": nn.ReLU(inplace=False),
            "leaky": nn.LeakyReLU(0.1),
            "elu": nn.ELU(alpha=2.0),
            "gelu": nn.GELU(),
            "gelu tanh": nn.GELU(approximate="tanh"),
            "silu": nn.SiLU(),
            "softplus": nn.Softplus(beta=3, threshold=10),
            "sigmoid": nn.Sigmoid(),
            "log sigmoid": nn.LogSigmoid(),
            "tanh": nn.Tanh(),
            "softmax": nn.Softmax(dim=0),
            "log softmax": nn.LogSoftmax(dim=0),
            "identity": nn.Identity(),
        },
    )


PROGRAMS = (functions, modules)
