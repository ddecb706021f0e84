"""Turns a table of the office's own into a sheet that staff type into: headers, drop-downs, blank rows, filters.

What a person types is coloured; what is only shown beside it (names, labels) is not, and is never read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from thidua_xlsx.model.place import column_letters
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.quick_sheet import style_of
from thidua_xlsx.workbooks.sheets import DATE_FORMAT, OpenWorkbook, Value, checked, print_on_a4, put

TITLE_ROW, GUIDANCE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 4, 5
SIZE = 12
# Rows are ruled this far below the last filled one, and drop-downs reach further, so that staff go on typing.
RULED_BELOW, GUARDED_BELOW, GUARDED_TO = 10, 1_000, 20_000
TALLEST = 400.0
TYPED_FILL, ALERT_FILL, HEADER_FILL, GRID, INK, GREY = (
    "#FFFCEB", "#F8CBAD", "#D9E2F0", "#A6A6A6", "#1F3864", "#595959",
)  # fmt: skip
FORMATS = {"code": "@", "text": "@", "checksum": "@", "date": DATE_FORMAT, "number": "General", "shown": "General"}
# Excel cuts a message beyond this, and XlsxWriter drops the rule.
MESSAGE = 255


@dataclass(frozen=True, slots=True)
class Field:
    """One column: header, width in characters, what is typed: code, text, checksum, date, number; or ``shown``."""

    header: str
    width: float
    kind: str = "text"

    @property
    def props(self) -> dict[str, Any]:
        """The format of its cells."""
        props: dict[str, Any] = {"num_format": FORMATS[self.kind], "text_wrap": True, "border": 1, "border_color": GRID}
        if self.kind in ("date", "number"):
            props["align"] = "center"
        if self.kind == "checksum":  # never read by people: cut at the cell's edge, whatever stands beside it
            props |= {"text_wrap": False, "align": "fill"}
        return props | ({"font_color": GREY, "italic": True} if self.kind == "shown" else {"bg_color": TYPED_FILL})


Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """What Excel holds the cells of one column to; ``ranges`` (first, last row), everywhere when empty."""

    header: str
    options: dict[str, Any]
    ranges: Ranges = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A typed cell that stands out while ``condition`` holds: a formula over the first row, columns as ``$C5``."""

    header: str
    condition: str


Typed = Value | bool


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """One sheet: its name, title, the line that says what to do, its columns, rows and guards.

    ``days``: rows (from ``FIRST_ROW``) in which the column of this header holds a day, whatever it holds elsewhere.
    """

    name: str
    title: str
    guidance: str
    fields: tuple[Field, ...]
    rows: Sequence[tuple[Typed, ...]] = ()
    guards: tuple[Guard, ...] = field(default=())
    frozen: int = 1
    alerts: tuple[Alert, ...] = ()
    days: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def letter(self, header: str) -> str:
        """The letter of a column, to speak of it in a formula."""
        return column_letters([item.header for item in self.fields].index(header) + 1)

    @property
    def last_typed(self) -> int:
        """The row down to which drop-downs and alerts reach."""
        return max(GUARDED_TO, FIRST_ROW + len(self.rows) + GUARDED_BELOW)


@dataclass(frozen=True, slots=True)
class _Column:
    """How the cells of a column are written: its letters, their style, its width; whether their texts need room."""

    letters: str
    style: str
    width: float
    measured: bool

    @classmethod
    def of(cls, number: int, item: Field, look: Any) -> _Column:
        return cls(column_letters(number), style_of(look), item.width, item.kind != "checksum")


def choice(source: str, message: str) -> dict[str, Any]:
    """A drop-down from a range of the workbook."""
    return {"validate": "list", "source": f"={source}", "error_message": message[:MESSAGE]}


def day(message: str = "Gõ ngày/tháng/năm, ví dụ 05/12/2025.") -> dict[str, Any]:
    """Any date; Excel's first day is 1."""
    return {"validate": "date", "criteria": ">=", "value": "1", "error_message": message}


def runs(rows: Iterable[int]) -> Ranges:
    """Rows that stand below each other, as (first, last)."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return tuple((first, last) for first, last in found)


def write_plain_sheet(work: OpenWorkbook, layout: PlainSheet) -> Any:
    """The sheet at the end of the workbook."""
    sheet = work.add_sheet(layout.name, growing_below=HEADER_ROW)
    looks = [work.format(**column.props) for column in layout.fields]
    for number, column in enumerate(layout.fields):
        below = work.format(num_format=FORMATS[column.kind], text_wrap=True)
        checked(sheet.set_column(number, number, column.width, below))
    _write_head(work, sheet, layout)
    columns = [
        _Column.of(number, item, look) for number, (item, look) in enumerate(zip(layout.fields, looks, strict=True), 1)
    ]
    dated = {
        number: (style_of(work.format(**{**item.props, "num_format": DATE_FORMAT})), layout.days[item.header])
        for number, item in enumerate(layout.fields)
        if item.header in layout.days
    }
    for place, row in enumerate(layout.rows, start=FIRST_ROW):
        own = columns
        for number, (style, days) in dated.items():
            if place in days:
                own = [*own[:number], replace(own[number], style=style), *own[number + 1 :]]
        _write_row(sheet, place, row, own)
    read_only = all(column.kind == "shown" for column in layout.fields)
    last = FIRST_ROW + len(layout.rows) + (0 if read_only else RULED_BELOW) - 1
    for row_number in range(FIRST_ROW + len(layout.rows), last + 1):
        _write_row(sheet, row_number, (None,) * len(columns), columns)
    for guard in layout.guards:
        _write_guard(sheet, layout, guard)
    alarming = work.book.add_format({"bg_color": ALERT_FILL}) if layout.alerts else None
    for alert in layout.alerts:
        letter = layout.letter(alert.header)
        options = {"type": "formula", "criteria": f"={alert.condition}", "format": alarming}
        checked(sheet.conditional_format(f"{letter}{FIRST_ROW}:{letter}{layout.last_typed}", options))
    sheet.freeze_panes(HEADER_ROW, layout.frozen)
    checked(sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(looks) - 1))
    print_on_a4(sheet, HEADER_ROW, left_mm=20)
    checked(sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last}"}))
    return sheet


def _write_head(work: OpenWorkbook, sheet: Any, layout: PlainSheet) -> None:
    plain = {"num_format": "General"}
    put(sheet, TITLE_ROW, 1, layout.title, work.format(bold=True, font_size=14, font_color=INK, **plain))
    width = sum(column.width for column in layout.fields)
    look = work.format(italic=True, text_wrap=True, align="left", **plain)
    checked(sheet.merge_range(GUIDANCE_ROW - 1, 0, GUIDANCE_ROW - 1, len(layout.fields) - 1, "", look))
    put(sheet, GUIDANCE_ROW, 1, layout.guidance, look)
    checked(sheet.set_row(TITLE_ROW - 1, 22))
    checked(sheet.set_row(GUIDANCE_ROW - 1, _height([(layout.guidance, width)])))
    header = work.format(bold=True, align="center", text_wrap=True, border=1, border_color=GRID, bg_color=HEADER_FILL)
    for number, column in enumerate(layout.fields, start=1):
        put(sheet, HEADER_ROW, number, column.header, header)
    checked(sheet.set_row(HEADER_ROW - 1, _height([(column.header, column.width) for column in layout.fields], True)))


def _height(texts: Iterable[tuple[str, float]], bold: bool = False) -> float:
    """The height that the texts need at these widths (characters)."""
    lines = max((lines_of(text, column_points(width), SIZE, bold) for text, width in texts), default=1)
    return min(TALLEST, lines * line_points(SIZE) + 4)


def _write_row(sheet: Any, row: int, values: tuple[Typed, ...], columns: Sequence[_Column]) -> None:
    tail = sheet.tail
    made = [
        f'<c r="{item.letters}{row}"{item.style}{tail(value)}' for item, value in zip(columns, values, strict=True)
    ]  # fmt: skip
    sheet.cells(row - 1, 0, made)
    sheet.seal(row - 1)
    texts = [
        (value, item.width)
        for item, value in zip(columns, values, strict=True)
        if isinstance(value, str) and item.measured
    ]
    if any(len(text) >= width for text, width in texts):
        checked(sheet.set_row(row - 1, _height(texts)))


def _write_guard(sheet: Any, layout: PlainSheet, guard: Guard) -> None:
    column = [item.header for item in layout.fields].index(guard.header)
    letter = column_letters(column + 1)
    ranges = guard.ranges or ((FIRST_ROW, layout.last_typed),)
    options = {"error_title": guard.header[:32], **guard.options}
    options["multi_range"] = " ".join(f"{letter}{first}:{letter}{last}" for first, last in ranges)
    first, last = ranges[0]
    checked(sheet.data_validation(first - 1, column, last - 1, column, options))
