"""A figure with its text: what a picture shows must also be there in words.

JupyterLab and nbconvert drop the alt text of a plain PNG output, so a picture is an HTML figure.
No pyplot: a figure belongs to whoever made it, on any thread, and nothing has to be closed.

Lessons: 00, 01, 02, 03, 04, 05, 06, 07, 09.
"""

import base64
import html
import io
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure


def new_axes(
    columns: int = 1, width: float = 5.0, height: float = 4.0
) -> tuple[Figure, list[Axes]]:
    """A figure with `columns` axes side by side, each `width` by `height` inches."""
    figure = Figure(figsize=(width * columns, height), layout="constrained")
    row = list(figure.subplots(1, columns, squeeze=False)[0])
    for axes in row:  # set here, not by matplotlib's settings: those are shared by all threads
        axes.grid(alpha=0.3)
        axes.spines[["right", "top"]].set_visible(False)
        axes.tick_params(labelsize=12)
        for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
            text.set_size(13)
    return figure, row


@dataclass(frozen=True)
class Picture:
    """A figure for a notebook: `alt` says the finding, for who cannot see it and for who can."""

    figure: Figure
    alt: str

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a picture needs a sentence that says what it shows")

    def png(self) -> bytes:
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
