"""A returned form as a value: a small plan, its form filled without a fault, and single cells of it retyped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from markdown_table import lines_of

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW, PEOPLE, SCORES, Answer, Asks, FormLayout
from thidua_xlsx.model.place import address
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.model.wording import half_up
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.judging.scoring_methods import compute
from thidua_xlsx.stages.plans.lint_plan import check_plan
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plan_text import read_plan_text
from thidua_xlsx.workbooks.reader.cells import read_book

PLAN_TEXT = """\
plan = [
  {id = "vinh-hoa-2025", title = "Kế hoạch thi đua", authority = "UBND xã Vĩnh Hòa", place = "Vĩnh Hòa", standing_body = "Văn phòng", year = 2025, class_scale = "cchc"},
]
round = [
  {code = "hang-nam", name = "Hằng năm", kind = "annual", from_year = 2025, to_year = 2025, deadline = 2026-01-30, inclusive = true, clause = "III.1"},
]
block = [
  {code = "phong", name = "Phòng chuyên môn"},
]
unit = [
  {code = "VP", name = "Văn phòng", block = "phong"},
  {code = "KT", name = "Phòng Kinh tế", block = "phong", not_applicable = "2"},
  {code = "VH", name = "Phòng Văn hóa", block = "phong"},
]
level = [
  {scale = "cchc", code = "tot", label = "Tốt", order = 2, from = 80},
  {scale = "cchc", code = "kha", label = "Khá", order = 1, from = 0},
  {scale = "can-bo", code = "HTT", label = "Hoàn thành tốt", order = 2},
  {scale = "can-bo", code = "HT", label = "Hoàn thành", order = 1},
]
criterion = [
  {code = "1", name = "Điều hành", max = 60},
  {code = "1.1", parent = "1", name = "Kế hoạch", max = 19.5, method = "levels", parameters = "Đúng hạn = 19.5; Trễ hạn = 10"},
  {code = "1.2", parent = "1", name = "Hoàn thành", max = 20.5, method = "ratio_floor", parameters = "full = 100; floor = 80"},
  {code = "1.3", parent = "1", name = "Trực tuyến", max = 10, method = "ratio_target", parameters = "target = 80; floor = 40", zero_denominator = "exclude"},
  {code = "1.4", parent = "1", name = "Phản ánh", max = 10, method = "bands", parameters = "of = ratio; 95 = 10; 75 = 5", zero_denominator = "full"},
  {code = "2", name = "Tuyên truyền", max = 10, method = "bands", parameters = "of = count; 3 = 10; 2 = 5"},
  {code = "3", name = "Kỷ luật", max = 10, method = "penalty", parameters = "each = 1; zeroing = yes"},
  {code = "4", name = "Tự chấm", max = 10, method = "points", parameters = "step = 0.5"},
  {code = "5", name = "Một cửa", max = 10, method = "yes_no"},
  {code = "T", name = "Điểm thưởng", max = 3, method = "bonus", parameters = "each = 1"},
]
index = [
  {code = "CS", name = "Chỉ số chung", max = 100, units = "*", last_value = 80, who_answers = "office"},
  {code = "CS1", name = "Thủ tục", max = 20, units = "VP", last_value = 15},
]
task = [
  {code = "NV1", name = "Báo cáo", due = 2025-12-15},
  {code = "NV2", name = "Rà soát"},
]
question = [
  {code = "doan-ket", label = "Đoàn kết", subject = "collective", type = "yes_no", required = true},
  {code = "sang-kien", label = "Số sáng kiến", subject = "collective", type = "integer", required = true, min = 1, max = 9},
  {code = "ty-le", label = "Tỷ lệ đúng hạn", subject = "collective", type = "percent", required = true},
  {code = "ngay-hop", label = "Ngày họp", subject = "collective", type = "date"},
  {code = "mo-ta", label = "Mô tả", subject = "collective", type = "text"},
  {code = "xep-loai", label = "Xếp loại", subject = "individual", type = "level", scale = "can-bo", required = true},
  {code = "thu-nhap", label = "Năm công tác", subject = "individual", type = "integer"},
]
dossier = [
  {code = "to-trinh", subject = "both", stage = "unit", name = "Tờ trình", form = "01", sets = 2, clause = "IV.1"},
  {code = "bao-cao", subject = "collective", stage = "unit", name = "Báo cáo", clause = "IV.1"},
  {code = "thanh-tich", subject = "individual", stage = "unit", name = "Báo cáo thành tích", clause = "IV.1"},
]
gate = [
  {code = "doan-ket", subject = "collective", fact = "doan-ket", operator = "yes", clause = "III.3-1", reason = "Đoàn kết"},
  {code = "xep-loai", subject = "individual", fact = "xep-loai", operator = "level_at_least", value = "HTT", clause = "III.4-1", reason = "Hoàn thành tốt"},
]
quota = [
  {code = "tap-the", subject = "collective", award = "Giấy khen", seats = 2, binding = "at_most", order_by = "index", clause = "III.5"},
  {code = "ca-nhan", subject = "individual", award = "Giấy khen", seats = 3, binding = "at_most", clause = "III.5"},
]
award = [
  {award = "Giấy khen", subject = "collective", coefficient = 0.6, from = 2025-07-01, decree = "NĐ 152"},
  {award = "Giấy khen", subject = "individual", coefficient = 0.3, from = 2025-07-01, decree = "NĐ 152"},
]
base_salary = [
  {amount = 2340000, from = 2024-07-01, decree = "NĐ 73"},
]
"""  # noqa: E501 - one row a line is the form itself

DAY_ZERO = date(1899, 12, 30)
Typed = Mapping[tuple[str, str], Cell | None]
Answers = dict[tuple[str, str, str], Decimal | str | date]


def plan_of(text: str = PLAN_TEXT) -> Plan:
    rows, faults = read_plan_text(text.encode(), "ke-hoach.toml")
    plan, more = check_plan(rows)
    assert plan is not None, [*faults, *more]
    assert not [item for item in (*faults, *more) if item.severity is Severity.ERROR]
    return plan


PLAN = plan_of()
ROUND = PLAN.rounds[0]


def layout_of(unit: str = "VP", plan: Plan = PLAN) -> FormLayout:
    found = plan.unit(unit)
    assert found is not None
    return lay_out(plan, plan.rounds[0], found)


def plain_answer(answer: Answer) -> Decimal | str | date | None:
    """An answer that breaks no rule; remarks stay blank."""
    if answer.asks is Asks.YES_NO:
        return "Có"
    if answer.asks is Asks.CHOICE:
        return answer.options[0]
    if answer.asks is Asks.DATE:
        return answer.high or date(2025, 6, 1)
    if answer.asks is Asks.TEXT:
        return "Nội dung"
    if answer.asks is Asks.REMARK:
        return None
    return max(answer.minimum or Decimal(0), min(answer.maximum or Decimal(4), Decimal(4)))


def valid_answers(layout: FormLayout, plan: Plan = PLAN, people: int = 2) -> Answers:
    """Every answer the form asks, claims as the program computes them, and so many persons."""
    round_, unit = plan.round(layout.stamp.round), plan.unit(layout.stamp.unit)
    assert round_ is not None
    assert unit is not None
    lines = {line.code: line for line in plan.criteria_of(round_, unit)}
    answers: Answers = {}
    for sheet in layout.sheets:
        for row in sheet.rows[:people] if sheet.name == PEOPLE else sheet.rows:
            for column, cell in zip(sheet.columns, row.cells, strict=True):
                value = plain_answer(cell) if isinstance(cell, Answer) else None
                if value is not None:
                    answers[sheet.name, row.code, column.header] = value
    for number in range(1, people + 1):
        answers[PEOPLE, str(number), "Họ và tên"] = f"Nguyễn Thị {'ABCDEFGH'[number - 1]} {unit.code}"
    for sheet_name, code, header in [key for key in answers if key[0] == SCORES and key[2] == "Điểm tự chấm"]:
        figures = [answers.get((SCORES, code, figure)) for figure in ("Số liệu 1", "Số liệu 2")]
        first, second = (None if isinstance(figure, date) else figure for figure in figures)
        points = compute(lines[code], first, second, lines[code].max)
        assert isinstance(points, Fraction), "the figures above leave no line out"
        rounded = half_up(points, plan.head.decimals)
        answers[sheet_name, code, header] = Decimal(rounded.numerator) / Decimal(rounded.denominator)
    return answers


@lru_cache(maxsize=32)
def filled_book(unit: str = "VP", people: int = 2) -> Book:
    """A valid return of the small plan, through the form's own writer."""
    layout = layout_of(unit)
    return opened(write_form(layout, valid_answers(layout, people=people)))


def opened(data: bytes) -> Book:
    book = read_book(data)
    assert isinstance(book, Book), book
    return book


def cell_of(text: str) -> Cell | None:
    """A cell as a table shows it: ``8.5`` a number, ``2025-03-01`` a day, ``=A1`` a formula, ``#REF!`` an error,
    ``TRUE`` a boolean, ``'8.5`` a text, ``~x2`` one with a raised letter; everything else is the text itself."""
    if not text:
        return None
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return Cell(Kind.NUMBER, text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return Cell(Kind.NUMBER, str((date.fromisoformat(text) - DAY_ZERO).days))
    if text.startswith("="):
        return Cell(Kind.NUMBER, "5", formula=text[1:])
    if text.startswith("#"):
        return Cell(Kind.ERROR, text)
    if text in ("TRUE", "FALSE"):
        return Cell(Kind.BOOLEAN, "1" if text == "TRUE" else "0")
    return Cell(Kind.TEXT, text.removeprefix("~").removeprefix("'"), rich=text.startswith("~"))


def position(cell: str) -> tuple[int, int]:
    """C7 → (7, 3)."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def retyped(book: Book, cells: Typed) -> Book:
    """The same workbook with these cells typed over; None clears a cell."""

    def typed(sheet: Sheet) -> Sheet:
        made = dict(sheet.cells)
        for (name, cell), content in cells.items():
            if name == sheet.name:
                made.pop(position(cell), None)
                if content is not None:
                    made[position(cell)] = content
        return replace(sheet, cells=made)

    assert {name for name, _ in cells} <= {sheet.name for sheet in book.sheets}
    return replace(book, sheets=tuple(map(typed, book.sheets)))


def table_cells(book: Book, sheet: str, table: str) -> Typed:
    """The cells of a Markdown table: ``row`` is the Excel row, ``E: Số liệu 1`` the column and its header."""
    headers = next(item for item in book.sheets if item.name == sheet).cells
    cells = {}
    for line in lines_of(table):
        row = line.pop("row")
        for head, text in line.items():
            letter, _, header = head.partition(": ")
            assert headers[HEADER_ROW, position(f"{letter}1")[1]].text == header
            cells[sheet, f"{letter}{row}"] = cell_of(text)
    return cells


def checked(book: Book, unit: str = "VP") -> Submission:
    return checked_together(book, unit=unit)[0]


def checked_together(*books: Book, unit: str = "VP") -> tuple[Submission, ...]:
    """All of them in one run, as the program does; each is nevertheless judged alone."""
    collected = (collect(book, layout_of(unit), f"nop/{number}.xlsx") for number, book in enumerate(books))
    return check(tuple(collected), PLAN, ROUND)


def address_of(layout: FormLayout, sheet: str, code: str, header: str) -> str:
    """Where the blank form asks this, as its layout says."""
    asked = layout.sheet(sheet)
    assert asked is not None
    return address(FIRST_ROW + [row.code for row in asked.rows].index(code), asked.column_of(header))
