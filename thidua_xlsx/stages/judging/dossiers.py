"""Turns the counting returns into the state of every paper: present, missing or not answered."""

from __future__ import annotations

from thidua_xlsx.model.form import DOSSIER, NO, YES
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import DossierItem
from thidua_xlsx.model.results import DossierState, Nominee
from thidua_xlsx.stages.forms.asking import papers_of
from thidua_xlsx.stages.intake.merge import Counted
from thidua_xlsx.stages.judging.facts import paper_mark
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import people_of


def dossier_states(known: Known) -> tuple[DossierState, ...]:
    """Papers of every returned unit and of every person it nominates, in the plan's order."""
    states = []
    for unit in sorted(known.plan.units_of(known.round), key=lambda unit: unit.code):
        counted = known.counted.get(unit.code)
        if counted is None:
            continue
        states += [
            _state(counted, Nominee(unit), item) for item in papers_of(known.plan, known.round, "both", "collective")
        ]
        states += [
            _state(counted, nominee, item)
            for nominee in people_of(counted, unit)
            for item in papers_of(known.plan, known.round, "individual")
        ]
    return tuple(states)


def _state(counted: Counted, nominee: Nominee, item: DossierItem) -> DossierState:
    mark = paper_mark(counted.submission, nominee, item)
    row = None if nominee.person else counted.submission.places.get((DOSSIER, item.code))
    numbered = row.under("Số, ngày văn bản") if row else None
    form = ", ".join(part for part in (f"Mẫu {item.form}" if item.form else "", item.decree or "") if part)
    return DossierState(
        nominee.unit,
        nominee.person,
        item.code,
        item.name,
        form,
        item.sets,
        {YES: True, NO: False}.get(str(mark.value)) if mark else None,
        str(numbered.value or "") if numbered else "",
        mark.place if mark else Place(),
    )
