"""Downloads against a server on this machine: files of the right format, a few rows each."""

import gzip
import hashlib
import http.server
import io
import json
import tarfile
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnlearn import data
from nnlearn.data import addresses, fetch, public_sets
from nnlearn.data.addresses import Remote


class Server(http.server.BaseHTTPRequestHandler):
    """Serves `files` by path; `cut` are those whose connection breaks half-way."""

    files: dict[str, bytes] = {}  # noqa: RUF012
    cut: set[str] = set()  # noqa: RUF012
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self):
        name = self.path.lstrip("/")
        self.asked.append(name)
        content = self.files.get(name)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if name in self.cut else content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLEARN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    Server.files, Server.cut, Server.asked = {}, set(), []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    Server.address = f"http://127.0.0.1:{running.server_port}/"
    yield Server
    running.shutdown()
    running.server_close()
    thread.join()


def serve(name, content, published=True):
    """Put a file on the server; return what `addresses` says of such a file."""
    Server.files[name] = content
    sha256 = hashlib.sha256(content).hexdigest() if published else None
    return Remote(Server.address + name, len(content), sha256)


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    return gzip.compress(head + array.astype(np.uint8).tobytes())


def mnist(monkeypatch, name="MNIST"):
    X, y = np.arange(5 * 28 * 28).reshape(5, 28, 28) % 256, np.arange(5)
    parts = [serve(f"{i}.gz", idx(a)) for i, a in enumerate((X, y, X[:2], y[:2]))]
    monkeypatch.setattr(public_sets, name, tuple(parts))
    return X, y


def archive(files):
    """Make a tar.gz; a file's content may also be a TarInfo, for whatever is no plain file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize("name, load", [("MNIST", "mnist"), ("FASHION_MNIST", "fashion_mnist")])
def test_mnist(server, monkeypatch, capsys, name, load):
    X, y = mnist(monkeypatch, name)
    load = getattr(data, f"download_{load}")
    (train, labels), (test, _) = load()
    assert train.shape == (5, 784) and train.dtype == np.float32 and labels.dtype == np.int64
    assert np.allclose(train * 255, X.reshape(5, -1)) and np.array_equal(labels, y)
    assert test.shape == (2, 784)
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1 and "MB into" in printed.out and printed.err == ""
    asked = len(server.asked)
    assert len(load(rows=3).train[0]) == 3
    assert (
        len(server.asked) == asked == 4 and capsys.readouterr().out == ""
    )  # kept: not asked again


def test_cifar(server, monkeypatch):
    pixels = np.arange(2 * 3072).reshape(2, 3072) % 256
    rows = np.concatenate([[[3], [9]], pixels], axis=1).astype(np.uint8).tobytes()
    names = [f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6)]
    files = {name: rows for name in [*names, "cifar-10-batches-bin/test_batch.bin"]}
    monkeypatch.setattr(public_sets, "CIFAR10", serve("cifar.tar.gz", archive(files)))
    (X, y), (X_test, _) = data.download_cifar10()
    assert X.shape == (10, 3, 32, 32) and X.dtype == np.float32 and X_test.shape == (2, 3, 32, 32)
    assert y.tolist() == [3, 9] * 5 and np.allclose(X[0].ravel() * 255, pixels[0])
    assert len(data.download_cifar10(rows=3).train[1]) == 3


def test_olivetti(server, monkeypatch):
    from scipy.io import savemat

    pictures = np.arange(20 * 64 * 64).reshape(20, 64, 64) % 251
    packed = io.BytesIO()
    savemat(packed, {"faces": pictures.swapaxes(1, 2).reshape(20, -1).T.astype(np.uint8)})
    monkeypatch.setattr(public_sets, "OLIVETTI", serve("faces.mat", packed.getvalue()))
    faces, person, background = data.download_olivetti()
    assert np.allclose(faces * 255, pictures) and faces.dtype == np.float32
    assert person.tolist() == [0] * 10 + [1] * 10 and background.shape == (0, 64, 64)


def test_imdb(server, monkeypatch):
    files = {
        "aclImdb/train/pos/0_9.txt": "Très good".encode(),
        "aclImdb/train/neg/0_2.txt": b"Bad",
        "aclImdb/train/unsup/0_0.txt": b"?",
        "aclImdb/test/neg/0_1.txt": b"Worse",
        "aclImdb/imdb.vocab.txt": b"the",
    }
    monkeypatch.setattr(public_sets, "IMDB", serve("imdb.tar.gz", archive(files)))
    train, test, classes = data.download_imdb()
    assert train[0] == ["Très good", "Bad"] and train[1].tolist() == [1, 0]
    assert test[0] == ["Worse"] and classes == ("bad", "good")


def spanish(lines):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("spa-eng/spa.txt", "\n".join(lines))
    return packed.getvalue()


def test_tatoeba_writes_the_hash_down_and_compares_it_afterwards(server, monkeypatch, capsys):
    lines = [f"Number {i}.\tNúmero {i}." for i in range(20)] + ["Number 9.\tEl nueve.\tCC-BY"]
    file = serve("spa-eng.zip", spanish(lines), published=False)
    monkeypatch.setattr(public_sets, "TATOEBA", file)
    pairs = data.download_tatoeba()
    assert len(pairs.train) == 18 and ("Number 9.", "El nueve.") in pairs.test
    assert not {e for e, _ in pairs.train} & {e for e, _ in pairs.test}
    assert "no published SHA-256" in capsys.readouterr().out
    assert data.download_tatoeba() == pairs and capsys.readouterr().out == ""
    path = fetch.data_home() / "tatoeba" / "spa-eng.zip"
    path.write_bytes(spanish(lines[:10]))
    Server.files["spa-eng.zip"] = spanish(lines[:12])  # neither is what came first
    assert data.download_tatoeba() == data.number_pairs()
    out = capsys.readouterr().out
    assert "is damaged" in out and "its SHA-256 differs" in out and not path.exists()


def test_a_first_download_that_is_no_archive_is_not_written_down(server, monkeypatch, capsys):
    file = serve("spa-eng.zip", b"<html>Please sign in to this network</html>", published=False)
    monkeypatch.setattr(public_sets, "TATOEBA", file)
    assert data.download_tatoeba() == data.number_pairs()
    assert "cannot be read" in capsys.readouterr().out
    Server.files["spa-eng.zip"] = spanish(["Hi.\tHola."])
    assert data.download_tatoeba().train == [("Hi.", "Hola.")]


def test_shakespeare(server, monkeypatch):
    monkeypatch.setattr(public_sets, "SHAKESPEARE", serve("input.txt", b"To be,\nor not\n"))
    assert data.download_shakespeare() == "To be,\nor not\n"


def test_nab(server, monkeypatch):
    name = "machine_temperature_system_failure"
    rows = [f"2013-12-02 21:{m:02}:00,{70 + m}" for m in range(15, 45, 5)]
    csv = serve(f"{name}.csv", ("timestamp,value\n" + "\n".join(rows)).encode())
    window = [["2013-12-02 21:20:00.000000", "2013-12-02 21:30:00.000000"]]
    known = {f"realKnownCause/{name}.csv": window}
    monkeypatch.setattr(public_sets, "NAB", {name: csv})
    labels = serve("combined_windows.json", json.dumps(known).encode())
    monkeypatch.setattr(public_sets, "NAB_WINDOWS", labels)
    time, value, fault = data.download_nab()
    assert value.dtype == np.float32 and value[0] == 85 and len(time) == 6
    assert fault.tolist() == [False, True, True, True, False, False]
    with pytest.raises(ValueError, match="the series are"):
        data.download_nab("nothing")


def same(a, b):
    """Do two results hold the same numbers and texts?"""
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return np.array_equal(a, b)


@pytest.mark.parametrize(
    "name, instead",
    [
        ("mnist", data.load_digits),
        ("fashion_mnist", data.load_digits),
        ("olivetti", data.load_faces),
        ("imdb", data.rated_sentences),
        ("tatoeba", data.number_pairs),
        ("shakespeare", data.load_python_docs),
        ("cifar10", public_sets._textures),
        ("nab", public_sets._weather_with_faults),
    ],
)
def test_offline_the_built_in_set_comes_with_one_line(monkeypatch, tmp_path, capsys, name, instead):
    import pooch
    import requests

    def offline(*args, **settings):
        raise requests.ConnectionError("no route")

    monkeypatch.setenv("NNLEARN_DATA", str(tmp_path))
    monkeypatch.setattr(pooch, "retrieve", offline)
    result = getattr(data, f"download_{name}")()
    assert type(result) is type(instead()) and same(result, instead())
    first, second, *rest = capsys.readouterr().out.splitlines()
    assert "fetching" in first and "network cannot be reached" in second and "Using" in second
    assert not rest


def test_wrong_file_broken_connection_and_missing_file(server, monkeypatch, capsys):
    mnist(monkeypatch)
    home = fetch.data_home() / "mnist"
    good = Server.files["2.gz"]
    for change, said in (
        (lambda: Server.files.update({"2.gz": good + b"!"}), "2.gz is another file"),
        (lambda: Server.files.update({"2.gz": good}) or Server.cut.add("2.gz"), "connection broke"),
        (lambda: Server.files.pop("2.gz"), "error 404"),
    ):
        change()
        assert data.download_mnist().train[0].shape == (1287, 64)
        assert said in capsys.readouterr().out
        assert sorted(p.name for p in home.iterdir()) == ["0.gz", "1.gz"]  # and no half of one
    Server.files["2.gz"] = good
    Server.cut.clear()
    assert data.download_mnist().train[0].shape == (5, 784)
    assert server.asked.count("0.gz") == 1  # what was whole was kept


def test_a_file_damaged_in_the_cache_is_fetched_again(server, monkeypatch, capsys):
    mnist(monkeypatch)
    data.download_mnist()
    kept = fetch.data_home() / "mnist" / "0.gz"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-9])
    capsys.readouterr()
    assert data.download_mnist().train[0].shape == (5, 784) and kept.read_bytes() == whole
    assert "0.gz is damaged" in capsys.readouterr().out


def test_full_disk_and_a_folder_that_cannot_be(server, monkeypatch, tmp_path, capsys):
    import errno
    import shutil

    import pooch

    mnist(monkeypatch)
    full = OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(pooch, "retrieve", lambda *a, **k: (_ for _ in ()).throw(full))
        data.download_mnist()
    assert "the disk is full" in capsys.readouterr().out
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    (tmp_path / "data").write_text("a file where the folder should be")
    data.download_mnist()
    assert "set NNLEARN_DATA to another folder" in capsys.readouterr().out


def evil(name, kind=tarfile.SYMTYPE, target="/etc"):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "name, content",
    [
        ("../../outside.txt", b"x"),
        ("/outside.txt", b"x"),
        ("aclImdb/train/pos/link.txt", evil("aclImdb/train/pos/link.txt")),
        ("aclImdb/pipe", evil("aclImdb/pipe", tarfile.FIFOTYPE)),
    ],
)
def test_an_archive_that_leads_out_of_its_folder_is_refused(
    server, monkeypatch, capsys, tmp_path, name, content
):
    files = {"aclImdb/train/pos/0_9.txt": b"Good", "aclImdb/test/neg/0_2.txt": b"B", name: content}
    monkeypatch.setattr(public_sets, "IMDB", serve("imdb.tar.gz", archive(files)))
    result = data.download_imdb()
    assert result.train[0] == data.rated_sentences().train[0]
    assert "leads out of its folder" in capsys.readouterr().out
    assert not list(tmp_path.rglob("*outside*"))


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"\x00\x00\x0d\x01"),  # floats, not bytes
        gzip.compress(b"\x00\x00\x08\x01\x00\x00\x00\x09abc"),  # fewer numbers than promised
        b"no gzip",
        idx(np.zeros((5, 28, 28)))[:-20],
    ],
)
def test_a_right_hash_on_a_wrong_format_still_ends_well(server, monkeypatch, capsys, content):
    mnist(monkeypatch)
    files = (serve("0.gz", content), *public_sets.MNIST[1:])
    monkeypatch.setattr(public_sets, "MNIST", files)
    assert data.download_mnist().train[0].shape == (1287, 64)
    assert "cannot be read" in capsys.readouterr().out


def test_nothing_in_a_numpy_file_is_run():
    """The sets are read without pickle: no such word in the code but to forbid it."""
    from pathlib import Path

    for path in Path(public_sets.__file__).parent.glob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert "import pickle" not in code and "allow_pickle=True" not in code
        for line in code.splitlines():
            assert "np.load(" not in line or "allow_pickle=False" in line


def test_the_table_of_addresses():
    remotes = [
        *addresses.MNIST,
        *addresses.FASHION_MNIST,
        *addresses.NAB.values(),
        addresses.NAB_WINDOWS,
        addresses.CIFAR10,
        addresses.OLIVETTI,
        addresses.IMDB,
        addresses.SHAKESPEARE,
        addresses.TATOEBA,
    ]
    hashes = [file.sha256 for file in remotes if file.sha256]
    assert len(hashes) == len(set(hashes)) == len(remotes) - 1
    assert all(len(h) == 64 and int(h, 16) for h in hashes)
    assert all(file.url.startswith("https://") for file in remotes if file.sha256)


def test_where_downloads_go(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLEARN_DATA", str(tmp_path))
    assert fetch.data_home() == tmp_path
    monkeypatch.delenv("NNLEARN_DATA")
    assert "nnlearn" in fetch.data_home().parts


def test_the_folder_may_be_named_from_home(monkeypatch):
    monkeypatch.setenv("NNLEARN_DATA", "~/numbers")
    assert fetch.data_home() == Path.home() / "numbers"
