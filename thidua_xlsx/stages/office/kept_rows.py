"""Turns the office's present workbook into its rows as typed, by their codes, so that a fresh one can keep them all.

Nothing is interpreted here: a number stays a number, a wrong date stays the text that somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.office import (
    APPRAISAL,
    CONFIRMATION,
    OFFICE_HEADERS,
    OFFICE_OPTIONAL,
    OFFICE_SHOWN,
    RECEPTION,
    WHEN,
    WHO,
    Given,
    Office,
)
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.reading import read_code
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.office.plain_table import PlainTable, Typed, by_row, filled, find_table, once, typed_value

Key = tuple[str, ...]
KEYS = {RECEPTION: ("Tệp", "SHA-256"), APPRAISAL: ("Đơn vị", "Mã"), CONFIRMATION: ("Đơn vị", "Thứ tự", "Mã")}
# Sheets of the workbook in which nobody types.
GUIDE, LISTS = "Hướng dẫn", "Danh mục"
# Excel holds no longer text in a cell.
LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row: what is typed in it by header, codes included, and what was shown beside; blank cells are left out.

    ``says``: something stands there besides the codes.
    """

    key: Key
    typed: Mapping[str, Typed]
    says: bool
    shown: Mapping[str, Typed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """All rows by sheet, and the headers of staff's own columns.

    ``locked`` is the first cell that cannot be written again as it stands (a formula, an error, raised letters), or
    the whole file where it counts days as old Macs did.
    ``strays``: notes outside the tables, which a fresh workbook does not carry over.
    """

    rows: Mapping[str, tuple[KeptRow, ...]] = field(default_factory=dict)
    own_headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: Place | None = None
    strays: bool = False

    @property
    def says(self) -> bool:
        """Whether staff have written anything into it."""
        return (
            self.strays or any(self.own_headers.values()) or any(row.says for own in self.rows.values() for row in own)
        )


def key_of(sheet: str, codes: Mapping[str, str]) -> Key:
    """A file is known by its content, failing that by its path; all else by its codes."""
    if sheet == RECEPTION:
        return (codes["SHA-256"].lower() or codes["Tệp"],)
    return tuple(codes[header] for header in KEYS[sheet])


def kept_of_office(office: Office) -> Kept:
    """What is known as values, as rows that nobody has typed yet."""
    receptions: list[dict[str, Typed]] = [
        {
            "Tệp": item.path,
            "SHA-256": item.sha256,
            "Đơn vị": item.unit,
            "Ngày nhận": item.received,
            "Quyết định": item.decision,
            "Lý do": item.reason,
            WHO: item.by,
            WHEN: item.noted,
        }
        for item in office.receptions
    ]
    points = [
        {"Đơn vị": unit, "Mã": code, "Điểm": item.value, **_why(item)} for (unit, code), item in office.points.items()
    ]
    answers = [
        {"Đơn vị": unit, "Thứ tự": order, "Mã": code, "Trả lời": item.value, **_why(item)}
        for (unit, order, code), item in office.answers.items()
    ]
    made = {RECEPTION: receptions, APPRAISAL: points, CONFIRMATION: answers}
    return Kept({sheet: tuple(_row_of(sheet, typed) for typed in rows) for sheet, rows in made.items()})


def _why(item: Given) -> dict[str, Typed]:
    return {"Lý do": item.reason, WHO: item.by, WHEN: item.on}


def _row_of(sheet: str, typed: Mapping[str, Typed]) -> KeptRow:
    return KeptRow(key_of(sheet, {header: str(typed[header] or "") for header in KEYS[sheet]}), typed, True)


def kept_of_book(book: Book, file: str) -> Kept | None:
    """The rows of the workbook as it stands; None when one of its sheets cannot be found."""
    rows: dict[str, tuple[KeptRow, ...]] = {}
    own: dict[str, tuple[str, ...]] = {}
    locked = Place(file) if book.date1904 else None
    strays = any(_foreign(sheet.name) and sheet.cells for sheet in book.sheets)
    for name, headers in OFFICE_HEADERS.items():
        ours = (*headers, *OFFICE_OPTIONAL[name], *OFFICE_SHOWN[name])
        table = find_table(book, name, headers, ours)
        if table is None:
            return None
        typing = {header: column for header, column in table.columns.items() if header not in OFFICE_SHOWN[name]}
        rows[name] = tuple(_rows(table, name, typing))
        own[name] = tuple(header for header in typing if header not in ours)
        locked = locked or _locked(table, file, set(typing.values()))
        strays = strays or _strays(table)
    return Kept(rows, own, locked, strays)


def _foreign(sheet: str) -> bool:
    return fold(sheet) not in {fold(name) for name in (GUIDE, LISTS, *OFFICE_HEADERS)}


def _rows(table: PlainTable, sheet: str, typing: Mapping[str, int]) -> Iterator[KeptRow]:
    shown = {header: table.columns[header] for header in OFFICE_SHOWN[sheet] if header in table.columns}
    value_of, code_of = once(typed_value), once(_path if sheet == RECEPTION else read_code)
    for cells in by_row(table).values():
        values = {column: value for column, cell in cells.items() if (value := value_of(cell)) is not None}
        typed = {header: values[column] for header, column in typing.items() if column in values}
        if not typed:
            continue
        codes = {header: code_of(cells.get(typing[header])) for header in KEYS[sheet]}
        says = any(header not in KEYS[sheet] for header in typed)
        beside = {header: values[column] for header, column in shown.items() if column in values}
        yield KeptRow(key_of(sheet, codes), typed, says, beside)


def _path(cell: Cell | None) -> str:
    """Of a file, where other lines have codes; that is a text."""
    return clean(cell.text) if cell else ""


def _locked(table: PlainTable, file: str, columns: set[int]) -> Place | None:
    """The first cell below the headers that nobody could write again just as it is."""
    odd = (
        at
        for at, cell in table.sheet.cells.items()
        if at[0] > table.top
        and at[1] in columns
        and (cell.kind is Kind.ERROR or cell.formula is not None or cell.rich or len(cell.text) > LONGEST)
    )
    first = min(odd, default=None)
    return Place(file, table.sheet.name, address(*first)) if first else None


def _strays(table: PlainTable) -> bool:
    """Whether something stands below the headers in a column without one."""
    known = set(table.columns.values())
    return any(
        row > table.top and column not in known and filled(cell) for (row, column), cell in table.sheet.cells.items()
    )
