"""One private JupyterLab and one Chromium for all browser tests; a fresh page for each."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.lab import CHROMIUM_ARGS, Lab, Notebook, chromium

COUNT = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def _missing() -> str:
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed: the 'dev' extra has it"
    return "" if chromium() else "no Chromium was found on the PATH"


class Desk:
    """Pages: one that is kept for all tests, and one of its own for whoever needs it special."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.outside: list[str] = []
        self.faults: list[str] = []
        self._kept: Any = None
        self._special: list[Any] = []

    def page(self, width: int = 1280, reduced_motion: str = "no-preference", **context: Any) -> Any:
        page = self._kept if self._kept is not None and not context else self._new(**context)
        if not context:
            self._kept = page
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(reduced_motion=reduced_motion)
        return page

    def _new(self, **context: Any) -> Any:
        its = self.browser.new_context(**context)
        its.set_default_timeout(15_000)
        its.route("**/*", self._gate)
        page = its.new_page()
        page.on("pageerror", self._fault)
        if context:
            self._special.append(its)
        return page

    def _fault(self, fault: Any) -> None:
        # our scripts live at blob: addresses; JupyterLab stumbles by itself when themes change fast
        if "blob:" in (fault.stack or "") or "jlab_core" not in (fault.stack or ""):
            self.faults.append(f"{fault}\n{fault.stack}")

    def _gate(self, route: Any) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def tidy(self) -> None:
        """After a test: special pages go, and the kept one too if something went wrong in it."""
        for context in self._special:
            context.close()
        if self.faults or self.outside:
            self.close()
        self._special, self.outside, self.faults = [], [], []

    def close(self) -> None:
        if self._kept is not None:
            self._kept.context.close()
        self._kept = None


@pytest.fixture(scope="package")
def lab() -> Iterator[Lab]:
    if why := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    lab = Lab()
    yield lab
    lab.close()


@pytest.fixture(scope="package")
def browser(lab: Lab) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def desk(browser: Any) -> Iterator[Desk]:
    desk = Desk(browser)
    yield desk
    desk.close()


@pytest.fixture
def notebook(lab: Lab, desk: Desk) -> Iterator[Callable[..., Notebook]]:
    """Open cells as a notebook and run them: `notebook([...], width=320, reduced_motion="reduce")`.

    No request may leave this machine and no script may fail: both are checked at the end.
    """
    opened: list[Notebook] = []

    def open_cells(cells: Sequence[str], **context: Any) -> Notebook:
        try:
            book = Notebook(lab, desk.page(**context), f"test-{next(COUNT)}", cells)
        except BaseException:
            desk.close()  # with what was half opened: the next test would find its demos, hidden
            raise
        opened.append(book)
        assert book.errors == []
        return book

    yield open_cells
    for book in opened:
        book.close()
    outside, faults = desk.outside[:], desk.faults[:]
    desk.tidy()
    assert outside == [] and faults == []
