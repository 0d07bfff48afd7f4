"""nbval in a process of its own, with a watch on the kernel: the far side of `validate`.

`validate` starts this file as a script, so that nothing of nnlearn is imported here. It writes one
line of JSON per cell to stderr, which the kernel cannot reach, and ends at the first cell that the
kernel does not survive. nbval alone would wait out the whole limit for a kernel that has died,
keep every byte of a flood of output, and let memory run out.
"""

import contextlib
import json
import os
import re
import sys
import threading
import time
import warnings
from collections import deque
from queue import Empty, Queue
from typing import Any

import nbval.plugin
import psutil
import pytest
import zmq
from nbval.kernel import RunningKernel

TICK = 0.1  # seconds between two looks at the kernel
GRACE = 1.0  # seconds that an interrupted cell has to end
WANTED = ("status", "error")  # of the kernel's output; the rest is read and dropped
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Stopped(Exception):
    """The kernel was lost in this cell: "died", "memory" or "timeout"."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, but every wait looks after the process, its memory and its output."""

    memory_limit = 0.0

    def __init__(self, *args, **kwargs):
        self.output: deque[dict] = deque()
        self.reply: dict | None = None
        self.interrupted = False
        self.process: Any = None
        super().__init__(*args, **kwargs)

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.output.clear()
        self.reply, self.interrupted = None, False
        return super().execute_cell_input(cell_input, allow_stdin)

    def await_reply(self, msg_id, timeout=None):
        if self.process is None:
            self.process = self.km.provisioner.process
            Watch.kernel = self
        deadline = time.monotonic() + timeout
        next_look = time.monotonic() + TICK
        while not self._receive(msg_id):
            now = time.monotonic()
            if now < next_look:
                continue
            next_look = now + TICK
            if self.process.poll() is not None:
                raise Stopped("died")
            if family_memory(self.process.pid) > self.memory_limit:
                self.kill()
                raise Stopped("memory")
            if now > deadline and self.interrupted:
                self.kill()
                raise Stopped("timeout")
            if now > deadline:
                self.interrupted = True
                deadline = now + GRACE
                self.interrupt()

    def _receive(self, msg_id):
        """Read what has come on both channels; True once the reply to `msg_id` is there."""
        shell, iopub = self.kc.shell_channel, self.kc.iopub_channel
        poller = zmq.Poller()
        poller.register(shell.socket, zmq.POLLIN)
        poller.register(iopub.socket, zmq.POLLIN)
        ready = dict(poller.poll(int(TICK * 1000)))
        if iopub.socket in ready:
            message = iopub.get_msg(timeout=0)
            if message["msg_type"] in WANTED:
                self.output.append(message)
        elif shell.socket in ready:
            message = shell.get_msg(timeout=0)
            if message["parent_header"].get("msg_id") == msg_id:
                self.reply = message["content"]
                return True
        return False

    def get_message(self, stream, timeout=None):
        if stream == "iopub" and self.output:
            return self.output.popleft()
        if self.reply is not None:
            timeout = GRACE  # what is not here by then was lost in a flood
        while True:
            try:
                message = super().get_message(stream, timeout)
            except Empty:
                raise Empty if self.reply is None else Stopped("quiet") from None
            if stream != "iopub" or message["msg_type"] in WANTED:
                return message

    def kill(self):
        if self.process and self.process.poll() is None:
            others = family(self.process.pid)
            self.process.kill()
            self.process.wait()
            for other in others[1:]:
                with contextlib.suppress(psutil.Error):
                    other.kill()

    stop = kill  # no farewell: whatever still runs in there is not wanted


class Watch:
    """Turns nbval's run into lines of JSON, one per cell, and ends it with the kernel."""

    kernel: Any = None  # the WatchedKernel, once it runs

    def pytest_collection_modifyitems(self, items):
        for item in items:  # a comment such as `# NBVAL_SKIP` in an answer changes nothing
            item.options.update(skip=False, check=False, check_exception=False)

    def pytest_runtest_call(self, item):
        if item.cell_num == 0:
            say(started=True)  # there is a kernel; what goes wrong now is the notebook's doing

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        if call.when == "setup" and call.excinfo:
            say(broken=str(call.excinfo.value))
            item.session.shouldstop = "no kernel"
        elif call.when == "call":
            status = self._status(call)
            error = self.kernel.reply or {}
            say(
                cell=item.cell.id,
                status=status,
                ename=error.get("ename", ""),
                evalue=error.get("evalue", ""),
                line=innermost_line(error.get("traceback") or []),
                code=self.kernel.process.poll(),
                seconds=round(call.duration, 3),
            )
            if self.kernel.process.poll() is not None:
                item.session.shouldstop = status
        return (yield)

    def _status(self, call):
        raised = call.excinfo.value if call.excinfo else None
        if isinstance(raised, Stopped) and str(raised) != "quiet":
            return str(raised)
        if isinstance(raised, RuntimeError) and self.kernel.process.poll() is not None:
            return "dead before"  # it went down after the cell before had ended
        if self.kernel.interrupted:
            return "timeout"
        return "ok" if self.kernel.reply.get("status") == "ok" else "error"


def family(pid):
    """A process, and all that it started."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def family_memory(pid):
    """Resident bytes of a process and all that it started."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(psutil.Error):
            total += member.memory_info().rss
    return total


def innermost_line(traceback):
    """The last line of the learner's own code in an IPython traceback."""
    found, in_cell = "", False
    for line in ESCAPES.sub("", "\n".join(traceback)).split("\n"):
        if line.startswith(("Cell In", "File ")):
            in_cell = line.startswith("Cell In")
        arrow = re.match(r"-+>\s*\d+\s+(.*)", line)
        if arrow and in_cell:
            found = arrow[1].strip()
    return found


def say(**event):
    os.write(2, f"\n{json.dumps(event)}\n".encode())  # in one piece; pytest leaves lines open


def requests():
    """The notebooks that the parent names, a line each; when it is gone, nothing stays behind."""
    wanted: Queue[str] = Queue()

    def listen():
        for line in sys.stdin:
            wanted.put(line.rstrip("\n"))
        if Watch.kernel:
            Watch.kernel.kill()
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield wanted.get()


def limit_memory(limit):
    """Where the system can: one far too large array is a MemoryError, and the kernel lives on."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (int(2 * limit), resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        return


def main(seconds, memory):
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr
    limit_memory(float(memory))
    WatchedKernel.memory_limit = float(memory)
    nbval.plugin.RunningKernel = WatchedKernel
    options = ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={seconds}"]
    options += ["-p", "nbval.plugin", "-p", "no:cacheprovider", "--noconftest", "--tb=no", "-qqs"]
    for notebook in requests():
        say(done=int(pytest.main([*options, notebook], plugins=[Watch()])))


if __name__ == "__main__":
    main(*sys.argv[1:])
