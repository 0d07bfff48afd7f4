"""Code that a notebook shows as it is.

Lessons: 00, 01, 08.
"""


class Listing(str):
    """Lines of code, shown without quotes around them.

    Example
    -------
    >>> Listing("x = 1")
    x = 1
    """

    def __repr__(self) -> str:
        return str(self)
