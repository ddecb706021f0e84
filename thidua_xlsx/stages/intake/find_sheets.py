"""Turns a returned workbook into the sheets of its form: which sheet it is, its header row, the column of each header.

Nothing is taken from an assumed address: people rename, move, copy and double sheets, and insert rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import (
    FIRST_ROW,
    INSTRUCTIONS,
    LISTS,
    NO,
    SELF_CHECK,
    STAMP_PATTERN,
    YES,
    Answer,
    Asks,
    FormLayout,
    SheetLayout,
)
from thidua_xlsx.model.place import Place, column_letters
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.intake.asked import AskedForms, AskedSheet

# Offices write notes above the table; headers lower than this are not looked for.
HEADER_DEPTH = 40
# No header, however it was spelled again, is this much longer than the one that was printed.
SLACK = 20

Headers = tuple[int, dict[str, int], tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of the layout in the file; ``column`` is 0 where its header is missing."""

    header: str
    column: int
    letters: str


class Found:
    """One sheet of the form as found in the file: its header row and the column of each header.

    ``doubled`` lists the columns further right that carry a header once more; ``numbers`` are the columns by the place
    of the header, 0 where it is missing.
    """

    def __init__(self, sheet: Sheet, asked: AskedSheet, headers: Headers) -> None:
        self.sheet, self.asked, self.layout = sheet, asked, asked.layout
        self.header_row, self.columns, self.doubled = headers
        self.numbers = tuple(self.columns.get(header, 0) for header, _ in asked.headers)
        self.slots = tuple(
            Slot(header, number, column_letters(number))
            for (header, _), number in zip(asked.headers, self.numbers, strict=True)
        )
        self.whole = all(self.numbers)
        self.code_column = self.numbers[0]
        self.rows, self.outside = self._below()

    def _below(self) -> tuple[list[int], list[tuple[int, int]]]:
        """The rows below the headers where anything stands, and the cells there beside the table."""
        rows, outside = set(), []
        inside = {*self.columns.values(), *(column for _, column in self.doubled)}
        top = self.header_row
        for at, cell in self.sheet.cells.items():
            if at[0] > top and (cell.text or cell.formula is not None):
                rows.add(at[0])
                if at[1] not in inside and clean(cell.text):
                    outside.append(at)
        return sorted(rows), sorted(outside)

    @cached_property
    def _answered(self) -> frozenset[int]:
        asking = {self.numbers[place] for place in self.asked.asking} - {0}
        return frozenset(at[0] for at, cell in self.sheet.cells.items() if at[1] in asking and typed_at(cell))

    def cell(self, row: int, header: str) -> Cell | None:
        column = self.columns.get(header)
        return None if column is None else self.sheet.cells.get((row, column))

    def code_cell(self, row: int) -> Cell | None:
        return self.sheet.cells.get((row, self.code_column))

    def says(self, row: int, code: str) -> bool:
        """Whether the code stands there as it was printed: as text."""
        cell = self.code_cell(row)
        return cell is not None and cell.kind is Kind.TEXT and cell.formula is None and cell.text == code

    def answered(self, row: int) -> bool:
        """Whether anything but a remark stands in a column that asks."""
        return row in self._answered

    def place(self, file: str, row: int, header: str) -> Place:
        slot = next(slot for slot in self.slots if slot.header == header)
        return Place(file, self.sheet.name, f"{slot.letters}{row}" if slot.column else "")

    def code_place(self, file: str, row: int) -> Place:
        return Place(file, self.sheet.name, f"{self.slots[0].letters}{row}")


def typed_at(cell: Cell | None) -> bool:
    return cell is not None and (bool(clean(cell.text)) or cell.formula is not None)


Tops = dict[str, list[tuple[int, int]]]


def top_texts(sheet: Sheet, longest: int, forms: AskedForms) -> Tops:
    """Where the headers of forms stand in the rows in which they may be, by their keys."""
    tops: Tops = {}
    known = forms.texts
    for at, cell in sheet.cells.items():
        if at[0] > HEADER_DEPTH:
            continue
        key = known.get(cell.text)
        if key is None and cell.kind is Kind.TEXT and len(cell.text) <= longest:
            key = forms.header(cell.text)
        if key and cell.kind is Kind.TEXT:
            tops.setdefault(key, []).append(at)
    return tops


def headers_in(tops: Tops, asked: AskedSheet) -> Headers | None:
    """The header row: the one that names the code column and most headers of the layout, each at its first column."""
    codes = {row for row, _ in tops.get(asked.headers[0][1], ())}
    if not codes:
        return None
    by_row: dict[int, dict[str, int]] = {row: {} for row in sorted(codes)}
    again: list[tuple[int, str, int]] = []
    for header, key in asked.headers:
        for row, column in sorted(tops.get(key, ())):
            if row in codes and by_row[row].setdefault(header, column) != column:
                again.append((row, header, column))
    row, found = max(by_row.items(), key=lambda item: (len(item[1]), -item[0]))
    if len(found) * 2 <= len(asked.headers):
        return None
    return row, found, tuple((header, column) for at, header, column in again if at == row)


@dataclass(frozen=True, slots=True)
class Match:
    """The sheet that answers for a layout, None where there is none, and the visible others with its headers."""

    layout: SheetLayout
    found: Found | None
    others: tuple[Found, ...] = ()


def find_sheets(book: Book, layout: FormLayout, forms: AskedForms) -> tuple[Match, ...]:
    """Each sheet of the form: by its name, else (renamed sheets) by its headers alone, the visible ones first."""
    form = forms.sheets(layout)
    longest = SLACK + max(len(header) for asked in form for header, _ in asked.headers)
    tops = [(sheet, fold(sheet.name), top_texts(sheet, longest, forms)) for sheet in book.sheets]
    matches = []
    for asked in form:
        hits = [
            (key != asked.name_key, sheet.hidden, number, Found(sheet, asked, headers))
            for number, (sheet, key, texts) in enumerate(tops)
            if (headers := headers_in(texts, asked))
        ]
        hits.sort(key=lambda hit: hit[:3])
        found = [hit[3] for hit in hits]
        others = tuple(other for other in found[1:] if not other.sheet.hidden)
        matches.append(Match(asked.layout, found[0] if found else None, others))
    return tuple(matches)


def not_found(book: Book, layout: SheetLayout, file: str, unit: str) -> Finding:
    """A sheet that is not there; or is, by its name, without the heading of its codes."""
    if any(fold(sheet.name) == fold(layout.name) and sheet.cells for sheet in book.sheets):
        header = layout.columns[0].header
        return finding(Code.HEADER_MISSING, Place(file, layout.name), unit=unit, value=header, label=header)
    return finding(Code.SHEET_MISSING, Place(file, layout.name), unit=unit, sheet=layout.name)


def extra_sheets(book: Book, layout: FormLayout, matches: tuple[Match, ...], file: str) -> Iterator[Finding]:
    """A visible sheet that nobody reads: one without our stamp, or a copy of a sheet that asks."""
    own = {fold(name) for name in (INSTRUCTIONS, SELF_CHECK, LISTS, *(item.name for item in layout.sheets))}
    read = {match.found.sheet.name for match in matches if match.found}
    copies = {other.sheet.name for match in matches for other in match.others}
    for sheet in book.sheets:
        if sheet.hidden or not sheet.cells or sheet.name in read or fold(sheet.name) in own:
            continue
        stamped = any(
            cell.kind is Kind.TEXT and "TDX/" in cell.text and STAMP_PATTERN.search(cell.text)
            for cell in sheet.cells.values()
        )
        if not stamped or sheet.name in copies:
            yield finding(Code.EXTRA_SHEET, Place(file, sheet.name), unit=layout.stamp.unit)


def lists_changed(book: Book, layout: FormLayout) -> bool:
    """Whether the form was printed with other drop-downs than the layout's, as far as its own lists are left."""
    printed: dict[int, set[str]] = {}
    for sheet in book.sheets:
        if fold(sheet.name) == fold(LISTS):
            for (row, column), cell in sheet.cells.items():
                if row >= FIRST_ROW and cell.text:
                    printed.setdefault(column, set()).add(fold(cell.text))
    asked = [
        {fold(option) for option in (cell.options or (YES, NO))}
        for sheet in layout.sheets
        for row in sheet.rows
        for cell in row.cells
        if isinstance(cell, Answer) and cell.asks in (Asks.CHOICE, Asks.YES_NO)
    ]
    lists = list(printed.values())
    return bool(lists) and (any(item not in lists for item in asked) or any(item not in asked for item in lists))
