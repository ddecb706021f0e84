"""Turns what the council resolved into the text of every field; what nobody wrote down stays a visible blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from thidua_xlsx.model.council import AWARDED, NOT_AWARDED, Basis, Resolution, Resolved
from thidua_xlsx.model.results import Money, Outcome
from thidua_xlsx.model.text import clean, clean_lines
from thidua_xlsx.model.wording import date_text, in_words, vietnamese
from thidua_xlsx.papers.field_names import LISTS
from thidua_xlsx.papers.plan_words import (
    attached,
    authority_in_person,
    clause_of,
    decrees,
    form_of_submission,
    in_two_lines,
    kind_of_award,
    movement,
    of_meeting,
    period,
    vote_rules,
)
from thidua_xlsx.papers.words import DOTS, SHORT_DOTS, counted, day_in_words, or_dots

NONE, NAMED = "Không có", ("tên", "tên và đơn vị")
Record = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """The text of every single field, and the rows of every list."""

    single: Record
    lists: Mapping[str, tuple[Record, ...]]


def fields_of(resolved: Resolved) -> Fields:
    """All that the papers may say, in the names of ``field_names``."""
    collectives, individuals = resolved.awarded("collective"), resolved.awarded("individual")
    awarded = (*collectives, *individuals)
    lists = {
        "tập thể": _rows("tập thể", [_collective(resolved, item) for item in collectives]),
        "cá nhân": _rows("cá nhân", [_individual(resolved, item) for item in individuals]),
        "tập thể được xét": _judged(resolved, "collective"),
        "cá nhân được xét": _judged(resolved, "individual"),
        "hình thức tập thể": _by_award(collectives),
        "hình thức cá nhân": _by_award(individuals),
        "mẫu tờ trình": _sentences(form_of_submission(resolved)),
        "nghị định": _sentences(decrees(resolved)),
        "hồ sơ": _sentences(attached(resolved)),
        "tỷ lệ phiếu": _sentences(vote_rules(resolved.round)),
        "khác đề nghị": _sentences(_departures(resolved)),
        "lưu ý": _sentences(resolved.remarks),
        "căn cứ tiền thưởng": _sentences(sorted({item.money.decree for item in awarded if item.money})),
        "lưu ý tiền thưởng": _sentences(_money_remarks(awarded)),
    }
    single = {**_plan_fields(resolved), **_session_fields(resolved), **_count_fields(resolved), **_sums(resolved)}
    return Fields({name: clean_lines(text) for name, text in single.items()}, lists)


def _plan_fields(resolved: Resolved) -> Record:
    head = resolved.plan.head
    return {
        "cơ quan": head.authority,
        "cơ quan hai dòng": in_two_lines(resolved.plan),
        "cơ quan cấp trên": or_dots(head.parent_authority),
        "cơ quan thường trực": head.standing_body,
        "người có thẩm quyền": authority_in_person(resolved.plan),
        "địa danh": head.place,
        "kế hoạch": head.title,
        "phong trào": movement(resolved.plan, resolved.round),
        "đợt": resolved.round.name,
        "thời gian xét": period(resolved.plan, resolved.round),
        "loại hình": kind_of_award(resolved.round),
        "nội dung họp": of_meeting(resolved),
        "lần chạy": " ".join(part for part in (resolved.run, resolved.mark) if part),
    }


def _session_fields(resolved: Resolved) -> Record:
    session = resolved.session
    known = session.members is not None and session.present is not None
    absent = (session.members or 0) - (session.present or 0)
    return {
        "ngày họp": day_in_words(session.held_on),
        "địa điểm họp": or_dots(session.where),
        "tổng số thành viên": SHORT_DOTS if session.members is None else counted(session.members),
        "số có mặt": SHORT_DOTS if session.present is None else counted(session.present),
        "số vắng mặt": counted(absent) if known and absent >= 0 else SHORT_DOTS,
        "người chủ trì": or_dots(session.chair),
        "thư ký": or_dots(session.secretary),
        "số quyết định": or_dots(session.number),
        "ngày quyết định": day_in_words(session.decided_on),
    }


def _count_fields(resolved: Resolved) -> Record:
    collectives, individuals = (len(resolved.awarded(subject)) for subject in ("collective", "individual"))
    judged = len([item for item in resolved.resolutions if _taken_up(item)])
    return {
        "số tập thể": counted(collectives),
        "số cá nhân": counted(individuals),
        "số được khen": counted(collectives + individuals),
        "số được xét": counted(judged),
        "số không khen": counted(judged - collectives - individuals),
    }


def _sums(resolved: Resolved) -> Record:
    collectives, individuals = resolved.awarded("collective"), resolved.awarded("individual")
    paid = [item.money for item in (*collectives, *individuals) if item.money]
    # An award without a known amount leaves no sum of nought behind: nothing is known to be nothing.
    known = bool(paid) or not (collectives or individuals)
    total = sum(item.amount for item in paid)
    return {
        "tiền tập thể": _sum(collectives),
        "tiền cá nhân": _sum(individuals),
        "tổng tiền": _figures(total) if known else DOTS,
        "tổng tiền bằng chữ": in_words(total) if known else f"{DOTS} đồng",
        "tạm tính": "(tạm tính)" if any(item.provisional for item in paid) else "",
    }


def _sum(items: Iterable[Resolution]) -> str:
    amounts = [item.money.amount if item.money else None for item in items]
    known = [amount for amount in amounts if amount is not None]
    return _figures(sum(known)) if known or not amounts else SHORT_DOTS


def _figures(amount: Fraction | int) -> str:
    return vietnamese(Fraction(amount), 2)


def _rows(name: str, records: list[dict[str, str]]) -> tuple[Record, ...]:
    """Numbered rows; a list without any says so in its place."""
    blank = dict.fromkeys(LISTS[name], "")
    if not records:
        return ({**blank, **{key: NONE for key in blank if key in NAMED}},)
    numbered = ({**record, "stt": str(number)} for number, record in enumerate(records, start=1))
    return tuple({**blank, **{key: clean_lines(text) for key, text in record.items()}} for record in numbered)


def _sentences(texts: Iterable[str]) -> tuple[Record, ...]:
    return tuple({"nội dung": clean(text)} for text in texts)


def _by_award(items: Iterable[Resolution]) -> tuple[Record, ...]:
    counts = Counter(item.award or DOTS for item in items)
    return tuple({"số": counted(count), "tên": award} for award, count in counts.items())


def _awarded(resolved: Resolved, item: Resolution) -> dict[str, str]:
    return {
        "tên": item.nominee.name,
        "tên và đơn vị": ", ".join(dict.fromkeys((_addressed(item), workplace(item)))),
        "hình thức": or_dots(item.award),
        "căn cứ": clause_of(resolved.plan, item.quota),
        "kết quả phiếu": item.share or SHORT_DOTS,
        "ghi chú": _note(item),
        **_money(item.money),
    }


def _note(item: Resolution) -> str:
    notes = [] if item.basis is Basis.AS_PROPOSED else [item.basis.value]
    if item.money and item.money.provisional:
        notes.append("mức thưởng tạm tính")
    if item.money is None:
        notes.append("chưa có mức thưởng")
    text = "; ".join(notes)
    return text[:1].upper() + text[1:]


def _money(paid: Money | None) -> dict[str, str]:
    if paid is None:
        return dict.fromkeys(("hệ số", "lương cơ sở", "thành tiền", "mức thưởng"), SHORT_DOTS)
    return {
        "hệ số": vietnamese(Fraction(paid.coefficient), 4),
        "lương cơ sở": _figures(paid.base),
        "thành tiền": _figures(Fraction(paid.exact)),
        "mức thưởng": _figures(paid.amount),
    }


def _collective(resolved: Resolved, item: Resolution) -> dict[str, str]:
    unit = item.nominee.unit
    block = next((block.name for block in resolved.plan.blocks if block.code == unit.block), "")
    return {**_awarded(resolved, item), "khối": block, "giá trị xếp": "; ".join(item.order) or SHORT_DOTS}


def _individual(resolved: Resolved, item: Resolution) -> dict[str, str]:
    person = item.nominee.person
    assert person is not None  # ``awarded("individual")`` gives people only
    return {
        **_awarded(resolved, item),
        "danh xưng": person.title or SHORT_DOTS,
        "ngày sinh": date_text(person.birth) if person.birth else SHORT_DOTS,
        "chức vụ": person.position or SHORT_DOTS,
        "đơn vị": workplace(item),
    }


def workplace(item: Resolution) -> str:
    """Section and unit of a person; nothing twice."""
    person = item.nominee.person
    parts = (person.section if person else "", item.nominee.unit.name)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _judged(resolved: Resolved, subject: str) -> tuple[Record, ...]:
    items = [item for item in resolved.resolutions if item.nominee.subject == subject and _taken_up(item)]
    name = "cá nhân được xét" if subject == "individual" else "tập thể được xét"
    return _rows(name, [_vote(item) for item in items])


def _taken_up(item: Resolution) -> bool:
    """A reserve on whom the council wrote nothing was not before it."""
    ballot = item.ballot
    written = (ballot.agree, ballot.disagree, ballot.decision or None, ballot.opinion or None)
    return item.awarded or item.proposed is not Outcome.RESERVE or any(part is not None for part in written)


def _vote(item: Resolution) -> dict[str, str]:
    ballot = item.ballot

    def votes(count: int | None) -> str:
        return SHORT_DOTS if count is None else str(count)

    return {
        "tên": who(item),
        "kết quả xét": item.proposed.value,
        "đồng ý": votes(ballot.agree),
        "không đồng ý": votes(ballot.disagree),
        "tổng số": votes(ballot.members),
        "tỷ lệ": item.share or SHORT_DOTS,
        "quyết định": AWARDED if item.awarded else NOT_AWARDED,
        "ý kiến": ballot.opinion,
    }


def who(item: Resolution) -> str:
    """A collective's name; a person's with title, position and workplace."""
    person = item.nominee.person
    position = person.position if person else ""
    return ", ".join(dict.fromkeys(part for part in (_addressed(item), position, workplace(item)) if part))


def _addressed(item: Resolution) -> str:
    person = item.nominee.person
    return f"{person.title} {person.name}".strip() if person else item.nominee.name


def _departures(resolved: Resolved) -> list[str]:
    made = []
    for item in resolved.resolutions:
        if item.basis is not Basis.AS_PROPOSED:
            decision = AWARDED if item.awarded else NOT_AWARDED
            reason = item.ballot.opinion.strip() or DOTS
            made.append(f"{who(item)}: {decision.lower()}, {item.basis.value}; lý do: {reason}")
    return made


def _money_remarks(awarded: Iterable[Resolution]) -> list[str]:
    items = list(awarded)
    remarks = []
    days = sorted({item.money.on for item in items if item.money and item.money.provisional})
    if days:
        told = ", ".join(date_text(day) for day in days)
        remarks.append(
            f"Số tiền là tạm tính theo hệ số và lương cơ sở ngày {told}, vì chưa có ngày quyết định khen thưởng; "
            "tính lại khi có ngày quyết định."
        )
    unknown = sum(item.money is None for item in items)
    if unknown:
        remarks.append(
            f"Tổng số chưa gồm {counted(unknown)} trường hợp chưa có mức thưởng: kế hoạch không ghi hệ số hoặc lương "
            "cơ sở áp dụng tại ngày quyết định."
        )
    return remarks
