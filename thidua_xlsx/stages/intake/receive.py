"""Turns the entries of the drop folder into identified returns and one verdict for every entry.

Identity rests on the stamps in visible cells of every sheet, or on the office's word in «Tiếp nhận»; a name
that only resembles is never an assignment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.form import FormLayout, Stamp
from thidua_xlsx.model.office import DECLINE, Office, Reception
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.refusals import DISAGREEMENT, remedy, why_refused
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.model.returned import Filled
from thidua_xlsx.model.returned import ReturnedFile as ReturnedFile
from thidua_xlsx.stages.intake.bundles import explain, receptions_of, with_evidence
from thidua_xlsx.stages.intake.named_units import NamedUnits
from thidua_xlsx.stages.intake.stamps import has_witness
from thidua_xlsx.stages.intake.stamps import parse_stamp as parse_stamp
from thidua_xlsx.stages.intake.stamps import stamps_in as stamps_in

# Nobody has anything to do about these: the list of files says so, no finding does.
QUIET = (Verdict.IGNORED, Verdict.DUPLICATE)
# What a unit sent and nobody can count.
UNUSABLE = (Verdict.HELD, Verdict.REJECTED)


@dataclass(frozen=True, slots=True)
class Seen:
    """When an earlier run first saw a content: the day, and which run it was (1 for the first)."""

    day: date
    run: int


def seen_by_now(before: Mapping[str, Seen], files: Iterable[ReturnedFile], today: date) -> dict[str, Seen]:
    """When each content was first seen, this run included: what later runs know. Runs are counted by it."""
    this = Seen(today, max((seen.run for seen in before.values()), default=0) + 1)
    return {**{item.sha256: this for item in files if item.sha256}, **before}


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

    @property
    def moment(self) -> datetime | None:
        """When the mail server took it in, as far as the day of receipt rests on that."""
        return self.file.moment if self.received_by == "thu" else None


def asked_of_runs(returns: Sequence[Received]) -> frozenset[str]:
    """The contents (SHA-256) of which it matters what earlier runs saw: without a day of receipt, or not alone."""
    sent = Counter(item.unit for item in returns)
    return frozenset(item.file.sha256 for item in returns if item.received is None or sent[item.unit] > 1)


def identify(
    file: ReturnedFile,
    layouts: Mapping[str, FormLayout],
    sample: Stamp,
    said: Reception | None,
) -> tuple[str, bool] | tuple[Verdict, Finding]:
    """(unit, form is older) or the verdict and why. ``sample`` is any stamp of this plan, year and round."""
    place = Place(file.name)
    if not isinstance(file.book, Book | Filled):
        refusal = file.book if isinstance(file.book, Refusal) else Refusal("F-UNREADABLE")
        if refusal.code == DISAGREEMENT:
            return Verdict.HELD, disagreement(file.name, refusal)
        return Verdict.REJECTED, finding(
            Code.NOT_A_WORKBOOK,
            place,
            value=refusal.code,
            detail=why_refused(refusal.code),
            remedy=remedy(refusal.code),
        )
    texts = stamps_in(file.book) if isinstance(file.book, Book) else (str(file.book.submission.layout.stamp),)
    stamps = [parse_stamp(text) for text in texts]
    good = [stamp for stamp in stamps if stamp]
    assigned = layouts.get(said.unit) if said else None
    ours = [
        stamp for stamp in good if (stamp.plan, stamp.year, stamp.round) == (sample.plan, sample.year, sample.round)
    ]
    if texts and len(good) == len(texts) and not ours:
        return Verdict.FOREIGN, finding(Code.WRONG_PLAN, place, stamp="; ".join(texts), value="; ".join(texts))
    if assigned is not None:
        # A form without a stamp of its own proves no version at all, so none that is older.
        return assigned.stamp.unit, bool(ours) and all(stamp.version != assigned.stamp.version for stamp in ours)
    if isinstance(file.book, Book) and not texts:
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
    if isinstance(file.book, Bundle | Aside):
        return explain(file.name, file.book, file.member is None)
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
    by_content: dict[tuple[str, object], ReturnedFile] = {}
    entries = with_evidence(files)
    named = NamedUnits({code: layout.unit_name for code, layout in layouts.items()})
    for file, said in zip(entries, receptions_of(entries, office), strict=True):
        content = content_of(file, said)
        first = by_content.setdefault(content, file) if content else file
        # Not by name: two entries may be named alike (é as one letter and as two).
        twin = None if first is file else first.name
        settled = settle(file, twin, said, layouts, sample, first_seen.get(file.sha256))
        if isinstance(settled, Received):
            returns.append(settled)
            if not said or not said.unit:  # whose form it is, the office has not said
                findings += named.others(file, settled.unit)
            continue
        verdict, note = settled
        if verdict not in QUIET or note.severity is not Severity.NOTE:
            findings.append(note)
        code = note.value if note.code in (Code.NOT_A_WORKBOOK, Code.READERS_DISAGREE) else note.code.name
        # Whose file it is, is the office's word here: the file itself proves nothing.
        unit = said.unit if said and said.unit in layouts and verdict in UNUSABLE else None
        by = "thu" if file.mailed else None
        records.append(
            FileRecord(file.path, file.member, file.sha256, verdict, code, unit, file.mailed, by, note.message)
        )
    findings += unmatched(entries, office)
    return tuple(returns), tuple(records), tuple(findings)


def content_of(file: ReturnedFile, said: Reception | None) -> tuple[str, object] | None:
    """What makes two entries one: their bytes. A form that came again another time may have replaced another."""
    if not file.sha256 or not isinstance(file.book, Book | Filled | Refusal):
        # What could not be read has no content to compare, and what is no return is no copy of one.
        return None
    if isinstance(file.book, Refusal) or (said and said.received):
        return file.sha256, None
    return file.sha256, file.moment or file.mailed


def unmatched(entries: Iterable[ReturnedFile], office: Office) -> Iterator[Finding]:
    """Lines of «Tiếp nhận» that speak of no entry: a mistyped path would else be silence about a date."""
    known = {name for file in entries for name in (file.name, file.path, file.sha256) if name}
    for line in office.receptions:
        if (line.sha256 or line.path) not in known and (line.received or line.decision or line.unit):
            yield finding(Code.RECEPTION_UNMATCHED, line.place, value=line.path or line.sha256)
