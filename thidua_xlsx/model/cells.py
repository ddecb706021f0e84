"""The values that one workbook, once read, consists of: cells by address, sheets, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What the file says a cell holds, before anybody interprets it."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands in the file.

    ``text`` is the number exactly as written ("8.5", "1E-2"), the text in full, the error literal
    ("#REF!"), or "1"/"0" for a boolean; "" for a formula that carries no cached value.
    ``formula`` is the formula's text without "=" ("" for a follower of a shared formula), None for a constant.
    ``rich`` says that the text has runs with super- or subscript, so that what is seen is not what is read.
    """

    kind: Kind
    text: str
    formula: str | None = None
    rich: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: sparse cells by (row, column), both counted from 1.

    ``dated`` lists the numbers that are shown as days or hours (8/5, typed for a score). Only the second reader
    tells it, so that sheets are the same without it.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    hidden: bool = False
    merges: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    protected: bool = False
    dated: frozenset[tuple[int, int]] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class Book:
    """One workbook: its sheets in order, its date base, and remarks of the reader (codes of notes)."""

    sheets: tuple[Sheet, ...]
    date1904: bool = False
    remarks: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why bytes are no workbook that we read: a finding code name and the detail that proves it."""

    code: str
    detail: str = ""
