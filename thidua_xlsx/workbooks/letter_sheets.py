"""Turns letters and the log of what was sent into sheets that staff look through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from thidua_xlsx.model.letters import Letters, Posting, State
from thidua_xlsx.workbooks.plain_sheet import Field, PlainSheet, write_plain_sheet
from thidua_xlsx.workbooks.sheets import Value, open_workbook

INDEX_HEADERS = ("Mã", "Đơn vị", "Địa chỉ", "Tiêu đề", "Tệp kèm theo", "Tình trạng")
_INDEX_WIDTHS = (12, 34, 30, 40, 28, 34)
LOG_HEADERS = (
    "Thời điểm",
    "Loại thư",
    "Đợt",
    "Mã",
    "Đơn vị",
    "Địa chỉ",
    "Tiêu đề",
    "Tệp kèm theo",
    "Kết quả",
    "Máy chủ trả lời",
)
_LOG_WIDTHS = (18, 12, 12, 12, 30, 28, 34, 24, 18, 34)


def write_index(letters: Letters, drafts: Mapping[str, str]) -> bytes:
    """One row a unit: its draft by file name, or why there is none."""
    rows: list[tuple[Value, ...]] = [
        (
            item.unit,
            item.to.name,
            item.to.address,
            item.subject,
            item.attachment.name if item.attachment else "",
            f"Thư nháp: {drafts[item.unit]}",
        )
        for item in letters.ready
    ]
    rows += [(item.unit, item.name, "", "", "", f"Không có thư. {item.reason}") for item in letters.missing]
    guidance = "Mở từng tệp .eml bằng Outlook hoặc Thunderbird, xem lại rồi bấm Gửi. Mỗi đơn vị một thư."
    return _shown("Danh sách thư", f"DANH SÁCH THƯ – {letters.kind.label.upper()}", guidance,
                  INDEX_HEADERS, _INDEX_WIDTHS, rows)  # fmt: skip


def write_log(postings: Iterable[Posting], kinds: Mapping[str, str]) -> bytes:
    """What became of each letter, oldest first: the last word of the log on each attempt. ``kinds``: labels by slug."""
    last: dict[str, Posting] = {}
    for item in postings:
        last[f"{item.key} {item.message_id}"] = item
    rows: list[tuple[Value, ...]] = [
        (
            f"{item.at[8:10]}/{item.at[5:7]}/{item.at[:4]} {item.at[11:19]}",
            kinds.get(item.kind, item.kind),
            item.round,
            item.unit,
            item.name,
            item.address,
            item.subject,
            item.attachment,
            item.state.label,
            item.reply,
        )
        for item in sorted(last.values(), key=lambda item: item.at)
    ]
    guidance = (
        f"«{State.ACCEPTED.label}» chưa có nghĩa là đã đến nơi: thư bị trả lại về hộp thư người gửi. "
        "Sheet này lập từ nhật ký, mỗi lần gửi lập lại; sửa ở đây không có tác dụng."
    )
    return _shown("Nhật ký gửi thư", "NHẬT KÝ GỬI THƯ", guidance, LOG_HEADERS, _LOG_WIDTHS, rows)


def _shown(
    name: str,
    title: str,
    guidance: str,
    headers: tuple[str, ...],
    widths: tuple[int, ...],
    rows: list[tuple[Value, ...]],
) -> bytes:
    fields = tuple(Field(header, width, "shown") for header, width in zip(headers, widths, strict=True))
    work = open_workbook(title=name)
    write_plain_sheet(work, PlainSheet(name, title, guidance, fields, rows))
    return work.close()
