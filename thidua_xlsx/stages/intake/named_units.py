"""Turns the names that stand on a returned form, or in its file name, into a warning where they are another unit's.

A stamp says whose form it is, not who filled it: a neighbour's form, overwritten, bears the neighbour's stamp. A name
is a suggestion, never an assignment; the office is told and asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from thidua_xlsx.model.cells import Book, Kind
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import INSTRUCTIONS
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.returned import ReturnedFile
from thidua_xlsx.model.text import bare, fold

# Who fills the form stands near the top of its first page.
GUIDE_ROWS = 15
GUIDE = fold(INSTRUCTIONS)
_PARTS = re.compile(r"[\s_,;()\[\]]+")


class NamedUnits:
    """The units of a round by what people write for them; ``names`` are their names by code."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names: dict[str, str | None] = {}
        self.codes = {bare(code): code for code in names}
        self.unit_names = names
        for code, name in names.items():
            key = fold(name)
            self.names[key] = None if key in self.names else code
        self.bare_names = {bare(name): code for name, code in self.names.items()}

    def others(self, file: ReturnedFile, unit: str) -> Iterator[Finding]:
        """One warning for the first page, one for the file's name, where only another unit is named there."""
        if isinstance(file.book, Book):
            for place, other in self.on_first_page(file.book, unit):
                yield self._warning(replace(place, file=file.name), unit, other, f"sheet «{INSTRUCTIONS}»")
        stem = bare(PurePosixPath(file.name).stem)
        written = {self.codes.get(part) for part in (stem, *_PARTS.split(stem))} | {self.bare_names.get(stem)}
        for other in _only_another((code for code in written if code), unit):
            yield self._warning(Place(file.name), unit, other, "tên tệp")

    def on_first_page(self, book: Book, unit: str) -> Iterator[tuple[Place, str]]:
        """Where the first page names one other unit, and not its own."""
        for sheet in book.sheets:
            if fold(sheet.name) == GUIDE:
                top = sorted((at for at in sheet.cells if at[0] <= GUIDE_ROWS), reverse=True)
                texts = ((at, cell.text) for at in top if (cell := sheet.cells[at]).kind is Kind.TEXT)
                said = {code: at for at, text in texts if (code := self.names.get(fold(text)))}
                for other in _only_another(said, unit):
                    yield Place("", sheet.name, address(*said[other])), other

    def _warning(self, place: Place, unit: str, other: str, where: str) -> Finding:
        own, named = self.unit_names[unit], self.unit_names[other]
        return finding(Code.OTHER_UNIT_NAMED, place, unit=unit, value=named, unit_name=own, where=where, other=named)


def _only_another(named: Iterable[str], unit: str) -> list[str]:
    found = set(named)
    return [] if unit in found or len(found) != 1 else list(found)
