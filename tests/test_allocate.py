"""Seats: what the rule says, told as boards, and proved against two independent readings of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, combinations, pairwise, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_table import lines_of

from thidua_xlsx.stages.judging.allocate import Candidate, Key, Row, RowResult, allocate

HEADER = re.compile(r"(?P<code>\w+): (?:(?P<seats>\d+) seats?|open)(?:, (?P<per_unit>\d+) a unit)?")


def key_of(cell: str) -> Key:
    """"3" is a place, less is better; "+5" is a gain, more is better; "1 / +90" is one fact, then another."""
    return tuple(-Fraction(fact) if fact.startswith("+") else Fraction(fact) for fact in cell.split(" / "))


def rows_of(lines: list[dict[str, str]]) -> list[Row]:
    """The quota rows that the column headers speak of; a blank cell: this nominee may not enter this row."""
    rows = []
    for header in lines[0]:
        if row := HEADER.fullmatch(header):
            entering = [line for line in lines if line[header]]
            candidates = tuple(Candidate(line["nominee"], line.get("unit", ""), key_of(line[header]))
                               for line in entering)
            seats, per_unit = row["seats"] and int(row["seats"]), row["per_unit"] and int(row["per_unit"])
            rows.append(Row(row["code"], seats, candidates, per_unit))
    return rows


def fate(results: tuple[RowResult, ...], nominee: str) -> str:
    """Everything that was said of a nominee, row by row."""
    said = []
    for row in results:
        lists = {"PROPOSED": row.seated, "TIED": row.tied,
                 "behind": dict(row.behind), "over limit": row.over_limit}
        said += [f"{row.code}: {word}" for word, names in lists.items() if nominee in names]
    return "; ".join(said)


def allocated(board: str) -> dict[str, RowResult]:
    """Allocate the board, hold every nominee against its last column, hand back the rows by code."""
    lines = lines_of(board)
    results = allocate(rows_of(lines))
    assert {line["nominee"]: fate(results, line["nominee"]) for line in lines} \
        == {line["nominee"]: line["outcome"] for line in lines}
    return {row.code: row for row in results}


def test_the_best_take_the_seats_and_the_others_stand_behind() -> None:
    row = allocated("""
        | nominee | best: 2 seats | outcome        |
        |---------|---------------|----------------|
        | C       | 3             | best: behind   |
        | A       | 1             | best: PROPOSED |
        | D       | 4             | best: behind   |
        | B       | 2             | best: PROPOSED |
    """)["best"]
    assert (row.cut, row.empty, row.tied_seats) == ((2,), 0, 0)
    assert dict(row.behind) == {"C": 2, "D": 2}


def test_a_tie_across_the_cut_seats_those_above_and_shares_the_open_seats() -> None:
    row = allocated("""
        | nominee | best: 3 seats | outcome        |
        |---------|---------------|----------------|
        | A       | 1             | best: PROPOSED |
        | B       | 2             | best: TIED     |
        | C       | 2             | best: TIED     |
        | D       | 2             | best: TIED     |
        | E       | 5             | best: behind   |
    """)["best"]
    assert (row.tied_seats, row.empty, row.cut) == (2, 0, (2,))
    assert dict(row.behind) == {"E": 4}


def test_equals_who_all_find_a_seat_are_no_tie() -> None:
    row = allocated("""
        | nominee | best: 3 seats | outcome        |
        |---------|---------------|----------------|
        | A       | 1             | best: PROPOSED |
        | B       | 2             | best: PROPOSED |
        | C       | 2             | best: PROPOSED |
        | D       | 4             | best: behind   |
    """)["best"]
    assert (row.tied_seats, row.empty) == (0, 0)


def test_whoever_differs_by_the_last_hair_is_not_equal() -> None:
    allocated("""
        | nominee | best: 1 seat    | outcome        |
        |---------|-----------------|----------------|
        | A       | +86.00000000001 | best: PROPOSED |
        | B       | +86             | best: behind   |
    """)


def test_the_next_fact_decides_between_equals_in_the_first() -> None:
    allocated("""
        | nominee | people: 2 seats | outcome          |
        |---------|-----------------|------------------|
        | An      | 1 / +80         | people: TIED     |
        | Bình    | 1 / +90         | people: PROPOSED |
        | Chi     | 1 / +80         | people: TIED     |
        | Dũng    | 2 / +99         | people: behind   |
    """)


def test_the_seated_are_skipped_by_later_rows() -> None:
    allocated("""
        | nominee | first: 1 seat | second: 1 seat | outcome                         |
        |---------|---------------|----------------|---------------------------------|
        | A       | 1             | 1              | first: PROPOSED                 |
        | B       | 2             | 2              | first: behind; second: PROPOSED |
        | C       |               | 3              | second: behind                  |
    """)


def test_the_tied_enter_no_later_row() -> None:
    rows = allocated("""
        | nominee | best: 1 seat | leap: 1 seat | outcome                      |
        |---------|--------------|--------------|------------------------------|
        | A       | 1            | +9           | best: TIED                   |
        | B       | 1            | +8           | best: TIED                   |
        | C       | 3            | +2           | best: behind; leap: PROPOSED |
    """)
    assert rows["best"].tied_seats == 1


def test_the_leap_seat_passes_on_when_the_best_also_leaps_furthest() -> None:
    allocated("""
        | nominee | best: 1 seat | leap: 1 seat | outcome                      |
        |---------|--------------|--------------|------------------------------|
        | A       | 1            | +7           | best: PROPOSED               |
        | B       | 2            | +1           | best: behind; leap: behind   |
        | C       | 3            | +4           | best: behind; leap: PROPOSED |
        | D       | 4            |              | best: behind                 |
    """)


def test_a_leap_seat_that_nobody_may_enter_stays_empty() -> None:
    row = allocated("""
        | nominee | best: 1 seat | leap: 1 seat | outcome        |
        |---------|--------------|--------------|----------------|
        | A       | 1            | +7           | best: PROPOSED |
        | B       | 2            |              | best: behind   |
    """)["leap"]
    assert (row.empty, row.cut) == (1, None)


def test_blocks_have_rows_of_their_own() -> None:
    allocated("""
        | nominee | offices: 1 seat | communes: 2 seats | outcome            |
        |---------|-----------------|-------------------|--------------------|
        | Nội vụ  | 1               |                   | offices: PROPOSED  |
        | Y tế    | 2               |                   | offices: behind    |
        | Xã A    |                 | 1                 | communes: PROPOSED |
        | Xã B    |                 | 2                 | communes: PROPOSED |
    """)


def test_an_open_row_seats_everybody() -> None:
    row = allocated("""
        | nominee | sudden: open | outcome          |
        |---------|--------------|------------------|
        | A       | 1            | sudden: PROPOSED |
        | B       | 1            | sudden: PROPOSED |
        | C       | 9            | sudden: PROPOSED |
    """)["sudden"]
    assert (row.empty, row.tied_seats) == (0, 0)


def test_an_open_row_still_keeps_the_limit_of_a_unit() -> None:
    allocated("""
        | nominee | unit | people: open, 1 a unit | outcome            |
        |---------|------|------------------------|--------------------|
        | An      | X    | 1                      | people: PROPOSED   |
        | Bình    | X    | 2                      | people: over limit |
        | Chi     | Y    | 3                      | people: PROPOSED   |
    """)


def test_seats_beyond_the_nominees_stay_empty() -> None:
    row = allocated("""
        | nominee | best: 5 seats | outcome        |
        |---------|---------------|----------------|
        | A       | 1             | best: PROPOSED |
        | B       | 1             | best: PROPOSED |
    """)["best"]
    assert (row.empty, row.tied_seats) == (3, 0)


def test_a_row_without_seats_seats_nobody() -> None:
    row = allocated("""
        | nominee | best: 0 seats | outcome      |
        |---------|---------------|--------------|
        | A       | 1             | best: behind |
    """)["best"]
    assert (row.empty, row.cut, dict(row.behind)) == (0, None, {"A": 0})


def test_the_limit_of_a_unit_passes_the_seat_to_the_next_unit() -> None:
    row = allocated("""
        | nominee | unit | people: 3 seats, 2 a unit | outcome            |
        |---------|------|---------------------------|--------------------|
        | An      | X    | 1                         | people: PROPOSED   |
        | Bình    | X    | 2                         | people: PROPOSED   |
        | Chi     | X    | 3                         | people: over limit |
        | Dũng    | Y    | 4                         | people: PROPOSED   |
        | Em      | Y    | 5                         | people: behind     |
    """)["people"]
    assert dict(row.behind) == {"Em": 3}


def test_a_limit_may_leave_seats_empty() -> None:
    row = allocated("""
        | nominee | unit | people: 3 seats, 1 a unit | outcome            |
        |---------|------|---------------------------|--------------------|
        | An      | X    | 1                         | people: PROPOSED   |
        | Bình    | X    | 2                         | people: over limit |
    """)["people"]
    assert row.empty == 2


def test_equals_of_one_unit_share_what_its_limit_leaves_and_bind_nobody_else() -> None:
    row = allocated("""
        | nominee | unit | people: 3 seats, 1 a unit | outcome            |
        |---------|------|---------------------------|--------------------|
        | An      | X    | 1                         | people: TIED       |
        | Bình    | X    | 1                         | people: TIED       |
        | Chi     | Y    | 1                         | people: PROPOSED   |
        | Dũng    | X    | 2                         | people: over limit |
        | Em      | Z    | 3                         | people: PROPOSED   |
    """)["people"]
    assert (row.tied_seats, row.empty) == (1, 0)


def test_a_limit_can_settle_a_tie_across_the_cut() -> None:
    allocated("""
        | nominee | unit | people: 3 seats, 2 a unit | outcome            |
        |---------|------|---------------------------|--------------------|
        | An      | X    | 1                         | people: PROPOSED   |
        | Bình    | X    | 1                         | people: PROPOSED   |
        | Chi     | X    | 2                         | people: over limit |
        | Dũng    | Y    | 2                         | people: PROPOSED   |
    """)


def test_equals_of_several_units_are_all_tied_when_even_their_limits_ask_too_much() -> None:
    row = allocated("""
        | nominee | unit | people: 2 seats, 1 a unit | outcome        |
        |---------|------|---------------------------|----------------|
        | An      | X    | 1                         | people: TIED   |
        | Bình    | X    | 1                         | people: TIED   |
        | Chi     | Y    | 1                         | people: TIED   |
        | Dũng    | Z    | 1                         | people: TIED   |
        | Em      | X    | 2                         | people: behind |
    """)["people"]
    assert row.tied_seats == 2


def test_once_the_seats_are_gone_it_is_not_the_limit_that_keeps_one_out() -> None:
    row = allocated("""
        | nominee | unit | people: 1 seat, 1 a unit | outcome          |
        |---------|------|--------------------------|------------------|
        | An      | X    | 1                        | people: PROPOSED |
        | Bình    | X    | 2                        | people: behind   |
        | Chi     | Y    | 3                        | people: behind   |
    """)["people"]
    assert dict(row.behind) == {"Bình": 1, "Chi": 1}


def test_a_limit_counts_in_its_own_row_only() -> None:
    allocated("""
        | nominee | unit | heads: 1 seat, 1 a unit | staff: 1 seat, 1 a unit | outcome         |
        |---------|------|-------------------------|-------------------------|-----------------|
        | An      | X    | 1                       |                         | heads: PROPOSED |
        | Bình    | X    |                         | 1                       | staff: PROPOSED |
    """)


# The rule once more, without groups, rooms or running counts. Two readings that share nothing but ``Choice``.

Choice = frozenset[Candidate]
Reading = Callable[[Row, tuple[Candidate, ...]], Iterator[Choice]]


def fits(row: Row, some: tuple[Candidate, ...]) -> bool:
    """No more than the seats, and no more of one unit than its limit."""
    if row.seats is not None and len(some) > row.seats:
        return False
    return row.per_unit is None or all(sum(item.unit == other.unit for item in some) <= row.per_unit
                                       for other in some)


def just_choices(row: Row, entrants: tuple[Candidate, ...]) -> Iterator[Choice]:
    """Every choice to which nobody left out can object.

    Objections: "I fit in beside them all" and "I fit in the place of one who stands strictly below me".
    """
    for some in chain.from_iterable(combinations(entrants, size) for size in range(len(entrants) + 1)):
        left_out = [item for item in entrants if item not in some]
        objections = (fits(row, (*(item for item in some if item is not given_up), objector))
                      for objector in left_out for given_up in (None, *some)
                      if given_up is None or objector.key < given_up.key)
        if fits(row, some) and not any(objections):
            yield frozenset(some)


def lots_drawn(row: Row, entrants: tuple[Candidate, ...]) -> Iterator[Choice]:
    """Break every tie by lot, in every way there is, and seat one after the other who still fits."""
    for order in permutations(entrants):
        if all(one.key <= other.key for one, other in pairwise(order)):
            some: tuple[Candidate, ...] = ()
            for item in order:
                some = (*some, item) if fits(row, (*some, item)) else some
            yield frozenset(some)


@dataclass(frozen=True)
class Told:
    """A row's result without the order of its lists."""

    seated: frozenset[Hashable]
    tied: frozenset[Hashable]
    tied_seats: int
    empty: int
    behind: frozenset[tuple[Hashable, int]]
    over_limit: frozenset[Hashable]
    cut: Key | None


def told(result: RowResult) -> Told:
    return Told(frozenset(result.seated), frozenset(result.tied), result.tied_seats, result.empty,
                frozenset(result.behind), frozenset(result.over_limit), result.cut)


def expected(row: Row, choices: set[Choice]) -> Told:
    """PROPOSED is in every choice, TIED in some. Behind are those whose betters fill the seats already."""
    always, ever = frozenset.intersection(*choices), frozenset.union(*choices)
    (taken,) = {len(choice) for choice in choices}
    behind, over_limit = set(), set()
    for item in {*row.candidates} - ever:
        (better,) = {sum(other.key < item.key for other in choice) for choice in choices}
        if row.seats is None or better < row.seats:
            over_limit.add(item.nominee)
        else:
            behind.add((item.nominee, sum(other.key < item.key for other in ever)))
    return Told(frozenset(item.nominee for item in always), frozenset(item.nominee for item in ever - always),
                taken - len(always), 0 if row.seats is None else row.seats - taken,
                frozenset(behind), frozenset(over_limit), max((item.key for item in ever), default=None))


def reference(rows: list[Row], choices: Reading) -> list[Told]:
    """Row by row; the seated and the tied enter no later row."""
    results: list[Told] = []
    for row in rows:
        gone = frozenset().union(*(result.seated | result.tied for result in results))
        row = replace(row, candidates=tuple(item for item in row.candidates if item.nominee not in gone))
        results.append(expected(row, set(choices(row, row.candidates))))
    return results


NOMINEES = ("a", "b", "c", "d", "e", "f")
KEYS = st.sampled_from([(Fraction(place), Fraction(-index, 3)) for place in (1, 2) for index in (250, 251)])


@st.composite
def boards(draw: st.DrawFn, most_rows: int = 3) -> list[Row]:
    """Few nominees, few keys, few units: ties, limits and empty seats are the rule."""
    unit_of = draw(st.fixed_dictionaries(dict.fromkeys(NOMINEES, st.sampled_from("XYZ"))))
    rows = []
    for number in range(draw(st.integers(1, most_rows))):
        keys = draw(st.dictionaries(st.sampled_from(NOMINEES), KEYS, max_size=6))
        candidates = tuple(Candidate(nominee, unit_of[nominee], key) for nominee, key in keys.items())
        rows.append(Row(f"row-{number}", draw(st.none() | st.integers(0, 5)), candidates,
                        draw(st.none() | st.integers(1, 3))))
    return rows


@pytest.mark.parametrize("choices", [just_choices, lots_drawn])
@given(rows=boards())
@settings(max_examples=300, deadline=None)
def test_a_nominee_is_proposed_when_every_fair_choice_seats_it_and_tied_when_some_do(
    choices: Reading, rows: list[Row],
) -> None:
    assert [told(result) for result in allocate(rows)] == reference(rows, choices)


@given(boards())
def test_seats_are_seated_tied_or_empty_and_every_tie_is_one(rows: list[Row]) -> None:
    for row, result in zip(rows, allocate(rows), strict=True):
        assert row.seats in (None, len(result.seated) + result.tied_seats + result.empty)
        assert bool(result.tied) == bool(result.tied_seats)
        assert len(result.tied) > result.tied_seats or not result.tied


@given(boards(), st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(rows: list[Row], random: Random) -> None:
    shuffled = [replace(row, candidates=tuple(random.sample(row.candidates, len(row.candidates))))
                for row in rows]
    assert [told(result) for result in allocate(shuffled)] == [told(result) for result in allocate(rows)]


@given(boards(most_rows=1).filter(lambda rows: rows[0].seats is not None))
def test_one_more_seat_unseats_nobody(rows: list[Row]) -> None:
    (before,), (after,) = allocate(rows), allocate([replace(rows[0], seats=rows[0].seats + 1)])
    assert {*before.seated} <= {*after.seated}
    assert {*before.tied} <= {*after.seated, *after.tied}


@given(boards())
def test_nobody_is_seated_or_tied_twice_and_everybody_who_enters_is_told_once_a_row(rows: list[Row]) -> None:
    gone: set[Hashable] = set()
    for row, result in zip(rows, allocate(rows), strict=True):
        named = [*result.seated, *result.tied, *dict(result.behind), *result.over_limit]
        assert sorted(named) == sorted({item.nominee for item in row.candidates} - gone)
        gone |= {*result.seated, *result.tied}
