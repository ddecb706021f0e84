"""What the reader says of a file, in words: why bytes are no workbook, and what it noticed in one that it read."""

from __future__ import annotations

from thidua_xlsx.model.findings import Code

# Two readers of one file do not see the same: nothing is wrong with it for certain, so that it is held, not rejected.
DISAGREEMENT = "F-READERS-DISAGREE"

REFUSALS = {
    "F-EMPTY": "tệp rỗng",
    "F-ZEROS": "tệp chỉ có số 0, thường do chép hoặc đồng bộ chưa xong",
    "F-TOO-BIG": "tệp quá lớn",
    "F-CHANGING": "tệp đang được ghi trong khi đọc",
    "F-UNREADABLE": "không mở được tệp",
    "F-TRUNCATED": "tệp bị cắt cụt, thường do tải hoặc chép chưa xong",
    "F-NOT-XLSX": "không phải tệp Excel",
    "F-XLS": "tệp Excel đời cũ (.xls)",
    "F-XLSB": "tệp Excel nhị phân (.xlsb)",
    "F-ODS": "tệp OpenDocument",
    "F-NUMBERS": "tệp Numbers của Apple",
    "F-HTML": "trang web lưu dưới tên Excel",
    "F-MHTML": "trang web lưu trữ",
    "F-XML2003": "tệp Excel XML 2003",
    "F-TEXT": "tệp văn bản hoặc CSV",
    "F-PDF": "tệp PDF",
    "F-IMAGE": "tệp ảnh",
    "F-OLE": "tệp Office đời cũ",
    "F-MAIL": "tệp thư",
    "F-MAIL-BAD": "thư bị hỏng",
    "F-MSG-BAD": "thư Outlook (.msg) bị hỏng",
    "F-MAIL-BOX": "hộp thư gồm nhiều thư trong một tệp",
    "F-MAIL-SEALED": "thư mã hóa hoặc ký số dạng kín (smime.p7m)",
    "F-MAIL-TNEF": "gói thư của Outlook (winmail.dat)",
    "F-MAIL-LINK": "tệp kèm theo chỉ là liên kết, nội dung không nằm trong thư",
    "F-ARCHIVE": "tệp nén (.rar, .7z hoặc loại khác)",
    "F-NESTED": "thư hoặc tệp nén lồng trong nhau quá nhiều lớp",
    "F-BUNDLE-BIG": "thư hoặc tệp nén quá lớn hoặc chứa quá nhiều tệp",
    "F-NOT-WORKBOOK": "tệp Office khác, không phải bảng tính",
    "F-ENCRYPTED": "tệp đặt mật khẩu mở",
    "F-MACRO": "tệp có macro (.xlsm)",
    "F-ZIP-BAD": "cấu trúc tệp bị hỏng",
    "F-ZIP-CRC": "nội dung tệp bị hỏng",
    "F-ZIP-DUP": "tệp chứa hai phần trùng tên",
    "F-ZIP-PATH": "tệp chứa đường dẫn nguy hiểm",
    "F-ZIP-RATIO": "tệp nén bất thường",
    "F-ZIP-MEMBERS": "tệp chứa quá nhiều phần",
    "F-ZIP-METHOD": "tệp dùng cách nén lạ",
    "F-ZIP64": "tệp dùng dạng nén cỡ lớn",
    "F-PART-MISSING": "tệp thiếu phần bắt buộc",
    "F-REL": "liên kết trong tệp sai",
    "F-SHEETS": "tệp có quá nhiều sheet",
    "S-SHEET-DUP": "tệp có hai sheet trùng tên",
    "F-XML-BAD": "nội dung XML bị hỏng",
    "F-XML-DTD": "nội dung XML có khai báo nguy hiểm",
    "F-XML-DEEP": "nội dung XML lồng quá sâu",
    "F-XML-ENC": "bảng mã của nội dung không dùng được",
    "F-XML-NS": "nội dung không phải của Excel",
    "F-CELL-REF": "địa chỉ ô trong tệp sai",
    "F-DUP-CELL": "một ô có hai nội dung",
    "F-SST": "bảng chữ dùng chung của tệp bị hỏng",
    "F-CELLS": "tệp có quá nhiều ô",
    "S-FAR-FORMAT": "tệp có quá nhiều ô, thường do định dạng cả cột hoặc cả sheet",
    "F-READ-TIMEOUT": "đọc tệp quá lâu",
    "F-READ-CRASH": "đọc tệp bị lỗi",
    DISAGREEMENT: "hai cách đọc cho kết quả khác nhau",
}

RESEND = "Yêu cầu đơn vị gửi lại phiếu dạng .xlsx."
SAVE_AS = "Yêu cầu đơn vị mở tệp bằng Excel, lưu thành (Save As) dạng .xlsx rồi gửi lại."
COPY_AGAIN = "Tải hoặc chép lại tệp vào thư mục nộp rồi chạy lại; vẫn lỗi thì yêu cầu đơn vị gửi lại."
CLOSE = "Đóng tệp, chờ chép hoặc đồng bộ xong, kiểm tra quyền đọc, rồi chạy lại."
TAKE_OUT = "Lấy phiếu .xlsx ở trong ra thư mục nộp rồi chạy lại."
SAVE_ATTACHED = (
    "Mở thư, lưu phiếu .xlsx kèm theo vào thư mục nộp rồi chạy lại; không mở được thì yêu cầu đơn vị gửi lại."
)
SAVE_AS_EML = (
    "Mở thư trong Outlook, chọn tệp đính kèm, Lưu tất cả (Save All Attachments) vào thư mục nộp; hoặc trong Outlook "
    "mới hay Outlook trên web chọn … > Tải xuống (Download) > Tải xuống dưới dạng EML; rồi chạy lại."
)
FILL_ISSUED = "Yêu cầu đơn vị chép câu trả lời vào phiếu đã phát hành rồi gửi lại."
# What to do where sending the form again, as .xlsx, is not the whole answer.
REMEDIES = {
    **dict.fromkeys(("F-EMPTY", "F-ZEROS", "F-TRUNCATED", "F-ZIP-CRC"), COPY_AGAIN),
    **dict.fromkeys(("F-CHANGING", "F-UNREADABLE"), CLOSE),
    **dict.fromkeys(("F-XLS", "F-XLSB", "F-ODS", "F-NUMBERS", "F-XML2003", "F-MACRO", "F-OLE"), SAVE_AS),
    **dict.fromkeys(("F-ARCHIVE", "F-MAIL"), TAKE_OUT),
    **dict.fromkeys(("F-TOO-BIG", "F-SHEETS", "F-CELLS", "S-FAR-FORMAT", "F-READ-TIMEOUT"), FILL_ISSUED),
    **dict.fromkeys(("F-NESTED", "F-BUNDLE-BIG"), TAKE_OUT),
    **dict.fromkeys(("F-MAIL-BAD", "F-MAIL-SEALED", "F-MAIL-TNEF", "F-MAIL-LINK"), SAVE_ATTACHED),
    "F-MSG-BAD": SAVE_AS_EML,
    "F-MAIL-BOX": "Lưu riêng từng thư thành tệp .eml vào thư mục nộp rồi chạy lại.",
    "F-ENCRYPTED": "Yêu cầu đơn vị bỏ mật khẩu mở tệp rồi gửi lại.",
    "S-SHEET-DUP": FILL_ISSUED,
}
# What the reader notices in a file that it can read, and people should know.
REMARKS = {
    "N-ONE-READER": Code.ONE_READER,
    "V-LONG": Code.TEXT_CUT,
    "V-CTRL": Code.CONTROL_CHARACTERS,
    "S-EXTLINK": Code.OUTSIDE_LINKS,
    "S-ACTIVE": Code.ACTIVE_CONTENT,
    "N-SIGNED": Code.SIGNED,
    "S-SHEET-KIND": Code.OTHER_SHEET_KIND,
}
# How the file was packed and spelled: every cell is read for certain, and nobody has anything to do.
UNTOLD = frozenset({"N-TRAILING", "N-STRICT", "N-ENC", "S-SHARED", "S-ORDER"})


def why_refused(code: str) -> str:
    """The sentence part for a refusal code; a code without words is our bug, told as a damaged file."""
    return f"{REFUSALS.get(code, 'tệp bị hỏng')} (mã {code})"


def remedy(code: str) -> str:
    """The next step after a refusal."""
    return REMEDIES.get(code, RESEND)
