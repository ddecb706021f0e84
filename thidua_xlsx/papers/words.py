"""Turns what may be unknown into what a draft shows: the value, or a blank that nobody overlooks."""

from __future__ import annotations

from datetime import date

DOTS, SHORT_DOTS = "…………", "……"


def or_dots(text: str | None) -> str:
    """The text, or a visible blank."""
    return (text or "").strip() or DOTS


def counted(number: int) -> str:
    """A count as official papers write it: 04, 12 (NĐ 30/2020/NĐ-CP pads days and numbers alike)."""
    return f"{number:02}" if number else "0"


def day_in_words(day: date | None) -> str:
    """``ngày 05 tháng 02 năm 2026``: days below 10 and months 1 and 2 padded (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    if day is None:
        return f"ngày {SHORT_DOTS} tháng {SHORT_DOTS} năm {SHORT_DOTS}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
