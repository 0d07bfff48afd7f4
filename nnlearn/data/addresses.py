"""Where the public data sets are, how large, and what they must be.

Addresses, sizes and SHA-256 are those that torchvision, Keras, TensorFlow Datasets and scikit-learn
publish; those of Tiny Shakespeare and NAB are of the files at the named commit.

Lessons: 16, 17, 18.
"""

from typing import NamedTuple


class Remote(NamedTuple):
    """A file to fetch: where it is, its size in bytes, and its SHA-256 (none if nobody says it)."""

    url: str
    size: int
    sha256: str | None

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.url.rsplit("/", 1)[1]


_MNIST = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_FASHION = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_SHAKESPEARE = (
    "https://raw.githubusercontent.com/karpathy/char-rnn/"
    "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/"
)
_NAB = "https://raw.githubusercontent.com/numenta/NAB/ea702d75cc2258d9d7dd35ca8e5e2539d71f3140/"

MNIST = (
    Remote(
        _MNIST + "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    Remote(
        _MNIST + "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    Remote(
        _MNIST + "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    Remote(
        _MNIST + "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)
FASHION_MNIST = (
    Remote(
        _FASHION + "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    Remote(
        _FASHION + "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    Remote(
        _FASHION + "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    Remote(
        _FASHION + "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)
CIFAR10 = Remote(
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    170_052_171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
)
OLIVETTI = Remote(
    "https://ndownloader.figshare.com/files/5976027",
    4_000_000,  # about
    "b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794",
)
IMDB = Remote(
    "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
    84_125_825,
    "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
)
TATOEBA = Remote(
    "https://storage.googleapis.com/download.tensorflow.org/data/spa-eng.zip", 2_638_744, None
)
SHAKESPEARE = Remote(
    _SHAKESPEARE + "input.txt",
    1_115_394,
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)
NAB = {
    "machine_temperature_system_failure": Remote(
        _NAB + "data/realKnownCause/machine_temperature_system_failure.csv",
        732_223,
        "92bf5b87fc7f9bba8ca0b7ec63ccaac8cb4a1371a258e8c29a10ae9c018d82a4",
    ),
    "ambient_temperature_system_failure": Remote(
        _NAB + "data/realKnownCause/ambient_temperature_system_failure.csv",
        233_321,
        "230b68ccca20f59d562afd5d24ad52939c9b784386bed0054018358bf9120581",
    ),
}
NAB_WINDOWS = Remote(
    _NAB + "labels/combined_windows.json",
    15_359,
    "1e1fbc4601321aad8d0f8b3784c8134299379f68f6c1f7777565f8ffd57ab6b1",
)
