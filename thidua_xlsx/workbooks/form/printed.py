"""Turns a form that XlsxWriter printed once into those of all units that are asked the same: equal bytes, sooner."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from thidua_xlsx.model.form import Answer, Correction, FormLayout, FormRow, Locked
from thidua_xlsx.workbooks.form.answer_sheet import header_fits, wrong_look
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS
from thidua_xlsx.workbooks.form.filled import Answers
from thidua_xlsx.workbooks.form.guide import line_height, lines_of_the_unit
from thidua_xlsx.workbooks.form.notes import COMMENTS_TYPE, DRAWING_TYPE, NOTE_FONT, RELATIONS, note_parts
from thidua_xlsx.workbooks.form.printed_list import PrintedList
from thidua_xlsx.workbooks.form.printed_sheet import PrintedSheet
from thidua_xlsx.workbooks.form.setting import CONTACT, NAME, STAMP, Setting
from thidua_xlsx.workbooks.form.styles import Styles
from thidua_xlsx.workbooks.packed import packed

# What XlsxWriter writes as it is, but for the escapes of XML; a unit's own texts must need not even those.
PLAIN = re.compile(r"(?!\s|<r>)(?:(?!_x)[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]){1,2000}(?<!\s)")
UNESCAPED = re.compile(r"[^&<>\ue000-\uf8ff]*")
BOOK, FIRST, THEME = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/theme/theme1.xml"
SHARED, STYLES, TYPES = "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"
STRING = re.compile(r"<si><t[^>]*>([^<]*)</t></si>")
STRING_CELL, TINT = ' t="s"><v>', "<conditionalFormatting "
SHEET = re.compile(r'<sheet name="([^"]*)"')
FONTS = re.compile(r'<fonts count="(\d+)"(.*?)</fonts>')


def marked(layout: FormLayout) -> FormLayout:
    """The form with marks for what is a unit's own."""
    return replace(layout, stamp=STAMP, unit_name=NAME, contact=CONTACT if layout.contact else "")


class NotPrinted(Exception):
    """A look that the print has not."""


class PrintedForm:
    """A form that was printed with marks, cut where units differ; with corrections if it was printed with some."""

    def __init__(self, layout: FormLayout, printed: bytes, styles: Styles, asked: tuple[Correction, ...] = ()) -> None:
        """``layout`` is the marked one, ``printed`` what was written of it with the looks of ``styles``."""
        self._styles, self._looks = styles, frozenset(styles.numbers().values())
        with ZipFile(BytesIO(printed)) as archive:
            self._parts = {name: archive.read(name).decode() for name in archive.namelist()}
        strings = [unescape(text) for text in STRING.findall(self._parts[SHARED])]
        self._lines = [text for _, text, _ in lines_of_the_unit(layout)]
        self._list: PrintedList | None = None
        self._sheets: dict[str, PrintedSheet] = {}
        for number, name in enumerate(map(unescape, SHEET.findall(self._parts[BOOK])), start=1):
            part = f"xl/worksheets/sheet{number}.xml"
            if name == CORRECTIONS:
                self._list = PrintedList(self._parts[part], styles, self._number)
            else:
                sheet = layout.sheet(name)
                self._sheets[part] = PrintedSheet(self._parts[part], strings, name, sheet, self._lines, self._wrong)
        # What cannot even be set as it was printed (blanks round a text of the plan, say) is of no use.
        self._usable = self._set(layout, {}, asked) == printed

    def of(self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...]) -> bytes | None:
        """The form of this unit with these answers; None where it takes more than setting: write it afresh."""
        try:
            return self._set(layout, answers, asked) if self._usable and can_be_set(layout, answers) else None
        except NotPrinted:
            return None

    def _set(self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...]) -> bytes | None:
        heights = [line_height(*line) for line in lines_of_the_unit(layout)]
        setting = Setting(layout, answers, asked, dict(zip(self._lines, heights, strict=True)))
        noted = (layout.standing_body, *[item.message for item in asked]) if asked else ()
        if setting.beyond or not all(map(PLAIN.fullmatch, noted)):
            return None
        parts = {}
        for part, text in self._parts.items():
            if part in self._sheets:
                parts[part] = self._sheets[part].set(setting)
            elif part == FIRST and self._list:
                parts[part] = self._list.set(setting)
                if not all(map(PLAIN.fullmatch, setting.numbers)):
                    return None
            elif part == SHARED:  # which comes after every sheet
                cells = sum(parts[sheet].count(STRING_CELL) for sheet in {FIRST, *self._sheets})
                parts[part] = text.partition(" count=")[0] + setting.shared_strings(cells)
            else:
                parts[part] = setting.unmarked(text)
        filled = [part for part, sheet in self._sheets.items() if sheet.name in setting.filled]
        if asked and not any(TINT in parts[part] for part in filled):
            return None  # XlsxWriter would number the changed looks otherwise
        whole = self._with_notes(parts, setting) if setting.notes else parts
        return packed((name, text.encode()) for name, text in whole.items())

    def _wrong(self, row: FormRow, cell: Locked | Answer, blocks: bool) -> int:
        """The number of the look of a cell to correct."""
        return self._number(wrong_look(self._styles, row, cell, blocks))

    def _number(self, look: Any) -> int:
        """The number of a look, which must be among those printed."""
        number = self._styles.number(look)
        if number not in self._looks:
            raise NotPrinted
        return number

    def _with_notes(self, parts: dict[str, str], setting: Setting) -> dict[str, str]:
        """The parts with those of the notes, each where XlsxWriter has it."""
        noted = {
            part: (setting.notes[sheet.name], sheet.grid(parts[part]))
            for part, sheet in self._sheets.items()
            if sheet.name in setting.notes
        }
        relations = {
            part.replace("worksheets/", "worksheets/_rels/") + ".rels": RELATIONS.format(number=number)
            for number, part in enumerate(noted, start=1)
        }
        behind = {BOOK: dict(note_parts(list(noted.values()), setting.layout.standing_body)), THEME: relations}
        placed: dict[str, str] = {}
        for part, text in parts.items():
            placed[part] = text
            placed |= behind.get(part, {})
        placed[STYLES] = FONTS.sub(
            lambda found: f'<fonts count="{int(found[1]) + 1}"{found[2]}{NOTE_FONT}</fonts>', placed[STYLES], count=1
        )
        comments = "".join([COMMENTS_TYPE.format(number=number) for number in range(1, len(noted) + 1)])
        types = placed[TYPES].replace("<Override", f"{DRAWING_TYPE}<Override", 1)
        shared = f'<Override PartName="/{SHARED}"'
        placed[TYPES] = types.replace(shared, comments + shared)
        return placed


def can_be_set(layout: FormLayout, answers: Answers) -> bool:
    """Whether the texts are such that they go into a printed form as they are, and the page header holds the name."""
    own = [text for text in (str(layout.stamp), layout.unit_name, layout.contact) if text]
    typed = [value for value in answers.values() if isinstance(value, str) and value]
    return (
        header_fits(layout)
        and all(PLAIN.fullmatch(text) for text in (*own, *typed))
        and all(UNESCAPED.fullmatch(text) for text in own)
    )
