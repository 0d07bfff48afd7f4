#!/usr/bin/env python3
"""Measure how long a demo takes from an input to changed pixels, in a real JupyterLab.

    python -m benchmarks.demo_latency [--steps 40] [--max-median 100] [--max-p95 200]

Each demo is opened in Chromium in a private JupyterLab. One input is changed at a time (an arrow
key on a slider, a line dragged, a pixel painted); the clock runs in the page, from the event to the
first animation frame after the picture was painted. Exit status 1 when a demo is over a limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from typing import Any

from tests.browser.lab import Lab, Notebook, opened

SCENES = {
    "activation_bench, probe by arrow key": (
        "ActivationBench(predict=False)", ".nnl-handle", "ArrowRight ArrowLeft"),
    "activation_bench, 30 layers, scale": (
        "ActivationBench(name='gelu', depth=30, predict=False)",
        "input[type=range][max='4']", "ArrowRight ArrowLeft"),
    "descent_terrain, rate by arrow key": (
        "DescentTerrain(predict=False)",
        ".nnl-row:has-text('Learning rate') input[type=range]", "ArrowRight ArrowLeft"),
    "descent_terrain, start by arrow key": (
        "DescentTerrain(surface='weather', batch_size=16, predict=False)", ".nnl-handle",
        "ArrowRight ArrowLeft"),
    "descent_terrain, race after 400 steps": (
        "DescentTerrain(surface='weather', view='race', run_for='1000 updates', predict=False);"
        "demo.run(400)", ".nnl-row:has-text('Steps a frame') input[type=range]",
        "ArrowRight ArrowLeft"),
    "descent_terrain, full map": (
        "DescentTerrain(surface='weather', view='map', predict=False); demo.fill()",
        ".nnl-handle", "ArrowRight ArrowLeft"),
    "function_builder, a knee by arrow key": (
        "FunctionBuilder(units=11, predict=False)", ".nnl-handle[tabindex='0']",
        "ArrowUp ArrowDown"),
    "function_builder, 40 neurons by your loops": (
        "FunctionBuilder(hinges, units=40, predict=False)", ".nnl-handle[tabindex='0']",
        "ArrowUp ArrowDown"),
    "neuron_lab, w1 by arrow key": (
        "NeuronLab(predict=False)", "input[type=range]", "ArrowRight ArrowLeft"),
    "neuron_lab, line by arrow key": (
        "NeuronLab(predict=False)", ".nnl-handle", "ArrowUp ArrowDown"),
    "neuron_lab, your loop neuron": (
        "NeuronLab(lambda x, w, b: sum(a * c for a, c in zip(x, w)) + b, predict=False)",
        "input[type=range]", "ArrowRight ArrowLeft"),
    "neuron_lab, 100 irises": (
        "NeuronLab(task=(X, y), predict=False)", "input[type=range]", "ArrowRight ArrowLeft"),
    "regularise_lab, dropout by arrow key": (
        "RegulariseLab(predict=False); demo.run(100)",
        ".nnl-row:has-text('Dropout p') input[type=range]", "ArrowRight ArrowLeft"),
    "regularise_lab, dropout left on": (
        "RegulariseLab(p=0.5, mode='train mode (a mistake)', predict=False); demo.run(100)",
        ".nnl-row:has-text('Dropout p') input[type=range]", "ArrowRight ArrowLeft"),
    "regularise_lab, 50 thinned networks": (
        "RegulariseLab(p=0.5, mode='50 thinned networks', predict=False); demo.run(100)",
        ".nnl-row:has-text('Dropout p') input[type=range]", "ArrowRight ArrowLeft"),
    "signal_lab, 20 layers, gain by key": (
        "SignalLab(predict=False); demo.run(20)", "input[type=range]", "ArrowRight ArrowLeft"),
    "signal_lab, 30 layers of 256": (
        "SignalLab(predict=False, depth=30, width=256); demo.run(30)",
        "input[type=range]", "ArrowRight ArrowLeft"),
    "signal_lab, a bias by key": (
        "SignalLab(show='weights as pictures', predict=False)",
        ".nnl-row:has-text('Bias b') input[type=range]", "ArrowRight ArrowLeft"),
    "loss_sculptor, point by arrow key": (
        "LossSculptor(predict=False)", ".nnl-handle[tabindex='0']", "ArrowUp ArrowDown"),
    "loss_sculptor, your loop loss": (
        "LossSculptor(loops, predict=False)", ".nnl-handle[tabindex='0']", "ArrowUp ArrowDown"),
    "backprop_stepper, a number, pass done": (
        "BackpropStepper('two neurons and a loss', predict=False); demo.act('finish')",
        ".nbs-numbers input", "ArrowUp ArrowDown"),
    "backprop_stepper, scrub": (
        "BackpropStepper('two neurons and a loss', predict=False); demo.act('finish')",
        ".nnl-scrub", "ArrowLeft ArrowRight"),
    "backprop_stepper, your backward": (
        "BackpropStepper('a value used twice', backward=mine, predict=False); "
        "demo.act('finish')", ".nbs-numbers input", "ArrowUp ArrowDown"),
    "training_clinic, a test by Enter": (
        "TrainingClinic(predict=False); demo.order('gradients'); demo.order('classes'); "
        "demo.order('look')", ".ntc-order[data-test='look']", "Enter"),
    "playground, weight by arrow key": (
        "Playground(data='xor', hidden=(8,), predict=False); demo.run(60)", ".npg-terms input",
        "ArrowUp ArrowDown"),
    "playground, 2-8-8-1, probe by arrow key": (
        "Playground(data='spirals', hidden=(8, 8), predict=False); demo.run(60)",
        ".npg-map .nnl-handle", "ArrowRight ArrowLeft"),
    "playground, two runs, probe by arrow key": (
        "Playground(data='spirals', hidden=(8, 8), predict=False); demo.run(60);"
        "demo.act('compare', on=True)",
        ".npg-map .nnl-handle:visible", "ArrowRight ArrowLeft"),
    "data_painter, points": ("DataPainter()", ".nnl-pad", "Space"),
    "data_painter, 28 x 28 pixels": (
        "DataPainter('pixels', size=28)", ".nnl-pad", "Space"),
}  # fmt: skip
SETUP = """import numpy as np
from nnlearn.demos import *
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
X, y = X[:100, [0, 2]], y[:100]
def mine(root):
    root.backward()
def hinges(knots, heights):
    slopes = [(b - a) / (t - s) for a, b, s, t in zip(heights, heights[1:], knots, knots[1:])]
    turns = [b - a for a, b in zip([0.0, *slopes], [*slopes, 0.0])]
    return np.ones((len(knots), 1)), -knots, np.array([turns]), heights[:1]
def loops(y_hat, y, delta):
    e = [a - b for a, b in zip(y_hat, y)]
    pull = [max(-delta, min(delta, v)) for v in e]
    return sum(p * (v - p / 2) for p, v in zip(pull, e)) / len(e), np.array(pull) / len(e)
"""
# from keydown to the frame after the one in which the shell painted (data-drawn changed)
CLOCK = """(root) => { window.times = []; let from = 0;
    root.addEventListener('keydown', () => { from = performance.now(); }, true);
    new MutationObserver(() => { if (!from) return; const began = from; from = 0;
      requestAnimationFrame(() => { const channel = new MessageChannel();
        channel.port1.onmessage = () => times.push(performance.now() - began);
        channel.port2.postMessage(0); }); })
      .observe(root, { attributeFilter: ['data-drawn'] }); }"""


def measure(
    lab: Lab, page: Any, number: int, scene: tuple[str, str, str], steps: int
) -> list[float]:
    code, target, keys = scene
    book = Notebook(lab, page, f"latency-{number}", [SETUP, f"demo = {code}\ndemo"])
    if book.errors:
        raise SystemExit(f"{code}: {book.errors[0]}")
    view = book.demo()
    page.evaluate(CLOCK, view.root.element_handle())
    view.root.locator(target).first.focus()
    key = keys.split()
    for i in range(steps + 3):
        if key == ["Space"]:
            page.keyboard.press("ArrowRight" if i % 16 < 12 else "ArrowDown")
            page.wait_for_timeout(20)
        page.keyboard.press(key[i // 8 % len(key)])
        page.wait_for_function("n => times.length >= n", arg=i + 1)
    times = page.evaluate("() => times")[3:]
    book.close()
    return times


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--steps", type=int, default=40)
    options.add_argument("--max-median", type=float, default=100)
    options.add_argument("--max-p95", type=float, default=200)
    chosen = options.parse_args()
    over = False
    with opened(viewport={"width": 1280, "height": 1000}) as (lab, page):
        print(f"{'demo':38} {'median':>8} {'p95':>8} {'max':>8}   load")
        for number, (name, scene) in enumerate(SCENES.items()):
            times = sorted(measure(lab, page, number, scene, chosen.steps))
            median, p95 = statistics.median(times), times[int(0.95 * (len(times) - 1))]
            over |= median > chosen.max_median or p95 > chosen.max_p95
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
            print(f"{name:38} {median:5.0f} ms {p95:5.0f} ms {times[-1]:5.0f} ms   {load:.1f}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
