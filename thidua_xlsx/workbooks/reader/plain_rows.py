"""Turns one row that is written the plain way into places and contents, cell by cell, or says that it is not plain.

A regular expression takes the whole of every piece, so that nothing can be missed; a piece met before is known.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeVar

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.place import column_number
from thidua_xlsx.workbooks.reader.plain_text import is_clean, is_number, plain_text, without_references

ROW_LIMIT = 1_048_576
COLUMN_LIMIT = 16_384
INDEX_LENGTH = 9
INDEX = re.compile(rf"[0-9]{{1,{INDEX_LENGTH}}}")
# The kind of a cell with an inline string: no attribute can hold NUL, so that no file can claim it without one.
INLINE = "\0inline"
# How many bytes of rows, of cells and of strings are remembered, and what each takes besides its own.
KEPT, OVERHEAD = 4 << 20, 200
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
_LETTERS = re.compile("[A-Z]{1,3}")
_NAME = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
# Of a row and of a formula: they say how it looks, or how often the formula is shared.
_DESCENT = "x14ac:dyDescent"
_ROW_NAMES = frozenset((
    "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot",
    "ph", _DESCENT,
))  # fmt: skip
_FORMULA_NAMES = frozenset(("t", "ref", "si", "aca", "ca"))
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


_starts = Kept[RowStart]()
_contents = Kept[Content]()


def spelled_row(written: bytes) -> PlainRow | None:
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
