"""Turns the text of one good workbook into the bytes of altered ones: a zip writer that can be told to lie."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from thidua_xlsx.model.cells import Book, Cell, Kind

ACCEPT = "accept"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET1, SHEET2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
TYPES, LINKS = "[Content_Types].xml", "_rels/.rels"
BOOK, BOOK_LINKS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
CORE, CUSTOM = "docProps/core.xml", "docProps/custom.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>8.5</v></c><c r="C2"><f>B2*2</f><v>17</v></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>ghi chú</t></is></c><c r="B3" t="b"><v>1</v></c>'
    '<c r="C3" t="e"><v>#REF!</v></c><c r="D3" t="str"><f>A1</f><v>Mã</v></c><c r="E3" s="1"/></row>'
)


def sheet_xml(rows: str = ROWS, head: str = "", tail: str = "", namespace: str = MAIN) -> str:
    """A worksheet part around these rows."""
    return f'{DECLARATION}<worksheet xmlns="{namespace}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'


def strings_xml(items: str) -> str:
    """A shared strings part around these items."""
    return f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'


def links_xml(*links: tuple[str, str, str], extra: str = "") -> str:
    """A relationships part: (id, kind or whole type, target)."""
    body = "".join(
        f'<Relationship Id="{key}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}" Target="{target}"/>'
        for key, kind, target in links
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{body}{extra}</Relationships>'


def types_xml(*overrides: tuple[str, str], defaults: str = "") -> str:
    """A content types part: (part, type); a type that begins with "." is one of spreadsheetml."""
    body = "".join(
        f'<Override PartName="{part}" ContentType="{SHEET_TYPE + kind if kind.startswith(".") else kind}"/>'
        for part, kind in overrides
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{defaults}{body}</Types>'
    )


def workbook_xml(sheets: str, properties: str = "", tail: str = "") -> str:
    """The main part around these sheet entries."""
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{sheets}</sheets>{tail}</workbook>"
    )


ENTRY1 = '<sheet name="Chấm điểm" sheetId="1" r:id="rId1"/>'
ENTRY2 = '<sheet name="Ẩn" sheetId="2" state="veryHidden" r:id="rId2"/>'
OVERRIDES = (
    ("/xl/workbook.xml", ".sheet.main+xml"),
    ("/xl/worksheets/sheet1.xml", ".worksheet+xml"),
    ("/xl/worksheets/sheet2.xml", ".worksheet+xml"),
    ("/xl/sharedStrings.xml", ".sharedStrings+xml"),
)
BOOK_LINK_LIST = (
    ("rId1", "worksheet", "worksheets/sheet1.xml"),
    ("rId2", "worksheet", "worksheets/sheet2.xml"),
    ("rId3", "sharedStrings", "sharedStrings.xml"),
    ("rId4", "styles", "styles.xml"),
)
GOOD: Mapping[str, str] = {
    TYPES: types_xml(*OVERRIDES),
    LINKS: links_xml(("rId1", "officeDocument", "xl/workbook.xml")),
    BOOK: workbook_xml(ENTRY1 + ENTRY2),
    BOOK_LINKS: links_xml(*BOOK_LINK_LIST),
    STRINGS: strings_xml("<si><t>Mã</t></si><si><t>Điểm</t></si><si><t>TC-1</t></si>"),
    SHEET1: sheet_xml(),
    SHEET2: sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'),
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fills><fill/></fills></styleSheet>',
    CORE: f'<coreProperties xmlns="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Phiếu</dc:title><keywords>TDX</keywords></coreProperties>",
    CUSTOM: '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="stamp"><vt:lpwstr>TC01</vt:lpwstr>'
    "</property></Properties>",
}


@dataclass(frozen=True)
class Entry:
    """One member to write; what is not None overrides the truth, in the local header or in the directory."""

    name: bytes
    data: bytes
    method: int = 8
    flags: int = 0x0800
    body: bytes | None = None
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    local_name: bytes | None = None
    local_flags: int | None = None
    local_method: int | None = None
    local_crc: int | None = None
    local_size: int | None = None
    local_extra: bytes = b""
    extra: bytes = b""
    descriptor: bytes | None = None
    offset: int | None = None
    disk: int = 0
    hidden: bool = False
    before: bytes = b""


def deflate(data: bytes, level: int = 6) -> bytes:
    """A raw deflate stream."""
    stream = zlib.compressobj(level, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def entries(parts: Mapping[str, str | bytes]) -> list[Entry]:
    """Honest members for these parts."""
    return [Entry(name.encode(), data.encode() if isinstance(data, str) else data) for name, data in parts.items()]


def pack(
    members: Iterable[Entry],
    *,
    prefix: bytes = b"",
    before_directory: bytes = b"",
    comment: bytes = b"",
    trailing: bytes = b"",
    count: int | None = None,
    shift: int = 0,
    end: bytes | None = None,
) -> bytes:
    """A zip file of these members, with the lies that they and the arguments ask for."""
    out = bytearray(prefix)
    directory = bytearray()
    listed = 0
    for member in members:
        body = member.body
        if body is None:
            body = deflate(member.data) if member.method == 8 else member.data
        crc = zlib.crc32(member.data) if member.crc is None else member.crc
        size = len(member.data) if member.size is None else member.size
        packed = len(body) if member.packed is None else member.packed
        out += member.before
        offset = len(out)
        name = member.name if member.local_name is None else member.local_name
        flags = member.flags if member.local_flags is None else member.local_flags
        streamed = member.descriptor is not None
        told = (
            (0, 0, 0)
            if streamed
            else (
                crc if member.local_crc is None else member.local_crc,
                packed,
                size if member.local_size is None else member.local_size,
            )
        )
        method = member.method if member.local_method is None else member.local_method
        out += struct.pack("<4s5H3I2H", b"PK\3\4", 20, flags, method, 0, 33, *told, len(name), len(member.local_extra))
        out += name + member.local_extra + body + (member.descriptor or b"")
        if member.hidden:
            continue
        listed += 1
        at = offset if member.offset is None else member.offset
        directory += struct.pack(
            "<4s6H3I5H2I",
            b"PK\1\2",
            20,
            20,
            member.flags,
            member.method,
            0,
            33,
            crc,
            packed,
            size,
            len(member.name),
            len(member.extra),
            0,
            member.disk,
            0,
            0,
            at,
        )
        directory += member.name + member.extra
    out += before_directory
    start = len(out) + shift
    total = listed if count is None else count
    out += directory
    out += end or struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, total, total, len(directory), start, len(comment)) + comment
    return bytes(out + trailing)


def workbook(changes: Mapping[str, str | bytes | None] | None = None, **how: object) -> bytes:
    """The good workbook with some parts replaced, added, or (None) left out."""
    parts: dict[str, str | bytes] = dict(GOOD)
    for name, data in (changes or {}).items():
        if data is None:
            parts.pop(name)
        else:
            parts[name] = data
    return pack(entries(parts), **how)  # type: ignore[arg-type]


def altered(part: str, **lies: object) -> bytes:
    """The good workbook with one member that lies."""
    return pack(
        replace(member, **lies) if member.name == part.encode() else member  # type: ignore[arg-type]
        for member in entries(GOOD)
    )


def with_rows(rows: str, head: str = "", tail: str = "") -> bytes:
    """The good workbook with other rows on its first sheet."""
    return workbook({SHEET1: sheet_xml(rows, head, tail)})


def with_cell(cell: str) -> bytes:
    """The good workbook with one other cell B2."""
    return with_rows(f'<row r="2"><c r="A2" t="s"><v>2</v></c>{cell}</row>')


def with_strings(*items: str) -> bytes:
    """The good workbook whose B2 is the first of these shared strings."""
    table = strings_xml("".join(items) + "<si><t>x</t></si>" * 3)
    return workbook({STRINGS: table, SHEET1: sheet_xml('<row r="2"><c r="B2" t="s"><v>0</v></c></row>')})


def compound(*names: str) -> bytes:
    """An OLE compound file whose directory has these streams, none with content."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    sectors = -(-(len(names) + 1) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    directory = b""
    for number, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le")
        right, child = (number + 1, 0xFFFFFFFF) if number else (0xFFFFFFFF, 1)
        directory += raw.ljust(64, b"\0") + struct.pack("<HHIII", len(raw) + 2, 1, 0xFFFFFFFF, right, child)
        directory += bytes(48)
    return bytes(header) + table + directory.ljust(sectors * 512, b"\0")


def noise(length: int) -> str:
    """Text that hardly compresses, so that the ratio says nothing."""
    return random.Random(length).randbytes(length // 2).hex()


def ballast(length: int = 100_000) -> str:
    """A comment that keeps the ratio of a repetitive part below the limit."""
    return f"<!--{noise(length)}-->"


def letters(column: int) -> str:
    """The letters of a column, counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def full_rows(rows: int, columns: int) -> str:
    """Rows of numbers without references, as many as asked for."""
    return "".join(
        "<row>" + "".join(f"<c><v>{r * c % 9973}</v></c>" for c in range(columns)) + "</row>" for r in range(rows)
    )


@dataclass(frozen=True)
class Case:
    """One file, what the reader owes it, and for an accepted one what must be found in it."""

    name: str
    build: Callable[[], bytes]
    expect: str
    check: Callable[[Book], bool] | None = None
    proof: str = ""


def at(book: Book, row: int, column: int) -> Cell | None:
    """A cell of the first sheet."""
    return book.sheets[0].cells.get((row, column))


def holds(kind: Kind, text: str, formula: str | None = None, rich: bool = False) -> Callable[[Book], bool]:
    """B2 is exactly this."""
    return lambda book: at(book, 2, 2) == Cell(kind, text, formula, rich)


def remarks(code: str) -> Callable[[Book], bool]:
    """The reader made this remark, and read the score all the same."""
    return lambda book: code in book.remarks and at(book, 2, 2) == Cell(Kind.NUMBER, "8.5")


def blank(book: Book) -> bool:
    """B2 holds nothing."""
    return at(book, 2, 2) is None


GOOD_CELL = holds(Kind.NUMBER, "8.5")


def refused(code: str, **builders: Callable[[], bytes]) -> list[Case]:
    """Cases of one code; a keyword is the name of its case."""
    return [Case(name.replace("_", " "), build, code) for name, build in builders.items()]
