"""Turns what a run said (its JSON) and what lies in the drop folder now into how the round stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import date
from typing import Any

from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.model.returned import entry_name
from thidua_xlsx.model.status import RoundStatus, State, StrayFile, UnitStatus
from thidua_xlsx.stages.intake.deadlines import last_day

Said = dict[str, Any]
LATE = (Code.LATE.name, Code.LATE_REJECTED.name)
VERDICTS = {verdict.value: verdict for verdict in Verdict}
STRAY = (Verdict.FOREIGN, Verdict.REJECTED, Verdict.HELD)


def round_status(
    plan: Plan,
    round_: Round,
    today: date,
    run: str | None,
    said: Said,
    now: Iterable[tuple[str, str]],
    issued: Set[str],
    feedback: Set[str],
) -> RoundStatus:
    """The round as the run saw it, and what has changed since. ``now``: (name, SHA-256) of every entry to be read.

    ``issued`` and ``feedback`` are the codes of units with a blank, or a marked, workbook.
    """
    units = plan.units_of(round_)
    told = {str(item["unit"]) for item in said["decisions"]}
    new, gone = moved(said, now)
    return RoundStatus(
        plan,
        round_,
        today,
        run,
        tuple(unit_status(unit, said, issued, feedback) for unit in sorted(units, key=lambda unit: unit.code)),
        tuple(strays(said)),
        new,
        gone,
        tuple(sorted(told ^ {unit.code for unit in units})) if run else (),
        last_day(round_),
    )


def unit_status(unit: Unit, said: Said, issued: Set[str], feedback: Set[str]) -> UnitStatus:
    """One unit; only what concerns its accepted returns is counted as its errors."""
    files = [item for item in said["files"] if item["unit"] == unit.code]
    accepted = [item for item in files if item["verdict"] == Verdict.ACCEPTED.value]
    names = {name_of(item) for item in accepted}
    found = [item for item in said["findings"] if item["unit"] == unit.code and item["file"] in names]
    codes = {item["code"] for item in found}
    errors = places(found, Severity.ERROR)
    days = [date.fromisoformat(item["received_at"]) for item in accepted if item["received_at"]]
    return UnitStatus(
        unit,
        state_of(unit, said, files, errors),
        errors,
        places(found, Severity.WARNING),
        True if codes & set(LATE) else None if Code.RECEIPT_UNPROVEN.name in codes else False,
        max(days, default=None),
        tuple(sorted(name_of(item) for item in files)),
        unit.code in issued,
        unit.code in feedback,
    )


def state_of(unit: Unit, said: Said, files: list[Said], errors: int) -> State:
    """A return that counts comes first; one that waits for the office before one that cannot be used."""
    verdicts = {item["verdict"] for item in files}
    if Verdict.ACCEPTED.value in verdicts:
        own = (item for item in said["decisions"] if (item["unit"], item["person"]) == (unit.code, None))
        invalid = any(item["outcome"] == Outcome.INVALID.name for item in own)
        return State.FAULTY if errors or invalid else State.VALID
    if Verdict.HELD.value in verdicts:
        return State.HELD
    return State.UNUSABLE if Verdict.REJECTED.value in verdicts else State.NOT_RETURNED


def places(found: Iterable[Said], severity: Severity) -> int:
    """How many places the findings of a severity stand at; one without cells is one."""
    return sum(max(1, len(item["cells"])) for item in found if item["severity"] == severity.value)


def strays(said: Said) -> Iterator[StrayFile]:
    """Files that nobody can place: of no unit, and neither ignored nor a copy."""
    for item in said["files"]:
        verdict = VERDICTS[item["verdict"]]
        if verdict in STRAY and not item["unit"]:
            name = name_of(item)
            why = next((line["message"] for line in said["findings"] if line["file"] == name), verdict.label)
            yield StrayFile(name, verdict, why)


def moved(said: Said, now: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(came, went) since the run, by content; what has none (it could not be read) by name. Renaming is no change."""
    before = {item["sha256"] or name_of(item): name_of(item) for item in said["files"] if _read(item)}
    present = {digest or name: name for name, digest in now}
    came = sorted(name for key, name in present.items() if key not in before)
    return tuple(came), tuple(sorted(name for key, name in before.items() if key not in present))


def _read(item: Said) -> bool:
    # A blank form is ignored, but it is a return.
    return bool(item["verdict"] != Verdict.IGNORED.value or item["code"] == Code.BLANK_RETURN.name)


def name_of(item: Said) -> str:
    """The entry as findings name it."""
    return entry_name(item["path"], item["member"])
