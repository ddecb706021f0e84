"""Turns the parts of a workbook into the package that XlsxWriter makes of them: same parts, same bytes.

``zipfile`` would make it too; but forms have many parts in common, and those are compressed once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from zipfile import ZipInfo
from zlib import DEFLATED, MAX_WBITS, Z_DEFAULT_COMPRESSION, compressobj, crc32

LOCAL, CENTRAL, END = Struct("<4s5H3L2H"), Struct("<4s4B4H3L5H2L"), Struct("<4s4H2LH")
NEEDED, SYSTEM = 20, ZipInfo().create_system
LONG_AGO = (0, 33)  # midnight, the 1st of January 1980
OWN_FILE = 0o600 << 16
KEPT = 64


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts by name, in their order, all of one date."""
    body, directory, at = [], [], 0
    for name, data in parts.items():
        path, (checksum, small) = name.encode("ascii"), _compressed(data)
        told = (0, DEFLATED, *LONG_AGO, checksum, len(small), len(data), len(path), 0)
        body += [LOCAL.pack(b"PK\3\4", NEEDED, *told), path, small]
        directory += [CENTRAL.pack(b"PK\1\2", NEEDED, SYSTEM, NEEDED, 0, *told, 0, 0, 0, OWN_FILE, at), path]
        at += LOCAL.size + len(path) + len(small)
    listed, count = b"".join(directory), len(parts)
    return b"".join([*body, listed, END.pack(b"PK\5\6", 0, 0, count, count, len(listed), at, 0)])


@lru_cache(maxsize=KEPT)
def _compressed(data: bytes) -> tuple[int, bytes]:
    """The checksum of a part, and what it is packed to."""
    packer = compressobj(Z_DEFAULT_COMPRESSION, DEFLATED, -MAX_WBITS)
    return crc32(data), packer.compress(data) + packer.flush()
