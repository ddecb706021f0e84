"""Turns the catalogue of findings into a printed guide: every code with its severity, what it says, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from thidua_xlsx.model.findings import AREAS, Code, Severity
from thidua_xlsx.model.refusals import REFUSALS, remedy
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, open_workbook, print_on_a4, put

CATALOGUE = "danh-muc-phat-hien.xlsx"
SHEET = "Danh mục phát hiện"
HEADERS = ("Mã", "Tên", "Mức độ", "Nội dung", "Việc cần làm")
WIDTHS = (33, 24, 11, 52, 52)
SEVERITIES = {
    Severity.ERROR: "Lỗi",
    Severity.WARNING: "Cảnh báo",
    Severity.NOTE: "Ghi chú",
}
FILES = "Tệp không đọc được, theo mã đọc tệp"
GUIDANCE = (
    "Mã và tên phát hiện đứng ở sheet «Phiếu nhận» của tong-hop.xlsx. Lỗi: phiếu (hoặc dòng của một người) chưa hợp lệ "
    "cho đến khi sửa. Cảnh báo: trình Hội đồng xem xét. Ghi chú: chỉ để biết. "
    "Chữ trong ngoặc […] thay đổi theo từng phiếu."
)
SIZE, HEADER_ROW, INDENT = 12, 4, 9.0
# What stands in the place of a detail that only a real finding has.
BLANKS = {
    "label": "[tên ô]", "row": "[mã hoặc số dòng]", "sheet": "[tên sheet]", "options": "[danh sách]",
    "suggestion": "[, có phải là …]", "low": "[ngày đầu]", "high": "[ngày cuối]", "maximum": "[điểm tối đa]",
    "minimum": "[điểm tối thiểu]", "step": "[bước]", "limit": "[số]", "order": "[số]", "read": "[giá trị đã đọc]",
    "claimed": "[điểm]", "computed": "[điểm]", "received": "[ngày nhận]", "deadline": "[thời hạn]",
    "detail": "[chi tiết]", "remedy": f"[việc cần làm: xem phần «{FILES}»]", "where": "[nơi]", "stamp": "[mã phiếu]",
    "stamps": "[các mã phiếu]", "named": "[mã đơn vị]", "others": "[các tệp]", "other": "[tên]", "reason": "[lý do]",
    "office": "[câu trả lời]", "value": "[giá trị]", "rows": "[các mã tiêu chí]", "table": "[tên bảng]",
    "key": "[tên cột]", "holds": "[loại giá trị]", "total": "[số]", "block": "[mã khối]", "round": "[mã đợt]",
    "stated": "[số]", "typed": "[đang ghi …]", "unit_name": "[tên đơn vị]",
    "why": "[lý do]",
    "now": "[họ và tên]", "count": "[số]", "dated": "[; căn cứ ngày nhận]", "what": "[nội dung]", "fact": "[dữ kiện]",
    "paragraph": "[nội dung đoạn]", "field": "[tên trường]", "lists": "[các danh sách]",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One code as people look it up."""

    code: str
    title: str
    severity: str
    said: str
    to_do: str


def parts(sentence: str) -> tuple[str, str]:
    """What was found, and what to do: the first sentence, and the rest."""
    said, _, to_do = re.sub(r"\{(\w+)\}", lambda found: BLANKS.get(found[1], "[…]"), sentence).partition(". ")
    return f"{said.rstrip('.')}.", to_do


def areas() -> Iterator[tuple[str, list[Line]]]:
    """The parts of the catalogue in their order, the refusals of the reader last."""
    lines: list[Line] = []
    for code in Code:
        if code in AREAS:
            lines = []
            yield AREAS[code], lines
        lines.append(Line(code.name, code.title, SEVERITIES[code.severity], *parts(code.sentence)))
    severity = SEVERITIES[Code.NOT_A_WORKBOOK.severity]
    yield (
        FILES,
        [
            Line(code, Code.NOT_A_WORKBOOK.title, severity, f"{words[0].upper()}{words[1:]}.", remedy(code))
            for code, words in REFUSALS.items()
        ],
    )


def catalogue_bytes() -> bytes:
    """The workbook, on paper as on the screen."""
    work = open_workbook(title="Danh mục phát hiện", subject="Mã, mức độ, nội dung và việc cần làm")
    sheet = work.add_sheet(SHEET)
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    _head(work, sheet)
    row = HEADER_ROW + 1
    # Parts fill while the generator goes on to the next.
    for title, lines in list(areas()):
        for column in range(1, len(HEADERS) + 1):
            put(sheet, row, column, title if column == 1 else None, work.format(bold=True, bg_color="#EDEDED"))
        row += 1
        for line in lines:
            _line(work, sheet, row, line)
            row += 1
    sheet.freeze_panes(HEADER_ROW, 1)
    checked(sheet.autofilter(HEADER_ROW - 1, 0, row - 2, len(HEADERS) - 1))
    print_on_a4(sheet, HEADER_ROW, left_mm=20)
    return work.close()


def _head(work: OpenWorkbook, sheet: Any) -> None:
    room = column_points(sum(WIDTHS))
    look = work.format(italic=True, text_wrap=True)
    put(sheet, 1, 1, "DANH MỤC PHÁT HIỆN", work.format(bold=True, font_size=14))
    checked(sheet.merge_range(1, 0, 1, len(HEADERS) - 1, "", look))
    put(sheet, 2, 1, GUIDANCE, look)
    checked(sheet.set_row(1, lines_of(GUIDANCE, room, SIZE) * line_points(SIZE) + 4))
    heading = work.format(bold=True, text_wrap=True, align="center", bg_color="#D9E2F0", border=1)
    for column, header in enumerate(HEADERS, start=1):
        put(sheet, HEADER_ROW, column, header, heading)


def _line(work: OpenWorkbook, sheet: Any, row: int, line: Line) -> None:
    text = work.format(text_wrap=True, border=1, valign="top", align="left", indent=1)
    small = work.format(text_wrap=True, border=1, valign="top", align="left", indent=1, font_size=9)
    bold = work.format(text_wrap=True, border=1, valign="top", align="left", indent=1, bold=True)
    values = (line.code, line.title, line.severity, line.said, line.to_do)
    for column, (value, look) in enumerate(zip(values, (small, bold, text, text, text), strict=True), start=1):
        put(sheet, row, column, value, look)
    tallest = max(
        lines_of(value, column_points(width) - INDENT, SIZE, look is bold)
        for value, width, look in zip(values[1:], WIDTHS[1:], (bold, text, text, text), strict=True)
    )
    checked(sheet.set_row(row - 1, tallest * line_points(SIZE) + 4))
