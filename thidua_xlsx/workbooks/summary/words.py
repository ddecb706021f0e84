"""Turns the codes of a plan into the words the council reads, and exact numbers into the figures it sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from thidua_xlsx.model.collation import CollationKey, collation_key, name_key
from thidua_xlsx.model.language import BY_NAME, DEFAULT_ORDER, FACTS, UNIT_PREFIX
from thidua_xlsx.model.plan import Plan, Quota, Round, Unit, applies
from thidua_xlsx.model.results import Decision, Outcome, RunResult
from thidua_xlsx.model.wording import printed

SUBJECTS = {"collective": "Tập thể", "individual": "Cá nhân"}
BINDINGS = {"exactly": "đúng số ghi", "at_most": "tối đa", "open": "không giới hạn"}
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))

Item = TypeVar("Item")
Sortable = tuple[Any, ...]


def roman(number: int) -> str:
    """4 → IV: blocks are counted so in official tables."""
    text = ""
    for value, sign in ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def rounded(value: Fraction | Decimal | None, decimals: int) -> Decimal | None:
    """Half-up, as printed; a cell holds the printed number so that nobody reads two."""
    return None if value is None else _rounded(*value.as_integer_ratio(), decimals)


@lru_cache(maxsize=4096)
def _rounded(top: int, parts: int, decimals: int) -> Decimal:
    """By whole numbers, of which units have few and Fraction takes long to compare."""
    return printed(Fraction(top, parts), decimals)


def number_format(decimals: int, signed: bool = False) -> str:
    plain = "0." + "0" * decimals if decimals else "0"
    return f"+{plain};-{plain};{plain}" if signed else plain


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """What is far too long for a table, cut at a visible sign."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip() + " …"


def named(names: Sequence[str], limit: int, what: str) -> str:
    """«A; B; C và 4 đơn vị khác»."""
    if len(names) <= limit:
        return "; ".join(names)
    return f"{'; '.join(names[:limit])} và {len(names) - limit} {what} khác"


def unit_order(unit: Unit) -> tuple[CollationKey, str]:
    """Units by name; never by their place in the plan, which may change and says nothing."""
    return _name_order(unit.name), unit.code


_name_order = lru_cache(maxsize=16384)(collation_key)
# People stand on several sheets, and are sorted once for every list of them.
person_order = lru_cache(maxsize=4096)(name_key)


def decision_order(item: Decision) -> Sortable:
    """A unit before its people; people by the unit's order of priority, then by name."""
    person = item.nominee.person
    if person is None:
        return (*unit_order(item.nominee.unit), 0)
    order = (1, 0) if person.order is None else (0, person.order)
    return (*unit_order(item.nominee.unit), 1, order, person_order(person.name), str(person.birth or ""), person.row)


def seat_order(result: RunResult) -> Callable[[Decision], Sortable]:
    """Sorts the nominees of a quota: best first as the quota orders, else by the rank of the unit, then by name."""
    ranks = {item.unit.code: item.rank for item in result.standings}

    def key(item: Decision) -> Sortable:
        rank = ranks.get(item.nominee.unit.code)
        return (item.place is None, item.place or 0, rank is None, rank or 0, decision_order(item))

    return key


def of_outcome(result: RunResult, subject: str, *outcomes: Outcome) -> list[Decision]:
    """The nominees of a subject with one of these outcomes, in order."""
    found = (item for item in result.decisions if item.nominee.subject == subject and item.outcome in outcomes)
    return sorted(found, key=decision_order)


def quotas_of(plan: Plan, round_: Round) -> tuple[Quota, ...]:
    return tuple(quota for quota in plan.quotas if applies(quota.rounds, round_.code))


def block_codes(result: RunResult) -> list[str]:
    """The plan's blocks in its order; a block that only a unit names comes last, so that no unit is lost."""
    known = [block.code for block in result.plan.blocks]
    return known + sorted({item.unit.block for item in result.standings} - set(known))


def block_name(plan: Plan, code: str) -> str:
    return next((block.name for block in plan.blocks if block.code == code), code)


def blocks_text(plan: Plan, codes: Iterable[str]) -> str:
    """The blocks a rule holds for; all of them when it lists none."""
    return "; ".join(block_name(plan, code) for code in codes) or "mọi khối"


def level_label(plan: Plan, code: str | None) -> str:
    scale = plan.scale(plan.head.class_scale or "")
    return next((level.label for level in scale if level.code == code), code or "")


def fact_text(plan: Plan, fact: str) -> str:
    """A fact by the words of the plan: its question, its index, or what it means."""
    if fact.startswith(UNIT_PREFIX):
        return f"{fact_text(plan, fact.removeprefix(UNIT_PREFIX))} của đơn vị"
    if fact in FACTS:
        return re.split("[:(]", FACTS[fact][1])[0].strip()
    labels = [item.label for item in plan.questions if item.code == fact]
    names = [item.name for item in plan.indices if item.code == fact]
    return (labels + names + [fact])[0]


def order_text(plan: Plan, quota: Quota) -> str:
    facts = quota.order_by or DEFAULT_ORDER[quota.subject]
    return "; ".join(fact_text(plan, fact) for fact in facts)


def quota_text(plan: Plan, quota: Quota) -> str:
    """«Giấy khen … - Khối các phòng» : what a seat is for."""
    return f"{quota.award} - {blocks_text(plan, quota.blocks)}" if quota.blocks else quota.award


def seats_text(quota: Quota) -> str:
    if quota.seats is None:
        return BINDINGS["open"]
    return f"tối đa {quota.seats}" if quota.binding == "at_most" else str(quota.seats)


def grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    """Items by key, both in the order in which they come."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def seat_names(result: RunResult) -> dict[str, str]:
    """Quota code → how the lists number it: «A.II» is the second row for collectives."""
    names: dict[str, str] = {}
    for letter, subject in zip("AB", SUBJECTS, strict=True):
        own = [quota for quota in quotas_of(result.plan, result.round) if quota.subject == subject]
        names |= {quota.code: f"{letter}.{roman(place)}" for place, quota in enumerate(own, start=1)}
    return names


def option(table: str, key: str, value: str | None) -> str:
    """What a closed value of the plan means, in the words of the plan language."""
    found = BY_NAME[table].key(key)
    return dict(found.options).get(value or "", value or "") if found else value or ""
