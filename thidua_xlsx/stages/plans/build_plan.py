"""Turns the raw rows of a plan into a plan, with every value that is missing, misplaced or not what its key holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import BY_NAME, TABLES, Key, Table
from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.plan import ATTRIBUTES, ROW_TYPES, Head, Plan, Row
from thidua_xlsx.model.plan_source import RawRow
from thidua_xlsx.stages.plans.plan_values import Held, label_of, read_value, suggestion

# A plan without these speaks of nobody; every other table may be left out.
NEVER_EMPTY = ("plan", "round", "block", "unit", "quota")
NOBODY = Head(id="", title="", authority="", place="", standing_body="", year=0)


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be built: the rows without a fault. ``spoiled`` names the tables that lack some."""

    plan: Plan
    findings: tuple[Finding, ...]
    spoiled: frozenset[str]


def table_label(table: Table) -> str:
    """How messages name a table for readers of both forms: «Đơn vị (unit)»."""
    return f"{table.sheet} ({table.name})"


def build_plan(rows: Iterable[RawRow]) -> tuple[Plan | None, tuple[Finding, ...]]:
    """The plan, or None with everything that is wrong with its values. Whether it makes sense is the linter's."""
    draft = draft_plan(rows)
    return (None if draft.findings else draft.plan), draft.findings


def draft_plan(rows: Iterable[RawRow]) -> Draft:
    """As much of the plan as its values allow, so that the linter can go on and report all faults at once."""
    findings: list[Finding] = []
    tables: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    spoiled: set[str] = set()
    raw_rows = tuple(rows)
    for raw in raw_rows:
        table = BY_NAME.get(raw.table)
        if table is None:
            continue
        row, faults = build_row(table, raw)
        findings += faults
        if row is None:
            spoiled.add(table.name)
        else:
            tables[table.name].append(row)
    spoiled |= set(absent_tables(raw_rows))
    findings += [*unknown_tables(raw_rows), *missing_tables(raw_rows), *second_heads(tables["plan"])]
    head = tables["plan"][0] if tables["plan"] else NOBODY
    assert isinstance(head, Head)
    filled: dict[str, Any] = {attribute: tuple(tables[name]) for name, attribute in ATTRIBUTES.items()}
    return Draft(Plan(head, **filled), tuple(findings), frozenset(spoiled))


def build_row(table: Table, raw: RawRow) -> tuple[Row | None, list[Finding]]:
    """One typed row, and each of its faults at its key; no row where a value is missing or unusable."""
    strangers = [unknown_key(table, name, raw.source.at(name)) for name in raw.values if table.key(name) is None]
    read = [(key, *_value(key, raw)) for key in table.keys]
    faults = [fault for _, _, fault in read if fault]
    if faults:
        return None, strangers + faults
    values = [(key, held) for key, held, _ in read if held is not None]
    made: Any = ROW_TYPES[table.name]
    row: Row = made(
        **{key.field: held for key, held in values},
        source=raw.source,
        stated=frozenset(key.name for key, _ in values),
    )
    return row, strangers


def _value(key: Key, raw: RawRow) -> tuple[Held | None, Finding | None]:
    if key.name in raw.values:
        held, fault = read_value(key, raw.values[key.name], raw.source)
        if fault or held is not None:
            return held, fault
    if key.required:
        return None, finding(Code.PLAN_VALUE_MISSING, raw.source.at(key.name), key=label_of(key))
    return None, None


def unknown_key(table: Table, name: str, place: Place) -> Finding:
    """A key that the table does not have; headings are understood when suggesting."""
    meant = {key.name: key.name for key in table.keys} | {key.heading: key.name for key in table.keys}
    return finding(Code.PLAN_UNKNOWN_KEY, place, value=name, suggestion=suggestion(name, meant))


def unknown_table(name: str, place: Place) -> Finding:
    """A table or sheet that the language does not have."""
    meant = {table.name: table.name for table in TABLES} | {table.sheet: table.sheet for table in TABLES}
    return finding(Code.PLAN_UNKNOWN_TABLE, place, value=name, suggestion=suggestion(name, meant))


def unknown_tables(rows: tuple[RawRow, ...]) -> list[Finding]:
    first = {row.table: row for row in reversed(rows)}
    return [unknown_table(name, row.source.row) for name, row in reversed(first.items()) if name not in BY_NAME]


def absent_tables(rows: tuple[RawRow, ...]) -> tuple[str, ...]:
    """Tables without which there is no plan, when not even a faulty row of them is there."""
    there = {row.table for row in rows}
    return tuple(name for name in NEVER_EMPTY if name not in there)


def missing_tables(rows: tuple[RawRow, ...]) -> list[Finding]:
    file = rows[0].source.row.file if rows else ""
    return [
        finding(
            Code.PLAN_INCOMPLETE,
            Place(file) if file else NOWHERE,
            value=name,
            detail=f"Bảng {table_label(BY_NAME[name])} chưa có dòng nào",
        )
        for name in absent_tables(rows)
    ]


def second_heads(heads: list[Row]) -> list[Finding]:
    """The table ``plan`` has one row."""
    return [
        finding(
            Code.PLAN_DUPLICATE,
            row.source.at("id"),
            value=getattr(row, "id", ""),
            other=f"{heads[0].source.at('id').cell}; bảng này chỉ có một dòng",
        )
        for row in heads[1:]
    ]
