"""Turns a campaign folder into what earlier runs left there: names, lock, ledger, newest run.

FOLDER/ke-hoach.xlsx|toml  co-quan.xlsx  lich-su.xlsx  nop/  phat-hanh/<round>/  ket-qua/lan-001/ moi-nhat.txt
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign.errors import not_written
from thidua_xlsx.campaign.written import write_whole
from thidua_xlsx.stages.receive import Seen

INBOX, ISSUED, RESULTS, OFFICE, REGISTER = "nop", "phat-hanh", "ket-qua", "co-quan.xlsx", "lich-su.xlsx"
NEWEST, LEDGER, LOCK = "moi-nhat.txt", "so-nhan.json", ".thidua.lock"
SUMMARY, FEEDBACK, JSON = "tong-hop.xlsx", "phan-hoi", "ket-qua.json"


def read_optional(path: Path) -> bytes | None:
    """The bytes of a workbook that may not be there; one that cannot be opened stops the run."""
    if not path.exists():
        return None
    try:
        return path.read_bytes()
    except OSError:
        raise not_written(f"Không mở được {path.name}. Đóng tệp trong Excel rồi chạy lại.") from None


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """A kernel lock on the campaign folder: it vanishes with its process, however that ends."""
    path = folder / LOCK
    try:
        stream = path.open("a+b")
    except OSError:
        # A folder that cannot be written to cannot be run by two either, unless results go elsewhere.
        yield
        return
    with stream:
        try:
            _lock(stream.fileno())
        except OSError:
            raise not_written("Một lần chạy khác đang dùng thư mục này. Chờ lần đó xong rồi chạy lại.") from None
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def read_ledger(folder: Path) -> dict[str, Seen]:
    """Which earlier run first saw each content, by SHA-256; an unreadable ledger is empty."""
    try:
        seen = json.loads((folder / RESULTS / LEDGER).read_text("utf-8"))
        return {str(digest): Seen(date.fromisoformat(item["day"]), int(item["run"])) for digest, item in seen.items()}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return {}


def write_ledger(folder: Path, seen: Mapping[str, Seen]) -> None:
    said = {digest: {"day": seen[digest].day.isoformat(), "run": seen[digest].run} for digest in sorted(seen)}
    write_whole(folder / RESULTS / LEDGER, (json.dumps(said, indent=1) + "\n").encode())


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


def next_run(folder: Path) -> str:
    """lan-001, lan-002 …: one more than the highest there is."""
    taken = [int(path.name[4:]) for path in (folder / RESULTS).glob("lan-*") if path.name[4:].isdecimal()]
    return f"lan-{max(taken, default=0) + 1:03d}"
