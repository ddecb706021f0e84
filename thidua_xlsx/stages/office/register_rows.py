"""Turns the register as it stands into its rows as typed, so that lines can be added and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import REGISTER, REGISTER_HEADERS, REGISTER_UNFILLED, AwardGiven
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.stages.office.plain_table import Typed, by_row, filled, find_table, typed_value

AS_VALUES = "ô có công thức, lỗi hoặc chữ nâng/hạ dòng không chép sang được; gõ lại ô bằng giá trị"
SINCE_1904 = "tệp đếm ngày theo kiểu 1904 của máy Mac cũ; lưu lại bằng Excel trên Windows"


@dataclass(frozen=True, slots=True)
class RegisterRows:
    """The rows by header, staff's own columns behind ours; ``unfilled``: it still asks for the years before.

    ``numbers`` are the rows' numbers on the sheet. ``strays``: notes outside the table, which only the dated copy has.
    """

    own_headers: tuple[str, ...] = ()
    rows: tuple[tuple[Typed, ...], ...] = ()
    unfilled: bool = False
    strays: bool = False
    numbers: tuple[int, ...] = ()

    def dated(self, awards: Iterable[AwardGiven]) -> RegisterRows:
        """With number and date where these lines, known by their place, were without."""
        rows = dict(zip(self.numbers, self.rows, strict=True))
        for award in awards:
            number = int(award.place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            if number in rows:
                filled_in = {"Số quyết định": award.number, "Ngày": award.decided}
                rows[number] = tuple(
                    value if value is not None or header not in filled_in else filled_in[header] or None
                    for header, value in zip((*REGISTER_HEADERS, *self.own_headers), rows[number], strict=True)
                )
        return replace(self, rows=tuple(rows.values()))


def register_rows(book: Book, file: str) -> tuple[RegisterRows, tuple[Finding, ...]]:
    """The rows as typed; a cell that cannot be written again just as it is, is a finding."""
    table = find_table(book, REGISTER, REGISTER_HEADERS)
    if table is None:
        return RegisterRows(), ()  # reading it has said so
    findings = []
    own = tuple(header for header in table.columns if header not in REGISTER_HEADERS)
    columns = [table.columns[header] for header in (*REGISTER_HEADERS, *own)]
    rows, numbers, strays = [], [], len([sheet for sheet in book.sheets if sheet.cells and not sheet.hidden]) > 1
    for row, cells in by_row(table).items():
        for column in columns:
            if _locked(cells.get(column)):
                place = Place(file, table.sheet.name, address(row, column))
                findings.append(finding(Code.REGISTER_ROW_INVALID, place, value=cells[column].text, detail=AS_VALUES))
        if any(filled(cells.get(column)) for column in columns):
            rows.append(tuple(typed_value(cells.get(column)) for column in columns))
            numbers.append(row)
        strays = strays or any(filled(cell) for column, cell in cells.items() if column not in columns)
    if book.date1904:
        findings.append(finding(Code.REGISTER_ROW_INVALID, Place(file), detail=SINCE_1904))
    unfilled = any(REGISTER_UNFILLED in cell.text for cell in table.sheet.cells.values())
    return RegisterRows(own, tuple(rows), unfilled, strays, tuple(numbers)), tuple(findings)


def _locked(cell: Cell | None) -> bool:
    return cell is not None and (cell.kind is Kind.ERROR or cell.formula is not None or cell.rich)
