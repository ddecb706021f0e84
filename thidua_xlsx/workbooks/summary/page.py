"""Turns rows of values into one printed sheet: letterhead, title, table, signatures, and the print set-up.

A page knows its columns and its next free row and gives every row the height its text needs; what stands on a
sheet is said in the module of that sheet. Layout of the paper: DOMAIN §4.1 to §4.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from thidua_xlsx.model.place import column_letters
from thidua_xlsx.model.results import RunResult
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.workbooks.fit import column_points, counted_lines, letters_for_sure, line_points
from thidua_xlsx.workbooks.quick_sheet import style_of
from thidua_xlsx.workbooks.sheets import OpenWorkbook, Value, checked, print_on_a4
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import (
    CENTERED,
    CENTERED_BOLD,
    CENTERED_ITALIC,
    GROUP,
    HEADING,
    NUMBERS,
    PLAIN,
    PROSE,
    SIZE,
    TITLE,
    TRIAL,
    Column,
    Kind,
    Look,
)

# Points of an A4 sheet lying on its side, less the margins of print_on_a4.
PRINTED_WIDTH, PRINTED_HEIGHT = 714.0, 482.0
# Programs differ a little in what fits on a page: what surely fits, and what surely does not.
FITS, OVERFLOWS = 0.95, 1.04
TALLEST = 400.0  # Excel's own limit is 409
PADDING = 5.0
MOST_PAGE_BREAKS = 1000
MOST_HELD = 64
SIGNATURES, KEPT = 105.0, 40.0
KEPT_BELOW = 40.0  # what must still fit below a heading: its first row
LINK = "#1F4E79"
TRIAL_TEXT = "BẢN CHẠY THỬ – KHÔNG PHẢI KẾT QUẢ"


class _Spot(NamedTuple):
    """How a column is written in one look: before and behind the row's number, its room, a line's height.

    Texts of at most ``short`` letters are one line, whatever they say.
    """

    before: str
    behind: str
    wide: float
    size: float
    bold: bool
    line: float
    short: int


class Page:
    """One sheet in the making. ``next`` is its next free row; rows and columns count from 1."""

    def __init__(self, book: OpenWorkbook, name: str, columns: Sequence[Column]) -> None:
        self.book, self.name, self.columns = book, name, tuple(columns)
        self.sheet = book.add_sheet(name)
        self.next = 1
        self.heights: list[float] = []
        self.used = 0.0  # points of the printed page in hand, and what its repeated rows take
        self.repeated_points = 0.0
        self.repeated: tuple[int, int] | None = None
        self.filtered: tuple[int, int] | None = None
        self.breaks: list[int] = []
        self._formats: dict[tuple[Look, Kind, str], Any] = {}
        self._linked: dict[tuple[int, Look], Any] = {}
        self._dressed: dict[Look, list[_Spot]] = {}
        # The object is held, so that no other can take its place in memory.
        self._held: dict[int, tuple[Look, list[_Spot]]] = {}
        self.widths = [column_points(column.width) for column in self.columns]
        # How many points of rows one printed page holds, fitted to one page wide.
        self.page_points = PRINTED_HEIGHT * max(1.0, sum(self.widths) / PRINTED_WIDTH)
        self.sheet.hide_gridlines(2)
        for index, column in enumerate(self.columns):
            checked(self.sheet.set_column(index, index, column.width))

    # Cells and rows

    def height(self, points: float, least: float = line_points(SIZE) + 3) -> None:
        """Ends the row in hand at this height."""
        points = round(min(max(points, least), TALLEST), 1)
        self.sheet.high(self.next - 1, points)
        self.sheet.seal(self.next - 1)
        if self.used + points > self.page_points * OVERFLOWS:
            self.used = self.repeated_points
        self.used += points
        self.heights.append(points)
        self.next += 1

    def span_points(self, first: int, last: int) -> float:
        return sum(self.widths[first - 1 : last])

    def fmt(self, look: Look, kind: Kind, number_format: str = "General") -> Any:
        """The format of a cell, made once a sheet."""
        key = (look, kind, number_format)
        if key not in self._formats:
            self._formats[key] = self.book.format(**look.props(kind, number_format))
        return self._formats[key]

    def span(
        self, first: int, last: int, value: Value, look: Look, kind: Kind = Kind.TEXT, number_format: str = "General"
    ) -> float:
        """Writes one value across columns of the row in hand; gives the height its text needs."""
        style = style_of(self.fmt(look, kind, number_format))
        lines = 1
        if isinstance(value, str) and value:
            value, lines = fitted(value, self.span_points(first, last) - look.indent_points(kind), look.size, look.bold)
        self.sheet.cell(self.next - 1, first - 1, value, style)
        if last > first:
            self.sheet.merged(self.next - 1, first - 1, last - 1, style)
        return lines * line_points(look.size) + PADDING

    def row(
        self,
        values: Sequence[Value],
        look: Look = PLAIN,
        looks: Mapping[int, Look] | None = None,
        least: float = 0.0,
    ) -> int:
        """One row of the table; ``looks`` sets single columns (from 1) apart. Gives the row's number."""
        if len(values) != len(self.columns):
            raise ValueError(f"{len(values)} values for {len(self.columns)} columns")
        self.height(max(least, self._line(values, self._dress(look, looks))))
        return self.next - 1

    def line(self, values: Sequence[Value], look: Look, looks: Mapping[int, Look]) -> float:
        """Values in the first columns of the row in hand; gives the height they need."""
        return self._line(values, self._dress(look, looks)[: len(values)])

    def _dress(self, look: Look, looks: Mapping[int, Look] | None) -> list[_Spot]:
        """How each column is written in a row of one look, of which some columns (from 1) have their own."""
        spots = self._spots(look)
        if looks:
            spots = spots.copy()
            for number, own in looks.items():
                spots[number - 1] = self._spots(own)[number - 1]
        return spots

    def _line(self, values: Sequence[Value], spots: Sequence[_Spot]) -> float:
        # The innermost loop of the summary: some 350 cells a unit.
        row, tallest = str(self.next), 0.0
        text, tail = self.sheet.text, self.sheet.tail
        made = []
        for value, (before, behind, wide, size, bold, line, short) in zip(values, spots, strict=True):
            if not isinstance(value, str):
                made.append(f"{before}{row}{behind}{tail(value)}")
            elif value:
                if len(value) > short or "\n" in value:
                    value, lines = fitted(value, wide, size, bold)
                    line *= lines
                made.append(f'{before}{row}{behind} t="s"><v>{text(value)}</v></c>')
            else:
                made.append(f"{before}{row}{behind}/>")
            if line > tallest:
                tallest = line
        self.sheet.cells(self.next - 1, 0, made)
        return tallest + PADDING

    def _spots(self, look: Look) -> list[_Spot]:
        """How each column of the table is written in one look; found by the very object, else by what it says."""
        held = self._held.get(id(look))
        if held is not None:
            return held[1]
        if look not in self._dressed:
            self._dressed[look] = [self._spot(number, look) for number in range(1, len(self.columns) + 1)]
        if len(self._held) < MOST_HELD:
            self._held[id(look)] = (look, self._dressed[look])
        return self._dressed[look]

    def _spot(self, number: int, look: Look) -> _Spot:
        column = self.columns[number - 1]
        wide = self.widths[number - 1] - look.indent_points(column.kind)
        return _Spot(
            f'<c r="{column_letters(number)}',
            f'"{style_of(self.fmt(look, column.kind, column.format))}',
            wide,
            look.size,
            look.bold,
            line_points(look.size),
            letters_for_sure(wide, look.size),
        )

    def anchor(self, key: str, row: int) -> None:
        """Links to ``key`` on this sheet lead to this row."""
        if isinstance(self.book, LinkedBook):
            self.book.anchor(self.name, key, row)

    def link(self, row: int, column: int, value: Value, target: str, key: str, look: Look = PLAIN) -> None:
        """Makes a cell of a row already written lead to ``key`` on another sheet, if it stands there.

        A blank cell stays one: some programs write a link's address into it.
        """
        if isinstance(self.book, LinkedBook) and value is not None:
            self.book.want_link(self.sheet, row, column, value, self._link_fmt(column, look), target, key)

    def _link_fmt(self, column: int, look: Look) -> Any:
        """The format of a link in a column, made once a sheet."""
        if (column, look) not in self._linked:
            own = self.columns[column - 1]
            props = {**look.props(own.kind, own.format), "underline": 1, "font_color": LINK}
            self._linked[column, look] = self.book.format(**props)
        return self._linked[column, look]

    def band(self, text: str, look: Look = GROUP, first: int = 1, last: int = 0, kept: float = KEPT_BELOW) -> int:
        """One text across the whole table; never the last row of a printed page."""
        self.keep_with(self.lines_points(text, look, first, last or len(self.columns)), kept)
        self.height(self.span(first, last or len(self.columns), text, look))
        return self.next - 1

    def partly(self, values: Sequence[Value], text: str, look: Look = PLAIN) -> None:
        """The first columns as in any row, then one text across the others."""
        tallest = self.span(len(values) + 1, len(self.columns), text, look)
        for number, (column, value) in enumerate(zip(self.columns, values, strict=False), start=1):
            tallest = max(tallest, self.span(number, number, value, look, column.kind, column.format))
        self.height(tallest)

    def gap(self, points: float = 8.0) -> None:
        self.height(points, 0.0)

    def sentence(self, text: str, look: Look = PROSE) -> None:
        self.band(text, look, kept=0.0)

    # Parts of the paper

    def split(self) -> int:
        """The last column of the left half: of the letterhead, and of the signatures."""
        half = self.span_points(1, len(self.columns)) * 0.46
        counts = range(1, len(self.columns))
        return min(counts, key=lambda count: abs(self.span_points(1, count) - half))

    def halves(self, left: str, right: str, left_look: Look, right_look: Look, points: float = 0.0) -> None:
        split = self.split()
        tallest = self.span(1, split, left, left_look)
        tallest = max(tallest, self.span(split + 1, len(self.columns), right, right_look))
        self.height(points or tallest, points)

    def letterhead(self, result: RunResult, title: str) -> None:
        """Authority left, quốc hiệu right (DOMAIN §4.2), the title, the plan, the round."""
        head = result.plan.head
        above, below = (head.parent_authority, head.authority) if head.parent_authority else (head.authority, "")
        self.halves(
            above.upper(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTERED if below else CENTERED_BOLD, CENTERED_BOLD
        )
        self.halves(below.upper(), "Độc lập - Tự do - Hạnh phúc", CENTERED_BOLD, CENTERED_BOLD)
        rule = replace(CENTERED, size=8)
        self.halves("_" * 20, "_" * 44, rule, rule, 10.0)
        self.halves("Số: ……/……", f"{head.place}, ngày …… tháng …… năm 20…", CENTERED, CENTERED_ITALIC)
        self.gap(6.0)
        if result.trial:
            self.band(TRIAL_TEXT, TRIAL)
            self.band(f"Giả định: {'; '.join(result.trial)}", CENTERED_ITALIC)
        self.band(title, TITLE)
        self.band(head.title, CENTERED_BOLD)
        self.band(f"{round_text(result)}; tổng hợp ngày {date_text(result.today)}", CENTERED_ITALIC)
        self.gap(6.0)

    def header(self, frozen_columns: int = 2, filtered: bool = True) -> None:
        """The headings, the row of column numbers if there are any; both repeated on every printed page."""
        first = self.next
        self.headings([column.header for column in self.columns])
        if any(column.number for column in self.columns):
            numbers: list[Value] = [column.number for column in self.columns]
            self.row(numbers, NUMBERS)
        self.repeat(first)
        if filtered:
            self.filtered = (self.next - 1, self.next - 1)
        self.sheet.freeze_panes(self.next - 1, frozen_columns)

    def repeat(self, first: int) -> None:
        """The rows from here to the last one written stand on every printed page."""
        self.repeated = (first, self.next - 1)
        self.repeated_points = sum(self.heights[first - 1 :])

    def headings(self, texts: Sequence[Value]) -> None:
        """One row of headings."""
        self.row(texts, HEADING)

    def table_ends(self) -> None:
        """Filters work from the headings down to the last row written."""
        if self.filtered and self.next - 1 > self.filtered[0]:
            self.filtered = (self.filtered[0], self.next - 1)
        else:
            self.filtered = None

    def signatures(self, points: float = SIGNATURES) -> None:
        """Both in one tall row, which no page break can cut; the names stay blank (DOMAIN §4.2)."""
        self._keep_together(points + 10.0)
        self.gap(10.0)
        split = self.split()
        look = replace(CENTERED, align="center")
        fmt = self.book.format(**look.props(), valign="top")
        bold, italic = self.book.format(bold=True), self.book.format(italic=True)
        for first, last, office, how in (
            (1, split, "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
            (split + 1, len(self.columns), "THỦ TRƯỞNG", "(Ký, đóng dấu)"),
        ):
            if last > first:
                checked(self.sheet.merge_range(self.next - 1, first - 1, self.next - 1, last - 1, "", fmt))
            checked(self.sheet.write_rich_string(self.next - 1, first - 1, bold, office + "\n", italic, how, fmt))
        self.height(points)

    def _keep_together(self, points: float) -> None:
        """Signatures never stand alone on a page: the last rows of the table go over with them."""
        if self.room() >= points or not self.heights:
            return
        kept, row = 0.0, self.next
        while kept < KEPT and row > (self.repeated or (0, 0))[1] + 2:
            row -= 1
            kept += self.heights[row - 1]
        if row < self.next and kept + points < self.page_points / 2:
            self.breaks.append(row - 1)
            self.used = self.repeated_points + kept

    # Printed pages

    def room(self) -> float:
        """Points that are surely left on the printed page in hand."""
        return self.page_points * FITS - self.used

    def lines_points(self, text: str, look: Look, first: int, last: int) -> float:
        """The height that a text needs across some columns."""
        wide = self.span_points(first, last)
        return fitted(text, wide, look.size, look.bold)[1] * line_points(look.size) + PADDING

    def keep_with(self, points: float, kept: float) -> None:
        """A heading of this height goes to the next page when what follows it would: inside a table only."""
        if kept and self.repeated and self.used > self.repeated_points and self.room() < points + kept:
            self.new_page()

    def keep(self, points: float) -> None:
        """What comes next stays on one page: a heading with its first row, a chart with its caption."""
        if self.room() < points:
            self.new_page()

    def new_page(self) -> None:
        self.breaks.append(self.next - 1)
        self.used = self.repeated_points

    def finish(self, result: RunResult) -> None:
        marked = f"{TRIAL_TEXT}. " if result.trial else ""
        self.close(f"{marked}{result.program}, {date_text(result.today)}")

    def close(self, footer: str) -> None:
        """Print set-up, filters, page breaks. Nothing is written after this."""
        first, last = self.repeated or (0, 0)
        print_on_a4(self.sheet, first, footer_left=footer)
        if first:
            self.sheet.repeat_rows(first - 1, last - 1)
        checked(self.sheet.print_area(0, 0, self.next - 2, len(self.columns) - 1))
        if self.filtered:
            checked(self.sheet.autofilter(self.filtered[0] - 1, 0, self.filtered[1] - 1, len(self.columns) - 1))
        if self.breaks:
            checked(self.sheet.set_h_pagebreaks(self.breaks[:MOST_PAGE_BREAKS]))


def round_text(result: RunResult) -> str:
    """«Khen thưởng hằng năm, năm 2025»; the years only where the round's name does not say them."""
    first, last = result.plan.years_of(result.round)
    years = f"năm {first}" if first == last else f"giai đoạn {first} - {last}"
    return result.round.name if str(last) in result.round.name else f"{result.round.name}, {years}"


@lru_cache(maxsize=32768)
def fitted(text: str, width: float, size: float, bold: bool) -> tuple[str, int]:
    """The text and its lines, cut at a visible sign where it would outgrow the tallest row that Excel knows."""
    most = int((TALLEST - PADDING) / line_points(size))
    while (lines := counted_lines(text, width, size, bold)) > most:
        text = text[: int(len(text) * 0.9)].rstrip() + " …"
    return text, lines
