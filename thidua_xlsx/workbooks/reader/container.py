"""Turns the bytes of a zip file into members that every zip program would read alike, or refuses them.

The directory is read by hand because `zipfile` and the libraries' own readers forgive what must not be
forgiven: members that overlap, two members under one name, a local header that contradicts the directory,
sizes that lie, checksums that do not fit. On Python before 3.11.8 `zipfile` accepts overlapping bodies, and
calamine accepted 62 of 6,000 damaged files with other content; each check below closes one such door.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from thidua_xlsx.model.cells import Refusal

MEMBER_LIMIT = 2_000
PART_LIMIT = 64 << 20
TOTAL_LIMIT = 128 << 20
RATIO_LIMIT = 200
# Small parts of pure formatting compress beyond any ratio; only what is large can exhaust memory.
RATIO_FLOOR = 100 * 1024
# Up to this size a part is inflated at once, so that a damaged one is called damaged before it is parsed.
WHOLE_LIMIT = 4 << 20
PIECE = 128 << 10
# Normalising a name can take time quadratic in its length.
NAME_LIMIT = 1_000

DIRECTORY = b"PK\x05\x06"
END = struct.Struct("<4s4H2IH")
ENTRY = struct.Struct("<4s6H3I5H2I")
LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000
DESCRIPTOR_FLAG = 0x0008
UTF8_FLAG = 0x0800
# The deflate level, and how a name is spelled that is compared on its own: a real exporter contradicts itself here.
_HARMLESS_FLAGS = UTF8_FLAG | 0x0006
_KNOWN_FLAGS = DESCRIPTOR_FLAG | _HARMLESS_FLAGS
_ZIP64_EXTRA = 0x0001
_NAME_EXTRA = 0x7075


class Refused(Exception):
    """Carries a refusal from the place where a check fails to the one door of the reader."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.refusal = Refusal(code, detail)


def show(text: object, length: int = 80) -> str:
    """Foreign text for a refusal's detail: short, with every control and surrogate escaped."""
    kept = str(text)[:length]
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in kept)


class Member(NamedTuple):
    """One file inside the zip, as its directory entry and its local header agree on it.

    ``second_name`` is how some programs repeat in Unicode a name that they wrote in an old code page; "" without.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    body: int
    second_name: str = ""

    @property
    def shown(self) -> str:
        """The name for people to read. What is not marked as UTF-8 is DOS by the standard, but seldom in Vietnam."""
        if self.second_name or self.flags & UTF8_FLAG:
            return self.second_name or self.name
        raw = self.name.encode("cp437")
        for code in ("utf-8", "cp1258"):
            with suppress(UnicodeDecodeError):
                return raw.decode(code)
        return self.name


@dataclass(frozen=True, slots=True)
class Container:
    """A zip file whose directory passed every check; members by case-folded name, directories left out."""

    data: bytes
    members: Mapping[str, Member]
    trailing: int

    def find(self, name: str) -> Member | None:
        """The member of this part name, whatever the case of its letters."""
        return self.members.get(_fold(name))


def open_container(data: bytes, archive: bool = False) -> Container:
    """Check the whole directory before a single byte is inflated.

    Of an ``archive`` the names are only shown, and may be told twice; the parts of a document are found by theirs.
    """
    end = data.rfind(DIRECTORY)
    if end < 0 or end + END.size > len(data):
        raise Refused("F-TRUNCATED", "no end of central directory")
    _, disk, first_disk, here, count, size, start, comment = END.unpack_from(data, end)
    if end + END.size + comment > len(data):
        raise Refused("F-TRUNCATED", "the directory's comment is cut off")
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start) or data[max(end - 20, 0) : end][:4] == b"PK\x06\x07":
        raise Refused("F-ZIP64", "zip64 directory")
    if disk or first_disk or here != count:
        raise Refused("F-ZIP-BAD", "directory of a split archive")
    if start + size != end:
        raise Refused("F-ZIP-BAD", f"directory of {size} bytes at {start} does not end at {end}")
    if count > MEMBER_LIMIT:
        raise Refused("F-ZIP-MEMBERS", f"{count} members")
    entries = list(_entries(data, start, end, count, archive))
    _check_sizes(entries)
    return Container(data, _place(data, entries, start), len(data) - end - END.size - comment)


def _entries(data: bytes, at: int, end: int, count: int, archive: bool) -> Iterator[Member]:
    """The directory's entries, which must fill it exactly."""
    for _ in range(count):
        if at + ENTRY.size > end or data[at : at + 4] != b"PK\x01\x02":
            raise Refused("F-ZIP-BAD", f"no directory entry at {at}")
        fields = ENTRY.unpack_from(data, at)
        flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
        name_length, extra_length, comment_length, disk, header = *fields[10:14], fields[16]
        name_at = at + ENTRY.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if at > end:
            raise Refused("F-ZIP-BAD", "directory entry runs past the directory")
        raw = data[name_at:extra_at]
        name = _decode_name(raw, flags)
        if 0xFFFFFFFF in (packed, size, header):
            raise Refused("F-ZIP64", show(name))
        second = _check_extra(data[extra_at : extra_at + extra_length], raw, name, archive)
        _check_entry(name, flags, method, disk)
        yield Member(name, flags, method, crc, packed, size, header, 0, second)
    if at != end:
        raise Refused("F-ZIP-BAD", f"{end - at} bytes between directory and its end")


# All returns of a form have the same names.
@lru_cache(1024)
def _decode_name(raw: bytes, flags: int) -> str:
    """A member's name, refused where it could lead outside or be read in two ways."""
    if len(raw) > NAME_LIMIT:
        raise Refused("F-ZIP-PATH", f"name of {len(raw)} bytes")
    try:
        name = raw.decode("utf-8" if flags & UTF8_FLAG else "cp437")
    except UnicodeDecodeError:
        raise Refused("F-ZIP-PATH", f"name is not UTF-8: {show(raw)}") from None
    steps = name.removesuffix("/").split("/")
    if any(step in ("", ".", "..") for step in steps) or "\\" in name or ":" in name or min(name) < " ":
        raise Refused("F-ZIP-PATH", f"name {show(name)!r}")
    return name


def _check_extra(extra: bytes, raw: bytes, name: str, archive: bool) -> str:
    """No zip64 sizes, and in a document no second name that some programs would prefer to the first."""
    second = ""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            raise Refused("F-ZIP64", show(name))
        if kind == _NAME_EXTRA and archive:
            second = _decode_name(extra[at + 9 : at + 4 + length], UTF8_FLAG)
        elif kind == _NAME_EXTRA and raw.isascii() and extra[at + 9 : at + 4 + length] != raw:
            raise Refused("F-ZIP-PATH", f"second name for {show(name)}")
        at += 4 + length
    return second


def _check_entry(name: str, flags: int, method: int, disk: int) -> None:
    if flags & _ENCRYPTED_FLAGS:
        raise Refused("F-ENCRYPTED", f"encrypted member {show(name)}")
    if method not in (0, 8):
        raise Refused("F-ZIP-METHOD", f"{show(name)}: method {method}")
    if disk or flags & ~_KNOWN_FLAGS:
        raise Refused("F-ZIP-BAD", f"{show(name)}: flags {flags:#06x}, disk {disk}")


def _check_sizes(entries: list[Member]) -> None:
    """Bombs are refused by what they declare; what they hide is caught while inflating."""
    for entry in entries:
        if entry.size > PART_LIMIT or (entry.size > RATIO_FLOOR and entry.size > RATIO_LIMIT * entry.packed):
            raise Refused("F-ZIP-RATIO", f"{show(entry.name)}: {entry.packed} -> {entry.size} bytes")
        if entry.method == 0 and entry.size != entry.packed:
            raise Refused("F-ZIP-BAD", f"{show(entry.name)}: stored, yet {entry.packed} is not {entry.size}")
        if entry.name.endswith("/") and entry.size:
            raise Refused("F-ZIP-BAD", f"{show(entry.name)}: a directory with content")
    total = sum(entry.size for entry in entries)
    if total > TOTAL_LIMIT:
        raise Refused("F-ZIP-RATIO", f"{total} bytes in total")


def _place(data: bytes, entries: list[Member], directory: int) -> dict[str, Member]:
    """Find each body; headers must repeat their entries, and no two members may share a byte or a name."""
    members: dict[str, Member] = {}
    names: set[str] = set()
    position = 0
    for entry in sorted(entries, key=lambda entry: entry.header):
        key = _fold(entry.name.removesuffix("/"))
        if key in names:
            raise Refused("F-ZIP-DUP", show(entry.name))
        names.add(key)
        if position == 0 and entry.header:
            raise Refused("F-ZIP-BAD", f"{entry.header} bytes before the first member")
        if entry.header < position:
            raise Refused("F-ZIP-BAD", f"{show(entry.name)} overlaps the member before it")
        _check_gap(data, position, entry.header)
        body = _check_header(data, entry)
        position = body + entry.packed
        if position > directory:
            raise Refused("F-ZIP-BAD", f"{show(entry.name)} runs into the directory")
        if not entry.name.endswith("/"):
            members[key] = entry._replace(body=body)
    _check_gap(data, position, directory)
    return members


def _check_gap(data: bytes, start: int, end: int) -> None:
    """Between members only data descriptors and padding: a member nobody lists hides from the checks."""
    if start == end:
        return
    gap = data[start:end]
    if b"PK\x03\x04" in gap or b"PK\x01\x02" in gap or DIRECTORY in gap:
        raise Refused("F-ZIP-BAD", f"unlisted member between {start} and {end}")


def _check_header(data: bytes, entry: Member) -> int:
    """The offset of the body, after the local header has repeated what the directory says."""
    if data[entry.header : entry.header + 4] != b"PK\x03\x04" or entry.header + LOCAL.size > len(data):
        raise Refused("F-ZIP-BAD", f"{show(entry.name)}: no local header at {entry.header}")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL.unpack_from(data, entry.header)
    name_at = entry.header + LOCAL.size
    body: int = name_at + name_length + extra_length
    raw = data[name_at : name_at + name_length]
    same_flags = (flags ^ entry.flags) & ~_HARMLESS_FLAGS == 0
    if not same_flags or method != entry.method or _decode_name(raw, flags) != entry.name:
        raise Refused("F-ZIP-BAD", f"{show(entry.name)}: local header differs")
    if 0xFFFFFFFF in (packed, size):
        raise Refused("F-ZIP64", show(entry.name))
    told = (crc, packed, size)
    listed = (entry.crc, entry.packed, entry.size)
    # With a data descriptor the header may leave the three figures at zero; then the descriptor has them.
    if told != listed and not (flags & DESCRIPTOR_FLAG and all(a in (0, b) for a, b in zip(told, listed, strict=True))):
        raise Refused("F-ZIP-BAD", f"{show(entry.name)}: local sizes {told} differ from {listed}")
    if flags & DESCRIPTOR_FLAG:
        _check_descriptor(data, entry, body + entry.packed)
    return body


def _check_descriptor(data: bytes, entry: Member, at: int) -> None:
    if data[at : at + 4] == b"PK\x07\x08":
        at += 4
    if data[at : at + 4] != entry.crc.to_bytes(4, "little"):
        raise Refused("F-ZIP-BAD", f"{show(entry.name)}: data descriptor differs")


def _fold(name: str) -> str:
    return _folded(name) if len(name) <= NAME_LIMIT else _folded.__wrapped__(name)


@lru_cache(1024)
def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def inflate(data: bytes, member: Member) -> Iterator[bytes]:
    """The member's content in pieces, proved by size and checksum.

    A small member is proved before its first piece is handed out, a large one after its last: whoever
    parses it meanwhile must throw the result away when the proof fails, and may stop at any piece.
    """
    if member.size > WHOLE_LIMIT:
        yield from _inflated(data, member)
    else:
        yield from in_pieces(inflate_whole(data, member))


def inflate_whole(data: bytes, member: Member) -> bytes:
    """The content of a member that is not large, proved by size and checksum, at once."""
    if member.method:
        stream = zlib.decompressobj(-15)
        with suppress(zlib.error):
            content = stream.decompress(memoryview(data)[member.body : member.body + member.packed], member.size + 1)
            complete = stream.eof and not stream.unused_data and len(content) == member.size
            if complete and zlib.crc32(content) == member.crc:
                return content
    # What is stored, and what is damaged: piece by piece it is found out how.
    return b"".join(_inflated(data, member))


def in_pieces(data: bytes) -> list[bytes]:
    """As a grammar is fed: a giant token shows between two pieces."""
    return [data[at : at + PIECE] for at in range(0, len(data), PIECE)]


def _inflated(data: bytes, member: Member) -> Iterator[bytes]:
    packed = memoryview(data)[member.body : member.body + member.packed]
    crc = size = 0
    for piece in _stored(packed) if member.method == 0 else _deflated(packed, member):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        if size > member.size:
            raise Refused("F-ZIP-BAD", f"{show(member.name)}: more than the {member.size} bytes declared")
        yield piece
    if size != member.size:
        raise Refused("F-ZIP-BAD", f"{show(member.name)}: {size} bytes instead of {member.size}")
    if crc != member.crc:
        raise Refused("F-ZIP-CRC", f"{show(member.name)}: checksum {crc:08x} instead of {member.crc:08x}")


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), PIECE):
        yield bytes(packed[at : at + PIECE])


def _deflated(packed: memoryview, member: Member) -> Iterator[bytes]:
    """Inflate a raw deflate stream piece by piece; it must end exactly where the member does."""
    stream = zlib.decompressobj(-15)
    try:
        # In slices, because zlib copies what it has not consumed: all at once would be quadratic.
        for at in range(0, len(packed), PIECE):
            rest: bytes | memoryview = packed[at : at + PIECE]
            while rest and not stream.eof:
                yield stream.decompress(rest, PIECE)
                rest = stream.unconsumed_tail
            if stream.unused_data or (stream.eof and at + PIECE < len(packed)):
                raise Refused("F-ZIP-BAD", f"{show(member.name)}: bytes after the deflate stream")
        while not stream.eof and (piece := stream.decompress(b"", PIECE)):
            yield piece
    except zlib.error as fault:
        raise Refused("F-ZIP-BAD", f"{show(member.name)}: {fault}") from fault
    if not stream.eof:
        raise Refused("F-ZIP-BAD", f"{show(member.name)}: deflate stream is cut off")
