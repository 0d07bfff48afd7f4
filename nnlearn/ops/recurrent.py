"""Recurrent rules: a whole sequence in one operation, back-propagation through time written out.

One layout serves all three. `wide[t]` holds all that step t starts from, side by side: the state,
the input, and a 1 that the bias is multiplied with. So one product with all the weights makes the
gates of a step; and, after the loop back, one product over all steps makes the gradients of all
the weights. `gates` has shape (G, T, N, H): gate k at step t, `gates[k, t]`, is one unbroken block.

`rnn_loops`, `lstm_loops` and `gru_loops`, at the end, say the same with none of this.

Lessons: 11, 12.
"""

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.ops.squashing import sigmoid
from nnlearn.tensor import jointly, primitive


@primitive
def rnn(x, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None, *, nonlinearity="tanh"):
    """Run a plain recurrent layer: h[t] = tanh(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh).

    Parameters
    ----------
    x : shape (T, N, D)
    h : shape (N, H), the state before the first step
    weight_ih, weight_hh : shapes (H, D), (H, H)
    bias_ih, bias_hh : shape (H,), or None
    nonlinearity : "tanh" or "relu"

    Returns
    -------
    states : shape (T, N, H), the state after each step

    Raises: ShapeError if sizes differ, or T is 0.

    Example
    -------
    >>> one = np.ones((1, 1))
    >>> rnn(np.zeros((3, 1, 1)), one, one, one, nonlinearity="relu").ravel()
    array([1., 1., 1.])

    Source: Elman (1990). Loops: rnn_loops.
    """
    _check("rnn", 1, x, weight_ih, weight_hh, bias_ih, bias_hh, h=h)
    steps = len(x)
    wide, states = _wide(steps + 1, x, h, weight_ih)
    (upright,) = _upright(_columns(weight_hh, weight_ih, bias_ih, bias_hh)[None])
    for t in range(steps):
        z = wide[t] @ upright
        states[t + 1] = np.tanh(z) if nonlinearity == "tanh" else np.maximum(z, 0)

    def backward(g):
        d, dh = np.empty((steps, *h.shape), wide.dtype), np.zeros(h.shape, wide.dtype)
        for t in reversed(range(steps)):
            dh += g[t]  # from this step's output; what was there came from the next step
            y = states[t + 1]
            np.multiply(dh, 1 - y * y if nonlinearity == "tanh" else y > 0, out=d[t])
            np.matmul(d[t], weight_hh, out=dh)
        return d[None], dh

    d_z, d_h = jointly(backward, 2)
    d_weights = jointly(lambda g: _to_weights(d_z(g), wide), 4)
    return states[1:], (lambda g: _to_input(d_z(g), weight_ih), d_h, *d_weights)


@primitive
def lstm(x, h, c, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Run a long short-term memory: three gates decide what its cell c forgets, takes in and shows.

    z = W_ih x[t] + b_ih + W_hh h[t-1] + b_hh, four blocks of H rows, gives
    i = sigmoid(z_i), f = sigmoid(z_f), g = tanh(z_g), o = sigmoid(z_o);
    c[t] = f * c[t-1] + i * g and h[t] = o * tanh(c[t]).

    Parameters
    ----------
    x : shape (T, N, D)
    h, c : shape (N, H), state and cell before the first step
    weight_ih, weight_hh : shapes (4H, D), (4H, H), the blocks in the order i, f, g, o
    bias_ih, bias_hh : shape (4H,), or None

    Returns
    -------
    states : shape (T + 1, N, H): h after each step; the last row is c after the last step

    Raises: ShapeError if sizes differ, or T is 0.

    Example
    -------
    >>> w = np.zeros((4, 1))
    >>> lstm(np.zeros((2, 1, 1)), np.zeros((1, 1)), np.ones((1, 1)), w, w).ravel()
    array([0.23105858, 0.12245933, 0.25      ])

    Source: Hochreiter and Schmidhuber (1997); Gers et al. (2000). Loops: lstm_loops.
    """
    _check("lstm", 4, x, weight_ih, weight_hh, bias_ih, bias_hh, h=h, c=c)
    steps, weight = len(x), _blocks(weight_hh, 4)
    wide, states = _wide(steps + 2, x, h, weight_ih)  # the last row of states is for c
    half = np.array([0.5, 0.5, 1, 0.5], wide.dtype).reshape(4, 1, 1)  # see _squash
    upright = _upright(_blocks(_columns(weight_hh, weight_ih, bias_ih, bias_hh), 4), half)
    gates = np.empty((4, steps, *h.shape), wide.dtype)
    cells = np.empty((steps + 1, *h.shape), wide.dtype)  # cells[t] is c before step t
    cells[0] = c
    for t in range(steps):
        i, f, g, o = _squash(np.matmul(wide[t], upright, out=gates[:, t]), half)
        np.multiply(f, cells[t], out=cells[t + 1])
        cells[t + 1] += i * g
        np.multiply(o, np.tanh(cells[t + 1]), out=states[t + 1])
    states[-1] = cells[-1]

    def backward(d_states):
        d, dh, dc = np.empty_like(gates), np.zeros_like(cells[0]), d_states[-1].copy()
        product = np.empty_like(gates[:, 0])
        for t in reversed(range(steps)):
            (i, f, g, o), (d_i, d_f, d_g, d_o) = gates[:, t], d[:, t]
            y = np.tanh(cells[t + 1])
            dh += d_states[t]  # from this step's output; what was there came from the next step
            dh *= o
            dc += dh * (1 - y * y)  # the slope of tanh; that of a sigmoid s is s * (1 - s)
            np.multiply(dh * y, 1 - o, out=d_o)
            np.multiply(dc * i, 1 - g * g, out=d_g)
            np.multiply(dc * g, i * (1 - i), out=d_i)
            dc *= f
            np.multiply(dc * cells[t], 1 - f, out=d_f)
            np.matmul(d[:, t], weight, out=product).sum(axis=0, out=dh)
        return d, dh, dc

    d_z, d_h, d_c = jointly(backward, 3)
    d_weights = jointly(lambda g: _to_weights(d_z(g), wide), 4)
    return states[1:], (lambda g: _to_input(d_z(g), weight_ih), d_h, d_c, *d_weights)


@primitive
def gru(x, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Run a gated recurrent unit: gate z decides how much of the state stays as it was.

    With p = W_ih x[t] + b_ih and q = W_hh h[t-1] + b_hh, three blocks of H rows each:
    r = sigmoid(p_r + q_r), z = sigmoid(p_z + q_z), n = tanh(p_n + r * q_n);
    h[t] = (1 - z) * n + z * h[t-1].

    Parameters
    ----------
    x : shape (T, N, D)
    h : shape (N, H), the state before the first step
    weight_ih, weight_hh : shapes (3H, D), (3H, H), the blocks in the order r, z, n
    bias_ih, bias_hh : shape (3H,), or None

    Returns
    -------
    states : shape (T, N, H), the state after each step

    Raises: ShapeError if sizes differ, or T is 0.

    Example
    -------
    >>> w = np.zeros((3, 1))
    >>> gru(np.zeros((3, 1, 1)), np.ones((1, 1)), w, w).ravel()
    array([0.5  , 0.25 , 0.125])

    Source: Cho et al. (2014); r after the product, as in cuDNN and PyTorch. Loops: gru_loops.
    """
    _check("gru", 3, x, weight_ih, weight_hh, bias_ih, bias_hh, h=h)
    steps, weight = len(x), _blocks(weight_hh, 3)
    wide, states = _wide(steps + 1, x, h, weight_ih)
    # n needs its two products apart, so there are four blocks: r, z, what the state offers, n.
    q = _blocks(_columns(weight_hh, np.zeros_like(weight_ih), bias_hh), 3)
    p = _blocks(_columns(np.zeros_like(weight_hh), weight_ih, bias_ih), 3)
    half = np.array([0.5, 0.5, 1, 1], wide.dtype).reshape(4, 1, 1)  # see _squash
    upright = _upright(np.concatenate([q[:2] + p[:2], q[2:], p[2:]]), half)
    gates = np.empty((4, steps, *h.shape), wide.dtype)
    for t in range(steps):
        np.matmul(wide[t], upright, out=gates[:, t])
        r, z = _squash(gates[:2, t], 0.5)
        offer, n = gates[2:, t]
        n += r * offer
        np.tanh(n, out=n)
        states[t + 1] = n + z * (states[t] - n)

    def backward(g):
        d, dh = np.empty_like(gates), np.zeros_like(gates[0, 0])
        for t in reversed(range(steps)):
            (r, z, offer, n), (d_r, d_z, d_offer, d_n) = gates[:, t], d[:, t]
            dh += g[t]  # from this step's output; what was there came from the next step
            new = dh * (1 - z)
            np.multiply(new, 1 - n * n, out=d_n)  # the slope of tanh; a sigmoid's is s * (1 - s)
            np.multiply(new, (states[t] - n) * z, out=d_z)
            np.multiply(d_n, r, out=d_offer)
            np.multiply(d_offer, offer * (1 - r), out=d_r)
            dh *= z
            dh += (d[:3, t] @ weight).sum(axis=0)
        return d, dh

    d_z, d_h = jointly(backward, 2)
    d_weights = jointly(lambda g: _to_weights(d_z(g), wide, [0, 1, 3], [0, 1, 2]), 4)
    return states[1:], (lambda g: _to_input(d_z(g)[[0, 1, 3]], weight_ih), d_h, *d_weights)


# What the three share: the checks, the layout, the products that concern all steps at once.


def _check(name, gates, x, weight_ih, weight_hh, bias_ih, bias_hh, **states):
    """Raise ShapeError unless all sizes fit, gates * H rows in the weights among them."""
    rows = f"{gates}H" if gates > 1 else "H"
    known = {"weight_ih": (weight_ih, f"{rows} D"), "weight_hh": (weight_hh, f"{rows} H")}
    known |= {
        n: (b, rows) for n, b in (("bias_ih", bias_ih), ("bias_hh", bias_hh)) if b is not None
    }
    repair = "x is (T, N, D), steps first; a state is (N, H), one row for each sample."
    expect(name, repair, x=(x, "T N D"), **{n: (s, "N H") for n, s in states.items()}, **known)
    shapes = {"x (T, N, D)": x.shape, f"weight_hh ({rows}, H)": weight_hh.shape}
    if len(weight_hh) != gates * weight_hh.shape[1]:
        problem = f"{name}: weight_hh has {len(weight_hh)} rows, not {gates} * {weight_hh.shape[1]}"
        raise ShapeError(problem, shapes, "The blocks of the gates stand one below the other.")
    if not len(x):
        raise ShapeError(f"{name}: there are no steps, T is 0", shapes, "Give at least one step.")


def _wide(rows, x, h, weight):
    """Lay out [state | input | 1] for each step, the first state filled in: (rows, N, H + D + 1).

    Also returns the view of the states in it, which the steps fill one after the other.
    """
    (samples, hidden), inputs = h.shape, x.shape[2]
    dtype = np.result_type(np.float16, x, h, weight)  # integers become real numbers
    wide = np.ones((rows, samples, hidden + inputs + 1), dtype)
    wide[: len(x), :, hidden:-1] = x
    states = wide[:, :, :hidden]
    states[0] = h
    return wide, states


def _columns(weight_hh, weight_ih, *biases):
    """Put what multiplies [state | input | 1] side by side: (G*H, H + D + 1)."""
    bias = np.zeros((len(weight_hh), 1), weight_hh.dtype)
    for b in biases:
        bias += 0 if b is None else b[:, None]
    return np.concatenate([weight_hh, weight_ih, bias], axis=1)


def _blocks(weight, gates):
    """See a weight (G*H, K) as (G, H, K), a block for each gate."""
    return weight.reshape(gates, len(weight) // gates, weight.shape[1])


def _upright(blocks, half=1):
    """Copy blocks (G, H, K) to (G, K, H): a product with a transposed view takes twice as long."""
    return (blocks * half).swapaxes(1, 2).copy()


def _squash(z, half):
    """Make sigmoids where half is 0.5, tanh where it is 1, in place; z comes multiplied with half.

    sigmoid(a) = (1 + tanh(a / 2)) / 2: so one tanh serves all gates, and nothing overflows.
    """
    np.tanh(z, out=z)
    z *= half
    z += 1 - half
    return z


def _to_input(d, weight_ih):
    """The gradient of x (T, N, D), from that of the gates (G, T, N, H)."""
    gates, steps, samples, hidden = d.shape
    pieces = d.reshape(gates, steps * samples, hidden) @ _blocks(weight_ih, gates)
    return pieces.sum(axis=0).reshape(steps, samples, weight_ih.shape[1])


def _to_weights(d, wide, of_input=slice(None), of_state=slice(None)):
    """The gradients of weight_ih, weight_hh and the biases, from that of the gates (G, T, N, H).

    One product for all: (H, T*N) @ (T*N, H + D + 1) for each gate. The last arguments choose the
    gates that the input and the state enter.
    """
    gates, steps, samples, hidden = d.shape
    rows = wide[:steps].reshape(steps * samples, wide.shape[2])
    sums = d.reshape(gates, steps * samples, hidden).swapaxes(1, 2) @ rows
    ih, hh = (sums[gate].reshape(-1, rows.shape[1]) for gate in (of_input, of_state))
    return ih[:, hidden:-1].copy(), hh[:, :hidden].copy(), ih[:, -1].copy(), hh[:, -1].copy()


# The same, one step at a time.


def rnn_loops(x, h, weight_ih, weight_hh, bias_ih=0, bias_hh=0, nonlinearity=np.tanh):
    """Run a plain recurrent layer as the formula says. Returns the states, (T, N, H)."""
    states = []
    for x_t in x:
        h = nonlinearity(x_t @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
        states.append(h)
    return np.stack(states)


def lstm_loops(x, h, c, weight_ih, weight_hh, bias_ih=0, bias_hh=0):
    """Run a long short-term memory as the formulas say. Returns the states and the last c."""
    states = []
    for x_t in x:
        z = x_t @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
        i, f, g, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack([*states, c])


def gru_loops(x, h, weight_ih, weight_hh, bias_ih=0, bias_hh=0):
    """Run a gated recurrent unit as the formulas say. Returns the states, (T, N, H)."""
    states = []
    for x_t in x:
        p_r, p_z, p_n = np.split(x_t @ weight_ih.T + bias_ih, 3, axis=1)
        q_r, q_z, q_n = np.split(h @ weight_hh.T + bias_hh, 3, axis=1)
        r, z = sigmoid(p_r + q_r), sigmoid(p_z + q_z)
        h = (1 - z) * np.tanh(p_n + r * q_n) + z * h
        states.append(h)
    return np.stack(states)
