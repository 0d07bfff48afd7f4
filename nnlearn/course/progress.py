"""What a learner has passed and which hints they took: one small local file, never lost.

The file is replaced whole (written beside, flushed, renamed), so a killed kernel leaves either
the old record or the new one. A damaged file is set aside under another name, with a word.
"""

import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from nnlearn.course.files import replace
from nnlearn.course.paths import home


class ProgressWarning(UserWarning):
    """The record could not be read or written; work goes on without it."""


@dataclass
class Progress:
    """The record: ids passed, attempts per id, hints taken per id."""

    file: Path
    passed: list[str] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | None = None) -> "Progress":
        file = (folder or home()) / "progress.json"
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            record = cls(file, data["passed"], data["attempts"], data["hints"])
            if not all(isinstance(x, str) for x in record.passed):
                raise TypeError("passed must hold exercise numbers")
            record.attempts = {str(k): int(v) for k, v in record.attempts.items()}
            record.hints = {str(k): int(v) for k, v in record.hints.items()}
            return record
        except FileNotFoundError:
            return cls(file)
        except OSError as error:
            warnings.warn(f"Progress cannot be read ({error.strerror}).", ProgressWarning, 2)
            return cls(file)
        except (ValueError, KeyError, TypeError, AttributeError):
            _set_aside(file)
            return cls(file)

    def note_attempt(self, id: str, passed: bool) -> None:
        """Count one try of exercise `id`, and remember if it passed."""
        self.attempts[id] = self.attempts.get(id, 0) + 1
        if passed and id not in self.passed:
            self.passed = sorted([*self.passed, id])
        self.save()

    def next_hint(self, id: str, available: int) -> int:
        """Take the next of `available` hints: its index, the last one again at the end."""
        taken = min(self.hints.get(id, 0) + 1, available)
        self.hints[id] = taken
        self.save()
        return taken - 1

    def save(self) -> None:
        data = {"passed": self.passed, "attempts": self.attempts, "hints": self.hints}
        write_whole(self.file, json.dumps(data, indent=1, sort_keys=True) + "\n")


def write_whole(file: Path, text: str) -> None:
    """Replace `file` at once or not at all; a read-only or full disk warns and goes on."""
    try:
        replace(file, text.encode())
    except OSError as error:
        warnings.warn(
            f"{file.name} could not be saved ({error.strerror}); going on without.",
            ProgressWarning,
            stacklevel=2,
        )


def _set_aside(file: Path) -> None:
    n = 1
    while (aside := file.with_name(f"progress.damaged-{n}.json")).exists():
        n += 1
    try:
        file.rename(aside)
        word = f"kept as {aside.name}; a new record begins"
    except OSError:
        word = "left where it is"
    warnings.warn(f"The progress file could not be understood: {word}.", ProgressWarning, 3)
