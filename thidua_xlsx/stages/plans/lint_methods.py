"""Turns the parameters of one scored line into what is wrong with them, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import vietnamese

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_HUNDRED = Decimal(100)

Faults = Iterator[str]


def number_in(text: str) -> Decimal | None:
    """A number as parameters and values of conditions write it: decimal point, no thousands."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def shown(number: Decimal) -> str:
    return vietnamese(Fraction(number), 6)


def _no_number(name: str, value: str) -> str:
    return f"«{name} = {value}» không phải số"


def _named(line: Criterion, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Faults:
    """Exactly the parameters that the method has, each a number unless optional."""
    given = dict(line.parameters)
    for name in required:
        if name not in given:
            yield f"thiếu «{name}»"
        elif number_in(given[name]) is None:
            yield _no_number(name, given[name])
    for name in given:
        if name not in required + optional:
            yield f"cách tính {line.method} không có tham số «{name}»"


def _values(line: Criterion) -> dict[str, Decimal]:
    """The numeric parameters."""
    read = {name: number_in(value) for name, value in line.parameters}
    return {name: number for name, number in read.items() if number is not None}


def _nothing(line: Criterion) -> Faults:
    yield from _named(line, ())


def _points_fit(line: Criterion) -> Faults:
    """Points of levels or bands: numbers from 0 to the maximum, the best is the maximum, best first."""
    pairs = [(name, value) for name, value in line.parameters if name != "of"]
    points = [number_in(value) for _, value in pairs]
    wrong = [pair for pair, number in zip(pairs, points, strict=True) if number is None]
    yield from (_no_number(name, value) for name, value in wrong)
    known = [number for number in points if number is not None]
    if wrong or not known:
        return
    if any(number < 0 for number in known):
        yield "điểm âm"
    if max(known) != line.max:
        yield f"điểm cao nhất là {shown(max(known))}, khác điểm tối đa {shown(line.max)}"
    elif known != sorted(known, reverse=True):
        yield "điểm phải xếp từ cao xuống thấp"


def _levels(line: Criterion) -> Faults:
    if len(line.parameters) < 2:
        yield "phải có ít nhất hai mức dạng «Tên mức = điểm»"
    yield from _points_fit(line)


def _bands(line: Criterion) -> Faults:
    of = dict(line.parameters).get("of")
    if of not in ("ratio", "count"):
        yield "thiếu «of = ratio» hoặc «of = count»" if of is None else f"«of = {of}» phải là ratio hoặc count"
    names = [name for name, _ in line.parameters if name != "of"]
    known = [number for number in map(number_in, names) if number is not None]
    if not names:
        yield "chưa có ngưỡng nào"
    yield from (f"ngưỡng «{name}» không phải số" for name in names if number_in(name) is None)
    if known != sorted(set(known), reverse=True):
        yield "ngưỡng phải xếp từ cao xuống thấp, không trùng"
    if of == "ratio" and any(not 0 <= number <= _HUNDRED for number in known):
        yield "ngưỡng tỷ lệ phải từ 0 đến 100"
    yield from _points_fit(line)


def _ratio(above: str) -> Callable[[Criterion], Faults]:
    """``floor`` below ``full`` (or ``target``), both percentages."""

    def faults(line: Criterion) -> Faults:
        yield from _named(line, (above, "floor"))
        values = _values(line)
        if any(not 0 <= values[name] <= _HUNDRED for name in (above, "floor") if name in values):
            yield "ngưỡng tỷ lệ phải từ 0 đến 100"
        elif above in values and "floor" in values and values["floor"] > values[above]:
            yield f"floor {shown(values['floor'])} lớn hơn {above} {shown(values[above])}"
        elif values.get(above) == 0:
            yield f"{above} phải lớn hơn 0"

    return faults


def _each(line: Criterion, *optional: str) -> Faults:
    yield from _named(line, ("each",), optional)
    each = _values(line).get("each")
    if each is not None and not 0 < each <= line.max:
        yield f"each {shown(each)} phải lớn hơn 0 và không quá điểm tối đa {shown(line.max)}"


def _penalty(line: Criterion) -> Faults:
    yield from _each(line, "zeroing")
    zeroing = dict(line.parameters).get("zeroing", "no")
    if zeroing not in ("yes", "no"):
        yield f"«zeroing = {zeroing}» phải là yes hoặc no"


def _steps(line: Criterion) -> Faults:
    yield from _named(line, ("step",))
    step = _values(line).get("step")
    if step is not None and step <= 0:
        yield "step phải lớn hơn 0"
    elif step is not None and (Fraction(line.max) / Fraction(step)).denominator != 1:
        yield f"điểm tối đa {shown(line.max)} không chia hết cho step {shown(step)}"


CHECKS: dict[str, Callable[[Criterion], Faults]] = {
    "yes_no": _nothing,
    "survey": _nothing,
    "levels": _levels,
    "bands": _bands,
    "ratio_floor": _ratio("full"),
    "ratio_target": _ratio("target"),
    "count": _each,
    "penalty": _penalty,
    "points": _steps,
    "bonus": _each,
    "malus": _each,
}


def parameter_faults(line: Criterion) -> Faults:
    """What is wrong with the parameters of a line; nothing for a line without a method."""
    names = [fold(name) for name, _ in line.parameters]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"«{name}» ghi hai lần"
    if line.method is None:
        if line.parameters:
            yield "dòng không có cách tính thì không có tham số"
    else:
        yield from CHECKS[line.method](line)
