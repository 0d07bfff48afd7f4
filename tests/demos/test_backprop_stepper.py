"""D5: recording, gradients against nnlearn and nudges, pending is never 0, patients, backward."""

import doctest
import importlib
import itertools
import json
import math
import sys
import threading

import numpy as np
import pytest

from nnlearn.demos import BackpropStepper
from nnlearn.demos.backprop_guess import judge
from nnlearn.demos.backprop_layout import NODE, TWINS, layout
from nnlearn.demos.backprop_patients import (
    FAULTS,
    HEALTHY,
    PATIENTS,
    agree,
    backward,
    gradients,
    sends,
    users_first,
    walk,
)
from nnlearn.demos.backprop_programs import BIAS, PROGRAMS, TWICE
from nnlearn.demos.backprop_record import MOST_NODES, measure, record
from nnlearn.demos.backprop_slot import SLOT
from nnlearn.demos.backprop_words import written
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.gradcheck import numerical_gradient
from nnlearn.scalar import Value, dot

RNG = np.random.default_rng(7)


def stepper(*program, **more):
    return BackpropStepper(*program, predict=False, **more)


def header(demo):
    return unpack(demo.frame)[0]


def draw(names):
    """Random inputs, away from 0 and from each other."""
    values = RNG.uniform(0.4, 1.4, len(names)) * RNG.choice([-1, 1], len(names))
    return {name: float(round(v, 3)) for name, v in zip(names, values, strict=True)}


class Number:
    """A learner's engine, as small as the protocol allows."""

    def __init__(self, data, inputs=(), slopes=(), op=""):
        self.data, self.inputs, self.slopes, self.op = data, inputs, slopes, op
        self.grad = 0.0

    def _of(self, other):
        return other if isinstance(other, Number) else Number(other)

    def __add__(self, other):
        other = self._of(other)
        return Number(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other):
        other = self._of(other)
        return Number(self.data - other.data, (self, other), (1.0, -1.0), "-")

    def __mul__(self, other):
        other = self._of(other)
        return Number(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __pow__(self, p):
        return Number(self.data**p, (self,), (p * self.data ** (p - 1),), f"**{p}")

    def tanh(self):
        y = math.tanh(self.data)
        return Number(y, (self,), (1 - y * y,), "tanh")


class WrongTanh(Number):
    """Every number is one with a wrong slope of tanh."""

    def tanh(self):
        y = math.tanh(self.data)
        return Number(y, (self,), (1 - y,), "tanh")


# --- recording ------------------------------------------------------------------------------------


def total(x, w):
    total = x * w
    for part in (x, w):
        total = total + part
    parts = [total * 2, x]
    return (
        parts[0]
        + parts[1]
    )  # fmt: skip


def test_lines_and_names_are_found_without_a_hook_in_the_engine():
    rec = record(total, {"x": 2.0, "w": 3.0}, Value)
    told = [(n.name, n.op, n.lines and n.lines[0]) for n in rec.nodes]
    assert told == [
        ("x", "", None), ("w", "", None), ("total₁", "*", 2), ("total₂", "+", 4),
        ("total₃", "+", 4), ("parts[0]", "*", 5), ("", "+", 6),
    ]  # fmt: skip
    assert rec.nodes[-1].lines == (6, 9), "the whole statement"
    assert rec.code[1].strip() == "total = x * w"
    assert rec.uses == [3, 2, 1, 1, 1, 1, 0]


def test_a_helper_belongs_to_the_line_that_calls_it_and_the_trace_is_put_back():
    def squash(z):
        doubled = z + z
        return doubled.tanh()

    def program(x):
        h = squash(x)
        return h * h

    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        rec = record(program, {"x": 0.3}, Value)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert [(n.op, n.lines[0]) for n in rec.nodes if n.made] == [("+", 2), ("tanh", 2), ("*", 3)]


def test_the_trace_is_put_back_when_the_program_stops():
    before = sys.gettrace()
    with pytest.raises(DemoError, match="stopped with ZeroDivisionError"):
        stepper(lambda x: x / 0, inputs={"x": 1})
    assert sys.gettrace() is before


def test_it_records_on_any_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(stepper("two neurons and a loss")))
    thread.start()
    thread.join()
    assert next(n.lines for n in found[0].film.rec.nodes if n.made) == (2, 2)


def test_without_source_it_says_so_and_goes_on():
    space = {}
    exec("def program(x, w):\n    p = x * w\n    return p + x", space)
    demo = stepper(space["program"], inputs={"x": 2, "w": 3})
    assert "cannot be found" in demo.values()["note"] and demo.values()["code"] == ()
    demo.act("finish")
    assert "x 4, w 2" in str(demo)


def test_unused_results_and_unused_inputs_are_left_out():
    def program(x, w, unused):
        x.exp()
        return x * w

    demo = stepper(program, inputs={"x": 2, "w": 3, "unused": 1})
    assert [n.name for n in demo.film.rec.nodes] == ["x", "w", ""]
    demo.act("finish")
    demo.act("check")
    assert len(demo.checked) == 2


@pytest.mark.parametrize("length", [MOST_NODES, 400])
def test_too_big_is_refused_with_the_number(length):
    def program(x):
        for _ in range(length):
            x = x + 1
        return x

    with pytest.raises(DemoError, match=f"makes {length + 1} nodes, the picture holds 40"):
        stepper(program, inputs={"x": 1})


@pytest.mark.parametrize(
    ("program", "inputs", "word"),
    [
        (lambda x: None, {"x": 1}, "returned None"),
        (lambda x: (x * x).data, {"x": 1}, "not its .data"),
        (lambda x: [x * x], {"x": 1}, "returned list"),
        (lambda x: x * missing, {"x": 1}, "NameError"),  # noqa: F821
        (lambda x, w: x * w, {"x": 1}, 'inputs={"w": 0.5}'),
        (lambda x: x * x, {"x": 1, "z": 2}, "no input 'z'; it has x"),
        (lambda x: x * x, {"x": "one"}, "x must be a number"),
        (lambda x: x * x, {"x": float("nan")}, "give a number"),
        (lambda *x: x[0], {}, "by name"),
        (lambda: Value(1.0), {}, "1 to 12 inputs"),
        ("three neurons", None, "'one neuron'"),
        (7, None, "program is a function"),
        (lambda x: x.log(), {"x": -1}, "ValueError"),
    ],
)
def test_what_is_no_program_is_refused_with_a_repair(program, inputs, word):
    with pytest.raises(DemoError) as why:
        stepper(program, inputs=inputs)
    assert word in str(why.value)


def test_defaults_of_the_program_serve_as_inputs():
    def program(x=2.0, w=-1):
        return x * w

    assert dict(stepper(program).offer.inputs) == {"x": 2.0, "w": -1.0}
    assert dict(stepper(program, inputs={"w": 3}).offer.inputs) == {"x": 2.0, "w": 3.0}
    assert stepper("one neuron", inputs={"b": 1}).offer.inputs["b"] == 1


def test_a_program_may_return_its_input():
    demo = stepper(lambda x: x, inputs={"x": 3})
    demo.act("finish")
    assert demo.t == 1 and demo.film.held(1) == [1.0] and "x 1" in str(demo)


# --- gradients ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "engine"),
    [(name, None) for name in PROGRAMS]
    + [(name, Number) for name in PROGRAMS if name != "sigmoid by parts"],  # it has no exp
)
def test_gradients_are_nnlearns_and_the_nudges(name, engine):
    run = PROGRAMS[name].run
    for _ in range(20):
        inputs = draw(PROGRAMS[name].inputs)
        demo = stepper(name, inputs=inputs, engine=engine)
        demo.act("finish")
        mine = {n.name: g for n, g in zip(demo.film.rec.nodes, demo.film.final, strict=True)}
        leaves = {n: Value(v) for n, v in inputs.items()}
        run(**leaves).backward()
        nudged = numerical_gradient(
            lambda x, names=list(inputs): measure(run, dict(zip(names, x, strict=True)), Value),
            list(inputs.values()),
        )
        for (n, leaf), slope in zip(leaves.items(), nudged, strict=True):
            assert math.isclose(mine[n], leaf.grad, rel_tol=1e-12)
            assert math.isclose(mine[n], slope, rel_tol=1e-5, abs_tol=1e-8)
        demo.act("check")
        assert [row.agrees for row in demo.checked] == [True] * len(inputs)
        assert "agree" in str(demo)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_pending_is_none_and_said_in_words_never_0(name):
    demo = stepper(name)
    count = demo.film.length
    for t in range(count + 1):
        v, rows = demo.values(), demo.table()
        came = {s.target for s in demo.film.way[: max(0, t - demo.film.forward)]}
        done = demo.film.rec.operations[:t]
        for i, (node, row) in enumerate(zip(v["nodes"], rows, strict=True)):
            assert (node["grad"] is None) == (i not in came)
            assert (node["value"] is None) == (node["made"] and i not in done)
            assert (row["gradient"] == "not computed") == (node["grad"] is None)
            assert (row["value"] == "not computed") == (node["value"] is None)
        written = [text.get_text() for text in demo.picture().axes[0].texts]
        assert written.count("not computed") == len(rows) - len(came)
        assert not [text for text in written if text.startswith("grad 0") and "." not in text]
        sent = header(demo)["values"]["nodes"]
        assert [n["grad"] is None for n in sent] == [i not in came for i in range(len(sent))]
        if t < count:
            demo.step()
    assert demo.finished() and all(n["grad"] is not None for n in demo.values()["nodes"])


def test_a_real_gradient_of_0_is_drawn_as_0():
    demo = stepper(lambda x, w: (x * w).relu(), inputs={"x": -2, "w": 1})
    demo.act("finish")
    assert [n["grad"] for n in demo.values()["nodes"]] == [0.0, 0.0, 0.0, 1.0]
    texts = [text.get_text() for text in demo.picture().axes[0].texts]
    assert texts.count("grad 0") == 3 and "not computed" not in texts
    assert [row["gradient"] for row in demo.table()] == [0.0, 0.0, 0.0, 1.0]


def test_where_edges_meet_the_sum_grows_and_says_what_is_to_come():
    demo = stepper("a value used twice")
    said = []
    while not demo.finished():
        demo.step()
        said.append(demo.values()["card"][-1])
    at_h = [text for text in said if "arrived at h" in text]
    assert at_h[0] == "1 arrived at h, which now holds 1: one more to come"
    assert at_h[1] == "1.07 arrived at h, which now holds 2.07: all have arrived"


def test_each_step_back_tells_slope_and_product():
    demo = stepper()
    demo.run(12)
    assert demo.values()["card"] == [
        "slope of p + b with respect to b = 1 (a sum grows as much as each of its parts)",
        "gradient at z × slope = 0.183 × 1 = 0.183", "gradient of b = 0.183",
    ]  # fmt: skip
    edge = next(e for e in demo.values()["edges"] if [e["node"], e["k"]] == [5, 1])
    assert edge["slope"] == 1 and agree(edge["product"], demo.film.held(12)[2])
    assert demo.values()["lit"] == {"nodes": [2, 5], "edge": [5, 1], "lines": (3, 3)}


def test_time_goes_back_and_scrubs_and_rewinds():
    demo = stepper()
    demo.run(9)
    there = demo.values()
    demo.back()
    assert demo.t == 8 and demo.values() != there
    demo.goto(9)
    assert demo.values() == there
    demo.rewind()
    assert demo.t == 0 and demo.values()["phase"] == "start"
    with pytest.raises(DemoError, match="not in the past"):
        demo.goto(10)
    demo.run(500)
    assert demo.t == demo.film.length
    with pytest.raises(DemoError, match="nothing is left"):
        demo.play()


def test_another_number_makes_the_graph_anew_and_keeps_the_step():
    demo = stepper()
    demo.run(99)
    before = demo.film.final[1]
    demo.act("number", name="x", value=-1.5)
    assert demo.finished() and demo.film.final[1] != before
    demo.goto(3)
    demo.act("number", name="x", value=1.0)
    assert demo.t == 3 and demo._past.last == demo.film.length
    with pytest.raises(DemoError, match="no input 'q'"):
        demo.act("number", name="q", value=1)
    own = stepper(lambda x: x.log(), inputs={"x": 2})
    own.run(3)
    with pytest.raises(DemoError, match="stopped with"):
        own.act("number", name="x", value=-2)
    assert own.offer.inputs == {"x": 2.0} and own.finished(), "the last good number stays"


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "names"),
    [
        (lambda x, w: (x + w) * x, "(x + w) * x"),
        (lambda x, w: x - (w - x), "x - (w - x)"),
        (lambda x, w: x - w - x, "x - w - x"),
        (lambda x, w: (-x) ** 2, "(-x)**2"),
        (lambda x, w: x * 3, "x * 3"),
        (lambda x, w: x + 0.5, "x + 0.5"),
        (lambda x, w: x - 2, "x - 2"),
        (lambda x, w: (x * w).tanh(), "tanh(x * w)"),
        (lambda x, w: dot([x, w], [w, x]), "dot(x, w, w, x)"),
    ],
)
def test_operations_are_written_as_python_writes_them(program, names):
    rec = record(program, {"x": 1.5, "w": -0.5}, Value)
    assert written(rec, len(rec.nodes) - 1) == names


@pytest.mark.parametrize(
    ("name", "node", "guess", "word"),
    [
        ("one neuron", "p", 2.0, "Right: the other factor, 2"),
        ("one neuron", "p", 0.4, "w's own value"),
        ("one neuron", "p", -2.0, "the sign is not"),
        ("one neuron", "p", 0.367, "That is the product"),
        ("one neuron", "p", 0.8, "the value of p"),
        ("one neuron", "p", 0.183, "the gradient at p"),
        ("one neuron", "p", 0.0, "0 would mean"),
        ("one neuron", "p", 9.0, "Not yet"),
        ("one neuron", "a", 0.36, "take what came out"),
        ("one neuron", "a", 0.559, "Right"),
        ("one neuron", "loss", 0.33, "Right"),
    ],
)
def test_every_kind_of_wrong_slope_has_its_own_line(name, node, guess, word):
    demo = stepper(name)
    rec = demo.film.rec
    i = [n.name for n in rec.nodes].index(node)
    right, said = judge(rec, i, 0, demo.film.final[i], guess)
    assert word in said and right == said.startswith("Right")


def test_guesses_move_nothing_and_the_first_try_counts():
    demo = stepper()
    with pytest.raises(DemoError, match="on the way back"):
        demo.act("guess", value=1)
    demo.run(6)
    state, now = demo.values(), demo.t
    demo.act("guess", value=5)
    demo.act("guess", value=0.328)
    v = demo.values()
    assert v["said"]["right"] and v["score"] == [0, 1] and demo.t == now
    changed = {k for k in v if v[k] != state[k]}
    assert changed == {"said", "score"}
    demo.step()
    assert demo.values()["said"] is None, "it belonged to the step before"
    demo.act("guess", value=1)
    assert demo.values()["score"] == [1, 2]
    with pytest.raises(DemoError, match="your guess must be a number"):
        demo.act("guess", value="much")
    assert demo._past.last == 7


@pytest.mark.parametrize("asks", [BIAS, TWICE])
def test_every_answer_has_its_own_line(asks):
    assert len(set(asks.feedback.values())) == 4
    for letter in asks.options:
        demo = BackpropStepper() if asks is BIAS else BackpropStepper("a value used twice")
        with pytest.raises(DemoError, match="say first"):
            demo.step()
        assert demo.answer(letter) == asks.feedback[letter]
        assert header(demo)["prediction"]["right"] == (letter == asks.right)


# --- patients -------------------------------------------------------------------------------------

SHOWS = {  # which fault each program brings out
    "one neuron": "ACEF",
    "a value used twice": "ABCDEF",
    "two neurons and a loss": "ABCEF",
    "sigmoid by parts": "CEF",
}


def near_0(rec):
    """Does tanh get numbers so small that its slope is 1 whatever the rule?"""
    return any(n.op == "tanh" and abs(rec.nodes[n.inputs[0]].value) < 0.2 for n in rec.nodes)


@pytest.mark.parametrize(("name", "patient"), list(itertools.product(PROGRAMS, PATIENTS)))
def test_the_check_finds_each_fault_where_the_program_brings_it_out(name, patient):
    for _ in range(10):
        demo = stepper(name, inputs=draw(PROGRAMS[name].inputs), backward=patient)
        while near_0(demo.film.rec):  # there 1 - z*z and 1 - a*a are the same
            demo = stepper(name, inputs=draw(PROGRAMS[name].inputs), backward=patient)
        assert demo.badge == f"running: {patient}"
        demo.act("finish")
        demo.act("check")
        found = [row.agrees for row in demo.checked]
        assert (False in found) == (patient[-1] in SHOWS[name])
        marked = [n["agrees"] for n in demo.values()["nodes"] if n["given"]]
        assert marked == found
        assert ("disagree" in str(demo)) == (False in found)
        if False not in found:
            assert "another program" in str(demo)


@pytest.mark.parametrize(
    ("patient", "fault"), list(itertools.product(PATIENTS, [*FAULTS, HEALTHY]))
)
def test_a_named_fault_is_confirmed_or_answered_with_what_it_would_have_done(patient, fault):
    demo = stepper("a value used twice", backward=patient)
    with pytest.raises(DemoError, match="finish the pass"):
        demo.act("name", fault=fault)
    demo.act("finish")
    demo.act("check")
    demo.act("name", fault=fault)
    named = demo.values()["named"]
    if FAULTS.get(fault) == patient:
        assert named["right"] and named["text"].startswith("Yes.")
        assert demo.values()["found"] == [patient]
    else:
        assert not named["right"] and demo.values()["found"] == []
        assert "this patient gave" in named["text"]


def test_the_list_of_faults_does_not_name_them_in_the_order_of_the_patients():
    faults = stepper().values()["faults"]
    assert sorted(faults) == sorted([*FAULTS, HEALTHY]) and faults[:-1] != list(FAULTS)
    assert faults[-1] == HEALTHY


def test_a_fault_that_explains_the_numbers_too_is_told_apart_elsewhere():
    demo = stepper("one neuron", backward="patient B")
    demo.act("finish")
    demo.act("check")
    for fault, word in [(next(f for f, p in FAULTS.items() if p == "patient D"), "tells the two"),
                        (HEALTHY, "nothing shows")]:  # fmt: skip
        demo.act("name", fault=fault)
        assert word in demo.values()["named"]["text"]


def test_a_check_wants_a_finished_pass_and_goes_with_another_backward():
    demo = stepper(backward="patient E")
    demo.run(3)
    with pytest.raises(DemoError, match="finish the pass"):
        demo.act("check")
    demo.act("finish")
    demo.act("check")
    demo.back()
    assert demo.values()["check"] == [], "it is about the end"
    demo.goto(demo._past.last)
    assert demo.values()["check"]
    demo.set(backward="patient A")
    assert demo.t == demo.film.forward and demo.values()["check"] == []
    with pytest.raises(DemoError, match="the fault is one of"):
        demo.act("finish")
        demo.act("check")
        demo.act("name", fault="measles")


def test_a_kink_and_an_engine_with_a_wrong_slope():
    demo = stepper(lambda x, w: x.relu() * w, inputs={"x": 0.0, "w": 2.0})
    demo.act("finish")
    demo.act("check")
    assert [row.agrees for row in demo.checked] == [None, True]
    assert "kink" in demo.checked[0].note

    demo = stepper(lambda x: x.tanh(), inputs={"x": 0.5}, engine=WrongTanh)
    demo.act("finish")
    assert "as the engine recorded it" in demo.values()["card"][0]
    demo.act("check")
    assert [row.agrees for row in demo.checked] == [False]


# --- the learner's backward -----------------------------------------------------------------------


def order_of(root):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for x in node.inputs:
                visit(x)
            order.append(node)

    visit(root)
    return order[::-1]


def by_counting(root):
    """Another right way: hand on when all users have come."""
    users, waiting, seen = {}, [root], {id(root)}
    while waiting:
        node = waiting.pop()
        for x in node.inputs:
            users[id(x)] = users.get(id(x), 0) + 1
            if id(x) not in seen:
                seen.add(id(x))
                waiting.append(x)
                if x.inputs:
                    x.grad = 0
    if root.inputs:
        root.grad = 0
    root.grad += 1
    ready = [root]
    while ready:
        node = ready.pop()
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += slope * node.grad
            users[id(x)] -= 1
            if not users[id(x)]:
                ready.append(x)


def no_seed(root):
    for node in order_of(root):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


def overwrites(root):
    root.grad = 1.0
    for node in order_of(root):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad = node.grad * slope


def level_by_level(root):
    root.grad, waiting, seen = 1.0, [root], {id(root)}
    for node in waiting:
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope
            if id(x) not in seen:
                seen.add(id(x))
                waiting.append(x)


def newest_reached(root):
    root.grad, waiting, seen = 1.0, [root], {id(root)}
    while waiting:
        node = waiting.pop()
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope
            if id(x) not in seen:
                seen.add(id(x))
                waiting.append(x)


def stale(root):
    root.grad = 1.0
    for node in order_of(root):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


def clears_leaves(root):
    for node in order_of(root):
        node.grad = 0.0
    stale(root)


def recursive(root):
    for node in order_of(root):
        if node.inputs:
            node.grad = 0.0
    stale(root)


def forgets_slope(root):
    root.grad = 1.0
    for node in order_of(root):
        for x in node.inputs:
            x.grad += node.grad


def unwritten(root):
    raise NotImplementedError


def changes_data(root):
    backward(root)
    for x in root.inputs:
        x.data -= 0.1 * x.grad


def breaks(root):
    return root.children


@pytest.mark.parametrize(
    ("wrong", "case", "word"),
    [
        (no_seed, "a product", "the gradient of x differs"),
        (forgets_slope, "a product", "the gradient of x differs"),
        (overwrites, "x used twice", "the gradient of x differs"),
        (level_by_level, "order: ", "differs"),
        (newest_reached, "order: ", "differs"),
        (stale, "two passes", "the gradient of"),
        (clears_leaves, "two passes", "the gradient of x differs"),
        (recursive, "a chain of 3000", "use a list and a loop"),
        (unwritten, "a product", "not written yet"),
        (changes_data, "a product", "changed .data"),
        (breaks, "a product", "AttributeError"),
        (lambda root: None, "a product", "differs"),
    ],
)
def test_a_wrong_backward_is_refused_with_its_case(wrong, case, word):
    verdict = SLOT.judge(wrong)
    assert not verdict.accepted and verdict.case.startswith(case) and word in verdict.message
    assert verdict.reference and verdict.yours
    demo = stepper(backward=wrong)
    told = header(demo)["refused"]
    assert told["case"] == verdict.case and demo.badge == "running: nnlearn"
    assert told["reference"] != told["yours"]
    demo.act("finish")
    assert demo.film.final[2] == pytest.approx(0.18341, rel=1e-4)


@pytest.mark.parametrize("right", [backward, by_counting, Value.backward])
def test_a_right_backward_computes_the_gradients_that_are_shown(right):
    calls = []

    def mine(root):
        calls.append(root)
        right(root)

    demo = stepper("a value used twice", backward=mine)
    assert demo.badge == "running: your code" and demo.settings["backward"] == "yours"
    calls.clear()
    demo.act("number", name="x", value=0.7)
    assert len(calls) == 1
    demo.act("finish")
    nodes = record(PROGRAMS["a value used twice"].run, {"x": 0.7, "w": -0.4}, Value).live
    right(nodes[-1])
    assert [n["grad"] for n in demo.values()["nodes"]] == [n.grad for n in nodes]
    demo.set(backward="nnlearn's")
    assert demo.badge == "running: nnlearn"


def test_a_backward_that_ends_elsewhere_or_stops_later_is_told():
    def right_on_small(root):
        backward(root)
        if root.op == "**2":
            root.inputs[0].grad += 1

    demo = stepper(backward=right_on_small)
    demo.act("finish")
    assert "Your backward ends with 1.33 for e, the steps with 0.328" in str(demo)

    def stops(root):
        backward(root)
        if root.op == "**2":
            raise ValueError("too square")

    demo = stepper(backward=stops)
    assert demo.badge == "running: nnlearn" and "too square" in header(demo)["refused"]["message"]
    demo.act("finish")
    assert demo.film.final == gradients(walk, demo.film.rec.live)


def test_what_is_not_there_cannot_be_chosen():
    demo = stepper()
    for wrong, word in [({"backward": "yours"}, "backward=your_backward"),
                        ({"program": "yours"}, r"BackpropStepper\(program"),
                        ({"backward": "patient Z"}, "patient F"),
                        ({"speed": 1}, "no control")]:  # fmt: skip
        with pytest.raises(DemoError, match=word):
            demo.set(**wrong)
    assert demo.settings == {"program": "one neuron", "backward": "nnlearn's"}
    assert "not int" in header(stepper(backward=3))["refused"]["message"]


# --- the learner's engine -------------------------------------------------------------------------


def test_an_own_engine_runs_and_the_badge_says_whose_code_does_what():
    mixed = "running: your engine, nnlearn's backward"
    demo = stepper("two neurons and a loss", engine=Number)
    assert demo.badge == mixed
    assert {type(node) for node in demo.film.rec.live} == {Number}
    demo.set(program="sigmoid by parts")
    told = header(demo)["refused"]
    assert 'Your engine cannot run "sigmoid by parts"' in told["message"]
    assert demo.badge == "running: nnlearn" and demo.film.rec.nodes[-1].op == "**-1"
    demo.set(program="one neuron")
    assert demo.badge == mixed and header(demo)["refused"] is None
    refused = stepper(engine=Number, backward=overwrites)
    assert refused.badge == mixed and "Your backward" in header(refused)["refused"]["message"]


def test_an_own_backward_is_tried_on_the_own_engine_and_waits_where_that_cannot_go():
    class Counted(Number):
        births = itertools.count()

        def __init__(self, *args):
            super().__init__(*args)
            self.number = next(self.births)

        def __add__(self, other):
            return Counted(self.data + other.data, (self, other), (1.0, 1.0), "+")

        def __mul__(self, other):
            return Counted(self.data * other.data, (self, other), (other.data, self.data), "*")

        def tanh(self):
            y = math.tanh(self.data)
            return Counted(y, (self,), (1 - y * y,), "tanh")

    def youngest_first(root):
        nodes = sorted(users_first(root), key=lambda node: -node.number)  # only Counted has it
        for node in nodes:
            node.grad = 0.0 if node.inputs else node.grad
        root.grad += 1.0
        for node in nodes:
            for x, slope in zip(node.inputs, node.slopes, strict=True):
                x.grad += node.grad * slope

    demo = stepper("a value used twice", engine=Counted, backward=youngest_first)
    assert demo.badge == "running: your code"
    demo.set(program="sigmoid by parts")
    assert demo.badge == "running: nnlearn" and demo.settings["backward"] == "nnlearn's"
    demo.set(program="a value used twice")
    assert demo.badge == "running: your code" and demo.settings["backward"] == "yours"
    demo.set(program="sigmoid by parts")
    demo.set(backward="patient B")
    demo.set(program="a value used twice")
    assert demo.badge == "running: patient B", "what was chosen stays"


def test_an_engine_that_lacks_what_the_own_program_needs_is_told_and_nnlearns_goes_on():
    demo = stepper(lambda x: 2 * x, inputs={"x": 3}, engine=Number)  # it has no __rmul__
    told = header(demo)["refused"]["message"]
    assert told.startswith('Your engine cannot run "yours": ') and "'int' and 'Number'" in told
    demo.act("finish")
    assert demo.badge == "running: nnlearn" and str(demo).endswith("x 2.")
    with pytest.raises(DemoError, match="returned None"):
        stepper(lambda x: None, inputs={"x": 3}, engine=Number)


def test_two_edges_between_the_same_nodes_are_told_apart():
    demo = stepper(lambda e: e * e, inputs={"e": 3})
    demo.run(2)
    assert [edge["side"] for edge in demo.values()["edges"]] == [-0.5, 0.5]
    assert demo.values()["ask"] == "slope of e * e with respect to the first e"
    demo.act("guess", value=6)
    assert "Only the first e moves now" in demo.values()["said"]["text"]
    demo.step()
    assert demo.values()["ask"] == "slope of e * e with respect to the second e"
    demo.act("finish")
    assert str(demo).endswith("e 6.")


def test_an_own_method_serves_as_backward():
    calls = []

    class Proper(Value):
        __slots__ = ()

    for name in ("__add__", "__sub__", "__mul__", "__pow__", "tanh"):

        def method(self, *args, name=name):
            out = getattr(Value, name)(self, *args)
            return Proper(out.data, out.inputs, out.slopes, out.op)

        setattr(Proper, name, method)

    def counted(self):
        calls.append(1)
        Value.backward(self)

    Proper.backward = counted
    demo = stepper(engine=Proper)
    assert calls and demo.settings["backward"] == "yours" and demo.badge == "running: your code"
    demo.act("finish")
    assert demo.film.final[1] == pytest.approx(0.3666, 1e-3)


@pytest.mark.parametrize("gone", ["data", "grad", "inputs", "slopes", "op"])
def test_an_engine_without_an_attribute_is_told_which(gone):
    class Poor(Number):
        def __init__(self, *args):
            super().__init__(*args)
            delattr(self, gone)

        if gone == "grad":
            grad = property()

    demo = stepper(engine=Poor)
    assert f"{gone}" in header(demo)["refused"]["message"]
    assert demo.badge == "running: nnlearn"
    demo.act("finish")
    assert demo.finished()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda n: setattr(n, "inputs", set(n.inputs)), "make it a tuple"),
        (lambda n: setattr(n, "slopes", n.slopes[:1]), "each input needs one slope"),
        (lambda n: setattr(n, "slopes", ("a", "b")), "must be numbers"),
        (lambda n: setattr(n, "data", "3"), "stopped with TypeError"),
        (lambda n: setattr(n, "inputs", (n.inputs[0], 2.0)), "plain number"),
    ],
)
def test_an_engine_that_records_badly_is_told_what_is_wrong(change, word):
    class Bad(Number):
        def __mul__(self, other):
            out = super().__mul__(other)
            change(out)
            return out

    demo = stepper(engine=Bad)
    assert word in header(demo)["refused"]["message"] and demo.badge == "running: nnlearn"


def test_what_is_no_engine_is_refused():
    assert "takes the class" in header(stepper(engine=3))["refused"]["message"]
    assert "stopped with" in header(stepper(engine=dict))["refused"]["message"]


@pytest.mark.parametrize("part", "stepper record layout slot".split())
def test_examples_in_docstrings(part):
    module = importlib.import_module(f"nnlearn.demos.backprop_{part}")
    assert doctest.testmod(module).failed == 0


# --- layout, state, other places ------------------------------------------------------------------


def random_graph(rng):
    inputs = [() for _ in range(int(rng.integers(1, 6)))]
    for _ in range(int(rng.integers(1, 25))):
        n = len(inputs)
        inputs.append(tuple(int(i) for i in rng.integers(max(0, n - 8), n, rng.integers(1, 3))))
    return inputs


def test_nodes_and_passing_edges_never_overlap():
    rng = np.random.default_rng(1)
    graphs = [[n.inputs for n in record(o.run, o.inputs, Value).nodes] for o in PROGRAMS.values()]
    for inputs in graphs + [random_graph(rng) for _ in range(60)]:
        found = layout(inputs)
        bends = [place for chain in found.bends.values() for place in chain]
        order = sorted({c for c, _ in found.at + bends})
        for i, parts in enumerate(inputs):
            for k, x in enumerate(parts):
                path = [found.at[x], *found.bends[i, k], found.at[i]]
                columns = [order.index(c) for c, _ in path]
                assert columns == list(range(columns[0], columns[-1] + 1)), "column by column"
                room = path[-1][0] - path[-2][0]
                assert room >= 1 + TWINS - 1e-9 if parts.count(x) > 1 else room >= 1 - 1e-9
        for (c, y), (d, z) in itertools.combinations(found.at, 2):
            assert c != d or abs(y - z) >= NODE - 1e-9
        for (c, y), (d, z) in itertools.product(found.at, bends):
            assert c != d or abs(y - z) >= 0.75 - 1e-9, "no edge runs through a node"
        assert min(y for _, y in found.at) >= -0.26 and found.rows <= len(inputs) + len(bends)


def test_the_way_back_visits_every_edge_once():
    for offer in PROGRAMS.values():
        rec = record(offer.run, offer.inputs, Value)
        way = sends(walk, rec.live)
        assert way[0].k == -1 and sorted((s.node, s.k) for s in way[1:]) == sorted(rec.edges)
        assert all(s.arrived <= max(1, rec.uses[s.target]) for s in way)


def test_one_line_rebuilds_it_and_it_can_go_back():
    demo = stepper("a value used twice", backward="patient D")
    demo.act("number", name="w", value=0.9)
    demo.run(7)
    demo.act("guess", value=1)
    json.dumps(demo.state, allow_nan=False)
    again = eval(demo.share(), {"BackpropStepper": BackpropStepper})
    assert again.state == demo.state and again.values() == demo.values()
    again.back()
    assert again.t == 6
    again.act("finish")
    again.act("check")
    third = eval(again.share(), {"BackpropStepper": BackpropStepper})
    assert third.checked == again.checked and str(third) == str(again)


def test_the_line_names_what_is_your_own():
    def my_program(x, w):
        return x * w + x

    space = {"BackpropStepper": BackpropStepper, "my_program": my_program, "Number": Number,
             "by_counting": by_counting}  # fmt: skip
    demo = stepper(my_program, inputs={"x": 2, "w": 3}, engine=Number, backward=by_counting)
    demo.act("number", name="x", value=5)
    demo.run(3)
    line = demo.share()
    assert line.endswith("slot=by_counting, program=my_program, engine=Number)")
    again = eval(line, space)
    assert again.state == demo.state and again.badge == "running: your code"
    with pytest.raises(DemoError, match="program=your_program"):
        BackpropStepper.from_state(demo.state)


@pytest.mark.parametrize("kwargs", [{}, {"program": "two neurons and a loss", "predict": False},
                                    {"backward": "patient C"}, {"engine": Number}])  # fmt: skip
def test_picture_and_words_for_places_without_widgets(kwargs):
    bundle, _ = BackpropStepper(**kwargs)._repr_mimebundle_()
    assert bundle["image/png"][:4] == b"\x89PNG"
    assert len(bundle["text/plain"]) > 20 and "0x" not in bundle["text/plain"]
