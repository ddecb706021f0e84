"""Turns eligible nominees into entries of quota rows, and the rows' results into where everybody ended."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from thidua_xlsx.model.form import YES
from thidua_xlsx.model.language import DEFAULT_ORDER, UNIT_PREFIX
from thidua_xlsx.model.plan import Gate, Quota, applies
from thidua_xlsx.model.results import Fact, Nominee, Passing, Reason
from thidua_xlsx.model.wording import half_up
from thidua_xlsx.stages.judging.allocate import Candidate, Row, RowResult, allocate
from thidua_xlsx.stages.judging.facts import fact
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.screen import judge, order_of_level, scale_of

# Facts of which the smaller is the better; of all others the greater is.
SMALLER_FIRST = ("rank", "rank_in_block", "priority")


@dataclass(frozen=True, slots=True)
class Entry:
    """One eligible nominee at one quota row: may it enter, and where does it stand."""

    nominee: Nominee
    quota: Quota
    passing: Passing
    key: tuple[Fraction, ...]
    order: tuple[Fact, ...]
    reason: Reason


def quotas_of(known: Known) -> tuple[Quota, ...]:
    return tuple(quota for quota in known.plan.quotas if applies(quota.rounds, known.round.code))


def order_of(quota: Quota) -> tuple[str, ...]:
    """The facts that order a row, best first; an open row orders nobody."""
    return () if quota.binding == "open" else quota.order_by or DEFAULT_ORDER[quota.subject]


def sort_value(known: Known, nominee: Nominee, name: str, seen: Fact) -> Fraction:
    """One component of the key: smaller sorts first, whatever the fact; an index counts as the plan ranks it."""
    if isinstance(seen.value, Fraction):
        bare_name, head = name.removeprefix(UNIT_PREFIX), known.plan.head
        value = half_up(seen.value, head.decimals) if (bare_name, head.rank_on) == ("index", "printed") else seen.value
        return value if bare_name in SMALLER_FIRST else -value
    level = order_of_level(known.plan, str(seen.value), scale_of(known, nominee, name))
    if level is not None:
        return Fraction(-level)
    return Fraction(0 if seen.value == YES else 1)


def within_gate(quota: Quota) -> Gate | None:
    """A row's limit judged as a gate is, so that it is proved in the same way."""
    if not quota.within_fact or not quota.within_operator:
        return None
    return Gate(
        code=quota.code,
        subject=quota.subject,
        fact=quota.within_fact,
        operator=quota.within_operator,
        value=quota.within_value,
        clause=quota.clause,
        reason=f"Điều kiện của suất «{quota.award}»",
    )


def enter(known: Known, nominee: Nominee, quota: Quota) -> Entry:
    """Whether an eligible nominee may enter a row; an unknown limit or order is unknown, never last."""
    gate = within_gate(quota)
    limit = judge(known, nominee, gate) if gate else None
    seen = tuple(fact(known, nominee, name) for name in order_of(quota))
    blank = [item.why_unknown for item in seen if item.value is None]
    if limit and limit.passing is not Passing.PASS:
        return Entry(nominee, quota, limit.passing, (), seen, limit.reason)
    if blank:
        reason = Reason(
            quota.code,
            quota.clause,
            "Chưa đủ căn cứ để xếp thứ tự xét.",
            "; ".join(blank),
            "có đủ dữ kiện xếp thứ tự",
            tuple(dict.fromkeys(place for item in seen if item.value is None for place in item.places)),
        )
        return Entry(nominee, quota, Passing.UNKNOWN, (), seen, reason)
    key = tuple(sort_value(known, nominee, name, item) for name, item in zip(order_of(quota), seen, strict=True))
    return Entry(nominee, quota, Passing.PASS, key, seen, Reason(quota.code, quota.clause, ""))


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a nominee was seated; of a tie, with whom it shares how many seats."""

    quota: Quota
    shared_with: tuple[Nominee, ...] = ()
    shared_seats: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The allocation of one round: every entry, every row's result, and where everybody ended."""

    quotas: tuple[Quota, ...]
    entries: dict[Nominee, tuple[Entry, ...]]
    results: tuple[RowResult, ...]
    seats: dict[Nominee, Seat]
    # (row, nominee) → number of those seated or tied before it
    behind: dict[tuple[str, Nominee], int]
    over_limit: frozenset[tuple[str, Nominee]]
    # (row, nominee) → its place in the row's order, 1 is best, equals share one
    places: dict[tuple[str, Nominee], int]


def seat(known: Known, eligible: Iterable[Nominee]) -> Board:
    """All eligible nominees through all quota rows of the round."""
    quotas = quotas_of(known)
    entries = {
        nominee: tuple(
            enter(known, nominee, quota)
            for quota in quotas
            if quota.subject == nominee.subject and applies(quota.blocks, nominee.unit.block)
        )
        for nominee in eligible
    }
    entering: dict[str, list[Candidate]] = {quota.code: [] for quota in quotas}
    for mine in entries.values():
        for entry in mine:
            if entry.passing is Passing.PASS:
                entering[entry.quota.code].append(Candidate(entry.nominee, entry.nominee.unit.code, entry.key))
    results = allocate(
        [
            Row(
                quota.code,
                None if quota.binding == "open" else quota.seats or 0,
                tuple(entering[quota.code]),
                quota.per_unit,
            )
            for quota in quotas
        ]
    )
    return Board(quotas, entries, results, *_ended(quotas, results), _places(entering, results))


def _places(entering: dict[str, list[Candidate]], results: tuple[RowResult, ...]) -> dict[tuple[str, Nominee], int]:
    """Places in each row among those who still compete there: earlier rows' seated and tied are gone."""
    places: dict[tuple[str, Nominee], int] = {}
    gone: set[Hashable] = set()
    for result in results:
        code = result.code
        candidates = [item for item in entering[code] if item.nominee not in gone]
        gone |= {*result.seated, *result.tied}
        first: dict[tuple[Fraction, ...], int] = {}
        for number, key in enumerate(sorted(item.key for item in candidates), start=1):
            first.setdefault(key, number)
        places |= {(code, item.nominee): first[item.key] for item in candidates if isinstance(item.nominee, Nominee)}
    return places


def _ended(
    quotas: tuple[Quota, ...], results: tuple[RowResult, ...]
) -> tuple[dict[Nominee, Seat], dict[tuple[str, Nominee], int], frozenset[tuple[str, Nominee]]]:
    """The same results by nominee."""
    seats: dict[Nominee, Seat] = {}
    behind: dict[tuple[str, Nominee], int] = {}
    over_limit = set()
    for quota, result in zip(quotas, results, strict=True):
        seats |= {nominee: Seat(quota) for nominee in result.seated if isinstance(nominee, Nominee)}
        for tied, shared in result.ties:
            group = tuple(nominee for nominee in tied if isinstance(nominee, Nominee))
            seats |= {nominee: Seat(quota, group, shared) for nominee in group}
        behind |= {(quota.code, nominee): ahead for nominee, ahead in result.behind if isinstance(nominee, Nominee)}
        over_limit |= {(quota.code, nominee) for nominee in result.over_limit if isinstance(nominee, Nominee)}
    return seats, behind, frozenset(over_limit)
