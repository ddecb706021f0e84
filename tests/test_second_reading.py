"""The second reader: it agrees on what real programs write, and names the cell where it does not."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from crafting import ACCEPT, Case, with_cell, with_rows
from hostile import CASES
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from returned_workbooks import demo_returns, turned_comment

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.office import Office
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.results import Verdict
from thidua_xlsx.pipeline.issue import layouts_of
from thidua_xlsx.pipeline.plans import choose_round, load_plan
from thidua_xlsx.stages.intake.receive import ReturnedFile, receive
from thidua_xlsx.workbooks.reader import second_reading
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.second_reading import ONE_READER, SPREAD_LIMIT, confirm, read_twice

DISAGREE = "F-READERS-DISAGREE"
FORMATS = ("General", "0.00", "0%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss", "hh:mm", "[h]:mm:ss", "[mm]", "# ?/?", "@")
NUMBERS = (0, 1, 8.5, -3.25, 0.1 + 0.2, 1e-7, 1e20, 0.25, 0.999999999, 58.5, 59, 60, 60.75, 61, 366, 1462, -0.5, -5.25)
NUMBERS += (46150, 46150.123456789, 46150.99999999, 2958465.5, 2958466, 3e6, 123456789.125)
TEXTS = (
    "Cải cách",
    "  đầu và cuối  ",
    "dòng một\ndòng hai\r\n ba\t bốn",
    "_x000D_",
    "_x0041_",
    "_x005F_x0041_",
    "x" * 32_767,
)
TEXTS += (
    "=1+1",
    "8,5",
    "000001",
    "1E5",
    "TRUE",
    "#N/A",
    "2026-01-05",
    " ",
    "\u00a0",
    "e\u0301",
    "👍",
    "<&>\"'",
    "\u202e85",
    "a\u0001b",
)


def confirmed(data: bytes) -> Book:
    """The book, where both readers see the same and neither had to give up."""
    reading = read_twice(data)
    assert isinstance(reading, Book), reading
    assert reading == read_book(data)
    assert any(sheet.cells for sheet in reading.sheets)
    return reading


# --- agreement ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(demo_returns())))
def test_forms_are_confirmed(number: int) -> None:
    confirmed(demo_returns()[number])


@cache
def written_by_xlsxwriter(date1904: bool = False) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": date1904, "strings_to_formulas": False})
    sheet = book.add_worksheet("Số")
    for column, code in enumerate(FORMATS):
        style = book.add_format({"num_format": code})
        for row, number in enumerate(NUMBERS):
            # calamine turns durations beyond what Python holds into an error for the whole sheet.
            if number < 1e9 or "[" not in code:
                sheet.write_number(row + 3, column + 2, number, style)
        sheet.write_blank(0, column, None, style)
        sheet.write_formula(len(NUMBERS) + 5, column, "=TODAY()", style, 46150)
        sheet.write_formula(len(NUMBERS) + 6, column, "=1=1", style, True)
        sheet.write_formula(len(NUMBERS) + 7, column, '="a "', style, "a ")
        sheet.write_formula(len(NUMBERS) + 8, column, "=1/0", style, "#DIV/0!")
        sheet.write_boolean(len(NUMBERS) + 9, column, column % 2, style)
    words = book.add_worksheet("Chữ")
    raised, bold = book.add_format({"font_script": 1}), book.add_format({"bold": True})
    for row, text in enumerate(TEXTS):
        words.write_string(row, 1, text)
        # XlsxWriter escapes controls in strings, not in the values of formulas.
        words.write_formula(row, 2, "=B1", None, text.replace("\u0001", "")[:200])
    words.write_rich_string("E1", "8", raised, "5", bold, " điểm ", "rồi")
    words.merge_range("F3:H5", "gộp")
    words.write_string("F4", "dưới ô gộp")
    words.write_comment("B1", "ghi chú")
    book.add_worksheet("Trống")
    book.add_chartsheet("Biểu đồ").set_chart(chart_of(book))
    book.get_worksheet_by_name("Chữ").very_hidden()
    book.close()
    return stream.getvalue()


def chart_of(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Số!$C$4:$C$9"})
    return chart


@cache
def written_by_openpyxl(date1904: bool = False, iso_dates: bool = False) -> bytes:
    book = openpyxl.Workbook()
    book.iso_dates = iso_dates
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "Chấm điểm"
    values = [8.5, 10**15, True, "  có  ", "_x000D_", "#REF!", "=SUM(A1:A2)", "=TRUE()", date(2026, 1, 29), time(7, 30)]
    values += [datetime(2026, 1, 29, 14, 45, 30, 250_000), timedelta(hours=30), datetime(1904, 2, 29), date(2030, 1, 1)]
    for row, value in enumerate(values, start=2):
        sheet.cell(row, 3, value)
    sheet["B3"] = CellRichText("8", TextBlock(InlineFont(vertAlign="superscript"), "5"), " điểm ")
    sheet["E9"], sheet["E9"].number_format = 0.85, "0%"
    book.create_sheet("Trống")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("write", [written_by_xlsxwriter, written_by_openpyxl])
def test_what_two_writers_write_is_confirmed(write: Callable[[bool], bytes], date1904: bool) -> None:
    assert confirmed(write(date1904)).date1904 is date1904


def test_dates_spelled_out_are_confirmed() -> None:
    confirmed(written_by_openpyxl(iso_dates=True))


def test_a_formula_without_value_and_followers_of_a_shared_one() -> None:
    followers = "".join(f'<c r="B{row}"><f t="shared" si="0"/><v>{row}</v></c>' for row in (3,))
    head = '<row r="2"><c r="B2"><f t="shared" ref="B2:B3" si="0">A2*2</f><v>8.5</v></c><c r="C2"><f>1+1</f></c></row>'
    confirmed(with_rows(f'{head}<row r="3">{followers}<c r="C3" t="str"><f>A1</f><v></v></c></row>'))


def test_inline_strings() -> None:
    texts = ("ghi chú", " có lề ", "_x000D_a", "a&#10;b", "")
    cells = (
        f'<c r="A{row}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        for row, text in enumerate(texts, 1)
    )
    confirmed(with_rows("".join(f'<row r="{row}">{cell}</row>' for row, cell in enumerate(cells, 1))))


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_is_confirmed(tmp_path: Path) -> None:
    files = {f"phieu-{number}.xlsx": data for number, data in enumerate(demo_returns()[::6])}
    files |= {"so.xlsx": written_by_xlsxwriter(), "so-1904.xlsx": written_by_xlsxwriter(True)}
    files |= {"openpyxl.xlsx": written_by_openpyxl(), "openpyxl-1904.xlsx": written_by_openpyxl(True)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    command += ["--outdir", str(tmp_path / "out"), *(str(tmp_path / name) for name in files)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for name in files:
        confirmed((tmp_path / "out" / name).read_bytes())


# --- disagreement ---------------------------------------------------------------------------------------------

# Crafted: accepted by the strict reader, and read otherwise by calamine, or not at all.
SEEN_OTHERWISE: Mapping[str, str] = {
    "trailing 100 kB": "",
    "workbook elsewhere": "",
    "styles that are no XML": "",
    "target with dots inside the package": "Chấm điểm!",
    "encoded target": "Chấm điểm!",
    "UTF-16 little endian": "Chấm điểm!",
    "UTF-16 big endian": "Chấm điểm!",
    "UTF-16 without BOM": "Chấm điểm!",
    "dimension 'x'": "Chấm điểm!",
    "dimension ''": "Chấm điểm!",
    "comment in a value": "Chấm điểm!B2",
    "instruction in a value": "Chấm điểm!B2",
    "CDATA in a value": "Chấm điểm!B2",
    "CDATA in part of a value": "Chấm điểm!B2",
    "references in a value": "Chấm điểm!B2",
    "formula after the value": "Chấm điểm!B2",
}
# Accepted, though calamine gives up: the reason is known, and is no doubt about what was read.
READ_ONCE = {
    "cell in the farthest corner",
    "boolean 2",
    "error #SPILL!",
    "unknown type",
    "type that claims to be ours",
}


@pytest.mark.parametrize("case", [case for case in CASES if case.expect == ACCEPT], ids=lambda case: case.name)
def test_crafted(case: Case) -> None:
    data = case.build()
    reading, strict = read_twice(data), read_book(data)
    assert isinstance(strict, Book)
    # calamine learns: what one version gives up or reads otherwise, the next may read as we do.
    allowed: list[Book | Refusal] = [strict]
    if case.name in SEEN_OTHERWISE:
        allowed.append(Refusal(DISAGREE, SEEN_OTHERWISE[case.name]))
    if case.name in READ_ONCE:
        allowed.append(replace(strict, remarks=tuple(sorted({*strict.remarks, ONE_READER}))))
    assert reading in allowed


def test_every_expected_disagreement_is_a_case() -> None:
    assert {*SEEN_OTHERWISE, *READ_ONCE} <= {case.name for case in CASES if case.expect == ACCEPT}


def test_refused_files_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reading, "CalamineWorkbook", None)
    assert read_twice(b"") == Refusal("F-EMPTY", "0 bytes")


def changed(book: Book, sheet: int, place: tuple[int, int], cell: Cell | None) -> Book:
    """What a mistake of the strict reader would look like."""
    cells = {**book.sheets[sheet].cells}
    if cell is None:
        del cells[place]
    else:
        cells[place] = cell
    sheets = list(book.sheets)
    sheets[sheet] = replace(sheets[sheet], cells=cells)
    return replace(book, sheets=tuple(sheets))


def test_any_single_mistake_of_the_strict_reader_is_seen() -> None:
    chance = random.Random(1)
    data = demo_returns()[0]
    book = confirmed(data)
    for number, sheet in enumerate(book.sheets):
        filled = [(place, cell) for place, cell in sheet.cells.items() if cell.text and cell.kind is not Kind.ERROR]
        for place, cell in chance.sample(filled, min(len(filled), 25)):
            free = next((place[0], column) for column in range(1, 99) if (place[0], column) not in sheet.cells)
            other = "9.25" if cell.kind is Kind.NUMBER else cell.text + "."
            kind = Kind.TEXT if cell.kind is Kind.NUMBER else Kind.NUMBER
            mistakes = [
                changed(book, number, place, replace(cell, text=other)),
                changed(book, number, place, Cell(kind, "77")),
                changed(book, number, place, None),
            ]
            for mistake in mistakes:
                assert confirm(data, mistake) == Refusal(DISAGREE, f"{sheet.name}!{second_reading.address(*place)}")
            moved = changed(changed(book, number, place, None), number, free, cell)
            assert isinstance(confirm(data, moved), Refusal)


def test_lost_added_and_renamed_sheets_are_seen() -> None:
    data = written_by_xlsxwriter()
    book = confirmed(data)
    first, *rest = book.sheets
    for sheets in (
        (first, *rest[1:]),
        (*rest, first),
        (replace(first, name="Khác"), *rest),
        (*book.sheets, Sheet("Dư", {})),
    ):
        assert confirm(data, replace(book, sheets=tuple(sheets))) == Refusal(DISAGREE)
    emptied = replace(book, sheets=(replace(first, cells={}), *rest))
    assert confirm(data, emptied) == Refusal(DISAGREE, "Số!C4")
    assert isinstance(confirm(data, replace(book, date1904=True)), Refusal)


@pytest.mark.parametrize("text", ["8.500001", "85", "-8.5", "8"])
def test_numbers_are_compared_to_the_last_digit(text: str) -> None:
    data = with_cell('<c r="B2"><v>8.5</v></c>')
    book = confirmed(data)
    wrong = changed(book, 0, (2, 2), Cell(Kind.NUMBER, text))
    assert confirm(data, wrong) == Refusal(DISAGREE, "Chấm điểm!B2")
    assert confirm(data, changed(book, 0, (2, 2), Cell(Kind.NUMBER, "8.50"))) != wrong


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "hh:mm:ss", "[h]:mm:ss"])
@pytest.mark.parametrize("apart", [1, -1, 1 / 1440, 1 / 86_400, 1462, 0.5])
def test_dates_and_times_that_differ_by_a_second_are_seen(code: str, apart: float) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("a")
        numbers = (0.25, 59, 60, 61, 46150, 46150.75)
        for row, number in enumerate(numbers):
            sheet.write_number(row, 0, number, book.add_format({"num_format": code}))
    data = stream.getvalue()
    whole = confirmed(data)
    for row, number in enumerate(numbers, start=1):
        # Before March 1900 calamine shows one day for two numbers, and of less than a day only the time.
        if number > 61 or (number > 1 and abs(apart) > 1) or (apart % 1 and number + apart < 1):
            wrong = changed(whole, 0, (row, 1), Cell(Kind.NUMBER, repr(number + apart)))
            assert confirm(data, wrong) == Refusal(DISAGREE, f"a!A{row}"), number


class Panic(BaseException):
    """As pyo3's PanicException: no Exception."""


@pytest.mark.parametrize("fault", [Panic("index out of bounds"), OverflowError("days"), ValueError("ours")])
def test_a_second_reader_that_panics_holds_the_file(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    class Panicking:
        def __init__(self, _stream: object) -> None:
            raise fault

        from_object = classmethod(lambda cls, stream: cls(stream))

    monkeypatch.setattr(second_reading, "CalamineWorkbook", Panicking)
    assert read_twice(demo_returns()[0]) == Refusal(DISAGREE)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), MemoryError(), SystemExit()])
def test_what_is_no_fault_of_the_file_goes_on(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    def interrupted(*_: object) -> None:
        raise fault

    monkeypatch.setattr(second_reading, "_spread", interrupted)
    with pytest.raises(type(fault)):
        read_twice(demo_returns()[0])


def test_far_cells_do_not_reach_the_second_reader() -> None:
    near, far = (
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        f'<row r="{SPREAD_LIMIT // 3}"><c r="{{}}"><v>1</v></c></row>',
    )
    for column, alone in (("A", False), ("B", False), ("C", False), ("D", True), ("XFD", True)):
        reading = read_twice(with_rows(near + far.format(f"{column}{SPREAD_LIMIT // 3}")))
        assert isinstance(reading, Book)
        assert (ONE_READER in reading.remarks) is alone


def test_a_disagreement_is_held_and_names_the_cell() -> None:
    plan = load_plan("kim-phuong-2025")
    layouts = layouts_of(plan, choose_round(plan, None))
    sample = next(iter(layouts.values())).stamp
    data, (sheet, cell) = turned_comment(demo_returns()[0])
    reading = read_twice(data)
    assert reading == Refusal(DISAGREE, f"{sheet}!{cell}")
    for detail, place, words in (
        (f"{sheet}!{cell}", Place("nop/a.xlsx", sheet, cell), f"ô {cell}, sheet «{sheet}»"),
        ("a!b!", Place("nop/a.xlsx", "a!b", ""), "sheet «a!b»"),
        ("", Place("nop/a.xlsx"), "cả tệp"),
    ):
        file = ReturnedFile("nop/a.xlsx", "0" * 64, Refusal(DISAGREE, detail))
        returns, records, findings = receive([file], layouts, sample, Office(), {})
        assert not returns
        assert [(record.verdict, record.code) for record in records] == [(Verdict.HELD, DISAGREE)]
        assert [(item.code, item.place) for item in findings] == [(Code.READERS_DISAGREE, place)]
        assert words in findings[0].message
