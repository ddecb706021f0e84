"""Turns what an answer cell asks into the drop-down, limits and messages that Excel holds the typing to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW, LISTS, LONGEST_TEXT, NO, YES, Answer, Asks, FormLayout
from thidua_xlsx.model.place import address, column_letters
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.workbooks.form.styles import Styles
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, put, reference

# What Excel holds of a title and of a message; XlsxWriter drops the whole rule beyond.
TITLE, MESSAGE = 32, 255
# The day that messages show as an example, wherever the answer's range holds it.
EXAMPLE = date(2025, 12, 5)
FAR = Decimal(10) ** 12

Run = tuple[int, int, int]  # column, first row, last row
Lists = Mapping[tuple[str, ...], str]


def cut(text: str, limit: int) -> str:
    """The text in at most so many UTF-16 units, with a visible sign where it was cut."""
    if len(text.encode("utf-16-le")) // 2 <= limit:
        return text
    while len(text.encode("utf-16-le")) // 2 > limit - 2:
        text = text[:-1]
    return text.rstrip() + " …"


def options_of(answer: Answer) -> tuple[str, ...]:
    """The closed list of an answer; () where anything of its kind may be typed."""
    if answer.asks is Asks.YES_NO:
        return answer.options or (YES, NO)
    return answer.options if answer.asks is Asks.CHOICE else ()


def lists_of(layout: FormLayout) -> dict[tuple[str, ...], str]:
    """Each closed list of the form with the range of ``Danh mục`` that holds it (inline lists end at 255)."""
    lists: dict[tuple[str, ...], str] = {}
    for sheet in layout.sheets:
        for row in sheet.rows:
            for cell in row.cells:
                if isinstance(cell, Answer) and (options := options_of(cell)) and options not in lists:
                    letters = column_letters(len(lists) + 1)
                    cells = f"${letters}${FIRST_ROW}:${letters}${FIRST_ROW + len(options) - 1}"
                    lists[options] = reference(LISTS, cells)
    return lists


def write_lists(work: OpenWorkbook, styles: Styles, sheet: Any, lists: Lists) -> None:
    """The hidden sheet with the lists, one a column."""
    text = work.format(num_format="@")
    for column, options in enumerate(lists, start=1):
        put(sheet, HEADER_ROW, column, f"Danh sách {column}", styles.header())
        for row, option in enumerate(options, start=FIRST_ROW):
            put(sheet, row, column, option, text)


def figure(value: Decimal) -> str:
    return vietnamese(Fraction(value), 6)


def bounds(answer: Answer) -> tuple[Decimal, Decimal]:
    """The range a number must lie in; where the plan sets no limit, one that stops only slips of the hand."""
    low, high = answer.minimum, answer.maximum
    if answer.asks is Asks.PERCENT:
        low, high = Decimal(0) if low is None else low, Decimal(100) if high is None else high
    if answer.asks is Asks.WHOLE and low is None:
        low = Decimal(0)
    return -FAR if low is None else low, FAR if high is None else high


def range_words(answer: Answer) -> str:
    low, high = bounds(answer)
    if low > -FAR and high < FAR:
        return f" từ {figure(low)} đến {figure(high)}"
    if low > -FAR:
        return f" từ {figure(low)} trở lên"
    return f" không quá {figure(high)}" if high < FAR else ""


def number_message(answer: Answer) -> str:
    if answer.asks is Asks.WHOLE:
        return f"Gõ một số nguyên{range_words(answer)}, không kèm chữ."
    if answer.asks is Asks.PERCENT:
        return (
            f"Gõ một số{range_words(answer)}, không gõ dấu %. Ví dụ 97,5. "
            "Nếu máy vẫn báo sai, gõ dấu chấm thay dấu phẩy (97.5)."
        )
    step = f", theo bước {figure(answer.step)}" if answer.step else ""
    return (
        f"Gõ một số{range_words(answer)}{step}, không kèm chữ. Ví dụ 2,5. "
        "Nếu máy vẫn báo sai, gõ dấu chấm thay dấu phẩy (2.5)."
    )


def date_message(answer: Answer) -> str:
    low = f" từ {date_text(answer.low)}" if answer.low else ""
    high = f" đến {date_text(answer.high)}" if answer.high else ""
    day = example_day(answer)
    return (
        f"Gõ ngày/tháng/năm{low}{high}, ví dụ {date_text(day)}. "
        f"Nếu máy vẫn báo sai, gõ năm-tháng-ngày ({day.isoformat()})."
    )


def example_day(answer: Answer) -> date:
    """A day that the answer would take: an example out of its own range teaches nobody."""
    if answer.low and answer.low > EXAMPLE:
        return answer.low
    if answer.high and answer.high < EXAMPLE:
        earlier = EXAMPLE.replace(year=answer.high.year - 20)
        return max(earlier, answer.low) if answer.low else earlier
    return EXAMPLE


def list_message(options: tuple[str, ...]) -> str:
    words = f"Bấm mũi tên cạnh ô và chọn một trong: {'; '.join(options)}."
    return words if len(words) <= MESSAGE else "Bấm mũi tên cạnh ô và chọn một dòng trong danh sách."


def limits(answer: Answer, lists: Lists) -> tuple[dict[str, Any], str]:
    """What XlsxWriter needs to hold the answer to its kind, and what Excel says when it does not."""
    if options := options_of(answer):
        return {"validate": "list", "source": f"={lists[options]}"}, list_message(options)
    if answer.asks in (Asks.NUMBER, Asks.PERCENT, Asks.WHOLE):
        low, high = (format(bound, "f") for bound in bounds(answer))
        kind = "integer" if answer.asks is Asks.WHOLE else "decimal"
        held = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        return held, number_message(answer)
    if answer.asks is Asks.DATE:
        return {"validate": "date", **date_limits(answer)}, date_message(answer)
    if answer.asks is Asks.TEXT:
        return (
            {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT},
            f"Nội dung quá dài (quá {LONGEST_TEXT} ký tự). Rút gọn nội dung.",
        )
    return {"validate": "any"}, ""


def date_limits(answer: Answer) -> dict[str, Any]:
    if answer.low and answer.high:
        return {"criteria": "between", "minimum": answer.low, "maximum": answer.high}
    if answer.high:
        return {"criteria": "<=", "value": answer.high}
    # 1 is Excel's first day; without a limit any date will do, but a date it must be.
    return {"criteria": ">=", "value": answer.low or "1"}


def rule(answer: Answer, lists: Lists) -> dict[str, Any] | None:
    """The data validation of an answer; None where there is nothing to hold and nothing to say."""
    options, message = limits(answer, lists)
    title = cut(answer.label, TITLE)
    if answer.hint:
        options |= {"input_title": title, "input_message": cut(answer.hint, MESSAGE)}
    if message:
        options |= {"error_title": title, "error_message": cut(message, MESSAGE)}
    return options if message or answer.hint else None


def runs(cells: Iterable[tuple[int, int]]) -> list[Run]:
    """Cells (row, column) that stand below each other, joined."""
    found: list[Run] = []
    for column, row in sorted((column, row) for row, column in cells):
        if found and found[-1][0] == column and found[-1][2] == row - 1:
            found[-1] = (column, found[-1][1], row)
        else:
            found.append((column, row, row))
    return found


def cells_text(column: int, first: int, last: int) -> str:
    """(7, 8, 9) → G8:G9."""
    return address(first, column) if first == last else f"{address(first, column)}:{address(last, column)}"


def add_rules(sheet: Any, asked: Mapping[Answer, list[Run]], lists: Lists) -> None:
    """One validation for each distinct question, over all the cells that ask it."""
    for answer, found in asked.items():
        options = rule(answer, lists)
        if options is None:
            continue
        column, first, last = found[0]
        options["multi_range"] = " ".join(cells_text(*run) for run in found)
        checked(sheet.data_validation(first - 1, column - 1, last - 1, column - 1, options))
