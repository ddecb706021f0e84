"""Turns equals at a cut into a table with the candidates side by side: what the council needs in order to choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from thidua_xlsx.model.results import Decision, GateResult, RunResult, Standing
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.workbooks.summary.looks import HEADING, PLAIN, TOTAL, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import capital, level_label, shortened

# More stand below each other, four at a time; the label takes the first columns of the list.
ABREAST, LABEL_COLUMNS = 4, 3
LONGEST_LABEL, LONGEST_VALUE = 110, 220
DIFFERENT = Look(bold=True, fill="#FFF2CC")
Line = tuple[str, list[str]]


def write_comparison(page: Page, result: RunResult, items: Sequence[Decision]) -> None:
    """All of one tie; values that differ are marked, for they are what a choice can rest on."""
    lines = list(_lines(result, items))
    for start in range(0, len(items), ABREAST):
        chunk = slice(start, start + ABREAST)
        spans = _spans(page, len(items[chunk]))
        page.keep(120.0)
        _row(page, spans, "So sánh", [_who(item) for item in items[chunk]], HEADING)
        for label, values in lines:
            differ = len(set(values)) > 1
            _row(page, spans, label, values[chunk], DIFFERENT if differ else PLAIN)
    page.gap(6.0)


def _spans(page: Page, count: int) -> list[tuple[int, int]]:
    """Columns of the list, shared out among so many candidates as evenly as their widths allow."""
    first, last = LABEL_COLUMNS + 1, len(page.columns)
    whole = page.span_points(first, last)
    spans, start = [], first
    for number in range(1, count + 1):
        end = last
        if number < count:
            wanted = whole * number / count
            ends = range(start, last - (count - number) + 1)
            end = min(ends, key=lambda column: abs(page.span_points(first, column) - wanted))
        spans.append((start, end))
        start = end + 1
    return spans


def _row(page: Page, spans: Sequence[tuple[int, int]], label: str, values: Sequence[str], look: Look) -> None:
    title = HEADING if look is HEADING else replace(TOTAL, fill="")
    tallest = page.span(1, LABEL_COLUMNS, shortened(label, LONGEST_LABEL), title)
    for (first, last), value in zip(spans, values, strict=True):
        tallest = max(tallest, page.span(first, last, shortened(value, LONGEST_VALUE), look))
    page.height(tallest)


def _who(item: Decision) -> str:
    return f"{item.nominee.name}\n{item.nominee.unit.name}" if item.nominee.person else item.nominee.name


def _lines(result: RunResult, items: Sequence[Decision]) -> Iterator[Line]:
    """The order first, then what is known of the candidates and of their units, then the gates."""
    standings = {standing.unit.code: standing for standing in result.standings}
    yield "Giá trị xếp thứ tự", ["; ".join(item.order) or "–" for item in items]
    if any(item.nominee.person for item in items):
        yield "Chức vụ, bộ phận", [_position(item) for item in items]
    own = [standings.get(item.nominee.unit.code) for item in items]
    for label, text in _STANDING:
        values = [text(result, standing) if standing else "–" for standing in own]
        if any(value != "–" for value in values):
            yield label, values
    yield from _gates(items)
    yield "Hội đồng cần biết", [capital("; ".join(item.remarks)) or "–" for item in items]


def _position(item: Decision) -> str:
    person = item.nominee.person
    if person is None:
        return "–"
    born = f"sinh ngày {date_text(person.birth)}" if person.birth else ""
    return "; ".join(part for part in (person.position, person.section, born) if part) or "–"


def _points(result: RunResult, standing: Standing) -> str:
    if standing.points is None:
        return "–"
    decimals = result.plan.head.decimals
    return f"{vietnamese(standing.points, decimals)}/{vietnamese(standing.applicable, decimals)} điểm"


def _index(result: RunResult, standing: Standing) -> str:
    return "–" if standing.index is None else f"{vietnamese(standing.index, max(4, result.plan.head.decimals))} %"


def _class(result: RunResult, standing: Standing) -> str:
    return level_label(result.plan, standing.level) or "–"


def _ranks(_: RunResult, standing: Standing) -> str:
    if standing.rank is None:
        return "–"
    return f"hạng {standing.rank_in_block} trong khối; hạng {standing.rank} chung"


def _last_year(result: RunResult, standing: Standing) -> str:
    unit = standing.unit
    index = (
        f"{vietnamese(Fraction(unit.last_index), result.plan.head.decimals)} %" if unit.last_index is not None else ""
    )
    rank = f"hạng {unit.last_rank}" if unit.last_rank is not None else ""
    return ", ".join(part for part in (index, rank) if part) or "–"


def _gain(_: RunResult, standing: Standing) -> str:
    gain = standing.rank_gain
    if gain is None:
        return "–"
    return "giữ hạng" if gain == 0 else f"tăng {gain} bậc" if gain > 0 else f"giảm {-gain} bậc"


_STANDING = (
    ("Chỉ số của đơn vị", _index),
    ("Điểm được tính", _points),
    ("Xếp loại", _class),
    ("Thứ hạng của đơn vị", _ranks),
    ("Năm trước", _last_year),
    ("So với năm trước", _gain),
)


def _gates(items: Sequence[Decision]) -> Iterator[Line]:
    """Gates that were seen otherwise for one than for another stand one by one; the rest are one line."""
    alike = 0
    by_item = [{gated.gate.code: gated for gated in item.gates} for item in items]
    for code, gated in {code: gated for own in by_item for code, gated in own.items()}.items():
        values = [_seen(own.get(code)) for own in by_item]
        if len(set(values)) > 1:
            yield f"{gated.gate.clause}: {gated.reason.message}", values
        else:
            alike += 1
    if alike:
        yield f"{alike} tiêu chuẩn, điều kiện khác", ["như nhau"] * len(items)


def _seen(gated: GateResult | None) -> str:
    if gated is None:
        return "không xét"
    seen = gated.reason.observed
    return f"{capital(gated.passing.value)}: {seen}" if seen else capital(gated.passing.value)
