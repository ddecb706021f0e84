"""Turns the standing body's workbooks (co-quan.xlsx, lich-su.xlsx) into what the office knows, and faults in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import (
    APPRAISAL,
    COLLECTIVE,
    CONFIRMATION,
    DECISIONS,
    EVERY,
    INDIVIDUAL,
    OFFICE_HEADERS,
    OFFICE_OPTIONAL,
    OFFICE_SHOWN,
    RECEPTION,
    REGISTER,
    REGISTER_HEADERS,
    REGISTER_UNFILLED,
    WHEN,
    WHO,
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
from thidua_xlsx.stages.intake.read_answer import read_answer
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.plain_table import PlainRow, filled, plain_rows


def read_office(book: Book, file: str, plan: Plan, round_: Round) -> tuple[Office, tuple[Finding, ...]]:
    """Receptions, points and answers; a row that cannot be used is a finding and is left out."""
    findings: list[Finding] = []
    asked = OfficeAsked(plan, round_)
    rows = {}
    for sheet, headers in OFFICE_HEADERS.items():
        found = plain_rows(book, file, sheet, headers, (*OFFICE_OPTIONAL[sheet], OFFICE_SHOWN[sheet][0]))
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
    receptions = tuple(_receptions(rows[RECEPTION], book.date1904, asked, findings))
    points = dict(_points(rows[APPRAISAL], book.date1904, asked, findings))
    answers = dict(_answers(rows[CONFIRMATION], book.date1904, asked, findings))
    return Office(receptions, points, answers), tuple(findings)


def _unit(row: PlainRow, asked: OfficeAsked, findings: list[Finding], every: bool = False) -> Unit | str | None:
    code = row.code("Đơn vị")
    if every and code == EVERY:
        return code
    unit = asked.units.get(code)
    if unit is None:
        findings.append(_unknown_code(row, "Đơn vị", asked.units))
    return unit


def _unknown_code(row: PlainRow, header: str, known: Iterable[str]) -> Finding:
    """A code that the plan does not have, with the nearest one it has."""
    code = row.code(header)
    near = closest(code, list(known))
    suggestion = f", có phải là «{near}»" if near else ""
    return finding(Code.OFFICE_UNKNOWN_CODE, row.place(header), value=code, suggestion=suggestion)


def _invalid(row: PlainRow, header: str, detail: str) -> Finding:
    return finding(Code.OFFICE_VALUE_INVALID, row.place(header), value=row.text(header), detail=detail)


def _day(row: PlainRow, header: str, date1904: bool, findings: list[Finding]) -> date | None:
    """A day, where the sheet has such a column and something stands in it."""
    reading = read_date(row.cells.get(header), date1904)
    if reading.fault:
        findings.append(_invalid(row, header, "phải là ngày/tháng/năm"))
    return reading.value if isinstance(reading.value, date) else None


def _receptions(
    rows: list[PlainRow], date1904: bool, asked: OfficeAsked, findings: list[Finding]
) -> Iterator[Reception]:
    """The files of which something is said; a line that only names its file asks."""
    for row in rows:
        unit = _unit(row, asked, findings) if row.code("Đơn vị") else None
        received, noted = (_day(row, header, date1904, findings) for header in ("Ngày nhận", WHEN))
        decision = read_choice(row.cells["Quyết định"], DECISIONS)
        if decision.fault:
            findings.append(_invalid(row, "Quyết định", "chọn " + ", ".join(DECISIONS)))
        if not any(row.text(header) for header in OFFICE_HEADERS[RECEPTION] if header not in ("Tệp", "SHA-256")):
            continue
        yield Reception(
            row.text("Tệp"),
            row.text("SHA-256").lower(),
            unit.code if isinstance(unit, Unit) else "",
            received,
            str(decision.value or ""),
            row.text("Lý do"),
            row.text(WHO),
            row.place("Ngày nhận"),
            noted,
        )


def _points(
    rows: list[PlainRow], date1904: bool, asked: OfficeAsked, findings: list[Finding]
) -> Iterator[tuple[tuple[str, str], Given]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not filled(row.cells["Điểm"]):
            continue
        unit = _unit(row, asked, findings)
        if not isinstance(unit, Unit):
            continue
        code = row.code("Mã")
        maximum = asked.most_points(unit, code)
        if maximum is None:
            if code not in asked.other_rounds:
                findings.append(_unknown_code(row, "Mã", asked.lines(unit)))
            continue
        reading = read_number(row.cells["Điểm"], maximum)
        if not isinstance(reading.value, Decimal) or not 0 <= reading.value <= maximum:
            findings.append(_invalid(row, "Điểm", f"phải là số từ 0 đến {maximum}"))
            continue
        if not _twice((unit.code, code), row, "Mã", seen, findings):
            yield (unit.code, code), _given(row, "Điểm", reading.value, date1904, findings)


def _given(row: PlainRow, header: str, value: Decimal | str | date, date1904: bool, findings: list[Finding]) -> Given:
    on = _day(row, WHEN, date1904, findings)
    return Given(value, row.text("Lý do"), row.place(header), row.text(WHO), on)


def _twice(
    key: tuple[str, ...],
    row: PlainRow,
    header: str,
    seen: dict[tuple[str, ...], int],
    findings: list[Finding],
) -> bool:
    first = seen.setdefault(key, row.row)
    if first != row.row:
        findings.append(finding(Code.OFFICE_TWICE, row.place(header), value=row.text(header), row=first))
    return first != row.row


def _answers(
    rows: list[PlainRow], date1904: bool, asked: OfficeAsked, findings: list[Finding]
) -> Iterator[tuple[tuple[str, str, str], Given]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        cell = row.cells["Trả lời"]
        if not filled(cell):
            continue
        unit = _unit(row, asked, findings, every=True)
        if unit is None:
            continue
        order, code = row.code("Thứ tự"), row.code("Mã")
        about = asked.answers(unit if isinstance(unit, Unit) else None, "individual" if order else "collective")
        answer = about.get(code)
        if answer is None:
            if code not in asked.other_rounds:
                findings.append(_unknown_code(row, "Mã", about))
            continue
        reading = read_answer(cell, answer, date1904)
        if reading.value is None:
            allowed = ", ".join(answer.options) or answer.asks.value
            findings.append(_invalid(row, "Trả lời", f"phải là {allowed}"))
            continue
        key = (unit if isinstance(unit, str) else unit.code, order, code)
        if not _twice(key, row, "Mã", seen, findings):
            named = _person_named(row, unit) if order and isinstance(unit, Unit) else ""
            yield key, replace(_given(row, "Trả lời", reading.value, date1904, findings), about=named)


def _person_named(row: PlainRow, unit: Unit) -> str:
    """Whom the line named when it was answered, as ``office_answers`` writes it: "Trần Thị Hà (Văn phòng)"."""
    name, _, of = row.text(OFFICE_SHOWN[CONFIRMATION][0]).partition(f" ({unit.name}")
    return name if of == ")" else ""


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
    return Register(tuple(awards), bool(awards) or not _unfilled(book)), tuple(findings)


def _unfilled(book: Book) -> bool:
    """A register as ``new`` made it, in which nobody has said yet that there was no award."""
    return any(REGISTER_UNFILLED in cell.text for sheet in book.sheets for cell in sheet.cells.values())


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
        findings.append(finding(Code.REGISTER_ROW_INVALID, row.place(header), value=row.text(header), detail=detail))
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
        row.place("Năm"),
    )
