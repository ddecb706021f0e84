"""A clerk who corrects a feedback workbook: types true answers into the red cells, and touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from thidua_xlsx.model.demo import Value
from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW, INSTRUCTIONS
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS
from thidua_xlsx.workbooks.form.styles import WRONG_FILL

RED = f"FF{WRONG_FILL[1:]}"
MUST = "Phải sửa"
Truth = Mapping[tuple[str, str, str], Value]


def opened(feedback: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(feedback))


def linked(book: Any) -> Iterator[tuple[str, str]]:
    """(sheet, cell) of every line of «Lỗi cần sửa» that must be corrected and leads somewhere."""
    for line in book[CORRECTIONS].iter_rows(min_row=FIRST_ROW):
        if line[2].value == MUST and line[1].hyperlink:
            sheet, _, cell = line[1].hyperlink.location.rpartition("!")
            yield sheet.strip("'").replace("''", "'"), cell


def red(book: Any) -> Iterator[tuple[str, Any]]:
    """Every red cell that the form lets a person type into."""
    for sheet in book:
        if sheet.title not in (CORRECTIONS, INSTRUCTIONS):
            for row in sheet.iter_rows(min_row=FIRST_ROW):
                for cell in row:
                    if cell.fill.fgColor.rgb == RED and not cell.protection.locked:
                        yield sheet.title, cell


def asked_by(book: Any, sheet: str, cell: Any) -> tuple[str, str, str]:
    """Sheet, code and header of a cell, as printed beside and above it."""
    page = book[sheet]
    return sheet, str(page.cell(cell.row, 1).value), str(page.cell(HEADER_ROW, cell.column).value)


def corrected(feedback: bytes, truth: Truth) -> bytes:
    """The workbook after a day's work: every red cell as the unit knows it, blank where it has nothing to say."""
    book = opened(feedback)
    for sheet, cell in list(red(book)):
        value = truth.get(asked_by(book, sheet, cell))
        cell.value = float(value) if isinstance(value, Decimal) else value
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_typed(value: Value | None) -> str:
    """The keys that a Vietnamese desk presses for an answer."""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value).replace(".", ",") if isinstance(value, Decimal) else "" if value is None else str(value)
