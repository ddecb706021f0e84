"""The rows of a plan as a file gives them: values not yet typed, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.plan import RowPlace


@dataclass(frozen=True, slots=True)
class NotPlain:
    """What stands where a plain value should: a formula, an error, a nested table; ``wanted`` says what to type."""

    shown: str
    wanted: str


Raw = str | int | Decimal | bool | date | NotPlain


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of one table, keys by their names in text; keys that the language does not know included."""

    table: str
    values: Mapping[str, Raw]
    source: RowPlace


RawRows = tuple[RawRow, ...]
