"""The perceptron: one neuron that learns from its mistakes.

Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and organization
in the brain", Psychological Review 65(6).

Lessons: 01.
"""

import numpy as np


def neuron(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Weigh the inputs, add them up, add the bias: z = w[0]*x[0] + w[1]*x[1] + ... + b.

    Parameters
    ----------
    x : shape (D,), or (N, D) for N samples at once
    w : shape (D,)
    b : a number

    Returns
    -------
    z : a number, or shape (N,)

    Example
    -------
    >>> float(neuron(np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.5))
    1.5

    Lesson 01.
    """
    return np.asarray(x) @ np.asarray(w) + b


def step(z: np.ndarray) -> np.ndarray:
    """Fire or not: 1 where z >= 0, else 0.

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape, same dtype as z

    Example
    -------
    >>> step(np.array([-0.1, 0.0, 2.0]))
    array([0., 1., 1.])

    Lesson 01.
    """
    z = np.asarray(z)
    return (z >= 0).astype(z.dtype)


def classify(X: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Decide about every row of X: 1 on the line w.x + b = 0 and on the side w points to, else 0.

    Parameters
    ----------
    X : shape (N, D)
    w : shape (D,)
    b : a number

    Returns
    -------
    y_hat : shape (N,)

    Example
    -------
    >>> classify(np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([1.0, -1.0]), 0.0)
    array([1., 0.])

    Lesson 01.
    """
    return step(neuron(X, w, b))


def perceptron_update(
    w: np.ndarray, b: float, x: np.ndarray, y: int, lr: float = 1.0
) -> tuple[np.ndarray, float]:
    """Move the line only if it is wrong about x: w + lr*(y - y_hat)*x and b + lr*(y - y_hat).

    Parameters
    ----------
    w, x : shape (D,)
    b : a number
    y : the right answer, 0 or 1
    lr : learning rate, how far to move

    Returns
    -------
    w, b : the new weights and bias; the old ones stay as they are

    Example
    -------
    >>> perceptron_update(np.zeros(2), 0.0, np.array([1.0, 2.0]), 0)
    (array([-1., -2.]), -1.0)

    Source: Rosenblatt (1962), Principles of Neurodynamics. Lesson 01.
    """
    error = float(y - step(neuron(x, w, b)))
    return w + lr * error * np.asarray(x), b + lr * error


def train_perceptron(
    X: np.ndarray, y: np.ndarray, lr: float = 1.0, epochs: int = 10
) -> tuple[np.ndarray, float, np.ndarray]:
    """Show every sample in turn, correct each mistake, stop after an epoch without any.

    Parameters
    ----------
    X : shape (N, D)
    y : shape (N,), each 0 or 1
    lr : learning rate
    epochs : how often to go through all samples, at most

    Returns
    -------
    w : shape (D,)
    b : a number
    errors : shape (E,), the number of mistakes in each epoch; 0 at the end if a line was found

    Example
    -------
    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> w, b, errors = train_perceptron(X, np.array([0, 0, 0, 1]))  # AND
    >>> w, b, errors
    (array([2., 1.]), -3.0, array([2, 3, 3, 2, 1, 0]))

    Source: Rosenblatt (1962), Principles of Neurodynamics. Lesson 01.
    """
    if not np.isin(y, (0, 1)).all():
        raise ValueError("train_perceptron: labels are 0 and 1. For -1 and 1, give (y > 0).")
    w, b = np.zeros(np.shape(X)[1]), 0.0
    errors: list[int] = []
    for _ in range(epochs):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            mistakes += int(step(neuron(x, w, b)) != label)
            w, b = perceptron_update(w, b, x, label, lr)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, np.array(errors, dtype=int)
