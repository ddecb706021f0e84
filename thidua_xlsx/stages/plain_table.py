"""Turns one sheet of an office workbook into rows by header, each cell with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.reading import read_code
from thidua_xlsx.model.text import clean, fold

HEADER_DEPTH = 12


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One row below the headers: cells and places by header; ``row`` is the Excel row."""

    row: int
    cells: dict[str, Cell | None]
    places: dict[str, Place]

    def text(self, header: str) -> str:
        cell = self.cells.get(header)
        return clean(cell.text) if cell else ""

    def code(self, header: str) -> str:
        return read_code(self.cells.get(header))


def plain_rows(book: Book, file: str, sheet_name: str, headers: tuple[str, ...]) -> Iterator[PlainRow] | None:
    """The filled rows of a sheet found by name and header texts; None when the sheet or its headers are not there."""
    for sheet in book.sheets:
        if fold(sheet.name) != fold(sheet_name):
            continue
        wanted = {fold(header): header for header in headers}
        found: dict[int, dict[str, int]] = {}
        for (row, column), cell in sheet.cells.items():
            if row <= HEADER_DEPTH and cell.kind is Kind.TEXT and fold(cell.text) in wanted:
                found.setdefault(row, {}).setdefault(wanted[fold(cell.text)], column)
        top = next((row for row in sorted(found) if len(found[row]) == len(wanted)), None)
        if top is None:
            return None
        return _rows(sheet.name, sheet.cells, file, top, found[top])
    return None


def _rows(
    sheet: str, cells: Mapping[tuple[int, int], Cell], file: str, top: int, columns: dict[str, int]
) -> Iterator[PlainRow]:
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in cells.items():
        if row > top:
            by_row.setdefault(row, {})[column] = cell
    for row in sorted(by_row):
        made = {header: by_row[row].get(column) for header, column in columns.items()}
        if any(cell and (cell.text.strip() or cell.formula is not None) for cell in made.values()):
            yield PlainRow(
                row,
                made,
                {header: Place(file, sheet, address(row, column)) for header, column in columns.items()},
            )
