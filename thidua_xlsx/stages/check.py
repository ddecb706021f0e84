"""Turns the marks of all returned forms into findings: one pandera schema a sheet type, run once over all units.

Every check is total (a check that raises would hide every other bad row) and named ``cell_…`` (a name like a
built-in check would be silently swapped for it). Rules that look at two cells are plain functions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pandera.pandas as pa

from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.form import (
    CLAIM,
    DONE,
    DOSSIER,
    FIGURES,
    INFORMATION,
    LONGEST_TEXT,
    NOMINATES_ITSELF,
    PEOPLE,
    SCORES,
    TASKS,
    YES,
    Asks,
)
from thidua_xlsx.model.plan import Criterion, Plan, Round, applies
from thidua_xlsx.model.submission import AnswerRow, Mark, Submission
from thidua_xlsx.model.text import closest, fold
from thidua_xlsx.model.wording import date_text, half_up, vietnamese
from thidua_xlsx.stages.scoring_methods import NotApplicable, compute, is_ratio

ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class CellRule:
    """One rule about one answer cell: True is right; ``asks`` are the kinds of answers it concerns."""

    code: Code
    holds: Callable[[Mark], bool]
    asks: frozenset[Asks]


def _kinds(*asks: Asks) -> frozenset[Asks]:
    return frozenset(asks)


EVERY = _kinds(*Asks) - {Asks.REMARK}
NUMBERS = _kinds(Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)


def _no_fault(code: Code) -> Callable[[Mark], bool]:
    return lambda mark: mark.fault != code.name


def cell_answered(mark: Mark) -> bool:
    return not (mark.answer.required and mark.blank)


def cell_not_above(mark: Mark) -> bool:
    limit = mark.answer.maximum
    return limit is None or not isinstance(mark.value, Decimal) or mark.value <= limit


def cell_not_below(mark: Mark) -> bool:
    limit = mark.answer.minimum
    return limit is None or not isinstance(mark.value, Decimal) or mark.value >= limit


def cell_in_steps(mark: Mark) -> bool:
    step = mark.answer.step
    return not step or not isinstance(mark.value, Decimal) or mark.value % step == 0


def cell_in_dates(mark: Mark) -> bool:
    low, high = mark.answer.low, mark.answer.high
    return not isinstance(mark.value, date) or (
        (low is None or mark.value >= low) and (high is None or mark.value <= high)
    )


def cell_short_enough(mark: Mark) -> bool:
    return not isinstance(mark.value, str) or len(mark.value) <= LONGEST_TEXT


# In this order: of several faults on one cell the first is told, the others would only follow from it.
CELL_RULES = (
    CellRule(Code.ERROR_CELL, _no_fault(Code.ERROR_CELL), EVERY),
    CellRule(Code.FORMULA_IN_ANSWER, _no_fault(Code.FORMULA_IN_ANSWER), EVERY),
    CellRule(Code.RICH_TEXT, _no_fault(Code.RICH_TEXT), NUMBERS | {Asks.DATE}),
    CellRule(Code.LEGACY_ENCODING, _no_fault(Code.LEGACY_ENCODING), EVERY),
    CellRule(Code.MISSING_ANSWER, cell_answered, EVERY),
    CellRule(Code.NOT_A_NUMBER, _no_fault(Code.NOT_A_NUMBER), NUMBERS),
    CellRule(Code.AMBIGUOUS_NUMBER, _no_fault(Code.AMBIGUOUS_NUMBER), NUMBERS),
    CellRule(Code.NOT_WHOLE, _no_fault(Code.NOT_WHOLE), NUMBERS),
    CellRule(Code.NOT_IN_LIST, _no_fault(Code.NOT_IN_LIST), _kinds(Asks.CHOICE, Asks.YES_NO)),
    CellRule(Code.NOT_A_DATE, _no_fault(Code.NOT_A_DATE), _kinds(Asks.DATE)),
    CellRule(Code.DATE_OUT_OF_RANGE, cell_in_dates, _kinds(Asks.DATE)),
    CellRule(Code.BELOW_MINIMUM, cell_not_below, NUMBERS),
    CellRule(Code.ABOVE_MAXIMUM, cell_not_above, NUMBERS),
    CellRule(Code.NOT_IN_STEPS, cell_in_steps, NUMBERS),
    CellRule(Code.TOO_LONG, cell_short_enough, _kinds(Asks.TEXT)),
)
RULE_ORDER = {code: place for place, code in enumerate(Code)}


def schema_of(columns: dict[str, frozenset[Asks]]) -> pa.DataFrameSchema:
    """A schema for one sheet type: per answer column the rules that fit the answers the plan asks there."""
    return pa.DataFrameSchema(
        {
            header: pa.Column(
                object,
                nullable=True,
                required=True,
                checks=[
                    pa.Check(
                        rule.holds,
                        element_wise=True,
                        name=f"cell_{rule.code.name.lower()}",
                        error=rule.code.name,
                    )
                    for rule in CELL_RULES
                    if rule.asks & asks
                ],
            )
            for header, asks in columns.items()
        }
    )


def table_of(rows: list[AnswerRow]) -> tuple[pd.DataFrame, dict[str, frozenset[Asks]]]:
    """One table of marks over all units (object columns, one row a coded row), and what each column asks."""
    columns: dict[str, set[Asks]] = defaultdict(set)
    for row in rows:
        for header, mark in row.marks.items():
            if mark.answer.asks is not Asks.REMARK:
                columns[header].add(mark.answer.asks)
    frame = pd.DataFrame(
        {header: pd.Series([row.marks.get(header) for row in rows], dtype=object) for header in columns}
    )
    return frame, {header: frozenset(asks) for header, asks in columns.items()}


def failures(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> Iterator[tuple[int, str, Code]]:
    """(row of the table, header, code) for every cell that breaks a rule."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for case in errors.failure_cases.to_dict("records"):
            if case["index"] is None or pd.isna(case["index"]):
                raise RuntimeError(f"a check is not total: {case}") from errors
            yield int(case["index"]), str(case["column"]), Code[str(case["check"])]


def cell_finding(code: Code, mark: Mark, unit: str, person_row: int | None) -> Finding:
    """The finding of one cell rule, worded from the cell's own question."""
    answer = mark.answer
    shown = "; ".join(answer.options) if len(answer.options) <= 12 else "; ".join(answer.options[:12]) + "; …"
    near = closest(mark.text, list(answer.options)) if answer.options else None
    limits = {
        name: vietnamese(Fraction(value), 6) if value is not None else ""
        for name, value in (("maximum", answer.maximum), ("minimum", answer.minimum), ("step", answer.step))
    }
    return finding(
        code,
        mark.place,
        unit=unit,
        value=date_text(mark.value) if isinstance(mark.value, date) else mark.text,
        person_row=person_row,
        label=answer.label,
        options=shown or "Có; Không",
        suggestion=f", có phải là «{near}»" if near else "",
        low=date_text(answer.low) if answer.low else "",
        high=date_text(answer.high) if answer.high else "",
        limit=LONGEST_TEXT,
        **limits,
    )


def nominates_itself(given: Submission) -> bool:
    mark = given.mark(INFORMATION, NOMINATES_ITSELF, "Trả lời")
    return bool(mark and mark.value == YES)


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
    first, second = (mark.value if (mark := row.marks.get(header)) else None for header in FIGURES)
    return (None if isinstance(first, date) else first, None if isinstance(second, date) else second)


def claim_of(row: AnswerRow) -> Decimal | None:
    mark = row.marks.get(CLAIM)
    return mark.value if mark and isinstance(mark.value, Decimal) else None


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
    if claim is not None and isinstance(points, Fraction) and half_up(points, decimals) != claim:
        yield finding(
            Code.CLAIM_DIFFERS,
            row.marks[CLAIM].place,
            unit=unit,
            value=claim,
            claimed=vietnamese(Fraction(claim), 6),
            computed=vietnamese(points, max(decimals, 2)),
        )


def task_findings(row: AnswerRow, unit: str) -> Iterator[Finding]:
    state, when = row.marks.get("Tình trạng"), row.marks.get("Ngày hoàn thành")
    if state and when and state.value == DONE and when.blank:
        yield finding(Code.COMPLETED_WITHOUT_DATE, when.place, unit=unit, row=row.code)


def people_findings(rows: tuple[AnswerRow, ...], unit: str) -> Iterator[Finding]:
    """The same person (folded name + birth date) twice in one unit."""
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        name, birth = row.marks.get("Họ và tên"), row.marks.get("Ngày sinh")
        if name and birth and isinstance(name.value, str) and isinstance(birth.value, date):
            first = seen.setdefault((fold(name.value), birth.value), row.row)
            if first != row.row:
                yield finding(
                    Code.SAME_PERSON_TWICE,
                    name.place,
                    unit=unit,
                    value=name.value,
                    row=first,
                    person_row=row.row,
                )


def remark_findings(row: AnswerRow, unit: str) -> Iterator[Finding]:
    """Notes on answers that were read from an unusual spelling."""
    for mark in row.marks.values():
        if mark.remark and mark.answer.asks is not Asks.REMARK:
            read = (
                date_text(mark.value)
                if isinstance(mark.value, date)
                else str(mark.value).replace(".", ",")
                if isinstance(mark.value, Decimal)
                else str(mark.value)
            )
            yield finding(Code[mark.remark], mark.place, unit=unit, value=mark.text, label=mark.answer.label, read=read)


def row_findings(given: Submission, lines: dict[str, Criterion], decimals: int) -> Iterator[Finding]:
    """All rules over more than one cell, and the notes."""
    for row in given.rows:
        if row.sheet == SCORES and row.code in lines:
            yield from score_findings(row, lines[row.code], given.unit, decimals)
        elif row.sheet == TASKS:
            yield from task_findings(row, given.unit)
        yield from remark_findings(row, given.unit)
    yield from people_findings(given.sheet(PEOPLE), given.unit)


def telling_order(item: Finding) -> tuple[bool, int, str, int, int, str]:
    """Errors first, then by the catalogue, then as the sheet is read: the same whoever else returned a form."""
    found = ADDRESS.fullmatch(item.place.cell)
    row, letters = (int(found[2]), found[1]) if found else (0, item.place.cell)
    return item.severity is not Severity.ERROR, RULE_ORDER[item.code], item.place.sheet, row, len(letters), letters


def without_knock_on(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most one finding of a cell when one of them is an error: the first of the catalogue's errors there."""
    kept: dict[object, Finding] = {}
    out: list[Finding] = []
    for item in sorted(findings, key=telling_order):
        if item.place.cell and item.place in kept:
            continue
        if item.place.cell and item.severity is Severity.ERROR:
            kept[item.place] = item
        out.append(item)
    return tuple(out)


def check(submissions: tuple[Submission, ...], plan: Plan, round_: Round) -> tuple[Submission, ...]:
    """The same submissions with every finding of every sheet; each sheet type is validated once over all of them."""
    found: dict[int, list[Finding]] = {number: list(given.findings) for number, given in enumerate(submissions)}
    lines = {
        given.unit: {line.code: line for line in plan.criteria_of(round_, unit) if line.method}
        for given in submissions
        if (unit := plan.unit(given.unit))
    }
    shared = frozenset(
        item.code for item in plan.dossiers if item.subject == "both" and applies(item.rounds, round_.code)
    )
    by_sheet: dict[str, list[tuple[int, AnswerRow]]] = defaultdict(list)
    for number, given in enumerate(submissions):
        for row in given.rows:
            by_sheet[row.sheet].append((number, row))
        found[number] += row_findings(given, lines.get(given.unit, {}), plan.head.decimals)
    for numbered in by_sheet.values():
        frame, columns = table_of([row for _, row in numbered])
        for index, header, code in failures(frame, schema_of(columns)):
            number, row = numbered[index]
            given = submissions[number]
            if code is Code.MISSING_ANSWER and header in waived(given, row, lines.get(given.unit, {}), shared):
                continue
            person_row = row.row if row.sheet == PEOPLE else None
            found[number].append(cell_finding(code, row.marks[header], given.unit, person_row))
    return tuple(replace(given, findings=without_knock_on(found[number])) for number, given in enumerate(submissions))
