"""Turns everything known about one nominee into named facts: a value, or why it is unknown, and where it stands.

The names are the vocabulary of the plan language (``language.FACTS``, codes of questions and indices, traits);
``unit.<fact>`` is a person's unit. Blank is unknown, never no and never zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import COMPLETED, DONE, DOSSIER, INFORMATION, NO, PEOPLE, STATE, TASKS, YES
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import DossierItem, Gate, Index, Plan, Question
from thidua_xlsx.model.results import Fact, Nominee
from thidua_xlsx.model.submission import Mark, Submission
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.stages.forms.asking import answers_by_unit, index_option, papers_of
from thidua_xlsx.stages.judging.index_facts import year_on_year
from thidua_xlsx.stages.judging.known import Known

REGISTER_FILE = "lich-su.xlsx"


def shown_number(value: Fraction, decimals: int) -> str:
    return vietnamese(value, max(decimals, 2))


def yes(name: str, value: bool, places: tuple[Place, ...] = ()) -> Fact:
    word = YES if value else NO
    return Fact(name, word, word, places=places)


def unknown(name: str, why: str, places: tuple[Place, ...] = ()) -> Fact:
    return Fact(name, None, "chưa rõ", why, places)


def value_of(question: Question, plan: Plan, raw: Decimal | str | date) -> tuple[Fraction | str, str]:
    """(exact value, how it is shown) of an answered question."""
    if isinstance(raw, Decimal):
        shown = vietnamese(Fraction(raw), 6) + (" %" if question.type == "percent" else "")
        return Fraction(raw), shown
    if isinstance(raw, date):
        return raw.isoformat(), date_text(raw)
    if question.type == "level":
        level = next((item for item in plan.scale(question.scale or "") if item.label == raw), None)
        return (level.code if level else raw), raw
    if question.type == "index":
        item = next((item for item in plan.indices if index_option(item) == raw), None)
        return (item.code if item else raw), raw
    return raw, raw


def question_fact(known: Known, nominee: Nominee, question: Question) -> Fact:
    """The answer of the unit, unless the office gave one: the office's counts (DESIGN §4)."""
    unit, person = nominee.unit, nominee.person
    order = str(person.order) if person and person.order is not None else ""
    name = person.name if person else ""
    given = known.office.answer(unit.code, order, question.code, name) if (person is None or order) else None
    counted = known.counted.get(unit.code)
    mark = answer_mark(counted.submission if counted else None, nominee, question)
    if given is None and (mark is None or mark.value is None):
        who = "cơ quan thường trực chưa xác nhận" if not answers_by_unit(question.who_answers) else "phiếu để trống"
        return unknown(question.code, who, (mark.place,) if mark else ())
    raw = given.value if given else mark.value if mark else None
    assert raw is not None
    value, shown = value_of(question, known.plan, raw)
    provisional = question.type == "level" and known.before_year_end
    place = given.place if given else mark.place if mark else Place()
    return Fact(
        question.code,
        value,
        shown + (" (tạm thời)" if provisional else ""),
        places=(place,),
        provisional=provisional,
        unconfirmed=given is None and question.who_answers == "both",
    )


def answer_mark(submission: Submission | None, nominee: Nominee, question: Question) -> Mark | None:
    """The cell in which the unit answers a question about itself or one of its people."""
    if submission is None or not answers_by_unit(question.who_answers):
        return None
    if nominee.person is None:
        return submission.mark(INFORMATION, question.code, "Trả lời")
    row = next((row for row in submission.sheet(PEOPLE) if row.row == nominee.person.row), None)
    return row.marks.get(question.label) if row else None


def indices_asked(known: Known, nominee: Nominee, scope: str) -> tuple[Index, ...]:
    """The indices a gate speaks of: those the unit holds, or those the nominee named in its form."""
    held = tuple(item for item in known.plan.indices_of(known.round, nominee.unit) if "*" not in item.units)
    if scope != "asked":
        return held
    questions = [
        item for item in known.plan.questions_of(known.round, nominee.unit, nominee.subject) if item.type == "index"
    ]
    named = {question_fact(known, nominee, item).value for item in questions}
    return tuple(item for item in known.plan.indices if item.code in named)


def task_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    """Rates over the unit's tasks, %: completed, or completed by their due date. Over nothing: unknown."""
    counted = known.counted.get(nominee.unit.code)
    tasks = known.plan.tasks_of(known.round, nominee.unit)
    rows = [counted.submission.places.get((TASKS, task.code)) for task in tasks] if counted else []
    if not rows or None in rows:
        return unknown(name, "không có nhiệm vụ được giao trong kế hoạch")
    done, missed = 0, []
    for task, row in zip(tasks, filter(None, rows), strict=True):
        state, when = row.under(STATE), row.under(COMPLETED)
        good = state is not None and state.value == DONE
        if good and name == "tasks_on_time" and task.due and when and isinstance(when.value, date):
            good = when.value <= task.due
        done += good
        if not good and state:
            missed.append(row.marks[COMPLETED if state.value == DONE and when else STATE].place)
    rate = Fraction(done * 100, len(tasks))
    return Fact(
        name,
        rate,
        f"{shown_number(rate, known.plan.head.decimals)} % ({done}/{len(tasks)} nhiệm vụ)",
        places=tuple(missed),
    )


def standing_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    """Points, index, class and ranks of the unit, from its standing."""
    standing = known.standings.get(nominee.unit.code)
    if standing is None:
        return unknown(name, "đơn vị chưa có kết quả chấm điểm")
    value = {
        "points": standing.points,
        "index": standing.index,
        "class": standing.level,
        "rank": standing.rank,
        "rank_in_block": standing.rank_in_block,
        "rank_gain": standing.rank_gain,
    }[name]
    if value is None:
        waits = (
            "chưa có hạng năm trước" if name == "rank_gain" and standing.rank_in_block else "chưa đủ điểm để xếp hạng"
        )
        return unknown(name, waits)
    if isinstance(value, str):
        label = next(
            (level.label for level in known.plan.scale(known.plan.head.class_scale or "") if level.code == value),
            value,
        )
        provisional = known.before_year_end
        return Fact(name, value, label + (" (tạm thời)" if provisional else ""), provisional=provisional)
    number = shown_number(Fraction(value), known.plan.head.decimals)
    shown = {
        "rank": f"hạng {number}",
        "rank_in_block": f"hạng {number} trong khối",
        "rank_gain": f"tăng {number} bậc" if value >= 0 else f"giảm {number.lstrip('-')} bậc",
        "index": f"{number} %",
        "points": f"{number} điểm",
    }[name]
    return Fact(name, Fraction(value), shown)


def award_fact(known: Known, nominee: Nominee, name: str, gate: Gate | None) -> Fact:
    """How often the nominee was given the form, by achievement year or by decision date, from the register."""
    if not known.register.known:
        return unknown(name, f"chưa có sổ khen thưởng {REGISTER_FILE}")
    person = nominee.person
    first, last = (gate.from_year if gate else None) or 0, (gate.to_year if gate else None) or 9999
    places: list[Place] = []
    undated: list[Place] = []
    for award in known.register.awards:
        year = award.year if name == "prior_awards" else award.decided.year if award.decided else None
        same_form = gate is None or gate.award is None or fold(award.award) == fold(gate.award)
        if person is None:
            same = award.subject == COLLECTIVE and award.unit == nominee.unit.code
        else:
            same = award.subject == INDIVIDUAL and fold(award.name) == fold(person.name) and award.birth == person.birth
        if same and same_form and year is None:
            undated.append(award.place)
        elif same and same_form and year is not None and first <= year <= last:
            places.append(award.place)
    if undated:
        return unknown(name, f"{REGISTER_FILE} chưa ghi ngày quyết định", tuple(undated))
    return Fact(name, Fraction(len(places)), f"{len(places)} lần", places=tuple(places))


def dossier_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    """Complete when every paper asked is there; of a group of alternatives one is enough."""
    counted = known.counted.get(nominee.unit.code)
    items = papers_of(known.plan, known.round, "both", nominee.subject)
    states = {item.code: paper_mark(counted.submission, nominee, item) if counted else None for item in items}
    groups: dict[str, list[DossierItem]] = {}
    for item in items:
        groups.setdefault(item.any_of or item.code, []).append(item)
    missing: list[str] = []
    blank: list[str] = []
    places: list[Place] = []
    for group in groups.values():
        values = [mark.value if (mark := states[item.code]) else None for item in group]
        if YES in values:
            continue
        (blank if None in values else missing).append(" hoặc ".join(item.name for item in group))
        places += [mark.place for item in group if (mark := states[item.code])]
    if missing:
        return Fact(name, NO, "thiếu: " + "; ".join(missing), places=tuple(places))
    if blank:
        return unknown(name, "chưa trả lời về: " + "; ".join(blank), tuple(places))
    return Fact(name, YES, "đủ thành phần")


def paper_mark(submission: Submission, nominee: Nominee, item: DossierItem) -> Mark | None:
    """The answer "Đã có" of one paper, on ``Hồ sơ`` or in the person's own row."""
    if item.subject != "individual":
        return submission.mark(DOSSIER, item.code, "Đã có")
    row = next((row for row in submission.sheet(PEOPLE) if nominee.person and row.row == nominee.person.row), None)
    return row.marks.get(item.name) if row else None


def on_time_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    counted = known.counted.get(nominee.unit.code)
    if counted is None or counted.in_time is None:
        return unknown(name, "chưa có căn cứ về ngày nhận phiếu")
    received = counted.received.received
    fact = yes(name, counted.in_time, (Place(counted.submission.file),))
    return fact._replace(shown=f"nhận ngày {date_text(received)}" if received else "đúng hạn")


def priority_fact(_: Known, nominee: Nominee, name: str) -> Fact:
    if nominee.person is None or nominee.person.order is None:
        return unknown(name, "chưa ghi thứ tự ưu tiên")
    return Fact(name, Fraction(nominee.person.order), f"thứ tự {nominee.person.order}", places=(nominee.person.place,))


def has_index_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    return yes(name, bool(indices_asked(known, replace(nominee, person=None), "all")))


def dissolved_fact(known: Known, nominee: Nominee, name: str) -> Fact:
    gone = nominee.unit.dissolved_on
    fact = yes(name, gone is not None and gone <= known.decided)
    return fact._replace(shown=f"giải thể từ {date_text(gone)}") if gone and fact.value == YES else fact


def _awards(known: Known, nominee: Nominee, name: str) -> Fact:
    return award_fact(known, nominee, name, None)


READERS: dict[str, Callable[[Known, Nominee, str], Fact]] = {
    **dict.fromkeys(("points", "index", "class", "rank", "rank_in_block", "rank_gain"), standing_fact),
    **dict.fromkeys(("tasks_completed", "tasks_on_time"), task_fact),
    **dict.fromkeys(("prior_awards", "prior_awards_by_decision"), _awards),
    "has_index": has_index_fact,
    "dossier_complete": dossier_fact,
    "on_time": on_time_fact,
    "priority": priority_fact,
    "dissolved": dissolved_fact,
}


def fact(known: Known, nominee: Nominee, name: str, gate: Gate | None = None) -> Fact:
    """The fact a plan names, for this nominee. Index facts with their comparison are the screen's own."""
    if name.startswith(UNIT_PREFIX):
        return fact(known, replace(nominee, person=None), name.removeprefix(UNIT_PREFIX), gate)
    if name in ("prior_awards", "prior_awards_by_decision"):
        return award_fact(known, nominee, name, gate)
    if name in READERS:
        return READERS[name](known, nominee, name)
    question = next(
        (item for item in known.plan.questions_of(known.round, nominee.unit, nominee.subject) if item.code == name),
        None,
    )
    if question:
        return question_fact(known, nominee, question)
    index = next((item for item in known.plan.indices if item.code == name), None)
    if index:
        change = year_on_year(known, nominee.unit.code, index)
        places = (change.place,) if change.place else ()
        if change.this_year is None:
            return unknown(name, change.why_unknown(), places)
        shown = vietnamese(change.this_year, 4)
        return Fact(name, change.this_year, shown, places=places, unconfirmed=change.unconfirmed)
    return yes(name, name in nominee.unit.traits)
