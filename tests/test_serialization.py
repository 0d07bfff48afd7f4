"""Files of weights: what is written comes back, here and in PyTorch, and nothing is ever half."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import load_file, save_file

import nnlearn as T
from nnlearn import nn, optim
from nnlearn.serialization import DTYPES

TORCH = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")


def same(a, b):
    """Equal in kind, order, dtype, shape and every bit."""
    if isinstance(a, T.Tensor | np.ndarray):
        a, b = np.asarray(a), np.asarray(b)
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or a != a)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "model.safetensors"


def net(seed=0):
    T.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def test_a_state_dict_comes_back_in_its_order(file):
    state = net().state_dict()
    T.save(state, file)
    assert same(T.load(file), state) and list(load_file(file)) == sorted(state)
    other = net(1)
    other.load_state_dict(T.load(str(file)))
    assert same(other.state_dict(), state)


def test_a_checkpoint_goes_on_where_it_stopped(file):
    x, y = T.ones(5, 3), T.tensor([0, 1, 0, 1, 1])

    def steps(model, optimizer, count):
        for _ in range(count):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    model = net()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    steps(model, optimizer, 3)
    checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}
    T.save(checkpoint, file)
    steps(model, optimizer, 3)
    again = net(1)
    optimizer = optim.Adam(again.parameters())
    loaded = T.load(file)
    again.load_state_dict(loaded["model"])
    optimizer.load_state_dict(loaded["optimizer"])
    steps(again, optimizer, 3)
    assert loaded["epoch"] == 3 and same(again.state_dict(), model.state_dict())


TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(st.characters(codec="utf-8")) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(plain=TREE, data=st.data())
def test_everything_that_can_be_kept_comes_back(tmp_path_factory, plain, data):
    dtype = data.draw(st.sampled_from([name for name in DTYPES if name != "float16"]))
    shape = data.draw(arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    array = data.draw(arrays.arrays(dtype, shape))
    path = tmp_path_factory.getbasetemp() / "tree.safetensors"
    tree = {"plain": plain, "tensors": {0: T.Tensor(array), "last": T.Tensor(array.T)}}
    T.save(tree, path)
    assert same(T.load(path), tree)


@pytest.mark.parametrize("value", [7, "text", [], {}, (1.5, None), float("inf")])
def test_without_any_tensor(file, value):
    T.save(value, file)
    assert same(T.load(file), value)


def test_one_tensor_alone_and_odd_layouts(file):
    base = np.arange(24.0).reshape(2, 3, 4)
    for array in (base.T, base[:, ::2], np.array(0.5), base[:0], base.astype(">f8")):
        T.save(array, file)
        loaded = T.load(file)
        assert loaded.dtype == np.float64 and loaded.shape == array.shape
        np.testing.assert_array_equal(loaded.data, array)
        loaded.data[...] = 0  # its own memory, not the file's


def test_numbers_of_numpy_come_back_as_python_has_them(file):
    T.save({"lr": np.float32(0.5), "best": np.int64(3), "good": np.bool_(True)}, file)
    assert same(T.load(file), {"lr": 0.5, "best": 3, "good": True})


def test_shared_parameters_are_under_each_of_their_names(file):
    weight = nn.Parameter(np.ones((2, 2), np.float32))
    T.save({"embedding.weight": weight, "head.weight": weight}, file)
    loaded = T.load(file)
    assert list(loaded) == ["embedding.weight", "head.weight"] and same(*loaded.values())
    assert not loaded["head.weight"].requires_grad


def test_half_floats_come_as_float32(file):
    values = np.array([1.5, -0.1, 65504, np.inf, 6e-8], np.float16)
    T.save({"half": values}, file)
    assert same(T.load(file)["half"], values.astype(np.float32))


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        (lambda: {"net": net()}, TypeError, "save: net is a Sequential.*\n.*\n.*state_dict"),
        (lambda: {"a": {"b": object()}}, TypeError, "a.b is a object"),
        (lambda: {("a",): 1}, TypeError, "keys of a dict must be text or whole numbers"),
        (lambda: {"a": np.array(["x"])}, TypeError, "a has dtype <U1"),
        (lambda: {"a": np.ones(2, complex)}, TypeError, "a has dtype complex128"),
        (lambda: {"a": {"b": T.ones(1)}, "a.b": T.ones(1)}, ValueError, "'a.b' is taken"),
        (lambda: {"__metadata__": T.ones(1)}, ValueError, "'__metadata__' is reserved"),
    ],
)
def test_what_cannot_be_kept_leaves_the_old_file(file, bad, error, says):
    T.save(3, file)
    with pytest.raises(error, match=says) as caught:
        T.save(bad(), file)
    assert str(caught.value).count("\n") < 4
    assert T.load(file) == 3 and os.listdir(file.parent) == [file.name]


def test_files_that_are_no_files(tmp_path):
    with pytest.raises(FileNotFoundError):
        T.load(tmp_path / "none.safetensors")
    with pytest.raises(OSError):
        T.load(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"could not be written.*\nNo file was made"):
        T.save(1, tmp_path / "folder" / "a.safetensors")


def test_pickles_are_refused(tmp_path):
    import pickle
    import zipfile

    old, new = tmp_path / "old.pt", tmp_path / "new.pt"
    old.write_bytes(pickle.dumps({"a": 1}, protocol=2))
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"a": 1}))
    for path in (old, new):
        with pytest.raises(ValueError, match="pickle") as caught:
            T.load(path)
        lines = str(caught.value).splitlines()
        assert len(lines) == 4 and f"torch.load('{path.name}', weights_only=True)" in lines[2]


@pytest.mark.parametrize("length", [0x0280, 0x4B50])
def test_a_length_that_looks_like_a_pickle_is_none(file, length):
    """The file begins with the length of its JSON: 640 and 19,280 begin as pickle and zip do."""
    state = {"a": np.ones(2, np.float32)}
    save_file(state, file, metadata={"note": ""})
    header = int.from_bytes(file.read_bytes()[:8], "little")
    save_file(state, file, metadata={"note": "x" * (length - header)})
    assert int.from_bytes(file.read_bytes()[:8], "little") == length
    assert same(T.load(file), {"a": T.Tensor(state["a"])})


def test_damaged_files(file):
    T.save({"weight": T.ones(20, 20)}, file)
    whole = file.read_bytes()
    for damaged in (b"", b"{}", whole[:50], whole[:-1], whole + b"x", b"\0" * 100, b"GIF89a" * 9):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"model.safetensors is damaged") as caught:
            T.load(file)
        assert str(caught.value).count("\n") < 4


@pytest.mark.parametrize(
    "rest",
    [
        "{",
        '{"tensor": "gone"}',
        '{"dict": [[1, 2, 3]]}',
        '{"strange": 1}',
        '{"dict": 3}',
        '{"a": 1, "b": 2}',
        "[" * 10**5,
    ],
)
def test_damaged_notes(file, rest):
    save_file({"weight": np.ones(2)}, file, metadata={"nnlearn": rest})
    with pytest.raises(ValueError, match="damaged"):
        T.load(file)


def test_dtypes_that_we_do_not_have(file):
    header = json.dumps({"w": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}})
    file.write_bytes(len(header).to_bytes(8, "little") + header.encode() + b"1234")
    with pytest.raises(TypeError, match=r"w in model.safetensors has dtype F8_E4M3, which is not"):
        T.load(file)


def test_devices_and_pickles_cannot_be_asked_for(file):
    T.save(1, file)
    assert T.load(file, map_location="cpu", weights_only=True) == 1
    for settings_ in ({"map_location": "cuda"}, {"weights_only": False}):
        with pytest.raises(ValueError, match="are part of nnlearn"):
            T.load(file, **settings_)


def test_a_full_disk_leaves_the_old_file(file):
    resource = pytest.importorskip("resource")
    T.save({"old": T.ones(2)}, file)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # the system stops the write
    try:
        with pytest.raises(OSError, match=r"could not be written.*\n.*unchanged"):
            T.save({"new": T.ones(100, 100)}, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(T.load(file)) == ["old"] and os.listdir(file.parent) == [file.name]


def test_a_stopped_write_leaves_the_old_file(file, monkeypatch):
    T.save({"old": T.ones(2)}, file)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        T.save({"new": T.ones(2)}, file)
    assert list(T.load(file)) == ["old"] and os.listdir(file.parent) == [file.name]


def test_a_process_killed_while_it_writes_leaves_the_old_file(file):
    T.save({"old": T.ones(2)}, file)
    code = (
        "import os, signal, sys, nnlearn as T\n"
        "os.fsync = lambda _: os._exit(9)\n"
        "T.save({'new': T.ones(1000)}, sys.argv[1])"
    )
    assert subprocess.run([sys.executable, "-c", code, file]).returncode == 9
    assert list(T.load(file)) == ["old"]


def test_a_link_stays_a_link_and_the_rights_are_the_usual_ones(file):
    if sys.platform == "win32":
        pytest.skip("links and rights of Unix")
    T.save(1, file)
    plain = file.with_name("plain")
    plain.write_text("x")
    assert file.stat().st_mode == plain.stat().st_mode
    link = file.with_name("link.safetensors")
    link.symlink_to(file)
    T.save(2, link)
    assert link.is_symlink() and T.load(file) == 2


@TORCH
def test_pytorch_reads_what_we_write(file):
    import torch
    from safetensors.torch import load_file as torch_load

    ours = net()
    T.save({**ours.state_dict(), "count": T.tensor(3), "none": T.zeros(0, 4)}, file)
    loaded = torch_load(file)
    assert loaded.pop("count").shape == () and loaded.pop("none").shape == (0, 4)
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    theirs.load_state_dict(loaded)
    x = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    np.testing.assert_allclose(
        ours(T.Tensor(x)).data, theirs(torch.from_numpy(x)).detach().numpy(), atol=1e-6
    )


@TORCH
def test_we_read_what_pytorch_writes(file):
    import torch
    from safetensors.torch import save_file as torch_save

    state = {
        "half": torch.randn(3, 2).half(),
        "brain": torch.randn(7, dtype=torch.float32).bfloat16(),
        "single": torch.randn(2, 3),
        "double": torch.randn(2, dtype=torch.float64),
        "integer": torch.arange(5),
        "flag": torch.tensor([True, False]),
        "one": torch.tensor(2.5),
        "none": torch.zeros(0, 3),
    }
    torch_save(state, file)
    loaded = T.load(file)
    assert loaded.keys() == state.keys()
    for name, tensor in state.items():
        half = tensor.dtype in (torch.float16, torch.bfloat16)
        assert same(loaded[name], (tensor.float() if half else tensor).numpy()), name


@TORCH
@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_of_torch_save_is_refused(tmp_path, zipped):
    import torch

    path = tmp_path / "model.pt"
    torch.save({"a": torch.ones(2)}, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ValueError, match="pickle"):
        T.load(path)


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="could not be written"):
        T.save({"a": T.ones(1)}, tmp_path / "file" / "x.safetensors")
