"""Every way in which a council's workbook can be wrong: one meeting in memory, spoiled one cell at a time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from council_sheet import COUNCIL, Table, meet, opened, settle, vote

from thidua_xlsx.campaign.folder import INBOX
from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.council import (
    AGREE,
    AWARDED,
    BALLOT_CODE,
    COUNCIL_SHEET,
    DECIDED_ON,
    DECISION,
    DISAGREE,
    HELD_ON,
    MEMBERS,
    NOT_AWARDED,
    OPINION,
    PRESENT,
)
from thidua_xlsx.model.findings import Code, Finding
from thidua_xlsx.model.place import address
from thidua_xlsx.model.plan import Round
from thidua_xlsx.model.results import Outcome, RunResult
from thidua_xlsx.pipeline import finalize as verb
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import Inputs, gather
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.council.council_cases import Case, cases_of
from thidua_xlsx.workbooks.reader.cells import read_own_book

PLAN, UNITS, SEED, RAN, DAY = "can-tho-2021-2025", 14, 7, date(2025, 2, 20), date(2025, 3, 26)
Expected = set[tuple[Code, str]]


@dataclass(frozen=True)
class Meeting:
    """A campaign on disk after its run, and all that finalizing rests on, read once."""

    folder: Path
    given: verb.Given
    inputs: Inputs
    said: Mapping[str, Any]
    cases: tuple[Case, ...]
    result: RunResult
    chosen: Mapping[str, str]
    keep: tempfile.TemporaryDirectory[str] = field(repr=False)


@lru_cache(maxsize=1)
def held() -> Meeting:
    keep = tempfile.TemporaryDirectory()
    folder = Path(keep.name) / "dot"
    make_demo(folder, PLAN, units=UNITS, seed=SEED, faults="none")
    done = run_batch(folder, today=RAN)
    given = verb.take_back(folder, None, None)
    inputs = gather(folder, given.plan, given.round, folder / INBOX, DAY, lambda _what, _done, _all: None)
    said = json.loads(done.json)
    cases = cases_of(given.plan, said, done.result.decisions)
    left: dict[str, int] = {}
    for case in cases:
        if case.quota:
            left.setdefault(case.quota.code, case.quota.seats or 0)
            left[case.quota.code] -= case.proposed is Outcome.PROPOSED
    return Meeting(folder, given, inputs, said, cases, done.result, settle(said, left), keep)


At = tuple[int, int]


class Desk:
    """The workbook with everything right in it, to be spoiled cell by cell."""

    def __init__(self, table: Table, book: Book) -> None:
        self.table, self.book = table, book
        self.sheets: dict[str, dict[At, Cell]] = {sheet.name: dict(sheet.cells) for sheet in book.sheets}
        self.cells = self.sheets[COUNCIL_SHEET]
        self.below = max(row for row, _ in self.cells) + 2

    def at(self, code: str, header: str) -> At:
        return self.table.rows[code], self.table.columns[header]

    def row(self, code: str) -> dict[int, Cell]:
        return {column: cell for (row, column), cell in self.cells.items() if row == self.table.rows[code]}

    def put(self, at: At, value: object) -> str:
        """Types over one cell; gives its address."""
        if value is None:
            self.cells.pop(at, None)
        elif isinstance(value, date):
            self.cells[at] = Cell(Kind.NUMBER, str((value - date(1899, 12, 30)).days))
        elif isinstance(value, str):
            formula = value.removeprefix("=") if value.startswith("=") else None
            self.cells[at] = Cell(Kind.TEXT, "" if formula else value, formula)
        else:
            self.cells[at] = Cell(Kind.NUMBER, str(value))
        return address(*at)

    def type(self, code: str, header: str, value: object) -> str:
        return self.put(self.at(code, header), value)

    def vote(self, chosen: Mapping[str, str], agree: int = COUNCIL) -> None:
        for code, decision in chosen.items():
            yes = agree if decision == AWARDED else 0
            for header, value in ((AGREE, yes), (DISAGREE, COUNCIL - yes), (MEMBERS, COUNCIL), (DECISION, decision)):
                self.type(code, header, value)

    def given_back(self) -> Book:
        sheets = tuple(
            replace(sheet, cells=self.sheets[sheet.name]) for sheet in self.book.sheets if sheet.name in self.sheets
        )
        return replace(self.book, sheets=sheets)


@lru_cache(maxsize=1)
def blank() -> tuple[Any, Table]:
    """The council's workbook in openpyxl, which takes long to open."""
    return opened(held().given.source)


def given_back(facts: Mapping[str, object], *changes: Callable[[Table], None]) -> bytes:
    """The bytes that the council saves, its meeting's results in them; the open workbook is as before afterwards."""
    book, table = blank()
    before = {cell.coordinate: cell.value for row in table.sheet.iter_rows() for cell in row}
    vote(table, held().chosen)
    meet(table, facts)
    for change in changes:
        change(table)
    out = BytesIO()
    book.save(out)
    for row in table.sheet.iter_rows():
        for cell in row:
            if cell.value != before.get(cell.coordinate):
                cell.value = before.get(cell.coordinate)
    return out.getvalue()


@lru_cache(maxsize=1)
def filled() -> tuple[Table, Book]:
    """What the council gives back when nothing is wrong."""
    read = read_own_book(given_back({}))
    assert isinstance(read, Book)
    return blank()[1], read


Spoil = Callable[[Desk], Expected]


@dataclass(frozen=True)
class Spoiled:
    """How a workbook is spoiled (and what must be found), and the round it is judged by."""

    spoil: Spoil
    round: Callable[[Round], Round] = lambda round_: round_


@lru_cache(maxsize=64)
def spoiled(name: str) -> tuple[Expected, tuple[Finding, ...]]:
    """What must be found in the workbook spoiled in that way, and what finalizing finds."""
    how, desk = SPOILED[name], Desk(*filled())
    expected = how.spoil(desk)
    given = replace(held().given, book=desk.given_back(), round=how.round(held().given.round))
    return expected, verb.judge(given, held().result.decisions, held().inputs.findings, DAY)[1]


def first(outcome: Outcome, subject: str = "") -> Case:
    return next(
        case for case in held().cases if case.proposed is outcome and subject in ("", case.nominee.subject)
    )


def code(outcome: Outcome = Outcome.PROPOSED) -> str:
    return first(outcome).ballot.code


def typed(header: str, value: object, found: Code, outcome: Outcome = Outcome.PROPOSED) -> Spoil:
    """One ballot's cell typed over."""
    return lambda desk: {(found, desk.type(code(outcome), header, value))}


def session(label: str, value: object, found: Code) -> Spoil:
    """The cell of a fact of the session typed over."""
    return lambda desk: {(found, desk.put(desk.table.labels[label], value))}


def nothing(desk: Desk) -> Expected:
    for one in held().chosen:
        desk.type(one, DECISION, None)
    return {(Code.COUNCIL_NOTHING, "")}


def row_gone(desk: Desk) -> Expected:
    """As in Excel: what stood below moves up."""
    gone = desk.table.rows[code()]
    for at in [at for at in desk.cells if at[0] == gone]:
        del desk.cells[at]
    for row, column in sorted(at for at in desk.cells if at[0] > gone):
        desk.cells[row - 1, column] = desk.cells.pop((row, column))
    return {(Code.SUMMARY_ROW_DELETED, "")}


def remark_gone(desk: Desk) -> Expected:
    """A row that is no nominee's: the instruction how to count, a heading."""
    row = next(row for (row, column), cell in desk.cells.items() if column == 1 and cell.text.startswith("D. "))
    for at in [at for at in desk.cells if at[0] == row]:
        del desk.cells[at]
    return {(Code.SUMMARY_ROW_DELETED, "")}


def row_added(desk: Desk) -> Expected:
    return {(Code.SUMMARY_ROW_ADDED, desk.put((desk.below, 3), "Xét thêm phòng Tài chính"))}


def row_twice(desk: Desk) -> Expected:
    for column, cell in desk.row(code()).items():
        desk.cells[desk.below, column] = cell
    return {(Code.BALLOT_TWICE, address(desk.below, desk.table.columns[BALLOT_CODE]))}


def stranger(desk: Desk) -> Expected:
    """Typed where the last list ends."""
    row = max(desk.table.rows[case.ballot.code] for case in held().cases) + 1
    for column in range(1, 30):
        desk.put((row, column), None)
    at = desk.put((row, desk.table.columns[BALLOT_CODE]), "TAI-CHINH")
    desk.put((row, desk.table.columns[DECISION]), AWARDED)
    return {(Code.BALLOT_UNKNOWN, at)}


def heading_gone(desk: Desk) -> Expected:
    for at in [at for at, cell in desk.cells.items() if cell.text == MEMBERS]:
        desk.put(at, "Số phiếu")
    return {(Code.COUNCIL_SHEET_MISSING, "")}


def name_changed(desk: Desk) -> Expected:
    column = next(place for place, cell in desk.row(code()).items() if cell.text == first(Outcome.PROPOSED).name)
    return {(Code.SUMMARY_CELL_CHANGED, desk.put((desk.table.rows[code()], column), "Đơn vị khác"))}


def elsewhere_changed(desk: Desk) -> Expected:
    cells = desk.sheets["Xếp hạng"]
    at = next(at for at, cell in sorted(cells.items()) if cell.kind is Kind.NUMBER and "." in cell.text)
    cells[at] = replace(cells[at], text=str(Decimal(cells[at].text) + 1))
    return {(Code.SUMMARY_CELL_CHANGED, address(*at))}


def sheet_gone(desk: Desk) -> Expected:
    del desk.sheets["Thay đổi"]
    return {(Code.SUMMARY_SHEET_MISSING, "")}


def seats_exceeded(desk: Desk) -> Expected:
    """A reserve beside all those proposed; the best of its row, so that nobody was passed over.

    Where the round has a total of its own, all who share it are one too many with it.
    """
    reserve = best_reserve()
    desk.vote({reserve.ballot.code: AWARDED})
    of_subject = [case for case in held().cases if case.nominee.subject == reserve.nominee.subject]
    given = [case for case in of_subject if held().chosen.get(case.ballot.code) == AWARDED]
    round_ = held().given.round
    total = round_.total_individuals if reserve.nominee.person else round_.total_collectives
    full = total is not None and len(given) == total
    mine = [case.ballot.code for case in given if full or case.quota == reserve.quota]
    return {(Code.SEATS_EXCEEDED, address(*desk.at(one, DECISION))) for one in (*mine, reserve.ballot.code)}


def best_reserve() -> Case:
    """The first reserve of a row whose seats are all taken."""
    for case in held().cases:
        row = [other for other in held().cases if other.quota == case.quota]
        given = [other for other in row if held().chosen.get(other.ballot.code) == AWARDED]
        ahead = [other for other in row if other.proposed is Outcome.RESERVE and other.place < case.place]
        if case.proposed is Outcome.RESERVE and case.quota and len(given) == case.quota.seats and not ahead:
            return case
    raise AssertionError("the sample has no such reserve")


def tie_left(desk: Desk) -> Expected:
    """Nobody of a tie is chosen."""
    tied = [case.ballot.code for case in held().cases if case.proposed is Outcome.TIED]
    desk.vote(dict.fromkeys(tied, NOT_AWARDED))
    return {(Code.TIE_UNSETTLED, address(*desk.at(one, DECISION))) for one in tied}


def refused(desk: Desk) -> Expected:
    desk.vote({code(): NOT_AWARDED})
    return {(Code.OPINION_MISSING, address(*desk.at(code(), OPINION)))}


def passed_over(desk: Desk) -> Expected:
    """The second reserve of a row in which a proposed one was refused, with a reason for that alone."""
    for case in held().cases:
        row = [other for other in held().cases if other.quota == case.quota]
        ahead = [other for other in row if other.proposed is Outcome.RESERVE and other.place < case.place]
        if case.proposed is Outcome.RESERVE and ahead and row[0].proposed is Outcome.PROPOSED:
            desk.vote({case.ballot.code: AWARDED, row[0].ballot.code: NOT_AWARDED})
            desk.type(row[0].ballot.code, OPINION, "Chưa tiêu biểu")
            return {(Code.OPINION_MISSING, address(*desk.at(case.ballot.code, OPINION)))}
    raise AssertionError("the sample has no such reserve")


def few_votes(desk: Desk) -> Expected:
    """7 of 9 are less than 80 %."""
    desk.vote({code(): AWARDED}, agree=7)
    return {(Code.VOTES_TOO_FEW, address(*desk.at(code(), AGREE)))}


def equal_votes(desk: Desk) -> Expected:
    """4 and 4 of 9: with the chair's casting vote 5 of 9 are enough for a half, not for two thirds."""
    for one in (first(Outcome.PROPOSED, "collective"), first(Outcome.PROPOSED, "individual")):
        desk.type(one.ballot.code, AGREE, 4)
        desk.type(one.ballot.code, DISAGREE, 4)
    return set()


def too_few_with_the_chair(desk: Desk) -> Expected:
    equal_votes(desk)
    both = (first(Outcome.PROPOSED, "collective"), first(Outcome.PROPOSED, "individual"))
    return {(Code.VOTES_TOO_FEW, address(*desk.at(one.ballot.code, AGREE))) for one in both}


def dates_crossed(desk: Desk) -> Expected:
    desk.put(desk.table.labels[HELD_ON], date(2025, 3, 20))
    return {(Code.COUNCIL_CELL_INVALID, desk.put(desk.table.labels[DECIDED_ON], date(2025, 3, 10)))}


def voting(of: str = "members", share: str = "80", casting: bool = False) -> Callable[[Round], Round]:
    return lambda round_: replace(round_, vote_share=Decimal(share), vote_of=of, casting_vote=casting)


SPOILED = {
    "nobody has written anything": Spoiled(nothing),
    "a decision that is none": Spoiled(typed(DECISION, "Đồng ý", Code.BALLOT_NOT_IN_LIST)),
    "no decision on a proposed one": Spoiled(typed(DECISION, None, Code.BALLOT_UNDECIDED)),
    "no decision on a tied one": Spoiled(typed(DECISION, None, Code.BALLOT_UNDECIDED, Outcome.TIED)),
    "votes in words": Spoiled(typed(AGREE, "chín phiếu", Code.COUNCIL_CELL_INVALID)),
    "half a vote": Spoiled(typed(AGREE, 8.5, Code.COUNCIL_CELL_INVALID)),
    "votes by a formula": Spoiled(typed(AGREE, "=4+5", Code.COUNCIL_CELL_INVALID)),
    "more votes than members": Spoiled(typed(DISAGREE, 1, Code.VOTES_TOO_MANY)),
    "more members than the council has": Spoiled(typed(MEMBERS, 12, Code.VOTES_TOO_MANY)),
    "more present than members": Spoiled(session(PRESENT, 12, Code.VOTES_TOO_MANY)),
    "a day that is none": Spoiled(session(DECIDED_ON, "cuối tháng 3", Code.COUNCIL_CELL_INVALID)),
    "decided before it met": Spoiled(dates_crossed),
    "too few votes": Spoiled(few_votes, voting()),
    "no votes where the plan counts them": Spoiled(typed(AGREE, None, Code.VOTES_MISSING), voting()),
    "nobody said how many were present": Spoiled(session(PRESENT, None, Code.VOTES_MISSING), voting("present")),
    "equal votes, and the chair's, are a half": Spoiled(equal_votes, voting(share="50", casting=True)),
    "equal votes without a casting vote": Spoiled(too_few_with_the_chair, voting(share="50")),
    "equal votes, and the chair's, are no two thirds": Spoiled(
        too_few_with_the_chair, voting(share="66", casting=True)
    ),
    "seats exceeded": Spoiled(seats_exceeded),
    "a tie left open": Spoiled(tie_left),
    "a proposed one refused without a reason": Spoiled(refused),
    "a reserve before a better one": Spoiled(passed_over),
    "a row deleted": Spoiled(row_gone),
    "a heading deleted": Spoiled(remark_gone),
    "a row added": Spoiled(row_added),
    "a nominee twice": Spoiled(row_twice),
    "somebody who was not on the list": Spoiled(stranger),
    "a heading renamed": Spoiled(heading_gone),
    "a name typed over": Spoiled(name_changed),
    "a score typed over on another sheet": Spoiled(elsewhere_changed),
    "a sheet deleted": Spoiled(sheet_gone),
}
