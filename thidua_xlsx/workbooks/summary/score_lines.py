"""Turns each line of a scorecard into a row with the points of every unit, below the fields on ``Bảng điểm``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.results import LineScore, RunResult, Standing
from thidua_xlsx.model.sums import exact_sum
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.cards import Card
from thidua_xlsx.workbooks.summary.looks import HEADING, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import block_name, rounded

FIRST_UNIT = 4  # column of the first unit in the table of lines
LEGEND = "Điểm được tính; «–»: không áp dụng; «?»: chưa có điểm; ô vàng: thẩm định khác điểm tính từ số liệu."
CHANGED = Look(bold=True, italic=True, fill="#FFF2CC")
LEGEND_LOOK = Look(bold=True, fill="#EDEDED", size=11)


def write_lines(page: Page, result: RunResult, card: Card) -> None:
    size = len(page.columns) - FIRST_UNIT + 1
    # Few units take two columns of the grid each, which leaves their names room.
    step = 2 if len(card.standings) * 2 <= size else 1
    for start in range(0, len(card.standings), size):
        chunk = card.standings[start : start + size]
        if page.room() < page.page_points / 3:
            page.new_page()
        _lines_headings(page, result, card, chunk, step)
        scores = [card.scores(item) for item in chunk]
        for line in card.lines:
            if page.room() < 40:
                page.new_page()
                _lines_headings(page, result, card, chunk, step, " (tiếp theo)")
            _line_row(page, card, line, _line_values(card, line, chunk, scores, result.plan.head.decimals), step)
        page.gap(12.0)


def _spread(page: Page, values: Sequence[Value], look: Look, looks: Mapping[int, Look], step: int) -> None:
    """A row of the table of lines: each unit takes ``step`` columns; ``looks`` sets single values (from 1) apart."""
    if step == 1:
        page.height(page.line(values, look, looks))
        return
    tallest = 0.0
    for number, value in enumerate(values, start=1):
        first = number if number < FIRST_UNIT else FIRST_UNIT + (number - FIRST_UNIT) * step
        last = first if number < FIRST_UNIT else first + step - 1
        own = page.columns[first - 1]
        kind = Kind.TEXT if isinstance(value, str) and number == 2 else own.kind
        tallest = max(tallest, page.span(first, last, value, looks.get(number, look), kind, own.format))
    page.height(tallest)


def _lines_headings(
    page: Page, result: RunResult, card: Card, chunk: Sequence[Standing], step: int, more: str = ""
) -> None:
    page.band(f"Điểm từng tiêu chí - {block_name(result.plan, card.block)}{more}. {LEGEND}", LEGEND_LOOK)
    heads = ["Mã", "Tiêu chí", "Điểm tối đa", *(item.unit.name for item in chunk)]
    _spread(page, heads, HEADING, {}, step)


def _line_values(
    card: Card, line: Criterion, chunk: Sequence[Standing], scores: Sequence[dict[str, LineScore]], decimals: int
) -> list[tuple[Value, bool]]:
    """Points of one line by unit, and whether the office changed what the figures gave."""
    if line.method is None:
        leaves = card.leaves_under(line.code)
        return [(rounded(card.points(item, leaves), decimals), False) for item in chunk]
    found = [by_code.get(line.code) for by_code in scores]
    return [(_leaf_value(score, decimals), score is not None and _appraised(score)) for score in found]


def _appraised(score: LineScore) -> bool:
    return (
        score.appraised is not None and score.computed is not None and exact_sum((score.appraised,)) != score.computed
    )


def _line_row(page: Page, card: Card, line: Criterion, given: Sequence[tuple[Value, bool]], step: int) -> None:
    depth = card.depth(line)
    look, name = _looks(depth)
    values: list[Value] = [line.code, line.name, line.max, *(value for value, _ in given)]
    changed = {number: CHANGED for number, (_, flag) in enumerate(given, start=FIRST_UNIT) if flag}
    _spread(page, values, look, {2: name, **changed}, step)


@cache
def _looks(depth: int) -> tuple[Look, Look]:
    """Of a line so deep: its figures, and its name."""
    look = Look(bold=depth == 0, fill="#F7F7F7" if depth == 0 else "")
    return look, replace(look, indent=depth + 1)


def _leaf_value(score: LineScore | None, decimals: int) -> Value:
    if score is None or not score.applicable:
        return "–"
    return "?" if score.points is None else rounded(score.points, decimals)
