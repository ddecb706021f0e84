"""Turns one sheet of a printed form into the same sheet of another unit, or filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.form import (
    FIRST_ROW,
    LISTS,
    SELF_CHECK,
    Answer,
    FormRow,
    Locked,
    SheetLayout,
)
from thidua_xlsx.model.place import address, column_number
from thidua_xlsx.workbooks.fit import PIXEL, column_points
from thidua_xlsx.workbooks.form.answer_sheet import answer_places, height, row_height, text_room
from thidua_xlsx.workbooks.form.missing import missing, tints_text
from thidua_xlsx.workbooks.form.notes import LEGACY_DRAWING, Grid
from thidua_xlsx.workbooks.form.setting import MARKS, NAME, Setting
from thidua_xlsx.workbooks.written_values import number_text, writable_number

# What may differ: the height of a row, an answer, a string's number, a formula's value, page header and footer.
SLOT = re.compile(
    r'<row r="(?P<row>\d+)"[^>]*? ht="(?P<height>[^"]+)'
    r'|<c r="(?P<column>[A-Z]+)(?P<line>\d+)" s="\d+"'
    r'(?:(?P<blank>/>)| t="s"><v>(?P<string>\d+)|(?P<number>><v>)|[^>]*><f>[^<]*</f><v>(?P<value>[^<]*))'
    rf"|(?P<mark>{re.escape(MARKS[0])}|{NAME})"
)
# And where there are corrections, the look of a cell, what is tinted, and the notes.
RULES = re.compile(r"<conditionalFormatting .*</conditionalFormatting>")
HEIGHT = re.compile(r'<row r="\d+"[^>]*? ht="([^"]+)')
END = "</worksheet>"
# Excel counts days from here, and one more after the 29th of February that 1900 did not have.
DAY_ZERO, LAST_RIGHT = date(1899, 12, 31), 59


Slot = Callable[[Setting], str]


def height_text(points: float) -> str:
    """A height as XlsxWriter writes it: whole pixels, in points."""
    return f"{int(points * 4 / 3 + 0.5) * 0.75:.16g}"


def value_text(value: int | Decimal | date) -> str:
    """A number or a day as XlsxWriter writes it."""
    if isinstance(value, date):
        days = (value - DAY_ZERO).days
        return str(days + (days > LAST_RIGHT))
    return number_text(value)


class PrintedSheet:
    """One sheet: pieces that stay, and between them what is set."""

    def __init__(
        self,
        xml: str,
        strings: Sequence[str],
        name: str,
        layout: SheetLayout | None,
        own_lines: Sequence[str],
        looks: Callable[[FormRow, Locked | Answer, bool], int],
    ) -> None:
        """``strings`` are the shared ones by number; ``own_lines`` the marked texts that give a line its height.

        ``looks`` numbers the look of a cell to correct.
        """
        self.name, self._strings, self._layout, self._looks = name, strings, layout, looks
        self._headers = [column.header for column in layout.columns] if layout else []
        self._rooms = [column_points(column.width) for column in layout.columns] if layout else []
        self._cells: dict[tuple[str, str], list[tuple[str, FormRow, Locked | Answer]]] = {}
        for number, row in enumerate(layout.rows if layout else (), start=FIRST_ROW):
            for column, (header, cell) in enumerate(zip(self._headers, row.cells, strict=True), start=1):
                self._cells.setdefault((row.code, header), []).append((address(number, column), row, cell))
        # The lists are written column by column, all other sheets line by line.
        self._listed: list[tuple[int, int, Slot]] = []
        self._stays: list[str] = []
        self._slots: list[Slot] = []
        end = row_slot = 0
        for found in SLOT.finditer(xml):
            kind = found.lastgroup or ""
            slot = self._slot(found, kind)
            if slot is None:
                continue
            self._stays.append(xml[end : found.start(kind)])
            self._slots.append(slot)
            end = found.end(kind)
            if kind == "height":
                row_slot = len(self._slots) - 1
            elif kind == "string" and (text := strings[int(found[kind])]) in own_lines:
                self._slots[row_slot] = self._line(text)
        self._stays.append(xml[end:])

    def set(self, setting: Setting) -> str:
        for _, _, string in sorted(self._listed):
            string(setting)
        pieces = [""] * (2 * len(self._slots) + 1)
        pieces[::2] = self._stays
        pieces[1::2] = [slot(setting) for slot in self._slots]
        text = "".join(pieces)
        return self._corrected(text, setting) if setting.corrected(self.name) else text

    def _corrected(self, text: str, setting: Setting) -> str:
        """The sheet with what corrections change."""
        sheet = setting.filled[self.name]
        for code, header in sheet.corrections:
            for place, row, cell in self._cells.get((code, header), ()):
                look = self._looks(row, cell, bool(sheet.wrong(code, header)))
                before, found, behind = text.partition(f'<c r="{place}" s="')
                text = f"{before}{found}{look}{behind.lstrip('0123456789')}"
        text = RULES.sub(lambda _: tints_text(missing(sheet)), text)
        return text.replace(END, LEGACY_DRAWING + END) if self.name in setting.notes else text

    def grid(self, text: str) -> Grid:
        """How wide the columns and how high the rows are of this sheet once it is set."""
        return Grid([int(room / PIXEL) for room in self._rooms], [int(float(x) / PIXEL) for x in HEIGHT.findall(text)])

    def _slot(self, found: re.Match[str], kind: str) -> Slot | None:
        """How this place is set; None where it stays."""
        printed = found[kind]
        if kind == "height":
            return self._height(int(found["row"]), printed)
        if kind == "mark":
            return lambda setting: setting.unmarked(printed)
        if kind == "number":
            return None
        row, column = int(found["line"]), column_number(found["column"])
        if kind == "string":
            return self._string(row, column, self._strings[int(printed)])
        return self._answer(row, column) if kind == "blank" else self._formula(row, printed)

    def _row(self, number: int) -> FormRow | None:
        """The coded row of the form that stands in this row of the sheet."""
        place = number - FIRST_ROW
        return self._layout.rows[place] if self._layout and 0 <= place < len(self._layout.rows) else None

    def _line(self, text: str) -> Slot:
        return lambda setting: height_text(setting.lines[text])

    def _height(self, number: int, printed: str) -> Slot | None:
        row = self._row(number)
        if row is None:
            return lambda _: printed  # a line of the guide may still take its place
        asked = [((row.code, self._headers[place]), text_room(row, self._rooms, place)) for place in answer_places(row)]
        blank, heading = row_height(row, self._rooms, {}), row.heading

        def higher(setting: Setting) -> str:
            """What is printed has its height; only answers can make a row higher."""
            answers = setting.answers.get(self.name)
            if not answers:
                return printed
            given = [(answers.get(key), room, heading) for key, room in asked]
            texts = [(value, room, heading) for value, room, heading in given if isinstance(value, str) and value]
            return height_text(max(blank, height(texts))) if texts else printed

        return higher

    def _string(self, row: int, column: int, text: str) -> Slot:
        marked = any(mark in text for mark in MARKS)

        def number(setting: Setting) -> str:
            return setting.numbers[setting.unmarked(text) if marked else text]

        if self.name == LISTS:
            self._listed.append((column, row, number))
        return number

    def _answer(self, number: int, column: int) -> Slot | None:
        row = self._row(number)
        if row is None or not isinstance(row.cells[column - 1], Answer):
            return None
        key = row.code, self._headers[column - 1]

        def answer(setting: Setting) -> str:
            value = setting.answers.get(self.name, {}).get(key, "")
            if value == "":
                return "/>"
            if isinstance(value, str):
                return f' t="s"><v>{setting.numbers[value]}</v></c>'
            return f"><v>{value_text(value)}</v></c>"

        return answer

    def _formula(self, number: int, printed: str) -> Slot | None:
        if self.name == SELF_CHECK:
            return lambda setting: str(next(setting.counts, printed))
        row = self._row(number)
        if row is None:
            return None
        code = row.code
        return lambda setting: str(writable_number(setting.sums[self.name][code])) if setting.sums else printed
