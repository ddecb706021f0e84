"""Turns a book into the bytes that carry it from one process to another, or to the next run, and back.

JSON, not pickle: bytes from a process that has read hostile files, or from a folder that others can write to, must be
values and never code. Forms of one plan repeat their printed cells: the receiving side keeps one object for each.
"""

from __future__ import annotations

import json
from typing import Any

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet

KEPT_CELLS = 50_000

_KINDS = tuple(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
# Wider than any sheet, so that row and column fit into one number.
_WIDTH = 1 << 15


def pack(reading: Book | Refusal) -> bytes:
    """A reading as bytes."""
    if isinstance(reading, Refusal):
        return in_bytes((reading.code, reading.detail))
    numbers: dict[tuple[int, str, str | None, bool], int] = {}
    sheets = []
    for sheet in reading.sheets:
        places, cells = [], []
        for (row, column), cell in sheet.cells.items():
            places.append(row * _WIDTH + column)
            content = (_NUMBERS[cell.kind], cell.text, cell.formula, cell.rich)
            cells.append(numbers.setdefault(content, len(numbers)))
        dated = [row * _WIDTH + column for row, column in sorted(sheet.dated)]
        rest = (sheet.name, sheet.hidden, sheet.merges, sorted(sheet.hidden_rows), sheet.protected, dated)
        sheets.append((places, cells, rest))
    return in_bytes((list(numbers), sheets, reading.date1904, reading.remarks, dict(reading.properties)))


def in_bytes(value: object) -> bytes:
    """Lists, texts and numbers as JSON; texts of returned files may have half of a character pair."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


class Places(dict[int, tuple[int, int]]):
    """(row, column) by their one number, each made once."""

    def __missing__(self, number: int) -> tuple[int, int]:
        place = self[number] = divmod(number, _WIDTH)
        return place


class Unpacking:
    """The receiving side, with the cells and places that earlier books had too."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, str, str | None, bool], Cell] = {}
        self._places = Places()

    def unpack(self, parcel: bytes) -> Book | Refusal:
        """The reading that was packed."""
        return self.unpacked(json.loads(parcel))

    def unpacked(self, told: Any) -> Book | Refusal:
        """The same from its values; ValueError, TypeError and their like where they are none."""
        if len(told) == 2:
            code, detail = told
            return Refusal(str(code), str(detail))
        contents, sheets, date1904, remarks, properties = told
        if len(self._cells) > KEPT_CELLS:
            self._cells.clear()
        if len(self._places) > KEPT_CELLS:
            self._places.clear()
        cells = [self._cells.get(content) or self._cell(content) for content in map(tuple, contents)]
        return Book(tuple(self._sheet(cells, *sheet) for sheet in sheets), date1904, tuple(remarks), properties)

    def _cell(self, content: tuple[int, str, str | None, bool]) -> Cell:
        kind, text, formula, rich = content
        cell = self._cells[content] = Cell(_KINDS[kind], text, formula, rich)
        return cell

    def _sheet(self, cells: list[Cell], places: list[int], numbers: list[int], rest: Any) -> Sheet:
        known = self._places
        name, hidden, merges, hidden_rows, protected, dated = rest
        grid = {known[place]: cells[number] for place, number in zip(places, numbers, strict=True)}
        days = frozenset([known[place] for place in dated])
        return Sheet(name, grid, hidden, tuple(merges), frozenset(hidden_rows), protected, days)
