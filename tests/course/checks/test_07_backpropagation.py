"""Lesson 07: right answers written differently, mistakes named, and what the graphs must catch."""

import math

import numpy as np

from nnlearn.course.checks import find_exercise
from tests.course.checks.bank import rules_for


def slopes_if(op, inputs):
    if op == "+":
        return 1, 1
    if op == "-":
        return 1, -1
    if op == "exp":
        return math.exp(inputs[0])
    if op == "tanh":
        return [1 - math.tanh(inputs[0]) ** 2]
    x, y = inputs
    return (y, x) if op == "*" else (1 / y, -x / (y * y))


def slopes_table(op, inputs):
    x, y = (*inputs, 1.0)[:2]
    return {
        "+": lambda: (1.0, 1.0),
        "-": lambda: (1.0, -1.0),
        "*": lambda: (y, x),
        "/": lambda: (y**-1, -x * y**-2),
        "exp": lambda: (np.exp(x),),
        "tanh": lambda: (1 - np.tanh(x) * np.tanh(x),),
    }[op]()


def slopes_parted(op, inputs):
    """Products and shares through the others: x - y is x + (-1)y, x / y is x * (1/y)."""
    if len(inputs) == 1:
        t = math.tanh(inputs[0])
        return ((1 - t) * (1 + t),) if op == "tanh" else (math.e ** inputs[0],)
    x, y = inputs
    by_y = {"+": 1, "-": -1, "*": x, "/": x * -(1 / y) * (1 / y)}
    return {"+": 1, "-": 1, "*": y, "/": 1 / y}[op], by_y[op]


def order_postponing(root):
    """A stack of (node, seen before)."""
    order, done, waiting = [], set(), [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            waiting.append((node, True))
            waiting.extend((x, False) for x in node.inputs)
    return order


def order_counting_users(root):
    """Kahn (1962): a node is free once all of its users are listed."""
    users, waiting = {root: 0}, [root]
    while waiting:
        for x in waiting.pop().inputs:
            if x not in users:
                users[x] = 0
                waiting.append(x)
            users[x] += 1
    order, free = [], [root]
    while free:
        node = free.pop()
        order.append(node)
        for x in node.inputs:
            users[x] -= 1
            if not users[x]:
                free.append(x)
    return order[::-1]


def order_with_iterators(root):
    order, seen, path = [], {id(root)}, [(root, iter(root.inputs))]
    while path:
        node, rest = path[-1]
        for x in rest:
            if id(x) not in seen:
                seen.add(id(x))
                path.append((x, iter(x.inputs)))
                break
        else:
            order.append(node)
            path.pop()
    return order


def backward_table(root):
    grads = {root: 1.0}
    for node in order_counting_users(root)[::-1]:
        g = grads[node]
        node.grad = g if node.inputs else node.grad + g
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            grads[x] = grads.get(x, 0.0) + g * slope


def backward_cleared(root):
    nodes = order_postponing(root)
    for node in nodes:
        node.grad = 0.0 if len(node.inputs) > 0 else node.grad
    root.grad += 1
    while nodes:
        node = nodes.pop()
        for i in range(len(node.inputs)):
            node.inputs[i].grad = node.inputs[i].grad + node.slopes[i] * node.grad


def backward_single(root):
    nodes = order_with_iterators(root)[::-1]
    for node in nodes:
        if node.inputs:
            node.grad = np.float64(0)
    root.grad = root.grad + np.float64(1)
    for node in nodes:
        for slope, x in zip(node.slopes, node.inputs, strict=True):
            x.grad += slope * node.grad


def relu_where(g, z):
    return np.where(z > 0, g, 0)


def relu_loop(g, z):
    out = np.zeros_like(g)
    for i in np.ndindex(z.shape):
        if z[i] > 0:
            out[i] = g[i]
    return out


def relu_masked(g, z):
    out = g.copy()
    out[z <= 0] = 0
    return out


def relu_single(g, z):
    return g.astype(np.float32) * (z > 0)


def dense_einsum(g, X, W):
    return (
        np.einsum("nk,kd->nd", g, W),
        np.einsum("nk,nd->kd", g, X),
        np.einsum("nk->k", g),
    )


def dense_loop(g, X, W):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))
    for n in range(len(X)):
        for k in range(len(W)):
            dX[n] += g[n, k] * W[k]
            dW[k] += g[n, k] * X[n]
            db[k] += g[n, k]
    return dX, dW, db


def dense_turned(g, X, W):
    return (W.T @ g.T).T, (X.T @ g).T, np.ones(len(g), dtype=g.dtype) @ g


def ce_pick(g, z, labels):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(p)), labels] -= 1
    return g[:, None] * p


def ce_loop(g, z, labels):
    out = np.zeros(z.shape)
    for n, k in enumerate(labels):
        e = np.exp(z[n] - z[n].max())
        out[n] = g[n] * e / e.sum()
        out[n, k] -= g[n]
    return out


def ce_diag(g, z, labels):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return np.diag(g) @ (np.exp(log_p) - np.eye(z.shape[1], dtype=z.dtype)[labels])


def check_loop(f, grad, x):
    x = x.astype(np.float64)
    m = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        keep = x[i]
        x[i] = keep + 1e-5
        up = f(x)
        x[i] = keep - 1e-5
        m[i] = (up - f(x)) / 2e-5
        x[i] = keep
    a = grad(x)
    total = np.sqrt((a**2).sum()) + np.sqrt((m**2).sum())
    return 0.0 if total == 0 else np.sqrt(((a - m) ** 2).sum()) / total


def check_flat(f, grad, x):
    x = np.array(x, dtype=float)
    m = []
    for i in range(x.size):
        nudge = np.zeros(x.size)
        nudge[i] = 1e-5
        nudge = nudge.reshape(x.shape)
        m.append((f(x + nudge) - f(x - nudge)) / 2e-5)
    a, m = grad(x).ravel(), np.array(m)
    lengths = math.hypot(*a) + math.hypot(*m)
    return math.dist(a, m) / lengths if lengths > 0 else 0


def check_tiny(f, grad, x):
    x = np.float64(x)
    eye = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)
    m = np.reshape([(f(x + v) - f(x - v)) / 2e-5 for v in eye], x.shape)
    a = grad(x)
    return np.linalg.norm(a - m) / max(np.linalg.norm(a) + np.linalg.norm(m), 1e-300)


RIGHT = {
    "07.1": (slopes_if, slopes_table, slopes_parted),
    "07.2": (order_postponing, order_counting_users, order_with_iterators),
    "07.3": (backward_table, backward_cleared, backward_single),
    "07.4": (relu_where, relu_loop, relu_masked, relu_single),
    "07.5": (dense_einsum, dense_loop, dense_turned),
    "07.6": (ce_pick, ce_loop, ce_diag),
    "07.7": (check_loop, check_flat, check_tiny),
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "07_backpropagation", RIGHT
)


def report(id, answer):
    return find_exercise(id).examine(answer, np.random.default_rng(0)).text


def test_a_report_shows_the_graph_as_a_formula():
    def backward(root):
        root.grad = 1.0

    text = report("07.3", backward)
    assert "root = (x * y) + x with x = 4, y = 2.5" in text
    assert "the grad of x: 0, which is not right" in text
    assert "3.5" not in text


def test_a_path_walker_is_stopped_and_told():
    def topological_order(root):
        below = [node for x in root.inputs for node in topological_order(x)]
        return list(dict.fromkeys([*below, root]))

    text = report("07.2", topological_order)
    assert "the inputs of 61 nodes were asked for" in text and "60 doublings" in text


def test_right_orders_differ_and_all_pass():
    cases = find_exercise("07.2").cases(np.random.default_rng(0))
    root = next(case for case in cases if case.name == "a graph at random").args[0]
    places = [[n._place for n in order(root)] for order in RIGHT["07.2"]]
    assert len({tuple(p) for p in places}) > 1


def test_a_check_of_the_walk_leaves_its_cases_as_they_were():
    exercise = find_exercise("07.3")
    case = next(exercise.cases(np.random.default_rng(0)))
    exercise.call(exercise.function, case)
    assert case.args[0].grad == 0.0
