"""Turns the scores into the sheet ``Bảng điểm``: for each block the fields by unit, then every line by unit.

Blocks have scorecards of their own, so each block has headings of its own. On paper a table of forty narrow
columns cannot be read: the lines of the scorecard go down and the units across, a page full at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from thidua_xlsx.model.results import RunResult, Standing
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.cards import Card, cards_of, mean
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import GROUP, HEADING, NUMBERS, PLAIN, PROSE, REMARK, TOTAL, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page, round_text
from thidua_xlsx.workbooks.summary.score_differences import write_differences
from thidua_xlsx.workbooks.summary.score_lines import write_lines
from thidua_xlsx.workbooks.summary.words import (
    block_name,
    level_label,
    number_format,
    roman,
    rounded,
)

NAME = "Bảng điểm"
# Columns behind the fields: claimed, computed, appraised, counted, difference, applicable, index, class, rank.
TOTALS = (
    "Tổng tự chấm",
    "Tổng tính từ số liệu",
    "Các dòng được thẩm định",
    "Tổng điểm được tính",
    "Được tính so với tự chấm",
    "Điểm áp dụng",
    "Chỉ số (%)",
    "Xếp loại",
    "Hạng trong khối",
)


def write_scores(book: LinkedBook, result: RunResult) -> None:
    cards = cards_of(result)
    page = Page(book, NAME, _columns(cards, result.plan.head.decimals))
    page.letterhead(result, "BẢNG TỔNG HỢP CHẤM ĐIỂM")
    # Tables differ from block to block, so only the names of the sheet and the round repeat on each page.
    page.band(f"Bảng điểm - {round_text(result)}", REMARK)
    page.repeat(page.next - 1)
    page.sheet.freeze_panes(0, 2)
    for card in cards:
        if card is not cards[0]:
            page.new_page()
        _fields_table(page, result, card)
        write_lines(page, result, card)
    if cards:
        write_differences(page, result, [item for card in cards for item in card.standings])
    else:
        page.sentence("Không có đơn vị nào có phiếu hợp lệ để chấm điểm.")
    page.signatures()
    page.finish(result)


def _columns(cards: Sequence[Card], decimals: int) -> tuple[Column, ...]:
    """The grid that all tables of the sheet share: code, name, then as many columns of points as the widest needs."""
    figures = max((len(card.fields) + len(card.sums) + len(TOTALS) for card in cards), default=12)
    return (
        Column("", 7, Kind.CENTER),
        Column("", 34),
        *[Column("", 8.3, Kind.NUMBER, number_format(decimals))] * max(figures, 12),
    )


def _padded(page: Page, values: Iterable[Value]) -> list[Value]:
    given = list(values)
    return [*given, *[""] * (len(page.columns) - len(given))]


def _table_row(page: Page, values: Sequence[Value], look: Look, looks: dict[int, Look] | None = None) -> None:
    """A row of a table that may be narrower than the grid: the cells behind it stay without rules."""
    beyond = dict.fromkeys(range(len(values) + 1, len(page.columns) + 1), PROSE)
    page.row(_padded(page, values), look, beyond | looks if looks else beyond)


# Fields by unit


def _fields_table(page: Page, result: RunResult, card: Card) -> None:
    title = f"{roman(card.number)}. {block_name(result.plan, card.block)} ({len(card.standings)} đơn vị)"
    page.band(title, GROUP)
    own_index = result.round.rank_source == "this_return"
    _fields_headings(page, card, own_index)
    looks, groups = _text_looks(card), card.groups
    for number, item in enumerate(card.standings, start=1):
        if page.room() < 60:
            page.new_page()
            _fields_headings(page, card, own_index)
        page.anchor(item.unit.code, page.next)
        _table_row(page, _fields_values(result, card, groups, item, number), PLAIN, looks)
    _table_row(page, _fields_means(result, card, groups), TOTAL, _text_looks(card, TOTAL))
    page.gap(12.0)


def _fields_headings(page: Page, card: Card, own_index: bool) -> None:
    fields = [f"{line.code}. {line.name}" for line in card.fields]
    texts = ["STT", "Đơn vị", *fields, *(text for _, text in card.sums), *TOTALS]
    _table_row(page, texts, HEADING)
    maxima: list[Value] = ["", "Điểm tối đa", *(line.max for line in card.fields)]
    maxima += [sum((line.max for line in card.lines if line.method == method), Decimal(0)) for method, _ in card.sums]
    total = sum((line.max for line in card.fields), Decimal(0))
    _table_row(page, [*maxima, total, total, "", total, "", total, "", "", ""], TOTAL)
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    applicable = len(texts) - 3
    if own_index:
        numbers[applicable] = f"{applicable + 1}={applicable - 2}:{applicable}"
    _table_row(page, numbers, NUMBERS)


def _text_looks(card: Card, look: Look = PLAIN) -> dict[int, Look]:
    """Class and rank stand in the middle, the rank without decimals."""
    last = 2 + len(card.fields) + len(card.sums) + len(TOTALS)
    centered = Look(bold=look.bold, fill=look.fill, align="center", format="0")
    return {last - 1: centered, last: centered}


def _fields_values(
    result: RunResult, card: Card, groups: Sequence[frozenset[str]], item: Standing, number: int
) -> list[Value]:
    decimals = result.plan.head.decimals
    claimed, points_counted = rounded(item.claimed, decimals), rounded(item.points, decimals)
    return [
        number,
        item.unit.name,
        *[rounded(card.points(item, codes), decimals) for codes in groups],
        claimed,
        rounded(card.computed(item), decimals),
        rounded(card.appraised(item), decimals),
        points_counted,
        None if points_counted is None or claimed is None else points_counted - claimed,
        rounded(item.applicable, decimals),
        rounded(item.index, decimals),
        level_label(result.plan, item.level),
        item.rank_in_block,
    ]


def _fields_means(result: RunResult, card: Card, groups: Sequence[frozenset[str]]) -> list[Value]:
    decimals = result.plan.head.decimals
    points = [mean((card.points(item, codes) for item in card.standings), decimals) for codes in groups]
    return [
        "",
        "Trung bình",
        *points,
        mean((item.claimed for item in card.standings), decimals),
        mean((card.computed(item) for item in card.standings), decimals),
        mean((card.appraised(item) for item in card.standings), decimals),
        mean((item.points for item in card.standings), decimals),
        "",
        mean((item.applicable for item in card.standings), decimals),
        mean((item.index for item in card.standings), decimals),
        "",
        "",
    ]
