"""Turns the scorecard of a plan into the sheet ``Chấm điểm`` of one unit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import (
    FIGURES,
    SCORES,
    Answer,
    Asks,
    Column,
    FormRow,
    Locked,
    SheetLayout,
)
from thidua_xlsx.model.plan import Criterion, Plan, Round, Unit
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.forms.asking import answers_by_unit
from thidua_xlsx.stages.judging.scoring_methods import METHODS, OUTSIDE, is_ratio, parameter

Cells = tuple[Locked | Answer, ...]

TOTAL_ROW = "TONG"


SCORE_COLUMNS = (
    Column("Mã", 8),
    Column("Tiêu chí", 36),
    Column("Điểm tối đa", 9),
    Column("Cách tính", 38),
    Column("Số liệu 1", 12),
    Column("Số liệu 2", 12),
    Column("Điểm tự chấm", 10),
    Column("Tài liệu kiểm chứng", 24),
    Column("Giải trình", 22),
)


def leaf_row(unit: Unit, line: Criterion, depth: int) -> FormRow:
    """One leaf: figures as its method asks, the claim, evidence and explanation; or why nothing is asked."""
    method = METHODS[line.method or "survey"]
    printed: Cells = (line.code, line.name, line.max)
    if line.code in unit.not_applicable:
        return FormRow(line.code, (*printed, "Không áp dụng với đơn vị.", None, None, None, None, None), depth)
    if not answers_by_unit(line.who_answers):
        words = method.words(line) if line.method == "survey" else "Cơ quan thường trực chấm."
        return FormRow(line.code, (*printed, words, None, None, None, None, None), depth)
    step = parameter(line, "step") if line.method == "points" else None
    claim = Answer(
        Asks.NUMBER,
        "Điểm tự chấm",
        required=True,
        minimum=Decimal(0),
        maximum=line.max,
        step=None if step is None else Decimal(step.numerator) / Decimal(step.denominator),
        hint=f"Điểm đơn vị tự chấm, từ 0 đến {vietnamese(Fraction(line.max), 6)}.",
        spared_by=FIGURES[1] if is_ratio(line) and line.zero_denominator == "exclude" else "",
    )
    evidence = Answer(Asks.REMARK, "Tài liệu kiểm chứng", hint=f"Cần có: {line.evidence}." if line.evidence else "")
    return FormRow(
        line.code,
        (
            *printed,
            method.words(line),
            method.first(line),
            method.second(line),
            claim,
            evidence,
            Answer(Asks.REMARK, "Giải trình"),
        ),
        depth,
    )


def depth_of(line: Criterion, lines: dict[str, Criterion]) -> int:
    depth = 0
    while line.parent and line.parent in lines:
        line, depth = lines[line.parent], depth + 1
    return depth


def scores_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Chấm điểm``: the scorecard with parents as totals and, last, the sum of the fields."""
    lines = {line.code: line for line in plan.criteria_of(round_, unit)}
    children: dict[str | None, list[str]] = {}
    for line in lines.values():
        children.setdefault(line.parent, []).append(line.code)
    rows = []
    for line in lines.values():
        depth = depth_of(line, lines)
        if line.method:
            rows.append(leaf_row(unit, line, depth))
        else:
            rows.append(
                FormRow(
                    line.code,
                    (line.code, line.name, line.max, None, None, None, None, None, None),
                    depth,
                    True,
                    tuple(children.get(line.code, ())),
                )
            )
    fields = tuple(code for code in children.get(None, ()) if lines[code].method not in OUTSIDE)
    if fields:
        total = sum((lines[code].max for code in fields), Decimal(0))
        rows.append(
            FormRow(
                TOTAL_ROW,
                (
                    TOTAL_ROW,
                    "Tổng điểm tự chấm (chưa kể điểm thưởng, điểm trừ)",
                    total,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                ),
                0,
                True,
                fields,
            )
        )
    return SheetLayout(
        SCORES,
        "BẢNG TỰ CHẤM ĐIỂM",
        "Ghi số liệu gốc ở «Số liệu 1», «Số liệu 2» như cột «Cách tính» hướng dẫn, rồi ghi «Điểm tự chấm». "
        "Ô không tô màu thì để trống. Ô tổng tự cộng.",
        SCORE_COLUMNS,
        tuple(rows),
    )
