"""Turns an index that a unit would need into the points that the office would have to find, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from thidua_xlsx.model.office import YEARLY_INDEX
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies
from thidua_xlsx.model.results import Standing
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.rank import compared
from thidua_xlsx.stages.judging.scoring_methods import OUTSIDE

# Appraisers give points by the hundredth.
STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """What the office may give points for: a line of the scorecard, or the published index of a year.

    ``sign`` -1: points taken off, of which fewer are better; ``now`` None: not given yet.
    """

    code: str
    name: str
    now: Fraction | None
    most: Fraction
    sign: int = 1

    @property
    def room(self) -> Fraction:
        """By how much this line can raise the total."""
        return (self.now or Fraction(0)) if self.sign < 0 else self.most - (self.now or Fraction(0))


def index_at_least(known: Known, unit: str, index: Fraction, above: bool) -> Amendments | None:
    """Points that give the unit this index (%), or more than it; None: no points can."""
    standing = known.standings.get(unit)
    if standing is None:
        return None
    if known.plan.head.rank_on == "printed":
        # As printed: half a step below is still printed alike, half a step above no more.
        half = Fraction(1, 2 * 10**known.plan.head.decimals)
        index, above = (index + half, False) if above else (index - half, False)
    if known.round.rank_source == "this_return":
        return points_at_least(known, standing, index * standing.applicable / 100, above)
    lines = _years(known, unit)
    return _lift(known, unit, lines, index * len(lines), above)


def points_at_least(known: Known, standing: Standing, points: Fraction, above: bool) -> Amendments | None:
    """Points that give the unit this total, or more than it."""
    lines = [
        Line(
            item.line.code,
            item.line.name,
            item.points,
            Fraction(item.line.max),
            -1 if item.line.method == "malus" else 1,
        )
        for item in standing.scores
        if item.applicable
    ]
    outside = {item.line.code for item in standing.scores if item.line.method in OUTSIDE}
    # Fewest lines first; what lies outside the scale only where nothing inside it is left.
    lines.sort(key=lambda line: (line.code in outside, -line.room))
    return _lift(known, standing.unit.code, lines, points, above)


def _years(known: Known, unit: str) -> list[Line]:
    """The published indices of the years that rank, as lines of 100 (%)."""
    last = known.plan.years_of(known.round)[1]
    first = last if known.round.rank_source == "office" else known.round.from_year
    lines = []
    for year in range(first, last + 1):
        given = known.office.points.get((unit, f"{YEARLY_INDEX}{year}"))
        now = Fraction(given.value) if given and isinstance(given.value, Decimal) else None
        if now is None and year == last and known.round.rank_source == "mean_of_years":
            standing = known.standings[unit]
            own = standing.points is not None and standing.applicable
            now = (standing.points or Fraction(0)) / standing.applicable * 100 if own else None
        lines.append(Line(f"{YEARLY_INDEX}{year}", f"chỉ số công bố năm {year}", now, Fraction(100)))
    return sorted(lines, key=lambda line: -line.room)


def _lift(known: Known, unit: str, lines: list[Line], wanted: Fraction, above: bool) -> Amendments | None:
    """Fills what is not given yet, then raises line after line until the total is reached."""
    held = {line.code: line.now if line.now is not None else line.most * (line.sign > 0) for line in lines}
    total = sum((line.sign * held[line.code] for line in lines), Fraction(0))
    changed = {line.code for line in lines if line.now is None}
    for line in lines:
        missing = wanted - total
        if missing < 0 or (missing == 0 and not above):
            break
        room = line.room if line.now is not None else Fraction(0)
        if not room:
            continue
        before = held[line.code]
        held[line.code] = before + line.sign * room
        if missing < room:
            held[line.code] = _step(before + line.sign * missing, line.sign, above)
        total += line.sign * (held[line.code] - before)
        changed.add(line.code)
    if wanted > total or (above and wanted == total):
        return None
    return tuple(_amendments(known, unit, [line for line in lines if line.code in changed], held))


def _step(exact: Fraction, sign: int, above: bool) -> Fraction:
    """The nearest hundredth that reaches the exact value, or passes it."""
    up = sign > 0
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    rounded = value.quantize(STEP, ROUND_CEILING if up else ROUND_FLOOR)
    if above and Fraction(rounded) == exact:
        rounded += STEP if up else -STEP
    return Fraction(rounded)


def _amendments(known: Known, unit: str, lines: list[Line], held: dict[str, Fraction]) -> Iterator[Amendment]:
    for line in lines:
        given = known.office.points.get((unit, line.code))
        value = held[line.code]
        yield Amendment(
            Lies.POINTS,
            (unit, line.code),
            Decimal(value.numerator) / Decimal(value.denominator),
            f"{line.code} ({line.name}), tối đa {vietnamese(line.most, 4)}",
            given.place if given else NOWHERE,
            "chưa có" if line.now is None else vietnamese(line.now, 4),
            line.now is None,
            line.sign * (value - (line.now or 0)),
        )


def to_overtake(known: Known, unit: str, rank: int, in_block: bool, above: bool) -> Amendments | None:
    """Points for this rank or a better one, overall or in the unit's block; ``above``: alone there."""
    own = known.plan.unit(unit)
    others = sorted(
        (
            value
            for code, item in known.standings.items()
            if code != unit
            and (value := compared(known.plan, item)) is not None
            and (not in_block or (own and item.unit.block == own.block))
        ),
        reverse=True,
    )
    if rank < 1:
        return None
    if len(others) < rank:
        return index_at_least(known, unit, Fraction(0), False)
    return index_at_least(known, unit, others[rank - 1], above)
