"""Where the nodes of a graph stand: columns from left to right, no overlaps, few crossings.

The classic steps of a layered drawing (Sugiyama, Tagawa and Toda, 1981): give each node a column,
give a long edge a place in every column that it crosses, order the columns so that edges cross
little, then move everything as near to its neighbours as the order allows.

Lessons: 07.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE, BEND = 1.0, 0.5  # how much room a node and a passing edge take in a column
TWINS = 0.4  # how much further a column stands that two edges from the same node lead to
SWEEPS = 8


@dataclass(frozen=True)
class Layout:
    """`at[i]` is (column, row) of node i; `bends[(i, k)]` the places that its k-th edge passes.

    Edge (i, k) leads from input k of node i to node i; its bends stand in that direction.
    """

    at: list[tuple[float, float]]
    bends: dict[tuple[int, int], list[tuple[float, float]]]
    columns: float
    rows: float


def layout(inputs: Sequence[Sequence[int]]) -> Layout:
    """Place a graph; `inputs[i]` are the nodes that node i was made from, all before i.

    >>> found = layout([(), (), (0, 1), (2, 0)])
    >>> [column for column, _ in found.at], found.columns
    ([0.0, 0.0, 1.0, 2.0], 3.0)
    """
    column = columns_of(inputs)
    size = [NODE] * len(inputs)
    links = list[tuple[int, int]]()  # between neighbouring columns
    chains = dict[tuple[int, int], list[int]]()
    for i, parts in enumerate(inputs):
        for k, x in enumerate(parts):
            chain = []
            before = x
            for between in range(column[x] + 1, column[i]):
                column.append(between)
                size.append(BEND)
                links.append((before, before := len(column) - 1))
                chain.append(before)
            links.append((before, i))
            chains[i, k] = chain
    order = _ordered(column, links)
    row = _rows(order, size, links)
    # two edges side by side, as in e * e, need more room for what stands on them
    twins = {column[i] for i, parts in enumerate(inputs) if len(set(parts)) < len(parts)}
    far = [c + TWINS * sum(t <= c for t in twins) for c in column]
    place = list(zip(far, row, strict=True))
    return Layout(
        place[: len(inputs)],
        {edge: [place[b] for b in chain] for edge, chain in chains.items()},
        max(far) + 1,
        max(row) + 1,
    )


def columns_of(inputs: Sequence[Sequence[int]]) -> list[int]:
    """A result stands right of its inputs, a leaf just left of its first user."""
    column = [0] * len(inputs)
    for i, parts in enumerate(inputs):
        if parts:
            column[i] = 1 + max(column[x] for x in parts)
    for i, parts in enumerate(inputs):
        users = [column[j] for j, used in enumerate(inputs) if i in used]
        if not parts and users:
            column[i] = min(users) - 1
    return column


def _ordered(column: list[int], links: list[tuple[int, int]]) -> list[list[int]]:
    """The nodes of each column from top to bottom, after sweeps that lessen the crossings."""
    order: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for i, c in enumerate(column):
        order[c].append(i)
    best, fewest = [list(part) for part in order], crossings(order, links)
    for sweep in range(SWEEPS):
        columns = range(len(order)) if sweep % 2 else reversed(range(len(order)))
        for c in columns:
            rank = {i: k for part in order for k, i in enumerate(part)}
            near = _neighbours(links)
            order[c].sort(key=lambda i: _mean([rank[j] for j in near.get(i, [])], rank[i]))
        count = crossings(order, links)
        if count < fewest:
            best, fewest = [list(part) for part in order], count
    return best


def crossings(order: list[list[int]], links: list[tuple[int, int]]) -> int:
    """How many pairs of edges between neighbouring columns cross."""
    rank = {i: k for part in order for k, i in enumerate(part)}
    column = {i: c for c, part in enumerate(order) for i in part}
    count = 0
    for n, (a, b) in enumerate(links):
        for c, d in links[:n]:
            if column[a] == column[c]:
                count += (rank[a] - rank[c]) * (rank[b] - rank[d]) < 0
    return count


def _rows(order: list[list[int]], size: list[float], links: list[tuple[int, int]]) -> list[float]:
    """Heights: near to the neighbours, never nearer to each other than their sizes allow."""
    near = _neighbours(links)
    row = [0.0] * len(size)
    for part in order:
        for k, i in enumerate(part):
            row[i] = k - (len(part) - 1) / 2
    for sweep in range(2 * SWEEPS):
        for part in order if sweep % 2 else reversed(order):
            wanted = [_mean([row[j] for j in near.get(i, [])], row[i]) for i in part]
            for i, y in zip(part, settle(wanted, [size[i] for i in part]), strict=True):
                row[i] = y
    top = min(y - (size[i] - NODE) / 2 for i, y in enumerate(row))
    return [y - top for y in row]


def settle(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The places nearest to those wanted that keep the order and the room of each.

    >>> settle([0.0, 0.0], [1.0, 1.0])
    [-0.5, 0.5]
    """
    offset = [0.0]
    for a, b in pairwise(sizes):
        offset.append(offset[-1] + (a + b) / 2)
    blocks: list[list[float]] = []  # [sum, count] of places that were pushed together
    for want, gap in zip(wanted, offset, strict=False):
        blocks.append([want - gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    level = [total / count for total, count in blocks for _ in range(int(count))]
    return [a + b for a, b in zip(level, offset, strict=False)]


def _neighbours(links: list[tuple[int, int]]) -> dict[int, list[int]]:
    near: dict[int, list[int]] = {}
    for a, b in links:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    return near


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
