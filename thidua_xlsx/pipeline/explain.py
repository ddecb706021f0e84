"""Turns a campaign folder and the name of a unit into the proof of its outcome; nothing is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.pipeline.assess import assess, known_of
from thidua_xlsx.pipeline.gather import Progress, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan, open_campaign
from thidua_xlsx.stages.remedies.explain import Proof, explain, find_unit


def explain_nominee(
    folder: Path | str,
    named: str,
    *,
    person: int | None = None,
    round_code: str | None = None,
    plan: Path | str | None = None,
    inbox: Path | None = None,
    today: date | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> Proof:
    """Why a unit, or the person it puts forward under this order, ended where it did, on what lies there now."""
    home = Path(folder)
    the_plan = load_plan(plan) if plan else open_campaign(home)
    round_ = choose_round(the_plan, round_code)
    unit, near = find_unit(the_plan, round_, named)
    if unit is None:
        meant = f", có phải là {near}" if near else ""
        raise wrong_use(f"Đợt xét không có đơn vị «{named}»{meant}. Ghi mã hoặc tên đơn vị như trong kế hoạch.")
    inputs = gather(home, the_plan, round_, inbox or home / names.INBOX, today or date.today(), progress)
    result, merged = assess(inputs)
    known = known_of(inputs, merged, result.standings)
    proof = explain(known, result.decisions, result.files, unit, person)
    if proof is None:
        orders = [
            str(item.nominee.person.order)
            for item in result.decisions
            if item.nominee.unit.code == unit.code and item.nominee.person
        ]
        known_orders = (
            f"Các thứ tự có trong phiếu: {', '.join(orders)}." if orders else "Đơn vị không đề nghị cá nhân nào."
        )
        raise wrong_use(f"Đơn vị {unit.code} không đề nghị ai ở thứ tự {person}. {known_orders}")
    return proof
