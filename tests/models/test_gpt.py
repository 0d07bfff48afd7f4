"""GPT: looks back only, writes the same with and without its memory, and takes GPT-2's weights."""

import numpy as np
import pytest
from safetensors.numpy import save_file

import nnlearn as T
from nnlearn.errors import ShapeError
from nnlearn.models import GPT, sample
from nnlearn.nn import functional as F


def small(seed=0, **options):
    return GPT(20, 12, 16, 4, 2, **options, rng=np.random.default_rng(seed))


def tokens(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 20, shape)


def test_a_position_sees_only_what_came_before():
    model, x = small(), tokens(2, 8)
    before = model(x).data
    x[:, 5] = (x[:, 5] + 1) % 20
    after = model(x).data
    assert np.array_equal(before[:, :5], after[:, :5])
    assert not np.array_equal(before[:, 5:], after[:, 5:])


def spread(model):
    """Make the scores far apart: with first weights they are nearly equal."""
    for parameter in model.parameters():
        parameter.data *= 8
    return model


@pytest.mark.parametrize("tie_weights", [True, False])
@pytest.mark.parametrize(
    "way",
    [
        {"temperature": 0},
        {"temperature": 0.7, "top_k": 5},
        {"temperature": 1.3, "top_p": 0.8},
    ],
    ids=str,
)
def test_the_memory_changes_nothing(tie_weights, way):
    """Also past the context of 12, where every position moves."""
    model = spread(small(tie_weights=tie_weights))
    for start in (tokens(3, 5), tokens(2, 1), tokens(1, 14)):
        written = [
            model.generate(start, 12, **way, use_cache=cache, rng=np.random.default_rng(1)).data
            for cache in (True, False)
        ]
        assert np.array_equal(*written)
        assert written[0].shape == (len(start), start.shape[1] + 12)
        assert np.array_equal(written[0][:, : start.shape[1]], start)


def test_the_reader_agrees_with_the_model_in_any_portions():
    from nnlearn.models.gpt_reader import GPTReader

    model, x = spread(small()).double(), tokens(2, 9)
    expected = model(x).data
    reader = GPTReader(model, 2)
    for start, end in ((0, 4), (4, 5), (5, 9)):
        scores = reader.read(x[:, start:end])
        assert np.allclose(scores, expected[:, end - 1], rtol=1e-9, atol=1e-9)


def test_writing_leaves_the_model_as_it_was():
    model = small(dropout=0.5)
    model.generate(tokens(1, 3), 2)
    assert model.training and model.wte.weight.grad is None
    first, second = (model.generate(tokens(1, 3), 5, temperature=0) for _ in range(2))
    assert np.array_equal(first, second)  # no dropout while it writes
    assert model.generate(T.tensor(tokens(1, 3)), 0).dtype == T.int64


def test_it_learns_a_sequence_by_heart():
    model = small()
    optimizer = T.optim.Adam(model.parameters(), lr=0.01)
    line = np.array([[3, 1, 4, 1, 5, 9, 2, 6, 5, 3]])
    for _ in range(60):
        optimizer.zero_grad()
        scores = model(line[:, :-1])
        loss = F.cross_entropy(scores.reshape(-1, 20), line[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.2
    assert np.array_equal(model.generate(line[:, :3], 7, temperature=0), line)


def test_first_weights():
    model = GPT(300, 64, 64, 4, 8, rng=np.random.default_rng(0))
    assert abs(model.wte.weight.data.std() - 0.02) < 1e-3
    assert abs(model.h[0].mlp.c_proj.weight.data.std() - 0.02 / 4) < 5e-4
    assert not model.h[3].attn.c_attn.bias.data.any()
    loss = F.cross_entropy(model(tokens(2, 30)).reshape(-1, 300), tokens(60, seed=1))
    assert abs(loss.item() - np.log(300)) < 0.1


def plain_gpt2(weights, x, heads):
    """GPT-2 as in its paper, one sequence, straight from the file's weights."""
    w = {name.removeprefix("transformer."): a.astype(np.float64) for name, a in weights.items()}

    def norm(x, name):
        z = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return z * w[f"{name}.weight"] + w[f"{name}.bias"]

    def conv1d(x, name):
        return x @ w[f"{name}.weight"] + w[f"{name}.bias"]

    def gelu(x):
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))

    x = w["wte.weight"][x] + w["wpe.weight"][: len(x)]
    for block in ("h.0", "h.1"):
        qkv = conv1d(norm(x, f"{block}.ln_1"), f"{block}.attn.c_attn")
        mixed = []
        heads_of = (np.split(z, heads, axis=1) for z in np.split(qkv, 3, axis=1))
        for q, k, v in zip(*heads_of, strict=True):
            scores = np.where(np.tri(len(x)), q @ k.T / np.sqrt(q.shape[1]), -1e10)
            p = np.exp(scores - scores.max(1, keepdims=True))
            mixed.append(p / p.sum(1, keepdims=True) @ v)
        x = x + conv1d(np.hstack(mixed), f"{block}.attn.c_proj")
        hidden = gelu(conv1d(norm(x, f"{block}.ln_2"), f"{block}.mlp.c_fc"))
        x = x + conv1d(hidden, f"{block}.mlp.c_proj")
    return norm(x, "ln_f") @ w["wte.weight"].T


@pytest.mark.parametrize("prefix", ["", "transformer."])
def test_weights_of_gpt2_load_from_their_file(tmp_path, prefix):
    rng = np.random.default_rng(0)
    v, t, d = 11, 7, 8
    shapes = {"wte.weight": (v, d), "wpe.weight": (t, d), "ln_f.weight": (d,), "ln_f.bias": (d,)}
    for i in range(2):
        layers = {"attn.c_attn": (d, 3 * d), "attn.c_proj": (d, d)}
        layers |= {"mlp.c_fc": (d, 4 * d), "mlp.c_proj": (4 * d, d), "ln_1": (d,), "ln_2": (d,)}
        for name, shape in layers.items():
            shapes[f"h.{i}.{name}.weight"], shapes[f"h.{i}.{name}.bias"] = shape, shape[-1:]
    weights = {prefix + name: rng.normal(0, 0.5, s).astype("f") for name, s in shapes.items()}
    masks = {f"{prefix}h.{i}.attn.bias": np.tri(t, dtype="f")[None, None] for i in range(2)}
    save_file(weights | masks, tmp_path / "model.safetensors")

    model = GPT.from_gpt2(tmp_path / "model.safetensors", num_heads=2)
    assert (model.vocab_size, model.context, len(model.h)) == (v, t, 2)
    x = rng.integers(0, v, 6)
    expected = plain_gpt2(weights, x, heads=2)
    assert np.allclose(model(x[None]).data[0], expected, rtol=1e-4, atol=1e-4)


def test_cold_and_hot():
    rng = np.random.default_rng(0)
    scores = np.tile(np.log([[0.5, 0.3, 0.15, 0.05]]), (4000, 1))

    def shares(**way):
        drawn = sample(scores, **way, rng=rng)
        return np.bincount(drawn, minlength=4) / len(drawn)

    assert np.allclose(shares(), [0.5, 0.3, 0.15, 0.05], atol=0.03)
    assert shares(temperature=0.25)[0] > 0.8 and shares(temperature=100)[3] > 0.2
    assert np.allclose(shares(top_k=2), [0.625, 0.375, 0, 0], atol=0.03)
    assert np.allclose(shares(top_p=0.7), [0.625, 0.375, 0, 0], atol=0.03)
    assert np.allclose(shares(top_p=0.01), [1, 0, 0, 0])
    assert np.array_equal(sample(scores * 1e4, rng=rng), np.zeros(4000))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: small()(tokens(1, 13)), ShapeError, ["13 positions", "tokens[:, -12:]"]),
        (lambda: small().generate(np.array([[20]]), 1), IndexError, ["0..19"]),
        (lambda: small().generate(np.array([[-1]]), 1), IndexError, ["0..19"]),
        (lambda: GPT(5, 4, 6, 4, 1), ValueError, ["6 numbers do not divide among 4 heads"]),
        (lambda: small().generate(np.zeros((1, 0), int), 1), ShapeError, ["at least one token"]),
        (lambda: sample(np.zeros((1, 3)), -1.0), ValueError, ["temperature", "-1.0"]),
        (lambda: sample(np.zeros((1, 3)), top_k=0), ValueError, ["top_k"]),
        (lambda: sample(np.zeros((1, 3)), top_p=0.0), ValueError, ["top_p"]),
    ],
)
def test_message(call, error, says):
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4


def test_wrong_inputs_say_what_is_wrong(tmp_path):
    model = GPT(20, 8, 16, 4, 1)
    with pytest.raises(ShapeError, match="tokens needs 2 axes"):
        model(np.zeros(5, int))
    with pytest.raises(ShapeError, match="at least one token"):
        model.generate(np.zeros((0, 3), int), 2)
    for wrong in ({"temperature": np.nan}, {"top_p": np.nan}):
        with pytest.raises(ValueError, match="leave nothing"):
            model.generate([[1]], 2, **wrong)
    model.wte.weight.data[0] = np.nan
    with pytest.raises(ValueError, match="hold NaN"):
        model.generate([[1]], 2)
    T.save({"a": T.ones(1)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="holds no GPT-2"):
        GPT.from_gpt2(tmp_path / "other.safetensors")
