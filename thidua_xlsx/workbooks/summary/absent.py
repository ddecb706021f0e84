"""Turns units that sent nothing, and changes since another result, into the sheets ``Chưa nộp`` and ``Thay đổi``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from thidua_xlsx.model.plan import Unit
from thidua_xlsx.model.results import RunResult, Verdict
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import PROSE, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import block_name, unit_order

MISSING_NAME, CHANGES_NAME = "Chưa nộp", "Thay đổi"
MISSING_COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Đơn vị", 36, number="2"),
    Column("Khối", 20, number="3"),
    Column("Người đứng đầu", 24, number="4"),
    Column("Người liên hệ", 26, number="5"),
    Column("Thư điện tử", 28, number="6"),
    Column("Tệp đã thấy", 30, number="7"),
)
CHANGES_COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Thay đổi", 24, number="2"),
    Column("Đối tượng", 44, number="3"),
    Column("Trước đây", 42, number="4"),
    Column("Lần này", 42, number="5"),
)
# Which result is the earlier one: the newest that was another, so that both are true of a run repeated by mistake.
FIRST_RUN = "Đợt này chưa có kết quả tổng hợp nào khác trước đây để so sánh."
NO_CHANGE = "Kết quả xét, điểm, chỉ số và hạng không thay đổi so với kết quả tổng hợp trước đây."


def write_missing(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, MISSING_NAME, MISSING_COLUMNS)
    page.letterhead(result, "ĐƠN VỊ CHƯA NỘP PHIẾU")
    page.sentence(_deadline(result), PROSE)
    if result.missing:
        page.header()
        seen = _seen_of(result)
        for number, unit in enumerate(sorted(result.missing, key=unit_order), start=1):
            page.row(_missing_values(result, unit, number, seen.get(unit.code, ())))
        page.table_ends()
    else:
        page.sentence("Không có đơn vị nào chưa nộp phiếu.", PROSE)
    page.signatures()
    page.finish(result)


def _deadline(result: RunResult) -> str:
    total = len(result.plan.units_of(result.round))
    counts = f"Chưa nộp {len(result.missing)} trong tổng số {total} đơn vị."
    deadline = result.round.deadline
    if deadline is None:
        return f"{counts} Kế hoạch không quy định thời hạn nộp."
    words = "chậm nhất ngày" if result.round.inclusive else "trước ngày"
    return f"{counts} Thời hạn nộp: {words} {date_text(deadline)}."


def _seen_of(result: RunResult) -> Mapping[str, Sequence[str]]:
    """By unit the files that do not count, and why."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in sorted(result.files, key=lambda item: (item.path, item.member or "")):
        if item.unit and item.verdict is not Verdict.ACCEPTED:
            found[item.unit].append(f"{item.path}: {item.label.lower()}")
    return found


def _missing_values(result: RunResult, unit: Unit, number: int, seen: Sequence[str]) -> tuple[Value, ...]:
    return (
        number,
        unit.name,
        block_name(result.plan, unit.block),
        unit.head,
        unit.contact,
        unit.email,
        "\n".join(seen) or "Không có tệp nào",
    )


def write_changes(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, CHANGES_NAME, CHANGES_COLUMNS)
    page.letterhead(result, "THAY ĐỔI SO VỚI KẾT QUẢ TỔNG HỢP TRƯỚC ĐÂY")
    if result.changes:
        page.header()
        for number, change in enumerate(result.changes, start=1):
            page.row((number, change.kind, change.subject, change.before, change.after))
        page.table_ends()
    else:
        page.sentence(FIRST_RUN if result.first_run else NO_CHANGE, PROSE)
    page.signatures()
    page.finish(result)
