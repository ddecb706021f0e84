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
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.place import column_number
from thidua_xlsx.workbooks.reader.looks import FRAME_LIMIT, shows, without_looks
from thidua_xlsx.workbooks.reader.plain_text import NUMBER_LENGTH, is_clean, is_number, plain_text, without_references

ROW_LIMIT = 1_048_576
COLUMN_LIMIT = 16_384
INDEX = re.compile(r"[0-9]{1,9}")
# The kind of a cell with an inline string: no attribute can hold NUL, so that no file can claim it without one.
INLINE = "\0inline"
# How many bytes of rows, of cells and of strings are remembered, and what each takes besides its own.
KEPT, OVERHEAD = 4 << 20, 200
# A form has a few hundred shapes of rows.
SHAPES_KEPT = 512 << 10
# Rows of so many cells are remembered by their columns.
USUAL_WIDTH = 100

_ATTRIBUTES = r'((?: [A-Za-z0-9:]{1,20}="[^"<&]{0,80}"){0,16})'
_ROW = re.compile(rf'r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES} ?(/?)>')
# What follows the address of a cell.
_CELL = re.compile(
    r'(?: s="[0-9]{1,9}")?(?: t="([A-Za-z]{1,9})")?'
    rf"(?: ?/>|>(?:(<f{_ATTRIBUTES}(?: ?/>|>([^<]*)</f>))?(?:<v ?/>|<v>([^<]*)</v>)?"
    r'|(<is><t)(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</is>)</c>)'
)
# What may be a number, or that of a shared string.
_VALUE = re.compile(rb"<v>([^<]{1,%d})</v>" % NUMBER_LENGTH)
# Stands where a value was taken away: nothing that is left of a sound row looks like it, an empty value least of all.
_NO_VALUE = b"\0"
_STRING = re.compile(r'<t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</si>')
_LETTERS = re.compile("[A-Z]{1,3}")
_NAME = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
# Of a row and of a formula: they say how it looks, or how often the formula is shared.
_DESCENT = "x14ac:dyDescent"
_ROW_NAMES = frozenset((
    "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot",
    "ph", _DESCENT,
))  # fmt: skip
_FORMULA_NAMES = frozenset(("t", "ref", "si", "aca", "ca"))
# Excel's own measure of a row stands in a namespace, which the root must have declared, and as nothing else.
_DECLARED = re.compile(
    rb'(?:<\?xml [^<>]*\?>)?\s*<worksheet(?:\s+[A-Za-z0-9:]+="[^"<]*")*?'
    rb'\s+xmlns:x14ac="http://schemas\.microsoft\.com/office/spreadsheetml/2009/9/ac"'
)
Place = tuple[int, int]


class Spelled(NamedTuple):
    """A cell that must be looked at each time: type as written ("" for none), text, formula."""

    kind: str
    text: str
    formula: str | None


class Made:
    """A cell with a formula or a text of its own, ready to be put anywhere; what it counts of the budget's characters.

    Each is only itself, which makes it a key like those of the other constants.
    """

    __slots__ = ("cell", "characters")

    def __init__(self, cell: Cell, characters: int) -> None:
        self.cell = cell
        self.characters = characters


# How a constant is found among the known cells: a number as it is written, a shared string by its number.
Key = str | int | Made


# What stands in a cell; there is nothing in an empty one.
Content = Key | Spelled
_EMPTY = Spelled("", "", None)


# A shared string: its cell, or as it stands in the file where something may have to be taken away from it.
Said = Cell | str
# The printed texts of a form come back from every unit: one cell for each, whichever file it stands in.
text_cell = lru_cache(16_384)(lambda text: Cell(Kind.TEXT, text))


class RowStart(NamedTuple):
    """The tag of a row: ``measured`` if it has Excel's own attribute, ``closed`` if there is no more of the row."""

    number: int
    hidden: bool
    measured: bool
    closed: bool


class PlainRow(NamedTuple):
    """A row that holds what ``places`` and ``contents`` say in step; ``simple`` if all contents are keys.

    ``characters`` is what the made ones count of the budget.
    """

    number: int
    hidden: bool
    measured: bool
    elements: int
    places: tuple[Place, ...]
    contents: tuple[Content, ...]
    simple: bool
    characters: int


# Makes of a written value what stands in its cell; ValueError where it is no such value.
Reader = Callable[[bytes], Key]


class Shape(NamedTuple):
    """A row without its values: all that it says besides them, and what reads each of them."""

    row: PlainRow
    readers: tuple[Reader, ...]


class PlainSheet(NamedTuple):
    """The rows of a sheet in order, how much there is of it and of its texts, and the XML around the cells.

    ``looks`` is the length of what has been left out of that XML: rules for cells, heads and feet of pages.
    """

    rows: list[PlainRow]
    elements: int
    characters: int
    frame: bytes
    looks: int


Meaning = TypeVar("Meaning")


class Kept(dict[bytes, Meaning]):
    """What pieces of plain markup mean, by how they are written; begun anew where that has become too much."""

    def __init__(self, most: int = KEPT) -> None:
        super().__init__()
        self._most = self.room = most

    def keep(self, written: bytes, meaning: Meaning) -> Meaning:
        """The meaning, remembered."""
        self.room -= len(written) + OVERHEAD
        if self.room < 0:
            self.clear()
            self.room = self._most
        self[written] = meaning
        return meaning


_rows = Kept[PlainRow]()
_shapes = Kept[Shape](SHAPES_KEPT)
_starts = Kept[RowStart]()
_contents = Kept[Content]()
_strings = Kept[Said]()


def plain_sheet(data: bytes) -> PlainSheet | None:
    """The sheet, if rows and cells stand in rising order and every character of them is accounted for."""
    first, last = data.find(b"<sheetData>") + 11, data.rfind(b"</sheetData>")
    if data[:1] != b"<" or not 11 < first <= last or len(data) - (last - first) > FRAME_LIMIT:
        return None
    frame = without_looks(data[:first] + data[last:])
    if not shows(frame, b"sheetData"):
        return None
    head, *written = data[first:last].split(b"<row ")
    if head:
        return None
    rows: list[PlainRow] = []
    last_number, elements, characters, measured = 0, 0, 0, False
    known = _rows.get
    for text in written:
        row = known(text) or _plain_row(text)
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


def _plain_row(written: bytes) -> PlainRow | None:
    """One row behind its ``<row ``, which mostly differs from one met before by its values alone."""
    pieces = _VALUE.split(written)
    values, bare = pieces[1::2], _NO_VALUE.join(pieces[::2])
    shape = _shapes.get(bare)
    row = None if shape is None else _shaped_row(shape, values)
    if row is None:
        row = _spelled_row(written)
        if row is None:
            return None
        _keep_shape(bare, row, values)
    return _rows.keep(written, row)


def _shaped_row(shape: Shape, values: list[bytes]) -> PlainRow | None:
    """The row of this shape with these values, unless one of them is not what stood there before."""
    (number, hidden, measured, elements, places, _, simple, characters), readers = shape
    try:
        contents = tuple([read(value) for read, value in zip(readers, values, strict=True)])
    except ValueError:
        return None
    return PlainRow(number, hidden, measured, elements, places, contents, simple, characters)


def _keep_shape(bare: bytes, row: PlainRow, values: list[bytes]) -> None:
    """Remember how a row was read, if all that its contents need is their values."""
    readers = [reader for reader in map(_reader, row.contents) if reader is not None]
    if len(readers) == len(row.contents) == len(values):
        _shapes.keep(bare, Shape(row._replace(contents=()), tuple(readers)))


def _reader(content: Content) -> Reader | None:
    """What makes such a content of its value."""
    if isinstance(content, int):
        return _index
    if isinstance(content, str):
        return _number
    if isinstance(content, Made) and content.cell.kind is Kind.NUMBER and content.cell.formula is not None:
        return partial(_result, content.cell.formula)
    return None


@lru_cache(4096)
def _index(value: bytes) -> int:
    """The number of a shared string; ValueError where it is none."""
    if not INDEX.fullmatch(value.decode("latin-1")):
        raise ValueError
    return int(value)


@lru_cache(4096)
def _number(value: bytes) -> str:
    """A number as it is written; ValueError where it is none."""
    text = value.decode("latin-1")
    if not is_number(text):
        raise ValueError
    return text


def _result(formula: str, value: bytes) -> Made:
    """The cell of a formula with its result."""
    return Made(Cell(Kind.NUMBER, _number(value), formula), len(formula))


def _spelled_row(written: bytes) -> PlainRow | None:
    """One row, if its cells stand in it and rise from column to column."""
    head, *inside = written.removesuffix(b"</row>").split(b'<c r="')
    start = _starts.get(head) or _row_start(head)
    if start is None or start.closed == written.endswith(b"</row>") or (start.closed and inside):
        return None
    number, hidden, measured, closed = start
    # Behind the letters of its column stands the number of the row, or it is no address in this row.
    address_end = b'%d"' % number
    cells = [text.partition(address_end) for text in inside]
    letters = tuple([each[:4] for each, _, _ in cells])
    columns = _rising(letters) if len(cells) <= USUAL_WIDTH else _rising.__wrapped__(letters)
    if columns is None:
        return None
    told = [_contents.get(rest) or _plain_cell(rest) for _, _, rest in cells]
    if None in told:
        return None
    contents = tuple([content for content in told if content is not None and content is not _EMPTY])
    places = tuple([(number, column) for column, content in zip(columns, told, strict=True) if content is not _EMPTY])
    kinds = {*map(type, contents)}
    characters = sum([each.characters for each in contents if isinstance(each, Made)]) if Made in kinds else 0
    elements = len(columns) + (1 if closed else 2)
    return PlainRow(number, hidden, measured, elements, places, contents, Spelled not in kinds, characters)


def _row_start(written: bytes) -> RowStart | None:
    """The attributes of a row and the end of its tag."""
    text = plain_text(written)
    found = _ROW.fullmatch(text) if text is not None else None
    names = _names(found[2], _ROW_NAMES) if found is not None else None
    if found is None or names is None or int(found[1]) > ROW_LIMIT:
        return None
    hidden = names.get("hidden") in ("1", "true")
    return _starts.keep(written, RowStart(int(found[1]), hidden, _DESCENT in names, bool(found[3])))


def _plain_cell(written: bytes) -> Content | None:
    """What stands in one cell, behind its address."""
    text = plain_text(written)
    found = _CELL.fullmatch(text) if text is not None else None
    if found is None:
        return None
    kind, formula, told, body, value, inline, said = found.groups("")
    if (inline and kind != "inlineStr") or (told and _names(told, _FORMULA_NAMES) is None):
        return None
    shown, ran = without_references(said if inline else value), without_references(body)
    if shown is None or ran is None:
        return None
    spelled = Spelled(INLINE if inline else kind, shown, ran if formula else None)
    content = _key(spelled) or _made(spelled) or spelled if shown or formula else _EMPTY
    return _contents.keep(written, content)


def _key(cell: Spelled) -> Key | None:
    """The key of a plain number or shared string."""
    if cell.formula is None:
        if cell.kind in ("", "n") and is_number(cell.text):
            return cell.text
        if cell.kind == "s" and INDEX.fullmatch(cell.text):
            return int(cell.text)
    return None


def _made(cell: Spelled) -> Made | None:
    """The cell that a formula with its result makes, or a text, where there is nothing to take away from it."""
    formula = cell.formula or ""
    if not (is_clean(cell.text) and is_clean(formula)):
        return None
    if cell.kind in ("str", INLINE):
        return Made(Cell(Kind.TEXT, cell.text, cell.formula), len(cell.text) + len(formula))
    if cell.kind in ("", "n") and is_number(cell.text):
        return Made(Cell(Kind.NUMBER, cell.text, cell.formula), len(formula))
    return None


def _plain_string(written: bytes) -> Said | None:
    """One shared string behind its ``<si>``."""
    text = plain_text(written)
    found = _STRING.fullmatch(text) if text is not None else None
    said = without_references(found[1] or "") if found is not None else None
    if said is None:
        return None
    return _strings.keep(written, text_cell(said) if is_clean(said) else said)


@lru_cache(1024)
def _names(attributes: str, known: frozenset[str]) -> dict[str, str] | None:
    """The attributes, if these are names that mean nothing to us, each once."""
    told = _NAME.findall(attributes)
    names = dict(told)
    return names if len(names) == len(told) and known.issuperset(names) else None


@lru_cache(64)
def _rising(letters: tuple[bytes, ...]) -> tuple[int, ...] | None:
    """The columns of a row, which other rows of its sheet have too; None where they do not rise, or one is none."""
    columns = tuple([column_of(each.decode("latin-1")) for each in letters])
    return columns if list(columns) == sorted({0, *columns})[1:] else None


@lru_cache(COLUMN_LIMIT + 1)
def column_of(letters: str) -> int:
    """The number of a column, 0 where there can be none."""
    number = column_number(letters) if _LETTERS.fullmatch(letters) else 0
    return number if number <= COLUMN_LIMIT else 0
