"""What corrections bring into a form that was printed once: byte for byte what XlsxWriter writes into a whole one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_form_workbook import FULL, LAYOUT, not_afresh

from thidua_xlsx.model.form import PEOPLE, SCORES, Answer, Correction
from thidua_xlsx.workbooks.fit import PIXEL, column_points
from thidua_xlsx.workbooks.form import notes
from thidua_xlsx.workbooks.form.notes import Grid, Note, note_parts, write_notes
from thidua_xlsx.workbooks.form.printed import PLAIN
from thidua_xlsx.workbooks.form_workbook import FormPress, write_form
from thidua_xlsx.workbooks.packed import LEVEL, SMALL, packed
from thidua_xlsx.workbooks.sheets import NotWritten, checked, open_workbook

# What a message may say if it is to be set.
PLAIN_TEXTS = st.one_of(
    st.text(st.characters(min_codepoint=33, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40),
    st.sampled_from(
        ["Gõ lại «8,5».", 'a < b & "c"', "Sửa ô này; " * 30 + "xong.", "Thứ tự 😀", "dài " * 400 + "lắm", "'=1+1"]
    ),
).filter(PLAIN.fullmatch)
# Those that nobody sets: they make the form be written whole.
ODD_TEXTS = st.sampled_from(["một\nhai", " lùi", "_x0041_", "<r>x</r>", "", "\x01", "dài " * 900, "\ud800"])
NOTES = st.lists(
    st.tuples(st.integers(6, 40), st.integers(1, 8), st.lists(PLAIN_TEXTS, min_size=1, max_size=3)),
    min_size=1,
    max_size=12,
    unique_by=lambda item: item[:2],
)
SHEETS = st.lists(
    st.tuples(
        NOTES,
        st.lists(st.integers(2, 60), min_size=8, max_size=8),
        st.lists(st.sampled_from([6.0, 12.0, 19.12, 34.24, 409.0]), min_size=40, max_size=40),
    ),
    min_size=1,
    max_size=3,
)


def note(row: int, column: int, texts: list[str]) -> Note:
    return notes._note(row, column, [Correction("", "", "", text) for text in texts])


def by_library(sheets: Any, author: str) -> dict[str, bytes]:
    work = open_workbook()
    for number, (items, widths, heights) in enumerate(sheets):
        sheet = work.add_sheet(f"Bảng {number}")
        for column, width in enumerate(widths):
            checked(sheet.set_column(column, column, width))
        for row, points in enumerate(heights):
            checked(sheet.set_row(row, points))
        write_notes(sheet, items, author)
    with ZipFile(BytesIO(work.close())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def holds_the_notes_of_the_library(sheets: Any, author: str) -> None:
    parts = by_library(sheets, author)
    noted = [
        (items, Grid([int(column_points(width) / PIXEL) for width in widths], [int(h * 4 / 3 + 0.5) for h in heights]))
        for items, widths, heights in sheets
    ]
    expected = [(name, text.decode()) for name, text in parts.items() if "vmlDrawing" in name or "comments" in name]
    assert list(note_parts(noted, author)) == expected
    for number in range(1, len(sheets) + 1):
        relations = parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"].decode()
        assert relations == notes.RELATIONS.format(number=number)
        assert notes.LEGACY_DRAWING + "</worksheet>" in parts[f"xl/worksheets/sheet{number}.xml"].decode()
        assert notes.COMMENTS_TYPE.format(number=number) in parts["[Content_Types].xml"].decode()
    assert notes.DRAWING_TYPE in parts["[Content_Types].xml"].decode()
    assert notes.NOTE_FONT + "</fonts>" in parts["xl/styles.xml"].decode()


@settings(max_examples=60)
@given(SHEETS, PLAIN_TEXTS)
def test_notes_are_those_of_the_library(sheets: Any, author: str) -> None:
    made = [(sorted(note(*item) for item in items), widths, heights) for items, widths, heights in sheets]
    holds_the_notes_of_the_library(made, author)


@pytest.mark.parametrize("count", [1023, 1024, 1025, 2048])
def test_shapes_are_numbered_as_the_library_does_where_a_sheet_has_very_many(count: int) -> None:
    many = [note(6 + place // 8, 1 + place % 8, ["Sửa."]) for place in range(count)]
    sheets = [(many, [12] * 8, [20.0] * 300), (many[:3], [12] * 8, [20.0] * 40)]
    holds_the_notes_of_the_library(sheets, "Phòng Nội vụ")


def test_a_note_that_excel_cannot_hold_is_refused() -> None:
    with pytest.raises(NotWritten):
        note(6, 1, ["x" * 20_000, "x" * 20_000])


def every_place() -> list[tuple[str, str, str]]:
    """Of the whole return, of sheets, rows, columns and cells; some that are not there."""
    found = [("", "", ""), ("Không có", "", ""), (SCORES, "9.9", ""), (SCORES, "9.9", "Số liệu 1"), (SCORES, "1", "Lạ")]
    for sheet in LAYOUT.sheets:
        found += [(sheet.name, "", ""), *((sheet.name, "", column.header) for column in sheet.columns)]
        for row in sheet.rows[:12]:
            found += [(sheet.name, row.code, ""), *((sheet.name, row.code, column.header) for column in sheet.columns)]
    return found


MADE = st.tuples(st.sampled_from(every_place()), PLAIN_TEXTS, st.booleans())
ASKED = st.lists(MADE.map(lambda item: Correction(*item[0], *item[1:])), min_size=1, max_size=9).map(tuple)
VALUES = st.one_of(PLAIN_TEXTS, st.decimals(-1000, 1000, places=2), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
ANSWERS = st.dictionaries(
    st.sampled_from(
        [
            (sheet.name, row.code, column.header)
            for sheet in LAYOUT.sheets
            for row in sheet.rows[:12]
            for column, cell in zip(sheet.columns, row.cells, strict=True)
            if isinstance(cell, Answer)
        ]
    ),
    VALUES,
    max_size=8,
)
PRESS = FormPress([LAYOUT, LAYOUT])


@settings(max_examples=40)
@given(ANSWERS, ASKED)
def test_a_corrected_form_set_is_the_form_written(answers: Any, asked: tuple[Correction, ...]) -> None:
    assert PRESS.write(LAYOUT, answers, asked) == write_form(LAYOUT, answers, asked)


@settings(max_examples=15)
@given(ANSWERS, ASKED, ODD_TEXTS)
def test_whatever_the_messages_say(answers: Any, asked: tuple[Correction, ...], odd: str) -> None:
    told = (*asked[:3], replace(asked[0], message=odd))
    assert PRESS.write(LAYOUT, answers, told) == write_form(LAYOUT, answers, told)


def test_plain_corrections_are_set_and_not_written_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (
        Correction(SCORES, "1.10", "Số liệu 1", "Gõ lại."),
        Correction(PEOPLE, "", "", 'Xem "lại" <tất cả> & gửi.'),
    )
    written = write_form(LAYOUT, FULL, asked)
    monkeypatch.setattr("thidua_xlsx.workbooks.form_workbook.write_form", not_afresh)
    assert PRESS.write(LAYOUT, FULL, asked) == written


def test_a_form_in_which_every_blank_is_wrong() -> None:
    """Nothing is tinted any more, and XlsxWriter numbers the looks of the self-check otherwise."""
    closed = replace(LAYOUT, sheets=tuple(sheet for sheet in LAYOUT.sheets if not sheet.open_rows))
    press = FormPress([closed, closed])
    asked = tuple(Correction(sheet.name, "", "", "Điền lại cả sheet.") for sheet in closed.sheets)
    for told in (asked, asked[:1], asked):
        assert press.write(closed, {}, told) == write_form(closed, {}, told)


def by_zipfile(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=LEVEL)
    return stream.getvalue()


@given(st.dictionaries(st.from_regex(r"[a-z/_.\[\]]{1,20}", fullmatch=True), st.binary(max_size=300), max_size=30))
def test_a_package_is_the_one_that_zipfile_makes(parts: dict[str, bytes]) -> None:
    assert packed(parts.items()) == by_zipfile(parts)
    longer = {name: (data + b"!") * SMALL for name, data in list(parts.items())[:3]}
    assert packed({**parts, **longer}.items()) == by_zipfile({**parts, **longer})
