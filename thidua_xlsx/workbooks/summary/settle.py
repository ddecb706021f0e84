"""Turns what is still open, and the gates that were not passed, into the end of ``Lý do``: a table and a chart."""

from __future__ import annotations

from thidua_xlsx.model.plan import applies
from thidua_xlsx.model.results import Passing, RunResult
from thidua_xlsx.workbooks.summary.agenda import agenda, nominee_text
from thidua_xlsx.workbooks.summary.charts import FIGURES_ROW, figures, gate_chart, place_chart
from thidua_xlsx.workbooks.summary.looks import GROUP, HEADING, PLAIN, PROSE, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import SUBJECTS, shortened

ANCHOR = "#viec"
TITLE = "VIỆC PHẢI GIẢI QUYẾT, VIỆC CỦA HỘI ĐỒNG TRƯỚC"
# First and last column of the reasons above.
HEADINGS = ("Việc", "Trường hợp", "Căn cứ, cách giải quyết")
SPANS = ((1, 3), (4, 5), (6, 12))
LACKING = "CHƯA ĐỦ CĂN CỨ: CÒN THIẾU GÌ, GHI Ở ĐÂU (GHI XONG CHẠY LẠI LỆNH RUN)"
LACKING_HEADINGS = ("Trường hợp", "Còn thiếu", "Ghi ở đâu")
MOST_GATES, LONGEST_GATE = 10, 60
WHOSE = {True: "Hội đồng", False: "Cơ quan thường trực"}


def write_matters(page: Page, result: RunResult) -> None:
    """Every matter with what would settle it; the first page shows the council's in short."""
    found = agenda(result)
    page.keep(140.0)
    page.gap()
    page.anchor(ANCHOR, page.next)
    page.band(TITLE, GROUP)
    if not found:
        page.sentence("Không có việc nào: không đồng hạng, không thiếu căn cứ, không có cảnh báo.", PROSE)
        return
    _row(page, HEADINGS, HEADING)
    for matter in found:
        _row(page, (f"{WHOSE[matter.council]}: {matter.what}", matter.who, matter.how), PLAIN)


def write_settlings(page: Page, result: RunResult) -> None:
    """For each nominee that lacks grounds all that is not known of it, and where to write it."""
    if not result.settlings:
        return
    page.keep(110.0)
    page.gap()
    page.band(LACKING, GROUP)
    _row(page, LACKING_HEADINGS, HEADING)
    for item in sorted(result.settlings, key=lambda item: tuple(SUBJECTS).index(item.nominee.subject)):
        _row(page, (nominee_text(item.nominee), item.what, item.where), PLAIN)


def _row(page: Page, texts: tuple[str, ...], look: Look) -> None:
    tallest = 0.0
    for (first, last), text in zip(SPANS, texts, strict=True):
        tallest = max(tallest, page.span(first, last, text, look))
    page.height(tallest)


def failures(result: RunResult) -> list[tuple[str, int, int]]:
    """Of each gate in the plan's order: its words, how many failed it, for how many it is not proved."""
    counts: dict[tuple[str, str], list[int]] = {}
    words: dict[tuple[str, str], str] = {}
    for gate in result.plan.gates:
        if applies(gate.rounds, result.round.code):
            counts[gate.subject, gate.code] = [0, 0]
            reason = shortened(gate.reason, LONGEST_GATE)
            words[gate.subject, gate.code] = f"{SUBJECTS[gate.subject]}, {gate.clause}: {reason}"
    for item in result.decisions:
        for gated in item.gates:
            found = counts.setdefault((gated.gate.subject, gated.gate.code), [0, 0])
            found[0] += gated.passing is Passing.FAIL
            found[1] += gated.passing is Passing.UNKNOWN
    return [(words.get(key, key[1]), failed, unknown) for key, (failed, unknown) in counts.items() if failed or unknown]


def write_gates(page: Page, result: RunResult) -> None:
    """The gates that most nominees failed, as bars."""
    found = sorted(failures(result), key=lambda line: -(line[1] + line[2]))
    if not found:
        return
    shown = found[:MOST_GATES]
    title = "Không đạt hoặc chưa đủ căn cứ theo tiêu chuẩn"
    if len(shown) < len(found):
        title += f" ({len(shown)} tiêu chuẩn nhiều nhất)"
    most = max(failed + unknown for _, failed, unknown in shown)
    points = 110.0 + 28.0 * len(shown)
    page.keep(points + 20.0)
    page.gap()
    spot = figures(page, FIGURES_ROW, ("Tiêu chuẩn", "Không đạt", "Chưa đủ căn cứ"), shown)
    place_chart(page, gate_chart(page, spot, len(shown), title, most), points)
