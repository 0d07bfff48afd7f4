"""The settings that come with the package reach the environment they are for."""

import json
import sys
import tomllib
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from tests.conftest import ROOT


def test_files_are_installed_and_current():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    for source, target in shared.items():
        installed = Path(sys.prefix) / target
        assert installed.is_file(), f"{target} is not installed: run start.py again"
        assert json.loads(installed.read_text()) == json.loads((ROOT / source).read_text())


@pytest.mark.parametrize("own", [None, "2"])
def test_a_kernel_uses_one_thread_unless_told_otherwise(own, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if own:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", own)
    manager, client = start_new_kernel(kernel_name="python3")
    printed = []

    def note(message):
        printed.append(message["content"].get("text", ""))

    try:
        code = "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
        client.execute_interactive(code, timeout=30, output_hook=note)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(printed).strip() == (own or "1")
