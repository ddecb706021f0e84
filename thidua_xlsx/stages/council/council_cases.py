"""Turns what a run said, as its ``ket-qua.json`` has it, into the cases that the council decides on.

The run is what the council had before it; what is known today (``now``) is asked again only about whom it awards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua_xlsx.model.council import Ballot, ballot_code
from thidua_xlsx.model.plan import Plan, Quota, Unit
from thidua_xlsx.model.results import Decision, Nominee, Outcome, Person

# Those whom the council is asked about.
ASKED = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)


@dataclass(frozen=True, slots=True)
class Case:
    """One nominee before the council: what the run said of it, and what is known of it today (None: it is gone).

    ``place`` counts from 1 in the order of its quota; equals share one.
    """

    nominee: Nominee
    proposed: Outcome
    quota: Quota | None
    award: str
    place: int
    now: Decision | None
    ballot: Ballot

    @property
    def name(self) -> str:
        """As the sentences name it: a person with its unit."""
        unit = self.nominee.unit.name
        return f"{self.nominee.name} ({unit})" if self.nominee.person else unit


def cases_of(plan: Plan, said: Mapping[str, Any], now: Iterable[Decision]) -> tuple[Case, ...]:
    """The cases of the run, collectives first, in the order of the quota rows, best first."""
    quotas = {quota.code: quota for quota in plan.quotas}
    known = {_key(item.nominee): item for item in now}
    units = {unit.code: unit for unit in plan.units}
    cases = []
    for entry in said["decisions"]:
        proposed = Outcome[entry["outcome"]]
        if proposed not in ASKED:
            continue
        found = known.get((entry["unit"], *_person_key(entry["person"])))
        nominee = found.nominee if found else _nominee(units, entry)
        quota = quotas.get(entry["quota"] or "")
        place = (found.place if found else None) or 0
        cases.append(Case(nominee, proposed, quota, entry["award"] or "", place, found, Ballot(ballot_code(nominee))))
    rows = {quota.code: number for number, quota in enumerate(plan.quotas)}
    return tuple(sorted(cases, key=lambda case: _order(case, rows)))


def _order(case: Case, rows: Mapping[str, int]) -> tuple[object, ...]:
    person = case.nominee.person
    return (
        person is not None,
        rows.get(case.quota.code, len(rows)) if case.quota else len(rows),
        ASKED.index(case.proposed),
        case.place,
        case.nominee.unit.code,
        (person.order or 0, person.name) if person else (),
    )


def _key(nominee: Nominee) -> tuple[object, ...]:
    person = nominee.person
    if person is None:
        return nominee.unit.code, None
    return nominee.unit.code, person.order, person.name, person.birth.isoformat() if person.birth else None


def _person_key(person: Mapping[str, Any] | None) -> tuple[object, ...]:
    return (None,) if person is None else (person["order"], person["name"], person["birth"])


def _nominee(units: Mapping[str, Unit], entry: Mapping[str, Any]) -> Nominee:
    """Somebody of whom nothing is known today beyond what the run said."""
    person, code = entry["person"], entry["unit"]
    unit = units.get(code) or Unit(code=code, name=code, block="")
    if person is None:
        return Nominee(unit)
    birth = date.fromisoformat(person["birth"]) if person["birth"] else None
    return Nominee(unit, Person(person["order"], person["name"], birth))
