"""Turns the checked returns of all units into the one that counts for each unit, and a verdict for each file.

Of several returns the latest valid one in time counts when their order is proved; where only file times tell,
the unit is held. Lateness is judged only from evidence (DESIGN §5).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import COUNTS, RECEIVE
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Round
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.lay_out import ONLY_SHOWN, last_day
from thidua_xlsx.stages.receive import Received

STRUCTURE = (Code.SHEET_MISSING, Code.HEADER_MISSING, Code.ROW_MISSING, Code.LOCKED_CELL_CHANGED)


@dataclass(frozen=True, slots=True)
class Return:
    """One identified return with its checked answers."""

    received: Received
    submission: Submission

    @property
    def evidence(self) -> date | None:
        """When it was received, as far as proved: the office's or the message's date, else first seen by a run."""
        return self.received.received or self.received.first_seen


@dataclass(frozen=True, slots=True)
class Counted:
    """The return that counts for a unit; ``in_time`` is None when no evidence tells or no deadline is set."""

    submission: Submission
    received: Received
    in_time: bool | None
    rejected_late: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """One entry a unit that has a counting return; records and findings of every return."""

    counted: tuple[Counted, ...]
    records: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]


def answers_of(given: Submission) -> tuple[object, ...]:
    """The answers alone, to tell a second sending of the same form from a changed one."""
    return tuple(
        (row.sheet, row.code, header, mark.text) for row in given.rows for header, mark in sorted(row.marks.items())
    )


def outdated(item: Return) -> bool:
    """An older form version counts only while every asked line is unchanged."""
    return item.received.older and any(
        found.code in STRUCTURE and dict(found.details).get("header") not in ONLY_SHOWN
        for found in item.submission.findings
    )


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


def pick(items: list[Return], round_: Round) -> tuple[Return | None, str]:
    """The return that counts, or None with the names of the files whose order nobody proved."""
    chosen = [item for item in items if item.received.decision == COUNTS]
    if len(chosen) == 1:
        return chosen[0], ""
    if len(items) == 1:
        return items[0], ""
    dates = [item.evidence for item in items]
    if None in dates or len(set(dates)) < len(dates):
        return None, ", ".join(sorted(item.received.file.name for item in items))
    newest_first = sorted(items, key=lambda item: item.evidence or date.min, reverse=True)
    valid = [item for item in newest_first if item.submission.valid]
    timely = [item for item in valid if in_time(item.received, round_) is not False]
    return next(iter(timely or valid or newest_first)), ""


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
    chosen, unproven = pick(items, round_)
    if chosen is None:
        for item in items:
            note = finding(Code.ORDER_UNPROVEN, Place(item.received.file.name), unit=unit, others=unproven)
            findings.append(note)
            records.append(record(item, Verdict.HELD, note))
        return None
    newer_invalid = False
    for item in items:
        if item is chosen:
            continue
        newer = item.evidence and chosen.evidence and item.evidence > chosen.evidence
        if newer and not item.submission.valid:
            newer_invalid = True
            findings += item.submission.findings
            records.append(record(item, Verdict.ACCEPTED))
        elif newer:
            findings += late_findings(item, round_)
            records.append(record(item, Verdict.ACCEPTED, next(iter(late_findings(item, round_)), None)))
        else:
            records.append(
                record(
                    item,
                    Verdict.SUPERSEDED,
                    finding(Code.SUPERSEDED, Place(item.received.file.name), unit=unit),
                )
            )
    late = late_findings(chosen, round_)
    findings += [*chosen.submission.findings, *late]
    if newer_invalid:
        findings.append(finding(Code.NEWER_RETURN_INVALID, Place(chosen.received.file.name), unit=unit))
    if chosen.received.older:
        findings.append(finding(Code.OLDER_FORM, Place(chosen.received.file.name), unit=unit))
    records.append(record(chosen, Verdict.ACCEPTED, late[0] if late else None))
    return Counted(
        chosen.submission,
        chosen.received,
        in_time(chosen.received, round_),
        any(item.code is Code.LATE_REJECTED for item in late),
    )


def merge(returns: tuple[Return, ...], round_: Round) -> Merged:
    """One counting return a unit; every return has a record."""
    records: list[FileRecord] = []
    findings: list[Finding] = []
    by_unit: dict[str, list[Return]] = defaultdict(list)
    for item in sorted(returns, key=lambda item: item.received.file.name):
        if outdated(item):
            note = finding(Code.OUTDATED_FORM, Place(item.received.file.name), unit=item.received.unit)
            findings.append(note)
            records.append(record(item, Verdict.REJECTED, note))
            continue
        twin = next(
            (
                other
                for other in by_unit[item.received.unit]
                if answers_of(other.submission) == answers_of(item.submission)
            ),
            None,
        )
        if twin:
            note = finding(
                Code.DUPLICATE,
                Place(item.received.file.name),
                unit=item.received.unit,
                other=twin.received.file.name,
            )
            records.append(record(item, Verdict.DUPLICATE, note))
            continue
        by_unit[item.received.unit].append(item)
    counted = [
        made
        for unit in sorted(by_unit)
        if by_unit[unit] and (made := merge_unit(unit, by_unit[unit], round_, records, findings))
    ]
    return Merged(tuple(counted), tuple(records), tuple(findings))
