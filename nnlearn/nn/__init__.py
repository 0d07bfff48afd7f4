"""Layers: parameters and functions put together, under PyTorch's names.

Lessons: 00, 02, 03, 04, 08, 09.
"""

from nnlearn.errors import unknown_name
from nnlearn.nn import functional, init, utils
from nnlearn.nn.activation import (
    ELU,
    GELU,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nnlearn.nn.attention import MultiheadAttention
from nnlearn.nn.cells import GRUCell, LSTMCell, RNNCell
from nnlearn.nn.container import ModuleList, Sequential
from nnlearn.nn.conv import Conv1d, Conv2d, ConvTranspose2d
from nnlearn.nn.dropout import Dropout
from nnlearn.nn.embedding import Embedding
from nnlearn.nn.linear import Flatten, Identity, Linear, Unflatten
from nnlearn.nn.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from nnlearn.nn.module import Module, Parameter
from nnlearn.nn.norm import BatchNorm1d, BatchNorm2d, LayerNorm
from nnlearn.nn.pool import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from nnlearn.nn.recurrent import GRU, LSTM, RNN
from nnlearn.nn.transformer import (
    Transformer,
    TransformerDecoder,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerEncoderLayer,
)

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "HuberLoss",
    "Identity",
    "L1Loss",
    "LSTMCell",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "MultiheadAttention",
    "NLLLoss",
    "Parameter",
    "RNNCell",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Tanh",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "Unflatten",
    "functional",
    "init",
    "utils",
]

__getattr__ = unknown_name("nn")
