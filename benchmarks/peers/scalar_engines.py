"""The half moons with single numbers: micrograd, and nnlearn.scalar with one node a neuron."""


def micrograd(spec):
    from micrograd.nn import MLP

    model = MLP(2, [len(w) for w in spec.weights])
    for layer, rows in zip(model.layers, spec.weights, strict=True):
        for neuron, row in zip(layer.neurons, rows, strict=True):
            for p, w in zip(neuron.w, row, strict=True):
                p.data = float(w)
    parameters = model.parameters()

    def loss():
        wrong = sum((1 - t * model(x)).relu() for x, t in zip(*lists(spec), strict=True))
        return wrong * (1 / len(spec.x)) + spec.decay * sum(p * p for p in parameters)

    return training(spec, parameters, loss)


def nnlearn(spec):
    from nnlearn.scalar import Value, dot

    layers = [[([Value(w) for w in row], Value(0)) for row in rows] for rows in spec.weights]
    parameters = [p for layer in layers for w, b in layer for p in (*w, b)]

    def model(h):
        for layer in layers[:-1]:
            h = [dot(w, h, b).relu() for w, b in layer]
        return dot(layers[-1][0][0], h, layers[-1][0][1])

    def loss():
        wrong = sum((1 - t * model(x)).relu() for x, t in zip(*lists(spec), strict=True))
        return wrong * (1 / len(spec.x)) + spec.decay * dot(parameters, parameters)

    return training(spec, parameters, loss)


def lists(spec):
    return spec.x.tolist(), spec.y.tolist()


def training(spec, parameters, loss_of):
    def step():
        loss = loss_of()
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= spec.lr * p.grad
        return loss.data

    return step
