"""Turns the plan's wording of a deadline into its last day, and into words."""

from __future__ import annotations

from datetime import date, timedelta

from thidua_xlsx.model.plan import Round
from thidua_xlsx.model.wording import date_text


def last_day(round_: Round) -> date | None:
    """The last day on which a return is in time: the deadline, or the day before it («trước ngày»)."""
    if round_.deadline is None:
        return None
    return round_.deadline if round_.inclusive else round_.deadline - timedelta(days=1)


def deadline_text(round_: Round) -> str:
    """The deadline as the plan words it, with the last day spelled out."""
    if round_.deadline is None:
        return "theo thông báo của cơ quan thường trực"
    if round_.inclusive:
        return f"chậm nhất ngày {date_text(round_.deadline)}"
    return f"trước ngày {date_text(round_.deadline)} (ngày cuối cùng: {date_text(round_.deadline - timedelta(days=1))})"
