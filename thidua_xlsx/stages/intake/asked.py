"""Turns the layout of a sheet into what is looked for in thousands of returned ones, and remembers what was found.

Units that are asked the same share their sheets, and mostly write the same: what was read once is not read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.form import Answer, Asks, FormLayout, FormRow, Locked, SheetLayout
from thidua_xlsx.model.submission import Said
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.intake.read_answer import NUMBERS, read_answer, seen_in

if TYPE_CHECKING:
    from thidua_xlsx.stages.intake.as_issued import Printed

# So many different contents of one answer cell are remembered, so many texts that are no header, so many sheets.
KEPT_CONTENTS, KEPT_TEXTS, KEPT_SHEETS = 2_000, 20_000, 64
# Asked for in every cell: to look up a member of an enumeration takes as long as the rest.
TEXT, NUMBER = Kind.TEXT, Kind.NUMBER


class Question:
    """One answer cell of a form, with what was read in it before."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.blank = Said(answer)
        self._counts = answer.asks in NUMBERS
        self._texts: dict[str, Said] = {}
        self._numbers: dict[str, Said] = {}

    def said(self, cell: Cell, date1904: bool, dated: bool) -> Said:
        """What stands in a cell and how it reads; ``dated`` says that it shows its number as a day or an hour."""
        kind = cell.kind
        before = self._texts if kind is TEXT else self._numbers if kind is NUMBER else None
        # How a number is shown tells something only where a number is asked.
        if before is None or cell.formula is not None or cell.rich or date1904 or (dated and self._counts):
            return self._read(cell, date1904, dated)
        said = before.get(cell.text)
        if said is None:
            if len(before) > KEPT_CONTENTS:
                before.clear()
            said = before[cell.text] = self._read(cell, date1904, dated)
        return said

    def _read(self, cell: Cell, date1904: bool, dated: bool) -> Said:
        reading = read_answer(cell, self.answer, date1904, dated)
        return Said(self.answer, seen_in(cell), reading.value, reading.fault, reading.remark)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One coded row: by the place of the column what is asked there, and what was printed there, as value and text.

    Dates are printed to be looked at, and the first column is the code: neither is compared.
    """

    code: str
    label: str
    headers: tuple[str, ...]
    questions: tuple[tuple[int, Question], ...]
    printed: tuple[tuple[int, Locked, str], ...]

    @property
    def asks(self) -> bool:
        return bool(self.questions)


def asked_row(layout: SheetLayout, row: FormRow) -> AskedRow:
    answers = [(place, cell) for place, cell in enumerate(row.cells) if isinstance(cell, Answer)]
    printed = [(place, cell) for place, cell in enumerate(row.cells) if place and isinstance(cell, str | int | Decimal)]
    return AskedRow(
        row.code,
        str(row.cells[1]) if len(row.cells) > 1 else "",
        tuple(layout.columns[place].header for place, _ in answers),
        tuple((place, Question(cell)) for place, cell in answers),
        tuple((place, cell, str(cell)) for place, cell in printed),
    )


class AskedSheet:
    """One sheet of a form, ready to be found in returned files: keys of its headers, rows by code."""

    def __init__(self, layout: SheetLayout) -> None:
        self.layout = layout
        self.headers = tuple((column.header, fold(column.header)) for column in layout.columns)
        self.longest = max(len(header) for header, _ in self.headers)
        self.name_key = fold(layout.name)
        rows = layout.rows[:1] if layout.open_rows else layout.rows
        self.rows = tuple(asked_row(layout, row) for row in rows)
        self.by_code = {row.code: row for row in self.rows}
        self.order = {code: number for number, code in enumerate(self.by_code)}
        # The places of the columns that somebody answers in; remarks are read too, but nothing hangs on them.
        self.asking = frozenset(
            place for row in self.rows for place, question in row.questions if question.answer.asks is not Asks.REMARK
        )
        # What is summed up below comes before what sums it up.
        self.totals = sorted((row for row in layout.rows if row.sums), key=lambda row: -row.depth)


class AskedForms:
    """Every sheet that was asked about so far, and which of the texts met so far name one of their columns.

    ``printed`` is the printed part of sheets that came back as issued.
    """

    def __init__(self) -> None:
        # The layout is kept with what was made of it, so that no other takes its place in memory.
        self._sheets: dict[int, AskedSheet] = {}
        self._headers: set[str] = set()
        self.texts: dict[str, str] = {}
        self.printed: dict[AskedSheet, Printed] = {}

    def sheets(self, layout: FormLayout) -> list[AskedSheet]:
        """The sheets of a form, in their order."""
        return [self._sheets.get(id(sheet)) or self._add(sheet) for sheet in layout.sheets]

    def _add(self, layout: SheetLayout) -> AskedSheet:
        sheet = self._sheets[id(layout)] = AskedSheet(layout)
        keys = {key for _, key in sheet.headers}
        if not keys <= self._headers:
            self._headers |= keys
            self.texts.clear()
            self.printed.clear()
        return sheet

    def remember(self, asked: AskedSheet, printed: Printed | None) -> None:
        """Keeps the printed part of a sheet, if it is as issued, for the next one of its kind."""
        if printed is not None:
            if len(self.printed) >= KEPT_SHEETS:
                self.printed.clear()
            self.printed[asked] = printed

    def header(self, text: str) -> str:
        """The key of a text that is a header of some sheet, however spelled; "" for any other. Kept in ``texts``."""
        key = fold(text)
        if len(self.texts) > KEPT_TEXTS:
            self.texts.clear()
        known = self.texts[text] = key if key in self._headers else ""
        return known
