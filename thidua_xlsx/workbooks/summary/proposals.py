"""Turns the proposals into the sheet ``Đề nghị khen thưởng``: lists by quota row, in which the council votes.

Proposed collectives and persons, ties with the candidates side by side, and reserves: every one of them has exactly
one row with its code and the council's cells (``model/council.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from thidua_xlsx.model.council import BALLOT_CODE, COUNCIL_SHEET, ballot_code
from thidua_xlsx.model.plan import Quota
from thidua_xlsx.model.results import Decision, Outcome, QuotaResult, RunResult
from thidua_xlsx.model.wording import date_text, in_words, money
from thidua_xlsx.workbooks.sheets import Value, put, put_formula
from thidua_xlsx.workbooks.summary import reasons, scores
from thidua_xlsx.workbooks.summary.ballots import (
    BALLOT_COLUMNS,
    COUNT_LOOK,
    LEAST_POINTS,
    SEAT_LEFT,
    SEATS_GIVEN,
    Ballots,
    counting_rule,
)
from thidua_xlsx.workbooks.summary.footnotes import Footnotes
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import PLAIN, PROSE, REMARK, SUBGROUP, TOTAL, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.prizes import write_prizes
from thidua_xlsx.workbooks.summary.session import write_session
from thidua_xlsx.workbooks.summary.ties import write_comparison
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    block_name,
    grouped,
    of_outcome,
    order_text,
    quota_text,
    quotas_of,
    seat_names,
    seat_order,
    seats_text,
)

NAME = COUNCIL_SHEET
SEAT, NOMINEE, AMOUNT = "Suất", "Tập thể, cá nhân", "Tiền thưởng (đồng)"
THOUSANDS = "#,##0"
PART = Look(bold=True, fill="#D9E2F0")
TIED = Look(fill="#FFF2CC")
MARK = Look(size=9, ruled=False, align="right", color="#7F7F7F")
OWN_COLUMNS = (
    Column("STT", 4.5, Kind.CENTER, "0"),
    Column(SEAT, 6.5, Kind.CENTER),
    Column(BALLOT_CODE, 10.5),
    Column(NOMINEE, 23),
    Column("Khối; chức vụ, đơn vị", 19),
    Column("Giá trị xếp thứ tự", 13),
    Column(AMOUNT, 10, Kind.NUMBER, THOUSANDS),
    Column("Lưu ý", 12),
)
# No row of column numbers: in the column of codes a number would be a code.
COLUMNS = (*OWN_COLUMNS, *BALLOT_COLUMNS)
AMOUNT_PLACE, AMOUNT_LETTER = 7, "G"
SEAT_PLACE, NAME_PLACE, ORDER_PLACE = 2, 4, 6
HOW = (
    "Hội đồng chỉ ghi vào các ô màu vàng nhạt: số phiếu, quyết định (chọn trong danh sách), ý kiến; thông tin phiên "
    "họp ở cuối sheet. Được lọc, được sắp xếp các dòng của một suất. «Suất còn lại» tự tính theo cột quyết định. "
    "Bấm số thứ tự để xem điểm của đơn vị; bấm ký hiệu suất để xem lý do của trường hợp chưa được đề nghị."
)


@dataclass(slots=True)
class Lists:
    """The sheet in the making, and what its parts share."""

    page: Page
    result: RunResult
    ballots: Ballots
    notes: Footnotes = field(default_factory=Footnotes)
    seats: dict[str, str] = field(default_factory=dict)
    states: dict[str, QuotaResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum row: where it stands, and its value."""

    row: int
    amount: int


def write_proposals(book: LinkedBook, result: RunResult, mark: str = "") -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG")
    _instructions(page, result, mark)
    page.header(frozen_columns=4)
    lists = Lists(page, result, Ballots(page, len(OWN_COLUMNS) + 1, SEAT_PLACE), seats=seat_names(result))
    lists.states = {state.quota.code: state for state in result.quotas}
    sums = [_subject(lists, letter, subject) for letter, subject in zip("AB", SUBJECTS, strict=True)]
    amount = _total(page, sums)
    _in_words(page, result, amount)
    _part(lists, "C. ĐỒNG HẠNG, HỘI ĐỒNG QUYẾT ĐỊNH", Outcome.TIED, "Không có trường hợp đồng hạng.", _tie)
    _part(lists, "D. DỰ KHUYẾT", Outcome.RESERVE, "Không có trường hợp dự khuyết.", _reserve)
    page.table_ends()
    lists.ballots.finish(COUNT_LOOK)
    page.gap()
    lists.notes.write(page)
    write_prizes(page, result)
    write_session(page)
    page.signatures()
    page.finish(result)


def of_quota(result: RunResult, decisions: Iterable[Decision], quota: Quota) -> list[Decision]:
    """The nominees of one quota row, best first."""
    found = (item for item in decisions if item.quota and item.quota.code == quota.code)
    return sorted(found, key=seat_order(result))


def _instructions(page: Page, result: RunResult, mark: str) -> None:
    rule = counting_rule(result.round)
    if rule:
        page.sentence(rule, Look(bold=True, ruled=False))
    last = len(page.columns)
    tallest = page.span(1, last - 2, HOW, REMARK)
    page.span(last - 1, last, mark, MARK)
    page.height(tallest)


# Parts of the list


def _heading(lists: Lists, quota: Quota, text: str) -> None:
    """The quota row's number and words, and how many of its seats the council's decisions leave."""
    page, decision = lists.page, lists.ballots.decision
    look, label = SUBGROUP, SEATS_GIVEN if quota.seats is None else SEAT_LEFT
    first, last = NAME_PLACE, len(OWN_COLUMNS)
    page.keep_with(page.lines_points(text, look, first, last), LEAST_POINTS)
    tallest = page.span(first, last, text, look)
    for blank in (1, SEAT_PLACE + 1):
        put(page.sheet, page.next, blank, "", page.fmt(look, Kind.TEXT))
    page.span(SEAT_PLACE, SEAT_PLACE, lists.seats.get(quota.code, ""), replace(look, align="center"))
    page.span(last + 1, decision - 1, label, replace(look, align="right"))
    page.span(decision + 1, len(page.columns), "", look)
    lists.ballots.count(page.next, quota)
    page.height(max(tallest, 24.0))


def _nominee(lists: Lists, item: Decision, number: int, look: Look = PLAIN) -> None:
    """One row; links lead to the unit's points, and to the reasons where there are any."""
    page, unit = lists.page, item.nominee.unit
    own = dict.fromkeys(range(1, len(OWN_COLUMNS) + 1), look)
    row = page.row(_values(lists, item, number), look, own | lists.ballots.looks(), LEAST_POINTS)
    lists.ballots.rows.append(row)
    page.anchor(ballot_code(item.nominee), row)
    page.link(row, 1, number, scores.NAME, unit.code, look)
    target, key = (reasons.NAME, ballot_code(item.nominee)) if item.reasons else (scores.NAME, unit.code)
    page.link(row, SEAT_PLACE, _seat(lists, item), target, key, look)


def _seat(lists: Lists, item: Decision) -> str:
    return lists.seats.get(item.quota.code, "") if item.quota else ""


def _values(lists: Lists, item: Decision, number: int) -> tuple[Value, ...]:
    name, where = _who(lists.result, item)
    # How far from the cut, without who stands before: that is on «Lý do».
    far = [item.distance.rpartition("; ")[2]] if item.distance else []
    return (
        number,
        _seat(lists, item),
        ballot_code(item.nominee),
        name,
        where,
        "; ".join(item.order),
        item.money.amount if item.money else None,
        lists.notes.short(_remarks(lists, item), far),
        *[None] * len(BALLOT_COLUMNS),
    )


def _remarks(lists: Lists, item: Decision) -> list[str]:
    """What the heading of the quota row already says is not repeated on every row."""
    state = lists.states.get(item.quota.code) if item.quota else None
    said = "thứ tự xét" if state and state.default_order else None
    return [text for text in item.remarks if not (said and text.startswith(said))]


def _who(result: RunResult, item: Decision) -> tuple[str, str]:
    unit, person = item.nominee.unit, item.nominee.person
    if person is None:
        return unit.name, block_name(result.plan, unit.block)
    born = f"\nsinh ngày {date_text(person.birth)}" if person.birth else ""
    name = f"{person.title} {person.name}".strip() + born
    return name, ", ".join(part for part in (person.position, unit.name) if part)


def _subject(lists: Lists, letter: str, subject: str) -> Sum:
    """One part of the list, quota by quota, with its sum."""
    page, result = lists.page, lists.result
    page.band(f"{letter}. {SUBJECTS[subject].upper()}", PART, kept=150.0)
    proposed = of_outcome(result, subject, Outcome.PROPOSED)
    first, number = page.next, 0
    quotas = [quota for quota in quotas_of(result.plan, result.round) if quota.subject == subject]
    for quota in quotas:
        state = lists.states.get(quota.code)
        _heading(lists, quota, _quota_heading(result, quota, state))
        for item in of_quota(result, proposed, quota):
            number += 1
            _nominee(lists, item, number)
        for sentence in _seats_left(state, quota):
            page.sentence(sentence, Look(italic=True))
    others = [item for item in proposed if item.quota is None or item.quota not in quotas]
    if others:
        page.band("Đề nghị khác", SUBGROUP)
    for item in others:
        number += 1
        _nominee(lists, item, number)
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


Shown = Callable[[Lists, Quota | None, Sequence[Decision]], None]


def _part(lists: Lists, title: str, outcome: Outcome, nobody: str, show: Shown) -> None:
    """The nominees with one outcome by quota row, each with the row's count of seats."""
    page, result = lists.page, lists.result
    found = [item for subject in SUBJECTS for item in of_outcome(result, subject, outcome)]
    page.band(title, PART, kept=150.0)
    if not found:
        page.sentence(nobody, PROSE)
    by_quota = grouped(found, lambda item: item.quota.code if item.quota else "")
    for code in sorted(by_quota, key=lambda code: list(lists.seats).index(code) if code in lists.seats else -1):
        items = sorted(by_quota[code], key=seat_order(result))
        show(lists, items[0].quota, items)


def _tie(lists: Lists, quota: Quota | None, items: Sequence[Decision]) -> None:
    state = lists.states.get(quota.code) if quota else None
    chosen = f"chọn {state.tied_seats} trong {state.tied}" if state else f"{len(items)} trường hợp"
    if quota:
        _heading(lists, quota, f"{quota_text(lists.result.plan, quota)}: {chosen}")
    for number, item in enumerate(items, start=1):
        _nominee(lists, item, number, TIED)
    write_comparison(lists.page, lists.result, items)
    cost = {money(item.money.amount) for item in items if item.money}
    if cost:
        lists.page.sentence(f"Mỗi trường hợp được chọn thêm vào tổng số tiền: {', '.join(sorted(cost))}.", REMARK)


def _reserve(lists: Lists, quota: Quota | None, items: Sequence[Decision]) -> None:
    if quota:
        _heading(lists, quota, quota_text(lists.result.plan, quota))
    for number, item in enumerate(items, start=1):
        _nominee(lists, item, number)


# Sums


def _sum(page: Page, text: str, decisions: Sequence[Decision], first: int) -> Sum:
    amount = sum(item.money.amount for item in decisions if item.money)
    row = _sum_row(page, text, amount)
    if row > first:
        _formula(page, row, f"=SUM({AMOUNT_LETTER}{first}:{AMOUNT_LETTER}{row - 1})", amount)
    return Sum(row, amount)


def _sum_row(page: Page, text: str, amount: int) -> int:
    values: list[Value] = [""] * len(page.columns)
    values[NAME_PLACE - 1], values[AMOUNT_PLACE - 1] = text, amount
    return page.row(values, TOTAL)


def _formula(page: Page, row: int, formula: str, amount: int) -> None:
    fmt = page.book.format(**TOTAL.props(Kind.NUMBER, THOUSANDS))
    put_formula(page.sheet, row, AMOUNT_PLACE, formula, amount, fmt)


def _total(page: Page, sums: Sequence[Sum]) -> int:
    amount = sum(part.amount for part in sums)
    row = _sum_row(page, "Tổng cộng (A + B)", amount)
    cells = ",".join(f"{AMOUNT_LETTER}{part.row}" for part in sums)
    _formula(page, row, f"=SUM({cells})", amount)
    return amount


def _in_words(page: Page, result: RunResult, amount: int) -> None:
    if any(item.money for item in result.decisions if item.outcome is Outcome.PROPOSED):
        page.sentence(f"Bằng chữ: {in_words(amount)}.", Look(bold=True, italic=True, ruled=False))
