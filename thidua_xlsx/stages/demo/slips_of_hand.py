"""Turns a valid form at hand into one with a single fault of the wanted kind, where the form has a place for it.

One finding code, one function, one line of ``SLIPS``; each returns False where nothing of the kind can be typed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from thidua_xlsx.model.demo import Typed
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import CLAIM, INFORMATION, NO, NOMINATES_ITSELF, SCORES, Asks
from thidua_xlsx.stages.demo.form_at_hand import FormAtHand, Spot

NUMBERS = (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)
CLOSED = (Asks.CHOICE, Asks.YES_NO)
NOT_YET, PARTLY, EDITED = "chưa tổng hợp", "Một phần", " (đã điều chỉnh)"
PART, WHOLE = "Số liệu 1", "Số liệu 2"
QUARTER = Decimal("0.25")


def leave_blank(form: FormAtHand) -> bool:
    """A required answer left out; who does not nominate itself owes no answer about itself."""
    free = form.answers.get((INFORMATION, NOMINATES_ITSELF, "Trả lời")) == NO
    spot = form.pick(lambda spot: spot.answer.required and not (free and spot.sheet.name == INFORMATION))
    if spot:
        form.type_answer(spot, None, Code.MISSING_ANSWER)
    return spot is not None


def words_for_a_number(form: FormAtHand) -> bool:
    spot = form.pick(lambda spot: spot.answer.asks in NUMBERS)
    if spot:
        form.type_answer(spot, NOT_YET, Code.NOT_A_NUMBER)
    return spot is not None


def two_meanings(form: FormAtHand) -> bool:
    """1.234 of an open figure is a thousand or a little more than one; 90 % of points with a maximum is either."""
    spot = form.pick(lambda spot: spot.answer.asks is Asks.NUMBER and spot.answer.maximum is None)
    text = "1.234"
    if spot is None:
        hundred = Decimal(100)
        spot = form.pick(lambda spot: spot.answer.asks is Asks.NUMBER and spot.answer.maximum not in (None, hundred))
        text = "90%"
    if spot:
        form.type_answer(spot, text, Code.AMBIGUOUS_NUMBER)
    return spot is not None


def own_words_for_a_choice(form: FormAtHand) -> bool:
    spot = form.pick(lambda spot: spot.answer.asks in CLOSED)
    if spot:
        form.type_answer(spot, PARTLY, Code.NOT_IN_LIST)
    return spot is not None


def part_above_whole(form: FormAtHand) -> bool:
    def is_part(spot: Spot) -> bool:
        whole = form.answers.get((spot.sheet.name, spot.row.code, WHOLE))
        return spot.header == PART and spot.answer.asks is Asks.NUMBER and isinstance(whole, Decimal) and whole > 0

    spot = form.pick(is_part)
    if spot:
        whole = form.answers[spot.sheet.name, spot.row.code, WHOLE]
        assert isinstance(whole, Decimal)
        form.type_answer(spot, whole + form.chance.randint(1, 9), Code.NUMERATOR_ABOVE_DENOMINATOR)
    return spot is not None


def another_year(form: FormAtHand) -> bool:
    """A date after the last one possible: of a task, or else somebody's birth."""

    def is_dated(spot: Spot) -> bool:
        return spot.answer.asks is Asks.DATE and spot.answer.high is not None

    spot = form.pick(is_dated) or form.pick(is_dated, people=True)
    if spot and spot.answer.high:
        form.type_answer(spot, spot.answer.high + timedelta(days=form.chance.randint(3, 40)), Code.DATE_OUT_OF_RANGE)
    return spot is not None


def above_the_maximum(form: FormAtHand) -> bool:
    def is_limited(spot: Spot) -> bool:
        return spot.answer.maximum is not None and spot.answer.asks in (Asks.NUMBER, Asks.WHOLE)

    spot = form.pick(lambda spot: is_limited(spot) and spot.header == CLAIM) or form.pick(is_limited)
    if spot and spot.answer.maximum is not None:
        form.type_answer(spot, spot.answer.maximum + 1, Code.ABOVE_MAXIMUM)
    return spot is not None


def a_formula(form: FormAtHand) -> bool:
    return _over_a_number(form, Typed.FORMULA, "4+1.5", Code.FORMULA_IN_ANSWER)


def an_error(form: FormAtHand) -> bool:
    return _over_a_number(form, Typed.ERROR, "#DIV/0!", Code.ERROR_CELL)


def _over_a_number(form: FormAtHand, typed: Typed, text: str, code: Code) -> bool:
    spot = form.pick(lambda spot: spot.answer.asks in NUMBERS)
    spot = spot or form.pick(lambda spot: spot.answer.asks is not Asks.REMARK)
    if spot:
        form.type_over(spot.sheet, spot.row, spot.header, typed, text, code)
    return spot is not None


def printed_text_changed(form: FormAtHand) -> bool:
    """The wording of a question or criterion, edited."""
    for name in (SCORES, INFORMATION):
        sheet = form.layout.sheet(name)
        rows = [row for row in sheet.rows if not row.heading and (name, row.code) not in form.touched] if sheet else []
        if sheet and rows:
            row = form.chance.choice(rows)
            text = f"{row.cells[1]}{EDITED}"
            form.type_over(sheet, row, sheet.columns[1].header, Typed.TEXT, text, Code.LOCKED_CELL_CHANGED)
            return True
    return False


def total_typed(form: FormAtHand) -> bool:
    """A number typed over a sum."""
    sheet = form.layout.sheet(SCORES)
    rows = [row for row in sheet.rows if row.sums and (SCORES, row.code) not in form.touched] if sheet else []
    if not sheet or not rows:
        return False
    row = form.chance.choice(rows)
    text = str(form.claimed(sheet, row.code) + 1)
    form.type_over(sheet, row, CLAIM, Typed.NUMBER, text, Code.TOTAL_CHANGED)
    return True


def claim_a_little_off(form: FormAtHand) -> bool:
    """A claim near what the figures give, mostly above it."""

    def is_free(spot: Spot) -> bool:
        # A claim with steps is the figure itself: nothing to differ from.
        return spot.header == CLAIM and spot.answer.step is None and (spot.answer.maximum or 0) >= 1

    spot = form.pick(is_free)
    if spot is None or not isinstance(spot.value, Decimal) or spot.answer.maximum is None:
        return False
    more = spot.value + QUARTER * form.chance.randint(1, 3)
    claim = min(more, spot.answer.maximum) if spot.value < spot.answer.maximum else spot.value - QUARTER
    form.type_answer(spot, claim, Code.CLAIM_DIFFERS)
    return True


SLIPS: dict[Code, Callable[[FormAtHand], bool]] = {
    Code.MISSING_ANSWER: leave_blank,
    Code.NOT_A_NUMBER: words_for_a_number,
    Code.AMBIGUOUS_NUMBER: two_meanings,
    Code.NOT_IN_LIST: own_words_for_a_choice,
    Code.NUMERATOR_ABOVE_DENOMINATOR: part_above_whole,
    Code.DATE_OUT_OF_RANGE: another_year,
    Code.ABOVE_MAXIMUM: above_the_maximum,
    Code.FORMULA_IN_ANSWER: a_formula,
    Code.ERROR_CELL: an_error,
    Code.LOCKED_CELL_CHANGED: printed_text_changed,
    Code.TOTAL_CHANGED: total_typed,
    Code.CLAIM_DIFFERS: claim_a_little_off,
}
