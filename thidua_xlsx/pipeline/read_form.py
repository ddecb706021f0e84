"""Turns the bytes of a returned file into all that a run uses of it, in the process that reads it.

A form that proves itself whose it is, is collected there and then, and its cells stay where they were read. Whatever
leaves a question is sent whole, and settled where everything else is known.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.stages.forms.lay_out import Forms
from thidua_xlsx.stages.intake.asked import AskedForms
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.named_units import NamedUnits
from thidua_xlsx.stages.intake.row_rules import row_findings
from thidua_xlsx.stages.intake.stamps import own_layout
from thidua_xlsx.workbooks.reader.form_parcel import pack_form
from thidua_xlsx.workbooks.reader.parcel import pack
from thidua_xlsx.workbooks.reader.second_reading import read_twice

# No form that people fill in has more cells; who made such a file may take longer than one file may take.
MOST_CELLS = 20_000


class FormReader:
    """What reads a file in a process of its own, which has the plan and the round from the start."""

    def __init__(self, plan: Plan, round_: Round) -> None:
        self._given = plan, round_
        self._forms = Forms(plan, round_)
        self._asked = AskedForms()

    def __reduce__(self) -> tuple[type[FormReader], tuple[Plan, Round]]:
        return FormReader, self._given

    def __call__(self, data: bytes) -> bytes:
        """The parcel of one file."""
        reading = read_twice(data)
        collected = None
        # A fault of ours in collecting must not pass for one of the file's: the book goes on, and it shows there.
        with suppress(Exception):
            collected = self._collected(reading)
        return collected or pack(reading)

    def _collected(self, book: Book | Refusal) -> bytes | None:
        """A form that leaves nothing to settle; None for any other."""
        if isinstance(book, Refusal) or sum(len(sheet.cells) for sheet in book.sheets) > MOST_CELLS:
            return None
        layout = own_layout(book, self._forms)
        if layout is None or any(self._named.on_first_page(book, layout.stamp.unit)):
            return None
        given = collect(book, layout, "", self._asked)
        return pack_form(str(layout.stamp), given, row_findings(given, *self._given))

    @cached_property
    def _named(self) -> NamedUnits:
        return NamedUnits({code: unit.name for code, unit in self._forms.units.items()})
