"""Turns values into what may stand in a cell of a workbook, or refuses them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

# Excel keeps 15 significant digits of a number, and 32,767 units of UTF-16 of a text; more would be lost unseen.
SIGNIFICANT, LONGEST = 15, 32_767


class NotWritten(Exception):
    """XlsxWriter refused or cut something. Our own bug: what is written has been checked before."""


def writable(text: str) -> str:
    """One lone surrogate anywhere would make the whole workbook fail at the very end, as would rich text of XlsxWriter:
    what stands between its marks it writes as it is, so that a unit's own «<r>…</r>» gets a blank before it."""
    if text.startswith("<r>") and text.endswith("</r>"):
        text = f" {text}"
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "replace").decode("utf-16")
    return text


def short_enough(text: str) -> str:
    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) > LONGEST * 2:
        raise NotWritten(f"a text of {len(text)} characters")
    return text


def writable_number(value: int | Decimal) -> int | Decimal:
    if isinstance(value, bool | float | Fraction):
        raise TypeError(f"{value!r}: làm tròn thành Decimal, hoặc ghi Có/Không")
    if isinstance(value, Decimal) and not value.is_finite():
        raise TypeError(f"{value!r} is no number")
    if len(Decimal(value).normalize().as_tuple().digits) > SIGNIFICANT:
        raise TypeError(f"{value!r}: more digits than Excel keeps; round first")
    return value


def number_text(value: int | Decimal) -> str:
    """A number as XlsxWriter spells it."""
    text = str(value)
    plain = len(text) <= SIGNIFICANT and "E" not in text
    if plain and (type(value) is int or (type(value) is Decimal and value.is_finite())):
        return text
    return f"{writable_number(value):.16G}"
