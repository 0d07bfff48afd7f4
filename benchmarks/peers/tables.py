"""What is printed of each figure, and the table that the README quotes."""

import re

from benchmarks.peers.workloads import WORKLOADS

AUTOGRAD_GOAL, IMPORT_GOAL_MS, GROWTH_GOAL_MB = 2.5, 60, 1.0
MARKED = re.compile(r"(<!-- figures:[^>]*-->\n).*?(<!-- end of figures -->)", re.S)


def verdict(value, goal):
    """Say whether a figure is at most its goal, or by how much it misses it."""
    if goal is None:
        return ""
    if value <= goal:
        return f"goal {goal:.3g} met"
    return f"goal {goal:.3g} MISSED by {value / goal - 1:.0%}"


def lines_of(figure):
    """Describe one workload at one number of threads, a line for each peer."""
    workload = WORKLOADS[figure["workload"]]
    clock = "1 thread, processor time" if figure["threads"] == 1 else "2 threads, wall time"
    yield f"\n{workload.title}  [{clock}]"
    if "ms" in figure:
        yield f"  nnlearn    {figure['ms']:9.3f} ms  {figure['peak_mb']:5.0f} MB"
    for peer, found in figure["against"].items():
        low, high = found["quartiles"]
        yield (
            f"  {peer:10} {found['ms']:9.3f} ms  {found['peak_mb']:5.0f} MB   "
            f"ratio {found['ratio']:.3f} ({low:.3f} to {high:.3f})  memory {found['memory']:.2f}"
            + ("" if found["same_losses"] else "  LOSSES DIFFER")
        )
        if peer == figure["base"]:
            yield f"  {'':10} time: {verdict(found['ratio'], figure['goal'])}"
            if workload.memory_goal:
                yield f"  {'':10} memory: {verdict(found['memory'], workload.memory_goal)}"
        elif figure["threads"] == 1:
            yield f"  {'':10} time: {verdict(found['ratio'], 1 / AUTOGRAD_GOAL)}"
    for backend, error in figure["errors"].items():
        yield f"  {backend:10} left out: {error[:200]}"


def missed(report):
    """Name what misses its goal, or does other work than its peer."""
    if report.get("import_ms", 0) > IMPORT_GOAL_MS:
        yield f"import: {verdict(report['import_ms'], IMPORT_GOAL_MS)}"
    for name, rise in report.get("growth_mb", {}).items():
        if rise > GROWTH_GOAL_MB:
            yield f"{WORKLOADS[name].title}: {rise:.1f} MB more after 1,000 steps"
    for figure in report["figures"]:
        for line in lines_of(figure):
            if "MISSED" in line or "DIFFER" in line:
                title = WORKLOADS[figure["workload"]].title
                yield f"{title} [{figure['threads']}]: {' '.join(line.split())}"


def markdown(report):
    """The README's table: time and memory as shares of PyTorch's, and a sentence on the rest."""
    found = {(f["workload"], f["threads"]): f for f in report["figures"]}
    rows = ["| | 1 thread | 2 threads | memory |", "| --- | --- | --- | --- |"]
    for name, workload in WORKLOADS.items():
        if workload.base == "torch":
            one, two = (found[name, n]["against"]["torch"] for n in (1, 2))
            rows.append(
                f"| {workload.title} | {one['ratio']:.2f} | {two['ratio']:.2f} "
                f"| {one['memory']:.2f} |"
            )
    return "\n".join([opening(report), "", *rows, "", closing(report, found)]) + "\n"


def opening(report):
    torch, machine = report["versions"]["torch"].split("+")[0], report["machine"]
    return (
        f"nnlearn's time and peak memory as shares of PyTorch {torch}'s on the same "
        "work, from the same\nweights; below 1, nnlearn needs less. "
        f"Medians of {report['runs']} runs on {machine['cores']} cores of a processor of the kind\n"
        f"{machine['processor']}; on others the ratios differ."
    )


def closing(report, found):
    least = min(
        1 / f["against"]["autograd"]["ratio"]
        for f in found.values()
        if f["threads"] == 1 and "autograd" in f["against"]
    )
    scalar = 1 / found["scalar", 1]["against"]["micrograd"]["ratio"]
    return (
        f"Against HIPS autograd it is at least {least:.1f} times faster on each of these that "
        f"autograd can do, and `nnlearn.scalar`\n{scalar:.0f} times faster than micrograd. "
        f"`import nnlearn` takes {report['import_ms']:.0f} ms more than `import numpy`. "
        f"In 1,000 steps no process grew\nby more than {max(report['growth_mb'].values()):.1f} MB."
    )


def with_figures(text, report):
    """The README's text with its figures made anew."""
    if not MARKED.search(text):
        raise ValueError("the README has no place for figures: <!-- figures: ... -->")
    return MARKED.sub(lambda match: match[1] + markdown(report) + match[2], text)
