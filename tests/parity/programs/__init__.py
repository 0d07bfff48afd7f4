"""Programs that run unchanged on PyTorch and on nnlearn: T is the one or the other.

Each takes T and a dtype and returns named tensors: outputs, gradients, weights after some steps.
A file here is a subject; it lists its programs in PROGRAMS, and PyTorch's answers are stored under
its name.
"""

import importlib
import pkgutil

import numpy as np

SUBJECTS = {
    name: importlib.import_module(f"{__name__}.{name}").PROGRAMS
    for _, name, _ in pkgutil.iter_modules(__path__)
    if name != "common"
}


def results(T, subject):
    """Run a subject's programs in both dtypes: {"program/dtype/name": array}."""
    found = {}
    for program in SUBJECTS[subject]:
        for dtype in ("float32", "float64"):
            for key, value in program(T, getattr(T, dtype)).items():
                found[f"{program.__name__}/{dtype}/{key}"] = np.asarray(value.detach())
    return found
