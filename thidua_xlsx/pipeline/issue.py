"""Turns a plan into the workbooks that its units fill in."""

from __future__ import annotations

from collections.abc import Iterable

from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.pipeline.plans import choose_round
from thidua_xlsx.stages.lay_out import lay_out
from thidua_xlsx.workbooks.form_workbook import write_form


def layouts_of(plan: Plan, round_: Round) -> dict[str, FormLayout]:
    return {unit.code: lay_out(plan, round_, unit) for unit in plan.units_of(round_)}


def issue_forms(plan: Plan, round_code: str | None = None, units: Iterable[str] = ()) -> dict[str, bytes]:
    """The blank workbook of every unit of the round (or of those named), by unit code."""
    round_ = choose_round(plan, round_code)
    wanted = tuple(units)
    layouts = layouts_of(plan, round_)
    unknown = [code for code in wanted if code not in layouts]
    if unknown:
        raise wrong_use(f"Đợt xét này không có đơn vị {', '.join(unknown)}. Xem mã đơn vị trong kế hoạch.")
    return {code: write_form(layout) for code, layout in layouts.items() if not wanted or code in wanted}
