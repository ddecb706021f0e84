"""Turns scored units into standings: competition ranks 1, 2, 2, 4 within block and overall, class, places gained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import Standing
from thidua_xlsx.model.wording import half_up


def rank(plan: Plan, standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Standings sorted by unit code. Ranks come from all validly scored units, before any gate.

    Compared is the index unrounded (``rank_on = exact``) or as printed; an unknown index has no rank.
    """
    scored = sorted(standings, key=lambda item: item.unit.code)
    known = [(item, index) for item in scored if (index := compared(plan, item)) is not None]
    overall = places(index for _, index in known)
    blocks = {item.unit.block for item, _ in known}
    in_block = {block: places(index for item, index in known if item.unit.block == block) for block in blocks}
    printed: dict[Fraction, set[Fraction]] = defaultdict(set)
    for item, _ in known:
        printed[half_up(item.index or Fraction(0), plan.head.decimals)].add(item.index or Fraction(0))

    def placed(item: Standing) -> Standing:
        own = compared(plan, item)
        if own is None or item.index is None:
            return item
        here, last = in_block[item.unit.block][own], item.unit.last_rank
        return replace(
            item,
            level=level_of(plan, item.index),
            rank=overall[own],
            rank_in_block=here,
            rank_gain=None if last is None else last - here,
            printed_alike=len(printed[half_up(item.index, plan.head.decimals)]) > 1,
        )

    return tuple(placed(item) for item in scored)


def compared(plan: Plan, item: Standing) -> Fraction | None:
    """The index that ranks, exact or as printed."""
    if item.index is None or plan.head.rank_on == "exact":
        return item.index
    return half_up(item.index, plan.head.decimals)


def places(values: Iterable[Fraction]) -> dict[Fraction, int]:
    """Competition ranks: one more than the number of strictly greater values."""
    ranks: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        ranks.setdefault(value, place)
    return ranks


def level_of(plan: Plan, index: Fraction) -> str | None:
    """The code of the class whose threshold the unrounded index reaches; None without a scale."""
    levels = plan.scale(plan.head.class_scale) if plan.head.class_scale else ()
    reached = [level for level in levels if level.from_ is not None and index >= Fraction(level.from_ or Decimal(0))]
    return reached[-1].code if reached else None
