"""Turns the places a reason rests on into what a reader opens: a file, a sheet, and its cells in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from thidua_xlsx.model.place import NOWHERE, Place

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Spot:
    """The cells of one sheet of one file; "" and no cells where there is nothing to open."""

    file: str = ""
    sheet: str = ""
    cells: tuple[str, ...] = ()


def _sheet_of(place: Place) -> tuple[str, str]:
    return place.file, place.sheet


def _cell_order(cell: str) -> tuple[int, str, int, str]:
    """C9 before C12, Z1 before AA1; what is no address (a line of a text plan) after those."""
    found = _ADDRESS.fullmatch(cell)
    return (len(found[1]), found[1], int(found[2]), "") if found else (9, "", 0, cell)


def _cells(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(sorted({place.cell for place in places if place.cell}, key=_cell_order))


def spots(places: Iterable[Place]) -> tuple[Spot, ...]:
    """The places by file and sheet; at least one spot, empty when nothing is known."""
    given = tuple(places)
    if len(given) < 2:  # as with most reasons
        place = given[0] if given else NOWHERE
        return (Spot(place.file, place.sheet, (place.cell,) if place.cell else ()),)
    known = sorted(set(given) - {NOWHERE}) or [NOWHERE]
    return tuple(Spot(file, sheet, _cells(group)) for (file, sheet), group in groupby(known, key=_sheet_of))
