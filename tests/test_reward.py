"""Money: coefficient and base salary of the day of the decision, rounded up to 10 000 đồng."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_table import lines_of

from thidua_xlsx.model.plan import Award, BaseSalary, Head, Plan, Round
from thidua_xlsx.model.results import Money
from thidua_xlsx.stages.judging.reward import reward

HEAD = Head(id="", title="", authority="", place="", standing_body="", year=2025)
ROUND = Round(code="hang-nam", name="", kind="annual", from_year=2025, to_year=2025, clause="I")
COMMUNE, PROVINCE = "Giấy khen của Chủ tịch UBND xã", "Bằng khen của Chủ tịch UBND tỉnh"
TODAY = date(2026, 1, 20)

# The law of DOMAIN 1.3, newest first on purpose: what counts is the date, not the order of rows.
DECREE_91, DECREE_98, DECREE_152 = "NĐ 91/2017", "NĐ 98/2023", "NĐ 152/2025"
AWARDS = tuple(Award(award=award, subject=subject, coefficient=Decimal(coefficient), from_=from_, decree=decree)
               for award, subject, coefficient, from_, decree in [
    (COMMUNE, "individual", "0.3", date(2025, 7, 1), DECREE_152),
    (COMMUNE, "collective", "0.6", date(2025, 7, 1), DECREE_152),
    (COMMUNE, "individual", "0.15", date(2017, 10, 1), DECREE_91),
    (COMMUNE, "collective", "0.3", date(2017, 10, 1), DECREE_91),
    (PROVINCE, "individual", "1.5", date(2024, 1, 1), DECREE_98),
    (PROVINCE, "collective", "3", date(2024, 1, 1), DECREE_98),
    (PROVINCE, "individual", "1", date(2017, 10, 1), DECREE_91),
])
BASES = tuple(BaseSalary(amount=amount, from_=from_, decree=decree) for amount, from_, decree in [
    (2_530_000, date(2026, 7, 1), "NĐ 161/2026"),
    (1_490_000, date(2019, 7, 1), "NĐ 38/2019"),
    (2_340_000, date(2024, 7, 1), "NĐ 73/2024"),
    (1_800_000, date(2023, 7, 1), "NĐ 24/2023"),
])
LAW = Plan(HEAD, awards=AWARDS, base_salaries=BASES)


def paid(award: str, subject: str, decided: date | None, plan: Plan = LAW) -> Money | None:
    return reward(plan, replace(ROUND, decision_date=decided), award, subject, TODAY)


def plain_money(coefficient: str, base: int) -> Money:
    """The money of a plan with one coefficient and one base salary."""
    day = date(2025, 1, 1)
    award = Award(award="Khen", subject="individual", coefficient=Decimal(coefficient), from_=day, decree="")
    salary = BaseSalary(amount=base, from_=day, decree="")
    money = paid("Khen", "individual", day, Plan(HEAD, awards=(award,), base_salaries=(salary,)))
    assert money
    return money


@pytest.mark.parametrize("case", lines_of("""
    | coefficient | 1490000 | 1800000 | 2340000 | 2530000 |
    |-------------|---------|---------|---------|---------|
    | 0.15        | 230000  | 270000  | 360000  | 380000  |
    | 0.3         | 450000  | 540000  | 710000  | 760000  |
    | 0.6         | 900000  | 1080000 | 1410000 | 1520000 |
    | 1.5         | 2240000 | 2700000 | 3510000 | 3800000 |
    | 3.0         | 4470000 | 5400000 | 7020000 | 7590000 |
"""), ids=lambda case: case["coefficient"])
def test_the_amounts_that_finance_pays(case: dict[str, str]) -> None:
    coefficient, *bases = case
    paid_out = [str(plain_money(case[coefficient], int(base)).amount) for base in bases]
    assert paid_out == [case[base] for base in bases]


@pytest.mark.parametrize(
    ("coefficient", "base", "exact", "amount"),
    [
        ("0.15", 1_490_000, "223500", 230_000),  # half-up would give 220 000
        ("0.3", 2_340_000, "702000", 710_000),  # half-up would give 700 000
        ("0.15", 1_800_000, "270000", 270_000),  # nothing to round
        ("1", 1_000_001, "1000001", 1_010_000),
        ("0.333", 10_000, "3330", 10_000),
        ("0.00001", 1_000, "0.01", 10_000),
    ],
)
def test_any_part_of_ten_thousand_counts_as_a_whole(coefficient: str, base: int, exact: str, amount: int) -> None:
    money = plain_money(coefficient, base)
    assert (money.exact, money.amount) == (Decimal(exact), amount)
    assert (money.coefficient, money.base) == (Decimal(coefficient), base)


@given(st.decimals("0.01", "20", places=3), st.integers(1, 5_000_000))
def test_rounding_adds_less_than_ten_thousand_and_takes_nothing(coefficient: Decimal, base: int) -> None:
    money = plain_money(str(coefficient), base)
    assert money.amount % 10_000 == 0
    assert 0 <= money.amount - coefficient * base < 10_000


@pytest.mark.parametrize("case", lines_of("""
    | decided    | subject    | coefficient | base    | amount  | decree                   |
    |------------|------------|-------------|---------|---------|--------------------------|
    | 2019-07-01 | individual | 0.15        | 1490000 | 230000  | NĐ 91/2017; NĐ 38/2019   |
    | 2023-06-30 | individual | 0.15        | 1490000 | 230000  | NĐ 91/2017; NĐ 38/2019   |
    | 2023-07-01 | individual | 0.15        | 1800000 | 270000  | NĐ 91/2017; NĐ 24/2023   |
    | 2024-06-30 | collective | 0.3         | 1800000 | 540000  | NĐ 91/2017; NĐ 24/2023   |
    | 2024-07-01 | collective | 0.3         | 2340000 | 710000  | NĐ 91/2017; NĐ 73/2024   |
    | 2025-06-30 | individual | 0.15        | 2340000 | 360000  | NĐ 91/2017; NĐ 73/2024   |
    | 2025-07-01 | individual | 0.3         | 2340000 | 710000  | NĐ 152/2025; NĐ 73/2024  |
    | 2025-07-01 | collective | 0.6         | 2340000 | 1410000 | NĐ 152/2025; NĐ 73/2024  |
    | 2026-06-30 | individual | 0.3         | 2340000 | 710000  | NĐ 152/2025; NĐ 73/2024  |
    | 2026-07-01 | individual | 0.3         | 2530000 | 760000  | NĐ 152/2025; NĐ 161/2026 |
"""), ids=lambda case: f"{case['decided']} {case['subject']}")
def test_the_law_in_force_on_the_day_of_the_decision_counts_from_that_very_day(case: dict[str, str]) -> None:
    decided = date.fromisoformat(case["decided"])
    money = paid(COMMUNE, case["subject"], decided)
    assert money == Money(Decimal(case["coefficient"]), int(case["base"]),
                          Decimal(case["coefficient"]) * int(case["base"]), int(case["amount"]),
                          decided, False, case["decree"])


def test_an_award_is_found_however_its_name_is_typed() -> None:
    assert paid("giấy khen  của chủ tịch Ubnd xã", "individual", TODAY) == paid(COMMUNE, "individual", TODAY)


def test_one_award_does_not_pay_what_another_is_worth() -> None:
    amounts = {(award, subject): money and money.amount for award in (COMMUNE, PROVINCE)
               for subject in ("individual", "collective") for money in [paid(award, subject, TODAY)]}
    assert amounts == {(COMMUNE, "individual"): 710_000, (COMMUNE, "collective"): 1_410_000,
                       (PROVINCE, "individual"): 3_510_000, (PROVINCE, "collective"): 7_020_000}


def test_without_a_day_of_decision_today_counts_and_the_money_is_provisional() -> None:
    provisional, final = paid(COMMUNE, "individual", None), paid(COMMUNE, "individual", TODAY)
    assert provisional == replace(final, provisional=True)
    assert (final.on, final.provisional) == (TODAY, False)


@pytest.mark.parametrize(
    ("award", "subject", "decided", "plan"),
    [
        pytest.param("Huân chương", "individual", TODAY, LAW, id="an award the plan does not know"),
        pytest.param(COMMUNE, "household", TODAY, LAW, id="a subject without a coefficient"),
        pytest.param(PROVINCE, "collective", date(2023, 12, 31), LAW, id="the day before the coefficient"),
        pytest.param(COMMUNE, "individual", date(2019, 6, 30), LAW, id="the day before the first base salary"),
        pytest.param(COMMUNE, "individual", TODAY, replace(LAW, base_salaries=()), id="no base salary at all"),
        pytest.param(COMMUNE, "individual", TODAY, replace(LAW, awards=()), id="no coefficient at all"),
    ],
)
def test_what_the_plan_does_not_say_is_not_guessed(award: str, subject: str, decided: date, plan: Plan) -> None:
    assert paid(award, subject, decided, plan) is None


@given(st.integers(0, 4000).map(lambda days: date(2017, 1, 1) + timedelta(days)), st.permutations(AWARDS),
       st.permutations(BASES))
def test_the_order_of_rows_pays_nobody_differently(decided: date, awards: list[Award], bases: list[BaseSalary]) -> None:
    plan = replace(LAW, awards=tuple(awards), base_salaries=tuple(bases))
    assert paid(COMMUNE, "individual", decided, plan) == paid(COMMUNE, "individual", decided)
