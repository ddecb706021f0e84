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
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.intake.as_issued import Printed, as_issued
from thidua_xlsx.stages.intake.asked import AskedForms, AskedSheet
from thidua_xlsx.stages.intake.headers import At, Cells, Table, Tops, top_texts

# No header, however it was spelled again, is this much longer than the one that was printed.
SLACK = 20


class Found:
    """One sheet of the form as found in the file: its table, and the rows in which anything stands.

    ``printed`` is its printed part where that is as issued and nothing stands in any other row.
    """

    def __init__(self, seen: Seen, asked: AskedSheet, table: Table) -> None:
        self.sheet, self.asked, self.layout, self.table = seen.sheet, asked, asked.layout, table
        self.columns, self.doubled = table.columns, table.doubled
        self.numbers, self.slots, self.whole = table.numbers, table.slots, table.whole
        self.code_column = self.numbers[0]
        printed = seen.printed if seen.printed and seen.printed.asked is asked else None
        rows, self.outside = self._below(seen.rest if printed else seen.sheet.cells.items())
        self.printed = printed if printed and rows.issubset(printed.rows) else None
        self.rows = self.printed.rows if self.printed else sorted(rows.union(printed.rows if printed else ()))

    def _below(self, cells: Cells) -> tuple[set[int], list[At]]:
        """The rows below the headers where any of the cells stands, and those of them that are beside the table."""
        rows, outside = set(), []
        top, inside = self.table.header_row, self.table.inside
        for at, cell in cells:
            if at[0] > top and (cell.text or cell.formula is not None):
                rows.add(at[0])
                if at[1] not in inside and clean(cell.text):
                    outside.append(at)
        return rows, sorted(outside)

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


@dataclass(frozen=True, slots=True)
class Match:
    """The sheet that answers for a layout, None where there is none, and the visible others with its headers."""

    layout: SheetLayout
    found: Found | None
    others: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A sheet of a book before it is known what it is: its printed part, if it has that of one, and the other cells."""

    sheet: Sheet
    key: str
    tops: Tops
    printed: Printed | None
    rest: Cells


def seen(sheet: Sheet, form: list[AskedSheet], longest: int, forms: AskedForms) -> Seen:
    """A sheet with its headers: those of the printed part of the one by its name, if no other cell is a header."""
    key = fold(sheet.name)
    printed = next((forms.printed.get(asked) for asked in form if asked.name_key == key), None)
    rest = printed.rest(sheet.cells) if printed else None
    if printed and rest is not None and not top_texts(rest, longest, forms):
        return Seen(sheet, key, printed.tops, printed, rest)
    return Seen(sheet, key, Tops(top_texts(sheet.cells.items(), longest, forms)), None, ())


def find_sheets(book: Book, layout: FormLayout, forms: AskedForms) -> tuple[Match, ...]:
    """Each sheet of the form: by its name, else (renamed sheets) by its headers alone, the visible ones first."""
    form = forms.sheets(layout)
    longest = SLACK + max(asked.longest for asked in form)
    sheets = [seen(sheet, form, longest, forms) for sheet in book.sheets]
    matches = []
    for asked in form:
        hits = [
            (told.key != asked.name_key, told.sheet.hidden, number, Found(told, asked, table))
            for number, told in enumerate(sheets)
            if (table := told.tops.table(asked))
        ]
        hits.sort(key=lambda hit: hit[:3])
        found = [hit[3] for hit in hits]
        others = tuple(other for other in found[1:] if not other.sheet.hidden)
        matches.append(Match(asked.layout, found[0] if found else None, others))
        if found and not found[0].printed:
            first = found[0]
            forms.remember(asked, as_issued(first.sheet, asked, first.table, first.rows, longest, forms))
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
