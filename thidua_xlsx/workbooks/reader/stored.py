"""Turns a checked workbook and the parts that were inflated out of it into the same workbook with these parts stored.

The second reader so inflates nothing a second time, a third of what it costs. It still finds every part by itself,
under its own name: all members are there, and those that were inflated have been proved by size and checksum.
"""

from __future__ import annotations

from thidua_xlsx.workbooks.reader.container import DIRECTORY, END, ENTRY, LOCAL, UTF8_FLAG, Container, Member

# Of larger workbooks the second reader gets the file as it came: it is not worth the memory.
KEPT_LIMIT = 8 << 20
VERSION, DOS_DAY = 20, 0x21


class Inflated:
    """The parts of one workbook that were inflated whole, as long as they are of the size of a form."""

    def __init__(self) -> None:
        self._container: Container | None = None
        self._contents: dict[int, bytes] = {}
        self._size = 0

    def of(self, container: Container) -> None:
        self._container = container

    def keep(self, member: Member, content: bytes) -> None:
        self._size += len(content)
        if self._size <= KEPT_LIMIT:
            self._contents[member.header] = content
        else:
            self._contents.clear()

    def workbook(self, data: bytes) -> bytes:
        """The workbook with these parts stored; ``data`` itself, from which they came, where there are none."""
        return _stored(self._container, self._contents) if self._container and self._contents else data


def _stored(container: Container, contents: dict[int, bytes]) -> bytes:
    """All members in their order, those of ``contents`` (by the place of their header) uncompressed."""
    bodies: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for member in container.members.values():
        content = contents.get(member.header)
        method, body = 0, content
        if body is None:
            method, body = member.method, container.data[member.body : member.body + member.packed]
        name = member.name.encode()
        told = VERSION, UTF8_FLAG, method, 0, DOS_DAY, member.crc, len(body), member.size, len(name), 0
        bodies += (LOCAL.pack(b"PK\x03\x04", *told), name, body)
        directory += (ENTRY.pack(b"PK\x01\x02", VERSION, *told, 0, 0, 0, 0, at), name)
        at += LOCAL.size + len(name) + len(body)
    size = sum(map(len, directory))
    count = len(container.members)
    return b"".join((*bodies, *directory, END.pack(DIRECTORY, 0, 0, count, count, size, at, 0)))
