"""Turns tasks, papers and places that a nominee lacks into the cells of its form that would give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from thidua_xlsx.model.form import COMPLETED, DONE, DOSSIER, ORDER, PEOPLE, STATE, TASKS, YES
from thidua_xlsx.model.plan import DossierItem, Task
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies, Need
from thidua_xlsx.model.results import Nominee
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.forms.asking import papers_of
from thidua_xlsx.stages.judging.facts import paper_mark
from thidua_xlsx.stages.judging.known import Known


def tasks(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """As many of the tasks missed as the rate asks, done and dated."""
    counted = known.counted.get(nominee.unit.code)
    mine = known.plan.tasks_of(known.round, nominee.unit)
    if counted is None or need.operator != "at_least":
        return None
    if not mine:
        free = next((task for task in known.plan.tasks if task.units), None)
        if free is None:
            return None
        units = "; ".join((*free.units, nominee.unit.code))
        place, label = free.source.at("units"), f"nhiệm vụ {free.code} giao cho đơn vị"
        given = Amendment(Lies.PLAN, ("task", free.code, "units"), units, label, place, "; ".join(free.units))
        return (given, send_anew(nominee))
    rows = {row.code: row for row in counted.submission.sheet(TASKS)}
    if any(task.code not in rows for task in mine):
        return (send_again(nominee),)
    mended = [_task(nominee, task, rows[task.code], need.name == "tasks_on_time") for task in mine]
    missed = [made for made in mended if made]
    most = len(mine) - -(-need.number * len(mine) // 100)
    return tuple(item for made in missed[: max(0, len(missed) - int(most))] for item in made)


def _task(nominee: Nominee, task: Task, row: AnswerRow, in_time: bool) -> Amendments:
    """What makes one task done (in time); () where it is."""
    state, when = row.marks[STATE], row.marks[COMPLETED]
    late = in_time and task.due is not None and (not isinstance(when.value, date) or when.value > task.due)
    made = []
    if state.value != DONE:
        made.append(_cell(nominee, TASKS, task.code, STATE, DONE, state))
    if late or when.value is None:
        low, high = when.answer.low or date.min, when.answer.high or date.max
        day = max(low, min(task.due or high, high))
        made += [_cell(nominee, TASKS, task.code, COMPLETED, day, when)] if made or late else []
    return tuple(made)


def _cell(nominee: Nominee, sheet: str, code: str, header: str, to: str | date, mark: Mark) -> Amendment:
    key = (nominee.unit.code, sheet, code, header)
    return Amendment(Lies.FORM, key, to, f"«{header}» của {code}", mark.place, shown_now(mark))


def papers(known: Known, nominee: Nominee, _need: Need) -> Amendments | None:
    """Every paper that is missing; of alternatives the first."""
    counted = known.counted.get(nominee.unit.code)
    if counted is None:
        return None
    groups: dict[str, list[DossierItem]] = {}
    for item in papers_of(known.plan, known.round, "both", nominee.subject):
        groups.setdefault(item.any_of or item.code, []).append(item)
    made = [_paper(counted.submission, nominee, group) for group in groups.values()]
    return None if None in made else tuple(item for item in made if isinstance(item, Amendment))


def _paper(given: Submission, nominee: Nominee, group: list[DossierItem]) -> Amendment | bool | None:
    """The cell of the first paper of a group; False where one is there, None where the form has no such cell."""
    marks = [paper_mark(given, nominee, item) for item in group]
    if any(mark and mark.value == YES for mark in marks):
        return False
    item, mark = group[0], marks[0]
    if mark is None:
        return None
    own = item.subject == "individual" and nominee.person is not None
    sheet, code = (PEOPLE, str(nominee.person.order)) if own and nominee.person else (DOSSIER, item.code)
    header = item.name if own else "Đã có"
    return Amendment(
        Lies.FORM, (nominee.unit.code, sheet, code, header), YES, f"«{item.name}» (Đã có)", mark.place, shown_now(mark)
    )


def priority(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """The order in which the unit puts its people forward; whoever holds the place wanted takes ours."""
    person, counted = nominee.person, known.counted.get(nominee.unit.code)
    wanted = int(need.number) - need.above
    if person is None or person.order is None or counted is None or wanted < 1:
        return None
    unit = nominee.unit.code
    made = [Amendment(Lies.FORM, (unit, PEOPLE, "", ORDER), str(wanted), "thứ tự", person.place, str(person.order))]
    other = next((row for row in counted.submission.sheet(PEOPLE) if row.code == str(wanted)), None)
    if other:
        place = replace(person.place, cell=person.place.cell.rstrip("0123456789") + str(other.row))
        label = "thứ tự của người đang ở thứ tự đó"
        made.append(Amendment(Lies.FORM, (unit, PEOPLE, "", ORDER), str(person.order), label, place, other.code))
    return tuple(made)


def shown_now(mark: Mark) -> str:
    """What stands in a cell, as its reader sees it."""
    return date_text(mark.value) if isinstance(mark.value, date) else mark.text or "để trống"


def send_again(nominee: Nominee) -> Amendment:
    """The form, issued anew, filled in and sent."""
    return Amendment(Lies.RETURN, (nominee.unit.code,), None, "gửi lại phiếu, điền đủ mọi sheet đã phát hành")


def send_anew(nominee: Nominee) -> Amendment:
    """The form that an amended plan issues, with what the unit has answered before and what is asked anew."""
    return Amendment(
        Lies.RETURN, (nominee.unit.code,), None, "nhận phiếu phát hành lại theo kế hoạch đã sửa, điền và gửi"
    )
