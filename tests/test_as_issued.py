"""A return reads alike whether or not others came before it: what was printed as issued is only found sooner."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from filled_return import PLAN, layout_of, opened, valid_answers
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.form import SCORES
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.intake.asked import KEPT_SHEETS, AskedForms
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.find_sheets import find_sheets
from thidua_xlsx.stages.intake.headers import top_texts
from thidua_xlsx.workbooks.form_workbook import write_form

LAYOUT = layout_of()
NAMES = tuple(sheet.name for sheet in LAYOUT.sheets)
HEADERS = tuple(sorted({column.header for sheet in LAYOUT.sheets for column in sheet.columns}))
CODES = tuple(sorted({row.code for sheet in LAYOUT.sheets for row in sheet.rows}))
Cells = dict[tuple[int, int], Cell]
Touch = tuple[str, tuple[str, int, int, str]]


@lru_cache
def valid_book() -> Book:
    # The answer of the small plan to every text is a header too, and a sheet with such an answer is looked at in full.
    answers = {key: "Họp quý" if said == "Nội dung" else said for key, said in valid_answers(LAYOUT, PLAN, 2).items()}
    return opened(write_form(LAYOUT, answers))


def one_cell(cells: Cells, place: int, text: str, kind: Kind = Kind.TEXT, formula: str | None = None) -> Cells:
    at = sorted(cells)[place % len(cells)]
    return {**cells, at: Cell(kind, text, formula)}


def moved(cells: Cells, row: int, column: int, down: int, right: int) -> Cells:
    """All from one row and column on stands further down, or further right."""
    return {(at[0] + down * (at[0] >= row), at[1] + right * (at[1] >= column)): cell for at, cell in cells.items()}


def swapped(cells: Cells, one: int, other: int) -> Cells:
    rows = {one: other, other: one}
    return {(rows.get(row, row), column): cell for (row, column), cell in cells.items()}


def touched(sheet: Sheet, how: str, place: int, more: int, text: str) -> Sheet:
    """The sheet after somebody did something to it that people, or their programs, do."""
    cells = dict(sheet.cells)
    at = sorted(cells)[place % len(cells)]
    row, column = at[0], more % 14 + 1
    done = {
        "retyped": lambda: one_cell(cells, place, text),
        "a number": lambda: one_cell(cells, place, str(more), Kind.NUMBER),
        "a formula": lambda: one_cell(cells, place, cells[at].text, cells[at].kind, "A1"),
        "the same again": lambda: {at: replace(cell) for at, cell in cells.items()},
        "written anywhere": lambda: {**cells, (place % 60 + 1, column): Cell(Kind.TEXT, text)},
        "emptied": lambda: {key: cell for key, cell in cells.items() if key != at},
        "row emptied": lambda: {key: cell for key, cell in cells.items() if key[0] != row},
        "column emptied": lambda: {key: cell for key, cell in cells.items() if key[1] != column},
        "row put in": lambda: moved(cells, row, 1, 1, 0),
        "column put in": lambda: moved(cells, 1, column, 0, 1),
        "rows swapped": lambda: swapped(cells, row, row + more % 5),
        "row doubled": lambda: cells | {(row + more, key[1]): cell for key, cell in cells.items() if key[0] == row},
        "column doubled": lambda: cells | {(key[0], 15): cell for key, cell in cells.items() if key[1] == column},
    }
    return replace(sheet, cells=done[how]())


HOW = (
    "retyped", "a number", "a formula", "the same again", "written anywhere", "emptied", "row emptied",
    "column emptied", "row put in", "column put in", "rows swapped", "row doubled", "column doubled",
)  # fmt: skip
touches = st.tuples(
    st.sampled_from(NAMES),
    st.tuples(
        st.sampled_from(HOW), st.integers(0, 400), st.integers(0, 60), st.sampled_from((*HEADERS, *CODES, "", " ", "4"))
    ),
)
WHOLE = ("as it is", "doubled", "renamed", "hidden", "gone", "rows hidden", "called as another")


def with_sheet(book: Book, name: str, whole: str) -> Book:
    """The book after something was done to a whole sheet."""
    sheets: list[Sheet] = []
    for sheet in book.sheets:
        done = {
            "doubled": (sheet, replace(sheet, name=f"{sheet.name} (2)")),
            "renamed": (replace(sheet, name="Trang 1"),),
            "hidden": (replace(sheet, hidden=True),),
            "gone": (),
            "rows hidden": (replace(sheet, hidden_rows=frozenset({7})),),
            "called as another": (replace(sheet, name=NAMES[(NAMES.index(sheet.name) + 1) % len(NAMES)] + "\u200b"),)
            if sheet.name in NAMES
            else (sheet,),
        }
        sheets += done.get(whole, (sheet,)) if sheet.name == name else (sheet,)
    return replace(book, sheets=tuple(sheets))


def told(given: Submission) -> object:
    return given.rows, [dict(row.marks) for row in given.rows], given.findings


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(touches, max_size=3), st.sampled_from(NAMES), st.sampled_from(WHOLE)), min_size=1, max_size=4
    )
)
def test_what_was_read_before_changes_no_reading(
    returns: list[tuple[list[Touch], str, str]],
) -> None:
    forms = AskedForms()
    collect(valid_book(), LAYOUT, "", forms)
    for done, name, whole in returns:
        book = valid_book()
        for touched_name, touch in done:
            sheets = (touched(sheet, *touch) if sheet.name == touched_name else sheet for sheet in book.sheets)
            book = replace(book, sheets=tuple(sheets))
        book = with_sheet(book, name, whole)
        assert told(collect(book, LAYOUT, "", forms)) == told(collect(book, LAYOUT, ""))


def as_issued(book: Book, forms: AskedForms) -> list[str]:
    """The sheets that are found by what they printed."""
    found = [match.found for match in find_sheets(book, LAYOUT, forms)]
    return [sheet.layout.name for sheet in found if sheet and sheet.printed]


def with_cells(name: str, cells: Cells) -> Book:
    book = valid_book()
    return replace(
        book,
        sheets=tuple(
            replace(item, cells={**item.cells, **cells}) if item.name == name else item for item in book.sheets
        ),
    )


def test_a_form_as_issued_is_found_by_what_it_printed() -> None:
    forms = AskedForms()
    assert as_issued(valid_book(), forms) == []
    assert as_issued(valid_book(), forms) == list(NAMES)
    assert as_issued(with_cells(SCORES, {(8, 8): Cell(Kind.TEXT, "Báo cáo số 1")}), forms) == list(NAMES)


def test_what_differs_in_one_cell_is_looked_at_in_full() -> None:
    forms = AskedForms()
    printed = find_sheets(valid_book(), LAYOUT, forms)[NAMES.index(SCORES)].found
    assert printed
    for at in forms.printed[printed.asked].cells:
        for other in (
            Cell(Kind.TEXT, "khác"),
            replace(printed.sheet.cells[at], formula="A1"),
            Cell(Kind.ERROR, "#REF!"),
        ):
            assert SCORES not in as_issued(with_cells(SCORES, {at: other}), forms)
    below = max(printed.rows) + 1
    assert SCORES not in as_issued(with_cells(SCORES, {(below, 7): Cell(Kind.NUMBER, "4")}), forms)
    assert SCORES not in as_issued(with_cells(SCORES, {(2, 9): Cell(Kind.TEXT, "Điểm tối đa")}), forms)
    assert as_issued(valid_book(), forms) == list(NAMES)


def test_a_sheet_with_a_header_among_its_answers_is_looked_at_in_full() -> None:
    forms, book = AskedForms(), with_cells(SCORES, {(8, 9): Cell(Kind.TEXT, "Mã")})
    for _ in range(3):
        assert SCORES not in as_issued(book, forms)
    assert as_issued(valid_book(), forms) == list(NAMES)


def test_a_longer_header_of_another_form_lets_no_longer_text_pass() -> None:
    """How much longer than printed a header may be spelled is the form's own: no other that was read before says it."""
    padded = {(5, 1): Cell(Kind.TEXT, "Mã" + " " * 60)}
    forms = AskedForms()
    forms.sheets(LAYOUT)
    assert top_texts(padded.items(), 80, forms)
    assert not top_texts(padded.items(), 20, forms)


def test_few_sheets_are_remembered() -> None:
    forms = AskedForms()
    for _ in range(KEPT_SHEETS):
        collect(valid_book(), layout_of(), "", forms)  # each time laid out anew
        assert len(forms.printed) <= KEPT_SHEETS
