"""Turns a plan workbook into raw rows, each key with its cell.

Sheets are found by name and columns by the names of their keys, never by address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import INSTRUCTIONS, LISTS
from thidua_xlsx.model.language import TABLES, Holds, Key, Table
from thidua_xlsx.model.numerals import number_in_file
from thidua_xlsx.model.place import Place, address, column_letters
from thidua_xlsx.model.plan import RowPlace
from thidua_xlsx.model.plan_source import NotPlain, Raw, RawRow, RawRows
from thidua_xlsx.model.reading import read_date
from thidua_xlsx.model.refusals import why_refused
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.plans.build_plan import table_label, unknown_key, unknown_table
from thidua_xlsx.workbooks.reader.cells import read_book

NOT_READ = {fold(INSTRUCTIONS), fold(LISTS)}
BY_SHEET = {fold(table.sheet): table for table in TABLES}
HEADER_DEPTH = 20
REQUIRED_MARK = "*"

TYPED = "giá trị gõ trực tiếp, không phải công thức"
NO_ERROR = "giá trị, ô này đang báo lỗi"
NO_RICH = "văn bản thường, không có chữ nâng hoặc hạ dòng"
READABLE = "số"

Found = tuple[list[RawRow], list[Finding]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the keys of a table stand in a sheet: the row of their names, and each column's key."""

    row: int
    keys: Mapping[int, Key]


def read_plan_workbook(data: bytes, name: str) -> tuple[RawRows, tuple[Finding, ...]]:
    """The rows of a plan workbook; ``name`` is the file as findings call it."""
    book = read_book(data)
    if isinstance(book, Refusal):
        return (), (finding(Code.PLAN_UNREADABLE, Place(name), detail=why_refused(book.code)),)
    if not any(fold(sheet.name) in BY_SHEET for sheet in book.sheets):
        return (), (finding(Code.PLAN_UNREADABLE, Place(name), detail="tệp không có sheet nào của kế hoạch"),)
    rows: list[RawRow] = []
    findings: list[Finding] = []
    seen: dict[str, Sheet] = {}
    for sheet in book.sheets:
        folded = fold(sheet.name)
        first = seen.setdefault(folded, sheet)
        if folded in NOT_READ or not _filled(sheet):
            continue
        if first is not sheet:
            findings.append(
                finding(
                    Code.PLAN_DUPLICATE, Place(name, sheet.name, "A1"), value=sheet.name, other=f"sheet {first.name}"
                )
            )
        elif folded not in BY_SHEET:
            findings.append(unknown_table(sheet.name, Place(name, sheet.name, "A1")))
        else:
            found, faults = _sheet_rows(name, book, sheet, BY_SHEET[folded])
            rows += found
            findings += faults
    return tuple(rows), tuple(findings)


def _filled(sheet: Sheet) -> bool:
    return any(_says(cell) for cell in sheet.cells.values())


def _says(cell: Cell) -> bool:
    return cell.formula is not None or cell.kind is Kind.ERROR or bool(clean(cell.text))


def _sheet_rows(file: str, book: Book, sheet: Sheet, table: Table) -> Found:
    columns = _by_names(sheet, table) or _by_headings(sheet, table)
    if columns is None:
        keys = ", ".join(key.name for key in table.keys)
        return [], [
            finding(
                Code.PLAN_INCOMPLETE,
                Place(file, sheet.name, "A1"),
                value=table.name,
                detail=f"Sheet {table_label(table)} không có dòng mã cột ({keys})",
            )
        ]
    rows = []
    for row, cells in _filled_rows(sheet, columns):
        values = {
            key.name: _raw(key, cells[column], book.date1904) for column, key in columns.keys.items() if column in cells
        }
        rows.append(RawRow(table.name, values, _source(file, sheet, row, columns)))
    return rows, [*_doubled(file, sheet, table, columns), *_strangers(file, sheet, table, columns)]


def _source(file: str, sheet: Sheet, row: int, columns: Columns) -> RowPlace:
    places = tuple((key.name, Place(file, sheet.name, address(row, column))) for column, key in columns.keys.items())
    return RowPlace(Place(file, sheet.name, address(row, min(columns.keys))), places)


def _top_rows(sheet: Sheet) -> dict[int, dict[int, str]]:
    """The texts of the first rows, where the names of columns may stand."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet.cells.items():
        if row <= HEADER_DEPTH and cell.kind is Kind.TEXT and clean(cell.text):
            rows.setdefault(row, {})[column] = clean(cell.text)
    return rows


def _by_names(sheet: Sheet, table: Table) -> Columns | None:
    """The machine row: the row that holds most names of keys."""
    return _best(sheet, {key.name: key for key in table.keys}, str.lower)


def _by_headings(sheet: Sheet, table: Table) -> Columns | None:
    """The headings, where somebody deleted the machine row."""
    keys = {fold(key.heading): key for key in table.keys}
    return _best(sheet, keys, lambda text: fold(text.rstrip(f"{REQUIRED_MARK} ")))


def _best(sheet: Sheet, keys: Mapping[str, Key], key_of: Callable[[str], str]) -> Columns | None:
    best: Columns | None = None
    for row, texts in sorted(_top_rows(sheet).items()):
        named: dict[int, Key] = {}
        for column, text in sorted(texts.items()):
            key = keys.get(key_of(text))
            if key and key not in named.values():
                named[column] = key
        if len(named) >= min(2, len(keys) / 2) and (best is None or len(named) > len(best.keys)):
            best = Columns(row, named)
    return best


def _filled_rows(sheet: Sheet, columns: Columns) -> Iterator[tuple[int, dict[int, Cell]]]:
    """The rows below the names that say anything in a known column."""
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        if row > columns.row and column in columns.keys and _says(cell):
            rows.setdefault(row, {})[column] = cell
    yield from sorted(rows.items())


def _doubled(file: str, sheet: Sheet, table: Table, columns: Columns) -> Iterator[Finding]:
    """A column named like an earlier one."""
    first = {key.name: column for column, key in columns.keys.items()}
    for column, text in sorted(_top_rows(sheet).get(columns.row, {}).items()):
        name = text.lower()
        if column not in columns.keys and table.key(name) and name in first:
            yield finding(
                Code.PLAN_DUPLICATE,
                Place(file, sheet.name, address(columns.row, column)),
                value=text,
                other=f"ô {address(columns.row, first[name])}",
            )


def _strangers(file: str, sheet: Sheet, table: Table, columns: Columns) -> Iterator[Finding]:
    """Columns with something in them that no key names: nothing typed is passed over in silence."""
    below = {column for (row, column), cell in sheet.cells.items() if row > columns.row and _says(cell)}
    named = _top_rows(sheet).get(columns.row, {})
    for column in sorted((below | set(named)) - set(columns.keys)):
        if table.key(named.get(column, "").lower()) is None:
            text = named.get(column) or _heading(sheet, columns.row, column) or f"cột {column_letters(column)}"
            yield unknown_key(table, text, Place(file, sheet.name, address(columns.row, column)))


def _heading(sheet: Sheet, row: int, column: int) -> str:
    above = sheet.cells.get((row - 1, column))
    return clean(above.text) if above else ""


def _raw(key: Key, cell: Cell, date1904: bool) -> Raw:
    """One cell as a raw value; a serial number becomes a day where a day is asked."""
    if cell.kind is Kind.ERROR:
        return NotPlain(cell.text, NO_ERROR)
    if cell.formula is not None:
        return NotPlain(f"={cell.formula}", TYPED)
    if cell.rich:
        return NotPlain(cell.text, NO_RICH)
    if cell.kind is Kind.BOOLEAN:
        return cell.text == "1"
    if cell.kind is Kind.TEXT:
        return cell.text
    day = read_date(cell, date1904).value if key.holds is Holds.DATE else None
    number = number_in_file(cell.text)
    if number is None:
        return NotPlain(cell.text, READABLE)
    return day if day is not None else number
