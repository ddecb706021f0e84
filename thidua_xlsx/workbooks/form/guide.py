"""Turns a form's layout into its first page: who sends it, by when, the five steps, and how to type."""

from __future__ import annotations

from typing import Any

from thidua_xlsx.model.form import INSTRUCTIONS, SELF_CHECK, Asks, FormLayout
from thidua_xlsx.workbooks.fit import column_points
from thidua_xlsx.workbooks.form.answer_sheet import INDENT_POINTS, height, write_head
from thidua_xlsx.workbooks.form.styles import HEADER_FILL, LINK, MISSING_FILL, REQUIRED_EDGE, Styles
from thidua_xlsx.workbooks.sheets import checked, put, put_link, reference

WIDTHS = [26, 68]
TOP = 4
STRONG = ("Đơn vị điền phiếu", "Thời hạn")
Lines = list[tuple[str, str]]

TYPING: Lines = [
    ("Số", "Gõ 8,5. Máy báo sai thì gõ 8.5. Không gõ dấu ngăn cách hàng nghìn, không gõ kèm chữ «điểm»."),
    ("Phần trăm", "Gõ 97,5 cho 97,5 %; không gõ dấu %."),
    (
        "Ngày",
        "Gõ ngày/tháng/năm: 05/12/2025. Máy báo sai thì gõ 2025-12-05. Gõ xong nhìn lại xem ngày và "
        "tháng có bị đổi chỗ không.",
    ),
    ("Có mũi tên cạnh ô", "Bấm mũi tên và chọn; không gõ câu trả lời khác."),
    ("Không phát sinh", "Gõ số 0. Ô để trống nghĩa là chưa trả lời."),
    ("Dán từ tệp khác", "Bấm chuột phải, chọn Dán giá trị (Paste Values). Không đặt công thức trong ô trả lời."),
]


def this_form(layout: FormLayout) -> Lines:
    lines = [
        ("Đơn vị điền phiếu", layout.unit_name),
        ("Người liên hệ của đơn vị", layout.contact),
        ("Cơ quan phát động", layout.authority),
        ("Đợt xét", layout.round_name),
        ("Gửi phiếu về", layout.standing_body),
        ("Thời hạn", layout.deadline_text),
    ]
    return [(label, text) for label, text in lines if text]


def whom_to_ask(layout: FormLayout) -> tuple[str, str]:
    told = "Khi hỏi, nêu tên đơn vị, tên sheet và địa chỉ ô, ví dụ: "
    return layout.standing_body, f"{told}{layout.unit_name}, sheet {layout.sheets[0].name}, ô C6."


def lines_of_the_unit(layout: FormLayout) -> list[tuple[str, str, bool]]:
    """(label, text, whether bold) of the lines that say something of this unit alone."""
    first, second, *_ = this_form(layout)
    own = [first, second] if layout.contact else [first]
    return [(label, text, label in STRONG) for label, text in own] + [(*whom_to_ask(layout), False)]


def steps(layout: FormLayout) -> Lines:
    return [
        (
            "Bước 1",
            "Lưu tệp này vào máy rồi mở bằng Excel. Giữ nguyên tên sheet, dòng tiêu đề, cột mã và "
            "dòng chữ nhỏ màu xám ở đầu mỗi sheet: đó là mã của phiếu.",
        ),
        ("Bước 2", "Điền lần lượt các sheet từ trái sang phải. Chỉ điền vào ô có màu; ô in sẵn đã khóa."),
        ("Bước 3", f"Mở sheet «{SELF_CHECK}»: còn ô bắt buộc chưa điền thì bấm tên sheet để quay lại điền."),
        (
            "Bước 4",
            "Lưu lại (Ctrl + S), giữ dạng .xlsx. Cần trình duyệt trên giấy thì in: các sheet đã đặt sẵn khổ A4.",
        ),
        (
            "Bước 5",
            f"Gửi tệp Excel này về {layout.standing_body}, {layout.deadline_text}. Không gửi ảnh chụp "
            "hay bản PDF thay cho tệp. Gửi rồi mới thấy sai thì sửa ngay trong tệp này và gửi lại.",
        ),
    ]


def sheets(layout: FormLayout) -> Lines:
    return [
        *((sheet.name, sheet.guidance) for sheet in layout.sheets),
        (SELF_CHECK, "Tự đếm ô bắt buộc còn trống của từng sheet. Không phải điền."),
    ]


def legend(styles: Styles, corrected: bool) -> list[tuple[str, Any, str]]:
    """Each colour beside what it means, in the very format of the cells."""
    missing = styles.text(bg_color=MISSING_FILL, left=5, left_color=REQUIRED_EDGE)
    found = [
        ("chưa điền", missing, "Ô bắt buộc, chưa điền. Điền xong ô chuyển sang màu vàng."),
        ("đã điền", styles.answer(Asks.TEXT, True), "Ô bắt buộc, đã điền. Vạch đậm bên trái: ô bắt buộc."),
        ("nếu có", styles.answer(Asks.REMARK, False), "Ô điền nếu có: tài liệu, giải trình, ghi chú …"),
        ("in sẵn", styles.text(), "Ô in sẵn, ô trống không màu và ô tổng: đã khóa, không phải điền."),
    ]
    if corrected:
        found += [
            ("phải sửa", styles.answer(Asks.TEXT, True, True), "Ô phải sửa. Để chuột lên ô để đọc cần làm gì."),
            ("xem lại", styles.answer(Asks.TEXT, True, False), "Ô nên xem lại; đúng rồi thì để nguyên."),
        ]
    return found


def line_height(label: str, text: str, strong: bool) -> float:
    """How high a line of the guide is."""
    rooms = [column_points(width) - INDENT_POINTS for width in WIDTHS]
    return height([(label, rooms[0], True), (text, rooms[1], strong)])


class Page:
    """The guide in the making, written from the top down."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, TOP

    def heading(self, text: str) -> None:
        """A gap and a bar across both columns."""
        checked(self.sheet.set_row(self.row - 1, 9))
        checked(self.sheet.set_row(self.row, 20))
        bar = {"bold": True, "bg_color": HEADER_FILL, "text_wrap": False}
        put(self.sheet, self.row + 1, 1, text, self.styles.plain(right=0, **bar))
        put(self.sheet, self.row + 1, 2, None, self.styles.plain(left=0, **bar))
        self.row += 2

    def line(self, label: str, text: str, label_look: Any = None, strong: bool = False, target: str = "") -> None:
        """One line; with a target its label links there."""
        look = label_look or self.styles.text(bold=True)
        if target:
            put_link(self.sheet, self.row, 1, target, label, look)
        else:
            put(self.sheet, self.row, 1, label, look)
        put(self.sheet, self.row, 2, text, self.styles.text(bold=True) if strong else self.styles.text())
        checked(self.sheet.set_row(self.row - 1, line_height(label, text, strong)))
        self.row += 1

    def block(self, heading: str, lines: Lines) -> None:
        self.heading(heading)
        for label, text in lines:
            self.line(label, text)


def write_guide(sheet: Any, styles: Styles, layout: FormLayout, corrected: bool) -> None:
    """The whole page; it prints on one sheet of paper."""
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    title = f"{INSTRUCTIONS.upper()} ĐIỀN PHIẾU"
    write_head(sheet, styles, title, layout.plan_title, str(layout.stamp), WIDTHS)
    page = Page(sheet, styles)
    page.heading("PHIẾU NÀY")
    for label, text in this_form(layout):
        page.line(label, text, strong=label in STRONG)
    page.block("NĂM BƯỚC", steps(layout))
    page.heading("MÀU CỦA Ô")
    for label, look, text in legend(styles, corrected):
        page.line(label, text, look)
    page.block("CÁCH GÕ", TYPING)
    page.heading("CÁC SHEET (bấm tên để mở)")
    for name, text in sheets(layout):
        page.line(name, text, styles.text(**LINK), target=reference(name, "A1"))
    page.block("CẦN HỎI", [whom_to_ask(layout)])
