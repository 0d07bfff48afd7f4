"""One run of a program, forward and back, as a film: what is known after step t.

Steps 1 to n compute the n operations; the next one starts backward; then each goes along one edge.

Lessons: 07.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnlearn.demos import backprop_words as say
from nnlearn.demos.backprop_layout import Layout
from nnlearn.demos.backprop_patients import Send, agree
from nnlearn.demos.backprop_record import Recording
from nnlearn.demos.numerals import shown

PENDING = "not computed"


@dataclass(frozen=True)
class Pass:
    """A recording, its way back, and the gradients at the end (`final`, one for each node)."""

    rec: Recording
    way: Sequence[Send]
    final: Sequence[float]
    places: Layout

    @property
    def forward(self) -> int:
        """How many steps compute values."""
        return len(self.rec.operations)

    @property
    def length(self) -> int:
        return self.forward + len(self.way)

    def last(self, t: int) -> Send | None:
        """The step back that was just made."""
        return self.way[t - self.forward - 1] if t > self.forward else None

    def next(self, t: int) -> Send | None:
        """The step back that comes next, if it goes along an edge."""
        send = self.way[t - self.forward] if self.forward <= t < self.length else None
        return send if send is not None and send.k >= 0 else None

    def known(self, t: int) -> list[bool]:
        """Whose value is computed? What was put in, and the first t operations."""
        done = set(self.rec.operations[:t])
        return [not node.made or i in done for i, node in enumerate(self.rec.nodes)]

    def held(self, t: int) -> list[float | None]:
        """The gradient of each node so far; None while nothing has arrived."""
        if t >= self.length:
            return list(self.final)
        held: list[float | None] = [None] * len(self.rec.nodes)
        for send in self.way[: max(0, t - self.forward)]:
            held[send.target] = send.holds
        return held

    def arrived(self, t: int) -> list[int]:
        """How many gradients have arrived at each node."""
        count = [0] * len(self.rec.nodes)
        for send in self.way[: max(0, t - self.forward)]:
            count[send.target] = send.arrived
        return count

    def phase(self, t: int) -> str:
        if t >= self.length:
            return "done"
        return "back" if t > self.forward else "forward" if t else "start"

    def card(self, t: int) -> list[str]:
        """The step that was just made, in a few lines."""
        if send := self.last(t):
            if send.k < 0:
                return say.start(self.rec, send)
            return say.back(self.rec, send, self.rec.uses[send.target])
        if t:
            return say.forward(self.rec, self.rec.operations[t - 1])
        return ["The inputs are there, nothing is computed yet.", "Step computes one operation."]

    def lit(self, t: int) -> dict[str, Any]:
        """What the step touches: nodes, an edge, lines of code. All are lit together."""
        if not t:
            return {"nodes": [], "edge": None, "lines": None}
        send = self.last(t)
        i = self.rec.operations[t - 1] if send is None else send.node
        edge = [send.node, send.k] if send is not None and send.k >= 0 else None
        nodes = [i] if send is None else sorted({i, send.target})
        return {"nodes": nodes, "edge": edge, "lines": self.rec.nodes[i].lines}

    def nodes(self, t: int, marks: dict[int, bool | None]) -> list[dict[str, Any]]:
        """Each node for the picture; `marks` says of checked ones whether they agree."""
        held, arrived, known = self.held(t), self.arrived(t), self.known(t)
        return [
            {"name": node.name, "called": say.name_of(self.rec, i), "op": node.op,
             "label": say.label(node), "made": node.made, "given": node.given,
             "value": node.value if known[i] else None, "grad": held[i], "lines": node.lines,
             "arrived": arrived[i], "uses": max(1, self.rec.uses[i]), "agrees": marks.get(i),
             "at": self.places.at[i]}
            for i, node in enumerate(self.rec.nodes)
        ]  # fmt: skip

    def edges(self, t: int) -> list[dict[str, Any]]:
        """Each edge: its ends, its bends, its side of its like, and what was multiplied so far."""
        sent = {(s.node, s.k): s for s in self.way[: max(0, t - self.forward)]}
        made = []
        for i, k in self.rec.edges:
            send, inputs = sent.get((i, k)), self.rec.nodes[i].inputs
            same = [n for n, x in enumerate(inputs) if x == inputs[k]]  # two in e * e
            made.append({"node": i, "k": k, "input": inputs[k],
                         "bends": self.places.bends[i, k],
                         "side": same.index(k) - (len(same) - 1) / 2,
                         "slope": send.slope if send else None,
                         "product": send.product if send else None})  # fmt: skip
        return made

    def graph(self, t: int, marks: dict[int, bool | None]) -> dict[str, Any]:
        """All that the picture, the code and the card show after step t."""
        ask = self.next(t)
        return {
            "nodes": self.nodes(t, marks), "edges": self.edges(t), "columns": self.places.columns,
            "rows": self.places.rows, "code": self.rec.code, "note": self.rec.note,
            "phase": self.phase(t), "card": self.card(t), "lit": self.lit(t),
            "length": self.length,
            "ask": say.question(self.rec, ask.node, ask.k) if ask else None,
        }  # fmt: skip

    def sentence(self, t: int, program: str) -> str:
        """The step that was just made; before the first, what there is; at the end, all of it."""
        if not t:
            return say.opening(self.rec, program)
        if t >= self.length:
            return say.ending(self.rec, self.final) + self.unlike()
        return say.step(self.rec, self.last(t), self.card(t))

    def unlike(self) -> str:
        """Where the gradients at the end are not those of the steps: a backward of one's own."""
        for i, node in enumerate(self.rec.live):
            if not agree(float(node.grad), self.final[i]):
                name = say.name_of(self.rec, i)
                return (f" Your backward ends with {shown(self.final[i])} for {name}, "
                        f"the steps with {shown(float(node.grad))}.")  # fmt: skip
        return ""

    def rows(self, t: int) -> list[dict[str, Any]]:
        """The picture as a table, a row for each node."""
        return [
            {"node": node["called"], "made by": node["label"] if node["made"] else "input",
             "line": node["lines"][0] if node["lines"] else "–",
             "value": PENDING if node["value"] is None else node["value"],
             "gradient": PENDING if node["grad"] is None else node["grad"],
             "arrived": f"{node['arrived']} of {node['uses']}"}
            for node in self.nodes(t, {})
        ]  # fmt: skip
