"""What would have to be otherwise for another outcome: single values, each where it lies, and the ways they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from thidua_xlsx.model.office import AwardGiven
from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.plan import Gate
from thidua_xlsx.model.results import Outcome


class Lies(Enum):
    """Where a value is kept, and how ``key`` of an amendment finds it there."""

    FORM = "form"  # unit, sheet, row code ("" for a row found by its place), header; no header: the whole row
    POINTS = "points"  # «Điểm thẩm định»: unit, criterion
    ANSWERS = "answers"  # «Xác nhận»: unit, order or "", question or index
    RECEPTION = "reception"  # «Tiếp nhận»: file, column
    REGISTER = "register"  # «Khen thưởng»: a new line, or the column of the line at ``place``
    PLAN = "plan"  # ke-hoach: table, row code, key
    RETURN = "return"  # the unit sends its form (again): unit


@dataclass(frozen=True, slots=True)
class Amendment:
    """One value that would have to be otherwise.

    ``to`` is what would have to stand there, None to leave the cell or line blank; where any right answer would do,
    ``example`` says that ``to`` is but one. ``now`` is what stands there, as shown; ``label`` names it for people;
    ``gain`` is by how many points it raises the unit's total.
    """

    lies: Lies
    key: tuple[str, ...]
    to: Decimal | str | date | AwardGiven | None
    label: str
    place: Place = NOWHERE
    now: str = ""
    example: bool = False
    gain: Fraction = Fraction(0)


Amendments = tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Amendments that together change the outcome, tried out; ``outcome`` None: it rests on what will be sent."""

    amendments: Amendments
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a gate or an order asks of one fact: its operator and value; ``above``: strictly better than the value."""

    name: str
    operator: str
    value: str | None
    above: bool = False
    gate: Gate | None = None

    @property
    def number(self) -> Fraction:
        return Fraction(self.value or "0")
