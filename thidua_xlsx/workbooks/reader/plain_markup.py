"""Turns cells and strings that are written the plain way into tuples in one pass, or says that they are not.

Excel, LibreOffice, openpyxl and XlsxWriter write a cell in much the same way. One regular expression takes such
cells five times faster than expat calls us back, and proves that it missed nothing: its matches, end to end, are
the whole of the text between ``<sheetData>`` and ``</sheetData>``. Whatever is not plain (a comment, a namespace,
an unknown attribute, an odd order, a control character) is left to the grammar in ``worksheet``, which also reads
everything around the cells in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import unescape

from thidua_xlsx.workbooks.reader.container import PIECE

# A part longer than this is read in pieces, by expat.
WHOLE_LIMIT = 4 << 20

_ATTRIBUTES = r'((?: [A-Za-z0-9:]{1,20}="[^"<&]*")*)'
_TILE = re.compile(
    rf'(<row r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}(/?)>'
    r'|<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="[0-9]{1,9}")?(?: t="([A-Za-z]{1,3})")?'
    rf"(?:/>|>(?:(<f{_ATTRIBUTES}(?:/>|>([^<]*)</f>))?(?:<v/>|<v>([^<]*)</v>)?)</c>)"
    r"|</row>)"
)
_STRING = re.compile(r'(<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>)')
# What expat would change (line ends) or refuse, and what needs more than the five names (&#…;).
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_REFUSED = ("]]>", "\ufffe", "\uffff")
_OTHER_NAME = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)")
_NAME = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
# Of a row and of a formula: they say how it looks, or how often the formula is shared.
_ROW_NAMES = ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed")
_KNOWN_NAMES = frozenset((*_ROW_NAMES, "thickTop", "thickBot", "ph", "t", "ref", "si", "aca", "ca"))
# How cells look, what may be typed into them, and what is printed around a page: nothing that stands in a cell.
# Without prefixes, and of these elements alone, so that no cell can hide inside.
_LOOK = rb'(?: [A-Za-z0-9]{1,24}="[^"<]*")*'
_LOOKS = re.compile(
    rb"<conditionalFormatting%(a)s>(?:<cfRule%(a)s(?:/>|>(?:<formula>[^<]*</formula>)*</cfRule>))*</conditionalFormatting>"
    rb"|<dataValidation%(a)s(?:/>|>(?:<formula1>[^<]*</formula1>)?(?:<formula2>[^<]*</formula2>)?</dataValidation>)"
    rb"|<odd(?:Header|Footer)>[^<]*</odd(?:Header|Footer)>" % {b"a": _LOOK}
)
_QUOTES = {"&quot;": '"', "&apos;": "'"}


# A cell that holds something: row, column, type as written ("" for none), value, formula (None for a constant).
PlainCell = tuple[int, int, str, str, str | None]


class PlainSheet(NamedTuple):
    """The cells of a sheet in order, its hidden rows, how much there is of it, and the XML around the cells."""

    cells: list[PlainCell]
    hidden_rows: set[int]
    elements: int
    frame: list[bytes]


def whole(pieces: list[bytes]) -> str | None:
    """The text of a part that is plain UTF-8, or None."""
    data = b"".join(pieces)
    if data[:1] != b"<" or len(data.translate(None, _CONTROLS)) != len(data):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    odd = any(mark in text for mark in _REFUSED) or ("&" in text and _OTHER_NAME.search(text))
    return None if odd else text


def cut(text: str, tag: str) -> tuple[str, str] | None:
    """What stands inside the one plain element of this name, and the whole text without it."""
    first, last = text.find(f"<{tag}>"), text.find(f"</{tag}>")
    if first < 0 or last < first or text.count(f"<{tag}") != 1 or text.count(f"</{tag}") != 1:
        return None
    first += len(tag) + 2
    return text[first:last], text[:first] + text[last:]


def in_pieces(data: bytes) -> list[bytes]:
    """As the grammar is fed: a giant token shows between two pieces."""
    return [data[at : at + PIECE] for at in range(0, len(data), PIECE)]


def without_looks(frame: bytes) -> bytes:
    """The XML around the cells without what differs from unit to unit and says nothing about them."""
    return _LOOKS.sub(lambda found: b"" if _sound(found[0]) else found[0], frame)


@lru_cache(4096)
def _sound(element: bytes) -> bool:
    """Whether it is well-formed on its own: what expat would refuse must still come before it."""
    try:
        ParserCreate("utf-8", " ").Parse(element, True)
    except ExpatError:
        return False
    return True


def plain_sheet(text: str, column_of: Callable[[str], int]) -> PlainSheet | None:
    """The sheet, if rows and cells stand in rising order and every character of them is accounted for."""
    parts = cut(text, "sheetData")
    if parts is None or "\r" in parts[0]:
        return None
    tiles = _TILE.findall(parts[0])
    if sum([len(tile[0]) for tile in tiles]) != len(parts[0]):
        return None
    cells: list[PlainCell] = []
    hidden: set[int] = set()
    digits, row, column, inside = "", 0, 0, False
    for tag, number, names, closed, letters, own, kind, formula, told, body, value in tiles:
        if letters:
            here = column_of(letters)
            if not inside or own != digits or here <= column or not _known(told):
                return None
            column = here
            if value or formula:
                text_of = unescape(value, _QUOTES) if "&" in value else value
                said = (unescape(body, _QUOTES) if "&" in body else body) if formula else None
                cells.append((row, here, kind, text_of, said))
        elif number:
            if inside or int(number) <= row or not _known(names):
                return None
            digits, row, column, inside = number, int(number), 0, not closed
            if _hides(names):
                hidden.add(row)
        elif inside and tag == "</row>":
            inside = False
        else:
            return None
    return None if inside else PlainSheet(cells, hidden, len(tiles), in_pieces(parts[1].encode()))


def plain_strings(text: str) -> tuple[list[str], list[bytes]] | None:
    """The shared strings, if each is one plain text, and the XML around them."""
    first, last = text.find(">", text.find("<sst")) + 1, text.rfind("</sst>")
    if text.count("<sst") != 1 or last < first or text.find("\r", first, last) >= 0:
        return None
    tiles = _STRING.findall(text, first, last)
    if sum([len(tile) for tile, _ in tiles]) != last - first:
        return None
    texts = [unescape(said, _QUOTES) if "&" in said else said for _, said in tiles]
    return texts, in_pieces((text[:first] + text[last:]).encode())


@lru_cache(1024)
def _known(attributes: str) -> bool:
    """Whether these are names that mean nothing to us, each once."""
    names = [name for name, _ in _NAME.findall(attributes)]
    return len(set(names)) == len(names) and _KNOWN_NAMES.issuperset(names)


@lru_cache(1024)
def _hides(attributes: str) -> bool:
    return dict(_NAME.findall(attributes)).get("hidden") in ("1", "true")
