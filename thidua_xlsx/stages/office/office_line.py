"""Turns codes and what is known of them into one line of the office's workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thidua_xlsx.model.form import Answer
from thidua_xlsx.model.results import Decision, FileRecord, Standing
from thidua_xlsx.stages.office.kept_rows import Key, key_of
from thidua_xlsx.stages.office.plain_table import Typed

Shown = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is typed by header (codes included), what is shown beside, and what may be answered."""

    key: Key
    typed: Mapping[str, Typed]
    shown: Mapping[str, Shown]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run knows that helps whoever types; ``declared`` holds the units' own answers as people read them."""

    files: Sequence[FileRecord] = ()
    decisions: Sequence[Decision] = ()
    standings: Sequence[Standing] = ()
    declared: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


def coded_line(sheet: str, codes: Mapping[str, str], shown: Mapping[str, Shown], answer: Answer | None = None) -> Line:
    """A line that nobody has typed into yet."""
    return Line(key_of(sheet, codes), dict(codes), shown, answer)
