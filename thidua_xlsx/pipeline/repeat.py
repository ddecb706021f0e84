"""Turns a folder in which nothing has changed since the newest run into one more run: its copy.

No form is read, judged or made; what is copied is proved by the digest it was published with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.campaign.archive import PLAN, kept_folder, publish_run
from thidua_xlsx.campaign.compared import compared
from thidua_xlsx.campaign.last_run import LastRun, as_published, recall
from thidua_xlsx.campaign.ledger import read_ledger
from thidua_xlsx.campaign.program import program_digest
from thidua_xlsx.campaign.rested_on import RestedOn, digest, entry_digest, files_digest, seen_digest
from thidua_xlsx.model.returned import ReturnedFile
from thidua_xlsx.pipeline.glance import Glance, glance_kept
from thidua_xlsx.stages.intake.receive import Seen, seen_by_now
from thidua_xlsx.workbooks.plans import PLAN_TEXT, PLAN_WORKBOOK


@dataclass(frozen=True, slots=True)
class Repeated:
    """A run that is the copy of ``same_as``: what the screen says of it, where it was published, its JSON."""

    glance: Glance
    target: Path
    json: bytes
    same_as: str
    remarks: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()


def asked_digest(round_code: str, today: date, all_feedback: bool, inbox: Path | None) -> str:
    """The options of a run that change its result or its kept copy."""
    return digest(round_code, today, all_feedback, str(inbox.resolve()) if inbox else "")


def plan_digest(read: Mapping[str, bytes | None]) -> str:
    """The files of the campaign's plan, by name."""
    return files_digest((name, read.get(name)) for name in (PLAN_WORKBOOK, PLAN_TEXT))


def repeat_run(
    home: Path, round_code: str | None, inbox: Path | None, today: date | None, all_feedback: bool
) -> Repeated | None:
    """The newest run once more; None where anything is not as it was, or not known: a usual run is due then."""
    with names.only_run(home):
        last, newest = recall(home), names.newest_run(home)
        glance = glance_kept(last.glance) if last else None
        if last is None or glance is None or newest is None:
            return None
        day = today or date.today()
        asked = asked_digest(round_code or last.first_round, day, all_feedback, inbox)
        if not asked_before(home, asked, last.rested_on):
            return None
        files = as_published(newest, last.files)
        kept = as_published(kept_folder(newest.parent, newest.name), last.kept)
        if files is None or kept is None:
            return None
        seen = seen_before(home, inbox or home / names.INBOX, day, last, files[names.JSON])
        if seen is None:
            return None
        name = names.next_run(home)
        publish_run(home, name, files, kept[PLAN], inbox, seen)
        return Repeated(glance, home / names.RESULTS / name, files[names.JSON], newest.name)


def asked_before(home: Path, asked: str, last: RestedOn) -> bool:
    """Whether program, options, plan and the office's own workbooks are as they were: what is quickly known."""
    found = (home / name for name in (PLAN_WORKBOOK, PLAN_TEXT))
    try:
        plan = plan_digest({path.name: path.read_bytes() for path in found if path.exists()})
    except OSError:
        return False
    if (program_digest(), asked, plan) != (last.program, last.asked, last.plan):
        return False
    return own_digest(home) == last.own


def own_digest(home: Path) -> str:
    """The office's own workbooks as they lie there."""
    registers = names.read_registers(home)
    return files_digest([(names.OFFICE, names.read_optional(home / names.OFFICE)), *registers])


def seen_before(home: Path, inbox: Path, day: date, last: LastRun, said: bytes) -> Mapping[str, Seen] | None:
    """The ledger that the run would leave, where it would read, know and compare with what the last one did."""
    files = [
        ReturnedFile(entry.path, entry.sha256, None if isinstance(entry.data, bytes) else entry.data, entry.member,
                     entry.mailed, entry.moment)
        for entry in drop.entries(inbox, home, day)
    ]  # fmt: skip
    seen = read_ledger(home)
    now = replace(
        last.rested_on,
        entries=digest(*map(entry_digest, files)),
        seen=seen_digest(seen, last.asked_of_runs),
        against=compared(home, said, {}).against,
    )
    return seen_by_now(seen, files, day) if now == last.rested_on else None
