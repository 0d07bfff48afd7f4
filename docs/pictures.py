#!/usr/bin/env python3
"""Take the README's pictures of demos again, in a real JupyterLab: `python -m docs.pictures`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.lab import Lab, Notebook, opened

PLAYGROUND = """from nnlearn.demos import Playground
demo = Playground(data="spirals", hidden=(8, 8), predict=False,
                  optimizer="Adam", lr=0.01, noise=0, points=300)
demo.run(250)
demo.act("probe", x=-0.5, y=0.3)
demo.act("focus", run="A", layer=0, unit=3)
demo"""
DIGITS_READER = """from nnlearn.demos import DigitsReader
demo = DigitsReader()
demo.answer("C")
demo.run()
demo"""
# the cell, and down to where the picture goes
PICTURES = {"playground": (PLAYGROUND, ".nnl"), "digits_reader": (DIGITS_READER, ".nnl-sentence")}


def take(lab: Lab, page: Any, name: str) -> None:
    cell, last = PICTURES[name]
    book = Notebook(lab, page, name, [cell])
    if book.errors:
        raise SystemExit(f"{name}: {book.errors[0]}")
    book.demo().settle()
    whole, end = (page.locator(its).first.bounding_box() for its in (".nnl", last))
    clip = {**whole, "height": end["y"] + end["height"] - whole["y"]}
    page.screenshot(path=Path(__file__).with_name(f"{name}.png"), clip=clip)
    book.close()


def main() -> int:
    with opened(viewport={"width": 1280, "height": 1700}, device_scale_factor=1.4) as (lab, page):
        for name in PICTURES:
            take(lab, page, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
