"""Turns a plan into the same plan with so many units in one round: some left out, or invented ones added."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random

from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import EVERY
from thidua_xlsx.model.plan import Plan, Round, Unit, applies
from thidua_xlsx.stages.demo.names import place_name
from thidua_xlsx.stages.demo.promise import Promise

ADDED = "DV"


def sized(plan: Plan, round_: Round, units: int | None, seed: int) -> Plan:
    """The plan with that many units in the round; None leaves it as it is. Ranks of last year are told anew.

    Never fewer than the plan needs to stay whole (one for each characteristic and index that its rules name) and
    to propose somebody.
    """
    own = plan.units_of(round_)
    if units is None or units == len(own):
        return plan
    return smaller(plan, round_, units) if units < len(own) else larger(plan, round_, units - len(own), seed)


def smaller(plan: Plan, round_: Round, units: int) -> Plan:
    """Units of every block in proportion, those first that the rules cannot do without."""
    own = plan.units_of(round_)
    chosen = list(dict.fromkeys((*needed(plan, own), *able(plan, round_, own))))
    queues: dict[str, list[Unit]] = defaultdict(list)
    for unit in own:
        if unit.code not in chosen:
            queues[unit.block].append(unit)
    wanted = {block: len(queue) / len(own) for block, queue in queues.items()}
    taken = {block: sum(unit.block == block for unit in own if unit.code in chosen) for block in queues}
    while len(chosen) < units:
        block = min((item for item in queues if queues[item]), key=lambda item: (taken[item] + 0.5) / wanted[item])
        chosen.append(queues[block].pop(0).code)
        taken[block] += 1
    kept = tuple(unit for unit in plan.units if unit.code in chosen or unit not in own)
    return ranked_anew(within(plan, kept), round_)


def needed(plan: Plan, own: tuple[Unit, ...]) -> Iterable[str]:
    """One unit for each trait and each index that a gate or a quota names."""
    facts = {gate.fact for gate in plan.gates} | {gate.when for gate in plan.gates if gate.when}
    facts |= {name for quota in plan.quotas for name in (*quota.order_by, quota.within_fact) if name}
    for name in sorted(fact.removeprefix(UNIT_PREFIX) for fact in facts):
        yield from (unit.code for unit in [unit for unit in own if name in unit.traits][:1])
        for index in plan.indices:
            if index.code == name:
                yield from (unit.code for unit in [unit for unit in own if unit.code in index.units][:1])


def able(plan: Plan, round_: Round, own: tuple[Unit, ...]) -> tuple[str, ...]:
    """One unit that can win something: a campaign in which nobody can be proposed shows nothing."""
    promise = Promise(plan, round_)
    return tuple(unit.code for unit in own if promise.keeps(unit, "collective"))[:1]


def within(plan: Plan, units: tuple[Unit, ...]) -> Plan:
    """The plan for these units alone; tasks and indices that nobody is left to answer for go with their units."""
    codes = {unit.code for unit in units}

    def left(listed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code for code in listed if code in codes or code == EVERY)

    tasks = tuple(replace(task, units=left(task.units)) for task in plan.tasks if not task.units or left(task.units))
    indices = tuple(replace(index, units=left(index.units)) for index in plan.indices if left(index.units))
    return replace(plan, units=units, tasks=tasks, indices=indices)


def larger(plan: Plan, round_: Round, more: int, seed: int) -> Plan:
    """Invented units at the end, in the proportions of the plan's own; each is modelled on one of those."""
    own = plan.units_of(round_)
    chance = Random(f"{seed}/units")
    taken = {unit.code for unit in plan.units}
    added: list[Unit] = []
    number = 0
    while len(added) < more:
        number += 1
        code = f"{ADDED}-{number:04d}"
        if code not in taken:
            added.append(invented(chance.choice(own), code, number, chance))
    return ranked_anew(replace(plan, units=(*plan.units, *added)), round_)


def invented(model: Unit, code: str, number: int, chance: Random) -> Unit:
    """A unit that is asked what its model is asked, with figures of its own."""
    last = Decimal(chance.randrange(6500, 9600)) / 100
    unit = Unit(
        code=code,
        name=f"Đơn vị {place_name(number)} ({number:04d})",
        block=model.block,
        rounds=model.rounds,
        email=f"{code.lower()}@example.vn",
        traits=model.traits,
        last_points=last,
        last_index=last,
        not_applicable=model.not_applicable,
        dissolved_on=model.dissolved_on,
    )
    return unit if chance.random() < 0.95 else replace(unit, last_points=None, last_index=None)


def ranked_anew(plan: Plan, round_: Round) -> Plan:
    """Last year's rank in the block, told by last year's index among the units that there are now."""
    values: dict[str, list[Decimal]] = defaultdict(list)
    for unit in plan.units_of(round_):
        if unit.last_index is not None:
            insort(values[unit.block], -unit.last_index)

    def ranked(unit: Unit) -> Unit:
        if unit.last_index is None or not applies(unit.rounds, round_.code):
            return unit
        return replace(unit, last_rank=1 + bisect_left(values[unit.block], -unit.last_index))

    return replace(plan, units=tuple(map(ranked, plan.units)))
