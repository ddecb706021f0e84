"""co-quan.xlsx and lich-su.xlsx: what is written is what is read back, and what is only asked says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.office import (
    APPRAISAL,
    CHOSEN,
    COLLECTIVE,
    CONFIRMATION,
    COUNTS,
    DECLINE,
    EVERY,
    INDIVIDUAL,
    OFFICE_HEADERS,
    RECEPTION,
    REGISTER,
    REGISTER_HEADERS,
    AwardGiven,
    Given,
    Office,
    Reception,
)
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Decision, FileRecord, Nominee, Outcome, Person, Verdict
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.office.plain_table import once, typed_value
from thidua_xlsx.stages.office.read_office import read_office, read_register
from thidua_xlsx.workbooks.office_workbook import write_office
from thidua_xlsx.workbooks.plain_sheet import FIRST_ROW, HEADER_ROW
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.register_workbook import write_register

ROUNDS = [(plan_id, round_.code) for plan_id in shipped_plan_ids() for round_ in load_plan(plan_id).rounds]


def plan_and_round(plan_id: str, code: str) -> tuple[Plan, Round]:
    plan = load_plan(plan_id)
    round_ = plan.round(code)
    assert round_
    return plan, round_


def book_of(data: bytes) -> Book:
    book = read_book(data)
    assert isinstance(book, Book)
    return book


def anywhere(office: Office) -> Office:
    """The same without the cells it was read from."""
    return Office(
        tuple(replace(item, place=NOWHERE) for item in office.receptions),
        {key: replace(item, place=NOWHERE) for key, item in office.points.items()},
        {key: replace(item, place=NOWHERE) for key, item in office.answers.items()},
    )


def read_back(data: bytes, plan: Plan, round_: Round) -> Office:
    office, findings = read_office(book_of(data), "co-quan.xlsx", plan, round_)
    assert not findings
    return anywhere(office)


@pytest.mark.parametrize(("plan_id", "code"), ROUNDS)
def test_what_is_only_asked_says_nothing(plan_id: str, code: str) -> None:
    plan, round_ = plan_and_round(plan_id, code)
    assert read_back(write_office(plan, round_), plan, round_) == Office()


@pytest.mark.parametrize(("plan_id", "code"), ROUNDS)
def test_what_the_office_said_is_read_back(plan_id: str, code: str) -> None:
    plan, round_ = plan_and_round(plan_id, code)
    invented = invent(plan, round_, seed=3, units=9)
    receptions = (
        Reception("nop/a.xlsx", "ab" * 32, invented.returns[0].unit.code, date(2026, 1, 5), "", "", invented.clerk),
        Reception("nop/b.xlsx", "cd" * 32, "", None, DECLINE, "Gửi nhầm", invented.clerk),
        Reception("nop/thư mục/c.xlsx", "", invented.returns[-1].unit.code, None, COUNTS, "Bản có ký", invented.clerk),
    )
    said = replace(invented.office, receptions=receptions)
    assert said.answers
    assert read_back(write_office(invented.plan, round_, said), invented.plan, round_) == anywhere(said)


def test_an_appraisal_nobody_asked_for_keeps_its_line() -> None:
    plan = load_plan(shipped_plan_ids()[0])
    round_ = plan.rounds[0]
    unit = plan.units_of(round_)[0]
    line = next(line for line in plan.criteria_of(round_, unit) if line.method == "ratio_floor")
    said = Office(points={(unit.code, line.code): Given(Decimal("0.5"), "Thiếu minh chứng", NOWHERE)})
    data = write_office(plan, round_, said)
    assert read_back(data, plan, round_) == said
    shown = [cell.text for sheet in book_of(data).sheets if sheet.name == APPRAISAL for cell in sheet.cells.values()]
    assert line.name in shown


def table(data: bytes, name: str) -> list[dict[str, object]]:
    """The filled rows of a sheet by header."""
    sheet = openpyxl.load_workbook(BytesIO(data))[name]
    headers = [cell.value for cell in sheet[HEADER_ROW]]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=FIRST_ROW)]
    return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]


def test_files_wait_for_the_date_they_were_received() -> None:
    plan = load_plan(shipped_plan_ids()[0])
    round_, unit = plan.rounds[0], plan.units[0].code
    noted = Reception("nop/a.xlsx", "aa" * 32, unit, date(2026, 1, 5), "", "", "Thu", noted=date(2026, 1, 6))
    files = [
        FileRecord("nop/a.xlsx", None, "aa" * 32, Verdict.ACCEPTED, unit=unit),
        FileRecord("nop/b.zip", "b.xlsx", "bb" * 32, Verdict.HELD, unit=unit),
        FileRecord("nop/~$a.xlsx", None, "", Verdict.IGNORED),
        FileRecord("nop/c.xlsx", None, "cc" * 32, Verdict.FOREIGN, Code.NO_STAMP.name, message="Không có mã phiếu."),
        FileRecord("nop/d.xlsx", None, "bb" * 32, Verdict.DUPLICATE),
    ]
    data = write_office(plan, round_, Office((noted,)), files)
    assert read_back(data, plan, round_).receptions == (noted,), "a line that only names its file says nothing"
    rows = table(data, RECEPTION)
    assert [(row["Tệp"], row["Đơn vị"]) for row in rows] == [
        ("nop/a.xlsx", unit),
        ("nop/b.zip/b.xlsx", None),
        ("nop/c.xlsx", None),
    ]
    assert rows[1]["Tên đơn vị"] == plan.units[0].name, "whose it seems to be is shown, not said"
    assert "mã ở cột «Đơn vị»" in str(rows[2]["Việc cần quyết định"])


def test_persons_have_lines_and_whom_two_units_name_is_chosen_between() -> None:
    plan, round_ = next(
        (plan, plan.rounds[0])
        for plan in map(load_plan, shipped_plan_ids())
        if any(item.subject == "individual" and item.who_answers == "both" for item in plan.questions)
    )
    one, other = plan.units_of(round_)[:2]
    person = Person(1, "Trần Thị Hà", date(1980, 2, 3))
    decisions = [Decision(Nominee(unit, person), Outcome.UNPROVEN) for unit in (one, other)]
    said = Office(answers={(one.code, "1", CHOSEN): Given(YES, "", NOWHERE)})
    data = write_office(plan, round_, said, decisions=decisions)
    assert read_back(data, plan, round_) == said
    sheet = openpyxl.load_workbook(BytesIO(data))[CONFIRMATION]
    lines = [tuple(cell.value for cell in row[:3]) for row in sheet.iter_rows(min_row=FIRST_ROW) if row[1].value == "1"]
    assert {(one.code, "1", CHOSEN), (other.code, "1", CHOSEN)} <= set(lines)
    question = next(item for item in plan.questions if item.subject == "individual" and item.who_answers == "both")
    assert (other.code, "1", question.code) in lines


@pytest.mark.parametrize(("plan_id", "code"), ROUNDS[:3])
def test_staff_find_headers_drop_downs_and_text_codes(plan_id: str, code: str) -> None:
    plan, round_ = plan_and_round(plan_id, code)
    book = openpyxl.load_workbook(BytesIO(write_office(plan, round_)))
    assert book.sheetnames[:4] == ["Hướng dẫn", *OFFICE_HEADERS]
    for name, headers in OFFICE_HEADERS.items():
        sheet = book[name]
        assert tuple(sheet.cell(HEADER_ROW, column).value for column in range(1, len(headers) + 1)) == headers
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.cell(FIRST_ROW, headers.index("Đơn vị") + 1).number_format == "@"
        assert sheet.data_validations.dataValidation
    lists = [rule.formula1 for name in OFFICE_HEADERS for rule in book[name].data_validations.dataValidation]
    assert any("Danh mục" in str(source) for source in lists)
    assert book[RECEPTION].column_dimensions["D"].width


def test_a_shared_index_is_asked_once() -> None:
    plan, item = next(
        (plan, item) for plan in map(load_plan, shipped_plan_ids()) for item in plan.indices if EVERY in item.units
    )
    data = write_office(plan, plan.rounds[0])
    sheet = openpyxl.load_workbook(BytesIO(data))[CONFIRMATION]
    assert [row[0].value for row in sheet.iter_rows(min_row=FIRST_ROW) if row[2].value == item.code] == [EVERY]


def test_the_register_is_read_back() -> None:
    awards = (
        AwardGiven(
            2021, "mau", "hang-nam", COLLECTIVE, "A-1", "Phòng A", None, "Giấy khen", "12/QĐ-UBND", date(2022, 3, 1)
        ),
        AwardGiven(2022, "mau", "hang-nam", INDIVIDUAL, "", "Lê Văn Bình", date(1979, 5, 6), "Bằng khen", "", None),
    )
    data = write_register(awards)
    register, findings = read_register(book_of(data), "lich-su.xlsx")
    assert not findings
    assert register.known
    assert tuple(replace(item, place=NOWHERE) for item in register.awards) == awards
    sheet = openpyxl.load_workbook(BytesIO(data))[REGISTER]
    assert tuple(cell.value for cell in sheet[HEADER_ROW]) == REGISTER_HEADERS


def test_an_empty_register_knows_that_nobody_was_awarded() -> None:
    register, findings = read_register(book_of(write_register(())), "lich-su.xlsx")
    assert (register.awards, register.known, findings) == ((), True, ())


def test_the_same_words_are_the_same_bytes() -> None:
    plan = load_plan(shipped_plan_ids()[0])
    said = Office(answers={(EVERY, "", plan.questions[0].code): Given(NO, "", NOWHERE)})
    assert write_office(plan, plan.rounds[0], said) == write_office(plan, plan.rounds[0], said)


def test_what_a_cell_says_is_made_once_and_of_no_other_cell() -> None:
    made: list[Cell | None] = []

    def noted(cell: Cell | None) -> object:
        made.append(cell)
        return typed_value(cell)

    said = [Cell(kind, "1") for kind in (Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.TEXT)]
    value_of = once(noted)
    for _ in range(2):
        assert [(type(value), value) for value in map(value_of, said)] == [
            (Decimal, Decimal(1)), (str, "1"), (bool, True), (str, "1"),
        ]  # fmt: skip
        assert value_of(None) is None
    assert len(made) == 5
