"""Makes amendments where they lie: in the cells of forms, of the office's workbooks and of the plan, on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from thidua_xlsx.campaign.folder import OFFICE, REGISTER
from thidua_xlsx.model.form import Answer
from thidua_xlsx.model.office import APPRAISAL, CONFIRMATION, OFFICE_HEADERS, RECEPTION, REGISTER_HEADERS, AwardGiven
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.remedy import Amendment, Lies
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.what_if import with_changes
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.feedback import received_answers
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.office_workbook import write_office
from thidua_xlsx.workbooks.plans import PLAN_TEXT, PLAN_WORKBOOK, plan_bytes
from thidua_xlsx.workbooks.register_workbook import write_register

# The column that an amendment of the office's workbook writes, beside those of its key.
WRITTEN = {Lies.POINTS: (APPRAISAL, "Điểm"), Lies.ANSWERS: (CONFIRMATION, "Trả lời")}


def amend(
    folder: Path, round_code: str, amendments: Iterable[Amendment], given: Mapping[str, Submission]
) -> frozenset[str]:
    """Writes every amendment into the campaign's files; gives the paths of the forms that are other now."""
    todo = list(amendments)
    before = {path: digest(path) for path in (folder / "nop").iterdir() if path.is_file()}
    for item in todo:
        if item.lies is Lies.PLAN:
            put_in_plan(folder, item)
    changed = set()
    plan = load_plan(folder)
    round_ = plan.round(round_code)
    assert round_
    for item in todo:
        if item.lies is Lies.RETURN:
            changed.add(send(folder, plan, round_, item.key[0], given))
    for item in todo:
        if item.lies is Lies.FORM:
            put_in_form(folder, item)
            changed.add(item.place.file)
        elif item.lies is Lies.REGISTER:
            put_in_register(folder, item)
        elif item.lies is Lies.RECEPTION:
            put_in_office(folder, plan, round_, RECEPTION, {"Tệp": item.key[0]}, item.key[1], item)
        elif item.lies in WRITTEN:
            sheet, header = WRITTEN[item.lies]
            keys = [name for name in OFFICE_HEADERS[sheet] if name not in (header, "Lý do")]
            put_in_office(folder, plan, round_, sheet, dict(zip(keys, item.key, strict=True)), header, item)
    receive_again(folder, before)
    return frozenset(changed)


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def receive_again(folder: Path, before: Mapping[Path, str]) -> None:
    """The office notes the form sent again, by its content, as it noted the first, and clears copies of that away."""
    now = {old: digest(path) for path, old in before.items() if digest(path) != old}
    for path, old in before.items():
        if old in now and digest(path) == old:
            path.unlink()
    if not now or not (folder / OFFICE).exists():
        return
    book = openpyxl.load_workbook(folder / OFFICE)
    for row in book[RECEPTION].iter_rows():
        for cell in row:
            if cell.value in now:
                cell.value = now[cell.value]
    book.save(folder / OFFICE)


def as_typed(value: object) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def put_in_form(folder: Path, item: Amendment) -> None:
    path = folder / item.place.file
    book = openpyxl.load_workbook(path)
    cell = book[item.place.sheet][item.place.cell]
    if item.key[3]:
        cell.value = int(item.to) if isinstance(item.to, str) and item.to.isdecimal() else as_typed(item.to)
    else:
        for other in book[item.place.sheet][cell.row]:
            other.value = None
    book.save(path)


def put_in_plan(folder: Path, item: Amendment) -> None:
    plan, _ = with_changes(load_plan(folder), [f"{'.'.join(item.key)}={item.to or ''}"])
    (folder / PLAN_WORKBOOK).unlink(missing_ok=True)
    (folder / PLAN_TEXT).write_bytes(plan_bytes(plan, ".toml"))


def send(folder: Path, plan: Plan, round_: Round, unit_code: str, given: Mapping[str, Submission]) -> str:
    """The unit's form as the plan issues it now: with its own answers, or those of another where it gave none."""
    unit = plan.unit(unit_code)
    assert unit
    layout = lay_out(plan, round_, unit)
    source = given.get(unit_code) or next(item for item in given.values() if item.valid)
    asked = {
        (sheet.name, row.code, column.header)
        for sheet in layout.sheets
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if isinstance(cell, Answer)
    }
    answers = {key: value for key, value in received_answers(source).items() if key in asked}
    path = source.file if unit_code in given else f"nop/{unit_code} gửi.xlsx"
    (folder / path).write_bytes(write_form(layout, answers))
    return path


def put_in_office(
    folder: Path, plan: Plan, round_: Round, sheet_name: str, key: dict[str, str], header: str, item: Amendment
) -> None:
    """The row of these codes, or a new one below all others."""
    path = folder / OFFICE
    data = path.read_bytes() if path.exists() else write_office(plan, round_)
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book[sheet_name]
    head = next(row for row in sheet.iter_rows() if {header, *key} <= {cell.value for cell in row})
    columns = {cell.value: cell.column for cell in head if cell.value}

    def says(row: int, name: str) -> str:
        value = sheet.cell(row, columns[name]).value
        return "" if value is None else str(value)

    rows = range(head[0].row + 1, sheet.max_row + 2)
    found = [row for row in rows if all(says(row, name) == code for name, code in key.items())]
    free = max((row for row in rows if any(says(row, name) for name in key)), default=head[0].row) + 1
    row = found[0] if found and any(key.values()) else free
    for name, code in key.items():
        sheet.cell(row, columns[name]).value = code or None
    sheet.cell(row, columns[header]).value = as_typed(item.to)
    book.save(path)


def put_in_register(folder: Path, item: Amendment) -> None:
    path = folder / REGISTER
    book = openpyxl.load_workbook(BytesIO(path.read_bytes() if path.exists() else write_register([])))
    sheet = book["Khen thưởng"]
    head = next(row for row in sheet.iter_rows() if [cell.value for cell in row][: len(REGISTER_HEADERS)][0] == "Năm")
    if isinstance(item.to, AwardGiven):
        line = item.to
        values = (
            line.year, line.plan, line.round, line.subject, line.unit, line.name, line.birth, line.award,
            line.number, line.decided,
        )  # fmt: skip
        filled = [row for row in range(head[0].row + 1, sheet.max_row + 1) if sheet.cell(row, 1).value]
        for column, value in enumerate(values, start=1):
            sheet.cell(max(filled, default=head[0].row) + 1, column).value = value or None
    else:
        row = sheet[item.place.cell].row
        for column in range(1, len(REGISTER_HEADERS) + 1):
            if item.to is None:
                sheet.cell(row, column).value = None
            elif REGISTER_HEADERS[column - 1] == item.key[0]:
                assert isinstance(item.to, date)
                sheet.cell(row, column).value = item.to
    book.save(path)
