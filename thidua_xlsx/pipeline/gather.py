"""Turns a campaign folder into everything that a run rests on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.campaign.reading_cache import ReadingCache
from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.text import printable
from thidua_xlsx.stages.intake.receive import ReturnedFile, Seen
from thidua_xlsx.stages.office.read_office import read_office, read_register
from thidua_xlsx.stages.office.registers import in_force
from thidua_xlsx.workbooks.reader.cells import read_own_book
from thidua_xlsx.workbooks.reader.parcel import Unpacking, kept
from thidua_xlsx.workbooks.reader.reading_room import parcels

Progress = Callable[[str, int, int], None]
READING, WRITING = "Đọc phiếu", "Ghi kết quả"
# Bytes of returned files that are held together while they are read.
BATCH = 64 << 20


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
    # The plan by which forms were issued, where a trial judges them by another.
    issued: Plan | None = None


def gather(
    folder: Path,
    plan: Plan,
    round_: Round,
    inbox: Path,
    today: date,
    progress: Progress,
    executor: Executor | None = None,
    cache: Path | None = None,
) -> Inputs:
    """Everything the run rests on, each file opened once. What was read is kept below ``cache``, if told."""
    office, findings = open_office(folder, plan, round_)
    register, more = open_register(folder)
    files = read_inbox(folder, inbox, today, progress, executor, cache)
    return Inputs(plan, round_, files, office, register, names.read_ledger(folder), findings + more, today)


def read_inbox(
    folder: Path,
    inbox: Path,
    today: date,
    progress: Progress,
    executor: Executor | None = None,
    cache_at: Path | None = None,
) -> tuple[ReturnedFile, ...]:
    """Every file of the drop folder as it reads. Bytes are held only for as many files as are read together."""
    total = len(drop.listing(inbox))
    files: list[ReturnedFile] = []
    done = 0
    with closing(ReadingCache(cache_at)) as cache:
        unpacking = Unpacking()
        for entries in batches(drop.entries(inbox, folder, today)):
            with closing(readings(entries, cache, unpacking, executor)) as found:
                for entry, book in zip(entries, found, strict=True):
                    files.append(ReturnedFile(entry.path, entry.sha256, book, entry.member, entry.mailed, entry.moment))
                    done += entry.member is None
                    progress(READING, done, total)
    return tuple(files)


Read = Book | Refusal | Bundle | Aside | None


def readings(
    entries: list[drop.Entry], cache: ReadingCache, unpacking: Unpacking, executor: Executor | None
) -> Generator[Read, None, None]:
    """What each entry holds: as an earlier run read the very same bytes, else read now."""
    known = {entry.sha256: book for entry in entries if (book := _kept(entry, cache, unpacking)) is not None}
    new = [entry.data for entry in entries if isinstance(entry.data, bytes) and entry.sha256 not in known]
    with closing(parcels(new, executor=executor)) as answers:
        for entry in entries:
            if not isinstance(entry.data, bytes):
                yield entry.data
            elif entry.sha256 in known:
                yield known[entry.sha256]
            elif isinstance(answer := next(answers), Refusal):
                yield answer  # the machine may have been at fault: tried again next time
            else:
                cache.put(entry.sha256, kept(answer))
                yield unpacking.unpack(answer)


def _kept(entry: drop.Entry, cache: ReadingCache, unpacking: Unpacking) -> Book | Refusal | None:
    told = cache.get(entry.sha256) if isinstance(entry.data, bytes) else None
    if told is None:
        return None
    try:
        return unpacking.restore(told)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def batches(entries: Iterable[drop.Entry]) -> Iterator[list[drop.Entry]]:
    """Entries in their order, so many at a time that their bytes fit in memory."""
    batch: list[drop.Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.data) if isinstance(entry.data, bytes) else 0
        if size > BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def open_office(folder: Path, plan: Plan, round_: Round) -> tuple[Office, tuple[Finding, ...]]:
    """``co-quan.xlsx``; without one the office has said nothing yet."""
    book, findings = open_book(folder / names.OFFICE)
    return read_office(book, names.OFFICE, plan, round_) if book else (Office(), findings)


def open_register(folder: Path) -> tuple[Register, tuple[Finding, ...]]:
    """The awards in force by ``lich-su.xlsx`` and the registers of other years beside it; without any none is known."""
    registers: list[Register] = []
    findings: tuple[Finding, ...] = ()
    for path in names.registers(folder):
        book, faults = open_book(path)
        if book:
            register, faults = read_register(book, printable(path.name))
            registers.append(register)
        findings += faults
    merged, more = in_force(registers)
    return merged, findings + more


def open_book(path: Path) -> tuple[Book | None, tuple[Finding, ...]]:
    """A workbook of the office's own; one that cannot be read is an error, not an absent one."""
    data = names.read_optional(path)
    if data is None:
        return None, ()
    book = read_own_book(data)
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
