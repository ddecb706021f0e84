"""Turns the corrections at a sheet's cells into notes on them, each in a box that shows all of it.

XlsxWriter writes them into a form that is written whole; the parts of a form that is set are made here, as it has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from thidua_xlsx.model.form import Correction
from thidua_xlsx.model.place import address
from thidua_xlsx.workbooks.escaped import in_text
from thidua_xlsx.workbooks.fit import PIXEL, lines_of
from thidua_xlsx.workbooks.form.filled import FilledSheet
from thidua_xlsx.workbooks.sheets import OPTIONS, checked, writable
from thidua_xlsx.workbooks.written_values import short_enough

FONT, FONT_SIZE = "Times New Roman", 11
# In pixels: the box, and where it stands, from the corner of the cell above to the right.
WIDTH, MARGIN, LINE, RIGHT, DOWN = 320, 24, 20, 15, 10
USUAL_COLUMN, USUAL_ROW = OPTIONS["default_column_width"], OPTIONS["default_row_height"]
# Shapes are numbered in blocks of so many; each sheet begins a new one.
BLOCK = 1024

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BEGIN_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = (
    '<v:shape id="_x0000_s{shape}" type="#_x0000_t202" style="position:absolute;margin-left:{left:.15g}pt;'
    'margin-top:{top:.15g}pt;width:{width:.15g}pt;height:{height:.15g}pt;z-index:{number};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
COMMENT = (
    '<comment ref="{cell}" authorId="0"><text><r><rPr><sz val="11"/><color indexed="81"/><rFont val="Times New Roman"/>'
    '<family val="2"/></rPr><t>{text}</t></r></text></comment>'
)
LEGACY_DRAWING = '<legacyDrawing r:id="rId1"/>'
RELATIONS = (
    f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing{{number}}.vml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/comments" Target="../comments{{number}}.xml"/></Relationships>'
)

NOTE_FONT = '<font><sz val="8"/><color indexed="81"/><name val="Tahoma"/><family val="2"/></font>'
CONTENT = "application/vnd.openxmlformats-officedocument"
DRAWING_TYPE = f'<Default Extension="vml" ContentType="{CONTENT}.vmlDrawing"/>'
COMMENTS_TYPE = f'<Override PartName="/xl/comments{{number}}.xml" ContentType="{CONTENT}.spreadsheetml.comments+xml"/>'


class Note(NamedTuple):
    """A note on a cell (row and column from 1), in a box of this height (pixels)."""

    row: int
    column: int
    text: str
    height: int


class Grid(NamedTuple):
    """A sheet's columns and rows in pixels, from the first on."""

    columns: Sequence[int]
    rows: Sequence[int]


def notes_of(filled: FilledSheet) -> list[Note]:
    """What is wrong with each cell, in the order of the sheet."""
    columns = {column.header: number for number, column in reversed(list(enumerate(filled.layout.columns, start=1)))}
    return sorted(
        _note(row, columns[header], items)
        for (code, header), items in filled.corrections.items()
        if header in columns and (row := filled.row_of(code)) is not None
    )


def _note(row: int, column: int, items: Sequence[Correction]) -> Note:
    text = short_enough(writable("\n".join(item.message for item in items)))
    return Note(row, column, text, MARGIN + LINE * lines_of(text, 230, FONT_SIZE))


def write_notes(sheet: Any, notes: Sequence[Note], author: str) -> None:
    for note in notes:
        box = {"width": WIDTH, "height": note.height, "font_name": FONT, "font_size": FONT_SIZE}
        checked(sheet.write_comment(note.row - 1, note.column - 1, note.text, {"author": author, **box}))


def note_parts(noted: Sequence[tuple[Sequence[Note], Grid]], author: str) -> Iterator[tuple[str, str]]:
    """Names and texts of the parts that hold the notes of the sheets that have some."""
    block = 1
    for number, (notes, grid) in enumerate(noted, start=1):
        yield f"xl/drawings/vmlDrawing{number}.vml", _drawing(notes, grid, block)
        block += len(notes) // BLOCK + 1
    for number, (notes, _) in enumerate(noted, start=1):
        yield f"xl/comments{number}.xml", _comments(notes, author)


def _comments(notes: Sequence[Note], author: str) -> str:
    items = [COMMENT.format(cell=address(note.row, note.column), text=in_text(note.text)) for note in notes]
    return (
        f'{XML}<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>'
        f"{in_text(author)}</author></authors><commentList>{''.join(items)}</commentList></comments>"
    )


def _drawing(notes: Sequence[Note], grid: Grid, block: int) -> str:
    """The boxes; ``block`` is the first of the blocks of numbers that they take."""
    blocks = ",".join(str(block + more) for more in range(len(notes) // BLOCK + 1))
    lefts, tops = ([0, *accumulate(sizes)] for sizes in (grid.columns, grid.rows))
    shapes = [
        SHAPE.format(
            shape=block * BLOCK + number,
            left=(lefts[note.column] + RIGHT) * PIXEL,
            top=(tops[note.row - 2] + DOWN) * PIXEL,
            width=WIDTH * PIXEL,
            height=note.height * PIXEL,
            number=number,
            anchor=_anchor(note, grid),
            row=note.row - 1,
            column=note.column - 1,
        )
        for number, note in enumerate(notes, start=1)
    ]
    return f"{BEGIN_DRAWING.format(blocks=blocks)}{''.join(shapes)}</xml>"


def _anchor(note: Note, grid: Grid) -> str:
    """The cells of the box's corners, from 0, and how far into each it reaches."""
    places = [
        (*_reach(grid.columns, USUAL_COLUMN, note.column, right), *_reach(grid.rows, USUAL_ROW, note.row - 2, down))
        for right, down in ((RIGHT, DOWN), (RIGHT + WIDTH, DOWN + note.height))
    ]
    return ", ".join(str(figure) for place in places for figure in place)


def _reach(sizes: Sequence[int], usual: int, start: int, pixels: int) -> tuple[int, int]:
    """The cell so many pixels behind the beginning of another, and what is left of them there."""
    while pixels >= (size := sizes[start] if start < len(sizes) else usual):
        start, pixels = start + 1, pixels - size
    return start, pixels
