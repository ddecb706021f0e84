"""Turns a campaign folder into what earlier runs left there: names, lock, newest run.

FOLDER/ke-hoach.xlsx|toml  co-quan.xlsx  lich-su.xlsx  nop/  phat-hanh/<round>/  ket-qua/lan-001/ moi-nhat.txt
       tinh-trang.xlsx (written by ``status``)  DOC-TRUOC.txt, CAN-KIEM-TRA.txt, 1-phat-hanh.bat … (by ``new``)
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign.errors import not_written
from thidua_xlsx.campaign.written import can_write, patiently
from thidua_xlsx.model.text import printable

INBOX, ISSUED, RESULTS, OFFICE, REGISTER = "nop", "phat-hanh", "ket-qua", "co-quan.xlsx", "lich-su.xlsx"
# Copies of a register that the program, or a program that had it open, left beside it.
SAVED = "bản lưu"
COPIES = (f"({SAVED}", "(mới", "conflicted copy", " - copy", "- bản sao")
NEWEST, LOCK = "moi-nhat.txt", ".thidua.lock"
SUMMARY, FEEDBACK, JSON = "tong-hop.xlsx", "phan-hoi", "ket-qua.json"
STATUS = "tinh-trang.xlsx"
# The first byte of the lock file is locked; who holds it stands behind, in at most so many bytes.
LOCKED, HOLDER_LIMIT = 1, 300
# How systems say that somebody else holds a lock.
HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK, getattr(errno, "EDEADLOCK", errno.EDEADLK))


def is_register(name: str) -> bool:
    """Whether a file is a register: ``lich-su.xlsx``, or of other years (``lich-su-2023.xlsx``); no copy of one."""
    shown = printable(name).casefold()
    kept = shown.startswith(REGISTER.removesuffix(".xlsx")) and shown.endswith(".xlsx")
    return kept and not any(mark in shown for mark in COPIES)


def registers(folder: Path) -> list[Path]:
    """All registers of the folder, the one that decisions are written to last."""
    found = [path for path in folder.glob("*") if is_register(path.name) and path.is_file()]
    return sorted(found, key=lambda path: (printable(path.name).casefold() == REGISTER, printable(path.name)))


def read_optional(path: Path) -> bytes | None:
    """The bytes of a workbook that may not be there; one that cannot be opened stops the run."""
    if not path.exists():
        return None
    try:
        return patiently(path.read_bytes)
    except OSError:
        raise not_written(f"Không mở được {path.name}. Đóng tệp trong Excel rồi chạy lại.") from None


def read_registers(folder: Path) -> list[tuple[str, bytes]]:
    """All registers of the folder by name."""
    found = ((path.name, read_optional(path)) for path in registers(folder))
    return [(name, data) for name, data in found if data is not None]


def makes_office(folder: Path) -> bool:
    """With results elsewhere nothing that staff keep is touched; what is not there yet is made, where it can be."""
    return not (folder / OFFICE).exists() and can_write(folder)


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """A kernel lock on the campaign folder: it vanishes with its process, however that ends."""
    descriptor = _opened(folder / LOCK)
    if descriptor is None:
        # A folder that cannot be written to cannot be run by two either, unless results go elsewhere.
        yield
        return
    try:
        _lock(descriptor)
        _tell(descriptor, _holder())
        try:
            yield
        finally:
            _tell(descriptor, "")
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int | None:
    """The lock file, at least for reading (another user may have made it); None where there can be none."""
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
        except OSError:
            continue
    return None


def _lock(descriptor: int) -> None:
    """Takes the lock, or says who holds it. A file system without locks is no reason not to work."""
    try:
        if sys.platform == "win32":
            import msvcrt

            if not os.fstat(descriptor).st_size:
                os.write(descriptor, b"\n")
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, LOCKED)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in HELD:
            return
        raise not_written(
            f"Một lần chạy khác đang dùng thư mục này{_told(descriptor)}. Chờ lần đó xong rồi chạy lại."
        ) from None


def _holder() -> str:
    """Who holds the folder, for the next one to read."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    who = f"người dùng {user}, " if user else ""
    since = f"{datetime.now():%H:%M ngày %d/%m/%Y}"
    return f"{who}máy {socket.gethostname()}, từ {since}, tiến trình số {os.getpid()}"


def _tell(descriptor: int, holder: str) -> None:
    """The holder's line lies behind the locked byte: Windows lets nobody else read that one."""
    try:
        os.ftruncate(descriptor, LOCKED)
        os.lseek(descriptor, LOCKED, os.SEEK_SET)
        os.write(descriptor, holder.encode()[:HOLDER_LIMIT])
    except OSError:
        return


def _told(descriptor: int) -> str:
    """What the holder wrote, in brackets; nothing while it has not."""
    try:
        os.lseek(descriptor, LOCKED, os.SEEK_SET)
        holder = os.read(descriptor, HOLDER_LIMIT).decode(errors="ignore").strip("\0\r\n ")
    except OSError:
        return ""
    return f" ({printable(holder)})" if holder else ""


def newest_run(folder: Path) -> Path | None:
    """The folder of the newest published run, as ``moi-nhat.txt`` names it."""
    try:
        name = (folder / RESULTS / NEWEST).read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    run = folder / RESULTS / name
    return run if name and run.is_dir() else None


def newest_json(folder: Path) -> dict[str, Any] | None:
    """What the newest run said, to tell what has changed since."""
    run = newest_run(folder)
    try:
        said: dict[str, Any] | None = json.loads((run / JSON).read_text("utf-8")) if run else None
    except (OSError, ValueError):
        return None
    return said


def newest_of(folder: Path, plan: str, year: int, round_: str) -> tuple[str, dict[str, Any]] | None:
    """The name and the JSON of the newest published run of this plan, year and round."""
    for name in runs(folder):
        try:
            said: dict[str, Any] = json.loads((folder / RESULTS / name / JSON).read_text("utf-8"))
            if (said["plan"], said["year"], said["round"]) == (plan, year, round_):
                return name, said
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def newest_same(folder: Path, said: bytes) -> str:
    """The name of the newest run where it said these very bytes; blank where it did not."""
    run = newest_run(folder)
    try:
        return run.name if run and (run / JSON).read_bytes() == said else ""
    except OSError:
        return ""


def runs(folder: Path) -> list[str]:
    """The names of all runs, newest first."""
    return sorted(_runs(folder), key=_number, reverse=True)


def _runs(folder: Path) -> list[str]:
    return [path.name for path in (folder / RESULTS).glob("lan-*") if path.name[4:].isdecimal()]


def _number(run: str) -> int:
    return int(run[4:])


def next_run(folder: Path) -> str:
    """lan-001, lan-002 …: one more than the highest there is."""
    return f"lan-{max(map(_number, _runs(folder)), default=0) + 1:03d}"
