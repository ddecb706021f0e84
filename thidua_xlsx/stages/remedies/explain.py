"""Turns one nominee's outcome into its proof: scores, gates, every quota row considered, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thidua_xlsx.model.plan import Plan, Quota, Round, Unit, applies
from thidua_xlsx.model.remedy import Way
from thidua_xlsx.model.results import Decision, Fact, FileRecord, Nominee, Outcome, Passing, Standing
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.model.text import closest, fold
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import RULE_LATE, RULE_TWICE
from thidua_xlsx.stages.judging.screen import screen
from thidua_xlsx.stages.judging.seats import Board, Entry, quotas_of, seat
from thidua_xlsx.stages.remedies.smallest_change import ways


@dataclass(frozen=True, slots=True)
class RowProof:
    """One quota row as it concerned the nominee: who holds its seats, where the last of them stands, and why not.

    ``passing`` None: the row was not open to the nominee; ``taken`` says that an earlier row had seated it.
    """

    quota: Quota
    passing: Passing | None
    place: int | None = None
    own: tuple[Fact, ...] = ()
    last: tuple[Fact, ...] = ()
    seated: tuple[Nominee, ...] = ()
    tied: tuple[Nominee, ...] = ()
    holds: bool = False
    taken: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """All that there is to say of one nominee. ``people``: the unit's persons with their outcomes."""

    plan: Plan
    round: Round
    decision: Decision
    standing: Standing | None
    given: Submission | None
    rows: tuple[RowProof, ...]
    ways: tuple[Way, ...]
    people: tuple[Decision, ...]


def find_unit(plan: Plan, round_: Round, named: str) -> tuple[Unit | None, str]:
    """The unit of this code, name or other name; else None and the one that was perhaps meant."""
    units = plan.units_of(round_)
    words = {word: unit for unit in units for word in (unit.code, unit.name, *unit.aliases)}
    found = {unit.code: unit for word, unit in words.items() if fold(word) == fold(named)}
    if len(found) == 1:
        return next(iter(found.values())), ""
    near = closest(named, words)
    return None, f"{words[near].code} ({words[near].name})" if near else ""


def explain(
    known: Known, decisions: Sequence[Decision], files: Sequence[FileRecord], unit: Unit, order: int | None
) -> Proof | None:
    """The proof of the unit, or of its person of this order; None where it puts nobody forward under it."""
    mine = [item for item in decisions if item.nominee.unit.code == unit.code]
    people = tuple(item for item in mine if item.nominee.person)
    wanted = [item for item in mine if (item.nominee.person.order if item.nominee.person else None) == order]
    decision = next((item for item in wanted if (order is None) is (item.nominee.person is None)), None)
    if decision is None:
        return None
    board = seat(known, [item.nominee for item in decisions if passed_gates(known, item)])
    counted = known.counted.get(unit.code)
    return Proof(
        known.plan,
        known.round,
        decision,
        known.standings.get(unit.code),
        counted.submission if counted else None,
        tuple(
            row_proof(decision, board, quota) for quota in quotas_of(known) if quota.subject == decision.nominee.subject
        ),
        ways(known, decision, board, files),
        people if order is None else (),
    )


def passed_gates(known: Known, decision: Decision) -> bool:
    """Whether the nominee came as far as the quota rows."""
    if decision.outcome in (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE):
        return True
    barred = any(reason.gate in (RULE_LATE, RULE_TWICE) for reason in decision.reasons)
    asked = decision.outcome in (Outcome.INELIGIBLE, Outcome.UNPROVEN) and not barred
    return asked and screen(known, decision.nominee).eligible


def row_proof(decision: Decision, board: Board, quota: Quota) -> RowProof:
    """One row: who holds it, and how the nominee stood in it."""
    nominee = decision.nominee
    result = board.results[board.quotas.index(quota)]
    seated = tuple(item for item in result.seated if isinstance(item, Nominee))
    tied = tuple(item for item in result.tied if isinstance(item, Nominee))
    entry = next((item for item in board.entries.get(nominee, ()) if item.quota is quota), None)
    open_to = applies(quota.blocks, nominee.unit.block)
    held = board.seats.get(nominee)
    why = next((reason.message for reason in decision.reasons if reason.gate == quota.code), "")
    if entry is None:
        return RowProof(quota, Passing.FAIL if open_to else None, seated=seated, tied=tied)
    earlier = held is not None and board.quotas.index(held.quota) < board.quotas.index(quota)
    return RowProof(
        quota,
        entry.passing,
        board.places.get((quota.code, nominee)),
        entry.order,
        last_facts(board, quota),
        seated,
        tied,
        nominee in (*seated, *tied),
        earlier,
        why or ("" if entry.passing is Passing.PASS else entry.reason.message),
    )


def last_facts(board: Board, quota: Quota) -> tuple[Fact, ...]:
    """What the last one who holds or shares a seat of the row was ordered by."""
    held: list[Entry] = [
        entry
        for nominee, seat_ in board.seats.items()
        if seat_.quota is quota
        for entry in board.entries[nominee]
        if entry.quota is quota
    ]
    return max(held, key=lambda item: item.key).order if held else ()
