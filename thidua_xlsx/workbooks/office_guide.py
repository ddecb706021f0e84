"""Turns a round into the first page of the office's workbook: what each sheet is for and how to type into it."""

from __future__ import annotations

from thidua_xlsx.model.office import APPRAISAL, CONFIRMATION, RECEPTION
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.stages.intake.deadlines import deadline_text
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, print_on_a4, put

GUIDE = "Hướng dẫn"
WIDTHS = (24, 72)
FIRST_LINE = 4

ABOUT = {
    RECEPTION: (
        "Mỗi dòng một tệp trong thư mục nộp; cột cuối nói việc cần quyết định. Ghi «Ngày nhận» theo sổ công văn hoặc "
        "ngày nhận thư: chỉ căn cứ này mới xác định "
        "nộp đúng hạn hay muộn. «Quyết định» chỉ ghi khi cần: Nhận (nhận phiếu nộp muộn), Tính bản này (đơn vị gửi "
        "nhiều bản, lấy bản này), Không nhận; khi ghi thì ghi cả «Lý do», «Người», «Ngày». «Đơn vị» chỉ ghi khi xác "
        "minh được tệp là phiếu của đơn vị đó."
    ),
    APPRAISAL: (
        "Điểm cơ quan thường trực chấm, cạnh điểm đơn vị tự chấm và điểm tính từ số liệu. Ô «Điểm» màu cam là điểm chỉ "
        "cơ quan thường trực chấm được; chưa nhập thì đơn vị chưa có chỉ số. Ở dòng khác chỉ ghi khi thẩm định khác; "
        "điểm thẩm định thay cho điểm tính, và phải có «Lý do» (ô màu cam khi còn thiếu), nên ghi cả «Người», «Ngày»."
    ),
    CONFIRMATION: (
        "Trả lời hoặc xác nhận các điều kiện; để trống là chưa xác nhận. Dòng có đơn vị «*» trả lời một lần cho mọi "
        "đơn vị (mọi người được đề nghị); đơn vị nào khác thì ghi ở dòng của đơn vị đó. «Thứ tự» để trống là tập thể, "
        "có số là cá nhân ở thứ tự đó trong phiếu. Trả lời khác «Đơn vị trả lời» thì tính theo cơ quan thường trực: "
        "ghi «Lý do», «Người», «Ngày»."
    ),
}
THIS_FILE = (
    "Sổ làm việc của {body} cho đợt «{round}». Chương trình đọc tệp này mỗi lần chạy, rồi thêm dòng cho tệp, đơn vị, "
    "người mới; nội dung đã ghi giữ nguyên từng ô, và bản trước được lưu cạnh tệp này với ngày chạy trong tên."
)
COLOURS = (
    "Ô màu vàng là ô ghi, màu cam là ô còn thiếu. Cột chữ nghiêng ở bên phải chỉ để dễ đọc, chương trình không đọc. "
    "Có thể thêm cột riêng ở bên phải, có tên ở dòng tiêu đề; sắp xếp và lọc tùy ý."
)
TYPING = (
    "Số gõ 8,5. Ngày gõ ngày/tháng/năm. Mã đơn vị, mã tiêu chí, mã câu hỏi xem ở sheet «Danh mục». Không đổi tên sheet "
    "và dòng tiêu đề. Ghi xong thì lưu, đóng tệp, rồi chạy lại chương trình."
)


def write_guide(work: OpenWorkbook, plan: Plan, round_: Round) -> None:
    """The whole page; it prints on one sheet of paper."""
    sheet = work.add_sheet(GUIDE)
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    room = column_points(sum(WIDTHS))
    put(sheet, 1, 1, "SỔ CỦA CƠ QUAN THƯỜNG TRỰC", work.format(bold=True, font_size=14))
    title = work.format(italic=True, text_wrap=True)
    checked(sheet.merge_range(1, 0, 1, 1, "", title))
    put(sheet, 2, 1, plan.head.title, title)
    checked(sheet.set_row(1, lines_of(plan.head.title, room, 12) * line_points(12) + 4))
    label, text = (work.format(text_wrap=True, border=1, valign="top", bold=bold) for bold in (True, False))
    deadline = deadline_text(round_)
    lines = [
        ("Tệp này", THIS_FILE.format(body=plan.head.standing_body, round=round_.name)),
        ("Thời hạn nộp phiếu", f"{deadline[0].upper()}{deadline[1:]}."),
        *ABOUT.items(),
        ("Màu của ô", COLOURS),
        ("Cách gõ", TYPING),
    ]
    for row, (name, words) in enumerate(lines, start=FIRST_LINE):
        put(sheet, row, 1, name, label)
        put(sheet, row, 2, words, text)
        checked(sheet.set_row(row - 1, lines_of(words, column_points(WIDTHS[1]), 12) * line_points(12) + 6))
    print_on_a4(sheet, 0, landscape=False, columns=2)
