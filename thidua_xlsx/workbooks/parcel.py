"""Turns a book into the bytes that carry it from one process to another, and back.

A third of the time of pickle, which calls Python for each cell twice; and bytes from a process that has read
hostile files are values here and never code. Forms of one plan repeat their printed cells: the receiving side
keeps one object for each, so that ten thousand books share them.
"""

from __future__ import annotations

import marshal
from typing import Any

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet

KEPT_CELLS = 50_000

_KINDS = tuple(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
# Wider than any sheet, so that row and column fit into one number.
_WIDTH = 1 << 15


def pack(reading: Book | Refusal) -> bytes:
    """A reading as bytes, for the same version of the program on the same machine."""
    if isinstance(reading, Refusal):
        return marshal.dumps((reading.code, reading.detail))
    numbers: dict[tuple[int, str, str | None, bool], int] = {}
    sheets = []
    for sheet in reading.sheets:
        places, cells = [], []
        for (row, column), cell in sheet.cells.items():
            places.append(row * _WIDTH + column)
            content = (_NUMBERS[cell.kind], cell.text, cell.formula, cell.rich)
            cells.append(numbers.setdefault(content, len(numbers)))
        rest = (sheet.name, sheet.hidden, sheet.merges, tuple(sheet.hidden_rows), sheet.protected)
        sheets.append((places, cells, rest))
    return marshal.dumps((list(numbers), sheets, reading.date1904, reading.remarks, dict(reading.properties)))


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
        told = marshal.loads(parcel)
        if len(told) == 2:
            return Refusal(*told)
        contents, sheets, *rest = told
        if len(self._cells) > KEPT_CELLS:
            self._cells.clear()
        if len(self._places) > KEPT_CELLS:
            self._places.clear()
        cells = [self._cells.get(content) or self._cell(content) for content in contents]
        return Book(tuple(self._sheet(cells, *sheet) for sheet in sheets), *rest)

    def _cell(self, content: tuple[int, str, str | None, bool]) -> Cell:
        kind, text, formula, rich = content
        cell = self._cells[content] = Cell(_KINDS[kind], text, formula, rich)
        return cell

    def _sheet(self, cells: list[Cell], places: list[int], numbers: list[int], rest: Any) -> Sheet:
        known = self._places
        name, hidden, merges, hidden_rows, protected = rest
        grid = {known[place]: cells[number] for place, number in zip(places, numbers, strict=True)}
        return Sheet(name, grid, hidden, merges, frozenset(hidden_rows), protected)
