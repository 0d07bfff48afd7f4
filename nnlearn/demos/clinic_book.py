"""The casebook: what was found so far, how well it was known, and what it taught in the end.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnlearn.demos.clinic_chart import Chart
from nnlearn.demos.clinic_program import Run, run
from nnlearn.demos.clinic_tests import TESTS, found
from nnlearn.demos.numerals import plainly


def score(charts: Sequence[Chart]) -> dict[str, int]:
    """Over all patients: named, with proof, at first go, cured, tests ordered."""
    known = [chart for chart in charts if chart.known]
    return {
        "named": len(known), "of": len(charts), "proved": sum(chart.proved for chart in known),
        "at first go": sum(not chart.refuted for chart in known),
        "cured": sum(chart.cured for chart in known),
        "tests": sum(len(chart.notes["tests"]) for chart in known),
    }  # fmt: skip


def casebook(charts: Sequence[Chart], seed: int) -> list[dict[str, Any]]:
    """A row for each patient whose fault is known: what it was, what shows it, how it was named."""
    return [
        {"patient": number, "fault": chart.fault.name, "shown": _shown(chart, seed),
         "how": _how(chart), "cured": chart.cured}
        for number, chart in enumerate(charts, 1) if chart.known
    ]  # fmt: skip


def _shown(chart: Chart, seed: int) -> str:
    test = chart.fault.proof
    return f"“{TESTS[test].name}”: {found(test, chart.fault.recipe(seed)).text}"


def _how(chart: Chart) -> str:
    how = "with proof" if chart.proved else "a lucky guess"
    if not chart.refuted:
        return f"{how}, at first go"
    return f"{how}, after: {'; '.join(dict.fromkeys(chart.refuted))}"


def closing(charts: Sequence[Chart], seed: int) -> str:
    """What the ward has taught, in its own numbers; empty until all are cured."""
    if not all(chart.cured for chart in charts):
        return ""
    all_, at = score(charts), {chart.key: n for n, chart in enumerate(charts, 1)}
    its: Mapping[str, Run] = {chart.key: run(chart.fault.recipe(seed)) for chart in charts}

    def ends(key: str, judged: bool = False) -> str:
        return plainly((its[key].val if judged else its[key].train)[-1])

    return (
        f"All {all_['of']} are cured; {all_['proved']} you named with proof, {all_['at first go']} "
        f"at first go, with {all_['tests']} tests. Flat is not finished: patient {at['slow']} lay "
        f"at {ends('slow')} because its steps were tiny, patient {at['dead']} at {ends('dead')} "
        f"because they had been huge. NaN is no broken computer: patient {at['burst']} took steps "
        f"that were too long. A low loss is no success: the {ends('leak', True)} of patient "
        f"{at['leak']} in validation was a leak, the {ends('few')} of patient {at['few']} in "
        f"training was learned by heart. And a gap is no illness: healthy patient {at['healthy']} "
        f"ended at {ends('healthy')} and {ends('healthy', True)}."
    )
