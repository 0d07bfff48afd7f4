"""The stepper on paper: the graph with values above the nodes and gradients below.

Lessons: 07.
"""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from nnlearn.demos.backprop_pass import PENDING, Pass
from nnlearn.demos.numerals import shown

VALUE, GRAD, INK, HOT, LINE = "#00609a", "#a84300", "#1f1f1f", "#d4006e", "#767676"
WIDE, DEEP = 1.5, 1.15  # inches from column to column and from row to row


def draw(film: Pass, t: int, sentence: str) -> Figure:
    """The graph after step t; what is not computed yet is said in words, never as 0."""
    places = film.places
    width = max(6.0, WIDE * places.columns)
    figure = Figure(figsize=(width, DEEP * places.rows + 1.0))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-0.5, places.columns - 0.5)
    axes.set_ylim(places.rows - 0.4, -1.2)
    nodes, lit = film.nodes(t, {}), film.lit(t)
    for edge in film.edges(t):
        _edge(axes, nodes, edge, [edge["node"], edge["k"]] == lit["edge"])
    for i, node in enumerate(nodes):
        _node(axes, node, i in lit["nodes"])
    figure.suptitle(sentence, fontsize=13, wrap=True)
    return figure


def _edge(axes: Any, nodes: list[dict[str, Any]], edge: dict[str, Any], lit: bool) -> None:
    (x0, y0), (x1, y1) = ends = nodes[edge["input"]]["at"], nodes[edge["node"]]["at"]
    points = [ends[0], *edge["bends"], ends[1]]
    if edge["side"] and not edge["bends"]:
        points.insert(1, ((x0 + x1) / 2, (y0 + y1) / 2 + 0.7 * edge["side"]))
    points = [(x0 + 0.19, y0), *points[1:-1], (x1 - 0.19, y1)]
    colour = HOT if lit else LINE
    xs, ys = zip(*points[:-1], strict=True)
    axes.plot(xs, ys, color=colour, lw=3 if lit else 1.5, zorder=1)
    axes.add_patch(FancyArrowPatch(points[-2], points[-1], arrowstyle="-|>", mutation_scale=14,
                                   color=colour, lw=3 if lit else 1.5, shrinkA=0, shrinkB=0,
                                   zorder=1))  # fmt: skip
    if edge["slope"] is not None:
        middle = points[(len(points) - 1) // 2], points[len(points) // 2]
        x, y = ((a + b) / 2 for a, b in zip(*middle, strict=True))
        axes.text(x, y, f"×{shown(edge['slope'])}", ha="center", va="center", fontsize=12,
                  color=colour if lit else INK, zorder=4 if lit else 1.5,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip


def _node(axes: Any, node: dict[str, Any], lit: bool) -> None:
    x, y = node["at"]
    face, edge = (HOT, HOT) if lit else ("#f3f3f3", LINE)
    text = node["label"] if node["made"] else node["name"] or shown(node["value"])
    half = max(0.15, 0.037 * len(text))
    axes.add_patch(FancyBboxPatch((x - half, y - 0.11), 2 * half, 0.22, facecolor=face, lw=1.5,
                                  edgecolor=edge, zorder=2, boxstyle="round,pad=0.02"))  # fmt: skip
    axes.text(x, y, text, ha="center", va="center", fontsize=13, zorder=3,
              color="white" if lit else INK)  # fmt: skip
    name = f"{node['name']} = " if node["made"] and node["name"] else ""
    value = "?" if node["value"] is None else shown(node["value"])
    axes.text(
        x, y - 0.25, name + value, ha="center", va="center", fontsize=12, color=VALUE, zorder=3
    )
    gradient = node["grad"]
    partly = f"{shown(gradient)} ({node['arrived']} of {node['uses']})" if gradient else ""
    text = partly if node["arrived"] < node["uses"] else f"grad {shown(gradient or 0.0)}"
    text = PENDING if gradient is None else text
    axes.text(x, y + 0.28, text, ha="center", va="center", fontsize=12, zorder=3,
              color=LINE if gradient is None else GRAD,
              bbox={"facecolor": "white", "edgecolor": LINE if gradient is None else GRAD,
                    "boxstyle": "round,pad=0.15",
                    "linestyle": "--" if gradient is None else "-"})  # fmt: skip
