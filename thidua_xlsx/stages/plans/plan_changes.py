"""Turns a plan and settings like ``quota.tap-the.seats=5`` into the plan that they would make, faults included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.language import BY_NAME, TABLES, Table
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.plan_source import Raw, RawRow
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.plans.build_plan import draft_plan
from thidua_xlsx.stages.plans.lint_plan import check_plan
from thidua_xlsx.stages.plans.lint_rounds import untrue_totals
from thidua_xlsx.stages.plans.plan_cells import written
from thidua_xlsx.stages.plans.plan_values import suggestion

HOW = "Viết bảng.mã.cột=giá trị, ví dụ quota.MÃ.seats=5"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a plan to be held otherwise: the row by its number in the table, and the text typed for it."""

    table: str
    row: int
    code: str
    key: str
    text: str

    def __str__(self) -> str:
        name = ".".join(part for part in (self.table, self.code, self.key) if part)
        return f"{name}={self.text}"


def names_of(row: Any) -> tuple[str, ...]:
    """What a row may be called, shortest first: its code, alone or behind what parts it from rows of the same code."""
    code = getattr(row, "code", None) or getattr(row, "award", None)
    subject, scale, day = (getattr(row, field, None) for field in ("subject", "scale", "from_"))
    since = day.isoformat() if isinstance(day, date) else None
    apart = [part for part in (scale, subject, *getattr(row, "rounds", ()), *getattr(row, "blocks", ())) if part]
    named = [code, *(f"{part}.{code}" for part in apart)] if code else []
    return (*named, *(f"{name}.{since}" for name in named if since), *([since] if since and not named else []))


def name_in(plan: Plan, table: str, row: Any) -> str:
    """The shortest name that no other row of the table has."""
    taken = [name for other in plan.table(table) if other is not row for name in names_of(other)]
    return next((name for name in names_of(row) if name not in taken), names_of(row)[0])


def read_setting(plan: Plan, text: str) -> tuple[Setting | None, str]:
    """One setting, or the sentence that says what is wrong with it and what was perhaps meant.

    Tables and columns are named as in the language, or as the sheets and headings of the plan workbook.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    table_name, _, rest = name.partition(".")
    code, _, key_name = rest.rpartition(".")
    if not equals or not key_name:
        return None, f"Không hiểu «{text}». {HOW}."
    table = BY_NAME.get(table_name) or next((item for item in TABLES if fold(item.sheet) == fold(table_name)), None)
    if table is None:
        meant = {item.name: item.name for item in TABLES} | {item.sheet: item.name for item in TABLES}
        return None, (
            f"Kế hoạch không có bảng «{table_name}»{suggestion(table_name, meant)}. "
            f"Chọn một trong: {', '.join(item.name for item in TABLES)}."
        )
    key = table.key(key_name) or next((item for item in table.keys if fold(item.heading) == fold(key_name)), None)
    if key is None:
        keys = {item.name: item.name for item in table.keys} | {item.heading: item.name for item in table.keys}
        return None, (
            f"Bảng {table.name} không có cột «{key_name}»{suggestion(key_name, keys)}. "
            f"Chọn một trong: {', '.join(item.name for item in table.keys)}."
        )
    row, complaint = _row(plan, table, code)
    return (None, complaint) if row is None else (Setting(table.name, row, code, key.name, value), "")


def _row(plan: Plan, table: Table, code: str) -> tuple[int | None, str]:
    rows = plan.table(table.name)
    if table.name == "plan" and code in ("", plan.head.id):
        return 0, ""
    found = [number for number, row in enumerate(rows) if code in names_of(row)]
    if len(found) == 1:
        return found[0], ""
    if found:
        longer = {name for number in found for name in names_of(rows[number]) if name != code}
        return (
            None,
            f"Bảng {table.name} có {len(found)} dòng mã «{code}». Ghi rõ một trong: {', '.join(sorted(longer))}.",
        )
    known = {name: name for row in rows for name in names_of(row)[:1]}
    some = ", ".join(list(known)[:12]) + (", …" if len(known) > 12 else "")
    return None, f"Bảng {table.name} không có dòng mã «{code}»{suggestion(code, known)}. Chọn một trong: {some}."


def changed_plan(
    plan: Plan, settings: Sequence[Setting]
) -> tuple[Plan | None, tuple[Setting, ...], tuple[Finding, ...]]:
    """The plan with these values, checked as any plan is; stated totals of seats follow the seats that were set.

    The settings that were followed besides are given back too: whoever reads the result must see all of them.
    """
    told = {(item.table, item.row, item.key) for item in settings}
    totals = _totals(draft_plan(_rows(plan, settings)).plan) if any(item.table == "quota" for item in settings) else ()
    besides = tuple(item for item in totals if (item.table, item.row, item.key) not in told)
    made, findings = check_plan(_rows(plan, (*settings, *besides)))
    return made, (*settings, *besides), findings


def _totals(plan: Plan) -> Iterator[Setting]:
    """What the rounds would have to state, where it is not what they state."""
    for number, key, _, total in untrue_totals(plan):
        yield Setting("round", number, plan.rounds[number].code, key, str(total))


def _rows(plan: Plan, settings: Iterable[Setting]) -> Iterator[RawRow]:
    """The plan as raw rows, as a file would give them, with the settings in place of what stands there."""
    by_row: dict[tuple[str, int], list[Setting]] = {}
    for item in settings:
        by_row.setdefault((item.table, item.row), []).append(item)
    for table in TABLES:
        for number, row in enumerate(plan.table(table.name)):
            values: dict[str, Raw] = {key.name: value for key, value in written(table, row)}
            places = dict(row.source.keys)
            for item in by_row.get((table.name, number), ()):
                values[item.key] = item.text
                places[item.key] = Place(f"--set {item}")
            yield RawRow(table.name, values, replace(row.source, keys=tuple(places.items())))
