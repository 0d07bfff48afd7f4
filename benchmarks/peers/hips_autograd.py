"""The workloads in HIPS autograd: plain NumPy functions of the weights, and their gradients."""

import numpy as np


def mlp(xp, spec, w, x):
    act = (lambda z: xp.maximum(z, 0.0)) if spec.sizes[-1] > 1 else xp.tanh
    for i in range(0, len(w), 2):
        x = xp.dot(x, w[i]) + w[i + 1]
        x = act(x) if i + 2 < len(w) else x
    return x


def convolution(xp, x, weight, bias):
    n, c, h, w = x.shape
    x = xp.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="constant")
    cols = [x[:, :, i : i + h, j : j + w] for i in range(3) for j in range(3)]
    cols = xp.reshape(xp.concatenate(cols, axis=1), (n, 9 * c, h * w))
    flat = xp.reshape(xp.transpose(weight, (0, 2, 3, 1)), (len(weight), -1))
    return xp.maximum(xp.reshape(xp.matmul(flat, cols) + bias[:, None], (n, -1, h, w)), 0.0)


def cnn(xp, spec, w, x):
    def pool(z):
        n, c, h, v = z.shape
        return xp.max(xp.max(xp.reshape(z, (n, c, h // 2, 2, v // 2, 2)), axis=5), axis=3)

    x = convolution(xp, x, w[0], w[1])
    x = convolution(xp, pool(x) if spec.pool else x, w[2], w[3])
    x = xp.reshape(pool(x), (len(x), -1)) if spec.pool else xp.mean(x, axis=(2, 3))
    return xp.dot(x, w[4]) + w[5]


def lstm(xp, spec, w, x):
    by_input, by_state, bias, _, out, out_bias = w
    h = c = np.zeros((len(x), len(by_state)), np.float32)

    def sigmoid(z):
        return 0.5 * (xp.tanh(0.5 * z) + 1.0)

    for t in range(x.shape[1]):
        z = xp.dot(x[:, t], by_input) + xp.dot(h, by_state) + bias
        i, f, g, o = xp.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * xp.tanh(g)
        h = sigmoid(o) * xp.tanh(c)
    return xp.dot(h, out) + out_bias


def norm(xp, z, gain, shift):
    d = z - xp.mean(z, axis=-1, keepdims=True)
    return d / xp.sqrt(xp.mean(d * d, axis=-1, keepdims=True) + 1e-5) * gain + shift


def gelu(xp, u):
    cube = np.float32(0.044715) * u * u * u  # u**3 would be some 30 times slower in NumPy
    return 0.5 * u * (1.0 + xp.tanh(np.float32(0.7978845608) * (u + cube)))


def gpt(xp, spec, w, x):
    (b, t), d, size = x.shape, spec.d, spec.d // spec.heads
    mask = np.triu(np.full((t, t), -1e9, np.float32), 1)
    h = xp.reshape(w[0][x] + w[1], (b * t, d))  # 2-D throughout: np.dot leaves BLAS above that
    for i in range(2, 2 + 12 * spec.layers, 12):
        g1, s1, qkv, qkv_b, proj, proj_b, g2, s2, up, up_b, down, down_b = w[i : i + 12]
        parts = xp.split(xp.dot(norm(xp, h, g1, s1), qkv) + qkv_b, 3, axis=1)
        shape = (b, t, spec.heads, size)
        q, k, v = (xp.transpose(xp.reshape(z, shape), (0, 2, 1, 3)) for z in parts)
        a = xp.matmul(q, xp.transpose(k, (0, 1, 3, 2))) * np.float32(size**-0.5) + mask
        a = xp.exp(a - xp.max(a, axis=-1, keepdims=True))
        a = a / xp.sum(a, axis=-1, keepdims=True)
        y = xp.reshape(xp.transpose(xp.matmul(a, v), (0, 2, 1, 3)), (b * t, d))
        h = h + xp.dot(y, proj) + proj_b
        h = h + xp.dot(gelu(xp, xp.dot(norm(xp, h, g2, s2), up) + up_b), down) + down_b
    return xp.dot(norm(xp, h, w[-3], w[-2]), w[-1])


def cross_entropy(xp, z, y):
    top = xp.max(z, axis=1, keepdims=True)
    total = xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0]
    return xp.mean(total - z[np.arange(len(y)), y])


MODELS = {"mlp": mlp, "cnn": cnn, "lstm": lstm, "gpt": gpt}


def training(spec):
    import autograd.numpy as xp
    from autograd import value_and_grad

    def loss(weights):
        z = MODELS[spec.kind](xp, spec, weights, spec.x)
        if spec.y.dtype.kind == "f":
            return xp.mean((z - spec.y) ** 2)
        return cross_entropy(xp, z, spec.y.reshape(-1))

    tables = 2 if spec.kind == "gpt" else 0  # embeddings stay as they are; others become (in, out)
    weights = [
        np.ascontiguousarray(w.T) if w.ndim == 2 and i >= tables else w.copy()
        for i, w in enumerate(spec.weights)
    ]
    both, update = value_and_grad(loss), (sgd if spec.optimizer == "SGD" else adam)(spec, weights)

    def step():
        value, gradients = both(weights)
        update(gradients)
        return value

    return step


def sgd(spec, weights):
    def update(gradients):
        for w, g in zip(weights, gradients, strict=True):
            w -= np.float32(spec.lr) * g

    return update


def adam(spec, weights):
    """Adam, and with 1% of decay AdamW."""
    means, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    decay, count = 0.01 if spec.optimizer == "AdamW" else 0.0, 0

    def update(gradients):
        nonlocal count
        count += 1
        rate = np.float32(spec.lr / (1 - 0.9**count))
        grown = np.float32(1 / (1 - 0.999**count))
        for w, g, m, v in zip(weights, gradients, means, squares, strict=True):
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            v += np.float32(0.001) * g * g
            if decay:
                w *= np.float32(1 - spec.lr * decay)
            w -= rate * m / (np.sqrt(v * grown) + np.float32(1e-8))

    return update


def graph(spec):
    import autograd.numpy as xp
    from autograd import grad

    a, b = (np.ones((4, 4), np.float32) for _ in range(2))

    def chain(pair):
        x = pair[0]
        for _ in range(spec.length):
            x = x * pair[1]
        return xp.sum(x)

    gradient = grad(chain)
    return lambda: gradient((a, b))[1][0, 0]


BUILDERS = {
    name: training
    for name in (
        *("mlp", "mlp_adam", "small_mlp", "small_mlp_adam"),
        *("cnn", "colour_cnn", "lstm", "gpt"),
    )
} | {"graph": graph}
