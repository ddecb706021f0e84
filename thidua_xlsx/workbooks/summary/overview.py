"""Turns a run's result into the sheet ``Tổng quan``: one page, seen from three metres, of what to decide and whom.

First what the council must decide, then the figures, then who is proposed. All that explains stands on other sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from thidua_xlsx.model.results import Decision, Nominee, Outcome, RunResult
from thidua_xlsx.model.wording import date_text, money
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary import reasons, settle
from thidua_xlsx.workbooks.summary.agenda import agenda
from thidua_xlsx.workbooks.summary.charts import figures, outcome_chart
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import CENTERED, CENTERED_BOLD, OUTCOMES, Column, Look
from thidua_xlsx.workbooks.summary.page import TRIAL_TEXT, Page, round_text
from thidua_xlsx.workbooks.summary.panels import Cell, Panel, close
from thidua_xlsx.workbooks.summary.proposals import of_quota
from thidua_xlsx.workbooks.summary.words import SUBJECTS, capital, of_outcome, quotas_of, shortened

NAME = "Tổng quan"
GRID = (Column("", 5.6),) * 24
# A sheet of A4 lying on its side holds this many points of rows at the width of the grid; one line of names.
WHOLE, LINE, ZOOM, CHART_POINTS = 600.0, 20.0, 130, 190.0
BIG = 14.0
MOST_MATTERS, LONGEST_MATTER, MOST_NAMES = 4, 140, 60
COLLECTIVES, INDIVIDUALS, CHART = (1, 8), (9, 18), (19, 24)
URGENT = Look(bold=True, fill="#C00000", color="#FFFFFF", size=16)
CALM = replace(URGENT, fill="#375623")
WHAT, WHO = Look(bold=True, size=BIG, fill="#FFF2CC"), Look(size=BIG, fill="#FFF2CC")
NUMBER, CAPTION = Look(bold=True, size=26, align="center"), Look(align="center", size=13)
PART = Look(bold=True, fill="#1F3864", color="#FFFFFF", size=BIG)
PERSON = Look(bold=True, size=BIG, ruled=False, padded=True)
MORE = Look(italic=True, size=13, ruled=False, padded=True)
SMALL = Look(size=12, italic=True, ruled=False, padded=True)
SHORT = {Outcome.TIED: "Đồng hạng", Outcome.PROPOSED: "Đề nghị khen"}
TRIAL = Look(bold=True, align="center", size=16, fill="#C00000", color="#FFFFFF", ruled=False)


def write_overview(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, GRID)
    _letterhead(page, result)
    _matters(page, result)
    page.gap(6.0)
    _tiles(page, result)
    page.gap(6.0)
    _names(page, result)
    _money(page, result)
    page.finish(result)
    # Margins of a hand-out, not of a signed paper: the lists behind it are signed.
    page.sheet.set_margins(left=0.6, right=0.6, top=0.5, bottom=0.6)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.set_zoom(ZOOM)


def _letterhead(page: Page, result: RunResult) -> None:
    head = result.plan.head
    small, bold = replace(CENTERED, size=12), replace(CENTERED_BOLD, size=12)
    above, below = (head.parent_authority, head.authority) if head.parent_authority else (head.authority, "")
    page.halves(above.upper(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", small if below else bold, bold, 16.0)
    page.halves(below.upper(), "Độc lập - Tự do - Hạnh phúc", bold, bold, 16.0)
    if result.trial:
        page.band(TRIAL_TEXT, TRIAL)
        page.band(f"Giả định: {'; '.join(result.trial)}", replace(CENTERED, size=12))
    page.band("TỔNG HỢP KẾT QUẢ XÉT KHEN THƯỞNG", replace(CENTERED_BOLD, size=20))
    page.band(head.title, replace(CENTERED_BOLD, size=12))
    page.band(f"{round_text(result)}; tổng hợp ngày {date_text(result.today)}", replace(CENTERED, size=12))


# What must be decided


def _matters(page: Page, result: RunResult) -> None:
    found = agenda(result)
    council = [matter for matter in found if matter.council]
    if council:
        page.band("HỘI ĐỒNG PHẢI QUYẾT ĐỊNH", URGENT)
    else:
        page.band("HỘI ĐỒNG KHÔNG PHẢI QUYẾT ĐỊNH RIÊNG VIỆC NÀO: không đồng hạng, không thiếu căn cứ", CALM)
    for number, matter in enumerate(council[:MOST_MATTERS], start=1):
        tallest = page.span(1, 9, f"{number}. {matter.what}", WHAT)
        page.height(max(tallest, page.span(10, 24, shortened(matter.who, LONGEST_MATTER), WHO)))
    more, office = len(council) - MOST_MATTERS, sum(not matter.council for matter in found)
    told = [f"còn {more} việc khác của Hội đồng" if more > 0 else ""]
    told += [f"cơ quan thường trực xử lý {office} việc trước khi họp" if office else ""]
    if found:
        text = "; ".join([*(part for part in told if part), "chi tiết ở cuối sheet «Lý do» (bấm vào đây)"])
        row = page.band(capital(f"{text}."), MORE)
        page.link(row, 1, capital(f"{text}."), reasons.NAME, settle.ANCHOR, MORE)


# Figures at a glance


def _counted(decisions: Sequence[Decision]) -> str:
    """«3 + 6»: collectives and persons."""
    subjects = [item.nominee.subject for item in decisions]
    return " + ".join(str(subjects.count(subject)) for subject in SUBJECTS)


def _tiles(page: Page, result: RunResult) -> None:
    """Collectives and persons as «3 + 7»: the captions say so once."""
    total = len(result.plan.units_of(result.round))
    of = {outcome: [item for item in result.decisions if item.outcome is outcome] for outcome in Outcome}
    proposed, tied, reserve = (of[outcome] for outcome in (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE))
    seats = sum(state.tied_seats for state in result.quotas)
    empty = sum(state.empty for state in result.quotas)
    green, amber = (OUTCOMES[outcome].fill for outcome in (Outcome.PROPOSED, Outcome.TIED))
    tiles = (
        (1, 4, f"{total - len(result.missing)}/{total}", "đơn vị đã nộp", ""),
        (5, 9, _counted([*proposed, *tied, *reserve]), "đủ tiêu chuẩn\n(tập thể + cá nhân)", ""),
        (10, 14, _counted(proposed), "ĐỀ NGHỊ KHEN\n(tập thể + cá nhân)", green),
        (15, 19, _counted(tied) if tied else "0", f"ĐỒNG HẠNG\n{_choice(seats)}", amber if tied else ""),
        (20, 24, str(empty), "suất còn trống", OUTCOMES[Outcome.UNPROVEN].fill if empty else ""),
    )
    for part, look in ((2, NUMBER), (3, CAPTION)):
        page.height(max(page.span(*tile[:2], tile[part], replace(look, fill=tile[4])) for tile in tiles))


def _choice(seats: int) -> str:
    return f"chọn {seats} suất" if seats else "không có"


# Who is proposed


def _names(page: Page, result: RunResult) -> None:
    """Two columns of names and the chart, as many lines as the page has left."""
    panels = [Panel(page, *spot, line=LINE) for spot in (COLLECTIVES, INDIVIDUALS, CHART)]
    room = int((WHOLE - sum(page.heights) - LINE) / LINE)
    for panel, (subject, label) in zip(panels, SUBJECTS.items(), strict=False):
        items = _in_order(result, subject)
        panel.bar(f"{label.upper()} ĐƯỢC ĐỀ NGHỊ: {len(items)}", PART)
        _listed(panel, [item.nominee for item in items], max(room - 2, 6))
        _left_open(panel, result, subject)
    named = max(panel.next for panel in panels) - page.next
    chart_rows = max(named, min(room, int(250 / LINE)), int(CHART_POINTS / LINE))
    _chart(panels[2], result, chart_rows)
    close(page, panels)


def _in_order(result: RunResult, subject: str) -> list[Decision]:
    """As on the list: quota row by quota row, best first."""
    proposed = of_outcome(result, subject, Outcome.PROPOSED)
    listed = [item for quota in quotas_of(result.plan, result.round) for item in of_quota(result, proposed, quota)]
    return listed + [item for item in proposed if item.quota is None]


def _listed(panel: Panel, nominees: Sequence[Nominee], room: int) -> None:
    """Names with their units where there is room for it; else names alone, in two columns if need be."""
    if not nominees:
        panel.bar("Không có trường hợp nào.", MORE)
        return
    half = (panel.first + panel.last) // 2
    for whole, spots in ((True, ((panel.first, panel.last),)), (False, ((panel.first, half), (half + 1, panel.last)))):
        rows = _rows(nominees, whole, spots)
        if sum(_high(panel, row) for row in rows) <= room:
            break
    shown = 0
    for row in rows:
        room -= _high(panel, row)
        if room < 1 and shown + len(row) < len(nominees):
            panel.bar(f"và {len(nominees) - shown} trường hợp khác: xem «Đề nghị khen thưởng»", MORE)
            return
        panel.add(row)
        shown += len(row)


def _rows(nominees: Sequence[Nominee], whole: bool, spots: Sequence[tuple[int, int]]) -> list[list[Cell]]:
    """The names across so many columns, numbered along the rows."""
    cells = [
        Cell(*spots[(number - 1) % len(spots)], f"{number}. {_text(nominee, whole)}", PERSON)
        for number, nominee in enumerate(nominees[:MOST_NAMES], start=1)
    ]
    return [cells[start : start + len(spots)] for start in range(0, len(cells), len(spots))]


def _high(panel: Panel, row: Sequence[Cell]) -> int:
    return max(panel.rows_of(cell) for cell in row)


def _text(nominee: Nominee, whole: bool) -> str:
    return f"{nominee.name} – {nominee.unit.name}" if nominee.person and whole else nominee.name


def _left_open(panel: Panel, result: RunResult, subject: str) -> None:
    states = [state for state in result.quotas if state.quota.subject == subject]
    empty, tied = sum(state.empty for state in states), sum(state.tied_seats for state in states)
    told = [f"{tied} suất chờ Hội đồng chọn" if tied else "", f"{empty} suất trống" if empty else ""]
    if any(told):
        panel.bar(f"Còn {', '.join(text for text in told if text)}.", MORE)


def _chart(panel: Panel, result: RunResult, rows: int) -> None:
    counts: list[tuple[Value, ...]] = []
    for outcome in Outcome:
        subjects = [item.nominee.subject for item in result.decisions if item.outcome is outcome]
        if subjects:
            counts.append((SHORT.get(outcome, outcome.value), *(subjects.count(subject) for subject in SUBJECTS)))
    if counts:
        spot = figures(panel.page, 2, ("Kết quả xét", *SUBJECTS.values()), counts, away=12)
        panel.chart(outcome_chart(panel.page, spot, len(counts), "Kết quả xét (số trường hợp)"), rows)


def _money(page: Page, result: RunResult) -> None:
    paid = [item.money for item in result.decisions if item.outcome is Outcome.PROPOSED and item.money]
    if paid:
        mark = " (tạm tính)" if any(item.provisional for item in paid) else ""
        page.band(f"Tiền thưởng các đề nghị{mark}: {money(sum(item.amount for item in paid))}", SMALL)
