"""Drives the workers in turn, A B C A B C ..., and takes ratios within each round.

A machine's speed changes from minute to minute, by more than libraries differ. So a figure is no
time but a ratio: nnlearn's time over the peer's, of the same round.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import quiet
from benchmarks.peers.worker import THREADS
from benchmarks.peers.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]
OURS = "nnlearn"
BACKENDS = ("torch", OURS, "autograd", "micrograd")
SCALAR, FORWARD_ONLY = "scalar", ("cnn_inference", "gpt_generation")
ALIKE = 2e-3  # by how much, relatively, the first losses of two backends may differ in float32


@dataclass(frozen=True)
class Settings:
    """How to measure. `block` is the length of one sample in seconds."""

    runs: int = 3
    rounds: int = 9
    block: float = 0.2
    patience: float = 2.0
    python: str = sys.executable
    peers_path: str = ""


class Worker:
    """A process at work; see worker.py."""

    def __init__(self, backend, workload, threads, settings):
        environment = os.environ | {"PYTHONWARNINGS": "ignore"}
        environment |= dict.fromkeys((THREADS, "OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
        if backend != OURS and settings.peers_path:
            environment["PYTHONPATH"] = settings.peers_path
        self.backend = backend
        self.process = subprocess.Popen(
            [settings.python, "-m", "benchmarks.peers.worker", backend, workload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        self.first = self.read()

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"ended with code {self.process.wait()}"}

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.read()

    def close(self):
        self.process.communicate()  # closes its input, which ends it


def backends_of(workload):
    """Which backends know this workload, the base first."""
    if workload == SCALAR:
        return ("micrograd", OURS)
    return ("torch", OURS) if workload in FORWARD_ONLY else ("torch", OURS, "autograd")


def measure(workload, threads, settings, wanted=BACKENDS):
    """Measure once: {backend: times, one a round; peak memory; first losses; or its error}."""
    wanted = [b for b in backends_of(workload) if b in wanted]
    workers = [Worker(backend, workload, threads, settings) for backend in wanted]
    found = {worker.backend: {**worker.first, "times": []} for worker in workers}
    at_work = [worker for worker in workers if "error" not in worker.first]
    clock = "cpu" if threads == 1 else "wall"  # the first is blind to other programs
    for turn in range(settings.rounds):
        first = turn % max(1, len(at_work))
        for worker in at_work[first:] + at_work[:first]:
            if threads > 1:
                time.sleep(0.06)  # let the last one's idle threads fall asleep
                quiet.wait(settings.patience)
            steps = max(1, int(settings.block / worker.first["once"]))
            found[worker.backend]["times"].append(worker.ask("run", steps)[clock])
    for worker in at_work:
        found[worker.backend]["peak"] = worker.ask("memory")["peak"]
    for worker in workers:
        worker.close()
    return found


def figure(workload, threads, runs):
    """Sum up runs of `measure`: nnlearn against each peer that was there."""
    base, goals = WORKLOADS[workload].base, WORKLOADS[workload].goals
    result = {"workload": workload, "threads": threads, "goal": goals[threads - 1], "against": {}}
    result["errors"] = {b: found["error"] for r in runs for b, found in r.items() if failed(found)}
    runs = [run for run in runs if not failed(run[OURS])]
    if not runs:
        return result
    result["ms"] = 1000 * statistics.median(t for run in runs for t in run[OURS]["times"])
    result["peak_mb"] = statistics.median(run[OURS]["peak"] for run in runs)
    for peer in runs[0]:
        pairs = [(run[OURS], run[peer]) for run in runs if not failed(run[peer])]
        if peer != OURS and pairs:
            result["against"][peer] = compare(pairs)
    result["base"] = base if base in result["against"] else None
    return result


def failed(found):
    return "error" in found


def compare(pairs):
    """Median of the runs' medians, quartiles over all rounds; and whether both did the same.

    Each pair is one run: what `measure` found of nnlearn, and of the peer.
    """
    ratios = [[x / y for x, y in zip(a["times"], b["times"], strict=True)] for a, b in pairs]
    low, _, high = statistics.quantiles([r for run in ratios for r in run], n=4)
    first = zip(*(found["losses"] for found in pairs[0]), strict=True)
    return {
        "ratio": statistics.median(map(statistics.median, ratios)),
        "runs": list(map(statistics.median, ratios)),
        "quartiles": [low, high],
        "ms": 1000 * statistics.median(t for _, b in pairs for t in b["times"]),
        "peak_mb": statistics.median(b["peak"] for _, b in pairs),
        "memory": statistics.median(a["peak"] / b["peak"] for a, b in pairs),
        "same_losses": all(abs(x - y) <= ALIKE * max(1, abs(y)) for x, y in first),
    }
