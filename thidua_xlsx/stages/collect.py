"""Turns one returned workbook and the layout of its form into marks: answers found by code × header.

Nothing is taken from an assumed address; of the file only answer cells are believed, and a printed text that
was changed is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import (
    CLAIM,
    INSTRUCTIONS,
    LISTS,
    SELF_CHECK,
    STAMP_PATTERN,
    Answer,
    Asks,
    FormLayout,
    FormRow,
    Locked,
    SheetLayout,
)
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.reading import (
    Reading,
    read_choice,
    read_code,
    read_date,
    read_integer,
    read_number,
    read_text,
    read_yes_no,
)
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission, submission
from thidua_xlsx.model.text import fold

# Offices write notes above the table; headers lower than this are not looked for.
HEADER_DEPTH = 40
LONGEST_ORDER = 6
PLAIN_SUM = re.compile(r"\s*SUM\([^()]*\)\s*", re.IGNORECASE)


def read_answer(cell: Cell | None, answer: Answer, date1904: bool) -> Reading:
    """One cell as its question asks; blank stays blank."""
    if answer.asks is Asks.YES_NO:
        return read_yes_no(cell)
    if answer.asks is Asks.CHOICE:
        return read_choice(cell, answer.options)
    if answer.asks is Asks.DATE:
        return read_date(cell, date1904)
    if answer.asks is Asks.WHOLE:
        return read_integer(cell, answer.maximum)
    if answer.asks in (Asks.NUMBER, Asks.PERCENT):
        return read_number(cell, answer.maximum, percent=answer.asks is Asks.PERCENT)
    return read_text(cell)


class Found:
    """One sheet of the form as found in the file: its header row and the column of each header."""

    def __init__(self, sheet: Sheet, layout: SheetLayout, header_row: int, columns: dict[str, int]) -> None:
        self.sheet, self.layout, self.header_row, self.columns = sheet, layout, header_row, columns
        self.code_column = columns[layout.columns[0].header]
        self.last_row = max((row for row, _ in sheet.cells), default=0)

    def cell(self, row: int, header: str) -> Cell | None:
        column = self.columns.get(header)
        return None if column is None else self.sheet.cells.get((row, column))

    def rows(self) -> Iterator[tuple[int, str]]:
        """(Excel row, code) of every row below the headers that has a code."""
        for row in range(self.header_row + 1, self.last_row + 1):
            code = read_code(self.sheet.cells.get((row, self.code_column)))
            if code:
                yield row, code

    def place(self, file: str, row: int, header: str) -> Place:
        column = self.columns.get(header)
        return Place(file, self.sheet.name, address(row, column) if column else "")


def header_columns(sheet: Sheet, layout: SheetLayout) -> tuple[int, dict[str, int]] | None:
    """The header row: the one that names the code column and most headers of the layout."""
    wanted = {fold(column.header): column.header for column in layout.columns}
    by_row: dict[int, dict[str, int]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if row <= HEADER_DEPTH and cell.kind is Kind.TEXT:
            header = wanted.get(fold(cell.text))
            if header:
                by_row.setdefault(row, {}).setdefault(header, column)
    first = layout.columns[0].header
    best = max(
        (item for item in by_row.items() if first in item[1]),
        key=lambda item: (len(item[1]), -item[0]),
        default=None,
    )
    return best if best and len(best[1]) * 2 > len(wanted) else None


def find_sheet(book: Book, layout: SheetLayout) -> Found | None:
    """By its name, else by its headers alone when exactly one other sheet carries them (renamed sheets)."""
    named = [sheet for sheet in book.sheets if fold(sheet.name) == fold(layout.name)]
    for sheets in (named, book.sheets):
        hits = [(sheet, hit) for sheet in sheets if (hit := header_columns(sheet, layout))]
        if len(hits) == 1:
            sheet, (row, columns) = hits[0]
            return Found(sheet, layout, row, columns)
    return None


def same_text(cell: Cell | None, expected: Locked) -> bool:
    """Whether a printed cell still says what was issued, numbers as numbers, texts after folding."""
    if cell is None:
        return expected is None or expected == ""
    if isinstance(expected, int | Decimal):
        try:
            return round(Decimal(cell.text), 9) == round(Decimal(expected), 9)
        except InvalidOperation:
            return False
    return fold(cell.text) == fold(str(expected))


def locked_findings(found: Found, rows: dict[str, int], file: str, unit: str) -> Iterator[Finding]:
    """Printed cells that were changed (labels, maxima, methods); dates are shown, not compared."""
    for form_row in found.layout.rows:
        row = rows.get(form_row.code)
        if row is None:
            continue
        for column, expected in zip(found.layout.columns[1:], form_row.cells[1:], strict=True):
            if expected is None or isinstance(expected, Answer | date):
                continue
            cell = found.cell(row, column.header)
            if column.header in found.columns and not same_text(cell, expected):
                yield finding(
                    Code.LOCKED_CELL_CHANGED,
                    found.place(file, row, column.header),
                    unit=unit,
                    value=cell.text if cell else "",
                    header=column.header,
                )


def seen_in(cell: Cell | None) -> str:
    """What a person sees who clicks on the cell: a formula rather than what it once gave."""
    if cell is None:
        return ""
    return f"={cell.formula}" if cell.formula else cell.text


def marks_of(found: Found, form_row: FormRow, row: int, file: str, date1904: bool) -> AnswerRow:
    """The answers of one coded row."""
    marks = {}
    for column, answer in zip(found.layout.columns, form_row.cells, strict=True):
        if isinstance(answer, Answer) and column.header in found.columns:
            cell = found.cell(row, column.header)
            reading = read_answer(cell, answer, date1904)
            marks[column.header] = Mark(
                answer,
                found.place(file, row, column.header),
                row,
                seen_in(cell),
                reading.value,
                reading.fault,
                reading.remark,
            )
    return AnswerRow(found.layout.name, form_row.code, row, marks)


def coded_rows(found: Found, file: str, unit: str) -> tuple[dict[str, int], list[Finding]]:
    """Excel row of each code of the layout; rows missing or doubled are findings."""
    known = {row.code for row in found.layout.rows}
    rows: dict[str, int] = {}
    findings = []
    header = found.layout.columns[0].header
    for row, code in found.rows():
        if code in rows:
            findings.append(finding(Code.ROW_TWICE, found.place(file, row, header), unit=unit, value=code, row=code))
        elif code in known:
            rows[code] = row
    for form_row in found.layout.rows:
        if form_row.code not in rows and any(isinstance(cell, Answer) for cell in form_row.cells):
            findings.append(
                finding(
                    Code.ROW_MISSING,
                    Place(file, found.sheet.name),
                    unit=unit,
                    value=form_row.code,
                    row=form_row.code,
                )
            )
    return rows, findings


def order_of(code: str) -> str:
    """The order of a person: "1" for 1 and "01"; "" for what is no order of a list that people can type."""
    return str(int(code)) if code.isdecimal() and len(code) <= LONGEST_ORDER else ""


def open_rows(found: Found, file: str, unit: str, date1904: bool) -> tuple[list[AnswerRow], list[Finding]]:
    """Every filled row below the headers of an open sheet, wherever it was typed; its code is what it says."""
    sample = found.layout.rows[0]
    rows: list[AnswerRow] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for row in range(found.header_row + 1, found.last_row + 1):
        made = marks_of(found, sample, row, file, date1904)
        if made.blank:
            continue
        typed = read_code(found.sheet.cells.get((row, found.code_column)))
        code = order_of(typed)
        place = found.place(file, row, found.layout.columns[0].header)
        label = found.layout.columns[0].header
        if not code:
            findings.append(
                finding(
                    Code.NOT_WHOLE if typed else Code.MISSING_ANSWER,
                    place,
                    unit=unit,
                    value=typed,
                    label=label,
                    person_row=row,
                )
            )
        elif code in seen:
            findings.append(
                finding(
                    Code.SAME_ORDER_TWICE,
                    place,
                    unit=unit,
                    value=code,
                    order=code,
                    row=seen[code],
                    person_row=row,
                )
            )
        seen.setdefault(code, row)
        rows.append(AnswerRow(found.layout.name, code, row, made.marks))
    return rows, findings


def total_findings(
    found: Found, rows: dict[str, int], marks: dict[str, AnswerRow], file: str, unit: str
) -> Iterator[Finding]:
    """A total that no longer is a sum, and says something else than the claims below it add up to."""
    sums: dict[str, Decimal] = {
        code: claim
        for code, row in marks.items()
        if CLAIM in row.marks and isinstance(claim := row.marks[CLAIM].value, Decimal)
    }
    totals = [row for row in found.layout.rows if row.sums]
    for form_row in sorted(totals, key=lambda item: -item.depth):
        sums[form_row.code] = sum((sums.get(code, Decimal(0)) for code in form_row.sums), Decimal(0))
        row = rows.get(form_row.code)
        cell = found.cell(row, CLAIM) if row else None
        if row is None or cell is None:
            continue
        if cell.formula is not None:
            changed = bool(cell.formula) and not PLAIN_SUM.fullmatch(cell.formula)
        else:
            changed = not same_text(cell, sums[form_row.code])
        if changed:
            yield finding(Code.TOTAL_CHANGED, found.place(file, row, CLAIM), unit=unit, value=cell.text)


def collect_sheet(found: Found, file: str, unit: str, date1904: bool) -> tuple[list[AnswerRow], list[Finding]]:
    findings = [
        finding(
            Code.HEADER_MISSING,
            Place(file, found.sheet.name),
            unit=unit,
            value=column.header,
            label=column.header,
        )
        for column in found.layout.columns
        if column.header not in found.columns
    ]
    if found.sheet.hidden_rows:
        findings.append(finding(Code.HIDDEN_ROWS, Place(file, found.sheet.name), unit=unit))
    if found.layout.open_rows:
        rows, more = open_rows(found, file, unit, date1904)
        return rows, findings + more
    places, more = coded_rows(found, file, unit)
    rows = [
        marks_of(found, form_row, places[form_row.code], file, date1904)
        for form_row in found.layout.rows
        if form_row.code in places
    ]
    findings += more
    findings += locked_findings(found, places, file, unit)
    findings += total_findings(found, places, {row.code: row for row in rows}, file, unit)
    return [row for row in rows if row.marks], findings


def not_found(book: Book, layout: SheetLayout, file: str, unit: str) -> Finding:
    """A sheet that is not there; or is, by its name, without the heading of its codes."""
    if any(fold(sheet.name) == fold(layout.name) and sheet.cells for sheet in book.sheets):
        header = layout.columns[0].header
        return finding(Code.HEADER_MISSING, Place(file, layout.name), unit=unit, value=header, label=header)
    return finding(Code.SHEET_MISSING, Place(file, layout.name), unit=unit, sheet=layout.name)


def extra_sheets(book: Book, layout: FormLayout, seen: set[str], file: str) -> Iterator[Finding]:
    """A visible sheet that nobody reads: one without our stamp, or a copy of a sheet that asks."""
    own = {fold(name) for name in (INSTRUCTIONS, SELF_CHECK, LISTS, *(item.name for item in layout.sheets))}
    for sheet in book.sheets:
        if sheet.hidden or not sheet.cells or sheet.name in seen or fold(sheet.name) in own:
            continue
        stamped = any(cell.kind is Kind.TEXT and STAMP_PATTERN.search(cell.text) for cell in sheet.cells.values())
        if not stamped or any(header_columns(sheet, item) for item in layout.sheets):
            yield finding(Code.EXTRA_SHEET, Place(file, sheet.name), unit=layout.stamp.unit)


def collect(book: Book, layout: FormLayout, file: str) -> Submission:
    """All answers of a returned workbook, and what is wrong with its structure."""
    rows: list[AnswerRow] = []
    findings: list[Finding] = []
    seen: set[str] = set()
    unit = layout.stamp.unit
    for sheet_layout in layout.sheets:
        found = find_sheet(book, sheet_layout)
        if found is None:
            findings.append(not_found(book, sheet_layout, file, unit))
            continue
        seen.add(found.sheet.name)
        sheet_rows, sheet_findings = collect_sheet(found, file, unit, book.date1904)
        rows += sheet_rows
        findings += sheet_findings
    findings += extra_sheets(book, layout, seen, file)
    return submission(file, layout, tuple(rows), tuple(findings))
