"""Turns eligible nominees and quota rows into seats: rows top to bottom, best first, no tie broken in silence.

A tie across the cut: those strictly above are seated, the equals are tied, share the open seats and enter no
later row. Who is seated is skipped by later rows: one nominee, one award a round. Nothing here knows a name or
reads an order of files: equal keys are equal.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

Key = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One nominee's place in one row: ``key`` sorts best first; ``unit`` is who the per-unit limit counts."""

    nominee: Hashable
    unit: str
    key: Key


@dataclass(frozen=True, slots=True)
class Row:
    """One quota row with those who may enter it; ``seats`` None is open: everybody is seated."""

    code: str
    seats: int | None
    candidates: tuple[Candidate, ...]
    per_unit: int | None = None


@dataclass(frozen=True, slots=True)
class RowResult:
    """Who was seated in a row, who is tied for how many seats, who stands behind the cut and how far."""

    code: str
    seated: tuple[Hashable, ...] = ()
    # each group of equals that the cut, or its unit's limit, divides: its nominees and the seats they share
    ties: tuple[tuple[tuple[Hashable, ...], int], ...] = ()
    empty: int = 0
    # nominee → number of candidates strictly better or equal who are seated or tied in this row
    behind: tuple[tuple[Hashable, int], ...] = ()
    # nominees kept out only by the per-unit limit
    over_limit: tuple[Hashable, ...] = ()
    cut: Key | None = None

    @property
    def tied(self) -> tuple[Hashable, ...]:
        return tuple(nominee for nominees, _ in self.ties for nominee in nominees)

    @property
    def tied_seats(self) -> int:
        return sum(seats for _, seats in self.ties)


@dataclass(slots=True)
class _Filling:
    """The state of one row while it is filled."""

    left: int | None
    per_unit: int | None
    seated: list[Hashable] = field(default_factory=list)
    ties: list[tuple[tuple[Hashable, ...], int]] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    over_limit: list[Hashable] = field(default_factory=list)
    behind: list[tuple[Hashable, int]] = field(default_factory=list)
    cut: Key | None = None

    def room(self, unit: str) -> int | None:
        return None if self.per_unit is None else self.per_unit - self.taken.get(unit, 0)


def _equals(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Groups of equal key, best first."""
    for _, group in groupby(sorted(candidates, key=lambda item: item.key), key=lambda item: item.key):
        yield list(group)


def _by_unit(group: list[Candidate]) -> dict[str, list[Candidate]]:
    units: dict[str, list[Candidate]] = {}
    for item in group:
        units.setdefault(item.unit, []).append(item)
    return units


def _take_equals(state: _Filling, group: list[Candidate]) -> None:
    """Seat a group of equals as far as seats and per-unit limits allow; whoever shares too few seats is tied."""
    if state.left == 0:
        ahead = len(state.seated) + sum(len(nominees) for nominees, _ in state.ties)
        state.behind += [(item.nominee, ahead) for item in group]
        return
    units = {}
    for unit, members in _by_unit(group).items():
        room = state.room(unit)
        if room == 0:
            state.over_limit += [item.nominee for item in members]
        else:
            units[unit] = (members, len(members) if room is None else min(room, len(members)))
    demand = sum(wanted for _, wanted in units.values())
    if not demand:
        return
    state.cut = group[0].key
    if state.left is not None and demand > state.left:
        state.ties.append((tuple(item.nominee for members, _ in units.values() for item in members), state.left))
        state.left = 0
        return
    for unit, (members, wanted) in units.items():
        if wanted == len(members):
            state.seated += [item.nominee for item in members]
        else:
            state.ties.append((tuple(item.nominee for item in members), wanted))
        state.taken[unit] = state.taken.get(unit, 0) + wanted
    if state.left is not None:
        state.left -= demand


def fill(row: Row, gone: frozenset[Hashable]) -> RowResult:
    """One row, without those who already hold or share a seat."""
    state = _Filling(row.seats, row.per_unit)
    for group in _equals([item for item in row.candidates if item.nominee not in gone]):
        _take_equals(state, group)
    return RowResult(
        row.code,
        tuple(state.seated),
        tuple(state.ties),
        state.left or 0,
        tuple(state.behind),
        tuple(state.over_limit),
        state.cut,
    )


def allocate(rows: Sequence[Row]) -> tuple[RowResult, ...]:
    """All rows in the plan's order. Sum of seated and tied seats never exceeds a row's seats."""
    gone: frozenset[Hashable] = frozenset()
    results = []
    for row in rows:
        result = fill(row, gone)
        gone |= {*result.seated, *result.tied}
        results.append(result)
    return tuple(results)
