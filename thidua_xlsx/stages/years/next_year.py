"""Turns last year's plan into next year's: dates and years moved on by one, everything that was moved listed.

What belongs to a period of several years stays: its end, its rounds, its gates. Nothing is guessed: a date that
would fall outside the period is left blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from thidua_xlsx.model.language import BY_NAME, TABLES, Holds, Table
from thidua_xlsx.model.next_year import Look, ToCheck
from thidua_xlsx.model.plan import ATTRIBUTES, Gate, Head, Plan, Round, Row, Task, applies
from thidua_xlsx.model.wording import date_text

YEARLY = ("annual", "ad_hoc")
DATES = ("deadline", "forward_deadline", "decision_date")
WEEKEND = {5: ", thứ Bảy", 6: ", Chủ nhật"}
# "năm 2025", but neither "đến năm 2025" (a target) nor "152/2025" (a decree).
YEAR_NAMED = r"(?i)(?<!đến )(?<!từ )(?<!trước )(?<!sau )\b(năm ){year}(?![\d/])"
# A year on its own, «tháng 7/2025» too; neither a period «2021 - 2025», nor a decree, nor a whole date.
YEAR_SEEN = r"(?<![\d/])(?:\d{{1,2}}/)?{year}(?![\d/])"
PERIOD = re.compile(r"\d{4}\s*[-\u2013]\s*\d{4}")
WHOLE_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
# What people read in forms and papers, and what is named after the year it is about.
NAMED = (("criterion", "name"), ("index", "name"), ("question", "label"), ("dossier", "name"), ("gate", "reason"))

Some = TypeVar("Some", bound=Row)
Moves = list[ToCheck]


def next_plan(plan: Plan) -> tuple[Plan, tuple[ToCheck, ...]]:
    """The plan of the next year, and every cell that was moved, kept although it may be stale, or left blank."""
    notes: Moves = []
    year = plan.head.year
    yearly = {item.code for item in plan.rounds if is_yearly(item)}
    moving = yearly | {item.code for item in plan.rounds if item.kind in YEARLY and year < item.to_year}
    every = {item.code for item in plan.rounds}
    made = replace(
        plan,
        head=_head(plan.head, bool(yearly), notes),
        rounds=tuple(_round(item, year, moving, notes) for item in plan.rounds),
        tasks=tuple(_task(item, year, bool(set(item.rounds or every) & moving), notes) for item in plan.tasks),
        gates=tuple(_gate(item, set(item.rounds or every) <= yearly, notes) for item in plan.gates),
    )
    for table, key in NAMED:
        rows = [_named(table, key, row, year, set(row.rounds or every) <= moving, notes) for row in made.table(table)]
        made = with_rows(made, table, rows)
    return made, (*notes, *_of_last_year(made, year), *_stale(plan, made))


def is_yearly(round_: Round) -> bool:
    """A round whose period is the campaign's one year."""
    return round_.kind in YEARLY and round_.from_year == round_.to_year


def where(table: str, row: Any, key: str) -> str:
    """A cell of the plan as staff find it: sheet, row, column."""
    layout = BY_NAME[table]
    column = layout.key(key)
    named = getattr(row, "code", None) or getattr(row, "award", None)
    return " / ".join(part for part in (layout.sheet, named, column.heading if column else "") if part)


def _changed(table: str, row: Some, values: dict[str, Any], notes: Moves, why: str = "") -> Some:
    """The row with new values, each noted."""
    values = {key: value for key, value in values.items() if value != getattr(row, key)}
    for key, value in values.items():
        told = f"{_shown(getattr(row, key))} → {_shown(value)}"
        notes.append(ToCheck(Look.MOVED if value is not None else Look.OPEN, where(table, row, key), told + why))
    return replace(row, **values) if values else row


def _shown(value: Any) -> str:
    if value is None:
        return "để trống"
    if isinstance(value, date):
        return date_text(value) + WEEKEND.get(value.weekday(), "")
    return f"«{value}»" if isinstance(value, str) else str(value)


def _head(head: Head, one_year: bool, notes: Moves) -> Head:
    values: dict[str, Any] = {"year": head.year + 1}
    if one_year:
        values["title"] = renamed(head.title, head.year)
        # The id of a one-year plan carries its year; a period (… 2021-2025) is no such thing.
        if re.search(rf"(?<!\d)(?<!\d{{4}}-){head.year}$", head.id):
            values["id"] = head.id.removesuffix(str(head.year)) + str(head.year + 1)
    return _changed("plan", head, values, notes)


def _round(item: Round, year: int, moving: set[str], notes: Moves) -> Round:
    if item.code not in moving:
        if item.kind not in YEARLY:
            period = f"giai đoạn {item.from_year} - {item.to_year}"
            notes.append(ToCheck(Look.KEPT, where("round", item, "name"), f"Đợt của {period}, không dời năm."))
            return item
        over = f" (đợt chỉ xét đến năm {item.to_year}: bỏ đợt này, hoặc sửa «Đến năm» và ghi thời hạn)"
        return _changed("round", item, dict.fromkeys(DATES), notes, over)
    values: dict[str, Any] = {key: day and a_year_later(day) for key in DATES if (day := getattr(item, key))}
    values["name"] = renamed(item.name, year)
    if is_yearly(item):
        values |= {"from_year": item.from_year + 1, "to_year": item.to_year + 1}
    return _changed("round", item, values, notes)


def _task(item: Task, year: int, moving: bool, notes: Moves) -> Task:
    if not moving or not (item.due and item.due.year in (year, year + 1)):
        return item
    return _changed("task", item, {"due": a_year_later(item.due), "name": renamed(item.name, year)}, notes)


def _gate(item: Gate, yearly: bool, notes: Moves) -> Gate:
    """The years a gate looks at move on where it follows a round of one year."""
    years = {key: value for key in ("from_year", "to_year") if (value := getattr(item, key)) is not None}
    if years and not yearly:
        told = ", ".join(map(str, years.values()))
        notes.append(ToCheck(Look.KEPT, where("gate", item, next(iter(years))), f"Tính theo giai đoạn: {told}."))
        return item
    return _changed("gate", item, {key: value + 1 for key, value in years.items()}, notes)


def with_rows(plan: Plan, table: str, rows: Sequence[Any]) -> Plan:
    """The plan with other rows in one of its tables."""
    values: dict[str, Any] = {ATTRIBUTES[table]: tuple(rows)}
    return replace(plan, **values)


def _named(table: str, key: str, row: Some, year: int, moving: bool, notes: Moves) -> Some:
    return _changed(table, row, {key: renamed(getattr(row, key), year)}, notes) if moving else row


def a_year_later(day: date) -> date:
    """The same day of the next year; the 28th where there is no 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def renamed(text: str, year: int) -> str:
    """The name with «năm 2025» turned into «năm 2026»; targets, periods and decrees keep their years."""
    return re.sub(YEAR_NAMED.format(year=year), rf"\g<1>{year + 1}", text)


def _of_last_year(plan: Plan, year: int) -> Iterator[ToCheck]:
    """What was last year's by its nature."""
    if plan.tasks:
        told = f"Danh mục nhiệm vụ là của năm {year}: thay bằng nhiệm vụ được giao năm {year + 1}."
        yield ToCheck(Look.KEPT, BY_NAME["task"].sheet, told)
    for table in ("award", "base_salary"):
        if plan.table(table):
            told = f"Mức tiền đang ghi là mức đã biết khi lập kế hoạch năm {year}: xem có văn bản mới không."
            yield ToCheck(Look.KEPT, BY_NAME[table].sheet, told)
    if any(applies(quota.rounds, item.code) for item in plan.rounds if item.kind in YEARLY for quota in plan.quotas):
        yield ToCheck(Look.KEPT, BY_NAME["quota"].sheet, f"Số suất là của kế hoạch năm {year}.")


def _stale(before: Plan, plan: Plan) -> Iterator[ToCheck]:
    """Texts that still speak of last year, or name a date that was moved."""
    year = before.head.year
    own = re.compile("|".join(YEAR_SEEN.format(year=number) for number in (year, year + 1)))
    gone = set(_dates(before)) - set(_dates(plan))
    for table in TABLES:
        for was, row in zip(before.table(table.name), plan.table(table.name), strict=True):
            for key in _texts(table):
                text = getattr(row, key)
                if not text or text != getattr(was, key):
                    continue
                found = own.search(PERIOD.sub("", WHOLE_DATE.sub("", text)))
                old = [match[0] for match in WHOLE_DATE.finditer(text) if tuple(map(int, match.groups())) in gone]
                if found or old:
                    told = f"Còn ghi «{', '.join(old) or (found and found[0])}»: {_short(text)}"
                    yield ToCheck(Look.KEPT, where(table.name, row, key), told)


def _dates(plan: Plan) -> Iterator[tuple[int, int, int]]:
    """The dates of rounds and tasks, and the days before them («trước ngày»), as day, month, year."""
    days = [getattr(item, key) for item in plan.rounds for key in DATES] + [item.due for item in plan.tasks]
    for day in filter(None, days):
        for one in (day, day - timedelta(days=1)):
            yield one.day, one.month, one.year


def _texts(table: Table) -> Iterator[str]:
    """The keys of a table that people read; the number of a decree has its own year."""
    return (key.field for key in table.keys if key.holds is Holds.TEXT and key.name not in ("clause", "decree"))


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119].rstrip() + "…"
