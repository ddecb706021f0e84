"""Turns a campaign folder on disk into entries with their bytes, and a run's output into files published whole.

FOLDER/ke-hoach.xlsx|toml  co-quan.xlsx  lich-su.xlsx  nop/  phat-hanh/<round>/  ket-qua/lan-001/ moi-nhat.txt
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.stages.receive import Seen

INBOX, ISSUED, RESULTS, OFFICE, REGISTER = "nop", "phat-hanh", "ket-qua", "co-quan.xlsx", "lich-su.xlsx"
NEWEST, LEDGER, LOCK = "moi-nhat.txt", "so-nhan.json", ".thidua.lock"
SUMMARY, FEEDBACK, JSON = "tong-hop.xlsx", "phan-hoi", "ket-qua.json"
TEMPORARY = ".~tdx-"
BIGGEST = 20 * 1024 * 1024
# Left by Excel, LibreOffice, browsers and systems beside what a unit sends.
IGNORED_NAMES = ("thumbs.db", "desktop.ini")
IGNORED_STARTS = ("~$", ".~", ".")
IGNORED_ENDS = (".tmp", ".part", ".crdownload", ".partial")


class CampaignError(Exception):
    """What the person at the keyboard must hear; ``exit_code`` is the contract's (DESIGN §7)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def wrong_use(message: str) -> CampaignError:
    return CampaignError(message, 2)


def not_written(message: str) -> CampaignError:
    return CampaignError(message, 3)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the drop folder: its path as the results name it, and its bytes (None: no file of ours)."""

    path: str
    sha256: str
    data: bytes | Refusal | None


def printable(text: str) -> str:
    """NFC, with bytes that are no text shown as escapes."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


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


def read_optional(path: Path) -> bytes | None:
    """The bytes of a workbook that may not be there; one that cannot be opened stops the run."""
    if not path.exists():
        return None
    try:
        return path.read_bytes()
    except OSError:
        raise not_written(f"Không mở được {path.name}. Đóng tệp trong Excel rồi chạy lại.") from None


def can_write(folder: Path) -> bool:
    """Whether files can be made there at all (a CD, a share for reading)."""
    return os.access(folder, os.W_OK)


def write_whole(path: Path, data: bytes) -> None:
    """A file is replaced only by its complete successor."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise not_written(
            f"Không ghi được {printable(str(path))} ({words(error)}). "
            "Đóng tệp trong Excel, kiểm tra quyền ghi, rồi chạy lại."
        ) from None


def words(error: OSError) -> str:
    """The system's reason in words an official knows."""
    if isinstance(error, PermissionError):
        return "không có quyền ghi hoặc tệp đang mở"
    return {28: "hết chỗ trên đĩa", 30: "ổ đĩa chỉ cho đọc", 36: "tên tệp quá dài"}.get(error.errno or 0, "lỗi ghi đĩa")


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


def check_output(out: Path) -> None:
    """--out must be absent or empty: nothing is ever overwritten."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise wrong_use(f"Thư mục {printable(str(out))} đã có nội dung. Chọn thư mục mới hoặc thư mục rỗng cho --out.")


def sweep(parent: Path) -> None:
    """Removes what an earlier, interrupted run of ours left half-written."""
    for path in parent.glob(f"{TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def publish(target: Path, files: Mapping[str, bytes]) -> None:
    """All files of a run appear together at ``target``, or none does."""
    temporary = target.with_name(f"{TEMPORARY}{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise not_written(
            f"Không ghi được kết quả vào {printable(str(target))} ({words(error)}). "
            "Kiểm tra quyền ghi và chỗ trống, rồi chạy lại."
        ) from None
