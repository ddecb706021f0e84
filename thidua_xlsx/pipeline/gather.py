"""Turns a campaign folder into everything that a run rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.stages.read_office import read_office, read_register
from thidua_xlsx.stages.receive import ReturnedFile, Seen
from thidua_xlsx.workbooks.cells import read_book
from thidua_xlsx.workbooks.reading_room import read_all

Progress = Callable[[str, int, int], None]
READING, WRITING = "Đọc phiếu", "Ghi kết quả"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run rests on, already read: no path and no clock goes further down."""

    plan: Plan
    round: Round
    files: tuple[ReturnedFile, ...]
    office: Office
    register: Register
    first_seen: Mapping[str, Seen]
    findings: tuple[Finding, ...]
    today: date


def gather(folder: Path, plan: Plan, round_: Round, inbox: Path, today: date, progress: Progress) -> Inputs:
    """Everything the run rests on, each file opened once."""
    office, findings = open_office(folder, plan, round_)
    register, more = open_register(folder)
    found = list(drop.entries(inbox, folder))
    files = []
    with closing(read_all([entry.data for entry in found if isinstance(entry.data, bytes)])) as readings:
        for number, entry in enumerate(found, start=1):
            book = next(readings) if isinstance(entry.data, bytes) else entry.data
            files.append(ReturnedFile(entry.path, entry.sha256, book))
            progress(READING, number, len(found))
    return Inputs(plan, round_, tuple(files), office, register, names.read_ledger(folder), findings + more, today)


def open_office(folder: Path, plan: Plan, round_: Round) -> tuple[Office, tuple[Finding, ...]]:
    """``co-quan.xlsx``; without one the office has said nothing yet."""
    book, findings = open_book(folder / names.OFFICE)
    return read_office(book, names.OFFICE, plan, round_) if book else (Office(), findings)


def open_register(folder: Path) -> tuple[Register, tuple[Finding, ...]]:
    """``lich-su.xlsx``; without one nothing is known of earlier awards."""
    book, findings = open_book(folder / names.REGISTER)
    return read_register(book, names.REGISTER) if book else (Register(), findings)


def open_book(path: Path) -> tuple[Book | None, tuple[Finding, ...]]:
    """A workbook of the office's own; one that cannot be read is an error, not an absent one."""
    data = names.read_optional(path)
    if data is None:
        return None, ()
    book = read_book(data)
    if isinstance(book, Refusal):
        return None, (
            finding(
                Code.OFFICE_VALUE_INVALID,
                Place(path.name),
                value=book.code,
                detail="không đọc được tệp; mở bằng Excel và lưu lại dạng .xlsx",
            ),
        )
    return book, ()
