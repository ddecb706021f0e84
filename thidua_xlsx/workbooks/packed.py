"""Turns the parts of a workbook into its package: the one ``zipfile`` would make, packed quickly.

XlsxWriter, which makes the parts, leaves packing them to this; and forms have many parts in common, which are
compressed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from zipfile import ZipInfo
from zlib import DEFLATED, MAX_WBITS, compressobj, crc32

# Half the time of the usual level, for files a tenth larger.
LEVEL = 4
LOCAL, CENTRAL, END = Struct("<4s5H3L2H"), Struct("<4s4B4H3L5H2L"), Struct("<4s4H2LH")
NEEDED, SYSTEM = 20, ZipInfo().create_system
LONG_AGO = (0, 33)  # midnight, the 1st of January 1980
OWN_FILE = 0o600 << 16
# So many parts of at most so many bytes are remembered: what forms have in common is small.
KEPT, SMALL = 64, 32 << 10


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """The parts, each with its name, in their order, all of one date."""
    body, directory, at = [], [], 0
    for name, data in parts:
        path, (checksum, small) = name.encode("ascii"), _known(data) if len(data) <= SMALL else _compressed(data)
        told = (0, DEFLATED, *LONG_AGO, checksum, len(small), len(data), len(path), 0)
        body += [LOCAL.pack(b"PK\3\4", NEEDED, *told), path, small]
        directory += [CENTRAL.pack(b"PK\1\2", NEEDED, SYSTEM, NEEDED, 0, *told, 0, 0, 0, OWN_FILE, at), path]
        at += LOCAL.size + len(path) + len(small)
    listed, count = b"".join(directory), len(directory) // 2
    return b"".join([*body, listed, END.pack(b"PK\5\6", 0, 0, count, count, len(listed), at, 0)])


def _compressed(data: bytes) -> tuple[int, bytes]:
    """The checksum of a part, and what it is packed to."""
    packer = compressobj(LEVEL, DEFLATED, -MAX_WBITS)
    return crc32(data), packer.compress(data) + packer.flush()


_known = lru_cache(maxsize=KEPT)(_compressed)
