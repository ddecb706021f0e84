"""The floor under any reading: the same workbooks inflated, through expat and nothing else, or through calamine.

python -m tests.benchmarks.floors inflate|expat|calamine FOLDER
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from time import process_time
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

CELLS = ("xl/worksheets/", "xl/sharedStrings")


def inflate(data: bytes) -> int:
    with ZipFile(BytesIO(data)) as archive:
        return sum(len(archive.read(name)) for name in archive.namelist() if name.startswith(CELLS))


def expat(data: bytes) -> int:
    """Elements met: no value is kept, nothing is decided."""
    met = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal met
        met += 1

    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(CELLS) and name.endswith(".xml"):
                parser = ParserCreate()
                parser.StartElementHandler = start
                parser.Parse(archive.read(name), True)
    return met


def calamine(data: bytes) -> int:
    """Cells that hold something, on all sheets."""
    book = CalamineWorkbook.from_object(BytesIO(data))
    grids = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return sum(len(line) - line.count("") for grid in grids for line in grid)


FLOORS = {"inflate": inflate, "expat": expat, "calamine": calamine}


def main(which: str, folder: str) -> None:
    files = sorted(Path(folder, "nop").rglob("*.xlsx"))
    started = process_time()
    met = sum(FLOORS[which](path.read_bytes()) for path in files)
    print(json.dumps({"cpu": process_time() - started, "files": len(files), "met": met}))


if __name__ == "__main__":
    main(*sys.argv[1:])
