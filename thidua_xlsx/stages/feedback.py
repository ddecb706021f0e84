"""Turns a checked return into what its feedback workbook shows: the unit's own answers, and what to correct."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.form import Correction
from thidua_xlsx.model.submission import Submission

Answers = dict[tuple[str, str, str], Decimal | str | date]


def received_answers(given: Submission) -> Answers:
    """Every answer as it was read; one that could not be read stays as it was typed, so that nothing is lost."""
    return {
        (row.sheet, row.code, header): mark.value if mark.value is not None else mark.text
        for row in given.rows
        for header, mark in row.marks.items()
        if not mark.blank
    }


def corrections(given: Submission, warnings: bool = False) -> tuple[Correction, ...]:
    """Each error at its cell, in the order of the form; with ``warnings`` those too, as cells to look at again."""
    by_place = {mark.place: (row.sheet, row.code, header) for row in given.rows for header, mark in row.marks.items()}
    order = {key: number for number, key in enumerate(by_place.values())}
    wanted = (Severity.ERROR, Severity.WARNING) if warnings else (Severity.ERROR,)
    made = {
        Correction(
            *by_place.get(item.place, (item.place.sheet, "", "")),
            item.message,
            item.severity is Severity.ERROR,
        )
        for item in given.findings
        if item.severity in wanted
    }
    return tuple(
        sorted(
            made,
            key=lambda item: (
                order.get((item.sheet, item.row, item.header), -1),
                item.sheet,
                item.row,
                item.header,
                item.message,
            ),
        )
    )
