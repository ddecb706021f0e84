"""Turns a column of the council's list into cells that it fills: votes, decision, note, with rules and live counts.

The texts are those of ``model/council.py``, by which ``finalize`` finds the cells again. The sheet is not protected:
Excel does not sort locked cells; what was changed outside the council's cells is found when the workbook comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.council import AGREE, AWARDED, DECISION, DISAGREE, MEMBERS, NOT_AWARDED, OPINION, RESOLVED
from thidua_xlsx.model.place import column_letters
from thidua_xlsx.model.plan import Quota, Round
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.workbooks.sheets import checked, put_formula
from thidua_xlsx.workbooks.summary.looks import Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import option

COUNCIL_FILL = "#FFFDE7"
# Unlocked, so that an office that protects the sheet itself leaves the council its cells.
COUNCIL = Look(fill=COUNCIL_FILL, locked=False)
BALLOT_COLUMNS = (
    Column(AGREE, 6, Kind.CENTER, "0"),
    Column(DISAGREE, 6.5, Kind.CENTER, "0"),
    Column(MEMBERS, 7.5, Kind.CENTER, "0"),
    Column(DECISION, 12.5),
    Column(OPINION, 18),
)
# A written note needs room: rows that were written low stay low.
LEAST_POINTS = 36.0
OVERSPENT, CHOSEN = "#F8CBAD", "#C6E0B4"
COUNT_LOOK = Look(bold=True, size=14)
SEAT_LEFT, SEATS_GIVEN = "Suất còn lại", "Đã quyết định khen"


@dataclass(frozen=True, slots=True)
class Count:
    """A heading whose row counts live: how many of a quota's seats the decisions leave."""

    row: int
    quota: Quota


class Ballots:
    """The council's columns of a page, from ``first`` on; ``key`` is the column with the quota's number."""

    def __init__(self, page: Page, first: int, key: int) -> None:
        self.page, self.first, self.key = page, first, key
        self.decision = first + [column.header for column in BALLOT_COLUMNS].index(DECISION)
        self.rows: list[int] = []
        self.counts: list[Count] = []

    def looks(self) -> dict[int, Look]:
        """The council's cells of a row, by column."""
        return {self.first + place: COUNCIL for place in range(len(BALLOT_COLUMNS))}

    def count(self, row: int, quota: Quota) -> None:
        self.counts.append(Count(row, quota))

    def finish(self, seats_look: Look) -> None:
        """Rules for what may be typed, and the counts, once it is known where the lists end."""
        if self.rows:
            self._rules()
        for item in self.counts:
            self._count(item, seats_look)

    def _column(self, place: int) -> str:
        letters = column_letters(place)
        return f"${letters}${min(self.rows)}:${letters}${max(self.rows)}"

    def _count(self, item: Count, look: Look) -> None:
        seats, formula = item.quota.seats, f"={item.quota.seats or 0}"
        if self.rows:
            key = f"${column_letters(self.key)}{item.row}"
            given = f'COUNTIFS({self._column(self.key)},{key},{self._column(self.decision)},"{AWARDED}")'
            formula = f"={given}" if seats is None else f"={seats}-{given}"
        fmt = self.page.book.format(**look.props(Kind.CENTER, "0"))
        put_formula(self.page.sheet, item.row, self.decision, formula, seats or 0, fmt)
        if seats is not None:
            self._fill(item.row, item.row, {"type": "cell", "criteria": "<", "value": 0}, OVERSPENT)

    def _rules(self) -> None:
        first, last = min(self.rows), max(self.rows)
        votes = {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": "Số phiếu chưa đúng",
            "error_message": "Ghi một số nguyên, không âm, không có chữ. Chưa biểu quyết thì để trống.",
        }
        decided = {
            "validate": "list",
            "source": list(RESOLVED),
            "error_title": "Chọn trong danh sách",
            "error_message": f"Chọn «{AWARDED}» hoặc «{NOT_AWARDED}»; chưa quyết định thì để trống.",
        }
        for row in runs(self.rows):
            for place, column in enumerate(BALLOT_COLUMNS, start=self.first):
                rule = decided if column.header == DECISION else votes if column.kind is Kind.CENTER else None
                if rule:
                    checked(self.page.sheet.data_validation(row[0] - 1, place - 1, row[1] - 1, place - 1, rule))
        self._fill(first, last, {"type": "cell", "criteria": "==", "value": f'"{AWARDED}"'}, CHOSEN)

    def _fill(self, first: int, last: int, rule: dict[str, Any], color: str) -> None:
        fmt = self.page.book.book.add_format({"bg_color": color})
        place = self.decision - 1
        checked(self.page.sheet.conditional_format(first - 1, place, last - 1, place, {**rule, "format": fmt}))


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows that follow each other, as first and last: one rule for each."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def counting_rule(round_: Round) -> str:
    """How the plan has votes counted; "" where it does not say."""
    if round_.vote_share is None:
        return ""
    share = vietnamese(Fraction(round_.vote_share), 2)
    of = option("round", "vote_of", round_.vote_of) if round_.vote_of else "tổng số thành viên"
    rule = f"Cách tính phiếu: đề nghị khen thưởng khi có từ {share} % {of} đồng ý trở lên"
    if round_.casting_vote:
        rule += "; số phiếu ngang nhau thì theo ý kiến của người chủ trì"
    return f"{rule} ({round_.clause})." if round_.clause else f"{rule}."
