"""The workbook that the second reader gets: the same members with the same contents, some of them not packed."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_STORED, ZipFile

import pytest
from crafting import GOOD, SHEET1, Entry, entries, pack, workbook
from hostile import CASES
from returned_workbooks import demo_returns

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.workbooks.reader import stored
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.container import open_container
from thidua_xlsx.workbooks.reader.second_reading import confirm
from thidua_xlsx.workbooks.reader.stored import Inflated


def stored_of(data: bytes) -> bytes:
    inflated = Inflated()
    assert isinstance(read_book(data, inflated=inflated), Book)
    return inflated.workbook(data)


def members(data: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return [(name, archive.read(name)) for name in archive.namelist()]


def left_packed(data: bytes) -> set[str]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {item.filename for item in archive.infolist() if item.compress_type != ZIP_STORED}


def test_every_member_is_there_and_says_the_same() -> None:
    for data in (*demo_returns(), workbook(), workbook({"xl/media/Ảnh.png": b"\x89PNG" * 400})):
        again = stored_of(data)
        assert members(again) == members(data)
        open_container(again)


def test_the_second_reader_says_of_it_what_it_says_of_the_file_as_it_came() -> None:
    """Every hostile file that the strict reader accepts, and some whose members the two might find otherwise."""
    second = {"xl/worksheets/sheet\x82.xml": b"<x/>", "xl/worksheets/Sheet2.bin": b"x"}
    oddities = [named_twice(), workbook() + b"\0" * 70_000, *(workbook({name: data}) for name, data in second.items())]
    met = 0
    for data in [*(case.build() for case in CASES), *oddities]:
        inflated = Inflated()
        book = read_book(data, inflated=inflated)
        if isinstance(book, Book):
            met += 1
            assert confirm(inflated.workbook(data), book) == confirm(data, book)
    assert met > 50


def named_twice() -> bytes:
    """A member whose second name, which calamine prefers, is that of a sheet."""
    sheet, name = SHEET1.encode(), b"xl/worksheets/sheet\x82.xml"
    again = struct.pack("<2HBI", 0x7075, 5 + len(sheet), 1, zlib.crc32(name)) + sheet
    other = GOOD[SHEET1].replace("8.5", "9.5").encode()
    data = pack([*entries(GOOD), Entry(name, other, flags=0, extra=again)])
    book = read_book(data)
    assert isinstance(book, Book)
    assert isinstance(confirm(data, book), Refusal)
    return data


def test_the_parts_with_cells_are_not_packed() -> None:
    cells = {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"}
    assert cells <= left_packed(workbook())
    assert not cells & left_packed(stored_of(workbook()))


def test_a_large_workbook_is_left_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "KEPT_LIMIT", len(GOOD[SHEET1]) + 1)
    data = workbook()
    assert stored_of(data) is data


def test_a_file_that_is_no_workbook_is_left_as_it_came() -> None:
    data = pack(entries({"a.txt": "a"}))
    inflated = Inflated()
    read_book(data, inflated=inflated)
    assert inflated.workbook(data) is data
