"""Turns the ballots of a session into what is wrong with them: votes, seats, ties, reasons, unfit awards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from thidua_xlsx.model.council import (
    AGREE,
    AWARDED,
    COUNT,
    DECIDED_ON,
    DECISION,
    DISAGREE,
    HELD_ON,
    MEMBERS,
    NOT_AWARDED,
    OPINION,
    PRESENT,
    Session,
)
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.plan import Quota, Round
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.council.council_cases import ASKED, Case

# What the plan counts a share of, in words; the key is ``round.vote_of``.
SHARE_OF = {"members": "thành viên", "present": "thành viên có mặt", "valid": "phiếu hợp lệ"}
Places = dict[str, Place]


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of one case as the plan counts them: ``agree`` of ``of``; ``cast``: the chair's vote settled equals."""

    agree: int
    of: int
    what: str
    cast: bool = False

    @property
    def share(self) -> Fraction:
        return Fraction(self.agree * 100, self.of)

    def __str__(self) -> str:
        text = f"{self.agree}/{self.of} {self.what}, {vietnamese(self.share, 2)} %"
        return f"{text}, kể cả phiếu quyết định của người chủ trì khi ngang phiếu" if self.cast else text


def awarded(case: Case) -> bool:
    return case.ballot.decision == AWARDED


def tally(case: Case, round_: Round, session: Session) -> Tally | None:
    """None while a number is missing that the plan's share needs.

    Where the plan gives the chair a casting vote, equal votes count one more for what was decided.
    """
    ballot, of = case.ballot, round_.vote_of or "members"
    whole = {
        "members": ballot.members if ballot.members is not None else session.members,
        "present": session.present,
        "valid": None if ballot.disagree is None else (ballot.agree or 0) + ballot.disagree,
    }[of]
    if ballot.agree is None or not whole:
        return None
    cast = bool(round_.casting_vote) and ballot.agree == ballot.disagree and awarded(case)
    return Tally(ballot.agree + cast, whole, SHARE_OF[of], cast)


def faults(cases: Sequence[Case], round_: Round, session: Session, labels: Places) -> tuple[Finding, ...]:
    """Everything that is wrong, all at once."""
    found = [*_session(session, labels)]
    for case in cases:
        found += _undecided(case)
        found += _votes(case, round_, session, labels)
        found += _reason(case)
        found += _no_longer(case)
    found += _skipped(cases)
    found += _seats(cases)
    found += _totals(cases, round_)
    found += _ties(cases)
    return tuple(found)


def _session(session: Session, labels: Places) -> Iterator[Finding]:
    if session.members is not None and session.present is not None and session.present > session.members:
        yield _too_many(PRESENT, labels.get(PRESENT, NOWHERE), session.present, session.members, "số thành viên")
    if session.held_on and session.decided_on and session.decided_on < session.held_on:
        holds = f"ngày không trước «{HELD_ON}»"
        yield finding(Code.COUNCIL_CELL_INVALID, labels.get(DECIDED_ON, NOWHERE), label=DECIDED_ON, holds=holds)


def _too_many(label: str, place: Place, total: int, most: int, what: str, unit: str | None = None) -> Finding:
    return finding(
        Code.VOTES_TOO_MANY, place, unit=unit, value=total, label=label, total=total, maximum=most, what=what
    )


def _undecided(case: Case) -> Iterator[Finding]:
    """Nobody answers for a reserve whom the council did not call; everybody else was put to the vote."""
    if not case.ballot.decision and case.proposed is not Outcome.RESERVE:
        place = case.ballot.at(DECISION)
        yield finding(Code.BALLOT_UNDECIDED, place, unit=case.nominee.unit.code, named=case.name)


def _votes(case: Case, round_: Round, session: Session, labels: Places) -> Iterator[Finding]:
    ballot, unit = case.ballot, case.nominee.unit.code
    cast = (ballot.agree or 0) + (ballot.disagree or 0)
    own = ballot.members if ballot.members is not None else session.members
    if own is not None and cast > own:
        header = AGREE if (ballot.agree or 0) > own else DISAGREE
        yield _too_many(header, ballot.at(header), cast, own, "tổng số thành viên", unit)
    if ballot.members is not None and session.members is not None and ballot.members > session.members:
        yield _too_many(
            MEMBERS, ballot.at(MEMBERS), ballot.members, session.members, "tổng số thành viên Hội đồng", unit
        )
    if round_.vote_share is None or not awarded(case):
        return
    count = tally(case, round_, session)
    if count is None:
        yield _missing(case, round_, labels)
    elif count.share < Fraction(round_.vote_share):
        least = -(-Fraction(round_.vote_share) * count.of // 100)
        share = vietnamese(Fraction(round_.vote_share), 2)
        yield finding(
            Code.VOTES_TOO_FEW, ballot.at(AGREE), unit=unit, value=ballot.agree, read=count, low=share, count=least
        )


def _missing(case: Case, round_: Round, labels: Places) -> Finding:
    """The first number that the share waits for, at its own cell."""
    ballot, unit = case.ballot, case.nominee.unit.code
    if ballot.agree is None:
        return finding(Code.VOTES_MISSING, ballot.at(AGREE), unit=unit, label=AGREE)
    if round_.vote_of == "present":
        return finding(Code.VOTES_MISSING, labels.get(PRESENT, NOWHERE), label=PRESENT)
    if round_.vote_of == "valid":
        return finding(Code.VOTES_MISSING, ballot.at(DISAGREE), unit=unit, label=DISAGREE)
    return finding(Code.VOTES_MISSING, ballot.at(MEMBERS), unit=unit, label=f"{MEMBERS}» hoặc «{COUNT}")


def _opinion(case: Case, detail: str) -> Finding:
    return finding(Code.OPINION_MISSING, case.ballot.at(OPINION), unit=case.nominee.unit.code, detail=detail)


def _reason(case: Case) -> Iterator[Finding]:
    refused = case.proposed is Outcome.PROPOSED and case.ballot.decision == NOT_AWARDED
    if refused and not case.ballot.opinion:
        yield _opinion(case, f"Hội đồng không khen thưởng {case.name}, khác đề nghị,")


def _skipped(cases: Sequence[Case]) -> Iterator[Finding]:
    """A reserve that was called before a better one of its row."""
    for quota, mine in _by_quota(case for case in cases if case.proposed is Outcome.RESERVE).items():
        better = [case for case in mine if not awarded(case)]
        for case in mine:
            ahead = [other for other in better if other.place < case.place]
            if quota and awarded(case) and ahead and not case.ballot.opinion:
                yield _opinion(case, f"Hội đồng chọn {case.name} trước {ahead[0].name} là dự khuyết xếp trên")


def _by_quota(cases: Iterable[Case]) -> dict[str, list[Case]]:
    made: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        made[case.quota.code if case.quota else ""].append(case)
    return made


def _no_longer(case: Case) -> Iterator[Finding]:
    """Whoever is awarded must still be fit by what is known today: discipline, a return taken back, a new fact."""
    if not awarded(case) or (case.now and case.now.outcome in ASKED):
        return
    unit, reasons = case.nominee.unit.code, case.now.reasons if case.now else ()
    for reason in reasons:
        told = reason.message.rstrip(".")
        told += f" ({reason.observed})" if reason.observed else ""
        told += f" – điều kiện «{reason.gate}», căn cứ {reason.clause}" if reason.clause else ""
        place = reason.places[0] if reason.places else case.ballot.at(DECISION)
        yield finding(Code.NO_LONGER_ELIGIBLE, place, unit=unit, value=reason.observed, named=case.name, reason=told)
    if not reasons:
        yield finding(
            Code.NO_LONGER_ELIGIBLE,
            case.ballot.at(DECISION),
            unit=unit,
            named=case.name,
            reason="không còn trong danh sách được đề nghị",
        )


def _seats(cases: Sequence[Case]) -> Iterator[Finding]:
    for mine in _by_quota(case for case in cases if case.quota and awarded(case)).values():
        quota = mine[0].quota
        assert quota
        most = seats_of(quota)
        if most is not None and len(mine) > most:
            yield from _exceeded(mine, most, row_text(quota))
        taken = Counter(case.nominee.unit.code for case in mine)
        for code, count in taken.items():
            if quota.per_unit is not None and count > quota.per_unit:
                own = [case for case in mine if case.nominee.unit.code == code]
                yield from _exceeded(own, quota.per_unit, f"{row_text(quota)}, mỗi đơn vị")


def _totals(cases: Sequence[Case], round_: Round) -> Iterator[Finding]:
    for subject, most, words in (
        ("collective", round_.total_collectives, "tổng số tập thể của đợt"),
        ("individual", round_.total_individuals, "tổng số cá nhân của đợt"),
    ):
        mine = [case for case in cases if awarded(case) and case.nominee.subject == subject]
        if most is not None and len(mine) > most:
            yield from _exceeded(mine, most, words)


def _exceeded(mine: Sequence[Case], most: int, what: str) -> Iterator[Finding]:
    for case in mine:
        yield finding(
            Code.SEATS_EXCEEDED, case.ballot.at(DECISION), value=AWARDED, count=len(mine), what=what, maximum=most
        )


def seats_of(quota: Quota) -> int | None:
    """How many may be awarded in a row; None where it is open."""
    return None if quota.binding == "open" else quota.seats or 0


def row_text(quota: Quota) -> str:
    return f"{quota.award}, {quota.clause}" if quota.clause else quota.award


def _ties(cases: Sequence[Case]) -> Iterator[Finding]:
    """Whoever is left out of a tie while a seat is open for it: chosen after all, or explained."""
    for mine in _by_quota(case for case in cases if case.quota).values():
        quota = mine[0].quota
        if quota is None or any(case.proposed is Outcome.TIED and not case.ballot.decision for case in mine):
            continue  # who is undecided may take the seat
        most, given = seats_of(quota), [case for case in mine if awarded(case)]
        taken = Counter(case.nominee.unit.code for case in given)
        for case in mine:
            left = None if most is None else most - len(given)
            if quota.per_unit is not None:
                own = quota.per_unit - taken[case.nominee.unit.code]
                left = own if left is None else min(left, own)
            refused = case.proposed is Outcome.TIED and case.ballot.decision == NOT_AWARDED
            if refused and not case.ballot.opinion and (left is None or left > 0):
                place, unit = case.ballot.at(DECISION), case.nominee.unit.code
                yield finding(Code.TIE_UNSETTLED, place, unit=unit, value=NOT_AWARDED, count=left or 1)
