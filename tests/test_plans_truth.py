"""The five shipped plans against PLANS.md: rounds, seats, conditions, days, papers, money, notes, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from markdown_table import lines_of
from returned_forms import counted, known

from thidua_xlsx.model.form import INDICES, PEOPLE, YES
from thidua_xlsx.model.language import METHODS
from thidua_xlsx.model.plan import Gate, Plan, Quota, Round, applies
from thidua_xlsx.model.results import Nominee, Passing
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.stages.judging.nominate import people_of
from thidua_xlsx.stages.judging.reward import reward
from thidua_xlsx.stages.judging.screen import screen
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.plans import read_plan, shipped_plan_ids, shipped_plan_path

PLANS = {
    "soc-trang": "soc-trang-2025",
    "can-tho": "can-tho-2021-2025",
    "kim-phuong": "kim-phuong-2025",
    "nga-nam": "nga-nam-2021-2030",
    "thuong-phuc": "thuong-phuc-2026-2030",
}
SOC_TRANG, CAN_THO, KIM_PHUONG, NGA_NAM, THUONG_PHUC = PLANS
every_plan = pytest.mark.parametrize("name", PLANS)


@cache
def plan_of(name: str) -> Plan:
    plan, findings = read_plan(PLANS[name])
    assert plan is not None, findings
    return plan


def round_of(name: str, code: str) -> Round:
    found = plan_of(name).round(code)
    assert found is not None
    return found


def test_the_five_plans_are_shipped_and_nothing_else() -> None:
    assert set(shipped_plan_ids()) == set(PLANS.values())


@every_plan
def test_a_shipped_plan_has_no_fault_and_stands_in_its_canonical_text(name: str) -> None:
    plan, findings = read_plan(PLANS[name])
    assert findings == ()
    assert plan is not None
    assert plan_text(plan) == shipped_plan_path(PLANS[name]).read_text(encoding="utf-8")


HEADS = lines_of("""
    | plan        | year | authority                         | standing body                   |
    |-------------|------|-----------------------------------|---------------------------------|
    | soc-trang   | 2025 | Ủy ban nhân dân phường Sóc Trăng  | Phòng Văn hóa - Xã hội          |
    | can-tho     | 2024 | Ủy ban nhân dân thành phố Cần Thơ | Sở Nội vụ                       |
    | kim-phuong  | 2025 | Ủy ban nhân dân xã Kim Phượng     | Bộ phận Văn phòng - thống kê xã |
    | nga-nam     | 2024 | Ủy ban nhân dân thị xã Ngã Năm    | Phòng Nội vụ thị xã Ngã Năm     |
    | thuong-phuc | 2026 | Ủy ban nhân dân xã Thượng Phúc    | Phòng Văn hóa - Xã hội          |
""")


@pytest.mark.parametrize("case", HEADS, ids=lambda case: case["plan"])
def test_who_issued_the_plan_and_who_collects_the_forms(case: dict[str, str]) -> None:
    head = plan_of(case["plan"]).head
    assert head.id == PLANS[case["plan"]]
    assert [str(head.year), head.authority, head.standing_body] == list(case.values())[1:]


# -- rounds and days ---------------------------------------------------------------------------------------------------

ROUNDS = lines_of("""
    | plan        | round    | kind    | years     | units | people | last day   | handed on by | clause          |
    |-------------|----------|---------|-----------|-------|--------|------------|--------------|-----------------|
    | soc-trang   | hang-nam | annual  | 2025-2025 | 4     | 7      | 2026-01-29 |              | IV.1.b          |
    | can-tho     | hang-nam | annual  | 2021-2024 | 5     | 12     | 2025-02-09 | 2025-02-24   | III.3.a, IV.1.a |
    | can-tho     | tong-ket | final   | 2021-2025 | 10    | 24     | 2026-02-09 | 2026-02-24   | III.3.b, IV.1.a |
    | kim-phuong  | hang-nam | annual  | 2025-2025 | 1     | 1      | 2025-12-05 |              | III.3           |
    | nga-nam     | hang-nam | annual  | 2021-2030 | 3     | 3      |            |              | III.1, II.3.a   |
    | nga-nam     | so-ket   | midterm | 2021-2025 | 5     | 10     |            |              | III.2, II.3.b   |
    | nga-nam     | tong-ket | final   | 2021-2030 | 5     | 10     |            |              | III.3, II.3.b   |
    | thuong-phuc | hang-nam | annual  | 2026-2030 | 5     | 10     |            |              | III.1.b         |
    | thuong-phuc | so-ket   | midterm | 2026-2028 | 5     | 10     |            |              | III.1.c         |
    | thuong-phuc | tong-ket | final   | 2026-2030 | 5     | 10     |            |              | III.1.d         |
    | thuong-phuc | dot-xuat | ad_hoc  | 2026-2030 |       |        |            |              | III.1.a         |
""")


def test_every_round_is_there_the_first_one_first() -> None:
    shipped = [(name, item.code) for name in PLANS for item in plan_of(name).rounds]
    assert shipped == [(case["plan"], case["round"]) for case in ROUNDS]


@pytest.mark.parametrize("case", ROUNDS, ids=lambda case: f"{case['plan']} {case['round']}")
def test_a_round_covers_its_years_and_ends_on_its_last_day(case: dict[str, str]) -> None:
    round_ = round_of(case["plan"], case["round"])
    assert (round_.kind, f"{round_.from_year}-{round_.to_year}", round_.clause) == (
        case["kind"],
        case["years"],
        case["clause"],
    )
    totals = [str(total or "") for total in (round_.total_collectives, round_.total_individuals)]
    assert totals == [case["units"], case["people"]]
    onwards = replace(round_, deadline=round_.forward_deadline)
    assert [str(last_day(item) or "") for item in (round_, onwards)] == [case["last day"], case["handed on by"]]


DEADLINES = lines_of("""
    | plan       | round    | deadline   | says      | inclusive |
    |------------|----------|------------|-----------|-----------|
    | soc-trang  | hang-nam | 2026-01-30 | trước     | no        |
    | can-tho    | hang-nam | 2025-02-10 | trước     | no        |
    | can-tho    | tong-ket | 2026-02-10 | trước     | no        |
    | kim-phuong | hang-nam | 2025-12-05 | chậm nhất | yes       |
""")


@pytest.mark.parametrize("case", DEADLINES, ids=lambda case: f"{case['plan']} {case['round']}")
def test_the_day_is_the_one_in_the_text_and_its_wording_says_whether_it_counts(case: dict[str, str]) -> None:
    round_ = round_of(case["plan"], case["round"])
    assert (str(round_.deadline), round_.inclusive, round_.late) == (
        case["deadline"],
        case["inclusive"] == "yes",
        "flag",
    )
    layout = lay_out(plan_of(case["plan"]), round_, plan_of(case["plan"]).units_of(round_)[0])
    assert layout.deadline_text.startswith(case["says"])


def test_no_other_round_has_a_day_and_lateness_is_not_judged_there() -> None:
    dated = {(case["plan"], case["round"]) for case in DEADLINES}
    for name in PLANS:
        for round_ in plan_of(name).rounds:
            assert (round_.deadline is not None) is ((name, round_.code) in dated)


# -- seats -------------------------------------------------------------------------------------------------------------

QUOTAS = lines_of("""
    | plan        | round    | subject    | blocks       | seats | binding | order         | within                 | clause  |
    |-------------|----------|------------|--------------|-------|---------|---------------|------------------------|---------|
    | soc-trang   | hang-nam | collective |              | 4     | exactly |               |                        | III.2.a |
    | soc-trang   | hang-nam | individual |              | 7     | at_most |               |                        | III.2.b |
    | can-tho     | hang-nam | collective | so           | 1     | exactly | rank_in_block |                        | III.3.a |
    | can-tho     | hang-nam | collective | nganh-doc    | 1     | exactly | rank_in_block |                        | III.3.a |
    | can-tho     | hang-nam | collective | huyen        | 1     | exactly | rank_in_block |                        | III.3.a |
    | can-tho     | hang-nam | collective | xa           | 1     | exactly | rank_in_block |                        | III.3.a |
    | can-tho     | hang-nam | collective | xa           | 1     | exactly | rank_gain     | rank_gain ≥ 1          | III.3.a |
    | can-tho     | hang-nam | individual | so           | 3     | exactly |               |                        | III.3.a |
    | can-tho     | hang-nam | individual | nganh-doc    | 3     | exactly |               |                        | III.3.a |
    | can-tho     | hang-nam | individual | huyen        | 3     | exactly |               |                        | III.3.a |
    | can-tho     | hang-nam | individual | xa           | 3     | exactly |               |                        | III.3.a |
    | can-tho     | tong-ket | collective | so; doan-the | 3     | exactly |               |                        | III.3.b |
    | can-tho     | tong-ket | collective | nganh-doc    | 1     | exactly |               |                        | III.3.b |
    | can-tho     | tong-ket | collective | huyen        | 2     | exactly |               |                        | III.3.b |
    | can-tho     | tong-ket | collective | xa           | 4     | exactly |               |                        | III.3.b |
    | can-tho     | tong-ket | individual | so           | 6     | exactly |               | unit.rank_in_block ≤ 3 | III.3.b |
    | can-tho     | tong-ket | individual | nganh-doc    | 6     | exactly |               | unit.rank_in_block ≤ 3 | III.3.b |
    | can-tho     | tong-ket | individual | huyen        | 6     | exactly |               | unit.rank_in_block ≤ 3 | III.3.b |
    | can-tho     | tong-ket | individual | xa           | 6     | exactly |               | unit.rank_in_block ≤ 3 | III.3.b |
    | kim-phuong  | hang-nam | collective |              | 1     | exactly |               |                        | III.1   |
    | kim-phuong  | hang-nam | individual |              | 1     | exactly |               |                        | III.1   |
    | nga-nam     | hang-nam | collective | phong-ban    | 1     | exactly |               |                        | III.1   |
    | nga-nam     | hang-nam | collective | xa-phuong    | 2     | exactly | rank_in_block |                        | III.1   |
    | nga-nam     | hang-nam | individual |              | 3     | exactly |               |                        | III.1   |
    | nga-nam     | so-ket   | collective | phong-ban    | 2     | exactly |               |                        | III.2   |
    | nga-nam     | so-ket   | collective | xa-phuong    | 3     | exactly | rank_in_block |                        | III.2   |
    | nga-nam     | so-ket   | individual |              | 10    | exactly |               |                        | III.2   |
    | nga-nam     | tong-ket | collective | phong-ban    | 2     | exactly |               |                        | III.3   |
    | nga-nam     | tong-ket | collective | xa-phuong    | 3     | exactly | rank_in_block |                        | III.3   |
    | nga-nam     | tong-ket | individual |              | 10    | exactly |               |                        | III.3   |
    | thuong-phuc | hang-nam | collective |              | 5     | at_most |               |                        | III.1.b |
    | thuong-phuc | hang-nam | individual |              | 10    | at_most |               |                        | III.1.b |
    | thuong-phuc | so-ket   | collective |              | 5     | at_most |               |                        | III.1.c |
    | thuong-phuc | so-ket   | individual |              | 10    | at_most |               |                        | III.1.c |
    | thuong-phuc | tong-ket | collective |              | 5     | at_most |               |                        | III.1.d |
    | thuong-phuc | tong-ket | individual |              | 10    | at_most |               |                        | III.1.d |
    | thuong-phuc | dot-xuat | collective |              |       | open    |               |                        | III.1.a |
    | thuong-phuc | dot-xuat | individual |              |       | open    |               |                        | III.1.a |
""")  # noqa: E501 - a table
SIGNS = {"at_least": "≥", "at_most": "≤"}
HEADERS = ("round", "subject", "blocks", "seats", "binding", "order", "within", "clause")


def quota_line(round_: Round, quota: Quota) -> tuple[str, ...]:
    limit = quota.within_fact and f"{quota.within_fact} {SIGNS[quota.within_operator or '']} {quota.within_value}"
    return (round_.code, quota.subject, "; ".join(quota.blocks), str(quota.seats or ""), quota.binding,
            "; ".join(quota.order_by), limit or "", quota.clause)  # fmt: skip


@every_plan
def test_the_seats_of_every_round_row_by_row(name: str) -> None:
    plan = plan_of(name)
    rows = [quota_line(round_, quota) for round_ in plan.rounds for quota in plan.quotas
            if applies(quota.rounds, round_.code)]  # fmt: skip
    assert rows == [tuple(case[header] for header in HEADERS) for case in QUOTAS if case["plan"] == name]


@every_plan
def test_the_seats_add_up_to_what_the_text_says(name: str) -> None:
    for case in (case for case in ROUNDS if case["plan"] == name):
        for subject, header in (("collective", "units"), ("individual", "people")):
            rows = [line for line in QUOTAS if (line["plan"], line["round"], line["subject"])
                    == (name, case["round"], subject)]  # fmt: skip
            assert sum(int(line["seats"] or 0) for line in rows) == int(case[header] or 0)


AWARDS = {
    SOC_TRANG: "Giấy khen của Chủ tịch UBND phường",
    CAN_THO: "Bằng khen của Chủ tịch UBND thành phố",
    KIM_PHUONG: "Giấy khen của Chủ tịch UBND xã",
    NGA_NAM: "Giấy khen của Chủ tịch UBND thị xã",
    THUONG_PHUC: "Giấy khen của Chủ tịch UBND xã",
}


@every_plan
def test_each_plan_gives_one_award_and_limits_nobody_to_a_share(name: str) -> None:
    plan = plan_of(name)
    assert {quota.award for quota in plan.quotas} == {row.award for row in plan.awards} == {AWARDS[name]}
    assert {quota.per_unit for quota in plan.quotas} == {None}


def test_can_tho_has_its_four_blocks_and_the_unions_in_the_final_round_alone() -> None:
    plan = plan_of(CAN_THO)
    blocks = {
        code: {unit.block for unit in plan.units_of(round_of(CAN_THO, code))} for code in ("hang-nam", "tong-ket")
    }
    assert blocks == {"hang-nam": {"so", "nganh-doc", "huyen", "xa"},
                      "tong-ket": {"so", "nganh-doc", "huyen", "xa", "doan-the"}}  # fmt: skip
    of_unions = {quota.subject for quota in plan.quotas if "doan-the" in quota.blocks}
    assert of_unions == {"collective"}


# -- conditions --------------------------------------------------------------------------------------------------------

# One line a round and clause of PLANS.md. "or:" alternatives, "in:" a block, "when:" a condition.
GATES = {
    SOC_TRANG: """
    | rounds   | subject    | clause    | conditions                                                      |
    |----------|------------|-----------|-----------------------------------------------------------------|
    | hang-nam | collective | III.2.a   | duoc-giao-linh-vuc; has_index                                   |
    | hang-nam | collective | III.3.a-1 | doan-ket                                                        |
    | hang-nam | collective | III.3.a-2 | hieu-qua-chat-luong; tasks_completed ≥ 100; tasks_on_time ≥ 100 |
    | hang-nam | collective | III.3.a-3 | indices risen in percent, all                                   |
    | hang-nam | collective | IV.2      | dossier_complete                                                |
    | hang-nam | collective | NĐ 152    | not xem-xet-ky-luat                                             |
    | hang-nam | individual | II.1.2    | la-cong-chuc-vien-chuc                                          |
    | hang-nam | individual | III.2.b   | unit.has_index; truc-tiep-tham-muu                              |
    | hang-nam | individual | III.3.b-1 | doan-ket-ca-nhan                                                |
    | hang-nam | individual | III.3.b-2 | thanh-tich-xuat-sac                                             |
    | hang-nam | individual | III.3.b-2 | or: CS risen in percent                                         |
    | hang-nam | individual | III.3.b-2 | or: indices risen in percent, asked                             |
    | hang-nam | individual | IV.2      | dossier_complete                                                |
    | hang-nam | individual | NĐ 152    | not xem-xet-ky-luat-ca-nhan                                     |
    """,
    CAN_THO: """
    | rounds   | subject    | clause                 | conditions                                           |
    |----------|------------|------------------------|------------------------------------------------------|
    | hang-nam | collective | III.1.a (tập thể, + 1) | chi-dao-van-ban; ke-hoach-cchc                       |
    | hang-nam | collective | III.1.a (tập thể, + 2) | so-hinh-thuc-tuyen-truyen ≥ 2; tuyen-truyen-hieu-qua |
    | hang-nam | collective | III.1.a (tập thể, + 3) | ke-hoach-thi-dua; thuc-hien-thi-dua                  |
    | hang-nam | collective | III.1.a (tập thể, + 4) | nhiem-vu-hieu-qua; tasks_on_time ≥ 100               |
    | hang-nam | collective | III.1.a (tập thể, + 5) | so-sang-kien ≥ 2                                     |
    | hang-nam | collective | III.1.a (tập thể, + 6) | or: rank_in_block ≤ 3; or: rank_gain ≥ 5             |
    | hang-nam | individual | III.1.a (cá nhân, + 1) | pham-chat                                            |
    | hang-nam | individual | III.1.a (cá nhân, + 2) | xep-loai-ca-nhan ≥ httnv; sang-kien-ca-nhan          |
    | tong-ket | collective | III.1.b                | xuat-sac-tap-the; prior_awards ≥ 2 in 2021-2025      |
    | tong-ket | collective | NĐ 152                 | not xem-xet-ky-luat-tap-the                          |
    | tong-ket | individual | III.1.b                | xuat-sac-ca-nhan; prior_awards ≥ 2 in 2021-2025      |
    | tong-ket | individual | II.1.b, III.3.b        | not unit.to-chuc-doan-the                            |
    | tong-ket | individual | NĐ 152                 | not xem-xet-ky-luat-ca-nhan                          |
    | both     | collective | IV.2                   | dossier_complete                                     |
    | both     | collective | TT 15                  | not dissolved                                        |
    | both     | individual | II.1.b                 | truc-tiep-cchc                                       |
    | both     | individual | IV.2                   | dossier_complete                                     |
    """,
    KIM_PHUONG: """
    | rounds   | subject    | clause   | conditions                    |
    |----------|------------|----------|-------------------------------|
    | hang-nam | collective | II.3.a-1 | xep-loai-tap-the ≥ HTXSNV     |
    | hang-nam | collective | II.3.a-2 | thuc-hien-tot-cchc            |
    | hang-nam | collective | II.3.a-3 | class ≥ tot                   |
    | hang-nam | collective | II.3.a-4 | xep-loai-chi-so-co-quan ≥ tot |
    | hang-nam | collective | II.3.a-5 | not vi-pham-ky-cuong          |
    | hang-nam | collective | III.2    | dossier_complete              |
    | hang-nam | collective | NĐ 152   | not xem-xet-ky-luat           |
    | hang-nam | individual | II.3.b-1 | xep-loai-ca-nhan ≥ HTXSNV     |
    | hang-nam | individual | II.3.b-2 | chi-dao-quan-triet            |
    | hang-nam | individual | II.3.b-3 | chat-luong-thoi-gian          |
    | hang-nam | individual | II.3.b-4 | not vi-pham-ky-cuong-ca-nhan  |
    | hang-nam | individual | III.2    | dossier_complete              |
    | hang-nam | individual | NĐ 152   | not xem-xet-ky-luat-ca-nhan   |
    """,
    NGA_NAM: """
    | rounds     | subject    | clause            | conditions                                                      |
    |------------|------------|-------------------|-----------------------------------------------------------------|
    | hang-nam   | collective | III.1             | in phong-ban: tham-muu-dac-luc                                  |
    | hang-nam   | collective | III.1             | in khac: not khong-co-suat-tap-the                              |
    | so-ket     | collective | III.2             | in phong-ban: tham-muu-dac-luc                                  |
    | so-ket     | collective | III.2             | in khac: not khong-co-suat-tap-the                              |
    | tong-ket   | collective | III.3             | in phong-ban: tham-muu-dac-luc                                  |
    | tong-ket   | collective | III.3             | in khac: not khong-co-suat-tap-the                              |
    | all        | collective | III.4 (tập thể)-1 | nhiem-vu-chat-luong; tasks_completed ≥ 100; tasks_on_time ≥ 100 |
    | all        | collective | III.4 (tập thể)-2 | dung-dau-chi-dao                                                |
    | all        | collective | III.4 (tập thể)-3 | xuat-sac-tieu-bieu                                              |
    | all        | collective | III.4 (tập thể)-4 | mo-hinh-sang-kien                                               |
    | all        | collective | I.2.e             | not dang-thi-hanh-ky-luat; not dang-xem-xet-ky-luat             |
    | all        | collective | III.5.a           | dossier_complete                                                |
    | all        | collective | TT 15             | not dissolved                                                   |
    | of periods | collective | NĐ 152            | not dang-kiem-tra-xac-minh                                      |
    | hang-nam   | individual | III.1             | tham-muu-dac-luc-cn; sang-kien-noi-bat                          |
    | so-ket     | individual | III.2             | tham-muu-dac-luc-cn; sang-kien-noi-bat                          |
    | tong-ket   | individual | III.3             | tham-muu-dac-luc-cn; sang-kien-noi-bat                          |
    | all        | individual | III.4 (cá nhân)-1 | or: thanh-tich-gan-tap-the, of staff                            |
    | all        | individual | III.4 (cá nhân)-1 | or: y-tuong-viec-lam, of staff                                  |
    | all        | individual | III.4 (cá nhân)-2 | dao-duc-doan-ket; nghia-vu-cong-dan                             |
    | all        | individual | I.2.e             | not dang-thi-hanh-ky-luat-cn; not dang-xem-xet-ky-luat-cn       |
    | all        | individual | III.5.a           | dossier_complete                                                |
    | of periods | individual | NĐ 152            | not dang-kiem-tra-xac-minh-cn                                   |
    """,
    THUONG_PHUC: """
    | rounds   | subject    | clause    | conditions                                                         |
    |----------|------------|-----------|--------------------------------------------------------------------|
    | all      | collective | III.2-1   | phap-luat-doan-ket; mo-hinh-giai-phap; hoi-dong-sang-kien          |
    | planned  | collective | III.2-2   | indices risen in points, all when has_index                        |
    | planned  | collective | III.2-3   | truc-tiep-tham-muu; xuat-sac-toan-dien; xep-loai-tap-the ≥ HTXSNV  |
    | planned  | collective | III.3.b-1 | dossier_complete                                                   |
    | dot-xuat | collective | III.1.a   | thanh-tich-dot-xuat                                                |
    | dot-xuat | collective | III.3.b-3 | dossier_complete                                                   |
    | all      | collective | NĐ 152    | not dang-thi-hanh-ky-luat; not dang-xem-xet-ky-luat                |
    | all      | individual | III.2-1   | phap-luat-doan-ket-cn; mo-hinh-giai-phap-cn; hoi-dong-sang-kien-cn |
    | planned  | individual | III.2-4   | truc-tiep-tham-muu-cn; xep-loai-ca-nhan ≥ HTTNV                    |
    | planned  | individual | III.3.b-1 | dossier_complete                                                   |
    | dot-xuat | individual | III.1.a   | thanh-tich-dot-xuat-cn                                             |
    | dot-xuat | individual | III.3.b-3 | dossier_complete                                                   |
    | all      | individual | NĐ 152    | not dang-thi-hanh-ky-luat-cn; not dang-xem-xet-ky-luat-cn          |
    """,
}  # fmt: skip
PLANNED = ("hang-nam", "so-ket", "tong-ket")
SOME_ROUNDS = {"both": ("hang-nam", "tong-ket"), "all": (*PLANNED, "dot-xuat"), "planned": PLANNED,
               "of periods": ("so-ket", "tong-ket")}  # fmt: skip
# The law beside the plan, as each plan file spells it.
LAW = {"NĐ 152": "152/2025/NĐ-CP", "TT 15": "TT 15/2025/TT-BNV"}


def condition(gate: Gate) -> str:
    """A gate as the tables above write it."""
    words = {
        "yes": gate.fact,
        "no": f"not {gate.fact}",
        "at_least": f"{gate.fact} ≥ {gate.value}",
        "at_most": f"{gate.fact} ≤ {gate.value}",
        "level_at_least": f"{gate.fact} ≥ {gate.value}",
        "above_last_year_or_at_max": f"{gate.fact} risen in {gate.compare}",
    }[gate.operator]
    years = f" in {gate.from_year}-{gate.to_year}" if gate.from_year else ""
    scope = f", {gate.scope}" if gate.fact == "indices" else ""
    block = f"in {'; '.join(gate.blocks)}: " if gate.blocks else ""
    when = {None: "", "la-can-bo-lao-dong": ", of staff"}.get(gate.when, f" when {gate.when}")
    return f"{block}{'or: ' if gate.any_of else ''}{words}{scope}{years}{when}"


def clause_of(gate: Gate) -> str:
    return next((short for short, full in LAW.items() if full in gate.clause), gate.clause)


def conditions_of(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    for round_ in plan.rounds:
        for gate in plan.gates:
            if applies(gate.rounds, round_.code):
                yield round_.code, gate.subject, clause_of(gate), condition(gate)


@every_plan
def test_every_clause_is_a_condition_and_every_condition_has_its_clause(name: str) -> None:
    plan = plan_of(name)
    written = {
        (code, line["subject"], line["clause"], words)
        for line in lines_of(GATES[name])
        for code in SOME_ROUNDS.get(line["rounds"], (line["rounds"],))
        for words in line["conditions"].split("; ")
        if plan.round(code)
    }
    assert set(conditions_of(plan)) == written


@every_plan
def test_alternatives_of_one_clause_are_one_group(name: str) -> None:
    groups: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for gate in plan_of(name).gates:
        if gate.any_of:
            groups.setdefault((gate.subject, gate.any_of), set()).add((gate.clause, gate.code))
    assert all(len(members) == 2 and len({clause for clause, _ in members}) == 1 for members in groups.values())
    assert len(groups) == {SOC_TRANG: 1, CAN_THO: 1, NGA_NAM: 1}.get(name, 0)


def test_can_tho_counts_the_certificates_of_the_city_by_year_of_achievement() -> None:
    gates = [gate for gate in plan_of(CAN_THO).gates if gate.fact.startswith("prior")]
    assert {(gate.subject, gate.fact, gate.award) for gate in gates} == {
        (who, "prior_awards", AWARDS[CAN_THO]) for who in ("collective", "individual")}  # fmt: skip


@every_plan
def test_a_case_that_is_open_bars_an_award_decided_from_july_2025(name: str) -> None:
    plan = plan_of(name)
    asked_of_office = {(item.subject, item.code) for item in plan.questions if item.who_answers == "office"}
    for round_ in plan.rounds:
        if round_.decision_date and round_.decision_date < date(2025, 7, 1):
            continue
        for subject in ("collective", "individual"):
            barring = [gate for gate in plan.gates if gate.subject == subject and applies(gate.rounds, round_.code)
                       and "xem-xet-ky-luat" in gate.fact]  # fmt: skip
            assert [(gate.operator, (subject, gate.fact) in asked_of_office) for gate in barring] == [("no", True)]


@every_plan
def test_the_grades_of_staff_and_of_reform_are_scales_of_their_own(name: str) -> None:
    plan = plan_of(name)
    asked = {item.scale for item in plan.questions if item.type == "level"}
    of_staff = {level.scale for level in plan.levels if "nhiệm vụ" in level.label}
    assert plan.head.class_scale not in of_staff
    assert asked <= of_staff | {plan.head.class_scale}
    for scale in of_staff:
        labels = [level.label.removesuffix(" nhiệm vụ") for level in plan.scale(scale)]
        assert labels == ["Không hoàn thành", "Hoàn thành", "Hoàn thành tốt", "Hoàn thành xuất sắc"]


# -- what the conditions do --------------------------------------------------------------------------------------------


def fate(name: str, round_code: str, unit: str, gate: str) -> Passing:
    """One condition for one unit about which nothing was returned."""
    plan, round_ = plan_of(name), round_of(name, round_code)
    nominee = Nominee(next(item for item in plan.units if item.code == unit))
    results = {result.gate.code: result.passing for result in screen(known(plan, round_), nominee).results}
    return results[gate]


def test_soc_trang_a_unit_without_a_field_or_an_index_fails_and_is_no_vacuous_pass() -> None:
    assert fate(SOC_TRANG, "hang-nam", "TYT", "duoc-giao-linh-vuc") is Passing.FAIL
    assert fate(SOC_TRANG, "hang-nam", "TYT", "duoc-giao-chi-so") is Passing.FAIL
    assert fate(SOC_TRANG, "hang-nam", "TYT", "chi-so-thanh-phan") is Passing.UNKNOWN


def test_soc_trang_an_index_without_last_year_is_unknown_and_the_overall_one_is_the_offices() -> None:
    plan, round_ = plan_of(SOC_TRANG), round_of(SOC_TRANG, "hang-nam")
    unit = next(item for item in plan.units if item.code == "TTPVHCC")
    missing = [item.code for item in plan.indices_of(round_, unit) if item.last_value is None]
    assert missing
    answers = {
        (INDICES, item.code, "Năm nay"): item.max for item in plan.indices_of(round_, unit) if item.units != ("*",)
    }
    person = {(PEOPLE, "1", "Họ và tên"): "Lê An", (PEOPLE, "1", "Chỉ số thuộc lĩnh vực phụ trách tham mưu"): None}
    given = counted(plan, round_, unit, {**answers, **person})
    results = {
        result.gate.code: result.passing for result in screen(known(plan, round_, [given]), Nominee(unit)).results
    }
    assert results["chi-so-thanh-phan"] is Passing.UNKNOWN
    for this_year, passing in ((Decimal(88), Passing.PASS), (Decimal(85), Passing.FAIL)):
        about = known(plan, round_, [given], office={("*", "", "CS"): this_year})
        of_person = {result.gate.code: result.passing for result in screen(about, people_of(given, unit)[0]).results}
        assert of_person["chi-so-chung"] is passing


def test_can_tho_what_is_dissolved_is_judged_on_the_day_of_decision() -> None:
    for unit in ("Q-NINH-KIEU", "P-CAI-KHE"):
        assert fate(CAN_THO, "hang-nam", unit, "chua-giai-the") is Passing.PASS
        assert fate(CAN_THO, "tong-ket", unit, "chua-giai-the") is Passing.FAIL
    assert fate(CAN_THO, "tong-ket", "SNV", "chua-giai-the") is Passing.PASS
    plan = plan_of(CAN_THO)
    gone = {unit.block for unit in plan.units if unit.dissolved_on == date(2025, 7, 1)}
    assert gone == {"huyen", "xa"}


def test_nga_nam_a_citizen_is_not_asked_about_the_units_achievement() -> None:
    plan, round_ = plan_of(NGA_NAM), round_of(NGA_NAM, "hang-nam")
    unit = plan.units[0]
    label = next(item.label for item in plan.questions if item.code == "la-can-bo-lao-dong")
    for answer, skipped in ((YES, False), ("Không", True)):
        given = counted(plan, round_, unit, {(PEOPLE, "1", "Họ và tên"): "Lê An", (PEOPLE, "1", label): answer})
        made = screen(known(plan, round_, [given]), people_of(given, unit)[0])
        of_clause = {result.passing for result in made.results if result.gate.clause == "III.4 (cá nhân)-1"}
        assert of_clause == {Passing.SKIPPED if skipped else Passing.UNKNOWN}


def test_nga_nam_the_other_bodies_compete_for_no_seat_of_a_unit() -> None:
    gates = {"hang-nam": "khoi-co-suat-hang-nam", "so-ket": "khoi-co-suat-so-ket", "tong-ket": "khoi-co-suat-tong-ket"}
    assert {fate(NGA_NAM, code, "CATX", gate) for code, gate in gates.items()} == {Passing.FAIL}


def test_thuong_phuc_only_who_is_in_charge_of_an_index_is_asked_about_it() -> None:
    assert fate(THUONG_PHUC, "hang-nam", "MTTQ", "chi-so-tang-diem") is Passing.SKIPPED
    assert fate(THUONG_PHUC, "hang-nam", "VHXH", "chi-so-tang-diem") is Passing.UNKNOWN


def test_kim_phuong_grades_before_the_year_is_over_are_provisional() -> None:
    assert known(plan_of(KIM_PHUONG), round_of(KIM_PHUONG, "hang-nam")).before_year_end
    assert not known(plan_of(SOC_TRANG), round_of(SOC_TRANG, "hang-nam")).before_year_end


# -- papers ------------------------------------------------------------------------------------------------------------

DOSSIERS = lines_of("""
    | plan        | rounds   | stage   | subject    | paper    | form           | sets | or       | clause             |
    |-------------|----------|---------|------------|----------|----------------|------|----------|--------------------|
    | soc-trang   | all      | unit    | both       | Tờ trình | 01 NĐ 152/2025 |      |          | IV.2.a             |
    | soc-trang   | all      | unit    | both       | Biên bản |                |      |          | IV.2.b             |
    | soc-trang   | all      | unit    | collective | Báo cáo  | 08 NĐ 152/2025 |      |          | IV.2.c             |
    | soc-trang   | all      | unit    | individual | Báo cáo  | 08 NĐ 152/2025 |      |          | IV.2.c             |
    | can-tho     | all      | unit    | both       | Tờ trình |                |      |          | IV.2.a             |
    | can-tho     | all      | unit    | both       | Biên bản |                |      | bien-ban | IV.2.b             |
    | can-tho     | all      | unit    | both       | Biên bản |                |      | bien-ban | IV.2.b             |
    | can-tho     | hang-nam | unit    | collective | Báo cáo  | 08 NĐ 98/2023  |      |          | IV.2.c             |
    | can-tho     | hang-nam | unit    | individual | Báo cáo  | 08 NĐ 98/2023  |      |          | IV.2.c             |
    | can-tho     | tong-ket | unit    | collective | Báo cáo  | 08 NĐ 152/2025 |      |          | IV.2.c             |
    | can-tho     | tong-ket | unit    | individual | Báo cáo  | 08 NĐ 152/2025 |      |          | IV.2.c             |
    | can-tho     | all      | council | both       | Tờ trình |                |      |          | IV.1.b, IV.2.a     |
    | can-tho     | all      | council | both       | Biên bản |                |      |          | IV.1.b, IV.2.b     |
    | kim-phuong  | all      | unit    | both       | Tờ trình |                |      |          | III.2              |
    | kim-phuong  | all      | unit    | both       | Biên bản |                |      |          | III.2              |
    | kim-phuong  | all      | unit    | collective | Báo cáo  |                |      |          | III.2              |
    | kim-phuong  | all      | unit    | individual | Báo cáo  |                |      |          | III.2              |
    | nga-nam     | all      | unit    | both       | Văn bản  |                | 2    |          | III.5.a-1, III.5.b |
    | nga-nam     | all      | unit    | collective | Báo cáo  |                | 2    |          | III.5.a-2, III.5.b |
    | nga-nam     | all      | unit    | individual | Báo cáo  |                | 2    |          | III.5.a-2, III.5.b |
    | nga-nam     | all      | unit    | both       | Biên bản |                | 2    |          | III.5.a-3, III.5.b |
    | thuong-phuc | planned  | unit    | both       | Tờ trình |                | 2    |          | III.3.b-1          |
    | thuong-phuc | planned  | unit    | both       | Biên bản |                | 2    |          | III.3.b-1          |
    | thuong-phuc | planned  | unit    | collective | Báo cáo  | 08 NĐ 152/2025 | 2    |          | III.3.b-1          |
    | thuong-phuc | planned  | unit    | individual | Báo cáo  | 08 NĐ 152/2025 | 2    |          | III.3.b-1          |
    | thuong-phuc | planned  | council | both       | Tờ trình |                | 1    |          | III.3.b-2          |
    | thuong-phuc | planned  | council | both       | Biên bản |                | 1    |          | III.3.b-2          |
    | thuong-phuc | planned  | council | collective | Báo cáo  | 08 NĐ 152/2025 | 1    |          | III.3.b-2          |
    | thuong-phuc | planned  | council | individual | Báo cáo  | 08 NĐ 152/2025 | 1    |          | III.3.b-2          |
    | thuong-phuc | dot-xuat | unit    | both       | Tờ trình |                | 2    |          | III.3.b-3          |
    | thuong-phuc | dot-xuat | unit    | collective | Báo cáo  | 06 NĐ 152/2025 | 2    |          | III.3.b-3          |
    | thuong-phuc | dot-xuat | unit    | individual | Báo cáo  | 06 NĐ 152/2025 | 2    |          | III.3.b-3          |
""")


@every_plan
def test_the_papers_their_forms_and_how_many_sets(name: str) -> None:
    papers = []
    for item in plan_of(name).dossiers:
        rounds = {(): "all", PLANNED: "planned"}.get(item.rounds, "; ".join(item.rounds))
        decree = (item.decree or "").replace("Nghị định số", "NĐ").replace("/NĐ-CP", "")
        paper, form = " ".join(item.name.split()[:2]), f"{item.form or ''} {decree}".strip()
        whose = (rounds, item.stage, item.subject)
        papers.append((*whose, paper, form, str(item.sets or ""), item.any_of or "", item.clause))
    assert papers == [tuple(case.values())[1:] for case in DOSSIERS if case["plan"] == name]


@every_plan
def test_nobody_reports_on_a_form_whose_decree_has_ended(name: str) -> None:
    ends = {"91/2017": date(2023, 12, 31), "98/2023": date(2025, 6, 30), "152/2025": date.max}
    for round_ in plan_of(name).rounds:
        day = round_.deadline or date(max(round_.to_year, plan_of(name).head.year), 12, 31)
        for item in plan_of(name).dossiers:
            if item.decree and applies(item.rounds, round_.code):
                (last,) = (end for name, end in ends.items() if name in item.decree)
                assert day <= last


# -- money -------------------------------------------------------------------------------------------------------------

# What finance pays, DOMAIN §1.3: coefficient × base salary of the day, rounded up to 10 000 đồng.
MONEY = lines_of("""
    | plan        | decided    | unit    | person  |
    |-------------|------------|---------|---------|
    | soc-trang   | 2026-03-01 | 1410000 | 710000  |
    | soc-trang   | 2026-07-01 | 1520000 | 760000  |
    | can-tho     | 2022-03-01 | 2980000 | 1490000 |
    | can-tho     | 2023-03-01 | 2980000 | 1490000 |
    | can-tho     | 2023-12-31 | 3600000 | 1800000 |
    | can-tho     | 2024-03-01 | 5400000 | 2700000 |
    | can-tho     | 2025-03-31 | 7020000 | 3510000 |
    | can-tho     | 2026-03-01 | 7020000 | 3510000 |
    | can-tho     | 2026-07-01 | 7590000 | 3800000 |
    | kim-phuong  | 2025-06-30 | 710000  | 360000  |
    | kim-phuong  | 2025-12-20 | 1410000 | 710000  |
    | kim-phuong  | 2026-07-01 | 1520000 | 760000  |
    | nga-nam     | 2022-12-31 | 900000  | 450000  |
    | nga-nam     | 2023-07-01 | 1080000 | 540000  |
    | nga-nam     | 2025-01-31 | 1410000 | 710000  |
    | nga-nam     | 2025-07-01 |         |         |
    | nga-nam     | 2030-12-31 |         |         |
    | thuong-phuc | 2026-06-30 | 1410000 | 710000  |
    | thuong-phuc | 2026-12-31 | 1520000 | 760000  |
""")


@pytest.mark.parametrize("case", MONEY, ids=lambda case: f"{case['plan']} {case['decided']}")
def test_the_money_of_the_day_of_decision(case: dict[str, str]) -> None:
    plan = plan_of(case["plan"])
    round_ = replace(plan.rounds[0], decision_date=date.fromisoformat(case["decided"]))
    paid = [reward(plan, round_, AWARDS[case["plan"]], subject, date.max) for subject in ("collective", "individual")]
    assert [str(money.amount) if money else "" for money in paid] == [case["unit"], case["person"]]


@every_plan
def test_a_collective_gets_twice_what_a_person_gets(name: str) -> None:
    rates = {(row.subject, row.from_): row.coefficient for row in plan_of(name).awards}
    assert {rates["collective", day] for subject, day in rates if subject == "individual"} == {
        coefficient * 2 for (subject, _), coefficient in rates.items() if subject == "individual"
    }
    assert all(rates["collective", day] == 2 * rates["individual", day] for _, day in rates)


# -- scorecards --------------------------------------------------------------------------------------------------------


def test_between_them_the_plans_use_every_scoring_method() -> None:
    used = {line.method for name in PLANS for line in plan_of(name).criteria if line.method}
    assert used == {name for name, _ in METHODS}


@every_plan
def test_every_scorecard_is_of_a_hundred_points(name: str) -> None:
    plan = plan_of(name)
    for round_ in plan.rounds:
        for unit in plan.units_of(round_):
            fields = [line for line in plan.criteria_of(round_, unit) if not line.parent and not line.method]
            assert sum(line.max for line in fields) == (0 if round_.kind == "ad_hoc" else 100)


def test_kim_phuong_scores_its_eight_tasks_the_second_in_two_parts() -> None:
    plan = plan_of(KIM_PHUONG)
    words = ("thể chế", "thủ tục hành chính", "tổ chức, bộ máy", "công vụ", "tài chính công", "chính quyền điện tử",
             "tuyên truyền", "kiểm tra")  # fmt: skip
    fields = [line for line in plan.criteria if not line.parent]
    assert len(fields) == len(words)
    assert all(fold(word) in fold(line.name) for word, line in zip(words, fields, strict=True))
    assert [line.name for line in plan.criteria if line.parent == "2"] == [
        "Cải cách thủ tục hành chính", "Thực hiện cơ chế một cửa, một cửa liên thông"]  # fmt: skip


TARGETS = lines_of("""
    | words                               | target |
    |-------------------------------------|--------|
    | sử dụng dịch vụ công trực tuyến     | 80     |
    | số hóa hồ sơ, kết quả               | 100    |
    | trực tuyến toàn trình               | 90     |
    | cấp kết quả giải quyết TTHC điện tử | 100    |
    | thanh toán trực tuyến               | 80     |
""")


@pytest.mark.parametrize("case", TARGETS, ids=lambda case: case["words"])
def test_thuong_phuc_scores_the_targets_to_be_reached_by_2030(case: dict[str, str]) -> None:
    (line,) = (line for line in plan_of(THUONG_PHUC).criteria if case["words"] in line.name)
    assert (line.method, dict(line.parameters)["target"]) == ("ratio_target", case["target"])


def test_thuong_phuc_fills_no_scorecard_for_an_achievement_out_of_turn() -> None:
    plan, round_ = plan_of(THUONG_PHUC), round_of(THUONG_PHUC, "dot-xuat")
    sheets = [sheet.name for sheet in lay_out(plan, round_, plan.units[0]).sheets]
    assert sheets == ["Thông tin", "Cá nhân", "Hồ sơ"]


# -- what the summary must say -----------------------------------------------------------------------------------------

OURS = "Cách hiểu của chương trình, cơ quan thường trực sửa được"
# Each «care», each «not computed», each value that is our reading: where it must be said, and words it must hold.
NOTES = lines_of("""
    | plan        | rounds   | clause                          | ours | words                                                                     |
    |-------------|----------|---------------------------------|------|---------------------------------------------------------------------------|
    | soc-trang   | all      | III.1                           |      | đơn vị quyết định, chương trình không tính                                |
    | soc-trang   | all      | III.2                           |      | là mức trần theo luật … để trống suất                                     |
    | soc-trang   | all      | III.2                           | yes  | không quy định thứ tự                                                     |
    | soc-trang   | all      | III.2.a, III.2.b                | yes  | không coi là đương nhiên đạt                                              |
    | soc-trang   | all      | III.3.a-2                       | yes  | là hai điều kiện                                                          |
    | soc-trang   | all      | III.3.a-3                       | yes  | không làm tròn … đúng bằng điểm tối đa                                    |
    | soc-trang   | all      | III.3.b-2                       | yes  | một trong hai là đủ                                                       |
    | soc-trang   | all      | III.3.a-3, III.3.b-2            |      | thành lập năm 2025 … Chưa đủ căn cứ … ít hơn 04                           |
    | soc-trang   | all      | IV.1.a, II.3                    |      | công bố sau thời hạn … Chưa đủ căn cứ                                     |
    | soc-trang   | all      | IV.1.b                          |      | ngày cuối cùng là 29/01/2026                                              |
    | soc-trang   | all      | IV.2                            |      | không ghi số bộ                                                           |
    | soc-trang   | all      | IV.1.b, V.3                     |      | cơ quan thường trực tham mưu đánh giá                                     |
    | soc-trang   | all      | III.4.a                         |      | làm tròn lên 10.000                                                       |
    | can-tho     | all      | III.2.a, III.3.a, III.3.b       |      | Giấy khen … chương trình không tính                                       |
    | can-tho     | all      | III.3.a, III.3.b                |      | để trống suất                                                             |
    | can-tho     | all      | II.1.b, III.3.a, III.3.b        |      | Đoàn thể chỉ có suất tập thể ở đợt tổng kết                               |
    | can-tho     | hang-nam | IV.1.a, IV.1.b                  |      | 09/02/2025 … 24/02/2025                                                   |
    | can-tho     | tong-ket | IV.1.a, IV.1.b                  |      | 09/02/2026 … 24/02/2026                                                   |
    | can-tho     | hang-nam | IV.1.b                          | yes  | quý I                                                                     |
    | can-tho     | hang-nam | III.1.a (tập thể, + 5)          | yes  | từ 2 sáng kiến                                                            |
    | can-tho     | hang-nam | III.1.a (tập thể, + 6)          | yes  | 3 hạng đầu của khối                                                       |
    | can-tho     | hang-nam | III.1.a (tập thể, + 6)          | yes  | tăng từ 5 bậc                                                             |
    | can-tho     | hang-nam | III.3.a                         | yes  | tăng ít nhất 1 bậc                                                        |
    | can-tho     | hang-nam | III.3.a                         |      | không giữ cả hai suất … chuyển cho đơn vị kế tiếp                         |
    | can-tho     | tong-ket | III.3.b                         | yes  | không nêu thứ tự                                                          |
    | can-tho     | tong-ket | III.3.b                         | yes  | kết quả năm 2025 … trung bình cả giai đoạn                                |
    | can-tho     | tong-ket | III.1.b                         | yes  | theo năm thành tích … ban hành năm 2022                                   |
    | can-tho     | tong-ket | III.1.b, III.3.b                |      | nhiều nhất hai tập thể … để trống và nêu lý do                            |
    | can-tho     | tong-ket | III.3.b; TT 15/2025/TT-BNV      |      | giải thể từ ngày 01/7/2025 … để trống                                     |
    | can-tho     | all      | IV.2                            |      | Mẫu số 07 Nghị định 91/2017/NĐ-CP, hết hiệu lực                           |
    | can-tho     | all      | IV.2.b                          |      | có một trong hai là đủ                                                    |
    | can-tho     | all      | III.4.a                         |      | 1,0 theo Nghị định 91 … 1,5 theo Nghị định 98                             |
    | kim-phuong  | all      | II.3.a-4                        | yes  | là UBND xã … nhập một lần cho mọi đơn vị                                  |
    | kim-phuong  | all      | II.3.a                          |      | hai thang khác nhau                                                       |
    | kim-phuong  | all      | III.3, II.3                     |      | trước khi kết thúc năm … tạm thời                                         |
    | kim-phuong  | all      | II.3.a-5, II.3.b-4              | yes  | không chỉ tính trường hợp đã có quyết định kỷ luật                        |
    | kim-phuong  | all      | III.1                           |      | là mức trần theo luật … để trống suất                                     |
    | kim-phuong  | all      | III.3                           |      | tính cả ngày 05/12                                                        |
    | kim-phuong  | all      | IV.3                            | yes  | Văn phòng - thống kê                                                      |
    | kim-phuong  | all      | III.1                           | yes  | không ghi mức tiền thưởng                                                 |
    | nga-nam     | so-ket   | II.3.b, III.2, III.3            |      | không còn đơn vị hành chính cấp huyện … không tự thay cơ quan khen thưởng |
    | nga-nam     | tong-ket | II.3.b, III.2, III.3            |      | không còn đơn vị hành chính cấp huyện … không tự thay cơ quan khen thưởng |
    | nga-nam     | hang-nam | II.3.a, III.1                   |      | không tự thay cơ quan khen thưởng                                         |
    | nga-nam     | tong-ket | III.3, II.3.b                   |      | đây là đợt tổng kết                                                       |
    | nga-nam     | all      | II.1, III.1, III.2, III.3       | yes  | không có suất khen tập thể                                                |
    | nga-nam     | all      | II.1.c, III.4 (cá nhân)-1       | yes  | người dân không thuộc cơ quan, đơn vị nào                                 |
    | nga-nam     | all      | I.2.e, III.1, III.2, III.3      |      | để trống suất và nêu rõ lý do                                             |
    | nga-nam     | all      | III.5                           |      | không xét nộp muộn                                                        |
    | nga-nam     | all      | III.5.a, III.5.b                |      | 02 bộ bản chính gửi Ban Chỉ đạo CCHC qua Phòng Nội vụ                     |
    | nga-nam     | all      | II.3.a                          |      | theo thẩm quyền không tính                                                |
    | nga-nam     | all      | III.1, III.2, III.3             |      | không nêu tiền thưởng … giá trị của chương trình                          |
    | thuong-phuc | all      | III.3.a-1                       |      | không quá 05 tập thể, 10 cá nhân … không xét nộp muộn                     |
    | thuong-phuc | all      | II (Đối tượng, tiêu chí).1      |      | hai mục II                                                                |
    | thuong-phuc | so-ket   | III.1.c, III.1.d                | yes  | không ghi năm sơ kết, tổng kết                                            |
    | thuong-phuc | dot-xuat | III.1.a, III.3.b-3              |      | không xếp thứ tự … chương trình không tính                                |
    | thuong-phuc | hang-nam | III.2-3, III.2-4                | yes  | là điều kiện bắt buộc                                                     |
    | thuong-phuc | hang-nam | III.2-2                         |      | theo điểm … Chưa đủ căn cứ                                                |
    | thuong-phuc | hang-nam | III.2-3                         |      | ghi «tạm thời»                                                            |
    | thuong-phuc | hang-nam | III.2-4                         | yes  | không ghi chữ «trở lên»                                                   |
    | thuong-phuc | all      | III.3.b                         | yes  | Mẫu số 06, 08                                                             |
    | thuong-phuc | all      | III.3.b-1, III.3.b-2, III.3.b-3 |      | 02 bộ bản chính … 01 bộ bản chính                                         |
    | thuong-phuc | all      | III.1                           | yes  | không nêu tiền thưởng                                                     |
""")  # noqa: E501 - a table


@pytest.mark.parametrize("case", NOTES, ids=lambda case: f"{case['plan']} {case['rounds']} {case['words']}")
def test_the_summary_says_what_the_office_must_know(case: dict[str, str]) -> None:
    plan = plan_of(case["plan"])
    rounds = [item.code for item in plan.rounds] if case["rounds"] == "all" else [case["rounds"]]
    for code in rounds:
        said = [note for note in plan.notes if applies(note.rounds, code) and note.clause == case["clause"]
                and all(words in note.text for words in case["words"].split(" … "))]  # fmt: skip
        assert len(said) == 1
        assert said[0].text.startswith(OURS) is (case["ours"] == "yes")


@every_plan
def test_what_is_invented_is_called_so(name: str) -> None:
    notes = " ".join(note.text for note in plan_of(name).notes)
    assert "không phải văn bản chính thức" in notes or "thang điểm mô phỏng" in notes


@every_plan
def test_no_task_ends_after_the_returns_are_due(name: str) -> None:
    plan = plan_of(name)
    for round_ in plan.rounds:
        last = last_day(round_) or date(round_.to_year, 12, 31)
        assert all(task.due is None or task.due <= last for task in plan.tasks if applies(task.rounds, round_.code))
