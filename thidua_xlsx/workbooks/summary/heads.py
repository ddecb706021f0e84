"""Turns what is known of each unit into the sheet ``Người đứng đầu``, where the plan asks how its head answers for it.

Figures only: the assessment is the council's, in the last column.
"""

from __future__ import annotations

from collections.abc import Iterable

from thidua_xlsx.model.council import HEADS_NOTE, HEADS_OPINION, HEADS_SHEET
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.plan import Note, Unit, applies
from thidua_xlsx.model.results import Decision, Fact, Passing, RunResult, Standing
from thidua_xlsx.workbooks.sheets import Value
from thidua_xlsx.workbooks.summary import scores
from thidua_xlsx.workbooks.summary.ballots import COUNCIL, LEAST_POINTS
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import PLAIN, PROSE, Column, Kind
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import (
    block_codes,
    block_name,
    level_label,
    named,
    number_format,
    roman,
    rounded,
    shortened,
    unit_order,
)

TASKS, ON_TIME = "tasks_completed", "on_time"
NOT_IN_TIME, IN_TIME, NOT_KNOWN, NOT_SENT = "Trễ hạn", "Đúng hạn", "Chưa rõ", "Chưa nộp"
MOST_GATES, LONGEST_GATE = 3, 90


def write_heads(book: LinkedBook, result: RunResult) -> None:
    notes = [note for note in result.plan.notes if note.code == HEADS_NOTE and applies(note.rounds, result.round.code)]
    if not notes:
        return
    page = Page(book, HEADS_SHEET, _columns(result.plan.head.decimals))
    page.letterhead(result, "TRÁCH NHIỆM CỦA NGƯỜI ĐỨNG ĐẦU ĐƠN VỊ")
    for note in notes:
        page.sentence(_asked(note), PROSE)
    page.header(frozen_columns=3)
    units = result.plan.units_of(result.round)
    known = _Known(result)
    blocks = {code: place for place, code in enumerate(block_codes(result))}
    place = 0
    for number, block in enumerate(sorted({unit.block for unit in units}, key=lambda code: blocks.get(code, 99)), 1):
        own = [unit for unit in units if unit.block == block]
        page.band(f"{roman(number)}. {block_name(result.plan, block)} ({len(own)} đơn vị)")
        for unit in sorted(own, key=known.order):
            place += 1
            row = page.row(known.values(unit, place), PLAIN, {len(page.columns): COUNCIL}, LEAST_POINTS)
            page.link(row, 1, place, scores.NAME, unit.code)
    page.table_ends()
    page.signatures()
    page.finish(result)


def _columns(decimals: int) -> tuple[Column, ...]:
    figure, center = number_format(decimals), Kind.CENTER
    signed = number_format(decimals, signed=True)
    return (
        Column("STT", 4.5, center, "0", "1"),
        Column("Người đứng đầu", 22, number="2"),
        Column("Đơn vị", 26, number="3"),
        Column("Chỉ số (%)", 8, Kind.NUMBER, figure, "4"),
        Column("Xếp loại", 10, center, number="5"),
        Column("Hạng trong khối", 7, center, "0", "6"),
        Column("Tăng, giảm chỉ số", 8, Kind.NUMBER, signed, "7"),
        Column("Nhiệm vụ hoàn thành", 13, center, number="8"),
        Column("Nộp phiếu", 9, center, number="9"),
        Column("Tiêu chuẩn không đạt, chưa rõ", 28, number="10"),
        Column(HEADS_OPINION, 24, number="11"),
    )


def _asked(note: Note) -> str:
    return f"{note.text.rstrip('.')} ({note.clause})."


class _Known:
    """What the run found of each unit, by its code."""

    def __init__(self, result: RunResult) -> None:
        self.result = result
        self.standings = {item.unit.code: item for item in result.standings}
        self.decisions = {item.nominee.unit.code: item for item in result.decisions if not item.nominee.person}
        self.late = {item.unit for item in result.findings if item.code is Code.LATE}
        self.unproven = {item.unit for item in result.findings if item.code is Code.RECEIPT_UNPROVEN}
        self.missing = {unit.code for unit in result.missing}

    def order(self, unit: Unit) -> tuple[object, ...]:
        standing = self.standings.get(unit.code)
        rank = standing.rank_in_block if standing else None
        return (rank is None, rank or 0, unit_order(unit))

    def values(self, unit: Unit, place: int) -> tuple[Value, ...]:
        plan = self.result.plan
        standing = self.standings.get(unit.code)
        index = rounded(standing.index, plan.head.decimals) if standing else None
        last = rounded(unit.last_index, plan.head.decimals)
        return (
            place,
            unit.head or "…………………………",
            unit.name,
            index,
            level_label(plan, standing.level) if standing else "",
            standing.rank_in_block if standing else None,
            index - last if index is not None and last is not None else None,
            self._tasks(unit, standing),
            self._sent(unit),
            self.failed(unit),
            None,
        )

    def _tasks(self, unit: Unit, standing: Standing | None) -> str:
        """Seen by a gate of the unit's own; where no gate asks, the program has counted none."""
        found = next((fact for fact in _facts(self.decisions.get(unit.code)) if fact.name == TASKS), None)
        if found is None or found.value is None:
            return "chưa rõ" if standing else ""
        return found.shown

    def _sent(self, unit: Unit) -> str:
        if unit.code in self.missing:
            return NOT_SENT
        if unit.code in self.late:
            return NOT_IN_TIME
        return NOT_KNOWN if unit.code in self.unproven else IN_TIME

    def failed(self, unit: Unit) -> str:
        """The gates that the unit itself did not pass, in as few words as will do."""
        decision = self.decisions.get(unit.code)
        if decision is None:
            return ""
        told = [
            f"{gated.gate.clause}: {shortened(gated.reason.observed or gated.passing.value, LONGEST_GATE)}"
            for gated in decision.gates
            if gated.passing in (Passing.FAIL, Passing.UNKNOWN)
        ]
        return named(told, MOST_GATES, "tiêu chuẩn") or ("" if decision.gates else decision.outcome.value)


def _facts(decision: Decision | None) -> Iterable[Fact]:
    return (fact for gated in decision.gates for fact in gated.facts) if decision else ()
