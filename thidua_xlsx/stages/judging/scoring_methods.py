"""Turns the figures of one scorecard line into points, and its method into the words printed on the form.

The closed vocabulary of scoring methods (DESIGN §3): "từ" is ≥, "dưới" is <, nothing is rounded before a
threshold. A new method is one ``Method`` line in ``METHODS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from thidua_xlsx.model.form import YES, Answer, Asks
from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.wording import vietnamese

Figure = Decimal | str | None


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The line drops out of the scale for this unit (zero denominator, ``exclude``)."""


Points = Fraction | NotApplicable | None
NOTHING, HUNDRED = Fraction(0), Fraction(100)


Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to score: what its two figures ask, how it reads in words, and its formula (points)."""

    first: Callable[[Criterion], Answer | None]
    second: Callable[[Criterion], Answer | None]
    words: Callable[[Criterion], str]
    points: Callable[[Criterion, Figure, Figure], Points]


def parameter(line: Criterion, name: str) -> Fraction:
    """A numeric parameter; the linter has already proved that it is there and is a number."""
    return _parameter(line.parameters, name)


# A plan has some forty lines; a batch asks for their parameters thousands of times each.
@lru_cache(4096)
def _parameter(parameters: Parameters, name: str) -> Fraction:
    return Fraction(dict(parameters)[name])


@lru_cache(4096)
def exact(number: Decimal) -> Fraction:
    """A number as a fraction: points and counts are few, and stand in thousands of lines."""
    return Fraction(number)


@lru_cache(4096)
def _parsed_bands(parameters: Parameters) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple((Fraction(key), Fraction(points)) for key, points in parameters if key != "of")


@lru_cache(4096)
def _parsed_levels(parameters: Parameters) -> tuple[tuple[str, Fraction], ...]:
    return tuple((label, Fraction(points)) for label, points in parameters)


def levels_of(line: Criterion) -> tuple[tuple[str, Fraction], ...]:
    """(label, points), best first."""
    return _parsed_levels(line.parameters)


def bands_of(line: Criterion) -> tuple[tuple[Fraction, Fraction], ...]:
    """(threshold, points), highest threshold first; below the last one: 0."""
    return _parsed_bands(line.parameters)


def number(value: Fraction) -> str:
    return vietnamese(value, 6)


def is_ratio(line: Criterion) -> bool:
    """Whether the line divides Số liệu 1 by Số liệu 2."""
    return line.method in ("ratio_floor", "ratio_target") or (
        line.method == "bands" and ("of", "ratio") in line.parameters
    )


def has_zeroing(line: Criterion) -> bool:
    """Whether Số liệu 2 counts what takes all points of the line."""
    return ("zeroing", "yes") in line.parameters


def _count(label: str, hint: str) -> Answer:
    return Answer(Asks.WHOLE, label, required=True, minimum=Decimal(0), hint=hint)


def _part(_: Criterion) -> Answer:
    return Answer(
        Asks.NUMBER,
        "Số liệu 1",
        required=True,
        minimum=Decimal(0),
        hint="Số đạt (tử số), ví dụ số hồ sơ đúng hạn.",
    )


def _whole(_: Criterion) -> Answer:
    return Answer(
        Asks.NUMBER,
        "Số liệu 2",
        required=True,
        minimum=Decimal(0),
        hint="Tổng số (mẫu số), ví dụ tổng số hồ sơ. Không phát sinh thì ghi 0.",
    )


def _occurrences(line: Criterion) -> Answer:
    what = {
        "penalty": "số trường hợp vi phạm",
        "bonus": "số việc được thưởng điểm",
        "malus": "số việc bị trừ điểm",
    }
    return _count("Số liệu 1", f"Ghi {what.get(line.method or '', 'số lượng')}; không có thì ghi 0.")


def _nothing(_: Criterion) -> None:
    return None


def _yes_no(_: Criterion) -> Answer:
    return Answer(Asks.YES_NO, "Số liệu 1", required=True, hint="Chọn Có hoặc Không.")


def _levels(line: Criterion) -> Answer:
    return Answer(
        Asks.CHOICE,
        "Số liệu 1",
        required=True,
        options=tuple(label for label, _ in line.parameters),
        hint="Chọn mức trong danh sách.",
    )


def _zeroing(line: Criterion) -> Answer | None:
    if not has_zeroing(line):
        return None
    return _count("Số liệu 2", "Ghi số trường hợp làm mất toàn bộ điểm của dòng; không có thì ghi 0.")


def _band_first(line: Criterion) -> Answer:
    return _part(line) if is_ratio(line) else _count("Số liệu 1", "Ghi số lượng; không có thì ghi 0.")


def _band_second(line: Criterion) -> Answer | None:
    return _whole(line) if is_ratio(line) else None


# A number as whole parts, top and bottom (above 0): a run weighs thirteen ratios a unit against their thresholds, and
# each step of Fraction costs as much as all of it in whole numbers.
Parts = tuple[int, int]


def percent(line: Criterion, part: Figure, whole: Figure) -> Parts | NotApplicable | None:
    """Part of whole in percent, exact; None while a figure is missing; zero denominators as the plan says."""
    if not isinstance(part, Decimal) or not isinstance(whole, Decimal):
        return None
    if whole == 0:
        if line.zero_denominator == "full":
            return 100, 1
        return NotApplicable() if line.zero_denominator == "exclude" else None
    (top, above), (bottom, below) = part.as_integer_ratio(), whole.as_integer_ratio()
    sign = 1 if bottom > 0 else -1
    return sign * 100 * top * below, sign * above * bottom


def _reaches(value: Parts, threshold: Fraction) -> bool:
    return value[0] * threshold.denominator >= threshold.numerator * value[1]


def _yes_no_points(line: Criterion, first: Figure, _: Figure) -> Points:
    if first is None:
        return None
    return exact(line.max) if first == YES else NOTHING


def _levels_points(line: Criterion, first: Figure, _: Figure) -> Points:
    return next((points for label, points in levels_of(line) if label == first), None)


def _band(line: Criterion, value: Parts) -> Fraction:
    return next((points for threshold, points in bands_of(line) if _reaches(value, threshold)), NOTHING)


def _bands_points(line: Criterion, first: Figure, second: Figure) -> Points:
    if not is_ratio(line):
        return _band(line, first.as_integer_ratio()) if isinstance(first, Decimal) else None
    if isinstance(first, Decimal) and second == 0 and line.zero_denominator == "full":
        return exact(line.max)
    value = percent(line, first, second)
    return _band(line, value) if isinstance(value, tuple) else value


def _ratio_floor_points(line: Criterion, first: Figure, second: Figure) -> Points:
    return _ratio_points(line, first, second, parameter(line, "full"), HUNDRED)


def _ratio_target_points(line: Criterion, first: Figure, second: Figure) -> Points:
    target = parameter(line, "target")
    return _ratio_points(line, first, second, target, target)


def _ratio_points(line: Criterion, first: Figure, second: Figure, full: Fraction, of: Fraction) -> Points:
    """All points from ``full`` percent; from the floor the percentage times the most points, divided by ``of``."""
    value = percent(line, first, second)
    if not isinstance(value, tuple):
        return value
    most = exact(line.max)
    if _reaches(value, full) or (second == 0 and line.zero_denominator == "full"):
        return most
    if not _reaches(value, parameter(line, "floor")):
        return NOTHING
    top, bottom = value
    return Fraction(top * most.numerator * of.denominator, bottom * most.denominator * of.numerator)


def _count_points(line: Criterion, first: Figure, _: Figure) -> Points:
    return _counted(line.parameters, line.max, first) if isinstance(first, Decimal) else None


# Of cases, too, few numbers stand in thousands of lines.
@lru_cache(4096)
def _counted(parameters: Parameters, most: Decimal, count: Decimal) -> Fraction:
    return min(exact(most), exact(count) * _parameter(parameters, "each"))


def _penalty_points(line: Criterion, first: Figure, second: Figure) -> Points:
    zeroing = has_zeroing(line)
    if not isinstance(first, Decimal) or (zeroing and not isinstance(second, Decimal)):
        return None
    if isinstance(second, Decimal) and second > 0 and zeroing:
        return NOTHING
    return _left_over(line.parameters, line.max, first)


@lru_cache(4096)
def _left_over(parameters: Parameters, most: Decimal, count: Decimal) -> Fraction:
    return max(NOTHING, exact(most) - exact(count) * _parameter(parameters, "each"))


def _unknown(_: Criterion, __: Figure, ___: Figure) -> Points:
    return None


def _zero_words(line: Criterion) -> str:
    return {
        "full": " Không phát sinh (Số liệu 2 là 0): đủ điểm.",
        "exclude": " Không phát sinh (Số liệu 2 là 0): không tính dòng này.",
    }.get(line.zero_denominator, "")


def _max(line: Criterion) -> str:
    return number(Fraction(line.max))


def _each(line: Criterion) -> str:
    return number(parameter(line, "each"))


def _floor_words(line: Criterion) -> str:
    full, floor = number(parameter(line, "full")), number(parameter(line, "floor"))
    return (
        f"Tỷ lệ = Số liệu 1 / Số liệu 2. Từ {full} %: {_max(line)} điểm; từ {floor} % đến dưới {full} %: "
        f"tỷ lệ × {_max(line)} / 100; dưới {floor} %: 0 điểm.{_zero_words(line)}"
    )


def _target_words(line: Criterion) -> str:
    target, floor = number(parameter(line, "target")), number(parameter(line, "floor"))
    return (
        f"Tỷ lệ = Số liệu 1 / Số liệu 2. Từ {target} %: {_max(line)} điểm; từ {floor} % đến dưới {target} %: "
        f"tỷ lệ / {target} × {_max(line)}; dưới {floor} %: 0 điểm.{_zero_words(line)}"
    )


def _bands_words(line: Criterion) -> str:
    unit = " %" if is_ratio(line) else ""
    lead = "Tỷ lệ = Số liệu 1 / Số liệu 2. " if is_ratio(line) else "Số liệu 1 là số lượng. "
    steps = "; ".join(f"từ {number(low)}{unit}: {number(points)} điểm" for low, points in bands_of(line))
    lowest = number(bands_of(line)[-1][0])
    return f"{lead}{steps[0].upper()}{steps[1:]}; dưới {lowest}{unit}: 0 điểm.{_zero_words(line)}"


def _levels_words(line: Criterion) -> str:
    return (
        "Chọn mức ở Số liệu 1: "
        + "; ".join(f"{label}: {number(points)} điểm" for label, points in levels_of(line))
        + "."
    )


def _penalty_words(line: Criterion) -> str:
    zeroing = " Có trường hợp ở Số liệu 2: 0 điểm." if _zeroing(line) else ""
    return f"Mỗi trường hợp ở Số liệu 1 trừ {_each(line)} điểm, không dưới 0.{zeroing}"


METHODS: dict[str, Method] = {
    "yes_no": Method(
        _yes_no, _nothing, lambda line: f"Số liệu 1 là Có: {_max(line)} điểm; Không: 0 điểm.", _yes_no_points
    ),
    "levels": Method(_levels, _nothing, _levels_words, _levels_points),
    "bands": Method(_band_first, _band_second, _bands_words, _bands_points),
    "ratio_floor": Method(_part, _whole, _floor_words, _ratio_floor_points),
    "ratio_target": Method(_part, _whole, _target_words, _ratio_target_points),
    "count": Method(
        _occurrences,
        _nothing,
        lambda line: f"Mỗi lần ở Số liệu 1: {_each(line)} điểm, không quá {_max(line)} điểm.",
        _count_points,
    ),
    "penalty": Method(_occurrences, _zeroing, _penalty_words, _penalty_points),
    "points": Method(
        _nothing,
        _nothing,
        lambda line: f"Tự chấm từ 0 đến {_max(line)} điểm theo bước {number(parameter(line, 'step'))}.",
        _unknown,
    ),
    "survey": Method(_nothing, _nothing, lambda _: "Điểm điều tra xã hội học, cơ quan thường trực nhập.", _unknown),
    "bonus": Method(
        _occurrences,
        _nothing,
        lambda line: f"Điểm thưởng ngoài thang điểm: mỗi việc {_each(line)} điểm, không quá {_max(line)} điểm.",
        _count_points,
    ),
    "malus": Method(
        _occurrences,
        _nothing,
        lambda line: f"Điểm trừ ngoài thang điểm: mỗi việc trừ {_each(line)} điểm, không quá {_max(line)} điểm.",
        _count_points,
    ),
}
OUTSIDE = ("bonus", "malus")


def compute(line: Criterion, first: Figure, second: Figure, claimed: Decimal | None) -> Points:
    """Points of one leaf from the unit's figures; ``points`` lines read the claim itself. None: unknown."""
    if line.method == "points":
        return None if claimed is None else exact(claimed)
    return METHODS[line.method or "survey"].points(line, first, second)
