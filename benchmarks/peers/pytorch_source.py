"""The workloads in PyTorch's words. Written once; PyTorch and nnlearn run the same source.

Each builder takes the library's modules and a spec, and returns step(): one unit of work, which
returns its loss, or for inference something that has been computed.
"""

import importlib
from itertools import pairwise


class Library:
    """The four names that PyTorch source uses: `T`, `nn`, `F`, `optim`."""

    def __init__(self, name):
        self.T = importlib.import_module(name)
        self.nn = importlib.import_module(f"{name}.nn")
        self.F = importlib.import_module(f"{name}.nn.functional")
        self.optim = importlib.import_module(f"{name}.optim")


def load(lib, model, arrays):
    tensors = [lib.T.tensor(array) for array in arrays]
    model.load_state_dict(dict(zip(model.state_dict(), tensors, strict=True)))
    return model


def training(lib, spec, model, loss_of):
    optimizer = getattr(lib.optim, spec.optimizer)(model.parameters(), lr=spec.lr)

    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def mlp(lib, spec):
    nn, F = lib.nn, lib.F
    wide = spec.sizes[-1] > 1
    layers = []
    for inputs, outputs in pairwise(spec.sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU() if wide else nn.Tanh()]
    model = load(lib, nn.Sequential(*layers[:-1]), spec.weights)
    x, y = lib.T.tensor(spec.x), lib.T.tensor(spec.y)
    loss = F.cross_entropy if wide else F.mse_loss
    return training(lib, spec, model, lambda: loss(model(x), y))


def cnn(lib, spec):
    T, nn, F = lib.T, lib.nn, lib.F

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            (a, b, *_), (c, *_) = spec.weights[0].shape, spec.weights[2].shape
            self.conv1 = nn.Conv2d(b, a, 3, padding=1)
            self.conv2 = nn.Conv2d(a, c, 3, padding=1)
            self.fc = nn.Linear(*spec.weights[4].shape[::-1])

        def forward(self, x):
            if spec.pool:
                x = F.max_pool2d(F.relu(self.conv1(x)), 2)
                x = F.max_pool2d(F.relu(self.conv2(x)), 2)
                return self.fc(x.flatten(1))
            return self.fc(F.relu(self.conv2(F.relu(self.conv1(x)))).mean((2, 3)))

    model = load(lib, Net(), spec.weights)
    x, y = T.tensor(spec.x), T.tensor(spec.y)
    if spec.train:
        return training(lib, spec, model, lambda: F.cross_entropy(model(x), y))

    def infer():
        with T.no_grad():
            return model(x)[0, 0]

    return infer


def lstm(lib, spec):
    nn, F = lib.nn, lib.F

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            (classes, hidden), inputs = spec.weights[4].shape, spec.x.shape[2]
            self.rnn = nn.LSTM(inputs, hidden, batch_first=True)
            self.fc = nn.Linear(hidden, classes)

        def forward(self, x):
            return self.fc(self.rnn(x)[0][:, -1])

    model = load(lib, Net(), spec.weights)
    model.rnn.bias_hh_l0.requires_grad_(False)  # one bias, as in the other backends
    x, y = lib.T.tensor(spec.x), lib.T.tensor(spec.y)
    return training(lib, spec, model, lambda: F.cross_entropy(model(x), y))


def gpt_model(lib, spec):
    T, nn, F = lib.T, lib.nn, lib.F
    d, heads = spec.d, spec.heads

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln1, self.qkv, self.proj = nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.ln2, self.up, self.down = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

        def forward(self, x, cache=None):
            b, t, _ = x.shape
            parts = self.qkv(self.ln1(x)).split(d, 2)
            q, k, v = (z.view(b, t, heads, -1).transpose(1, 2) for z in parts)
            if cache:
                k, v = T.cat([cache[0], k], 2), T.cat([cache[1], v], 2)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
            x = x + self.proj(y.transpose(1, 2).reshape(b, t, d))
            return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh")), (k, v)

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.tok, self.pos = nn.Embedding(spec.vocab, d), nn.Embedding(spec.context, d)
            self.blocks = nn.ModuleList([Block() for _ in range(spec.layers)])
            self.ln, self.head = nn.LayerNorm(d), nn.Linear(d, spec.vocab, bias=False)

        def forward(self, tokens, caches=None):
            start = caches[0][0].shape[2] if caches else 0
            x = self.tok(tokens) + self.pos(T.arange(start, start + tokens.shape[1]))
            kept = []
            for i, block in enumerate(self.blocks):
                x, cache = block(x, caches[i] if caches else None)
                kept.append(cache)
            return self.head(self.ln(x)), kept

    return load(lib, GPT(), spec.weights)


def gpt(lib, spec):
    model = gpt_model(lib, spec)
    x, y = lib.T.tensor(spec.x), lib.T.tensor(spec.y).reshape(-1)
    return training(
        lib, spec, model, lambda: lib.F.cross_entropy(model(x)[0].view(-1, spec.vocab), y)
    )


def gpt_generation(lib, spec):
    T, model = lib.T, gpt_model(lib, spec)
    prompt = T.tensor(spec.x[:1, : spec.prompt])

    def generate():
        with T.no_grad():
            tokens, caches, out = prompt, None, []
            while len(out) < spec.context - spec.prompt:
                logits, caches = model(tokens, caches)
                tokens = logits[:, -1].argmax(-1, keepdim=True)
                out.append(int(tokens))
        return checksum(out)

    return generate


def checksum(tokens):
    """Tell one text from another by a number."""
    return sum(i * token for i, token in enumerate(tokens))


def graph(lib, spec):
    a, b = (lib.T.ones(4, 4, requires_grad=True) for _ in range(2))

    def step():
        a.grad = b.grad = None
        x = a
        for _ in range(spec.length):
            x = x * b
        x.sum().backward()
        return b.grad[0, 0]

    return step


BUILDERS = {
    "mlp": mlp,
    "mlp_adam": mlp,
    "small_mlp": mlp,
    "small_mlp_adam": mlp,
    "cnn": cnn,
    "colour_cnn": cnn,
    "lstm": lstm,
    "gpt": gpt,
    "cnn_inference": cnn,
    "gpt_generation": gpt_generation,
    "graph": graph,
}
