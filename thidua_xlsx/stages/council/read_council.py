"""Turns the council's cells of ``tong-hop.xlsx``, wherever it was saved, into ballots and the session.

A ballot is found by its code × header and a fact of the session by its label: rows may have been sorted, filtered or
moved. What cannot be read is a finding at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.council import (
    AGREE,
    BALLOT_CODE,
    BALLOT_HEADERS,
    CHAIR,
    COUNCIL_SHEET,
    COUNT,
    DECIDED_ON,
    DECISION,
    DISAGREE,
    HELD_ON,
    MEMBERS,
    NUMBER,
    OPINION,
    PRESENT,
    RESOLVED,
    RUN_MARK,
    SECRETARY,
    SESSION_LABELS,
    WHERE,
    Ballot,
    CouncilSheet,
    Session,
)
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.place import Place, address, column_number
from thidua_xlsx.model.reading import read_choice, read_code, read_date, read_integer, read_text
from thidua_xlsx.model.text import clean, fold

MARK = re.compile(re.escape(RUN_MARK) + r"[0-9a-f]{16}")
# No council is larger; a greater number is a date or a slip.
MOST_VOTES = Decimal(1000)
WHOLE, DAY, WORDS = "số nguyên, không âm", "ngày, dạng ngày/tháng/năm", "chữ, không phải công thức"
# Printed for a pen to write upon: nothing was typed.
DOTTED = re.compile(r"[\s.…_]*")
MERGED = re.compile(r"([A-Z]+[0-9]+):([A-Z]+)[0-9]+")
Grid = dict[int, dict[int, Cell]]
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CouncilRow:
    """One row with a code below a row of headings: where each of the council's headings stands in it."""

    code: str
    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CouncilGrid:
    """The council's sheet taken apart: rows with a code, labels of the session with the cells of their values."""

    sheet: Sheet
    cells: Grid
    rows: tuple[CouncilRow, ...]
    labels: Mapping[str, At]

    def free(self, codes: frozenset[str]) -> frozenset[At]:
        """The cells that are the council's to fill: of the ballots with these codes, and of the session."""
        ballots = {(item.row, item.columns[header]) for item in self.rows if item.code in codes for header in TYPED}
        return frozenset(ballots | set(self.labels.values()))

    def voted_on(self, item: CouncilRow) -> bool:
        """Whether anything stands in the council's cells of this row."""
        line = self.cells[item.row]
        return any(clean(line[column].text) for header in TYPED if (column := item.columns[header]) in line)


TYPED = tuple(header for header in BALLOT_HEADERS if header != BALLOT_CODE)
LABELS = {fold(label): label for label in SESSION_LABELS}


def sheet_named(book: Book, name: str) -> Sheet | None:
    return next((sheet for sheet in book.sheets if fold(sheet.name) == fold(name)), None)


def mark_in(book: Book) -> str | None:
    """The run's mark that the sheet bears."""
    sheet = sheet_named(book, COUNCIL_SHEET)
    found = (MARK.search(cell.text) for cell in sheet.cells.values()) if sheet else ()
    return next((match[0] for match in found if match), None)


def council_grid(book: Book) -> CouncilGrid | None:
    """The council's sheet by its headings; None where there is none, or none with all headings in one row."""
    sheet = sheet_named(book, COUNCIL_SHEET)
    if sheet is None:
        return None
    cells: Grid = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        cells.setdefault(row, {})[column] = cell
    rows: list[CouncilRow] = []
    columns: dict[str, int] = {}
    for row, line in cells.items():
        heads = _headings(line)
        if heads:
            columns = heads
        elif columns and (code := read_code(line.get(columns[BALLOT_CODE]))):
            rows.append(CouncilRow(code, row, columns))
    return CouncilGrid(sheet, cells, tuple(rows), _labels(cells, sheet.merges)) if columns else None


def _headings(line: Mapping[int, Cell]) -> dict[str, int]:
    """The columns of the ballot's headings where this row has all of them."""
    texts: dict[str, int] = {}
    for column, cell in line.items():
        if cell.kind is Kind.TEXT:
            texts.setdefault(fold(cell.text), column)
    wanted = {header: texts.get(fold(header)) for header in BALLOT_HEADERS}
    found = {header: column for header, column in wanted.items() if column is not None}
    return found if len(found) == len(wanted) else {}


def _labels(cells: Grid, merges: tuple[str, ...]) -> dict[str, At]:
    """Each label's value: the first cell to its right in which something stands, else the next one."""
    wide = {match[1]: column_number(match[2]) for area in merges if (match := MERGED.fullmatch(area))}
    found: dict[str, At] = {}
    for row, line in cells.items():
        named = {column: label for column, cell in line.items() if (label := _label(cell))}
        for column, label in named.items():
            behind = [other for other in sorted(line) if other > column]
            upto = next((other for other in behind if other in named), None)
            own = (other for other in behind if (upto is None or other < upto) and clean(line[other].text))
            last = wide.get(address(row, column), column)
            found.setdefault(label, (row, next(own, last + 1)))
    return found


def _label(cell: Cell) -> str | None:
    return LABELS.get(fold(cell.text.rstrip(": \n"))) if cell.kind is Kind.TEXT else None


class _Reader:
    """Reads single cells of the sheet, noting what cannot be read."""

    def __init__(self, book: Book, grid: CouncilGrid, file: str) -> None:
        self.book, self.grid, self.file = book, grid, file
        self.findings: list[Finding] = []

    def place(self, at: At) -> Place:
        return Place(self.file, self.grid.sheet.name, address(*at))

    def cell(self, at: At) -> Cell | None:
        cell = self.grid.cells.get(at[0], {}).get(at[1])
        return None if cell and cell.formula is None and DOTTED.fullmatch(cell.text) else cell

    def wrong(self, at: At, label: str, holds: str) -> None:
        cell = self.cell(at)
        self.findings.append(
            finding(
                Code.COUNCIL_CELL_INVALID, self.place(at), value=cell.text if cell else "", label=label, holds=holds
            )
        )

    def count(self, at: At, label: str) -> int | None:
        reading = read_integer(self.cell(at), MOST_VOTES)
        if reading.fault:
            self.wrong(at, label, WHOLE)
        return int(reading.value) if isinstance(reading.value, Decimal) else None

    def day(self, at: At, label: str) -> date | None:
        reading = read_date(self.cell(at), self.book.date1904)
        if reading.fault:
            self.wrong(at, label, DAY)
        return reading.value if isinstance(reading.value, date) else None

    def words(self, at: At, label: str) -> str:
        reading = read_text(self.cell(at), lines=True)
        if reading.fault:
            self.wrong(at, label, WORDS)
        return str(reading.value or "")

    def decision(self, at: At) -> str:
        reading = read_choice(self.cell(at), RESOLVED)
        if reading.fault:
            cell = self.cell(at)
            self.findings.append(
                finding(
                    Code.BALLOT_NOT_IN_LIST,
                    self.place(at),
                    value=clean(cell.text) if cell else "",
                    options=" hoặc ".join(f"«{word}»" for word in RESOLVED),
                )
            )
        return str(reading.value or "")


def read_council(
    book: Book, file: str, names: Mapping[str, str], printed: frozenset[str] = frozenset()
) -> tuple[CouncilSheet, tuple[Finding, ...]]:
    """The ballots of the nominees (``names`` by code) and the session.

    ``printed``: what else stands in the column of codes of the sheet as it was made (headings, notes).
    """
    grid = council_grid(book)
    if grid is None:
        return CouncilSheet(), (
            finding(
                Code.COUNCIL_SHEET_MISSING,
                Place(file, COUNCIL_SHEET),
                sheet=COUNCIL_SHEET,
                label=", ".join(BALLOT_HEADERS),
            ),
        )
    reader = _Reader(book, grid, file)
    ballots: dict[str, Ballot] = {}
    for item in grid.rows:
        code = item.code
        at = (item.row, item.columns[BALLOT_CODE])
        if code in ballots:
            first = re.sub(r"\D", "", ballots[code].place.cell)
            reader.findings.append(finding(Code.BALLOT_TWICE, reader.place(at), value=code, row=first))
        elif code in names:
            ballots[code] = _ballot(reader, item)
        elif code not in printed and grid.voted_on(item):
            reader.findings.append(finding(Code.BALLOT_UNKNOWN, reader.place(at), value=code))
    findings = [*reader.findings, *_gone(names, ballots, file, grid.sheet.name)]
    reader.findings = []
    session = _session(reader)
    order = {code: number for number, code in enumerate(names)}
    sheet = CouncilSheet(tuple(sorted(ballots.values(), key=lambda ballot: order[ballot.code])), session)
    return sheet, (*findings, *reader.findings)


def _gone(names: Mapping[str, str], ballots: Mapping[str, Ballot], file: str, sheet: str) -> Iterator[Finding]:
    for code, name in names.items():
        if code not in ballots:
            yield finding(Code.SUMMARY_ROW_DELETED, Place(file, sheet), value=f"{code}, {name}")


def _ballot(reader: _Reader, item: CouncilRow) -> Ballot:
    at = {header: (item.row, column) for header, column in item.columns.items()}
    agree, disagree, members = (reader.count(at[header], header) for header in (AGREE, DISAGREE, MEMBERS))
    decision, opinion = reader.decision(at[DECISION]), reader.words(at[OPINION], OPINION)
    places = {header: reader.place(where) for header, where in at.items()}
    return Ballot(item.code, agree, disagree, members, decision, opinion, places[BALLOT_CODE], places)


def _session(reader: _Reader) -> Session:
    labels = reader.grid.labels
    nowhere = (0, 0)
    held, decided = (reader.day(labels.get(label, nowhere), label) for label in (HELD_ON, DECIDED_ON))
    members, present = (reader.count(labels.get(label, nowhere), label) for label in (COUNT, PRESENT))
    where, chair, secretary, number = (
        reader.words(labels.get(label, nowhere), label) for label in (WHERE, CHAIR, SECRETARY, NUMBER)
    )
    return Session(held, where, members, present, chair, secretary, number, decided)


def session_places(book: Book, file: str) -> dict[str, Place]:
    """Where the council writes each fact of the session, by label."""
    grid = council_grid(book)
    labels = grid.labels if grid else {}
    return {label: Place(file, COUNCIL_SHEET, address(*at)) for label, at in labels.items()}
