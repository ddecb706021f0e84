"""Turns the typography of NĐ 30/2020/NĐ-CP (Phụ lục I) into Word paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Mm, Pt

from thidua_xlsx.papers.package import packed
from thidua_xlsx.workbooks.fit import text_points
from thidua_xlsx.workbooks.sheets import FONT

CENTER, LEFT, RIGHT, JUSTIFY = ALIGN.CENTER, ALIGN.LEFT, ALIGN.RIGHT, ALIGN.JUSTIFY
BODY, TABLE_SIZE = 14.0, 12.0
# Margins in mm: top and bottom, left, right.
EDGE, BINDING, OUTER = 20, 30, 15
PORTRAIT, LANDSCAPE = (210, 297), (297, 210)
POINTS_PER_MM = 72 / 25.4
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
SIGNING_ROOM = 66.0
KEPT_STYLES = ("Header", "HeaderChar", "Footer", "FooterChar", "TableGrid")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: header, width in mm, what its repeated cell holds, how it is set."""

    header: str
    width: float
    field: str
    align: ALIGN = LEFT


class Drawing:
    """A document in the making, from the top of the page downwards."""

    def __init__(self, title: str, landscape: bool = False) -> None:
        self.document: Any = docx.Document()
        _without_examples(self.document)
        self.width = (LANDSCAPE if landscape else PORTRAIT)[0] - BINDING - OUTER
        self._styles()
        self._page(landscape)
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""

    def _styles(self) -> None:
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(BODY)
        fonts = normal.element.rPr.rFonts
        for script in ("eastAsia", "cs", "hAnsi"):
            fonts.set(qn(f"w:{script}"), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        normal.element.rPr.append(language)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.0

    def _page(self, landscape: bool) -> None:
        section = self.document.sections[0]
        width, height = LANDSCAPE if landscape else PORTRAIT
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin = section.bottom_margin = Mm(EDGE)
        section.left_margin, section.right_margin = Mm(BINDING), Mm(OUTER)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTER
        run = number.add_run()
        run.font.size = Pt(13)
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            part.text = text
            run._r.append(part)

    def text(
        self,
        *runs: str | tuple[str, str],
        align: ALIGN = JUSTIFY,
        size: float = BODY,
        indent: bool = True,
        after: float = 6,
        before: float = 0,
        left: float = 0,
        keep: bool = False,
        new_page: bool = False,
        into: Any = None,
    ) -> Any:
        """One paragraph. A run is a text, or a text with its look: "b" bold, "i" italic, "c" capitals."""
        paragraph = (into or self.document).add_paragraph()
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_after, form.space_before, form.keep_with_next = Pt(after), Pt(before), keep
        form.page_break_before = new_page
        if indent and align is JUSTIFY:
            form.first_line_indent = Cm(1.27)
        if left:
            form.left_indent = Mm(left)
        for item in runs:
            words, look = (item, "") if isinstance(item, str) else item
            run = paragraph.add_run(words)
            run.font.size = Pt(size)
            run.bold, run.italic, run.font.all_caps = "b" in look, "i" in look, "c" in look
        return paragraph

    def rule(self, points: float, room: float, into: Any = None, after: float = 6) -> None:
        """A line of this length in the middle of this room (both in points)."""
        paragraph = self.text("", align=CENTER, size=2, before=3, after=after, into=into)
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Pt(max((room - points) / 2, 0))
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
        borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
        for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            top.set(qn(f"w:{key}"), value)
        borders.append(top)
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")

    def columns(self, *widths: float) -> list[Any]:
        """Cells side by side without a frame, kept on one page."""
        table = self._table(widths)
        _property(table.rows[0]._tr, "w:cantSplit")
        return list(table.rows[0].cells)

    def _table(self, widths: Sequence[float], framed: bool = False) -> Any:
        table = self.document.add_table(rows=1, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if framed:
            table.style = "Table Grid"
        margins = OxmlElement("w:tblCellMar")
        for side, room in (("top", "20"), ("left", "60"), ("bottom", "20"), ("right", "60")):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), room)
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.addprevious(margins)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            column.cells[0].width = Mm(width)
        return table

    def letterhead(self, above: str, body: str, dated: tuple[str, ...], number: str = "") -> None:
        """Names of the bodies and number on the left; country, motto, place and day on the right."""
        left_mm = 68 if self.width < 200 else 100
        left, right = self.columns(left_mm, self.width - left_mm)
        write(self, left, (above, "c"), size=12, first=True)
        write(self, left, (body, "bc"), size=12)
        self.rule(70, left_mm * POINTS_PER_MM - 6, into=left, after=2)
        if number:
            write(self, left, (number, ""), size=13)
        write(self, right, (COUNTRY, "b"), size=12, first=True)
        write(self, right, (MOTTO, "b"), size=13)
        self.rule(text_points(MOTTO, 13, True), (self.width - left_mm) * POINTS_PER_MM - 6, into=right, after=2)
        for line in dated:
            write(self, right, (line, "i"), size=13)

    def title(self, name: str, *about: str, note: str = "", ruled: bool = True, new_page: bool = False) -> None:
        """The kind of paper, what it is about with a line below, and what it goes with."""
        self.text((name, "bc"), align=CENTER, before=0 if new_page else 14, after=0, keep=True, new_page=new_page)
        for line in about:
            self.text((line, "b"), align=CENTER, after=0, keep=True)
        if note:
            self.text((note, "i"), align=CENTER, after=0, keep=True)
        if ruled:
            self.rule(90, self.width * POINTS_PER_MM, after=10)
        else:
            self.text("", after=0, size=8)

    def table(
        self, columns: Sequence[Column], parts: Sequence[Part], last: Sequence[str] = (), size: float = TABLE_SIZE
    ) -> None:
        """A framed table: its header on every page, then part by part a heading, the repeated row and a sum row."""
        widths = [column.width * self.width / sum(column.width for column in columns) for column in columns]
        table = self._table(widths, framed=True)
        _property(table.rows[0]._tr, "w:tblHeader")
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            write(self, cell, (column.header, "b"), size=size, first=True)
        for part in parts:
            if part.heading:
                self._row(table, widths, size, [part.heading], [LEFT], "b")
                for paragraph in table.rows[-1].cells[0].paragraphs:
                    paragraph.paragraph_format.keep_with_next = True
            fields = [f"{{{part.group}: {column.field}}}" if column.field else "" for column in columns]
            aligns = [column.align for column in columns]
            self._row(table, widths, size, fields, aligns)
            if part.sums:
                self._row(table, widths, size, part.sums, aligns, "b")
        if last:
            self._row(table, widths, size, last, [column.align for column in columns], "b")
        for row in table.rows:
            _property(row._tr, "w:cantSplit")

    def _row(
        self,
        table: Any,
        widths: Sequence[float],
        size: float,
        texts: Sequence[str],
        aligns: Sequence[ALIGN],
        look: str = "",
    ) -> None:
        """A row; a single text runs across the whole table."""
        row = table.add_row()
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        cells = row.cells if len(texts) > 1 else [row.cells[0].merge(row.cells[-1])]
        for cell, text, align in zip(cells, texts, aligns, strict=True):
            write(self, cell, (text, look), size=size, first=True, align=align)

    def signatures(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]], sizes: float = 0) -> None:
        """Two blocks with titles and room to sign, never a name. ``left`` may be «Nơi nhận» (its size given)."""
        self.text("", size=6, after=0, keep=True)
        half = self.width / 2
        cells = self.columns(half, half)
        for cell, lines in zip(cells, (left, right), strict=True):
            for number, line in enumerate(lines):
                received = cell is cells[0] and sizes
                align = LEFT if received else CENTER
                size = (12 if number == 0 else sizes) if received else 13
                write(self, cell, line, size=size, first=number == 0, align=align)
        row = cells[0]._tc.getparent()
        height = OxmlElement("w:trHeight")
        height.set(qn("w:val"), str(int((SIGNING_ROOM + 20 * len(right)) * 20)))
        height.set(qn("w:hRule"), "atLeast")
        row.get_or_add_trPr().append(height)

    def listing(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """Two columns under a heading, the first in bold."""
        self.text((heading, "b"), indent=False, before=8, keep=True, align=LEFT)
        widths = [self.width * 0.45, self.width * 0.55]
        table = self._table(widths, framed=True)
        for number, row in enumerate(rows):
            cells = table.rows[0].cells if number == 0 else table.add_row().cells
            for cell, words, width, look in zip(cells, row, widths, ("b", ""), strict=True):
                cell.width = Mm(width)
                write(self, cell, (words, look), size=TABLE_SIZE, first=True, align=LEFT)
        for made in table.rows:
            _property(made._tr, "w:cantSplit")

    def bytes(self) -> bytes:
        """The template as a file."""
        return packed(self.document)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a table: the list that its row repeats, a heading above, sums below."""

    group: str
    heading: str = ""
    sums: tuple[str, ...] = ()


def write(
    drawing: Drawing, cell: Any, run: tuple[str, str], *, size: float, first: bool = False, align: ALIGN = CENTER
) -> None:
    """One paragraph of a cell; every cell is born with one."""
    if first:
        cell._tc.remove(cell.paragraphs[0]._p)
    drawing.text(run, align=align, size=size, after=0, indent=False, into=cell)


def _without_examples(document: Any) -> None:
    """The library's own document brings a preview picture, stray data and a hundred table styles along."""
    for holder in (document.part, document.part.package):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering")):
                del holder.rels[key]
    styles = document.styles.element
    for style in list(styles.iterchildren(qn("w:style"))):
        if style.get(qn("w:styleId")) not in KEPT_STYLES and style.get(qn("w:default")) != "1":
            styles.remove(style)


def _property(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))
