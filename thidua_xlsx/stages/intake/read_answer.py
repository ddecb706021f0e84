"""Turns one cell of a returned form into the value that its question asks for, or into a fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.form import Answer, Asks
from thidua_xlsx.model.numerals import number_in_file
from thidua_xlsx.model.reading import (
    BLANK,
    NOT_A_DATE,
    NOT_A_NUMBER,
    Reading,
    read_choice,
    read_date,
    read_integer,
    read_number,
    read_text,
    read_yes_no,
)

# A count is not negative, unless its question says that it may be.
COUNT = 0
# A day and a month without a year become a day of the year of typing; figures rarely are that high, or days that early.
FIRST_LIKELY_DAY, LAST_LIKELY_DAY = date(1950, 1, 1), date(2100, 12, 31)
NUMBERS = (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)
WORDS = (Asks.TEXT, Asks.REMARK)


def read_answer(cell: Cell | None, answer: Answer, date1904: bool, dated: bool = False) -> Reading:
    """One cell as its question asks; blank stays blank.

    ``dated`` says that the cell shows its number as a day or an hour.
    """
    if cell is None:
        return BLANK
    asks = answer.asks
    if asks in WORDS:
        return read_text(cell)
    if asks is Asks.YES_NO:
        return read_yes_no(cell)
    if asks is Asks.CHOICE:
        return read_choice(cell, answer.options)
    if asks is Asks.DATE:
        reading = read_date(cell, date1904)
        return Reading(None, NOT_A_DATE, None) if answer.low is None and is_figure(cell, reading) else reading
    if dated and asks in NUMBERS and typed_as_moment(cell, date1904):
        return Reading(None, NOT_A_NUMBER, None)
    if asks is Asks.WHOLE:
        return read_integer(cell, answer.maximum, None if may_be_negative(answer.minimum) else COUNT)
    return read_number(cell, answer.maximum, percent=asks is Asks.PERCENT)


def typed_as_moment(cell: Cell, date1904: bool) -> bool:
    """Whether a number was typed as a day or an hour: 8/5 and 1:30 are; a score of 8.5 in a wrong format is not."""
    day = read_date(cell, date1904).value
    value = number_in_file(cell.text)
    return (isinstance(day, date) and day >= FIRST_LIKELY_DAY) or (value is not None and value < 1)


def is_figure(cell: Cell, reading: Reading) -> bool:
    """Whether a figure was typed for a day: 1.250 is a day of 1903, where no limit of the question says otherwise."""
    day = reading.value
    return cell.kind is Kind.NUMBER and isinstance(day, date) and not FIRST_LIKELY_DAY <= day <= LAST_LIKELY_DAY


def may_be_negative(minimum: Decimal | None) -> bool:
    """Then the rule about the minimum judges it, not the reader."""
    return minimum is not None and minimum < COUNT


def seen_in(cell: Cell | None) -> str:
    """What a person sees who clicks on the cell: a formula rather than what it once gave."""
    if cell is None:
        return ""
    return f"={cell.formula}" if cell.formula else cell.text
