"""Turns every outcome other than a proposal into lines of the sheet ``Lý do``: rule, seen, asked, and where."""

from __future__ import annotations

from thidua_xlsx.model.council import ballot_code
from thidua_xlsx.model.results import Decision, Outcome, Reason, RunResult
from thidua_xlsx.workbooks.places import spots
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import OUTCOMES, PLAIN, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.settle import write_gates, write_matters, write_settlings
from thidua_xlsx.workbooks.summary.words import SUBJECTS, capital, of_outcome, shortened

NAME = "Lý do"
TITLE = "LÝ DO CHƯA ĐỀ NGHỊ KHEN THƯỞNG"
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Đơn vị", 21, number="2"),
    Column("Cá nhân", 18, number="3"),
    Column("Kết quả xét", 12.5, number="4"),
    Column("Lý do", 34, number="5"),
    Column("Thực tế", 16, number="6"),
    Column("Yêu cầu", 15, number="7"),
    Column("Mã quy tắc", 12, number="8"),
    Column("Căn cứ", 9.5, Kind.CENTER, number="9"),
    Column("Tệp", 14, number="10"),
    Column("Sheet", 11, number="11"),
    Column("Ô", 8, number="12"),
)
LONGEST = 400
BOLD = Look(bold=True)


def write_reasons(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, TITLE)
    page.header(frozen_columns=3)
    others = [outcome for outcome in Outcome if outcome is not Outcome.PROPOSED]
    decisions = [item for subject in SUBJECTS for item in of_outcome(result, subject, *others)]
    number = 0
    for item in decisions:
        for reason in item.reasons:
            number += 1
            row = page.row(_values(item, reason, number), PLAIN, {4: OUTCOMES.get(item.outcome, BOLD)})
            page.anchor(ballot_code(item.nominee), row)
    if not number:
        page.sentence("Không có trường hợp nào chưa được đề nghị.")
    page.table_ends()
    write_matters(page, result)
    write_settlings(page, result)
    write_gates(page, result)
    page.signatures()
    page.finish(result)


def message_of(item: Decision, reason: Reason) -> str:
    """The reason as a sentence; one in reserve is also told how far the cut was."""
    if item.distance and item.distance not in reason.message:
        return f"{reason.message.rstrip('.')}. {capital(item.distance).rstrip('.')}."
    return reason.message


def _values(item: Decision, reason: Reason, number: int) -> tuple[Value, ...]:
    where = spots(reason.places)
    return (
        number,
        item.nominee.unit.name,
        item.nominee.person.name if item.nominee.person else "(tập thể)",
        item.outcome.value,
        message_of(item, reason),
        reason.observed,
        reason.required,
        reason.gate,
        reason.clause,
        "\n".join(spot.file for spot in where),
        "\n".join(spot.sheet for spot in where),
        "\n".join(shortened(", ".join(spot.cells), LONGEST) for spot in where),
    )
