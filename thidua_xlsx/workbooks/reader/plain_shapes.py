"""Turns a row that differs from an earlier one by its values alone, or far down by its number too, into a plain row.

What is left of a row without them is its shape. The lines of a table share one, and so do those of many files: only
the values are looked at then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.workbooks.reader.plain_rows import (
    INDEX,
    INDEX_LENGTH,
    ROW_LIMIT,
    Content,
    Kept,
    Key,
    Made,
    PlainRow,
    spelled_row,
)
from thidua_xlsx.workbooks.reader.plain_text import NUMBER_LENGTH, is_number

# A form has a few hundred shapes of rows.
SHAPES_KEPT = 512 << 10
# A long table has a handful.
FAR_SHAPES_KEPT = 64 << 10

# What may be a number, or that of a shared string.
_VALUE = re.compile(rb"<v>([^<]{1,%d})</v>" % NUMBER_LENGTH)
# Stands where a value was taken away: nothing that is left of a sound row looks like it, an empty value least of all.
_NO_VALUE = b"\0"
# The number of a row far down has three digits or more.
_FAR_NUMBER = re.compile(rb'r="([1-9][0-9]{2,6})"')
# Stands where the number of a row far down was taken away, with the quotation mark behind it.
_NO_NUMBER = b"\1"

# Makes of a written value what stands in its cell; ValueError where it is no such value.
Reader = Callable[[bytes], Key]


class Shape(NamedTuple):
    """A row without its values: all that it says besides them, and what reads each of them.

    ``indexes``: all of them are numbers of shared strings.
    """

    row: PlainRow
    readers: tuple[Reader, ...]
    indexes: bool


_shapes = Kept[Shape](SHAPES_KEPT)
_far_shapes = Kept[Shape](FAR_SHAPES_KEPT)


def plain_row(written: bytes) -> PlainRow | None:
    """One row behind its ``<row ``: of a shape met before, else as its cells are spelt.

    Far down the number goes too, wherever it ends what stands in quotation marks, so that it could be put back: all
    lines of a table have one shape. Nearer the top a style or a height would often look like it.
    """
    pieces = _VALUE.split(written)
    values, bare = pieces[1::2], _NO_VALUE.join(pieces[::2])
    shapes, number = _shapes, 0
    said = _FAR_NUMBER.match(bare)
    if said is not None:
        if _NO_NUMBER in bare:
            return spelled_row(written)
        shapes, number, bare = _far_shapes, int(said[1]), bare.replace(said[0][3:], _NO_NUMBER)
    shape = shapes.get(bare)
    row = None if shape is None or number > ROW_LIMIT else _shaped_row(shape, values, number)
    if row is None:
        row = spelled_row(written)
        # The tag and each cell say it. Where anything else did, by chance, rows of the same shape are not the same.
        if row is not None and (not number or bare.count(_NO_NUMBER) == row.elements - 1):
            _keep_shape(shapes, bare, row, values)
    return row


def _shaped_row(shape: Shape, values: list[bytes], moved_to: int = 0) -> PlainRow | None:
    """The row of this shape with these values, where it stood or moved; None where one of them is another kind."""
    (number, hidden, measured, elements, places, _, simple, characters), readers, indexes = shape
    contents: tuple[Key, ...]
    try:
        if indexes:
            contents = _indexes(values, len(readers))
        else:
            contents = tuple([read(value) for read, value in zip(readers, values, strict=True)])
    except ValueError:
        return None
    if moved_to:
        number, places = moved_to, tuple([(moved_to, column) for _, column in places])
    return PlainRow(number, hidden, measured, elements, places, contents, simple, characters)


def _indexes(values: list[bytes], count: int) -> tuple[int, ...]:
    """The numbers of so many shared strings; ValueError where one is none."""
    if len(values) != count or not b"".join(values).isdigit() or len(max(values, key=len)) > INDEX_LENGTH:
        raise ValueError
    return tuple(map(int, values))


def _keep_shape(shapes: Kept[Shape], bare: bytes, row: PlainRow, values: list[bytes]) -> None:
    """Remember how a row was read, if all that its contents need is their values."""
    readers = [reader for reader in map(_reader, row.contents) if reader is not None]
    if len(readers) == len(row.contents) == len(values):
        indexes = bool(readers) and all(reader is _index for reader in readers)
        shapes.keep(bare, Shape(row._replace(contents=()), tuple(readers), indexes))


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
