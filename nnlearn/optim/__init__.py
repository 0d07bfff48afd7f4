"""Optimizers: how a step follows from the gradients; and schedules of the learning rate.

Lessons: 00, 02, 03, 04, 05, 06, 08, 09.
"""

from nnlearn.errors import unknown_name
from nnlearn.optim import lr_scheduler
from nnlearn.optim.adam import Adam, AdamW
from nnlearn.optim.algorithms import SGD, Adagrad, RMSprop
from nnlearn.optim.optimizer import Optimizer

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]

__getattr__ = unknown_name("optim")
