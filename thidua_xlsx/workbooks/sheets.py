"""Turns our values into cells of a workbook that is built in memory, the same bytes every time.

The one layer over XlsxWriter: nothing a unit typed becomes a formula or a link here, no number loses a
digit unseen, and no refusal of the library stays a silent return code. Rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.packager import Packager

from thidua_xlsx.workbooks.packed import packed
from thidua_xlsx.workbooks.quick_sheet import QuickSheet
from thidua_xlsx.workbooks.written_values import SIGNIFICANT as SIGNIFICANT
from thidua_xlsx.workbooks.written_values import NotWritten as NotWritten
from thidua_xlsx.workbooks.written_values import writable as writable
from thidua_xlsx.workbooks.written_values import writable_number as writable_number

FONT = "Times New Roman"
# XlsxWriter stamps the clock into the file unless told otherwise: same input, same bytes.
CREATED = datetime(2025, 1, 1)
A4 = 9
DATE_FORMAT = "dd/mm/yyyy"
# The family (1: serif) and no theme scheme: a theme would put its own font in the place of ours.
DEFAULT_FORMAT = {"font_name": FONT, "font_size": 12, "font_family": 1, "font_scheme": "none"}
OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    # Excel's own sizes (pixels) for Times New Roman 12: a column width counts characters of this font.
    "default_row_height": 21,
    "default_column_width": 72,
}

Value = str | int | Decimal | date | None


def checked(code: int) -> None:
    """XlsxWriter answers a refusal with a negative number and writes nothing; that must not pass."""
    if code is not None and code < 0:
        raise NotWritten(f"XlsxWriter returned {code}")


class GrowingSheet(QuickSheet):
    """A sheet whose rows below ``head`` keep the height we computed until somebody types more, and then grow.

    XlsxWriter marks every height as custom, and Excel never touches those again: long answers would be cut.
    """

    head = 0

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and dict(attributes)["r"] > self.head:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_formula(self, formula: str, *_expand: bool) -> str:
        # XlsxWriter tries some hundred names of newer functions on every formula; a form uses none of them.
        return formula.removeprefix("=")


class PartsOnly(Packager):  # type: ignore[misc]
    """Makes the parts of a workbook and keeps them: the library's own archive stays empty, for ours is made sooner."""

    def _create_package(self) -> tuple[()]:
        super()._create_package()
        self.workbook = None  # which holds this packager
        return ()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Each part by name, which is then let go."""
        self.filenames.reverse()
        while self.filenames:
            stream, name, binary = self.filenames.pop()
            made = stream.getvalue()
            stream.close()  # whoever holds a sheet holds its stream
            yield name, made if binary else made.encode()


class PackedBook(xlsxwriter.Workbook):  # type: ignore[misc]
    """The library's workbook, made in memory."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(BytesIO(), options)
        self.packager = PartsOnly()

    def _get_packager(self) -> PartsOnly:
        return self.packager


class OpenWorkbook:
    """A workbook in the making; ``book`` is XlsxWriter's own object for whatever has no method here."""

    def __init__(self, **properties: str) -> None:
        # A copy of the default format: XlsxWriter writes into it, and the next workbook would differ.
        options = {**OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)}
        self.book: Any = PackedBook(options)
        self.book.set_properties({"created": CREATED, **properties})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **props: Any) -> Any:
        """The format with these XlsxWriter properties, made once."""
        key = tuple(sorted(props.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "vcenter", **props})
        return self._formats[key]

    def add_sheet(self, name: str, growing_below: int | None = None) -> Any:
        """A sheet at the end; ``growing_below`` the headers of a table in which people type long texts."""
        sheet = self.book.add_worksheet(name, QuickSheet if growing_below is None else GrowingSheet)
        if growing_below is not None:
            sheet.head = growing_below
        return sheet

    def close(self) -> bytes:
        self.book.close()
        # Sheets and their workbook hold each other: some 50 MB for a thousand units, until somebody looks for cycles.
        self.book.worksheets_objs.clear()
        self.book.sheetnames.clear()
        return packed(self.book.packager.parts())


def open_workbook(**properties: str) -> OpenWorkbook:
    """An empty workbook; ``properties`` are core document properties (title, subject, author, keywords …)."""
    return OpenWorkbook(**properties)


def put(sheet: Any, row: int, column: int, value: Value, fmt: Any = None) -> None:
    """Writes one value by its type. Fractions, floats and booleans are refused: round, or say Có/Không."""
    if value is None or value == "":
        checked(sheet.write_blank(row - 1, column - 1, None, fmt))
    elif isinstance(value, str):
        checked(sheet.write_string(row - 1, column - 1, writable(value), fmt))
    elif isinstance(value, date):
        checked(sheet.write_datetime(row - 1, column - 1, value, fmt))
    else:
        checked(sheet.write_number(row - 1, column - 1, writable_number(value), fmt))


def put_formula(sheet: Any, row: int, column: int, formula: str, cached: Value, fmt: Any = None) -> None:
    """Writes a formula of ours with its value: without it phones and previews show 0."""
    value = writable_number(cached) if isinstance(cached, int | Decimal) else cached
    _made_free(sheet, row, column)
    checked(sheet.write_formula(row - 1, column - 1, formula, fmt, "" if value is None else value))


def put_link(sheet: Any, row: int, column: int, target: str, text: str, fmt: Any = None) -> None:
    """Writes a link to a place in this workbook (``reference(…)``), never to anywhere else."""
    _made_free(sheet, row, column)
    checked(sheet.write_url(row - 1, column - 1, f"internal:{target}", fmt, writable(text)))


def _made_free(sheet: Any, row: int, column: int) -> None:
    if isinstance(sheet, QuickSheet):
        sheet.free(row - 1, column - 1)


def reference(sheet_name: str, cells: str) -> str:
    """('Chấm điểm', 'G7') → 'Chấm điểm'!G7."""
    quoted = sheet_name.replace("'", "''")
    return f"'{quoted}'!{cells}"


def print_on_a4(
    sheet: Any,
    header_row: int,
    landscape: bool = True,
    columns: int | None = None,
    left_mm: int = 30,
    footer_left: str = "",
) -> None:
    """A4, one page wide, the header row repeated, «Trang 1/3» below; the margins are those of NĐ 30/2020.

    ``columns`` prints only the first so many, of the rows written so far; ``header_row`` 0 repeats nothing.
    """
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    inch = 25.4
    sheet.set_margins(left=left_mm / inch, right=15 / inch, top=20 / inch, bottom=20 / inch)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    if header_row:
        sheet.repeat_rows(header_row - 1)
    if columns:
        checked(sheet.print_area(0, 0, sheet.dim_rowmax or 0, columns - 1))
    font = f'&"{FONT},Regular"&10'
    # Digits behind the size of the font would be read as part of it.
    apart = " " if footer_left[:1].isdigit() else ""
    left = f"&L{font}{apart}{footer_left.replace('&', '&&')}" if footer_left else ""
    checked(sheet.set_footer(f"{left}&C{font}Trang &P/&N"))
