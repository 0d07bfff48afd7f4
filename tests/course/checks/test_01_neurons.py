import numpy as np

from tests.course.checks.bank import rules_for


def neuron_product(x, w, b):
    return x @ w + b


def neuron_loop(x, w, b):
    z = b
    for i in range(len(x)):
        z += x[i] * w[i]
    return z


def neuron_sum(x, w, b):
    return float((w * x).sum() + b)


def neuron_single(x, w, b):
    return np.dot(x.astype(np.float32), w.astype(np.float32)) + np.float32(b)


def step_where(z):
    return np.where(z < 0, 0, 1)


def step_astype(z):
    return (z >= 0).astype(np.float32)


def step_loop(z):
    out = np.zeros_like(z)
    for i, value in np.ndenumerate(z):
        if value >= 0:
            out[i] = 1
    return out


def step_heaviside(z):
    return np.heaviside(z, 1.0)


def gates_table(gate):
    return {
        "AND": (np.array([2.0, 3.0]), -4.0),
        "OR": (np.array([5.0, 5.0]), -5),
        "NAND": (np.array([-0.1, -0.1]), 0.15),
        "NOR": (np.array([-1.0, -2.0]), 0.0 + 0.9),
    }[gate]


def gates_lists(gate):
    sign = -1 if gate[0] == "N" else 1
    return [sign, sign], -sign * (1.5 if "AND" in gate else 0.5)


def gates_single(gate):
    w, b = gates_table(gate)
    return w.astype(np.float32), np.float32(b)


def classify_product(X, w, b):
    return np.where(X @ w + b >= 0, 1.0, 0.0)


def classify_loop(X, w, b):
    return np.array([1 if sum(x * w) + b >= 0 else 0 for x in X])


def classify_einsum(X, w, b):
    return np.heaviside(np.einsum("nd,d->n", X, w) + b, 1.0)


def classify_single(X, w, b):
    return step_astype(X.astype(np.float32) @ w.astype(np.float32) + np.float32(b))


def update_formula(w, b, x, y, lr):
    error = y - (1 if w @ x + b >= 0 else 0)
    return w + lr * error * x, b + lr * error


def update_cases(w, b, x, y, lr):
    fires = sum(w * x) + b >= 0
    if fires and y == 0:
        return w - lr * x, b - lr
    if not fires and y == 1:
        return w + lr * x, b + lr
    return w, b


def update_loop(w, b, x, y, lr):
    error = y - float(w @ x + b >= 0)
    return np.array([w[i] + lr * error * x[i] for i in range(len(w))]), b + lr * error


def update_single(w, b, x, y, lr):
    w, b = update_formula(w.astype(np.float32), np.float32(b), x.astype(np.float32), y, lr)
    return w, float(b)


def _train(update, as_type=float):
    def train(X, y, lr, epochs):
        X = X.astype(as_type)
        w, b, errors = np.zeros(X.shape[1], dtype=as_type), 0.0, []
        while len(errors) < epochs and 0 not in errors:
            wrong = 0
            for i in range(len(X)):
                before, w_before = b, w
                w, b = update(w, b, X[i], y[i], lr)
                wrong += b != before or not np.array_equal(w, w_before)
            errors.append(wrong)
        return w, b, np.array(errors)

    return train


def train_formula(X, y, lr, epochs):
    return _train(update_formula)(X, y, lr, epochs)


def train_cases(X, y, lr, epochs):
    return _train(update_cases)(X, y, lr, epochs)


def train_single(X, y, lr, epochs):
    return _train(update_formula, np.float32)(X, y, lr, epochs)


def train_folded(X, y, lr, epochs):
    """The bias as one more weight, on an input that is always 1."""
    X1, v = np.c_[X, np.ones(len(X))], np.zeros(X.shape[1] + 1)
    errors = np.zeros(epochs, dtype=int)
    for epoch in range(epochs):
        for x, target in zip(X1, y, strict=True):
            error = target - (x @ v >= 0)
            v = v + lr * error * x
            errors[epoch] += abs(error)
        if errors[epoch] == 0:
            return v[:-1], v[-1], errors[: epoch + 1]
    return v[:-1], v[-1], errors


RIGHT = {
    "01.1": [neuron_product, neuron_loop, neuron_sum, neuron_single],
    "01.2": [step_where, step_astype, step_loop, step_heaviside],
    "01.3": [gates_table, gates_lists, gates_single],
    "01.4": [classify_product, classify_loop, classify_einsum, classify_single],
    "01.5": [update_formula, update_cases, update_loop, update_single],
    "01.6": [train_formula, train_cases, train_folded, train_single],
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "01_neurons", RIGHT
)
