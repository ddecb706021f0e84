"""Turns a filled sheet into the rules that tint its required cells until they are filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from thidua_xlsx.model.form import YES, Answer, SheetLayout
from thidua_xlsx.model.place import address, column_letters
from thidua_xlsx.workbooks.escaped import in_text
from thidua_xlsx.workbooks.form.filled import FilledSheet
from thidua_xlsx.workbooks.form.rules import Run, cells_text, runs


class Tint(NamedTuple):
    """Cells of one column, by the first of them, that are missing while blank: always, or where ``criteria`` is true.

    One column a rule: its formula counts from the first cell, whichever way a program finds that.
    """

    column: int
    row: int
    cells: str
    criteria: str


def missing(filled: FilledSheet) -> list[Tint]:
    """Required cells, once it is known that they must be filled; what is marked as wrong stays red."""
    layout, itself = filled.layout, filled.nominates_itself()
    groups: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for row, column, form_row, cell in filled.placed():
        if not (isinstance(cell, Answer) and (cell.required or cell.needed_if)):
            continue
        if (form_row.code, layout.columns[column - 1].header) not in filled.corrections:
            needed = _needed(layout, cell, "" if itself in (None, (row, column)) else _is_yes(*itself))
            groups.setdefault((column, needed), []).append((row, column))
    return [_tint(filled, open_runs(filled, cells), needed) for (_, needed), cells in sorted(groups.items())]


def _is_yes(row: int, column: int) -> str:
    return f'${column_letters(column)}${row}="{YES}"'


def _needed(layout: SheetLayout, answer: Answer, otherwise: str) -> str:
    """When a blank is missing, as a formula with {row} for the row; "" is always."""
    if answer.needed_if:
        header, wanted = answer.needed_if
        return f'${column_letters(layout.column_of(header))}{{row}}="{wanted}"'
    if answer.spared_by:
        by = f"${column_letters(layout.column_of(answer.spared_by))}{{row}}"
        return f"NOT(AND(ISNUMBER({by}),{by}=0))"
    return otherwise


def _tint(filled: FilledSheet, found: Sequence[Run], needed: str) -> Tint:
    column, first, _ = found[0]
    if filled.layout.open_rows:
        needed = f"COUNTA($B{first}:${column_letters(len(filled.layout.columns))}{first})>0"
    criteria = f'AND({needed.format(row=first)},{address(first, column)}="")' if needed else ""
    return Tint(column, first, " ".join(cells_text(*run) for run in found), criteria)


def open_runs(filled: FilledSheet, cells: Iterable[tuple[int, int]]) -> list[Run]:
    """Where a question is asked, the rows that people may still add included."""
    end = filled.last_row
    return [(column, first, filled.open_until if last == end else last) for column, first, last in runs(cells)]


def tints_text(tints: Sequence[Tint]) -> str:
    """The rules as XlsxWriter writes them, in a workbook whose first changed look is the tint."""
    return "".join([_tint_text(tint, number) for number, tint in enumerate(tints, start=1)])


def _tint_text(tint: Tint, priority: int) -> str:
    kind = "expression" if tint.criteria else "containsBlanks"
    formula = tint.criteria or f"LEN(TRIM({address(tint.row, tint.column)}))=0"
    return (
        f'<conditionalFormatting sqref="{tint.cells}"><cfRule type="{kind}" dxfId="0" priority="{priority}">'
        f"<formula>{in_text(formula)}</formula></cfRule></conditionalFormatting>"
    )
