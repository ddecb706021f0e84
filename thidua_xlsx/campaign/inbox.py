"""Turns the drop folder into entries with their bytes: each file read once, none written to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.campaign.unpack import is_ignored as is_ignored
from thidua_xlsx.campaign.unpack import unpack
from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.returned import entry_name
from thidua_xlsx.model.text import printable

BIGGEST = 20 * 1024 * 1024
# What holds many forms may be larger than any form.
BIGGEST_BUNDLE = 100 * 1024 * 1024
BUNDLE_ENDS = (".zip", ".eml", ".msg")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the drop folder, or one file inside it: its path as the results name it, and its bytes.

    ``data`` is None for no file of ours. ``member`` names a file inside the container at ``path``; ``mailed`` is the
    day that a message proves, ``moment`` the exact time by the server that received it.
    """

    path: str
    sha256: str
    data: bytes | Refusal | Bundle | Aside | None
    member: str | None = None
    mailed: date | None = None
    moment: datetime | None = None

    @property
    def name(self) -> str:
        """How findings and the office name it."""
        return entry_name(self.path, self.member)

    @property
    def counts(self) -> bool:
        """Whether it is, or could be, somebody's return: nobody has reason to ignore it."""
        return isinstance(self.data, bytes | Refusal) or (
            isinstance(self.data, Bundle) and self.data.refusal is not None
        )


def named(path: Path, folder: Path) -> str:
    """The path relative to the campaign folder, ``/`` and NFC; an inbox elsewhere keeps its own name in front."""
    inside = path.is_relative_to(folder)
    return printable((path.relative_to(folder) if inside else path).as_posix())


def read_entry(path: Path) -> bytes | Refusal:
    """The bytes of one regular file, read once; what changes while it is read is refused."""
    bundle = path.name.lower().endswith(BUNDLE_ENDS)
    try:
        before = path.stat()
        if before.st_size > (BIGGEST_BUNDLE if bundle else BIGGEST):
            return Refusal("F-BUNDLE-BIG" if bundle else "F-TOO-BIG", str(before.st_size))
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        return Refusal("F-UNREADABLE", type(error).__name__)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        return Refusal("F-CHANGING")
    return data


def listing(inbox: Path) -> list[Path]:
    """Everything below the drop folder, sub-folders included, in the order of their names."""
    if not inbox.is_dir():
        raise wrong_use(
            f"Không thấy thư mục nộp phiếu {printable(str(inbox))}. Tạo thư mục nop/ và chép phiếu các đơn vị vào đó."
        )
    return sorted(inbox.rglob("*"), key=lambda item: (printable(item.as_posix()), os.fsencode(item)))


def entries(inbox: Path, folder: Path, today: date | None = None) -> Iterator[Entry]:
    """Every entry below the drop folder; the files inside one stand before it. Bytes are not kept.

    A message dated after ``today`` proves no day of receipt.
    """
    for path in listing(inbox):
        kind = path.lstat().st_mode
        name = named(path, folder)
        if any(is_ignored(part) for part in path.relative_to(inbox).parts):
            yield Entry(name, "", None)
        elif stat.S_ISREG(kind):
            yield from _opened(name, read_entry(path), today)
        elif stat.S_ISDIR(kind) and not os.access(path, os.R_OK | os.X_OK):
            yield Entry(name, "", Refusal("F-UNREADABLE", "folder"))
        else:
            yield Entry(name, "", None)


def _opened(name: str, data: bytes | Refusal, today: date | None) -> Iterator[Entry]:
    if isinstance(data, Refusal):
        yield Entry(name, "", data)
        return
    for line in unpack(name, data, today):
        yield Entry(name, line.sha256, line.content, line.member, line.mailed, line.moment)
