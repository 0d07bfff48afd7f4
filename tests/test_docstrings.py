"""The example of every docstring runs, and every public function of the core has a docstring."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import nnlearn

CORE = [
    name
    for part in ("tensor", "ops", "nn", "optim", "data", "models")
    for package in [importlib.import_module(f"nnlearn.{part}")]
    for name in [package.__name__]
    + [m.name for m in pkgutil.iter_modules(package.__path__, f"nnlearn.{part}.")]
] + [
    f"nnlearn.{m}"
    for m in ("errors random scalar gradcheck perceptron serialization summary train").split()
]


def own(module):
    """Yield the functions and classes that a module defines; an op as the rule it was made from."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", "") == module.__name__ and callable(value):
            yield name, inspect.unwrap(value)


@pytest.mark.parametrize("name", CORE)
def test_examples(name):
    module = importlib.import_module(name)
    nnlearn.manual_seed(0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for member, value in own(module):
        for example in doctest.DocTestFinder().find(value, member, module, {}):
            example.globs.update(vars(module), np=np)
            runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("name", CORE)
def test_public_names_are_documented(name):
    module = importlib.import_module(name)
    missing = [n for n, value in own(module) if not n.startswith("_") and not value.__doc__]
    assert not missing
    assert "\nLessons: " in module.__doc__
