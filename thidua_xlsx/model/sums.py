"""Turns exact points into their exact sum, for whoever scores and whoever prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import lcm


def exact_sum(values: Iterable[Fraction | Decimal]) -> Fraction:
    """The sum over one common denominator: most points are whole, and adding fractions one by one is slow."""
    tops: dict[int, int] = defaultdict(int)
    for value in values:
        top, bottom = value.as_integer_ratio()
        tops[bottom] += top
    common = lcm(*tops)
    return Fraction(sum(top * (common // bottom) for bottom, top in tops.items()), common)
