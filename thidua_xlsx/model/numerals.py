"""Turns numerals as written, by a file or by a person, into the numbers that they can mean.

No ``float()`` anywhere: it takes "8_5", "nan", "1e1" and digits of other scripts (FIELD_NOTES §4).
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

_LONGEST = 40
_LARGEST_EXPONENT = 15

# A number in a file, as the standard writes it.
_IN_FILE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")

# Excel keeps and shows 15 digits; what a file holds beyond them is noise of the binary fraction.
_AS_SHOWN = Context(prec=15, traps=[])

# The three ways in which a person writes a number; "1.250" is written in two of them.
_NO_THOUSANDS = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_THOUSANDS_BY_POINT = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_THOUSANDS_BY_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def plain(value: Decimal) -> str:
    """A number without exponent and idle zeros: "8.4", "100"."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def is_whole(value: Decimal) -> bool:
    """Whether nothing stands behind the decimal point; unlike ``%`` it fails for no precision."""
    return value == value.to_integral_value()


def number_in_file(text: str) -> Decimal | None:
    """The number that a number cell shows: 8.4 for "8.4000000000000004"; None for what is no number."""
    if len(text) > _LONGEST or not _IN_FILE.fullmatch(text):
        return None
    value = _AS_SHOWN.create_decimal(text)
    if value.adjusted() > _LARGEST_EXPONENT:
        return None
    return Decimal(plain(value))


def meanings(text: str) -> tuple[Decimal, ...]:
    """Every number that a typed numeral can mean, none for what is no numeral (DOMAIN §5 pitfall 5).

    Decimal comma or point, thousands by point or comma: "1.234,5" means one number, "1.250" two.
    """
    if len(text) > _LONGEST:
        return ()
    found = []
    if _NO_THOUSANDS.fullmatch(text):
        found.append(text.replace(",", "."))
    if _THOUSANDS_BY_POINT.fullmatch(text):
        found.append(text.replace(".", "").replace(",", "."))
    if _THOUSANDS_BY_COMMA.fullmatch(text):
        found.append(text.replace(",", ""))
    values = (Decimal(plain(Decimal(numeral))) for numeral in found)
    return tuple(value for value in values if value.adjusted() <= _LARGEST_EXPONENT)
