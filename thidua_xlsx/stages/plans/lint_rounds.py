"""Turns a plan into the findings about its rounds: years, deadlines, seats, votes, blocks left out."""

from __future__ import annotations

from collections.abc import Iterator

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.plan import Plan, applies
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.plans.fact_names import COLLECTIVE, INDIVIDUAL, contexts, has_scorecard
from thidua_xlsx.stages.plans.plan_faults import contradiction, incomplete, misdated

TOTALS = ((COLLECTIVE, "total_collectives"), (INDIVIDUAL, "total_individuals"))


def years_and_deadlines(plan: Plan) -> Iterator[Finding]:
    """A deadline lies between the round's first year and the year after its last; forwarding comes after it."""
    for round_ in plan.rounds:
        first, last, handed, sent = round_.from_year, round_.to_year, round_.deadline, round_.forward_deadline
        if first > last:
            yield misdated(round_, "to_year", f"Đợt «{round_.code}» có đến năm {last} trước từ năm {first}")
            continue
        period = f"{first}" if first == last else f"{first}–{last}"
        for key, day in (("deadline", handed), ("forward_deadline", sent)):
            if day and not first <= day.year <= last + 1:
                yield misdated(
                    round_,
                    key,
                    f"Thời hạn {date_text(day)} của đợt «{round_.code}» nằm ngoài thời kỳ xét {period} và năm liền sau",
                )
        if handed and sent and sent < handed:
            yield misdated(
                round_,
                "forward_deadline",
                f"Thời hạn trình tiếp {date_text(sent)} trước thời hạn nộp {date_text(handed)}",
            )


def votes(plan: Plan) -> Iterator[Finding]:
    """A share of votes is a share of something."""
    for round_ in plan.rounds:
        if round_.vote_share is not None and round_.vote_of is None:
            yield incomplete(round_, "vote_of", f"Đợt «{round_.code}» ghi tỷ lệ phiếu mà chưa ghi tính trên số nào")


def open_rows(plan: Plan) -> Iterator[Finding]:
    """A quota row states its seats unless it is open."""
    for quota in plan.quotas:
        if quota.binding == "open" and quota.seats is not None:
            yield contradiction(quota, "seats", f"Dòng số lượng «{quota.code}» là open nên không ghi số suất")
        if quota.binding == "open" and quota.per_unit is not None:
            yield contradiction(
                quota, "per_unit", f"Dòng số lượng «{quota.code}» là open nên không giới hạn số người của đơn vị"
            )
        if quota.binding != "open" and quota.seats is None:
            yield incomplete(quota, "seats", f"Dòng số lượng «{quota.code}» phải ghi số suất")


def dissolved_units(plan: Plan) -> Iterator[Finding]:
    """A unit's date of dissolution decides nothing unless a gate asks for it."""
    if any(gate.fact.removeprefix(UNIT_PREFIX) == "dissolved" for gate in plan.gates):
        return
    for unit in plan.units:
        if unit.dissolved_on:
            detail = f"Đơn vị «{unit.code}» có ngày giải thể mà kế hoạch chưa có điều kiện về dữ kiện dissolved"
            yield incomplete(unit, "dissolved_on", detail)


def untrue_totals(plan: Plan) -> Iterator[tuple[int, str, int, int]]:
    """Where a round's stated number of awards is not what its seats add up to: its number, key, stated, total."""
    for number, round_ in enumerate(plan.rounds):
        for subject, key in TOTALS:
            stated = getattr(round_, key)
            rows = [row for row in plan.quotas if row.subject == subject and applies(row.rounds, round_.code)]
            if stated is None or any(row.seats is None for row in rows):
                continue
            total = sum(row.seats or 0 for row in rows)
            if total != stated:
                yield number, key, stated, total


def seats(plan: Plan) -> Iterator[Finding]:
    """Together the seats are what the round states."""
    for number, key, stated, total in untrue_totals(plan):
        round_ = plan.rounds[number]
        yield finding(Code.PLAN_SEATS, round_.source.at(key), value=round_.code, total=total, stated=stated)


def empty_blocks(plan: Plan) -> Iterator[Finding]:
    """A block whose units are asked has a scorecard, and can win something in some round."""
    for block in plan.blocks:
        rounds = [round_ for round_, its in contexts(plan) if its == block]
        if not rounds:
            continue
        place = block.source.at("code")
        if not has_scorecard(plan, block) and any(round_.rank_source == "this_return" for round_ in rounds):
            yield finding(Code.PLAN_BLOCK_EMPTY, place, value=block.code, what="tiêu chí chấm điểm nào")
        if not any(applies(row.blocks, block.code) for row in plan.quotas):
            yield finding(Code.PLAN_BLOCK_EMPTY, place, value=block.code, what="dòng số lượng nào")
