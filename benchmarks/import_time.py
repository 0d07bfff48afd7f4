"""What `import nnlearn` costs on top of `import numpy`: fresh processes, in pairs, in turn.

python -m benchmarks.import_time [pairs]
"""

import os
import statistics
import subprocess
import sys

TIMED = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def seconds(module: str) -> float:
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", TIMED.format(module)]
    done = subprocess.run(command, env=usual, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main(pairs: int = 25) -> float:
    seconds("nnlearn")  # compiles and warms the disk
    more = sorted(1000 * (seconds("nnlearn") - seconds("numpy")) for _ in range(pairs))
    low, middle, high = statistics.quantiles(more, n=4)
    print(f"import nnlearn: {middle:.0f} ms more than numpy (quartiles {low:.0f} to {high:.0f})")
    return middle


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
