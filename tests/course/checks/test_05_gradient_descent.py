import numpy as np

from nnlearn.course.checks import find_exercise
from nnlearn.gradcheck import numerical_gradient
from tests.course.checks.bank import rules_for


def nudge_pairs(f, x, h=1e-5):
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        up = f(x)
        x[i] = here - h
        gradient[i] = (up - f(x)) / (2 * h)
        x[i] = here
    return gradient


def nudge_eye(f, x, h=1e-5):
    units = np.eye(x.size).reshape(-1, *x.shape)
    return np.array([f(x + h * u) - f(x - h * u) for u in units]).reshape(x.shape) / (2 * h)


def nudge_nested(f, x, h=1e-5):
    if x.ndim == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    flat = np.array(x, dtype=np.float64).ravel()
    slopes = []
    for i in range(flat.size):
        nudge = np.zeros(flat.size)
        nudge[i] = h
        ahead, behind = (f((flat + s * nudge).reshape(x.shape)) for s in (1, -1))
        slopes.append((ahead - behind) / h / 2)
    return np.reshape(slopes, x.shape)


def step_plain(p, g, lr):
    return p - lr * g


def step_loop(p, g, lr):
    q = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        q[i] = p[i] - g[i] * lr
    return q


def step_copy(p, g, lr):
    q = p.copy()
    q -= np.multiply(g, lr)
    return q


def step_single(p, g, lr):
    return p.astype(np.float32) + np.float32(-lr) * g.astype(np.float32)


def path_list(grad, x0, lr, steps):
    path = [x0]
    for _ in range(steps):
        path.append(step_plain(path[-1], grad(path[-1]), lr))
    return np.array(path)


def path_table(grad, x0, lr, steps):
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    for i in range(steps):
        path[i + 1] = path[i] - lr * grad(path[i])
    return path


def path_copies(grad, x0, lr, steps):
    x, path = x0.astype(float), []
    while len(path) <= steps:
        path.append(x.copy())
        x -= lr * grad(x)
    return np.stack(path)


def d_line_means(x, y, height, slope):
    e = height + slope * x - y
    return 2 * np.mean(e), 2 * np.mean(e * x)


def d_line_loop(x, y, height, slope):
    d_height = d_slope = 0.0
    for a, b in zip(x, y, strict=True):
        e = height + slope * float(a) - float(b)
        d_height, d_slope = d_height + 2 * e / len(x), d_slope + 2 * e * a / len(x)
    return d_height, d_slope


def d_line_matrix(x, y, height, slope):
    A = np.stack([np.ones_like(x), x], axis=1)
    d_height, d_slope = 2 / len(x) * A.T @ (A @ np.array([height, slope]) - y)
    return d_height, d_slope


def d_line_single(x, y, height, slope):
    e = (np.float32(height) + np.float32(slope) * x.astype(np.float32)) - y.astype(np.float32)
    return 2 * e.mean(), 2 * (e * x.astype(np.float32)).mean()


def fit_both(x, y, lr, steps):
    height = slope = 0.0
    for _ in range(steps):
        d_height, d_slope = d_line_means(x, y, height, slope)
        height -= lr * d_height
        slope -= lr * d_slope
    return height, slope


def fit_matrix(x, y, lr, steps):
    A = np.column_stack([np.ones(len(x)), x])
    p = np.zeros(2)
    for _ in range(steps):
        p = p - lr * 2 / len(x) * A.T @ (A @ p - y)
    return p[0], p[1]


def fit_path(x, y, lr, steps):
    path = path_list(lambda p: np.array(d_line_loop(x, y, *p)), np.zeros(2), lr, steps)
    return float(path[-1, 0]), float(path[-1, 1])


def rate_eigvalsh(X):
    return 2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X)[-1]


def rate_singular(X):
    return len(X) / np.linalg.norm(X, 2) ** 2


def rate_other_side(X):
    return 1 / np.linalg.eigvalsh(X @ X.T / X.shape[0]).max()


def rate_power(X):
    v, H = np.ones(X.shape[1]) + 0.1 * np.arange(X.shape[1]), 2 * X.T @ X / len(X)
    for _ in range(5000):
        v = H @ v
        v = v / np.linalg.norm(v)
    return 2 / (v @ H @ v)


def word_formula(losses):
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    fall, late = losses[0] - losses[-1], losses[len(losses) // 2] - losses[-1]
    return "too small" if late > 0.1 * fall else "good"


def word_loop(losses):
    for loss in losses:
        if loss != loss or abs(loss) == float("inf"):
            return "diverging"
    first, middle, last = losses[0], losses[len(losses) // 2], losses[-1]
    if last > first:
        return "diverging"
    return "good" if middle - last <= (first - last) / 10 else "too small"


def word_share(losses):
    if np.isnan(losses).any() or np.isinf(losses).any() or losses[-1] - losses[0] > 0:
        return "diverging"
    done = (losses[0] - losses[len(losses) // 2]) / (losses[0] - losses[-1])
    return ("too small", "good")[bool(done >= 0.9)]


RIGHT = {
    "05.1": (nudge_pairs, nudge_eye, nudge_nested),
    "05.2": (step_plain, step_loop, step_copy, step_single),
    "05.3": (path_list, path_table, path_copies),
    "05.4": (d_line_means, d_line_loop, d_line_matrix, d_line_single),
    "05.5": (fit_both, fit_matrix, fit_path),
    "05.6": (rate_eigvalsh, rate_singular, rate_other_side, rate_power),
    "05.7": (word_formula, word_loop, word_share),
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "05_gradient_descent", RIGHT
)


def test_line_slopes_are_what_a_nudge_measures():
    rng = np.random.default_rng(0)
    for case in find_exercise("05.4").cases(rng):
        x, y, *p = case.args

        def loss(p, x=x, y=y):
            return np.mean((p[0] + p[1] * x - y) ** 2)

        np.testing.assert_allclose(
            find_exercise("05.4").function(*case.args), numerical_gradient(loss, p), rtol=1e-6
        )


def test_largest_rate_is_where_real_descents_begin_to_diverge():
    rng = np.random.default_rng(1)
    for case in find_exercise("05.6").cases(rng):
        (X,) = case.args
        y = rng.normal(size=len(X))
        rate = find_exercise("05.6").function(X)

        def sizes(lr, X=X, y=y):
            p = np.ones(X.shape[1])
            for _ in range(3000):
                p = p - lr * 2 / len(X) * X.T @ (X @ p - y)
            return np.abs(p).max()

        with np.errstate(all="ignore"):
            assert sizes(0.99 * rate) < 1e3 and not sizes(1.01 * rate) < 1e6
