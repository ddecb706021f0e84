"""What people, and their spreadsheets, do to the rows, columns and sheets of a form: each answer is still its own.

A table shows cells as they are typed over: ``row`` is Excel's row, a heading is "column letter: header".
"""

# A table stands where it is asked, and is as wide as its sheet.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from filled_return import (
    DAY_ZERO,
    PLAN_TEXT,
    cell_of,
    checked,
    filled_book,
    layout_of,
    plan_of,
    retyped,
    table_cells,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.form import (
    DOSSIER,
    FIRST_ROW,
    INDICES,
    INFORMATION,
    PEOPLE,
    SCORES,
    TASKS,
    Answer,
    Asks,
    Column,
    FormLayout,
    FormRow,
    SheetLayout,
)
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.feedback import received_answers
from thidua_xlsx.stages.intake.read_answer import read_answer

VALID = received_answers(checked(filled_book()))
CODED = (INFORMATION, SCORES, TASKS, INDICES, DOSSIER)


def said(submission: Submission) -> set[tuple[str, str]]:
    """(sheet!cell, code) of every finding; the sheet is left out where it is the scorecard."""
    return {
        (item.place.cell if item.place.sheet == SCORES else f"{item.place.sheet}!{item.place.cell}", item.code.name)
        for item in submission.findings
    }


def scores(table: str, book: Book | None = None) -> Submission:
    book = book or filled_book()
    return checked(retyped(book, table_cells(book, SCORES, table)))


def on_sheet(book: Book, name: str, change: Callable[[Sheet], Sheet]) -> Book:
    return replace(book, sheets=tuple(change(item) if item.name == name else item for item in book.sheets))


def on_every_sheet(book: Book, change: Callable[[Sheet], Sheet]) -> Book:
    return replace(book, sheets=tuple(map(change, book.sheets)))


def moved(at: Callable[[int, int], tuple[int, int]]) -> Callable[[Sheet], Sheet]:
    """The same cells elsewhere."""
    return lambda sheet: replace(sheet, cells={at(*place): cell for place, cell in sheet.cells.items()})


def sheet_of(book: Book, name: str) -> Sheet:
    return next(sheet for sheet in book.sheets if sheet.name == name)


def text(typed: str) -> Cell:
    return Cell(Kind.TEXT, typed)


# The code column, after a spreadsheet has been at it


def serial(day: date) -> str:
    return str((day - DAY_ZERO).days)


@pytest.mark.parametrize(
    ("row", "typed", "code"),
    [
        (8, cell_of("1.2"), None),  # the number 1.2 looks the same
        (11, cell_of("2"), None),
        (8, cell_of(serial(date(2026, 2, 1))), "1.2"),  # 1.2 became the first of February
        (8, cell_of(serial(date(2026, 1, 2))), "1.2"),  # on an American desk
        (8, text("01/02/2026"), "1.2"),
        (8, text("1-2"), "1.2"),
        (8, text("\uff11.\uff12"), None),  # full-width digits are the same text
        (8, text("1.2."), "1.2"),
        (8, text("1,2"), "1.2"),
        (8, None, "1.2"),  # cleared: its printed text is left
        (8, cell_of("#REF!"), "1.2"),
        (8, cell_of("=A7+0.1"), "1.2"),
        (8, text("một chấm hai"), "1.2"),
        (8, cell_of("1.1"), "1.2"),  # filled down: 1.1 stands in its own row above
        (8, text("1.1"), "1.2"),
        (16, text("Tổng"), None),  # nothing is answered in the row of the total
    ],
)
def test_a_row_is_known_by_its_printed_text_when_its_code_was_changed(row: int, typed: Cell | None, code: str) -> None:
    submission = checked(retyped(filled_book(), {(SCORES, f"A{row}"): typed}))
    assert said(submission) == ({(f"A{row}", "CODE_REPAIRED")} if code else set())
    assert received_answers(submission) == VALID
    assert all(dict(item.details)["row"] == code for item in submission.findings)
    assert submission.valid


def test_a_code_alone_is_enough_where_only_one_can_be_meant() -> None:
    """The printed text was edited, and the code became a number or a date."""
    for typed, repaired in (("'1.2", False), ("1.2", False), (serial(date(2026, 2, 1)), True)):
        submission = scores(f"""
            | row | A: Mã   | B: Tiêu chí      |
            |-----|---------|------------------|
            | 8   | {typed} | Hoàn thành (sửa) |
        """)
        assert said(submission) == {("B8", "LOCKED_CELL_CHANGED")} | ({("A8", "CODE_REPAIRED")} if repaired else set())
        assert received_answers(submission) == VALID


@pytest.mark.parametrize(
    ("table", "findings"),
    [
        ("""
            | row | A: Mã | B: Tiêu chí  |
            |-----|-------|--------------|
            | 8   | '1.3  |              |
            | 9   | '1.2  |              |
        """, {("A8", "ROW_UNSURE"), ("A9", "ROW_UNSURE")}),  # codes exchanged, texts as issued
        ("""
            | row | A: Mã | B: Tiêu chí  |
            |-----|-------|--------------|
            | 8   |       | ghi chú      |
        """, {("A8", "ROW_UNKNOWN")}),  # neither code nor text
        ("""
            | row | A: Mã | B: Tiêu chí  |
            |-----|-------|--------------|
            | 8   | '1.2  | Trực tuyến   |
        """, {("A8", "ROW_UNSURE")}),  # the text of 1.3, which stands in its own row
    ],
)  # fmt: skip
def test_where_code_and_text_contradict_nobody_is_scored(table: str, findings: set[tuple[str, str]]) -> None:
    book = filled_book()
    typed = {key: cell for key, cell in table_cells(book, SCORES, table).items() if cell or key[1][0] == "A"}
    submission = checked(retyped(book, typed))
    rows = {int(cell[1:]) for cell, _ in findings}
    lost = {form_row.code for number, form_row in enumerate(layout_of().sheet(SCORES).rows, FIRST_ROW) if number in rows}
    assert said(submission) - {("G6", "TOTAL_CHANGED"), ("G16", "TOTAL_CHANGED")} == findings | {("", "ROW_MISSING")}
    assert {item.value for item in submission.findings if item.code is Code.ROW_MISSING} == lost
    assert received_answers(submission) == {key: value for key, value in VALID.items() if key[:2] not in {(SCORES, c) for c in lost}}
    assert not submission.valid


TEN = (Column("Mã"), Column("Tiêu chí"), Column("Số liệu 1"))
ANSWER = Answer(Asks.NUMBER, "Số liệu 1")


def long_form(codes: dict[str, str]) -> FormLayout:
    """A sheet that asks one number for each of these codes, printed with these texts."""
    rows = tuple(FormRow(code, (code, label, ANSWER)) for code, label in codes.items())
    return replace(layout_of(), sheets=(SheetLayout(SCORES, "", "", TEN, rows),))


def long_sheet(lines: list[tuple[Cell | None, str, str]]) -> Book:
    """(code cell, printed text, figure) in rows of their own, below the headers."""
    cells = {(5, column): text(item.header) for column, item in enumerate(TEN, start=1)}
    for row, (code, label, figure) in enumerate(lines, start=6):
        cells |= {(row, 2): text(label), (row, 3): Cell(Kind.NUMBER, figure)}
        if code:
            cells[row, 1] = code
    return Book((Sheet(SCORES, cells),))


ELEVEN = {f"1.{number}": f"Tiêu chí thứ {number}" for number in range(1, 12)}


def figures(book: Book, form: FormLayout) -> tuple[dict[str, str], set[str]]:
    """The figure of each code as it was taken, and the findings' codes."""
    submission = collect(book, form, "a.xlsx")
    return {row.code: row.marks["Số liệu 1"].text for row in submission.rows}, {item.code.name for item in submission.findings}


def as_numbers(code: str) -> Cell:
    return Cell(Kind.NUMBER, str(float(code)))


def test_1_10_that_became_1_1_is_told_from_1_1_by_its_text_or_by_its_neighbours() -> None:
    form = long_form(ELEVEN)
    own = {code: str(number) for number, code in enumerate(ELEVEN, start=1)}
    with_texts = [(as_numbers(code), ELEVEN[code], own[code]) for code in ELEVEN]
    assert figures(long_sheet(with_texts), form) == (own, {"CODE_REPAIRED"})
    assert figures(long_sheet(with_texts[::-1]), form) == (own, {"CODE_REPAIRED"}), "sorted the other way round"
    without = [(as_numbers(code), ELEVEN[code] if code not in ("1.1", "1.10") else "sửa", own[code]) for code in ELEVEN]
    assert figures(long_sheet(without), form) == (own, {"CODE_REPAIRED", "LOCKED_CELL_CHANGED"}), "by the rows around"
    taken, codes = figures(long_sheet(without[::-1]), form)
    assert taken == {code: figure for code, figure in own.items() if code not in ("1.1", "1.10")}
    assert codes == {"ROW_UNSURE", "ROW_MISSING"}, "sorted, and without their texts: nobody knows which is which"


def test_in_a_sheet_that_was_sorted_the_place_of_a_row_proves_nothing() -> None:
    """1.1 with its text edited stands between 1.9 and 1.11, where the issued form has 1.10."""
    form = long_form(ELEVEN)
    order = ["1.9", "1.2", "1.1", "1.11"]
    lines = [(as_numbers(code), "sửa" if code == "1.1" else ELEVEN[code], code) for code in order]
    taken, codes = figures(long_sheet(lines), form)
    assert taken == {code: code for code in order if code != "1.1"}
    assert codes == {"ROW_UNSURE", "ROW_MISSING"}


def test_a_code_of_three_numbers_that_became_a_day_is_known_again() -> None:
    form = long_form({"1.2.3": "Một", "1.2.4": "Hai", "1.3.2": "Ba"})
    for american in (False, True):
        lines = [(day_of(code, american), "sửa", code) for code in ("1.2.3", "1.2.4", "1.3.2")]
        taken, codes = figures(long_sheet(lines), form)
        assert taken == {code: code for code in ("1.2.3", "1.2.4", "1.3.2")}
        assert codes == {"CODE_REPAIRED", "LOCKED_CELL_CHANGED"}


def test_of_two_rows_with_one_number_and_one_text_none_is_taken() -> None:
    form = long_form(ELEVEN)
    copied = [(as_numbers("1.10"), ELEVEN["1.10"], "5"), (as_numbers("1.10"), ELEVEN["1.10"], "7")]
    taken, codes = figures(long_sheet([*copied, (text("1.11"), ELEVEN["1.11"], "1")]), form)
    assert taken == {"1.11": "1"}
    assert "ROW_UNSURE" in codes


CODE_SHAPES = st.one_of(
    st.builds("{}.{}".format, st.integers(1, 12), st.integers(1, 31)),
    st.builds("{}.{}.{}".format, st.integers(1, 4), st.integers(1, 12), st.integers(1, 12)),
    st.builds("{:02d}".format, st.integers(1, 30)),
    st.builds("{}{}".format, st.sampled_from(["NV", "CS", "T"]), st.integers(1, 30)),
    st.sampled_from(["1.10", "1.1", "1.20", "1.2", "2.10", "2.1", "10.1", "1.100", "1.200", "1", "01", "1-2", "to-trinh"]),
)


def day_of(code: str, american: bool) -> Cell | None:
    """What a spreadsheet makes of 1.2 or 1.2.3: a day of this year, of that year."""
    parts = [int(part) for part in code.replace("-", ".").split(".") if part.isdecimal()]
    if not 2 <= len(parts) <= 3 or ("." not in code and "-" not in code):
        return None
    day, month = parts[:2][::-1] if american else parts[:2]
    try:
        return cell_of(date(2000 + parts[2] if len(parts) == 3 else 2026, month, day).isoformat())
    except ValueError:
        return None


def as_number(code: str) -> Cell | None:
    try:
        return Cell(Kind.NUMBER, str(float(code)))
    except ValueError:
        return None


def spoil(draw: st.DrawFn, code: str, codes: list[str]) -> Cell | None:
    """Whatever may stand in the code's cell after people and programs have been there."""
    kind = draw(st.sampled_from(["as issued", "number", "date", "American date", "blank", "error", "another's", "garbage"]))
    made = {
        "number": as_number(code), "date": day_of(code, False), "American date": day_of(code, True),
        "blank": None, "error": Cell(Kind.ERROR, "#REF!"), "another's": text(draw(st.sampled_from(codes))),
        "garbage": text(draw(st.sampled_from(["Mã", "x", "1", "1.1.", "TONG", "2026"]))),
    }  # fmt: skip
    return made.get(kind) or (None if kind == "blank" else text(code))


@settings(max_examples=200)
@given(st.data())
def test_whatever_a_spreadsheet_does_to_the_codes_no_value_lands_on_another_criterion(data: st.DataObject) -> None:
    """Texts as printed, codes spoiled, rows in any order, some left out: each figure is its own text's, or nobody's."""
    codes = data.draw(st.lists(CODE_SHAPES, min_size=1, max_size=8, unique=True))
    labels = {code: f"Nội dung {number}" for number, code in enumerate(codes)}
    kept = data.draw(st.permutations(codes))[: data.draw(st.integers(1, len(codes)))]
    own = {code: str(number) for number, code in enumerate(codes, start=100)}
    lines = [(spoil(data.draw, code, codes), labels[code], own[code]) for code in kept]
    taken, found = figures(long_sheet(lines), long_form(labels))
    assert taken.items() <= {code: own[code] for code in kept}.items()
    if set(taken) != set(codes):
        assert found & {"ROW_MISSING"}, "what was not read is said"


@settings(max_examples=200)
@given(st.data())
def test_nor_where_the_printed_texts_were_changed_too(data: st.DataObject) -> None:
    """Codes turned into numbers and days in the issued order: right by code and place, or nobody's."""
    codes = data.draw(st.lists(CODE_SHAPES, min_size=1, max_size=8, unique=True))
    labels = {code: f"Nội dung {number}" for number, code in enumerate(codes)}
    own = {code: str(number) for number, code in enumerate(codes, start=100)}
    lines = []
    for code in codes:
        made = data.draw(st.sampled_from([as_number(code), day_of(code, False), text(code)])) or text(code)
        label = data.draw(st.sampled_from([labels[code], "sửa", ""]))
        lines.append((made, label, own[code]))
    taken, found = figures(long_sheet(lines), long_form(labels))
    assert taken.items() <= own.items()
    assert taken == own or found & {"ROW_MISSING"}


# Rows and columns


def test_rows_inserted_anywhere_change_nothing() -> None:
    for at in (1, 4, 6, 9, 15):
        spread = on_every_sheet(filled_book(), moved(lambda row, column, at=at: (row + 2 * (row >= at), column)))
        assert checked(spread).findings == ()


def test_an_inserted_row_with_answers_of_its_own_is_told() -> None:
    submission = scores("""
        | row | A: Mã | B: Tiêu chí    | E: Số liệu 1 | G: Điểm tự chấm | I: Giải trình |
        |-----|-------|----------------|--------------|-----------------|---------------|
        | 18  |       | Việc đột xuất  | 3            | 2               | theo công văn |
        | 19  | 1.99  |                | 3            |                 |               |
        | 20  |       | Người lập biểu |              |                 |               |
    """)
    assert said(submission) == {("A18", "ROW_UNKNOWN"), ("A19", "ROW_UNKNOWN")}
    assert submission.valid
    assert received_answers(submission) == VALID


def test_a_deleted_row_is_missing_and_its_neighbours_keep_their_answers() -> None:
    def without(row: int) -> Callable[[Sheet], Sheet]:
        return lambda sheet: replace(
            sheet, cells={(at - (at > row), column): cell for (at, column), cell in sheet.cells.items() if at != row}
        )

    submission = checked(on_sheet(filled_book(), SCORES, without(9)))
    assert said(submission) - {("G6", "TOTAL_CHANGED"), ("G15", "TOTAL_CHANGED")} == {("", "ROW_MISSING")}
    assert received_answers(submission) == {key: value for key, value in VALID.items() if key[:2] != (SCORES, "1.3")}


def test_sorted_rows_keep_their_answers() -> None:
    """Sorted by the printed text, and turned upside down; the sums of a sorted sheet are not looked into."""
    for name in CODED:
        rows = sorted({row for row, _ in sheet_of(filled_book(), name).cells if row >= FIRST_ROW})
        for order in (rows[::-1], sorted(rows, key=lambda row: sheet_of(filled_book(), name).cells[row, 2].text)):
            place = dict(zip(rows, order, strict=True))
            shuffled = on_sheet(filled_book(), name, moved(lambda row, column, place=place: (place.get(row, row), column)))
            assert received_answers(checked(shuffled)) == VALID
            assert checked(shuffled).valid


def test_filtered_and_hidden_rows_are_read_like_any_other() -> None:
    hidden = on_sheet(filled_book(), SCORES, lambda sheet: replace(sheet, hidden_rows=frozenset(range(7, 12))))
    assert said(checked(hidden)) == {("", "HIDDEN_ROWS")}
    assert received_answers(checked(hidden)) == VALID


def test_columns_inserted_or_moved_change_nothing() -> None:
    for at in (1, 3, 6):
        spread = on_every_sheet(filled_book(), moved(lambda row, column, at=at: (row, column + (column >= at))))
        assert checked(spread).findings == ()
    swapped = on_sheet(filled_book(), SCORES, moved(lambda row, column: (row, {5: 7, 7: 5}.get(column, column))))
    assert received_answers(checked(swapped)) == VALID


def test_a_column_typed_twice_is_an_error_where_the_two_differ() -> None:
    second = {(SCORES, "K5"): text("Điểm tự chấm"), (SCORES, "K7"): cell_of("19.5"), (SCORES, "K9"): cell_of("1")}
    submission = checked(retyped(filled_book(), second))
    assert said(submission) == {("G9", "COLUMN_TWICE")}
    assert "K9" in submission.findings[0].message
    assert not submission.valid
    assert checked(retyped(filled_book(), {(SCORES, "K5"): text("Điểm tự chấm")})).findings == (), "left empty"


def test_notes_beside_and_below_are_told_and_not_read() -> None:
    noted = retyped(filled_book(), {
        (SCORES, "L8"): text("xem lại"), (SCORES, "L9"): text("   "), (SCORES, "M30"): cell_of("88.5"),
        (TASKS, "A20"): text("Người lập biểu"), (PEOPLE, "A50"): text("Danh sách gồm 02 người"), (INFORMATION, "F2"): text("x"),
    })  # fmt: skip
    submission = checked(noted)
    assert said(submission) == {("L8", "OUTSIDE_TABLE"), ("M30", "OUTSIDE_TABLE")}, "beside; below and above is no answer"
    assert received_answers(submission) == VALID
    assert Code.OUTSIDE_TABLE.severity is Severity.NOTE


# Sheets


def test_sheets_renamed_moved_and_copied_to_a_new_workbook_read_the_same() -> None:
    """A new workbook has no witness, no names, no properties, no hidden sheet; and sheets in any order."""
    visible = [sheet for sheet in filled_book().sheets if not sheet.hidden]
    copied = Book(tuple(replace(sheet, name=f"Sheet{number}", protected=False) for number, sheet in enumerate(visible[::-1])))
    submission = checked(copied)
    assert received_answers(submission) == VALID
    assert submission.findings == ()


def test_one_sheet_alone_misses_the_others() -> None:
    submission = checked(Book((sheet_of(filled_book(), SCORES),)))
    missing = {item.place.sheet for item in submission.findings}
    assert {item.code for item in submission.findings} == {Code.SHEET_MISSING}
    assert missing == {sheet.name for sheet in layout_of().sheets} - {SCORES}
    assert received_answers(submission) == {key: value for key, value in VALID.items() if key[0] == SCORES}


def doubled(name: str, cells: dict[str, Cell | None], hidden: bool = False) -> Book:
    """The filled form with a sheet copied as Excel does it, «Chấm điểm (2)», and cells of the copy retyped."""
    book = filled_book()
    copy = replace(sheet_of(book, name), name=f"{name} (2)", hidden=hidden)
    return retyped(replace(book, sheets=(*book.sheets, copy)), {(copy.name, cell): typed for cell, typed in cells.items()})


def test_a_doubled_sheet_that_says_the_same_is_only_noted() -> None:
    for cells in ({}, {"E7": None, "G7": None}, {"I8": text("giải trình")}):
        submission = checked(doubled(SCORES, cells))
        assert said(submission) == {(f"{SCORES} (2)!", "EXTRA_SHEET")}
        assert submission.valid


def test_a_doubled_sheet_that_says_otherwise_is_an_error_at_the_cell_that_counts() -> None:
    submission = checked(doubled(SCORES, {"E8": cell_of("3"), "G9": text("9,5")}))
    assert said(submission) == {(f"{SCORES} (2)!", "EXTRA_SHEET"), ("E8", "SHEET_TWICE"), ("G9", "SHEET_TWICE")}
    assert not submission.valid
    assert said(checked(doubled(SCORES, {"E8": cell_of("3")}, hidden=True))) == set(), "a hidden copy is nobody's answer"


def test_the_answers_typed_into_the_copy_are_not_lost_in_silence() -> None:
    book = doubled(TASKS, {})
    blank = retyped(book, {(TASKS, cell): None for cell in ("D6", "E6", "D7", "E7")})
    assert said(checked(blank)) == {
        (f"{TASKS} (2)!", "EXTRA_SHEET"), *((f"{TASKS}!{cell}", "SHEET_TWICE") for cell in ("D6", "E6", "D7", "E7")),
    }  # fmt: skip


def test_of_two_renamed_copies_the_first_counts_while_they_agree() -> None:
    def renamed(book: Book) -> Book:
        names = iter(("Bản 1", "Bản 2"))
        return replace(book, sheets=tuple(
            replace(sheet, name=next(names)) if sheet.name.startswith(SCORES) else sheet for sheet in book.sheets
        ))  # fmt: skip

    assert said(checked(renamed(doubled(SCORES, {})))) == {("Bản 2!", "EXTRA_SHEET")}
    differing = checked(renamed(doubled(SCORES, {"E8": cell_of("3")})))
    assert said(differing) == {("Bản 2!", "EXTRA_SHEET"), ("Bản 1!E8", "SHEET_TWICE")}


def test_protection_taken_off_changes_nothing() -> None:
    assert any(sheet.protected for sheet in filled_book().sheets)
    assert checked(on_every_sheet(filled_book(), lambda sheet: replace(sheet, protected=False))).findings == ()


def test_printed_texts_changed_warn_and_the_plan_s_count() -> None:
    submission = scores("""
        | row | A: Mã | B: Tiêu chí      | C: Điểm tối đa |
        |-----|-------|------------------|----------------|
        | 8   | '1.2  | Hoàn thành (sửa) | 100            |
    """)
    assert said(submission) == {("B8", "LOCKED_CELL_CHANGED"), ("C8", "LOCKED_CELL_CHANGED")}
    assert received_answers(submission) == VALID


# Numbers below zero


def test_a_whole_number_may_be_negative_where_its_question_says_so() -> None:
    """A change of staff, say: the minimum judges it, not the reader."""
    spoken = PLAN_TEXT.replace('type = "integer", required = true, min = 1, max = 9', 'type = "integer", required = true, min = -5, max = 9')
    assert spoken != PLAN_TEXT
    plan = plan_of(spoken)
    unit = plan.unit("VP")
    assert unit is not None
    (asked,) = (
        cell for row in lay_out(plan, plan.rounds[0], unit).sheet(INFORMATION).rows for cell in row.cells
        if isinstance(cell, Answer) and cell.asks is Asks.WHOLE
    )  # fmt: skip
    assert read_answer(cell_of("-3"), asked, False).value == -3
    assert read_answer(cell_of("-3.5"), asked, False).fault == "NOT_WHOLE"
    (count,) = (
        cell for row in layout_of().sheet(INFORMATION).rows for cell in row.cells
        if isinstance(cell, Answer) and cell.asks is Asks.WHOLE
    )  # fmt: skip
    assert read_answer(cell_of("-3"), count, False).fault == "NOT_WHOLE"


# Numbers shown as days


@pytest.mark.parametrize(
    ("typed", "dated", "read"),
    [
        ("46150", True, "NOT_A_NUMBER"),  # 8/5 of 2026
        ("0.0625", True, "NOT_A_NUMBER"),  # 1:30
        ("46150", False, "46150"),  # so many papers
        ("8.5", True, "8.5"),  # a score in a cell of the wrong format
        ("0.5", False, "0.5"),
    ],
)
def test_a_number_shown_as_a_day_is_no_figure(typed: str, dated: bool, read: str) -> None:
    book = retyped(filled_book(), {(SCORES, "F8"): cell_of(typed)})
    shown = on_sheet(book, SCORES, lambda sheet: replace(sheet, dated=frozenset({(8, 6)}) if dated else frozenset()))
    mark = collect(shown, layout_of(), "a.xlsx").mark(SCORES, "1.2", "Số liệu 2")
    assert mark is not None
    assert read == (mark.fault or str(mark.value))


def test_a_figure_in_the_cell_of_a_day_is_no_day() -> None:
    """1.250 is a day of 1903 to a spreadsheet; where the question sets limits, those tell."""
    for typed, read in (("1250", "NOT_A_DATE"), ("1234567", "NOT_A_DATE"), (serial(date(2025, 6, 5)), "2025-06-05")):
        answer = Answer(Asks.DATE, "Ngày họp")
        reading = read_answer(cell_of(typed), answer, False)
        assert read == (reading.fault or str(reading.value))
    assert read_answer(cell_of("14611"), replace(answer, low=date(1935, 1, 1)), False).value == date(1940, 1, 1)
