"""Turns ranges of a sheet into native charts: indices with the cut line, and how many failed which gate.

The figures of a chart stand to the right of the printed area, so that a reader can check and reuse them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thidua_xlsx.model.place import column_letters
from thidua_xlsx.workbooks.fit import PIXEL
from thidua_xlsx.workbooks.sheets import FONT, Value, checked, put, reference
from thidua_xlsx.workbooks.summary.looks import HEADING, PLAIN
from thidua_xlsx.workbooks.summary.page import Page

_BLUE, _RED, _AMBER, _GREY, _GREEN = "#4472C4", "#C00000", "#F0B000", "#D9D9D9", "#70AD47"
MOST_LEVEL_NAMES = 18
FIGURES, FIGURES_ROW = "Số liệu của biểu đồ", 14


def figures(
    page: Page, row: int, headings: Sequence[str], rows: Sequence[Sequence[Value]], away: int = 2
) -> tuple[int, int]:
    """Writes a chart's figures ``away`` from the printed area, from ``row`` on; gives their first row and column."""
    column = len(page.columns) + away
    checked(page.sheet.set_column(column - 1, column - 1, 40))
    heading = page.book.format(**HEADING.props())
    plain = page.book.format(**{**PLAIN.props(), "text_wrap": False})
    put(page.sheet, row, column, FIGURES, page.book.format(italic=True))
    for offset, text in enumerate(headings):
        put(page.sheet, row + 1, column + offset, text, heading)
    for down, values in enumerate(rows):
        for offset, value in enumerate(values):
            put(page.sheet, row + 2 + down, column + offset, value, plain)
    return row + 2, column


def _font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, **more}


def _cells(page: Page, row: int, column: int, count: int) -> list[Any]:
    """A range of one column as XlsxWriter wants it: sheet, first and last row and column from 0."""
    return [page.sheet.get_name(), row - 1, column - 1, row + count - 2, column - 1]


def _series(page: Page, spot: tuple[int, int], count: int, offset: int, color: str) -> dict[str, Any]:
    row, column = spot
    return {
        "name": "=" + reference(page.sheet.get_name(), _absolute(row - 1, column + offset)),
        "categories": _cells(page, row, column, count),
        "values": _cells(page, row, column + offset, count),
        "fill": {"color": color},
    }


def _absolute(row: int, column: int) -> str:
    return f"${column_letters(column)}${row}"


def _dressed(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": _font(13, bold=True), "overlay": False})
    chart.set_legend({"position": "top", "font": _font(11)})
    chart.set_chartarea({"border": {"none": True}})


def index_chart(page: Page, spot: tuple[int, int], count: int, title: str, above_hundred: bool) -> Any:
    """Columns of the index by unit, and the line above which one is proposed."""
    book, few = page.book.book, count <= MOST_LEVEL_NAMES
    columns = book.add_chart({"type": "column"})
    columns.add_series(
        {
            **_series(page, spot, count, 1, _BLUE),
            "gap": 60,
            "data_labels": {"value": few, "position": "inside_end", "font": _font(9, color="#FFFFFF")},
        }
    )
    line = book.add_chart({"type": "line"})
    line.add_series({**_series(page, spot, count, 2, _RED), "line": {"color": _RED, "width": 2.25}})
    columns.combine(line)
    columns.show_blanks_as("gap")
    _dressed(columns, title)
    # Few names stand level and wrap; many stand upright.
    columns.set_x_axis({"num_font": _font(9, rotation=360 if few else -90), "interval_unit": 1})
    columns.set_y_axis(
        {
            "min": 0,
            "max": None if above_hundred else 100,
            "num_font": _font(10),
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": _GREY}},
        }
    )
    return columns


def outcome_chart(page: Page, spot: tuple[int, int], count: int, title: str) -> Any:
    """Bars with their numbers: how many collectives and persons have which outcome."""
    chart = page.book.book.add_chart({"type": "bar"})
    for offset, color in ((1, _BLUE), (2, _GREEN)):
        labels = {"value": True, "font": _font(12, bold=True), "num_format": "0;;;"}
        chart.add_series({**_series(page, spot, count, offset, color), "gap": 40, "overlap": 0, "data_labels": labels})
    _dressed(chart, title)
    chart.set_legend({"position": "top", "font": _font(13)})
    chart.set_y_axis({"reverse": True, "num_font": _font(12), "interval_unit": 1})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart


def gate_chart(page: Page, spot: tuple[int, int], count: int, title: str, most: int) -> Any:
    """Bars: how many nominees failed each gate, and how many it is not yet proved for."""
    chart = page.book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for offset, color in ((1, _RED), (2, _AMBER)):
        chart.add_series({**_series(page, spot, count, offset, color), "gap": 50})
    _dressed(chart, title)
    # The first gate on top, as in the table.
    chart.set_y_axis({"reverse": True, "num_font": _font(10), "interval_unit": 1})
    chart.set_x_axis(
        {
            "num_font": _font(10),
            "num_format": "0",
            "major_unit": max(1, most // 8),
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": _GREY}},
        }
    )
    return chart


def size_chart(page: Page, chart: Any, points: float, first: int, last: int) -> None:
    """As wide as some columns, this high."""
    wide = page.span_points(first, last) / PIXEL
    chart.set_size({"width": int(wide) - 8, "height": int(points / PIXEL) - 8})


def place_chart(page: Page, chart: Any, points: float) -> None:
    """The chart across the sheet in one tall row, which no page break can cut."""
    size_chart(page, chart, points, 1, len(page.columns))
    options = {"x_offset": 4, "y_offset": 4, "object_position": 2}
    checked(page.sheet.insert_chart(page.next - 1, 0, chart, options))
    page.height(points)
