"""Turns what was printed on a form and what stands there now into findings: changed printed cells and totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from thidua_xlsx.model.cells import Cell
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import CLAIM, FormRow, Locked
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.submission import AnswerRow
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.intake.find_sheets import Found

PLAIN_SUM = re.compile(r"\s*SUM\([^()]*\)\s*", re.IGNORECASE)


def same_text(cell: Cell | None, expected: Locked) -> bool:
    """Whether a printed cell still says what was issued, numbers as numbers, texts after folding."""
    if cell is None:
        return expected is None or expected == ""
    if cell.text == expected:
        return True
    if isinstance(expected, int | Decimal):
        try:
            return round(Decimal(cell.text), 9) == round(Decimal(expected), 9)
        except InvalidOperation:
            return False
    return fold(cell.text) == fold(str(expected))


def locked_findings(found: Found, rows: dict[str, int], file: str, unit: str) -> Iterator[Finding]:
    """Printed cells that were changed (labels, maxima, methods); dates are shown, not compared."""
    cells, numbers = found.sheet.cells, found.numbers
    for form_row in () if found.printed else found.asked.rows:
        row = rows.get(form_row.code)
        if row is None:
            continue
        for place, expected, text in form_row.printed:
            if not numbers[place]:
                continue
            cell = cells.get((row, numbers[place]))
            if (cell is None or cell.text != text) and not same_text(cell, expected):
                slot = found.slots[place]
                yield finding(
                    Code.LOCKED_CELL_CHANGED,
                    Place(file, found.sheet.name, f"{slot.letters}{row}"),
                    unit=unit,
                    value=cell.text if cell else "",
                    header=slot.header,
                )


def total_findings(
    found: Found, rows: dict[str, int], marks: dict[str, AnswerRow], file: str, unit: str
) -> Iterator[Finding]:
    """A total that no longer is a sum, and says something else than the claims below it add up to."""
    sums: dict[str, Decimal] | None = None
    for form_row in found.asked.totals:
        row = rows.get(form_row.code)
        cell = found.cell(row, CLAIM) if row else None
        if row is None or cell is None:
            continue
        if cell.formula is not None:
            changed = bool(cell.formula) and not PLAIN_SUM.fullmatch(cell.formula)
        else:
            sums = sums or _sums(found.asked.totals, marks)
            changed = not same_text(cell, sums[form_row.code])
        if changed:
            yield finding(Code.TOTAL_CHANGED, found.place(file, row, CLAIM), unit=unit, value=cell.text)


def _sums(totals: list[FormRow], marks: dict[str, AnswerRow]) -> dict[str, Decimal]:
    """What each total adds up to."""
    sums: dict[str, Decimal] = {
        code: claim
        for code, row in marks.items()
        if (said := row.under(CLAIM)) and isinstance(claim := said.value, Decimal)
    }
    for form_row in totals:
        sums[form_row.code] = sum((sums.get(code, Decimal(0)) for code in form_row.sums), Decimal(0))
    return sums
