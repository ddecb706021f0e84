"""Turns the printed part of a sheet that came back as it was issued into what need not be looked for in the next one.

Next to all returns leave what was printed as it was. What followed from it once follows again wherever every cell of
it stands in its place; only the rest, mostly answers, is looked at then. Where one of them differs, all are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from thidua_xlsx.model.cells import Cell, Kind, Sheet
from thidua_xlsx.stages.intake.asked import AskedForms, AskedSheet
from thidua_xlsx.stages.intake.headers import At, Table, Tops, top_texts

# As what a printed cell may stand there: a number of a plan is printed as text or as a number.
WORDS, FIGURES = (Kind.TEXT,), (Kind.TEXT, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Printed:
    """The cells of a sheet that are as issued: headers, codes and printed texts; and what follows from them alone.

    ``codes`` is the row of each code, and ``rows`` are those rows.
    """

    asked: AskedSheet
    cells: Mapping[At, Cell]
    tops: Tops
    codes: dict[str, int]
    rows: list[int]

    def rest(self, cells: Mapping[At, Cell]) -> list[tuple[At, Cell]] | None:
        """The cells that are none of these; None where one of these is not there, or may be another."""
        known = self.cells.get
        # The reader keeps one cell for what all forms print; to ask for the same one is quicker than to compare.
        rest = [told for told in cells.items() if known(told[0]) is not told[1]]
        return rest if len(cells) - len(rest) == len(self.cells) else None


def as_issued(
    sheet: Sheet, asked: AskedSheet, table: Table, rows: list[int], longest: int, forms: AskedForms
) -> Printed | None:
    """The printed part of a sheet, if all of it is as issued, to the letter; ``rows`` are all that have anything."""
    codes = {cell.text: row for row in rows if (cell := sheet.cells.get((row, table.numbers[0])))}
    if not table.whole or table.doubled or not len(codes) == len(rows) == len(asked.layout.rows):
        return None
    cells = {}
    for at, text, kinds in _issued(asked, table, codes):
        cell = sheet.cells.get(at)
        if cell is None or cell.text != text or cell.kind not in kinds or cell.formula is not None:
            return None
        cells[at] = cell
    return Printed(asked, cells, Tops(top_texts(cells.items(), longest, forms)), codes, rows)


def _issued(asked: AskedSheet, table: Table, codes: dict[str, int]) -> Iterator[tuple[At, str, tuple[Kind, ...]]]:
    """Where what was issued should stand, and as what; of an open sheet only headers and codes are issued."""
    numbers, is_open = table.numbers, asked.layout.open_rows
    for (header, _), number in zip(asked.headers, numbers, strict=True):
        yield (table.header_row, number), header, WORDS
    for row in asked.layout.rows:
        yield (codes.get(row.code, 0), numbers[0]), row.code, FIGURES if is_open else WORDS
    for asked_row in () if is_open else asked.rows:
        row_number = codes.get(asked_row.code, 0)
        yield (row_number, numbers[1]), asked_row.label, FIGURES
        for place, _, text in asked_row.printed:
            yield (row_number, numbers[place]), text, FIGURES
