"""Turns the persons nominated into the sheet ``Cá nhân``: everyone, unit by unit, with the outcome."""

from __future__ import annotations

from thidua_xlsx.model.results import Decision, Outcome, Reason, RunResult
from thidua_xlsx.workbooks.sheets import DATE_FORMAT, Value
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import OUTCOMES, PLAIN, PROSE, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.reasons import message_of
from thidua_xlsx.workbooks.summary.words import named, of_outcome, quota_text

NAME = "Cá nhân"
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Đơn vị", 26, number="2"),
    Column("Thứ tự ưu tiên", 7, Kind.CENTER, "0", "3"),
    Column("Ông/ Bà", 6, Kind.CENTER, number="4"),
    Column("Họ và tên", 23, number="5"),
    Column("Ngày sinh", 11, Kind.CENTER, DATE_FORMAT, "6"),
    Column("Chức vụ", 16, number="7"),
    Column("Bộ phận", 15, number="8"),
    Column("Kết quả xét", 15, number="9"),
    Column("Suất khen thưởng", 19, number="10"),
    Column("Lý do, ghi chú", 34, number="11"),
)


def write_people(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "DANH SÁCH CÁ NHÂN ĐƯỢC ĐƠN VỊ ĐỀ NGHỊ")
    page.header(frozen_columns=5)
    people = of_outcome(result, "individual", *Outcome)
    for number, item in enumerate(people, start=1):
        page.row(_values(result, item, number), PLAIN, {9: OUTCOMES.get(item.outcome, PLAIN)})
    page.table_ends()
    page.sentence(_counts(people), PROSE)
    page.signatures()
    page.finish(result)


def _counts(people: list[Decision]) -> str:
    if not people:
        return "Không có cá nhân nào được đơn vị đề nghị."
    counts = [(outcome, sum(item.outcome is outcome for item in people)) for outcome in Outcome]
    parts = "; ".join(f"{outcome.value.lower()}: {count}" for outcome, count in counts if count)
    return f"Tổng số {len(people)} người. Trong đó {parts}."


def _values(result: RunResult, item: Decision, number: int) -> tuple[Value, ...]:
    person = item.nominee.person
    assert person is not None  # of_outcome(…, "individual") gives people only
    return (
        number,
        item.nominee.unit.name,
        person.order,
        person.title,
        person.name,
        person.birth,
        person.position,
        person.section,
        item.outcome.value,
        quota_text(result.plan, item.quota) if item.quota else "",
        _why(item),
    )


def _fault(item: Decision, reason: Reason) -> str:
    """A standard alone would read as praise or as an accusation: what is wrong with it comes first."""
    words = {Outcome.INELIGIBLE: "Không đạt", Outcome.UNPROVEN: "Chưa rõ"}.get(item.outcome)
    if words is None:
        return message_of(item, reason)
    seen = f" (thực tế: {reason.observed})" if reason.observed else ""
    return f"{words}{seen}: {message_of(item, reason)}"


def _why(item: Decision) -> str:
    messages = list(dict.fromkeys(_fault(item, reason).rstrip(".") for reason in item.reasons))
    return "; ".join(part for part in (named(messages, 2, "lý do"), *item.remarks) if part)
