"""Live demos: each asks for a guess first, and can run on the learner's own function.

Lessons: 00, 01.
"""

from nnlearn.demos.data_painter import DataPainter
from nnlearn.demos.digits_reader import DigitsReader
from nnlearn.demos.neuron_lab import NeuronLab
from nnlearn.demos.shape_tracer import ShapeTracer

__all__ = ["DataPainter", "DigitsReader", "NeuronLab", "ShapeTracer"]
