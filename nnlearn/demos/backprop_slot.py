"""The place for the learner's own `backward(root)`: tried on small graphs in which mistakes show.

Lessons: 07.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnlearn.demos.backprop_patients import agree, backward
from nnlearn.demos.backprop_record import Engine
from nnlearn.demos.numerals import shown
from nnlearn.demos.slot import Case, Fault, Slot
from nnlearn.scalar import Value

Named = Mapping[str, Any]
DEPTH = 3000


def product(number: Engine) -> tuple[Any, Named]:
    x, w = number(3.0), number(-2.0)
    return x * w, {"x": x, "w": w}


def sum_of_products(number: Engine) -> tuple[Any, Named]:
    x, w, b = number(3.0), number(-2.0), number(0.0)
    p = x * w
    return p + b, {"x": x, "w": w, "b": b, "p": p}


def fan_out(number: Engine) -> tuple[Any, Named]:
    x, w = number(3.0), number(-2.0)
    return x * w + x, {"x": x, "w": w}


def square(number: Engine) -> tuple[Any, Named]:
    x = number(3.0)
    return x * x, {"x": x}


def diamond(number: Engine) -> tuple[Any, Named]:
    x, w = number(3.0), number(-2.0)
    h = x * w
    q = h * h
    return q * x + h, {"x": x, "w": w, "h": h, "q": q}


def mirrored(number: Engine) -> tuple[Any, Named]:
    x, w = number(3.0), number(-2.0)
    h = x * w
    q = h * h
    return h + q * x, {"x": x, "w": w, "h": h, "q": q}


def chain(number: Engine) -> tuple[Any, Named]:
    x, y = number(0.5), number(1.0)
    end = y
    for _ in range(DEPTH):
        end = end + x
    return end, {"x": x, "y": y}


@dataclass(frozen=True)
class BackwardSlot(Slot):
    """A slot for functions that fill `.grad`; a case is a graph and how often to go back.

    Example
    -------
    >>> SLOT.judge(backward).accepted
    True
    >>> SLOT.judge(lambda root: None).case
    'a product, x * w'
    """

    engine: Engine = Value

    def _try(self, fn: Callable[..., Any], case: Case) -> Fault | None:
        graph, times = case.args
        want, _ = self._run(self.reference, graph, times, Value)

        def wrong(message: str, mine: str) -> Fault:
            return Fault(message, words(want), mine)

        try:
            got, changed = self._run(fn, graph, times, self.engine)
        except NotImplementedError:
            return wrong("it is not written yet.", "not written yet")
        except RecursionError:
            return wrong("Python's stack is too small for so deep a graph: use a list and a loop "
                         "instead of calling itself.", "RecursionError")  # fmt: skip
        except Exception as problem:  # whatever a learner's code may raise is for the learner
            said = f"{type(problem).__name__}: {problem}"
            return wrong(f"it stopped with {said}", said)
        if changed:
            return wrong("it changed .data; a backward pass only fills .grad.", "changed .data")
        for name, right in want.items():
            if not isinstance(got[name], int | float) or not agree(float(got[name]), right):
                return wrong(f"the gradient of {name} differs.", words(got))
        return None

    @staticmethod
    def _run(
        fn: Callable[..., Any], graph: Callable[..., Any], times: int, engine: Engine
    ) -> tuple[dict[str, Any], bool]:
        root, named = graph(engine)
        before = [node.data for node in named.values()]
        for _ in range(times):
            fn(root)
        return ({name: node.grad for name, node in named.items()} | {"result": root.grad},
                before != [node.data for node in named.values()])  # fmt: skip


def words(found: Mapping[str, Any]) -> str:
    """Gradients by name, in a line."""
    return ", ".join(
        f"{name} {shown(float(g)) if isinstance(g, int | float) else repr(g)}"
        for name, g in found.items()
    )


CASES = (
    Case("a product, x * w", (product, 1)),
    Case("x * w + b with b = 0", (sum_of_products, 1)),
    Case("x used twice, x * w + x", (fan_out, 1)),
    Case("one number as both factors, x * x", (square, 1)),
    Case("order: h = x * w, q = h * h, then q * x + h", (diamond, 1)),
    Case("order: h = x * w, q = h * h, then h + q * x", (mirrored, 1)),
    Case("two passes, q * x + h: x and w add up, h and q start fresh", (diamond, 2)),
    Case(f"a chain of {DEPTH} sums", (chain, 1)),
)


def slot_for(engine: Engine = Value) -> BackwardSlot:
    return BackwardSlot("backward", backward, CASES, engine=engine)


SLOT = slot_for()


def name_of_code(code: Any) -> str:
    """What a function or class is called in a line of Python."""
    name = getattr(code, "__name__", type(code).__name__)
    return "your_function" if name == "<lambda>" else str(name)


def method_of(root: Any) -> None:
    """The engine's own method as the learner's function."""
    root.backward()
