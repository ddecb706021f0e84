"""Turns awards and dates that nobody has recorded into the lines of the register and of the receptions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, AwardGiven
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Gate
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies, Need
from thidua_xlsx.model.results import Nominee
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.stages.judging.facts import fact
from thidua_xlsx.stages.judging.known import Known


def awards(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """Lines of the register: dated, added, or (at most so many) taken out."""
    seen = fact(known, nominee, need.name, need.gate)
    if seen.value is None and seen.places:
        day = date((need.gate.to_year if need.gate else None) or known.plan.head.year, 12, 31)
        return tuple(
            Amendment(Lies.REGISTER, ("Ngày",), day, "ngày quyết định", place, "để trống", example=True)
            for place in seen.places
        )
    have = int(seen.value) if isinstance(seen.value, Fraction) else 0
    if need.operator == "at_most":
        return tuple(
            Amendment(Lies.REGISTER, ("Năm",), None, "bỏ dòng khen thưởng", place)
            for place in seen.places[: max(0, have - int(need.number))]
        )
    line = award_line(known, nominee, need.gate)
    label = f"dòng khen thưởng «{line.award}» năm {line.year} của {nominee.name}"
    count = int(-(-need.number // 1)) + need.above - have
    return tuple(Amendment(Lies.REGISTER, ("",), line, label, now="chưa có") for _ in range(count))


def award_line(known: Known, nominee: Nominee, gate: Gate | None) -> AwardGiven:
    """A line of the register that counts: the form asked, in the last year that counts."""
    person, head = nominee.person, known.plan.head
    year = (gate.to_year if gate else None) or head.year
    form = (gate.award if gate else None) or next((item.award for item in known.plan.quotas), "")
    subject = INDIVIDUAL if person else COLLECTIVE
    name, birth = (person.name, person.birth) if person else ("", None)
    return AwardGiven(
        year, head.id, known.round.code, subject, nominee.unit.code, name, birth, form, "…", date(year, 12, 31)
    )


def received(known: Known, nominee: Nominee, _need: Need) -> Amendments | None:
    """A date of receipt in time, which the office notes."""
    counted, day = known.counted.get(nominee.unit.code), last_day(known.round)
    if counted is None or day is None:
        return None
    known_day = counted.received.received
    return (
        Amendment(
            Lies.RECEPTION,
            (counted.received.file.name, "Ngày nhận"),
            day,
            "ngày nhận phiếu",
            NOWHERE,
            date_text(known_day) if known_day else "chưa ghi",
            example=known_day is None,
        ),
    )
