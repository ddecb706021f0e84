"""Turns the checked returns of all units into the one that counts for each unit, and a verdict for each file.

Of several returns the latest valid one in time counts when their order is proved; where only file times tell,
the unit is held. Lateness is judged only from evidence (DESIGN §5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import Asks
from thidua_xlsx.model.office import COUNTS, RECEIVE
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Round
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.model.submission import AnswerRow, Mark, Said, Submission, Value
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.forms.lay_out import ONLY_SHOWN
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.stages.intake.find_sheets import lists_changed
from thidua_xlsx.stages.intake.receive import Received

Key = tuple[str, str, str]
STRUCTURE = (Code.SHEET_MISSING, Code.HEADER_MISSING, Code.ROW_MISSING, Code.LOCKED_CELL_CHANGED)


@dataclass(frozen=True, slots=True)
class Return:
    """One identified return with its checked answers."""

    received: Received
    submission: Submission

    @property
    def name(self) -> str:
        return self.received.file.name


@dataclass(frozen=True, slots=True)
class Counted:
    """The return that counts for a unit; ``in_time`` is None when no evidence tells.

    ``newer_invalid`` is what the unit sent since and still has to correct.
    """

    submission: Submission
    received: Received
    in_time: bool | None
    rejected_late: bool = False
    newer_invalid: Submission | None = None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What a unit sent of which nothing counts: returns in unproven order, or on an outdated form."""

    unit: str
    code: Code
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """One entry a unit that has a counting return, or only others; records and findings of every return.

    ``asked_of_runs``: the contents of which it mattered when an earlier run first saw them.
    """

    counted: tuple[Counted, ...]
    records: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]
    uncounted: tuple[Uncounted, ...] = ()
    asked_of_runs: frozenset[str] = frozenset()


def marks_of(given: Submission) -> Iterator[tuple[Key, Mark]]:
    """Every answer cell by sheet, code (or row, for a person without order) and header."""
    for row in given.rows:
        for header, mark in row.marks.items():
            yield (row.sheet, code_or_row(row), header), mark


def code_or_row(row: AnswerRow) -> str:
    return row.code or f"dòng {row.row}"


def scored(said: Said) -> bool:
    return said.answer.asks is not Asks.REMARK


def answers_of(given: Submission, remarks: bool = True) -> dict[Key, Value]:
    """The answers alone, to tell a second sending of the same form from a changed one.

    As read, so that 4 and 4.0 are the same; as typed where a cell could not be read.
    """
    return {
        (row.sheet, code_or_row(row), header): said.text if said.value is None else said.value
        for row in given.rows
        for header, said in row.said
        if not said.blank and (remarks or scored(said))
    }


def came_after(one: Received, other: Received) -> bool:
    """Whether it is proved that one came after the other.

    Dates of receipt prove it (the office's, the message's; on one day the clock of the mail server); so does an
    earlier run that saw only the other. A run that saw a file proves also that it came by that day.
    """
    if one.received and other.received and one.received != other.received:
        return one.received > other.received
    if one.moment and other.moment and one.moment != other.moment:
        return one.moment > other.moment
    if one.received and not other.received:
        return other.first_seen is not None and one.received > other.first_seen
    return other.first_run is not None and (one.first_run is None or one.first_run > other.first_run)


def order_of(one: Return, other: Return) -> int | None:
    """1 when it came later, -1 when earlier, None while nobody proved it."""
    if came_after(one.received, other.received):
        return 1
    return -1 if came_after(other.received, one.received) else None


def same(one: Return, other: Return) -> bool:
    """The same answers; of two in unknown order the remarks may differ (DESIGN §5: only scored cells hold a unit)."""
    return answers_of(one.submission) == answers_of(other.submission) or (
        order_of(one, other) is None
        and answers_of(one.submission, remarks=False) == answers_of(other.submission, remarks=False)
    )


def blanks(items: list[Return]) -> tuple[list[Return], list[Return]]:
    """Forms without any answer, beside others: whoever forwards the message that brought the form attaches it too."""
    if len(items) == 1:
        return [], items
    blank = [item for item in items if not answers_of(item.submission) and item.received.decision != COUNTS]
    if len(blank) == len(items):
        return [], items
    return blank, [item for item in items if item not in blank]


def sendings(items: list[Return], round_: Round) -> Iterator[tuple[Return, list[Return]]]:
    """Each different return, and those that only repeat it. Whoever returns to earlier answers repeats nothing."""
    groups: list[list[Return]] = []
    for item in items:
        different = [other for other in items if other is not item and not same(item, other)]
        for group in groups:
            first = group[0]
            if same(item, first) and all(order_of(item, other) == order_of(first, other) for other in different):
                group.append(item)
                break
        else:
            groups.append([item])
    for group in groups:
        best = min(group, key=lambda item: proof_order(item, round_))
        yield best, [item for item in group if item is not best]


def proof_order(item: Return, round_: Round) -> tuple[bool, bool, date, str]:
    """Of equal returns the one that the office chose, that is proved to be in time, that came first."""
    received = item.received
    return (
        received.decision != COUNTS,
        in_time(received, round_) is not True,
        received.received or received.first_seen or date.max,
        item.name,
    )


def outdated(item: Return) -> bool:
    """An older form version counts only while every asked line is unchanged, its drop-downs included."""
    if not item.received.older:
        return False
    changed = any(
        found.code in STRUCTURE and dict(found.details).get("header") not in ONLY_SHOWN
        for found in item.submission.findings
    )
    book = item.received.file.book
    return changed or (isinstance(book, Book) and lists_changed(book, item.submission.layout))


def in_time(received: Received, round_: Round) -> bool | None:
    """True when any evidence lies on or before the last day; first seen proves only that; no deadline: True."""
    limit = last_day(round_)
    if limit is None or round_.late == "ignore":
        return True
    if received.received:
        return received.received <= limit
    return True if received.first_seen and received.first_seen <= limit else None


def record(item: Return, verdict: Verdict, note: Finding | None = None) -> FileRecord:
    file = item.received.file
    return FileRecord(
        file.path,
        file.member,
        file.sha256,
        verdict,
        note.code.name if note else None,
        item.received.unit,
        item.received.received or item.received.first_seen,
        item.received.received_by or ("lan-truoc" if item.received.first_seen else None),
        note.message if note else "",
    )


def pick(items: list[Return], round_: Round) -> Return | None:
    """The return that counts, or None where nobody proved which came last.

    It must be ordered against every other return: what was replaced before is of no matter.
    """
    said = [item for item in items if item.received.decision == COUNTS]
    if len(said) == 1:
        return said[0]
    valid = [item for item in items if item.submission.valid]
    timely = [item for item in valid if in_time(item.received, round_) is not False]
    candidates = timely or valid or items
    for item in candidates:
        newest = all(order_of(item, other) == 1 for other in candidates if other is not item)
        if newest and all(order_of(item, other) for other in items if other is not item):
            return item
    return None


def unproven(unit: str, items: list[Return]) -> Iterator[Finding]:
    """One finding at every scored cell that stands otherwise in another return of the unit."""
    names = ", ".join(sorted(item.name for item in items))
    for item in items:
        own = answers_of(item.submission)
        others = [answers_of(other.submission) for other in items if other is not item]
        places = [
            mark.place
            for key, mark in marks_of(item.submission)
            if scored(mark) and any(other.get(key) != own.get(key) for other in others)
        ]
        for place in places or [Place(item.name)]:
            yield finding(Code.ORDER_UNPROVEN, place, unit=unit, others=names)


def late_findings(item: Return, round_: Round) -> tuple[Finding, ...]:
    limit, received = last_day(round_), item.received
    timely = in_time(received, round_)
    place = Place(received.file.name)
    if timely is None:
        return (finding(Code.RECEIPT_UNPROVEN, place, unit=received.unit),)
    if timely or limit is None or received.received is None:
        return ()
    code = Code.LATE_REJECTED if round_.late == "reject" and received.decision not in (RECEIVE, COUNTS) else Code.LATE
    return (
        finding(
            code,
            place,
            unit=received.unit,
            value=date_text(received.received),
            received=date_text(received.received),
            deadline=date_text(limit),
        ),
    )


def merge_unit(
    unit: str, items: list[Return], round_: Round, records: list[FileRecord], findings: list[Finding]
) -> Counted | None:
    """Records and findings of one unit's returns; the one that counts, unless the unit is held."""
    chosen = pick(items, round_)
    if chosen is None:
        notes = list(unproven(unit, items))
        findings += notes
        records += [record(item, Verdict.HELD, notes[0]) for item in items]
        return None
    newer_invalid: Return | None = None
    for item in items:
        if item is chosen:
            continue
        newer = came_after(item.received, chosen.received)
        if newer and not item.submission.valid:
            if newer_invalid is None or order_of(item, newer_invalid) == 1:
                newer_invalid = item
            findings += item.submission.findings
            records.append(record(item, Verdict.ACCEPTED))
        elif newer:
            findings += late_findings(item, round_)
            records.append(record(item, Verdict.ACCEPTED, next(iter(late_findings(item, round_)), None)))
        else:
            records.append(record(item, Verdict.SUPERSEDED, finding(Code.SUPERSEDED, Place(item.name), unit=unit)))
    late = late_findings(chosen, round_)
    findings += [*chosen.submission.findings, *late]
    if newer_invalid:
        findings.append(finding(Code.NEWER_RETURN_INVALID, Place(chosen.name), unit=unit))
    if chosen.received.older:
        findings.append(finding(Code.OLDER_FORM, Place(chosen.name), unit=unit))
    records.append(record(chosen, Verdict.ACCEPTED, late[0] if late else None))
    return Counted(
        chosen.submission,
        chosen.received,
        in_time(chosen.received, round_),
        any(item.code is Code.LATE_REJECTED for item in late),
        newer_invalid.submission if newer_invalid else None,
    )


def merge(returns: tuple[Return, ...], round_: Round) -> Merged:
    """One counting return a unit; every return has a record."""
    records: list[FileRecord] = []
    findings: list[Finding] = []
    by_unit: dict[str, list[Return]] = defaultdict(list)
    uncounted: dict[str, Uncounted] = {}
    for item in sorted(returns, key=lambda item: item.name):
        if outdated(item):
            unit = item.received.unit
            uncounted[unit] = Uncounted(unit, Code.OUTDATED_FORM, (item.submission,))
            note = finding(Code.OUTDATED_FORM, Place(item.name), unit=item.received.unit)
            findings.append(note)
            records.append(record(item, Verdict.REJECTED, note))
            continue
        by_unit[item.received.unit].append(item)
    counted = []
    for unit in sorted(by_unit):
        different = []
        blank, filled = blanks(by_unit[unit])
        records += [record(item, Verdict.IGNORED, finding(Code.BLANK_RETURN, Place(item.name))) for item in blank]
        for item, repeats in sendings(filled, round_):
            different.append(item)
            for twin in repeats:
                note = finding(Code.DUPLICATE, Place(twin.name), unit=unit, other=item.name)
                records.append(record(twin, Verdict.DUPLICATE, note))
        if made := merge_unit(unit, different, round_, records, findings):
            counted.append(made)
            uncounted.pop(unit, None)
        else:
            given = tuple(item.submission for item in different)
            uncounted[unit] = Uncounted(unit, Code.ORDER_UNPROVEN, given)
    return Merged(tuple(counted), tuple(records), tuple(findings), tuple(uncounted.values()))
