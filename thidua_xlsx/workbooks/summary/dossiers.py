"""Turns the state of every paper into the sheet ``Hồ sơ``: what each unit and person has, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from thidua_xlsx.model.plan import DossierItem, applies
from thidua_xlsx.model.results import DossierState, RunResult
from thidua_xlsx.workbooks.places import spots
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import GROUP, PLAIN, PROSE, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import person_order, unit_order

NAME = "Hồ sơ"
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Đơn vị", 28, number="2"),
    Column("Cá nhân", 22, number="3"),
    Column("Văn bản", 38, number="4"),
    Column("Mẫu", 9, Kind.CENTER, number="5"),
    Column("Số bộ", 6, Kind.CENTER, "0", "6"),
    Column("Tình trạng", 13, Kind.CENTER, number="7"),
    Column("Số, ngày văn bản", 22, number="8"),
    Column("Xem ở", 24, number="9"),
)
PRESENT, ABSENT, BLANK = "Có", "Chưa có", "Chưa trả lời"
LOOKS = {ABSENT: Look(bold=True, fill="#F8CBAD"), BLANK: Look(bold=True, fill="#FCE4D6")}
LATER = "Lập sau khi xét"


def write_dossiers(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "TÌNH TRẠNG HỒ SƠ ĐỀ NGHỊ")
    papers = {item.code: place for place, item in reversed(list(enumerate(result.plan.dossiers)))}
    states = sorted(result.dossiers, key=lambda state: _order(papers, state))
    page.sentence(_counts(states), PROSE)
    page.header()
    for number, state in enumerate(states, start=1):
        page.row(_values(state, number), PLAIN, {7: LOOKS.get(_state(state), PLAIN)})
    page.table_ends()
    _council_papers(page, result)
    page.signatures()
    page.finish(result)


def _order(papers: Mapping[str, int], state: DossierState) -> tuple[object, ...]:
    """Units by name, a unit before its people, papers as the plan lists them."""
    place = papers.get(state.item)
    person = state.person
    who = (0, 0, ()) if person is None else (1, person.row, person_order(person.name))
    return (*unit_order(state.unit), *who, place is None, place or 0, state.item)


def _state(state: DossierState) -> str:
    if state.present is None:
        return BLANK
    return PRESENT if state.present else ABSENT


def _counts(states: list[DossierState]) -> str:
    if not states:
        return "Không có văn bản nào phải kê khai trong phiếu của đợt này, hoặc chưa có phiếu hợp lệ."
    counts = {text: sum(_state(state) == text for state in states) for text in (PRESENT, ABSENT, BLANK)}
    return (
        f"Tổng số {len(states)} văn bản phải có: đã có {counts[PRESENT]}, chưa có {counts[ABSENT]}, "
        f"chưa trả lời {counts[BLANK]}."
    )


def _values(state: DossierState, number: int) -> tuple[Value, ...]:
    where = "; ".join(
        ", ".join(part for part in (spot.file, spot.sheet, *spot.cells) if part) for spot in spots([state.place])
    )
    return (
        number,
        state.unit.name,
        state.person.name if state.person else "",
        state.name,
        state.form,
        state.sets,
        _state(state),
        state.number_date,
        where,
    )


def _council_papers(page: Page, result: RunResult) -> None:
    """What the office and the council still have to draw up; nobody declares it in a form."""
    declared = {state.item for state in result.dossiers}
    items = [
        item
        for item in result.plan.dossiers
        if item.stage == "council" and item.code not in declared and applies(item.rounds, result.round.code)
    ]
    page.gap()
    page.band("Văn bản do cơ quan thường trực và Hội đồng lập", GROUP)
    if not items:
        page.sentence("Không có văn bản nào theo kế hoạch.", PROSE)
    for number, item in enumerate(items, start=1):
        page.row(_council_values(result, item, number))


def _council_values(result: RunResult, item: DossierItem, number: int) -> tuple[Value, ...]:
    form = " ".join(part for part in (item.form, item.decree) if part)
    return (number, result.plan.head.standing_body, "", item.name, form, item.sets, LATER, "", f"Căn cứ {item.clause}")
