"""Turns the entries of the drop folder into identified returns and one verdict for every entry.

Identity rests on the stamps in visible cells of every sheet, or on the office's word in «Tiếp nhận»; a name
that only resembles is never an assignment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from thidua_xlsx.model.cells import Book, Kind, Refusal
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import STAMP_PATTERN, WITNESS, FormLayout, Stamp
from thidua_xlsx.model.office import DECLINE, Office, Reception
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.refusals import DISAGREEMENT, why_refused
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.stages.lay_out import check_of

STAMP_ROWS = 15
# Nobody has anything to do about these: the list of files says so, no finding does.
QUIET = (Verdict.IGNORED, Verdict.DUPLICATE)


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One entry of the drop folder as the intake found it; ``book`` is None for an entry that is no file of ours.

    ``member`` names the entry inside a container; ``mailed`` is the date of the message that brought it.
    """

    path: str
    sha256: str
    book: Book | Refusal | None
    member: str | None = None
    mailed: date | None = None

    @property
    def name(self) -> str:
        return self.path if self.member is None else f"{self.path}/{self.member}"


@dataclass(frozen=True, slots=True)
class Seen:
    """When an earlier run first saw a content: the day, and which run it was (1 for the first)."""

    day: date
    run: int


@dataclass(frozen=True, slots=True)
class Received:
    """An identified return, before its answers are read. ``older`` says that the form has an earlier version.

    ``first_seen`` and ``first_run`` are None for what no earlier run has seen.
    """

    file: ReturnedFile
    unit: str
    older: bool
    received: date | None
    received_by: str | None
    first_seen: date | None
    decision: str
    first_run: int | None = None


def stamps_in(book: Book) -> tuple[str, ...]:
    """Every different stamp that stands in the top rows of a visible sheet, sorted."""
    found = {
        match.group(0)
        for sheet in book.sheets
        if not sheet.hidden
        for (row, _), cell in sheet.cells.items()
        if row <= STAMP_ROWS and cell.kind is Kind.TEXT and "TDX/" in cell.text
        for match in STAMP_PATTERN.finditer(cell.text)
    }
    return tuple(sorted(found))


def has_witness(book: Book) -> bool:
    """Marks of ours that prove nothing alone: the hidden sheet, document properties, what is left of a stamp."""
    return (
        any(sheet.name.startswith(WITNESS) for sheet in book.sheets)
        or any(STAMP_PATTERN.search(text) for text in book.properties.values())
        or any(
            row <= STAMP_ROWS and cell.kind is Kind.TEXT and cell.text.strip().startswith("TDX/")
            for sheet in book.sheets
            for (row, _), cell in sheet.cells.items()
        )
    )


def parse_stamp(text: str) -> Stamp | None:
    """A stamp whose checksum agrees; None for a damaged one."""
    match = STAMP_PATTERN.fullmatch(text)
    if not match:
        return None
    plan, year, round_, unit, version, check = match.groups()
    if check_of(plan, int(year), round_, unit, version) != check:
        return None
    return Stamp(plan, int(year), round_, unit, version, check)


def reception_of(file: ReturnedFile, office: Office) -> Reception | None:
    """The office's line on this file: by content first, by path when the line gives no SHA-256."""
    by_content = [line for line in office.receptions if line.sha256 and line.sha256 == file.sha256]
    by_path = [line for line in office.receptions if not line.sha256 and line.path in (file.name, file.path)]
    return next(iter(by_content + by_path), None)


def identify(
    file: ReturnedFile,
    layouts: Mapping[str, FormLayout],
    sample: Stamp,
    said: Reception | None,
) -> tuple[str, bool] | tuple[Verdict, Finding]:
    """(unit, form is older) or the verdict and why. ``sample`` is any stamp of this plan, year and round."""
    place = Place(file.name)
    if not isinstance(file.book, Book):
        refusal = file.book or Refusal("F-UNREADABLE")
        if refusal.code == DISAGREEMENT:
            return Verdict.HELD, disagreement(file.name, refusal)
        return Verdict.REJECTED, finding(
            Code.NOT_A_WORKBOOK, place, value=refusal.code, detail=why_refused(refusal.code)
        )
    texts = stamps_in(file.book)
    stamps = [parse_stamp(text) for text in texts]
    good = [stamp for stamp in stamps if stamp]
    assigned = layouts.get(said.unit) if said else None
    ours = [
        stamp for stamp in good if (stamp.plan, stamp.year, stamp.round) == (sample.plan, sample.year, sample.round)
    ]
    if texts and len(good) == len(texts) and not ours:
        return Verdict.FOREIGN, finding(Code.WRONG_PLAN, place, stamp="; ".join(texts), value="; ".join(texts))
    if assigned is not None:
        return assigned.stamp.unit, not any(stamp == assigned.stamp for stamp in good)
    if not texts:
        if has_witness(file.book):
            return Verdict.HELD, finding(Code.STAMP_DAMAGED, place, stamp="không còn trên sheet nào")
        return Verdict.FOREIGN, finding(Code.NO_STAMP, place)
    if len(good) < len(texts):
        return Verdict.HELD, finding(Code.STAMP_DAMAGED, place, stamp="; ".join(texts), value="; ".join(texts))
    if len({stamp.unit for stamp in good}) > 1 or len(ours) < len(good) or len(good) > 1:
        return Verdict.HELD, finding(Code.STAMP_CONFLICT, place, stamps="; ".join(texts), value="; ".join(texts))
    layout = layouts.get(good[0].unit)
    if layout is None:
        return Verdict.HELD, unknown_unit(place, good[0].unit)
    return layout.stamp.unit, good[0] != layout.stamp


def disagreement(file: str, refusal: Refusal) -> Finding:
    """Two readers do not see the same: in one cell, on a sheet that only one can read, or in the whole file."""
    sheet, _, cell = refusal.detail.rpartition("!")
    where = f"ô {cell}, sheet «{sheet}»" if cell else f"sheet «{sheet}»" if sheet else "cả tệp"
    return finding(Code.READERS_DISAGREE, Place(file, sheet, cell), value=refusal.code, where=where)


def unknown_unit(place: Place, unit: str) -> Finding:
    return finding(Code.UNKNOWN_UNIT, place, value=unit, named=unit)


def settle(
    file: ReturnedFile,
    twin: str | None,
    said: Reception | None,
    layouts: Mapping[str, FormLayout],
    sample: Stamp,
    seen: Seen | None,
) -> Received | tuple[Verdict, Finding]:
    """One entry: an identified return, or its verdict and the finding that explains it. ``twin`` has its bytes."""
    place = Place(file.name)
    if file.book is None:
        return Verdict.IGNORED, finding(Code.IGNORED, place)
    if twin is not None:
        return Verdict.DUPLICATE, finding(Code.DUPLICATE, place, other=twin)
    if said and said.decision == DECLINE:
        return Verdict.SUPERSEDED, finding(Code.DECLINED, place, reason=said.reason or "không ghi lý do")
    identity = identify(file, layouts, sample, said)
    if isinstance(identity[1], Finding):
        verdict, note = identity
        assert isinstance(verdict, Verdict)
        return verdict, note
    unit, older = identity
    assert isinstance(unit, str)
    received, by = file.mailed, "thu" if file.mailed else None
    if said and said.received:
        received, by = said.received, "co-quan"
    day, run = (seen.day, seen.run) if seen else (None, None)
    return Received(file, unit, older, received, by, day, said.decision if said else "", run)


def receive(
    files: Iterable[ReturnedFile],
    layouts: Mapping[str, FormLayout],
    sample: Stamp,
    office: Office,
    first_seen: Mapping[str, Seen],
) -> tuple[tuple[Received, ...], tuple[FileRecord, ...], tuple[Finding, ...]]:
    """Identified returns, the records of all other entries, and the findings that explain them.

    Entries are taken in the order of their paths, so that the order of listing changes nothing; of files with
    the same bytes the first counts.
    """
    returns: list[Received] = []
    records: list[FileRecord] = []
    findings: list[Finding] = []
    by_content: dict[str, str] = {}
    entries = sorted(files, key=lambda item: item.name)
    # What the office says of one copy it says of all.
    said_of = {file.sha256: line for file in reversed(entries) if file.sha256 and (line := reception_of(file, office))}
    for file in entries:
        said = reception_of(file, office) or said_of.get(file.sha256)
        # What could not be read has no content to compare.
        twin = by_content.setdefault(file.sha256, file.name) if file.sha256 else file.name
        settled = settle(file, None if twin == file.name else twin, said, layouts, sample, first_seen.get(file.sha256))
        if isinstance(settled, Received):
            returns.append(settled)
            continue
        verdict, note = settled
        if verdict not in QUIET:
            findings.append(note)
        code = note.value if note.code in (Code.NOT_A_WORKBOOK, Code.READERS_DISAGREE) else note.code.name
        records.append(FileRecord(file.path, file.member, file.sha256, verdict, code, message=note.message))
    findings += unmatched(entries, office)
    return tuple(returns), tuple(records), tuple(findings)


def unmatched(entries: Iterable[ReturnedFile], office: Office) -> Iterator[Finding]:
    """Lines of «Tiếp nhận» that speak of no entry: a mistyped path would else be silence about a date."""
    known = {name for file in entries for name in (file.name, file.path, file.sha256) if name}
    for line in office.receptions:
        if (line.sha256 or line.path) not in known and (line.received or line.decision or line.unit):
            yield finding(Code.RECEPTION_UNMATCHED, line.place, value=line.path or line.sha256)
