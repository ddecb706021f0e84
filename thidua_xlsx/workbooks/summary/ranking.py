"""Turns the standings into the sheet ``Xếp hạng``: block by block, with last year, and a chart with the cut."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.plan import Unit, applies
from thidua_xlsx.model.results import Decision, Outcome, RunResult, Standing
from thidua_xlsx.model.sums import exact_sum
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.workbooks.sheets import Value, checked
from thidua_xlsx.workbooks.summary import reasons, scores
from thidua_xlsx.workbooks.summary.cards import MALUS, computed_total, mean
from thidua_xlsx.workbooks.summary.charts import FIGURES_ROW, MOST_LEVEL_NAMES, figures, index_chart, place_chart
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import GROUP, OUTCOMES, PLAIN, REMARK, TOTAL, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import (
    block_codes,
    block_name,
    level_label,
    number_format,
    roman,
    rounded,
    shortened,
    unit_order,
)

NAME = "Xếp hạng"
MOST_IN_CHART, CHART_POINTS, MANY_POINTS, LONGEST_NAME = 40, 290.0, 380.0, 60
OUTCOME_PLACE, INDEX_PLACE = 16, 8
WHAT_RANKS = (
    "Điểm được tính là điểm xếp hạng: mỗi tiêu chí lấy điểm thẩm định nếu cơ quan thường trực đã cho, nếu chưa thì lấy "
    "điểm tính từ số liệu; điểm tự chấm chỉ để đối chiếu. Cột 6 so các dòng đơn vị tự chấm; dòng chỉ cơ quan thường "
    "trực chấm không có tự chấm. Bấm chỉ số để xem điểm, bấm số thứ tự để xem lý do."
)
RANK_SOURCES = {
    "mean_of_years": "Chỉ số ở cột 8 là trung bình chỉ số các năm của thời kỳ xét, không phải của riêng phiếu này.",
    "office": "Chỉ số ở cột 8 do cơ quan thường trực công bố, không tính từ phiếu này.",
}
# A quota seats by score when one of these leads its order; only then the chart has a cut to show.
SCORE_FACTS = {"index", "points", "rank", "rank_in_block"}


def columns(decimals: int, own_index: bool) -> tuple[Column, ...]:
    figure, count = number_format(decimals), "0"
    signed = number_format(decimals, signed=True)
    number, center = Kind.NUMBER, Kind.CENTER
    return (
        Column("STT", 4.5, center, count, "1"),
        Column("Đơn vị", 28, Kind.TEXT, number="2"),
        Column("Điểm tự chấm", 7, number, figure, "3"),
        Column("Tính từ số liệu", 7, number, figure, "4"),
        Column("Điểm được tính", 7, number, figure, "5"),
        Column("Được tính so với tự chấm", 8, number, signed, "6"),
        Column("Điểm áp dụng", 7, number, figure, "7"),
        Column("Chỉ số (%)", 8.5, number, figure, "8=5:7" if own_index else "8"),
        Column("Xếp loại", 9.5, center, number="9"),
        Column("Chỉ số năm trước", 7.5, number, figure, "10"),
        Column("Tăng, giảm", 7.5, number, signed, "11=8-10"),
        Column("Hạng trong khối", 6.5, center, count, "12"),
        Column("Hạng chung", 6.5, center, count, "13"),
        Column("Hạng năm trước", 6.5, center, count, "14"),
        Column("Số bậc tăng", 6.5, center, "+0;-0;0", "15=14-12"),
        Column("Kết quả xét", 14, center, number="16"),
        Column("Ghi chú", 15, Kind.TEXT, number="17"),
    )


def write_ranking(book: LinkedBook, result: RunResult) -> None:
    source = result.round.rank_source
    page = Page(book, NAME, columns(result.plan.head.decimals, source == "this_return"))
    page.letterhead(result, "BẢNG XẾP HẠNG ĐƠN VỊ")
    page.sentence(WHAT_RANKS, REMARK)
    if source in RANK_SOURCES:
        page.sentence(RANK_SOURCES[source], REMARK)
    page.header()
    outcomes = {item.nominee.unit.code: item for item in result.decisions if item.nominee.person is None}
    shown = [_block(page, result, number, code, outcomes) for number, code in enumerate(block_codes(result), start=1)]
    if not any(shown):
        page.sentence("Không có đơn vị nào có phiếu hợp lệ để xếp hạng.")
    _not_returned(page, result, outcomes)
    page.table_ends()
    _bars(page)
    # The chart stands above the signatures where there is room for both, else on the page behind them.
    above = page.room() > CHART_POINTS + 170
    if above:
        _chart(page, result, outcomes)
    page.signatures()
    if not above:
        _chart(page, result, outcomes)
    page.finish(result)


def _standings_of(result: RunResult, block: str) -> list[Standing]:
    """Ranked units by rank, then those without a rank, each by name."""
    found = [item for item in result.standings if item.unit.block == block]
    return sorted(found, key=lambda item: (item.rank_in_block is None, item.rank_in_block or 0, unit_order(item.unit)))


def _block(page: Page, result: RunResult, number: int, code: str, outcomes: dict[str, Decision]) -> bool:
    standings = _standings_of(result, code)
    if not standings:
        return False
    page.keep(70)
    page.band(f"{roman(number)}. {block_name(result.plan, code)} ({len(standings)} đơn vị)")
    computed = {item.unit.code: computed_total(item) for item in standings}
    for place, item in enumerate(standings, start=1):
        decision = outcomes.get(item.unit.code)
        look = OUTCOMES.get(decision.outcome, PLAIN) if decision else PLAIN
        row = page.row(
            _values(result, item, place, computed[item.unit.code], decision), PLAIN, {2: look, OUTCOME_PLACE: look}
        )
        page.link(row, INDEX_PLACE, rounded(item.index, result.plan.head.decimals), scores.NAME, item.unit.code)
        page.link(row, 1, place, reasons.NAME, item.unit.code)
    ranked = [item for item in standings if item.index is not None]
    if ranked:
        page.row(_average(result, ranked, computed), TOTAL)
    return True


def _values(
    result: RunResult, item: Standing, place: int, computed: Fraction | None, decision: Decision | None
) -> tuple[Value, ...]:
    decimals, unit = result.plan.head.decimals, item.unit
    last = rounded(unit.last_index, decimals)
    index = rounded(item.index, decimals)
    points = rounded(item.points, decimals)
    return (
        place,
        unit.name,
        rounded(item.claimed, decimals),
        rounded(computed, decimals),
        points,
        rounded(against_claims(item), decimals),
        rounded(item.applicable, decimals),
        index,
        level_label(result.plan, item.level),
        last,
        _difference(index, last),
        item.rank_in_block,
        item.rank,
        unit.last_rank,
        item.rank_gain,
        decision.outcome.value if decision else "",
        _note(item),
    )


def against_claims(item: Standing) -> Fraction | None:
    """What counts less what was claimed (points), on the lines that the unit claimed; None where it claimed none."""
    values: list[Fraction | Decimal] = []
    for score in item.scores:
        if score.claimed is not None and score.points is not None:
            malus = score.line.method == MALUS
            values += (score.claimed, -score.points) if malus else (score.points, -score.claimed)
    return exact_sum(values) if values else None


def _difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Of the printed figures: a reader checks it with a pencil."""
    return None if now is None or before is None else now - before


def _note(item: Standing) -> str:
    if item.index is None:
        missing = [score.line.code for score in item.scores if score.applicable and score.points is None]
        return f"Chưa xếp hạng: chưa có điểm {', '.join(missing)}" if missing else "Chưa xếp hạng: chưa đủ điểm"
    if item.printed_alike:
        return f"Làm tròn thì bằng đơn vị khác; chưa làm tròn là {vietnamese(item.index, 6)}"
    return ""


def _average(result: RunResult, standings: list[Standing], computed: dict[str, Fraction | None]) -> tuple[Value, ...]:
    decimals = result.plan.head.decimals
    return (
        "",
        "Trung bình khối",
        mean((item.claimed for item in standings), decimals),
        mean((computed[item.unit.code] for item in standings), decimals),
        mean((item.points for item in standings), decimals),
        "",
        mean((item.applicable for item in standings), decimals),
        mean((item.index for item in standings), decimals),
        "",
        mean((item.unit.last_index for item in standings), decimals),
        *[""] * 7,
    )


def _not_returned(page: Page, result: RunResult, outcomes: dict[str, Decision]) -> None:
    """Every unit of the round stands on this sheet, also those nobody could rank."""
    standing = {item.unit.code for item in result.standings}
    absent = sorted((unit for unit in result.plan.units_of(result.round) if unit.code not in standing), key=unit_order)
    if not absent:
        return
    page.band(f"Đơn vị không xếp hạng ({len(absent)} đơn vị)", GROUP)
    for place, unit in enumerate(absent, start=1):
        page.link(page.next, 1, place, reasons.NAME, unit.code)
        page.partly((place, unit.name), _why(unit, outcomes))


def _why(unit: Unit, outcomes: dict[str, Decision]) -> str:
    decision = outcomes.get(unit.code)
    if decision is None:
        return "Không có phiếu hợp lệ."
    reasons = "; ".join(reason.message for reason in decision.reasons[:2])
    return f"{decision.outcome.value}: {reasons}" if reasons else decision.outcome.value


def _bars(page: Page) -> None:
    """The index as a bar in its cell, from 0 to 100: lengths compare across blocks."""
    if not page.filtered:
        return
    checked(
        page.sheet.conditional_format(
            page.filtered[0],
            INDEX_PLACE - 1,
            page.filtered[1] - 1,
            INDEX_PLACE - 1,
            {
                "type": "data_bar",
                "bar_solid": True,
                "bar_color": "#BDD7EE",
                "bar_border_color": "#9DC3E6",
                "min_type": "num",
                "min_value": 0,
                "max_type": "num",
                "max_value": 100,
            },
        )
    )


def cuts(result: RunResult, outcomes: dict[str, Decision]) -> dict[str, Fraction]:
    """The lowest proposed index of each block, over the quotas that seat by score."""
    index = {item.unit.code: item.index for item in result.standings}
    lowest: dict[str, Fraction] = {}
    for decision in outcomes.values():
        quota, value = decision.quota, index.get(decision.nominee.unit.code)
        if decision.outcome is not Outcome.PROPOSED or quota is None or value is None:
            continue
        if quota.binding == "open" or (quota.order_by or ("index",))[0] not in SCORE_FACTS:
            continue
        for block in block_codes(result):
            if applies(quota.blocks, block):
                lowest[block] = min(lowest.get(block, value), value)
    return lowest


def _chart(page: Page, result: RunResult, outcomes: dict[str, Decision]) -> None:
    ranked = [item for block in block_codes(result) for item in _standings_of(result, block) if item.index is not None]
    if not ranked:
        return
    title = "Chỉ số của các đơn vị và mức thấp nhất được đề nghị"
    if len(ranked) > MOST_IN_CHART:
        worst = sorted(item.rank or 0 for item in ranked)[MOST_IN_CHART - 1]
        ranked = [item for item in ranked if (item.rank or 0) <= worst][:MOST_IN_CHART]
        title += f" ({MOST_IN_CHART} đơn vị có thứ hạng chung cao nhất)"
    decimals, lowest = result.plan.head.decimals, cuts(result, outcomes)
    rows: list[tuple[Value, ...]] = []
    for before, item in zip([None, *ranked], ranked, strict=False):
        if before and before.unit.block != item.unit.block:
            rows.append(("", None, None))  # the line breaks between blocks: each has its own cut
        rows.append(
            (
                shortened(item.unit.name, LONGEST_NAME),
                rounded(item.index, decimals),
                rounded(lowest.get(item.unit.block), decimals),
            )
        )
    above_hundred = any(item.index > 100 for item in ranked if item.index is not None)
    points = CHART_POINTS if len(rows) <= MOST_LEVEL_NAMES else MANY_POINTS
    page.keep(points + 60)
    page.gap()
    page.sentence(
        "Đường đỏ: chỉ số thấp nhất trong các tập thể được đề nghị theo điểm hoặc thứ hạng, tính theo khối. "
        "Đơn vị trên đường mà không được đề nghị: xem sheet «Lý do».",
        REMARK,
    )
    spot = figures(page, FIGURES_ROW, ("Đơn vị", "Chỉ số (%)", "Mức thấp nhất được đề nghị"), rows)
    place_chart(page, index_chart(page, spot, len(rows), title, above_hundred), points)
