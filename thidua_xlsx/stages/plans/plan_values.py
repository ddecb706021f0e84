"""Turns one raw value of a plan into what its key holds, or into the finding that says why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import Holds, Key
from thidua_xlsx.model.numerals import is_whole, meanings, plain
from thidua_xlsx.model.plan import RowPlace
from thidua_xlsx.model.plan_source import NotPlain, Raw
from thidua_xlsx.model.reading import NO, YES, read_date
from thidua_xlsx.model.text import clean, closest, fold

Held = str | int | Decimal | bool | date | tuple[str, ...] | tuple[tuple[str, str], ...]

# What Excel keeps of a number, and far more text than any sentence of a plan.
MOST_DIGITS = 15
MOST_TEXT = 5000
YEARS = range(1901, 2200)
_COMMA_NUMBER = re.compile(r"-?[0-9]+,[0-9]+")


class Misfit(Exception):
    """A value that is not what its key holds; ``wanted`` ends the sentence «phải là …»."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def label_of(key: Key) -> str:
    """How messages name a key for readers of both forms: «Căn cứ (clause)»."""
    return f"{key.heading} ({key.name})"


def suggestion(word: str, options: dict[str, str]) -> str:
    """«, có phải là …» or nothing; ``options`` maps what somebody may have meant to what to write."""
    near = closest(word, options)
    return f", có phải là «{options[near]}»" if near else ""


def shown(raw: Raw) -> str:
    """A raw value as the reader of a message knows it, never longer than a line."""
    if isinstance(raw, NotPlain):
        text = raw.shown
    elif isinstance(raw, bool):
        text = YES if raw else NO
    elif isinstance(raw, date):
        text = raw.strftime("%d/%m/%Y")
    else:
        text = clean(raw) if isinstance(raw, str) else f"{Decimal(raw):.20g}"
    return text if len(text) <= 60 else text[:57] + "…"


def is_blank(raw: Raw) -> bool:
    """A blank cell is an absent key."""
    return isinstance(raw, str) and not clean(raw)


def _fits(number: Decimal) -> bool:
    return number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS and len(number.as_tuple().digits) <= MOST_DIGITS


def own_text(raw: Raw) -> str:
    """Text, or the text of a number that Excel made of a code: 1.1 is «1.1», TOML's 1.10 is «1.10»."""
    if isinstance(raw, bool | date | NotPlain):
        raise Misfit("văn bản, gõ vào ô định dạng văn bản")
    if isinstance(raw, int | Decimal) and not _fits(Decimal(raw)):
        raise Misfit("văn bản")
    text = clean(raw) if isinstance(raw, str) else format(Decimal(raw), "f")
    if len(text) > MOST_TEXT:
        raise Misfit(f"văn bản không quá {MOST_TEXT} ký tự")
    return text


def _text(_: Key, raw: Raw) -> Held:
    return own_text(raw)


def _code(_: Key, raw: Raw) -> Held:
    text = own_text(raw)
    if ";" in text:
        raise Misfit("một mã, không chứa dấu chấm phẩy")
    return text


def pieces(text: str) -> tuple[str, ...]:
    """``a; b`` → its items."""
    return tuple(item for item in map(clean, text.split(";")) if item)


def _codes(_: Key, raw: Raw) -> Held:
    return pieces(own_text(raw))


def _parameters(_: Key, raw: Raw) -> Held:
    pairs = []
    for item in pieces(own_text(raw)):
        name, _equals, value = map(clean, item.rpartition("="))
        if not name or not value:
            raise Misfit(Holds.PARAMETERS.value)
        # The decimal comma is how an official types it; the text form has one way to write a number.
        name, value = (part.replace(",", ".") if _COMMA_NUMBER.fullmatch(part) else part for part in (name, value))
        pairs.append((name, value))
    return tuple(pairs)


def _decimal(raw: Raw, holds: Holds) -> Decimal:
    if isinstance(raw, str):
        found = meanings(clean(raw))
        if len(found) > 1:
            raise Misfit(f"{holds.value}, viết không có dấu ngăn cách hàng nghìn")
        if found and _fits(found[0]):
            return found[0]
    elif isinstance(raw, int | Decimal) and not isinstance(raw, bool) and _fits(Decimal(raw)):
        return Decimal(plain(Decimal(raw)))
    raise Misfit(holds.value)


def _number(key: Key, raw: Raw) -> Held:
    return _decimal(raw, key.holds)


def _integer(key: Key, raw: Raw) -> Held:
    number = _decimal(raw, key.holds)
    if not is_whole(number):
        raise Misfit(key.holds.value)
    return int(number)


def _date(key: Key, raw: Raw) -> Held:
    day = read_date(Cell(Kind.TEXT, raw), False).value if isinstance(raw, str) else raw
    if not isinstance(day, date) or isinstance(day, datetime) or day.year not in YEARS:
        raise Misfit(f"{key.holds.value}, ví dụ 05/12/2025")
    return day


def _flag(key: Key, raw: Raw) -> Held:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and fold(raw) in (fold(YES), fold(NO)):
        return fold(raw) == fold(YES)
    raise Misfit(key.holds.value)


READERS: dict[Holds, Callable[[Key, Raw], Held]] = {
    Holds.TEXT: _text,
    Holds.CODE: _code,
    Holds.CODES: _codes,
    Holds.INTEGER: _integer,
    Holds.NUMBER: _number,
    Holds.DATE: _date,
    Holds.FLAG: _flag,
    Holds.CHOICE: _code,
    Holds.CHOICES: _codes,
    Holds.PARAMETERS: _parameters,
}


def _not_in_list(key: Key, held: Held) -> str | None:
    """The first value outside the key's closed list, if it has one."""
    if not key.options:
        return None
    closed = {value for value, _ in key.options}
    return next((str(item) for item in (held if isinstance(held, tuple) else (held,)) if item not in closed), None)


def read_value(key: Key, raw: Raw, source: RowPlace) -> tuple[Held | None, Finding | None]:
    """The typed value, or None for a blank or a fault; the fault as a finding at its key."""
    try:
        if isinstance(raw, NotPlain):
            raise Misfit(raw.wanted)
        held = None if is_blank(raw) else READERS[key.holds](key, raw)
    except Misfit as misfit:
        place, wanted = source.at(key.name), misfit.wanted
        return None, finding(Code.PLAN_VALUE_KIND, place, value=shown(raw), key=label_of(key), holds=wanted)
    if held is None or held == ():
        return None, None
    wrong = _not_in_list(key, held)
    if wrong is None:
        return held, None
    meant = {value: value for value, _ in key.options} | {meaning: value for value, meaning in key.options}
    return None, finding(
        Code.PLAN_NOT_IN_LIST,
        source.at(key.name),
        value=shown(wrong),
        key=label_of(key),
        suggestion=suggestion(wrong, meant),
        options=", ".join(value for value, _ in key.options),
    )
