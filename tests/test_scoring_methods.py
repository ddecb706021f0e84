"""From figures to points: every scoring method as a table, its boundaries, and what holds for any figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_table import lines_of

from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.sums import exact_sum
from thidua_xlsx.stages.judging.scoring_methods import METHODS, Figure, NotApplicable, Points, compute, is_ratio

# A blank figure is one that nobody gave. "unknown" is no points at all, which is not 0.
TABLES = {
    "yes_no": """
        | max | Số liệu 1 | points  |
        |-----|-----------|---------|
        | 2.5 | Có        | 2.5     |
        | 2.5 | Không     | 0       |
        | 2.5 |           | unknown |
    """,
    "levels": """
        | max | parameters                                | Số liệu 1    | points  |
        |-----|-------------------------------------------|--------------|---------|
        | 1.5 | Đúng hạn, đủ = 1.5; Trễ = 0.75; Không = 0 | Đúng hạn, đủ | 1.5     |
        | 1.5 | Đúng hạn, đủ = 1.5; Trễ = 0.75; Không = 0 | Trễ          | 0.75    |
        | 1.5 | Đúng hạn, đủ = 1.5; Trễ = 0.75; Không = 0 | Không        | 0       |
        | 1.5 | Đúng hạn, đủ = 1.5; Trễ = 0.75; Không = 0 | Trễ một chút | unknown |
        | 1.5 | Đúng hạn, đủ = 1.5; Trễ = 0.75; Không = 0 |              | unknown |
    """,
    "bands": """
        | max | parameters                         | zero    | Số liệu 1 | Số liệu 2 | points         |
        |-----|------------------------------------|---------|-----------|-----------|----------------|
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 95        | 100       | 3              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 94.99     | 100       | 2              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 94.999999 | 100       | 2              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 17        | 20        | 2              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 75        | 100       | 1              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 74.99     | 100       | 0              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 0         | 100       | 0              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 | forbid  | 0         | 0         | unknown        |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 | full    | 0         | 0         | 3              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 | exclude | 0         | 0         | not applicable |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 | full    | 60        | 100       | 0              |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         | 95        |           | unknown        |
        | 3   | of = ratio; 95 = 3; 85 = 2; 75 = 1 |         |           | 100       | unknown        |
        | 3   | of = ratio; 105 = 3; 85 = 2        | full    | 0         | 0         | 3              |
        | 3   | of = count; 2 = 3; 1 = 1.5         |         | 3         |           | 3              |
        | 3   | of = count; 2 = 3; 1 = 1.5         |         | 2         |           | 3              |
        | 3   | of = count; 2 = 3; 1 = 1.5         |         | 1         |           | 1.5            |
        | 3   | of = count; 2 = 3; 1 = 1.5         |         | 0         |           | 0              |
        | 3   | of = count; 2 = 3; 1 = 1.5         |         |           |           | unknown        |
    """,
    "ratio_floor": """
        | max | parameters             | zero    | Số liệu 1 | Số liệu 2 | points         |
        |-----|------------------------|---------|-----------|-----------|----------------|
        | 3   | full = 100; floor = 80 |         | 100       | 100       | 3              |
        | 3   | full = 100; floor = 80 |         | 99.99     | 100       | 2.9997         |
        | 3   | full = 100; floor = 80 |         | 80        | 100       | 2.4            |
        | 3   | full = 100; floor = 80 |         | 79.99     | 100       | 0              |
        | 3   | full = 100; floor = 80 |         | 79.999999 | 100       | 0              |
        | 3   | full = 100; floor = 80 |         | 6         | 7         | 18/7           |
        | 3   | full = 100; floor = 80 |         | 0         | 7         | 0              |
        | 2   | full = 90; floor = 60  |         | 90        | 100       | 2              |
        | 2   | full = 90; floor = 60  |         | 89.99     | 100       | 1.7998         |
        | 2   | full = 90; floor = 60  |         | 60        | 100       | 1.2            |
        | 2   | full = 90; floor = 60  |         | 59.99     | 100       | 0              |
        | 3   | full = 100; floor = 80 | forbid  | 0         | 0         | unknown        |
        | 3   | full = 100; floor = 80 | full    | 0         | 0         | 3              |
        | 3   | full = 120; floor = 80 | full    | 0         | 0         | 3              |
        | 3   | full = 100; floor = 80 | exclude | 0         | 0         | not applicable |
        | 3   | full = 100; floor = 80 | exclude | 0         | 5         | 0              |
        | 3   | full = 100; floor = 80 | full    | 0         | 5         | 0              |
        | 3   | full = 100; floor = 80 | full    |           | 0         | unknown        |
        | 3   | full = 100; floor = 80 |         | 80        |           | unknown        |
        | 3   | full = 100; floor = 80 |         |           | 100       | unknown        |
    """,
    "ratio_target": """
        | max | parameters               | zero    | Số liệu 1 | Số liệu 2 | points         |
        |-----|--------------------------|---------|-----------|-----------|----------------|
        | 4   | target = 80; floor = 50  |         | 100       | 100       | 4              |
        | 4   | target = 80; floor = 50  |         | 80        | 100       | 4              |
        | 4   | target = 80; floor = 50  |         | 79.99     | 100       | 3.9995         |
        | 4   | target = 80; floor = 50  |         | 50        | 100       | 2.5            |
        | 4   | target = 80; floor = 50  |         | 49.99     | 100       | 0              |
        | 4   | target = 90; floor = 50  |         | 2         | 3         | 80/27          |
        | 4   | target = 80; floor = 50  | forbid  | 0         | 0         | unknown        |
        | 4   | target = 80; floor = 50  | full    | 0         | 0         | 4              |
        | 4   | target = 120; floor = 50 | full    | 0         | 0         | 4              |
        | 4   | target = 80; floor = 50  | exclude | 0         | 0         | not applicable |
        | 4   | target = 80; floor = 50  | exclude | 0         | 1         | 0              |
        | 4   | target = 80; floor = 50  |         |           |           | unknown        |
    """,
    "count": """
        | max | parameters | Số liệu 1 | points  |
        |-----|------------|-----------|---------|
        | 2   | each = 0.5 | 0         | 0       |
        | 2   | each = 0.5 | 3         | 1.5     |
        | 2   | each = 0.5 | 4         | 2       |
        | 2   | each = 0.5 | 5         | 2       |
        | 2   | each = 0.5 |           | unknown |
    """,
    "penalty": """
        | max | parameters              | Số liệu 1 | Số liệu 2 | points  |
        |-----|-------------------------|-----------|-----------|---------|
        | 2   | each = 0.5              | 0         |           | 2       |
        | 2   | each = 0.5              | 1         |           | 1.5     |
        | 2   | each = 0.5              | 4         |           | 0       |
        | 2   | each = 0.5              | 5         |           | 0       |
        | 2   | each = 0.5              |           |           | unknown |
        | 2   | each = 0.5              | 0         | 1         | 2       |
        | 3   | each = 1; zeroing = yes | 0         | 0         | 3       |
        | 3   | each = 1; zeroing = yes | 1         | 0         | 2       |
        | 3   | each = 1; zeroing = yes | 0         | 1         | 0       |
        | 3   | each = 1; zeroing = yes | 1         |           | unknown |
        | 3   | each = 1; zeroing = yes |           | 1         | unknown |
    """,
    "points": """
        | max | parameters  | Điểm tự chấm | points  |
        |-----|-------------|--------------|---------|
        | 2   | step = 0.25 | 1.75         | 1.75    |
        | 2   | step = 0.25 | 0            | 0       |
        | 2   | step = 0.25 |              | unknown |
    """,
    "survey": """
        | max | Số liệu 1 | Điểm tự chấm | points  |
        |-----|-----------|--------------|---------|
        | 8   | 7         | 8            | unknown |
    """,
    "bonus": """
        | max | parameters | Số liệu 1 | points  |
        |-----|------------|-----------|---------|
        | 3   | each = 1.5 | 0         | 0       |
        | 3   | each = 1.5 | 1         | 1.5     |
        | 3   | each = 1.5 | 2         | 3       |
        | 3   | each = 1.5 | 9         | 3       |
        | 3   | each = 1.5 |           | unknown |
    """,
    "malus": """
        | max | parameters | Số liệu 1 | points  |
        |-----|------------|-----------|---------|
        | 2   | each = 0.5 | 0         | 0       |
        | 2   | each = 0.5 | 3         | 1.5     |
        | 2   | each = 0.5 | 5         | 2       |
        | 2   | each = 0.5 |           | unknown |
    """,
}
RATIOS = ("ratio_floor", "ratio_target", "bands")


def line_of(method: str, maximum: str, parameters: str = "", zero: str = "") -> Criterion:
    pairs = tuple(tuple(pair.split(" = ")) for pair in parameters.split("; ") if pair)
    return Criterion(code="1.1", name="", max=Decimal(maximum), method=method, parameters=pairs,
                     zero_denominator=zero or "forbid")


def figure(cell: str) -> Figure:
    """A number where it is one, else the text, as the reader hands them on."""
    try:
        return Decimal(cell) if cell else None
    except InvalidOperation:
        return cell


def in_words(points: Points) -> Fraction | str:
    return "not applicable" if isinstance(points, NotApplicable) else "unknown" if points is None else points


@pytest.mark.parametrize(
    ("method", "case"),
    [pytest.param(method, case, id=" ".join([method, *filter(None, case.values())]))
     for method, table in TABLES.items() for case in lines_of(table)],
)
def test_figures_give_points(method: str, case: dict[str, str]) -> None:
    expected = case["points"] if case["points"] in ("unknown", "not applicable") else Fraction(case["points"])
    line = line_of(method, case["max"], case.get("parameters", ""), case.get("zero", ""))
    figures = [figure(case.get(header, "")) for header in ("Số liệu 1", "Số liệu 2", "Điểm tự chấm")]
    assert in_words(compute(line, *figures)) == expected


def test_every_method_has_its_table() -> None:
    assert set(TABLES) == set(METHODS)


@pytest.mark.parametrize("case", lines_of("""
    | method       | parameters               | Số liệu 1            | Số liệu 2 |
    |--------------|--------------------------|----------------------|-----------|
    | yes_no       |                          | Có/Không             |           |
    | levels       | Trễ = 1; Không = 0       | chọn trong danh sách |           |
    | bands        | of = ratio; 95 = 3       | số                   | số        |
    | bands        | of = count; 2 = 3        | số nguyên            |           |
    | ratio_floor  | full = 100; floor = 80   | số                   | số        |
    | ratio_target | target = 100; floor = 80 | số                   | số        |
    | count        | each = 1                 | số nguyên            |           |
    | penalty      | each = 1                 | số nguyên            |           |
    | penalty      | each = 1; zeroing = yes  | số nguyên            | số nguyên |
    | points       | step = 0.25              |                      |           |
    | survey       |                          |                      |           |
    | bonus        | each = 1                 | số nguyên            |           |
    | malus        | each = 1                 | số nguyên            |           |
"""), ids=lambda case: f"{case['method']} {case['parameters']}")
def test_a_line_asks_for_the_figures_that_its_method_reads(case: dict[str, str]) -> None:
    line = line_of(case["method"], "3", case["parameters"])
    asked = METHODS[case["method"]].first(line), METHODS[case["method"]].second(line)
    assert [answer.asks.value if answer else "" for answer in asked] == [case["Số liệu 1"], case["Số liệu 2"]]
    assert is_ratio(line) == (case["Số liệu 2"] == "số")


def test_a_blank_numerator_is_unknown_even_over_nothing() -> None:
    line = line_of("bands", "3", "of = ratio; 95 = 3; 85 = 2", "full")
    assert compute(line, None, Decimal(0), None) is None


QUARTERS = st.integers(1, 60).map(lambda number: Decimal(number) / 4)
WHOLE = st.integers(0, 40).map(Decimal)
PERCENTS = st.lists(st.integers(1, 100), min_size=2, max_size=2, unique=True).map(sorted)


@st.composite
def ratio_lines(draw: st.DrawFn) -> Criterion:
    """Any line that divides, with thresholds in order and no band above the maximum."""
    method, maximum, (floor, full) = draw(st.sampled_from(RATIOS)), draw(QUARTERS), draw(PERCENTS)
    parameters = {"ratio_floor": f"full = {full}; floor = {floor}",
                  "ratio_target": f"target = {full}; floor = {floor}",
                  "bands": f"of = ratio; {full} = {maximum}; {floor} = {maximum / 2}"}[method]
    return line_of(method, str(maximum), parameters, draw(st.sampled_from(["forbid", "full", "exclude"])))


@st.composite
def counting_lines(draw: st.DrawFn) -> Criterion:
    method = draw(st.sampled_from(["count", "bonus", "malus", "penalty"]))
    zeroing = "; zeroing = yes" if method == "penalty" and draw(st.booleans()) else ""
    return line_of(method, str(draw(QUARTERS)), f"each = {draw(QUARTERS)}{zeroing}")


@given(ratio_lines() | counting_lines(), WHOLE, WHOLE)
def test_points_are_exact_and_within_the_scale(line: Criterion, first: Decimal, second: Decimal) -> None:
    points = compute(line, min(first, second) if line.method in RATIOS else first, second, None)
    if second == 0 and line.method in RATIOS and line.zero_denominator != "full":
        assert in_words(points) == {"forbid": "unknown", "exclude": "not applicable"}[line.zero_denominator]
    else:
        assert type(points) is Fraction
        assert 0 <= points <= line.max


@given(ratio_lines(), st.lists(WHOLE, min_size=3, max_size=3).map(sorted).filter(lambda three: three[2] > 0))
def test_a_greater_numerator_never_gives_less(line: Criterion, three: list[Decimal]) -> None:
    less, more, whole = three
    assert compute(line, less, whole, None) <= compute(line, more, whole, None)
    assert compute(line, whole, whole, None) == line.max


@given(counting_lines(), WHOLE, WHOLE)
def test_one_more_case_never_gives_less_or_for_a_penalty_never_more(
    line: Criterion, first: Decimal, second: Decimal,
) -> None:
    now, one_more = compute(line, first, second, None), compute(line, first + 1, second, None)
    assert (one_more <= now) if line.method == "penalty" else (one_more >= now)


@given(ratio_lines(), st.lists(WHOLE, min_size=2, max_size=2).map(sorted).filter(lambda two: two[1] > 0))
def test_what_happens_over_nothing_says_nothing_of_a_ratio_that_exists(
    line: Criterion, two: list[Decimal],
) -> None:
    assert len({compute(replace(line, zero_denominator=zero), *two, None)
                for zero in ("forbid", "full", "exclude")}) == 1


@given(st.lists(st.fractions(max_denominator=50)))
def test_points_add_up_as_fractions_do(points: list[Fraction]) -> None:
    assert exact_sum(points) == sum(points, Fraction(0))
