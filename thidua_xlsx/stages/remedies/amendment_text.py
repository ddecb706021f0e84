"""Turns what would have to be otherwise into sentences that say where to open what, and what to type there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.language import BY_NAME
from thidua_xlsx.model.office import APPRAISAL, CONFIRMATION, RECEPTION, REGISTER, AwardGiven
from thidua_xlsx.model.remedy import Amendment, Lies, Way
from thidua_xlsx.model.wording import date_text, vietnamese

OFFICE_FILE, REGISTER_FILE, PLAN_FILE = "co-quan.xlsx", "lich-su.xlsx", "ke-hoach.xlsx"


def where_text(item: Amendment) -> str:
    """The file, sheet and cell; where no cell is known yet, the row by its codes."""
    if item.lies is Lies.RETURN:
        return f"đơn vị {item.key[0]}"
    if item.lies is Lies.PLAN:
        table, code, key = item.key
        language = BY_NAME[table]
        column = language.key(key)
        heading = column.heading if column else key
        return f"{PLAN_FILE}, sheet {language.sheet}, dòng {code}, cột {heading}"
    if item.place.cell:
        return str(item.place)
    if item.lies is Lies.POINTS:
        return f"{OFFICE_FILE}, sheet {APPRAISAL}, dòng đơn vị {item.key[0]}, mã {item.key[1]}"
    if item.lies is Lies.ANSWERS:
        unit, order, code = item.key
        person = f", thứ tự {order}" if order else ""
        return f"{OFFICE_FILE}, sheet {CONFIRMATION}, dòng đơn vị {unit}{person}, mã {code}"
    if item.lies is Lies.RECEPTION:
        return f"{OFFICE_FILE}, sheet {RECEPTION}, dòng tệp {item.key[0]}, cột {item.key[1]}"
    return f"{REGISTER_FILE}, sheet {REGISTER}, thêm một dòng"


def value_text(value: Decimal | str | date | AwardGiven | None) -> str:
    """The value as it would be typed or read."""
    if isinstance(value, Decimal):
        return vietnamese(Fraction(value), 6)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, AwardGiven):
        who = f"{value.name}, " if value.name else ""
        return f"{who}{value.unit}, năm {value.year}, «{value.award}»"
    return value or "để trống"


def amendment_text(item: Amendment) -> str:
    """One value: where it lies, what it is, what stands there and what would have to."""
    if item.lies is Lies.RETURN or item.to is None:
        return f"{where_text(item)}: {item.label}"
    now = f" đang là «{item.now}»" if item.now else ""
    if item.example:
        return f"{where_text(item)}: {item.label}{now}; cần một giá trị đúng, ví dụ «{value_text(item.to)}»"
    return f"{where_text(item)}: {item.label}{now}; cần «{value_text(item.to)}»"


def settings_of(way: Way) -> tuple[str, ...]:
    """The way as settings of a trial run; none where it is not of the plan alone."""
    if any(item.lies is not Lies.PLAN for item in way.amendments):
        return ()
    return tuple(f"{'.'.join(item.key)}={item.to or ''}" for item in way.amendments)


def way_lines(way: Way) -> Iterator[str]:
    """The values of a way, and the outcome that they lead to. Points may be found elsewhere: the total counts."""
    points = [item for item in way.amendments if item.lies is Lies.POINTS and not item.example]
    for item in way.amendments:
        if item not in points:
            yield f"- {amendment_text(item)}"
    if points:
        gained = vietnamese(sum((item.gain for item in points), Fraction(0)), 4)
        yield (
            f"- {OFFICE_FILE}, sheet {APPRAISAL}, đơn vị {points[0].key[0]}: thêm {gained} điểm ở bất kỳ tiêu chí nào, "
            "ví dụ:"
        )
        yield from (f"    {item.label}: từ «{item.now}» thành «{value_text(item.to)}»" for item in points)
    yield f"→ Khi đó: {way.outcome.value}." if way.outcome else "→ Khi đó kết quả tùy nội dung gửi."
