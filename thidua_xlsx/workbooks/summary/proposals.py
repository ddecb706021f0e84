"""Turns the proposals into the sheet ``Đề nghị khen thưởng``: lists by quota row, and the money (DOMAIN §1.3).

Ties stand in a part of their own with what they would cost, outside the sums: the council decides them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from thidua_xlsx.model.plan import Quota
from thidua_xlsx.model.results import Decision, Money, Outcome, Person, QuotaResult, RunResult
from thidua_xlsx.model.wording import date_text, in_words, money
from thidua_xlsx.workbooks.sheets import OpenWorkbook, Value, put_formula
from thidua_xlsx.workbooks.summary.looks import GROUP, PLAIN, PROSE, REMARK, SUBGROUP, TOTAL, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    block_name,
    capital,
    grouped,
    of_outcome,
    order_text,
    quota_text,
    quotas_of,
    roman,
    seat_order,
    seats_text,
)

NAME = "Đề nghị khen thưởng"
AMOUNT, AMOUNT_LETTER = 10, "J"
THOUSANDS = "#,##0"
PART = Look(bold=True, fill="#D9E2F0")
TIED = Look(fill="#FFF2CC")
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Tập thể, cá nhân", 24, number="2"),
    Column("Khối; chức vụ, đơn vị", 22, number="3"),
    Column("Hình thức khen thưởng", 14, number="4"),
    Column("Căn cứ", 9.5, Kind.CENTER, number="5"),
    Column("Giá trị xếp thứ tự", 13, number="6"),
    Column("Hệ số", 6.5, Kind.CENTER, "0.0#", "7"),
    Column("Lương cơ sở (đồng)", 10.5, Kind.NUMBER, THOUSANDS, "8"),
    Column("Thành tiền (đồng)", 10.5, Kind.NUMBER, THOUSANDS, "9=7×8"),
    Column("Mức thưởng, làm tròn lên 10.000 (đồng)", 12, Kind.NUMBER, THOUSANDS, "10"),
    Column("Ghi chú", 46, number="11"),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum row: where it stands, and its value."""

    row: int
    amount: int


def write_proposals(book: OpenWorkbook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG")
    page.header()
    sums = [_subject(page, result, letter, subject) for letter, subject in zip("AB", SUBJECTS, strict=True)]
    _total(page, sums)
    page.table_ends()
    _money_notes(page, result, sum(part.amount for part in sums))
    _ties(page, result)
    page.signatures()
    page.finish(result)


def of_quota(result: RunResult, decisions: Iterable[Decision], quota: Quota) -> list[Decision]:
    """The nominees of one quota row, best first."""
    found = (item for item in decisions if item.quota and item.quota.code == quota.code)
    return sorted(found, key=seat_order(result))


def _subject(page: Page, result: RunResult, letter: str, subject: str) -> Sum:
    """One part of the list, quota by quota, with its sum."""
    page.band(f"{letter}. {SUBJECTS[subject].upper()}", PART)
    proposed = of_outcome(result, subject, Outcome.PROPOSED)
    first, number = page.next, 0
    quotas = [quota for quota in quotas_of(result.plan, result.round) if quota.subject == subject]
    for place, quota in enumerate(quotas, start=1):
        state = next((item for item in result.quotas if item.quota.code == quota.code), None)
        page.band(f"{roman(place)}. {_quota_heading(result, quota, state)}", SUBGROUP)
        for item in of_quota(result, proposed, quota):
            number += 1
            page.row(_values(result, item, number), PLAIN, _whole(item))
        for sentence in _seats_left(state, quota):
            page.sentence(sentence, Look(italic=True))
    others = [item for item in proposed if item.quota is None or item.quota not in quotas]
    if others:
        page.band("Đề nghị khác", SUBGROUP)
    for item in others:
        number += 1
        page.row(_values(result, item, number), PLAIN, _whole(item))
    if not quotas:
        page.sentence(f"Đợt này không có số lượng khen thưởng cho {SUBJECTS[subject].lower()}.", Look(italic=True))
    return _sum(page, f"Cộng {SUBJECTS[subject].lower()}: {number}", proposed, first)


def _quota_heading(result: RunResult, quota: Quota, state: QuotaResult | None) -> str:
    default = " (thứ tự do cơ quan ấn định)" if state and state.default_order else ""
    order = "" if quota.binding == "open" else f"; xếp theo {order_text(result.plan, quota)}{default}"
    return f"{quota_text(result.plan, quota)}. Số lượng: {seats_text(quota)}; căn cứ {quota.clause}{order}"


def _seats_left(state: QuotaResult | None, quota: Quota) -> list[str]:
    """What the list itself does not show: ties, empty seats and why."""
    if state is None:
        return []
    sentences = []
    if state.tied:
        sentences.append(f"Có {state.tied} trường hợp đồng hạng cho {state.tied_seats} suất: xem mục C.")
    if state.note:
        sentences.append(f"{state.note.rstrip('.')}.")
    elif state.empty:
        sentences.append(f"Còn {state.empty} suất trống: không còn trường hợp nào đủ tiêu chuẩn.")
    if not sentences and not state.seated:
        sentences.append("Không có trường hợp nào được đề nghị." if quota.seats != 0 else "Không có suất.")
    return sentences


def _person_name(person: Person) -> str:
    born = f"\nsinh ngày {date_text(person.birth)}" if person.birth else ""
    return f"{person.title} {person.name}".strip() + born


def _who(result: RunResult, item: Decision) -> tuple[str, str]:
    unit, person = item.nominee.unit, item.nominee.person
    if person is None:
        return unit.name, block_name(result.plan, unit.block)
    return _person_name(person), ", ".join(part for part in (person.position, unit.name) if part)


def _values(result: RunResult, item: Decision, number: int) -> tuple[Value, ...]:
    name, where = _who(result, item)
    paid = item.money
    return (
        number,
        name,
        where,
        item.award or (item.quota.award if item.quota else ""),
        item.quota.clause if item.quota else "",
        "; ".join(item.order),
        paid.coefficient if paid else None,
        paid.base if paid else None,
        paid.exact if paid else None,
        paid.amount if paid else None,
        _remarks(item),
    )


def _whole(item: Decision, look: Look = PLAIN) -> dict[int, Look]:
    """Đồng have no decimals, save where coefficient times salary leaves some."""
    exact = item.money.exact if item.money else Decimal(0)
    return {} if exact == int(exact) else {9: replace(look, format="#,##0.00")}


def _remarks(item: Decision) -> str:
    own = list(item.remarks)
    if item.money and item.money.provisional:
        own.append("mức thưởng tạm tính")
    if item.money is None:
        own.append("kế hoạch chưa có mức thưởng")
    return capital("; ".join(own))


def _sum(page: Page, text: str, decisions: Sequence[Decision], first: int) -> Sum:
    amount = sum(item.money.amount for item in decisions if item.money)
    row = page.row(("", text, *[""] * 7, amount, ""), TOTAL)
    if row > first:
        _formula(page, row, f"=SUM({AMOUNT_LETTER}{first}:{AMOUNT_LETTER}{row - 1})", amount)
    return Sum(row, amount)


def _formula(page: Page, row: int, formula: str, amount: int) -> None:
    fmt = page.book.format(**TOTAL.props(Kind.NUMBER, THOUSANDS))
    put_formula(page.sheet, row, AMOUNT, formula, amount, fmt)


def _total(page: Page, sums: Sequence[Sum]) -> None:
    amount = sum(part.amount for part in sums)
    row = page.row(("", "Tổng cộng (A + B)", *[""] * 7, amount, ""), TOTAL)
    cells = ",".join(f"{AMOUNT_LETTER}{part.row}" for part in sums)
    _formula(page, row, f"=SUM({cells})", amount)


def _money_notes(page: Page, result: RunResult, amount: int) -> None:
    paid = [item.money for item in result.decisions if item.outcome is Outcome.PROPOSED and item.money]
    if not paid:
        page.sentence("Không có tiền thưởng để tính: kế hoạch chưa có mức thưởng, hoặc không có đề nghị nào.")
        return
    page.sentence(f"Bằng chữ: {in_words(amount)}.", Look(bold=True, italic=True, ruled=False))
    page.sentence(
        f"Căn cứ mức thưởng: {'; '.join(sorted({item.decree for item in paid}))}. Mức thưởng bằng hệ số nhân "
        "lương cơ sở tại ngày quyết định khen thưởng, làm tròn lên 10.000 đồng.",
        REMARK,
    )
    if any(item.provisional for item in paid):
        page.sentence(_provisional(paid), REMARK)


def _provisional(paid: Sequence[Money]) -> str:
    days = ", ".join(sorted({date_text(item.on) for item in paid if item.provisional}))
    return (
        f"Số tiền là tạm tính theo ngày {days}, vì kế hoạch chưa ghi ngày quyết định khen thưởng; "
        "tính lại khi có ngày quyết định."
    )


def _ties(page: Page, result: RunResult) -> None:
    tied = [item for subject in SUBJECTS for item in of_outcome(result, subject, Outcome.TIED)]
    page.gap()
    page.band("C. ĐỒNG HẠNG, HỘI ĐỒNG QUYẾT ĐỊNH", PART)
    if not tied:
        page.sentence("Không có trường hợp đồng hạng.", PROSE)
        return
    for code, items in grouped(
        sorted(tied, key=seat_order(result)), lambda item: item.quota.code if item.quota else ""
    ).items():
        state = next((item for item in result.quotas if item.quota.code == code), None)
        seats = f"chọn {state.tied_seats} trong {state.tied}" if state else f"{len(items)} trường hợp"
        quota = items[0].quota
        page.band(f"{quota_text(result.plan, quota) if quota else ''}: {seats}", GROUP)
        for number, item in enumerate(items, start=1):
            page.row(_values(result, item, number), TIED, _whole(item, TIED))
    cost = {money(item.money.amount) for item in tied if item.money}
    if cost:
        page.sentence(f"Mỗi trường hợp được chọn thêm vào tổng số tiền: {', '.join(sorted(cost))}.", REMARK)
