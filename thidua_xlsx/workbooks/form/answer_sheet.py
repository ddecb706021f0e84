"""Turns one filled sheet of the form into a worksheet: printed cells locked, answer cells open and held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from thidua_xlsx.model.form import (
    CLAIM,
    FIRST_ROW,
    GUIDANCE_ROW,
    HEADER_ROW,
    STAMP_ROW,
    TITLE_ROW,
    Answer,
    FormLayout,
    FormRow,
    Locked,
)
from thidua_xlsx.model.place import address
from thidua_xlsx.workbooks.fit import column_points, counted_lines, line_points
from thidua_xlsx.workbooks.form.filled import FilledSheet, totals
from thidua_xlsx.workbooks.form.missing import missing, open_runs
from thidua_xlsx.workbooks.form.notes import notes_of, write_notes
from thidua_xlsx.workbooks.form.rules import Lists, add_rules, cells_text, runs
from thidua_xlsx.workbooks.form.styles import INK, MISSING_FILL, Styles
from thidua_xlsx.workbooks.sheets import checked, print_on_a4, put, put_formula

NAME = "Họ và tên"
BODY, TITLE_HEIGHT, STAMP_HEIGHT, GAP_HEIGHT = 12, 22.0, 12.0, 6.0
HIGHEST = 409.0
# Guidance is read without scrolling: it spans the columns within this many characters.
READING_WIDTH = 150
INDENT_POINTS = 9.0
HEADER_AIR = 8.0
# A list shorter than this needs no filter arrows over its headers.
WORTH_A_FILTER = 12
PROTECTION = {"format_columns": True, "format_rows": True, "autofilter": True}

answer_lines = lru_cache(maxsize=8192)(counted_lines)


def height(texts: list[tuple[str, float, bool]]) -> float:
    """The height of a row from its texts, the room (points) each has, and whether it is bold."""
    lines = max((answer_lines(text, room, BODY, bold) for text, room, bold in texts if text), default=1)
    return min(HIGHEST, lines * line_points(BODY) + 4)


def shown(value: object) -> str:
    """The text a row must have room for; figures and dates never need a second line."""
    return value if isinstance(value, str) else ""


def answer_places(row: FormRow) -> list[int]:
    """The columns (from 0) in which a row asks something."""
    return [place for place, cell in enumerate(row.cells) if isinstance(cell, Answer)]


def kind_of(row: FormRow, cell: Locked) -> str:
    """What a printed cell holds: text, number or date."""
    if isinstance(cell, str) or (cell is None and not row.sums):
        return "text"
    return "date" if isinstance(cell, date) else "number"


def wrong_look(styles: Styles, row: FormRow, cell: Locked | Answer, blocks: bool) -> Any:
    """How a cell looks that a correction speaks of."""
    if isinstance(cell, Answer):
        return styles.answer(cell.asks, cell.required, blocks)
    return styles.wrong_printed(kind_of(row, cell), blocks)


def row_height(row: FormRow, rooms: Sequence[float], given: Mapping[int, object]) -> float:
    """The height of a coded row: of what is printed in it and of the answers ``given``, by column from 0."""
    texts = []
    for place, cell in enumerate(row.cells):
        if text := shown(given.get(place) if isinstance(cell, Answer) else cell):
            texts.append((text, text_room(row, rooms, place), row.heading))
    return height(texts)


def text_room(row: FormRow, rooms: Sequence[float], place: int) -> float:
    """What a column (from 0) has for a text of this row (points)."""
    return rooms[place] - INDENT_POINTS * (1 + row.depth if place == 1 else 1)


class AnswerSheet:
    """One worksheet in the making: what it needs to know about itself while its cells are written."""

    def __init__(self, sheet: Any, styles: Styles, filled: FilledSheet) -> None:
        self.sheet, self.styles, self.filled, self.layout = sheet, styles, filled, filled.layout
        self.totals = totals(filled)
        self.name_column = next(
            (number for number, column in enumerate(self.layout.columns, start=1) if column.header == NAME), 2
        )
        self.asked: dict[Answer, list[tuple[int, int]]] = {}

    def write(self, lists: Lists, stamp: str, author: str) -> None:
        self._columns()
        write_head(
            self.sheet,
            self.styles,
            self.layout.title,
            self.layout.guidance,
            stamp,
            [column.width for column in self.layout.columns],
        )
        self._headers()
        for row, column, form_row, cell in self.filled.placed():
            self._cell(row, column, form_row, cell)
        self._heights()
        write_notes(self.sheet, notes_of(self.filled), author)
        if self.asked:
            row, column = min(cell for cells in self.asked.values() for cell in cells)
            self.sheet.set_selection(row - 1, column - 1, row - 1, column - 1)
        add_rules(self.sheet, {answer: open_runs(self.filled, cells) for answer, cells in self.asked.items()}, lists)
        self._highlight_missing()
        corner = address(self.filled.open_until, len(self.layout.columns))
        checked(self.sheet.ignore_errors({"number_stored_as_text": f"A1:{corner}"}))

    def _columns(self) -> None:
        for number, column in enumerate(self.layout.columns):
            checked(self.sheet.set_column(number, number, column.width))
        if not self.layout.open_rows or not self.filled.rows:
            return
        for number, cell in enumerate(self.filled.rows[-1].cells):
            look = self.styles.beyond(cell.asks if isinstance(cell, Answer) else None)
            checked(self.sheet.set_column(number, number, self.layout.columns[number].width, look))
            # The whole column is open for more rows; what stands above the table stays locked.
            for row in range(TITLE_ROW, FIRST_ROW):
                put(self.sheet, row, number + 1, None, self.styles.empty())

    def _headers(self) -> None:
        for number, column in enumerate(self.layout.columns, start=1):
            put(self.sheet, HEADER_ROW, number, column.header, self.styles.header())
        texts = [(column.header, column_points(column.width), True) for column in self.layout.columns]
        checked(self.sheet.set_row(HEADER_ROW - 1, height(texts) + HEADER_AIR))
        self.sheet.freeze_panes(HEADER_ROW, self.name_column)
        if len(self.filled.rows) >= WORTH_A_FILTER and not self.layout.open_rows:
            last_column = len(self.layout.columns) - 1
            checked(self.sheet.autofilter(HEADER_ROW - 1, 0, self.filled.last_row - 1, last_column))

    def _cell(self, row: int, column: int, form_row: FormRow, cell: Locked | Answer) -> None:
        header = self.layout.columns[column - 1].header
        # The plain look is made in any case: the order of the looks shall not hang on what is wrong.
        look = self._look(form_row, column, cell)
        wrong = self.filled.wrong(form_row.code, header)
        if wrong is not None:
            look = wrong_look(self.styles, form_row, cell, wrong)
        if isinstance(cell, Answer):
            put(self.sheet, row, column, self.filled.given(form_row.code, column), look)
            self.asked.setdefault(cell, []).append((row, column))
        elif form_row.sums and header == CLAIM:
            formula = self._sum_formula(form_row, column)
            put_formula(self.sheet, row, column, formula, self.totals[form_row.code], look)
        else:
            put(self.sheet, row, column, cell, look)

    def _look(self, form_row: FormRow, column: int, cell: Locked | Answer) -> Any:
        if isinstance(cell, Answer):
            return self.styles.answer(cell.asks, cell.required)
        kind = kind_of(form_row, cell)
        if column == 1 and kind == "text":
            return self.styles.code(form_row.heading, form_row.depth)
        indent = form_row.depth if column == 2 else 0
        return self.styles.printed(kind, form_row.heading, form_row.depth, indent)

    def _sum_formula(self, form_row: FormRow, column: int) -> str:
        rows = [row for code in form_row.sums if (row := self.filled.row_of(code))]
        return f"=SUM({','.join(cells_text(*run) for run in runs([(row, column) for row in rows]))})"

    def _heights(self) -> None:
        rooms = [column_points(column.width) for column in self.layout.columns]
        for number, row in enumerate(self.filled.rows, start=FIRST_ROW):
            given = {place: self.filled.given(row.code, place + 1) for place in answer_places(row)}
            checked(self.sheet.set_row(number - 1, row_height(row, rooms, given)))

    def _highlight_missing(self) -> None:
        for tint in missing(self.filled):
            options: dict[str, Any] = {
                "type": "formula" if tint.criteria else "blanks",
                "format": self.styles.changed(bg_color=MISSING_FILL),
                "multi_range": tint.cells,
            }
            if tint.criteria:
                options["criteria"] = f"={tint.criteria}"
            row, column = tint.row - 1, tint.column - 1
            checked(self.sheet.conditional_format(row, column, row, column, options))


def write_head(sheet: Any, styles: Styles, title: str, guidance: str, stamp: str, widths: list[int]) -> None:
    """Title, stamp and guidance above every table of the form."""
    put(sheet, TITLE_ROW, 1, title, styles.title())
    put(sheet, STAMP_ROW, 1, stamp, styles.stamp())
    span = span_of(widths)
    if span > 1:
        checked(sheet.merge_range(GUIDANCE_ROW - 1, 0, GUIDANCE_ROW - 1, span - 1, "", styles.guidance()))
    put(sheet, GUIDANCE_ROW, 1, guidance, styles.guidance())
    for row, points in head_heights(guidance, widths).items():
        checked(sheet.set_row(row - 1, points))


def span_of(widths: list[int]) -> int:
    """The columns that guidance takes."""
    span, reach = 0, 0
    while span < len(widths) and (not span or reach + widths[span] <= READING_WIDTH):
        reach += widths[span]
        span += 1
    return span


def head_heights(guidance: str, widths: list[int]) -> dict[int, float]:
    """The heights of the rows above the headers."""
    return {
        TITLE_ROW: TITLE_HEIGHT,
        STAMP_ROW: STAMP_HEIGHT,
        HEADER_ROW - 1: GAP_HEIGHT,
        GUIDANCE_ROW: height([(guidance, sum(map(column_points, widths[: span_of(widths)])), False)]),
    }


def finish(sheet: Any, layout: FormLayout, header_row: int, colour: str = INK, landscape: bool = True) -> None:
    """Protection without password, print set-up and tab colour: the same for every visible sheet."""
    sheet.protect("", PROTECTION)
    print_on_a4(sheet, header_row, landscape=landscape, left_mm=20, footer_left=str(layout.stamp))
    if header_fits(layout):
        font = '&"Times New Roman,Italic"&10'
        unit, round_name = (text.replace("&", "&&") for text in (layout.unit_name, layout.round_name))
        checked(sheet.set_header(f"&L{font}{unit}&R{font}{round_name}"))
    sheet.set_tab_color(colour)


def header_fits(layout: FormLayout) -> bool:
    """Whether Excel's 255 characters hold the page header."""
    unit, round_name = (text.replace("&", "&&") for text in (layout.unit_name, layout.round_name))
    return len(unit) + len(round_name) < 180
