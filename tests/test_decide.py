"""Outcomes: exactly one for every unit and every person, with the reason why it is not a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_table import lines_of
from returned_forms import HEAD, Answers, counted, known, standing

from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import DOSSIER, INDICES, INFORMATION, NO, NOMINATES_ITSELF, PEOPLE, YES
from thidua_xlsx.model.office import CHOSEN
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import (
    Award,
    BaseSalary,
    Block,
    DossierItem,
    Gate,
    Index,
    Level,
    Plan,
    Question,
    Quota,
    Round,
    Unit,
)
from thidua_xlsx.model.results import Decision, Outcome, Passing, QuotaResult
from thidua_xlsx.model.submission import Value
from thidua_xlsx.stages.intake.merge import Counted
from thidua_xlsx.stages.judging.decide import decide
from thidua_xlsx.stages.judging.facts import Known
from thidua_xlsx.stages.judging.rank import rank

AWARD = "Giấy khen"
ROUND = Round(code="hang-nam", name="Hằng năm", kind="annual", from_year=2025, to_year=2025, clause="III.1")
BLOCKS = (Block(code="phong", name="Phòng"), Block(code="xa", name="Xã"))
GOOD = Question(code="tot", label="Làm tốt", subject="collective", type="yes_no")
GOOD_PERSON = replace(GOOD, label="Người làm tốt", subject="individual")
GATES = (
    Gate(code="tot", subject="collective", fact="tot", operator="yes", clause="III.2-1", reason="Làm tốt"),
    Gate(code="tot", subject="individual", fact="tot", operator="yes", clause="III.2-2", reason="Người làm tốt"),
)
UNIT_ROW = Quota(code="tap-the", subject="collective", award=AWARD, seats=2, binding="at_most", clause="III.1.a")
PERSON_ROW = replace(UNIT_ROW, code="ca-nhan", subject="individual", clause="III.1.b")
PLAN = Plan(replace(HEAD, class_scale="cchc"), (ROUND,), BLOCKS, questions=(GOOD, GOOD_PERSON), gates=GATES)


def plan_of(*quotas: Quota, **tables: object) -> Plan:
    return replace(PLAN, quotas=quotas, **tables)


@dataclass(frozen=True, slots=True)
class Said:
    """What ``decide`` said: decisions by "A" or "A/1", rows by their code, the codes of findings."""

    decisions: dict[str, Decision]
    rows: dict[str, QuotaResult]
    findings: tuple[Code, ...]

    def __getitem__(self, nominee: str) -> Decision:
        return self.decisions[nominee]

    def reasons(self, nominee: str) -> list[str]:
        return [reason.message for reason in self[nominee].reasons]


def label(decision: Decision) -> str:
    person = decision.nominee.person
    return decision.nominee.unit.code + (f"/{person.order}" if person else "")


def said_of(about: Known) -> Said:
    decisions, rows, findings = decide(about)
    return Said({label(item): item for item in decisions}, {item.quota.code: item for item in rows},
                tuple(item.code for item in findings))  # fmt: skip


def answers_of(unit: dict[str, str], people: Sequence[dict[str, str]]) -> Answers:
    """The unit's line and its people's lines as answers; a column that a table leaves out says yes."""
    answers: dict[tuple[str, str, str], Value] = {
        (INFORMATION, NOMINATES_ITSELF, "Trả lời"): unit.get("asks", YES) or None,
        (INFORMATION, "tot", "Trả lời"): unit.get("tot", YES) or None,
    }
    for person in people:
        order = person["who"].split("/")[1]
        row: dict[str, Value] = {
            "Ông/Bà": "Bà",
            "Họ và tên": person.get("name", person["who"]) or None,
            "Ngày sinh": date.fromisoformat(person.get("born", "1985-05-01")),
            "Chức vụ": "Chuyên viên",
            GOOD_PERSON.label: person.get("tot", YES) or None,
        }
        answers |= {(PEOPLE, order, header): value for header, value in row.items()}
    return answers


def world(table: str, plan: Plan, *, checked: bool = False, received: date | None = None, **more: object) -> Known:
    """Units (A) and their people (A/1) line by line; a unit whose index is blank is unscored, «–» did not return.

    Columns besides ``who``: index, block, last (rank in the block last year), asks (nominates itself), tot, name,
    born.
    """
    lines = lines_of(table)
    units = {line["who"]: line for line in lines if "/" not in line["who"]}
    of_plan = {code: Unit(code=code, name=f"Đơn vị {code}", block=line.get("block") or "phong",
                          last_rank=int(line["last"]) if line.get("last") else None)
               for code, line in units.items()}  # fmt: skip
    plan = replace(plan, units=tuple(of_plan.values()))
    round_ = plan.rounds[0]
    returns: list[Counted] = []
    for code, line in units.items():
        people = [item for item in lines if item["who"].startswith(f"{code}/")]
        if line.get("index") != "–":
            answers = answers_of(line, people)
            returns.append(counted(plan, round_, of_plan[code], answers, checked=checked, received=received))
    indices = {code: line.get("index", "90") for code, line in units.items() if line.get("index") != "–"}
    scored = [standing(of_plan[code], Fraction(index) if index else None) for code, index in indices.items()]
    return known(plan, round_, returns, rank(plan, scored), **more)


def decided(table: str, plan: Plan, **more: object) -> Said:
    """Decide, and hold every nominee against the table's column «outcome»."""
    said = said_of(world(table, plan, **more))
    outcomes = {who: decision.outcome.name for who, decision in said.decisions.items()}
    assert outcomes == {line["who"]: line["outcome"] for line in lines_of(table)}
    return said


# -- the eight outcomes ------------------------------------------------------------------------------------------------


def test_every_outcome_has_a_reason_but_the_proposal() -> None:
    needed = plan_of(
        UNIT_ROW,
        questions=(replace(GOOD, required=True), replace(GOOD, code="them", label="Thêm"), GOOD_PERSON),
        gates=(*GATES, replace(GATES[0], code="them", fact="them", when="tot")),
    )
    table = """
        | who | index | asks  | tot   | outcome       |
        |-----|-------|-------|-------|---------------|
        | A   | 95    | Có    | Có    | UNPROVEN      |
        | B   | 94    | Có    | Không | INELIGIBLE    |
        | C   | 93    | Có    |       | INVALID       |
        | D   | 92    | Không | Có    | NOT_NOMINATED |
        | E   | –     |       |       | NOT_RETURNED  |
    """
    said = decided(table, needed, checked=True)
    assert all(decision.reasons for decision in said.decisions.values())
    seated = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | TIED     |
        | C   | 90    | TIED     |
        | D   | 80    | RESERVE  |
    """,
        plan_of(UNIT_ROW),
    )
    assert {who: bool(seated[who].reasons) for who in "ABCD"} == {"A": False, "B": True, "C": True, "D": True}
    shown = {decision.outcome for one in (said, seated) for decision in one.decisions.values()}
    assert shown == set(Outcome)


def test_a_faulty_form_is_invalid_and_so_are_its_people() -> None:
    said = decided(
        """
        | who | index | tot | outcome  |
        |-----|-------|-----|----------|
        | A   | 95    |     | INVALID  |
        | A/1 |       | Có  | INVALID  |
        | B   | 90    | Có  | PROPOSED |
        | B/1 |       | Có  | PROPOSED |
    """,
        plan_of(UNIT_ROW, PERSON_ROW, questions=(replace(GOOD, required=True), GOOD_PERSON)),
        checked=True,
    )
    (reason,) = said["A"].reasons
    assert (reason.gate, reason.clause, reason.observed) == ("phieu", "III.1", "để trống")
    assert reason.places == (Place("nop/A.xlsx", INFORMATION, "C7"),)
    assert "Làm tốt" in reason.message
    (follows,) = said["A/1"].reasons
    assert (follows.gate, follows.places) == ("phieu", (Place("nop/A.xlsx"),))
    assert "xem lý do ở dòng «(tập thể)»" in follows.message


def test_a_fault_in_one_persons_row_concerns_nobody_else() -> None:
    said = decided(
        """
        | who | index | name   | tot   | outcome    |
        |-----|-------|--------|-------|------------|
        | A   | 95    |        | Có    | PROPOSED   |
        | A/1 |       | Lê An  |       | INVALID    |
        | A/2 |       | Lý Ba  | Có    | PROPOSED   |
        | A/3 |       |        | Không | INVALID    |
    """,
        plan_of(UNIT_ROW, PERSON_ROW, questions=(GOOD, replace(GOOD_PERSON, required=True))),
        checked=True,
    )
    assert [place.cell for reason in said["A/1"].reasons for place in reason.places] == ["G6"]
    assert [place.cell for reason in said["A/3"].reasons for place in reason.places] == ["C8"]


def test_who_does_not_nominate_itself_may_still_nominate_people() -> None:
    said = decided(
        """
        | who | index | asks  | outcome       |
        |-----|-------|-------|---------------|
        | A   | 95    | Không | NOT_NOMINATED |
        | A/1 |       |       | PROPOSED      |
        | B   | 90    |       | NOT_NOMINATED |
        | C   | 80    | Có    | PROPOSED      |
    """,
        plan_of(UNIT_ROW, PERSON_ROW),
    )
    (reason,) = said["A"].reasons
    assert (reason.gate, reason.observed, reason.required) == ("de-nghi", NO, YES)
    assert reason.places == (Place("nop/A.xlsx"),)


LATE = """
    | who | index | outcome |
    |-----|-------|---------|
    | A   | 95    | {0}     |
    | A/1 |       | {0}     |
"""


@pytest.mark.parametrize(
    ("late", "received", "outcome"),
    [
        ("reject", date(2026, 1, 30), "INELIGIBLE"),
        ("reject", date(2026, 1, 29), "PROPOSED"),
        ("reject", None, "PROPOSED"),
        ("flag", date(2026, 1, 30), "PROPOSED"),
        ("ignore", date(2026, 1, 30), "PROPOSED"),
    ],
)
def test_who_comes_late_is_left_out_only_where_the_plan_says_so(late: str, received: date | None, outcome: str) -> None:
    round_ = replace(ROUND, deadline=date(2026, 1, 30), late=late)
    said = decided(LATE.format(outcome), plan_of(UNIT_ROW, PERSON_ROW, rounds=(round_,)), received=received)
    if outcome == "INELIGIBLE":
        (reason,) = said["A"].reasons
        assert (reason.gate, reason.clause, reason.observed, reason.required) == (
            "thoi-han",
            "III.1",
            "nhận ngày 30/01/2026",
            "thời hạn 30/01/2026",
        )
        assert said["A/1"].reasons == (reason,)
    marked = "phiếu nộp sau thời hạn" in said["A"].remarks
    assert marked is (late == "flag")


def test_who_has_not_returned_is_told_so_and_its_people_are_not_known() -> None:
    said = decided(
        """
        | who | index | outcome      |
        |-----|-------|--------------|
        | A   | –     | NOT_RETURNED |
    """,
        plan_of(UNIT_ROW),
    )
    assert said["A"].reasons[0].gate == "nop-phieu"
    assert said["A"].gates == ()


def test_an_ineligible_unit_hears_its_failures_first_and_what_is_unknown_too() -> None:
    more = replace(GOOD, code="them", label="Thêm")
    plan = plan_of(
        UNIT_ROW, questions=(more, GOOD, GOOD_PERSON), gates=(replace(GATES[0], code="them", fact="them"), *GATES)
    )
    said = decided(
        """
        | who | index | tot   | outcome    |
        |-----|-------|-------|------------|
        | A   | 95    | Không | INELIGIBLE |
        | B   | 90    | Có    | UNPROVEN   |
    """,
        plan,
    )
    assert [reason.gate for reason in said["A"].reasons] == ["tot", "them"]
    assert [reason.gate for reason in said["B"].reasons] == ["them"]
    assert [result.passing for result in said["A"].gates] == [Passing.UNKNOWN, Passing.FAIL]


# -- two units, one person ---------------------------------------------------------------------------------------------

TWICE = """
    | who | index | name     | born       | outcome       |
    |-----|-------|----------|------------|---------------|
    | A   | 95    |          |            | PROPOSED      |
    | A/1 |       | Lê An    | 1985-05-01 | {a}           |
    | A/2 |       | Lê An    | 1990-01-01 | PROPOSED      |
    | B   | 90    |          |            | PROPOSED      |
    | B/1 |       | LÊ  an   | 1985-05-01 | {b}           |
"""
PEOPLE_TOO = plan_of(UNIT_ROW, replace(PERSON_ROW, seats=5))


def test_a_person_of_two_units_is_unproven_at_both_until_the_office_chooses() -> None:
    said = decided(TWICE.format(a="UNPROVEN", b="UNPROVEN"), PEOPLE_TOO)
    assert said.findings == (Code.NOMINATED_BY_TWO_UNITS,) * 2
    (reason,) = said["A/1"].reasons
    assert (reason.gate, reason.observed) == ("hai-don-vi", "cũng được đề nghị bởi Đơn vị B")
    assert reason.places == (Place("nop/A.xlsx", PEOPLE, "A6"), Place("nop/B.xlsx", PEOPLE, "A6"))


def test_the_unit_that_the_office_chose_goes_on_and_the_other_is_told_where() -> None:
    said = decided(TWICE.format(a="NOT_NOMINATED", b="PROPOSED"), PEOPLE_TOO, office={("B", "1", CHOSEN): YES})
    assert said.findings == ()
    assert said["A/1"].reasons[0].observed == "Đơn vị B"


@pytest.mark.parametrize("office", [
    {("A", "1", CHOSEN): YES, ("B", "1", CHOSEN): YES}, {("A", "1", CHOSEN): NO}, {("A", "2", CHOSEN): YES},
], ids=["both", "neither", "somebody else"])  # fmt: skip
def test_a_choice_that_does_not_choose_one_is_none(office: dict[tuple[str, str, str], str]) -> None:
    decided(TWICE.format(a="UNPROVEN", b="UNPROVEN"), PEOPLE_TOO, office=office)


def test_a_row_that_is_invalid_anyway_nominates_nobody_twice() -> None:
    plan = replace(PEOPLE_TOO, questions=(GOOD, replace(GOOD_PERSON, required=True)))
    said = decided(
        """
        | who | index | name   | tot | outcome  |
        |-----|-------|--------|-----|----------|
        | A   | 95    |        | Có  | PROPOSED |
        | A/1 |       | Lê An  |     | INVALID  |
        | B   | 90    |        | Có  | PROPOSED |
        | B/1 |       | Lê An  | Có  | PROPOSED |
    """,
        plan,
        checked=True,
    )
    assert said.findings == ()


# -- rows, their blocks, limits and orders -----------------------------------------------------------------------------


def test_a_block_without_seats_is_ineligible_by_the_rounds_clause() -> None:
    said = decided(
        """
        | who | index | block | outcome    |
        |-----|-------|-------|------------|
        | A   | 95    | xa    | INELIGIBLE |
        | A/1 |       |       | PROPOSED   |
        | B   | 90    | phong | PROPOSED   |
    """,
        plan_of(replace(UNIT_ROW, blocks=("phong",)), PERSON_ROW),
    )
    (reason,) = said["A"].reasons
    assert (reason.gate, reason.clause) == ("so-luong", "III.1")
    assert "không dành suất" in reason.message


def test_a_row_of_another_round_gives_nobody_a_seat() -> None:
    decided(
        """
        | who | index | outcome    |
        |-----|-------|------------|
        | A   | 95    | INELIGIBLE |
    """,
        plan_of(replace(UNIT_ROW, rounds=("tong-ket",))),
    )


TOP_TWO = replace(UNIT_ROW, within_fact="rank_in_block", within_operator="at_most", within_value="2")


def test_outside_a_rows_limit_is_ineligible_by_the_rows_clause_and_unknown_is_unproven() -> None:
    said = decided(
        """
        | who | index | outcome    |
        |-----|-------|------------|
        | A   | 95    | PROPOSED   |
        | B   | 90    | PROPOSED   |
        | C   | 80    | INELIGIBLE |
        | D   |       | UNPROVEN   |
    """,
        plan_of(replace(TOP_TWO, seats=3)),
    )
    (reason,) = said["C"].reasons
    assert (reason.gate, reason.clause, reason.observed, reason.required) == (
        "tap-the",
        "III.1.a",
        "hạng 3 trong khối",
        "không quá hạng 2",
    )
    assert said["D"].reasons[0].clause == "III.1.a"
    assert said.rows["tap-the"].empty == 1


def test_a_limit_that_is_not_known_is_unproven_whatever_the_order() -> None:
    gained = replace(UNIT_ROW, within_fact="rank_gain", within_operator="at_least", within_value="1")
    said = decided("""
        | who | index | last | outcome    |
        |-----|-------|------|------------|
        | A   | 95    |      | UNPROVEN   |
        | B   | 90    | 5    | PROPOSED   |
        | C   | 80    | 3    | INELIGIBLE |
    """, plan_of(gained))  # fmt: skip
    (reason,) = said["A"].reasons
    assert (reason.observed, reason.required) == ("chưa có hạng năm trước", "từ 1 bậc trở lên")


def test_a_persons_row_may_be_limited_by_the_rank_of_the_unit() -> None:
    limit = replace(PERSON_ROW, within_fact="unit.rank_in_block", within_operator="at_most", within_value="1")
    decided(
        """
        | who | index | outcome    |
        |-----|-------|------------|
        | A   | 95    | PROPOSED   |
        | A/1 |       | PROPOSED   |
        | B   | 90    | PROPOSED   |
        | B/1 |       | INELIGIBLE |
    """,
        plan_of(UNIT_ROW, limit),
    )


def test_outside_one_row_but_within_another_is_a_reserve_of_the_other() -> None:
    first = replace(UNIT_ROW, code="nhat", seats=1, within_fact="rank", within_operator="at_most", within_value="1")
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | PROPOSED |
        | C   | 80    | RESERVE  |
    """,
        plan_of(first, replace(UNIT_ROW, code="nhi", seats=1)),
    )
    assert [said[who].quota.code for who in "ABC"] == ["nhat", "nhi", "nhi"]


def test_an_unknown_order_is_unproven_not_last() -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   |       | UNPROVEN |
        | B/1 |       | UNPROVEN |
        | C   | 10    | PROPOSED |
    """,
        plan_of(UNIT_ROW, PERSON_ROW),
    )
    (reason,) = said["B"].reasons
    assert (reason.gate, reason.clause, reason.observed) == ("tap-the", "III.1.a", "chưa đủ điểm để xếp hạng")
    assert "xếp thứ tự" in reason.message


def test_whoever_is_seated_already_needs_no_order_in_a_later_row() -> None:
    leap = replace(UNIT_ROW, code="vuot-bac", order_by=("rank_gain",))
    best = replace(UNIT_ROW, code="hang", seats=1, order_by=("rank_in_block",))
    decided(
        """
        | who | index | last | outcome  |
        |-----|-------|------|----------|
        | A   | 95    |      | PROPOSED |
        | B   | 90    |      | UNPROVEN |
        | C   | 80    | 9    | PROPOSED |
    """,
        plan_of(best, leap),
    )


# -- reserves and ties -------------------------------------------------------------------------------------------------

SCALE = tuple(Level(scale="cchc", code=code, label=code, order=order, from_=Decimal(from_)) for code, order, from_ in [
    ("tot", 3, 80), ("kha", 2, 70), ("yeu", 1, 0)])  # fmt: skip
HOW_MANY = replace(GOOD, code="so-sang-kien", label="Số sáng kiến", type="integer")
DISTANCES = lines_of("""
    | order_by            | B, reserve                                                                            |
    |---------------------|---------------------------------------------------------------------------------------|
    |                     | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 17,25 điểm phần trăm                |
    | index               | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 17,25 điểm phần trăm                |
    | points              | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 17,25 điểm                          |
    | rank                | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 1 bậc                               |
    | rank_in_block       | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 1 bậc                               |
    | rank_gain           | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 3 bậc                               |
    | class               | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 1 mức                               |
    | has_index; rank     | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 1 bậc                               |
    | dan-dau             | đứng sau 1 người hoặc tập thể; kém suất cuối cùng ở «dan-dau»                         |
    | so-sang-kien        | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 2 ở «Số sáng kiến»                  |
    | muc                 | đứng sau 1 người hoặc tập thể; kém suất cuối cùng 2 mức ở «Mức»                       |
""")


@pytest.mark.parametrize("case", DISTANCES, ids=lambda case: case["order_by"])
def test_a_reserve_is_told_how_far_it_stands_from_the_cut(case: dict[str, str]) -> None:
    level = replace(GOOD, code="muc", label="Mức", type="level", scale="cchc")
    row = replace(UNIT_ROW, seats=1, order_by=tuple(filter(None, case["order_by"].split("; "))))
    units = (Unit(code="A", name="A", block="phong", last_rank=3, traits=("dan-dau",)),
             Unit(code="B", name="B", block="phong", last_rank=1))  # fmt: skip
    plan = plan_of(row, units=units, levels=SCALE, questions=(GOOD, GOOD_PERSON, HOW_MANY, level))
    answers = {(INFORMATION, NOMINATES_ITSELF, "Trả lời"): YES, (INFORMATION, "tot", "Trả lời"): YES}
    own = {"A": (Decimal(5), "tot"), "B": (Decimal(3), "yeu")}
    returns = [counted(plan, ROUND, unit, {**answers, (INFORMATION, "so-sang-kien", "Trả lời"): own[unit.code][0],
                                           (INFORMATION, "muc", "Trả lời"): own[unit.code][1]})
               for unit in units]  # fmt: skip
    standings = rank(plan, [standing(units[0], Fraction("95.5")), standing(units[1], Fraction("78.25"))])
    said = said_of(known(plan, ROUND, returns, standings))
    assert [said[who].outcome for who in "AB"] == [Outcome.PROPOSED, Outcome.RESERVE]
    assert said["B"].distance == case["B, reserve"]
    (reason,) = said["B"].reasons
    assert (reason.clause, reason.message, reason.required) == (
        "III.1.a",
        f"Đủ tiêu chuẩn nhưng đã hết số suất: {case['B, reserve']}.",
        "1 suất",
    )


def test_a_distance_too_small_to_print_is_not_nought() -> None:
    said = decided(
        """
        | who | index       | outcome  |
        |-----|-------------|----------|
        | A   | 86.00000001 | PROPOSED |
        | B   | 86          | RESERVE  |
    """,
        plan_of(replace(UNIT_ROW, seats=1)),
    )
    assert said["B"].distance.endswith("kém suất cuối cùng chưa đến 0,0001 điểm phần trăm")
    told = "có đơn vị in cùng chỉ số nhưng khác nhau ở phần chưa làm tròn"
    assert [told in said[who].remarks for who in "AB"] == [True, True]


def test_a_plan_that_ranks_as_printed_ties_what_prints_alike() -> None:
    printed = plan_of(replace(UNIT_ROW, seats=1), PERSON_ROW, head=replace(HEAD, rank_on="printed"))
    decided(
        """
        | who | index  | outcome |
        |-----|--------|---------|
        | A   | 86.004 | TIED    |
        | B   | 86.001 | TIED    |
        | C   | 85.99  | RESERVE |
    """,
        printed,
    )


def test_behind_a_tie_stand_all_who_share_it() -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | TIED     |
        | C   | 90    | TIED     |
        | D   | 90    | TIED     |
        | E   | 80    | RESERVE  |
    """,
        plan_of(UNIT_ROW),
    )
    assert said["E"].distance == "đứng sau 4 người hoặc tập thể; kém suất cuối cùng 10 điểm phần trăm"


def test_a_tie_names_the_others_and_the_seats_they_share() -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | TIED     |
        | C   | 90    | TIED     |
        | D   | 90    | TIED     |
    """,
        plan_of(replace(UNIT_ROW, seats=3)),
    )
    assert said.reasons("C") == ["Đồng hạng với Đơn vị B, Đơn vị D; còn 2 suất, Hội đồng quyết định."]
    (reason,) = said["C"].reasons
    assert (reason.gate, reason.clause, reason.observed) == ("tap-the", "III.1.a", "90 %")
    assert reason.required == "2 suất cho 3 người hoặc tập thể đồng hạng"
    row = said.rows["tap-the"]
    assert (row.seated, row.tied, row.tied_seats, row.empty) == (1, 3, 2, 0)


def test_people_tie_only_when_priority_and_the_units_index_are_equal() -> None:
    decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 90    | PROPOSED |
        | A/1 |       | PROPOSED |
        | A/2 |       | TIED     |
        | B   | 90    | PROPOSED |
        | B/1 |       | PROPOSED |
        | B/2 |       | TIED     |
        | C   | 80    | PROPOSED |
        | C/1 |       | PROPOSED |
        | C/2 |       | RESERVE  |
    """,
        plan_of(replace(UNIT_ROW, seats=3), replace(PERSON_ROW, seats=4)),
    )


# -- rows of their own kind --------------------------------------------------------------------------------------------

BEST = replace(UNIT_ROW, code="cao-nhat", seats=1, blocks=("xa",), order_by=("rank_in_block",), clause="III.3.a")
LEAP = replace(BEST, code="vuot-bac", order_by=("rank_gain",), within_fact="rank_gain", within_operator="at_least",
               within_value="1")  # fmt: skip


def test_the_leap_seat_passes_on_when_the_best_unit_also_leaped_furthest() -> None:
    said = decided("""
        | who | index | block | last | outcome    |
        |-----|-------|-------|------|------------|
        | A   | 95    | xa    | 9    | PROPOSED   |
        | B   | 90    | xa    | 2    | INELIGIBLE |
        | C   | 85    | xa    | 7    | PROPOSED   |
        | D   | 80    | xa    | 6    | RESERVE    |
    """, plan_of(BEST, LEAP, gates=(*GATES, Gate(
        code="hang", subject="collective", fact="rank_gain", operator="at_least", value="1", clause="III.1.a",
        reason="Tăng hạng"))))  # fmt: skip
    assert {who: said[who].quota.code for who in "AC"} == {"A": "cao-nhat", "C": "vuot-bac"}
    assert said["C"].order == ("tăng 4 bậc",)


def test_who_did_not_leap_stays_a_reserve_of_the_first_row() -> None:
    said = decided(
        """
        | who | index | block | last | outcome  |
        |-----|-------|-------|------|----------|
        | A   | 95    | xa    | 1    | PROPOSED |
        | B   | 90    | xa    | 2    | RESERVE  |
        | C   | 85    | xa    | 3    | RESERVE  |
    """,
        plan_of(BEST, LEAP),
    )
    assert said.rows["vuot-bac"].empty == 1
    assert said["B"].reasons[0].gate == "cao-nhat"


def test_a_unit_takes_no_more_than_its_share_of_a_row() -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | A/1 |       | PROPOSED |
        | A/2 |       | RESERVE  |
        | B   | 90    | PROPOSED |
        | B/1 |       | PROPOSED |
    """,
        plan_of(UNIT_ROW, replace(PERSON_ROW, seats=3, per_unit=1)),
    )
    assert said.reasons("A/2") == ["Đủ tiêu chuẩn nhưng đơn vị đã đủ 1 người."]
    assert said["A/2"].distance == "đơn vị đã đủ 1 người"
    note = said.rows["ca-nhan"].note
    assert "chỉ có 3 cá nhân đủ tiêu chuẩn" in note
    assert "Trong đó 1 cá nhân vượt số tối đa 1 của mỗi đơn vị." in note


def test_an_open_row_proposes_all_who_pass_and_orders_nobody() -> None:
    open_row = replace(UNIT_ROW, seats=None, binding="open")
    said = decided(
        """
        | who | index | tot   | outcome    |
        |-----|-------|-------|------------|
        | A   | 95    | Có    | PROPOSED   |
        | B   |       | Có    | PROPOSED   |
        | C   | 95    | Có    | PROPOSED   |
        | D   | 99    | Không | INELIGIBLE |
    """,
        plan_of(open_row),
    )
    row = said.rows["tap-the"]
    assert (row.seated, row.tied, row.empty, row.default_order, row.note) == (3, 0, 0, False, "")
    assert (said["A"].order, said["A"].remarks) == ((), ())


@pytest.mark.parametrize(("order_by", "default"), [((), True), (("index",), False)])
def test_an_order_that_the_text_does_not_give_is_marked(order_by: tuple[str, ...], default: bool) -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | RESERVE  |
    """,
        plan_of(replace(UNIT_ROW, seats=1, order_by=order_by)),
    )
    assert said.rows["tap-the"].default_order is default
    assert [("thứ tự xét do cơ quan ấn định" in said[who].remarks) for who in "AB"] == [default] * 2


def test_empty_seats_are_explained_and_nobody_unfit_fills_them() -> None:
    said = decided(
        """
        | who | index | tot   | block | outcome    |
        |-----|-------|-------|-------|------------|
        | A   | 95    | Có    |       | PROPOSED   |
        | B   | 90    | Không |       | INELIGIBLE |
        | C   | 85    |       |       | UNPROVEN   |
        | D   | 80    |       | xa    | UNPROVEN   |
    """,
        plan_of(
            replace(UNIT_ROW, seats=4, binding="exactly", blocks=("phong",)),
            replace(UNIT_ROW, code="xa", blocks=("xa",)),
        ),
    )
    row = said.rows["tap-the"]
    assert (row.seated, row.empty) == (1, 3)
    assert row.note == (
        "Còn 3 suất trống: chỉ có 1 tập thể đủ tiêu chuẩn được xét ở dòng này; "
        "không lấy người không đủ tiêu chuẩn cho đủ số. "
        "Còn 1 trường hợp chưa đủ căn cứ có thể được xét khi bổ sung. Kế hoạch ghi 4 suất."
    )
    assert "Kế hoạch ghi" not in said.rows["xa"].note


def test_a_full_row_has_nothing_to_explain() -> None:
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 95    | PROPOSED |
        | B   | 90    | PROPOSED |
    """,
        plan_of(UNIT_ROW),
    )
    assert said.rows["tap-the"].note == ""


# -- what the council should know --------------------------------------------------------------------------------------

MONEY = {
    "awards": tuple(Award(award=AWARD, subject=subject, coefficient=Decimal(coefficient), from_=from_, decree=decree)
                    for subject, coefficient, from_, decree in [
        ("collective", "0.3", date(2024, 1, 1), "NĐ 98"), ("collective", "0.6", date(2025, 7, 1), "NĐ 152"),
        ("individual", "0.15", date(2024, 1, 1), "NĐ 98"), ("individual", "0.3", date(2025, 7, 1), "NĐ 152")]),
    "base_salaries": tuple(BaseSalary(amount=amount, from_=from_, decree="") for amount, from_ in [
        (2_340_000, date(2024, 7, 1)), (2_530_000, date(2026, 7, 1))]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "unit", "person"),
    [
        (date(2025, 6, 30), 710_000, 360_000),
        (date(2025, 7, 1), 1_410_000, 710_000),
        (date(2026, 7, 1), 1_520_000, 760_000),
    ],
)
@pytest.mark.parametrize("set_in_plan", [True, False], ids=["decision_date", "today"])
def test_money_is_what_the_day_of_decision_gives(day: date, unit: int, person: int, set_in_plan: bool) -> None:
    round_ = replace(ROUND, decision_date=day if set_in_plan else None)
    today = date(2026, 8, 1) if set_in_plan else day
    said = decided(
        """
        | who | index | outcome  |
        |-----|-------|----------|
        | A   | 90    | TIED     |
        | A/1 |       | PROPOSED |
        | B   | 90    | TIED     |
        | B/1 |       | PROPOSED |
        | C   | 80    | RESERVE  |
    """,
        plan_of(replace(UNIT_ROW, seats=1), PERSON_ROW, rounds=(round_,), **MONEY),
        today=today,
    )
    assert [said[who].money.amount for who in ("A", "B", "A/1")] == [unit, unit, person]
    assert {said[who].money.provisional for who in ("A", "A/1")} == {not set_in_plan}
    assert said["C"].money is None
    assert [said[who].award for who in ("A", "A/1", "C")] == [AWARD] * 3


def test_a_proposal_lists_the_answers_nobody_confirmed_and_the_provisional_grades() -> None:
    index = Index(
        code="CS1", name="Thể chế", max=Decimal(100), units=("A",), last_value=Decimal(50), who_answers="both"
    )
    questions = (
        replace(GOOD, who_answers="both"),
        replace(HOW_MANY, who_answers="both"),
        replace(GOOD, code="khong-hoi", label="Không hỏi thêm", who_answers="both"),
        replace(GOOD, code="muc", label="Mức", type="level", scale="cchc"),
    )
    gates = (
        GATES[0],
        replace(GATES[0], code="cs", fact="indices", operator="above_last_year_or_at_max"),
        replace(GATES[0], code="muc", fact="muc", operator="level_at_least", value="kha"),
        replace(GATES[0], code="khi", fact="tot", when="khong-hoi"),
    )
    row = replace(UNIT_ROW, order_by=("so-sang-kien",))
    unit = Unit(code="A", name="A", block="phong")
    plan = plan_of(row, units=(unit,), levels=SCALE, questions=questions, gates=gates, indices=(index,))
    told = {"tot": YES, "so-sang-kien": Decimal(2), "khong-hoi": NO, "muc": "kha", NOMINATES_ITSELF: YES}
    answers = {(INFORMATION, code, "Trả lời"): value for code, value in told.items()}
    given = counted(plan, ROUND, unit, {**answers, (INDICES, "CS1", "Năm nay"): Decimal(60)})
    before = said_of(known(plan, ROUND, [given], today=date(2025, 12, 1)))
    assert before["A"].outcome is Outcome.PROPOSED
    assert before["A"].remarks == (
        "tự khai, chưa xác nhận: Không hỏi thêm: Không; Làm tốt: Có; Số sáng kiến: 2; "
        "Thể chế: năm nay 60 %, năm trước 50 %",
        "tạm thời: Mức: kha",
    )
    confirmed = {("A", "", code): value for code, value in told.items() if code != NOMINATES_ITSELF}
    after = said_of(known(plan, ROUND, [given], office={**confirmed, ("A", "", "CS1"): Decimal(60)}))
    assert after["A"].remarks == ()


def test_a_missing_paper_works_through_its_gate() -> None:
    plan = plan_of(
        UNIT_ROW, dossiers=(DossierItem(code="tt", subject="both", stage="unit", name="Tờ trình", clause="IV.2"),),
        gates=(replace(GATES[0], code="ho-so", fact="dossier_complete", clause="IV.2", reason="Hồ sơ đủ"),),
        units=(Unit(code="A", name="A", block="phong"),),
    )  # fmt: skip
    itself = {(INFORMATION, NOMINATES_ITSELF, "Trả lời"): YES}
    outcomes = {}
    for there in (YES, NO, None):
        given = counted(plan, ROUND, plan.units[0], {**itself, (DOSSIER, "tt", "Đã có"): there})
        said = said_of(known(plan, ROUND, [given], [standing(plan.units[0], Fraction(90))]))
        outcomes[there] = (said["A"].outcome, [reason.clause for reason in said["A"].reasons])
    assert outcomes == {
        YES: (Outcome.PROPOSED, []),
        NO: (Outcome.INELIGIBLE, ["IV.2"]),
        None: (Outcome.UNPROVEN, ["IV.2"]),
    }


# -- properties --------------------------------------------------------------------------------------------------------

CODES = ("A", "B", "C", "D", "E")
names = st.sampled_from(("Lê An", "Lý Ba", "Võ Ca"))
# Mostly good answers, so that rows fill up and divide their equals.
answered = st.sampled_from((*(YES,) * 9, NO, ""))
rarely = st.sampled_from((*(False,) * 7, True))
WITHIN = {"collective": (None, "rank", "rank_in_block", "rank_gain"), "individual": (None, "unit.rank", "priority")}
ORDERS = {
    "collective": ((), ("rank_in_block",), ("rank_gain",), ("index", "rank"), ("tot",)),
    "individual": ((), ("unit.rank",), ("priority",), ("unit.rank_gain", "priority")),
}


@st.composite
def quota_rows(draw: st.DrawFn) -> tuple[Quota, ...]:
    rows = []
    for number in range(draw(st.integers(1, 4))):
        subject = draw(st.sampled_from(("collective", "individual")))
        within = draw(st.sampled_from(WITHIN[subject]))
        seats = draw(st.sampled_from((1, 1, 2, 2, 3, 0, None)))
        rows.append(Quota(
            code=f"q{number}", subject=subject, award=AWARD, clause=f"III.{number}", seats=seats,
            binding="open" if seats is None else draw(st.sampled_from(("exactly", "at_most"))),
            blocks=draw(st.sampled_from(((), ("phong",), ("xa",), ("phong", "xa")))),
            order_by=draw(st.sampled_from(ORDERS[subject])),
            within_fact=within,
            within_operator=within and ("at_least" if within.endswith("gain") else "at_most"),
            within_value=within and draw(st.sampled_from(("1", "2"))),
            per_unit=draw(st.sampled_from((None, None, 1))) if subject == "individual" else None,
        ))  # fmt: skip
    return tuple(rows)


ALTERNATIVES = (
    replace(GATES[0], code="hai", any_of="nhom"),
    replace(GATES[0], code="hang", fact="rank_gain", operator="at_least", value="1", any_of="nhom", clause="III.2-3"),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    blocks, last_ranks = st.sampled_from(("phong", "xa")), st.sampled_from((5, 5, 2, 1, None))
    codes = CODES[: draw(st.integers(2, 5))]
    units = tuple(Unit(code=code, name=code, block=draw(blocks), last_rank=draw(last_ranks)) for code in codes)
    gates = draw(st.sampled_from(((), GATES, (*GATES, *ALTERNATIVES))))
    return plan_of(*draw(quota_rows()), units=units, gates=gates)


@st.composite
def people_of(draw: st.DrawFn, unit: str) -> list[dict[str, str]]:
    """Up to three people; some bear a name that another unit may put forward too."""
    people = []
    for number in range(1, 1 + draw(st.integers(0, 3))):
        own = draw(st.sampled_from((f" {unit} {number}", f" {unit} {number}", "")))
        people.append({"who": f"{unit}/{number}", "name": draw(names) + own, "tot": draw(answered)})
    return people


@st.composite
def worlds(draw: st.DrawFn) -> Known:
    """A small plan, and everything that some units said."""
    plan = draw(plans())
    returns, standings, office = [], [], {}
    for unit in plan.units:
        if draw(rarely):
            continue
        said = {"asks": draw(st.sampled_from((YES, YES, YES, YES, NO))), "tot": draw(answered)}
        returns.append(counted(plan, ROUND, unit, answers_of(said, draw(people_of(unit.code)))))
        index = draw(st.sampled_from((80, 80, 90, 70, None)))
        standings.append(standing(unit, None if index is None else Fraction(index)))
        if draw(rarely):
            office[unit.code, "1", CHOSEN] = YES
    return known(plan, ROUND, returns, rank(plan, standings), office=office)


def nominees_of(about: Known) -> list[str]:
    rows = [(code, row) for code, item in about.counted.items() for row in item.submission.sheet(PEOPLE)]
    return sorted([*(unit.code for unit in about.plan.units), *(f"{code}/{row.code}" for code, row in rows)])


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_everybody_has_one_outcome_and_nobody_who_fails_comes_near_a_seat(about: Known) -> None:
    decisions, rows, _ = decide(about)
    assert sorted(map(label, decisions)) == nominees_of(about)
    near = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)
    for decision in decisions:
        assert (decision.outcome is Outcome.PROPOSED) is (not decision.reasons)
        assert all(reason.gate and reason.clause and reason.message for reason in decision.reasons)
        alone = [result.passing for result in decision.gates if not result.gate.any_of]
        group = [result.passing for result in decision.gates if result.gate.any_of]
        fit = set(alone) <= {Passing.PASS, Passing.SKIPPED} and (not group or Passing.PASS in group)
        assert fit or decision.outcome not in near
        assert bool(decision.distance) <= (decision.outcome is Outcome.RESERVE)
        assert decision.quota is None or decision.quota.subject == decision.nominee.subject
    for row in rows:
        mine = [decision for decision in decisions if decision.quota == row.quota]
        outcomes = [decision.outcome for decision in mine]
        assert (outcomes.count(Outcome.PROPOSED), outcomes.count(Outcome.TIED)) == (row.seated, row.tied)
        assert row.tied_seats < row.tied or row.tied == 0
        if row.quota.seats is not None:
            assert row.seated + row.tied_seats + row.empty == row.quota.seats
        if row.empty or row.quota.seats is None:
            waiting = [item for item in mine if item.outcome is Outcome.RESERVE]
            assert all("đơn vị đã đủ" in item.distance for item in waiting)
        assert bool(row.note) is bool(row.empty)
        for unit in {decision.nominee.unit.code for decision in mine}:
            taken = [item for item in mine if item.nominee.unit.code == unit and item.outcome is Outcome.PROPOSED]
            assert row.quota.per_unit is None or len(taken) <= row.quota.per_unit


@settings(max_examples=50, deadline=None)
@given(worlds(), st.integers(0, 10**6))
def test_the_order_in_which_units_are_listed_decides_nothing(about: Known, seed: int) -> None:
    units, returns = list(about.plan.units), list(about.counted.items())
    Random(seed).shuffle(units)
    Random(seed + 1).shuffle(returns)
    shuffled = replace(about, plan=replace(about.plan, units=tuple(units)), counted=dict(returns))
    assert decide(shuffled) == decide(about)
