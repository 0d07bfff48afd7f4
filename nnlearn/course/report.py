"""What a learner reads when a check does not pass: a short report in place of a traceback."""

RED, BOLD, PLAIN = "\x1b[31m", "\x1b[1m", "\x1b[0m"


class CheckFailed(AssertionError):
    """An answer did not pass. The text is the whole report, its first line the headline."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines where it would print a traceback.
        headline, *rest = str(self).split("\n")
        return [f"{RED}{BOLD}✗ {headline}{PLAIN}", *rest]


class NotStarted(CheckFailed):
    """The answer cell still holds the stub that it came with."""

    def _render_traceback_(self) -> list[str]:
        headline, *rest = str(self).split("\n")
        return [f"{BOLD}○ {headline}{PLAIN}", *rest]
