"""Turns returned files that were collected where they were read back into books, for whoever changes their cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from thidua_xlsx.model.returned import Filled, ReturnedFile
from thidua_xlsx.pipeline.gather import Inputs
from thidua_xlsx.workbooks.reader.second_reading import read_twice


def with_books(inputs: Inputs, folder: Path) -> Inputs:
    """The same inputs, every file with its cells."""

    def whole(file: ReturnedFile) -> ReturnedFile:
        if not isinstance(file.book, Filled) or file.member is not None:
            return file
        return replace(file, book=read_twice((folder / file.path).read_bytes()))

    return replace(inputs, files=tuple(map(whole, inputs.files)))
