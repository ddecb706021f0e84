"""Turns one sheet of an office workbook into rows by header, each cell with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.numerals import number_in_file
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.reading import read_code
from thidua_xlsx.model.text import clean, fold

Made = TypeVar("Made")
Typed = str | Decimal | date | bool | None
HEADER_DEPTH = 12


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One row below the headers: cells and places by header; ``row`` is the Excel row."""

    row: int
    cells: dict[str, Cell | None]
    sheet: Place
    columns: Mapping[str, int]

    def place(self, header: str) -> Place:
        """Made when asked for: of thousands of rows few hold anything that is told."""
        return Place(self.sheet.file, self.sheet.sheet, address(self.row, self.columns[header]))

    def text(self, header: str) -> str:
        cell = self.cells.get(header)
        return clean(cell.text) if cell else ""

    def code(self, header: str) -> str:
        return read_code(self.cells.get(header))


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as it stands on a sheet: the row of its headers, and the column of each of them, known or not."""

    sheet: Sheet
    top: int
    columns: dict[str, int]


def find_table(
    book: Book, sheet_name: str, headers: tuple[str, ...], optional: tuple[str, ...] = ()
) -> PlainTable | None:
    """The table of a sheet found by name and header texts; None when the sheet or one of ``headers`` is not there."""
    for sheet in book.sheets:
        if fold(sheet.name) != fold(sheet_name):
            continue
        wanted = {fold(header): header for header in (*headers, *optional)}
        found: dict[int, dict[str, int]] = {}
        for (row, column), cell in sorted(_head(sheet)):
            header = wanted.get(fold(cell.text), clean(cell.text))
            if header:
                found.setdefault(row, {}).setdefault(header, column)
        top = next((row for row in sorted(found) if set(headers) <= found[row].keys()), None)
        return None if top is None else PlainTable(sheet, top, found[top])
    return None


def _head(sheet: Sheet) -> Iterator[tuple[tuple[int, int], Cell]]:
    return ((at, cell) for at, cell in sheet.cells.items() if at[0] <= HEADER_DEPTH and cell.kind is Kind.TEXT)


def plain_rows(
    book: Book, file: str, sheet_name: str, headers: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[PlainRow] | None:
    """The rows of the table in which some of these headers is filled; None when there is no such table."""
    table = find_table(book, sheet_name, headers, optional)
    if table is None:
        return None
    named = {header: table.columns[header] for header in (*headers, *optional) if header in table.columns}
    return _rows(table, file, named)


def by_row(table: PlainTable) -> dict[int, dict[int, Cell]]:
    """The cells below the headers, by row and column, rows in their order."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, column), cell in table.sheet.cells.items():
        rows[row][column] = cell
    return {row: rows[row] for row in sorted(rows) if row > table.top}


def once(make: Callable[[Cell | None], Made]) -> Callable[[Cell | None], Made]:
    """The same, made once of each cell of a book: names and codes stand in many rows, as one cell of the reader.

    Cells are known by themselves, so that it is to be dropped before the book is.
    """
    known: dict[int, Made] = {}

    def made(cell: Cell | None) -> Made:
        key = id(cell)
        if key not in known:
            known[key] = make(cell)
        return known[key]

    return made


def filled(cell: Cell | None) -> bool:
    """Whether something stands in the cell; a formula without a value does."""
    return cell is not None and (bool(cell.text.strip()) or cell.formula is not None)


def _rows(table: PlainTable, file: str, columns: dict[str, int]) -> Iterator[PlainRow]:
    sheet = Place(file, table.sheet.name)
    for row, cells in by_row(table).items():
        made = {header: cells.get(column) for header, column in columns.items()}
        if any(filled(cell) for cell in made.values()):
            yield PlainRow(row, made, sheet, columns)


def typed_value(cell: Cell | None) -> Typed:
    """What stands in the cell, of its own kind; None for blanks."""
    if cell is None or not cell.text.strip():
        return None
    if cell.kind is Kind.BOOLEAN:
        return cell.text == "1"
    if cell.kind is Kind.NUMBER and (number := number_in_file(cell.text)) is not None:
        return number
    return cell.text
