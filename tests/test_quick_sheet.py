"""Rows of long tables, written as text at once: byte for byte what XlsxWriter makes of the same cells."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from thidua_xlsx.workbooks.quick_sheet import QuickSheet, style_of
from thidua_xlsx.workbooks.sheets import (
    NotWritten,
    OpenWorkbook,
    PackedBook,
    checked,
    open_workbook,
    print_on_a4,
    put,
    put_formula,
    put_link,
)

Row = dict[int, Any]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(["=1+1", " hai dấu cách  ", "_x0041_", "<b>&\"'", "một\nhai", "\x01", "Đơn vị số 1"]),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from([Decimal(text) for text in ("0.00", "-0.00", "1E-7", "1E+3", "0.1", "123456789.012345")]),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
)
ROWS = st.dictionaries(st.integers(0, 40), st.dictionaries(st.integers(0, 30), VALUES, max_size=8), max_size=6)


def by_library(sheet: Any, row: int, column: int, value: Any, fmt: Any) -> None:
    if isinstance(value, bool):
        checked(sheet.write_boolean(row, column, value, fmt))
    else:
        put(sheet, row + 1, column + 1, value, fmt)


def at_once(sheet: Any, row: int, column: int, value: Any, fmt: Any) -> None:
    sheet.cell(row, column, value, style_of(fmt))


def workbook(rows: dict[int, Row], write: Callable[..., None], *, sealed: bool = True) -> bytes:
    work = open_workbook()
    sheet = work.add_sheet("Bảng")
    looks = (work.format(), work.format(bold=True))
    for row in sorted(rows):
        for column in sorted(rows[row]):
            write(sheet, row, column, rows[row][column], looks[column % 2])
        if sealed:
            sheet.seal(row)
    return work.close()


@given(ROWS)
def test_the_file_is_the_one_that_the_library_writes(rows: dict[int, Row]) -> None:
    expected = workbook(rows, by_library)
    assert workbook(rows, at_once) == expected
    assert workbook(rows, at_once, sealed=False) == expected


@given(ROWS, st.data())
def test_a_cell_taken_back_leaves_its_place_to_the_library(rows: dict[int, Row], data: st.DataObject) -> None:
    """A formula and a link in the midst of a sealed row: as if the library had written the whole row."""
    filled = [(row, column) for row, cells in rows.items() for column in cells]
    chosen = data.draw(st.lists(st.sampled_from(filled), unique=True, max_size=3)) if filled else []

    def made(write: Callable[..., None]) -> bytes:
        work = open_workbook()
        sheet, look = work.add_sheet("Bảng"), work.format(bold=True)
        for row in sorted(rows):
            for column in sorted(rows[row]):
                write(sheet, row, column, rows[row][column], look)
            sheet.seal(row)
        for number, (row, column) in enumerate(chosen):
            if number:
                put_formula(sheet, row + 1, column + 1, "=1+1", 2, look)
            else:
                put_link(sheet, row + 1, column + 1, "'Bảng'!A1", "tới", look)
        return work.close()

    assert made(at_once) == made(by_library)


@pytest.fixture
def sheet() -> QuickSheet:
    made = open_workbook().add_sheet("Bảng")
    assert isinstance(made, QuickSheet)
    return made


def test_merged_cells_are_those_of_the_library() -> None:
    def made(quick: bool) -> bytes:
        work = open_workbook()
        sheet, look = work.add_sheet("Bảng"), work.format(bold=True)
        if quick:
            sheet.cell(2, 1, "chung", style_of(look))
            sheet.merged(2, 1, 4, style_of(look))
            sheet.seal(2)
        else:
            checked(sheet.merge_range(2, 1, 2, 4, "", look))
            put(sheet, 3, 2, "chung", look)
        return work.close()

    assert made(True) == made(False)


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), 10**15 + 1, Decimal("1.2345678901234567"), "x" * 32_768])
def test_what_excel_would_not_keep_is_refused(sheet: QuickSheet, value: Any) -> None:
    with pytest.raises((TypeError, NotWritten)):
        sheet.cell(0, 0, value, "")


def test_a_long_text_that_excel_keeps_is_written(sheet: QuickSheet) -> None:
    sheet.cell(0, 0, "đ" * 32_767, "")


def test_no_cell_is_written_twice(sheet: QuickSheet) -> None:
    sheet.cell(0, 0, "một", "")
    with pytest.raises(NotWritten):
        sheet.cell(0, 0, "hai", "")
    put(sheet, 2, 1, "ba")
    sheet.cell(1, 0, "bốn", "")
    with pytest.raises(NotWritten):
        sheet.seal(1)


def test_a_row_beyond_excels_last_is_refused(sheet: QuickSheet) -> None:
    sheet.cell(1_048_576, 0, "một", "")
    with pytest.raises(NotWritten):
        sheet.seal(1_048_576)


@given(ROWS, st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 30)), st.just("ghi chú"), max_size=3))
def test_notes_and_heights_are_those_of_the_library(rows: dict[int, Row], notes: dict[tuple[int, int], str]) -> None:
    """Rows that have notes alone, a height alone, or cells, notes and a height."""

    def made(write: Callable[..., None]) -> bytes:
        work = open_workbook()
        sheet, look = work.add_sheet("Bảng"), work.format(bold=True)
        for row in sorted(rows):
            checked(sheet.set_row(row + row % 2, 30))
            for column in sorted(rows[row]):
                write(sheet, row, column, rows[row][column], look)
        for (row, column), text in notes.items():
            checked(sheet.write_comment(row, column, text))
        return work.close()

    assert made(at_once) == made(by_library)


def test_a_footer_that_begins_with_a_digit_keeps_the_size_of_its_font() -> None:
    book = open_workbook()
    print_on_a4(book.add_sheet("A"), 0, footer_left="2025 – R&D")
    print_on_a4(book.add_sheet("B"), 0, footer_left="Bảng")
    read = openpyxl.load_workbook(BytesIO(book.close()))
    assert [(sheet.oddFooter.left.size, sheet.oddFooter.left.text.strip()) for sheet in read] == [
        (10, "2025 – R&&D"),
        (10, "Bảng"),
    ]


def members(package: bytes) -> list[tuple[object, ...]]:
    with ZipFile(BytesIO(package)) as archive:
        return [
            (info.filename, info.date_time, info.compress_type, info.external_attr, archive.read(info))
            for info in archive.infolist()
        ]


def test_the_package_has_the_parts_of_the_librarys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """With sheets, texts, a note, a link, a chart: as if the library had packed them."""

    def filled() -> OpenWorkbook:
        book = open_workbook(title="Bảng điểm")
        for name in ("Một", "Hai"):
            sheet = book.add_sheet(name)
            put(sheet, 1, 1, "Điểm", book.format(bold=True))
            put_link(sheet, 2, 1, "'Một'!A1", "tới")
            checked(sheet.write_comment(2, 2, "Ghi chú"))
            chart = book.book.add_chart({"type": "bar"})
            chart.add_series({"values": f"='{name}'!$A$1:$A$2"})
            checked(sheet.insert_chart(3, 3, chart))
        return book

    ours = filled().close()
    own, stream = filled().book, BytesIO()
    own.filename = stream
    monkeypatch.setattr(PackedBook, "_get_packager", xlsxwriter.Workbook._get_packager)
    own.close()
    assert members(ours) == members(stream.getvalue())


def test_a_workbook_that_is_written_leaves_no_cycle() -> None:
    """Nobody looks for cycles during a run, and the texts of thousands of units are many."""
    book = open_workbook()
    put(book.add_sheet("A"), 1, 1, "x")
    alive = weakref.ref(book.book)
    book.close()
    gc.disable()
    try:
        del book
        assert alive() is None
    finally:
        gc.enable()
