"""What one returned form says: each answer as a mark with its place, before and after it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from thidua_xlsx.model.findings import Finding, Severity
from thidua_xlsx.model.form import Answer, FormLayout
from thidua_xlsx.model.place import NOWHERE, Place

Value = Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in an answer cell and how it reads, wherever it stands: thousands of returns say the same.

    ``fault`` and ``remark`` are names of finding codes; a blank cell has neither, and no value.
    """

    answer: Answer
    text: str = ""
    value: Value = None
    fault: str | None = None
    remark: str | None = None

    @property
    def blank(self) -> bool:
        return self.value is None and self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Said):
    """One answer cell as returned: what was asked and said there, and where."""

    place: Place
    row: int


@dataclass(frozen=True, slots=True)
class Sheetful:
    """The sheet that rows of a return stand on: its file, its name there, the letters of each header's column."""

    file: str
    name: str
    letters: Mapping[str, str]


class Marks(Mapping[str, Mark]):
    """The marks of one row by header, each made when somebody asks for it: kept are only what stands there and where.

    ``said`` are the contents of the cells under ``headers``, shared with all rows that say the same.
    """

    __slots__ = ("headers", "on", "row", "said")

    def __init__(self, on: Sheetful, row: int, headers: tuple[str, ...], said: tuple[Said, ...]) -> None:
        self.on, self.row, self.headers, self.said = on, row, headers, said

    def __getitem__(self, header: str) -> Mark:
        try:
            it = self.said[self.headers.index(header)]
        except ValueError:
            raise KeyError(header) from None
        return Mark(it.answer, it.text, it.value, it.fault, it.remark, place=self.place(header), row=self.row)

    def place(self, header: str) -> Place:
        """Where the answer under a header stands, without making its mark."""
        return Place(self.on.file, self.on.name, f"{self.on.letters[header]}{self.row}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.headers)

    def __len__(self) -> int:
        return len(self.headers)


class AnswerRow(NamedTuple):
    """One coded row of a sheet: its marks by header. ``row`` is the Excel row in the returned file."""

    sheet: str
    code: str
    row: int
    marks: Mapping[str, Mark]

    @property
    def headers(self) -> tuple[str, ...]:
        return self.marks.headers if isinstance(self.marks, Marks) else tuple(self.marks)

    @property
    def contents(self) -> tuple[Said, ...]:
        """What the row says, header by header, where it does not matter in which cell: no mark is made for it."""
        return self.marks.said if isinstance(self.marks, Marks) else tuple(self.marks.values())

    @property
    def said(self) -> tuple[tuple[str, Said], ...]:
        """The same with the headers."""
        return tuple(zip(self.headers, self.contents, strict=True))

    def under(self, header: str) -> Said | None:
        """The same under one header, None where the row has no such cell."""
        marks = self.marks
        if isinstance(marks, Marks):
            return marks.said[marks.headers.index(header)] if header in marks.headers else None
        return marks.get(header)

    @property
    def place(self) -> Place:
        """The first of its answer cells."""
        if isinstance(self.marks, Marks):
            return self.marks.place(self.marks.headers[0]) if self.marks.headers else NOWHERE
        return next((mark.place for mark in self.marks.values()), NOWHERE)

    @property
    def blank(self) -> bool:
        return all(said.blank for said in self.contents)


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
