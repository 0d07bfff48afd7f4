"""Recurrent layers and cells: every option of RNN, LSTM and GRU; gradients from all they return."""

from tests.parity.programs.common import draw, start, steps


def train(T, model, optimizer, loss):
    """Take ten steps; return all gradients in one row, and all weights (these layers have many)."""
    found = steps(model, optimizer, loss)
    for kind in ("gradient ", "weight "):
        parts = [found.pop(name).flatten() for name in list(found) if name.startswith(kind)]
        found[f"every {kind}"] = T.cat(parts)
    return found


def layer(T, dtype, make, x_shape, state_shape=None, states=1):
    """Train a layer by all that it returns; gradients go into all that it was given."""
    model = start(T, dtype, make(T.nn))
    x = draw(T, dtype, *x_shape).requires_grad_()
    given = [draw(T, dtype, *state_shape, seed=7 + i) for i in range(states if state_shape else 0)]
    given = [state.requires_grad_() for state in given]
    hx = (tuple(given) if states > 1 else given[0]) if given else None

    def results():
        output, last = model(x, hx)
        return [output, *(last if isinstance(last, tuple) else [last])]

    def loss():
        return sum((part**2).sum() * (i + 1) for i, part in enumerate(results())) / 9

    first = {f"result {i}": part for i, part in enumerate(results())}
    loss().backward()
    wanted = {f"gradient of input {i}": t.grad for i, t in enumerate([x, *given])}
    wanted = {name: gradient + 0 for name, gradient in wanted.items()}
    optimizer = T.optim.SGD(model.parameters(), lr=0.01)
    return first | wanted | train(T, model, optimizer, loss)


def rnn(T, dtype):
    return layer(T, dtype, lambda nn: nn.RNN(3, 4), (5, 2, 3))


def rnn_relu_by_position(T, dtype):
    return layer(T, dtype, lambda nn: nn.RNN(3, 4, 1, "relu", False, True), (2, 5, 3), (1, 2, 4))


def rnn_deep_both_ways(T, dtype):
    def make(nn):
        return nn.RNN(2, 3, num_layers=2, bidirectional=True, nonlinearity="relu")

    return layer(T, dtype, make, (3, 2, 2), (4, 2, 3))


def lstm(T, dtype):
    return layer(T, dtype, lambda nn: nn.LSTM(3, 3), (4, 2, 3), states=2)


def lstm_all_options(T, dtype):
    def make(nn):
        return nn.LSTM(2, 2, 2, bias=True, batch_first=True, dropout=0.0, bidirectional=True)

    return layer(T, dtype, make, (3, 4, 2), (4, 3, 2), states=2)


def lstm_no_bias(T, dtype):
    return layer(T, dtype, lambda nn: nn.LSTM(2, 3, 2, False), (5, 2, 2), (2, 2, 3), states=2)


def lstm_one_sequence(T, dtype):
    def make(nn):
        return nn.LSTM(2, 3, batch_first=True, bidirectional=True)

    return layer(T, dtype, make, (5, 2), (2, 3), states=2)


def gru(T, dtype):
    return layer(T, dtype, lambda nn: nn.GRU(3, 3), (4, 2, 3))


def gru_all_options(T, dtype):
    def make(nn):
        return nn.GRU(2, 2, num_layers=2, batch_first=True, bidirectional=True)

    return layer(T, dtype, make, (3, 4, 2), (4, 3, 2))


def gru_no_bias_one_sequence(T, dtype):
    return layer(T, dtype, lambda nn: nn.GRU(3, 4, bias=False), (5, 3), (1, 4))


def dropout_between_layers_rests_in_eval(T, dtype):
    def make(nn):
        return nn.GRU(2, 3, num_layers=2, dropout=0.5).eval()

    return layer(T, dtype, make, (4, 2, 2))


def last_step(T, dtype):
    """The usual classifier of sequences: only the last output is looked at."""
    nn, F = T.nn, T.nn.functional

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.LSTM(3, 4, batch_first=True)
            self.fc = nn.Linear(4, 4)

        def forward(self, x):
            return self.fc(self.rnn(x)[0][:, -1])

    model = start(T, dtype, Net())
    x, y = draw(T, dtype, 5, 7, 3), T.tensor([0, 3, 1, 1, 2])
    optimizer = T.optim.Adam(model.parameters(), lr=0.02, eps=1e-3)
    return train(T, model, optimizer, lambda: F.cross_entropy(model(x), y))


def unrolled(T, dtype, cell, of=lambda state: state):
    """A cell in a loop of one's own."""
    model = start(T, dtype, cell)
    x = draw(T, dtype, 4, 2, 3).requires_grad_()

    def loss():
        state, total = None, 0
        for t in range(4):
            state = model(x[t], state)
            total = total + (of(state) ** 2).mean() * (t + 1)
        return total

    loss().backward()
    optimizer = T.optim.SGD(model.parameters(), lr=0.1)
    return {"gradient of input": x.grad + 0} | train(T, model, optimizer, loss)


def rnn_cell(T, dtype):
    return unrolled(T, dtype, T.nn.RNNCell(3, 4, True, "relu"))


def lstm_cell(T, dtype):
    return unrolled(T, dtype, T.nn.LSTMCell(3, 3), lambda state: state[0] + state[1])


def gru_cell(T, dtype):
    return unrolled(T, dtype, T.nn.GRUCell(3, 3))


def cells_one_sample_no_bias(T, dtype):
    nn = T.nn
    x = draw(T, dtype, 3)
    cells = [nn.RNNCell(3, 4, bias=False), nn.LSTMCell(3, 4, bias=False), nn.GRUCell(3, 4, False)]
    plain, long, gated = (start(T, dtype, cell) for cell in cells)
    h, c = long(x, (draw(T, dtype, 4), draw(T, dtype, 4, seed=1)))
    return {"rnn": plain(x), "h": h, "c": c, "gru": gated(x, draw(T, dtype, 4))}


PROGRAMS = (
    rnn,
    rnn_relu_by_position,
    rnn_deep_both_ways,
    lstm,
    lstm_all_options,
    lstm_no_bias,
    lstm_one_sequence,
    gru,
    gru_all_options,
    gru_no_bias_one_sequence,
    dropout_between_layers_rests_in_eval,
    last_step,
    rnn_cell,
    lstm_cell,
    gru_cell,
    cells_one_sample_no_bias,
)
