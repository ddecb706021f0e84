"""Turns the awards given so far into the register that staff keep (lich-su.xlsx)."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, REGISTER, REGISTER_HEADERS, REGISTER_UNFILLED, AwardGiven
from thidua_xlsx.stages.office.register_rows import RegisterRows
from thidua_xlsx.workbooks.plain_sheet import Field, Guard, PlainSheet, Typed, choice, day, write_plain_sheet
from thidua_xlsx.workbooks.sheets import Value, open_workbook, put, reference

GUIDANCE = (
    "Mỗi dòng một lần khen. «Năm» là năm thành tích. Tập thể: ghi mã đơn vị. Cá nhân: ghi họ tên và ngày sinh như "
    "trong phiếu. Chương trình đếm số lần đã được khen từ sheet này; ghi thêm dòng ở dưới, không xóa dòng cũ."
)
UNFILLED = (
    f"{REGISTER_UNFILLED}: ghi các lần đã được khen mà kế hoạch xét đến, rồi xóa câu này; chưa ai được khen lần nào "
    "thì cũng xóa câu này. "
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
LISTS, OWN_WIDTH = "Danh mục", 24


def write_register(awards: Sequence[AwardGiven], *, unfilled: bool = False) -> bytes:
    """The register; an empty one says that nobody was given anything, unless it is marked ``unfilled``."""
    return extend_register(RegisterRows(unfilled=unfilled), awards)


def extend_register(kept: RegisterRows, awards: Sequence[AwardGiven]) -> bytes:
    """The register with its rows as they were typed, and the awards below them."""
    work = open_workbook(title="Sổ khen thưởng")
    fields = tuple(Field(header, WIDTHS[header], KINDS.get(header, "code")) for header in REGISTER_HEADERS)
    fields += tuple(Field(header, OWN_WIDTH) for header in kept.own_headers)
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
    rows: list[tuple[Typed, ...]] = [*kept.rows, *((*_row(item), *(None,) * len(kept.own_headers)) for item in awards)]
    guidance = UNFILLED + GUIDANCE if kept.unfilled else GUIDANCE
    write_plain_sheet(work, PlainSheet(REGISTER, "SỔ KHEN THƯỞNG", guidance, fields, rows, guards))
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
