"""Turns the first bytes of a file that is no xlsx into the name of what it is instead.

A unit that sends a PDF, a renamed .xls or a web page needs one sentence that says what to save again,
so every such kind has a code of its own. Nothing is unpacked or interpreted here: magic numbers, the
directory of an OLE file, and the first few thousand characters of a text are all that is looked at.
"""

from __future__ import annotations

import re
import struct
from itertools import islice

from thidua_xlsx.model.cells import Refusal

SAMPLE = 4096
NAMES_SHOWN = 20
OLE_SECTORS = 1_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "F-PDF", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "F-IMAGE", "png"),
    (b"\xff\xd8\xff", "F-IMAGE", "jpeg"),
    (b"GIF87a", "F-IMAGE", "gif"),
    (b"GIF89a", "F-IMAGE", "gif"),
    (b"II*\0", "F-IMAGE", "tiff"),
    (b"MM\0*", "F-IMAGE", "tiff"),
    (b"Rar!\x1a\x07", "F-ARCHIVE", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "F-ARCHIVE", "7z"),
    (b"\x1f\x8b", "F-ARCHIVE", "gzip"),
    (b"BZh", "F-ARCHIVE", "bzip2"),
    (b"\xfd7zXZ\0", "F-ARCHIVE", "xz"),
    (b"\x28\xb5\x2f\xfd", "F-ARCHIVE", "zstd"),
    (b"MSCF", "F-ARCHIVE", "cab"),
    (b"{\\rtf", "F-NOT-WORKBOOK", "rtf"),
    (b"\x78\x9f\x3e\x22", "F-MAIL", "winmail.dat"),
    (b"\x09\x08", "F-XLS", "BIFF stream"),
    (b"\x09\x04", "F-XLS", "BIFF4 stream"),
    (b"\x09\x02", "F-XLS", "BIFF3 stream"),
    (b"\x09\x00", "F-XLS", "BIFF2 stream"),
)
_BOX_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("encryptedpackage", "F-ENCRYPTED"),
    ("workbook", "F-XLS"),
    ("book", "F-XLS"),
    ("__properties_version1.0", "F-MAIL"),
    ("worddocument", "F-NOT-WORKBOOK"),
    ("powerpoint document", "F-NOT-WORKBOOK"),
)
_MAIL_HEADER = re.compile(
    r"(?:from |(?:from|return-path|received|delivered-to|to|date|subject|message-id|x-[\w-]+):)", re.I
)
_ATTACHMENT = re.compile(rb"name=\"?([^\"\r\n;]{1,200})")
# What a text may hold below U+0020: tab, line feed, form feed, carriage return.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})


def name_foreign(data: bytes) -> Refusal:
    """The refusal for bytes that do not begin as a zip file does."""
    if data.count(0) == len(data):
        return Refusal("F-ZEROS", f"{len(data)} bytes, all zero")
    if data.startswith(OLE):
        return _name_ole(data)
    for magic, code, what in _MAGIC:
        if data.startswith(magic):
            return Refusal(code, what)
    return _name_by_place(data) or _name_text(data) or _name_prefixed(data)


def _name_by_place(data: bytes) -> Refusal | None:
    """Kinds whose mark does not stand at the very beginning."""
    if data[4:8] == b"ftyp" and data[8:12] in _BOX_BRANDS:
        return Refusal("F-IMAGE", "heic")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Refusal("F-IMAGE", "webp")
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return Refusal("F-IMAGE", "bmp")
    if data[257:262] == b"ustar":
        return Refusal("F-ARCHIVE", "tar")
    if b"%PDF-" in data[:1024]:
        return Refusal("F-PDF", "pdf after other bytes")
    return None


def _name_prefixed(data: bytes) -> Refusal:
    """A zip file behind other bytes is no workbook, whatever some programs make of it."""
    if b"PK\x03\x04" in data[:65536] and b"PK\x05\x06" in data:
        return Refusal("F-ZIP-BAD", "bytes before the first zip member")
    return Refusal("F-NOT-XLSX", f"begins with {data[:8].hex(' ')}")


def _name_ole(data: bytes) -> Refusal:
    """An OLE compound file: a password-protected package, an .xls, an Outlook mail, or another document."""
    streams = _ole_streams(data)
    for stream, code in _OLE_STREAMS:
        if stream in streams:
            return Refusal(code, f"OLE stream {stream}")
    return Refusal("F-OLE", ascii(sorted(streams)[:NAMES_SHOWN]))


def _ole_streams(data: bytes) -> set[str]:
    """Case-folded names at the top of an OLE file: what an embedded document is called does not matter."""
    entries = _ole_directory(data)
    names: set[str] = set()
    seen: set[int] = set()
    ahead = [int.from_bytes(entries[76:80], "little")]
    while ahead:
        number = ahead.pop()
        entry = entries[number * 128 : number * 128 + 128]
        if number in seen or len(entry) < 128:
            continue
        seen.add(number)
        length = min(int.from_bytes(entry[64:66], "little"), 64)
        names.add(entry[: max(length - 2, 0)].decode("utf-16-le", "replace").casefold())
        ahead += struct.unpack_from("<2I", entry, 68)
    return names


def _ole_directory(data: bytes) -> bytes:
    """The directory's sectors one after another, as far as their chain can be followed."""
    shift = int.from_bytes(data[30:32], "little")
    if len(data) < 512 or shift not in (9, 12):
        return b""
    size = 1 << shift
    tables = struct.unpack_from("<109I", data, 76)
    sector = int.from_bytes(data[48:52], "little")
    sectors: dict[int, bytes] = {}
    while sector not in sectors and len(sectors) < OLE_SECTORS:
        sectors[sector] = data[(sector + 1) * size : (sector + 2) * size]
        table, place = divmod(sector, size // 4)
        if table >= len(tables):
            break
        at = (tables[table] + 1) * size + place * 4
        sector = int.from_bytes(data[at : at + 4], "little")
    return b"".join(sectors.values())


def _name_text(data: bytes) -> Refusal | None:
    """Markup, mail or plain text; None where the sample is binary."""
    sample = data[:SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = sample.decode("utf-16", "replace")
    elif sample.translate(None, _CONTROLS) == sample:
        text = sample.decode("utf-8-sig", "replace")
    else:
        return None
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _name_markup(text.casefold())
    return _name_mail(data, text) or Refusal("F-TEXT", "text or CSV")


def _name_markup(text: str) -> Refusal:
    """XML and HTML, told apart by what their first characters declare."""
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and not re.match(r"<(?:!doctype )?html", text):
        return Refusal("F-XML2003", "XML spreadsheet 2003")
    if "urn:oasis:names:tc:opendocument" in text:
        return Refusal("F-ODS", "flat OpenDocument")
    if re.search(r"<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", text):
        return Refusal("F-HTML", "html")
    return Refusal("F-NOT-XLSX" if text.startswith("<?xml") else "F-TEXT", "markup")


def _name_mail(data: bytes, text: str) -> Refusal | None:
    """A saved mail, or the web archive that Excel calls "single file web page"."""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0].casefold()
    if (
        "mime-version:" in head
        and "multipart/related" in head
        and ("<saved by" in head or not re.search(r"^(?:to|received|message-id):", head, re.M))
    ):
        return Refusal("F-MHTML", "MIME web archive")
    if not (_MAIL_HEADER.match(text) and re.search(r"^from:", head, re.M) and head.count("\n") >= 1):
        return None
    return Refusal("F-MAIL", ", ".join(_attachments(data)))


def _attachments(data: bytes) -> list[str]:
    """Names of attached files as the mail writes them, each once, undecoded."""
    found = islice(_ATTACHMENT.finditer(data), 10 * NAMES_SHOWN)
    names = dict.fromkeys(match[1].decode("utf-8", "replace").strip() for match in found)
    return list(names)[:NAMES_SHOWN]
