import numpy as np

from tests.course.checks.bank import rules_for


def relu_maximum(z):
    return np.maximum(0.0, z)


def relu_where(z):
    return np.where(z > 0, z, 0)


def relu_product(z):
    return z * (z > 0)


def relu_loop(z):
    out = np.zeros_like(z)
    for i, v in np.ndenumerate(z):
        out[i] = max(v, 0)
    return out


def relu_single(z):
    return np.maximum(z.astype(np.float32), 0)


def sigmoid_branches(z):
    out = np.empty_like(z)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


def sigmoid_tanh(z):
    return (1 + np.tanh(z / 2)) / 2


def sigmoid_one_exp(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_single(z):
    return sigmoid_one_exp(z.astype(np.float32))


def slope_formula(z):
    s = sigmoid_one_exp(z)
    return s * (1 - s)


def slope_even(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def slope_tanh(z):
    return (1 - np.tanh(z / 2) ** 2) / 4


def slope_loop(z):
    return np.array([float(slope_even(v)) for v in z.ravel()]).reshape(z.shape)


def leaky_where(z, negative_slope):
    return np.where(z > 0, z, negative_slope * z), np.where(z > 0, 1, negative_slope)


def leaky_halves(z, negative_slope):
    value = np.maximum(z, 0) + negative_slope * np.minimum(z, 0)
    return value, (z > 0) + negative_slope * (z <= 0)


def leaky_loop(z, negative_slope):
    value, slope = np.empty_like(z), np.empty_like(z)
    for i, v in np.ndenumerate(z):
        slope[i] = 1 if v > 0 else negative_slope
        value[i] = v * slope[i]
    return value, slope


def leaky_single(z, negative_slope):
    return leaky_where(z.astype(np.float32), np.float32(negative_slope))


def silu_product(z):
    s = sigmoid_one_exp(z)
    return z * s, s * (1 + z * (1 - s))


def silu_value(z):
    s = sigmoid_tanh(z)
    y = z * s
    return y, y + s * (1 - y)


def silu_divided(z):
    s = sigmoid_branches(z)
    return z * s, s + z * slope_even(z)


def silu_single(z):
    return silu_product(z.astype(np.float32))


def softmax_shifted(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_log(z):
    shifted = z - z.max(-1)[..., None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(-1))[..., None])


def softmax_loop(z):
    out = np.empty_like(z)
    for i in np.ndindex(z.shape[:-1]):
        e = np.exp(z[i] - max(z[i]))
        out[i] = e / sum(e)
    return out


def softmax_single(z):
    return softmax_shifted(z.astype(np.float32))


def share_mean(slopes, eps):
    return np.mean(np.abs(slopes) < eps)


def share_count(slopes, eps):
    return np.count_nonzero((slopes > -eps) & (slopes < eps)) / slopes.size


def share_loop(slopes, eps):
    return sum(abs(s) < eps for s in slopes.ravel()) / slopes.size


RIGHT = {
    "03.1": (relu_maximum, relu_where, relu_product, relu_loop, relu_single),
    "03.2": (sigmoid_branches, sigmoid_tanh, sigmoid_one_exp, sigmoid_logaddexp, sigmoid_single),
    "03.3": (slope_formula, slope_even, slope_tanh, slope_loop),
    "03.4": (leaky_where, leaky_halves, leaky_loop, leaky_single),
    "03.5": (silu_product, silu_value, silu_divided, silu_single),
    "03.6": (softmax_shifted, softmax_log, softmax_loop, softmax_single),
    "03.7": (share_mean, share_count, share_loop),
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "03_activations", RIGHT
)
