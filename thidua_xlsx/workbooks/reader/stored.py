"""Turns a checked workbook and the parts that were inflated out of it into the same file with these parts stored.

The second reader so inflates no large part once more, a fifth of its time. All else is the file as it came, byte for
byte: members, headers, extra fields, comments and what stands behind the end, so that it finds its parts by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from thidua_xlsx.workbooks.reader.container import DESCRIPTOR_FLAG, DIRECTORY, END, ENTRY, LOCAL, Container, Member

# Of larger workbooks the second reader gets the file as it came: it is not worth the memory.
KEPT_LIMIT = 8 << 20


class Inflated:
    """The parts of one workbook that were inflated whole, as long as they are of the size of a form."""

    def __init__(self) -> None:
        self._container: Container | None = None
        self._contents: dict[int, bytes] = {}
        self._size = 0

    def of(self, container: Container) -> None:
        self._container = container

    def keep(self, member: Member, content: bytes) -> None:
        """A content that was proved by size and checksum."""
        self._size += len(content)
        if self._size <= KEPT_LIMIT:
            self._contents[member.header] = content
        else:
            self._contents.clear()

    def workbook(self, data: bytes) -> bytes:
        """The workbook with these parts stored; ``data`` itself, from which they came, where there are none."""
        return _stored(self._container.data, self._contents) if self._container and self._contents else data


def _stored(data: bytes, contents: Mapping[int, bytes]) -> bytes:
    """The file with ``contents`` (by the place of their headers) uncompressed; its directory has been checked."""
    end = data.rfind(DIRECTORY)
    *told, size, start, comment = END.unpack_from(data, end)
    entries = _entries(data, start, end)
    begins = sorted(entries)
    bodies: list[bytes] = []
    moved: dict[int, int] = {}
    at = 0
    for header, behind in zip(begins, [*begins[1:], start], strict=True):
        moved[header] = at
        bodies.append(_member(data, header, contents[header]) if header in contents else data[header:behind])
        at += len(bodies[-1])
    listed = [_entry(entry, moved[header], contents.get(header)) for header, entry in entries.items()]
    return b"".join((*bodies, *listed, END.pack(*told, size, at, comment), data[end + END.size :]))


def _entries(data: bytes, at: int, end: int) -> dict[int, bytes]:
    """The entries of the directory, in their order, by the place of the header that each means."""
    found: dict[int, bytes] = {}
    while at < end:
        fields = ENTRY.unpack_from(data, at)
        length = ENTRY.size + sum(fields[10:13])
        found[fields[16]] = data[at : at + length]
        at += length
    return found


def _member(data: bytes, header: int, content: bytes) -> bytes:
    """A stored member, with the sizes where a descriptor behind it may have told them."""
    magic, version, flags, _, hour, day, crc, _, _, name, extra = LOCAL.unpack_from(data, header)
    size = len(content)
    begin = LOCAL.pack(magic, version, flags & ~DESCRIPTOR_FLAG, 0, hour, day, crc, size, size, name, extra)
    return b"".join((begin, data[header + LOCAL.size : header + LOCAL.size + name + extra], content))


def _entry(entry: bytes, moved: int, content: bytes | None) -> bytes:
    fields = list(ENTRY.unpack_from(entry))
    if content is not None:
        fields[3:5] = fields[3] & ~DESCRIPTOR_FLAG, 0
        fields[8] = len(content)
    fields[16] = moved
    return ENTRY.pack(*fields) + entry[ENTRY.size :]
