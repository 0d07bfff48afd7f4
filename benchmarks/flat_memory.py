"""Whether a process that trains for 1,000 steps holds more memory at the end than after 100.

python -m benchmarks.flat_memory [workload ...]
"""

import sys

from benchmarks.peers.driver import OURS, Settings, Worker
from benchmarks.peers.workloads import WORKLOADS

EARLY, STEPS = 100, 1000


def growth(workload, settings=Settings()):  # noqa: B008 - it is frozen
    """Return by how many megabytes the peak rose between the two."""
    worker = Worker(OURS, workload, 1, settings)
    if "error" in worker.first:
        worker.close()
        return None
    worker.ask("run", EARLY)
    before = worker.ask("memory")["peak"]
    worker.ask("run", STEPS - EARLY)
    after = worker.ask("memory")["peak"]
    worker.close()
    return after - before


def main(workloads=tuple(WORKLOADS), settings=Settings()):  # noqa: B008
    print(f"\nPeak memory after {STEPS} steps, above that after {EARLY}:")
    found = {}
    for workload in workloads:
        rise = growth(workload, settings)
        if rise is not None:
            print(f"  {WORKLOADS[workload].title:52} {rise:5.1f} MB", flush=True)
            found[workload] = rise
    return found


if __name__ == "__main__":
    main(*([sys.argv[1:]] if sys.argv[1:] else []))
