"""Turns what units and office say of an index into this year beside last, and whether it has risen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import INDICES
from thidua_xlsx.model.office import Given
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Index
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.judging.known import Known


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """One index this year and last: exact values and maxima; None is unknown."""

    item: Index
    this_year: Fraction | None
    place: Place | None
    unconfirmed: bool = False

    def risen(self, compare: str) -> bool | None:
        """Strictly above last year, or unchanged at exactly the maximum (PLANS, ambiguities 2–4); None: unknown."""
        item = self.item
        if self.this_year is None or item.last_value is None:
            return None
        last_max = item.last_max if item.last_max is not None else item.max
        this, last = self.this_year, Fraction(item.last_value)
        if compare == "points":
            if last_max != item.max:
                return None
        else:
            this, last = this / Fraction(item.max), last / Fraction(last_max)
        return this > last or (this == last and self.this_year == Fraction(item.max))

    def shown(self, compare: str) -> str:
        item = self.item
        last_max = item.last_max if item.last_max is not None else item.max

        def one(value: Fraction | None, maximum: Decimal) -> str:
            if value is None:
                return "chưa có"
            if compare == "points":
                return f"{vietnamese(value, 4)}/{vietnamese(Fraction(maximum), 4)}"
            return f"{vietnamese(value / Fraction(maximum) * 100, 2)} %"

        last = None if item.last_value is None else Fraction(item.last_value)
        printed = one(self.this_year, item.max), one(last, last_max)
        words = f"{item.name}: năm nay {printed[0]}, năm trước {printed[1]}"
        if self.this_year is None or last is None or printed[0] != printed[1]:
            return words
        gap = self.this_year / Fraction(item.max) - last / Fraction(last_max)
        return f"{words} (chưa làm tròn thì {'cao' if gap > 0 else 'thấp'} hơn)" if gap else words

    def why_unknown(self) -> str:
        if self.this_year is None:
            return f"{self.item.name}: chưa có kết quả năm nay"
        if self.item.last_value is None:
            return f"{self.item.name}: chưa có kết quả năm trước"
        return f"{self.item.name}: điểm tối đa đã thay đổi so với năm trước"


def year_on_year(known: Known, unit_code: str, item: Index) -> YearOnYear:
    """This year's value as the unit has it; of an index it is not asked about, as those who hold it have it."""
    own = index_told(known, unit_code, item)
    if own:
        return own
    # A person's own field may belong to another unit's index: that unit's return tells.
    others = [told for code in item.units if (told := index_told(known, code, item))]
    return next((told for told in others if told.this_year is not None), YearOnYear(item, None, None))


def index_told(known: Known, unit_code: str, item: Index) -> YearOnYear | None:
    """The office's value if given, else the unit's own; None when neither was asked."""
    given: Given | None = known.office.answer(unit_code, "", item.code)
    if given and isinstance(given.value, Decimal):
        return YearOnYear(item, Fraction(given.value), given.place)
    counted = known.counted.get(unit_code)
    mark = counted.submission.mark(INDICES, item.code, "Năm nay") if counted else None
    if mark is None:
        return None
    value = Fraction(mark.value) if isinstance(mark.value, Decimal) else None
    return YearOnYear(item, value, mark.place, value is not None and item.who_answers == "both")
