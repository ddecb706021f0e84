"""Why bytes are no workbook, in words: the reader's refusal codes and what the sender should know."""

from __future__ import annotations

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
    "F-ARCHIVE": "tệp nén",
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


def why_refused(code: str) -> str:
    """The sentence part for a refusal code; a code without words is our bug, told as a damaged file."""
    return f"{REFUSALS.get(code, 'tệp bị hỏng')} (mã {code})"
