"""Turns the gates that rest on the plan alone into whether good answers could carry a unit, or its people, to a seat.

Traits, indices held and comparable, dissolution and earlier awards are given; everything else is answers, and
answers are invented.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import EVERY
from thidua_xlsx.model.plan import Gate, Index, Plan, Round, Unit, applies
from thidua_xlsx.stages.demo.awards import award_gates, winners_left


class Promise:
    """What a plan promises in one round."""

    def __init__(self, plan: Plan, round_: Round) -> None:
        self.plan, self.round = plan, round_
        self.traits = frozenset(trait for unit in plan.units for trait in unit.traits)
        self.counted = {
            subject: frozenset(award_gates(plan, round_, subject)) for subject in ("collective", "individual")
        }

    def gates(self, unit: Unit, subject: str) -> tuple[Gate, ...]:
        return tuple(
            gate
            for gate in self.plan.gates
            if gate.subject == subject and applies(gate.rounds, self.round.code) and applies(gate.blocks, unit.block)
        )

    def keeps(self, unit: Unit, subject: str) -> bool:
        """Whether good answers alone would make the unit (or its people) eligible."""
        groups: dict[str, list[bool]] = defaultdict(list)
        for number, gate in enumerate(self.gates(unit, subject)):
            groups[gate.any_of or f"#{number}"].append(self._can_pass(unit, gate))
        return all(any(group) for group in groups.values())

    def winners(self, unit: Unit) -> int:
        """How many units of its block could have won as often as the gates ask."""
        gates = [gate for gate in self.gates(unit, "collective") if gate.fact in self.counted["collective"]]
        return min((winners_left(self.plan, unit.block, gate) for gate in gates), default=len(self.plan.units))

    def with_last_year(self) -> Promise:
        """The same, were every index of last year known."""
        known = tuple(replace(item, last_value=item.max, last_max=item.max) for item in self.plan.indices)
        return Promise(replace(self.plan, indices=known), self.round)

    def _can_pass(self, unit: Unit, gate: Gate) -> bool:
        """Whether this gate leaves it to answers, or passes already."""
        name, wanted = gate.fact.removeprefix(UNIT_PREFIX), gate.operator == "yes"
        held = tuple(item for item in self.plan.indices_of(self.round, unit) if EVERY not in item.units)
        if gate.when == "has_index" and not held:
            return True
        if gate.operator == "above_last_year_or_at_max":
            risable = [can_rise(item, gate.compare) for item in self._compared(held, name)]
            return bool(risable) and (any(risable) if gate.scope == "any" else all(risable))
        if name == "has_index":
            return bool(held) == wanted
        if name == "dissolved":
            return is_dissolved(unit, self.round) == wanted
        if name in self.counted[gate.subject]:
            return winners_left(self.plan, unit.block, gate) > 0
        return (name in unit.traits) == wanted if name in self.traits else True

    def _compared(self, held: tuple[Index, ...], name: str) -> tuple[Index, ...]:
        return held if name == "indices" else tuple(item for item in self.plan.indices if item.code == name)


def can_rise(item: Index, compare: str) -> bool:
    """Last year is known, and comparable."""
    same = item.last_max is None or item.last_max == item.max
    return item.last_value is not None and (compare == "percent" or same)


def is_dissolved(unit: Unit, round_: Round) -> bool:
    return unit.dissolved_on is not None and (round_.decision_date is None or unit.dissolved_on <= round_.decision_date)
