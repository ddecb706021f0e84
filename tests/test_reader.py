"""The strict reader: crafted files, its bounds, damaged files, and its agreement with two other readers."""

from __future__ import annotations

import io
import math
import random
import subprocess
import sys
import time
import zlib
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from crafting import ACCEPT, GOOD, Case, altered, ballast, deflate, full_rows, noise, strings_xml, with_rows, workbook
from damage import SCRAPS
from hostile import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal
from thidua_xlsx.workbooks.reader import cells, package, parts
from thidua_xlsx.workbooks.reader.cells import read_book

CPU_SECONDS = 0.5
# What a slow or busy machine of the CI may take longer than the one the bound was set on.
PATIENCE = 4
PEAK_MEGABYTES = 120


def read(data: bytes) -> Book:
    """The book, where a refusal would be the reader's mistake."""
    result = read_book(data)
    assert isinstance(result, Book), result
    return result


# --- what is kept or put off -----------------------------------------------------------------------------------


def test_a_part_packed_into_far_more_than_it_holds_is_not_remembered() -> None:
    nothing = b"\0\0\0\xff\xff"  # a stored block without content
    package._surveys.clear()
    read(altered("_rels/.rels", body=nothing * 10 + deflate(GOOD["_rels/.rels"].encode())))
    assert len(package._surveys) == 1
    read(altered("_rels/.rels", body=nothing * 10_000 + deflate(GOOD["_rels/.rels"].encode())))
    assert len(package._surveys) == 1


def test_a_mistake_of_ours_in_reading_properties_loses_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(parts.Properties, "_end", mistaken)
    assert dict(read(workbook()).properties) == {}


# --- crafted cases --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_crafted(case: Case) -> None:
    data = case.build()
    started = time.process_time()
    result = read_book(data)
    spent = time.process_time() - started
    if case.expect == ACCEPT:
        assert isinstance(result, Book), result
        assert case.check is None or case.check(result), result
    else:
        assert isinstance(result, Refusal), f"accepted, though {case.expect} was due"
        assert result.code == case.expect, result
        assert case.proof in result.detail
        assert result.detail or result.code in ("F-MAIL", "F-OLE"), "a refusal without proof"
        assert result.detail.isprintable()
    assert spent < CPU_SECONDS * PATIENCE


def test_the_table_is_long_and_unambiguous() -> None:
    assert len(CASES) >= 250
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_code_of_the_file_level_is_proved() -> None:
    codes = "EMPTY ZEROS TOO-BIG TRUNCATED NOT-XLSX XLS XLSB ODS NUMBERS HTML MHTML XML2003 TEXT PDF IMAGE OLE MAIL "
    codes += "ARCHIVE NOT-WORKBOOK ENCRYPTED MACRO ZIP-BAD ZIP-CRC ZIP-DUP ZIP-PATH ZIP-RATIO ZIP-MEMBERS ZIP-METHOD "
    codes += "ZIP64 PART-MISSING REL SHEETS XML-BAD XML-DTD XML-DEEP XML-ENC XML-NS CELL-REF DUP-CELL SST CELLS"
    assert {f"F-{code}" for code in codes.split()} <= {case.expect for case in CASES}


# --- bounds ---------------------------------------------------------------------------------------------------


def _costly() -> dict[str, bytes]:
    """Files that spend as much as they may, each in another way."""
    quarter = {"xl/media/noise.bin": zlib.compress(noise(9_000_000).encode(), 0)}
    long_texts = ("x" * 99_990 + "👍").join(["<si><t>", *["</t></si><si><t>"] * 60, "</t></si>"])
    one_merge = '<mergeCell ref="A1:B2"/>'
    distinct = "".join(f"<si><t>{i}</t></si>" for i in range(90_000))
    return {
        "cells": with_rows(full_rows(1_000, 98)),
        "cells with texts": workbook({"xl/sharedStrings.xml": strings_xml(distinct)}),
        "formulas": with_rows("<row>" + "<c><f>A1</f><v>1</v></c>" * 16_000 + "</row>", tail=ballast()),
        "elements": with_rows("", tail=ballast() + "<x/>" * 500_000),
        "names": with_rows("", tail="".join(f"<x{i}/>" for i in range(100_000))),
        "attributes": with_rows("", tail=("<x " + " ".join(f'a{i}=""' for i in range(4_000)) + "/>") * 300),
        "prefixes": with_rows("", tail=("<x " + " ".join(f'xmlns:a{i}="u"' for i in range(4_000)) + "/>") * 300),
        "giant attribute": with_rows("", tail=f'{ballast(300_000)}<x y="{"x" * 20_000_000}"/>'),
        "giant comment": with_rows("", tail=f"<!--{noise(2_000_000)}-->"),
        "line breaks": with_rows("", tail=ballast(300_000) + "\n" * 20_000_000),
        "runs": with_rows('<row><c t="inlineStr"><is>' + "<t>x</t>" * 900_000 + "</is></c></row>", tail=ballast()),
        "merges": with_rows("", tail=f"{ballast()}<mergeCells>{one_merge * 500_000}</mergeCells>"),
        "widened texts": workbook({"xl/sharedStrings.xml": strings_xml(ballast() + long_texts)}),
        "escapes": workbook(
            {"xl/sharedStrings.xml": strings_xml(ballast() + f"<si><t>{'_x0041_' * 14_000}</t></si>" * 50)}
        ),
        "one long text": workbook(
            {"xl/sharedStrings.xml": strings_xml(f"{ballast(300_000)}<si><t>{'ệ' * 6_000_000}</t></si>")}
        ),
        "20 MB of a picture": workbook(quarter | {"xl/media/more.bin": noise(20_000_000).encode()}),
        "20 MB of zeros at the end": workbook() + bytes(19 << 20),
        "20 MB of text": noise(20 << 20).encode(),
        "2,000 long names": workbook({f"{'é' * 400}{i}": b"" for i in range(1_900)}),
    }


@pytest.fixture(scope="module")
def costly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("costly")
    for name, data in _costly().items():
        (folder / name).write_bytes(data)
    return folder


MEASURE = """
import pathlib, re, sys, time
from thidua_xlsx.workbooks.reader.cells import read_book
data = pathlib.Path(sys.argv[1]).read_bytes()
started = time.process_time()
result = read_book(data)
spent = time.process_time() - started
status = pathlib.Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else 0
print(spent, peak, getattr(result, "code", "accepted"))
"""


def test_a_hostile_file_costs_little_time_and_memory(costly: Path) -> None:
    """Measured in a fresh process a file: the time it takes, and the peak, file and interpreter included."""
    for path in sorted(costly.iterdir()):
        out = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
        spent, peak, verdict = out.stdout.split()
        assert float(spent) < CPU_SECONDS * PATIENCE, (path.name, spent)
        assert int(peak) < PEAK_MEGABYTES * 1024, (path.name, peak)
        assert verdict != "F-READ-CRASH", path.name


def test_a_bomb_is_refused_by_its_directory_alone() -> None:
    bomb = next(case for case in CASES if case.name == "bomb of 1 GB").build()
    started = time.process_time()
    result = read_book(bomb)
    assert isinstance(result, Refusal)
    assert result.code == "F-ZIP-RATIO"
    assert time.process_time() - started < 0.05


def test_a_form_is_read_fast() -> None:
    data = form(seed=1, sheets=7, rows=36)
    best = min(_timed(data) for _ in range(5))
    assert best < 0.01 * PATIENCE


def _timed(data: bytes) -> float:
    started = time.process_time()
    read(data)
    return time.process_time() - started


def test_our_own_mistake_is_a_refusal_and_no_memory_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(fault: BaseException) -> None:
        def broken(_data: bytes) -> None:
            raise fault

        monkeypatch.setattr(cells, "open_container", broken)

    fail(IndexError("ours"))
    assert read_book(workbook()) == Refusal("F-READ-CRASH", "IndexError")
    fail(MemoryError())
    with pytest.raises(MemoryError):
        read_book(workbook())
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_book(workbook())


# --- damaged files --------------------------------------------------------------------------------------------


@cache
def form(seed: int = 0, sheets: int = 3, rows: int = 12) -> bytes:
    """A filled form as xlsxwriter makes it, with every kind of cell."""
    chance = random.Random(seed)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"keywords": "TDX-2026", "created": date(2026, 1, 5)})
    book.set_custom_property("stamp", "TDX-2026/TC01")
    bold, raised = book.add_format({"bold": True}), book.add_format({"font_script": 1})
    dated = book.add_format({"num_format": "dd/mm/yyyy"})
    for number in range(sheets):
        sheet = book.add_worksheet(f"Chấm điểm {number}")
        sheet.protect()
        sheet.data_validation("C2:C9", {"validate": "list", "source": ["Có", "Không"]})
        for row in range(rows):
            sheet.write_string(row, 0, f"TC-{number}.{row}", bold)
            sheet.write_string(
                row, 1, chance.choice(["Cải cách thể chế", "Công vụ <&>", "  dòng\nhai ", "_x0041_", "8,5"])
            )
            sheet.write_number(row, 2, chance.choice([0, 1, 8.5, -3.25, 1e-7, 1e20, 46150, chance.random() * 100]))
            sheet.write_number(row, 3, chance.randrange(40_000, 47_000), dated)
            sheet.write_blank(row, 4, None, bold)
        sheet.write_formula(rows, 2, "=SUM(C1:C9)", None, 17.5)
        sheet.write_formula(rows, 3, '=IF(C1>0,"Có","")', None, "Có")
        sheet.write_boolean(rows, 0, True)
        sheet.write_rich_string(rows + 1, 0, "8", raised, "5", bold, " điểm")
        sheet.merge_range(rows + 2, 0, rows + 2, 3, "Ghi chú gộp")
        sheet.write_string(rows + 40, 30, "xa")
        sheet.set_row(2, None, None, {"hidden": True})
    book.get_worksheet_by_name("Chấm điểm 1").very_hidden()
    book.close()
    return stream.getvalue()


def test_a_file_cut_anywhere_is_refused() -> None:
    data = workbook()
    assert all(isinstance(read_book(data[:length]), Refusal) for length in range(0, len(data), 7))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(GOOD)),
    st.lists(st.tuples(st.sampled_from(SCRAPS), st.integers(0, 5_000), st.integers(0, 40)), max_size=4),
)
def test_broken_parts_never_crash_the_reader(part: str, changes: list[tuple[str, int, int]]) -> None:
    """Damage inside a part, with sizes and checksum in order: what an attacker can do."""
    text = GOOD[part]
    for scrap, place, length in changes:
        place %= len(text) + 1
        text = text[:place] + scrap + text[place + length :]
    result = read_book(workbook({part: text}))
    assert not (isinstance(result, Refusal) and result.code == "F-READ-CRASH"), result


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"From: a\r\n", b"<"]),
)
def test_random_bytes_are_refused(data: bytes, magic: bytes) -> None:
    result = read_book(magic + data)
    assert isinstance(result, Refusal)
    assert result.code != "F-READ-CRASH"


# --- agreement with other readers -----------------------------------------------------------------------------


def openpyxl_form() -> bytes:
    """Another producer's workbook: other order of parts, inline formulas without cached values, 1904 dates."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.title = "Thông tin"
    rows = [
        ["Mã", "Nội dung", None],
        ["01", 8.5, True],
        [None, None, "#REF!"],
        ["é", "=A1&B1", 1e-9],
        [date(2026, 1, 29), "Có", -0.1],
    ]
    for row in rows:
        sheet.append(row)
    sheet["H20"] = "  cách xa  "
    sheet.merge_cells("A8:C9")
    sheet.row_dimensions[2].hidden = True
    other = book.create_sheet("Ẩn")
    other.sheet_state = "hidden"
    other["B3"] = 3
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


PRODUCED = {"xlsxwriter": form, "openpyxl": openpyxl_form, "by hand": workbook}


# openpyxl refuses the good workbook for the empty fill in its styles.
@pytest.mark.parametrize("name", ["xlsxwriter", "openpyxl"])
def test_agrees_with_openpyxl(name: str) -> None:
    data = PRODUCED[name]()
    ours = read(data)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert [sheet.name for sheet in ours.sheets] == formulas.sheetnames
    assert ours.date1904 == (formulas.epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904)
    for sheet in ours.sheets:
        theirs, cached = formulas[sheet.name], values[sheet.name]
        assert sheet.hidden == (theirs.sheet_state != "visible")
        assert set(sheet.merges) == {str(area) for area in theirs.merged_cells.ranges}
        assert sheet.hidden_rows == {row for row, size in theirs.row_dimensions.items() if size.hidden}
        assert sheet.protected == theirs.protection.sheet
        places = {(c.row, c.column) for row in theirs.iter_rows() for c in row if c.value is not None}
        assert set(sheet.cells) == places
        for place, cell in sheet.cells.items():
            formula = theirs.cell(*place).value if theirs.cell(*place).data_type == "f" else None
            assert (f"={cell.formula}" if cell.formula is not None else None) == formula
            assert_same(cell, cached.cell(*place).value, ours.date1904)


@pytest.mark.parametrize("name", PRODUCED)
def test_agrees_with_calamine(name: str) -> None:
    calamine = pytest.importorskip("python_calamine")
    data = PRODUCED[name]()
    ours, theirs = read(data), calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [sheet.name for sheet in ours.sheets] == theirs.sheet_names
    for sheet in ours.sheets:
        table = theirs.get_sheet_by_name(sheet.name)
        row, column = table.start or (0, 0)
        found = {
            (row + i + 1, column + j + 1): value
            for i, values in enumerate(table.to_python())
            for j, value in enumerate(values)
            if value != ""
        }
        # An error cell is '' to calamine, and so is a formula without cached value.
        shown = {place for place, cell in sheet.cells.items() if cell.kind is not Kind.ERROR and cell.text.strip()}
        assert set(found) == shown
        for place, value in found.items():
            assert_same(sheet.cells[place], value, ours.date1904, trimmed=True)


def assert_same(cell: Cell, value: object, date1904: bool, trimmed: bool = False) -> None:
    """The other reader's value is ours; dates are what it made of our raw number."""
    if cell.kind is Kind.BOOLEAN:
        assert value is (cell.text == "1")
    elif hasattr(value, "toordinal"):
        days = value.toordinal() - (date(1904, 1, 1) if date1904 else date(1899, 12, 30)).toordinal()
        assert int(float(cell.text)) == days
    elif cell.kind is Kind.NUMBER and cell.text:
        assert isinstance(value, int | float)
        assert math.isclose(float(cell.text), value, rel_tol=1e-15)
    elif trimmed:
        # calamine cuts the blanks around a text.
        assert str(value).strip() == cell.text.strip()
    else:
        assert (value or "") == cell.text


def test_reads_what_xlsxwriter_wrote() -> None:
    book = read(form())
    sheet = book.sheets[0]
    assert [s.hidden for s in book.sheets] == [False, True, False]
    assert sheet.protected
    assert sheet.merges == ("A15:D15",)
    assert sheet.hidden_rows == {3}
    assert sheet.cells[13, 3] == Cell(Kind.NUMBER, "17.5", "SUM(C1:C9)")
    assert sheet.cells[13, 1] == Cell(Kind.BOOLEAN, "1")
    assert sheet.cells[14, 1] == Cell(Kind.TEXT, "85 điểm", None, rich=True)
    assert sheet.cells[53, 31] == Cell(Kind.TEXT, "xa")
    assert book.properties["stamp"] == "TDX-2026/TC01"
    assert book.properties["core:keywords"] == "TDX-2026"
    assert (1, 5) not in sheet.cells
    assert book.remarks == ()


def test_the_same_bytes_give_the_same_book() -> None:
    assert read(form()) == read(form())
