"""Turns a form that XlsxWriter printed once into those of all units that are asked the same: equal bytes, sooner."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from thidua_xlsx.model.form import Answer, Correction, FormLayout, FormRow, Locked
from thidua_xlsx.workbooks.form.answer_sheet import header_fits, wrong_look
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS
from thidua_xlsx.workbooks.form.filled import Answers
from thidua_xlsx.workbooks.form.guide import line_height, lines_of_the_unit
from thidua_xlsx.workbooks.form.marks import SHARED, STRING, STYLES, TYPES, Marks
from thidua_xlsx.workbooks.form.printed_sheet import CONTACT, NAME, STAMP, PrintedSheet, Setting
from thidua_xlsx.workbooks.form.styles import Styles
from thidua_xlsx.workbooks.packed import packed

# What XlsxWriter writes as it is, but for the escapes of XML; a unit's own texts must need not even those.
PLAIN = re.compile(r"(?!\s|<r>)(?:(?!_x)[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]){1,2000}(?<!\s)")
UNESCAPED = re.compile(r"[^&<>\ue000-\uf8ff]*")
BOOK, PAGE, THEME = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/theme/theme1.xml"
SHEET = re.compile(r'<sheet name="([^"]*)"')
FONTS = re.compile(r'<fonts count="(\d+)"(.*?)</fonts>')
CELL = re.compile(r'(?P<cell><c r="[A-Z]+\d+") s="(?P<look>\d+)"(?: t="s"><v>(?P<text>\d+))?')


def marked(layout: FormLayout) -> FormLayout:
    """The form with marks for what is a unit's own."""
    return replace(layout, stamp=STAMP, unit_name=NAME, contact=CONTACT if layout.contact else "")


class PrintedForm:
    """A form that was printed with marks, cut where units differ; with corrections if it was printed with some."""

    def __init__(self, layout: FormLayout, printed: bytes, styles: Styles, asked: tuple[Correction, ...] = ()) -> None:
        """``layout`` is the marked one, ``printed`` what was written of it with the looks of ``styles``."""
        self._styles, self._numbers = styles, styles.numbers()
        with ZipFile(BytesIO(printed)) as archive:
            self._parts = {name: archive.read(name).decode() for name in archive.namelist()}
        strings = [unescape(text) for text in STRING.findall(self._parts[SHARED])]
        self._lines = [text for _, text, _ in lines_of_the_unit(layout)]
        self._sheets = {}
        for number, name in enumerate(map(unescape, SHEET.findall(self._parts[BOOK])), start=1):
            if name != CORRECTIONS:
                part = f"xl/worksheets/sheet{number}.xml"
                looks = self._wrong if asked else None
                sheet = PrintedSheet(self._parts[part], strings, name, layout.sheet(name), self._lines, looks)
                self._sheets[part] = name, sheet
        # What cannot even be set as it was printed (blanks round a text of the plan, say) is of no use.
        self._usable = self._set(layout, {}, asked) == printed

    def of(self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...]) -> bytes | None:
        """The form of this unit with these answers; None where it takes more than setting: write it afresh."""
        return self._set(layout, answers, asked) if self._usable and can_be_set(layout, answers) else None

    def _set(self, layout: FormLayout, answers: Answers, asked: tuple[Correction, ...]) -> bytes | None:
        heights = [line_height(*line) for line in lines_of_the_unit(layout)]
        setting = Setting(layout, answers, asked, dict(zip(self._lines, heights, strict=True)))
        marks = setting.marks
        if setting.beyond or (marks and not all(map(PLAIN.fullmatch, marks.strings))):
            return None
        parts = {}
        for part, text in self._parts.items():
            if part in self._sheets:
                parts[part] = self._sheets[part][1].set(setting)
            elif part == PAGE and marks:
                parts[part] = self._page(marks, setting)
            elif part == SHARED:  # which comes after every sheet
                parts[part] = text.partition(" count=")[0] + setting.shared_strings()
            else:
                parts[part] = setting.unmarked(text)
        whole = self._with_notes(parts, marks) if marks and marks.notes else parts
        return packed({name: text.encode() for name, text in whole.items()})

    def _wrong(self, row: FormRow, cell: Locked | Answer, blocks: bool) -> int:
        """The number of the look of a cell to correct."""
        return self._styles.number(wrong_look(self._styles, row, cell, blocks))

    def _page(self, marks: Marks, setting: Setting) -> str:
        """The list of corrections, with the looks and strings of this workbook."""

        def cell(found: re.Match[str]) -> str:
            look = self._numbers[marks.looks[int(found["look"])]]
            text = found["text"]
            return f'{found["cell"]} s="{look}"' + (
                f' t="s"><v>{setting.number(marks.strings[int(text)])}' if text else ""
            )

        return CELL.sub(cell, marks.page)

    def _with_notes(self, parts: dict[str, str], marks: Marks) -> dict[str, str]:
        """The parts with those of the notes, each where XlsxWriter has it."""
        relations = {
            part.replace("worksheets/", "worksheets/_rels/") + ".rels": marks.sheets[name].relations
            for part, (name, _) in self._sheets.items()
            if name in marks.sheets and marks.sheets[name].relations
        }
        placed: dict[str, str] = {}
        for part, text in parts.items():
            placed[part] = text
            placed |= {BOOK: dict(marks.notes), THEME: relations}.get(part, {})
        placed[STYLES] = FONTS.sub(
            lambda found: f'<fonts count="{int(found[1]) + 1}"{found[2]}{marks.font}</fonts>', placed[STYLES], count=1
        )
        vml, *comments = marks.types
        types = placed[TYPES].replace("<Override", f"{vml}<Override", 1)
        shared = f'<Override PartName="/{SHARED}"'
        placed[TYPES] = types.replace(shared, "".join(comments) + shared)
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
