"""A computational graph as a picture: inputs on the left, the result on the right.

Lessons: 07.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from nnlearn.show.plots import CLASS_COLOURS

SLOPE, GRADIENT = CLASS_COLOURS[0], CLASS_COLOURS[1]


def graph(axes: Axes, root: Any, names: Mapping[str, Any], gradients: bool = False) -> None:
    """Draw what `root` was made from: values in the nodes, slopes along the edges.

    Parameters
    ----------
    root : a node with data, grad, inputs, slopes and op, such as nnlearn.scalar.Value
    names : {"x": node}: what is written above a node, instead of its operation
    gradients : write each node's grad below it too
    """
    title = {id(node): name for name, node in names.items()}
    places = _places(root)
    for node, place in places.values():
        for i, (x, slope) in enumerate(zip(node.inputs, node.slopes, strict=True)):
            _edge(axes, places[id(x)][1], place, slope, _bend(node.inputs, i))
    for node, (column, row) in places.values():
        shape = {"boxstyle": "round,pad=0.1", "fc": "white" if node.inputs else "#eef3f8"}
        axes.text(
            column, row, _number(node.data).center(9), size=13, ha="center", va="center", bbox=shape
        )
        head = title.get(id(node), "")
        head = f"{head} ({node.op})" if head and node.op else head or node.op
        axes.text(column, row + 0.27, head, size=12, ha="center", weight="bold")
        if gradients:
            below = f"grad {_number(node.grad)}"
            axes.text(column, row - 0.4, below, size=12, ha="center", color=GRADIENT)
    columns, rows = zip(*(place for _, place in places.values()), strict=True)
    axes.set(xlim=(min(columns) - 0.7, max(columns) + 0.7), ylim=(min(rows) - 0.6, max(rows) + 0.6))
    axes.axis("off")


def _number(x: float) -> str:
    return f"{x:.3g}".replace("-", "−")


def _bend(inputs: tuple, i: int) -> float:
    """How far an edge bows up: of two between the same nodes, one is straight and one is not."""
    return 0.5 * sum(x is inputs[i] for x in inputs[:i])


def _edge(axes: Axes, start: tuple, end: tuple, slope: float, bend: float) -> None:
    (x0, y0), (x1, y1) = start, end
    arrow = {"arrowstyle": "->", "color": "#777", "shrinkA": 30}
    arrow["shrinkB"] = 42 if bend else 30  # not into the name above the node
    arrow["connectionstyle"] = f"arc3,rad={-bend}"
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
    middle = (x0 + x1) / 2, (y0 + y1) / 2 + bend * (x1 - x0) / 2
    label = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
    axes.text(*middle, _number(slope), size=12, ha="center", va="center", color=SLOPE, bbox=label)


def _places(root: Any) -> dict[int, tuple[Any, tuple[float, float]]]:
    """Node and (column, row) by id: a column right of all inputs, a row amid them."""
    places: dict[int, tuple[Any, tuple[float, float]]] = {}
    waiting, leaves = [root], 0
    while waiting:
        node = waiting[-1]
        missing = [x for x in node.inputs if id(x) not in places]
        if missing:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        if id(node) in places:
            continue
        before = [places[id(x)][1] for x in node.inputs]
        if before:
            column = 2 + max(c for c, _ in before)
            row = sum(r for _, r in before) / len(before)
        else:
            column, row, leaves = 0.0, -1.0 * leaves, leaves + 1
        places[id(node)] = node, (column, row)
    return places
