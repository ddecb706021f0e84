"""Turns the cells of long tables into the text of their rows as they come, for XlsxWriter to put into the file.

XlsxWriter keeps an object a cell until the end and writes each through a dozen calls. Here a cell is its own few
characters at once, spelled as XlsxWriter spells it; thousands of units cost a fifth of the time and of the memory.
Rows and columns count from 0, as they do there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from thidua_xlsx.model.place import column_letters
from thidua_xlsx.workbooks.written_values import NotWritten, number_text, short_enough, writable

Value = str | int | Decimal | date | None

letters = lru_cache(maxsize=1024)(column_letters)


class Run(NamedTuple):
    """Cells that stand side by side up to the column ``last``, as they will be in the file."""

    xml: str
    last: int


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose rows may be written by ``cell`` and ended by ``seal``, beside all that the library offers."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, dict[int, str]] = {}

    def cell(self, row: int, column: int, value: Value, style: str) -> None:
        """One cell of a row that is not sealed yet, once; ``style`` is what ``style_of`` gives."""
        self.cells(row, column, [f'<c r="{letters(column + 1)}{row + 1}"{style}{self.tail(value)}'])

    def cells(self, row: int, first: int, made: Sequence[str]) -> None:
        """Cells side by side, each as it stands in the file: its place, its style, and its ``tail``."""
        cells = self._open.setdefault(row, {})
        there = len(cells)
        cells.update(enumerate(made, start=first))
        if len(cells) != there + len(made):
            raise NotWritten(f"row {row + 1} has a cell twice")

    def tail(self, value: Value) -> str:
        """What follows the style of a cell: the kind of its value, and the value."""
        if value is None or value == "":
            return "/>"
        if isinstance(value, str):
            return f' t="s"><v>{self._text(value)}</v></c>'
        if value is True or value is False:
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, date):
            return f"><v>{self._convert_date_time(value):.16G}</v></c>"
        return f"><v>{number_text(value)}</v></c>"

    def merged(self, row: int, first: int, last: int, style: str) -> None:
        """Joins cells of one row: the first is written by itself, those behind it are blank."""
        for column in range(first + 1, last + 1):
            self.cell(row, column, None, style)
        self.merge.append([row, first, row, last])

    def seal(self, row: int) -> None:
        """Ends a row: its cells become as few pieces of text as there are gaps between them."""
        cells = self._open.pop(row, None)
        if not cells:
            return
        columns = sorted(cells)
        if self._check_dimensions(row, columns[0]) or self._check_dimensions(row, columns[-1]):
            raise NotWritten(f"row {row + 1} is beyond Excel's sheet")
        kept = self.table[row]
        if kept and not kept.keys().isdisjoint(cells):
            raise NotWritten(f"row {row + 1} has a cell twice")
        first = 0
        if columns[-1] - columns[0] < len(columns):  # no gap, as in nearly every row
            first = len(columns)
            self._keep(row, columns[0], columns[-1], "".join([cells[at] for at in columns]))
        for place in range(first + 1, len(columns) + 1):
            if place == len(columns) or columns[place] != columns[place - 1] + 1:
                self._keep(row, columns[first], columns[place - 1], "".join([cells[at] for at in columns[first:place]]))
                first = place

    def free(self, row: int, column: int) -> None:
        """Takes a cell back, so that the library may write another in its place."""
        if self._open.get(row, {}).pop(column, None) is not None:
            return
        kept = self.table.get(row, {})
        found = [(at, run) for at, run in kept.items() if isinstance(run, Run) and run.xml and at <= column <= run.last]
        for first, run in found:
            begun = run.xml.index(f'<c r="{letters(column + 1)}{row + 1}"')
            ended = run.xml.find("<c ", begun + 1) if column < run.last else len(run.xml)
            del kept[first]
            if column > first:
                self._keep(row, first, column - 1, run.xml[:begun])
            if column < run.last:
                self._keep(row, column + 1, run.last, run.xml[ended:])

    def _keep(self, row: int, first: int, last: int, xml: str) -> None:
        kept = self.table[row]
        kept[last] = Run("", last)  # the library counts how far a row reaches
        kept[first] = Run(xml, last)

    def _text(self, text: str) -> int:
        """The number of a text in the workbook's list of texts."""
        if text not in self.str_table.string_table:
            text = short_enough(writable(text))
        return self.str_table._get_shared_string_index(text)  # type: ignore[no-any-return]

    def _assemble_xml_file(self) -> None:
        for row in sorted(self._open):
            self.seal(row)
        super()._assemble_xml_file()

    def _calculate_spans(self) -> None:
        """From the columns that a row has, not from all that the sheet has; rows with notes alone say nothing here."""
        if self.comments:
            super()._calculate_spans()
            return
        reach: dict[int, tuple[int, int]] = {}
        for row, kept in self.table.items():
            if kept:
                first, last = reach.get(row // 16, (min(kept), 0))
                reach[row // 16] = min(first, *kept), max(last, *kept)
        self.row_spans = {block: f"{first + 1}:{last + 1}" for block, (first, last) in reach.items()}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, Run):
            self.fh.write(cell.xml)
        else:
            super()._write_cell(row, col, cell)


def style_of(fmt: Any) -> str:
    """The attribute that names a format of the workbook."""
    return f' s="{fmt._get_xf_index()}"' if fmt else ""
