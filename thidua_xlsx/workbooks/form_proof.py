"""Turns a feedback form into the proof that it can be counted when it comes back, or a fault.

Apart from the proof of what the council gets: whoever only writes forms loads no summary.
"""

from __future__ import annotations

from thidua_xlsx.model.cells import Book
from thidua_xlsx.stages.intake.stamps import stamps_in
from thidua_xlsx.workbooks.reader.cells import read_book


class NotAsFound(Exception):
    """A file does not say what the run found: our own fault, and nothing is published."""


def prove_feedback(name: str, data: bytes, stamp: str) -> None:
    """The strict reader reads it, as it will read the return, and it is the unit's."""
    book = read_book(data)
    if not isinstance(book, Book):
        raise NotAsFound(f"{name} cannot be read: {book.code} {book.detail}")
    if stamps_in(book) != (stamp,):
        raise NotAsFound(f"{name} bears {stamps_in(book)}, not {stamp}")
