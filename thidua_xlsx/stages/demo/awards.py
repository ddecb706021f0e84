"""Turns the gates that count earlier awards into a register of awards, within the seats that each year had."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, AwardGiven
from thidua_xlsx.model.plan import Gate, Plan, Round, Unit, applies
from thidua_xlsx.stages.demo.names import Invented, person

FACTS = ("prior_awards", "prior_awards_by_decision")
# Where no round of the plan says how many a year, so many.
USUAL_SEATS = 3


def award_gates(plan: Plan, round_: Round, subject: str) -> dict[str, Gate]:
    """Gates of the round that count earlier awards, by the fact they name."""
    gates = [gate for gate in plan.gates if gate.subject == subject and applies(gate.rounds, round_.code)]
    return {gate.fact: gate for gate in gates if gate.fact.removeprefix(UNIT_PREFIX) in FACTS}


def counts_awards(plan: Plan, round_: Round) -> bool:
    """Whether the round needs a register at all: some gate, order or limit counts earlier awards."""
    rows = [row for row in plan.quotas if applies(row.rounds, round_.code)]
    named = {name.removeprefix(UNIT_PREFIX) for row in rows for name in (*row.order_by, row.within_fact or "")}
    gates = any(award_gates(plan, round_, subject) for subject in ("collective", "individual"))
    return gates or bool(named & set(FACTS))


def seats_a_year(plan: Plan, block: str, gate: Gate) -> int:
    """How many of this award one year gave to a block: its seats in the annual rounds, rows of many blocks shared."""
    annual = {item.code for item in plan.rounds if item.kind == "annual"}
    if not annual:
        return USUAL_SEATS
    rows = [
        row
        for row in plan.quotas
        if row.subject == gate.subject
        and applies(row.blocks, block)
        and any(applies(row.rounds, code) for code in annual)
        and gate.award in (None, row.award)
    ]
    return sum(row.seats or USUAL_SEATS for row in rows)


def award_years(plan: Plan, gate: Gate) -> range:
    """The achievement years that an award could be won for: those of the gate that an annual round covers."""
    annual = [item for item in plan.rounds if item.kind == "annual"]
    first = max([gate.from_year or plan.head.year - 4, *(item.from_year for item in annual[:1])])
    last = min([gate.to_year or plan.head.year, *(item.to_year for item in annual[:1])])
    return range(first, last + 1)


def needed(gate: Gate) -> int:
    return int(gate.value or "1") if gate.operator == "at_least" else 0


def winners_left(plan: Plan, block: str, gate: Gate) -> int:
    """How many of a block could have won as often as the gate asks."""
    years, times = len(award_years(plan, gate)), needed(gate)
    return seats_a_year(plan, block, gate) * years // times if times and years >= times else 0 if times else 10**6


@dataclass(frozen=True, slots=True)
class Winner:
    """A nominee who shall have won before: a unit, or one of its people."""

    unit: Unit
    person: Invented | None = None


class Book:
    """The register being written: seats of each year and block are given out once."""

    def __init__(self, plan: Plan, gate: Gate, seed: int) -> None:
        self.plan, self.gate = plan, gate
        self.chance = Random(f"{seed}/awards/{gate.subject}")
        self.taken: Counter[tuple[int, str]] = Counter()
        self.lines: list[AwardGiven] = []

    def win(self, winner: Winner, times: int, turn: int) -> None:
        """So many awards for different years, starting later for each next winner."""
        years = list(award_years(self.plan, self.gate))
        order = years[turn % len(years) :] + years[: turn % len(years)]
        free = [year for year in order if self.left(year, winner.unit.block)]
        for year in free[:times]:
            self.taken[year, winner.unit.block] += 1
            self.lines.append(self.line(winner, year))

    def left(self, year: int, block: str) -> int:
        return seats_a_year(self.plan, block, self.gate) - self.taken[year, block]

    def line(self, winner: Winner, year: int) -> AwardGiven:
        by_decision = self.gate.fact.endswith("by_decision")
        of = year - 1 if by_decision else year
        decided = date(of + 1, self.chance.randint(2, 4), self.chance.randint(1, 28))
        annual = next((item.code for item in self.plan.rounds if item.kind == "annual"), self.plan.rounds[0].code)
        somebody = winner.person
        return AwardGiven(
            of,
            self.plan.head.id,
            annual,
            INDIVIDUAL if somebody else COLLECTIVE,
            winner.unit.code,
            somebody.name if somebody else winner.unit.name,
            somebody.birth if somebody else None,
            self.gate.award or self.plan.quotas[0].award,
            f"{self.chance.randint(100, 2999)}/QĐ-UBND",
            decided,
        )


def register(
    plan: Plan, round_: Round, units: Sequence[Winner], people: Sequence[Winner], others: Iterable[Unit], seed: int
) -> tuple[AwardGiven, ...]:
    """Winners as often as the gates ask, then the seats that are left: one for each of the others in turn."""
    lines: list[AwardGiven] = []
    spare = list(others)
    for subject, winners in (("collective", units), ("individual", people)):
        for gate in award_gates(plan, round_, subject).values():
            book = Book(plan, gate, seed)
            turns: dict[str, int] = defaultdict(int)
            for winner in winners:
                book.win(winner, needed(gate), turns[winner.unit.block])
                turns[winner.unit.block] += 1
            for unit in spare:
                somebody = person(book.chance, plan.head.year) if subject == "individual" else None
                book.win(Winner(unit, somebody), 1, book.chance.randrange(9))
            lines += book.lines
    return tuple(sorted(lines, key=lambda line: (line.year, line.subject, line.unit, line.name)))
