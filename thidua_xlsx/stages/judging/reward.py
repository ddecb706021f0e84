"""Turns a form of award and a date into money: coefficient × base salary in force, rounded up to 10 000 đồng."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

from thidua_xlsx.model.plan import Award, BaseSalary, Plan, Round
from thidua_xlsx.model.results import Money
from thidua_xlsx.model.text import fold

# NĐ 91/2017 Điều 68 khoản 2, repeated by NĐ 98/2023 and NĐ 152/2025 (DOMAIN 1.3).
ROUNDED_TO = 10_000
Dated = TypeVar("Dated", Award, BaseSalary)


def in_force(rows: list[Dated], on: date) -> Dated | None:
    """The latest row already effective on that day."""
    return max((row for row in rows if row.from_ <= on), key=lambda row: row.from_, default=None)


def reward(plan: Plan, round_: Round, award: str, subject: str, today: date) -> Money | None:
    """The money of one award; None when the plan gives no coefficient or base salary for that day."""
    on = round_.decision_date or today
    rate = in_force([row for row in plan.awards if fold(row.award) == fold(award) and row.subject == subject], on)
    base = in_force(list(plan.base_salaries), on)
    # A coefficient of 0 says that the form is no longer given from that day: there is no money to state.
    if rate is None or base is None or not rate.coefficient:
        return None
    exact = rate.coefficient * base.amount
    rounded = (exact / ROUNDED_TO).to_integral_value(ROUND_CEILING) * ROUNDED_TO
    return Money(
        rate.coefficient,
        base.amount,
        Decimal(exact),
        int(rounded),
        on,
        round_.decision_date is None,
        f"{rate.decree}; {base.decree}",
    )
