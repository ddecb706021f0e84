"""Turns how a round stands into ``tinh-trang.xlsx``: one row a unit, then the files that nobody can place."""

from __future__ import annotations

from thidua_xlsx.model.status import RoundStatus, State, UnitStatus
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.intake.deadlines import deadline_text
from thidua_xlsx.workbooks.sheets import Value, open_workbook
from thidua_xlsx.workbooks.summary.looks import CENTERED_BOLD, CENTERED_ITALIC, PROSE, TITLE, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page

UNITS_NAME, FILES_NAME = "Tình trạng", "Tệp cần xem"
UNIT_COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0"),
    Column("Mã", 12),
    Column("Đơn vị", 32),
    Column("Khối", 20),
    Column("Tình trạng", 18),
    Column("Số lỗi", 6, Kind.CENTER, "0"),
    Column("Ngày nhận", 12, Kind.CENTER, "dd/mm/yyyy"),
    Column("Nộp muộn", 9, Kind.CENTER),
    Column("Việc cần làm", 23),
    Column("Liên hệ", 36),
)
FILE_COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0"),
    Column("Tệp", 46),
    Column("Tình trạng", 28),
    Column("Lý do, việc cần làm", 72),
)
LOOKS = {
    State.VALID: Look(fill="#E2F0D9"),
    State.FAULTY: Look(bold=True, fill="#F8CBAD"),
    State.HELD: Look(bold=True, fill="#FFF2CC"),
    State.UNUSABLE: Look(bold=True, fill="#F8CBAD"),
    State.NOT_RETURNED: Look(bold=True, fill="#FCE4D6"),
}
STATE_COLUMN = 5
REWRITTEN = "Tệp này được lập lại mỗi lần xem tình trạng; không ghi thêm vào đây."


def write_status(status: RoundStatus) -> bytes:
    """The workbook; the same status gives the same bytes."""
    work = open_workbook(title="Tình trạng nộp phiếu")
    page = Page(work, UNITS_NAME, UNIT_COLUMNS)
    _head(page, status, "TÌNH TRẠNG NỘP PHIẾU")
    page.header(frozen_columns=3)
    for number, item in enumerate(status.units, start=1):
        page.row(_unit_row(status, item, number), looks={STATE_COLUMN: LOOKS[item.state]})
    page.table_ends()
    _close(page, status)
    if status.stray or status.new or status.gone:
        _files(Page(work, FILES_NAME, FILE_COLUMNS), status)
    return work.close()


def counts_text(status: RoundStatus) -> str:
    """«14 đơn vị: 9 đã nộp, hợp lệ; 2 chưa nộp; trong đó 1 nộp muộn»."""
    parts = [f"{status.counts[state]} {state.label.lower()}" for state in State if status.counts[state]]
    late = sum(item.late is True for item in status.units)
    told = f"{len(status.units)} đơn vị: {'; '.join(parts)}"
    return f"{told}. Nộp muộn: {late}" if late else told


def days_text(status: RoundStatus) -> str:
    """How long there is left."""
    days = status.days_left
    if days is None:
        return "kế hoạch chưa ghi thời hạn"
    if days == 0:
        return "hôm nay là ngày cuối"
    return f"còn {days} ngày" if days > 0 else f"đã quá hạn {-days} ngày"


def basis_text(status: RoundStatus) -> str:
    """What the rows rest on, and whether anything has come since."""
    if status.run is None:
        return "Chưa tổng hợp lần nào; số liệu đọc thẳng từ thư mục nộp phiếu."
    told = [f"Theo lần tổng hợp {status.run}"]
    told += [f"{len(status.new)} tệp mới chưa tổng hợp"] if status.new else []
    told += [f"{len(status.gone)} tệp đã tổng hợp nay không còn trong thư mục nộp"] if status.gone else []
    told += [f"danh sách đơn vị đã đổi ({', '.join(status.replanned)})"] if status.replanned else []
    return "; ".join(told) + ("." if len(told) > 1 else "; từ đó không có tệp mới.")


def to_do(status: RoundStatus, item: UnitStatus) -> str:
    """What the office does next about one unit."""
    if item.state is State.FAULTY:
        return "Gửi phiếu phản hồi để đơn vị sửa" if item.feedback or status.run is None else "Xem sheet «Phiếu nhận»"
    if item.state is State.HELD:
        return "Xác nhận đơn vị, ngày nhận ở «Tiếp nhận»"
    if item.state is State.UNUSABLE:
        return "Gửi đơn vị phiếu mới để điền lại"
    if item.state is State.NOT_RETURNED:
        return "Nhắc nộp" if item.issued else "Phát hành phiếu"
    return "Ghi ngày nhận ở «Tiếp nhận»" if item.late is None else ""


def _head(page: Page, status: RoundStatus, title: str) -> None:
    page.band(title, TITLE)
    page.band(status.plan.head.title, CENTERED_BOLD)
    page.band(f"{status.round.name}; ngày {date_text(status.today)}", CENTERED_ITALIC)
    page.gap()
    page.sentence(f"{counts_text(status)}.")
    page.sentence(f"Thời hạn: {deadline_text(status.round)}; {days_text(status)}.")
    page.sentence(f"{basis_text(status)} {REWRITTEN}", PROSE)
    page.gap()


def _unit_row(status: RoundStatus, item: UnitStatus, number: int) -> tuple[Value, ...]:
    unit = item.unit
    block = next((block.name for block in status.plan.blocks if block.code == unit.block), unit.block)
    returned = item.state in (State.VALID, State.FAULTY)
    late = "" if not returned else {True: "Muộn", False: "Không", None: "Chưa rõ"}[item.late]
    return (
        number,
        unit.code,
        unit.name,
        block,
        item.state.label,
        item.errors or None,
        item.received,
        late,
        to_do(status, item),
        "\n".join(text for text in (unit.email, unit.contact) if text),
    )


def _files(page: Page, status: RoundStatus) -> None:
    _head(page, status, "TỆP CẦN XEM TRONG THƯ MỤC NỘP")
    page.header()
    rows = [(item.name, item.verdict.label, item.why) for item in status.stray]
    rows += [(name, "Tệp mới", "Chưa tổng hợp. Tổng hợp lại.") for name in status.new]
    rows += [(name, "Không còn", "Lần tổng hợp trước có tệp này. Xem có ai xóa nhầm không.") for name in status.gone]
    for number, row in enumerate(rows, start=1):
        page.row((number, *row))
    page.table_ends()
    _close(page, status)


def _close(page: Page, status: RoundStatus) -> None:
    page.close(f"Tình trạng ngày {date_text(status.today)}")
