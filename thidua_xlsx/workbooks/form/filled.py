"""Turns a sheet's layout, the answers given and the corrections asked into the cells that will be written.

Rows of persons beyond the printed ones are added here; totals are added up here, so that the formulas carry
their true values even where nothing recalculates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from thidua_xlsx.model.form import (
    CLAIM,
    FIRST_ROW,
    INFORMATION,
    NOMINATES_ITSELF,
    Answer,
    Asks,
    Correction,
    FormRow,
    Locked,
    SheetLayout,
)
from thidua_xlsx.model.place import address
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.workbooks.sheets import SIGNIFICANT

LAST_OPEN_ROW = 300
# Excel's first day is in 1900 and its longest text is 32,767.
FIRST_YEAR, LONGEST_CELL = 1900, 32_000

Value = str | Decimal | int | date
Answers = Mapping[tuple[str, str, str], Value]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """One sheet as it will be written: all its rows, its answers, and by (code, header) what to correct."""

    layout: SheetLayout
    rows: tuple[FormRow, ...]
    answers: Mapping[tuple[str, str], Value]
    corrections: Mapping[tuple[str, str], tuple[Correction, ...]]

    def row_of(self, code: str) -> int | None:
        """The Excel row of a code."""
        return next((FIRST_ROW + place for place, row in enumerate(self.rows) if row.code == code), None)

    def address_of(self, code: str, header: str) -> str:
        """Where a correction points: its cell, else the first of those it speaks of, else the top of the sheet."""
        headers = [column.header for column in self.layout.columns]
        if not (code and header):
            spread = (key for key in self.corrections if code in ("", key[0]) and header in ("", key[1]))
            code, header = next(spread, (code, header))
        row = self.row_of(code)
        return address(row or 1, headers.index(header) + 1 if row and header in headers else 1)

    def placed(self) -> Iterator[tuple[int, int, FormRow, Locked | Answer]]:
        """(row, column, coded row, cell) of every cell."""
        for number, row in enumerate(self.rows, start=FIRST_ROW):
            for column, cell in enumerate(row.cells, start=1):
                yield number, column, row, cell

    def given(self, code: str, column: int) -> Value | None:
        """The answer in this cell; "" is none."""
        value = self.answers.get((code, self.layout.columns[column - 1].header))
        return None if value == "" else value

    def wrong(self, code: str, header: str) -> bool | None:
        """Whether a cell must be corrected (True) or looked at again (False)."""
        found = self.corrections.get((code, header))
        return any(item.blocks for item in found) if found else None

    @property
    def last_row(self) -> int:
        return FIRST_ROW + len(self.rows) - 1

    @property
    def open_until(self) -> int:
        """The last row that people may fill."""
        return max(LAST_OPEN_ROW, self.last_row) if self.layout.open_rows else self.last_row

    def nominates_itself(self) -> tuple[int, int] | None:
        """(row, column) of the answer whether the unit proposes itself, in the sheet that asks it."""
        row = self.row_of(NOMINATES_ITSELF) if self.layout.name == INFORMATION else None
        cells = self.rows[row - FIRST_ROW].cells if row else ()
        return next(((row, column) for column, cell in enumerate(cells, 1) if row and isinstance(cell, Answer)), None)


def writable_answer(value: Value) -> Value:
    """An answer that Excel can hold: 15 digits, dates from 1900 on, texts of its length."""
    if isinstance(value, Decimal):
        return Context(prec=SIGNIFICANT).plus(value) if value.is_finite() else str(value)
    if isinstance(value, date):
        return value if value.year >= FIRST_YEAR else date_text(value)
    if isinstance(value, str) and len(value) > LONGEST_CELL // 2:  # it counts units of UTF-16: two for an emoji
        return value.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_CELL].decode("utf-16-le", "replace")
    return value


def added_rows(layout: SheetLayout, codes: Sequence[str]) -> tuple[FormRow, ...]:
    """Rows that a unit typed below the printed ones: they ask what the last printed row asks."""
    if not layout.open_rows or not layout.rows:
        return ()
    printed = {row.code for row in layout.rows}
    asked = layout.rows[-1].cells[1:]
    fresh = dict.fromkeys(code for code in codes if code not in printed)
    return tuple(FormRow(code, (int(code) if code.isdecimal() else code, *asked)) for code in fresh)


def filled(layout: SheetLayout, answers: Answers, corrections: Sequence[Correction]) -> FilledSheet:
    """The sheet with its own answers, and its corrections at every cell that they speak of."""
    own = {
        (code, header): writable_answer(value)
        for (sheet, code, header), value in answers.items()
        if sheet == layout.name
    }
    about = [item for item in corrections if item.sheet == layout.name]
    codes = [code for code, _ in own] + [item.row for item in about if item.row and item.header]
    rows = (*layout.rows, *added_rows(layout, codes))
    asked: dict[tuple[str, str], tuple[Correction, ...]] = {}
    for item in about:
        for key in cells_of(item, layout, rows, own):
            asked[key] = (*asked.get(key, ()), item)
    return FilledSheet(layout, rows, own, asked)


def cells_of(
    item: Correction, layout: SheetLayout, rows: Sequence[FormRow], given: Mapping[tuple[str, str], Value]
) -> Iterator[tuple[str, str]]:
    """The cells that a correction speaks of: the one it names, or all of its row, column or sheet that matter."""
    if item.row and item.header:
        yield item.row, item.header
    if (item.row and item.header) or not (item.row or item.blocks):
        return
    for row in rows:
        for column, cell in zip(layout.columns, row.cells, strict=True):
            named = item.row in ("", row.code) and item.header in ("", column.header)
            if not (named and isinstance(cell, Answer)):
                continue
            # Remarks, and rows of a list that nobody has begun, need nothing.
            asked = cell.asks is not Asks.REMARK and (item.row or not layout.open_rows)
            if asked or (row.code, column.header) in given:
                yield row.code, column.header


def totals(sheet: FilledSheet) -> dict[str, Decimal]:
    """The value of each total row: what stands in the claims below it, as SUM would add them (no texts)."""
    below = {row.code: row.sums for row in sheet.rows if row.sums}
    return {code: _total(sheet, below, code, frozenset()) for code in below}


def _total(sheet: FilledSheet, below: Mapping[str, Sequence[str]], code: str, above: frozenset[str]) -> Decimal:
    if code in below and code not in above:
        return sum((_total(sheet, below, child, above | {code}) for child in below[code]), Decimal(0))
    claim = sheet.answers.get((code, CLAIM))
    return Decimal(claim) if isinstance(claim, int | Decimal) else Decimal(0)
