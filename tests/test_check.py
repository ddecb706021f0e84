"""What is wrong with a returned form: cells of one sheet retyped in a valid return, the findings at their cells.

A table shows cells as they are typed over: ``row`` is Excel's row, a heading is "column letter: header".
"""

# A table stands where it is asked, and is as wide as its sheet.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from filled_return import PLAN, ROUND, cell_of, checked, checked_together, filled_book, layout_of, retyped, table_cells

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.findings import Code, Finding, Severity
from thidua_xlsx.model.form import LONGEST_TEXT, Answer, Asks
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.read_answer import read_answer

INFORMATION, SCORES, TASKS, INDICES = "Thông tin", "Chấm điểm", "Nhiệm vụ", "Chỉ số"
PEOPLE, DOSSIER = "Cá nhân", "Hồ sơ"
Found = set[tuple[str, str]]


def said(findings: tuple[Finding, ...], sheet: str = "") -> Found:
    """(cell, code); cells of another sheet than the one in question carry its name."""
    return {
        (item.place.cell if item.place.sheet == sheet else f"{item.place.sheet}!{item.place.cell}", item.code.name)
        for item in findings
    }


def returned(*tables: tuple[str, str], unit: str = "VP", people: int = 2) -> Submission:
    book = filled_book(unit, people)
    for sheet, table in tables:
        book = retyped(book, table_cells(book, sheet, table))
    return checked(book, unit)


def found(sheet: str, table: str, unit: str = "VP", people: int = 2) -> Found:
    return said(returned((sheet, table), unit=unit, people=people).findings, sheet)


def only(given: Submission, code: Code) -> Finding:
    """The one finding with this code."""
    (item,) = [item for item in given.findings if item.code is code]
    return item


@pytest.mark.parametrize("unit", [unit.code for unit in PLAN.units])
def test_a_return_without_fault_has_no_finding(unit: str) -> None:
    given = returned(unit=unit)
    assert given.findings == ()
    assert given.valid
    assert given.rows


def test_a_blank_form_misses_every_required_answer_and_nothing_else() -> None:
    blank = checked(
        retyped(
            filled_book(people=0),
            {
                (sheet.name, f"{letter}{row}"): None
                for sheet in layout_of().sheets
                for letter, row in answer_cells(sheet.name)
            },
        )
    )
    assert {item.code for item in blank.findings} == {Code.MISSING_ANSWER}
    assert {item.place.cell for item in blank.findings if item.place.sheet == SCORES} == {
        "E7", "G7", "E8", "F8", "G8", "E9", "F9", "G9", "E10", "F10", "G10", "E11", "G11", "E12", "F12", "G12", "G13",
        "E14", "G14", "E15", "G15",
    }
    # It has not said that it wants an award, so nothing but that is missing there.
    assert said(blank.findings) >= {("Thông tin!C6", "MISSING_ANSWER"), ("Nhiệm vụ!D6", "MISSING_ANSWER")}
    assert not [item for item in blank.findings if item.place.sheet in (PEOPLE, DOSSIER)]


def answer_cells(sheet: str) -> list[tuple[str, int]]:
    asked = layout_of().sheet(sheet)
    assert asked
    return [
        (chr(64 + column), row)
        for row, form_row in enumerate(asked.rows, start=6)
        for column, cell in enumerate(form_row.cells, start=1)
        if isinstance(cell, Answer)
    ]


# One cell, one fault


def test_figures_and_claims() -> None:
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1  | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|---------------|--------------|-----------------|
        | 7   | 1.1   | Sớm hạn       |              | 19.5            |
        | 8   | 1.2   | chín          | 10           | 18.45           |
        | 9   | 1.3   | 8             | 10.500,25    |                 |
        | 10  | 1.4   |               | 4            | 10              |
        | 11  | 2     | 2.5           |              | 5               |
        | 12  | 3     | -1            | 0            | 10              |
        | 13  | 4     |               |              | 9.7             |
        | 14  | 5     | Chưa biết     |              | 10              |
        | 15  | T     | 4             |              | 3.5             |
    """) == {
        ("E7", "NOT_IN_LIST"), ("E8", "NOT_A_NUMBER"), ("F9", "READ_FROM_TEXT"), ("G9", "MISSING_ANSWER"),
        ("E10", "MISSING_ANSWER"), ("E11", "NOT_WHOLE"), ("E12", "NOT_WHOLE"), ("G13", "NOT_IN_STEPS"),
        ("E14", "NOT_IN_LIST"), ("G15", "ABOVE_MAXIMUM"),
    }


def test_numbers_that_two_people_read_differently_are_asked_again() -> None:
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 1.250        | 2000         | 0               |
    """) == set(), "a number cell is what the file says"
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | '1.250       | 2000         | 0               |
    """) == {("E8", "AMBIGUOUS_NUMBER")}
    assert found(INFORMATION, """
        | row | A: Mã  | C: Trả lời |
        |-----|--------|------------|
        | 9   | ty-le  | 0.85       |
    """) == {("C9", "AMBIGUOUS_NUMBER")}


def test_claims_stay_between_nothing_and_the_maximum() -> None:
    assert found(SCORES, """
        | row | A: Mã | G: Điểm tự chấm |
        |-----|-------|-----------------|
        | 7   | 1.1   | 19.6            |
        | 8   | 1.2   | -0.5            |
        | 13  | 4     | 10.5            |
    """) == {("G7", "ABOVE_MAXIMUM"), ("G8", "BELOW_MINIMUM"), ("G13", "ABOVE_MAXIMUM")}


def test_answers_about_the_unit() -> None:
    assert found(INFORMATION, """
        | row | A: Mã           | C: Trả lời |
        |-----|-----------------|------------|
        | 7   | doan-ket        |            |
        | 8   | sang-kien       | 10         |
        | 9   | ty-le           | 120        |
        | 10  | ngay-hop        | hôm qua    |
    """) == {
        ("C7", "MISSING_ANSWER"), ("C8", "ABOVE_MAXIMUM"), ("C9", "ABOVE_MAXIMUM"), ("C10", "NOT_A_DATE"),
    }
    assert found(INFORMATION, """
        | row | A: Mã           | C: Trả lời |
        |-----|-----------------|------------|
        | 6   | de-nghi-tap-the | Có lẽ      |
    """) == {("C6", "NOT_IN_LIST")}
    assert found(INFORMATION, """
        | row | A: Mã     | C: Trả lời |
        |-----|-----------|------------|
        | 8   | sang-kien | 0          |
    """) == {("C8", "BELOW_MINIMUM")}


def test_a_text_has_a_limit() -> None:
    longest = retyped(filled_book(), {(INFORMATION, "C11"): cell_of("a" * LONGEST_TEXT)})
    assert checked(longest).findings == ()
    longer = retyped(filled_book(), {(INFORMATION, "C11"): cell_of("a" * (LONGEST_TEXT + 1))})
    assert said(checked(longer).findings, INFORMATION) == {("C11", "TOO_LONG")}


def test_tasks_are_completed_in_the_year_of_the_return_and_on_a_stated_day() -> None:
    assert found(TASKS, """
        | row | A: Mã | D: Tình trạng  | E: Ngày hoàn thành |
        |-----|-------|----------------|--------------------|
        | 6   | NV1   | Hoàn thành     | 2026-01-01         |
        | 7   | NV2   | Hoàn thành     |                    |
    """) == {("E6", "DATE_OUT_OF_RANGE"), ("E7", "COMPLETED_WITHOUT_DATE")}
    assert found(TASKS, """
        | row | A: Mã | D: Tình trạng  | E: Ngày hoàn thành |
        |-----|-------|----------------|--------------------|
        | 6   | NV1   | Xong           | 2025-12-31         |
        | 7   | NV2   | Đang thực hiện |                    |
    """) == {("D6", "NOT_IN_LIST")}
    assert found(TASKS, """
        | row | A: Mã | D: Tình trạng  | E: Ngày hoàn thành |
        |-----|-------|----------------|--------------------|
        | 6   | NV1   |                |                    |
        | 7   | NV2   | Hoàn thành     | hôm qua            |
    """) == {("D6", "MISSING_ANSWER"), ("E7", "NOT_A_DATE")}


def test_an_index_may_be_unpublished_but_not_above_its_maximum() -> None:
    assert found(INDICES, """
        | row | A: Mã | E: Năm nay |
        |-----|-------|------------|
        | 7   | CS1   |            |
    """) == set()
    assert found(INDICES, """
        | row | A: Mã | E: Năm nay |
        |-----|-------|------------|
        | 7   | CS1   | 20.01      |
    """) == {("E7", "ABOVE_MAXIMUM")}


# What nobody may be scored on

NO_ANSWERS = [("=4+4", "FORMULA_IN_ANSWER"), ("#REF!", "ERROR_CELL")]
ANY = [
    (SCORES, "E7"), (SCORES, "E8"), (SCORES, "F8"), (SCORES, "G8"), (SCORES, "E11"), (INFORMATION, "C7"),
    (INFORMATION, "C11"), (TASKS, "D6"), (TASKS, "E6"), (INDICES, "E7"), (PEOPLE, "C6"), (PEOPLE, "D6"),
    (DOSSIER, "E6"),
]
WORDS = [(SCORES, "E7"), (SCORES, "E14"), (INFORMATION, "C11"), (TASKS, "D6"), (PEOPLE, "C6"), (DOSSIER, "E6")]
FIGURES = [(SCORES, cell) for cell in ("E8", "F8", "G8", "E11", "F12")] + [(INFORMATION, "C8"), (INDICES, "E7")]
DAYS = [(INFORMATION, "C10"), (TASKS, "E6"), (PEOPLE, "D6")]


@pytest.mark.parametrize(
    ("cells", "typed", "code"),
    [
        *((ANY, typed, code) for typed, code in NO_ANSWERS),
        (WORDS, "Hoµn thµnh", "LEGACY_ENCODING"),
        (FIGURES, "~42", "RICH_TEXT"),
        (DAYS, "~1/12/2025", "RICH_TEXT"),
    ],
)
def test_what_is_seen_there_is_not_what_was_answered(cells: list[tuple[str, str]], typed: str, code: str) -> None:
    """Formulas and errors anywhere, texts of old fonts, figures and days with raised digits."""
    each = checked_together(*(retyped(filled_book(), {cell: cell_of(typed)}) for cell in cells))
    for (sheet, cell), given in zip(cells, each, strict=True):
        assert said(given.findings, sheet) == {(cell, code)}


def test_every_fault_of_reading_is_told() -> None:
    """Whatever the reader of a kind of answer refuses becomes an error of the catalogue."""
    typed = ("=1", "#REF!", "~1", "TRUE", "x2", "-1.5", "0.5", "99999999", "Hoµn thµnh", "?", "'1.250", "'3 %", "'2.5")
    cells = [cell_of(text) for text in (*typed, "1/13/2025")]
    for asks in set(Asks) - {Asks.REMARK}:
        answer = Answer(asks, "Ô", options=("Một", "Hai") if asks is Asks.CHOICE else ())
        faults = {fault for cell in cells if (fault := read_answer(cell, answer, False).fault)}
        assert faults >= {"ERROR_CELL", "FORMULA_IN_ANSWER"}
        assert {Code[fault].severity for fault in faults} == {Severity.ERROR}


def test_unusual_spellings_are_read_and_noted() -> None:
    assert found(INFORMATION, """
        | row | A: Mã    | C: Trả lời       |
        |-----|----------|------------------|
        | 6   | de-nghi-tap-the | x         |
        | 8   | sang-kien | 5 sáng kiến     |
        | 10  | ngay-hop | ngày 2/9/2025    |
    """) == {("C6", "READ_FROM_TICK"), ("C8", "READ_FROM_TEXT"), ("C10", "READ_FROM_DATE_TEXT")}


# Two cells


def test_the_part_is_not_above_the_whole() -> None:
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 11           | 10           | 20.5            |
        | 9   | 1.3   | 10           | 10           | 10              |
        | 10  | 1.4   | 1            | 0            | 10              |
    """) == {("E8", "NUMERATOR_ABOVE_DENOMINATOR"), ("E10", "NUMERATOR_ABOVE_DENOMINATOR")}


def test_a_figure_below_zero_is_not_also_a_part_above_its_whole() -> None:
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 |
        |-----|-------|--------------|--------------|
        | 8   | 1.2   | 4            | -4           |
        | 9   | 1.3   | -4           | 4            |
    """) == {("F8", "BELOW_MINIMUM"), ("E9", "BELOW_MINIMUM")}


def test_a_whole_of_zero_is_as_the_plan_says() -> None:
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 0            | 0            | 0               |
        | 9   | 1.3   | 0            | 0            |                 |
        | 10  | 1.4   | 0            | 0            | 10              |
    """) == {("F8", "ZERO_DENOMINATOR")}


def test_a_claim_is_compared_with_the_points_computed() -> None:
    given = returned((SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 9            | 10           | 18.45           |
        | 9   | 1.3   | 1            | 3            | 0.01            |
        | 10  | 1.4   | 3            | 4            | 7.5             |
    """))
    assert said(given.findings, SCORES) == {("G9", "CLAIM_DIFFERS"), ("G10", "CLAIM_DIFFERS")}
    assert given.valid
    assert "7,5 khác điểm tính từ số liệu là 5" in given.findings[1].message


def test_a_claim_is_compared_as_printed() -> None:
    """2/3 of 80 % of 10 points has no end; the unit writes it as the plan prints it."""
    for claim, codes in (("8.33", set()), ("8.34", {("G9", "CLAIM_DIFFERS")})):
        assert found(SCORES, f"""
            | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
            |-----|-------|--------------|--------------|-----------------|
            | 9   | 1.3   | 2            | 3            | {claim}         |
        """) == codes


def test_totals_are_the_program_s_own() -> None:
    typed = """
        | row | A: Mã | G: Điểm tự chấm |
        |-----|-------|-----------------|
        | 6   | 1     | {}              |
        | 16  | TONG  | {}              |
    """
    assert found(SCORES, typed.format("60", "90")) == set()  # the formula became its value: pasted, or saved elsewhere
    assert found(SCORES, typed.format("", "")) == set()
    assert found(SCORES, typed.format("59", "=G6+1")) == {("G6", "TOTAL_CHANGED"), ("G16", "TOTAL_CHANGED")}
    assert found(SCORES, typed.format("=SUM(G7:G10)+5", "=sum( G6, G11:G14 )")) == {("G6", "TOTAL_CHANGED")}
    assert found(SCORES, typed.format("sáu mươi", "#REF!")) == {("G6", "TOTAL_CHANGED"), ("G16", "TOTAL_CHANGED")}
    assert returned((SCORES, typed.format("1", "1"))).valid


def test_printed_cells_are_the_plan_s() -> None:
    given = returned((SCORES, """
        | row | A: Mã | B: Tiêu chí          | C: Điểm tối đa | D: Cách tính |
        |-----|-------|----------------------|----------------|--------------|
        | 7   | 1.1   | KẾ HOẠCH             | 19.5           | =1           |
        | 11  | 2     | Tuyên truyền khác    | 100            |              |
    """))
    assert said(given.findings, SCORES) == {(cell, "LOCKED_CELL_CHANGED") for cell in ("D7", "B11", "C11", "D11")}
    assert given.valid


# Persons


def test_a_faulty_row_blocks_only_its_person() -> None:
    given = returned((PEOPLE, """
        | row | A: Thứ tự | B: Ông/Bà | C: Họ và tên | D: Ngày sinh | G: Xếp loại    | H: Năm công tác | I: Báo cáo thành tích |
        |-----|-----------|-----------|--------------|--------------|----------------|-----------------|-----------------------|
        | 6   | 1         | Ông       | Lê Văn Tám   | 1980-01-02   | Hoàn thành tốt |                 | Có                    |
        | 7   | 2         | Cô        |              | 2020-01-02   | Xuất sắc       | -1              | Có                    |
    """))
    assert said(given.findings, PEOPLE) == {
        ("B7", "NOT_IN_LIST"), ("C7", "MISSING_ANSWER"), ("D7", "DATE_OUT_OF_RANGE"), ("G7", "NOT_IN_LIST"),
        ("H7", "NOT_WHOLE"),
    }
    assert {item.person_row for item in given.findings} == {7}
    assert given.valid
    assert [row.row for row in given.sheet(PEOPLE)] == [6, 7]


def test_one_person_is_put_forward_once() -> None:
    given = returned((PEOPLE, """
        | row | A: Thứ tự | C: Họ và tên   | D: Ngày sinh |
        |-----|-----------|----------------|--------------|
        | 6   | 1         | Lê Thị Hòa     | 1980-01-02   |
        | 7   | 2         | LÊ  THỊ HOÀ    | 1980-01-02   |
    """))
    assert said(given.findings, PEOPLE) == {("C7", "SAME_PERSON_TWICE")}
    assert only(given, Code.SAME_PERSON_TWICE).person_row == 7
    assert "dòng 6" in only(given, Code.SAME_PERSON_TWICE).message
    assert found(PEOPLE, """
        | row | A: Thứ tự | C: Họ và tên   | D: Ngày sinh |
        |-----|-----------|----------------|--------------|
        | 6   | 1         | Lê Thị Hòa     | 1980-01-02   |
        | 7   | 2         | Lê Thị Hòa     | 1980-01-03   |
    """) == set()


def test_everyone_has_an_order_of_their_own() -> None:
    given = returned((PEOPLE, """
        | row | A: Thứ tự | C: Họ và tên | D: Ngày sinh |
        |-----|-----------|--------------|--------------|
        | 6   | 1         | Lê Văn Tám   | 1980-01-02   |
        | 7   | 1         | Lê Văn Chín  | 1980-01-02   |
        | 8   |           | Lê Văn Mười  | 1980-01-02   |
        | 9   | nhất      | Lê Văn Năm   | 1980-01-02   |
        | 10  | '01       | Lê Văn Sáu   | 1980-01-02   |
    """), people=5)
    assert said(given.findings, PEOPLE) == {
        ("A7", "SAME_ORDER_TWICE"), ("A8", "MISSING_ANSWER"), ("A9", "NOT_WHOLE"), ("A10", "SAME_ORDER_TWICE"),
    }
    assert {item.person_row for item in given.findings} == {7, 8, 9, 10}
    assert given.valid


def test_an_order_of_thousands_of_digits_is_no_crash() -> None:
    endless = retyped(filled_book(), {(PEOPLE, "A7"): Cell(Kind.TEXT, "9" * 5000)})
    assert said(checked(endless).findings, PEOPLE) == {("A7", "NOT_WHOLE")}


def test_persons_below_the_printed_rows_are_read_too() -> None:
    given = returned((PEOPLE, """
        | row | A: Thứ tự | B: Ông/Bà | C: Họ và tên | D: Ngày sinh | E: Chức vụ | G: Xếp loại | I: Báo cáo thành tích |
        |-----|-----------|-----------|--------------|--------------|------------|-------------|-----------------------|
        | 40  | 31        | Bà        | Lê Thị Ba    | 1980-01-02   | Công chức  | Hoàn thành  | Có                    |
        | 41  | 32        | Bà        | Lê Thị Bốn   | 1980-01-02   | Công chức  |             | Có                    |
    """))
    assert said(given.findings, PEOPLE) == {("G41", "MISSING_ANSWER")}
    assert [row.code for row in given.sheet(PEOPLE)] == ["1", "2", "31", "32"]


# What may stay blank

NO_WISH = """
    | row | A: Mã           | C: Trả lời |
    |-----|-----------------|------------|
    | 6   | de-nghi-tap-the | {}         |
    | 7   | doan-ket        |            |
    | 8   | sang-kien       |            |
    | 9   | ty-le           |            |
"""
NO_PAPERS = """
    | row | A: Mã    | E: Đã có |
    |-----|----------|----------|
    | 6   | to-trinh |          |
    | 7   | bao-cao  |          |
"""


def test_who_wants_no_award_need_not_answer_for_it() -> None:
    assert returned((INFORMATION, NO_WISH.format("Không")), (DOSSIER, NO_PAPERS), people=0).findings == ()
    wanted = returned((INFORMATION, NO_WISH.format("Có")), (DOSSIER, NO_PAPERS), people=0)
    assert said(wanted.findings, INFORMATION) == {
        ("C7", "MISSING_ANSWER"), ("C8", "MISSING_ANSWER"), ("C9", "MISSING_ANSWER"), ("Hồ sơ!E6", "MISSING_ANSWER"),
        ("Hồ sơ!E7", "MISSING_ANSWER"),
    }


def test_what_is_answered_all_the_same_must_be_readable() -> None:
    assert found(INFORMATION, """
        | row | A: Mã           | C: Trả lời |
        |-----|-----------------|------------|
        | 6   | de-nghi-tap-the | Không      |
        | 8   | sang-kien       | nhiều      |
    """) == {("C8", "NOT_A_NUMBER")}


def test_persons_need_the_papers_shared_with_the_unit_only() -> None:
    given = returned((INFORMATION, NO_WISH.format("Không")), (DOSSIER, NO_PAPERS), people=1)
    assert said(given.findings, DOSSIER) == {("E6", "MISSING_ANSWER")}


def test_while_the_wish_is_unknown_only_the_wish_is_asked_for() -> None:
    for wish, code in (("", "MISSING_ANSWER"), ("Có lẽ", "NOT_IN_LIST")):
        given = returned((INFORMATION, NO_WISH.format(wish)), (DOSSIER, NO_PAPERS), people=0)
        assert said(given.findings, INFORMATION) == {("C6", code)}


def test_a_line_left_out_of_the_scale_needs_no_claim() -> None:
    given = returned((SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 9   | 1.3   | 0            | 0            |                 |
    """))
    assert given.findings == ()


def test_a_line_that_does_not_apply_to_the_unit_asks_nothing() -> None:
    given = returned((SCORES, """
        | row | A: Mã | E: Số liệu 1 | G: Điểm tự chấm |
        |-----|-------|--------------|-----------------|
        | 11  | 2     | =1           | #REF!           |
    """), unit="KT")
    assert given.findings == ()
    assert given.mark(SCORES, "2", "Số liệu 1") is None


def test_remarks_never_block() -> None:
    cells = {(SCORES, "H8"), (SCORES, "I8"), (INFORMATION, "D7"), (TASKS, "F6"), (INDICES, "F7"), (DOSSIER, "F6")}
    typed = ("=1+1", "#REF!", "Hoµn thµnh", "~x2", "TRUE", "a" * 5000)
    each = checked_together(*(retyped(filled_book(), dict.fromkeys(cells, cell_of(text))) for text in typed))
    assert [given.findings for given in each] == [()] * len(typed)


# The form itself


def without(book: Book, sheet: str) -> Book:
    return replace(book, sheets=tuple(item for item in book.sheets if item.name != sheet))


def test_a_sheet_is_missing() -> None:
    given = checked(without(filled_book(), TASKS))
    assert said(given.findings) == {("Nhiệm vụ!", "SHEET_MISSING")}
    assert not given.valid


def test_a_renamed_sheet_is_found_by_its_headers() -> None:
    book = filled_book()
    renamed = replace(
        book, sheets=tuple(replace(item, name="Sheet7") if item.name == TASKS else item for item in book.sheets)
    )
    typed = retyped(renamed, {("Sheet7", "D6"): None})
    assert said(checked(typed).findings) == {("Sheet7!D6", "MISSING_ANSWER")}


def test_a_header_is_missing() -> None:
    headless = retyped(filled_book(), {(SCORES, "F5"): cell_of("Mẫu số")})
    assert said(checked(headless).findings, SCORES) == {("", "HEADER_MISSING")}
    assert only(checked(headless), Code.HEADER_MISSING).value == "Số liệu 2"


def test_the_header_of_the_codes_is_missing_not_the_sheet() -> None:
    headless = retyped(filled_book(), {(SCORES, "A5"): cell_of("STT")})
    assert said(checked(headless).findings, SCORES) == {("", "HEADER_MISSING")}
    assert only(checked(headless), Code.HEADER_MISSING).value == "Mã"


def test_a_row_is_missing_or_doubled() -> None:
    given = returned((SCORES, """
        | row | A: Mã | B: Tiêu chí | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|-------------|--------------|--------------|-----------------|
        | 8   |       |             |              |              |                 |
        | 30  | 3     |             |              |              |                 |
        | 31  | '1.1  | Kế hoạch    | Trễ hạn      |              | 10              |
    """))
    assert said(given.findings, SCORES) >= {("A30", "ROW_TWICE"), ("A31", "ROW_TWICE"), ("", "ROW_MISSING")}
    assert only(given, Code.ROW_MISSING).value == "1.2"
    assert given.mark(SCORES, "1.1", "Số liệu 1").text == "Đúng hạn"


def shifted(book: Book, rows: int, columns: int) -> Book:
    """Every sheet moved down and to the right, as after inserting rows and columns."""
    return replace(
        book,
        sheets=tuple(
            replace(item, cells={(row + rows, column + columns): cell for (row, column), cell in item.cells.items()})
            for item in book.sheets
        ),
    )


def test_answers_are_found_wherever_they_were_moved() -> None:
    assert checked(shifted(filled_book(), 3, 2)).findings == ()
    given = checked(shifted(retyped(filled_book(), {(SCORES, "E8"): cell_of("11")}), 3, 2))
    assert said(given.findings, SCORES) == {("G11", "NUMERATOR_ABOVE_DENOMINATOR")}


def test_hidden_rows_are_read_and_noted() -> None:
    book = retyped(filled_book(), {(TASKS, "D7"): None})
    hiding = replace(
        book,
        sheets=tuple(replace(item, hidden_rows=frozenset({7})) if item.name == TASKS else item for item in book.sheets),
    )
    assert said(checked(hiding).findings, TASKS) == {("", "HIDDEN_ROWS"), ("D7", "MISSING_ANSWER")}
    assert Code.HIDDEN_ROWS.severity is Severity.NOTE


def test_a_sheet_of_their_own_is_noted() -> None:
    book = filled_book()
    draft = Sheet("Nháp", {(1, 1): Cell(Kind.TEXT, "tính thử")})
    scores = next(sheet for sheet in book.sheets if sheet.name == SCORES)
    copy = replace(scores, name=f"{SCORES} (2)")
    own = replace(book, sheets=(*book.sheets, draft, copy, replace(draft, name="Ẩn", hidden=True), Sheet("Trống", {})))
    assert said(checked(own).findings) == {("Nháp!", "EXTRA_SHEET"), ("Chấm điểm (2)!", "EXTRA_SHEET")}
    assert Code.EXTRA_SHEET.severity is Severity.NOTE


# One fault, one finding


def test_what_only_follows_from_an_error_in_the_same_cell_is_dropped() -> None:
    """Above the maximum, not in steps and different from the computed points: only the first is told."""
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 9            | 10           | 20.7            |
        | 13  | 4     |              |              | 10.7            |
    """) == {("G8", "ABOVE_MAXIMUM"), ("G13", "ABOVE_MAXIMUM")}


def test_an_unreadable_figure_accuses_nobody_else() -> None:
    """Neither its ratio, nor the claim beside it, nor the sum above it."""
    assert found(SCORES, """
        | row | A: Mã | E: Số liệu 1 | F: Số liệu 2 | G: Điểm tự chấm |
        |-----|-------|--------------|--------------|-----------------|
        | 8   | 1.2   | 900          | mười         | 1               |
        | 9   | 1.3   | =4           | 3            | 1               |
    """) == {("F8", "NOT_A_NUMBER"), ("E9", "FORMULA_IN_ANSWER")}


def test_the_error_of_a_cell_is_told_before_its_note() -> None:
    """Text that reads as a number is noted, unless the number itself is wrong."""
    typed = retyped(filled_book(), {(SCORES, "G7"): Cell(Kind.TEXT, "99,5")})
    assert said(checked(typed).findings, SCORES) == {("G7", "ABOVE_MAXIMUM")}


def test_all_faults_of_all_units_in_one_run_and_none_on_the_neighbour() -> None:
    faulty = retyped(filled_book("VP"), {(SCORES, "E8"): cell_of("chín"), (TASKS, "D6"): cell_of("Xong")})
    other = retyped(filled_book("VH"), {(SCORES, "G8"): cell_of("21")})
    given = check(
        (
            collect(faulty, layout_of("VP"), "nop/vp.xlsx"),
            collect(filled_book("KT"), layout_of("KT"), "nop/kt.xlsx"),
            collect(other, layout_of("VH"), "nop/vh.xlsx"),
        ),
        PLAN,
        ROUND,
    )
    assert [said(item.findings) for item in given] == [
        {("Chấm điểm!E8", "NOT_A_NUMBER"), ("Nhiệm vụ!D6", "NOT_IN_LIST")},
        set(),
        {("Chấm điểm!G8", "ABOVE_MAXIMUM")},
    ]
    assert [{(item.unit, item.place.file) for item in one.findings} for one in given] == [
        {("VP", "nop/vp.xlsx")},
        set(),
        {("VH", "nop/vh.xlsx")},
    ]


def test_every_code_about_answers_is_tested_here() -> None:
    """The catalogue's first part, up to the returned files, without what ``merge`` says."""
    names = [code.name for code in Code]
    about = set(names[: names.index("NEWER_RETURN_INVALID")]) - {"OLDER_FORM"} | {"EXTRA_SHEET", "HIDDEN_ROWS"}
    files = (Path(__file__), Path(__file__).with_name("test_habits.py"))
    text = "".join(file.read_text("utf-8") for file in files)
    assert {name for name in about if f'"{name}"' not in text} == set()
