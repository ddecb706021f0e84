"""Turns counting returns into nominees, and into early outcomes for whoever never reaches the gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.form import NO, PEOPLE, YES
from thidua_xlsx.model.office import CHOSEN
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Unit
from thidua_xlsx.model.results import Decision, Nominee, Outcome, Person, Reason
from thidua_xlsx.model.submission import AnswerRow
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.intake.merge import Counted
from thidua_xlsx.stages.intake.row_rules import nominates_itself
from thidua_xlsx.stages.judging.known import Known

# Rule codes of the program itself, beside the plan's gates and quotas.
RULE_FORM, RULE_RETURN, RULE_WISH, RULE_LATE, RULE_TWICE = (
    "phieu",
    "nop-phieu",
    "de-nghi",
    "thoi-han",
    "hai-don-vi",
)


# The errors themselves are told once, of the unit.
UNIT_INVALID = "Phiếu của đơn vị chưa hợp lệ; xem lý do ở dòng «(tập thể)» của đơn vị."


def person_of(row: AnswerRow) -> Person:
    """The person of one row, as typed; an unreadable birth date or order is None (its finding says so)."""

    def text(header: str) -> str:
        said = row.under(header)
        return str(said.value) if said and said.value is not None else ""

    birth, place = row.under("Ngày sinh"), row.place
    return Person(
        int(row.code) if row.code else None,
        text("Họ và tên"),
        birth.value if birth and isinstance(birth.value, date) else None,
        text("Ông/Bà"),
        text("Chức vụ"),
        text("Bộ phận"),
        row.row,
        Place(place.file, place.sheet, f"A{row.row}"),
    )


def people_of(counted: Counted, unit: Unit) -> tuple[Nominee, ...]:
    return tuple(Nominee(unit, person_of(row)) for row in counted.submission.sheet(PEOPLE))


def faults(counted: Counted, person: Person | None) -> tuple[Reason, ...]:
    """The errors that make this form invalid; for a person those of the row, and once that the form is invalid."""
    errors = [item for item in counted.submission.findings if item.severity is Severity.ERROR]
    row = person.row if person else None
    told = tuple(
        Reason(RULE_FORM, "", item.message, item.value or "để trống", "", (item.place,))
        for item in errors
        if item.person_row == row
    )
    if person is None or counted.submission.valid:
        return told
    return (*told, Reason(RULE_FORM, "", UNIT_INVALID, "", "", (Place(counted.submission.file),)))


def early(known: Known, nominee: Nominee) -> Decision | None:
    """The outcome of a nominee that no gate is asked about: not returned, invalid, not nominated, too late."""
    clause = known.round.clause
    counted = known.counted.get(nominee.unit.code)
    if counted is None:
        return Decision(
            nominee,
            Outcome.NOT_RETURNED,
            (Reason(RULE_RETURN, clause, "Đơn vị chưa gửi phiếu, hoặc tệp gửi về chưa được nhận."),),
        )
    wrong = faults(counted, nominee.person)
    if wrong:
        return Decision(
            nominee,
            Outcome.INVALID,
            tuple(Reason(item.gate, clause, item.message, item.observed, item.required, item.places) for item in wrong),
        )
    if nominee.person is None and not nominates_itself(counted.submission):
        return Decision(
            nominee,
            Outcome.NOT_NOMINATED,
            (
                Reason(
                    RULE_WISH,
                    clause,
                    "Đơn vị không đề nghị xét khen thưởng tập thể.",
                    NO,
                    YES,
                    (Place(counted.submission.file),),
                ),
            ),
        )
    if counted.rejected_late:
        received = counted.received.received
        return Decision(
            nominee,
            Outcome.INELIGIBLE,
            (
                Reason(
                    RULE_LATE,
                    clause,
                    "Phiếu nộp sau thời hạn của kế hoạch.",
                    f"nhận ngày {date_text(received)}" if received else "",
                    f"thời hạn {date_text(known.round.deadline)}" if known.round.deadline else "",
                    (Place(counted.submission.file),),
                ),
            ),
        )
    return None


def twice_nominated(known: Known, people: tuple[Nominee, ...]) -> tuple[dict[Nominee, Decision], tuple[Finding, ...]]:
    """The same person put forward by two units: unproven for both until the office chooses (DESIGN §5)."""
    same: dict[tuple[str, date], list[Nominee]] = defaultdict(list)
    for nominee in people:
        person = nominee.person
        if person and person.name and person.birth:
            same[fold(person.name), person.birth].append(nominee)
    decisions: dict[Nominee, Decision] = {}
    findings: list[Finding] = []
    for group in same.values():
        if len({nominee.unit.code for nominee in group}) > 1:
            for decision in _choose(known, group):
                decisions[decision.nominee] = decision
                if decision.outcome is Outcome.UNPROVEN and decision.nominee.person:
                    others = ", ".join(other.unit.code for other in group if other.unit != decision.nominee.unit)
                    findings.append(
                        finding(
                            Code.NOMINATED_BY_TWO_UNITS,
                            decision.nominee.person.place,
                            unit=decision.nominee.unit.code,
                            value=decision.nominee.name,
                            other=others,
                        )
                    )
    return decisions, tuple(findings)


def _choose(known: Known, group: list[Nominee]) -> Iterator[Decision]:
    """Whoever the office chose goes on (no decision here); the others are not nominated, or all are unproven."""

    def said(nominee: Nominee) -> object:
        order = str(nominee.person.order) if nominee.person and nominee.person.order is not None else ""
        given = known.office.answer(nominee.unit.code, order, CHOSEN, nominee.name)
        return given.value if given else None

    chosen = [nominee for nominee in group if said(nominee) == YES]
    for nominee in group:
        others = "; ".join(other.unit.name for other in group if other is not nominee)
        places = tuple(other.person.place for other in group if other.person)
        if len(chosen) == 1 and nominee is chosen[0]:
            continue
        if len(chosen) == 1:
            yield Decision(
                nominee,
                Outcome.NOT_NOMINATED,
                (
                    Reason(
                        RULE_TWICE,
                        known.round.clause,
                        "Cơ quan thường trực chọn xét người này ở đơn vị khác.",
                        chosen[0].unit.name,
                        "",
                        places,
                    ),
                ),
            )
        else:
            yield Decision(
                nominee,
                Outcome.UNPROVEN,
                (
                    Reason(
                        RULE_TWICE,
                        known.round.clause,
                        "Người này được hai đơn vị cùng đề nghị, cơ quan thường trực chưa chọn đơn vị.",
                        f"cũng được đề nghị bởi {others}",
                        "một đơn vị đề nghị",
                        places,
                    ),
                ),
            )
