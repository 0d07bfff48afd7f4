"""Numbers as a reader wants them: few figures, real minus signs, powers of ten, 1 of a thing.

Lessons: 01, 02, 03, 04, 07, 08, 09.
"""

from __future__ import annotations

import math

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def shown(value: float, figures: int = 3) -> str:
    """A number with so many significant figures; what is no number is said in words.

    >>> shown(-0.12345), shown(float("inf"))
    ('−0.123', 'infinity')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinity" if value > 0 else "minus infinity"
    return f"{0.0 + value:.{figures}g}".replace("-", "−")


def counted(n: int, one: str, many: str = "") -> str:
    """A number with what it counts; `many` only where "s" does not make it.

    >>> counted(1, "hinge"), counted(0, "hinge"), counted(1200, "try", "tries")
    ('1 hinge', '0 hinges', '1,200 tries')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def ten(exponent: int) -> str:
    """A power of ten.

    >>> ten(-7)
    '10⁻⁷'
    """
    return f"10{str(exponent).translate(RAISED)}"


def round_up(size: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... (times any power of ten) that is no smaller; 1 for zero.

    >>> round_up(0.031), round_up(2), round_up(70)
    (0.05, 2.0, 100.0)
    """
    if size < 1e-300:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    step = next(m for m in (1, 2, 5, 10) if m * power >= size * (1 - 1e-9))
    return float(f"{step * power:.3g}")


def plainly(value: float) -> str:
    """A size with two figures and no "e": what is very large or small as a power of ten.

    >>> plainly(0.0153), plainly(4113.0), plainly(7.5e-9), plainly(0.0)
    ('0.015', '4,100', '7.5 · 10⁻⁹', '0')
    """
    if value == 0 or not math.isfinite(value):
        return shown(value)
    if not 1e-4 <= abs(value) < 1e6:
        power = math.floor(math.log10(abs(value)))
        return f"{shown(value / 10.0**power, 2)} · {ten(power)}"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}".replace("-", "−") if abs(rounded) >= 10 else shown(rounded, 2)
