"""Turns one sheet of a printed form into the same sheet of another unit, or filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from thidua_xlsx.model.form import (
    FIRST_ROW,
    LISTS,
    SELF_CHECK,
    Answer,
    Correction,
    FormLayout,
    FormRow,
    Locked,
    SheetLayout,
    Stamp,
)
from thidua_xlsx.model.place import column_number
from thidua_xlsx.workbooks.fit import column_points
from thidua_xlsx.workbooks.form.answer_sheet import row_height
from thidua_xlsx.workbooks.form.filled import Answers, filled, totals
from thidua_xlsx.workbooks.form.marks import SheetMarks, print_marks
from thidua_xlsx.workbooks.form.self_check import count, values_now
from thidua_xlsx.workbooks.written_values import number_text, writable_number

# What stands for a unit's own texts while the form is printed: characters for private use, which nobody types.
STAMP = Stamp("\ue000", 0, "\ue000", "\ue000", "\ue000", "\ue000")
NAME, CONTACT = "\ue001", "\ue002"
MARKS = (str(STAMP), NAME, CONTACT)
# What may differ: the height of a row, an answer, a string's number, a formula's value, page header and footer; and,
# where there are corrections, the look of a cell, what is tinted, and the notes.
SLOT = re.compile(
    r'<row r="(?P<row>\d+)"[^>]*? ht="(?P<height>[^"]+)'
    r'|<c r="(?P<column>[A-Z]+)(?P<line>\d+)" s="(?P<look>\d+)"'
    r'(?:(?P<blank>/>)| t="s"><v>(?P<string>\d+)|(?P<number>><v>)|[^>]*><f>[^<]*</f><v>(?P<value>[^<]*))'
    rf"|(?P<mark>{re.escape(MARKS[0])}|{NAME})"
    r"|(?P<rules><conditionalFormatting .*</conditionalFormatting>)|(?P<end></worksheet>)"
)
# Excel counts days from here, and one more after the 29th of February that 1900 did not have.
DAY_ZERO, LAST_RIGHT = date(1899, 12, 31), 59


class Setting:
    """One form while it is set: its texts, and the shared strings in the order in which they are met.

    ``lines`` are the heights of the guide's lines by the marked text that they hold.
    """

    def __init__(
        self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...], lines: Mapping[str, float]
    ) -> None:
        self.lines = lines
        sheets = [filled(sheet, answers, asked) for sheet in layout.sheets] if answers or asked else []
        self.beyond = any(len(sheet.rows) > len(sheet.layout.rows) for sheet in sheets)
        self.answers = {sheet.layout.name: sheet.answers for sheet in sheets}
        self.sums = {sheet.layout.name: totals(sheet) for sheet in sheets}
        # What the formulas of the self-check come to; of a blank form what was printed.
        self.counts: Iterator[int | str] = iter(())
        if sheets and not self.beyond:
            self.counts = values_now([count(sheet, tuple(sheets)) for sheet in sheets])
        self.filled = {sheet.layout.name: sheet for sheet in sheets}
        self.marks = print_marks(layout, asked, sheets) if asked and not self.beyond else None
        self._own = tuple(zip(MARKS, (str(layout.stamp), layout.unit_name, layout.contact), strict=True))
        self._numbers: dict[str, int] = {}
        self._met = 0

    def unmarked(self, text: str) -> str:
        for mark, own in self._own:
            text = text.replace(mark, own)
        return text

    def number(self, text: str) -> int:
        """The number of a string that stands in one more cell."""
        self._met += 1
        return self._numbers.setdefault(text, len(self._numbers))

    def known(self, text: str) -> int:
        return self._numbers[text]

    def marks_of(self, sheet: str) -> SheetMarks | None:
        return self.marks.sheets.get(sheet) if self.marks else None

    def shared_strings(self) -> str:
        """The part of all strings, from its counts on."""
        items = "".join([f"<si><t>{escape(text)}</t></si>" for text in self._numbers])
        return f' count="{self._met}" uniqueCount="{len(self._numbers)}">{items}</sst>'


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
        looks: Callable[[FormRow, Locked | Answer, bool], int] | None,
    ) -> None:
        """``strings`` are the shared ones by number; ``own_lines`` the marked texts that give a line its height.

        ``looks`` numbers the look of a cell to correct, in a form that may have such.
        """
        self._strings, self._name, self._layout, self._looks = strings, name, layout, looks
        self._rooms = [column_points(column.width) for column in layout.columns] if layout else []
        # The lists are written column by column, all other sheets line by line.
        self._listed: list[tuple[int, int, str]] = []
        self._pieces: list[str | Slot] = []
        end = row_piece = 0
        for found in SLOT.finditer(xml):
            kind = found.lastgroup or ""
            if look := self._look(found):
                self._pieces += (xml[end : found.start("look")], look)
                end = found.end("look")
            slot = self._slot(found, kind)
            if slot is None:
                continue
            self._pieces += (xml[end : found.start(kind)], slot)
            end = found.end(kind)
            if kind == "height":
                row_piece = len(self._pieces) - 1
            elif kind == "string" and (text := strings[int(found[kind])]) in own_lines:
                self._pieces[row_piece] = self._line(text)
        self._pieces.append(xml[end:])

    def set(self, setting: Setting) -> str:
        for _, _, text in sorted(self._listed):
            setting.number(setting.unmarked(text))
        return "".join([piece if isinstance(piece, str) else piece(setting) for piece in self._pieces])

    def _slot(self, found: re.Match[str], kind: str) -> Slot | None:
        """How this place is set; None where it stays."""
        printed = found[kind]
        if kind == "height":
            return self._height(int(found["row"]), printed)
        if kind == "mark":
            return lambda setting: setting.unmarked(printed)
        if kind in ("rules", "end"):
            return self._rules(printed) if kind == "rules" else self._end(printed)
        if kind == "number":
            return None
        row, column = int(found["line"]), column_number(found["column"])
        if kind == "string":
            return self._string(row, column, self._strings[int(printed)])
        return self._answer(row, column) if kind == "blank" else self._formula(row, printed)

    def _look(self, found: re.Match[str]) -> Slot | None:
        """The look of a coded cell, which a correction changes."""
        looks, row = self._looks, self._row(int(found["line"])) if found["look"] else None
        if looks is None or row is None or self._layout is None:
            return None
        printed, column = found["look"], column_number(found["column"]) - 1
        cell, header = row.cells[column], self._layout.columns[column].header

        def look(setting: Setting) -> str:
            wrong = setting.filled[self._name].wrong(row.code, header) if setting.marks_of(self._name) else None
            return printed if wrong is None else str(looks(row, cell, wrong))

        return look

    def _rules(self, printed: str) -> Slot:
        def rules(setting: Setting) -> str:
            marks = setting.marks_of(self._name)
            return marks.rules if marks else printed

        return rules

    def _end(self, printed: str) -> Slot:
        def end(setting: Setting) -> str:
            marks = setting.marks_of(self._name)
            return f"{marks.drawing}{printed}" if marks else printed

        return end

    def _row(self, number: int) -> FormRow | None:
        """The coded row of the form that stands in this row of the sheet."""
        place = number - FIRST_ROW
        return self._layout.rows[place] if self._layout and 0 <= place < len(self._layout.rows) else None

    def _keys(self, row: FormRow) -> dict[int, tuple[str, str]]:
        """The answers of a row: their columns from 0, and what they are called among the sheet's answers."""
        assert self._layout
        headers = [column.header for column in self._layout.columns]
        return {place: (row.code, headers[place]) for place, cell in enumerate(row.cells) if isinstance(cell, Answer)}

    def _line(self, text: str) -> Slot:
        return lambda setting: height_text(setting.lines[text])

    def _height(self, number: int, printed: str) -> Slot | None:
        row = self._row(number)
        if row is None:
            return lambda _: printed  # a line of the guide may still take its place
        keys = self._keys(row)

        def height(setting: Setting) -> str:
            answers = setting.answers.get(self._name, {})
            given = {place: answers[key] for place, key in keys.items() if key in answers}
            if not any(isinstance(value, str) for value in given.values()):
                return printed
            return height_text(row_height(row, self._rooms, given))

        return height

    def _string(self, row: int, column: int, text: str) -> Slot:
        if self._name == LISTS:
            self._listed.append((column, row, text))
            return lambda setting: str(setting.known(setting.unmarked(text)))
        if any(mark in text for mark in MARKS):
            return lambda setting: str(setting.number(setting.unmarked(text)))
        return lambda setting: str(setting.number(text))

    def _answer(self, number: int, column: int) -> Slot | None:
        row = self._row(number)
        key = self._keys(row).get(column - 1) if row else None
        if key is None:
            return None

        def answer(setting: Setting) -> str:
            value = setting.answers.get(self._name, {}).get(key, "")
            if value == "":
                return "/>"
            if isinstance(value, str):
                return f' t="s"><v>{setting.number(value)}</v></c>'
            return f"><v>{value_text(value)}</v></c>"

        return answer

    def _formula(self, number: int, printed: str) -> Slot | None:
        if self._name == SELF_CHECK:
            return lambda setting: str(next(setting.counts, printed))
        row = self._row(number)
        if row is None:
            return None
        code = row.code
        return lambda setting: str(writable_number(setting.sums[self._name][code])) if setting.sums else printed
