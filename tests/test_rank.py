"""Standings: competition ranks on the exact index, places gained, classes, and indices that print alike."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_table import lines_of

from thidua_xlsx.model.plan import Head, Level, Plan, Unit
from thidua_xlsx.model.results import Standing
from thidua_xlsx.stages.judging.rank import level_of, rank

HEAD = Head(id="", title="", authority="", place="", standing_body="", year=2025)
LEVELS = tuple(Level(scale=scale, code=code, label="", order=order, from_=from_) for scale, code, order, from_ in [
    ("cchc", "xuat-sac", 4, Decimal(90)),
    ("cchc", "kha", 2, Decimal(70)),
    ("cchc", "tot", 3, Decimal(80)),
    ("cchc", "trung-binh", 1, Decimal("50.5")),
    ("khác", "chuan", 9, Decimal(0)),
    ("cchc", "khong-xep-loai", 5, None),
])


def plan_of(rank_on: str = "exact", decimals: int = 2, class_scale: str | None = "cchc") -> Plan:
    return Plan(replace(HEAD, rank_on=rank_on, decimals=decimals, class_scale=class_scale), levels=LEVELS)


def standing_of(code: str, index: Fraction | None, block: str = "", last_rank: str = "") -> Standing:
    unit = Unit(code=code, name="", block=block, last_rank=int(last_rank) if last_rank else None)
    return Standing(unit, (), None, index, Fraction(100), index)


def ranked(table: str, plan: Plan) -> tuple[Standing, ...]:
    """Rank the table's units and hold each against whatever columns its line has; "–" is no rank, no gain."""
    lines = lines_of(table)
    standings = rank(plan, [standing_of(line["unit"], Fraction(line["index"]) if line["index"] else None,
                                        line.get("block", ""), line.get("last", "")) for line in lines])
    said = {"overall": "rank", "in block": "rank_in_block", "gain": "rank_gain", "alike": "printed_alike"}
    for line, item in zip(sorted(lines, key=lambda line: line["unit"]), standings, strict=True):
        for header in said.keys() & line.keys():
            value = getattr(item, said[header])
            seen = "–" if value is None else str(value) if header != "alike" else "yes" if value else "no"
            assert (line["unit"], header, seen) == (line["unit"], header, line[header])
    return standings


def test_equals_share_a_rank_and_the_next_rank_is_skipped_in_the_block_and_overall() -> None:
    ranked("""
        | unit | block | index | overall | in block |
        |------|-------|-------|---------|----------|
        | A    | phong | 95    | 1       | 1        |
        | B    | phong | 90    | 2       | 2        |
        | C    | phong | 90    | 2       | 2        |
        | D    | xa    | 90    | 2       | 1        |
        | E    | phong | 80    | 5       | 4        |
        | F    | xa    | 70    | 6       | 2        |
    """, plan_of())


def test_the_index_is_compared_unrounded() -> None:
    ranked("""
        | unit | index  | overall | alike |
        |------|--------|---------|-------|
        | A    | 86.004 | 1       | yes   |
        | B    | 86.001 | 2       | yes   |
        | C    | 601/7  | 4       | no    |
        | D    | 86     | 3       | yes   |
    """, plan_of())


def test_a_plan_may_rank_on_the_index_as_printed() -> None:
    ranked("""
        | unit | index   | overall | alike |
        |------|---------|---------|-------|
        | A    | 86.005  | 1       | yes   |
        | B    | 86.0149 | 1       | yes   |
        | C    | 86.0049 | 3       | yes   |
        | D    | 86      | 3       | yes   |
        | E    | 85.9949 | 5       | no    |
    """, plan_of("printed"))


@pytest.mark.parametrize(("decimals", "ranks"), [(0, [1, 1]), (1, [2, 1])])
def test_printed_means_with_the_decimals_of_the_plan(decimals: int, ranks: list[int]) -> None:
    units = [standing_of("A", Fraction("85.5")), standing_of("B", Fraction("86.4"))]
    standings = rank(plan_of("printed", decimals), units)
    assert [item.rank for item in standings] == ranks
    assert [item.printed_alike for item in standings] == [decimals == 0] * 2


def test_equal_indices_are_equal_and_not_merely_alike() -> None:
    ranked("""
        | unit | index | overall | alike |
        |------|-------|---------|-------|
        | A    | 256/3 | 1       | no    |
        | B    | 256/3 | 1       | no    |
    """, plan_of())


def test_indices_print_alike_across_blocks_too() -> None:
    ranked("""
        | unit | block | index  | in block | alike |
        |------|-------|--------|----------|-------|
        | A    | phong | 86.001 | 1        | yes   |
        | B    | xa    | 86.002 | 1        | yes   |
    """, plan_of())


def test_places_gained_are_counted_in_the_block() -> None:
    ranked("""
        | unit | block | index | last | overall | in block | gain |
        |------|-------|-------|------|---------|----------|------|
        | A    | phong | 95    | 6    | 1       | 1        | 5    |
        | B    | xa    | 90    | 1    | 2       | 1        | 0    |
        | C    | phong | 85    | 1    | 3       | 2        | -1   |
        | D    | phong | 80    |      | 4       | 3        | –    |
    """, plan_of())


def test_an_unknown_index_has_no_rank_no_class_no_gain_and_takes_no_place() -> None:
    unknown = ranked("""
        | unit | index | last | overall | in block | gain | alike |
        |------|-------|------|---------|----------|------|-------|
        | A    |       | 1    | –       | –        | –    | no    |
        | B    | 90    | 2    | 1       | 1        | 1    | no    |
        | C    |       |      | –       | –        | –    | no    |
        | D    | 0     | 2    | 2       | 2        | 0    | no    |
    """, plan_of("printed"))[0]
    assert unknown.level is None


def test_standings_come_sorted_by_unit_code_with_their_points_untouched() -> None:
    given_in = [standing_of("b", Fraction(1)), standing_of("B", Fraction(2)), standing_of("A", None)]
    standings = rank(plan_of(), given_in)
    assert [(item.unit.code, item.index, item.points) for item in standings] \
        == [("A", None, None), ("B", 2, 2), ("b", 1, 1)]


@pytest.mark.parametrize(
    ("index", "level"),
    [
        ("100", "xuat-sac"), ("90", "xuat-sac"), ("89.999999", "tot"), ("80", "tot"), ("79.99", "kha"),
        ("70", "kha"), ("50.5", "trung-binh"), ("50.4999", None), ("0", None),
    ],
)
@pytest.mark.parametrize("rank_on", ["exact", "printed"])
def test_a_class_begins_at_its_threshold_and_no_rounding_lifts_into_it(
    rank_on: str, index: str, level: str | None,
) -> None:
    assert rank(plan_of(rank_on), [standing_of("A", Fraction(index))])[0].level == level


def test_a_class_that_begins_at_nothing_takes_in_an_index_of_nothing() -> None:
    assert level_of(plan_of(class_scale="khác"), Fraction(0)) == "chuan"


def test_without_a_scale_there_is_no_class() -> None:
    assert level_of(plan_of(class_scale=None), Fraction(100)) is None


INDICES = st.none() | st.builds(Fraction, st.integers(0, 12), st.just(7))


@given(st.lists(st.tuples(INDICES, st.sampled_from(["phong", "xa"])), max_size=8),
       st.randoms(use_true_random=False))
def test_a_rank_is_one_more_than_the_number_of_better_units_in_any_order_of_input(
    units: list[tuple[Fraction | None, str]], random: Random,
) -> None:
    standings = [standing_of(f"U{number}", index, block) for number, (index, block) in enumerate(units)]
    result = rank(plan_of(), random.sample(standings, len(standings)))
    assert result == rank(plan_of(), standings)
    for item in result:
        better = [other for other in standings if None not in (other.index, item.index) and other.index > item.index]
        beside = [other for other in better if other.unit.block == item.unit.block]
        ranks = (None, None) if item.index is None else (1 + len(better), 1 + len(beside))
        assert (item.rank, item.rank_in_block) == ranks
