"""Turns one row of a plan into the cells that both forms write: what somebody stated, and what is no default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from thidua_xlsx.model.language import Holds, Key, Table
from thidua_xlsx.model.plan import ROW_TYPES

CellValue = str | int | Decimal | bool | date


@cache
def defaults(table: str) -> dict[str, object]:
    """What an absent key means, by field."""
    return {item.name: item.default for item in fields(ROW_TYPES[table]) if item.default is not MISSING}


def written(table: Table, row: Any) -> Iterator[tuple[Key, CellValue]]:
    """The keys of a row that are not blank, in canonical order, lists and parameters as one text."""
    usual = defaults(table.name)
    for key in table.keys:
        value = getattr(row, key.field)
        unsaid = key.field in usual and value == usual[key.field] and key.name not in row.stated
        if value is None or value == () or unsaid:
            continue
        if key.holds is Holds.PARAMETERS:
            value = "; ".join(f"{name} = {held}" for name, held in value)
        yield key, "; ".join(value) if isinstance(value, tuple) else value
