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

from xlsxwriter.worksheet import RowInfo, Worksheet

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
        # Of rows that are not sealed: the cells that came together, by the column of the first.
        self._open: dict[int, list[tuple[int, Sequence[str]]]] = {}

    def cell(self, row: int, column: int, value: Value, style: str) -> None:
        """One cell of a row that is not sealed yet, once; ``style`` is what ``style_of`` gives."""
        self.cells(row, column, [f'<c r="{letters(column + 1)}{row + 1}"{style}{self.tail(value)}'])

    def cells(self, row: int, first: int, made: Sequence[str]) -> None:
        """Cells side by side, each as it stands in the file: its place, its style, and its ``tail``."""
        if not made:
            return
        pieces = self._open.setdefault(row, [])
        for at, there in pieces:
            if at < first + len(made) and first < at + len(there):
                raise NotWritten(f"row {row + 1} has a cell twice")
        pieces.append((first, made))

    def tail(self, value: Value) -> str:
        """What follows the style of a cell: the kind of its value, and the value."""
        if value is None:
            return "/>"
        if isinstance(value, str):
            return f' t="s"><v>{self.text(value)}</v></c>' if value else "/>"
        if value is True or value is False:
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, date):
            return f"><v>{self._convert_date_time(value):.16G}</v></c>"
        return f"><v>{number_text(value)}</v></c>"

    def high(self, row: int, points: float) -> None:
        """What the library's ``set_row`` does for a height, with one object for all rows alike."""
        pixels = int(points * 4 / 3 + 0.5)
        if pixels <= 0 or self._check_dimensions(row, self.dim_colmin or 0):
            raise NotWritten(f"row {row + 1} cannot be {points} points high")
        self.row_info[row], self.row_sizes[row] = _height(pixels)

    def merged(self, row: int, first: int, last: int, style: str) -> None:
        """Joins cells of one row: the first is written by itself, those behind it are blank."""
        self.cells(row, first + 1, [f'<c r="{letters(at + 1)}{row + 1}"{style}/>' for at in range(first + 1, last + 1)])
        self.merge.append([row, first, row, last])

    def seal(self, row: int) -> None:
        """Ends a row: its cells become as few pieces of text as there are gaps between them."""
        pieces = sorted(self._open.pop(row, ()))
        if not pieces:
            return
        first = end = pieces[0][0]
        self._reach(row, first, pieces[-1][0] + len(pieces[-1][1]) - 1)
        xml = ""
        for at, made in pieces:
            if at > end:
                self._keep(row, first, end - 1, xml)
                first, xml = at, ""
            xml += "".join(made)
            end = at + len(made)
        self._keep(row, first, end - 1, xml)

    def _reach(self, row: int, first: int, last: int) -> None:
        """Tells the library how far the sheet reaches, where it does not know."""
        begun = self.dim_rowmin is not None and self.dim_colmin is not None
        if begun and self.dim_rowmin <= row <= self.dim_rowmax and self.dim_colmin <= first and last <= self.dim_colmax:
            return
        if self._check_dimensions(row, first) or self._check_dimensions(row, last):
            raise NotWritten(f"row {row + 1} is beyond Excel's sheet")

    def free(self, row: int, column: int) -> None:
        """Takes a cell back, so that the library may write another in its place."""
        self.seal(row)
        kept = self.table.get(row, {})
        found = [(at, run) for at, run in kept.items() if isinstance(run, Run) and at <= column <= run.last]
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
        for at, there in kept.items():
            if at <= last and first <= _last(at, there):
                raise NotWritten(f"row {row + 1} has a cell twice")
        kept[first] = Run(xml, last)

    def text(self, text: str) -> int:
        """The number of a text in the workbook's list of texts."""
        table = self.str_table
        number: int | None = table.string_table.get(text)
        if number is None:
            return table._get_shared_string_index(short_enough(writable(text)))  # type: ignore[no-any-return]
        table.count += 1
        return number

    def _assemble_xml_file(self) -> None:
        for row in sorted(self._open):
            self.seal(row)
        super()._assemble_xml_file()

    def _write_rows(self) -> None:
        """What the library writes, without asking each row for every column of the sheet; then the rows are let go."""
        self._calculate_spans()
        for row in sorted(self.table.keys() | self.row_info.keys() | self.comments.keys()):
            kept, info = self.table.pop(row, None), self.row_info.get(row)
            if kept or info or row in self.comments:
                self._write_row(row, self.row_spans.get(row // 16), info, empty_row=not kept)
            if kept:
                for column in sorted(kept):
                    self._write_cell(row, column, kept[column])
                self.fh.write("</row>")

    def _calculate_spans(self) -> None:
        """From the columns that a row has, not from all that the sheet has."""
        reach: dict[int, tuple[int, int]] = {}
        for row, kept in (*self.table.items(), *self.comments.items()):
            for at, cell in kept.items():
                first, last = reach.get(row // 16, (at, at))
                end = _last(at, cell)
                if at <= first or end > last:
                    reach[row // 16] = min(first, at), max(last, end)
        self.row_spans = {block: f"{first + 1}:{last + 1}" for block, (first, last) in reach.items()}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, Run):
            self.fh.write(cell.xml)
        else:
            super()._write_cell(row, col, cell)


@lru_cache(maxsize=1024)
def _height(pixels: int) -> tuple[RowInfo, list[int]]:
    """What the library keeps of a row that is only high: for the file, and for the places of pictures."""
    return RowInfo(height=pixels), [pixels, 0]


def _last(first: int, cell: Any) -> int:
    """The last column of what begins in the first: a run of cells, or one of the library's own."""
    return cell.last if isinstance(cell, Run) else first


def style_of(fmt: Any) -> str:
    """The attribute that names a format of the workbook."""
    return f' s="{fmt._get_xf_index()}"' if fmt else ""
