"""Turns rows that speak of one nominee on several sheets into links between them, once all sheets are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thidua_xlsx.workbooks.sheets import OpenWorkbook, Value, put, put_link, reference


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A cell that is to lead to the row of ``key`` on another sheet."""

    sheet: Any
    row: int
    column: int
    value: Value
    fmt: Any
    target: str
    key: str


class LinkedBook(OpenWorkbook):
    """A workbook whose sheets name rows and ask for links to rows of sheets that come later.

    Cells with short values only: LibreOffice does not wrap the text of a link. No name is one, and nothing typed.
    """

    def __init__(self, **properties: str) -> None:
        super().__init__(**properties)
        self._rows: dict[tuple[str, str], int] = {}
        self._wanted: list[_Wanted] = []

    def anchor(self, sheet: str, key: str, row: int) -> None:
        """The first row of ``key`` on a sheet is where links to it lead."""
        self._rows.setdefault((sheet, key), row)

    def want_link(self, sheet: Any, row: int, column: int, value: Value, fmt: Any, target: str, key: str) -> None:
        """Makes a cell lead to ``key`` on the sheet ``target``, if that has such a row in the end."""
        self._wanted.append(_Wanted(sheet, row, column, value, fmt, target, key))

    def close(self) -> bytes:
        for item in self._wanted:
            row = self._rows.get((item.target, item.key))
            if row:
                put_link(item.sheet, item.row, item.column, reference(item.target, f"A{row}"), "", item.fmt)
                # The link takes its place in the cell as a text; the cell says what it said.
                put(item.sheet, item.row, item.column, item.value, item.fmt)
        return super().close()
