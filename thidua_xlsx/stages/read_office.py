"""Turns the standing body's workbooks (co-quan.xlsx, lich-su.xlsx) into what the office knows, and faults in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import Answer, Asks
from thidua_xlsx.model.office import (
    APPRAISAL,
    CHOSEN,
    COLLECTIVE,
    CONFIRMATION,
    DECISIONS,
    EVERY,
    INDIVIDUAL,
    OFFICE_HEADERS,
    RECEPTION,
    REGISTER,
    REGISTER_HEADERS,
    YEARLY_INDEX,
    AwardGiven,
    Given,
    Office,
    Reception,
    Register,
)
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.reading import read_choice, read_date, read_integer, read_number
from thidua_xlsx.model.text import closest
from thidua_xlsx.stages.asking import question_answer
from thidua_xlsx.stages.collect import read_answer
from thidua_xlsx.stages.plain_table import PlainRow, plain_rows


def read_office(book: Book, file: str, plan: Plan, round_: Round) -> tuple[Office, tuple[Finding, ...]]:
    """Receptions, points and answers; a row that cannot be used is a finding and is left out."""
    findings: list[Finding] = []
    rows = {}
    for sheet, headers in OFFICE_HEADERS.items():
        found = plain_rows(book, file, sheet, headers)
        if found is None:
            findings.append(
                finding(
                    Code.OFFICE_VALUE_INVALID,
                    Place(file, sheet),
                    value=sheet,
                    detail="thiếu sheet hoặc thiếu cột; đổi tên tệp rồi chạy lại để chương trình lập tệp mới",
                )
            )
        rows[sheet] = list(found or ())
    receptions = tuple(_receptions(rows[RECEPTION], book.date1904, plan, findings))
    points = dict(_points(rows[APPRAISAL], plan, round_, findings))
    answers = dict(_answers(rows[CONFIRMATION], book.date1904, plan, round_, findings))
    return Office(receptions, points, answers), tuple(findings)


def _unit(row: PlainRow, plan: Plan, findings: list[Finding], every: bool = False) -> Unit | str | None:
    code = row.code("Đơn vị")
    if every and code == EVERY:
        return code
    unit = plan.unit(code)
    if unit is None:
        findings.append(_unknown_code(row, "Đơn vị", (item.code for item in plan.units)))
    return unit


def _unknown_code(row: PlainRow, header: str, known: Iterable[str]) -> Finding:
    """A code that the plan does not have, with the nearest one it has."""
    code = row.code(header)
    near = closest(code, list(known))
    suggestion = f", có phải là «{near}»" if near else ""
    return finding(Code.OFFICE_UNKNOWN_CODE, row.places[header], value=code, suggestion=suggestion)


def _invalid(row: PlainRow, header: str, detail: str) -> Finding:
    return finding(Code.OFFICE_VALUE_INVALID, row.places[header], value=row.text(header), detail=detail)


def _receptions(rows: list[PlainRow], date1904: bool, plan: Plan, findings: list[Finding]) -> Iterator[Reception]:
    for row in rows:
        unit = _unit(row, plan, findings) if row.code("Đơn vị") else None
        received = read_date(row.cells["Ngày nhận"], date1904)
        decision = read_choice(row.cells["Quyết định"], DECISIONS)
        if received.fault:
            findings.append(_invalid(row, "Ngày nhận", "phải là ngày/tháng/năm"))
        if decision.fault:
            findings.append(_invalid(row, "Quyết định", "chọn " + ", ".join(DECISIONS)))
        yield Reception(
            row.text("Tệp"),
            row.text("SHA-256").lower(),
            unit.code if isinstance(unit, Unit) else "",
            received.value if isinstance(received.value, date) else None,
            str(decision.value or ""),
            row.text("Lý do"),
            row.text("Người"),
            row.places["Ngày nhận"],
        )


def _points(
    rows: list[PlainRow], plan: Plan, round_: Round, findings: list[Finding]
) -> Iterator[tuple[tuple[str, str], Given]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not row.text("Điểm") and (row.cells["Điểm"] is None or row.cells["Điểm"].formula is None):
            continue
        unit = _unit(row, plan, findings)
        if not isinstance(unit, Unit):
            continue
        code = row.code("Mã")
        lines = {line.code: line.max for line in plan.criteria_of(round_, unit) if line.method}
        maximum = Decimal(100) if code.startswith(YEARLY_INDEX) else lines.get(code)
        if maximum is None:
            findings.append(_unknown_code(row, "Mã", lines))
            continue
        reading = read_number(row.cells["Điểm"], maximum)
        if not isinstance(reading.value, Decimal) or not 0 <= reading.value <= maximum:
            findings.append(_invalid(row, "Điểm", f"phải là số từ 0 đến {maximum}"))
            continue
        if _twice((unit.code, code), row, "Mã", seen, findings):
            continue
        yield (unit.code, code), Given(reading.value, row.text("Lý do"), row.places["Điểm"])


def _twice(
    key: tuple[str, ...],
    row: PlainRow,
    header: str,
    seen: dict[tuple[str, ...], int],
    findings: list[Finding],
) -> bool:
    first = seen.setdefault(key, row.row)
    if first != row.row:
        findings.append(finding(Code.OFFICE_TWICE, row.places[header], value=row.text(header), row=first))
    return first != row.row


def office_answers(plan: Plan, round_: Round, unit: Unit, subject: str) -> dict[str, Answer]:
    """What the office may answer about a unit or its persons: questions and indices, by code."""
    asked = {item.code: question_answer(plan, item, round_) for item in plan.questions_of(round_, unit, subject)}
    if subject == "individual":
        asked[CHOSEN] = Answer(Asks.YES_NO, "Tính người này ở đơn vị này")
    else:
        asked |= {
            item.code: Answer(Asks.NUMBER, item.name, minimum=Decimal(0), maximum=item.max)
            for item in plan.indices_of(round_, unit)
        }
    return asked


def _answers(
    rows: list[PlainRow], date1904: bool, plan: Plan, round_: Round, findings: list[Finding]
) -> Iterator[tuple[tuple[str, str, str], Given]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        cell = row.cells["Trả lời"]
        if not row.text("Trả lời") and (cell is None or cell.formula is None):
            continue
        unit = _unit(row, plan, findings, every=True)
        if unit is None:
            continue
        order, code = row.code("Thứ tự"), row.code("Mã")
        units = plan.units_of(round_) if isinstance(unit, str) else (unit,)
        asked: dict[str, Answer] = {}
        for one in units:
            asked |= office_answers(plan, round_, one, "individual" if order else "collective")
        answer = asked.get(code)
        if answer is None:
            findings.append(_unknown_code(row, "Mã", asked))
            continue
        reading = read_answer(cell, answer, date1904)
        if reading.value is None:
            allowed = ", ".join(answer.options) or answer.asks.value
            findings.append(_invalid(row, "Trả lời", f"phải là {allowed}"))
            continue
        key = (unit if isinstance(unit, str) else unit.code, order, code)
        if not _twice(key, row, "Mã", seen, findings):
            yield key, Given(reading.value, row.text("Lý do"), row.places["Trả lời"])


def read_register(book: Book, file: str) -> tuple[Register, tuple[Finding, ...]]:
    """The register's lines; one that cannot be used is a finding at its cell and is left out."""
    findings: list[Finding] = []
    rows = plain_rows(book, file, REGISTER, REGISTER_HEADERS)
    if rows is None:
        return Register(), (
            finding(
                Code.REGISTER_ROW_INVALID,
                Place(file, REGISTER),
                detail="thiếu sheet «Khen thưởng» hoặc thiếu cột",
            ),
        )
    awards = [made for row in rows if (made := _award(row, book.date1904, findings))]
    return Register(tuple(awards), True), tuple(findings)


def _award(row: PlainRow, date1904: bool, findings: list[Finding]) -> AwardGiven | None:
    year = read_integer(row.cells["Năm"], Decimal(9999)).value
    subject = read_choice(row.cells["Đối tượng"], (COLLECTIVE, INDIVIDUAL)).value
    birth, decided = (read_date(row.cells[header], date1904) for header in ("Ngày sinh", "Ngày"))
    faults = [
        ("Năm", not isinstance(year, Decimal) or not 1900 <= year <= 2200, "năm phải là số, ví dụ 2024"),
        ("Đối tượng", subject is None, "phải là Tập thể hoặc Cá nhân"),
        (
            "Ngày sinh",
            birth.fault is not None or (subject == INDIVIDUAL and birth.value is None),
            "cần ngày sinh của cá nhân",
        ),
        ("Họ và tên", subject == INDIVIDUAL and not row.text("Họ và tên"), "thiếu họ tên"),
        ("Mã đơn vị", subject == COLLECTIVE and not row.code("Mã đơn vị"), "thiếu mã đơn vị"),
        ("Hình thức", not row.text("Hình thức"), "thiếu hình thức khen thưởng"),
        ("Ngày", decided.fault is not None, "phải là ngày/tháng/năm"),
    ]
    wrong = [(header, detail) for header, bad, detail in faults if bad]
    for header, detail in wrong:
        findings.append(finding(Code.REGISTER_ROW_INVALID, row.places[header], value=row.text(header), detail=detail))
    if wrong or not isinstance(year, Decimal):
        return None
    return AwardGiven(
        int(year),
        row.code("Kế hoạch"),
        row.code("Đợt"),
        str(subject),
        row.code("Mã đơn vị"),
        row.text("Họ và tên"),
        birth.value if isinstance(birth.value, date) else None,
        row.text("Hình thức"),
        row.text("Số quyết định"),
        decided.value if isinstance(decided.value, date) else None,
        row.places["Năm"],
    )
