"""The GAN pair: shapes, what the losses say, and that the two learn from each other."""

import math

import numpy as np
import pytest

import nnlearn as T
from nnlearn import optim
from nnlearn.models import Discriminator, Generator, discriminator_loss, generator_loss


def test_pictures_and_scores():
    noise = np.random.default_rng(0).standard_normal((5, 16), np.float32)
    pictures = Generator()(noise)
    assert pictures.shape == (5, 64) and pictures.dtype == np.float32
    assert ((pictures.data >= 0) & (pictures.data <= 1)).all()
    assert Discriminator()(pictures).shape == (5, 1)
    labels = np.array([0, 1, 2, 1, 0])
    pictures = Generator(noise=16, pixels=9, classes=3)(noise, T.Tensor(labels))
    scores = Discriminator(pixels=9, classes=3)(pictures, labels)
    assert pictures.shape == (5, 9) and scores.shape == (5, 1) and scores.dtype == np.float32


def test_the_class_matters():
    T.manual_seed(0)
    noise = np.zeros((4, 16), np.float32)
    pictures = Generator(classes=4).eval()(noise, np.arange(4)).data
    assert len(np.unique(pictures[:, 0])) == 4


@pytest.mark.parametrize(("classes", "labels"), [(0, np.zeros(2, int)), (3, None)])
def test_labels_where_they_belong(classes, labels):
    for model, width in ((Generator(classes=classes), 16), (Discriminator(classes=classes), 64)):
        with pytest.raises(ValueError, match=f"made for {classes} classes"):
            model(np.zeros((2, width), np.float32), labels)


def test_losses_by_hand():
    real, drawn = T.tensor([[2.0], [0.0]]), T.tensor([[-1.0], [3.0]])
    log_sigmoid = [math.log(1 / (1 + math.exp(-z))) for z in (2.0, 0.0, 1.0, -3.0, -1.0, 3.0)]
    expected = -sum(log_sigmoid[:2]) / 2 - sum(log_sigmoid[2:4]) / 2
    assert discriminator_loss(real, drawn).item() == pytest.approx(expected, rel=1e-6)
    assert generator_loss(drawn).item() == pytest.approx(-sum(log_sigmoid[4:]) / 2, rel=1e-6)


def test_the_pair_learns_two_simple_pictures():
    """Class 0 is bright on the left, class 1 on the right: after 300 rounds it is drawn so."""
    T.manual_seed(0)
    rng = np.random.default_rng(0)
    generator = Generator(noise=4, pixels=4, classes=2, hidden=16)
    discriminator = Discriminator(pixels=4, classes=2, hidden=16)
    real = np.array([[0.9, 0.9, 0.1, 0.1], [0.1, 0.1, 0.9, 0.9]], np.float32)
    draws = optim.Adam(generator.parameters(), lr=5e-3, betas=(0.5, 0.999))
    judges = optim.Adam(discriminator.parameters(), lr=5e-3, betas=(0.5, 0.999))
    for _ in range(300):
        labels = rng.integers(2, size=32)
        pictures = generator(rng.standard_normal((32, 4), np.float32), labels)
        shaken = real[labels] + rng.normal(0, 0.05, (32, 4)).astype(np.float32)
        judges.zero_grad()
        scores = discriminator(shaken, labels), discriminator(pictures.detach(), labels)
        discriminator_loss(*scores).backward()
        judges.step()
        draws.zero_grad()
        generator_loss(discriminator(pictures, labels)).backward()
        draws.step()
    labels = np.arange(100) % 2
    drawn = generator.eval()(rng.standard_normal((100, 4), np.float32), labels).data
    assert ((drawn[:, :2].sum(1) > drawn[:, 2:].sum(1)) == (labels == 0)).mean() >= 0.95


def test_a_class_that_is_none_is_refused():
    noise = np.zeros((2, 16), np.float32)
    for wrong in (-1, 10):
        with pytest.raises(IndexError, match=r"0\.\.9"):
            Generator(classes=10)(noise, np.array([0, wrong]))
