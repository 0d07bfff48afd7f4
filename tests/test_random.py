import numpy as np
import pytest

from nnlearn import random


def test_the_default_generator_is_one():
    random._default = None
    assert random.generator() is random.generator()
    seeded = random.manual_seed(0)
    assert random.generator() is seeded


def test_an_explicit_generator_wins():
    own = np.random.default_rng(0)
    assert random.generator(own) is own
    with pytest.raises(TypeError, match="got int"):
        random.generator(3)
