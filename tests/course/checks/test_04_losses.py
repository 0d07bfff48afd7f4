import numpy as np

from tests.course.checks.bank import rules_for


def mse_mean(y_hat, y):
    return ((y_hat - y) ** 2).mean()


def mse_loop(y_hat, y):
    pairs = zip(y_hat.ravel(), y.ravel(), strict=True)
    return sum(float(a - b) ** 2 for a, b in pairs) / y.size


def mse_dot(y_hat, y):
    e = (y_hat - y).ravel()
    return e @ e / len(e)


def mse_single(y_hat, y):
    return np.square(y_hat.astype(np.float32) - y.astype(np.float32)).mean()


def d_mse_formula(y_hat, y):
    return 2 / y_hat.size * (y_hat - y)


def d_mse_loop(y_hat, y):
    d = np.zeros_like(y_hat)
    for i in np.ndindex(y.shape):
        d[i] = 2 * (y_hat[i] - y[i]) / y.size
    return d


def d_mse_prod(y_hat, y):
    return np.subtract(y_hat, y) * (2.0 / np.prod(y.shape))


def huber_where(y_hat, y, delta):
    e = y_hat - y
    size = np.abs(e)
    each = np.where(size <= delta, e**2 / 2, delta * (size - delta / 2))
    return np.mean(each), np.where(size <= delta, e, delta * np.sign(e)) / e.size


def huber_clip(y_hat, y, delta):
    e = y_hat - y
    c = np.clip(e, -delta, delta)
    return (c * (e - c / 2)).mean(), c / e.size


def huber_loop(y_hat, y, delta):
    total, d = 0.0, np.zeros(y.shape)
    for i in np.ndindex(y.shape):
        e = float(y_hat[i] - y[i])
        if abs(e) < delta:
            total, d[i] = total + e * e / 2, e
        else:
            total += delta * abs(e) - delta**2 / 2
            d[i] = delta if e > 0 else -delta
    return total / y.size, d / y.size


def lse_max(z):
    top = np.max(z, axis=-1)
    return top + np.log(np.sum(np.exp(z - top[..., None]), axis=-1))


def lse_logaddexp(z):
    return np.logaddexp.reduce(z, axis=-1)


def lse_squeeze(z):
    top = z.max(-1, keepdims=True)
    return (top + np.log(np.exp(z - top).sum(-1, keepdims=True))).squeeze(-1)


def lse_loop(z):
    out = np.empty(z.shape[:-1])
    for i in np.ndindex(out.shape):
        row = z[i].astype(float)
        out[i] = row.max() + np.log1p(np.exp(row - row.max()).sum() - 1)
    return out


def ce_lse(logits, labels):
    return np.mean(lse_max(logits) - logits[np.arange(len(logits)), labels])


def ce_shifted(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_share[range(len(labels)), labels].mean()


def ce_loop(logits, labels):
    losses = [lse_loop(row[None])[0] - row[k] for row, k in zip(logits, labels, strict=True)]
    return sum(losses) / len(losses)


def ce_take(logits, labels):
    return (lse_max(logits) - np.take_along_axis(logits, labels[:, None], 1)[:, 0]).sum() / len(
        labels
    )


def d_ce_pick(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(p)), labels] -= 1
    return p / len(p)


def d_ce_eye(logits, labels):
    p = np.exp(logits - lse_logaddexp(logits)[:, None])
    return (p - np.eye(logits.shape[1])[labels]) / len(labels)


def d_ce_loop(logits, labels):
    d = np.zeros(logits.shape)
    for n, k in enumerate(labels):
        d[n] = np.exp(logits[n] - logits[n].max())
        d[n] /= d[n].sum()
        d[n, k] -= 1
    return d / len(labels)


def bce_maximum(z, y):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return np.mean(np.maximum(z, 0) - z * y + np.log(1 + e)), (p - y) / z.size


def bce_logaddexp(z, y):
    loss = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return loss.mean(), (np.exp(-np.logaddexp(0, -z)) - y) / y.size


def bce_tanh(z, y):
    loss = np.logaddexp(0, np.where(y == 1, -z, z)).mean()
    return loss, ((1 + np.tanh(z / 2)) / 2 - y) / y.size


RIGHT = {
    "04.1": (mse_mean, mse_loop, mse_dot, mse_single),
    "04.2": (d_mse_formula, d_mse_loop, d_mse_prod),
    "04.3": (huber_where, huber_clip, huber_loop),
    "04.4": (lse_max, lse_logaddexp, lse_squeeze, lse_loop),
    "04.5": (ce_lse, ce_shifted, ce_loop, ce_take),
    "04.6": (d_ce_pick, d_ce_eye, d_ce_loop),
    "04.7": (bce_maximum, bce_logaddexp, bce_tanh),
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "04_losses", RIGHT
)
