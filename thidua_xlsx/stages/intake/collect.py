"""Turns one returned workbook and the layout of its form into marks: answers found by code × header.

Nothing is taken from an assumed address; of the file only answer cells are believed, and a printed text that
was changed is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import Asks, FormLayout
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.reading import read_code
from thidua_xlsx.model.refusals import REMARKS
from thidua_xlsx.model.submission import AnswerRow, Mark, Marks, Sheetful, Submission, submission
from thidua_xlsx.model.text import clean
from thidua_xlsx.stages.intake.asked import AskedForms, AskedRow
from thidua_xlsx.stages.intake.find_rows import coded_rows
from thidua_xlsx.stages.intake.find_sheets import Found, Match, extra_sheets, find_sheets, not_found, typed_at
from thidua_xlsx.stages.intake.printed_cells import locked_findings, total_findings
from thidua_xlsx.stages.intake.read_answer import seen_in

LONGEST_ORDER = 6


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is being read: its name in every place, whose it is, and its date base."""

    file: str
    unit: str
    date1904: bool

    def sheetful(self, found: Found) -> Sheetful:
        return Sheetful(self.file, found.sheet.name, found.table.letters)


def marks_of(found: Found, on: Sheetful, asked: AskedRow, row: int, source: Source) -> Marks:
    """The answers of one coded row."""
    typed, dated, numbers, date1904 = found.sheet.cells.get, found.sheet.dated, found.numbers, source.date1904
    headers = asked.headers
    if not found.whole:
        pairs = zip(headers, asked.questions, strict=True)
        headers = tuple(header for header, (place, _) in pairs if numbers[place])
    said = [
        question.blank
        if (cell := typed(at := (row, numbers[place]))) is None
        else question.said(cell, date1904, at in dated)
        for place, question in asked.questions
        if numbers[place]
    ]
    return Marks(on, row, headers, tuple(said))


def order_of(code: str) -> str:
    """The order of a person: "1" for 1 and "01"; "" for what is no order of a list that people can type."""
    return str(int(code)) if code.isdecimal() and len(code) <= LONGEST_ORDER else ""


def open_rows(found: Found, source: Source) -> tuple[list[AnswerRow], list[Finding]]:
    """Every filled row below the headers of an open sheet, wherever it was typed; its code is what it says."""
    sample, on = found.asked.rows[0], source.sheetful(found)
    rows: list[AnswerRow] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for row in found.rows:
        if not found.answered(row):
            continue
        made = marks_of(found, on, sample, row, source)
        if all(said.blank for said in made.said):
            continue
        typed = read_code(found.code_cell(row))
        code = order_of(typed)
        findings += order_findings(found, row, typed, code, seen, source)
        seen.setdefault(code, row)
        rows.append(AnswerRow(found.layout.name, code, row, made))
    return rows, findings


def order_findings(
    found: Found, row: int, typed: str, code: str, seen: dict[str, int], source: Source
) -> Iterator[Finding]:
    """An order that is none, or another person's."""
    place, label = found.code_place(source.file, row), found.slots[0].header
    if not code:
        wrong = Code.NOT_WHOLE if typed else Code.MISSING_ANSWER
        yield finding(wrong, place, unit=source.unit, value=typed, label=label, person_row=row)
    elif code in seen:
        yield finding(
            Code.SAME_ORDER_TWICE, place, unit=source.unit, value=code, order=code, row=seen[code], person_row=row
        )


def answer_rows(found: Found, source: Source) -> tuple[list[AnswerRow], dict[str, int], list[Finding]]:
    """The rows of one sheet with their answers, and where each code stands (nothing of an open sheet)."""
    if found.layout.open_rows:
        rows, findings = open_rows(found, source)
        return rows, {}, findings
    places, findings = coded_rows(found, source.file, source.unit, source.date1904)
    on, name = source.sheetful(found), found.layout.name
    rows = [
        AnswerRow(name, asked.code, row := places[asked.code], marks_of(found, on, asked, row, source))
        for asked in found.asked.rows
        if asked.asks and asked.code in places
    ]
    return rows, places, findings


def collect_sheet(match: Match, found: Found, source: Source) -> tuple[list[AnswerRow], list[Finding]]:
    """All of one sheet: its answers, and what is wrong with its structure."""
    place = Place(source.file, found.sheet.name)
    findings = [
        finding(Code.HEADER_MISSING, place, unit=source.unit, value=slot.header, label=slot.header)
        for slot in found.slots
        if not slot.column
    ]
    if found.sheet.hidden_rows:
        findings.append(finding(Code.HIDDEN_ROWS, place, unit=source.unit))
    rows, places, more = answer_rows(found, source)
    findings += more
    if not found.layout.open_rows:
        findings += locked_findings(found, places, source.file, source.unit)
        findings += total_findings(found, places, {row.code: row for row in rows}, source.file, source.unit)
    findings += outside_findings(found, source)
    findings += second_columns(found, rows, source)
    for other in match.others:
        findings += second_sheet(found, other, rows, source)
    return [row for row in rows if row.marks], findings


def outside_findings(found: Found, source: Source) -> Iterator[Finding]:
    """Notes beside the table: nobody reads them, and whoever wrote them should know.

    Where a header is missing, what stands under it is no note.
    """
    for at in found.outside if found.whole else ():
        yield finding(Code.OUTSIDE_TABLE, Place(source.file, found.sheet.name, address(*at)), unit=source.unit)


def second_columns(found: Found, rows: list[AnswerRow], source: Source) -> Iterator[Finding]:
    """A column that was doubled and says something else than the one that is read."""
    for header, column in found.doubled:
        for row in rows:
            mark, cell = row.marks.get(header), found.sheet.cells.get((row.row, column))
            if mark and cell and scored(mark) and typed_at(cell) and clean(seen_in(cell)) != clean(mark.text):
                yield finding(
                    Code.COLUMN_TWICE,
                    mark.place,
                    unit=source.unit,
                    value=mark.text,
                    label=header,
                    other=address(row.row, column),
                    person_row=row.row if found.layout.open_rows else None,
                )


def second_sheet(found: Found, other: Found, rows: list[AnswerRow], source: Source) -> Iterator[Finding]:
    """A sheet that was doubled, and says in its copy something else than in the one that is read."""
    copies = {row.code: row for row in answer_rows(other, source)[0]}
    read = {row.code: row for row in rows}
    for code, copy in copies.items():
        for header, mark in copy.marks.items():
            counted = read[code].marks.get(header) if code in read else None
            if not scored(mark) or mark.blank or (counted and said(counted) == said(mark)):
                continue
            yield finding(
                Code.SHEET_TWICE,
                counted.place if counted else Place(source.file, found.sheet.name),
                unit=source.unit,
                value=counted.text if counted else "",
                other=other.sheet.name,
                label=header,
            )


def scored(mark: Mark) -> bool:
    return mark.answer.asks is not Asks.REMARK


def said(mark: Mark) -> object:
    return mark.text if mark.value is None else mark.value


def collect(book: Book, layout: FormLayout, file: str, forms: AskedForms | None = None) -> Submission:
    """All answers of a returned workbook, and what is wrong with its structure.

    Whoever collects many gives the same ``forms``, which remember what was read before.
    """
    source = Source(file, layout.stamp.unit, book.date1904)
    matches = find_sheets(book, layout, forms or AskedForms())
    rows: list[AnswerRow] = []
    findings: list[Finding] = []
    for match in matches:
        if match.found is None:
            findings.append(not_found(book, match.layout, file, source.unit))
            continue
        sheet_rows, sheet_findings = collect_sheet(match, match.found, source)
        rows += sheet_rows
        findings += sheet_findings
    findings += extra_sheets(book, layout, matches, file)
    findings += (finding(REMARKS[told], Place(file), unit=source.unit) for told in book.remarks if told in REMARKS)
    return submission(file, layout, tuple(rows), tuple(findings))
