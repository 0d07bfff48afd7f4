"""`import nnlearn` loads numpy and the standard library, quickly, and no plotting."""

import statistics
import subprocess
import sys

ALLOWED = {"nnlearn", "numpy"}


def fresh(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_only_numpy_and_the_standard_library():
    loaded = fresh(
        "import sys; before = set(sys.modules); import nnlearn;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(*(new - set(sys.stdlib_module_names)))"
    )
    assert set(loaded.split()) == ALLOWED


def test_costs_little_more_than_numpy():
    code = "import time, numpy; t = time.process_time(); import nnlearn; "
    times = [float(fresh(code + "print(time.process_time() - t)")) for _ in range(5)]
    # The goal is 60 ms on a quiet machine (benchmarks measure it); this catches a heavy import.
    assert min(times) < 0.15, statistics.median(times)


def test_the_usual_names():
    fresh(
        "import nnlearn as T; from nnlearn import nn, optim; import nnlearn.nn.functional as F;"
        "T.nn, T.optim, T.data, T.Tensor, T.manual_seed, T.no_grad, T.relu, F.relu;"
        "from nnlearn import *; tensor, zeros"
    )
