"""Turns what a cell means (heading, total, an outcome) into how it looks; every sheet of the summary shares these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from thidua_xlsx.model.results import Outcome

SIZE = 12
INDENT = 10.0  # points of one step of indent


class Kind(Enum):
    """How the values of a column stand in their cells."""

    TEXT = "left"
    CENTER = "center"
    NUMBER = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in characters, kind, number format, and its own number (1, 2, 3=1+2)."""

    header: str
    width: float
    kind: Kind = Kind.TEXT
    format: str = "General"
    number: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a row or a cell differs from plain text in a ruled table; ``padded``: off the edge also without a rule."""

    bold: bool = False
    italic: bool = False
    fill: str = ""
    color: str = ""
    align: str = ""
    format: str = ""
    size: float = SIZE
    ruled: bool = True
    padded: bool = False
    indent: int = 1
    locked: bool = True

    def props(self, kind: Kind = Kind.TEXT, number_format: str = "General") -> dict[str, Any]:
        props: dict[str, Any] = {
            "text_wrap": True,
            "font_size": self.size,
            "align": self.align or kind.value,
            "indent": self.indent if self.indented(kind) else 0,
            "num_format": self.format or number_format,
        }
        chosen = {
            "bold": self.bold,
            "italic": self.italic,
            "border": 1 if self.ruled else 0,
            "bg_color": self.fill,
            "font_color": self.color,
        }
        if not self.locked:
            props["locked"] = False
        return props | {name: value for name, value in chosen.items() if value}

    def indented(self, kind: Kind) -> bool:
        """Text beside a rule keeps a little off it."""
        return (self.ruled or self.padded) and (self.align or kind.value) == Kind.TEXT.value

    def indent_points(self, kind: Kind) -> float:
        return INDENT * self.indent if self.indented(kind) else 0.0


PLAIN = Look()
HEADING = Look(bold=True, fill="#D9E2F0", align="center", size=11)
NUMBERS = Look(italic=True, align="center", size=10)
GROUP = Look(bold=True, fill="#EDEDED")
SUBGROUP = Look(bold=True, italic=True)
TOTAL = Look(bold=True, fill="#F7F7F7")
PROSE = Look(ruled=False)
SECTION = Look(bold=True, ruled=False)
REMARK = Look(italic=True, ruled=False)
TITLE = Look(bold=True, align="center", size=14, ruled=False)
TRIAL = replace(TITLE, fill="#C00000", color="#FFFFFF")
CENTERED = Look(align="center", ruled=False)
CENTERED_BOLD = replace(CENTERED, bold=True)
CENTERED_ITALIC = replace(CENTERED, italic=True)
# Light fills, which a black-and-white printer turns into legible greys; the words say the same.
OUTCOMES = {
    Outcome.PROPOSED: Look(bold=True, fill="#E2F0D9"),
    Outcome.TIED: Look(bold=True, fill="#FFF2CC"),
    Outcome.RESERVE: Look(bold=True, fill="#DDEBF7"),
    Outcome.UNPROVEN: Look(bold=True, fill="#FCE4D6"),
    Outcome.INVALID: Look(bold=True, fill="#F8CBAD"),
}
