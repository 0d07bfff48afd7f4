"""Live demos: each asks for a guess first, and can run on the learner's own function.

Lessons: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09.
"""

from nnlearn.demos.activation_bench import ActivationBench
from nnlearn.demos.backprop_stepper import BackpropStepper
from nnlearn.demos.data_painter import DataPainter
from nnlearn.demos.descent_terrain import DescentTerrain
from nnlearn.demos.digits_reader import DigitsReader
from nnlearn.demos.function_builder import FunctionBuilder
from nnlearn.demos.loss_sculptor import LossSculptor
from nnlearn.demos.neuron_lab import NeuronLab
from nnlearn.demos.playground import Playground
from nnlearn.demos.regularise_lab import RegulariseLab
from nnlearn.demos.shape_tracer import ShapeTracer
from nnlearn.demos.signal_lab import SignalLab
from nnlearn.demos.training_clinic import TrainingClinic

__all__ = [
    "ActivationBench",
    "BackpropStepper",
    "DataPainter",
    "DescentTerrain",
    "DigitsReader",
    "FunctionBuilder",
    "LossSculptor",
    "NeuronLab",
    "Playground",
    "RegulariseLab",
    "ShapeTracer",
    "SignalLab",
    "TrainingClinic",
]
