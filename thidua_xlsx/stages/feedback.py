"""Turns a checked return into what its feedback workbook shows: the unit's own answers, and what to correct."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from thidua_xlsx.model.findings import Finding, Severity
from thidua_xlsx.model.form import ORDER, PEOPLE, Correction
from thidua_xlsx.model.submission import Submission

Answers = dict[tuple[str, str, str], Decimal | str | date]


def shown_codes(given: Submission) -> dict[tuple[str, int], str]:
    """The row code under which each received row stands in the feedback, by (sheet, Excel row).

    Persons whose order is blank, or the same as another's, get the next free number: no row is lost, and the
    finding on their order says what to settle.
    """
    people = given.sheet(PEOPLE)
    taken: set[str] = set()
    codes: dict[tuple[str, int], str] = {}
    free = max((int(row.code) for row in people if row.code), default=0)
    for row in given.rows:
        code = row.code
        if row.sheet == PEOPLE:
            if not code or code in taken:
                free += 1
                code = str(free)
            taken.add(code)
        codes[row.sheet, row.row] = code
    return codes


def received_answers(given: Submission) -> Answers:
    """Every answer as it was read; one that could not be read stays as it was typed, so that nothing is lost."""
    codes = shown_codes(given)
    return {
        (row.sheet, codes[row.sheet, row.row], header): mark.value if mark.value is not None else mark.text
        for row in given.rows
        for header, mark in row.marks.items()
        if not mark.blank
    }


def corrections(given: Submission, warnings: bool = False) -> tuple[Correction, ...]:
    """Each error at its cell, in the order of the form; with ``warnings`` those too, as cells to look at again."""
    codes = shown_codes(given)
    by_place = {
        mark.place: (row.sheet, codes[row.sheet, row.row], header)
        for row in given.rows
        for header, mark in row.marks.items()
    }

    def spot(item: Finding) -> tuple[str, str, str]:
        if item.place in by_place:
            return by_place[item.place]
        order = codes.get((PEOPLE, item.person_row or 0))
        return (PEOPLE, order, ORDER) if order else (item.place.sheet, "", "")

    order = {key: number for number, key in enumerate(by_place.values())}
    wanted = (Severity.ERROR, Severity.WARNING) if warnings else (Severity.ERROR,)
    made = {
        Correction(
            *spot(item),
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
