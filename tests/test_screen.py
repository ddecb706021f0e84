"""Gates: every operator on every kind of fact, always with three values, and the proof each result carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from markdown_table import lines_of
from returned_forms import HEAD, Answers, counted, known, standing

from thidua_xlsx.model.form import DOSSIER, INDICES, INFORMATION, NO, PEOPLE, TASKS, YES
from thidua_xlsx.model.language import FACTS
from thidua_xlsx.model.office import COLLECTIVE, EVERY, INDIVIDUAL, AwardGiven, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Block, DossierItem, Gate, Index, Level, Plan, Question, Round, Task, Unit
from thidua_xlsx.model.results import Nominee, Passing, Person
from thidua_xlsx.model.submission import Value
from thidua_xlsx.stages.judging.facts import Known
from thidua_xlsx.stages.judging.nominate import people_of
from thidua_xlsx.stages.judging.screen import Screening, judge, screen

A = Unit(code="A", name="Phòng A", block="phong", traits=("tham-muu",))
B = Unit(code="B", name="Phòng B", block="phong")
ROUND = Round(
    code="hang-nam", name="", kind="annual", from_year=2025, to_year=2025, clause="III.1", deadline=date(2026, 1, 30)
)
LEVELS = tuple(
    Level(scale=scale, code=code, label=label, order=order)
    for scale, code, label, order in [
        ("can-bo", "xs", "Hoàn thành xuất sắc", 3),
        ("can-bo", "t", "Hoàn thành tốt", 2),
        ("can-bo", "ht", "Hoàn thành", 1),
        # The codes of another scale run the other way: scales never mix.
        ("cchc", "ht", "Rất tốt", 9),
        ("cchc", "t", "Tốt", 5),
        ("cchc", "xs", "Xoàng", 1),
    ]
)
KINDS = {
    "co-khong": "yes_no",
    "so": "number",
    "so-nguyen": "integer",
    "phan-tram": "percent",
    "muc": "level",
    "linh-vuc": "index",
}
QUESTIONS = tuple(
    Question(code=code, label=f"Câu hỏi {code}", subject=who, type=kind, scale="can-bo" if kind == "level" else None)
    for who in ("collective", "individual")
    for code, kind in KINDS.items()
)
INDEX = Index(code="CS1", name="Thể chế", max=Decimal(100), units=("A",))
PLAN = Plan(
    replace(HEAD, class_scale="cchc"),
    (ROUND,),
    (Block(code="phong", name="Phòng"),),
    (A, B),
    LEVELS,
    indices=(INDEX,),
    questions=QUESTIONS,
)
GATE = Gate(code="dk", subject="collective", fact="", operator="yes", clause="III.2-1", reason="Tiêu chuẩn")
WORDS = {"pass": Passing.PASS, "fail": Passing.FAIL, "?": Passing.UNKNOWN, "skip": Passing.SKIPPED}
WORD = {passing: word for word, passing in WORDS.items()}


def typed(code: str, text: str) -> Value:
    """What stands in the cell of a question of this kind; a blank cell is no value."""
    if not text:
        return None
    return Decimal(text) if KINDS.get(code) in ("number", "integer", "percent") else text


def told(code: str, text: str) -> Answers:
    """The answer to one question in the unit's own part of the form."""
    return {(INFORMATION, code, "Trả lời"): typed(code, text)}


def told_of_person(code: str, text: str, order: str = "1") -> Answers:
    """One person's row with the answer to one question."""
    return {(PEOPLE, order, "Họ và tên"): "Lê An", (PEOPLE, order, "Ngày sinh"): date(1985, 5, 1),
            (PEOPLE, order, f"Câu hỏi {code}"): typed(code, text)}  # fmt: skip


def of_unit(answers: Answers, plan: Plan = PLAN, **more: object) -> tuple[Known, Nominee]:
    """All that is known when only unit A returned these answers, and A as the nominee."""
    return known(plan, plan.rounds[0], [counted(plan, plan.rounds[0], A, answers)], **more), Nominee(A)


def of_person(answers: Answers, plan: Plan = PLAN, **more: object) -> tuple[Known, Nominee]:
    """The same with the first person of the form as the nominee."""
    given = counted(plan, plan.rounds[0], A, answers)
    return known(plan, plan.rounds[0], [given], **more), people_of(given, A)[0]


def asked(fact: str, operator: str = "yes", value: str = "", **more: object) -> Gate:
    return replace(GATE, fact=fact, operator=operator, value=value or None, **more)


# -- operators ---------------------------------------------------------------------------------------------------------

OPERATORS = lines_of("""
    | fact      | answer              | operator       | value | result |
    |-----------|---------------------|----------------|-------|--------|
    | co-khong  | Có                  | yes            |       | pass   |
    | co-khong  | Không               | yes            |       | fail   |
    | co-khong  |                     | yes            |       | ?      |
    | co-khong  | Không               | no             |       | pass   |
    | co-khong  | Có                  | no             |       | fail   |
    | co-khong  |                     | no             |       | ?      |
    | so        | 2.5                 | at_least       | 2.5   | pass   |
    | so        | 2.4999999999        | at_least       | 2.5   | fail   |
    | so        | 2.5000000001        | at_most        | 2.5   | fail   |
    | so        | 2.5                 | at_most        | 2.5   | pass   |
    | so        | 0                   | at_least       | 0     | pass   |
    | so        | 0                   | at_most        | 0     | pass   |
    | so        |                     | at_least       | 0     | ?      |
    | so        |                     | at_most        | 99    | ?      |
    | so-nguyen | 2                   | at_least       | 2     | pass   |
    | so-nguyen | 1                   | at_least       | 2     | fail   |
    | so-nguyen |                     | at_least       | 2     | ?      |
    | phan-tram | 100                 | at_least       | 100   | pass   |
    | phan-tram | 99.99               | at_least       | 100   | fail   |
    | phan-tram |                     | at_most        | 100   | ?      |
    | muc       | Hoàn thành tốt      | level_at_least | t     | pass   |
    | muc       | Hoàn thành xuất sắc | level_at_least | t     | pass   |
    | muc       | Hoàn thành          | level_at_least | t     | fail   |
    | muc       |                     | level_at_least | ht    | ?      |
""")


@pytest.mark.parametrize("case", OPERATORS, ids=lambda case: " ".join(case.values()))
def test_an_answer_passes_fails_or_is_not_known(case: dict[str, str]) -> None:
    gate = asked(case["fact"], case["operator"], case["value"])
    of_both = (of_unit(told(case["fact"], case["answer"])), of_person(told_of_person(case["fact"], case["answer"])))
    assert [WORD[judge(*about, gate).passing] for about in of_both] == [case["result"]] * 2


def test_what_a_unit_answered_about_itself_says_nothing_of_its_people() -> None:
    about, person = of_person({**told("co-khong", YES), **told_of_person("co-khong", "")})
    assert judge(about, person, asked("co-khong")).passing is Passing.UNKNOWN
    assert judge(about, person, asked("unit.co-khong")).passing is Passing.PASS


def test_a_person_reads_the_own_row() -> None:
    two = {**told_of_person("co-khong", NO), **told_of_person("co-khong", YES, order="2")}
    given = counted(PLAN, ROUND, A, two)
    results = [judge(known(PLAN, ROUND, [given]), person, asked("co-khong")) for person in people_of(given, A)]
    seen = [(WORD[result.passing], result.reason.places[0].cell[1:]) for result in results]
    assert seen == [("fail", "6"), ("pass", "7")]


def test_a_trait_is_what_the_plan_says_of_the_unit() -> None:
    about = known(PLAN, ROUND)
    person = Nominee(A, Person(1, "Lê An", None))
    assert judge(about, Nominee(A), asked("tham-muu")).passing is Passing.PASS
    assert judge(about, Nominee(B), asked("tham-muu")).passing is Passing.FAIL
    assert judge(about, Nominee(B), asked("tham-muu", "no")).passing is Passing.PASS
    assert judge(about, person, asked("unit.tham-muu")).passing is Passing.PASS


@pytest.mark.parametrize(("this_year", "result"), [("80", "pass"), ("79.9", "fail"), ("", "?")])
def test_an_index_may_be_compared_with_a_number_of_points(this_year: str, result: str) -> None:
    about = of_unit({(INDICES, "CS1", "Năm nay"): Decimal(this_year) if this_year else None})
    assert WORD[judge(*about, asked("CS1", "at_least", "80")).passing] == result


# -- the facts that the program finds itself ---------------------------------------------------------------------------

SCORED = standing(A, Fraction(601, 7), level="t", rank=3, rank_in_block=2, rank_gain=5)
STANDINGS = lines_of("""
    | fact          | operator       | value | result | observed           | required              |
    |---------------|----------------|-------|--------|--------------------|-----------------------|
    | points        | at_least       | 85.85 | pass   | 85,86 điểm         | từ 85,85 điểm trở lên |
    | points        | at_least       | 90    | fail   | 85,86 điểm         | từ 90 điểm trở lên    |
    | index         | at_least       | 85    | pass   | 85,86 %            | từ 85 % trở lên       |
    | index         | at_most        | 85    | fail   | 85,86 %            | không quá 85 %        |
    | class         | level_at_least | t     | pass   | Tốt                | từ «Tốt» trở lên      |
    | class         | level_at_least | ht    | fail   | Tốt                | từ «Rất tốt» trở lên  |
    | rank          | at_most        | 3     | pass   | hạng 3             | không quá hạng 3      |
    | rank          | at_most        | 2     | fail   | hạng 3             | không quá hạng 2      |
    | rank_in_block | at_most        | 2     | pass   | hạng 2 trong khối  | không quá hạng 2      |
    | rank_in_block | at_most        | 1     | fail   | hạng 2 trong khối  | không quá hạng 1      |
    | rank_gain     | at_least       | 5     | pass   | tăng 5 bậc         | từ 5 bậc trở lên      |
    | rank_gain     | at_least       | 6     | fail   | tăng 5 bậc         | từ 6 bậc trở lên      |
""")


@pytest.mark.parametrize("case", STANDINGS, ids=lambda case: " ".join(list(case.values())[:3]))
def test_points_index_class_and_ranks_are_the_units_standing(case: dict[str, str]) -> None:
    about = known(PLAN, ROUND, standings=[SCORED])
    gate = asked(case["fact"], case["operator"], case["value"])
    result = judge(about, Nominee(A), gate)
    assert [WORD[result.passing], result.reason.observed, result.reason.required] == [
        case["result"],
        case["observed"],
        case["required"],
    ]
    of_person = judge(about, Nominee(A, Person(1, "Lê An", None)), replace(gate, fact=f"unit.{gate.fact}"))
    assert (of_person.passing, of_person.reason) == (result.passing, result.reason)


def test_a_number_that_fails_by_less_than_is_printed_says_so() -> None:
    about = known(PLAN, ROUND, standings=[SCORED])
    assert (
        judge(about, Nominee(A), asked("index", "at_least", "85.86")).reason.observed
        == "85,86 % (chưa làm tròn thì thấp hơn)"
    )
    assert judge(about, Nominee(A), asked("index", "at_most", "85.85")).reason.observed == "85,86 %"
    close = known(PLAN, ROUND, standings=[standing(A, Fraction("90.001"))])
    above = judge(close, Nominee(A), asked("index", "at_most", "90"))
    assert above.reason.observed == "90 % (chưa làm tròn thì cao hơn)"


@pytest.mark.parametrize("fact", ["points", "index", "class", "rank", "rank_in_block", "rank_gain"])
def test_without_points_there_is_no_rank_to_judge(fact: str) -> None:
    operator = {"class": "level_at_least", "rank": "at_most", "rank_in_block": "at_most"}.get(fact, "at_least")
    gate = asked(fact, operator, "t" if fact == "class" else "0")
    unscored = known(PLAN, ROUND, standings=[standing(A, None)])
    unreturned = known(PLAN, ROUND, standings=[standing(B, Fraction(90))])
    results = [judge(about, Nominee(A), gate) for about in (unscored, unreturned)]
    assert [result.passing for result in results] == [Passing.UNKNOWN] * 2
    said = [result.reason.observed for result in results]
    assert said == ["chưa đủ điểm để xếp hạng", "đơn vị chưa có kết quả chấm điểm"]


def test_a_unit_without_a_rank_last_year_has_gained_nothing_known() -> None:
    new = known(PLAN, ROUND, standings=[standing(A, Fraction(90), rank=1, rank_in_block=1)])
    result = judge(new, Nominee(A), asked("rank_gain", "at_least", "-99"))
    assert (result.passing, result.reason.observed) == (Passing.UNKNOWN, "chưa có hạng năm trước")


def test_a_unit_that_fell_gained_less_than_nothing() -> None:
    fallen = known(PLAN, ROUND, standings=[standing(A, Fraction(90), rank=4, rank_in_block=4, rank_gain=-3)])
    result = judge(fallen, Nominee(A), asked("rank_gain", "at_least", "1"))
    assert (result.passing, result.reason.observed) == (Passing.FAIL, "giảm 3 bậc")


DUE = date(2025, 11, 30)
TASK_PLAN = replace(PLAN, tasks=(
    Task(code="NV1", name="Báo cáo", due=DUE), Task(code="NV2", name="Rà soát"),
    Task(code="NV3", name="Việc của B", units=("B",)),
))  # fmt: skip
RATES = lines_of("""
    | NV1, due 30/11 | NV2, no due day | completed | on time | missed on time |
    |----------------|-----------------|-----------|---------|----------------|
    | 2025-11-29     | 2025-12-31      | 100       | 100     |                |
    | 2025-11-30     | 2025-12-31      | 100       | 100     |                |
    | 2025-12-01     | 2025-12-31      | 100       | 50      | E6             |
    | 2025-11-30     | Đang thực hiện  | 50        | 50      | D7             |
    | 2025-12-01     | Đang thực hiện  | 50        | 0       | E6; D7         |
    | Chưa thực hiện | Chưa thực hiện  | 0         | 0       | D6; D7         |
""")


def tasks_of(line: dict[str, str]) -> Answers:
    answers: dict[tuple[str, str, str], Value] = {}
    for header in ("NV1, due 30/11", "NV2, no due day"):
        done = line[header].startswith("2025")
        answers[TASKS, header[:3], "Tình trạng"] = "Hoàn thành" if done else line[header]
        answers[TASKS, header[:3], "Ngày hoàn thành"] = date.fromisoformat(line[header]) if done else None
    return answers


@pytest.mark.parametrize("case", RATES, ids=lambda case: " ".join(list(case.values())[:2]))
def test_tasks_are_completed_and_on_time_at_two_rates_of_their_own(case: dict[str, str]) -> None:
    about = of_unit(tasks_of(case), TASK_PLAN)
    for fact, header in (("tasks_completed", "completed"), ("tasks_on_time", "on time")):
        rate = int(case[header])
        assert judge(*about, asked(fact, "at_least", str(rate))).passing is Passing.PASS
        assert judge(*about, asked(fact, "at_least", f"{rate}.01")).passing is Passing.FAIL
        result = judge(*about, asked(fact, "at_least", "100"))
        assert result.reason.observed == f"{rate} % ({rate // 50}/2 nhiệm vụ)"
        assert result.passing is (Passing.PASS if rate == 100 else Passing.FAIL)
    assert "; ".join(place.cell for place in result.reason.places) == case["missed on time"]


def test_a_third_of_the_tasks_is_no_33_33_percent() -> None:
    plan = replace(PLAN, tasks=tuple(Task(code=f"NV{number}", name="") for number in (1, 2, 3)))
    states = {(TASKS, "NV1", "Tình trạng"): "Hoàn thành", (TASKS, "NV2", "Tình trạng"): "Chưa thực hiện",
              (TASKS, "NV3", "Tình trạng"): "Chưa thực hiện"}  # fmt: skip
    about = of_unit(states, plan)
    assert judge(*about, asked("tasks_completed", "at_least", "33.333")).passing is Passing.PASS
    assert judge(*about, asked("tasks_completed", "at_most", "33.333")).passing is Passing.FAIL


@pytest.mark.parametrize("fact", ["tasks_completed", "tasks_on_time"])
def test_a_rate_over_nothing_is_unknown(fact: str) -> None:
    of_b_alone = replace(TASK_PLAN, tasks=TASK_PLAN.tasks[2:])
    about = [of_unit({}, PLAN), of_unit({}, of_b_alone), (known(TASK_PLAN, ROUND), Nominee(A))]
    results = [judge(*one, asked(fact, "at_least", "0")) for one in about]
    assert [result.passing for result in results] == [Passing.UNKNOWN] * 3


# -- year on year ------------------------------------------------------------------------------------------------------

RISEN = "above_last_year_or_at_max"
YEARS = lines_of("""
    | last  | of_l| this  | of_t| percent | points | why                                               |
    |-------|-----|-------|-----|---------|--------|---------------------------------------------------|
    | 80    |     | 80.01 | 100 | pass    | pass   | strictly higher                                   |
    | 80    | 100 | 80    | 100 | fail    | fail   | unchanged below the maximum                       |
    | 80    | 100 | 79.99 | 100 | fail    | fail   | lower                                             |
    | 0     | 100 | 0     | 100 | fail    | fail   | unchanged at nothing                              |
    | 100   | 100 | 100   | 100 | pass    | pass   | kept at exactly the maximum                       |
    | 100   | 100 | 99.99 | 100 | fail    | fail   | almost at the maximum is not at the maximum       |
    | 99.99 | 100 | 99.99 | 100 | fail    | fail   | unchanged, almost at the maximum                  |
    | 12    | 15  | 12    | 14  | pass    | ?      | 80 % to 85,71 %: the same points of a smaller max |
    | 12    | 15  | 11.2  | 14  | fail    | ?      | 80 % to 80 %, not at the maximum                  |
    | 13    | 15  | 12.1  | 14  | fail    | ?      | 86,67 % to 86,43 %                                |
    | 15    | 15  | 14    | 14  | pass    | ?      | the whole of a smaller maximum is kept            |
    | 14    | 14  | 14    | 15  | fail    | ?      | the maximum grew away                             |
    | 1     | 3   | 33.34 | 100 | pass    | ?      | a hair above a third                              |
    | 1     | 3   | 33.33 | 100 | fail    | ?      | a hair below a third, and printed alike           |
    |       |     | 100   | 100 | ?       | ?      | no last year, even at the maximum                 |
    | 80    | 100 |       | 100 | ?       | ?      | this year not published                           |
    |       |     |       | 100 | ?       | ?      | neither                                           |
""")


def one_index(line: dict[str, str]) -> tuple[Known, Nominee]:
    last, of_last, this = (Decimal(text) if text else None for text in (line["last"], line["of_l"], line["this"]))
    index = replace(INDEX, max=Decimal(line["of_t"]), last_value=last, last_max=of_last)
    return of_unit({(INDICES, "CS1", "Năm nay"): this}, replace(PLAN, indices=(index,)))


@pytest.mark.parametrize("case", YEARS, ids=lambda case: case["why"])
@pytest.mark.parametrize("compare", ["percent", "points"])
@pytest.mark.parametrize("fact", ["CS1", "indices"])
def test_an_index_rises_or_is_kept_at_the_maximum(case: dict[str, str], compare: str, fact: str) -> None:
    assert WORD[judge(*one_index(case), asked(fact, RISEN, compare=compare)).passing] == case[compare]


YEAR_WORDS = lines_of("""
    | last | of_l | this  | of_t | compare | observed                                                                |
    |------|------|-------|------|---------|-------------------------------------------------------------------------|
    | 80   | 100  | 79.5  | 100  | percent | Thể chế: năm nay 79,5 %, năm trước 80 %                                 |
    | 12   | 15   | 11.2  | 14   | percent | Thể chế: năm nay 80 %, năm trước 80 %                                   |
    | 12   | 14   | 11.25 | 14   | points  | Thể chế: năm nay 11,25/14, năm trước 12/14                              |
    | 1    | 3    | 33.33 | 100  | percent | Thể chế: năm nay 33,33 %, năm trước 33,33 % (chưa làm tròn thì thấp hơn)|
    | 12   | 15   | 12    | 14   | points  | Thể chế: điểm tối đa đã thay đổi so với năm trước                       |
    |      |      | 12    | 14   | percent | Thể chế: chưa có kết quả năm trước                                      |
    | 12   | 15   |       | 14   | percent | Thể chế: chưa có kết quả năm nay                                        |
""")


@pytest.mark.parametrize("case", YEAR_WORDS, ids=lambda case: case["observed"])
def test_both_years_are_told_and_so_is_what_is_missing(case: dict[str, str]) -> None:
    reason = judge(*one_index(case), asked("indices", RISEN, compare=case["compare"])).reason
    assert (reason.observed, reason.required) == (case["observed"], "cao hơn năm trước hoặc giữ nguyên ở mức tối đa")
    assert reason.places == (Place("nop/A.xlsx", INDICES, "E6"),)


# This year's values that rise above, fall below, or say nothing against last year's 50 of 100.
MOVES = {"up": Decimal(60), "down": Decimal(40), "?": None}
HALF = replace(INDEX, last_value=Decimal(50))
TWO = tuple(replace(HALF, code=code, name=code) for code in ("CS1", "CS2"))
COMMON = replace(HALF, code="CS", name="Chung", units=("*",))
OF_B = replace(HALF, code="CS9", name="Của B", units=("B",))
HELD_PLAN = replace(PLAN, indices=(COMMON, *TWO, OF_B))
SCOPES = lines_of("""
    | CS1  | CS2  | all  | any  |
    |------|------|------|------|
    | up   | up   | pass | pass |
    | up   | down | fail | pass |
    | down | down | fail | fail |
    | up   | ?    | ?    | pass |
    | down | ?    | fail | ?    |
    | ?    | ?    | ?    | ?    |
""")


@pytest.mark.parametrize("case", SCOPES, ids=lambda case: f"{case['CS1']} {case['CS2']}")
@pytest.mark.parametrize("common", MOVES)
def test_all_or_any_of_the_indices_held_must_rise_the_common_one_is_no_part_of_them(
    case: dict[str, str], common: str
) -> None:
    moves = {"CS": common, "CS1": case["CS1"], "CS2": case["CS2"]}
    about = of_unit({(INDICES, code, "Năm nay"): MOVES[move] for code, move in moves.items()}, HELD_PLAN)
    assert [WORD[judge(*about, asked("indices", RISEN, scope=scope)).passing] for scope in ("all", "any")] == [
        case["all"],
        case["any"],
    ]
    alone = judge(*about, asked("CS", RISEN))
    assert WORD[alone.passing] == {"up": "pass", "down": "fail", "?": "?"}[common]


def test_only_what_decided_is_told() -> None:
    about = of_unit({(INDICES, "CS1", "Năm nay"): Decimal(60), (INDICES, "CS2", "Năm nay"): Decimal(40)}, HELD_PLAN)
    failed, passed = (judge(*about, asked("indices", RISEN, scope=scope)) for scope in ("all", "any"))
    assert (failed.passing, [fact.name for fact in failed.facts]) == (Passing.FAIL, ["CS2"])
    assert (passed.passing, [fact.name for fact in passed.facts]) == (Passing.PASS, ["CS1"])


def test_over_no_index_at_all_nothing_is_known_and_holding_none_is_a_plain_no() -> None:
    for scope in ("all", "any"):
        result = judge(known(HELD_PLAN, ROUND), Nominee(replace(B, code="C")), asked("indices", RISEN, scope=scope))
        assert (result.passing, result.reason.observed) == (Passing.UNKNOWN, "không có chỉ số thành phần được giao")
    units = {unit.code: WORD[judge(known(HELD_PLAN, ROUND), Nominee(unit), asked("has_index")).passing]
             for unit in (A, B, replace(B, code="C"))}  # fmt: skip
    assert units == {"A": "pass", "B": "pass", "C": "fail"}


ASKED = lines_of("""
    | named           | result | why                                                     |
    |-----------------|--------|---------------------------------------------------------|
    | CS1 – CS1       | pass   | the own unit's, which rose                              |
    | CS2 – CS2       | fail   | the own unit's, which fell                              |
    | CS – Chung      | pass   | the common one, which rose                              |
    | CS9 – Của B     | pass   | another unit's, which rose by that unit's return        |
    |                 | ?      | nobody said which                                       |
    | CS7 – Không có  | ?      | an index that the plan does not have                    |
""")


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case["why"])
@pytest.mark.parametrize(
    "gate",
    [asked("indices", RISEN, scope="asked"), asked("linh-vuc", RISEN)],
    ids=["scope asked", "the question itself"],
)
def test_a_person_answers_for_the_index_named_in_the_form(case: dict[str, str], gate: Gate) -> None:
    values = {"CS": Decimal(60), "CS1": Decimal(60), "CS2": Decimal(40)}
    answers = {**told_of_person("linh-vuc", case["named"]),
               **{(INDICES, code, "Năm nay"): value for code, value in values.items()}}  # fmt: skip
    given = counted(HELD_PLAN, ROUND, A, answers)
    of_b = counted(HELD_PLAN, ROUND, B, {(INDICES, "CS9", "Năm nay"): Decimal(60)})
    result = judge(known(HELD_PLAN, ROUND, [given, of_b]), people_of(given, A)[0], gate)
    assert WORD[result.passing] == case["result"]
    if not case["named"]:
        assert result.reason.observed == "chưa rõ chỉ số phụ trách"


def test_an_index_that_only_the_office_knows_is_unknown_until_it_says_so() -> None:
    shared = replace(TWO[0], units=("A", "B"), who_answers="office")
    plan = replace(PLAN, indices=(shared,))
    returns = [counted(plan, ROUND, unit, {}) for unit in (A, B)]
    silent = known(plan, ROUND, returns)
    assert judge(silent, Nominee(A), asked("indices", RISEN)).passing is Passing.UNKNOWN
    said = known(plan, ROUND, returns, office={("B", "", "CS1"): Decimal(60)})
    outsider = Nominee(replace(B, code="C"), Person(1, "Lê An", None))
    assert judge(said, outsider, asked("CS1", RISEN)).passing is Passing.PASS
    everyone = known(plan, ROUND, returns, office={(EVERY, "", "CS1"): Decimal(40)})
    assert judge(everyone, Nominee(A), asked("indices", RISEN)).passing is Passing.FAIL


def test_of_an_index_that_others_share_whoever_knows_it_tells() -> None:
    shared = replace(HALF, units=("B", "C"))
    third = replace(B, code="C")
    plan = replace(PLAN, indices=(shared,), units=(A, B, third))
    returns = [counted(plan, ROUND, unit, {(INDICES, "CS1", "Năm nay"): value})
               for unit, value in ((B, None), (third, Decimal(60)))]  # fmt: skip
    about = known(plan, ROUND, returns)
    seen = {unit.code: WORD[judge(about, Nominee(unit), asked("CS1", RISEN)).passing] for unit in plan.units}
    assert seen == {"A": "pass", "B": "?", "C": "pass"}


def test_a_persons_gate_may_ask_about_the_indices_of_the_unit() -> None:
    answers = {**told_of_person("linh-vuc", "CS1 – CS1"), **told("linh-vuc", "CS2 – CS2"),
               (INDICES, "CS1", "Năm nay"): Decimal(60), (INDICES, "CS2", "Năm nay"): Decimal(40)}  # fmt: skip
    about = of_person(answers, HELD_PLAN)
    facts = {"indices": "pass", "unit.indices": "fail", "linh-vuc": "pass", "unit.linh-vuc": "fail"}
    assert {fact: WORD[judge(*about, asked(fact, RISEN, scope="asked")).passing] for fact in facts} == facts
    assert judge(*about, asked("unit.indices", RISEN)).passing is Passing.FAIL


# -- the register ------------------------------------------------------------------------------------------------------

AWARD = "Bằng khen của Chủ tịch UBND thành phố"
BORN = date(1985, 5, 1)
PRIOR = asked("prior_awards", "at_least", "2", award=AWARD, from_year=2021, to_year=2025)
PRIOR_WORDS = lines_of("""
    | years     | decided               | by year | by decision | why                                               |
    |-----------|-----------------------|---------|-------------|---------------------------------------------------|
    | 2021 2022 | 2022-02-28 2023-02-28 | 2       | 2           | the first year's is decided in the second         |
    | 2020 2021 | 2021-02-28 2022-02-28 | 1       | 2           | won before the term, decided within it            |
    | 2024 2025 | 2025-02-28 2026-02-28 | 2       | 1           | won within the term, decided after it             |
    | 2021      | 2022-02-28            | 1       | 1           | once                                              |
    |           |                       | 0       | 0           | never                                             |
""")


def register_of(years: str, decided: str, **of: object) -> Register:
    line = AwardGiven(0, "ct", "hang-nam", COLLECTIVE, "A", "Phòng A", None, AWARD, "1/QĐ", None)
    pairs = zip(years.split(), decided.split(), strict=True)
    return Register(tuple(replace(line, year=int(year), decided=date.fromisoformat(day),
                                  place=Place("lich-su.xlsx", "Khen thưởng", f"A{row}"), **of)
                          for row, (year, day) in enumerate(pairs, start=2)), True)  # fmt: skip


@pytest.mark.parametrize("case", PRIOR_WORDS, ids=lambda case: case["why"])
@pytest.mark.parametrize("person", [None, Person(1, "LÊ  an", BORN)], ids=["unit", "person"])
def test_earlier_awards_count_by_year_or_by_decision(case: dict[str, str], person: Person | None) -> None:
    of = {"subject": INDIVIDUAL, "name": "Lê An", "birth": BORN, "unit": "KHÁC"} if person else {}
    about = known(PLAN, ROUND, register=register_of(case["years"], case["decided"], **of))
    for fact, header in (("prior_awards", "by year"), ("prior_awards_by_decision", "by decision")):
        result = judge(about, Nominee(A, person), replace(PRIOR, fact=fact))
        times = int(case[header])
        assert (result.passing, result.reason.observed) == (
            Passing.PASS if times >= 2 else Passing.FAIL,
            f"{times} lần",
        )
        assert (result.reason.required, len(result.reason.places)) == ("từ 2 lần trở lên", times)


@pytest.mark.parametrize("of", [{"unit": "B"}, {"subject": INDIVIDUAL}, {"award": "Giấy khen"}])
def test_what_others_were_given_does_not_count_nor_does_another_form(of: dict[str, str]) -> None:
    about = known(PLAN, ROUND, register=register_of("2021 2022", "2022-02-28 2023-02-28", **of))
    assert judge(about, Nominee(A), PRIOR).reason.observed == "0 lần"


@pytest.mark.parametrize("of", [{"birth": date(1985, 5, 2)}, {"name": "Lê Ân"}, {"subject": COLLECTIVE}])
def test_a_namesake_is_somebody_else(of: dict[str, object]) -> None:
    lines = register_of("2021 2022", "2022-02-28 2023-02-28",
                        **{"subject": INDIVIDUAL, "name": "Lê An", "birth": BORN, **of})  # fmt: skip
    person = Nominee(A, Person(1, "Lê An", BORN))
    assert judge(known(PLAN, ROUND, register=lines), person, PRIOR).passing is Passing.FAIL


@pytest.mark.parametrize("fact", ["prior_awards", "prior_awards_by_decision"])
def test_no_register_is_unknown_and_an_empty_one_is_never(fact: str) -> None:
    gate = replace(PRIOR, fact=fact)
    missing, empty = known(PLAN, ROUND), known(PLAN, ROUND, register=Register((), True))
    assert judge(missing, Nominee(A), gate).passing is Passing.UNKNOWN
    assert judge(missing, Nominee(A), gate).reason.observed == "chưa có sổ khen thưởng lich-su.xlsx"
    assert judge(empty, Nominee(A), gate).passing is Passing.FAIL


def test_a_line_without_its_day_of_decision_is_not_counted_in_silence() -> None:
    lines = register_of("2021 2022", "2022-02-28 2023-02-28").awards
    about = known(PLAN, ROUND, register=Register((lines[0], replace(lines[1], decided=None)), True))
    result = judge(about, Nominee(A), replace(PRIOR, fact="prior_awards_by_decision"))
    assert (result.passing, result.reason.places) == (Passing.UNKNOWN, (lines[1].place,))
    assert judge(about, Nominee(A), PRIOR).passing is Passing.PASS


# -- papers, time, and what the plan knows of a unit -------------------------------------------------------------------

PAPERS = (
    DossierItem(code="to-trinh", subject="both", stage="unit", name="Tờ trình", clause="IV"),
    DossierItem(code="bien-ban", subject="both", stage="unit", name="Biên bản", clause="IV", any_of="hop"),
    DossierItem(code="ket-luan", subject="both", stage="unit", name="Kết luận", clause="IV", any_of="hop"),
    DossierItem(code="bao-cao", subject="individual", stage="unit", name="Báo cáo cá nhân", clause="IV"),
    DossierItem(code="trinh-hd", subject="both", stage="council", name="Tờ trình Hội đồng", clause="IV"),
)
PAPER_PLAN = replace(PLAN, dossiers=PAPERS)
DOSSIERS = lines_of("""
    | to-trinh | bien-ban | ket-luan | result | observed                                                       |
    |----------|----------|----------|--------|----------------------------------------------------------------|
    | Có       | Có       | Có       | pass   | đủ thành phần                                                  |
    | Có       | Có       | Không    | pass   | đủ thành phần                                                  |
    | Có       |          | Có       | pass   | đủ thành phần                                                  |
    | Có       | Không    | Không    | fail   | thiếu: Biên bản hoặc Kết luận                                  |
    | Có       | Không    |          | ?      | chưa trả lời về: Biên bản hoặc Kết luận                        |
    | Không    | Có       | Có       | fail   | thiếu: Tờ trình                                                |
    | Không    |          |          | fail   | thiếu: Tờ trình                                                |
    | Không    | Không    | Không    | fail   | thiếu: Tờ trình; Biên bản hoặc Kết luận                        |
    |          | Có       |          | ?      | chưa trả lời về: Tờ trình                                      |
    |          |          |          | ?      | chưa trả lời về: Tờ trình; Biên bản hoặc Kết luận              |
""")


def papers(line: dict[str, str]) -> Answers:
    return {(DOSSIER, code, "Đã có"): line[code] or None for code in ("to-trinh", "bien-ban", "ket-luan")}


@pytest.mark.parametrize("case", DOSSIERS, ids=lambda case: case["observed"])
def test_a_dossier_is_complete_with_one_of_each_group(case: dict[str, str]) -> None:
    result = judge(*of_unit(papers(case), PAPER_PLAN), asked("dossier_complete"))
    assert (WORD[result.passing], result.reason.observed) == (case["result"], case["observed"])


@pytest.mark.parametrize(("own", "result"), [(YES, "pass"), (NO, "fail"), (None, "?")])
def test_a_persons_dossier_has_the_own_report_too(own: str | None, result: str) -> None:
    shared = papers({"to-trinh": YES, "bien-ban": YES, "ket-luan": ""})
    about = of_person({**shared, **told_of_person("so", "1"), (PEOPLE, "1", "Báo cáo cá nhân"): own}, PAPER_PLAN)
    assert WORD[judge(*about, asked("dossier_complete")).passing] == result


TIMES = lines_of("""
    | deadline   | inclusive | received   | first seen | result | observed                          |
    |------------|-----------|------------|------------|--------|-----------------------------------|
    | 2026-01-30 | no        | 2026-01-29 |            | pass   | nhận ngày 29/01/2026              |
    | 2026-01-30 | no        | 2026-01-30 |            | fail   | nhận ngày 30/01/2026              |
    | 2026-01-30 | yes       | 2026-01-30 |            | pass   | nhận ngày 30/01/2026              |
    | 2026-01-30 | yes       | 2026-01-31 |            | fail   | nhận ngày 31/01/2026              |
    | 2026-01-30 | no        |            | 2026-01-29 | pass   | đúng hạn                          |
    | 2026-01-30 | no        |            | 2026-02-05 | ?      | chưa có căn cứ về ngày nhận phiếu |
    | 2026-01-30 | no        |            |            | ?      | chưa có căn cứ về ngày nhận phiếu |
    | 2026-01-30 | no        | 2026-02-05 | 2026-01-10 | fail   | nhận ngày 05/02/2026              |
    |            | no        |            |            | pass   | đúng hạn                          |
""")


@pytest.mark.parametrize("case", TIMES, ids=lambda case: " ".join(case.values()))
def test_a_return_is_in_time_by_evidence_alone(case: dict[str, str]) -> None:
    deadline, received, seen = (date.fromisoformat(text) if (text := case[header]) else None
                                for header in ("deadline", "received", "first seen"))  # fmt: skip
    round_ = replace(ROUND, deadline=deadline, inclusive=case["inclusive"] == "yes")
    given = counted(PLAN, round_, A, {}, received=received, first_seen=seen)
    result = judge(known(PLAN, round_, [given]), Nominee(A), asked("on_time"))
    assert (WORD[result.passing], result.reason.observed) == (case["result"], case["observed"])


@pytest.mark.parametrize(("dissolved", "decided", "gone"), [
    (None, date(2025, 7, 1), False), (date(2025, 7, 1), date(2025, 6, 30), False),
    (date(2025, 7, 1), date(2025, 7, 1), True), (date(2025, 7, 1), None, True),
])  # fmt: skip
def test_a_unit_is_dissolved_when_it_no_longer_is_on_the_day_of_decision(
    dissolved: date | None, decided: date | None, gone: bool
) -> None:
    about = known(PLAN, replace(ROUND, decision_date=decided))
    result = judge(about, Nominee(replace(A, dissolved_on=dissolved)), asked("dissolved", "no"))
    assert result.passing is (Passing.FAIL if gone else Passing.PASS)
    assert result.reason.observed == ("giải thể từ 01/07/2025" if gone else "Không")


def test_priority_is_the_persons_own_order() -> None:
    about = known(PLAN, ROUND)
    gate = asked("priority", "at_most", "2")
    results = [judge(about, Nominee(A, Person(order, "Lê An", None)), gate) for order in (2, 3, None)]
    assert [WORD[result.passing] for result in results] == ["pass", "fail", "?"]
    assert judge(about, Nominee(A), gate).passing is Passing.UNKNOWN


# What makes each fact pass, fail and unknown; a fact that joins the language must come in here.
LOW = standing(A, Fraction(10), level="xs", rank=9, rank_in_block=9, rank_gain=-9)
NOBODY = known(PLAN, ROUND), Nominee(A)
WITH_BOTH = (known(PLAN, ROUND, standings=[SCORED]), Nominee(A)), (known(PLAN, ROUND, standings=[LOW]), Nominee(A))
IN_FULL, LATE = RATES[0], RATES[4]
CASES: Mapping[str, tuple[Gate, tuple[tuple[Known, Nominee], ...]]] = {
    "indices": (asked("indices", RISEN), (one_index(YEARS[0]), one_index(YEARS[1]), one_index(YEARS[-1]))),
    "has_index": (asked("has_index"), ((known(HELD_PLAN, ROUND), Nominee(A)),
                                       (known(HELD_PLAN, ROUND), Nominee(replace(B, code="C"))))),
    "tasks_completed": (asked("tasks_completed", "at_least", "100"),
                        (of_unit(tasks_of(IN_FULL), TASK_PLAN), of_unit(tasks_of(LATE), TASK_PLAN), NOBODY)),
    "tasks_on_time": (asked("tasks_on_time", "at_least", "100"),
                      (of_unit(tasks_of(IN_FULL), TASK_PLAN), of_unit(tasks_of(LATE), TASK_PLAN), NOBODY)),
    "points": (asked("points", "at_least", "80"), (*WITH_BOTH, NOBODY)),
    "index": (asked("index", "at_least", "80"), (*WITH_BOTH, NOBODY)),
    "class": (asked("class", "level_at_least", "t"), (*WITH_BOTH, NOBODY)),
    "rank": (asked("rank", "at_most", "3"), (*WITH_BOTH, NOBODY)),
    "rank_in_block": (asked("rank_in_block", "at_most", "3"), (*WITH_BOTH, NOBODY)),
    "rank_gain": (asked("rank_gain", "at_least", "1"), (*WITH_BOTH, NOBODY)),
    "prior_awards": (PRIOR, (
        (known(PLAN, ROUND, register=register_of("2021 2022", "2022-02-28 2023-02-28")), Nominee(A)),
        (known(PLAN, ROUND, register=register_of("", "")), Nominee(A)), NOBODY)),
    "prior_awards_by_decision": (replace(PRIOR, fact="prior_awards_by_decision"), (
        (known(PLAN, ROUND, register=register_of("2021 2022", "2022-02-28 2023-02-28")), Nominee(A)),
        (known(PLAN, ROUND, register=register_of("", "")), Nominee(A)), NOBODY)),
    "dossier_complete": (asked("dossier_complete"), (
        of_unit(papers(DOSSIERS[0]), PAPER_PLAN), of_unit(papers(DOSSIERS[3]), PAPER_PLAN),
        of_unit(papers(DOSSIERS[-1]), PAPER_PLAN))),
    "on_time": (asked("on_time"), tuple(
        (known(PLAN, ROUND, [counted(PLAN, ROUND, A, {}, received=day)]), Nominee(A))
        for day in (date(2026, 1, 29), date(2026, 1, 30), None))),
    "dissolved": (asked("dissolved", "no"), (NOBODY, (NOBODY[0], Nominee(replace(A, dissolved_on=date(2025, 7, 1)))))),
    "priority": (asked("priority", "at_most", "2"), tuple(
        (NOBODY[0], Nominee(A, Person(order, "Lê An", None))) for order in (1, 3, None))),
}  # fmt: skip


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_of_the_language_passes_fails_and_may_be_unknown(fact: str) -> None:
    gate, cases = CASES[fact]
    always_known = fact in ("has_index", "dissolved")
    assert [WORD[judge(*case, gate).passing] for case in cases] == ["pass", "fail", "?"][: 2 if always_known else 3]


# -- conditions, alternatives, and what comes of all gates together ----------------------------------------------------

WHEN = lines_of("""
    | when  | fact  | result |
    |-------|-------|--------|
    | Có    | Có    | pass   |
    | Có    | Không | fail   |
    | Có    |       | ?      |
    | Không | Có    | skip   |
    | Không | Không | skip   |
    | Không |       | skip   |
    |       | Có    | ?      |
    |       | Không | ?      |
    |       |       | ?      |
""")
TWO_ANSWERS = replace(PLAN, questions=tuple(
    Question(code=code, label=f"Câu hỏi {code}", subject="collective", type="yes_no") for code in ("x", "y", "z")
))  # fmt: skip


@pytest.mark.parametrize("case", WHEN, ids=lambda case: f"when {case['when']}, fact {case['fact']}")
def test_a_condition_that_does_not_hold_skips_the_gate_and_one_unknown_leaves_it_unknown(case: dict[str, str]) -> None:
    about = of_unit({**told("x", case["when"]), **told("y", case["fact"])}, TWO_ANSWERS)
    result = judge(*about, asked("y", when="x"))
    assert WORD[result.passing] == case["result"]
    tells = "C8" if case["when"] == YES else "C7"
    assert result.reason.places == (Place("nop/A.xlsx", INFORMATION, tells),)


ALTERNATIVES = lines_of("""
    | x     | y     | z when x | fate       | reasons |
    |-------|-------|----------|------------|---------|
    | Có    | Không | Không    | eligible   |         |
    | Không | Có    | Không    | eligible   |         |
    | Không | Không | Có       | ineligible | gx; gy  |
    | Không | Không | Không    | ineligible | gx; gy  |
    | Không |       | Không    | unproven   | gx; gy  |
    |       | Không | Không    | unproven   | gx; gy; gz |
    |       |       |          | unproven   | gx; gy; gz |
    |       | Có    |          | eligible   |         |
""")


def fate(made: Screening) -> str:
    return "eligible" if made.eligible else "ineligible" if made.failed else "unproven"


@pytest.mark.parametrize("case", ALTERNATIVES, ids=lambda case: f"x {case['x']}, y {case['y']}, z {case['z when x']}")
def test_of_alternatives_one_is_enough_and_all_must_fail(case: dict[str, str]) -> None:
    gates = (asked("x", code="gx", any_of="g"), asked("y", code="gy", any_of="g"),
             asked("z", code="gz", any_of="g", when="x"))  # fmt: skip
    plan = replace(TWO_ANSWERS, gates=gates)
    made = screen(*of_unit({**told("x", case["x"]), **told("y", case["y"]), **told("z", case["z when x"])}, plan))
    assert (fate(made), "; ".join(reason.gate for reason in made.failed + made.unproven)) == (
        case["fate"],
        case["reasons"],
    )


def test_alternatives_that_are_all_skipped_ask_nothing() -> None:
    gates = (asked("y", any_of="g", when="x"), asked("z", any_of="g", when="x"))
    made = screen(*of_unit({**told("x", NO), **told("y", NO)}, replace(TWO_ANSWERS, gates=gates)))
    assert made.eligible
    assert [result.passing for result in made.results] == [Passing.SKIPPED] * 2


TOGETHER = lines_of("""
    | x     | y     | z     | fate       | failed | unproven |
    |-------|-------|-------|------------|--------|----------|
    | Có    | Có    | Có    | eligible   |        |          |
    | Có    | Có    |       | unproven   |        | gz       |
    | Có    | Không |       | ineligible | gy     | gz       |
    | Không | Không | Có    | ineligible | gx; gy |          |
    |       |       |       | unproven   |        | gx; gy; gz |
""")


@pytest.mark.parametrize("case", TOGETHER, ids=lambda case: case["fate"] + case["failed"])
def test_any_fail_is_ineligible_any_other_unknown_is_unproven(case: dict[str, str]) -> None:
    plan = replace(TWO_ANSWERS, gates=tuple(asked(code, code=f"g{code}") for code in "xyz"))
    made = screen(*of_unit({key: value for code in "xyz" for key, value in told(code, case[code]).items()}, plan))
    said = ["; ".join(reason.gate for reason in reasons) for reasons in (made.failed, made.unproven)]
    assert (fate(made), *said) == (case["fate"], case["failed"], case["unproven"])


def test_only_the_gates_of_the_round_the_block_and_the_subject_are_asked() -> None:
    gates = (
        asked("x", code="all"),
        asked("x", code="round", rounds=("hang-nam",)),
        asked("x", code="other-round", rounds=("tong-ket",)),
        asked("x", code="block", blocks=("phong",)),
        asked("x", code="other-block", blocks=("xa",)),
        asked("x", code="person", subject="individual"),
    )
    about, unit = of_unit({}, replace(TWO_ANSWERS, gates=gates))
    assert [result.gate.code for result in screen(about, unit).results] == ["all", "round", "block"]
    assert [result.gate.code for result in screen(about, Nominee(A, Person(1, "Lê An", None))).results] == ["person"]


# -- how far a fact can be trusted -------------------------------------------------------------------------------------


def both(plan: Plan, code: str) -> Plan:
    """The plan with this question answered by the unit, and the office to confirm it."""
    questions = tuple(replace(item, who_answers="both" if item.code == code else "unit") for item in plan.questions)
    return replace(plan, questions=questions)


def test_what_a_unit_says_of_itself_counts_and_is_marked_until_the_office_speaks() -> None:
    plan = both(PLAN, "co-khong")
    gate = asked("co-khong")
    alone = judge(*of_unit(told("co-khong", YES), plan), gate)
    assert (alone.passing, alone.facts[0].unconfirmed) == (Passing.PASS, True)
    confirmed = judge(*of_unit(told("co-khong", YES), plan, office={("A", "", "co-khong"): YES}), gate)
    assert (confirmed.passing, confirmed.facts[0].unconfirmed) == (Passing.PASS, False)
    contradicted = judge(*of_unit(told("co-khong", YES), plan, office={("A", "", "co-khong"): NO}), gate)
    assert (contradicted.passing, contradicted.facts[0].unconfirmed) == (Passing.FAIL, False)
    assert contradicted.reason.places == (Place("co-quan.xlsx", "Xác nhận", "D2"),)
    not_to_confirm = judge(*of_unit(told("co-khong", YES)), gate)
    assert not_to_confirm.facts[0].unconfirmed is False


def test_an_index_a_unit_declares_is_marked_until_the_office_confirms_it() -> None:
    plan = replace(PLAN, indices=(replace(INDEX, last_value=Decimal(50), who_answers="both"),))
    declared = {(INDICES, "CS1", "Năm nay"): Decimal(60)}
    gates = asked("CS1", RISEN), asked("indices", RISEN), asked("CS1", "at_least", "60")
    alone = [judge(*of_unit(declared, plan), gate) for gate in gates]
    assert [(result.passing, result.facts[0].unconfirmed) for result in alone] == [(Passing.PASS, True)] * 3
    told_so = [judge(*of_unit(declared, plan, office={("A", "", "CS1"): Decimal(60)}), gate) for gate in gates]
    assert [(result.passing, result.facts[0].unconfirmed) for result in told_so] == [(Passing.PASS, False)] * 3
    lower = judge(*of_unit(declared, plan, office={("A", "", "CS1"): Decimal(40)}), gates[0])
    assert (lower.passing, lower.reason.places) == (Passing.FAIL, (Place("co-quan.xlsx", "Xác nhận", "D2"),))


WHOM = lines_of("""
    | unit | order | person 1 of A | person 2 of A | person 1 of B |
    |------|-------|---------------|---------------|---------------|
    | A    | 1     | pass          | ?             | ?             |
    | A    | *     | pass          | pass          | ?             |
    | *    | *     | pass          | pass          | pass          |
    | B    | 1     | ?             | ?             | pass          |
    | A    |       | ?             | ?             | ?             |
""")


@pytest.mark.parametrize("case", WHOM, ids=lambda case: f"{case['unit']} {case['order']}")
def test_the_office_speaks_of_one_person_or_of_all(case: dict[str, str]) -> None:
    plan = replace(PLAN, questions=tuple(replace(item, who_answers="office") for item in PLAN.questions))
    about = known(plan, ROUND, office={(case["unit"], case["order"], "co-khong"): YES})
    people = {"person 1 of A": Nominee(A, Person(1, "An", None)), "person 2 of A": Nominee(A, Person(2, "Bình", None)),
              "person 1 of B": Nominee(B, Person(1, "Chi", None))}  # fmt: skip
    said = {who: WORD[judge(about, person, asked("co-khong")).passing] for who, person in people.items()}
    assert said == {who: case[who] for who in people}


def test_the_office_speaks_of_all_units_and_the_word_on_one_unit_goes_first() -> None:
    plan = replace(PLAN, questions=tuple(replace(item, who_answers="office") for item in PLAN.questions))
    about = known(plan, ROUND, office={(EVERY, "", "muc"): "Hoàn thành tốt", ("B", "", "muc"): "Hoàn thành"})
    gate = asked("muc", "level_at_least", "t")
    assert [WORD[judge(about, Nominee(unit), gate).passing] for unit in (A, B)] == ["pass", "fail"]
    silent = judge(known(plan, ROUND), Nominee(A), gate)
    assert (silent.passing, silent.reason.observed) == (Passing.UNKNOWN, "cơ quan thường trực chưa xác nhận")


@pytest.mark.parametrize(("deadline", "today", "provisional"), [
    (date(2025, 12, 5), date(2026, 2, 1), True),  # due before the year was over
    (date(2026, 1, 30), date(2025, 12, 1), False),
    (None, date(2025, 12, 31), True),
    (None, date(2026, 1, 1), False),
])  # fmt: skip
def test_a_grade_given_before_the_year_is_over_counts_and_is_marked_provisional(
    deadline: date | None, today: date, provisional: bool
) -> None:
    plan = replace(PLAN, rounds=(replace(ROUND, deadline=deadline),))
    about, unit = of_unit(told("muc", "Hoàn thành tốt"), plan, today=today, standings=[SCORED])
    mark = " (tạm thời)" if provisional else ""
    for fact, shown in (("muc", "Hoàn thành tốt"), ("class", "Tốt")):
        result = judge(about, unit, asked(fact, "level_at_least", "t"))
        assert (result.passing, result.facts[0].provisional) == (Passing.PASS, provisional)
        assert result.reason.observed == shown + mark
    missing, unit = of_unit({}, plan, today=today)
    assert judge(missing, unit, asked("muc", "level_at_least", "t")).passing is Passing.UNKNOWN


# -- the proof ---------------------------------------------------------------------------------------------------------

PROOFS = lines_of("""
    | fact      | answer     | operator       | value | observed       | required                     | cell |
    |-----------|------------|----------------|-------|----------------|------------------------------|------|
    | co-khong  | Không      | yes            |       | Không          | Có                           | C7   |
    | co-khong  | Có         | no             |       | Có             | Không                        | C7   |
    | co-khong  |            | yes            |       | phiếu để trống | Có                           | C7   |
    | so        | 1234.5     | at_least       | 1300  | 1.234,5        | từ 1.300 trở lên             | C8   |
    | so-nguyen | 3          | at_most        | 2     | 3              | không quá 2                  | C9   |
    | phan-tram | 95         | at_least       | 100   | 95 %           | từ 100 % trở lên             | C10  |
    | muc       | Hoàn thành | level_at_least | t     | Hoàn thành     | từ «Hoàn thành tốt» trở lên  | C11  |
""")


@pytest.mark.parametrize("case", PROOFS, ids=lambda case: f"{case['fact']} {case['observed']}")
def test_a_reason_cites_the_clause_what_was_seen_what_is_asked_and_the_cell(case: dict[str, str]) -> None:
    gate = asked(case["fact"], case["operator"], case["value"])
    reason = judge(*of_unit(told(case["fact"], case["answer"])), gate).reason
    assert (reason.gate, reason.clause, reason.message) == ("dk", "III.2-1", "Tiêu chuẩn")
    assert (reason.observed, reason.required) == (case["observed"], case["required"])
    assert reason.places == (Place("nop/A.xlsx", INFORMATION, case["cell"]),)


def test_a_date_and_a_text_are_told_as_people_write_them() -> None:
    questions = (Question(code="ngay", label="Ngày", subject="collective", type="date"),
                 Question(code="chu", label="Chữ", subject="collective", type="text"))  # fmt: skip
    plan = replace(PLAN, questions=questions)
    answers = {(INFORMATION, "ngay", "Trả lời"): date(2025, 3, 9), (INFORMATION, "chu", "Trả lời"): "Một cửa"}
    observed = [judge(*of_unit(answers, plan), asked(code)).reason.observed for code in ("ngay", "chu")]
    assert observed == ["09/03/2025", "Một cửa"]
