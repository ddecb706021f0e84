"""Turns the summary as the run made it and the one the council gives back into every cell changed beside the council's.

Rows sorted or filtered by hand are the same rows. What the workbook computes itself (the live count of seats left) is
compared only where somebody typed over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.council import COUNCIL_SHEET, HEADS_SHEET
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.numerals import number_in_file
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.council.read_council import At, council_grid, sheet_named

Said = tuple[str, str]
Rows = dict[int, dict[int, Said]]
# Beyond so many rows without a twin, like is not sought among like: those of one number are compared.
FEW = 300
BLANK: Said = ("", "")


def said(cell: Cell) -> Said:
    """What a cell says, the same from every program that saves it; a number in the digits that Excel keeps."""
    if cell.kind is Kind.NUMBER and (number := number_in_file(cell.text)) is not None:
        return "number", format(float(number), ".15g") if isinstance(number, Decimal) else str(number)
    text = clean(cell.text)
    return (cell.kind.value, text) if text else BLANK


def changed_cells(made: Book, given: Book, file: str, codes: frozenset[str]) -> tuple[Finding, ...]:
    """Every cell, row and sheet that differs, save the council's own; ``codes`` are those of its ballots."""
    findings: list[Finding] = []
    ours, theirs = (_council(book, codes) for book in (made, given))
    for sheet in made.sheets:
        other = sheet_named(given, sheet.name)
        if other is None:
            findings.append(finding(Code.SUMMARY_SHEET_MISSING, Place(file, sheet.name), sheet=sheet.name))
        elif fold(sheet.name) == fold(COUNCIL_SHEET):
            findings += _sheet(sheet, other, ours, theirs, file)
        else:
            findings += _sheet(sheet, other, _Council(), _Council(), file)
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Council:
    """What is the council's on a sheet: its free cells, and the code of each ballot by its row."""

    free: frozenset[At] = frozenset()
    codes: Mapping[int, str] = field(default_factory=dict)


def _council(book: Book, codes: frozenset[str]) -> _Council:
    grid = council_grid(book)
    if grid is None:
        return _Council()
    voted = {item.row: item.code for item in grid.rows if item.code in codes or grid.voted_on(item)}
    return _Council(grid.free(codes), voted)


def _sheet(sheet: Sheet, other: Sheet, council: _Council, theirs: _Council, file: str) -> Iterator[Finding]:
    computed = {at for at, cell in sheet.cells.items() if cell.formula is not None}
    still = {at for at, cell in other.cells.items() if cell.formula is not None} & _columns(computed, other)
    made, given = _rows(sheet, council.free | computed), _rows(other, theirs.free | still)
    if fold(sheet.name) == fold(HEADS_SHEET):
        _leave_blanks(made, given)
    # A formula typed over with its own value at its own place changes nothing that anybody reads.
    for row, line in given.items():
        for column in [column for column in line if (row, column) in computed]:
            if said(sheet.cells[row, column]) == line[column]:
                del line[column]
    lost, new = _unmatched(made, given)
    rows = {code: row for row, code in sorted(theirs.codes.items(), reverse=True)}
    same = [(row, rows[code]) for row in lost if (code := council.codes.get(row)) and rows.get(code) in new]
    # Ballots that are gone, or there twice, are told by whoever reads them.
    lost = [row for row in lost if row not in council.codes]
    new = [row for row in new if row not in theirs.codes]
    for row, twin in (*same, *_pairs(lost, new, made, given)):
        yield from _cells(other.name, file, made[row], given[twin], twin)
        lost = [item for item in lost if item != row]
        new = [item for item in new if item != twin]
    for row in lost:
        yield finding(Code.SUMMARY_ROW_DELETED, Place(file, other.name), value=_row_text(made[row]))
    for row in new:
        place = Place(file, other.name, address(row, min(given[row])))
        yield finding(Code.SUMMARY_ROW_ADDED, place, value=_row_text(given[row]))


def _columns(computed: set[At], other: Sheet) -> set[At]:
    """Cells in columns in which we compute: sorted rows take their formulas along."""
    columns = {column for _, column in computed}
    return {at for at in other.cells if at[1] in columns}


def _rows(sheet: Sheet, without: frozenset[At] | set[At]) -> Rows:
    rows: Rows = defaultdict(dict)
    for (row, column), cell in sorted(sheet.cells.items()):
        if (row, column) not in without and (value := said(cell)) != BLANK:
            rows[row][column] = value
    return dict(rows)


def _leave_blanks(made: Rows, given: Rows) -> None:
    """On the sheet of the heads of units the council notes its assessment wherever we left a blank."""
    for row, line in given.items():
        for column in [column for column in line if column not in made.get(row, {})]:
            del line[column]
    for row in [row for row, line in given.items() if not line]:
        del given[row]


def _unmatched(made: Rows, given: Rows) -> tuple[list[int], list[int]]:
    """Rows without a row that says the same, wherever it stands."""
    lost = [row for row in made if given.get(row) != made[row]]
    new = [row for row in given if made.get(row) != given[row]]
    places: dict[tuple[tuple[int, Said], ...], list[int]] = defaultdict(list)
    for row in new:
        places[tuple(sorted(given[row].items()))].append(row)
    left = []
    for row in lost:
        same = places.get(tuple(sorted(made[row].items())))
        if same:
            same.pop(0)
        else:
            left.append(row)
    return left, sorted(row for rows in places.values() for row in rows if given[row])


def _pairs(lost: list[int], new: list[int], made: Rows, given: Rows) -> list[tuple[int, int]]:
    """Which changed row was which: the one most alike, and among equals the one of the same number."""
    free, pairs = list(new), []
    for row in lost:
        among = free if len(new) <= FEW else [row] if row in free else []
        alike = {twin: sum(given[twin].get(column) == value for column, value in made[row].items()) for twin in among}
        best = max(alike, key=lambda twin: (alike[twin], twin == row, -twin), default=None)
        if best is not None and (2 * alike[best] >= len(made[row]) or (best == row and len(lost) == len(new))):
            pairs.append((row, best))
            free.remove(best)
    return pairs


def _cells(sheet: str, file: str, made: Mapping[int, Said], given: Mapping[int, Said], row: int) -> Iterator[Finding]:
    for column in sorted({*made, *given}):
        before, after = made.get(column, BLANK), given.get(column, BLANK)
        if before != after:
            place = Place(file, sheet, address(row, column))
            shown = (text or "trống" for _, text in (before, after))
            was, now = shown
            yield finding(Code.SUMMARY_CELL_CHANGED, place, value=now, read=was)


def _row_text(line: Mapping[int, Said]) -> str:
    text = "; ".join(text for _, text in list(line.values())[:4])
    return text if len(text) <= 120 else f"{text[:117]}…"
