"""Run notebooks in processes of their own, with limits, and leave nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from nnlearn.course.paths import CourseNotFound, course_root

PLUGIN = Path(__file__).with_name("nbval_plugin.py")
MARK = "NNLEARN_RUN"  # in the environment of all that a run starts, so that it can be found
# What a kernel needs of the learner's environment; no tokens, no settings of pytest or Python.
PASSED_ON = (
    "PATH HOME USER LANG LC_ALL LC_CTYPE TZ TMPDIR VIRTUAL_ENV LD_LIBRARY_PATH "
    "SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERPROFILE APPDATA LOCALAPPDATA "
    "PROGRAMDATA HOMEDRIVE HOMEPATH NUMBER_OF_PROCESSORS "
    "MPLCONFIGDIR XDG_CACHE_HOME"
).split()
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Limits:
    """Seconds for one cell and for all of a notebook's runs, and bytes of memory."""

    cell: float = 20
    total: float = 180
    memory: float = 2 * 2**30


@dataclass
class Run:
    """What nbval reported: one event per cell that was run, in order; or why nothing ran."""

    events: list[dict] = field(default_factory=list)
    started: bool = False
    broken: str = ""


class Sandbox:
    """A process that runs notebooks through nbval, one after the other, until its time is up.

    It starts at once, so that it gets ready while the notebook is put together.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.capped = threading.Event()
        self._noise: list[str] = []
        self._runs = 0

    def __enter__(self) -> Sandbox:
        self._mark, self._started = f"{os.getpid()}-{uuid.uuid4().hex}", time.time()
        self._temporary = tempfile.TemporaryDirectory(prefix="nnlearn-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name).resolve()
        (self.folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        self._timer = threading.Timer(self.limits.total, self._cap)
        self._timer.daemon = True
        self._start()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._end()
        self._temporary.cleanup()

    def run(self, cells: Sequence[tuple[str, str]]) -> Run:
        """Run cells, each (id, source), until the last, or until one loses the kernel."""
        if self._process.poll() is not None and not self.capped.is_set():
            self._end()
            self._start()
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        folder.mkdir(exist_ok=True)
        notebook = folder / "check.ipynb"
        notebook.write_text(_notebook(cells), encoding="utf-8")
        run = Run()
        finished = self._ask(notebook, run)
        rest = cells[len(run.events) :]
        if run.broken or not rest or (finished and run.events):
            return run
        if self.capped.is_set():
            run.events.append({"cell": rest[0][0], "status": "capped", "code": None})
        elif run.started:  # the process around the kernel was ended
            code = self._process.wait()
            run.events.append({"cell": rest[0][0], "status": "died", "code": code})
        else:
            why = self._noise[-1] if self._noise else "it ended without a word"
            run.broken = f"nbval does not run here: {why}"
        return run

    def kept(self) -> dict[str, str]:
        """Sources of the answers that passed, by exercise."""
        found = {}
        for file in (self.folder / "home" / "answers").glob("*.py"):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found[file.stem] = file.read_text(encoding="utf-8")
        return found

    def _ask(self, notebook: Path, run: Run) -> bool:
        """Hand one notebook over and collect the events; True if nbval came to its end."""
        assert self._process.stdin and self._process.stderr
        try:
            print(notebook, file=self._process.stdin, flush=True)
        except (OSError, ValueError):
            return False
        for line in self._process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                self._noise += [line.strip()] if line.strip() else []
                continue
            if "done" in event:
                return True
            if "started" in event:
                run.started = True
            elif "broken" in event:
                run.broken = f"no kernel: {event['broken']}"
            else:
                run.events.append(event)
        return False

    def _start(self) -> None:
        limits = [str(self.limits.cell), str(self.limits.memory)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(PLUGIN), *limits],
            cwd=self.folder,
            env=_environment(self.folder) | {MARK: self._mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def _cap(self) -> None:
        self.capped.set()
        self._kill()

    def _end(self) -> None:
        self._kill()
        for pipe in (self._process.stdin, self._process.stderr):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()

    def _kill(self) -> None:
        """End all that was started here, also what has left its family, and wait for it."""
        family = []
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self._process.pid).children(recursive=True)
        for other in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                young = other.create_time() > self._started - 2
                if young and other.environ().get(MARK) == self._mark:
                    family.append(other)
        for member in family:
            with contextlib.suppress(psutil.Error):
                member.kill()
        self._process.kill()
        self._process.wait()
        psutil.wait_procs([p for p in family if p.pid != self._process.pid], timeout=2)


def _notebook(cells: Sequence[tuple[str, str]]) -> str:
    """Only code: text cells cost time and change nothing."""
    empty: dict = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    made = [empty | {"id": id, "source": source} for id, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _environment(folder: Path) -> dict[str, str]:
    environment = {n: os.environ[n] for n in (*PASSED_ON, *THREADS) if n in os.environ}
    with contextlib.suppress(CourseNotFound):
        environment["NNLEARN_COURSE"] = str(course_root().resolve())
    for name in THREADS:  # on a large machine, a thread per core would use the memory up
        environment.setdefault(name, "2")
    return environment | {
        "NNLEARN_HOME": str(folder / "home"),
        "IPYTHONDIR": str(folder / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
