import copy
import pickle

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.errors import ShapeError


class Branch(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(np.ones(3, np.float32))
        self.body = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3, bias=False))
        self.again = self.body[0]

    def forward(self, x):
        return x * self.scale + self.body(x)


def test_parameters_come_in_definition_order_and_once():
    model = Branch()
    names = [name for name, _ in model.named_parameters()]
    assert names == ["scale", "body.0.weight", "body.0.bias", "body.2.weight"]
    assert [p.shape for p in model.parameters()] == [(3,), (4, 3), (4,), (3, 4)]
    assert sum(1 for _ in model.modules()) == 5


def test_gradients_reach_every_parameter():
    model = Branch()
    model(T.ones(2, 3)).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_repr_shows_shapes_and_counts():
    assert repr(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Flatten(), nn.Softmax(1)))) == (
        "Sequential(\n"
        "  (0): Linear(in_features=2, out_features=3, bias=True)  # 9 parameters\n"
        "  (1): Sequential(\n"
        "    (0): Flatten(start_dim=1, end_dim=-1)\n"
        "    (1): Softmax(dim=1)\n"
        "  )\n"
        ")  # 9 parameters"
    )
    assert repr(nn.Parameter([1.0])) == "Parameter containing:\ntensor([1.], requires_grad=True)"


def test_train_and_eval_reach_all():
    model = Branch()
    assert not any(m.training for m in model.eval().modules())
    assert all(m.training for m in model.train().modules())


def test_unknown_names_raise():
    with pytest.raises(AttributeError, match="Linear has no wieght"):
        _ = nn.Linear(2, 3).wieght
    with pytest.raises(NotImplementedError, match="forward"):
        nn.Module()(1)


def test_a_shape_error_names_the_layer():
    with pytest.raises(ShapeError) as caught:
        Branch()(T.ones(2, 3) @ T.ones(3, 3))
        nn.Sequential(nn.Flatten(), nn.Sequential(nn.ReLU(), nn.Linear(9, 2)))(T.ones(2, 2, 4))
    text = str(caught.value)
    assert text.startswith("layer 1.1: linear: D is 8 in input but 9 in weight")
    assert "Linear(8, 2)" in text and len(text.splitlines()) <= 4


def test_state_dict_round_trip():
    first, second = Branch(), Branch()
    state = first.state_dict()
    second.load_state_dict({name: value.numpy() for name, value in state.items()})
    x = T.ones(1, 3)
    assert np.array_equal(first(x), second(x))
    next(first.parameters()).data[...] = 7
    assert state["scale"].tolist() == [1, 1, 1]


def test_load_state_dict_says_what_does_not_fit():
    model = nn.Linear(2, 3)
    with pytest.raises(ValueError) as caught:
        model.load_state_dict({"weight": np.ones((2, 3)), "bais": np.ones(3)})
    lines = str(caught.value).splitlines()
    assert lines[1:] == ["missing: bias", "unknown: bais (and 1 more)"]
    with pytest.raises(ValueError, match=r"weight has shape \(2, 3\), needs \(3, 2\)"):
        model.load_state_dict({"weight": np.ones((2, 3)), "bias": np.ones(3)})


def test_sequential_is_a_list_of_layers():
    layers = nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)
    model = nn.Sequential(*layers)
    assert len(model) == 3 and model[-1] is layers[2] and list(model) == list(layers)
    assert list(model[:2]) == list(layers[:2])
    with pytest.raises(TypeError, match=r"nn.ReLU\(\)"):
        nn.Sequential(nn.Linear(2, 3), nn.ReLU)


def test_hooks_see_what_passes():
    model, seen = nn.Sequential(nn.Linear(2, 3), nn.ReLU()), []
    handle = model[1].register_forward_hook(lambda m, x, y: seen.append((m, x[0].shape, y.shape)))
    model(T.ones(5, 2))
    handle.remove()
    model(T.ones(5, 2))
    assert seen == [(model[1], (5, 3), (5, 3))]


def test_dtype_of_a_model():
    model = nn.Linear(2, 3)
    assert model(T.ones(1, 2)).dtype == T.float32
    assert model.double()(T.ones(1, 2, dtype=T.float64)).dtype == T.float64
    assert model.float().weight.dtype == T.float32


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", T.zeros(2))
        self.register_parameter("bias", None)
        self.register_buffer("count", T.tensor(3))
        self.register_buffer("mask", T.ones(2), persistent=False)
        self.layer = nn.Linear(2, 2, bias=False)


def test_buffers_are_saved_but_not_trained():
    model = Counter()
    assert [name for name, _ in model.named_buffers()] == ["mean", "count", "mask"]
    assert [name for name, _ in model.named_parameters()] == ["layer.weight"]
    state = model.state_dict()
    assert list(state) == ["mean", "count", "layer.weight"]
    state["mean"] += 5
    model.load_state_dict(state)
    assert model.mean.tolist() == [5, 5]
    model.double()
    assert model.mean.dtype == model.layer.weight.dtype == T.float64
    assert model.count.dtype == T.int64


def test_a_shared_tensor_is_saved_under_each_of_its_names():
    assert {"body.0.bias", "again.bias"} <= Branch().state_dict().keys()


def test_load_state_dict_that_is_not_strict():
    model = nn.Linear(2, 3)
    result = model.load_state_dict({"bias": np.ones(3), "more": np.ones(3)}, strict=False)
    assert result == (["weight"], ["more"]) and model.bias.tolist() == [1, 1, 1]


def test_what_does_not_fit_changes_nothing():
    model = nn.Linear(2, 3)
    before = model.weight.tolist()
    with pytest.raises(ValueError, match="bias has shape"):
        model.load_state_dict({"weight": np.ones((3, 2)), "bias": np.ones(4)})
    assert model.weight.tolist() == before


def test_apply_and_freeze():
    model, order = Branch(), []
    model.apply(lambda module: order.append(type(module).__name__))
    assert order[-1] == "Branch" and order[:2] == ["Linear", "Tanh"]
    model.body.requires_grad_(False)
    model(T.ones(2, 3)).sum().backward()
    assert model.scale.grad is not None and model.body[0].weight.grad is None


def test_module_list():
    layers = nn.ModuleList([nn.Linear(2, 3), nn.ReLU()]).append(nn.Linear(3, 1))
    assert len(layers) == 3 and layers[-1].out_features == 1 and len(layers[:2]) == 2
    assert [name for name, _ in layers.named_parameters()][-1] == "2.bias"
    with pytest.raises(TypeError, match="ModuleList: argument 3 is"):
        layers.append("layer")


def test_a_hook_may_change_the_output():
    model = nn.Linear(2, 2)
    model.register_forward_hook(lambda module, inputs, output: output * 0)
    assert model(T.ones(1, 2)).tolist() == [[0, 0]]


def test_a_plain_tensor_does_not_take_a_parameters_place():
    model = nn.Linear(2, 3)
    with pytest.raises(TypeError, match="would not be trained"):
        model.weight = T.ones(3, 2)
    model.weight = nn.Parameter(T.zeros(3, 2))
    model.bias = None
    assert len(list(model.parameters())) == 1


def test_containers_may_be_changed():
    model = nn.Sequential({"first": nn.Linear(2, 3), "last": nn.Linear(3, 1)})
    model[1] = nn.Linear(3, 5)
    model.append(nn.ReLU())
    assert list(dict(model.named_children())) == ["first", "last", "2"]
    assert model(T.ones(4, 2)).shape == (4, 5)
    layers = nn.ModuleList([nn.ReLU()])
    layers[-1] = nn.Tanh()
    layers.add_module("more", nn.ReLU())
    assert [type(m).__name__ for m in layers] == ["Tanh", "ReLU"]


def test_a_copy_begins_without_gradients():
    model = nn.Linear(2, 1)
    model(T.ones(1, 2)).sum().backward()
    again = pickle.loads(pickle.dumps(copy.deepcopy(model)))
    assert again.weight.grad is None and model.weight.grad is not None
    again(T.ones(1, 2)).sum().backward()
    assert again.weight.grad.tolist() == [[1, 1]]


def test_evaluating_gives_each_module_its_own_mode_back():
    model = Branch()
    model.body.eval()
    modes = [module.training for module in model.modules()]
    with pytest.raises(ValueError, match="stop"), model.evaluating():
        assert not any(module.training for module in model.modules())
        raise ValueError("stop")
    assert [module.training for module in model.modules()] == modes
