import math

import numpy as np

from tests.course.checks.bank import rules_for


def penalty_loops(weights, lam, kind):
    value, gradients = 0.0, []
    for w in weights:
        g = np.zeros_like(w)
        for i in np.ndindex(w.shape):
            value += lam * abs(w[i]) if kind == "l1" else lam / 2 * w[i] ** 2
            g[i] = lam * ((w[i] > 0) - (w[i] < 0.0) * 1) if kind == "l1" else lam * w[i]
        gradients.append(g)
    return value, gradients


def penalty_flat(weights, lam, kind):
    flat = np.concatenate([w.ravel() for w in weights])
    if kind == "l1":
        return lam * np.abs(flat).sum(), tuple(lam * np.sign(w) for w in weights)
    return 0.5 * lam * flat @ flat, tuple(w * lam for w in weights)


def penalty_single(weights, lam, kind):
    return penalty_flat([w.astype(np.float32) for w in weights], lam, kind)


def penalty_match(weights, lam, kind):
    match kind:
        case "l1":
            return sum(lam * np.linalg.norm(w.ravel(), 1) for w in weights), [
                np.where(w > 0, lam, np.where(w < 0, -lam, 0.0)) for w in weights
            ]
        case "l2":
            total = sum(np.sum(np.square(w)) for w in weights)
            return lam * total / 2, list(map(lambda w: lam * w, weights))


def decay_shrink(p, g, lr, weight_decay):
    return p * (1 - lr * weight_decay) - lr * g


def decay_together(p, g, lr, weight_decay):
    """For plain descent the same as L2 in the gradient."""
    return p - lr * (g + weight_decay * p)


def decay_loop(p, g, lr, weight_decay):
    new = np.empty_like(p)
    for i in np.ndindex(p.shape):
        new[i] = p[i] - lr * weight_decay * p[i] - lr * g[i]
    return new


def decay_copy(p, g, lr, weight_decay):
    p = p.copy()
    p *= 1 - lr * weight_decay
    p -= lr * g
    return p


def dropout_where(x, p, rng, training=True):
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = np.where(rng.random(x.shape) < p, 0.0, 1 / (1 - p))
    return mask * x, mask


def dropout_loop(x, p, rng, training=True):
    mask = np.ones_like(x)
    if training:
        for i in np.ndindex(x.shape):
            mask[i] = 0 if rng.random() < p else 1 / (1 - p)
    return x * mask, mask


def dropout_binomial(x, p, rng, training=True):
    if training is False:
        return x, np.ones_like(x)
    mask = rng.binomial(1, 1 - p, size=x.shape).astype(x.dtype)
    mask /= 1 - p
    return [x * mask, mask]


def dropout_choice(x, p, rng, training=True):
    if not training:
        p = 0.0
    mask = rng.choice([0.0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p])
    return (x * mask).astype(np.float32) if x.dtype == np.float32 else x * mask, mask


def stop_loop(val_losses, patience):
    best_loss, best_epoch, waited = math.inf, 0, 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch] < best_loss:
            best_loss, best_epoch, waited = val_losses[epoch], epoch, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best_epoch, epoch


def stop_argmin(val_losses, patience):
    for epoch in range(len(val_losses)):
        best = int(np.argmin(val_losses[: epoch + 1]))
        if epoch - best >= patience:
            return best, epoch
    return int(np.argmin(val_losses)), len(val_losses) - 1


def stop_accumulate(val_losses, patience):
    lowest = np.minimum.accumulate(val_losses)
    bests = np.searchsorted(-lowest, -lowest)  # where each running minimum was first reached
    stops = np.flatnonzero(np.arange(len(lowest)) - bests >= patience)
    stop = stops[0] if len(stops) else len(lowest) - 1
    return bests[stop], stop


def batch_norm_plain(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running
    if training:
        here, n = x.mean(axis=0), len(x)
        running = (
            (1 - momentum) * mean + momentum * here,
            (1 - momentum) * var + momentum * x.var(axis=0) * n / (n - 1),
        )
        mean, var = here, x.var(axis=0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, running


def batch_norm_towards(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if not training:
        return (x - running[0]) * (gamma * (running[1] + eps) ** -0.5) + beta, running
    mean = np.sum(x, axis=0) / x.shape[0]
    centred = x - mean
    squares = (centred**2).sum(axis=0)
    out = centred / (squares / x.shape[0] + eps) ** 0.5 * gamma + beta
    new_mean = running[0] + momentum * (mean - running[0])
    return out, [new_mean, running[1] + momentum * (squares / (x.shape[0] - 1) - running[1])]


def batch_norm_loop(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    out, mean, var = np.empty_like(x), running[0].copy(), running[1].copy()
    for d in range(x.shape[1]):
        m, v = mean[d], var[d]
        if training:
            column = x[:, d]
            m, v = column.mean(), column.var()
            mean[d] = (1 - momentum) * mean[d] + momentum * m
            var[d] = (1 - momentum) * var[d] + momentum * column.var(ddof=1)
        for i in range(len(x)):
            out[i, d] = gamma[d] * (x[i, d] - m) / math.sqrt(v + eps) + beta[d]
    return out, (mean, var)


def layer_norm_plain(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=-1, keepdims=True) + eps) * gamma + beta


def layer_norm_loop(x, gamma, beta, eps=1e-5):
    out = np.empty_like(x)
    for i in np.ndindex(x.shape[:-1]):
        out[i] = gamma * (x[i] - x[i].mean()) / math.sqrt(x[i].var() + eps) + beta
    return out


def layer_norm_turned(x, gamma, beta, eps=1e-5):
    turned = np.moveaxis(x, -1, 0)
    centred = turned - turned.mean(axis=0)
    z = centred / np.sqrt((centred * centred).mean(axis=0) + eps)
    return np.moveaxis(z, 0, -1) * gamma + beta


def shift_pad(image, dx, dy):
    h, w = image.shape
    room = np.pad(image, ((abs(dy), abs(dy)), (abs(dx), abs(dx))))
    return room[abs(dy) - dy : abs(dy) - dy + h, abs(dx) - dx : abs(dx) - dx + w]


def shift_loop(image, dx, dy):
    out = np.zeros_like(image)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if 0 <= i - dy < image.shape[0] and 0 <= j - dx < image.shape[1]:
                out[i, j] = image[i - dy, j - dx]
    return out


def shift_matrices(image, dx, dy):
    h, w = image.shape
    return np.eye(h, k=-dy) @ image.astype(float) @ np.eye(w, k=dx)


def shift_roll(image, dx, dy):
    out = np.roll(image, (dy, dx), axis=(0, 1))
    rows, columns = np.arange(image.shape[0]) - dy, np.arange(image.shape[1]) - dx
    out[(rows < 0) | (rows >= len(rows))] = 0
    out[:, (columns < 0) | (columns >= len(columns))] = 0
    return out


def penalty_einsum(weights, lam, kind):
    value, gradients = 0.0, []
    for w in weights:
        flat = w.reshape(-1)
        value += lam / 2 * np.vdot(w, w) if kind == "l2" else lam * np.einsum("i->", abs(flat))
        gradients.append(lam * w if kind == "l2" else lam * (w > 0) - lam * (w < 0))
    return [value, gradients]


def stop_while(val_losses, patience):
    epoch = best = 0
    while epoch < len(val_losses) - 1 and epoch - best < patience:
        epoch += 1
        if val_losses[epoch] < val_losses[best]:
            best = epoch
    return np.array([best, epoch])


def batch_norm_stacked(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """Both statistics as the two rows of one array."""
    kept = np.array(running)
    mean, var = (x.mean(0), x.var(0)) if training else kept
    if training:
        kept = kept + momentum * (np.stack([mean, np.var(x, axis=0, ddof=1)]) - kept)
    return [(x - mean) / np.sqrt(var + eps) * gamma + beta, kept]


RIGHT = {
    "09.1": [penalty_loops, penalty_flat, penalty_single, penalty_match, penalty_einsum],
    "09.2": [decay_shrink, decay_together, decay_loop, decay_copy],
    "09.3": [dropout_where, dropout_loop, dropout_binomial, dropout_choice],
    "09.4": [stop_loop, stop_argmin, stop_accumulate, stop_while],
    "09.5": [batch_norm_plain, batch_norm_towards, batch_norm_loop, batch_norm_stacked],
    "09.6": [layer_norm_plain, layer_norm_loop, layer_norm_turned],
    "09.7": [shift_pad, shift_loop, shift_matrices, shift_roll],
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "09_regularization", RIGHT
)
