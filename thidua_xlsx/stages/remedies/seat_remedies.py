"""Turns a nominee without a seat of its own into what would seat it: reaching the last one seated, or more seats."""

from __future__ import annotations

from collections.abc import Iterator

from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.plan import Plan, Quota
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies, Need
from thidua_xlsx.model.results import Decision, Fact, Passing
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.seats import SMALLER_FIRST, Board, Entry, order_of
from thidua_xlsx.stages.plans.plan_changes import name_in
from thidua_xlsx.stages.remedies.fact_remedies import give, need_of


def rises(known: Known, decision: Decision, board: Board) -> Iterator[Amendments]:
    """As good as the last one seated in a row, then better than that one, fact by fact of the row's order."""
    for entry in board.entries[decision.nominee]:
        last = _last_seated(board, entry)
        if entry.passing is not Passing.PASS or last is None:
            continue
        equal = _match(known, entry, last, len(entry.key))
        if equal:
            yield equal
        for number, name in enumerate(order_of(entry.quota)):
            before = _match(known, entry, last, number)
            above = give(known, entry.nominee, _as_theirs(name, last.order[number], True))
            if before is not None and above:
                yield (*before, *above)


def _last_seated(board: Board, entry: Entry) -> Entry | None:
    """Whom one would have to reach: the worst who holds or shares a seat, of the own unit where its limit is full."""
    own = entry.nominee
    limited = (entry.quota.code, own) in board.over_limit
    held = [
        other
        for nominee, seat in board.seats.items()
        if seat.quota is entry.quota and nominee != own and (not limited or nominee.unit.code == own.unit.code)
        for other in board.entries[nominee]
        if other.quota is entry.quota
    ]
    return max(held, key=lambda item: item.key, default=None)


def _match(known: Known, entry: Entry, last: Entry, facts: int) -> Amendments | None:
    """The first facts of the order no worse than the other's; None where one cannot be."""
    made: list[Amendment] = []
    for number, name in enumerate(order_of(entry.quota)[:facts]):
        if entry.key[number] > last.key[number]:
            found = give(known, entry.nominee, _as_theirs(name, last.order[number], False))
            if found is None:
                return None
            made += found
        elif entry.key[number] < last.key[number] and made:
            break
    return tuple(made)


def _as_theirs(name: str, seen: Fact, above: bool) -> Need:
    return need_of(name, seen, above, name.removeprefix(UNIT_PREFIX) in SMALLER_FIRST)


def more_seats(known: Known, decision: Decision, board: Board) -> Iterator[Amendments]:
    """As many seats, or persons of one unit, as would reach the nominee: fewest more first."""
    nominee = decision.nominee
    held = board.seats.get(nominee)
    if held:
        missing = len(held.shared_with) - held.shared_seats
        yield _enlarged(known.plan, held.quota, "seats", (held.quota.seats or 0) + missing)
        if held.quota.per_unit is not None:
            yield _enlarged(known.plan, held.quota, "per_unit", held.quota.per_unit + missing)
        return
    entering = [item for item in board.entries[nominee] if item.passing is Passing.PASS]
    for entry in sorted(entering, key=lambda item: board.places[item.quota.code, nominee] - (item.quota.seats or 0)):
        quota = entry.quota
        if (quota.code, nominee) in board.over_limit:
            yield _enlarged(known.plan, quota, "per_unit", _ahead_in_unit(board, entry) + 1)
        else:
            place = board.places[quota.code, nominee]
            yield _enlarged(known.plan, quota, "seats", max(place, (quota.seats or 0) + 1))


def _ahead_in_unit(board: Board, entry: Entry) -> int:
    """How many of the same unit stand before the nominee in the row."""
    return sum(
        other.quota is entry.quota and other.passing is Passing.PASS and other.key < entry.key
        for nominee, entries in board.entries.items()
        if nominee.unit.code == entry.nominee.unit.code
        for other in entries
    )


def _enlarged(plan: Plan, quota: Quota, key: str, to: int) -> Amendments:
    return (
        of_quota(
            plan,
            quota,
            key,
            str(to),
            "số suất" if key == "seats" else "số người tối đa của một đơn vị",
            str(getattr(quota, key)),
        ),
    )


def of_quota(plan: Plan, quota: Quota, key: str, to: str, label: str, now: str) -> Amendment:
    """One value of a quota row of the plan."""
    words = f"{label} của dòng số lượng «{quota.code}»"
    return Amendment(Lies.PLAN, ("quota", name_in(plan, "quota", quota), key), to, words, quota.source.at(key), now)
