"""Turns the part a unit plays into the answers of its form, sheet by sheet, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from thidua_xlsx.model.demo import Part, Role, Value
from thidua_xlsx.model.form import (
    COMPLETED,
    DONE,
    DOSSIER,
    INDICES,
    INFORMATION,
    NO,
    NOMINATES_ITSELF,
    NOT_DONE,
    PEOPLE,
    SCORES,
    STATE,
    TASKS,
    UNDER_WAY,
    YES,
)
from thidua_xlsx.model.plan import Plan, Question, Round, Unit
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.demo.figures import Scorecard
from thidua_xlsx.stages.demo.names import Invented
from thidua_xlsx.stages.demo.replies import bad, good
from thidua_xlsx.stages.forms.asking import answers_by_unit, papers_of

EVIDENCE = ("Kế hoạch số {}/KH", "Báo cáo số {}/BC", "Quyết định số {}/QĐ", "Công văn số {}/CV")
WHY_LESS = ("Còn hồ sơ trễ hạn do liên thông", "Đang hoàn thiện trong quý sau", "Biên chế thiếu so với được giao",
            "Hệ thống cập nhật chậm")  # fmt: skip
Answers = dict[tuple[str, str, str], Value]


@dataclass(frozen=True, slots=True)
class Case:
    """All that the answers of one unit are made from. ``slip`` names the one thing it does not pass, if any."""

    plan: Plan
    round: Round
    role: Role
    figures: Scorecard
    indices: Mapping[str, Decimal]
    people: tuple[Invented, ...]
    received: date
    chance: Random
    slip: str = ""

    @property
    def unit(self) -> Unit:
        return self.role.unit


def questions(case: Case, subject: str) -> tuple[Question, ...]:
    """The questions that the unit itself answers."""
    asked = case.plan.questions_of(case.round, case.unit, subject)
    return tuple(item for item in asked if answers_by_unit(item.who_answers))


def slips(plan: Plan, round_: Round, unit: Unit) -> list[str]:
    """What a unit may fail by its answers: a question that a gate rests on, or its tasks."""
    found = [
        item.code
        for item in plan.questions_of(round_, unit, "collective")
        if answers_by_unit(item.who_answers) and bad(plan, round_, item) is not None
    ]
    rates = any(gate.fact.startswith("tasks_") and gate.subject == "collective" for gate in plan.gates)
    return [*found, TASKS] if rates and plan.tasks_of(round_, unit) else found


def blanks(plan: Plan, round_: Round, unit: Unit) -> list[str]:
    """What a unit may leave blank without its form becoming invalid: optional answers that a gate rests on."""
    found = [
        item.code
        for item in plan.questions_of(round_, unit, "collective")
        if answers_by_unit(item.who_answers) and not item.required and bad(plan, round_, item) is not None
    ]
    held = [item.code for item in plan.indices_of(round_, unit) if unit.code in item.units]
    return [*found, *held]


def nominates(case: Case) -> bool:
    return case.role.part is not Part.NOT_NOMINATING


def fill(case: Case) -> Answers:
    """Every answer of one form."""
    answers: Answers = {}
    for write in (information, scores, tasks, indices, people, dossier):
        answers |= write(case)
    return answers


def information(case: Case) -> Answers:
    answers: Answers = {(INFORMATION, NOMINATES_ITSELF, "Trả lời"): YES if nominates(case) else NO}
    for question in questions(case, "collective"):
        value = good(case.plan, case.round, case.unit, question, case.chance)
        if case.slip == question.code:
            value = None if case.role.part is Part.UNPROVEN else bad(case.plan, case.round, question)
        if value is not None:
            answers[INFORMATION, question.code, "Trả lời"] = value
    return answers


def scores(case: Case) -> Answers:
    answers: Answers = {}
    for line in case.plan.criteria_of(case.round, case.unit):
        filled = case.figures.get(line.code)
        asked = line.method != "survey" and answers_by_unit(line.who_answers)
        if filled is None or not asked or line.code in case.unit.not_applicable:
            continue
        typed = (("Số liệu 1", filled.first), ("Số liệu 2", filled.second), ("Điểm tự chấm", filled.claim))
        answers |= {(SCORES, line.code, header): value for header, value in typed if value is not None}
        if line.evidence and case.chance.random() < 0.5:
            number = case.chance.randint(3, 180)
            text = f"{case.chance.choice(EVIDENCE).format(number)}-{case.unit.code}"
            answers[SCORES, line.code, "Tài liệu kiểm chứng"] = text
        if filled.points is not None and filled.points < line.max and case.chance.random() < 0.4:
            answers[SCORES, line.code, "Giải trình"] = case.chance.choice(WHY_LESS)
    return answers


def tasks(case: Case) -> Answers:
    """Tasks done in time, unless that is what the unit fails: one late, or one not done."""
    answers: Answers = {}
    years = case.plan.years_of(case.round)
    first, last = date(years[0], 1, 1), min(date(years[1], 12, 31), case.received)
    asked = case.plan.tasks_of(case.round, case.unit)
    missed = case.chance.choice(asked).code if asked and case.slip == TASKS else None
    for task in asked:
        due = min(task.due or last, last)
        when = max(first, due - timedelta(days=case.chance.randint(0, 25)))
        if task.code == missed and task.due and due + timedelta(days=15) <= last and case.chance.random() < 0.5:
            when = due + timedelta(days=case.chance.randint(5, 15))
        elif task.code == missed:
            answers[TASKS, task.code, STATE] = case.chance.choice((UNDER_WAY, NOT_DONE))
            continue
        answers[TASKS, task.code, STATE] = DONE
        answers[TASKS, task.code, COMPLETED] = when
        if case.chance.random() < 0.5:
            answers[TASKS, task.code, "Sản phẩm"] = case.chance.choice(EVIDENCE).format(case.chance.randint(3, 180))
    return answers


def indices(case: Case) -> Answers:
    return {
        (INDICES, item.code, "Năm nay"): case.indices[item.code]
        for item in case.plan.indices_of(case.round, case.unit)
        if answers_by_unit(item.who_answers) and item.code in case.indices and item.code != case.slip
    }


def people(case: Case) -> Answers:
    """One row a person; of a unit whose people do not pass, each fails one thing."""
    answers: Answers = {}
    papers = papers_of(case.plan, case.round, "individual")
    asked = questions(case, "individual")
    for order, somebody in enumerate(case.people, start=1):
        row: dict[str, Value | None] = {
            "Ông/Bà": somebody.title, "Họ và tên": somebody.name, "Ngày sinh": somebody.birth,
            "Chức vụ": somebody.position, "Bộ phận": somebody.section or None,
        }  # fmt: skip
        row |= {item.label: good(case.plan, case.round, case.unit, item, case.chance) for item in asked}
        row |= {item.name: YES for item in papers}
        if not case.role.people_pass or order > 3:
            row |= _one_failing(case, asked, [item.name for item in papers])
        answers |= {(PEOPLE, str(order), header): value for header, value in row.items() if value is not None}
    return answers


def _one_failing(case: Case, asked: tuple[Question, ...], papers: list[str]) -> dict[str, Value | None]:
    """A person's own slip: an answer, or a paper that is not there; now and then none."""
    ways: list[tuple[str, Value | None]] = [
        (item.label, value) for item in asked if (value := bad(case.plan, case.round, item)) is not None
    ]
    ways += [(name, NO) for name in papers]
    return dict([case.chance.choice(ways)]) if ways and case.chance.random() < 0.7 else {}


def dossier(case: Case) -> Answers:
    """The papers that somebody needs; of alternatives the first."""
    answers: Answers = {}
    items = [
        item
        for item in papers_of(case.plan, case.round, "collective", "both")
        if nominates(case) or (item.subject == "both" and case.people)
    ]
    lacking = case.chance.choice([item.any_of or item.code for item in items]) if items else ""
    groups: set[str] = set()
    for item in items:
        group = item.any_of or item.code
        there = group not in groups and not (case.role.part is Part.INCOMPLETE and group == lacking)
        groups.add(group)
        answers[DOSSIER, item.code, "Đã có"] = YES if there else NO
        if there:
            number, day = case.chance.randint(5, 260), case.received - timedelta(days=case.chance.randint(1, 20))
            answers[DOSSIER, item.code, "Số, ngày văn bản"] = f"{number}/{case.unit.code}, {date_text(day)}"
    return answers
