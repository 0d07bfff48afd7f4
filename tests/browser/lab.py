"""A private JupyterLab and a page in Chromium that drives one notebook in it.

The demos keep a frame counter in the page (`data-frame`), so nothing here waits on time.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

START_S = 90
OVERRIDES = Path(__file__).parents[2] / "jupyter" / "overrides.json"
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

OPEN_AND_RUN = """async ([path, limit]) => {
    const app = window.jupyterapp; await app.restored;
    const w = window.notebook = await app.commands.execute('docmanager:open',
      { path, factory: 'Notebook' });
    await w.context.ready; await w.context.sessionContext.ready;
    w.content.notebookConfig = { ...w.content.notebookConfig, windowingMode: 'none' };
    await Promise.race([app.commands.execute('notebook:run-all-cells'),
      new Promise((_, no) => setTimeout(() => no(new Error('the notebook still runs')), limit))]);
    return w.content.widgets.flatMap((c) => c.model.type !== 'code' ? [] :
      c.model.outputs.toJSON().filter((o) => o.output_type === 'error').map((o) => o.evalue)); }"""


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


WATCH = """(root) => { window.seen = []; new MutationObserver(() => seen.push(performance.now()))
    .observe(root, { attributeFilter: ['data-drawn'] }); }"""
INK = """() => { const its = CanvasRenderingContext2D.prototype; window.inked = [];
    its.plainText ??= its.fillText;
    its.fillText = function (text, ...at) { inked.push(text);
      its.plainText.call(this, text, ...at); }; }"""
PAUSE = """(root) => { [...root.querySelectorAll('.nnl-main')].find(b => b.textContent === 'Pause')
    .click(); return [seen.slice(), seen.length]; }"""
PAUSE_AND_COUNT = """root => new Promise((done) => { const t = Number(root.dataset.t);
    root.querySelector('.nnl-time .nnl-main').click();
    new MutationObserver(() => { if (root.dataset.playing === 'false')
      done(Number(root.dataset.t) - t); }).observe(root, { attributes: true }); })"""


class Lab:
    """JupyterLab on a free loopback port, with its own folders, gone after `close`."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="nnlearn-lab-"))
        self.root = self.home / "work"
        self.root.mkdir()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.token, self.url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
        self._configure()
        self._log = (self.home / "lab.log").open("w+")
        as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", *as_root,
             f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.root}",
             "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
             f"--LabServerApp.app_settings_dir={self.home / 'app-settings'}"],
            stdout=self._log, stderr=subprocess.STDOUT, env=self._environment(),
            start_new_session=True,
        )  # fmt: skip
        self._wait()

    def _configure(self) -> None:
        """No question about news, and the project's own settings in effect."""
        folder = self.home / "config" / "labconfig"
        folder.mkdir(parents=True)
        off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (folder / "page_config.json").write_text(json.dumps(off))
        settings = self.home / "app-settings"
        settings.mkdir()
        shutil.copy(OVERRIDES, settings / "overrides.json")

    def _environment(self) -> dict[str, str]:
        own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython",
               "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings",
               "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "NNLEARN_HOME": "progress"}  # fmt: skip
        folders = {name: str(self.home / folder) for name, folder in own.items()}
        return {**os.environ, **folders, "JUPYTER_TOKEN": self.token, "OPENBLAS_NUM_THREADS": "1"}

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(
                    f"{self.url}/api/status?token={self.token}", timeout=2
                ).read()
                return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self._log.seek(0)
                    text = self._log.read()
                    self.close()
                    raise RuntimeError(f"JupyterLab did not start:\n{text[-2000:]}") from None
                time.sleep(0.2)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def write(self, name: str, cells: Sequence[str]) -> str:
        notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3", "display_name": "Python 3", "language": "python"
        }  # fmt: skip
        nbformat.write(notebook, self.root / f"{name}.ipynb")
        return f"{name}.ipynb"


@contextlib.contextmanager
def opened(**context: Any) -> Iterator[tuple[Lab, Any]]:
    """A JupyterLab and a page in Chromium for what is no test: measurements and pictures."""
    if not chromium():
        raise SystemExit("no Chromium was found on the PATH")
    from playwright.sync_api import sync_playwright

    lab = Lab()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
            yield lab, browser.new_page(**context)
            browser.close()
    finally:
        lab.close()


class Notebook:
    """One notebook in a page; the page may have held others before."""

    def __init__(self, lab: Lab, page: Any, name: str, cells: Sequence[str]) -> None:
        self.page, path = page, lab.write(name, cells)
        if not page.url.startswith(lab.url):
            page.goto(f"{lab.url}/doc/tree/{path}?reset&token={lab.token}")
            page.wait_for_function("() => window.jupyterapp?.started", timeout=START_S * 1000)
        self.errors = page.evaluate(OPEN_AND_RUN, [path, START_S * 1000])

    def demo(self, index: int = 0) -> View:
        return View(self.page, self.page.locator(".nnl").nth(index))

    def run(self, index: int) -> None:
        """Run one cell again."""
        self.page.evaluate(
            """async (i) => { notebook.content.activeCellIndex = i;
                               notebook.content.deselectAll();
                               await jupyterapp.commands.execute('notebook:run-cell'); }""",
            index,
        )

    def python(self, code: str) -> str:
        """Run code in the kernel, beside the notebook; returns what it printed."""
        return self.page.evaluate(
            """async (code) => {
                const future = notebook.context.sessionContext.session.kernel.requestExecute(
                    { code, store_history: false });
                let out = '';
                future.onIOPub = (m) => { out += m.content.text ?? '';
                    if (m.header.msg_type === 'error') out += m.content.evalue; };
                await future.done; return out.trim(); }""",
            code,
        )

    def told(self, expression: str) -> Any:
        """What an expression is in the kernel, as JSON's types."""
        return json.loads(self.python(f"import json; print(json.dumps({expression}))"))

    def cells(self) -> int:
        return self.page.evaluate("() => notebook.content.widgets.length")

    def close(self) -> None:
        """End the kernel and leave the page free for the next notebook."""
        self.page.evaluate(
            """async () => { const w = window.notebook; if (!w) return;
                await w.context.sessionContext.shutdown(); await w.context.save(); w.dispose(); }"""
        )


class View:
    """One demo in the page."""

    def __init__(self, page: Any, root: Any) -> None:
        self.page, self.root = page, root
        root.wait_for(state="visible")
        page.wait_for_function("e => Number(e.dataset.frame) > 0", arg=root.element_handle())

    @property
    def frame(self) -> int:
        return int(self.root.get_attribute("data-frame"))

    def settle(self) -> None:
        """Wait until Python has answered everything and the answer is drawn."""
        self.page.wait_for_function(
            "e => (e.dataset.pending ?? '0') === '0' && e.dataset.drawn === e.dataset.frame",
            arg=self.root.element_handle(),
        )

    def reach(self, t: int) -> None:
        """Wait until step `t` or a later one is shown."""
        self.page.wait_for_function(
            "([e, t]) => Number(e.dataset.t) >= t", arg=[self.root.element_handle(), t]
        )

    def still(self) -> None:
        """Wait until the run has ended and its last frame is drawn."""
        self.page.wait_for_function(
            "e => e.dataset.playing === 'false'", arg=self.root.element_handle()
        )
        self.settle()

    def watch(self) -> None:
        """From now on, note when each frame is drawn."""
        self.root.evaluate(WATCH)

    def pause(self, name: str, record_property: Callable[[str, object], None]) -> tuple[float, int]:
        """Pause a run that is watched; prints and returns its rate and the frames after Pause."""
        seen, at_click = self.root.evaluate(PAUSE)
        rate = (len(seen) - 1) / (seen[-1] - seen[0]) * 1000
        self.still()
        self.page.wait_for_timeout(300)
        late = self.page.evaluate("() => seen.length") - at_click - 1
        record_property(f"{name}: frames a second", round(rate, 1))
        print(f"{name}: {rate:.1f} frames a second, {late} after Pause")
        return rate, late

    def steps_after_pause(self) -> int:
        """Pause a run, and count the steps that are shown after the press."""
        return int(self.root.evaluate(PAUSE_AND_COUNT))

    def middle(self, handle: Any) -> tuple[float, float]:
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, handle: Any, dx: float, dy: float) -> None:
        """Take something by its middle with the mouse, and put it down elsewhere."""
        x, y = self.middle(handle)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=6)
        self.page.mouse.up()
        self.settle()

    def newer(self, than: int) -> None:
        """Wait for a frame after frame `than`."""
        self.page.wait_for_function(
            "([e, n]) => Number(e.dataset.frame) > n", arg=[self.root.element_handle(), than]
        )

    def guess(self) -> None:
        """Answer the prediction, with the first option or whatever stands there."""
        radios = self.root.locator(".nnl-option input")
        if radios.count():
            radios.first.check()
        elif self.root.locator(".nnl-ask input[type=number]").count():
            self.root.locator(".nnl-ask input[type=number]").fill("1")
        lock = self.root.get_by_role("button", name="That is my guess")
        if lock.count():
            lock.click()
            self.settle()

    def pixels(self, index: int = 0) -> str:
        """The picture itself, to compare with another moment's."""
        return self.root.locator("canvas").nth(index).evaluate("c => c.toDataURL()")

    def inked(self, act: Callable[[], object]) -> list[str]:
        """What is written in the pictures by what `act` does."""
        self.page.evaluate(INK)
        act()
        self.settle()
        return self.page.evaluate(
            "() => { CanvasRenderingContext2D.prototype.fillText = "
            "CanvasRenderingContext2D.prototype.plainText; return inked; }"
        )

    def sentence(self) -> str:
        return self.root.locator(".nnl-sentence").inner_text()
