"""Turns the cases of a run and the council's sheet into what the council resolved, or everything that prevents it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from thidua_xlsx.model.council import COUNCIL_SHEET, DECISION, Basis, CouncilSheet, Resolution, Resolved, Session
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, AwardGiven
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.council.ballot_rules import awarded, faults, tally
from thidua_xlsx.stages.council.council_cases import Case
from thidua_xlsx.stages.judging.reward import reward


def with_ballots(cases: Sequence[Case], sheet: CouncilSheet) -> tuple[Case, ...]:
    """The cases with what the council wrote on each."""
    ballots = {ballot.code: ballot for ballot in sheet.ballots}
    return tuple(replace(case, ballot=ballots.get(case.ballot.code, case.ballot)) for case in cases)


def check_ballots(
    cases: Sequence[Case], sheet: CouncilSheet, round_: Round, labels: Mapping[str, Place], file: str
) -> tuple[Finding, ...]:
    """What is wrong with the council's sheet; one sentence where nobody has written a decision yet."""
    if not any(ballot.decision for ballot in sheet.ballots) and any(
        case.proposed is not Outcome.RESERVE for case in cases
    ):
        return (finding(Code.COUNCIL_NOTHING, Place(file, COUNCIL_SHEET), label=DECISION),)
    there = {ballot.code for ballot in sheet.ballots}
    return faults([case for case in cases if case.ballot.code in there], round_, sheet.session, dict(labels))


def resolve(
    plan: Plan, round_: Round, run: str, mark: str, cases: Sequence[Case], session: Session, today: date
) -> Resolved:
    """The end of the round, from ballots in which nothing is wrong."""
    decided = replace(round_, decision_date=session.decided_on or round_.decision_date)
    resolutions = tuple(_resolution(plan, decided, case, session, today) for case in cases)
    return Resolved(plan, round_, run, mark, session, resolutions, _remarks(decided, resolutions))


def _resolution(plan: Plan, round_: Round, case: Case, session: Session, today: date) -> Resolution:
    given, subject = awarded(case), case.nominee.subject
    count = tally(case, round_, session)
    return Resolution(
        case.nominee,
        case.proposed,
        given,
        basis_of(case.proposed, given),
        case.quota.code if case.quota else None,
        case.award if given else None,
        reward(plan, round_, case.award, subject, today) if given else None,
        case.ballot,
        str(count) if count else "",
        case.now.order if case.now else (),
    )


def basis_of(proposed: Outcome, given: bool) -> Basis:
    if proposed is Outcome.TIED:
        return Basis.TIE_SETTLED
    return Basis.AS_PROPOSED if given == (proposed is Outcome.PROPOSED) else Basis.DEPARTED


def _remarks(round_: Round, resolutions: Sequence[Resolution]) -> tuple[str, ...]:
    """What the papers must say besides: money that waits for a date, forms that the plan gives no money for."""
    given = [item for item in resolutions if item.awarded]
    told = []
    if round_.decision_date is None and any(item.money for item in given):
        day = next(item.money.on for item in given if item.money)
        told.append(
            f"Tiền thưởng tạm tính theo ngày {date_text(day)} vì chưa ghi ngày quyết định khen thưởng; "
            "tính lại khi có ngày quyết định."
        )
    unpaid = sorted({item.award or "" for item in given if item.money is None})
    if unpaid:
        told.append(f"Kế hoạch chưa có mức thưởng cho: {'; '.join(unpaid)}.")
    return tuple(told)


def register_lines(resolved: Resolved) -> tuple[AwardGiven, ...]:
    """The awards of the round as lines of the register, in the order of the decision."""
    head, session = resolved.plan.head, resolved.session
    decided = session.decided_on or resolved.round.decision_date
    year = resolved.plan.years_of(resolved.round)[1]
    lines = []
    for item in (*resolved.awarded("collective"), *resolved.awarded("individual")):
        person = item.nominee.person
        lines.append(
            AwardGiven(
                year,
                head.id,
                resolved.round.code,
                INDIVIDUAL if person else COLLECTIVE,
                item.nominee.unit.code,
                item.nominee.name,
                person.birth if person else None,
                item.award or "",
                session.number,
                decided,
            )
        )
    return tuple(lines)
