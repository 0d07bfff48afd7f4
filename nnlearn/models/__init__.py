"""Whole models, put together from nn's parts.

Lessons: 08, 10, 11, 12, 14, 15, 16, 17.
"""

from nnlearn.errors import unknown_name
from nnlearn.models.char_rnn import CharRNN
from nnlearn.models.cnn import CNN
from nnlearn.models.encoder_decoder import EncoderDecoder
from nnlearn.models.gan import Discriminator, Generator, discriminator_loss, generator_loss
from nnlearn.models.gpt import GPT
from nnlearn.models.mlp import MLP
from nnlearn.models.sampling import sample

__all__ = [
    "CNN",
    "GPT",
    "MLP",
    "CharRNN",
    "Discriminator",
    "EncoderDecoder",
    "Generator",
    "discriminator_loss",
    "generator_loss",
    "sample",
]

__getattr__ = unknown_name("models")
