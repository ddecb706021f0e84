"""Turns last year's published results into the columns «năm trước» of a new plan; what is not settled stays blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.next_year import IndexTold, LastYear, Look, ToCheck
from thidua_xlsx.model.plan import Index, Plan, Unit
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.stages.years.next_year import where

Said = dict[str, Any]
Notes = list[ToCheck]


def carry_over(plan: Plan, last: LastYear) -> tuple[Plan, tuple[ToCheck, ...]]:
    """The plan with last year's ranks, points and indices, each number with its source."""
    notes: Notes = []
    shaky = unsettled(last)
    units = tuple(_unit(unit, last, shaky, notes) for unit in plan.units)
    indices = tuple(_index(item, last, notes) for item in plan.indices)
    notes += _left_behind(plan, last)
    return replace(plan, units=units, indices=indices), tuple(notes)


def unsettled(last: LastYear) -> dict[str, tuple[str, ...]]:
    """The blocks whose ranks were not final, each with the units that could still have changed them."""
    waiting = {item["unit"] for item in last.said["decisions"] if item["outcome"] == Outcome.INVALID.name}
    waiting |= {item["unit"] for item in last.said["files"] if item["verdict"] == Verdict.HELD.value}
    waiting |= {item["unit"] for item in last.said["standings"] if item["rank_in_block"] is None}
    found: dict[str, list[str]] = defaultdict(list)
    for unit in last.plan.units:
        if unit.code in waiting:
            found[unit.block].append(unit.code)
    return {block: tuple(sorted(codes)) for block, codes in found.items()}


def _unit(unit: Unit, last: LastYear, shaky: dict[str, tuple[str, ...]], notes: Notes) -> Unit:
    """Points and index are the unit's own; its rank is carried only where the whole block was settled."""
    blank = replace(unit, last_rank=None, last_points=None, last_index=None)
    rank_cell = where("unit", unit, "last_rank")
    standing = next((item for item in last.said["standings"] if item["unit"] == unit.code), None)
    if unit.dissolved_on:
        gone = f"Đơn vị đã giải thể từ {date_text(unit.dissolved_on)}: để trống; xóa dòng nếu không còn xét."
        notes.append(ToCheck(Look.OPEN, rank_cell, gone))
        return blank
    if standing is None or standing["rank_in_block"] is None:
        notes.append(ToCheck(Look.OPEN, rank_cell, _why_no_standing(unit, standing, last), last.source))
        return blank
    points, index = Decimal(standing["points"]), Decimal(standing["index"])
    rank, open_why = standing["rank_in_block"], _why_no_rank(unit, standing, shaky)
    own = f"điểm {shown(points)}, chỉ số {shown(index)}"
    if open_why:
        told = f"Để trống: {open_why}. Kết quả đang ghi hạng {rank}; điền nếu Hội đồng đã công nhận."
        notes.append(ToCheck(Look.OPEN, rank_cell, told, last.source))
        rank = None
    else:
        own = f"hạng {rank}{_equals(standing, last)}, {own}"
    notes.append(ToCheck(Look.CARRIED, where("unit", unit, ""), f"năm trước {own}", last.source))
    return replace(unit, last_rank=rank, last_points=points, last_index=index)


def shown(value: Decimal) -> str:
    return vietnamese(Fraction(value), 6)


def _why_no_standing(unit: Unit, standing: Said | None, last: LastYear) -> str:
    if standing:
        return "Để trống: năm trước đơn vị chưa đủ điểm để xếp hạng."
    outcomes = (item for item in last.said["decisions"] if (item["unit"], item["person"]) == (unit.code, None))
    decision = next(outcomes, None)
    if decision is None:
        return "Để trống: đơn vị không có trong đợt xét năm trước."
    return f"Để trống: năm trước đơn vị không được chấm điểm ({Outcome[decision['outcome']].value.lower()})."


def _why_no_rank(unit: Unit, standing: Said, shaky: dict[str, tuple[str, ...]]) -> str:
    if standing["block"] != unit.block:
        return f"năm trước đơn vị thuộc khối «{standing['block']}»"
    if standing["block"] in shaky:
        return f"hạng của khối chưa chốt, còn {', '.join(shaky[standing['block']])} chưa hợp lệ hoặc chưa đủ điểm"
    return ""


def _equals(standing: Said, last: LastYear) -> str:
    """Who shares the rank: the council may have told them apart."""
    place = (standing["block"], standing["rank_in_block"])
    same = [item["unit"] for item in last.said["standings"] if (item["block"], item["rank_in_block"]) == place]
    others = sorted(code for code in same if code != standing["unit"])
    return f" (đồng hạng với {', '.join(others)}, sửa nếu Hội đồng đã phân định)" if others else ""


def _index(item: Index, last: LastYear, notes: Notes) -> Index:
    """One value for all who hold the index; where they differ, none."""
    before = next((old for old in last.plan.indices if old.code == item.code), None)
    cell = where("index", item, "last_value")
    known = [told for told in last.indices.get(item.code, ()) if told.value is not None]
    values = {told.value for told in known}
    if before is None or len(values) != 1:
        what = _why_no_index(before, known)
        notes.append(ToCheck(Look.OPEN, cell, f"Để trống: {what}. Điền theo kết quả công bố."))
        return replace(item, last_value=None, last_max=None)
    value = decimal_of(known[0])
    alone = all(told.unconfirmed for told in known)
    remark = " (đơn vị tự khai, cơ quan thường trực chưa xác nhận)" if alone else ""
    source = next((told.source for told in known if not told.unconfirmed), known[0].source)
    notes.append(ToCheck(Look.CARRIED, cell, f"{shown(value)} trên {shown(before.max)}{remark}", source))
    return replace(item, last_value=value, last_max=before.max)


def decimal_of(told: IndexTold) -> Decimal:
    """Exact: what somebody typed has finitely many decimals."""
    assert told.value is not None
    return Decimal(told.value.numerator) / Decimal(told.value.denominator)


def _why_no_index(before: Index | None, known: list[IndexTold]) -> str:
    if before is None:
        return "năm trước không có chỉ số này"
    if not known:
        return "năm trước không ai cho kết quả hợp lệ"
    told = "; ".join(f"{item.unit}: {shown(decimal_of(item))} ({item.source})" for item in known)
    return f"các đơn vị cho kết quả khác nhau ({told})"


def _left_behind(plan: Plan, last: LastYear) -> Iterator[ToCheck]:
    """Results of last year that have no row in the new plan."""
    for unit in last.plan.units:
        if plan.unit(unit.code) is None:
            told = f"Kế hoạch mới không có đơn vị {unit.code} ({unit.name}) của năm trước."
            yield ToCheck(Look.KEPT, where("unit", unit, "code"), told)
    codes = {item.code for item in plan.indices}
    for item in last.plan.indices:
        if item.code not in codes:
            told = f"Kế hoạch mới không có chỉ số {item.code} ({item.name}) của năm trước."
            yield ToCheck(Look.KEPT, where("index", item, "code"), told)
