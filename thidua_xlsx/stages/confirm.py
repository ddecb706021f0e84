"""Turns the office's answers and the units' own into findings where they contradict: the office's counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import INDICES, INFORMATION, PEOPLE
from thidua_xlsx.model.submission import AnswerRow, Mark, Value
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.stages.facts import Known
from thidua_xlsx.stages.nominate import people_of


def office_contradictions(known: Known) -> tuple[Finding, ...]:
    """One warning at each of the unit's cells that says something else than ``co-quan.xlsx``."""
    return tuple(item for code in sorted(known.counted) for item in _of_unit(known, code))


def _of_unit(known: Known, code: str) -> Iterator[Finding]:
    counted, unit = known.counted[code], known.plan.unit(code)
    if unit is None:
        return
    for question in known.plan.questions_of(known.round, unit, "collective"):
        yield from _compare(
            known, code, "", question.code, counted.submission.mark(INFORMATION, question.code, "Trả lời")
        )
    for item in known.plan.indices_of(known.round, unit):
        yield from _compare(known, code, "", item.code, counted.submission.mark(INDICES, item.code, "Năm nay"))
    rows: dict[int, AnswerRow] = {row.row: row for row in counted.submission.sheet(PEOPLE)}
    for nominee in people_of(counted, unit):
        person = nominee.person
        if person and person.order is not None:
            for question in known.plan.questions_of(known.round, unit, "individual"):
                yield from _compare(
                    known, code, str(person.order), question.code, rows[person.row].marks.get(question.label)
                )


def _compare(known: Known, unit: str, order: str, code: str, mark: Mark | None) -> Iterator[Finding]:
    given = known.office.answer(unit, order, code)
    if given and mark and mark.value is not None and mark.value != given.value:
        yield finding(
            Code.OFFICE_CONTRADICTS,
            mark.place,
            unit=unit,
            value=_shown(mark.value),
            office=_shown(given.value),
        )


def _shown(value: Value) -> str:
    if isinstance(value, Decimal):
        return vietnamese(Fraction(value), 6)
    return date_text(value) if isinstance(value, date) else str(value)
