"""Turns what a run gathered and what it says into the proof that nothing got lost between the two, or a fault.

A sum that does not add up is our own mistake, never the office's: nothing may be published then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import islice

from thidua_xlsx.model.results import Outcome, RunResult
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.intake.receive import ReturnedFile
from thidua_xlsx.stages.judging.nominate import people_of


class NotAddedUp(Exception):
    """Something was seen and has no verdict or outcome, or has two."""


def account(files: Iterable[ReturnedFile], result: RunResult, merged: Merged) -> None:
    """Every entry has one verdict; every unit of the round and every person nominated has one outcome, with reasons."""
    _same(
        "entries and their verdicts",
        ((item.path, item.member) for item in files),
        ((item.path, item.member) for item in result.files),
    )
    units = {unit.code: unit for unit in result.plan.units_of(result.round)}
    counted = {item.submission.unit: item for item in merged.counted}
    of_units = [item for item in result.decisions if item.nominee.person is None]
    _same("units and their outcomes", units, (item.nominee.unit.code for item in of_units))
    _same(
        "units, returned or missing",
        units,
        [*(code for code in counted if code in units), *(unit.code for unit in result.missing)],
    )
    _same(
        "persons and their outcomes",
        (nominee for code, item in counted.items() if code in units for nominee in people_of(item, units[code])),
        (item.nominee for item in result.decisions if item.nominee.person),
    )
    _same(
        "valid returns and their points",
        (item.submission.unit for item in merged.counted if item.submission.valid),
        (item.unit.code for item in result.standings),
    )
    unexplained = [item.nominee.name for item in result.decisions if bool(item.reasons) == _needs_none(item.outcome)]
    if unexplained:
        raise NotAddedUp(f"reasons do not go with the outcome: {unexplained[:5]}")


def _needs_none(outcome: Outcome) -> bool:
    return outcome is Outcome.PROPOSED


def _same(what: str, seen: Iterable[Hashable], told: Iterable[Hashable]) -> None:
    first, second = Counter(iter(seen)), Counter(iter(told))
    if first != second:
        lost, added = (list(islice((one - other).elements(), 5)) for one, other in ((first, second), (second, first)))
        raise NotAddedUp(f"{what}: not told {lost}, told without being there {added}")
