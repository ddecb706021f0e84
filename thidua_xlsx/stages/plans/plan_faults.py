"""Turns a fault of one row of a plan into the finding at the very key where it is mended."""

from __future__ import annotations

from typing import Any

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import BY_NAME, Key
from thidua_xlsx.stages.plans.build_plan import table_label
from thidua_xlsx.stages.plans.plan_values import label_of, shown, suggestion


def incomplete(row: Any, key: str, detail: str) -> Finding:
    """Something that the row needs and does not say."""
    return finding(Code.PLAN_INCOMPLETE, row.source.at(key), value=row.code, detail=detail)


def contradiction(row: Any, key: str, detail: str) -> Finding:
    """Something that the row says against itself or against another."""
    return finding(Code.PLAN_CONTRADICTION, row.source.at(key), value=row.code, detail=detail)


def misdated(row: Any, key: str, detail: str) -> Finding:
    """A day or a year that cannot be."""
    return finding(Code.PLAN_DATES, row.source.at(key), value=row.code, detail=detail)


def undeclared(row: Any, key: Key, code: str, known: dict[str, str], table: str) -> Finding:
    """A code that the table it refers to does not have."""
    return finding(
        Code.PLAN_UNKNOWN_CODE,
        row.source.at(key.name),
        value=code,
        key=label_of(key),
        table=table_label(BY_NAME[table]),
        suggestion=suggestion(code, known),
    )


def misshaped(row: Any, key: Key, holds: str) -> Finding:
    """A value of the right kind that cannot serve."""
    return finding(
        Code.PLAN_VALUE_KIND,
        row.source.at(key.name),
        value=shown(getattr(row, key.field)),
        key=label_of(key),
        holds=holds,
    )


def reserved(row: Any, key: str, value: str, whose: str) -> Finding:
    """A name that the program itself uses."""
    return finding(Code.PLAN_DUPLICATE, row.source.at(key), value=value, other=whose)


def doubled(row: Any, key: str, value: object, other: Any, other_key: str | None = None) -> Finding:
    """A name that another row has, told where that one stands."""
    there = other.source.at(other_key or key)
    cell = there.cell if there.cell.startswith("dòng") else f"ô {there.cell}"
    where = cell if there.sheet == row.source.at(key).sheet else f"{there.sheet}, {cell}"
    return finding(Code.PLAN_DUPLICATE, row.source.at(key), value=shown(str(value)), other=where)
