"""Turns bytes into files that appear whole or not at all, and are read back before they do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from time import sleep
from typing import TypeVar

from thidua_xlsx.campaign.errors import not_written, words, wrong_use
from thidua_xlsx.model.text import printable

TEMPORARY = ".~tdx-"
# Virus scanners and indexers hold a file for moments, Excel for as long as it shows it (FIELD_NOTES §8): seconds
# between the tries, two and a half in all.
PATIENCE = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)

Done = TypeVar("Done")
Prove = Callable[[str, bytes], None]


class ReadBackOtherwise(OSError):
    """What was written is not what the disk gives back."""


def patiently(action: Callable[[], Done]) -> Done:
    """Does it, and does it again while another program holds the file; at last the system's refusal counts."""
    for seconds in PATIENCE:
        try:
            return action()
        except PermissionError:
            sleep(seconds)
    return action()


def can_write(folder: Path) -> bool:
    """Whether files can be made there at all (a CD, a share for reading)."""
    return os.access(folder, os.W_OK)


def write_whole(path: Path, data: bytes) -> None:
    """A file is replaced only by its complete successor."""
    try:
        _replaced(path, data)
    except OSError as error:
        raise _unwritten(path, error) from None


def write_beside(path: Path, data: bytes, mark: str = " (mới)") -> Path:
    """Replaces a file that staff may have open; while they do, the new one stands beside it. Gives where it stands.

    ``co-quan.xlsx`` → ``co-quan (mới).xlsx``; a file that is there already is never touched.
    """
    try:
        _replaced(path, data)
        return path
    except PermissionError:
        return write_copy(path, data, mark)
    except OSError as error:
        raise _unwritten(path, error) from None


def write_copy(path: Path, data: bytes, mark: str) -> Path:
    """A file of its own beside another, under a name that nothing has yet; one with these very bytes will do."""
    for number in count(1):
        beside = path.with_name(f"{path.stem}{mark}{f' ({number})' if number > 1 else ''}{path.suffix}")
        if beside.is_file() and beside.stat().st_size == len(data) and beside.read_bytes() == data:
            break
        if not os.path.lexists(beside):
            write_whole(beside, data)
            break
    return beside


def _replaced(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _written(temporary, data)
        patiently(lambda: temporary.replace(path))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _written(path: Path, data: bytes) -> None:
    """Down to the disk, and read back: a full or failing disk must not pass for a file."""
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if path.read_bytes() != data:
        raise ReadBackOtherwise("read back otherwise")


def _unwritten(path: Path, error: OSError) -> Exception:
    return not_written(
        f"Không ghi được {printable(str(path))} ({words(error)}). "
        "Đóng tệp trong Excel, kiểm tra quyền ghi, rồi chạy lại."
    )


def check_output(out: Path) -> None:
    """--out must be absent or empty: nothing is ever overwritten."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise wrong_use(f"Thư mục {printable(str(out))} đã có nội dung. Chọn thư mục mới hoặc thư mục rỗng cho --out.")


def sweep(parent: Path) -> None:
    """Removes what an earlier, interrupted run of ours left half-written."""
    for path in parent.glob(f"{TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def publish(target: Path, files: Mapping[str, bytes], prove: Prove = lambda _name, _data: None) -> None:
    """All files of a run appear together at ``target``, or none does.

    Each is read back from the temporary place and given to ``prove``, which raises when it does not say what it
    ought to; only then are they moved.
    """
    temporary = target.with_name(f"{TEMPORARY}{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _written(path, data)
        for name in files:
            prove(name, (temporary / name).read_bytes())
        if target.exists():
            target.rmdir()
        patiently(lambda: temporary.rename(target))
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise not_written(
            f"Không ghi được kết quả vào {printable(str(target))} ({words(error)}). "
            "Kiểm tra quyền ghi và chỗ trống, rồi chạy lại."
        ) from None
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
