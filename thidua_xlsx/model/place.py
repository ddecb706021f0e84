"""Where a value stands: the file, sheet and cell (or table, line and key) that a reader can open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place travels with its value from the first read to the last sheet.

    ``cell`` is an A1 address; for a plan in text it is ``dòng 57, khóa clause``; "" where there is none.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.file, f"sheet {self.sheet}" if self.sheet else "", self.cell) if part)


NOWHERE = Place()


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """(7, 2) → B7."""
    return f"{column_letters(column)}{row}"
