"""Turns a run into what the screen says of it: few words and numbers, which a later run can read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.results import Outcome, RunResult, Verdict, label_counts
from thidua_xlsx.stages.office.office_open import open_questions

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """A run at a glance: its counts in the order in which they are told, and what the next step depends on.

    ``office_errors`` are place and sentence of each fault in the office's own workbooks; ``waiting`` questions are
    still to be answered by the office; ``ready`` says that the council could decide on it.
    """

    title: str
    round_name: str
    round: str
    exit_code: int
    files: Counts
    collectives: Counts
    individuals: Counts
    errors: int
    warnings: int
    notes: int
    missing: int
    waiting: int
    accepted: bool
    held: bool
    rejected: bool
    points_missing: bool
    ready: bool
    feedback: bool
    office_errors: tuple[tuple[str, str], ...]


def glance_of(result: RunResult, exit_code: int, register: bool, feedback: bool) -> Glance:
    """``register``: whether the awards asked about are known; ``feedback``: whether any was written."""
    found = Counter(item.severity for item in result.findings)
    verdicts = {item.verdict for item in result.files}
    points_missing = any(item.code is Code.POINTS_MISSING for item in result.findings)
    return Glance(
        result.plan.head.title,
        result.round.name,
        result.round.code,
        exit_code,
        counted(label_counts(result.files).items()),
        outcomes(result, "collective"),
        outcomes(result, "individual"),
        found[Severity.ERROR],
        found[Severity.WARNING],
        found[Severity.NOTE],
        len(result.missing),
        len(open_questions(result.decisions, result.plan)),
        Verdict.ACCEPTED in verdicts,
        Verdict.HELD in verdicts,
        Verdict.REJECTED in verdicts,
        points_missing,
        register and bool(result.standings) and not points_missing,
        feedback,
        tuple(office_errors(result)),
    )


def counted(items: Iterable[tuple[str, int]]) -> Counts:
    return tuple((label, count) for label, count in items if count)


def outcomes(result: RunResult, subject: str) -> Counts:
    found = Counter(item.outcome for item in result.decisions if item.nominee.subject == subject)
    return counted((outcome.value, found[outcome]) for outcome in Outcome)


def office_errors(result: RunResult) -> Iterable[tuple[str, str]]:
    """Faults in the office's own workbooks: nobody else corrects them."""
    for item in result.findings:
        own = item.place.file == names.OFFICE or names.is_register(item.place.file)
        if own and item.severity is Severity.ERROR:
            yield str(item.place), item.message


def kept_glance(glance: Glance) -> dict[str, Any]:
    """As it is kept: values of JSON."""
    return asdict(glance)


def glance_kept(kept: object) -> Glance | None:
    """What was kept, read back; None where that is no glance."""
    if not isinstance(kept, Mapping) or kept.keys() != {field.name for field in fields(Glance)}:
        return None
    told = {name: _tuples(value) for name, value in kept.items()}
    fit = all(FITS[str(field.type)](told[field.name]) for field in fields(Glance))
    return Glance(**told) if fit else None


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _pairs(value: object, second: type) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(item, tuple) and len(item) == 2 and type(item[0]) is str and type(item[1]) is second
        for item in value
    )


# By the type of a field, as it is written above.
FITS = {
    "str": lambda value: type(value) is str,
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "Counts": lambda value: _pairs(value, int),
    "tuple[tuple[str, str], ...]": lambda value: _pairs(value, str),
}
