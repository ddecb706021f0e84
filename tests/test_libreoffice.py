"""A form filled by LibreOffice, typed cell by cell at a Vietnamese desk, reads as one filled by any other program."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from filled_return import address_of, opened, valid_answers

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import DOSSIER, INDICES, PEOPLE, SCORES, TASKS, FormLayout
from thidua_xlsx.model.office import Office
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.feedback import Answers, received_answers
from thidua_xlsx.stages.intake.receive import Received, ReturnedFile, receive, stamps_in
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import read_plan

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
TYPIST = Path(__file__).with_name("type_in_libreoffice.py")
PLAN, _ = read_plan("soc-trang-2025")
assert PLAN is not None
ROUND, UNIT = PLAN.rounds[0], PLAN.units[0]
# What a Vietnamese desk makes of these keys: a date in a number cell, texts where figures and days are asked.
MISTYPED = {
    (SCORES, "1.1.2", "Điểm tự chấm"): ("2/3", "NOT_A_NUMBER"),
    (SCORES, "1.2", "Số liệu 1"): ("=2+2", "FORMULA_IN_ANSWER"),
    (SCORES, "1.3.2", "Số liệu 2"): ("40.5", "READ_FROM_TEXT"),
    (SCORES, "2.1", "Số liệu 1"): ("TRUE", "READ_FROM_TICK"),
    (TASKS, "NV1", "Ngày hoàn thành"): ("9/30/2025", "NOT_A_DATE"),
    (TASKS, "NV2", "Tình trạng"): ("Xong", "NOT_IN_LIST"),
    (INDICES, "CS2", "Năm nay"): ("=1/0", "ERROR_CELL"),
    (DOSSIER, "bien-ban", "Đã có"): ("", "MISSING_ANSWER"),
}  # fmt: skip


@lru_cache
def layout() -> FormLayout:
    assert PLAN is not None
    return lay_out(PLAN, ROUND, UNIT)


@lru_cache
def answers() -> Answers:
    """A valid return with figures, fractions and days that another reading would change."""
    made = valid_answers(layout(), PLAN)
    changed: Answers = {
        (SCORES, "1.1.2", "Số liệu 1"): Decimal("92.5"),
        (SCORES, "1.1.2", "Số liệu 2"): Decimal("100"),
        (SCORES, "1.1.2", "Điểm tự chấm"): Decimal("2.78"),
        (SCORES, "1.3.2", "Số liệu 1"): Decimal("40.5"),
        (SCORES, "1.3.2", "Số liệu 2"): Decimal("40.5"),
        (SCORES, "7.5", "Điểm tự chấm"): Decimal("2.25"),
        (INDICES, "CS2", "Năm nay"): Decimal("7.125"),
        (TASKS, "NV1", "Ngày hoàn thành"): date(2025, 6, 5),
        (PEOPLE, "1", "Ngày sinh"): date(1990, 3, 8),
        (PEOPLE, "2", "Họ và tên"): "Đặng Thị Quỳnh Như",
    }
    assert changed.keys() <= made.keys()
    return made | changed


def cell(key: tuple[str, str, str]) -> tuple[str, str]:
    return key[0], address_of(layout(), *key)


def keys(value: Decimal | str | date) -> str:
    """What a person at a Vietnamese desk types for it."""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value).replace(".", ",")


def interpreter() -> str:
    """A Python that speaks to LibreOffice: the system's, or the one LibreOffice brings along."""
    office = Path(shutil.which("soffice") or "").resolve().parent
    for python in ("/usr/bin/python3", str(office / "python"), shutil.which("python3") or ""):
        if python and Path(python).exists() and not subprocess.call([python, "-c", "import uno"], stderr=-3):
            return python
    pytest.skip("no Python with uno (Debian: apt-get install python3-uno)")


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The blank form, filled twice by the same LibreOffice: without mistakes, and with some."""
    place = tmp_path_factory.mktemp("libreoffice")
    (place / "form.xlsx").write_bytes(write_form(layout()))
    right = {cell(key): keys(value) for key, value in answers().items()}
    wrong = right | {cell(key): text for key, (text, _) in MISTYPED.items()}
    visible = [sheet.name for sheet in opened(write_form(layout())).sheets if not sheet.hidden]
    jobs = [
        {
            "form": str(place / "form.xlsx"),
            "saved": str(place / f"{name}.xlsx"),
            "typed": [[*at, text] for at, text in texts.items()],
            "copied": {str(place / f"{copy}.xlsx"): sheets for copy, sheets in copies.items()},
        }
        for name, texts, copies in (
            ("right", right, {"copied": visible, "alone": [SCORES]}),
            ("wrong", wrong, {}),
        )
    ]
    type_at_desk(place, jobs, "vi-VN")
    return {name: (place / f"{name}.xlsx").read_bytes() for name in ("right", "wrong", "copied", "alone")}


def type_at_desk(place: Path, jobs: list[dict[str, object]], locale: str) -> None:
    """What the typist does, by a LibreOffice of this locale."""
    (place / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    command = [interpreter(), str(TYPIST), str(place / "jobs.json"), str(place / f"profile-{locale}"), locale]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr


@lru_cache
def filled_elsewhere() -> bytes:
    """The same answers by openpyxl, as values."""
    book = openpyxl.load_workbook(BytesIO(write_form(layout())))
    for key, value in answers().items():
        sheet, at = cell(key)
        book[sheet][at].value = float(value) if isinstance(value, Decimal) else value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(book: Book) -> Submission:
    assert PLAN is not None
    return check((collect(book, layout(), "nop/a.xlsx"),), PLAN, ROUND)[0]


def received(book: Book) -> tuple[Received, ...]:
    stamp = layout().stamp
    returns, records, findings = receive(
        (ReturnedFile("nop/a.xlsx", "aa", book),), {UNIT.code: layout()}, stamp, Office(), {}
    )
    assert (records, findings) == ((), ())
    return returns


def assert_reads_as_filled(
    data: bytes, expected: Mapping[tuple[str, str, str], object], told: frozenset[Code] = frozenset()
) -> None:
    book = opened(data)
    assert stamps_in(book) == (str(layout().stamp),)
    assert [(item.unit, item.older) for item in received(book)] == [(UNIT.code, False)]
    given = read(book)
    assert {item.code for item in given.findings} == told
    assert received_answers(given) == expected


def test_filled_by_libreoffice_a_form_reads_the_same(typed: dict[str, bytes]) -> None:
    assert_reads_as_filled(filled_elsewhere(), answers())
    assert_reads_as_filled(typed["right"], answers())
    program = openpyxl.load_workbook(BytesIO(typed["right"])).properties
    assert program.keywords == str(layout().stamp), "the witness is left too"


def test_copied_into_a_new_workbook_the_sheets_read_the_same(typed: dict[str, bytes]) -> None:
    """Nothing is left then of properties, names and hidden sheets: the cells prove whose form it is."""
    book = opened(typed["copied"])
    assert str(layout().stamp) not in book.properties.values()
    assert not any(sheet.hidden for sheet in book.sheets)
    # The drop-downs and the self-check still point to the workbook they were copied from.
    assert_reads_as_filled(typed["copied"], answers(), frozenset({Code.OUTSIDE_LINKS}))


def test_one_sheet_copied_into_a_new_workbook_keeps_its_answers_and_misses_the_others(typed: dict[str, bytes]) -> None:
    book = opened(typed["alone"])
    assert [(item.unit, item.older) for item in received(book)] == [(UNIT.code, False)]
    given = read(book)
    missing = [item for item in given.findings if item.code is Code.SHEET_MISSING]
    assert {item.code for item in given.findings} == {Code.SHEET_MISSING}
    assert {item.place.sheet for item in missing} == {sheet.name for sheet in layout().sheets} - {SCORES}
    assert received_answers(given) == {key: value for key, value in answers().items() if key[0] == SCORES}


def test_what_is_mistyped_in_libreoffice_is_found_at_its_cell(typed: dict[str, bytes]) -> None:
    found = {((item.place.sheet, item.place.cell), item.code.name) for item in read(opened(typed["wrong"])).findings}
    assert found == {(cell(key), code) for key, (_, code) in MISTYPED.items()}


def test_opened_and_saved_again_by_libreoffice_a_form_reads_the_same(tmp_path: Path) -> None:
    """As our writer made it, and as another program filled it."""
    (tmp_path / "ours.xlsx").write_bytes(write_form(layout(), answers()))
    (tmp_path / "theirs.xlsx").write_bytes(filled_elsewhere())
    command = [
        "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
        "--outdir", str(tmp_path / "saved"), str(tmp_path / "ours.xlsx"), str(tmp_path / "theirs.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for name in ("ours.xlsx", "theirs.xlsx"):
        assert_reads_as_filled((tmp_path / "saved" / name).read_bytes(), answers())
