"""Pictures that say what they show. The only folder that loads matplotlib.

Lessons: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09.
"""

from nnlearn.show.figure import Picture, new_axes
from nnlearn.show.graphs import graph
from nnlearn.show.plots import digits, line, points, weights

__all__ = ["Picture", "digits", "graph", "line", "new_axes", "points", "weights"]
