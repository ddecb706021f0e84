"""What a council might have resolved on a committed sample: one tie settled, one departure, reserves left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from generate import TODAY, clean_sample

from thidua_xlsx.model.council import Ballot, Basis, Resolution, Resolved, Session, ballot_code, run_mark
from thidua_xlsx.model.results import Decision, Outcome, RunResult
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import gather
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.judging.reward import reward

BALLOTED = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)
SESSION = Session(
    held_on=date(2026, 2, 5),
    where="Phòng họp số 1",
    members=9,
    present=8,
    chair="Nguyễn Văn Hòa, Chủ tịch Hội đồng",
    secretary="Lê Thị Thu Thủy",
    number="125/QĐ-UBND",
    decided_on=date(2026, 3, 2),
)


@cache
def sample_result(plan_id: str) -> RunResult:
    with TemporaryDirectory() as folder:
        home = clean_sample(plan_id, Path(folder) / "dot")
        plan = load_plan(home)
        return assess(gather(home, plan, plan.rounds[0], home / "nop", TODAY, lambda *_: None))[0]


def resolved_sample(plan_id: str, session: Session = SESSION) -> Resolved:
    """As proposed; the first of those tied is chosen; the last person proposed is not awarded, with a reason."""
    return resolved_of(sample_result(plan_id), session)


def resolved_of(result: RunResult, session: Session) -> Resolved:
    plan = result.plan
    decided = session.decided_on is not None
    round_ = replace(result.round, decision_date=session.decided_on) if decided else result.round
    listed = [item for item in result.decisions if item.outcome in BALLOTED]
    listed.sort(key=lambda item: (item.nominee.subject, BALLOTED.index(item.outcome), item.place or 0))
    tied = next((item for item in listed if item.outcome is Outcome.TIED), None)
    people = [item for item in listed if item.outcome is Outcome.PROPOSED and item.nominee.person]
    departed = people[-1] if len(people) > 1 else None

    def resolution(item: Decision) -> Resolution:
        awarded = item is tied or (item.outcome is Outcome.PROPOSED and item is not departed)
        basis = Basis.TIE_SETTLED if item is tied else Basis.DEPARTED if item is departed else Basis.AS_PROPOSED
        award = item.award or (item.quota.award if item.quota else None)
        votes = (None, None) if item.outcome is Outcome.RESERVE else (8, 0) if awarded else (2, 6)
        opinion = "Nhường cho đơn vị đồng hạng" if item is departed else "Chọn do tăng hạng" if item is tied else ""
        subject = item.nominee.subject
        return Resolution(
            nominee=item.nominee,
            proposed=item.outcome,
            awarded=awarded,
            basis=basis,
            quota=item.quota.code if item.quota else None,
            award=award if awarded else None,
            money=reward(plan, round_, award, subject, result.today) if awarded and award else None,
            ballot=Ballot(ballot_code(item.nominee), *votes, None if votes[0] is None else 9, "", opinion),
            share="" if votes[0] is None else f"{votes[0]}/9 thành viên",
            order=item.order,
        )

    made = tuple(map(resolution, listed))
    return Resolved(plan, result.round, "lan-001", run_mark("0123456789abcdef" * 4), session, made)
