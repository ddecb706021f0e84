"""Turns standings into scorecards by block: its lines, its units best first, and the points of any of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.results import LineScore, RunResult, Standing
from thidua_xlsx.model.sums import exact_sum
from thidua_xlsx.workbooks.summary.words import block_codes, rounded, unit_order

BONUS, MALUS, SURVEY = "bonus", "malus", "survey"
OUTSIDE = (BONUS, MALUS)
METHOD_SUMS = ((SURVEY, "Trong đó điều tra XHH"), (BONUS, "Điểm thưởng"), (MALUS, "Điểm trừ"))


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of one block, and its standings, best first."""

    number: int
    block: str
    lines: tuple[Criterion, ...]
    standings: tuple[Standing, ...]
    # What was asked before: thousands of units ask for the same lines, and each for its points several times.
    _leaves: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _depths: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _scores: dict[str, dict[str, LineScore]] = field(default_factory=dict, repr=False, compare=False)
    _points: dict[tuple[str, frozenset[str]], Fraction | None] = field(default_factory=dict, repr=False, compare=False)
    _computed: dict[str, Fraction | None] = field(default_factory=dict, repr=False, compare=False)
    _appraised: dict[str, Fraction | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def fields(self) -> tuple[Criterion, ...]:
        return tuple(line for line in self.lines if line.parent is None and line.method not in OUTSIDE)

    @property
    def sums(self) -> tuple[tuple[str, str], ...]:
        methods = {line.method for line in self.lines}
        return tuple((method, text) for method, text in METHOD_SUMS if method in methods)

    def points(self, item: Standing, codes: frozenset[str]) -> Fraction | None:
        """The points of some lines; None while one that applies is unknown, or when none applies."""
        key = (item.unit.code, codes)
        if key not in self._points:
            own = self.scores(item)
            self._points[key] = _points_of([own[code] for code in codes if code in own])
        return self._points[key]

    def scores(self, item: Standing) -> dict[str, LineScore]:
        """What a unit scored on each line, by the line's code."""
        if item.unit.code not in self._scores:
            self._scores[item.unit.code] = {score.line.code: score for score in item.scores}
        return self._scores[item.unit.code]

    def computed(self, item: Standing) -> Fraction | None:
        """``computed_total`` of a unit."""
        if item.unit.code not in self._computed:
            self._computed[item.unit.code] = computed_total(item)
        return self._computed[item.unit.code]

    def appraised(self, item: Standing) -> Fraction | None:
        """``appraised_total`` of a unit."""
        if item.unit.code not in self._appraised:
            self._appraised[item.unit.code] = appraised_total(item)
        return self._appraised[item.unit.code]

    def leaves_under(self, code: str) -> frozenset[str]:
        """The codes of the leaves of a line; a leaf is its own."""
        if code not in self._leaves:
            self._leaves[code] = self._found_under(code)
        return self._leaves[code]

    def _found_under(self, code: str) -> frozenset[str]:
        below = [line for line in self.lines if line.parent == code]
        if not below:
            return frozenset({code})
        return frozenset(leaf for line in below for leaf in self.leaves_under(line.code))

    @property
    def groups(self) -> tuple[frozenset[str], ...]:
        """The codes of the lines behind each column of points: the fields, then the sums."""
        fields = [self.leaves_under(line.code) for line in self.fields]
        return *fields, *[frozenset(line.code for line in self.lines if line.method == it) for it, _ in self.sums]

    def depth(self, line: Criterion) -> int:
        if line.code not in self._depths:
            self._depths[line.code] = self._found_depth(line)
        return self._depths[line.code]

    def _found_depth(self, line: Criterion) -> int:
        parents = {item.code: item.parent for item in self.lines}
        depth, parent = 0, line.parent
        while parent is not None and depth < 9:
            depth, parent = depth + 1, parents.get(parent)
        return depth


def cards_of(result: RunResult) -> list[Card]:
    cards: list[Card] = []
    for block in block_codes(result):
        found = sorted(
            (item for item in result.standings if item.unit.block == block),
            key=lambda item: (item.rank_in_block is None, item.rank_in_block or 0, unit_order(item.unit)),
        )
        if found:
            lines = result.plan.criteria_of(result.round, found[0].unit)
            cards.append(Card(len(cards) + 1, block, lines, tuple(found)))
    return cards


def mean(values: Iterable[Fraction | Decimal | None], decimals: int) -> Decimal | None:
    """The mean of those that are known, as printed."""
    known = [value for value in values if value is not None]
    return rounded(exact_sum(known) / len(known), decimals) if known else None


def _points_of(scores: Iterable[LineScore]) -> Fraction | None:
    points = [score.points for score in scores if score.applicable]
    known = [value for value in points if value is not None]
    return exact_sum(known) if known and len(known) == len(points) else None


def computed_total(item: Standing) -> Fraction | None:
    """What the figures alone give, malus subtracted, the office's points left out."""
    values = [
        -score.computed if score.line.method == MALUS else score.computed
        for score in item.scores
        if score.applicable and score.computed is not None
    ]
    return exact_sum(values) if values else None


def appraised_total(item: Standing) -> Fraction | None:
    """The points that the office gave, malus subtracted; None where it gave none."""
    given = [
        -score.appraised if score.line.method == MALUS else score.appraised
        for score in item.scores
        if score.applicable and score.appraised is not None
    ]
    return exact_sum(given) if given else None
