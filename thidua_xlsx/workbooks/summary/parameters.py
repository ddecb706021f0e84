"""Turns the plan as it was applied into the sheet ``Tham số``: every value that decided something, with its clause."""

from __future__ import annotations

from collections.abc import Iterator

from thidua_xlsx.model.language import BY_NAME
from thidua_xlsx.model.plan import Gate, Quota, applies
from thidua_xlsx.model.results import RunResult
from thidua_xlsx.model.wording import date_text, money
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import GROUP, PROSE, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    blocks_text,
    fact_text,
    grouped,
    option,
    order_text,
    quotas_of,
    seats_text,
)

NAME = "Tham số"
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Mã", 24, number="2"),
    Column("Nội dung", 58, number="3"),
    Column("Giá trị", 54, number="4"),
    Column("Căn cứ", 18, number="5"),
)
Line = tuple[str, str, str, str]


def write_parameters(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "THAM SỐ CỦA KẾ HOẠCH VÀ CỦA LẦN TỔNG HỢP")
    page.header()
    parts = (
        ("Lần tổng hợp", _run(result)),
        ("Kế hoạch", _plan(result)),
        ("Đợt xét", _round(result)),
        ("Số lượng khen thưởng", _quotas(result)),
        ("Tiêu chuẩn, điều kiện", _gates(result)),
        ("Mức thưởng và lương cơ sở", _money(result)),
        ("Thang xếp loại", _levels(result)),
        ("Thành phần hồ sơ", _dossiers(result)),
        ("Ghi chú của kế hoạch", _notes(result)),
    )
    for title, given in parts:
        page.band(title, GROUP)
        found = list(given)
        for number, line in enumerate(found, start=1):
            page.row((number, *line))
        if not found:
            page.sentence(f"Không có dữ liệu về {title[:1].lower()}{title[1:]} trong kế hoạch.", PROSE)
    page.table_ends()
    page.signatures()
    page.finish(result)


def heading(table: str, key: str) -> str:
    found = BY_NAME[table].key(key)
    return found.heading if found else key


def _run(result: RunResult) -> Iterator[Line]:
    yield "", "Chương trình", result.program, ""
    yield "", "Ngày tổng hợp", date_text(result.today), ""
    if result.run_name:
        yield "", "Lần tổng hợp", result.run_name, ""


def _plan(result: RunResult) -> Iterator[Line]:
    head = result.plan.head
    yield head.id, heading("plan", "title"), head.title, ""
    yield "", heading("plan", "authority"), head.authority, ""
    yield "", heading("plan", "standing_body"), head.standing_body, ""
    yield "", heading("plan", "year"), str(head.year), ""
    yield "", heading("plan", "decimals"), str(head.decimals), ""
    for key in ("rank_on", "tie_policy", "survey"):
        yield "", heading("plan", key), option("plan", key, getattr(head, key)), ""
    if head.note:
        yield "", heading("plan", "note"), head.note, ""


def _round(result: RunResult) -> Iterator[Line]:
    item = result.round
    table = "round"
    yield item.code, heading(table, "name"), item.name, item.clause
    yield "", heading(table, "kind"), option(table, "kind", item.kind), ""
    yield "", "Thời kỳ xét", f"{item.from_year} - {item.to_year}", ""
    words = "chậm nhất ngày" if item.inclusive else "trước ngày"
    for key in ("deadline", "forward_deadline"):
        day = getattr(item, key)
        yield "", heading(table, key), f"{words} {date_text(day)}" if day else "không quy định", ""
    yield "", heading(table, "late"), option(table, "late", item.late), ""
    decided = item.decision_date
    yield "", heading(table, "decision_date"), date_text(decided) if decided else "chưa ghi", ""
    yield "", heading(table, "rank_source"), option(table, "rank_source", item.rank_source), ""
    for key in ("total_collectives", "total_individuals"):
        total = getattr(item, key)
        yield "", heading(table, key), "không ghi" if total is None else str(total), ""
    if item.vote_share is not None:
        share = f"{item.vote_share} % {option(table, 'vote_of', item.vote_of)}"
        yield "", heading(table, "vote_share"), share.strip(), ""


def _quotas(result: RunResult) -> Iterator[Line]:
    for quota in quotas_of(result.plan, result.round):
        what = f"{SUBJECTS[quota.subject]}: {quota.award}; {blocks_text(result.plan, quota.blocks)}"
        yield quota.code, what, _quota_value(result, quota), quota.clause


def _quota_value(result: RunResult, quota: Quota) -> str:
    default = "" if quota.order_by or quota.binding == "open" else " (do cơ quan ấn định)"
    parts = [f"Số suất: {seats_text(quota)}", f"xếp theo: {order_text(result.plan, quota)}{default}"]
    if quota.within_fact:
        operator = option("quota", "within_operator", quota.within_operator)
        asked = f"{operator} {quota.within_value or ''}".strip()
        parts.append(f"chỉ xét: {fact_text(result.plan, quota.within_fact)} - {asked}")
    if quota.per_unit is not None:
        parts.append(f"mỗi đơn vị tối đa {quota.per_unit}")
    return "; ".join(parts)


def _gates(result: RunResult) -> Iterator[Line]:
    for gate in result.plan.gates:
        if applies(gate.rounds, result.round.code):
            text = f"{SUBJECTS[gate.subject]}, {blocks_text(result.plan, gate.blocks)}: {gate.reason}"
            yield gate.code, text, _gate_value(result, gate), gate.clause


def _gate_value(result: RunResult, gate: Gate) -> str:
    limit = gate.value or ""
    if gate.operator == "level_at_least":
        limit = next((level.label for level in result.plan.levels if level.code == limit), limit)
    asked = ": ".join(part for part in (option("gate", "operator", gate.operator), limit) if part)
    parts = [f"{fact_text(result.plan, gate.fact)} - {asked}"]
    if gate.any_of:
        parts.append(f"đạt một điều kiện trong nhóm {gate.any_of} là đủ")
    if gate.when:
        parts.append(f"chỉ xét khi: {fact_text(result.plan, gate.when)}")
    return "; ".join(parts)


def _money(result: RunResult) -> Iterator[Line]:
    for award in result.plan.awards:
        text = f"{SUBJECTS[award.subject]}: {award.award}"
        coefficient = str(award.coefficient).replace(".", ",")
        yield "", text, f"Hệ số {coefficient}, từ ngày {date_text(award.from_)}", award.decree
    for salary in result.plan.base_salaries:
        yield "", "Lương cơ sở một tháng", f"{money(salary.amount)}, từ ngày {date_text(salary.from_)}", salary.decree


def _levels(result: RunResult) -> Iterator[Line]:
    for scale, levels in grouped(result.plan.levels, lambda level: level.scale).items():
        for level in sorted(levels, key=lambda level: -level.order):
            start = "" if level.from_ is None else f"từ {level.from_} % trở lên".replace(".", ",")
            yield f"{scale}: {level.code}", level.label, start or "không tính theo chỉ số", ""


def _dossiers(result: RunResult) -> Iterator[Line]:
    for item in result.plan.dossiers:
        if applies(item.rounds, result.round.code):
            form = f"mẫu {item.form}" if item.form else ""
            sets = f"{item.sets} bộ" if item.sets else "không ghi số bộ"
            parts = (option("dossier", "stage", item.stage), form, item.decree, sets)
            value = "; ".join(part for part in parts if part)
            yield item.code, item.name, value, item.clause


def _notes(result: RunResult) -> Iterator[Line]:
    for note in result.plan.notes:
        if applies(note.rounds, result.round.code):
            yield note.code, note.text, "", note.clause
