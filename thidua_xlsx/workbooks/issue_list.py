"""Turns the units of a round into ``danh-sach-<round>.xlsx``: who is to be sent which workbook."""

from __future__ import annotations

from collections.abc import Set

from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.stages.intake.deadlines import deadline_text
from thidua_xlsx.workbooks.sheets import open_workbook
from thidua_xlsx.workbooks.summary.looks import CENTERED_BOLD, CENTERED_ITALIC, TITLE, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page

COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0"),
    Column("Mã", 14),
    Column("Đơn vị", 44),
    Column("Thư điện tử", 34),
    Column("Người liên hệ", 34),
    Column("Tệp phiếu", 20),
)


def write_issue_list(plan: Plan, round_: Round, there: Set[str]) -> bytes:
    """One row a unit of the round; ``there`` are the codes of units whose workbook lies ready."""
    work = open_workbook(title="Danh sách phát hành phiếu")
    page = Page(work, "Phát hành phiếu", COLUMNS)
    page.band("DANH SÁCH PHÁT HÀNH PHIẾU", TITLE)
    page.band(plan.head.title, CENTERED_BOLD)
    page.band(f"{round_.name}; nộp {deadline_text(round_)}", CENTERED_ITALIC)
    page.gap()
    page.header(frozen_columns=3)
    for number, unit in enumerate(plan.units_of(round_), start=1):
        file = f"{unit.code}.xlsx" if unit.code in there else "chưa lập phiếu"
        page.row((number, unit.code, unit.name, unit.email or "chưa có", unit.contact, file))
    page.table_ends()
    page.close(plan.head.standing_body)
    return work.close()
