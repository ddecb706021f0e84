"""Turns the index a unit heads for into the figures of its scorecard: full marks, less losses that add up to it.

What each figure is worth is asked of the scoring methods themselves, so that a new method needs nothing here
but the figures that people would write for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from random import Random

from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.wording import half_up
from thidua_xlsx.stages.forms.asking import answers_by_unit
from thidua_xlsx.stages.judging.scoring_methods import (
    OUTSIDE,
    Figure,
    NotApplicable,
    Points,
    bands_of,
    compute,
    is_ratio,
    levels_of,
    parameter,
)

# Shares of 1 that a falling short by a few cases leaves; the first ones are the usual.
SURVEYED = (98, 96, 94, 92, 90, 87, 84, 80, 75, 70, 64, 55)
SHARES = (0.99, 0.98, 0.97, 0.96, 0.95, 0.93, 0.9, 0.86, 0.8, 0.74, 0.66, 0.55)


@dataclass(frozen=True, slots=True)
class Filled:
    """One leaf as filled: its figures, the points they are worth (None: not applicable), and the unit's claim."""

    first: Figure
    second: Figure
    points: Fraction | None
    claim: Decimal | None


Scorecard = Mapping[str, Filled]
Pair = tuple[Figure, Figure]


def decimal(value: Fraction, decimals: int) -> Decimal:
    """The value as it is printed, half-up."""
    rounded = half_up(value, decimals)
    return Decimal(rounded.numerator) / Decimal(rounded.denominator)


def _yes_no(_: Criterion, __: Random) -> list[Pair]:
    return [(YES, None), (NO, None)]


def _levels(line: Criterion, _: Random) -> list[Pair]:
    return [(label, None) for label, _ in levels_of(line)]


def _ratio_pairs(chance: Random, full: Fraction) -> list[Pair]:
    """Some whole, and parts of it that fall from enough for full marks downwards."""
    whole = chance.choice((12, 16, 20, 24, 40, 60, 85, 120, 164, 240, 312, 415, 520))
    enough = min(whole, ceil(full * whole / 100))
    best = chance.randint(enough, whole)
    parts = dict.fromkeys([best, enough, *(int(enough * share) for share in SHARES)])
    return [(Decimal(part), Decimal(whole)) for part in parts]


def _bands(line: Criterion, chance: Random) -> list[Pair]:
    thresholds = [threshold for threshold, _ in bands_of(line)]
    if is_ratio(line):
        return _ratio_pairs(chance, max(thresholds))
    counts = [ceil(threshold) for threshold in thresholds]
    return [(Decimal(count), None) for count in dict.fromkeys([counts[0] + chance.randint(0, 3), *counts, 0])]


def _floor(line: Criterion, chance: Random) -> list[Pair]:
    return _ratio_pairs(chance, parameter(line, "full"))


def _target(line: Criterion, chance: Random) -> list[Pair]:
    return _ratio_pairs(chance, parameter(line, "target"))


def _count(line: Criterion, _: Random) -> list[Pair]:
    most = ceil(Fraction(line.max) / parameter(line, "each"))
    return [(Decimal(count), None) for count in range(most, -1, -1)]


def _penalty(line: Criterion, _: Random) -> list[Pair]:
    second = Decimal(0) if dict(line.parameters).get("zeroing") == "yes" else None
    most = min(6, ceil(Fraction(line.max) / parameter(line, "each")))
    return [(Decimal(count), second) for count in range(most + 1)]


# Methods that are not here ask no figures: the claim, or the office's points, say it all.
PAIRS: dict[str, Callable[[Criterion, Random], list[Pair]]] = {
    "yes_no": _yes_no, "levels": _levels, "bands": _bands, "ratio_floor": _floor, "ratio_target": _target,
    "count": _count, "penalty": _penalty,
}  # fmt: skip
WITHOUT_FIGURES: Pair = (None, None)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fill a line: its figures, its claim where that is all it says, its points, and what it loses."""

    pair: Pair
    claim: Decimal | None
    points: Fraction
    loss: float


def ladder(line: Criterion, chance: Random) -> list[Way]:
    """Ways to fill this line, the best first."""
    own = answers_by_unit(line.who_answers)
    if line.method == "points" and own:
        step = parameter(line, "step")
        ways = [(WITHOUT_FIGURES, decimal(step * number, 4)) for number in range(int(Fraction(line.max) / step) + 1)]
        found = [_way(line, pair, claim, Fraction(claim)) for pair, claim in ways]
    elif line.method not in PAIRS or not own:
        shares = (Fraction(int(line.max * percent), 100) for percent in SURVEYED)
        found = [_way(line, WITHOUT_FIGURES, None, points) for points in shares]
    else:
        found = [_way(line, pair, None, compute(line, *pair, None)) for pair in PAIRS[line.method](line, chance)]
    return sorted(found, key=lambda way: way.loss)


def _way(line: Criterion, pair: Pair, claim: Decimal | None, points: Points) -> Way:
    assert isinstance(points, Fraction), line
    return Way(pair, claim, points, float(line.max) - float(points))


def _filled(line: Criterion, way: Way, decimals: int) -> Filled:
    own = answers_by_unit(line.who_answers) and line.method != "survey"
    claim = way.claim if way.claim is not None else decimal(way.points, decimals)
    return Filled(*way.pair, way.points, claim if own else None)


def outside(line: Criterion, chance: Random) -> Way:
    """A line beside the hundred points: mostly nothing, seldom one case."""
    pair: Pair = (Decimal(chance.random() < (0.3 if line.method == "bonus" else 0.08)), None)
    return _way(line, pair, None, compute(line, *pair, None))


def scorecard(lines: tuple[Criterion, ...], quality: Fraction, chance: Random, decimals: int) -> dict[str, Filled]:
    """All lines that apply to one unit, filled so that its index comes close to ``quality`` (share of 1)."""
    inside = [line for line in lines if line.method not in OUTSIDE]
    beside = {line.code: outside(line, chance) for line in lines if line.method in OUTSIDE}
    ladders = {line.code: ladder(line, chance) for line in inside}
    ways = {code: found[0] for code, found in ladders.items()}
    to_lose = float(sum(line.max for line in inside)) * (1 - float(quality)) - sum(way.loss for way in ways.values())
    signs = {line.code: -1 if line.method == "malus" else 1 for line in lines}
    to_lose += sum(signs[code] * float(way.points) for code, way in beside.items())
    for part in (0.35, 0.6, 1.0):  # gently first, so that losses spread over many lines
        for line in chance.sample(inside, len(inside)):
            if part < 1.0 and chance.random() < 0.5:
                continue
            now = ways[line.code].loss
            fitting = [way for way in ladders[line.code] if 0 <= way.loss - now <= to_lose * part]
            if fitting:
                ways[line.code] = fitting[-1]
                to_lose -= fitting[-1].loss - now
    ways |= beside
    return {line.code: _filled(line, ways[line.code], decimals) for line in lines}


def without_cases(line: Criterion, filled: Filled, decimals: int) -> Filled:
    """The same line where nothing arose: full marks, or left out of the scale, as the plan says."""
    if not is_ratio(line) or line.zero_denominator == "forbid":
        return filled
    points = compute(line, Decimal(0), Decimal(0), None)
    if isinstance(points, NotApplicable) or points is None:
        return Filled(Decimal(0), Decimal(0), None, None)
    return Filled(Decimal(0), Decimal(0), points, decimal(points, decimals))


def nearest_quarter(value: Fraction) -> Decimal:
    """Points as an appraiser writes them."""
    return (Decimal(value.numerator) / Decimal(value.denominator) * 4).quantize(Decimal(1), ROUND_HALF_UP) / 4
