"""What a run keeps of what it read, so that two runs can be told apart cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KeptCell:
    """One value as it was typed, and where: a sentence for people."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything a run read, as text: a unit's answers by (sheet, row code, header), the office's by their keys.

    ``register`` counts equal lines; ``plan`` holds every value by (table, row code, key).
    """

    answers: Mapping[str, Mapping[tuple[str, ...], KeptCell]] = field(default_factory=dict)
    office: Mapping[tuple[str, ...], KeptCell] = field(default_factory=dict)
    register: Mapping[tuple[str, ...], KeptCell] = field(default_factory=dict)
    plan: Mapping[tuple[str, ...], str] = field(default_factory=dict)
