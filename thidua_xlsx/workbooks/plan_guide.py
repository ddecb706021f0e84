"""Turns the plan language into the first sheet of a plan workbook: what it is, how to edit it, what every key means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from thidua_xlsx.model.form import INSTRUCTIONS, LISTS
from thidua_xlsx.model.language import FACTS, METHODS, OPERATORS, TABLES, UNIT_PREFIX, Key
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.stages.plans.fact_names import TYPES
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.form.styles import BORDER, FIELD_FILL, HEADER_FILL, INK
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, print_on_a4, put

WIDTHS = (24, 22, 14, 72)
SIZE = 11
PADDING = 4.0


class Look(Enum):
    """What a line of the guide is."""

    TITLE = "title"
    SECTION = "section"
    PROSE = "prose"
    HEAD = "head"
    GROUP = "group"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the guide; a single text runs across the page, several stand in columns."""

    look: Look
    texts: tuple[str, ...]


EDITING = (
    "Mỗi sheet là một bảng, mỗi dòng là một mục, mỗi cột là một nội dung. Dòng 1 là tên cột, dòng 2 (chữ xám) là mã "
    "cột để chương trình nhận ra: không sửa, không xóa dòng 2. Dữ liệu ghi từ dòng 3.",
    "Cột có dấu * phải ghi ở mọi dòng. Các cột khác để trống là không quy định; để trống «Đợt xét», «Khối», "
    "«Đơn vị thực hiện» là áp dụng cho tất cả.",
    "Nhiều mã trong một ô thì cách nhau bằng dấu chấm phẩy: hang-nam; tong-ket. Ô có mũi tên thì chọn trong danh sách; "
    "ô cần nhiều mã thì gõ tay.",
    "Mã gõ đúng như đã khai báo. Mã là văn bản: 1.10 khác 1.1. Ngày ghi dạng ngày/tháng/năm. Không dùng công thức.",
    "Thêm dòng: ghi tiếp vào dòng trống dưới cùng. Bỏ dòng: xóa cả dòng. Được lọc, đổi độ rộng, đổi thứ tự các cột; "
    "không thêm cột hoặc sheet mới. Rê chuột vào tên cột để xem cách ghi.",
    "Thứ tự dòng ở «Số lượng» là thứ tự xét: dòng trên lấy người trước, người đã được lấy thì dòng dưới bỏ qua.",
)
CHECKING = (
    "Sau khi sửa, lưu lại dạng .xlsx rồi chạy: thidua plan check ke-hoach.xlsx. Chương trình nêu từng chỗ sai theo "
    "sheet và ô (ví dụ sheet Điều kiện, ô F7) kèm cách sửa; sửa hết mới phát hành phiếu và xét được.",
    "Chuyển sang dạng văn bản để lưu, so sánh: thidua plan convert ke-hoach.xlsx ke-hoach.toml. "
    "Trong một thư mục chỉ để một dạng.",
    "Sửa thang điểm, câu hỏi, nhiệm vụ, hồ sơ sau khi đã phát hành thì phải phát hành lại phiếu; "
    "sửa số lượng, điều kiện, thời hạn thì không.",
)
FACT_RULES = (
    "Cột «Dữ kiện», «Chỉ xét khi», «Thứ tự xét», «Chỉ xét người có» ghi một trong: mã câu hỏi, mã chỉ số, một đặc điểm "
    "của đơn vị (Có khi đơn vị mang đặc điểm đó), hoặc dữ kiện có sẵn dưới đây.",
    f"Với cá nhân, dữ kiện của đơn vị người đó ghi thêm «{UNIT_PREFIX}» ở trước: {UNIT_PREFIX}rank_in_block.",
)


def guide_lines(plan: Plan) -> Iterator[Line]:
    """The whole guide, top to bottom."""
    yield Line(Look.TITLE, (f"HƯỚNG DẪN SỬA KẾ HOẠCH: {plan.head.title}",))
    yield from _prose(
        "1. Sổ này là gì",
        (
            f"Đây là nội dung kế hoạch «{plan.head.id}» của {plan.head.authority} để chương trình thidua lập phiếu, "
            "chấm điểm, xét điều kiện và tổng hợp. Chương trình chỉ làm theo những gì ghi trong sổ này. "
            "Hai sheet «Hướng dẫn» và «Danh mục» không được đọc.",
        ),
    )
    yield from _prose("2. Cách sửa", EDITING)
    yield from _prose("3. Cách kiểm tra", CHECKING)
    yield from _sheets(plan)
    yield from _keys()
    yield from _facts()
    yield from _pairs("7. Phép so của điều kiện", ("Phép so", "Ý nghĩa"), OPERATORS)
    yield from _pairs("8. Cách tính điểm và tham số", ("Cách tính", "Cách tính điểm, «tham số»"), METHODS)


def _sheets(plan: Plan) -> Iterator[Line]:
    yield Line(Look.SECTION, ("4. Các sheet",))
    yield Line(Look.HEAD, ("Sheet", "Tên bảng", "Số dòng", "Nội dung"))
    for table in TABLES:
        yield Line(Look.ENTRY, (table.sheet, table.name, str(len(plan.table(table.name))), table.note))
    yield Line(Look.ENTRY, (LISTS, "", "", "Các giá trị được chọn và ý nghĩa."))


def _prose(title: str, paragraphs: tuple[str, ...]) -> Iterator[Line]:
    yield Line(Look.SECTION, (title,))
    for text in paragraphs:
        yield Line(Look.PROSE, (text,))


def _keys() -> Iterator[Line]:
    """Every key of every sheet, each closed value in words."""
    yield Line(Look.SECTION, ("5. Các cột của từng sheet",))
    for table in TABLES:
        yield Line(Look.GROUP, (f"Sheet «{table.sheet}»: {table.note}",))
        yield Line(Look.HEAD, ("Cột", "Mã cột", "Bắt buộc", "Ghi gì"))
        for key in table.keys:
            yield Line(Look.ENTRY, (key.heading, key.name, "*" if key.required else "", meaning(key)))


def meaning(key: Key) -> str:
    """What to write in a cell of this key: its note, its kind, its closed values one a line."""
    lists = "".join(f"\n• {value}: {means}" for value, means in key.options)
    return f"{key.note} ({key.holds.value[0].upper()}{key.holds.value[1:]}.){lists}"


def _facts() -> Iterator[Line]:
    yield from _prose("6. Dữ kiện có sẵn", FACT_RULES)
    yield Line(Look.HEAD, ("Dữ kiện", "Kiểu", "", "Ý nghĩa"))
    for name, (kind, means) in FACTS.items():
        yield Line(Look.ENTRY, (name, TYPES[kind], "", means))


def _pairs(title: str, heads: tuple[str, str], pairs: tuple[tuple[str, str], ...]) -> Iterator[Line]:
    yield Line(Look.SECTION, (title,))
    yield Line(Look.HEAD, (heads[0], heads[1], "", ""))
    for value, means in pairs:
        yield Line(Look.ENTRY, (value, means, "", ""))


def write_guide(work: OpenWorkbook, sheet: Any, plan: Plan) -> None:
    """The guide as a printed page, rows as high as their texts need."""
    for column, width in enumerate(WIDTHS):
        checked(sheet.set_column(column, column, width))
    sheet.hide_gridlines(2)
    for row, line in enumerate(guide_lines(plan), start=1):
        _write_line(work, sheet, row, line)
    print_on_a4(sheet, 0, landscape=False, left_mm=20, footer_left=INSTRUCTIONS)


LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {"bold": True, "font_size": 14, "font_color": INK, "text_wrap": True, "align": "left"},
    Look.SECTION: {"bold": True, "font_size": 12, "font_color": INK, "valign": "bottom"},
    Look.PROSE: {"font_size": SIZE, "text_wrap": True, "valign": "top", "align": "left"},
    Look.HEAD: {"bold": True, "font_size": SIZE, "bg_color": HEADER_FILL, "text_wrap": True, "align": "left", **BORDER},
    Look.GROUP: {"bold": True, "font_size": SIZE, "bg_color": FIELD_FILL, "text_wrap": True, "align": "left", **BORDER},
    Look.ENTRY: {"font_size": SIZE, "text_wrap": True, "valign": "top", "align": "left", **BORDER},
}


def _write_line(work: OpenWorkbook, sheet: Any, row: int, line: Line) -> None:
    look = LOOKS[line.look]
    fmt = work.format(num_format="@", **look)
    spans = _spans(line)
    size, bold = look["font_size"], bool(look.get("bold"))
    tallest = 1
    for (first, last), text in spans:
        if last > first:
            checked(sheet.merge_range(row - 1, first - 1, row - 1, last - 1, "", fmt))
        put(sheet, row, first, text, fmt)
        tallest = max(tallest, lines_of(text, sum(map(column_points, WIDTHS[first - 1 : last])), size, bold))
    extra = PADDING * 3 if line.look is Look.SECTION else PADDING
    checked(sheet.set_row(row - 1, tallest * line_points(size) + extra))


def _spans(line: Line) -> list[tuple[tuple[int, int], str]]:
    """Columns (from, to) of each text: alone across the page, of two the second to the end."""
    if len(line.texts) == 1:
        return [((1, len(WIDTHS)), line.texts[0])]
    if not any(line.texts[2:]):
        return [((1, 1), line.texts[0]), ((2, len(WIDTHS)), line.texts[1])]
    return [((number, number), text) for number, text in enumerate(line.texts, start=1)]
