"""Turns a campaign folder into everything that a run rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.campaign.ledger import read_ledger
from thidua_xlsx.campaign.reading_cache import ReadingCache
from thidua_xlsx.campaign.rested_on import digest, entry_digest, files_digest, is_certain
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.returned import Filled, ReturnedFile
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.read_form import FormReader
from thidua_xlsx.stages.forms.lay_out import forms_of
from thidua_xlsx.stages.intake.cell_rules import prepare
from thidua_xlsx.stages.intake.receive import Seen
from thidua_xlsx.stages.office.kept_rows import Kept, kept_of_book
from thidua_xlsx.stages.office.read_office import read_office, read_register
from thidua_xlsx.stages.office.registers import in_force
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.reader.cells import read_own_book
from thidua_xlsx.workbooks.reader.form_parcel import Opening
from thidua_xlsx.workbooks.reader.reading_room import Readers, parcels, read_all

Progress = Callable[[str, int, int], None]
READING, WRITING = "Đọc phiếu", "Ghi kết quả"
Opened = tuple[Office, tuple[Finding, ...], "OwnOffice | None"]
# What bytes that are no parcel may raise when they are opened.
NO_PARCEL = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError)
# Every program that saves a workbook writes the moment of it.
SAVED = "core:modified"


@dataclass(frozen=True, slots=True)
class OwnOffice:
    """``co-quan.xlsx`` as it stood, and all of it that a fresh one is made from: far less than its cells.

    ``kept`` is None for a workbook of which none can be made; ``saved`` is when it was, by its own word.
    """

    data: bytes
    kept: Kept | None
    saved: str


def own_office(data: bytes, book: Book) -> OwnOffice:
    return OwnOffice(data, kept_of_book(book, names.OFFICE), book.properties.get(SAVED, ""))


@dataclass(frozen=True, slots=True)
class Read:
    """What lay in the folder, as it was read: digests of the office's own workbooks and of the drop folder.

    ``certain``: read once more, it would be found the same.
    """

    own: str = ""
    entries: str = ""
    certain: bool = False


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
    own_office: OwnOffice | None = None
    read: Read = Read()


@dataclass(frozen=True, slots=True)
class Source:
    """Where returned files lie, the day on which they are read, and by which plan and round their forms were issued."""

    folder: Path
    inbox: Path
    today: date
    plan: Plan
    round: Round


def gather(
    folder: Path,
    plan: Plan,
    round_: Round,
    inbox: Path,
    today: date,
    progress: Progress,
    executor: Readers | None = None,
    cache: Path | None = None,
    issued: Plan | None = None,
    load: Callable[[], object] = lambda: None,
) -> Inputs:
    """Everything the run rests on. What was read is kept below ``cache``, if told.

    ``issued`` is the plan by which forms were issued, where another judges them; ``load`` is what whoever waits for
    this could do meanwhile.
    """
    asked = issued or plan
    source = Source(folder, inbox, today, asked, asked.round(round_.code) or round_)
    registers = names.read_registers(folder)
    register, more = register_in(registers)
    told = names.read_optional(folder / names.OFFICE)  # if Excel holds it, that is said before all forms are read
    # Reading waits for other processes; meanwhile the office's own workbook is read, and what checking needs is loaded.
    aside = ThreadPoolExecutor(1)
    asides: list[Future[Opened]] = []

    def meanwhile() -> None:
        asides.append(aside.submit(open_office, told, plan, round_))
        aside.submit(prepare)
        aside.submit(load)

    with aside:
        files = read_inbox(source, progress, executor, cache, meanwhile)
    office, findings, own = asides[0].result()
    files = settled(source, files, office)
    seen = read_ledger(folder)
    read = Read(files_digest([(names.OFFICE, told), *registers]), digest(*map(entry_digest, files)), is_certain(files))
    return Inputs(plan, round_, files, office, register, seen, findings + more, today, issued, own, read)


def read_inbox(
    source: Source,
    progress: Progress,
    executor: Readers | None = None,
    cache_at: Path | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[ReturnedFile, ...]:
    """Every file of the drop folder as it reads. Bytes are held only for as many files as are read together.

    ``meanwhile`` is called once, when others have enough to read: before that it would keep them waiting.
    """
    total = len(drop.listing(source.inbox))
    files: list[ReturnedFile] = []
    done = 0
    forms = plan_text(source.plan) + source.round.code if cache_at else ""
    with (
        closing(ReadingCache(cache_at, forms.encode("utf-8", "backslashreplace"))) as cache,
        closing(readings(source, cache, executor)) as found,
    ):
        for file in found:
            if not files:
                meanwhile()
            files.append(file)
            done += file.member is None
            progress(READING, done, total)
    if not files:
        meanwhile()
    return tuple(files)


def readings(source: Source, cache: ReadingCache, executor: Readers | None) -> Generator[ReturnedFile, None, None]:
    """Every entry with what it holds: as an earlier run read the very same bytes, else read now."""
    opening = Opening(forms_of(source.plan, source.round))

    def entries() -> Iterator[tuple[ReturnedFile, bytes | None]]:
        for entry in drop.entries(source.inbox, source.folder, source.today):
            file = ReturnedFile(entry.path, entry.sha256, None, entry.member, entry.mailed, entry.moment)
            if isinstance(entry.data, bytes):
                book = kept(cache, opening, file)
                yield (file, entry.data) if book is None else (replace(file, book=book), None)
            else:
                yield replace(file, book=entry.data), None

    with closing(parcels(entries(), FormReader(source.plan, source.round), executor=executor)) as answers:
        for file, answer in answers:
            if answer is None:
                yield file
            elif isinstance(answer, Refusal):
                yield replace(file, book=answer)  # the machine may have been at fault: tried again next time
            else:
                cache.put(file.sha256, answer)
                yield replace(file, book=opening.open(answer, file.name))


def kept(cache: ReadingCache, opening: Opening, file: ReturnedFile) -> Book | Filled | Refusal | None:
    """What an earlier run read; None where it is not known."""
    told = cache.get(file.sha256)
    try:
        return None if told is None else opening.open(told, file.name)
    except NO_PARCEL:
        return None


def settled(source: Source, files: tuple[ReturnedFile, ...], office: Office) -> tuple[ReturnedFile, ...]:
    """The same with all cells of each form that the office assigns to another unit than its own, and of its copies.

    What a form says of itself is then in question, and only its cells settle whose it is.
    """
    units: dict[str, set[str]] = defaultdict(set)
    for line in office.receptions:
        units[line.sha256].add(line.unit)
        units[line.path].add(line.unit)

    def in_question(file: ReturnedFile) -> bool:
        said = units[file.sha256] | units[file.name]
        return isinstance(file.book, Filled) and bool(said - {"", file.book.submission.unit})

    contents = {file.sha256 for file in files if in_question(file)}
    if not contents:
        return files
    again = {
        entry.sha256: entry.data
        for entry in drop.entries(source.inbox, source.folder, source.today)
        if entry.sha256 in contents and isinstance(entry.data, bytes)
    }
    books = dict(zip(again, read_all(again.values()), strict=True))
    gone = Refusal("F-CHANGING")

    def whole(file: ReturnedFile) -> ReturnedFile:
        asked = file.sha256 in contents and isinstance(file.book, Filled)
        return replace(file, book=books.get(file.sha256, gone)) if asked else file

    return tuple(map(whole, files))


def open_office(data: bytes | None, plan: Plan, round_: Round) -> Opened:
    """``co-quan.xlsx``; without one the office has said nothing yet."""
    if data is None:
        return Office(), (), None
    book, faults = opened(data, names.OFFICE)
    if book is None:
        return Office(), faults, None
    return *read_office(book, names.OFFICE, plan, round_), own_office(data, book)


def open_register(folder: Path) -> tuple[Register, tuple[Finding, ...]]:
    """The awards in force by ``lich-su.xlsx`` and the registers of other years beside it; without any none is known."""
    return register_in(names.read_registers(folder))


def register_in(files: Iterable[tuple[str, bytes]]) -> tuple[Register, tuple[Finding, ...]]:
    """The same of registers that have been read."""
    registers: list[Register] = []
    findings: tuple[Finding, ...] = ()
    for name, data in files:
        book, faults = opened(data, name)
        if book:
            register, faults = read_register(book, printable(name))
            registers.append(register)
        findings += faults
    merged, more = in_force(registers)
    return merged, findings + more


def opened(data: bytes, name: str) -> tuple[Book | None, tuple[Finding, ...]]:
    """A workbook of the office's own; one that cannot be read is an error, not absent."""
    book = read_own_book(data)
    if isinstance(book, Refusal):
        return None, (
            finding(
                Code.OFFICE_VALUE_INVALID,
                Place(name),
                value=book.code,
                detail="không đọc được tệp; mở bằng Excel và lưu lại dạng .xlsx",
            ),
        )
    return book, ()
