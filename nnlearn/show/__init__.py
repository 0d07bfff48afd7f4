"""Pictures that say what they show. The only folder that loads matplotlib.

Lessons: 00, 01, 02, 03, 04, 05, 06.
"""

from nnlearn.show.figure import Picture, new_axes
from nnlearn.show.plots import digits, line, points, weights

__all__ = ["Picture", "digits", "line", "new_axes", "points", "weights"]
