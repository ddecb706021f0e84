"""Turns the bytes of a returned workbook into every cell with its kind, or into the reason why it is refused.

Why not openpyxl, calamine or pandas? Each of them silently returned wrong or missing data on files we have.
calamine makes `#REF!` an empty text, ignores the zip checksum, reads the shared string "x" as number 0 and
aborts the process on a far cell. openpyxl drops a sheet whose part is missing, wipes values under merges,
loses cells to a wrong `<dimension>`, and took 12 s and 816 MB for six cells. pandas turns "NA" into NaN and
'000001' into 1.0. A scorer also needs what they hide: whether a cell is a formula, an error, a number as it
was written, or a text. So this reader uses zlib and expat alone, refuses what two programs could read in
two ways, and never guesses; a form of 1,000 cells takes it 4 ms (openpyxl 28).
"""

from __future__ import annotations

from thidua_xlsx.model.cells import Book, Refusal, Sheet
from thidua_xlsx.workbooks.reader.container import (
    WHOLE_LIMIT,
    Container,
    Member,
    Refused,
    inflate,
    inflate_whole,
    open_container,
)
from thidua_xlsx.workbooks.reader.foreign import name_foreign
from thidua_xlsx.workbooks.reader.markup import Budget
from thidua_xlsx.workbooks.reader.package import Package, open_package
from thidua_xlsx.workbooks.reader.stored import Inflated
from thidua_xlsx.workbooks.reader.worksheet import Known, SharedStrings, Worksheet

SIZE_LIMIT = 20 << 20
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def read_own_book(data: bytes) -> Book | Refusal:
    """Read a workbook that the office keeps itself: with lines of thousands of units, but by the same rules."""
    return read_book(data, Budget(cells=2_000_000, effort=40_000_000, characters=64 << 20))


def read_book(data: bytes, budget: Budget | None = None, inflated: Inflated | None = None) -> Book | Refusal:
    """Read one workbook from its bytes; a refusal is a value, and nothing that a file holds raises.

    Parts of the size of a form are kept in ``inflated`` for whoever reads the same workbook again.
    """
    try:
        return _read(data, budget or Budget(), inflated or Inflated())
    except Refused as refused:
        return refused.refusal
    except MemoryError:
        raise
    except Exception as fault:  # the last net under our own mistakes: one unit's file must not stop the run
        return Refusal("F-READ-CRASH", type(fault).__name__)


def _read(data: bytes, budget: Budget, inflated: Inflated) -> Book:
    if not data:
        raise Refused("F-EMPTY", "0 bytes")
    if len(data) > SIZE_LIMIT:
        raise Refused("F-TOO-BIG", f"{len(data)} bytes")
    if data[:4] not in ZIP_MAGIC:
        foreign = name_foreign(data)
        raise Refused(foreign.code, foreign.detail)
    container = open_container(data)
    if container.trailing:
        budget.remarks.add("N-TRAILING")
    package = open_package(container, budget)
    inflated.of(container)
    return Book(
        _sheets(container, package, budget, inflated),
        package.date1904,
        tuple(sorted(budget.remarks)),
        package.properties,
    )


def _sheets(container: Container, package: Package, budget: Budget, inflated: Inflated) -> tuple[Sheet, ...]:
    """All sheets, in the workbook's order; what has no cells (a chart sheet) stands there empty."""
    strings = SharedStrings(package.strings.name if package.strings else "", budget)
    if package.strings is not None:
        _take(strings, container, package.strings, inflated)
    known = Known(strings.cells())
    sheets = []
    for part in package.sheets:
        if part.member is None:
            sheets.append(Sheet(part.name, {}, part.hidden))
            continue
        reading = Worksheet(part.member.name, budget, part.name, strings, known)
        _take(reading, container, part.member, inflated)
        sheets.append(reading.sheet(part.hidden))
    return tuple(sheets)


def _take(reading: SharedStrings | Worksheet, container: Container, member: Member, inflated: Inflated) -> None:
    """Read one part, whole where it is of the size of a form."""
    if member.size > WHOLE_LIMIT:
        reading.read(inflate(container.data, member))
    else:
        content = inflate_whole(container.data, member)
        inflated.keep(member, content)
        reading.take(content)
