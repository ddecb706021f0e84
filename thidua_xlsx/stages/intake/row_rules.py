"""Turns the rows of one returned form into findings that only several cells together give, and into notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import (
    CLAIM,
    COMPLETED,
    DONE,
    DOSSIER,
    FIGURES,
    INFORMATION,
    NOMINATES_ITSELF,
    PEOPLE,
    SCORES,
    STATE,
    TASKS,
    YES,
    Asks,
)
from thidua_xlsx.model.plan import Criterion, Plan, Round
from thidua_xlsx.model.submission import AnswerRow, Said, Submission
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text, printed, vietnamese
from thidua_xlsx.stages.judging.scoring_methods import NotApplicable, compute, is_ratio


def nominates_itself(given: Submission) -> bool:
    row = given.places.get((INFORMATION, NOMINATES_ITSELF))
    said = row.under("Trả lời") if row else None
    return bool(said and said.value == YES)


def waived(
    given: Submission, row: AnswerRow, lines: dict[str, Criterion], shared_papers: frozenset[str]
) -> frozenset[str]:
    """Headers of required answers that this row may leave blank: what nobody needs, claims of lines left out."""
    if row.sheet == INFORMATION and row.code != NOMINATES_ITSELF:
        return frozenset() if nominates_itself(given) else frozenset(row.marks)
    if row.sheet == DOSSIER:
        needed = nominates_itself(given) or (row.code in shared_papers and bool(given.sheet(PEOPLE)))
        return frozenset() if needed else frozenset(row.marks)
    if row.sheet == SCORES and row.code in lines:
        first, second = figures_of(row)
        if isinstance(compute(lines[row.code], first, second, None), NotApplicable):
            return frozenset({CLAIM})
    return frozenset()


def figures_of(row: AnswerRow) -> tuple[Decimal | str | None, Decimal | str | None]:
    """Số liệu 1 and 2 as read."""
    return _figure(row.under(FIGURES[0])), _figure(row.under(FIGURES[1]))


def _figure(said: Said | None) -> Decimal | str | None:
    return None if said is None or isinstance(said.value, date) else said.value


def claim_of(row: AnswerRow) -> Decimal | None:
    said = row.under(CLAIM)
    return said.value if said and isinstance(said.value, Decimal) else None


def score_findings(row: AnswerRow, line: Criterion, unit: str, decimals: int) -> Iterator[Finding]:
    """Rules over one scorecard row: numerator and denominator, and the claim against the computed points."""
    first, second = figures_of(row)
    if is_ratio(line) and isinstance(first, Decimal) and isinstance(second, Decimal):
        if min(first, second) < 0:  # told at its own cell; what else is wrong with the ratio follows from it
            return
        if first > second:
            yield finding(
                Code.NUMERATOR_ABOVE_DENOMINATOR,
                row.marks[FIGURES[0]].place,
                unit=unit,
                value=first,
                row=line.code,
            )
            return
        if second == 0 and line.zero_denominator == "forbid":
            yield finding(Code.ZERO_DENOMINATOR, row.marks[FIGURES[1]].place, unit=unit, value=second, row=line.code)
            return
    claim = claim_of(row)
    points = compute(line, first, second, claim)
    if claim is not None and isinstance(points, Fraction) and printed(points, decimals) != claim:
        yield finding(
            Code.CLAIM_DIFFERS,
            row.marks[CLAIM].place,
            unit=unit,
            value=claim,
            claimed=vietnamese(Fraction(claim), 6),
            computed=vietnamese(points, max(decimals, 2)),
        )


def task_findings(row: AnswerRow, unit: str) -> Iterator[Finding]:
    state, when = row.under(STATE), row.under(COMPLETED)
    if state and when and state.value == DONE and when.blank:
        yield finding(Code.COMPLETED_WITHOUT_DATE, row.marks[COMPLETED].place, unit=unit, row=row.code)


def people_findings(rows: tuple[AnswerRow, ...], unit: str) -> Iterator[Finding]:
    """The same person (folded name + birth date) twice in one unit."""
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        name, birth = row.under("Họ và tên"), row.under("Ngày sinh")
        if name and birth and isinstance(name.value, str) and isinstance(birth.value, date):
            first = seen.setdefault((fold(name.value), birth.value), row.row)
            if first != row.row:
                yield finding(
                    Code.SAME_PERSON_TWICE,
                    row.marks["Họ và tên"].place,
                    unit=unit,
                    value=name.value,
                    row=first,
                    person_row=row.row,
                )


def remark_findings(row: AnswerRow, unit: str) -> Iterator[Finding]:
    """Notes on answers that were read from an unusual spelling."""
    for number, said in enumerate(row.contents):
        if said.remark and said.answer.asks is not Asks.REMARK:
            mark = row.marks[row.headers[number]]
            read = (
                date_text(mark.value)
                if isinstance(mark.value, date)
                else str(mark.value).replace(".", ",")
                if isinstance(mark.value, Decimal)
                else str(mark.value)
            )
            yield finding(Code[said.remark], mark.place, unit=unit, value=mark.text, label=mark.answer.label, read=read)


def lines_of(given: Submission, plan: Plan, round_: Round) -> dict[str, Criterion]:
    """The lines of the unit's scorecard, by code."""
    unit = plan.unit(given.unit)
    return {line.code: line for line in plan.criteria_of(round_, unit) if line.method} if unit else {}


def row_findings(given: Submission, plan: Plan, round_: Round) -> Iterator[Finding]:
    """All rules over more than one cell, and the notes: what a form says by itself, whatever others returned."""
    lines, decimals = lines_of(given, plan, round_), plan.head.decimals
    for row in given.rows:
        if row.sheet == SCORES and row.code in lines:
            yield from score_findings(row, lines[row.code], given.unit, decimals)
        elif row.sheet == TASKS:
            yield from task_findings(row, given.unit)
        yield from remark_findings(row, given.unit)
    yield from people_findings(given.sheet(PEOPLE), given.unit)
