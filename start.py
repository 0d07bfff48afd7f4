"""Set nnlearn up and start it, on Windows, macOS and Linux, with nothing but Python.

    python3 start.py                 open the first lesson in JupyterLab
    python3 start.py --no-browser    print its address instead of opening a browser
    python3 start.py --port 8899     use this port
    python3 start.py test [...]      run the tests; whatever follows goes to pytest
    python3 start.py install [...]   install only, with these extras (teacher, test, dev)

On Windows the word is `py` in place of `python3`. Everything goes into the folder .venv beside
this file and nothing outside it: to start afresh, or to be rid of it, delete that folder.
"""

# An old Python must still be able to read this file to be told that it is too old. So the syntax
# stays that of Python 3.6, and the check comes before anything that a newer library is needed for.
import argparse
import contextlib
import hashlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from importlib.util import find_spec
from pathlib import Path

OLDEST, NEWEST_TRIED = (3, 11), (3, 14)
WINDOWS, MAC = os.name == "nt", sys.platform == "darwin"
COMMAND = "py start.py" if WINDOWS else "python3 start.py"
FIRST_LESSON = "lessons/00_start_here.ipynb"


class Stop(Exception):
    """Something the person at the keyboard can put right; the text says how."""

    def __init__(self, text, kind=""):
        super().__init__(text)
        self.kind = kind


def say(text=""):
    print(text, flush=True)


# --- Is this Python new enough? ---------------------------------------------------------------

GET_PYTHON = {
    "win32": "from python.org, or with `winget install Python.Python.3.13`.\n"
    "Then run:  py -3.13 start.py   (`py --list` shows those you have)",
    "darwin": "from python.org, or with `brew install python@3.13`.\n"
    "Then run:  python3.13 start.py",
    "linux": "with `sudo apt install python3.13 python3.13-venv` (Debian, Ubuntu),\n"
    "`sudo dnf install python3.13` (Fedora), or from python.org; 3.11 and 3.12 will do.\n"
    "Then run:  python3.13 start.py",
}


def newer_pythons():
    """The commands on this machine that start a Python we can use."""
    for minor in range(NEWEST_TRIED[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        # A name on the path proves little: pyenv leaves one there for every version it has.
        check = [shutil.which(name) or name, "-c", "import venv, ensurepip"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if subprocess.call(check, timeout=10, **quiet) == 0:
                yield name


def too_old(version, executable, newer=(), system=sys.platform):
    """What to tell somebody whose Python is too old; nothing if it is new enough."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    oldest, found = (".".join(str(part) for part in v[:3]) for v in (OLDEST, version))
    text = f"nnlearn needs Python {oldest} or newer, and this is Python {found}\n({executable}).\n"
    if newer:
        return text + f"A newer one is here already. Run:  {newer[0]} start.py"
    return text + "Get one " + GET_PYTHON.get(system, GET_PYTHON["linux"])


if sys.version_info < OLDEST:
    sys.exit(too_old(sys.version_info, sys.executable, list(newer_pythons())))


# --- Running other programs -------------------------------------------------------------------

# Settings that would send the packages, or Python's imports, to some place outside .venv.
LEAD_ASTRAY = {
    *("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"),
    *("UV_TARGET", "UV_PREFIX", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT"),
}


def run(command, cwd, env, show=None):
    """Run to the end, printing the lines that `show` picks; return the exit code and all lines."""
    said = []
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=str(cwd),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return 1, str(error)
    with process:
        for line in process.stdout:
            said.append(line)
            if show and show(line):
                say("    " + line.strip()[:90])
    return process.returncode, "".join(said)


@contextlib.contextmanager
def stage(text):
    """One line per stage, with its seconds."""
    print(f"  {text} ... ", end="", flush=True)
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"{time.perf_counter() - began:.1f} s")


CAUSES = {
    "disk": (
        r"No space left|os error 28|not enough space|Disk quota",
        "The disk is full (this one, or that of the temporary folder). nnlearn takes about\n"
        "600 MB: make room, then run it again.",
    ),
    "certificate": (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|invalid peer certificate",
        "The package registry's certificate was not accepted. Usual causes: a wrong clock, or a\n"
        "network that inspects traffic (then set PIP_CERT to that network's certificate file).",
    ),
    "network": (
        r"ConnectionError|NewConnection|Max retries|[Nn]ame resolution|getaddrinfo|timed out"
        r"|Connection refused|ProxyError|unreachable|from versions: none",
        "No package could be fetched: the network is down, or something stands between this\n"
        "machine and the package registry. Check the connection (behind a proxy, set HTTPS_PROXY,\n"
        "or index-url in pip's settings), then run it again. Only installing needs the network.",
    ),
    "writing": (
        r"Read-only file system|Permission denied|Access is denied|WinError (5|32)\b",
        "A file could not be written. Does JupyterLab still run from this folder? Stop it first.\n"
        "Otherwise the folder is not yours to write: copy nnlearn to one that is.",
    ),
}


# What of uv's words is progress, or the reason why not; it also lists all hundred packages.
UV_SAYS = ("Resolved", "Downloading", "Prepared", "Installed", "error", "cause", "hint", "×", "╰")


def diagnose(said, what, root):
    """The error whose sentence fits what pip, uv or the system said."""
    if shutil.disk_usage(str(root)).free < 30e6:
        said += "No space left"  # nobody says so when ensurepip runs out of it
    for kind, (pattern, sentence) in CAUSES.items():
        if re.search(pattern, said):
            return Stop(sentence, kind)
    last = "\n".join(f"    {line}" for line in said.strip().splitlines()[-6:])
    if sys.version_info[:2] > NEWEST_TRIED:
        last += "\nThis Python may be too new for one of the packages: try Python 3.13."
    return Stop(f"{what} failed, and its last words were:\n{last}")


# --- The environment --------------------------------------------------------------------------


def plan(note, wanted, exists, alive):
    """Decide what has to be done to .venv: the action ("make", "install" or ""), and why.

    `note` is what an earlier start left in .venv: None if something else made that folder.
    """
    if not exists:
        return "make", "First start: everything goes into the folder .venv (about a minute)."
    ours = note is not None and note["ours"]
    if not ours and not alive:
        raise Stop(
            "The folder .venv here was not made by start.py, and its Python does not work.\n"
            "Delete it (or give it another name), then run this again."
        )
    if note is None:
        return "install", "Using the .venv that is here already."
    if ours:
        reasons = (
            (note["state"] != "ready", "An installation was cut off, or damaged"),
            (not alive, "The Python of .venv is gone"),
            (note["python"] != wanted["python"], f"Another Python made .venv ({note['python']})"),
            (note["root"] != wanted["root"], "This folder was moved or copied"),
        )
        for remake, reason in reasons:
            if remake:
                return "make", f"{reason}: .venv is made again."
    if note["state"] == "ready" and set(wanted["extras"]) <= set(note["extras"]):
        if all(note[key] == wanted[key] for key in ("root", "inputs")):
            return "", ""
    return "install", "Bringing .venv up to date."


class Environment:
    """The folder .venv of one checkout."""

    def __init__(self, root):
        self.root = root
        self.folder = root / ".venv"
        self.scripts = self.folder / ("Scripts" if WINDOWS else "bin")
        self.python = self.scripts / ("python.exe" if WINDOWS else "python")
        self.note = self.folder / "nnlearn-start.json"
        self.variables = {k: v for k, v in os.environ.items() if k not in LEAD_ASTRAY}
        self.variables["PATH"] = str(self.scripts) + os.pathsep + os.environ.get("PATH", "")
        self.variables.update(VIRTUAL_ENV=str(self.folder), PIP_USER="0", PIP_NO_INPUT="1")
        # NumPy's matrix products wait for each other's threads. Where another program is busy, that
        # makes them many times slower; on what the lessons compute, one thread is about as fast.
        self.variables.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Images of containers often set this. Then every kernel would compile all its packages anew
        # (uv leaves that to the first start), and take twice as long to be ready.
        self.variables.pop("PYTHONDONTWRITEBYTECODE", None)
        self.pip_install = [self.python, "-m", "pip", "install", "--constraint", "constraints.txt"]

    def run(self, *command, show=None):
        return run(command, self.root, self.variables, show)

    def wanted(self, extras):
        """What the note must say for nothing to be left to do."""
        inputs = hashlib.sha256()
        for name in ("pyproject.toml", "constraints.txt"):
            inputs.update((self.root / name).read_bytes())
        return {
            "python": "{}.{}".format(*sys.version_info),
            "root": str(self.root),
            "inputs": inputs.hexdigest(),
            "extras": sorted(extras),
        }

    def read_note(self):
        """What the last start left: None if .venv is not there or is somebody else's."""
        blank = {"ours": True, "state": "", "python": "", "root": "", "inputs": "", "extras": []}
        try:
            return {**blank, **json.loads(self.note.read_text(encoding="utf-8"))}
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError):
            return blank  # ours, and not to be trusted

    def write_note(self, **content):
        self.folder.mkdir(exist_ok=True)
        self.note.write_text(json.dumps(content, indent=1), encoding="utf-8")

    def prepare(self, extras, offline_ok=False):
        """Make .venv, or bring it up to date, or find that nothing is to be done."""
        note, wanted = self.read_note(), self.wanted(extras)
        exists = os.path.lexists(str(self.folder))
        action, why = plan(note, wanted, exists, self.python.exists())
        if not action:
            return
        say(why)
        with alone(self.root):
            if action == "make":
                note = {"ours": True, "state": "", "extras": []}
                self.make()
            elif note is None:
                note = {"ours": False, "state": "", "extras": []}
            wanted.update(ours=note["ours"], extras=sorted({*extras, *note["extras"]}))
            self.write_note(**{**wanted, "state": "installing"})
            try:
                self.install(wanted["extras"])
            except Stop as stop:
                if stop.kind != "network" or note["state"] != "ready":
                    raise
                self.write_note(**note)  # all is fetched before anything is changed
                if not offline_ok:
                    raise
                say(f"{stop}\nStarting with what is installed already.")
            else:
                self.spell_path_in_ascii()
                self.write_note(**{**wanted, "state": "ready"})

    def make(self):
        """A fresh .venv with nothing but pip in it."""
        for module in ("venv", "ensurepip"):
            if find_spec(module) is None:
                package = "python{}.{}-venv".format(*sys.version_info)
                raise Stop(
                    f"This Python lacks its module {module}, which makes the folder .venv.\n"
                    f"On Debian and Ubuntu:  sudo apt install {package}\n"
                    "Elsewhere, install Python from python.org. Then run this again."
                )
        with stage("Python environment (Python {}.{}.{})".format(*sys.version_info)):
            if self.folder.exists():
                shutil.rmtree(str(self.folder))
            self.write_note(state="installing")  # from here on, a start cut off can be seen
            # The base interpreter: start.py may itself be running on the .venv just deleted.
            base = getattr(sys, "_base_executable", None) or sys.executable
            code, said = self.run(base, "-m", "venv", self.folder)
        if code:
            raise diagnose(said, "Making the folder .venv", self.root)

    def install(self, extras):
        """Install with uv, which takes seconds; where uv cannot, with pip, which takes minutes."""
        project = ["--editable", ".[{}]".format(",".join(extras)) if extras else "."]
        if self.add_uv() and self.install_with_uv(project):
            return
        picked = ("Collecting", "Downloading", "Installing collected", "Building")
        code, said = self.run(
            *self.pip_install, *project, show=lambda line: line.strip().startswith(picked)
        )
        if code:
            raise diagnose(said, "pip", self.root)

    def add_uv(self):
        """Put uv into .venv; False where it is not to be had (a registry or system without it)."""
        if self.run(self.scripts / "uv", "--version")[0] == 0:
            return True
        with stage("uv, which installs the rest"):
            if self.run(self.python, "-m", "pip", "--version")[0]:
                self.run(self.python, "-m", "ensurepip")  # an environment made by uv has no pip
            code, said = self.run(*self.pip_install, "--only-binary", "uv", "uv")
        if code == 0:
            return True
        error = diagnose(said, "Installing uv", self.root)
        if error.kind and "from versions: none" not in said:
            raise error
        say("  uv is not to be had here; pip does the work, more slowly.")
        return False

    def install_with_uv(self, project):
        """Whether uv could install everything; its progress is shown."""
        self.follow_pip_index()
        say("  packages:")
        began = time.perf_counter()
        code, said = self.run(
            *(self.scripts / "uv", "pip", "install", "--python", self.python),
            *("--constraint", "constraints.txt", "--build-constraint", "constraints.txt"),
            *project,
            show=lambda line: line.strip().startswith(UV_SAYS),
        )
        if code:
            error = diagnose(said, "uv", self.root)
            if error.kind == "disk":
                raise error
            say("  uv could not; trying pip, which knows this machine's own settings.")
            return False
        say(f"  packages ... {time.perf_counter() - began:.1f} s")
        return True

    def spell_path_in_ascii(self):
        """Keep a folder such as C:/Users/Zoë out of the .pth file that makes nnlearn importable.

        Before 3.13 Python reads such files in the system's own encoding, and they are in UTF-8.
        """
        if not str(self.root).isascii():
            for place in ("lib/python*/site-packages", "Lib/site-packages"):
                for file in self.folder.glob(place + "/*nnlearn*.pth"):
                    file.write_text(os.path.relpath(self.root, file.parent), encoding="ascii")

    def follow_pip_index(self):
        """Hand on to uv the registry that pip is set to use: uv does not read pip's settings."""
        if {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(self.variables):
            return
        _, settings = self.run(self.python, "-m", "pip", "config", "list")
        found = re.findall(r"\.index-url='(.+)'", settings)
        index = os.environ.get("PIP_INDEX_URL") or (found[-1] if found else "")
        if index:
            self.variables["UV_DEFAULT_INDEX"] = index

    def damaged(self):
        """Whether packages that everything rests on are missing from .venv."""
        modules = "jupyterlab.labapp, ipykernel, anywidget, matplotlib, numpy, pytest"
        code, _ = self.run(self.python, "-c", "import " + modules)
        return code != 0


@contextlib.contextmanager
def alone(root):
    """Hold this checkout for one start.py at a time; the system lets go when the process ends."""
    with open(root / "start.py", "rb") as file:
        try:
            if WINDOWS:
                import msvcrt

                file.seek(2**30)  # far beyond the end: a lock on Windows keeps readers out
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            words = "Another start.py is installing here. Let it finish, then run this again."
            raise Stop(words) from None
        yield


# --- JupyterLab -------------------------------------------------------------------------------


def pick_port(asked):
    """The port that was asked for, or else the first free one."""
    for port in [asked] if asked else range(8888, 8988):
        with socket.socket() as probe:
            if not WINDOWS:  # there, this option would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    if not asked:
        raise Stop("The ports 8888 to 8987 are all taken. Name another, for instance --port 9000.")
    raise Stop(
        f"Port {asked} cannot be had; perhaps a JupyterLab still runs on it.\n"
        "Name another port, or leave --port out: then a free one is found."
    )


def has_browser():
    """Whether a browser window can open on this person's screen."""
    if os.environ.get("BROWSER"):
        return True  # set on purpose, by the person or by an editor's remote session
    screen = WINDOWS or MAC or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not screen or os.environ.get("SSH_CONNECTION"):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def answers(port):
    """Whether a server answers on this port."""
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/api")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def lab_command(python, root, port, browser):
    """The words that start JupyterLab."""
    yield from (str(python), "-m", "jupyterlab", "--log-level=ERROR", "--LabApp.log_level=ERROR")
    yield from (f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}")
    yield f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}"
    yield "--ServerApp.use_redirect_file=False"  # a browser from a snap cannot read that file
    if not browser:
        yield "--no-browser"
    if not WINDOWS and os.geteuid() == 0:
        yield "--allow-root"  # containers; the server listens to this machine alone


def open_lab(environment, options):
    """Start JupyterLab at the first lesson, say where it is, wait until it ends."""
    port = pick_port(options.port)
    browser = has_browser() and not options.no_browser
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    server = subprocess.Popen(
        list(lab_command(environment.python, environment.root, port, browser)),
        cwd=str(environment.root),
        env={**environment.variables, "JUPYTER_TOKEN": token},
    )
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        with stage("JupyterLab"):
            patience = time.monotonic() + 60
            while server.poll() is None and not answers(port) and time.monotonic() < patience:
                time.sleep(0.1)
        if server.poll() is not None:
            return server.returncode or 1
        opened = "It opens in your browser. If not, open this" if browser else "Open this"
        say(f"\n{opened} address:\n  http://localhost:{port}/lab/tree/{FIRST_LESSON}?token={token}")
        say("To stop: save your notebooks, then press Ctrl-C here, twice.\n")
    except KeyboardInterrupt:
        server.terminate()
    while server.poll() is None:
        with contextlib.suppress(KeyboardInterrupt):  # JupyterLab asks; we only wait
            server.wait()
    say("JupyterLab has stopped.")
    return 0


# --- The command line -------------------------------------------------------------------------


def read_command(words):
    """Split the command line into the command, its options, and what goes to pytest."""
    if words[:1] == ["test"]:
        return argparse.Namespace(command="test", rest=words[1:], extras=["test"])
    parser = argparse.ArgumentParser(
        usage=COMMAND + " [--no-browser] [--port N] | test [...] | install [...]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if words[:1] == ["install"]:
        parser.add_argument("extras", nargs="*", help="teacher, test or dev")
        return parser.parse_args(words[1:], argparse.Namespace(command="install"))
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=int, help="the port to use (1 to 65535)")
    options = parser.parse_args(words, argparse.Namespace(command="lab", extras=[]))
    if options.port is not None and not 1 <= options.port <= 65535:
        parser.error("--port takes a number from 1 to 65535")
    return options


def perform(environment, options):
    environment.prepare(options.extras, offline_ok=options.command == "lab")
    if options.command == "install":
        return 0
    if options.command == "lab":
        return open_lab(environment, options)
    side_by_side = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadgroup")
    order = "--no-loadscope-reorder"  # what has few tests may take longest: tests/conftest.py
    command = [str(environment.python), "-m", "pytest", *side_by_side, order, *options.rest]
    return subprocess.call(command, cwd=str(environment.root), env=environment.variables)


def main(words, root):
    """Do what the command line says; return the exit code. Every foreseen failure is a sentence."""
    options = read_command(words)
    environment = Environment(root)
    try:
        if not (root / "pyproject.toml").exists():
            raise Stop(f"start.py belongs in the nnlearn folder; {root} holds no pyproject.toml.")
        code = perform(environment, options)
        note = environment.read_note()
        if code and note and note["ours"] and environment.damaged():
            say("\nA package is missing from .venv, or broken.")
            environment.write_note(**{**note, "state": "damaged"})
            code = perform(environment, options)
        return code
    except Stop as stop:
        say(f"\n{stop}")
    except OSError as error:
        say(f"\n{diagnose(str(error), 'Setting nnlearn up', root)}\n({error})")
    except KeyboardInterrupt:
        say("\nStopped. Nothing is lost: run it again and it goes on.")
        return 130
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a path may hold letters that the screen cannot show
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
