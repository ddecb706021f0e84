"""Turns a book that the strict reader accepted into the first cell that an independent reader sees otherwise.

The strict reader is our own work, and nobody else has checked it. calamine (Rust, by other people) reads the same
parts again (``stored``); what both see alike counts, and anything else holds the file. calamine alone would not do (see
``cells``): it makes an error cell empty, a number a date where the format says so, and knows nothing of formulas,
so that only what it can tell is compared. Where it fails on a file that we can read, nothing is confirmed, and
that is a disagreement too.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.place import address
from thidua_xlsx.model.refusals import DISAGREEMENT
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.markup import decode
from thidua_xlsx.workbooks.reader.stored import Inflated

# calamine fills every cell between the first and the last one: two cells far apart would cost it gigabytes.
SPREAD_LIMIT = 500_000
# The remark on a book of which some sheet was read by the strict reader alone.
ONE_READER = "N-ONE-READER"
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
DAY = timedelta(days=1)
# It rounds dates and times to the millisecond.
CLOSE = 1 / 86_400_000

# The first row and column with a cell, and the last ones.
Corners = tuple[int, int, int, int]

_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
# In the 1900 calendar of Excel there is a 29 February 1900, day 60; before it everything is a day off.
_LEAP = datetime(1900, 3, 1)
_MIDNIGHT = time()


def read_twice(data: bytes) -> Book | Refusal:
    """Read one workbook strictly, and have every cell confirmed."""
    inflated = Inflated()
    book = read_book(data, inflated=inflated)
    return book if isinstance(book, Refusal) else confirm(inflated.workbook(data), book)


def confirm(data: bytes, book: Book) -> Book | Refusal:
    """The book, or the refusal that names the first cell on which the second reader disagrees.

    The second reader tells too which numbers are shown as days or hours: all that is known of how a cell looks.
    A remark says when some sheet was beyond the second reader, and we know why.
    """
    place = ""
    budget = SPREAD_LIMIT
    alone = False
    sheets = []
    try:
        second = CalamineWorkbook.from_object(io.BytesIO(data))
        if second.sheet_names != [sheet.name for sheet in book.sheets]:
            return Refusal(DISAGREEMENT)
        for sheet, told in zip(book.sheets, second.sheets_metadata, strict=True):
            place = f"{sheet.name}!"
            corners = _corners(sheet)
            spread = _spread(corners)
            sheets.append(sheet)
            if spread > budget:
                alone = True
            elif sheet.cells or told.typ is SheetTypeEnum.WorkSheet:
                budget -= spread
                try:
                    again = second.get_sheet_by_name(sheet.name)
                except CalamineError:
                    if not _has_foreign_error(sheet):
                        raise
                    alone = True
                    continue
                different, dated = _difference(sheet, corners, again, book.date1904)
                if different is not None:
                    return Refusal(DISAGREEMENT, place + address(*different))
                if dated:
                    sheets[-1] = replace(sheet, dated=dated)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # what Rust calls a panic is no Exception
        return Refusal(DISAGREEMENT, place)
    remarks = tuple(sorted({*book.remarks, ONE_READER})) if alone else book.remarks
    return replace(book, sheets=tuple(sheets), remarks=remarks)


def _has_foreign_error(sheet: Sheet) -> bool:
    """Whether a cell holds an error (#SPILL!, #CALC!) or nonsense for which calamine gives up the whole sheet."""
    return any(cell.kind is Kind.ERROR and cell.text not in ERRORS for cell in sheet.cells.values())


def _corners(sheet: Sheet) -> Corners | None:
    """The first row and column with a cell, and the last ones."""
    cells = sheet.cells
    if not cells:
        return None
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    return min(rows), min(columns), max(rows), max(columns)


def _spread(corners: Corners | None) -> int:
    """How many cells lie between the first and the last one."""
    if corners is None:
        return 0
    top, left, bottom, right = corners
    return (bottom - top + 1) * (right - left + 1)


def _difference(
    sheet: Sheet, corners: Corners | None, second: CalamineSheet, date1904: bool
) -> tuple[tuple[int, int] | None, frozenset[tuple[int, int]]]:
    """The first cell that is not the same in both, by row and column; and the numbers shown as days or hours."""
    up, back = second.start or (0, 0)
    up, back = up + 1, back + 1
    grid: Sequence[Sequence[Any]] = second.to_python()
    values = _values(sheet.cells, corners, grid, up, back)
    different, dated = [], []
    # Next to all cells are texts and numbers that both see alike.
    is_text, is_number = Kind.TEXT, Kind.NUMBER
    for (place, cell), value in zip(sheet.cells.items(), values, strict=True):
        kind = cell.kind
        if kind is is_text and cell.text == value:
            continue
        if kind is is_number and type(value) is float and float(cell.text or "nan") == value:
            continue
        if not _same(cell, value, date1904):
            different.append(place)
        elif kind is is_number and isinstance(value, date | time | timedelta):
            dated.append(place)
    shown = sum([len(line) - line.count("") for line in grid])
    if len(values) - values.count("") != shown:
        different += _unknown(sheet.cells, grid, up, back)
    return min(different, default=None), frozenset(dated)


def _values(
    cells: Mapping[tuple[int, int], Cell], corners: Corners | None, grid: Sequence[Sequence[Any]], top: int, left: int
) -> list[Any]:
    """What the second reader sees in each of the cells; its own first one stands at ``top`` and ``left``."""
    bottom, right = top + len(grid), left + (len(grid[0]) if grid else 0)
    if corners and corners[0] >= top and corners[1] >= left and corners[2] < bottom and corners[3] < right:
        return [grid[row - top][column - left] for row, column in cells]
    return [
        grid[row - top][column - left] if top <= row < bottom and left <= column < right else ""
        for row, column in cells
    ]


def _unknown(
    cells: Mapping[tuple[int, int], Cell], grid: Sequence[Sequence[Any]], top: int, left: int
) -> list[tuple[int, int]]:
    """Cells that only the second reader sees; what shows nothing is no cell."""
    return [
        (row, column)
        for row, line in enumerate(grid, top)
        for column, value in enumerate(line, left)
        if value != "" and (row, column) not in cells and not (isinstance(value, str) and not _plain(decode(value)[0]))
    ]


def _same(cell: Cell, value: Any, date1904: bool) -> bool:
    """Whether the second reader's value is what the strict reader saw, as far as it can tell."""
    text = cell.text
    if cell.kind is Kind.TEXT:
        return text == value or (_same_text(text, value) if isinstance(value, str) else _same_moment(text, value))
    if cell.kind is Kind.ERROR:
        return True
    if not text:
        return bool(value == "")
    if cell.kind is Kind.BOOLEAN:
        return value is (text == "1")
    if type(value) is float:
        return value == float(text)
    return _same_serial(float(text), value, date1904)


def _same_text(text: str, value: str) -> bool:
    """Both readers trim and decode in their own way; blanks and ``_x000D_`` are no difference."""
    plain, again = _plain(text), _plain(decode(value)[0])
    # calamine decodes some escapes and leaves others: one that spells both is decoded on both sides.
    return plain in (_plain(value), again) or _plain(decode(text)[0]) == again


def _plain(text: str) -> str:
    return "".join(text.split())


def _same_moment(text: str, value: Any) -> bool:
    """Whether a date that the file spells out (some exporters do) is the same."""
    try:
        told = type(value).fromisoformat(text)
    except (AttributeError, ValueError):
        return False
    return bool((told if type(value) is date else told.replace(tzinfo=None)) == value)


def _same_serial(number: float, value: Any, date1904: bool) -> bool:
    """Whether a date, time or duration is the day number that stands in the cell."""
    if isinstance(value, timedelta):
        return abs(value / DAY - number) <= CLOSE
    if isinstance(value, time):
        # All that is left of the number is its fraction of a day.
        shown = datetime.combine(_EPOCH[True], value) - _EPOCH[True]
        apart = (number - shown / DAY) % 1
        return number < 1 and min(apart, 1 - apart) <= CLOSE
    if not isinstance(value, date):
        return isinstance(value, int) and not isinstance(value, bool) and value == number
    day = value if isinstance(value, datetime) else datetime.combine(value, _MIDNIGHT)
    serial = (day - _EPOCH[date1904]) / DAY
    early = not date1904 and day < _LEAP
    return abs(serial - early - number) <= CLOSE or (early and 60 <= number < 61 and abs(serial - number) <= CLOSE)
