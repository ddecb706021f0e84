"""Turns a book into the bytes that carry it from one process to another, and back.

A third of the time of pickle, which calls Python for each cell twice; and bytes from a process that has read
hostile files are values here and never code. Forms of one plan repeat their printed cells: the receiving side
keeps one object for each, so that ten thousand books share them. What is to last longer than a process is JSON:
bytes from a folder that others can write to must be values too, whatever they are.
"""

from __future__ import annotations

import json
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
        dated = [row * _WIDTH + column for row, column in sorted(sheet.dated)]
        rest = (sheet.name, sheet.hidden, sheet.merges, tuple(sheet.hidden_rows), sheet.protected, dated)
        sheets.append((places, cells, rest))
    return marshal.dumps((list(numbers), sheets, reading.date1904, reading.remarks, dict(reading.properties)))


def kept(parcel: bytes) -> bytes:
    """A parcel as JSON."""
    return json.dumps(marshal.loads(parcel), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


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
        return self._unpacked(marshal.loads(parcel))

    def restore(self, text: bytes) -> Book | Refusal:
        """The reading that was kept as JSON; ValueError, TypeError and their like where it is none."""
        told = json.loads(text)
        if len(told) == 2:
            code, detail = told
            return Refusal(str(code), str(detail))
        contents, sheets, date1904, remarks, properties = told
        contents = [(kind, text, formula, rich) for kind, text, formula, rich in contents]
        return self._unpacked((contents, sheets, date1904, tuple(remarks), properties))

    def _unpacked(self, told: Any) -> Book | Refusal:
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
        name, hidden, merges, hidden_rows, protected, dated = rest
        grid = {known[place]: cells[number] for place, number in zip(places, numbers, strict=True)}
        days = frozenset([known[place] for place in dated])
        return Sheet(name, grid, hidden, tuple(merges), frozenset(hidden_rows), protected, days)
