"""Turns a plan, a round and a unit into the layout of that unit's form."""

from __future__ import annotations

from hashlib import blake2b

from thidua_xlsx.model.form import (
    Answer,
    FormLayout,
    Locked,
    SheetLayout,
    Stamp,
)
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.stages.deadlines import deadline_text
from thidua_xlsx.stages.lay_out_scores import scores_sheet
from thidua_xlsx.stages.lay_out_sheets import dossier_sheet, indices_sheet, information_sheet, people_sheet, tasks_sheet

# Printed for the reader's eye; the office may correct them after issue without making forms outdated.
ONLY_SHOWN = ("Năm trước", "Thời hạn", "Mẫu", "Số bộ")


def asks_something(sheet: SheetLayout) -> bool:
    return any(isinstance(cell, Answer) for row in sheet.rows for cell in row.cells)


def asked_of(cell: Locked | Answer) -> object:
    """What a cell asks, without the hint beside it."""
    return (
        (
            cell.asks.name,
            cell.label,
            cell.required,
            cell.options,
            cell.minimum,
            cell.maximum,
            cell.step,
            cell.low,
            cell.high,
        )
        if isinstance(cell, Answer)
        else cell
    )


def version_of(sheets: tuple[SheetLayout, ...]) -> str:
    """Digest of what the form asks this unit: codes, labels, maxima, methods, options.

    Seats, gates, deadlines and money never enter a form; figures printed only to be looked at do not count.
    """
    asked = [
        (
            sheet.name,
            [
                (column.header, [asked_of(row.cells[place]) for row in sheet.rows])
                for place, column in enumerate(sheet.columns)
                if column.header not in ONLY_SHOWN
            ],
        )
        for sheet in sheets
    ]
    return blake2b(repr(asked).encode(), digest_size=5).hexdigest()


def check_of(plan: str, year: int, round_: str, unit: str, version: str) -> str:
    """The stamp's checksum: catches typing and copying accidents, keeps no secret."""
    return blake2b(f"{plan}/{year}/{round_}/{unit}/{version}".encode(), digest_size=3).hexdigest()


def lay_out(plan: Plan, round_: Round, unit: Unit) -> FormLayout:
    """The form of one unit for one round; a sheet with nothing to ask is left out."""
    build = (information_sheet, scores_sheet, tasks_sheet, indices_sheet, people_sheet, dossier_sheet)
    sheets = tuple(sheet for sheet in (make(plan, round_, unit) for make in build) if asks_something(sheet))
    version = version_of(sheets)
    head = plan.head
    stamp = Stamp(
        head.id,
        head.year,
        round_.code,
        unit.code,
        version,
        check_of(head.id, head.year, round_.code, unit.code, version),
    )
    return FormLayout(
        stamp,
        unit.name,
        head.title,
        head.authority,
        head.standing_body,
        round_.name,
        deadline_text(round_),
        unit.contact or "",
        sheets,
    )
