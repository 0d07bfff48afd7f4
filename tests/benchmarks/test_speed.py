"""The speed benchmark runs without any peer, tells like from unlike, and writes its table."""

import json
import math
from types import SimpleNamespace

import pytest

from benchmarks import flat_memory, speed
from benchmarks.peers import tables
from benchmarks.peers.driver import OURS, Settings, compare, figure, measure
from benchmarks.peers.own_generation import generation
from benchmarks.peers.pytorch_source import BUILDERS, Library
from benchmarks.peers.scalar_engines import nnlearn as scalar_engine
from benchmarks.peers.workloads import WORKLOADS

QUICK = Settings(**speed.QUICK)


@pytest.mark.parametrize("name", BUILDERS)
def test_nnlearn_runs_every_workload(name):
    spec = WORKLOADS[name].spec()
    step = BUILDERS[name](Library("nnlearn"), spec)
    first, second = float(step()), float(step())
    assert math.isfinite(first) and math.isfinite(second)
    if hasattr(spec, "optimizer") and "generation" not in name and "inference" not in name:
        assert second < first


def test_both_ways_to_generate_write_the_same():
    spec = WORKLOADS["gpt_generation"].spec()
    by_hand = BUILDERS["gpt_generation"](Library("nnlearn"), spec)
    assert generation(spec)() == by_hand()


def test_the_scalar_engine_learns_the_moons():
    step = scalar_engine(WORKLOADS["scalar"].spec())
    assert step() > step()


def test_nnlearn_against_itself():
    ours, again = (measure("small_mlp", 1, QUICK, {OURS})[OURS] for _ in range(2))
    assert len(ours["times"]) == 2 and ours["peak"] > 1 and "numpy" in ours["versions"]
    found = compare([(ours, again)])
    assert 0.1 < found["ratio"] < 10 and found["same_losses"]
    again["losses"][0] += 0.1
    assert not compare([(ours, again)])["same_losses"]


def test_a_peer_that_is_missing_is_left_out_and_named():
    runs = [{OURS: {"times": [1e-3], "peak": 40.0}, "torch": {"error": "No module", "times": []}}]
    text = "\n".join(tables.lines_of(figure("mlp", 1, runs)))
    assert "left out: No module" in text and "ratio" not in text


def test_memory_of_a_small_network_stays_flat(capsys):
    assert flat_memory.main(["small_mlp"], QUICK)["small_mlp"] < tables.GROWTH_GOAL_MB


def made_up(ratio):
    """A report as `speed.main` makes it, with the same ratio everywhere."""
    figures = []
    for name, workload in WORKLOADS.items():
        for threads in (1, 2):
            peers = [workload.base, "autograd"] if workload.base == "torch" else [workload.base]
            one = SimpleNamespace(ratio=ratio, quartiles=[ratio, ratio], ms=2.0, peak_mb=300.0)
            against = {p: vars(one) | {"memory": 0.2, "same_losses": True} for p in peers}
            goal = workload.goals[threads - 1]
            figures.append(
                {
                    "workload": name,
                    "threads": threads,
                    "goal": goal,
                    "against": against,
                    "errors": {},
                    "ms": 1.0,
                    "peak_mb": 60.0,
                    "base": workload.base,
                }
            )
    return {
        "runs": 3,
        "machine": {"cores": 2, "processor": "P"},
        "versions": {"torch": "2.13.0"},
        "figures": figures,
        "import_ms": 40.0,
        "growth_mb": {"mlp": 0.25},
    }


def test_what_misses_its_goal_is_named():
    assert not list(tables.missed(made_up(0.01)))
    found = list(tables.missed(made_up(0.5) | {"import_ms": 90}))
    assert any("small MLP" in line and "goal 0.17 MISSED by 194%" in line for line in found)
    assert any("single numbers" in line for line in found)
    assert found[0] == "import: goal 60 MISSED by 50%"


def test_the_table_goes_between_its_marks():
    page = "before\n<!-- figures: made by X -->\nold\n<!-- end of figures -->\nafter\n"
    report = json.loads(json.dumps(made_up(0.5)))
    text = tables.with_figures(page, report)
    assert "old" not in text and text.startswith("before") and text.endswith("after\n")
    assert text.count("| 0.50 | 0.50 | 0.20 |") == 11
    assert "at least 2.0 times faster" in text and "40 ms more" in text and "0.2 MB" in text
    assert tables.with_figures(text, report) == text
    with pytest.raises(ValueError, match="no place for figures"):
        tables.with_figures("no marks", report)


def test_the_command(monkeypatch, capsys, tmp_path):
    file = tmp_path / "report.json"
    words = ["--quick", "--workloads", "graph", "--backends", OURS, "--json", str(file)]
    speed.main(words)
    assert "200 products" in capsys.readouterr().out
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["figures"][0]["ms"] > 0 and report["machine"]["cores"]
    with pytest.raises(SystemExit):
        speed.main(["--write", "--quick"])
    assert "whole runs" in capsys.readouterr().err
