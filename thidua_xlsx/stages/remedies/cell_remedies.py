"""Turns the errors of a return into one right answer for each faulty cell, as an example of what would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.findings import Code, Finding, Severity
from thidua_xlsx.model.form import FIGURES, LONGEST_TEXT, ORDER, PEOPLE, YES, Asks
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies
from thidua_xlsx.model.results import Nominee
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.remedies.form_remedies import send_again, shown_now

Example = Decimal | str | date


def mend(known: Known, nominee: Nominee) -> Amendments:
    """An answer for every cell that makes the return, or this person's row, invalid.

    A fault that lies in no cell (a sheet, a heading or a row is gone) is mended by sending the form again.
    """
    given = known.counted[nominee.unit.code].submission
    rows = {mark.place: (row, header) for row in given.rows for header, mark in row.marks.items()}
    people = {Place(given.file, PEOPLE, f"A{row.row}"): row for row in given.sheet(PEOPLE)}
    made: list[Amendment] = []
    person_row = nominee.person.row if nominee.person else None
    for item in given.findings:
        if item.severity is not Severity.ERROR or item.person_row not in (None, person_row):
            continue
        if item.code is Code.SAME_PERSON_TWICE:
            made.append(_whole_row(nominee, given, item))
        elif item.place in rows:
            row, header = rows[item.place]
            made.append(_cell(known, nominee, row, header, item.code))
        elif item.place in people:
            made.append(_order(nominee, given, people[item.place], item.place, len(made)))
        else:
            return (replace(send_again(nominee), place=item.place),)
    return tuple(made)


def _cell(known: Known, nominee: Nominee, row: AnswerRow, header: str, code: Code) -> Amendment:
    mark = row.marks[header]
    key = (nominee.unit.code, row.sheet, row.code, header)
    to = example(known, row, header, code)
    label = f"«{mark.answer.label}»" + (f" của {row.code}" if row.code and row.sheet != PEOPLE else "")
    return Amendment(Lies.FORM, key, to, label, mark.place, shown_now(mark), example=True)


def _whole_row(nominee: Nominee, given: Submission, item: Finding) -> Amendment:
    """The second row of a person, left blank."""
    place = Place(given.file, item.place.sheet, f"A{item.person_row}")
    return Amendment(Lies.FORM, (nominee.unit.code, PEOPLE, "", ""), None, "xóa dòng", place, item.value)


def _order(nominee: Nominee, given: Submission, row: AnswerRow, place: Place, before: int) -> Amendment:
    """The next order that nobody has."""
    taken = [int(other.code) for other in given.sheet(PEOPLE) if other.code]
    key = (nominee.unit.code, PEOPLE, "", ORDER)
    return Amendment(
        Lies.FORM, key, str(max(taken, default=0) + 1 + before), "thứ tự", place, row.code or "để trống", example=True
    )


def example(known: Known, row: AnswerRow, header: str, code: Code) -> Example:
    """A right answer: as near to what was typed as the fault tells, else the least that the cell allows."""
    mark = row.marks[header]
    answer = mark.answer
    if isinstance(mark.value, str) and code is Code.TOO_LONG:
        return mark.value[:LONGEST_TEXT]
    if isinstance(mark.value, Decimal) and answer.step and code is Code.NOT_IN_STEPS:
        return mark.value // answer.step * answer.step
    if isinstance(mark.value, Decimal) and code is Code.ABOVE_MAXIMUM and answer.maximum is not None:
        return answer.maximum
    if answer.asks is Asks.YES_NO:
        return YES
    if answer.asks is Asks.CHOICE:
        return answer.options[0]
    if answer.asks is Asks.DATE:
        return _day(known, row, mark)
    if answer.asks in (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT):
        return _number(row, header, mark)
    return "…"


def _day(known: Known, row: AnswerRow, mark: Mark) -> date:
    due = next((task.due for task in known.plan.tasks if task.code == row.code), None)
    day = mark.value if isinstance(mark.value, date) else due or known.today
    return max(mark.answer.low or date.min, min(day, mark.answer.high or date.max))


def _number(row: AnswerRow, header: str, mark: Mark) -> Decimal:
    """A part no greater than its whole, a whole no smaller than its part and never nothing; else the least."""
    least = mark.answer.minimum or Decimal(0)
    whole = row.marks.get(FIGURES[1])
    if header not in FIGURES or whole is None or whole.answer.asks is not Asks.NUMBER:
        return least
    other = whole if header == FIGURES[0] else row.marks.get(FIGURES[0])
    known = other.value if other and isinstance(other.value, Decimal) and other.value > least else None
    return known if known is not None else least if header == FIGURES[0] else least + 1
