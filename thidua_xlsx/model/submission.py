"""What one returned form says: each answer as a mark with its place, before and after it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.findings import Finding, Severity
from thidua_xlsx.model.form import Answer, FormLayout
from thidua_xlsx.model.place import Place

Value = Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer cell as returned: what was asked, what stands there, and how it reads.

    ``fault`` and ``remark`` are names of finding codes; a blank cell has neither, and no value.
    """

    answer: Answer
    place: Place
    row: int
    text: str = ""
    value: Value = None
    fault: str | None = None
    remark: str | None = None

    @property
    def blank(self) -> bool:
        return self.value is None and self.fault is None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One coded row of a sheet: its marks by header. ``row`` is the Excel row in the returned file."""

    sheet: str
    code: str
    row: int
    marks: Mapping[str, Mark]

    @property
    def blank(self) -> bool:
        return all(mark.blank for mark in self.marks.values())


@dataclass(frozen=True, slots=True)
class Submission:
    """One returned form, read against the layout of the unit it proves to be from."""

    file: str
    layout: FormLayout
    rows: tuple[AnswerRow, ...]
    findings: tuple[Finding, ...] = ()
    places: Mapping[tuple[str, str], AnswerRow] = field(default_factory=dict, compare=False, repr=False)

    @property
    def unit(self) -> str:
        return self.layout.stamp.unit

    def sheet(self, name: str) -> tuple[AnswerRow, ...]:
        return tuple(row for row in self.rows if row.sheet == name)

    def mark(self, sheet: str, code: str, header: str) -> Mark | None:
        row = self.places.get((sheet, code))
        return row.marks.get(header) if row else None

    @property
    def valid(self) -> bool:
        """No error outside the rows of persons: a faulty row of ``Cá nhân`` blocks only that person."""
        return not any(item.severity is Severity.ERROR and item.person_row is None for item in self.findings)


def submission(file: str, layout: FormLayout, rows: tuple[AnswerRow, ...], findings: tuple[Finding, ...]) -> Submission:
    return Submission(file, layout, rows, findings, {(row.sheet, row.code): row for row in rows})
