"""A figure with its text: what a picture shows must also be there in words.

JupyterLab and nbconvert drop the alt text of a plain PNG output, so a picture is an HTML figure.
No pyplot: a figure belongs to whoever made it, on any thread, and nothing has to be closed.

Lessons: 00, 01.
"""

import base64
import html
import io
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.size": 12,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.linewidth": 2,
}


def new_axes(
    columns: int = 1, width: float = 5.0, height: float = 4.0
) -> tuple[Figure, list[Axes]]:
    """A figure with `columns` axes side by side, each `width` by `height` inches."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * columns, height), layout="constrained")
        return figure, list(figure.subplots(1, columns, squeeze=False)[0])


@dataclass(frozen=True)
class Picture:
    """A figure for a notebook: `alt` says the finding, for who cannot see it and for who can."""

    figure: Figure
    alt: str

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a picture needs a sentence that says what it shows")

    def png(self) -> bytes:
        with mpl.rc_context(STYLE):
            file = io.BytesIO()
            self.figure.savefig(file, format="png", dpi=96, metadata={"Software": None})
        return file.getvalue()

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png()).decode()
        alt = html.escape(self.alt, quote=True)
        return (
            f'<figure style="margin:0"><img alt="{alt}" src="data:image/png;base64,{data}" '
            f'style="max-width:100%"><figcaption>{alt}</figcaption></figure>'
        )

    def __repr__(self) -> str:
        return self.alt
