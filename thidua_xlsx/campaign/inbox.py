"""Turns the drop folder into entries with their bytes: each file read once, none written to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.text import printable

BIGGEST = 20 * 1024 * 1024
# Left by Excel, LibreOffice, browsers and systems beside what a unit sends.
IGNORED_NAMES = ("thumbs.db", "desktop.ini")
IGNORED_STARTS = ("~$", ".~", ".")
IGNORED_ENDS = (".tmp", ".part", ".crdownload", ".partial")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the drop folder: its path as the results name it, and its bytes (None: no file of ours)."""

    path: str
    sha256: str
    data: bytes | Refusal | None


def named(path: Path, folder: Path) -> str:
    """The path relative to the campaign folder, ``/`` and NFC; an inbox elsewhere keeps its own name in front."""
    inside = path.is_relative_to(folder)
    return printable((path.relative_to(folder) if inside else path).as_posix())


def is_ignored(name: str) -> bool:
    lower = name.lower()
    return lower in IGNORED_NAMES or lower.startswith(IGNORED_STARTS) or lower.endswith(IGNORED_ENDS)


def read_entry(path: Path) -> bytes | Refusal:
    """The bytes of one regular file, read once; what changes while it is read is refused."""
    try:
        before = path.stat()
        if before.st_size > BIGGEST:
            return Refusal("F-TOO-BIG", str(before.st_size))
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        return Refusal("F-UNREADABLE", type(error).__name__)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        return Refusal("F-CHANGING")
    return data


def entries(inbox: Path, folder: Path) -> Iterator[Entry]:
    """Every entry below the drop folder, sub-folders included, in the order of their names."""
    if not inbox.is_dir():
        raise wrong_use(
            f"Không thấy thư mục nộp phiếu {printable(str(inbox))}. Tạo thư mục nop/ và chép phiếu các đơn vị vào đó."
        )
    for path in sorted(inbox.rglob("*"), key=lambda item: (printable(item.as_posix()), os.fsencode(item))):
        kind = path.lstat().st_mode
        name = named(path, folder)
        if any(is_ignored(part) for part in path.relative_to(inbox).parts):
            yield Entry(name, "", None)
        elif stat.S_ISREG(kind):
            data = read_entry(path)
            digest = sha256(data).hexdigest() if isinstance(data, bytes) else ""
            yield Entry(name, digest, data)
        elif stat.S_ISDIR(kind) and not os.access(path, os.R_OK | os.X_OK):
            yield Entry(name, "", Refusal("F-UNREADABLE", "folder"))
        else:
            yield Entry(name, "", None)
