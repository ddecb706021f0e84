"""Turns the awards given so far into the register that staff keep (lich-su.xlsx)."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, REGISTER, REGISTER_HEADERS, AwardGiven
from thidua_xlsx.workbooks.plain_sheet import Field, Guard, PlainSheet, choice, day, write_plain_sheet
from thidua_xlsx.workbooks.sheets import Value, open_workbook, put, reference

GUIDANCE = (
    "Mỗi dòng một lần khen. «Năm» là năm thành tích. Tập thể: ghi mã đơn vị. Cá nhân: ghi họ tên và ngày sinh như "
    "trong phiếu. Chương trình đếm số lần đã được khen từ sheet này; ghi thêm dòng ở dưới, không xóa dòng cũ."
)
WIDTHS = {
    "Hình thức": 40,
    "Họ và tên": 34,
    "Ngày sinh": 13,
    "Số quyết định": 20,
    "Kế hoạch": 22,
    "Ngày": 13,
    "Mã đơn vị": 14,
    "Đối tượng": 12,
    "Đợt": 12,
    "Năm": 8,
}
KINDS = {"Năm": "number", "Ngày sinh": "date", "Ngày": "date", "Họ và tên": "text", "Hình thức": "text"}
LISTS = "Danh mục"


def write_register(awards: Sequence[AwardGiven]) -> bytes:
    """The register; an empty one still says that nobody was given anything."""
    work = open_workbook(title="Sổ khen thưởng")
    fields = tuple(Field(header, WIDTHS[header], KINDS.get(header, "code")) for header in REGISTER_HEADERS)
    year = {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1900,
        "maximum": 2200,
        "error_message": "Gõ năm bằng bốn chữ số, ví dụ 2024.",
    }
    guards = (
        Guard("Năm", year),
        Guard("Đối tượng", choice(reference(LISTS, "$A$1:$A$2"), f"Chọn {COLLECTIVE} hoặc {INDIVIDUAL}.")),
        Guard("Ngày sinh", day()),
        Guard("Ngày", day()),
    )
    rows = [_row(item) for item in awards]
    write_plain_sheet(work, PlainSheet(REGISTER, "SỔ KHEN THƯỞNG", GUIDANCE, fields, rows, guards))
    lists = work.add_sheet(LISTS)
    for row, word in enumerate((COLLECTIVE, INDIVIDUAL), start=1):
        put(lists, row, 1, word)
    lists.hide()
    return work.close()


def _row(item: AwardGiven) -> tuple[Value, ...]:
    return (
        item.year,
        item.plan,
        item.round,
        item.subject,
        item.unit,
        item.name,
        item.birth,
        item.award,
        item.number,
        item.decided,
    )
