"""Turns bytes into files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from thidua_xlsx.campaign.errors import not_written, words, wrong_use
from thidua_xlsx.model.text import printable

TEMPORARY = ".~tdx-"


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
