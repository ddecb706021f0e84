"""Turns our wording of the five papers into the Word templates that ship; staff change them in Word, not here."""

from __future__ import annotations

from collections.abc import Callable

from thidua_xlsx.papers.drawing import CENTER, RIGHT, Column, Drawing, Part
from thidua_xlsx.papers.field_names import LIST_MEANINGS, LISTS, SINGLE
from thidua_xlsx.papers.words import DOTS, SHORT_DOTS, day_in_words
from thidua_xlsx.papers.write import GUIDE

COUNCIL = "Hội đồng Thi đua - Khen thưởng"
UNDATED = f"{{địa danh}}, {day_in_words(None)}"
NUMBERED = f"{SHORT_DOTS}/TTr-{SHORT_DOTS}"
GOES_WITH = f"(Kèm theo Tờ trình số {NUMBERED} {day_in_words(None)})"
HEAD_OF_OFFICE = [("Thủ trưởng đơn vị", "bc"), ("(Ký, ghi rõ họ tên, đóng dấu)", "i")]

STT = Column("STT", 13, "stt", CENTER)
AWARD = Column("Hình thức khen thưởng", 38, "hình thức")
VOTES = Column("Kết quả phiếu", 28, "kết quả phiếu", CENTER)
NOTE = Column("Ghi chú", 30, "ghi chú")


def submission() -> bytes:
    """Tờ trình: counts in the text, and the lists attached on a page of their own (DOMAIN 4.3, layout 1)."""
    made = Drawing("Tờ trình đề nghị khen thưởng")
    made.text(("{mẫu tờ trình: nội dung}", "i"), align=RIGHT, size=12)
    made.letterhead("{cơ quan hai dòng}", "{cơ quan thường trực}", (UNDATED,), f"Số: {NUMBERED}")
    made.title("Tờ trình", "Về việc đề nghị khen thưởng tập thể, cá nhân có thành tích trong {phong trào}")
    made.text("Kính gửi: {người có thẩm quyền}.", align=CENTER, after=10)
    clause = f"điểm {SHORT_DOTS}, khoản {SHORT_DOTS}, Điều {SHORT_DOTS}"
    for basis in (
        f"Luật Thi đua, khen thưởng ngày {DOTS} ({clause});",
        "{nghị định: nội dung};",
        f"{{kế hoạch}} (số {DOTS}, ngày {DOTS});",
        f"Biên bản họp {COUNCIL} {{ngày họp}},",
    ):
        made.text((f"Căn cứ {basis}", "i"))
    made.text(
        "{cơ quan thường trực} kính trình {người có thẩm quyền} xem xét, quyết định khen thưởng cho ",
        ("{số tập thể} tập thể", "b"), " và ", ("{số cá nhân} cá nhân", "b"),
        " có thành tích trong {phong trào}, loại hình khen thưởng: {loại hình}, cụ thể như sau (danh sách kèm theo):",
    )  # fmt: skip
    made.text(("1. Tập thể: {số tập thể} tập thể.", "b"), keep=True)
    made.text("- {hình thức tập thể: tên}: {hình thức tập thể: số} tập thể;")
    made.text(("2. Cá nhân: {số cá nhân} cá nhân.", "b"), keep=True)
    made.text("- {hình thức cá nhân: tên}: {hình thức cá nhân: số} cá nhân;")
    made.text("3. Tiền thưởng: ", ("{tổng tiền} đồng", "b"), " {tạm tính}. Bằng chữ: {tổng tiền bằng chữ}.")
    made.text(
        f"{COUNCIL} đã họp {{ngày họp}}, xét {{số được xét}} trường hợp và đề nghị khen thưởng {{số được khen}} "
        "trường hợp nêu trên."
    )
    made.text("Lưu ý: {lưu ý: nội dung}")
    made.text(
        "{cơ quan thường trực} cam kết các tập thể, cá nhân được đề nghị chấp hành tốt chủ trương của Đảng, chính "
        "sách, pháp luật của Nhà nước, và chịu trách nhiệm trước pháp luật về tính chính xác của hồ sơ trình khen "
        "thưởng."
    )
    made.text("Hồ sơ gửi kèm:", keep=True)
    made.text("- Danh sách tập thể, cá nhân đề nghị khen thưởng;")
    made.text("- {hồ sơ: nội dung};")
    made.text(f"Liên hệ khi cần trao đổi: {DOTS} (điện thoại {DOTS}).")
    made.text("{cơ quan thường trực} kính trình {người có thẩm quyền} xem xét, quyết định./.", keep=True)
    received = [("Nơi nhận:", "bi"), ("- Như trên;", ""), (f"- {DOTS};", ""), (f"- Lưu: VT, {SHORT_DOTS}.", "")]
    made.signatures(received, HEAD_OF_OFFICE, 11)
    made.title("Danh sách đề nghị khen thưởng", note=GOES_WITH, new_page=True)
    made.text(("I. TẬP THỂ: {số tập thể}", "b"), indent=False, keep=True)
    made.table([STT, Column("Tập thể", 75, "tên"), Column("Khối", 45, "khối"), AWARD], [Part("tập thể")])
    made.text(("II. CÁ NHÂN: {số cá nhân}", "b"), indent=False, keep=True, before=10)
    made.table(
        [STT, Column("Ông/Bà", 15, "danh xưng", CENTER), Column("Họ và tên", 42, "tên"), *_post(36, 48), AWARD],
        [Part("cá nhân")],
    )
    return made.bytes()


def _post(position: float, unit: float) -> tuple[Column, Column]:
    return Column("Chức vụ", position, "chức vụ"), Column("Đơn vị công tác", unit, "đơn vị")


def minutes() -> bytes:
    """Biên bản: who was there, how each case was voted, what was concluded (NĐ 30/2020/NĐ-CP, mẫu 1.9)."""
    made = Drawing("Biên bản họp Hội đồng")
    made.letterhead("{cơ quan hai dòng}", "Hội đồng\nThi đua - Khen thưởng", (), f"Số: {SHORT_DOTS}/BB-{SHORT_DOTS}")
    made.title("Biên bản", "{nội dung họp}", "({đợt})")
    made.text(("I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN", "b"), keep=True)
    made.text(f"1. Thời gian bắt đầu: {SHORT_DOTS} giờ {SHORT_DOTS}, {{ngày họp}}.")
    made.text("2. Địa điểm: {địa điểm họp}.")
    made.text("3. Chủ trì: {người chủ trì}. Thư ký: {thư ký}.")
    made.text(
        "4. Tổng số thành viên Hội đồng: {tổng số thành viên}; có mặt: {số có mặt}; vắng mặt: {số vắng mặt} "
        f"(họ tên, lý do: {DOTS}; gửi ý kiến bằng văn bản: {SHORT_DOTS})."
    )
    made.text(f"5. Thành viên dự họp (họ tên, chức vụ): {DOTS}{DOTS}{DOTS}")
    made.text(("II. NỘI DUNG", "b"), keep=True)
    made.text(
        "1. {cơ quan thường trực} báo cáo kết quả tổng hợp, thẩm định, xếp hạng và các trường hợp trình Hội đồng theo "
        "{kế hoạch}."
    )
    made.text(f"2. Ý kiến thảo luận: {DOTS}{DOTS}{DOTS}")
    made.text("3. Hội đồng xét {số được xét} trường hợp, kết quả bỏ phiếu và quyết định như sau:", keep=True)
    made.table(
        [
            Column("STT", 11, "stt", CENTER),
            Column("Tập thể, cá nhân", 45, "tên"),
            Column("Kết quả xét", 22, "kết quả xét"),
            Column("Đồng ý", 13, "đồng ý", CENTER),
            Column("Không đồng ý", 14, "không đồng ý", CENTER),
            Column("Tỷ lệ phiếu", 20, "tỷ lệ", CENTER),
            Column("Quyết định", 17, "quyết định"),
            Column("Ý kiến", 23, "ý kiến"),
        ],
        [Part("tập thể được xét", "A. Tập thể"), Part("cá nhân được xét", "B. Cá nhân")],
        size=11,
    )
    made.text("{tỷ lệ phiếu: nội dung}", before=6)
    made.text(("III. KẾT LUẬN", "b"), keep=True, before=6)
    made.text(
        "1. Hội đồng thống nhất đề nghị {người có thẩm quyền} khen thưởng ", ("{số tập thể} tập thể", "b"), " và ",
        ("{số cá nhân} cá nhân", "b"), "; không khen thưởng {số không khen} trường hợp.",
    )  # fmt: skip
    made.text("- {khác đề nghị: nội dung}.")
    made.text("- Lưu ý: {lưu ý: nội dung}")
    made.text("2. Giao {cơ quan thường trực} hoàn thiện hồ sơ, trình {người có thẩm quyền} quyết định.")
    made.text(
        f"Cuộc họp kết thúc vào {SHORT_DOTS} giờ {SHORT_DOTS} cùng ngày. Biên bản đã được thông qua tại cuộc họp./.",
        keep=True,
    )
    made.signatures([("Thư ký", "bc"), ("(Ký, ghi rõ họ tên)", "i")], [("Chủ trì", "bc"), ("(Ký, ghi rõ họ tên)", "i")])
    made.text(("Nơi nhận: ", "bi"), ("thành viên Hội đồng; lưu: VT, hồ sơ.", ""), size=11, indent=False)
    made.text(("Căn cứ: {lần chạy}", "i"), size=10, indent=False)
    return made.bytes()


def collectives() -> bytes:
    """Danh sách tập thể (DOMAIN 4.3, layout 2)."""
    made = _list("Danh sách tập thể đề nghị khen thưởng")
    name, block = Column("Tên tập thể", 70, "tên"), Column("Khối", 40, "khối")
    order, clause = Column("Giá trị xếp thứ tự", 34, "giá trị xếp"), Column("Căn cứ", 20, "căn cứ", CENTER)
    made.table([STT, name, block, order, AWARD, clause, VOTES, NOTE], [Part("tập thể")])
    made.text(("Tổng số: {số tập thể} tập thể.", "b"), indent=False, before=6, keep=True)
    _compiled(made)
    return made.bytes()


def individuals() -> bytes:
    """Danh sách cá nhân (DOMAIN 4.3, layout 2)."""
    made = _list("Danh sách cá nhân đề nghị khen thưởng")
    title, name = Column("Ông/Bà", 14, "danh xưng", CENTER), Column("Họ và tên", 42, "tên")
    born = Column("Ngày sinh", 24, "ngày sinh", CENTER)
    made.table([STT, title, name, born, *_post(32, 50), AWARD, VOTES, NOTE], [Part("cá nhân")])
    made.text(("Tổng số: {số cá nhân} cá nhân.", "b"), indent=False, before=6, keep=True)
    _compiled(made)
    return made.bytes()


def _list(title: str) -> Drawing:
    made = Drawing(title, landscape=True)
    made.letterhead("{cơ quan hai dòng}", "{cơ quan thường trực}", (UNDATED,))
    made.title(title, "{phong trào}", note=GOES_WITH)
    return made


def _compiled(made: Drawing) -> None:
    made.signatures([("Người lập biểu", "bc"), ("(Ký, ghi rõ họ tên)", "i")], HEAD_OF_OFFICE)


def money() -> bytes:
    """Bảng tính tiền thưởng: coefficient × base salary, rounded, summed, in words (DOMAIN 1.3; 4.3, layout 5)."""
    made = Drawing("Bảng tính tiền thưởng", landscape=True)
    made.letterhead("{cơ quan hai dòng}", "{cơ quan thường trực}", (UNDATED,))
    made.title(
        "Bảng tính tiền thưởng", "{phong trào} {tạm tính}",
        note="(Kèm theo Quyết định số {số quyết định} {ngày quyết định} của {người có thẩm quyền})",
    )  # fmt: skip
    columns = [
        STT,
        Column("Tập thể, cá nhân", 66, "tên và đơn vị"),
        Column("Hình thức khen thưởng", 42, "hình thức"),
        Column("Hệ số", 16, "hệ số", CENTER),
        Column("Lương cơ sở (đồng)", 26, "lương cơ sở", RIGHT),
        Column("Hệ số × lương cơ sở (đồng)", 28, "thành tiền", RIGHT),
        Column("Mức thưởng, làm tròn lên 10.000 (đồng)", 32, "mức thưởng", RIGHT),
        Column("Ký nhận", 26, ""),
        Column("Ghi chú", 30, "ghi chú"),
    ]

    def sums(label: str, field: str) -> tuple[str, ...]:
        return ("", label, "", "", "", "", field, "", "")

    made.table(
        columns,
        [
            Part("tập thể", "I. Tập thể", sums("Cộng: {số tập thể} tập thể", "{tiền tập thể}")),
            Part("cá nhân", "II. Cá nhân", sums("Cộng: {số cá nhân} cá nhân", "{tiền cá nhân}")),
        ],
        sums("Tổng cộng", "{tổng tiền}"),
    )
    made.text(("Tổng số tiền bằng chữ {tạm tính}: {tổng tiền bằng chữ}.", "bi"), indent=False, before=6, keep=True)
    made.text("Căn cứ mức thưởng: {căn cứ tiền thưởng: nội dung}.", size=12, indent=False, after=3, keep=True)
    made.text(("{lưu ý tiền thưởng: nội dung}", "i"), size=12, indent=False, after=3, keep=True)
    made.signatures([("Người lập biểu", "bc"), ("(Ký, ghi rõ họ tên)", "i")], HEAD_OF_OFFICE)
    return made.bytes()


def guide() -> bytes:
    """Every field with its meaning, for whoever edits a template."""
    made = Drawing("Các trường của mẫu văn bản")
    made.title("Các trường của mẫu văn bản", "Dùng khi sửa các tệp .docx trong cùng thư mục bằng Word")
    for line in (
        "Chữ trong ngoặc nhọn là trường, chương trình thay bằng nội dung của đợt xét. Mọi chữ khác, định dạng, bảng, "
        "đầu trang giữ nguyên như trong mẫu: sửa, thêm, bớt tùy cơ quan.",
        "Trường của danh sách có dấu hai chấm, ví dụ {tập thể: tên}. Dòng bảng có trường của danh sách được lặp lại "
        "cho từng trường hợp; ngoài bảng thì cả đoạn được lặp lại. Một dòng hoặc một đoạn chỉ dùng một danh sách.",
        "Nội dung chưa ai ghi (số, ngày, người chủ trì …) hiện thành dấu ………… để điền tay.",
        "Thêm một tệp .docx khác vào thư mục này thì có thêm một văn bản. Tên trường không phân biệt chữ hoa, "
        "chữ thường.",
        "Xóa một mẫu thì lần sau chương trình dùng mẫu có sẵn. Tệp hướng dẫn này không phải là mẫu.",
    ):
        made.text(line)
    made.listing("Trường dùng ở mọi chỗ", [(f"{{{name}}}", meaning) for name, meaning in SINGLE.items()])
    for group, columns in LISTS.items():
        rows = [(f"{{{group}: {name}}}", meaning) for name, meaning in columns.items()]
        made.listing(f"{{{group}: …}} – {LIST_MEANINGS[group]}", rows)
    return made.bytes()


DRAWN: dict[str, Callable[[], bytes]] = {
    "to-trinh.docx": submission,
    "bien-ban.docx": minutes,
    "danh-sach-tap-the.docx": collectives,
    "danh-sach-ca-nhan.docx": individuals,
    "tien-thuong.docx": money,
    GUIDE: guide,
}
