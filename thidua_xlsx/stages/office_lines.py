"""Turns a plan, a round and what the office knows so far into the lines of its workbook: what it is asked, and said.

A line without an answer asks; ``read_office`` passes over it, so that prefilled lines do no harm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.form import Answer
from thidua_xlsx.model.office import CHOSEN, EVERY, YEARLY_INDEX, Given, Office, Reception
from thidua_xlsx.model.plan import Criterion, Index, Plan, Question, Round, Unit, applies
from thidua_xlsx.model.results import Decision, FileRecord, Nominee, Verdict
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.read_office import office_answers

ALL_UNITS, ALL_PEOPLE = "Mọi đơn vị", "Mọi người được đề nghị"
WAITING = (Verdict.ACCEPTED, Verdict.HELD, Verdict.SUPERSEDED)
CHOOSE_LABEL = "Xét người này ở đơn vị này (khi hai đơn vị cùng đề nghị)"


@dataclass(frozen=True, slots=True)
class PointLine:
    """One line of «Điểm thẩm định»; name, label and maximum are only shown."""

    unit: str
    code: str
    given: Given | None
    unit_name: str = ""
    label: str = ""
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of «Xác nhận»; ``answer`` says what may be typed, name and label are only shown."""

    unit: str
    order: str
    code: str
    given: Given | None
    answer: Answer | None = None
    name: str = ""
    label: str = ""


def reception_lines(office: Office, files: Iterable[FileRecord]) -> tuple[Reception, ...]:
    """What the office noted about files, then the files it has not yet spoken of."""
    noted = {item.sha256 for item in office.receptions} | {item.path for item in office.receptions if not item.sha256}
    fresh = []
    for item in files:
        path = item.path if item.member is None else f"{item.path}/{item.member}"
        if item.verdict in WAITING and item.sha256 not in noted and path not in noted:
            received: date | None = item.received_at if item.received_by == "thu" else None
            fresh.append(Reception(path, item.sha256, item.unit or "", received, "", "", ""))
    return (*office.receptions, *fresh)


def point_lines(plan: Plan, round_: Round, office: Office) -> tuple[PointLine, ...]:
    """The points that only the office can give, unit by unit, with whatever it has given besides."""
    asked = {unit.code: tuple(_points_asked(plan, round_, unit)) for unit in plan.units_of(round_)}
    prefilled = {(line.unit, line.code) for lines in asked.values() for line in lines}
    besides = defaultdict(list)
    for unit_code, code in office.points:
        if (unit_code, code) not in prefilled:
            besides[unit_code].append(code)
    lines: list[PointLine] = []
    for unit in plan.units:
        scorecard = {line.code: line for line in plan.criteria_of(round_, unit) if line.method}
        lines += asked.get(unit.code, ())
        lines += [_point_line(unit, code, scorecard.get(code), None) for code in besides.get(unit.code, ())]
    return tuple(replace(line, given=office.points.get((line.unit, line.code))) for line in lines)


def _points_asked(plan: Plan, round_: Round, unit: Unit) -> Iterator[PointLine]:
    """Survey lines, lines the office answers, and published indices where the round ranks by them."""
    for line in plan.criteria_of(round_, unit):
        office_only = line.method == "survey" or line.who_answers == "office"
        if line.method and office_only and line.code not in unit.not_applicable:
            yield _point_line(unit, line.code, line, None)
    if round_.rank_source != "this_return":
        first, last = plan.years_of(round_)
        for year in range(last if round_.rank_source == "office" else first, last + 1):
            yield _point_line(unit, f"{YEARLY_INDEX}{year}", None, f"Chỉ số đã công bố năm {year} (%)")


def _point_line(unit: Unit, code: str, line: Criterion | None, label: str | None) -> PointLine:
    return PointLine(
        unit.code, code, None, unit.name, label or (line.name if line else ""), line.max if line else Decimal(100)
    )


def answer_lines(plan: Plan, round_: Round, office: Office, decisions: Sequence[Decision]) -> tuple[AnswerLine, ...]:
    """Question by question, then index by index: every unit, every person; the office's answers where it gave any."""
    people = tuple(item.nominee for item in decisions if item.nominee.person and item.nominee.person.order is not None)
    asked = [*_units_asked(plan, round_), *_indices_asked(plan, round_), *_people_asked(plan, round_, people)]
    keys = {(line.unit, line.order, line.code) for line in asked}
    asked += [_extra(plan, round_, *key) for key in office.answers if key not in keys]
    place: dict[str, int] = {}
    for line in asked:
        place.setdefault(line.code, len(place))
    asked.sort(key=lambda line: place[line.code])  # stable: within a code the order of the plan stays
    return tuple(replace(line, given=office.answers.get((line.unit, line.order, line.code))) for line in asked)


def _asked_about(plan: Plan, round_: Round, question: Question, subject: str) -> tuple[Unit, ...]:
    """The units about which (or about whose persons) the office answers or confirms this question."""
    if question.subject != subject or question.who_answers == "unit" or not applies(question.rounds, round_.code):
        return ()
    return tuple(unit for unit in plan.units_of(round_) if applies(question.blocks, unit.block))


def _units_asked(plan: Plan, round_: Round) -> Iterator[AnswerLine]:
    """Questions about units that the office answers or confirms; one answer for all where only the office answers."""
    for question in plan.questions:
        units = _asked_about(plan, round_, question, "collective")
        if not units:
            continue
        answer = office_answers(plan, round_, units[0], "collective")[question.code]
        if question.who_answers == "office":
            yield AnswerLine(EVERY, "", question.code, None, answer, ALL_UNITS, question.label)
        for unit in units:
            yield AnswerLine(unit.code, "", question.code, None, answer, unit.name, question.label)


def _indices_asked(plan: Plan, round_: Round) -> Iterator[AnswerLine]:
    """This year's indices: a shared one once, the others for whoever holds them."""
    for unit in plan.units_of(round_)[:1]:
        for item in plan.indices_of(round_, unit):
            if EVERY in item.units:
                yield _index_line(plan, round_, unit, item, EVERY, ALL_UNITS)
    for unit in plan.units_of(round_):
        for item in plan.indices_of(round_, unit):
            if EVERY not in item.units and item.who_answers != "unit":
                yield _index_line(plan, round_, unit, item, unit.code, unit.name)


def _index_line(plan: Plan, round_: Round, unit: Unit, item: Index, code: str, name: str) -> AnswerLine:
    answer = office_answers(plan, round_, unit, "collective")[item.code]
    return AnswerLine(code, "", item.code, None, answer, name, f"{item.name}, năm nay (tối đa {item.max})")


def _people_asked(plan: Plan, round_: Round, people: Sequence[Nominee]) -> Iterator[AnswerLine]:
    """Questions about persons, one answer for all first; and which unit counts for whom two units put forward."""
    for question in plan.questions:
        units = _asked_about(plan, round_, question, "individual")
        if not units:
            continue
        answer = office_answers(plan, round_, units[0], "individual")[question.code]
        if question.who_answers == "office":
            yield AnswerLine(EVERY, EVERY, question.code, None, answer, ALL_PEOPLE, question.label)
        for nominee in people:
            if applies(question.blocks, nominee.unit.block):
                yield _person_line(nominee, question, answer)
    counts: dict[tuple[str, date | None], set[str]] = defaultdict(set)
    for nominee in people:
        counts[_identity(nominee)].add(nominee.unit.code)
    for nominee in people:
        if len(counts[_identity(nominee)]) > 1:
            answer = office_answers(plan, round_, nominee.unit, "individual")[CHOSEN]
            yield AnswerLine(nominee.unit.code, _order(nominee), CHOSEN, None, answer, _shown(nominee), CHOOSE_LABEL)


def _person_line(nominee: Nominee, question: Question, answer: Answer) -> AnswerLine:
    return AnswerLine(nominee.unit.code, _order(nominee), question.code, None, answer, _shown(nominee), question.label)


def _identity(nominee: Nominee) -> tuple[str, date | None]:
    return fold(nominee.name), nominee.person.birth if nominee.person else None


def _order(nominee: Nominee) -> str:
    return str(nominee.person.order) if nominee.person else ""


def _shown(nominee: Nominee) -> str:
    return f"{nominee.name} ({nominee.unit.name})"


def _extra(plan: Plan, round_: Round, unit_code: str, order: str, code: str) -> AnswerLine:
    """A line for an answer that the office gave without being asked for it here."""
    units = plan.units_of(round_) if unit_code == EVERY else tuple(filter(None, (plan.unit(unit_code),)))
    subject = "individual" if order else "collective"
    found = (office_answers(plan, round_, unit, subject).get(code) for unit in units)
    answer = next(filter(None, found), None)
    name = ALL_UNITS if unit_code == EVERY else units[0].name if units else ""
    return AnswerLine(unit_code, order, code, None, answer, name, answer.label if answer else "")
