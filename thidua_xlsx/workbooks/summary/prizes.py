"""Turns the money of the proposals into a small table: what one award of each kind is worth, and why (DOMAIN §1.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from thidua_xlsx.model.results import Decision, Money, Outcome, RunResult
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.looks import HEADING, PLAIN, REMARK, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import SUBJECTS

TITLE = Look(bold=True, ruled=False)
ROUNDED = "Mức thưởng, làm tròn lên 10.000 (đồng)"
# Heading, first and last column of the list above, number format.
SPANS = (
    ("STT", 1, 1, "0"),
    ("Hình thức khen thưởng", 2, 4, ""),
    ("Đối tượng", 5, 5, ""),
    ("Hệ số", 6, 6, "0.0#"),
    ("Lương cơ sở (đồng)", 7, 8, "#,##0"),
    ("Thành tiền (đồng)", 9, 11, "#,##0.##"),
    (ROUNDED, 12, 12, "#,##0"),
    ("Số đề nghị, kể cả đồng hạng", 13, 13, "0"),
)
Prize = tuple[str, str, Money]


def write_prizes(page: Page, result: RunResult) -> None:
    """One line an award and subject; every amount in the list above is one of these."""
    prizes = Counter(prize for item in result.decisions if (prize := _prize(item)))
    if not prizes:
        page.sentence("Không có tiền thưởng để tính: kế hoạch chưa có mức thưởng, hoặc không có đề nghị nào.")
        return
    page.keep(110.0)
    page.band("Cách tính tiền thưởng", TITLE)
    _row(page, [heading for heading, *_ in SPANS], HEADING)
    for number, (prize, count) in enumerate(sorted(prizes.items(), key=lambda pair: _order(pair[0])), start=1):
        award, subject, paid = prize
        exact = int(paid.exact) if paid.exact == int(paid.exact) else paid.exact
        _row(page, [number, award, SUBJECTS[subject], paid.coefficient, paid.base, exact, paid.amount, count], PLAIN)
    _explained(page, [paid for _, _, paid in prizes])


def _prize(item: Decision) -> Prize | None:
    if item.outcome not in (Outcome.PROPOSED, Outcome.TIED) or item.money is None:
        return None
    return item.award or "", item.nominee.subject, item.money


def _order(prize: Prize) -> tuple[str, str, int]:
    award, subject, paid = prize
    return subject, award, paid.amount


def _row(page: Page, values: Sequence[Value], look: Look) -> None:
    tallest = 0.0
    for (_, first, last, number_format), value in zip(SPANS, values, strict=True):
        whole = number_format == "#,##0.##" and isinstance(value, int)
        kind = Kind.TEXT if not number_format else Kind.CENTER if number_format.startswith("0") else Kind.NUMBER
        own = replace(look, format="#,##0" if whole else number_format)
        tallest = max(tallest, page.span(first, last, value, own, kind))
    page.height(tallest)


def _explained(page: Page, paid: Sequence[Money]) -> None:
    page.sentence(
        f"Căn cứ mức thưởng: {'; '.join(sorted({item.decree for item in paid}))}. Mức thưởng bằng hệ số nhân "
        "lương cơ sở tại ngày quyết định khen thưởng, làm tròn lên 10.000 đồng.",
        REMARK,
    )
    if any(item.provisional for item in paid):
        days = ", ".join(sorted({date_text(item.on) for item in paid if item.provisional}))
        page.sentence(
            f"Số tiền là tạm tính theo ngày {days}, vì kế hoạch chưa ghi ngày quyết định khen thưởng; "
            "tính lại khi có ngày quyết định.",
            REMARK,
        )
