"""nnlearn against PyTorch, HIPS autograd and micrograd: the figures that the README quotes.

    python -m benchmarks.speed                       with the peers that are installed
    python -m benchmarks.speed --peers-path ../peers  with those in a folder of their own
    python -m benchmarks.speed --write               and put the table into the README
    python -m benchmarks.speed --quick               only to see that it runs

`benchmarks/peers/__init__.py` says how to install the peers, and where each part of this lies.
"""

import argparse
import json
import os
import platform
import sys
from datetime import date

from benchmarks import flat_memory, import_time
from benchmarks.peers import tables
from benchmarks.peers.driver import BACKENDS, OURS, ROOT, Settings, figure, measure
from benchmarks.peers.workloads import WORKLOADS

QUICK = {"runs": 1, "rounds": 2, "block": 0.01, "patience": 0.0}


def arguments(words):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=BACKENDS)
    parser.add_argument("--threads", nargs="+", type=int, choices=(1, 2), default=[1, 2])
    parser.add_argument("--runs", type=int, default=Settings.runs)
    parser.add_argument("--python", default=sys.executable, help="interpreter for all workers")
    parser.add_argument("--peers-path", default="", help="folder with torch, autograd, micrograd")
    parser.add_argument("--json", help="write all that was measured to this file")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--quick", action="store_true", help="one short run, one thread")
    chosen = parser.parse_args(words)
    if chosen.write and (chosen.quick or set(chosen.workloads) < set(WORKLOADS)):
        parser.error("--write takes whole runs of all workloads")
    return chosen


def processor():
    """Name the kind of processor; its full name, where the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = (line.split(":")[1].strip() for line in file if line.startswith("model name"))
            return next(names, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()


def measure_all(chosen, settings):
    """Yield the figure of every workload, when all of its runs are through."""
    for workload in chosen.workloads:
        for threads in [1] if chosen.quick or workload == "scalar" else chosen.threads:
            measured = [
                measure(workload, threads, settings, {OURS, *chosen.backends})
                for _ in range(settings.runs)
            ]
            yield figure(workload, threads, measured), measured[0]


def main(words=None):
    chosen = arguments(words)
    settings = Settings(
        python=chosen.python,
        peers_path=os.path.abspath(chosen.peers_path) if chosen.peers_path else "",
        **(QUICK if chosen.quick else {"runs": chosen.runs}),
    )
    machine = {"cores": os.cpu_count(), "processor": processor(), "system": platform.system()}
    report = {"date": str(date.today()), "runs": settings.runs, "machine": machine}
    report["versions"], report["figures"] = {}, []
    for found, first in measure_all(chosen, settings):
        print("\n".join(tables.lines_of(found)), flush=True)
        report["figures"].append(found)
        for backend in first.values():
            report["versions"] |= backend.get("versions", {})
    if not chosen.quick:
        report["import_ms"] = import_time.main()
        report["growth_mb"] = flat_memory.main(chosen.workloads, settings)
    print("\nNot as it should be:", *(list(tables.missed(report)) or ["nothing"]), sep="\n")
    if chosen.json:
        with open(chosen.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
    if chosen.write:
        readme = ROOT / "README.md"
        text = tables.with_figures(readme.read_text(encoding="utf-8"), report)
        readme.write_text(text, encoding="utf-8")
    return report


if __name__ == "__main__":
    main()
