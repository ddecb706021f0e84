"""Turns a unit's own texts, answers and corrections into what every sheet of its form is set with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from thidua_xlsx.model.form import Correction, FormLayout, Stamp
from thidua_xlsx.workbooks.escaped import in_text
from thidua_xlsx.workbooks.form.filled import Answers, filled, totals
from thidua_xlsx.workbooks.form.notes import notes_of
from thidua_xlsx.workbooks.form.self_check import count, values_now

# What stands for a unit's own texts while the form is printed: characters for private use, which nobody types.
STAMP = Stamp("\ue000", 0, "\ue000", "\ue000", "\ue000", "\ue000")
NAME, CONTACT = "\ue001", "\ue002"
MARKS = (str(STAMP), NAME, CONTACT)


class Numbers(dict[str, str]):
    """The shared strings and their numbers, in the order in which they are first met."""

    def __missing__(self, text: str) -> str:
        number = self[text] = str(len(self))
        return number


class Setting:
    """One form while it is set.

    ``lines`` are the heights of the guide's lines by the marked text that they hold.
    """

    def __init__(
        self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...], lines: Mapping[str, float]
    ) -> None:
        self.layout, self.asked, self.lines = layout, asked, lines
        sheets = [filled(sheet, answers, asked) for sheet in layout.sheets] if answers or asked else []
        self.beyond = any(len(sheet.rows) > len(sheet.layout.rows) for sheet in sheets)
        self.filled = {sheet.layout.name: sheet for sheet in sheets}
        self.answers = {sheet.layout.name: sheet.answers for sheet in sheets}
        self.sums = {sheet.layout.name: totals(sheet) for sheet in sheets}
        # What the formulas of the self-check come to; of a blank form what was printed.
        self.counts: Iterator[int | str] = iter(())
        if sheets and not self.beyond:
            self.counts = values_now([count(sheet, tuple(sheets)) for sheet in sheets])
        self.notes = {name: notes for name, sheet in self.filled.items() if (notes := notes_of(sheet))}
        self._own = tuple(zip(MARKS, (str(layout.stamp), layout.unit_name, layout.contact), strict=True))
        self.numbers = Numbers()

    def unmarked(self, text: str) -> str:
        for mark, own in self._own:
            text = text.replace(mark, own)
        return text

    def corrected(self, sheet: str) -> bool:
        """Whether cells of this sheet are wrong."""
        return sheet in self.filled and bool(self.filled[sheet].corrections)

    def shared_strings(self, cells: int) -> str:
        """The part of all strings, which stand in so many cells, from its counts on."""
        items = "".join([f"<si><t>{in_text(text)}</t></si>" for text in self.numbers])
        return f' count="{cells}" uniqueCount="{len(self.numbers)}">{items}</sst>'
