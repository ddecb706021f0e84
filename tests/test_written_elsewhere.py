"""A form written by another program says what was typed into it, or a finding stands at the cell; its unit is proved.

The files and how they were made: ``written_elsewhere/README.md``. What LibreOffice writes: ``test_libreoffice.py``.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from filled_return import address_of, layout_of, plan_of

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.form import PEOPLE, SCORES
from thidua_xlsx.model.office import Office
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.feedback import received_answers
from thidua_xlsx.stages.intake.merge import Return, merge
from thidua_xlsx.stages.intake.receive import Received, ReturnedFile, receive
from thidua_xlsx.workbooks.reader.second_reading import read_twice

FOLDER = Path(__file__).with_name("written_elsewhere")
UNIT = "VP"
PLAN = plan_of((FOLDER / "ke-hoach.toml").read_text("utf-8"))
LAYOUTS = {unit.code: layout_of(unit.code, PLAN) for unit in PLAN.units}
LAYOUT = LAYOUTS[UNIT]
Key = tuple[str, str, str]


def value_of(kind: str, text: str) -> Decimal | str | date:
    return Decimal(text) if kind == "number" else date.fromisoformat(text) if kind == "date" else text


TYPED: dict[Key, Decimal | str | date] = {
    (item["sheet"], item["code"], item["header"]): value_of(item["kind"], item["value"])
    for item in json.loads((FOLDER / "tra-loi.json").read_text("utf-8"))
}


@lru_cache
def by_openpyxl() -> bytes:
    """The same form, filled by the library that everybody uses from Python."""
    book = openpyxl.load_workbook(FOLDER / "phieu.xlsx")
    for item in json.loads((FOLDER / "tra-loi.json").read_text("utf-8")):
        value = value_of(item["kind"], item["value"])
        book[item["sheet"]][item["cell"]].value = float(value) if isinstance(value, Decimal) else value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bytes_of(name: str) -> bytes:
    return by_openpyxl() if name == "openpyxl" else (FOLDER / f"{name}.xlsx").read_bytes()


def received(name: str) -> Received:
    """The file, read twice and identified among all units."""
    book = read_twice(bytes_of(name))
    returns, records, findings = receive(
        (ReturnedFile(f"nop/{name}.xlsx", "aa", book),), LAYOUTS, LAYOUT.stamp, Office(), {}
    )
    assert (records, findings) == ((), ())
    (only,) = returns
    return only


def read(name: str) -> Submission:
    item = received(name)
    assert isinstance(item.file.book, Book)
    return check((collect(item.file.book, LAYOUTS[item.unit], item.file.name),), PLAN, PLAN.rounds[0])[0]


# What else is told of each file: what its program did to the form, never an answer.
TOLD: dict[str, set[str]] = {
    "openpyxl": set(),
    "exceljs": set(),
    "sheetjs": set(),
    "sheetjs-chep-sheet": set(),
    "sheetjs-ngay-iso": {"READ_FROM_DATE_TEXT"},
    "sheetjs-qua-bang": {"TOTAL_CHANGED"},
    "sheetjs-qua-csv": {"TOTAL_CHANGED", "CODE_REPAIRED"},
    "exceljs-gio-dia-phuong": {"NOT_A_DATE"},
    "exceljs-mot-sheet": {"SHEET_MISSING"},
}


def test_every_file_is_read_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.xlsx")} == TOLD.keys() - {"openpyxl"} | {"phieu"}


@pytest.mark.parametrize("name", TOLD)
def test_the_form_is_its_unit_s_and_every_answer_is_read_or_asked_again(name: str) -> None:
    """While the form asks the same, with exactly the findings listed; of a later version, at least never otherwise."""
    item, given = received(name), read(name)
    assert item.unit == UNIT
    answers = received_answers(given)
    errors = [found.place for found in given.findings if found.severity is Severity.ERROR]
    asked_again = {(place.sheet, place.cell) for place in errors}
    wrong = {}
    for key, typed in TYPED.items():
        row = given.places.get((key[0], key[1]))
        place = row.marks[key[2]].place if row and key[2] in row.marks else None
        told = (key[0], "") in asked_again or (place and (place.sheet, place.cell) in asked_again)
        if answers.get(key) != typed and not told:
            wrong[key] = answers.get(key)
    assert wrong == {}
    if not item.older:
        assert {found.code.name for found in given.findings} == TOLD[name]
        assert answers.keys() <= TYPED.keys()


def test_a_day_that_was_moved_by_a_time_zone_is_asked_again_and_nothing_else_is() -> None:
    given = read("exceljs-gio-dia-phuong")
    days = {address_of(LAYOUT, *key) for key, value in TYPED.items() if isinstance(value, date)}
    assert {found.place.cell for found in given.findings if found.code is Code.NOT_A_DATE} == days
    others = {key: value for key, value in TYPED.items() if not isinstance(value, date)}
    assert others.items() <= received_answers(given).items()


def test_1_10_that_went_through_csv_is_not_1_1() -> None:
    given = read("sheetjs-qua-csv")
    assert TYPED[SCORES, "1.1", "Số liệu 1"] != TYPED[SCORES, "1.10", "Số liệu 1"]
    for code in ("1.1", "1.10"):
        mark = given.mark(SCORES, code, "Số liệu 1")
        assert mark is not None
        assert mark.value == TYPED[SCORES, code, "Số liệu 1"]


def test_one_sheet_alone_keeps_its_answers_and_names_the_others() -> None:
    given = read("exceljs-mot-sheet")
    assert {key for key in TYPED if key[0] == SCORES} == received_answers(given).keys()
    assert {found.place.sheet for found in given.findings} == {sheet.name for sheet in LAYOUT.sheets} - {SCORES}
    assert PEOPLE in {found.place.sheet for found in given.findings}


@pytest.mark.parametrize(
    ("issued", "now", "verdict"),
    [
        ('type = "integer", required = true, min = 1, max = 9', 'type = "integer", min = 1, max = 9', "OLDER_FORM"),
        ('name = "Một cửa", max = 10', 'name = "Một cửa điện tử", max = 10', "OUTDATED_FORM"),
        ('code = "HT", label = "Hoàn thành"', 'code = "HT", label = "Hoàn thành ở mức khá"', "OUTDATED_FORM"),
    ],
    ids=["need not be answered any more", "asked otherwise", "other options"],
)
def test_once_the_plan_has_changed_the_files_are_forms_of_an_older_version(issued: str, now: str, verdict: str) -> None:
    text = (FOLDER / "ke-hoach.toml").read_text("utf-8")
    assert issued in text
    plan = plan_of(text.replace(issued, now))
    layout = layout_of(UNIT, plan)
    for name in ("exceljs", "sheetjs", "openpyxl"):
        book = read_twice(bytes_of(name))
        assert isinstance(book, Book)
        file = ReturnedFile(f"nop/{name}.xlsx", "aa", book)
        (item,) = receive((file,), {UNIT: layout}, layout.stamp, Office(), {})[0]
        assert item.older
        given = check((collect(book, layout, file.name),), plan, plan.rounds[0])
        merged = merge((Return(item, *given),), plan.rounds[0])
        assert verdict in {found.code.name for found in merged.findings}
        assert len(merged.counted) == (verdict == "OLDER_FORM")
