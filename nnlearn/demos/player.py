"""The clock of a demo: an asyncio task on the kernel's own loop, and the frames it may send.

Never a blocking cell: the notebook stays usable, Stop works at once. The browser says which frame
it has drawn; at most three are on their way, so a slow link drops frames instead of queuing them.

Lessons: 00, 01.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from nnlearn.demos.controls import DemoError

CREDIT = 3
UNSEEN_S = 10.0  # nobody has looked for so long: stop by itself


def running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Credit:
    """How many frames may be on their way to the browser.

    Example
    -------
    >>> credit = Credit()
    >>> [credit.take(n) for n in (1, 2, 3, 4)]
    [True, True, True, False]
    >>> credit.seen(2)
    >>> credit.take(5), credit.take(6), credit.take(7)
    (True, True, False)
    """

    def __init__(self, window: int = CREDIT) -> None:
        self.window = window
        self._away: list[int] = []

    def take(self, n: int) -> bool:
        """Ask to send frame `n`; remembers it if allowed."""
        free = len(self._away) < self.window
        if free:
            self._away.append(n)
        return free

    def seen(self, n: int) -> None:
        """The browser has drawn frame `n`, and with it every older one."""
        self._away = [k for k in self._away if k > n]


class Player:
    """Calls `turn` again and again until it returns False or somebody stops it."""

    def __init__(self, turn: Callable[[], bool], pause: Callable[[], float]) -> None:
        self._turn, self._pause = turn, pause
        self.loop = running_loop()
        self._future: Future[None] | None = None
        self._halt = threading.Event()

    @property
    def running(self) -> bool:
        return self._future is not None and not self._future.done() and not self._halt.is_set()

    def start(self) -> None:
        """Begin on the kernel's loop, from whatever thread."""
        if self.running:
            return
        self.loop = self.loop or running_loop()
        if self.loop is None or self.loop.is_closed():
            raise DemoError("Run needs a notebook's event loop; here use demo.run(10)")
        halt = self._halt = threading.Event()
        self._future = asyncio.run_coroutine_threadsafe(self._go(halt), self.loop)

    def stop(self) -> None:
        self._halt.set()

    async def wait(self) -> None:
        """Wait for the run to end; an exception inside it is raised here."""
        if self._future is not None:
            await asyncio.wrap_future(self._future)

    async def _go(self, halt: threading.Event) -> None:
        while not halt.is_set() and self._turn():
            await asyncio.sleep(self._pause())


class CellRegistry:
    """Which demos a notebook cell made, so that re-running the cell ends the old ones."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, weakref.WeakSet[Any]]] = {}

    def enter(self, demo: Any) -> list[Any]:
        """Note a demo; returns those of the cell's last run, to the first one of a new run."""
        before: list[Any] = []
        cell, run = current_cell()
        if not cell:
            return before
        known_run, demos = self._made.get(cell, ("", weakref.WeakSet()))
        if known_run != run:
            before = list(demos)
            for old in before:
                old.stop()
            demos = weakref.WeakSet()
            self._made[cell] = (run, demos)
        demos.add(demo)
        return before


def current_cell() -> tuple[str, str]:
    """The id of the cell that is running and of this run of it; empty outside a notebook."""
    try:
        from IPython import get_ipython

        parent = get_ipython().get_parent()
        return parent["metadata"].get("cellId", ""), parent["header"]["msg_id"]
    except (ImportError, AttributeError, KeyError, TypeError):
        return "", ""
