"""Turns numbers and dates into the words and figures that an official would write.

Scores stay exact rationals until they are printed here, and are printed half-up (DESIGN §3).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_TY = 10**9


def _below_thousand(number: int, leading: bool) -> list[str]:
    """Words of up to three digits; behind another group all three are read ("không trăm linh năm")."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
    elif tens == 1:
        words += ["mười"]
        words += [{5: "lăm"}.get(ones, _DIGITS[ones])] if ones else []
    else:
        words += [_DIGITS[tens], "mươi"]
        words += [{1: "mốt", 4: "tư", 5: "lăm"}.get(ones, _DIGITS[ones])] if ones else []
    return words


def _number_words(number: int, leading: bool) -> list[str]:
    words: list[str] = []
    billions, number = divmod(number, _TY)
    if billions:
        words += [*_number_words(billions, leading), "tỷ"]
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, number = divmod(number, size)
        if group:
            words += _below_thousand(group, leading and not words)
            words += [name] if name else []
    return words


def in_words(amount: int) -> str:
    """An amount of money "bằng chữ", as the prize-money table ends (DOMAIN §4.3, layout 5)."""
    words = _number_words(abs(amount), leading=True) or [_DIGITS[0]]
    sentence = " ".join([*(["âm"] if amount < 0 else []), *words, "đồng"])
    return sentence[0].upper() + sentence[1:]


def _steps(value: Fraction | Decimal, decimals: int) -> int:
    """The value counted in units of its last figure in print, half-up (away from zero)."""
    # Whole numbers alone: a run words some hundred values a unit, and Fraction takes ten times as long.
    top, parts = value.as_integer_ratio()
    steps: int = (2 * abs(top) * 10**decimals + parts) // (2 * parts)
    return -steps if top < 0 else steps


def _figures(value: Fraction, decimals: int) -> tuple[str, str, str]:
    """Sign, whole figures and decimals of a value as printed."""
    steps = _steps(value, decimals)
    whole, part = divmod(abs(steps), 10**decimals)
    return "-" if steps < 0 else "", str(whole), str(part).zfill(decimals) if decimals else ""


def printed(value: Fraction | Decimal, decimals: int) -> Decimal:
    """Half-up, always with all decimals: the number that a cell holds, and that people see."""
    return Decimal(_steps(value, decimals)).scaleb(-decimals)


def fixed(value: Fraction, decimals: int) -> str:
    """Half-up, always with all decimals and a decimal point: "86.00"; for ket-qua.json (DESIGN §7)."""
    sign, whole, part = _figures(value, decimals)
    return f"{sign}{whole}.{part}" if part else sign + whole


def points_text(value: Fraction, decimals: int) -> str:
    """Half-up, without idle zeros and with a decimal point: "86", "88.5"; for ket-qua.json (DESIGN §7)."""
    sign, whole, part = _figures(value, decimals)
    part = part.rstrip("0")
    return f"{sign}{whole}.{part}" if part else sign + whole


def vietnamese(value: Fraction, decimals: int) -> str:
    """Half-up, as people read it in Vietnam: "88,5", "1.234,5"."""
    sign, whole, part = _figures(value, decimals)
    part = part.rstrip("0")
    whole = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{whole},{part}" if part else sign + whole


def money(amount: int) -> str:
    """An amount in figures: "1.410.000 đồng"."""
    return f"{vietnamese(Fraction(amount), 0)} đồng"


def date_text(day: date) -> str:
    """A date in figures, day first and padded: "05/12/2025"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def half_up(value: Fraction, decimals: int) -> Fraction:
    """The value as it is printed, to compare printed values exactly."""
    return Fraction(_steps(value, decimals), 10**decimals)
