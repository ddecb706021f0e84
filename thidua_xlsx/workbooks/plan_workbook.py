"""Turns a plan into the workbook that staff edit: a sheet a table, a row an entry, a column a key, and back again.

Headings, notes, drop-downs and guide all come from ``language.TABLES``; reading lives in ``plan_rows``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from thidua_xlsx.model.form import INSTRUCTIONS, LISTS, NO, YES
from thidua_xlsx.model.language import BY_NAME, TABLES, Holds, Key, Table
from thidua_xlsx.model.place import column_letters
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.plans.plan_cells import CellValue, written
from thidua_xlsx.stages.plans.plan_values import label_of
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.form.styles import BORDER, FIELD_FILL, GREY, INK
from thidua_xlsx.workbooks.plan_guide import meaning, write_guide
from thidua_xlsx.workbooks.plan_lists import choice_lists, placed, ranges, write_lists
from thidua_xlsx.workbooks.plan_rows import REQUIRED_MARK, read_plan_workbook
from thidua_xlsx.workbooks.sheets import (
    DATE_FORMAT,
    FONT,
    OpenWorkbook,
    checked,
    open_workbook,
    print_on_a4,
    put,
    reference,
)

__all__ = ["read_plan_workbook", "write_plan_workbook"]

HEADING_ROW, KEY_ROW, FIRST_ROW = 1, 2, 3
SIZE = 11
SPARE_ROWS, NEW_CODES = 200, 20
AUTHOR = "thidua-xlsx"
# Characters: a column's limits, and what one printed line bears before the print becomes too small to read.
NARROWEST, WIDEST, LINE = 8, 70, 190
TALLEST = 400.0
REQUIRED_INK, OPTIONAL_INK = INK, "#5B74A0"
BAND = "#F4F6FA"
NUMBERS = (Holds.INTEGER, Holds.NUMBER)
NOT_LISTED = "Chọn một giá trị trong danh sách; ý nghĩa ở sheet «Danh mục»."


def write_plan_workbook(plan: Plan) -> bytes:
    """The workbook form of a plan, the same bytes every time."""
    work = open_workbook(title=f"Kế hoạch {plan.head.id}", subject=plan.head.title, author=plan.head.standing_body)
    write_guide(work, work.add_sheet(INSTRUCTIONS), plan)
    lists = placed(choice_lists(plan))
    chosen = ranges(lists)
    for table in TABLES:
        PlanSheet(work, table, plan).write(chosen)
    write_lists(work, work.add_sheet(LISTS), lists)
    return work.close()


class PlanSheet:
    """One table in the making."""

    def __init__(self, work: OpenWorkbook, table: Table, plan: Plan) -> None:
        self.work, self.table, self.plan = work, table, plan
        self.sheet: Any = work.add_sheet(table.sheet, growing_below=KEY_ROW)
        self.rows = [{key.name: value for key, value in written(table, row)} for row in plan.table(table.name)]
        self.last_row = KEY_ROW + len(self.rows)
        self.last_spare = self.last_row + SPARE_ROWS
        self.widths = _widths(table, self.rows)

    def write(self, chosen: dict[tuple[str, str], str]) -> None:
        for column, key in enumerate(self.table.keys, start=1):
            self._column(column, key)
            self._offer(column, key, chosen)
        for number, row in enumerate(self.rows, start=FIRST_ROW):
            self._row(number, row)
        self._finish()

    def _column(self, column: int, key: Key) -> None:
        """Width, format of the rows to come, heading with its note, and the name that the program reads."""
        checked(self.sheet.set_column(column - 1, column - 1, self.widths[column - 1], self._look(key, ruled=False)))
        heading = f"{key.heading} {REQUIRED_MARK}" if key.required else key.heading
        fill = REQUIRED_INK if key.required else OPTIONAL_INK
        put(
            self.sheet,
            HEADING_ROW,
            column,
            heading,
            self.work.format(
                bold=True, text_wrap=True, align="center", font_size=SIZE, font_color="#FFFFFF", bg_color=fill, **BORDER
            ),
        )
        put(
            self.sheet,
            KEY_ROW,
            column,
            key.name,
            self.work.format(font_size=8, font_color=GREY, align="center", bg_color=FIELD_FILL, **BORDER),
        )
        note = f"{label_of(key)}{', bắt buộc' if key.required else ''}\n{meaning(key)}"
        lines = lines_of(note, column_points(38), 9)
        checked(
            self.sheet.write_comment(
                HEADING_ROW - 1,
                column - 1,
                note,
                {"author": AUTHOR, "width": 320, "height": 24 + 16 * lines, "font_name": FONT, "font_size": 10},
            )
        )

    def _offer(self, column: int, key: Key, chosen: dict[tuple[str, str], str]) -> None:
        """The drop-down of a column: closed values hold, lists of codes may be typed as ``a; b``."""
        source = chosen.get((self.table.name, key.name)) or _codes_range(key, self.plan)
        if source is None:
            return
        closed = key.holds in (Holds.CHOICE, Holds.FLAG) or (key.holds is Holds.CODE and key.refers != "scale")
        rule = {
            "validate": "list",
            "source": source,
            "ignore_blank": True,
            "show_error": closed,
            "error_title": "Giá trị không có trong danh sách",
            "error_message": NOT_LISTED,
        }
        checked(self.sheet.data_validation(FIRST_ROW - 1, column - 1, self.last_spare - 1, column - 1, rule))

    def _row(self, number: int, row: dict[str, CellValue]) -> None:
        tallest = 1
        for column, key in enumerate(self.table.keys, start=1):
            value = row.get(key.name)
            typed = (YES if value else NO) if isinstance(value, bool) else value
            put(self.sheet, number, column, typed, self._look(key))
            tallest = max(tallest, lines_of(_shown(typed), column_points(self.widths[column - 1]), SIZE))
        checked(self.sheet.set_row(number - 1, min(TALLEST, tallest * line_points(SIZE) + 4)))

    def _look(self, key: Key, ruled: bool = True) -> Any:
        """Text stays text (1.10 is not 1.1), numbers and dates keep the desk's own way of writing."""
        frame = BORDER if ruled else {}
        if key.holds is Holds.DATE:
            return self.work.format(num_format=DATE_FORMAT, align="center", valign="top", font_size=SIZE, **frame)
        if key.holds in NUMBERS:
            return self.work.format(align="center", valign="top", font_size=SIZE, **frame)
        return self.work.format(num_format="@", align="left", text_wrap=True, valign="top", font_size=SIZE, **frame)

    def _finish(self) -> None:
        """Banding, filter, frozen head, no green triangles on codes, and the print set-up."""
        sheet, columns = self.sheet, len(self.table.keys)
        corner = column_letters(columns)
        tallest = max(
            lines_of(f"{key.heading} {REQUIRED_MARK}", column_points(width), SIZE, bold=True)
            for key, width in zip(self.table.keys, self.widths, strict=True)
        )
        checked(sheet.set_row(HEADING_ROW - 1, tallest * line_points(SIZE) + 8))
        checked(sheet.set_row(KEY_ROW - 1, 14))
        checked(
            sheet.conditional_format(
                FIRST_ROW - 1,
                0,
                self.last_spare - 1,
                columns - 1,
                {
                    "type": "formula",
                    "criteria": f"=AND(MOD(ROW(),2)=0,COUNTA($A{FIRST_ROW}:${corner}{FIRST_ROW})>0)",
                    "format": self.work.book.add_format({"bg_color": BAND}),
                },
            )
        )
        checked(sheet.autofilter(KEY_ROW - 1, 0, max(self.last_row, FIRST_ROW) - 1, columns - 1))
        checked(sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{corner}{self.last_spare}"}))
        sheet.freeze_panes(KEY_ROW, 1)
        print_on_a4(sheet, 0, columns=columns, left_mm=15, footer_left=self.table.sheet)
        sheet.repeat_rows(HEADING_ROW - 1, KEY_ROW - 1)


def _codes_range(key: Key, plan: Plan) -> str | None:
    """The codes of another sheet, and a few rows that are still to be filled."""
    if key.refers is None or key.refers == "scale":
        return None
    target = BY_NAME[key.refers]
    letters = column_letters(1 + [item.name for item in target.keys].index("code"))
    last = KEY_ROW + len(plan.table(target.name)) + NEW_CODES
    return "=" + reference(target.sheet, f"${letters}${FIRST_ROW}:${letters}${last}")


def _shown(value: CellValue | None) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return date_text(value) if not isinstance(value, str | int | Decimal) else str(value)


def _widths(table: Table, rows: list[dict[str, CellValue]]) -> list[int]:
    """As wide as the values, the widest columns giving way until the line can be printed."""
    least = [_least(key) for key in table.keys]
    longest = [max((len(_shown(row.get(key.name))) for row in rows), default=0) + 2 for key in table.keys]
    widths = [min(WIDEST, max(low, wish)) for low, wish in zip(least, longest, strict=True)]
    while sum(widths) > LINE:
        widest = max(range(len(widths)), key=lambda column: widths[column] - least[column])
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
    return widths


def _least(key: Key) -> int:
    """Room for the longest word of the heading (bold) and for the small name below it."""
    word = max(len(word) for word in key.heading.split())
    return max(NARROWEST, word + 2, len(key.name) * 3 // 5 + 1)
