"""Turns a run's result into the sheet ``Tổng quan``: on one page what to decide, who is proposed, how it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from thidua_xlsx.model.plan import applies
from thidua_xlsx.model.results import Decision, Outcome, Passing, QuotaResult, RunResult
from thidua_xlsx.model.wording import money
from thidua_xlsx.workbooks.sheets import OpenWorkbook
from thidua_xlsx.workbooks.summary.agenda import Matter, agenda
from thidua_xlsx.workbooks.summary.charts import FIGURES_ROW, figures, gate_chart
from thidua_xlsx.workbooks.summary.looks import HEADING, OUTCOMES, PLAIN, PROSE, REMARK, TOTAL, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.panels import LINE, Cell, Panel, close, shorter
from thidua_xlsx.workbooks.summary.proposals import of_quota
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    awards_differ,
    blocks_text,
    named,
    of_outcome,
    quota_text,
    seats_text,
    shortened,
)

NAME = "Tổng quan"
# Two halves, what to decide and who is proposed, with a narrow column between them.
LEFT, RIGHT = (1, 12), (14, 25)
GRID = tuple(Column("", 1.2 if number == 13 else 7.8) for number in range(1, RIGHT[1] + 1))
MOST_MATTERS, MOST_NAMES, MOST_GATES, MOST_QUOTAS, MOST_NOTES = 8, 24, 6, 12, 4
# Longest texts of a matter, a note and a gate here; the other sheets hold them whole.
LONGEST_WHO, LONGEST_HOW, LONGEST_NOTE, LONGEST_GATE = 170, 150, 180, 46
SECTION = Look(bold=True, fill="#1F3864", color="#FFFFFF", size=12)
TILE = Look(bold=True, size=16, align="center", fill="#EAF1FB")
URGENT = Look(bold=True, fill="#FFF2CC")
BOLD = Look(bold=True)


def write_overview(book: OpenWorkbook, result: RunResult) -> None:
    page = Page(book, NAME, GRID)
    page.letterhead(result, "TỔNG HỢP KẾT QUẢ XÉT KHEN THƯỞNG")
    _tiles(page, result)
    left, right = Panel(page, *LEFT), Panel(page, *RIGHT)
    _matters(left, agenda(result))
    _quotas(right, result)
    for part in (_gates, _counts, _notes):
        part(shorter((left, right)), result)
    close(page, (left, right))
    page.signatures(60.0)
    page.finish(result)
    # The whole story on one page, however much it holds.
    page.sheet.fit_to_pages(1, 1)


# Figures at a glance


def _counted(decisions: Sequence[Decision]) -> str:
    """«3 tập thể, 6 cá nhân»."""
    counts = [
        (sum(item.nominee.subject == subject for item in decisions), label.lower())
        for subject, label in SUBJECTS.items()
    ]
    return "\n".join(f"{count} {label}" for count, label in counts)


def _tiles(page: Page, result: RunResult) -> None:
    total = len(result.plan.units_of(result.round))
    proposed, tied = (
        [item for item in result.decisions if item.outcome is outcome] for outcome in (Outcome.PROPOSED, Outcome.TIED)
    )
    choice = f", CHỌN {sum(state.tied_seats for state in result.quotas)} SUẤT" if tied else ""
    paid = [item.money for item in proposed if item.money]
    amount = money(sum(item.amount for item in paid)) if paid else "không có"
    mark = " (tạm tính)" if any(item.provisional for item in paid) else ""
    green, amber = (replace(TILE, fill=OUTCOMES[outcome].fill) for outcome in (Outcome.PROPOSED, Outcome.TIED))
    tiles = (
        (1, 4, "Đơn vị đã nộp phiếu", f"{total - len(result.missing)}/{total}", TILE),
        (5, 8, "Phiếu hợp lệ, được chấm điểm", str(len(result.standings)), TILE),
        (9, 12, "ĐỀ NGHỊ KHEN THƯỞNG", _counted(proposed), green),
        (13, 17, f"ĐỒNG HẠNG{choice}", _counted(tied) if tied else "không có", amber),
        (18, 20, "Suất còn trống", str(sum(state.empty for state in result.quotas)), TILE),
        (21, 25, f"Tiền thưởng các đề nghị{mark}", amount, TILE),
    )
    names = [page.span(first, last, name, Look(align="center", fill=look.fill)) for first, last, name, _, look in tiles]
    page.height(max(names))
    values = [page.span(first, last, value, look) for first, last, _, value, look in tiles]
    page.height(max(values))
    page.gap(6.0)


# What must be decided


def _matters(panel: Panel, matters: Sequence[Matter]) -> None:
    panel.bar("I. PHẢI QUYẾT ĐỊNH TRƯỚC", SECTION)
    if not matters:
        panel.bar(
            "Không có việc nào phải quyết định trước: không có đồng hạng, không có trường hợp chưa đủ căn cứ, "
            "không có cảnh báo.",
            PLAIN,
        )
        return
    panel.add(
        [
            Cell(1, 3, "Việc", HEADING),
            Cell(4, 7, "Trường hợp", HEADING),
            Cell(8, 12, "Căn cứ, cách giải quyết", HEADING),
        ]
    )
    shown = matters[: MOST_MATTERS - 1] if len(matters) > MOST_MATTERS else matters
    for matter in shown:
        tie = matter.what.startswith("Đồng hạng")
        panel.add(
            [
                Cell(1, 3, matter.what, URGENT if tie else BOLD),
                Cell(4, 7, shortened(matter.who, LONGEST_WHO), URGENT if tie else PLAIN),
                Cell(8, 12, shortened(matter.how, LONGEST_HOW)),
            ]
        )
    if len(shown) < len(matters):
        panel.bar(f"Còn {len(matters) - len(shown)} việc khác: xem các sheet «Lý do» và «Phiếu nhận».", REMARK)


# Seats


def _quotas(panel: Panel, result: RunResult) -> None:
    award = "" if awards_differ(result.plan, result.round) or not result.quotas else f": {result.quotas[0].quota.award}"
    panel.bar(f"II. ĐỀ NGHỊ THEO SỐ LƯỢNG{award}", SECTION)
    if not result.quotas:
        panel.bar("Không có số lượng khen thưởng nào cho đợt này.", PLAIN)
        return
    heads = (
        (14, 16, "Suất"),
        (17, 17, "Số lượng"),
        (18, 18, "Đề nghị"),
        (19, 19, "Đồng hạng"),
        (20, 20, "Còn trống"),
        (21, 25, "Tên được đề nghị; ghi chú"),
    )
    panel.add([Cell(first, last, text, HEADING) for first, last, text in heads])
    for state in result.quotas[:MOST_QUOTAS]:
        _quota(panel, result, state)
    if len(result.quotas) > MOST_QUOTAS:
        more = len(result.quotas) - MOST_QUOTAS
        panel.bar(f"Còn {more} dòng số lượng khác: xem sheet «Đề nghị khen thưởng».", REMARK)
    if any(state.default_order for state in result.quotas):
        panel.bar("* Thứ tự xét do cơ quan ấn định; kế hoạch không ghi thứ tự.", REMARK)


def _quota(panel: Panel, result: RunResult, state: QuotaResult) -> None:
    quota = state.quota
    seated, tied, empty = (OUTCOMES[outcome] for outcome in (Outcome.PROPOSED, Outcome.TIED, Outcome.UNPROVEN))
    tie = f"{state.tied} chọn {state.tied_seats}" if state.tied else 0
    panel.add(
        [
            Cell(14, 16, _seat_text(result, state)),
            Cell(17, 17, seats_text(quota), PLAIN, Kind.CENTER),
            Cell(18, 18, state.seated, seated if state.seated else PLAIN, Kind.CENTER),
            Cell(19, 19, tie, tied if state.tied else PLAIN, Kind.CENTER),
            Cell(20, 20, state.empty, empty if state.empty else PLAIN, Kind.CENTER),
            Cell(21, 25, _names_and_note(result, state), BOLD if state.seated else PLAIN),
        ]
    )


def _seat_text(result: RunResult, state: QuotaResult) -> str:
    """Whose seat it is; the award only where it tells rows apart."""
    quota, plan = state.quota, result.plan
    what = quota_text(plan, quota) if awards_differ(plan, result.round) else blocks_text(plan, quota.blocks)
    return f"{SUBJECTS[quota.subject]}: {what}{' *' if state.default_order else ''}"


def _names_and_note(result: RunResult, state: QuotaResult) -> str:
    seated = of_quota(result, of_outcome(result, state.quota.subject, Outcome.PROPOSED), state.quota)
    names = named([item.nominee.name for item in seated], MOST_NAMES, "trường hợp")
    note = f"{shortened(state.note.rstrip('.'), 320)}." if state.note else ""
    nobody = "Các trường hợp đồng hạng: xem cột bên trái." if state.tied else "Không có trường hợp nào."
    return "\n".join(part for part in (names, note) if part) or nobody


# Counts


def _counts(panel: Panel, result: RunResult) -> None:
    panel.bar("III. SỐ LƯỢNG THEO KẾT QUẢ XÉT", SECTION)
    small = replace(HEADING, size=10)
    spots = list(range(panel.first + 2, panel.first + 2 + len(Outcome)))
    panel.add(
        [
            Cell(panel.first, panel.first + 1, "Đối tượng", small),
            *(
                Cell(spot, spot, outcome.value, replace(small, fill=OUTCOMES.get(outcome, small).fill))
                for spot, outcome in zip(spots, Outcome, strict=True)
            ),
            Cell(spots[-1] + 1, panel.last, "Tổng số", small),
        ]
    )
    for subject, label in SUBJECTS.items():
        counts = [len(of_outcome(result, subject, outcome)) for outcome in Outcome]
        panel.add(
            [
                Cell(panel.first, panel.first + 1, label, BOLD),
                *(Cell(spot, spot, count, PLAIN, Kind.CENTER) for spot, count in zip(spots, counts, strict=True)),
                Cell(spots[-1] + 1, panel.last, sum(counts), TOTAL, Kind.CENTER),
            ]
        )


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


def _gates(panel: Panel, result: RunResult) -> None:
    found = sorted(failures(result), key=lambda line: -(line[1] + line[2]))
    if not found:
        panel.bar("Không có trường hợp nào không đạt tiêu chuẩn.", REMARK)
        return
    shown = found[:MOST_GATES]
    page = panel.page
    spot = figures(page, FIGURES_ROW, ("Tiêu chuẩn", "Không đạt", "Chưa đủ căn cứ"), shown)
    title = "Không đạt hoặc chưa đủ căn cứ theo tiêu chuẩn"
    if len(shown) < len(found):
        title += f" ({len(shown)} tiêu chuẩn nhiều nhất)"
    most = max(failed + unknown for _, failed, unknown in shown)
    panel.chart(gate_chart(page, spot, len(shown), title, most), int((90 + 26 * len(shown)) / LINE))


def _notes(panel: Panel, result: RunResult) -> None:
    notes = [note for note in result.plan.notes if applies(note.rounds, result.round.code)]
    if not notes:
        return
    panel.bar("IV. LƯU Ý CỦA KẾ HOẠCH", SECTION)
    for note in notes[:MOST_NOTES]:
        panel.bar(f"- {shortened(note.text.rstrip('.'), LONGEST_NOTE)} ({note.clause}).", PROSE)
    if len(notes) > MOST_NOTES:
        panel.bar(f"Còn {len(notes) - MOST_NOTES} lưu ý khác: xem sheet «Tham số».", REMARK)
