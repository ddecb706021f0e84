"""Turns entries into columns of text that run down one page side by side, as on the front page of a newspaper.

All rows of the page are one line high; an entry takes as many of them as its longest text needs. So the columns
fill independently, and two lists of different length stand side by side without holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from thidua_xlsx.workbooks.fit import line_points, lines_of
from thidua_xlsx.workbooks.sheets import Value, checked, put
from thidua_xlsx.workbooks.summary.charts import size_chart
from thidua_xlsx.workbooks.summary.looks import PLAIN, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page, fitted


@dataclass(frozen=True, slots=True)
class Cell:
    """One value across some columns of the grid."""

    first: int
    last: int
    value: Value
    look: Look = PLAIN
    kind: Kind = Kind.TEXT


class Panel:
    """One column of the page: the grid's columns ``first`` to ``last``, filled from ``next`` down."""

    def __init__(self, page: Page, first: int, last: int, line: float) -> None:
        self.page, self.first, self.last, self.line = page, first, last, line
        self.next = page.next

    def rows_of(self, cell: Cell) -> int:
        """How many rows the cell's text needs."""
        if not isinstance(cell.value, str):
            return 1
        wide = self.page.span_points(cell.first, cell.last) - cell.look.indent_points(cell.kind)
        points = lines_of(cell.value, wide, cell.look.size, cell.look.bold) * line_points(cell.look.size)
        return max(1, ceil((points + 1.0) / self.line))

    def add(self, cells: Sequence[Cell], least: int = 1) -> None:
        """One entry; its cells are all as high as the tallest."""
        rows = max(least, *(self.rows_of(cell) for cell in cells))
        for cell in cells:
            self._write(cell, rows)
        self.next += rows

    def _write(self, cell: Cell, rows: int) -> None:
        top, bottom = self.next - 1, self.next + rows - 2
        fmt = self.page.fmt(cell.look, cell.kind, "0")
        if bottom > top or cell.last > cell.first:
            checked(self.page.sheet.merge_range(top, cell.first - 1, bottom, cell.last - 1, "", fmt))
        value = cell.value
        if isinstance(value, str):
            wide = self.page.span_points(cell.first, cell.last)
            value, _ = fitted(value, wide, cell.look.size, cell.look.bold)
        put(self.page.sheet, self.next, cell.first, value, fmt)

    def bar(self, text: str, look: Look) -> None:
        self.add([Cell(self.first, self.last, text, look)])

    def chart(self, chart: Any, rows: int) -> None:
        size_chart(self.page, chart, rows * self.line, self.first, self.last)
        options = {"x_offset": 4, "y_offset": 4, "object_position": 2}
        checked(self.page.sheet.insert_chart(self.next - 1, self.first - 1, chart, options))
        self.next += rows


def close(page: Page, panels: Sequence[Panel]) -> None:
    """Ends the part of the page that the panels share: every row one line high."""
    for _ in range(page.next, max(panel.next for panel in panels)):
        page.height(panels[0].line)
