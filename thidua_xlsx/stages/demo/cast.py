"""Turns a plan and a round into the part each unit plays, so that every row of seats has somebody to go to.

A unit is promising when no gate that rests on the plan alone (traits, indices held, dissolution, earlier awards)
stands in its way; everything else is answers, and answers are invented.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from random import Random

from thidua_xlsx.model.demo import Part, Role
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import EVERY
from thidua_xlsx.model.plan import Gate, Index, Plan, Quota, Round, Unit, applies
from thidua_xlsx.stages.demo.awards import award_gates, winners_left

TOP, STEP_DOWN, LOWEST = Fraction(99, 100), Fraction(45, 1000), Fraction(60, 100)
# The rest in turn; whoever wins seats comes first, so that small campaigns show every outcome too.
PARTS = (
    Part.INCOMPLETE, Part.NOT_NOMINATING, Part.FAILS, Part.UNPROVEN, Part.CLEAN, Part.NOT_RETURNED,
    Part.FAILS, Part.CLEAN, Part.NOT_NOMINATING, Part.CLEAN, Part.FAILS, Part.CLEAN,
)  # fmt: skip
MOST_CONTENDERS = Fraction(6, 10)
RETURNS_AD_HOC = 3
PEOPLE_UNITS = 3


def gates_about(plan: Plan, round_: Round, unit: Unit, subject: str) -> tuple[Gate, ...]:
    return tuple(
        gate
        for gate in plan.gates
        if gate.subject == subject and applies(gate.rounds, round_.code) and applies(gate.blocks, unit.block)
    )


def promising(plan: Plan, round_: Round, unit: Unit, subject: str) -> bool:
    """Whether good answers alone would make the unit (or its people) eligible."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for number, gate in enumerate(gates_about(plan, round_, unit, subject)):
        groups[gate.any_of or f"#{number}"].append(can_pass(plan, round_, unit, gate))
    return all(any(group) for group in groups.values())


def can_pass(plan: Plan, round_: Round, unit: Unit, gate: Gate) -> bool:
    """Whether this gate leaves it to answers, or passes already."""
    name, wanted = gate.fact.removeprefix(UNIT_PREFIX), gate.operator == "yes"
    held = tuple(item for item in plan.indices_of(round_, unit) if EVERY not in item.units)
    if gate.when == "has_index" and not held:
        return True
    if gate.operator == "above_last_year_or_at_max":
        risable = [can_rise(item, gate.compare) for item in compared(plan, held, name)]
        return bool(risable) and (any(risable) if gate.scope == "any" else all(risable))
    if name == "has_index":
        return bool(held) == wanted
    if name == "dissolved":
        return is_dissolved(unit, round_) == wanted
    if name in award_gates(plan, round_, gate.subject):
        return winners_left(plan, unit.block, gate) > 0
    if any(name in other.traits for other in plan.units):
        return (name in unit.traits) == wanted
    return True


def compared(plan: Plan, held: tuple[Index, ...], name: str) -> tuple[Index, ...]:
    return held if name == "indices" else tuple(item for item in plan.indices if item.code == name)


def can_rise(item: Index, compare: str) -> bool:
    """Last year is known, and comparable."""
    same = item.last_max is None or item.last_max == item.max
    return item.last_value is not None and (compare == "percent" or same)


def is_dissolved(unit: Unit, round_: Round) -> bool:
    return unit.dissolved_on is not None and (round_.decision_date is None or unit.dissolved_on <= round_.decision_date)


class Cast:
    """The parts being given out: first to whoever shall win or come close, block by block."""

    def __init__(self, plan: Plan, round_: Round, seed: int) -> None:
        self.plan, self.round, self.units = plan, round_, plan.units_of(round_)
        self.chance = Random(f"{seed}/cast")
        self.roles: dict[str, Role] = {}
        self.rows = [row for row in plan.quotas if applies(row.rounds, round_.code)]

    def give(self) -> tuple[Role, ...]:
        twins_wanted = True
        rows = [row for row in self.rows if row.subject == "collective"]
        for row in sorted(rows, key=lambda row: -(row.seats or 0)):
            chosen = self._contenders(row)
            pair = self._pair(chosen, row.seats or 0) if twins_wanted and len(rows) + (row.seats or 0) > 2 else None
            twins_wanted = twins_wanted and pair is None
            self._rank(chosen, row.seats or 0, pair)
        for row in self.rows:
            if row.subject == "individual":
                self._people(row)
        self._rest()
        return tuple(self.roles[unit.code] for unit in self.units)

    def _contenders(self, row: Quota) -> list[Unit]:
        """One more than the seats, of units that good answers would carry; leapers first where a row asks for them."""
        free = [unit for unit in self.units if applies(row.blocks, unit.block) and unit.code not in self.roles
                and promising(self.plan, self.round, unit, "collective")]
        limits = [winners_left(self.plan, unit.block, gate) for unit in free for gate in self._award_gates(unit)]
        wanted = min([(row.seats or 2) + 1, max(1, int(len(self.units) * MOST_CONTENDERS)), *limits])
        self.chance.shuffle(free)
        if (row.within_fact or "").endswith("rank_gain"):
            free.sort(key=lambda unit: -(unit.last_rank or 0))
        return free[:wanted]

    def _award_gates(self, unit: Unit) -> list[Gate]:
        names = award_gates(self.plan, self.round, "collective")
        return [gate for gate in gates_about(self.plan, self.round, unit, "collective") if gate.fact in names]

    def _pair(self, units: list[Unit], seats: int) -> tuple[Unit, Unit] | None:
        """Two who are asked the same, to be equal across the cut."""
        if len(units) <= seats:
            return None
        for place, one in enumerate(units):
            for other in units[place + 1 :]:
                if (one.block, one.not_applicable) == (other.block, other.not_applicable):
                    return one, other
        return None

    def _rank(self, units: list[Unit], seats: int, pair: tuple[Unit, Unit] | None) -> None:
        """Indices in steps from the top; the equal pair stands across the cut."""
        if pair:
            units = [unit for unit in units if unit not in pair]
            units[max(seats - 1, 0) : max(seats - 1, 0)] = list(pair)
        taken = sum(role.unit.block in {unit.block for unit in units} for role in self.roles.values())
        step = STEP_DOWN / max(len(units) + taken, 5)
        for place, unit in enumerate(units, start=taken):
            people = promising(self.plan, self.round, unit, "individual")
            self.roles[unit.code] = Role(unit, Part.CONTENDER, TOP - step * place, people)
        if pair:
            first, second = (self.roles[unit.code] for unit in pair)
            self.roles[second.unit.code] = replace(second, quality=first.quality, twin=first.unit.code)

    def _people(self, row: Quota) -> None:
        """Units whose people pass, for rows of seats that no contender's people can fill."""
        there = [role for role in self.roles.values() if role.people_pass and applies(row.blocks, role.unit.block)]
        free = [unit for unit in self.units if applies(row.blocks, unit.block) and unit.code not in self.roles
                and promising(self.plan, self.round, unit, "individual")]
        missing = PEOPLE_UNITS - len(there) if not there or row.blocks else 0
        most = max(1, int(len(self.units) * MOST_CONTENDERS)) - len(there)
        for place, unit in enumerate(free[: max(0, min(missing, most))]):
            below = TOP - STEP_DOWN - Fraction(place, 100)
            self.roles[unit.code] = Role(unit, Part.CLEAN, below, True)

    def _rest(self) -> None:
        """Everybody else: parts in turn, figures spread widely."""
        for unit in self.units:
            if unit.code not in self.roles and self._waits(unit):
                self.roles[unit.code] = Role(unit, Part.UNPROVEN, TOP - 2 * STEP_DOWN)
        rest = [unit for unit in self.units if unit.code not in self.roles]
        self.chance.shuffle(rest)
        for place, unit in enumerate(rest):
            part = PARTS[place % len(PARTS)]
            if self.round.kind == "ad_hoc" and place >= RETURNS_AD_HOC:
                part = Part.NOT_RETURNED
            quality = LOWEST + Fraction(self.chance.betavariate(4, 2)).limit_denominator(1000) * Fraction(32, 100)
            people = part is Part.CLEAN and promising(self.plan, self.round, unit, "individual")
            self.roles[unit.code] = Role(unit, part, quality, people)

    def _waits(self, unit: Unit) -> bool:
        """Whether only last year's figures are wanting: an index whose last value nobody has."""
        known = replace(self.plan, indices=tuple(replace(item, last_value=item.max, last_max=item.max) for item in self.plan.indices))
        return not promising(self.plan, self.round, unit, "collective") and promising(known, self.round, unit, "collective")
