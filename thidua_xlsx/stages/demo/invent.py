"""Turns a plan, a round and a seed into an invented campaign: the same seed always tells the same story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from thidua_xlsx.model.demo import DemoCampaign, DemoReturn, Part, Role
from thidua_xlsx.model.office import EVERY, AwardGiven, Office
from thidua_xlsx.model.plan import Index, Plan, Round, Unit
from thidua_xlsx.stages.demo import office_says
from thidua_xlsx.stages.demo.awards import Winner, award_gates, counts_awards, needed, register, winners_left
from thidua_xlsx.stages.demo.break_some import break_some
from thidua_xlsx.stages.demo.cast import Cast
from thidua_xlsx.stages.demo.figures import Filled, decimal, scorecard, without_cases
from thidua_xlsx.stages.demo.filled_form import Case, blanks, fill, slips
from thidua_xlsx.stages.demo.names import Invented, person
from thidua_xlsx.stages.demo.size import sized
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.stages.judging.scoring_methods import is_ratio

# How many people a unit puts forward, by chance; units whose people shall win put forward more.
PEOPLE, WINNING_PEOPLE = (0, 0, 1, 1, 2), (1, 2, 2, 3)
# Whose people two units may put forward, the likeliest first.
SHARING = (Part.CLEAN, Part.FAILS, Part.INCOMPLETE, Part.NOT_NOMINATING)
INBOX = "nop"


def invent(plan: Plan, round_: Round, seed: int, units: int | None = None, faults: bool = False) -> DemoCampaign:
    """A campaign of that many units of the round (None: the plan's own), with or without seeded faults."""
    plan = sized(plan, round_, units, seed)
    roles = Cast(plan, round_, seed, tie_the_only_seat=faults).give()
    indices = index_values(plan, roles, seed)
    cards = scorecards(plan, round_, roles, seed)
    people, shared = nominated(plan, round_, roles, seed)
    returned = tuple(role for role in roles if role.part is not Part.NOT_RETURNED)
    cases = tuple(case_of(plan, round_, role, cards, indices, people, seed) for role in returned)
    returns = tuple(
        DemoReturn(case.unit, f"{INBOX}/{file_name(case.unit, seed)}", fill(case), case.received) for case in cases
    )
    told = office_says.answers(plan, round_, returned, returns, indices, seed)
    if shared and not faults:
        one, other = shared
        told |= office_says.chosen(one, other, len(people[one]), len(people[other]))
    office = Office((), office_says.points(plan, round_, returned, cards, seed), told)
    clerk = person(Random(f"{seed}/clerk"), plan.head.year).name
    awards = earlier_awards(plan, round_, roles, people, seed)
    campaign = DemoCampaign(plan, round_, roles, returns, office, awards, clerk)
    return break_some(campaign, tuple((unit, len(people[unit])) for unit in shared or ()), seed) if faults else campaign


def index_values(plan: Plan, roles: Sequence[Role], seed: int) -> dict[str, Decimal]:
    """This year's value of each index, one for all who hold it; contenders' and shared ones have risen."""
    rising = {role.unit.code for role in roles if role.part is Part.CONTENDER or role.people_pass}
    chance = Random(f"{seed}/indices")
    values = {}
    for item in plan.indices:
        sure = EVERY in item.units or bool(rising & set(item.units))
        kind = "up" if sure else chance.choice(("up", "up", "same", "down"))
        values[item.code] = index_value(item, kind, chance)
    return values


def index_value(item: Index, kind: str, chance: Random) -> Decimal:
    """Above last year's share of the maximum, at it, or below it; where last year is unknown, something usual."""
    last_max = item.last_max if item.last_max is not None else item.max
    share = Fraction(item.last_value) / Fraction(last_max) if item.last_value is not None else Fraction(84, 100)
    if share == 1:
        return item.max if kind != "down" else decimal(Fraction(item.max) * Fraction(97, 100), 2)
    moved = Fraction(chance.randint(5, 40), 1000) * {"up": 1, "same": 0, "down": -1}[kind]
    value = decimal(min(Fraction(item.max), Fraction(item.max) * (share + moved)), 2)
    barely = Fraction(value) / Fraction(item.max) <= share
    return min(item.max, value + Decimal("0.05")) if kind == "up" and barely else value


def scorecards(plan: Plan, round_: Round, roles: Sequence[Role], seed: int) -> dict[str, dict[str, Filled]]:
    """The figures of every unit; a twin repeats its other's, so that both have one index."""
    cards: dict[str, dict[str, Filled]] = {}
    for role in sorted(roles, key=lambda role: role.twin is not None):
        if role.twin is not None:
            cards[role.unit.code] = dict(cards[role.twin])
            continue
        chance = Random(f"{seed}/card/{role.unit.code}")
        lines = tuple(
            line
            for line in plan.criteria_of(round_, role.unit)
            if line.method and line.code not in role.unit.not_applicable
        )
        card = scorecard(lines, role.quality, chance, plan.head.decimals)
        idle = [line for line in lines if is_ratio(line) and line.zero_denominator != "forbid"]
        if role.part is not Part.CONTENDER and idle and chance.random() < 0.25:
            line = chance.choice(idle)
            card[line.code] = without_cases(line, card[line.code], plan.head.decimals)
        cards[role.unit.code] = card
    return cards


def nominated(
    plan: Plan,
    round_: Round,
    roles: Sequence[Role],
    seed: int,
) -> tuple[dict[str, tuple[Invented, ...]], tuple[str, str] | None]:
    """The people of every unit, no two alike; and the pair of units that put forward the same person, if any."""
    seen: set[tuple[str, date]] = set()
    people: dict[str, tuple[Invented, ...]] = {}
    asked = any(row.subject == "individual" for row in plan.quotas)
    for role in roles:
        chance = Random(f"{seed}/people/{role.unit.code}")
        count = chance.choice(WINNING_PEOPLE if role.people_pass else PEOPLE)
        if not asked or (role.twin and not role.people_pass):
            count = 0
        found: list[Invented] = []
        while len(found) < count:
            somebody = person(chance, plan.years_of(round_)[1])
            if (somebody.name, somebody.birth) not in seen:
                seen.add((somebody.name, somebody.birth))
                found.append(somebody)
        people[role.unit.code] = tuple(found)
    able = [role for role in roles if role.part in SHARING and (people[role.unit.code] or not role.people_pass)]
    able.sort(key=lambda role: (not people[role.unit.code], SHARING.index(role.part)))
    if len(able) < 2 or not people[able[0].unit.code]:
        return people, None
    one, other = (role.unit.code for role in able[:2])
    people[other] = (*people[other], people[one][-1])
    return people, (one, other)


def case_of(
    plan: Plan,
    round_: Round,
    role: Role,
    cards: Mapping[str, Mapping[str, Filled]],
    indices: Mapping[str, Decimal],
    people: Mapping[str, tuple[Invented, ...]],
    seed: int,
) -> Case:
    chance = Random(f"{seed}/form/{role.unit.code}")
    ways = {Part.FAILS: slips, Part.UNPROVEN: blanks}.get(role.part)
    waits = any(item.last_value is None and role.unit.code in item.units for item in plan.indices_of(round_, role.unit))
    options = ways(plan, round_, role.unit) if ways and not (role.part is Part.UNPROVEN and waits) else []
    slip = chance.choice(options) if options else ""
    return Case(
        plan,
        round_,
        role,
        cards[role.unit.code],
        indices,
        people[role.unit.code],
        received_on(plan, round_, chance),
        chance,
        slip,
    )


def received_on(plan: Plan, round_: Round, chance: Random) -> date:
    """A working day in the weeks before the last one; where no deadline is set, late in the last year."""
    last = last_day(round_) or date(plan.years_of(round_)[1], *((8, 20) if round_.kind == "ad_hoc" else (12, 22)))
    day = last - timedelta(days=chance.choice((0, 1, 2, 3, 4, 5, 7, 9, 12, 16)))
    return day - timedelta(days=max(0, day.weekday() - 4))


def file_name(unit: Unit, seed: int) -> str:
    """Mostly the name that was issued; some units have their own way."""
    way = Random(f"{seed}/file/{unit.code}").random()
    if way < 0.7:
        return f"{unit.code}.xlsx"
    return f"{unit.code} - phiếu thi đua.xlsx" if way < 0.85 else f"Phiếu {unit.code} (bản chính thức).xlsx"


def earlier_awards(
    plan: Plan, round_: Round, roles: Sequence[Role], people: Mapping[str, tuple[Invented, ...]], seed: int
) -> tuple[AwardGiven, ...] | None:
    """The register that the round's gates count in: contenders and their people have won before, others once."""
    if not counts_awards(plan, round_):
        return None
    units = [Winner(role.unit) for role in roles if role.part is Part.CONTENDER]
    winners = [Winner(role.unit, somebody) for role in roles if role.people_pass for somebody in people[role.unit.code]]
    limited = within_seats(plan, round_, winners)
    others = [role.unit for role in roles if role.part is not Part.CONTENDER]
    return register(plan, round_, units, limited, others, seed)


def within_seats(plan: Plan, round_: Round, winners: Sequence[Winner]) -> list[Winner]:
    """First people first, as many of a block as can have won so often."""
    gates = award_gates(plan, round_, "individual").values()
    kept: list[Winner] = []
    for winner in winners:
        block = winner.unit.block
        there = sum(item.unit.block == block for item in kept)
        if all(not needed(gate) or there < winners_left(plan, block, gate) for gate in gates):
            kept.append(winner)
    return kept
