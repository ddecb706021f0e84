"""Turns the names that stand on a returned form, or in its file name, into a warning where they are another unit's.

A stamp says whose form it is, not who filled it: a neighbour's form, overwritten, bears the neighbour's stamp. A name
is a suggestion, never an assignment; the office is told and asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from thidua_xlsx.model.cells import Book, Kind
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import INSTRUCTIONS, FormLayout
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.text import bare, fold

# Who fills the form stands near the top of its first page.
GUIDE_ROWS = 15
_PARTS = re.compile(r"[\s_,;()\[\]]+")


class NamedUnits:
    """The units of a round by what people write for them."""

    def __init__(self, layouts: Mapping[str, FormLayout]) -> None:
        self.names: dict[str, str | None] = {}
        self.codes = {bare(code): code for code in layouts}
        self.layouts = layouts
        for code, layout in layouts.items():
            key = fold(layout.unit_name)
            self.names[key] = None if key in self.names else code
        self.bare_names = {bare(name): code for name, code in self.names.items()}

    def others(self, file: str, book: Book, unit: str) -> Iterator[Finding]:
        """One warning for the first page, one for the file's name, where only another unit is named there."""
        for sheet in book.sheets:
            if fold(sheet.name) == fold(INSTRUCTIONS):
                said = {
                    code: at
                    for at, cell in sorted(sheet.cells.items(), reverse=True)
                    if at[0] <= GUIDE_ROWS and cell.kind is Kind.TEXT and (code := self.names.get(fold(cell.text)))
                }
                for other in _only_another(said, unit):
                    place = Place(file, sheet.name, address(*said[other]))
                    yield self._warning(place, unit, other, f"sheet «{INSTRUCTIONS}»")
        stem = bare(PurePosixPath(file).stem)
        written = {self.codes.get(part) for part in (stem, *_PARTS.split(stem))} | {self.bare_names.get(stem)}
        for other in _only_another((code for code in written if code), unit):
            yield self._warning(Place(file), unit, other, "tên tệp")

    def _warning(self, place: Place, unit: str, other: str, where: str) -> Finding:
        names = [self.layouts[code].unit_name for code in (unit, other)]
        return finding(
            Code.OTHER_UNIT_NAMED, place, unit=unit, value=names[1], unit_name=names[0], where=where, other=names[1]
        )


def _only_another(named: Iterable[str], unit: str) -> list[str]:
    found = set(named)
    return [] if unit in found or len(found) != 1 else list(found)
