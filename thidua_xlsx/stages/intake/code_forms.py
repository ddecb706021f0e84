"""Turns a code cell, whatever a spreadsheet made of it, into the codes that it may have said.

"1.10" becomes the number 1.1, "1.2" the first of February, "01" a 1; "1.1" may then have been either of two codes.
Nothing is decided here: which of them it is, the printed text of the row tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.numerals import meanings, number_in_file
from thidua_xlsx.model.reading import read_code, read_date
from thidua_xlsx.model.text import fold

_DIGITS = re.compile(r"[0-9]+")
_NUMBERED = re.compile(r"[0-9]+(?:[ .,/-]+[0-9]+)*[ .,/-]*")
_CENTURY = 100
Parts = tuple[int, ...]


def _parts(text: str) -> Parts:
    """The numbers of a code that is nothing but numbers: (1, 10) for "1.10", also for "1-10"; () for any other."""
    return tuple(map(int, _DIGITS.findall(text))) if len(text) <= 40 and _NUMBERED.fullmatch(text) else ()


def _parts_of_day(day: date) -> set[Parts]:
    """What somebody may have typed to get this day: day and month, month and year, all three, in any desk's order."""
    d, m, short = day.day, day.month, day.year % _CENTURY
    found: set[Parts] = {(d, m), (m, d)}
    for year in (short, day.year):
        found |= {(d, m, year), (m, d, year), (year, m, d)}
        if d == 1:
            found |= {(m, year), (year, m)}
    return found


class CodeForms:
    """The codes of one sheet by everything that they can look like."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = frozenset(codes)
        self.by_key: dict[str, set[str]] = {}
        self.by_number: dict[Decimal, set[str]] = {}
        self.by_parts: dict[Parts, set[str]] = {}
        for code in self.codes:
            self.by_key.setdefault(fold(code), set()).add(code)
            for number in meanings(code):
                self.by_number.setdefault(number, set()).add(code)
            if parts := _parts(code):
                self.by_parts.setdefault(parts, set()).add(code)

    def exact(self, cell: Cell | None) -> str | None:
        """The code that stands there as a text, letter by letter; None for anything else."""
        typed = read_code(cell)
        return typed if cell is not None and cell.kind is Kind.TEXT and typed in self.codes else None

    def may_mean(self, cell: Cell | None, date1904: bool) -> frozenset[str]:
        """Every code of the sheet that the cell may have said before somebody, or a program, changed it."""
        typed = read_code(cell)
        if cell is None or not typed:
            return frozenset()
        if cell.kind is Kind.NUMBER:
            return self._of_number(cell, date1904)
        key = fold(typed)
        found = set(self.by_key.get(key, ()))
        parts = _parts(key)
        if parts:
            found |= self.by_parts.get(parts, set())
            # A date in words of digits; and the number that a text of today was before it was made text again.
            day = read_date(Cell(Kind.TEXT, key), date1904).value
            found |= self._of_day(day) if isinstance(day, date) else set()
            for number in meanings(key):
                found |= self.by_number.get(number, set())
        return frozenset(found)

    def _of_number(self, cell: Cell, date1904: bool) -> frozenset[str]:
        number = number_in_file(cell.text)
        found = set(self.by_number.get(number, ())) if number is not None else set()
        day = read_date(cell, date1904).value
        return frozenset(found | (self._of_day(day) if isinstance(day, date) else set()))

    def _of_day(self, day: date) -> set[str]:
        return set().union(*(self.by_parts.get(parts, set()) for parts in _parts_of_day(day)))
