"""The workbook that the second reader gets: the same members with the same contents, some of them not packed."""

from __future__ import annotations

import io
from zipfile import ZIP_STORED, ZipFile

import pytest
from crafting import GOOD, SHEET1, entries, pack, workbook
from returned_workbooks import demo_returns

from thidua_xlsx.model.cells import Book
from thidua_xlsx.workbooks.reader import stored
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.container import open_container
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
