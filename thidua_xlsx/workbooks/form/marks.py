"""Turns what a unit must correct into the parts of a workbook that say so: the list, the notes, what is still tinted.

XlsxWriter writes them, in a workbook that holds nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from thidua_xlsx.model.form import HEADER_ROW, Correction, FormLayout
from thidua_xlsx.workbooks.form.answer_sheet import AnswerSheet, finish
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS, write_corrections
from thidua_xlsx.workbooks.form.filled import FilledSheet
from thidua_xlsx.workbooks.form.styles import WRONG_EDGE, Styles
from thidua_xlsx.workbooks.sheets import open_workbook

SHARED, STYLES, TYPES = "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"
UNREAD = ("docProps/", "xl/theme/", "xl/workbook.xml")
STRING = re.compile(r"<si><t[^>]*>([^<]*)</t></si>")
RULES = re.compile(r"<conditionalFormatting .*</conditionalFormatting>")
DRAWING = re.compile(r"<legacyDrawing [^>]*>")
LAST_FONT = re.compile(r"<font>(?:(?!<font>).)*</font>(?=</fonts>)")
NOTES = re.compile(r"xl/(?:drawings/vmlDrawing|comments)\d+\.\w+")
NOTE_TYPES = re.compile(r'<Default Extension="vml"[^>]*>|<Override PartName="/xl/comments\d+\.xml"[^>]*>')


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Of one sheet: its conditional formats, the element that brings in the notes, and where the notes are."""

    rules: str
    drawing: str
    relations: str


@dataclass(frozen=True, slots=True)
class Marks:
    """``page`` is the list of corrections, its strings numbered as in ``strings``, its looks as in ``looks``."""

    page: str
    strings: tuple[str, ...]
    looks: Mapping[int, Hashable]
    sheets: Mapping[str, SheetMarks]
    notes: Mapping[str, str]
    types: tuple[str, ...]
    # Notes have a font of their own, the last in the list of all.
    font: str


def print_marks(layout: FormLayout, asked: Sequence[Correction], sheets: Sequence[FilledSheet]) -> Marks:
    """The parts of a unit's workbook that hang on its corrections alone."""
    work = open_workbook()
    styles = Styles(work)
    page = work.add_sheet(CORRECTIONS)
    write_corrections(page, styles, layout, asked, sheets)
    finish(page, layout, HEADER_ROW, WRONG_EDGE)
    marked = [sheet for sheet in sheets if sheet.corrections]
    for item in marked:
        page = work.add_sheet(item.layout.name, growing_below=HEADER_ROW)
        AnswerSheet(page, styles, item).write_marks(layout.standing_body)
    with ZipFile(BytesIO(work.close())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if not name.startswith(UNREAD)}
    looks = {number: key for key, number in styles.numbers().items()}
    strings = tuple(unescape(text) for text in STRING.findall(parts[SHARED]))
    return Marks(
        parts["xl/worksheets/sheet1.xml"],
        strings,
        looks,
        {item.layout.name: _of_sheet(parts, number) for number, item in enumerate(marked, start=2)},
        {name: text for name, text in parts.items() if NOTES.fullmatch(name)},
        tuple(NOTE_TYPES.findall(parts[TYPES])),
        LAST_FONT.findall(parts[STYLES])[0],
    )


def _of_sheet(parts: Mapping[str, str], number: int) -> SheetMarks:
    xml = parts[f"xl/worksheets/sheet{number}.xml"]
    rules, drawing = RULES.search(xml), DRAWING.search(xml)
    relations = parts.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", "")
    return SheetMarks(rules[0] if rules else "", drawing[0] if drawing else "", relations)
