"""The past of a demo in bounded room: at most 200 snapshots, thinned by powers of two.

Lessons: 00, 01.
"""

from __future__ import annotations

from typing import Any


class Timeline:
    """Snapshots by step number; always holds step 0 and the newest.

    When it is full every second snapshot goes. What lies between two kept ones is reached by
    replaying the few steps from the one before, which gives the same numbers bit for bit.

    Example
    -------
    >>> past = Timeline(limit=4)
    >>> for t in range(10):
    ...     past.put(t, f"state {t}")
    >>> past.times
    (0, 4, 8, 9)
    >>> past.before(7)
    (4, 'state 4')
    """

    def __init__(self, limit: int = 200) -> None:
        self.limit = limit
        self._kept: dict[int, Any] = {}
        self._stride = 1

    @property
    def times(self) -> tuple[int, ...]:
        return tuple(self._kept)

    @property
    def last(self) -> int:
        return max(self._kept, default=0)

    def clear(self) -> None:
        self._kept, self._stride = {}, 1

    def put(self, t: int, snapshot: Any) -> None:
        """Keep `snapshot` as step `t`; whatever was kept for later steps is forgotten."""
        first = min(self._kept, default=t)
        self._kept = {k: v for k, v in self._kept.items() if k < t and self._stays(k, first)}
        self._kept[t] = snapshot
        while len(self._kept) > self.limit:
            self._stride *= 2
            self._kept = {k: v for k, v in self._kept.items() if self._stays(k, first) or k == t}

    def before(self, t: int) -> tuple[int, Any]:
        """The newest snapshot at step `t` or before."""
        at = max((k for k in self._kept if k <= t), default=min(self._kept))
        return at, self._kept[at]

    def _stays(self, t: int, first: int) -> bool:
        return t == first or t % self._stride == 0
