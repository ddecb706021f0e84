"""Turns one cell as typed into one value, in exactly one way or not at all.

Every reader is total: whatever the cell, it answers with a value, a fault, or neither (blank). Blank is not
zero and not No. Ranges (above the maximum, before the year) are no business of this room: they need the plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.legacy import legacy_encoding
from thidua_xlsx.model.numerals import is_whole, meanings, number_in_file, plain
from thidua_xlsx.model.text import clean, clean_lines, fold

# Faults: names of finding codes. The cell has no value then.
AMBIGUOUS_NUMBER: Final = "AMBIGUOUS_NUMBER"
ERROR_CELL: Final = "ERROR_CELL"
FORMULA_IN_ANSWER: Final = "FORMULA_IN_ANSWER"
LEGACY_ENCODING: Final = "LEGACY_ENCODING"
NOT_A_DATE: Final = "NOT_A_DATE"
NOT_A_NUMBER: Final = "NOT_A_NUMBER"
NOT_WHOLE: Final = "NOT_WHOLE"
NOT_IN_LIST: Final = "NOT_IN_LIST"
RICH_TEXT: Final = "RICH_TEXT"

# Remarks: the value is certain, but was not typed the way the form asks.
READ_FROM_DATE_TEXT: Final = "READ_FROM_DATE_TEXT"
READ_FROM_TEXT: Final = "READ_FROM_TEXT"
READ_FROM_TICK: Final = "READ_FROM_TICK"

YES: Final = "Có"
NO: Final = "Không"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says: a value, perhaps with a remark; or a fault; or, all three None, nothing."""

    value: Decimal | str | date | None
    fault: str | None
    remark: str | None


BLANK: Final = Reading(None, None, None)


def _fault(code: str) -> Reading:
    return Reading(None, code, None)


def _unreadable(cell: Cell) -> Reading | None:
    """What stops every reader. A cached formula value is never scored (FIELD_NOTES §0)."""
    if cell.kind is Kind.ERROR:
        return _fault(ERROR_CELL)
    if cell.formula is not None:
        return _fault(FORMULA_IN_ANSWER)
    if cell.kind is Kind.NUMBER:
        return None if cell.text else BLANK
    return None if clean(cell.text) else BLANK


def _own_text(cell: Cell) -> str:
    """One line of what the cell shows."""
    if cell.kind is Kind.BOOLEAN:
        return "TRUE" if cell.text == "1" else "FALSE"
    if cell.kind is Kind.NUMBER and (value := number_in_file(cell.text)) is not None:
        return plain(value)
    return clean(cell.text)


# A whole number from here on, where few points can be had, is an 8/5 that became a date (FIELD_NOTES §5).
_FIRST_LIKELY_SERIAL = 20_000
_FEW_POINTS = 1_000
_HUNDRED = Decimal(100)

# Only words that leave the number as it is: "triệu" and "nghìn" would change it, so they are not read.
_PERCENT_SIGNS = ("%", "phần trăm")
_UNITS = (
    *_PERCENT_SIGNS, "điểm", "đ", "đồng", "hồ sơ", "văn bản", "báo cáo", "nhiệm vụ", "trường hợp",
    "sáng kiến", "thủ tục", "kiến nghị", "đơn vị", "người", "lần", "cuộc", "lượt", "vụ",
)  # fmt: skip
_TYPED_NUMBER = re.compile(
    r"([+-]?[0-9][0-9.,]*)(?: ?/ ?([0-9][0-9.,]*))?" + rf"(?: ?({'|'.join(map(re.escape, _UNITS))}))?"
)


def read_number(cell: Cell | None, maximum: Decimal | None, percent: bool = False) -> Reading:
    """A number, of which ``maximum`` helps to tell "1.250" and a date from a score (DOMAIN §5 pitfall 5).

    With ``percent`` 85 and "85 %" are 85; more than 0 up to 1 may be a share or a percentage and is refused.
    """
    return _read_number(cell, maximum, percent, whole=False)


def read_integer(cell: Cell | None, maximum: Decimal | None, minimum: int | None = 0) -> Reading:
    """A whole number, not below ``minimum`` (a count, unless told otherwise); other numbers are NOT_WHOLE."""
    reading = _read_number(cell, maximum, percent=False, whole=True)
    if isinstance(reading.value, Decimal) and (
        not is_whole(reading.value) or (minimum is not None and reading.value < minimum)
    ):
        return _fault(NOT_WHOLE)
    return reading


def _read_number(cell: Cell | None, maximum: Decimal | None, percent: bool, whole: bool) -> Reading:
    if cell is None:
        return BLANK
    if stop := _unreadable(cell):
        return stop
    if cell.rich:
        return _fault(RICH_TEXT)
    limit = _HUNDRED if percent and maximum is None else maximum
    if cell.kind is Kind.NUMBER:
        return _number_cell(cell.text, limit, percent)
    if cell.kind is Kind.TEXT:
        return _typed_number(fold(cell.text), limit, percent, whole)
    return _fault(NOT_A_NUMBER)


def _number_cell(text: str, limit: Decimal | None, percent: bool) -> Reading:
    value = number_in_file(text)
    if value is None:
        return _fault(NOT_A_NUMBER)
    few = limit is not None and limit <= _FEW_POINTS
    if few and value >= _FIRST_LIKELY_SERIAL and is_whole(value):
        return _fault(NOT_A_NUMBER)
    if percent and 0 < value <= 1:
        return _fault(AMBIGUOUS_NUMBER)
    return Reading(value, None, None)


def _typed_number(text: str, limit: Decimal | None, percent: bool, whole: bool) -> Reading:
    found = _TYPED_NUMBER.fullmatch(text)
    candidates = meanings(found[1]) if found else ()
    if not found or not candidates:
        return _fault(NOT_A_NUMBER)
    # "4,5/5" is 4,5 of the 5 points that can be had, not a quotient, not a date.
    if found[2] and limit not in meanings(found[2]):
        return _fault(NOT_A_NUMBER)
    if whole:
        candidates = tuple(filter(is_whole, candidates)) or candidates
    if len(candidates) > 1:
        candidates = tuple(number for number in candidates if limit is not None and 0 <= number <= limit)
    if len(candidates) != 1:
        return _fault(AMBIGUOUS_NUMBER)
    value = candidates[0]
    in_percent = found[3] in _PERCENT_SIGNS
    if in_percent and not percent and limit != _HUNDRED:
        return _fault(AMBIGUOUS_NUMBER)  # "3 %" of at most 5 points: 3 points, or 3 % of them? Of a count: 0,03?
    if percent and not in_percent and not found[2] and 0 < value <= 1:
        return _fault(AMBIGUOUS_NUMBER)
    return Reading(value, None, READ_FROM_TEXT)


@lru_cache(maxsize=256)
def _by_key(options: tuple[str, ...]) -> dict[str, str | None]:
    """Options by key; None where two options share a key, so that neither is guessed."""
    listed: dict[str, str | None] = {}
    for option in options:
        key = fold(option)
        listed[key] = None if listed.get(key, option) != option else option
    return listed


def read_choice(cell: Cell | None, options: tuple[str, ...]) -> Reading:
    """One of the listed options, as listed, however it is spelled (DOMAIN §5 pitfalls 1 to 3)."""
    if cell is None:
        return BLANK
    if stop := _unreadable(cell):
        return stop
    if cell.text in options and cell.kind is Kind.TEXT:
        return Reading(cell.text, None, None)
    typed = _own_text(cell)
    option = typed if typed in options else _by_key(options).get(fold(typed))
    if option is None:
        return _fault(LEGACY_ENCODING if legacy_encoding(cell.text) else NOT_IN_LIST)
    return Reading(option, None, None)


# DOMAIN §5 pitfall 8, as keys. Wingdings ticks are private-use letters; without the font ü, þ and R are left.
_TICKS = ("x", "v", "\u00d7", "\u2713", "\u2714", "\u2705", "\u2611", "\u221a")
_WINGDINGS = ("\uf0fc", "\uf0fe", "\uf052", "ü", "þ", "r")
_SAY_YES = ("c", "đ", "đạt", "1", "true", "co", "dat")
_SAY_NO = ("k", "ko", "chưa", "không đạt", "chưa đạt", "chưa có", "0", "false", "khong", "chua")
_YES_NO = {
    **{key: Reading(YES, None, READ_FROM_TICK) for key in _TICKS + _WINGDINGS + _SAY_YES},
    **{key: Reading(NO, None, READ_FROM_TICK) for key in _SAY_NO},
    fold(YES): Reading(YES, None, None),
    fold(NO): Reading(NO, None, None),
}


def read_yes_no(cell: Cell | None) -> Reading:
    """One of "Có" and "Không", also from a tick or its like; a blank says neither (DOMAIN §5 pitfall 8)."""
    if cell is None:
        return BLANK
    if stop := _unreadable(cell):
        return stop
    if reading := _YES_NO.get(fold(_own_text(cell))):
        return reading
    return _fault(LEGACY_ENCODING if legacy_encoding(cell.text) else NOT_IN_LIST)


# Below lies Excel's 29 February 1900, which never was, and every score and count; above, the year 10000.
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465
_DAYS_TO_1904 = 1_462
# Programs that count in Greenwich write our midnight as 17:00 of the day before; nobody types that hour.
_MIDNIGHT_HERE = 17
_A_SECOND = Decimal(1) / 3600
_DAY_ZERO = date(1899, 12, 30)
_YEARS = range(1900, 2101)

_TIME = r"(?:,? [0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY_FIRST = re.compile(rf"(?:ngày )?([0-9]{{1,2}}) ?([/.-]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{4}}){_TIME}")
_IN_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) (tháng) ([0-9]{1,2}),? năm ([0-9]{4})")
# A moment in Greenwich is a day only at midnight: 17:00 there is the next day here.
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})(?:t[0-9:.]+|t00:00(?::00(?:\.0+)?)?z|{_TIME})")


def read_date(cell: Cell | None, date1904: bool) -> Reading:
    """A day, of a serial or of text, always day before month; never completed (DOMAIN §5 pitfall 7)."""
    if cell is None:
        return BLANK
    if stop := _unreadable(cell):
        return stop
    if cell.rich:
        return _fault(RICH_TEXT)
    if cell.kind is Kind.NUMBER:
        return _date_of_serial(number_in_file(cell.text), date1904)
    day = _date_in_text(fold(cell.text)) if cell.kind is Kind.TEXT else None
    return _fault(NOT_A_DATE) if day is None else Reading(day, None, READ_FROM_DATE_TEXT)


def _date_of_serial(value: Decimal | None, date1904: bool) -> Reading:
    if value is None or not _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        return _fault(NOT_A_DATE)
    serial = int(value)  # the time of day is dropped
    if abs((value - serial) * 24 - _MIDNIGHT_HERE) < _A_SECOND:
        return _fault(NOT_A_DATE)
    # A whole number like 1975 is a year somebody typed, not a day in 1905.
    if serial == value and serial in _YEARS:
        return _fault(NOT_A_DATE)
    serial += _DAYS_TO_1904 if date1904 else 0
    if serial > _LAST_SERIAL:
        return _fault(NOT_A_DATE)
    return Reading(_DAY_ZERO + timedelta(days=serial), None, None)


def _date_in_text(text: str) -> date | None:
    if len(text) > 60:
        return None
    if found := _DAY_FIRST.fullmatch(text) or _IN_WORDS.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _ISO.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day) if year >= _YEARS[0] else None
    except ValueError:  # 31/02/2025, or month before day: 12/31/2025
        return None


def read_text(cell: Cell | None, lines: bool = False) -> Reading:
    """Text as stored, on one line unless ``lines``; a number as it shows, a date not interpreted."""
    if cell is None:
        return BLANK
    if stop := _unreadable(cell):
        return stop
    if legacy_encoding(cell.text):
        return _fault(LEGACY_ENCODING)
    keep_lines = lines and cell.kind is Kind.TEXT
    return Reading(clean_lines(cell.text) if keep_lines else _own_text(cell), None, None)


def read_code(cell: Cell | None) -> str:
    """The text of a code cell, "1.1" for the number 1.1 (DOMAIN §5 pitfall 6); "" where none is sure."""
    if cell is None or _unreadable(cell):
        return ""
    return _own_text(cell)
