"""Turns questions and indices into the lines of «Xác nhận»: what the office answers or confirms, of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from thidua_xlsx.model.form import Answer
from thidua_xlsx.model.office import CHOSEN, CONFIRMATION, EVERY, OFFICE_SHOWN
from thidua_xlsx.model.plan import Question, Unit, applies
from thidua_xlsx.model.results import Nominee
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.office.kept_rows import Key
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.office_line import Beside, Line, coded_line

ALL_UNITS, ALL_PEOPLE = "Mọi đơn vị", "Mọi người được đề nghị"
CHOOSE_LABEL = "Xét người này ở đơn vị này (khi hai đơn vị cùng đề nghị)"
NO_PERSON = "Phiếu đang tính không có người ở thứ tự này; dòng được giữ lại."


def answer_lines(
    asked: OfficeAsked, beside: Beside, people: Sequence[Nominee], kept: Sequence[Key]
) -> tuple[Line, ...]:
    """Question by question, then index by index: every unit, every person; then what was answered besides."""
    lines = [*_units_asked(asked), *_indices_asked(asked), *_people_asked(asked, people)]
    there = {line.key for line in lines}
    lines += filter(None, (_unasked(asked, key, bool(people)) for key in dict.fromkeys(kept) if key not in there))
    place: dict[str, int] = {}
    for line in lines:
        place.setdefault(line.key[2], len(place))
    lines.sort(key=lambda line: place[line.key[2]])  # stable: within a code the order of the plan stays
    declared = OFFICE_SHOWN[CONFIRMATION][2]
    return tuple(
        replace(line, shown={**line.shown, declared: own})
        if (own := beside.declared.get((line.key[0], line.key[1], line.key[2])))
        else line
        for line in lines
    )


def _answer_line(unit: str, order: str, code: str, answer: Answer, name: str, label: str, note: str = "") -> Line:
    shown = dict(zip(OFFICE_SHOWN[CONFIRMATION], (name, label, "", note), strict=True))
    return coded_line(CONFIRMATION, {"Đơn vị": unit, "Thứ tự": order, "Mã": code}, shown, answer)


def _asked_about(asked: OfficeAsked, question: Question, subject: str) -> tuple[Unit, ...]:
    """The units about which (or about whose persons) the office answers or confirms this question."""
    unasked = question.subject != subject or question.who_answers == "unit"
    if unasked or not applies(question.rounds, asked.round.code):
        return ()
    return tuple(unit for unit in asked.plan.units_of(asked.round) if applies(question.blocks, unit.block))


def _units_asked(asked: OfficeAsked) -> Iterator[Line]:
    """Questions about units that the office answers or confirms; one answer for all where only the office answers."""
    for question in asked.plan.questions:
        units = _asked_about(asked, question, "collective")
        if not units:
            continue
        answer = asked.answers(units[0], "collective")[question.code]
        if question.who_answers == "office":
            yield _answer_line(EVERY, "", question.code, answer, ALL_UNITS, question.label)
        for unit in units:
            yield _answer_line(unit.code, "", question.code, answer, unit.name, question.label)


def _indices_asked(asked: OfficeAsked) -> Iterator[Line]:
    """This year's indices: a shared one once, the others for whoever holds them."""
    plan, round_ = asked.plan, asked.round
    units = plan.units_of(round_)
    shared = [item for unit in units[:1] for item in plan.indices_of(round_, unit) if EVERY in item.units]
    held = [
        (unit, item)
        for unit in units
        for item in plan.indices_of(round_, unit)
        if EVERY not in item.units and item.who_answers != "unit"
    ]
    for code, name, unit, item in (
        *((EVERY, ALL_UNITS, units[0], item) for item in shared),
        *((unit.code, unit.name, unit, item) for unit, item in held),
    ):
        label = f"{item.name}, năm nay (tối đa {item.max})"
        yield _answer_line(code, "", item.code, asked.answers(unit, "collective")[item.code], name, label)


def _people_asked(asked: OfficeAsked, people: Sequence[Nominee]) -> Iterator[Line]:
    """Questions about persons, one answer for all first; and which unit counts for whom two units put forward."""
    for question in asked.plan.questions:
        units = _asked_about(asked, question, "individual")
        if not units:
            continue
        answer = asked.answers(units[0], "individual")[question.code]
        if question.who_answers == "office":
            yield _answer_line(EVERY, EVERY, question.code, answer, ALL_PEOPLE, question.label)
        for nominee in people:
            if applies(question.blocks, nominee.unit.block):
                yield _person_line(nominee, question.code, answer, question.label)
    counts: dict[tuple[str, date | None], set[str]] = defaultdict(set)
    for nominee in people:
        counts[_identity(nominee)].add(nominee.unit.code)
    for nominee in people:
        if len(counts[_identity(nominee)]) > 1:
            answer = asked.answers(nominee.unit, "individual")[CHOSEN]
            yield _person_line(nominee, CHOSEN, answer, CHOOSE_LABEL)


def _person_line(nominee: Nominee, code: str, answer: Answer, label: str) -> Line:
    order = str(nominee.person.order) if nominee.person else ""
    return _answer_line(nominee.unit.code, order, code, answer, f"{nominee.name} ({nominee.unit.name})", label)


def _identity(nominee: Nominee) -> tuple[str, date | None]:
    return fold(nominee.name), nominee.person.birth if nominee.person else None


def _unasked(asked: OfficeAsked, key: Key, people_known: bool) -> Line | None:
    """A line for an answer that the office gave without being asked for it here; None when it has no meaning here."""
    code, order, question = key
    unit = asked.units.get(code)
    if unit is None and code != EVERY:
        return None
    answer = asked.answers(unit, "individual" if order else "collective").get(question)
    if answer is None:
        return None
    note = NO_PERSON if people_known and order and EVERY not in (order, code) else ""
    return _answer_line(code, order, question, answer, unit.name if unit else ALL_UNITS, answer.label, note)
