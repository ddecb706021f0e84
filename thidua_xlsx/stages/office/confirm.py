"""Turns the office's answers and the units' own into findings where they contradict: the office's counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import INDICES, INFORMATION, PEOPLE
from thidua_xlsx.model.office import Given, Office, Reception
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.results import FileRecord
from thidua_xlsx.model.submission import AnswerRow, Mark, Value
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.stages.intake.merge import Counted
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import people_of

# (unit, the person's order or "", code), and the row and header of the cell in which the unit answered.
Declared = tuple[tuple[str, str, str], AnswerRow, str]


def office_contradictions(known: Known) -> tuple[Finding, ...]:
    """One warning at each of the unit's cells that says something else than ``co-quan.xlsx``.

    And one at each answer there about a person who no longer stands at that order: it counts for nobody.
    """
    units = {unit.code: unit for unit in known.plan.units}
    names = {
        (code, str(nominee.person.order)): nominee.name
        for code in sorted(known.counted.keys() & units.keys())
        for nominee in people_of(known.counted[code], units[code])
        if nominee.person and nominee.person.order is not None
    }
    contradicted = tuple(
        item
        for code in sorted(known.counted.keys() & units.keys())
        for (_, order, asked), row, header in _declared(known.plan, known.round, units[code], known.counted[code])
        if (given := known.office.answer(code, order, asked, names.get((code, order), "")))
        for item in _compare(code, row.marks[header], given)
    )
    misplaced = tuple(
        finding(Code.OFFICE_OTHER_PERSON, given.place, unit=unit, value=given.about, now=names[unit, order])
        for (unit, order, _), given in known.office.answers.items()
        if (unit, order) in names and not given.speaks_of(names[unit, order])
    )
    return contradicted + misplaced


def declared_answers(plan: Plan, round_: Round, counted: Iterable[Counted]) -> dict[tuple[str, str, str], str]:
    """What the units themselves answered, as people read it, by (unit, order or "", code)."""
    units = {unit.code: unit for unit in plan.units}
    return {
        key: _shown(said.value)
        for item in counted
        if item.submission.unit in units
        for key, row, header in _declared(plan, round_, units[item.submission.unit], item)
        if (said := row.under(header))
    }


def _declared(plan: Plan, round_: Round, unit: Unit, counted: Counted) -> Iterator[Declared]:
    """Every answer that the office might give otherwise: of the unit, of its indices, of its people."""
    given = counted.submission
    asked: list[tuple[str, str, AnswerRow | None, str]] = [
        ("", item.code, given.places.get((INFORMATION, item.code)), "Trả lời")
        for item in plan.questions_of(round_, unit, "collective")
    ]
    asked += [
        ("", item.code, given.places.get((INDICES, item.code)), "Năm nay") for item in plan.indices_of(round_, unit)
    ]
    questions = plan.questions_of(round_, unit, "individual")
    rows: dict[int, AnswerRow] = {row.row: row for row in given.sheet(PEOPLE)}
    for nominee in people_of(counted, unit):
        person = nominee.person
        if person and person.order is not None:
            asked += [(str(person.order), item.code, rows[person.row], item.label) for item in questions]
    for order, code, row, header in asked:
        said = row.under(header) if row else None
        if row and said and said.value is not None:
            yield (unit.code, order, code), row, header


def _compare(unit: str, mark: Mark, given: Given) -> Iterator[Finding]:
    if mark.value != given.value:
        yield finding(
            Code.OFFICE_CONTRADICTS,
            mark.place,
            unit=unit,
            value=_shown(mark.value),
            office=_shown(given.value),
            why=f" – {given.why}" if given.why else "",
        )


def _shown(value: Value) -> str:
    if isinstance(value, Decimal):
        return vietnamese(Fraction(value), 6)
    return date_text(value) if isinstance(value, date) else str(value)


def told_by_office(records: Iterable[FileRecord], office: Office) -> tuple[FileRecord, ...]:
    """Where the office decided on a file, or gave it to a unit, its record says so: what, why, who and when."""
    by_content = {item.sha256: item for item in reversed(office.receptions) if item.sha256}
    by_path = {item.path: item for item in reversed(office.receptions) if not item.sha256}

    def said(item: FileRecord) -> Reception | None:
        names = (item.name, item.path)
        found = (by_path.get(name) for name in names)
        return (by_content.get(item.sha256) if item.sha256 else None) or next(filter(None, found), None)

    return tuple(
        replace(item, message=f"{item.message} {words}".strip()) if (words := _decided(said(item))) else item
        for item in records
    )


def _decided(said: Reception | None) -> str:
    if said is None or not (said.decision or said.unit or said.reason):
        return ""
    parts = (said.decision, f"xác nhận là phiếu của {said.unit}" if said.unit else "", said.why)
    return f"Cơ quan thường trực: {'; '.join(part for part in parts if part)}."
