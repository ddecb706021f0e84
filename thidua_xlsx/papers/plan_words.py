"""Turns the plan's own rows into the words of a paper: whom it goes to, by which form and decrees, with what else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

from thidua_xlsx.model.council import Resolved
from thidua_xlsx.model.plan import DossierItem, Plan, Round, applies
from thidua_xlsx.model.text import bare, fold
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.papers.words import DOTS, counted
from thidua_xlsx.stages.judging.reward import in_force

COMMITTEE, CHAIR = "Ủy ban nhân dân", "Chủ tịch"
MOVEMENT = "phong trào thi đua"
# How plans name the paper that proposes the awards; without accents.
SUBMISSION, MINUTES, COUNCIL = ("to trinh", "van ban de nghi"), ("bien ban",), "hoi dong"
OF = {
    "members": "tổng số thành viên Hội đồng",
    "present": "số thành viên có mặt",
    "valid": "số phiếu hợp lệ",
}


def authority_in_person(plan: Plan) -> str:
    """Who decides: the chair of a people's committee; of any other body a blank, no title invented."""
    authority = plan.head.authority
    return f"{CHAIR} {authority}" if fold(authority).startswith(fold(COMMITTEE)) else f"{DOTS} {authority}"


def in_two_lines(plan: Plan) -> str:
    """The authority as letterheads break it: the place on a line of its own."""
    authority = plan.head.authority
    if not fold(authority).startswith(fold(COMMITTEE)):
        return authority
    words = authority.split()
    return "\n".join(" ".join(part) for part in (words[:4], words[4:]) if part)


def period(plan: Plan, round_: Round) -> str:
    """The years that the round judges."""
    first, last = plan.years_of(round_)
    return f"năm {first}" if first == last else f"giai đoạn {first} - {last}"


def movement(plan: Plan, round_: Round) -> str:
    """The movement as the plan's title names it, with the years judged unless they stand there."""
    title = plan.head.title
    found = re.search(MOVEMENT, title, re.IGNORECASE)
    named = MOVEMENT + title[found.end() :] if found else title
    years = period(plan, round_)
    return named if fold(years) in fold(named) else f"{named}, {years}"


def kind_of_award(round_: Round) -> str:
    """Mẫu 01 asks for it (DOMAIN 1.2)."""
    return "đột xuất" if round_.kind == "ad_hoc" else "phong trào thi đua (chuyên đề)"


def papers_of_round(resolved: Resolved) -> list[DossierItem]:
    """The papers that go before the council, else those that units hand in."""
    rows = [row for row in resolved.plan.dossiers if applies(row.rounds, resolved.round.code)]
    return [row for row in rows if row.stage == "council"] or rows


def _named(row: DossierItem, words: tuple[str, ...]) -> bool:
    return bare(row.name).startswith(words)


def form_of_submission(resolved: Resolved) -> Iterator[str]:
    """``Mẫu số 01, <decree>`` where the plan gives the submission a form."""
    rows = [row for row in resolved.plan.dossiers if applies(row.rounds, resolved.round.code)]
    # sorted() keeps the plan's order within a stage.
    for row in sorted(rows, key=lambda row: row.stage != "council"):
        if row.form and _named(row, SUBMISSION):
            yield _form(row)
            return


def _form(row: DossierItem) -> str:
    return ", ".join(part for part in (f"Mẫu số {row.form}" if row.form else "", row.decree or "") if part)


def decrees(resolved: Resolved) -> list[str]:
    """Decrees that the draft rests on: of the submission's form, and of the awards' money on its day."""
    rows = (row for row in papers_of_round(resolved) if row.decree and _named(row, SUBMISSION))
    return list(dict.fromkeys(chain((row.decree or "" for row in rows), _of_awards(resolved))))


def _of_awards(resolved: Resolved) -> Iterator[str]:
    for item in resolved.resolutions:
        if item.awarded and item.award and item.money:
            same = (fold(item.award), item.nominee.subject)
            rate = in_force(
                [row for row in resolved.plan.awards if (fold(row.award), row.subject) == same], item.money.on
            )
            if rate:
                yield rate.decree


def attached(resolved: Resolved) -> list[str]:
    """The papers sent along, as the plan names them; of alternatives (``any_of``) one line."""
    lines: dict[str, list[str]] = {}
    for row in papers_of_round(resolved):
        if _named(row, SUBMISSION):
            continue
        form = "" if re.search(r"\bmau\b", bare(row.name)) else _form(row)
        more = ", ".join(part for part in (form, f"{counted(row.sets)} bộ" if row.sets else "") if part)
        lines.setdefault(row.any_of or row.code, []).append(f"{row.name} ({more})" if more else row.name)
    return list(dict.fromkeys(" hoặc ".join(names) for names in lines.values()))


def of_meeting(resolved: Resolved) -> str:
    """What the minutes are of: as the plan names the council's, without «Biên bản»."""
    for row in papers_of_round(resolved):
        if row.stage == "council" and _named(row, MINUTES) and COUNCIL in bare(row.name):
            rest = row.name.split(maxsplit=2)[2]
            return rest[:1].upper() + rest[1:]
    return "Họp xét khen thưởng của Hội đồng Thi đua - Khen thưởng"


def clause_of(plan: Plan, quota: str | None) -> str:
    """The clause of a quota row."""
    return next((row.clause for row in plan.quotas if row.code == quota), "")


def vote_rules(round_: Round) -> Iterator[str]:
    """What the plan asks of the votes, if anything."""
    if round_.vote_share is not None:
        share = vietnamese(Fraction(round_.vote_share), 2)
        yield f"Tỷ lệ phiếu đồng ý phải đạt: từ {share} % trở lên trên {OF.get(round_.vote_of or '', DOTS)}."
    if round_.casting_vote:
        yield "Khi số phiếu ngang nhau, quyết định theo ý kiến của Chủ tịch Hội đồng."
