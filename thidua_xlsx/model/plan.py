"""The plan as frozen values: one record a row, one tuple a table, in the words of the plan language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from thidua_xlsx.model.place import NOWHERE, Place

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row of a plan stands, and where those of its keys do that stand elsewhere (columns of a workbook).

    ``in_text``: the others are found by their names on the row's own line, as a plan in text has them.
    """

    row: Place = NOWHERE
    keys: tuple[tuple[str, Place], ...] = ()
    in_text: bool = False

    def at(self, key: str) -> Place:
        own = dict(self.keys).get(key)
        if own or not self.in_text:
            return own or self.row
        line = f"{self.row.cell}, " if self.row.cell else ""
        return Place(self.row.file, self.row.sheet, f"{line}khóa {key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row of a plan carries besides its keys.

    ``stated`` names the keys that were written out, so that a default that somebody wrote is kept as written.
    """

    source: RowPlace = field(default=RowPlace(), compare=False, repr=False)
    stated: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Row):
    id: str
    title: str
    authority: str
    place: str
    standing_body: str
    year: int
    parent_authority: str | None = None
    decimals: int = 2
    rank_on: str = "exact"
    tie_policy: str = "council"
    class_scale: str | None = None
    survey: str = "taken"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Row):
    code: str
    name: str
    kind: str
    from_year: int
    to_year: int
    clause: str
    deadline: date | None = None
    inclusive: bool = False
    forward_deadline: date | None = None
    late: str = "flag"
    decision_date: date | None = None
    rank_source: str = "this_return"
    total_collectives: int | None = None
    total_individuals: int | None = None
    vote_share: Decimal | None = None
    vote_of: str | None = None
    casting_vote: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Row):
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Row):
    code: str
    name: str
    block: str
    rounds: Codes = ()
    email: str | None = None
    contact: str | None = None
    head: str | None = None
    aliases: Codes = ()
    traits: Codes = ()
    last_rank: int | None = None
    last_points: Decimal | None = None
    last_index: Decimal | None = None
    not_applicable: Codes = ()
    dissolved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Row):
    scale: str
    code: str
    label: str
    order: int
    from_: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Row):
    """A line of the scorecard; a leaf has a method, the others sum what is below them (points)."""

    code: str
    name: str
    max: Decimal
    parent: str | None = None
    method: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    blocks: Codes = ()
    rounds: Codes = ()
    zero_denominator: str = "forbid"
    evidence: str | None = None
    who_answers: str = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Row):
    code: str
    name: str
    max: Decimal
    units: Codes = ()
    last_value: Decimal | None = None
    last_max: Decimal | None = None
    rounds: Codes = ()
    who_answers: str = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    code: str
    name: str
    due: date | None = None
    units: Codes = ()
    rounds: Codes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Row):
    code: str
    label: str
    subject: str
    type: str
    required: bool = False
    scale: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    rounds: Codes = ()
    blocks: Codes = ()
    who_answers: str = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierItem(Row):
    code: str
    subject: str
    stage: str
    name: str
    clause: str
    decree: str | None = None
    form: str | None = None
    sets: int | None = None
    any_of: str | None = None
    rounds: Codes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Row):
    code: str
    subject: str
    fact: str
    operator: str
    clause: str
    reason: str
    rounds: Codes = ()
    blocks: Codes = ()
    value: str | None = None
    compare: str = "percent"
    scope: str = "all"
    award: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    any_of: str | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Row):
    code: str
    subject: str
    award: str
    binding: str
    clause: str
    rounds: Codes = ()
    blocks: Codes = ()
    seats: int | None = None
    order_by: Codes = ()
    within_fact: str | None = None
    within_operator: str | None = None
    within_value: str | None = None
    per_unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Row):
    award: str
    subject: str
    coefficient: Decimal
    from_: date
    decree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSalary(Row):
    amount: int
    from_: date
    decree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    code: str
    text: str
    clause: str
    rounds: Codes = ()


AnyRow = TypeVar("AnyRow", bound=Row)

ROW_TYPES: dict[str, type[Row]] = {
    "plan": Head,
    "round": Round,
    "block": Block,
    "unit": Unit,
    "level": Level,
    "criterion": Criterion,
    "index": Index,
    "task": Task,
    "question": Question,
    "dossier": DossierItem,
    "gate": Gate,
    "quota": Quota,
    "award": Award,
    "base_salary": BaseSalary,
    "note": Note,
}


def applies(codes: Codes, code: str) -> bool:
    """A blank list of rounds, blocks or units means all of them."""
    return not codes or code in codes


# Units by code, of the plan that was asked last: thousands are looked up one by one, in one plan or two.
_looked_up: list[tuple[tuple[Unit, ...], dict[str, Unit]]] = [((), {})]
# Rows that were picked from a table, with the table: thousands of units ask for the same few.
_picked: dict[tuple[str, ...], tuple[tuple[Row, ...], tuple[Any, ...]]] = {}
MOST_PICKED = 512


def _once(table: tuple[AnyRow, ...], asked: tuple[str, ...], fits: Callable[[AnyRow], bool]) -> tuple[AnyRow, ...]:
    """The rows of a table that fit; ``asked`` is all that it depends on, beside the table itself."""
    found = _picked.get(asked)
    if found is None or found[0] is not table:
        if len(_picked) >= MOST_PICKED:
            _picked.clear()
        found = _picked[asked] = table, tuple(filter(fits, table))
    return found[1]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. ``tables`` keeps rows in the order of the file, table by table."""

    head: Head
    rounds: tuple[Round, ...] = ()
    blocks: tuple[Block, ...] = ()
    units: tuple[Unit, ...] = ()
    levels: tuple[Level, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    indices: tuple[Index, ...] = ()
    tasks: tuple[Task, ...] = ()
    questions: tuple[Question, ...] = ()
    dossiers: tuple[DossierItem, ...] = ()
    gates: tuple[Gate, ...] = ()
    quotas: tuple[Quota, ...] = ()
    awards: tuple[Award, ...] = ()
    base_salaries: tuple[BaseSalary, ...] = ()
    notes: tuple[Note, ...] = ()

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of the table with this name in the plan language."""
        rows: tuple[Any, ...] = (self.head,) if name == "plan" else getattr(self, ATTRIBUTES[name])
        return rows

    def round(self, code: str) -> Round | None:
        return next((item for item in self.rounds if item.code == code), None)

    def unit(self, code: str) -> Unit | None:
        units, by_code = _looked_up[0]
        if units is not self.units:
            units, by_code = _looked_up[0] = self.units, {item.code: item for item in reversed(self.units)}
        return by_code.get(code)

    def units_of(self, round_: Round) -> tuple[Unit, ...]:
        return _once(self.units, ("unit", round_.code), lambda unit: applies(unit.rounds, round_.code))

    def criteria_of(self, round_: Round, unit: Unit) -> tuple[Criterion, ...]:
        """The scorecard's lines for this unit, in the plan's order; lines not applicable to it included."""
        return _once(
            self.criteria,
            ("criterion", round_.code, unit.block, self.head.survey),
            lambda line: (
                applies(line.rounds, round_.code)
                and applies(line.blocks, unit.block)
                and not (self.head.survey == "not_taken" and line.method == "survey")
            ),
        )

    def indices_of(self, round_: Round, unit: Unit) -> tuple[Index, ...]:
        """The indices this unit answers for, common ones (``*``) included."""
        return tuple(
            item
            for item in self.indices
            if applies(item.rounds, round_.code) and ("*" in item.units or unit.code in item.units)
        )

    def tasks_of(self, round_: Round, unit: Unit) -> tuple[Task, ...]:
        return tuple(
            task for task in self.tasks if applies(task.rounds, round_.code) and applies(task.units, unit.code)
        )

    def questions_of(self, round_: Round, unit: Unit, subject: str) -> tuple[Question, ...]:
        return _once(
            self.questions,
            ("question", round_.code, unit.block, subject),
            lambda item: (
                item.subject == subject and applies(item.rounds, round_.code) and applies(item.blocks, unit.block)
            ),
        )

    def scale(self, code: str) -> tuple[Level, ...]:
        """The levels of a scale, lowest first."""
        return tuple(sorted((level for level in self.levels if level.scale == code), key=lambda level: level.order))

    def years_of(self, round_: Round) -> tuple[int, int]:
        """The years that a return of this round speaks of: the campaign's for annual and ad hoc rounds."""
        if round_.kind in ("annual", "ad_hoc"):
            return self.head.year, self.head.year
        return round_.from_year, round_.to_year


ATTRIBUTES = {
    "round": "rounds",
    "block": "blocks",
    "unit": "units",
    "level": "levels",
    "criterion": "criteria",
    "index": "indices",
    "task": "tasks",
    "question": "questions",
    "dossier": "dossiers",
    "gate": "gates",
    "quota": "quotas",
    "award": "awards",
    "base_salary": "base_salaries",
    "note": "notes",
}
