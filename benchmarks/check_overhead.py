"""What `nnlearn check 01` costs, all solved, against a bare nbval run of the same notebook.

    python -m benchmarks.check_overhead [pairs]

Each pair runs one after the other, in turns first and second; the figure is the median ratio.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from nnlearn.course.build import solution_notebook
from nnlearn.course.paths import course_root

STEM = "01_neurons"
LIMIT = 1.5


def seconds(command: list[str], folder: Path) -> float:
    environment = {**os.environ, "NNLEARN_HOME": str(folder / "home")}
    environment["NNLEARN_COURSE"] = str(course_root())
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def main(pairs: int = 5) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / f"{STEM}.ipynb"
        nbformat.write(solution_notebook(STEM), file)
        python = [sys.executable, "-m"]
        bare = [*python, "pytest", "-q", "--nbval-lax", "--nbval-current-env", str(file)]
        check = [*python, "nnlearn.cli", "check", "--submission", str(file)]
        taken = []
        for i in range(pairs):
            order = ("bare", "check") if i % 2 else ("check", "bare")
            commands = {"bare": bare, "check": check}
            taken.append({which: seconds(commands[which], folder) for which in order})
    ratio = statistics.median(pair["check"] / pair["bare"] for pair in taken)
    for which in ("bare", "check"):
        print(f"{which:6} {statistics.median(pair[which] for pair in taken):.2f} s")
    print(f"ratio  {ratio:.2f} (median of {pairs} pairs; at most {LIMIT})")
    return ratio


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])) > LIMIT)
