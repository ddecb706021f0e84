"""Turns cells and strings that are written the plain way into places and contents, or says that they are not.

Excel, LibreOffice, openpyxl and XlsxWriter write a row in much the same way, and the forms of a campaign repeat most
of their rows to the letter. So the text between ``<sheetData>`` and ``</sheetData>`` is cut at every row, a row not met
before at its values, and one of a shape not met before at the address of every cell: a piece is known, or a regular
expression takes the whole of it, so that nothing can be missed. Whatever is not plain (a namespace, an unknown
attribute, an odd order, a control character) is left to the grammar in ``worksheet``, which also reads everything
around the cells in any case.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.workbooks.reader.looks import FRAME_LIMIT, shows, without_looks
from thidua_xlsx.workbooks.reader.plain_rows import Kept, PlainRow
from thidua_xlsx.workbooks.reader.plain_shapes import plain_row
from thidua_xlsx.workbooks.reader.plain_text import is_clean, plain_text, without_references

_STRING = re.compile(r'<t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</si>')
# Excel's own measure of a row stands in a namespace, which the root must have declared, and as nothing else.
_DECLARED = re.compile(
    rb'(?:<\?xml [^<>]*\?>)?\s*<worksheet(?:\s+[A-Za-z0-9:]+="[^"<]*")*?'
    rb'\s+xmlns:x14ac="http://schemas\.microsoft\.com/office/spreadsheetml/2009/9/ac"'
)

# A shared string: its cell, or as it stands in the file where something may have to be taken away from it.
Said = Cell | str
# The printed texts of a form come back from every unit: one cell for each, whichever file it stands in.
text_cell = lru_cache(16_384)(lambda text: Cell(Kind.TEXT, text))


class PlainSheet(NamedTuple):
    """The rows of a sheet in order, how much there is of it and of its texts, and the XML around the cells.

    ``looks`` is the length of what has been left out of that XML: rules for cells, heads and feet of pages.
    """

    rows: list[PlainRow]
    elements: int
    characters: int
    frame: bytes
    looks: int


_rows = Kept[PlainRow]()
_strings = Kept[Said]()


def plain_sheet(data: bytes) -> PlainSheet | None:
    """The sheet, if rows and cells stand in rising order and every character of them is accounted for."""
    first, last = data.find(b"<sheetData>") + 11, data.rfind(b"</sheetData>")
    if data[:1] != b"<" or not 11 < first <= last or len(data) - (last - first) > FRAME_LIMIT:
        return None
    frame = without_looks(data[:first], data[last:])
    if not shows(frame, b"sheetData"):
        return None
    head, *written = data[first:last].split(b"<row ")
    if head:
        return None
    rows: list[PlainRow] = []
    last_number, elements, characters, measured = 0, 0, 0, False
    known = _rows.get
    for text in written:
        row = known(text)
        if row is None and (row := plain_row(text)) is not None:
            _rows.keep(text, row)
        if row is None or row.number <= last_number:
            return None
        last_number = row.number
        elements += row.elements
        characters += row.characters
        measured = measured or row.measured
        rows.append(row)
    if measured and not _DECLARED.match(frame):
        return None
    return PlainSheet(rows, elements, characters, frame, len(data) - (last - first) - len(frame))


def plain_strings(data: bytes) -> tuple[list[Said], bytes] | None:
    """The shared strings, if each is one plain text, and the XML around them."""
    first, last = data.find(b">", data.find(b"<sst")) + 1, data.rfind(b"</sst>")
    frame = data[:first] + data[last:]
    if data[:1] != b"<" or not 0 < first <= last or len(frame) > FRAME_LIMIT or not shows(frame, b"sst"):
        return None
    head, *written = data[first:last].split(b"<si>")
    if head:
        return None
    # Those met before come out at once.
    told = list(map(_strings.get, written))
    if not all(told):
        told = [_plain_string(item) if said is None else said for item, said in zip(written, told, strict=True)]
    sound = [said for said in told if said is not None]
    return (sound, frame) if len(sound) == len(written) else None


def _plain_string(written: bytes) -> Said | None:
    """One shared string behind its ``<si>``."""
    text = plain_text(written)
    found = _STRING.fullmatch(text) if text is not None else None
    said = without_references(found[1] or "") if found is not None else None
    if said is None:
        return None
    return _strings.keep(written, text_cell(said) if is_clean(said) else said)
