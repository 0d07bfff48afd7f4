"""What nbval's events mean, in words for the learner."""

import re

from nnlearn.course.sandbox import Limits


def why_stopped(event: dict, limits: Limits) -> str:
    status, code = event["status"], event.get("code")
    at = f' (at "{event["line"]}")' if event.get("line") else ""
    if status == "capped":
        return f"stopped: the whole check took longer than {limits.total:g} s"
    if status == "timeout" and code is None:
        return f"still running after {limits.cell:g} s{at}: does a loop never end?"
    if status == "timeout":
        return (
            f"still running after {limits.cell:g} s, and an interrupt did not stop it: "
            "a bare `except:` in a loop that never ends?"
        )
    if status == "memory":
        return (
            f"asked for too much memory, more than {limits.memory / 2**30:.3g} GiB: "
            "does an array grow in a loop, or become (N, N) where (N,) was meant?"
        )
    how = f"signal {-code}" if code and code < 0 else f"exit code {code}"
    return f"the kernel stopped ({how}): your code called os._exit, or crashed Python itself"


ADVICE = {
    "EOFError": "called input(): take the value as an argument instead",
    "SystemExit": "called sys.exit, exit or quit: a function hands back its result with `return`",
    "MemoryError": "asked for too much memory: is an array far larger than it should be?",
    "RecursionError": "called itself without end: which case ends the recursion?",
}


def advice(report: str) -> str:
    for name, words in ADVICE.items():
        if f"{name}:" in report:
            return f"\n  your code  {words}"
    return ""


def error(event: dict) -> str:
    name, value = event["ename"], event["evalue"]
    if name in ADVICE:
        return f"{ADVICE[name]} ({name})"
    value = re.sub(r"\(.*?, line (\d+)\)$", r"(line \1)", value)
    return f"{name}: {value}" if value else name
