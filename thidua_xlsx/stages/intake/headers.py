"""Turns the top rows of a sheet into the table that stands there: its header row, and the column of each header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.place import column_letters
from thidua_xlsx.stages.intake.asked import AskedForms, AskedSheet

# Offices write notes above the table; headers lower than this are not looked for.
HEADER_DEPTH = 40

At = tuple[int, int]
Cells = Iterable[tuple[At, Cell]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of the layout in the file; ``column`` is 0 where its header is missing."""

    header: str
    column: int
    letters: str


class Table:
    """The header row of one sheet of the form in a file, and the column of each header.

    ``doubled`` lists the columns further right that carry a header once more; ``numbers`` are the columns by the place
    of the header, 0 where it is missing.
    """

    def __init__(
        self, asked: AskedSheet, header_row: int, columns: dict[str, int], doubled: tuple[tuple[str, int], ...]
    ) -> None:
        self.header_row, self.columns, self.doubled = header_row, columns, doubled
        self.numbers = tuple(columns.get(header, 0) for header, _ in asked.headers)
        self.slots = tuple(
            Slot(header, number, column_letters(number))
            for (header, _), number in zip(asked.headers, self.numbers, strict=True)
        )
        self.letters = {slot.header: slot.letters for slot in self.slots if slot.column}
        self.whole = all(self.numbers)
        self.inside = {*columns.values(), *(column for _, column in doubled)}


class Tops:
    """Where the headers of forms stand in the rows in which they may be, by their keys.

    ``table`` remembers its answers: the same tops serve all sheets whose printed cells are the same.
    """

    def __init__(self, places: dict[str, list[At]]) -> None:
        self._places = places
        self._tables: dict[tuple[tuple[str, str], ...], Table | None] = {}

    def table(self, asked: AskedSheet) -> Table | None:
        """The table of a sheet of the form; None where it is another's."""
        if asked.headers[0][1] not in self._places:
            return None
        if asked.headers not in self._tables:
            self._tables[asked.headers] = self._find(asked)
        return self._tables[asked.headers]

    def _find(self, asked: AskedSheet) -> Table | None:
        """The header row: the one that names the code column and most headers, each at its first column."""
        places = self._places
        codes = {row for row, _ in places[asked.headers[0][1]]}
        by_row: dict[int, dict[str, int]] = {row: {} for row in sorted(codes)}
        again: list[tuple[int, str, int]] = []
        for header, key in asked.headers:
            for row, column in sorted(places.get(key, ())):
                if row in codes and by_row[row].setdefault(header, column) != column:
                    again.append((row, header, column))
        row, found = max(by_row.items(), key=lambda item: (len(item[1]), -item[0]))
        if len(found) * 2 <= len(asked.headers):
            return None
        return Table(asked, row, found, tuple((header, column) for at, header, column in again if at == row))


def top_texts(cells: Cells, longest: int, forms: AskedForms) -> dict[str, list[At]]:
    """Where the headers of forms stand among these cells, in the rows in which they may be, by their keys."""
    tops: dict[str, list[At]] = {}
    known = forms.texts
    for at, cell in cells:
        # Of texts that are too long nothing is asked that another form, with longer headers, may have answered.
        if at[0] > HEADER_DEPTH or len(cell.text) > longest:
            continue
        key = known.get(cell.text)
        if key is None and cell.kind is Kind.TEXT:
            key = forms.header(cell.text)
        if key and cell.kind is Kind.TEXT:
            tops.setdefault(key, []).append(at)
    return tops
