"""Turns what a run knows and some amendments into what it would know if they were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.form import FIRST_ROW, ORDER, PEOPLE, Answer, FormLayout
from thidua_xlsx.model.office import RECEIVE, AwardGiven, Given, Office, Register
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.remedy import Amendment, Lies
from thidua_xlsx.model.results import Standing
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission, submission
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.merge import Counted, in_time
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.rank import rank
from thidua_xlsx.stages.judging.score import score
from thidua_xlsx.stages.plans.plan_changes import changed_plan, read_setting

# Where an amended plan may ask a unit something else: its form is then issued and filled in again.
ASKING = ("index", "task", "criterion", "question", "dossier")


def suppose(known: Known, amendments: Sequence[Amendment]) -> Known:
    """Everything a decision rests on, as it would be; what cannot be supposed (a form not yet sent) is left out."""
    parts: dict[Lies, list[Amendment]] = defaultdict(list)
    for item in amendments:
        parts[item.lies].append(item)
    plan = _plan(known.plan, parts[Lies.PLAN])
    round_ = plan.round(known.round.code) or known.round
    office = _office(known.office, parts)
    made = replace(known, plan=plan, round=round_, office=office, register=_register(known.register, parts))
    counted = _counted(made, parts)
    touched = {item.key[0] for lies in (Lies.FORM, Lies.POINTS) for item in parts[lies]}
    return replace(made, counted=counted, standings=_standings(made, counted, None if parts[Lies.PLAN] else touched))


def _plan(plan: Plan, amendments: Iterable[Amendment]) -> Plan:
    """The plan with these values; unchanged where they make no plan (the try then changes nothing)."""
    read = [read_setting(plan, f"{'.'.join(item.key)}={item.to or ''}")[0] for item in amendments]
    made, _, _ = changed_plan(plan, [item for item in read if item]) if read and all(read) else (plan, (), ())
    return made or plan


def _office(office: Office, parts: dict[Lies, list[Amendment]]) -> Office:
    points, answers = dict(office.points), dict(office.answers)
    for item in parts[Lies.POINTS]:
        assert isinstance(item.to, Decimal)
        points[item.key[0], item.key[1]] = Given(item.to, "", item.place)
    for item in parts[Lies.ANSWERS]:
        assert isinstance(item.to, Decimal | str | date)
        answers[item.key[0], item.key[1], item.key[2]] = Given(item.to, "", item.place)
    return replace(office, points=points, answers=answers)


def _register(register: Register, parts: dict[Lies, list[Amendment]]) -> Register:
    """New lines, lines taken out, and dates filled in."""
    awards = list(register.awards)
    for item in parts[Lies.REGISTER]:
        if isinstance(item.to, AwardGiven):
            awards.append(item.to)
        elif isinstance(item.to, date):
            awards = [replace(award, decided=item.to) if award.place == item.place else award for award in awards]
        else:
            awards = [award for award in awards if award.place != item.place]
    return replace(register, awards=tuple(awards), known=register.known or bool(parts[Lies.REGISTER]))


def _counted(known: Known, parts: dict[Lies, list[Amendment]]) -> dict[str, Counted]:
    """The returns with other answers, checked again, and with what the office says of their reception."""
    counted = dict(known.counted)
    asks_anew = any(item.key[0] in ASKING for item in parts[Lies.PLAN])
    by_unit: dict[str, list[Amendment]] = defaultdict(list)
    for item in parts[Lies.FORM]:
        by_unit[item.key[0]].append(item)
    for item in parts[Lies.RETURN]:
        by_unit.setdefault(item.key[0], [])
    for code, amendments in by_unit.items():
        unit = known.plan.unit(code)
        if code in counted and unit:
            given = counted[code].submission
            given = reissued(given, lay_out(known.plan, known.round, unit)) if asks_anew else given
            (checked,) = check((amended(given, amendments),), known.plan, known.round)
            counted[code] = replace(counted[code], submission=checked)
    said = {item.key: item.to for item in parts[Lies.RECEPTION]}
    for code, one in counted.items():
        name = one.received.file.name
        day, decision = said.get((name, "Ngày nhận")), said.get((name, "Quyết định"))
        if isinstance(day, date):
            received = replace(one.received, received=day)
            counted[code] = replace(one, received=received, in_time=in_time(received, known.round), rejected_late=False)
        if decision == RECEIVE:
            counted[code] = replace(one, rejected_late=False)
    return counted


def _standings(known: Known, counted: dict[str, Counted], touched: set[str] | None) -> dict[str, Standing]:
    """Places anew; only the units touched are scored again (None: all)."""
    scored = []
    for code, one in counted.items():
        unit = known.plan.unit(code)
        if touched is not None and code not in touched:
            scored += [known.standings[code]] if code in known.standings else []
        elif unit and one.submission.valid:
            scored.append(score(known.plan, known.round, unit, one.submission, known.office)[0])
    return {item.unit.code: item for item in rank(known.plan, scored)}


def amended(given: Submission, amendments: Iterable[Amendment]) -> Submission:
    """The return with other answers. What was found in answer cells is forgotten: ``check`` finds it again."""
    rows = list(given.rows)
    redone = {mark.place for row in given.rows for mark in row.marks.values()}
    for item in amendments:
        _, sheet, code, header = item.key
        number = _row_at(rows, sheet, code, item.place)
        if number is None:
            continue
        row = rows[number]
        redone.add(item.place)
        if not header:
            del rows[number]
        elif (sheet, header) == (PEOPLE, ORDER):
            rows[number] = row._replace(code=str(item.to))
        elif header in row.marks:
            assert not isinstance(item.to, AwardGiven)
            text = "" if item.to is None else str(item.to)
            mark = replace(row.marks[header], text=text, value=item.to, fault=None, remark=None)
            rows[number] = row._replace(marks={**row.marks, header: mark})
    kept = tuple(item for item in given.findings if item.place not in redone)
    return submission(given.file, given.layout, tuple(rows), kept)


def _row_at(rows: list[AnswerRow], sheet: str, code: str, place: Place) -> int | None:
    """The row of a cell; of an open sheet by its number, since orders may be blank or doubled."""
    digits = place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    found = [
        number
        for number, row in enumerate(rows)
        if row.sheet == sheet and (str(row.row) == digits if digits else row.code == code)
    ]
    return found[0] if found else None


def reissued(given: Submission, layout: FormLayout) -> Submission:
    """The form as the amended plan issues it, filled in with the answers that the unit has given already."""
    if layout == given.layout:
        return given
    rows = [row for row in given.rows if row.sheet == PEOPLE]
    for sheet in layout.sheets:
        for number, line in enumerate(sheet.rows if sheet.name != PEOPLE else (), start=FIRST_ROW):
            marks = {}
            for place, (column, cell) in enumerate(zip(sheet.columns, line.cells, strict=True), start=1):
                if isinstance(cell, Answer):
                    blank = Mark(cell, place=Place(given.file, sheet.name, address(number, place)), row=number)
                    old = given.mark(sheet.name, line.code, column.header)
                    marks[column.header] = replace(old, answer=cell, place=blank.place, row=number) if old else blank
            if marks:
                rows.append(AnswerRow(sheet.name, line.code, number, marks))
    return submission(given.file, layout, tuple(rows), ())
