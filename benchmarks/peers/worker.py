"""One process: one backend at one workload. Commands and answers are lines of JSON.

It is started by driver.py, as `python -m benchmarks.peers.worker BACKEND WORKLOAD`.
"""

import json
import os
import platform
import sys
import time
from importlib import metadata

from benchmarks.peers.workloads import WORKLOADS

THREADS = "OPENBLAS_NUM_THREADS"


def with_torch(workload):
    import torch

    from benchmarks.peers.pytorch_source import BUILDERS, Library

    torch.set_num_threads(int(os.environ[THREADS]))
    return BUILDERS[workload](Library("torch"), WORKLOADS[workload].spec())


def with_nnlearn(workload):
    if workload == "scalar":
        from benchmarks.peers.scalar_engines import nnlearn

        return nnlearn(WORKLOADS[workload].spec())
    if workload == "gpt_generation":
        from benchmarks.peers.own_generation import generation

        return generation(WORKLOADS[workload].spec())
    from benchmarks.peers.pytorch_source import BUILDERS, Library

    return BUILDERS[workload](Library("nnlearn"), WORKLOADS[workload].spec())


def with_autograd(workload):
    from benchmarks.peers.hips_autograd import BUILDERS

    return BUILDERS[workload](WORKLOADS[workload].spec())


def with_micrograd(workload):
    from benchmarks.peers.scalar_engines import micrograd

    return micrograd(WORKLOADS[workload].spec())


BUILDERS = {
    "torch": with_torch,
    "nnlearn": with_nnlearn,
    "autograd": with_autograd,
    "micrograd": with_micrograd,
}


def peak_megabytes():
    """Return the most memory that this process has held so far."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except OSError:  # not Linux
        import resource

        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def begin(backend, workload):
    """Build the step, run it four times; the losses show whether all backends do the same."""
    step = BUILDERS[backend](workload)
    losses = [float(step()) for _ in range(4)]
    started = time.perf_counter()
    step()
    once = time.perf_counter() - started
    names = {"python": platform.python_version()}
    names |= {name: metadata.version(name) for name in ("numpy", backend) if name != "nnlearn"}
    return step, {"losses": losses, "once": once, "versions": names}


def run(step, steps):
    """Time some steps, after one that is not counted."""
    step()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"wall": wall / steps, "cpu": cpu / steps}


def main(backend, workload):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not mix with the answers

    def answer(found):
        print(json.dumps(found), file=answers, flush=True)

    try:
        step, first = begin(backend, workload)
    except Exception as error:  # said in the report; the other backends go on
        answer({"error": f"{type(error).__name__}: {error}"})
        return
    answer(first)
    for line in sys.stdin:
        command, *steps = line.split()
        answer(run(step, int(steps[0])) if command == "run" else {"peak": peak_megabytes()})


if __name__ == "__main__":
    main(*sys.argv[1:])
