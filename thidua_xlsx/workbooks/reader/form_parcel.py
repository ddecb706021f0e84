"""Turns a collected form into the bytes that carry it from one process to another, or to the next run, and back.

What the plan printed is not sent: rows go by their codes, answers by the order of the columns, and what stands in a
cell once for all cells that say it. The receiving side keeps one object for what thousands of returns say alike.
Before the form, which is JSON, goes its line of what a run keeps, as it was packed, and before that its length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from operator import getitem
from typing import Any, NamedTuple

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding
from thidua_xlsx.model.form import Answer, FormLayout, SheetLayout
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.returned import Filled
from thidua_xlsx.model.submission import AnswerRow, Marks, Said, Sheetful, Submission, Value, submission
from thidua_xlsx.stages.forms.lay_out import Forms
from thidua_xlsx.workbooks.kept_return import kept_return
from thidua_xlsx.workbooks.reader.parcel import Unpacking, in_bytes

KEPT_CONTENTS = 50_000
# What a value is, beside the text of its cell: nothing, the same, the number written there; else a letter and itself.
SAME, WRITTEN = 1, 2
NUMBER, DAY, TEXT = "n", "d", "t"
# No JSON begins like this; how long is what comes before a form, in so many bytes.
MARK, LENGTH = b"\0", 4
BEGIN = len(MARK) + LENGTH
# (text, how its value follows from it, fault, remark)
Content = tuple[str, int | str | None, str | None, str | None]


def pack_form(stamp: str, given: Submission, in_rows: Iterable[Finding]) -> bytes:
    """A form as it was collected and what its rows show to be wrong, for a reader that has the same layout of it."""
    return joined(kept_return(given), _form(stamp, given, in_rows))


def joined(line: bytes, form: object) -> bytes:
    return MARK + len(line).to_bytes(LENGTH, "big") + line + in_bytes(form)


def parted(parcel: bytes) -> tuple[bytes, Any]:
    """The line and the form again."""
    end = BEGIN + int.from_bytes(parcel[len(MARK) : BEGIN], "big")
    return parcel[BEGIN:end], json.loads(parcel[end:])


def _form(stamp: str, given: Submission, in_rows: Iterable[Finding]) -> tuple[object, ...]:
    contents: dict[Content, int] = {}
    sheets: list[tuple[str, str, list[str], list[list[object]]]] = []
    on = None
    for row in given.rows:
        marks = row.marks
        if not isinstance(marks, Marks):
            raise TypeError("a form is packed as it was collected")
        if on is not marks.on:
            on = marks.on
            layout = given.layout.sheet(row.sheet)
            assert layout is not None
            letters = [on.letters.get(column.header, "") for column in layout.columns]
            sheets.append((row.sheet, on.name, letters, []))
        numbers = [contents.setdefault(_content(said), len(contents)) for said in marks.said]
        sheets[-1][3].append([row.code, row.row, *numbers])
    findings = [list(map(_finding, found)) for found in (given.findings, in_rows)]
    return stamp, sheets, list(contents), findings


def _content(said: Said) -> Content:
    text, value = said.text, said.value
    how: int | str | None
    if value is None:
        how = None
    elif isinstance(value, str):
        how = SAME if value == text else TEXT + value
    elif isinstance(value, Decimal):
        written = str(value)
        how = WRITTEN if written == text else NUMBER + written
    else:
        how = f"{DAY}{value.toordinal()}"
    return text, how, said.fault, said.remark


def _value(how: int | str | None, text: str) -> Value:
    if how is None:
        return None
    if how == SAME:
        return text
    if how == WRITTEN:
        return Decimal(text)
    assert isinstance(how, str)
    kind, value = how[0], how[1:]
    if kind == DAY:
        return date.fromordinal(int(value))
    return Decimal(value) if kind == NUMBER else value


def _finding(item: Finding) -> tuple[object, ...]:
    place = item.place
    return item.code.name, place.sheet, place.cell, item.unit, item.value, item.details, item.person_row


class Row(NamedTuple):
    """What a row of the form asks in the columns that a file has."""

    code: str
    headers: tuple[str, ...]
    # Of each answer what was said there already, by content.
    known: tuple[KnownSaid, ...]


class Told:
    """What stands in a cell, whatever was asked there. Each is only itself, so that it is found without reading it."""

    __slots__ = ("fault", "remark", "text", "value")

    def __init__(self, content: Content) -> None:
        self.text, how, self.fault, self.remark = content
        self.value = _value(how, self.text)


class Contents(dict[Content, Told]):
    """The contents that earlier parcels had too, and how many answers say one of them."""

    said = 0

    def __missing__(self, content: Content) -> Told:
        told = self[content] = Told(content)
        return told


class KnownSaid(dict[Told, Said]):
    """What was said to one answer already, by content."""

    __slots__ = ("answer", "contents")

    def __init__(self, answer: Answer, contents: Contents) -> None:
        super().__init__()
        self.answer, self.contents = answer, contents

    def __missing__(self, told: Told) -> Said:
        said = self[told] = Said(self.answer, told.text, told.value, told.fault, told.remark)
        self.contents.said += 1
        return said


class Opening:
    """The receiving side of parcels of every kind, with what earlier ones had too."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._books = Unpacking()
        self._rows: dict[tuple[int, tuple[str, ...]], dict[str, Row]] = {}
        self._said: dict[int, KnownSaid] = {}
        self._contents = Contents()

    def open(self, parcel: bytes, file: str) -> Book | Filled | Refusal:
        """What was packed; ``file`` is how findings name where it lay. ValueError and its like where it is nothing."""
        if parcel[:1] != MARK:
            return self._books.unpack(parcel)
        line, form = parted(parcel)
        return self._filled(file, line, *form)

    def _filled(self, file: str, line: bytes, stamp: str, sheets: Any, contents: Any, findings: Any) -> Filled:
        layout = self._forms.get(stamp.split("/")[4])
        if layout is None or str(layout.stamp) != stamp:
            raise ValueError(f"another form: {stamp}")
        if max(self._contents.said, len(self._contents)) > KEPT_CONTENTS:
            self._forget()
        told = list(map(self._contents.__getitem__, map(tuple, contents)))
        rows: list[AnswerRow] = []
        for sheet in sheets:
            rows += self._sheet(file, layout, told, *sheet)
        structure, in_rows = (tuple(self._findings(file, found)) for found in findings)
        return Filled(submission(file, layout, tuple(rows), structure), in_rows, line)

    def _forget(self) -> None:
        for known in self._said.values():
            known.clear()
        self._contents.clear()
        self._contents.said = 0

    def _sheet(
        self, file: str, form: FormLayout, contents: list[Told], name: str, own_name: str, letters: Any, lines: Any
    ) -> Iterator[AnswerRow]:
        layout = form.sheet(name)
        if layout is None:
            raise ValueError(f"another sheet: {name}")
        asked = self._asked(layout, tuple(letters))
        headers = (column.header for column in layout.columns)
        on = Sheetful(file, own_name, {header: at for header, at in zip(headers, letters, strict=True) if at})
        sheet, content_of = layout.name, contents.__getitem__
        for code, row, *numbers in lines:
            ask = asked[""] if layout.open_rows else asked[code]
            if len(numbers) != len(ask.known):
                raise ValueError(f"other answers: {name} {code}")
            said = tuple(map(getitem, ask.known, map(content_of, numbers)))
            yield AnswerRow(sheet, code if layout.open_rows else ask.code, row, Marks(on, row, ask.headers, said))

    def _asked(self, layout: SheetLayout, letters: tuple[str, ...]) -> dict[str, Row]:
        """The rows of a sheet by code, in the columns that were found; the one row of an open sheet under ""."""
        key = id(layout), letters  # layouts live as long as the forms
        if key not in self._rows:
            rows = layout.rows[:1] if layout.open_rows else layout.rows
            self._rows[key] = {
                "" if layout.open_rows else row.code: self._row(row.code, *_columns(layout, row.cells, letters))
                for row in rows
            }
        return self._rows[key]

    def _row(self, code: str, headers: tuple[str, ...], answers: tuple[Answer, ...]) -> Row:
        return Row(code, headers, tuple([self._known(answer) for answer in answers]))

    def _known(self, answer: Answer) -> KnownSaid:
        key = id(answer)  # answers too live as long as the forms
        if key not in self._said:
            self._said[key] = KnownSaid(answer, self._contents)
        return self._said[key]

    @staticmethod
    def _findings(file: str, told: Any) -> Iterator[Finding]:
        for code, sheet, cell, unit, value, details, person_row in told:
            pairs = tuple((name, text) for name, text in details)
            yield Finding(Code[code], Place(file, sheet, cell), unit, value, pairs, person_row)


def _columns(
    layout: SheetLayout, cells: Iterable[object], letters: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
    """The headers and answers of a row, of the columns that were found."""
    asked = [
        (column.header, cell)
        for column, cell, at in zip(layout.columns, cells, letters, strict=True)
        if at and isinstance(cell, Answer)
    ]
    return tuple(header for header, _ in asked), tuple(answer for _, answer in asked)
