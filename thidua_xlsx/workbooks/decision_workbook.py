"""Turns what the council resolved into ``quyet-dinh.xlsx``: who is awarded what, the money, and who is not, and why.

Layout of the paper: DOMAIN §4.1 to §4.3. Numbers, dates and names that nobody wrote down stay visible blanks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from thidua_xlsx.model.council import Resolution, Resolved
from thidua_xlsx.model.place import column_letters
from thidua_xlsx.model.results import Money
from thidua_xlsx.model.wording import date_text, in_words
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.sheets import OpenWorkbook, Value, checked, open_workbook, print_on_a4, put, put_formula

SIZE, PADDING, TALLEST = 12, 5.0, 400.0
BAND, HEAD, TOTAL = "#EDEDED", "#D9E2F0", "#F7F7F7"
THOUSANDS = "#,##0"
SUBJECTS = {"collective": "tập thể", "individual": "cá nhân"}
DOTS, SIGNATURE, LEAST = "……", 105.0, 20.0
# Points of an A4 sheet on its side within the margins of print_on_a4, and how much of them surely fits.
PRINTED_WIDTH, PRINTED_HEIGHT, FITS = 714.0, 482.0, 0.95
# Whoever is refused is no part of what is made public.
INTERNAL = "Tài liệu nội bộ của Hội đồng, không kèm theo quyết định khen thưởng"
AMOUNT = "Mức thưởng, làm tròn lên 10.000 (đồng)"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, width in characters, how its values stand, number format."""

    header: str
    width: float
    align: str = "left"
    format: str = "General"


def _money_columns() -> tuple[Column, ...]:
    return (
        Column("Hệ số", 7, "center", "0.0#"),
        Column("Lương cơ sở (đồng)", 12, "right", THOUSANDS),
        Column("Thành tiền (đồng)", 13, "right", THOUSANDS),
        Column(AMOUNT, 14, "right", THOUSANDS),
    )


NUMBER = Column("STT", 5, "center", "0")
VOTES = Column("Kết quả phiếu", 17)
COLLECTIVE = (
    NUMBER, Column("Tập thể", 36), Column("Khối", 22), Column("Hình thức khen thưởng", 24), VOTES, *_money_columns(),
)  # fmt: skip
INDIVIDUAL = (
    NUMBER, Column("Họ và tên", 27), Column("Ngày sinh", 12, "center"), Column("Chức vụ, đơn vị", 30),
    Column("Hình thức khen thưởng", 22), VOTES, *_money_columns(),
)  # fmt: skip
SUMS = (
    NUMBER, Column("Đối tượng", 14), Column("Hình thức khen thưởng", 36), Column("Số lượng", 10, "center", "0"),
    *_money_columns(), Column("Cộng (đồng)", 16, "right", THOUSANDS),
)  # fmt: skip
REFUSED = (
    NUMBER, Column("Tập thể, cá nhân", 36), Column("Đơn vị, khối", 30), Column("Đề nghị của lần tổng hợp", 24),
    VOTES, Column("Ý kiến của Hội đồng", 46),
)  # fmt: skip


def write_decision(resolved: Resolved) -> bytes:
    """The workbook's bytes; the same resolutions give the same bytes."""
    head = resolved.plan.head
    title = f"Quyết định khen thưởng – {resolved.round.name}"
    book = open_workbook(title=title, subject=head.title, company=head.authority)
    _awarded(book, resolved, "collective", "Tập thể", COLLECTIVE)
    _awarded(book, resolved, "individual", "Cá nhân", INDIVIDUAL)
    _sums(book, resolved)
    _refused(book, resolved)
    return book.close()


class Paper:
    """One printed list in the making; ``next`` is its next free row, counted from 1."""

    def __init__(
        self,
        book: OpenWorkbook,
        resolved: Resolved,
        name: str,
        title: str,
        columns: tuple[Column, ...],
        public: bool = True,
    ) -> None:
        """``public``: a list that goes with the decision, and says so."""
        self.book, self.columns, self.next = book, columns, 1
        self.used = self.room = 0.0  # points of the printed page in hand
        self.sheet = book.add_sheet(name)
        self.sheet.hide_gridlines(2)
        for number, column in enumerate(columns):
            checked(self.sheet.set_column(number, number, column.width))
        self.widths = [column_points(column.width) for column in columns]
        self.split = self._split()
        self._letterhead(resolved, title, public)
        self.header = self.next
        self.row([column.header for column in columns], bold=True, align="center", bg_color=HEAD, number="General")
        self.sheet.freeze_panes(self.header, 2)

    def _split(self) -> int:
        """The last column of the left half."""
        half = sum(self.widths) * 0.46
        return min(range(1, len(self.widths)), key=lambda count: abs(sum(self.widths[:count]) - half))

    def _letterhead(self, resolved: Resolved, title: str, public: bool) -> None:
        """Authority left, quốc hiệu right; number and date of the decision as far as somebody wrote them down."""
        head, session = resolved.plan.head, resolved.session
        above, below = (head.parent_authority, head.authority) if head.parent_authority else (head.authority, "")
        bold = {"bold": True}
        self.halves(above.upper(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {} if below else bold, bold)
        self.halves(below.upper(), "Độc lập - Tự do - Hạnh phúc", bold, {**bold, "underline": 1, "font_size": 13})
        day = session.decided_on or resolved.round.decision_date
        dated = f"ngày {day:%d} tháng {day.month:02} năm {day.year}" if day else "ngày …… tháng …… năm 20…"
        self.halves("_" * 16 if below or above else "", "", {"font_size": 8}, {}, 11)
        self.gap()
        self.band(title, bold=True, align="center", font_size=14)
        self.band(head.title, bold=True, align="center")
        number = session.number or "…………"
        whose = f"Kèm theo Quyết định số {number} {dated} của {head.authority}" if public else INTERNAL
        self.band(f"({whose})", italic=True, align="center")
        self.gap()

    def gap(self) -> None:
        checked(self.sheet.set_row(self.next - 1, 8.0))
        self.next += 1

    def halves(self, left: str, right: str, look: dict[str, Any], other: dict[str, Any], points: float = 0.0) -> None:
        heights = [
            self.span(1, self.split, left, align="center", **look),
            self.span(self.split + 1, len(self.columns), right, align="center", **other),
        ]
        self.end(points or max(heights))

    def span(self, first: int, last: int, value: Value, **look: Any) -> float:
        """One value across columns of the row in hand; gives the height it needs."""
        props = {"text_wrap": True, "font_size": SIZE, **look}
        fmt = self.book.format(**props)
        if last > first:
            checked(self.sheet.merge_range(self.next - 1, first - 1, self.next - 1, last - 1, "", fmt))
        put(self.sheet, self.next, first, value, fmt)
        wide = sum(self.widths[first - 1 : last]) - (10 if props.get("border") else 0)
        text, size = value if isinstance(value, str) else "", props["font_size"]
        return lines_of(text, wide, size, bool(props.get("bold"))) * line_points(size) + PADDING

    def end(self, points: float) -> int:
        points = round(min(points, TALLEST), 1)
        checked(self.sheet.set_row(self.next - 1, points))
        page = PRINTED_HEIGHT * max(1.0, sum(self.widths) / PRINTED_WIDTH)
        self.used = points if self.used + points > page else self.used + points
        self.room = page * FITS - self.used
        self.next += 1
        return self.next - 1

    def band(self, text: str, **look: Any) -> int:
        return self.end(self.span(1, len(self.columns), text, **look))

    def row(self, values: Sequence[Value], number: str = "", **look: Any) -> int:
        """One ruled row; gives its number."""
        heights = []
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True), start=1):
            own = {"align": column.align, "num_format": number or column.format, "border": 1, **look}
            if isinstance(value, Decimal) and value != int(value) and own["num_format"] == THOUSANDS:
                own["num_format"] = "#,##0.00"
            if own["align"] == "left":
                own["indent"] = 1
            heights.append(self.span(place, place, value, **own))
        return self.end(max(heights))

    def formula(self, row: int, column: int, formula: str, value: int) -> None:
        fmt = self.book.format(
            font_size=SIZE, bold=True, bg_color=TOTAL, border=1, align="right", num_format=THOUSANDS, text_wrap=True
        )
        put_formula(self.sheet, row, column, formula, value, fmt)

    def signatures(self) -> None:
        """Titles alone: whoever signs writes the rest. They never stand on a page without the last row."""
        if self.room < SIGNATURE + LEAST:
            checked(self.sheet.set_h_pagebreaks([self.next - 2]))
        self.gap()
        look = {"bold": True, "align": "center", "valign": "top"}
        self.span(1, self.split, "NGƯỜI LẬP BIỂU\n(Ký, ghi rõ họ tên)", **look)
        self.span(self.split + 1, len(self.columns), "THỦ TRƯỞNG CƠ QUAN\n(Ký, đóng dấu)", **look)
        self.end(SIGNATURE)

    def finish(self) -> None:
        print_on_a4(self.sheet, self.header)
        checked(self.sheet.print_area(0, 0, self.next - 2, len(self.columns) - 1))


def _paid(paid: Money | None) -> tuple[Value, ...]:
    return (paid.coefficient, paid.base, paid.exact, paid.amount) if paid else (None,) * 4


def _awarded(book: OpenWorkbook, resolved: Resolved, subject: str, name: str, columns: tuple[Column, ...]) -> None:
    """The list of one subject, by quota row, with its sum."""
    given = resolved.awarded(subject)
    paper = Paper(book, resolved, name, f"DANH SÁCH {SUBJECTS[subject].upper()} ĐƯỢC KHEN THƯỞNG", columns)
    first = paper.next
    number = 0
    for quota, items in groupby(given, key=lambda item: item.quota):
        paper.band(_row_name(resolved, quota), bold=True, italic=True, border=1, indent=1, bg_color=BAND)
        for item in items:
            number += 1
            paper.row((number, *_who(resolved, item), item.award, item.share, *_paid(item.money)))
    if not given:
        paper.band(f"Không có {SUBJECTS[subject]} được khen thưởng.", italic=True, border=1, indent=1)
    amount = sum(item.money.amount for item in given if item.money)
    blank = [""] * (len(columns) - 3)
    row = paper.row(("", f"Cộng: {number} {SUBJECTS[subject]}", *blank, amount), bold=True, bg_color=TOTAL)
    if given:
        letter = column_letters(len(columns))
        paper.formula(row, len(columns), f"=SUM({letter}{first}:{letter}{row - 1})", amount)
    paper.signatures()
    paper.finish()


def _row_name(resolved: Resolved, code: str | None) -> str:
    """A row of the plan's seats as people know it: the blocks it is for, and its clause."""
    quota = next((item for item in resolved.plan.quotas if item.code == code), None)
    if quota is None:
        return "Khác"
    blocks = [block.name for block in resolved.plan.blocks if block.code in quota.blocks]
    return "; ".join(part for part in (", ".join(blocks) or "Mọi khối", quota.clause) if part)


def _block(resolved: Resolved, code: str) -> str:
    return next((block.name for block in resolved.plan.blocks if block.code == code), code)


def _who(resolved: Resolved, item: Resolution) -> tuple[Value, ...]:
    unit, person = item.nominee.unit, item.nominee.person
    if person is None:
        return unit.name, _block(resolved, unit.block)
    born = date_text(person.birth) if person.birth else DOTS
    where = ", ".join(part for part in (person.position, unit.name) if part)
    return f"{person.title} {person.name}".strip(), born, where


def _sums(book: OpenWorkbook, resolved: Resolved) -> None:
    """Subject by subject, form by form: so many times so much, and the total in words."""
    paper = Paper(book, resolved, "Tiền thưởng", "BẢNG TÍNH TIỀN THƯỞNG", SUMS)
    first, number, total = paper.next, 0, 0
    for subject, name in SUBJECTS.items():
        groups: dict[tuple[str, Money | None], int] = {}
        for item in resolved.awarded(subject):
            key = item.award or "", item.money
            groups[key] = groups.get(key, 0) + 1
        for (award, paid), count in groups.items():
            number, amount = number + 1, (paid.amount if paid else 0) * count
            total += amount
            paper.row((number, name.capitalize(), award, count, *_paid(paid), amount if paid else None))
    row = paper.row(("", "Tổng cộng", *[""] * 6, total), bold=True, bg_color=TOTAL)
    if number:
        letter = column_letters(len(SUMS))
        paper.formula(row, len(SUMS), f"=SUM({letter}{first}:{letter}{row - 1})", total)
    paper.band(f"Bằng chữ: {in_words(total)}.", bold=True, italic=True)
    paid_all = [item.money for item in resolved.resolutions if item.money]
    if paid_all:
        decrees = "; ".join(sorted({item.decree for item in paid_all}))
        days = ", ".join(sorted({date_text(item.on) for item in paid_all}))
        paper.band(
            f"Căn cứ: {decrees}. Mức thưởng bằng hệ số nhân lương cơ sở áp dụng tại ngày {days}, "
            "làm tròn lên 10.000 đồng.",
            italic=True,
        )
    for remark in resolved.remarks:
        paper.band(remark, italic=True)
    paper.signatures()
    paper.finish()


def _refused(book: OpenWorkbook, resolved: Resolved) -> None:
    """Whom the council had before it and did not award, with what it said."""
    paper = Paper(book, resolved, "Không khen thưởng", "TRƯỜNG HỢP HỘI ĐỒNG KHÔNG KHEN THƯỞNG", REFUSED, public=False)
    refused = [item for item in resolved.resolutions if not item.awarded]
    for number, item in enumerate(refused, start=1):
        unit, person = item.nominee.unit, item.nominee.person
        where = unit.name if person else _block(resolved, unit.block)
        name = f"{person.title} {person.name}".strip() if person else unit.name
        paper.row((number, name, where, item.proposed.value, item.share, item.ballot.opinion))
    if not refused:
        paper.band("Không có.", italic=True, border=1, indent=1)
    paper.finish()
