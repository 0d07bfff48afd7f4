"""start.py: what it decides, what it says when something is wrong, and that it starts."""

import ast
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import start

ROOT = Path(start.__file__).resolve().parent
BASE = getattr(sys, "_base_executable", None) or sys.executable
NO_BROWSER = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "SSH_CONNECTION": ""}


@pytest.fixture
def checkout(tmp_path):
    """A folder with just enough of the project for start.py to work on."""
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def environment(checkout):
    return start.Environment(checkout)


def run_start(script, *words, cwd=None, **variables):
    return subprocess.run(
        [BASE, str(script), *words],
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


# --- Python's version ---


def test_an_old_python_can_read_the_file():
    source = Path(start.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.parametrize(
    ("system", "how"),
    [
        ("win32", "winget install Python"),
        ("darwin", "brew install python"),
        ("linux", "sudo apt install python3"),
        ("freebsd14", "python.org"),
    ],
)
def test_an_old_python_is_named_and_how_to_get_a_newer_one(system, how):
    text = start.too_old((3, 8, 18, "final", 0), "/usr/bin/python3", system=system)
    assert "needs Python 3.11 or newer, and this is Python 3.8.18" in text
    assert "/usr/bin/python3" in text and how in text


def test_a_newer_python_on_the_machine_is_pointed_out():
    text = start.too_old((3, 10, 1), "python3", newer=["python3.13", "python3.11"])
    assert text.endswith("Run:  python3.13 start.py")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_new_python_is_not_complained_of(version):
    assert start.too_old(version, "python3") == ""


def test_an_old_python_ends_in_the_sentence_alone(tmp_path):
    pretend = (
        "import runpy, sys; sys.version_info = (3, 8, 18, 'final', 0);"
        f"runpy.run_path({str(start.__file__)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("nnlearn needs Python 3.11 or newer, and this is Python 3.8.18")
    assert "Traceback" not in done.stderr


# --- What is to be done ---

WANTED = {"python": "3.12", "root": "/here", "inputs": "abc", "extras": []}
READY = {**WANTED, "ours": True, "state": "ready"}


@pytest.mark.parametrize(
    ("change", "action", "why"),
    [
        ({}, "", ""),
        ({"extras": ["test"]}, "", ""),
        ({"inputs": "old"}, "install", "up to date"),
        ({"state": "installing"}, "make", "cut off"),
        ({"state": ""}, "make", "cut off"),
        ({"python": "3.11"}, "make", "Another Python made .venv (3.11)"),
        ({"root": "/elsewhere"}, "make", "moved or copied"),
        ({"ours": False, "python": "3.11"}, "", ""),
        ({"ours": False, "root": "/elsewhere"}, "install", "up to date"),
        ({"ours": False, "state": "installing"}, "install", "up to date"),
    ],
)
def test_plan(change, action, why):
    chosen, reason = start.plan({**READY, **change}, WANTED, exists=True, alive=True)
    assert chosen == action and why in reason


def test_plan_for_missing_extras():
    wanted = {**WANTED, "extras": ["test"]}
    assert start.plan(READY, wanted, exists=True, alive=True)[0] == "install"


def test_plan_without_a_note():
    assert start.plan(None, WANTED, exists=False, alive=False)[0] == "make"
    assert start.plan(None, WANTED, exists=True, alive=True)[0] == "install"
    assert start.plan(READY, WANTED, exists=True, alive=False)[0] == "make"


@pytest.mark.parametrize("note", [None, {**READY, "ours": False}])
def test_somebody_elses_dead_venv_is_not_deleted(note):
    with pytest.raises(start.Stop, match=r"not made by start\.py.*\n.*Delete it"):
        start.plan(note, WANTED, exists=True, alive=False)


def test_what_is_wanted_follows_pins_and_project(environment):
    before = environment.wanted([])
    for name in ("constraints.txt", "pyproject.toml"):
        with open(environment.root / name, "a", encoding="utf-8") as file:
            file.write("# changed\n")
        after = environment.wanted([])
        assert after["inputs"] != before["inputs"]
        before = after
    assert before["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_a_damaged_note_is_not_trusted(environment):
    for text in ("{", "[1]", "null"):
        environment.folder.mkdir(exist_ok=True)
        environment.note.write_text(text)
        note = environment.read_note()
        assert start.plan(note, WANTED, exists=True, alive=True)[0] == "make"


# --- Installing ---


def scripted(environment, monkeypatch, answers):
    """Replace the running of programs: the first pattern found in a command gives the answer."""
    ran = []

    def run(*command, show=None):
        words = " ".join(map(str, command))
        ran.append(words)
        return next((answer for pattern, answer in answers if pattern in words), (0, ""))

    monkeypatch.setattr(environment, "run", run)
    return ran


NOTHING_THERE = "ERROR: No matching distribution (from versions: none)"
REFUSED = "NewConnectionError: [Errno 111] Connection refused"


def test_uv_installs_with_the_pins(environment, monkeypatch):
    ran = scripted(environment, monkeypatch, [])
    environment.install(["test"])
    assert "pip install --python" in ran[-1] and "--editable .[test]" in ran[-1]
    assert "--constraint constraints.txt" in ran[-1]


@pytest.mark.parametrize(
    "answers",
    [
        [("uv --version", (1, "")), ("--only-binary uv uv", (1, NOTHING_THERE))],
        [("uv pip install", (2, "error sending request"))],
        [("uv pip install", (2, "invalid peer certificate"))],
    ],
    ids=["no uv to be had", "uv cannot reach the registry", "uv does not know the certificate"],
)
def test_where_uv_cannot_pip_does(environment, monkeypatch, capsys, answers):
    ran = scripted(environment, monkeypatch, answers)
    environment.install([])
    assert "-m pip install" in ran[-1] and ran[-1].endswith("--editable .")
    assert re.search("pip does the work|trying pip", capsys.readouterr().out)


def test_no_network_is_said_at_once(environment, monkeypatch):
    ran = scripted(
        environment, monkeypatch, [("uv --version", (1, "")), ("--only-binary", (1, REFUSED))]
    )
    with pytest.raises(start.Stop, match="network is down") as stopped:
        environment.install([])
    assert stopped.value.kind == "network" and "--only-binary" in ran[-1]


def test_a_full_disk_is_not_tried_twice(environment, monkeypatch):
    ran = scripted(environment, monkeypatch, [("uv pip install", (2, "(os error 28)"))])
    with pytest.raises(start.Stop, match="disk is full"):
        environment.install([])
    assert "uv pip install" in ran[-1]


@pytest.mark.parametrize("settings", ["global.index-url='http://mirror/simple'\n", ""])
def test_uv_follows_the_index_that_pip_is_set_to(environment, monkeypatch, settings):
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
        environment.variables.pop(name, None)
    scripted(environment, monkeypatch, [("pip config list", (0, settings))])
    environment.follow_pip_index()
    expected = "http://mirror/simple" if settings else None
    assert environment.variables.get("UV_DEFAULT_INDEX") == expected
    if settings:
        monkeypatch.setenv("PIP_INDEX_URL", "http://other/simple")
        del environment.variables["UV_DEFAULT_INDEX"]
        environment.follow_pip_index()
        assert environment.variables["UV_DEFAULT_INDEX"] == "http://other/simple"


def test_nothing_leads_outside_the_venv(checkout, monkeypatch):
    for name in start.LEAD_ASTRAY:
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("PIP_USER", "1")
    variables = start.Environment(checkout).variables
    assert not start.LEAD_ASTRAY & set(variables)
    assert variables["PIP_USER"] == "0"
    assert variables["PATH"].startswith(str(checkout / ".venv"))


@pytest.mark.parametrize(("set_to", "expected"), [(None, "1"), ("3", "3")])
def test_matrix_products_use_one_thread_unless_the_learner_says_otherwise(
    checkout, monkeypatch, set_to, expected
):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if set_to:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", set_to)
    assert start.Environment(checkout).variables["OPENBLAS_NUM_THREADS"] == expected


def test_packages_are_compiled_once_and_not_at_each_start(checkout, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in start.Environment(checkout).variables


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_the_package(environment, monkeypatch, module):
    monkeypatch.setattr(start, "find_spec", lambda name: None if name == module else True)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    with pytest.raises(start.Stop, match=f"sudo apt install {package}"):
        environment.make()
    assert not environment.folder.exists()


def test_a_path_outside_ascii_is_kept_out_of_the_pth_file(tmp_path):
    environment = start.Environment(tmp_path / "Zoë lernt")
    site = environment.folder / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    file = site / "_editable_impl_nnlearn.pth"
    file.write_text(str(environment.root), encoding="utf-8")
    environment.spell_path_in_ascii()
    text = file.read_text(encoding="ascii")
    assert (site / text).resolve() == environment.root.resolve()


# --- Failing, stopping, going on ---


@pytest.fixture
def prepared(environment, monkeypatch):
    """An environment whose making and installing do nothing but succeed."""
    monkeypatch.setattr(environment, "make", lambda: environment.write_note(state="installing"))
    monkeypatch.setattr(environment, "install", lambda extras: None)
    environment.prepare(["test"])
    environment.python.parent.mkdir()
    environment.python.touch()
    return environment


def fail(error):
    def install(extras):
        raise error

    return install


def test_a_second_start_installs_nothing(prepared, monkeypatch, capsys):
    monkeypatch.setattr(prepared, "install", fail(AssertionError("installs again")))
    capsys.readouterr()
    prepared.prepare([])
    prepared.prepare(["test"])
    assert capsys.readouterr().out == ""


def test_extras_add_up(prepared):
    prepared.prepare(["dev"])
    assert prepared.read_note()["extras"] == ["dev", "test"]


def test_an_interrupted_installation_is_made_again(prepared, monkeypatch, capsys):
    monkeypatch.setattr(prepared, "install", fail(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        prepared.prepare(["dev"])
    assert prepared.read_note()["state"] == "installing"
    monkeypatch.setattr(prepared, "install", lambda extras: None)
    prepared.prepare(["test"])
    assert "An installation was cut off" in capsys.readouterr().out


def test_new_pins_without_a_network_keep_what_is_there(prepared, monkeypatch, capsys):
    (prepared.root / "constraints.txt").write_text("")
    before = prepared.read_note()
    monkeypatch.setattr(prepared, "install", fail(start.Stop("No network.", "network")))
    prepared.prepare([], offline_ok=True)
    assert "Starting with what is installed already." in capsys.readouterr().out
    assert prepared.read_note() == before
    with pytest.raises(start.Stop, match="No network"):
        prepared.prepare(["test"])


def test_two_at_once(prepared):
    with start.alone(prepared.root), pytest.raises(start.Stop, match="Another start"):
        prepared.prepare(["dev"])


def test_missing_packages_are_put_back_once(prepared, monkeypatch, capsys):
    tries = []
    monkeypatch.setattr(start, "Environment", lambda root: prepared)
    monkeypatch.setattr(start, "open_lab", lambda *_: len(tries.append(1) or tries) < 2)
    monkeypatch.setattr(prepared, "damaged", lambda: True)
    assert start.main([], prepared.root) == 0
    out = capsys.readouterr().out
    assert "A package is missing from .venv" in out and ".venv is made again" in out


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (start.Stop("Do this."), 1, "Do this."),
        (PermissionError(13, "Permission denied", ".venv"), 1, "not yours to write"),
        (OSError(30, "Read-only file system", ".venv"), 1, "not yours to write"),
        (OSError(28, "No space left on device"), 1, "The disk is full"),
        (OSError(5, "Input/output error"), 1, "Input/output error"),
        (KeyboardInterrupt(), 130, "run it again and it goes on"),
    ],
)
def test_every_foreseen_failure_is_a_sentence(checkout, monkeypatch, capsys, error, code, text):
    def perform(environment, options):
        raise error

    monkeypatch.setattr(start, "perform", perform)
    assert start.main([], checkout) == code
    said = capsys.readouterr()
    assert text in said.out and said.err == ""


def test_start_py_alone_says_where_it_belongs(tmp_path):
    shutil.copy(ROOT / "start.py", tmp_path)
    done = run_start(tmp_path / "start.py")
    assert done.returncode == 1
    assert "belongs in the nnlearn folder" in done.stdout and done.stderr == ""


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Temporary failure in name resolution", "network"),
        ("ProxyError('Cannot connect to proxy.')", "network"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED; Max retries exceeded", "certificate"),
        ("[WinError 5] Access is denied: .venv", "writing"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("something else entirely", ""),
    ],
)
def test_diagnose(tmp_path, said, kind):
    stop = start.diagnose(said, "pip", tmp_path)
    assert stop.kind == kind
    assert kind or ("pip failed" in str(stop) and said in str(stop))


def test_no_network_for_real(checkout):
    """A real environment is made; its pip finds no registry; a sentence says so."""
    done = run_start(
        *(checkout / "start.py", "test"),
        cwd=checkout.parent,
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_RETRIES="1",
        NO_PROXY="127.0.0.1",
    )
    assert done.returncode == 1
    assert "No package could be fetched" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert json.loads((checkout / ".venv" / "nnlearn-start.json").read_text())["state"] != "ready"


# --- JupyterLab ---


def test_ports():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(start.Stop, match=f"Port {port} cannot be had"):
            start.pick_port(port)
    assert 8888 <= start.pick_port(None) < 8988


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--port", "x"], ["tset"]])
def test_a_wrong_word_is_explained(capsys, words):
    with pytest.raises(SystemExit) as stopped:
        start.read_command(words)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert "1 to 65535" in error or words[-1] in error


def test_command_line():
    options = start.read_command(["--no-browser", "--port", "8899"])
    assert (options.command, options.no_browser, options.port) == ("lab", True, 8899)
    options = start.read_command(["test", "-k", "nodes", "--no-header"])
    assert (options.command, options.rest) == ("test", ["-k", "nodes", "--no-header"])
    options = start.read_command(["install", "dev", "teacher"])
    assert (options.command, options.extras) == ("install", ["dev", "teacher"])


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "10.0.0.1 22"}, False),
        ({"BROWSER": "firefox", "SSH_CONNECTION": "10.0.0.1 22"}, True),
    ],
)
def test_a_browser_only_where_there_is_a_screen(monkeypatch, variables, expected):
    monkeypatch.setattr(start, "WINDOWS", False)
    monkeypatch.setattr(start, "MAC", False)
    monkeypatch.setattr(start.webbrowser, "get", lambda: object())
    for name, value in {**NO_BROWSER, **variables}.items():
        monkeypatch.setenv(name, value)
    assert start.has_browser() is expected


def test_what_starts_jupyterlab():
    words = list(start.lab_command("python", "/the course", 8899, browser=False))
    assert "--no-browser" in words and "--port=8899" in words
    assert "--ServerApp.root_dir=/the course" in words
    assert "--no-browser" not in list(start.lab_command("python", "/", 8899, browser=True))


def ready():
    """Whether this checkout's own .venv was made by start.py and is up to date."""
    own = start.Environment(ROOT)
    with contextlib.suppress(start.Stop):
        note = own.read_note()
        return start.plan(note, own.wanted(["test"]), True, own.python.exists())[0] == ""
    return False


needs_own_venv = pytest.mark.skipif(
    not ready(), reason="the .venv here is not one that start.py made and that is up to date"
)


@needs_own_venv
def test_from_another_folder(tmp_path):
    done = run_start(ROOT / "start.py", "test", "--version", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).startswith("pytest ")


@needs_own_venv
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_the_first_lesson_is_served_and_stops(tmp_path):
    jupyter = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME")}
    process = subprocess.Popen(
        [BASE, str(ROOT / "start.py"), "--no-browser"],
        cwd=tmp_path,
        env={**os.environ, **jupyter},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        said = ""
        for line in process.stdout:
            said += line
            if "To stop" in line:
                break
        address = re.search(
            r"http://localhost:\d+/lab/tree/lessons/00_start_here\S+token=\w+", said
        )
        try:
            assert address, said
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address[0], timeout=20) as page:
                assert page.status == 200 and b"JupyterLab" in page.read()
        finally:
            process.terminate()
        assert "JupyterLab has stopped." in process.stdout.read()
    assert process.returncode == 0
