"""Turns a plan and a round into the part each unit plays, so that every row of seats has somebody to go to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from thidua_xlsx.model.demo import Part, Role
from thidua_xlsx.model.plan import Plan, Quota, Round, Unit, applies
from thidua_xlsx.stages.demo.promise import Promise

TOP, STEP_DOWN, LOWEST = Fraction(99, 100), Fraction(45, 1000), Fraction(60, 100)
# The rest in turn; whoever wins seats comes first, so that small campaigns show every outcome too.
PARTS = (
    Part.INCOMPLETE, Part.NOT_NOMINATING, Part.FAILS, Part.NOT_RETURNED, Part.CLEAN, Part.UNPROVEN,
    Part.FAILS, Part.CLEAN, Part.NOT_NOMINATING, Part.CLEAN, Part.FAILS, Part.CLEAN,
)  # fmt: skip
MOST_CONTENDERS = Fraction(6, 10)
RETURNS_AD_HOC = 3
PEOPLE_UNITS = 3


def alike(units: list[Unit]) -> tuple[Unit, ...]:
    """The first two that are asked the same, to be equal in points; none if no two are."""
    seen: dict[object, Unit] = {}
    for unit in units:
        first = seen.setdefault((unit.block, unit.not_applicable), unit)
        if first is not unit:
            return first, unit
    return ()


class Cast:
    """The parts being given out: first to whoever shall win or come close, block by block."""

    def __init__(self, plan: Plan, round_: Round, seed: int, tie_the_only_seat: bool) -> None:
        self.round, self.units, self.tie_the_only_seat = round_, plan.units_of(round_), tie_the_only_seat
        self.promise = Promise(plan, round_)
        self.chance = Random(f"{seed}/cast")
        self.roles: dict[str, Role] = {}
        self.rows = [row for row in plan.quotas if applies(row.rounds, round_.code)]

    def give(self) -> tuple[Role, ...]:
        paired = False
        rows = [row for row in self.rows if row.subject == "collective"]
        for row in sorted(rows, key=lambda row: -(row.seats or 0)):
            free = self._free(row, "collective")
            only_seat = len(rows) == 1 and row.seats == 1
            tied = not paired and row.seats is not None and (self.tie_the_only_seat or not only_seat)
            pair = alike(free) if tied else ()
            chosen = self._contenders(row, free, pair)
            if len(chosen) <= (row.seats or 0):
                pair = ()
            paired = paired or bool(pair)
            self._rank(chosen, row, pair, only_seat)
        for row in self.rows:
            if row.subject == "individual":
                self._people(row)
        self._rest()
        return tuple(self.roles[unit.code] for unit in self.units)

    def _free(self, row: Quota, subject: str) -> list[Unit]:
        """Units that this row may take, without a part yet, and that good answers would carry; in any order."""
        there = [unit for unit in self.units if applies(row.blocks, unit.block) and unit.code not in self.roles]
        free = [unit for unit in there if self.promise.keeps(unit, subject)]
        return self.chance.sample(free, len(free))

    def _contenders(self, row: Quota, free: list[Unit], pair: tuple[Unit, ...]) -> list[Unit]:
        """One more than the seats, where there are so many; leapers first where a row asks for them."""
        limits = [self.promise.winners(unit) for unit in free]
        wanted = min([(row.seats or 2) + 1, max(1, int(len(self.units) * MOST_CONTENDERS)), *limits])
        if (row.within_fact or "").endswith("rank_gain"):
            free.sort(key=lambda unit: -(unit.last_rank or 0))
        return [*pair, *(unit for unit in free if unit not in pair)][:wanted]

    def _rank(self, units: list[Unit], row: Quota, pair: tuple[Unit, ...], only_seat: bool) -> None:
        """Indices in steps from the top; the equal pair stands across the cut.

        Where they share the only seat there is, only the first puts people forward: those are not tied.
        """
        if pair:
            cut = max((row.seats or 0) - 1, 0)
            units = [unit for unit in units if unit not in pair]
            units[cut:cut] = list(pair)
        blocks = {unit.block for unit in units}
        taken = sum(role.unit.block in blocks for role in self.roles.values())
        step = STEP_DOWN / max(len(units) + taken, 5)
        for place, unit in enumerate(units, start=taken):
            people = self.promise.keeps(unit, "individual")
            self.roles[unit.code] = Role(unit, Part.CONTENDER, TOP - step * place, people)
        if pair:
            first, second = (self.roles[unit.code] for unit in pair)
            people = second.people_pass and not only_seat
            self.roles[second.unit.code] = replace(
                second, quality=first.quality, twin=first.unit.code, people_pass=people
            )

    def _people(self, row: Quota) -> None:
        """Units whose people pass, for rows of seats that no contender's people can fill."""
        there = [role for role in self.roles.values() if role.people_pass and applies(row.blocks, role.unit.block)]
        free = self._free(row, "individual")
        missing = PEOPLE_UNITS - len(there) if not there or row.blocks else 0
        most = max(1, int(len(self.units) * MOST_CONTENDERS)) - len(there)
        for place, unit in enumerate(free[: max(0, min(missing, most))]):
            below = TOP - STEP_DOWN - Fraction(place, 100)
            self.roles[unit.code] = Role(unit, Part.CLEAN, below, True)

    def _rest(self) -> None:
        """Everybody else: who waits for last year's figures, then parts in turn; figures spread widely."""
        known = self.promise.with_last_year()
        for unit in self.units:
            waits = unit.code not in self.roles and known.keeps(unit, "collective")
            if waits and not self.promise.keeps(unit, "collective"):
                self.roles[unit.code] = Role(unit, Part.UNPROVEN, TOP - 2 * STEP_DOWN)
        rest = [unit for unit in self.units if unit.code not in self.roles]
        self.chance.shuffle(rest)
        for place, unit in enumerate(rest):
            part = PARTS[place % len(PARTS)]
            if self.round.kind == "ad_hoc" and place >= RETURNS_AD_HOC:
                part = Part.NOT_RETURNED
            quality = LOWEST + Fraction(self.chance.betavariate(4, 2)).limit_denominator(1000) * Fraction(32, 100)
            people = part is Part.CLEAN and self.promise.keeps(unit, "individual")
            self.roles[unit.code] = Role(unit, part, quality, people)
