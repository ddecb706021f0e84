"""Returned forms made by hand: answers laid into the real layout of a unit, and all that a run knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import FIRST_ROW, Answer
from thidua_xlsx.model.office import Given, Office, Register
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.plan import Head, Plan, Round, Unit
from thidua_xlsx.model.results import Standing
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission, Value, submission
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.merge import Counted, Return, merge
from thidua_xlsx.stages.intake.receive import Received, ReturnedFile
from thidua_xlsx.stages.judging.facts import Known

HEAD = Head(id="thu", title="Kế hoạch", authority="UBND xã", place="Xã", standing_body="Văn phòng", year=2025)
TODAY = date(2026, 2, 10)

# Sheet, code of the row (the order of a person), header → what stands there.
Answers = Mapping[tuple[str, str, str], Value]


def form(plan: Plan, round_: Round, unit: Unit, answers: Answers) -> Submission:
    """The unit's form with these answers, each at the cell where the layout has it; blank elsewhere."""
    layout = lay_out(plan, round_, unit)
    file = f"nop/{unit.code}.xlsx"
    left = dict(answers)
    rows = []
    for sheet in layout.sheets:
        for number, line in enumerate(sheet.rows, start=FIRST_ROW):
            marks = {}
            for column, (header, cell) in enumerate(zip(sheet.columns, line.cells, strict=True), start=1):
                if isinstance(cell, Answer):
                    value = left.pop((sheet.name, line.code, header.header), None)
                    text = "" if value is None else str(value)
                    place = Place(file, sheet.name, address(number, column))
                    marks[header.header] = Mark(cell, text, value, place=place, row=number)
            row = AnswerRow(sheet.name, line.code, number, marks)
            if marks and not (sheet.open_rows and row.blank):
                rows.append(row)
    assert not left, f"the form does not ask {left}"
    return submission(file, layout, tuple(rows), ())


def counted(
    plan: Plan,
    round_: Round,
    unit: Unit,
    answers: Answers,
    *,
    received: date | None = None,
    first_seen: date | None = None,
    checked: bool = False,
) -> Counted:
    """The return that counts for a unit, with the evidence of when it came; ``checked`` finds its faults too."""
    given = form(plan, round_, unit, answers)
    if checked:
        (given,) = check((given,), plan, round_)
    file = ReturnedFile(given.file, "", None)
    proof = Received(
        file=file,
        unit=unit.code,
        older=False,
        received=received,
        received_by="co-quan" if received else None,
        first_seen=first_seen,
        decision="",
    )
    (made,) = merge((Return(proof, given),), round_).counted
    return made


def standing(unit: Unit, index: Fraction | None, **more: object) -> Standing:
    """A scored unit: so many points of 100."""
    return replace(Standing(unit, (), None, index, Fraction(100), index), **more)


def typed_by_office(answers: Mapping[tuple[str, str, str], Decimal | str | date]) -> dict[tuple[str, str, str], Given]:
    """(unit, order or "", code) → answer, as the lines of «Xác nhận» in co-quan.xlsx."""
    return {
        key: Given(value, "", Place("co-quan.xlsx", "Xác nhận", f"D{row}"))
        for row, (key, value) in enumerate(answers.items(), start=2)
    }


def known(
    plan: Plan,
    round_: Round,
    returns: Iterable[Counted] = (),
    standings: Iterable[Standing] = (),
    *,
    office: Mapping[tuple[str, str, str], Decimal | str | date] | None = None,
    register: Register | None = None,
    today: date = TODAY,
) -> Known:
    """Everything a fact may rest on."""
    return Known(
        plan,
        round_,
        Office(answers=typed_by_office(office or {})),
        register or Register(),
        {item.unit.code: item for item in standings},
        {item.submission.unit: item for item in returns},
        today,
    )
