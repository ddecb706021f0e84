"""Turns lines whose claimed, computed and appraised points differ into a table below ``Bảng điểm``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from thidua_xlsx.model.results import LineScore, RunResult, Standing
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.looks import GROUP, HEADING, PLAIN, PROSE, SUBGROUP, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import number_format, rounded, unit_order

TITLE = "Những dòng mà điểm tự chấm, điểm tính từ số liệu và điểm thẩm định khác nhau"
HEADINGS = (
    "Mã",
    "Tiêu chí",
    "Điểm tối đa",
    "Tự chấm",
    "Tính từ số liệu",
    "Thẩm định",
    "Được tính",
    "Được tính trừ tự chấm",
)
WHY, WHY_COLUMNS = "Lý do thẩm định", 6


def differing(item: Standing, decimals: int) -> list[LineScore]:
    """The lines on which two of the known figures are not the same as printed."""
    found = []
    for score in item.scores:
        if not score.applicable:
            continue
        figures = (score.claimed, score.computed, score.appraised)
        # Nearly all are the very same number, which needs no rounding to see.
        if len({value.as_integer_ratio() for value in figures if value is not None}) < 2:
            continue
        if len({rounded(value, decimals) for value in figures if value is not None}) > 1:
            found.append(score)
    return found


def write_differences(page: Page, result: RunResult, standings: Sequence[Standing]) -> None:
    if page.room() < 150:
        page.new_page()
    page.band(TITLE, GROUP)
    decimals = result.plan.head.decimals
    ordered = sorted(standings, key=lambda item: unit_order(item.unit))
    differences = [(item, differing(item, decimals)) for item in ordered]
    if not any(scores for _, scores in differences):
        page.sentence("Không có dòng nào khác nhau.", PROSE)
        return
    _headings(page)
    signed = Look(format=number_format(decimals, signed=True))
    for item, scores in differences:
        if not scores:
            continue
        if page.room() < 70:
            _again(page)
        page.band(f"{item.unit.name} ({len(scores)} dòng)", SUBGROUP, last=len(HEADINGS) + WHY_COLUMNS)
        for score in scores:
            if page.room() < 45:
                _again(page)
            _row(page, score, decimals, signed)


def _again(page: Page) -> None:
    page.new_page()
    _headings(page)


def _headings(page: Page) -> None:
    tallest = page.span(len(HEADINGS) + 1, len(HEADINGS) + WHY_COLUMNS, WHY, HEADING)
    for column, text in enumerate(HEADINGS, start=1):
        tallest = max(tallest, page.span(column, column, text, HEADING))
    page.height(tallest)


def _row(page: Page, score: LineScore, decimals: int, signed: Look) -> None:
    given = None if score.claimed is None or score.points is None else score.points - Fraction(score.claimed)
    figures = (
        rounded(score.line.max, decimals),
        rounded(score.claimed, decimals),
        rounded(score.computed, decimals),
        rounded(score.appraised, decimals),
        rounded(score.points, decimals),
        rounded(given, decimals),
    )
    values: list[Value] = [score.line.code, score.line.name, *figures]
    tallest = page.line(values, PLAIN, {len(HEADINGS): signed})
    tallest = max(tallest, page.span(len(HEADINGS) + 1, len(HEADINGS) + WHY_COLUMNS, score.appraisal_reason, PLAIN))
    page.height(tallest)
