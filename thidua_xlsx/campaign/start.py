"""Turns the files of a new campaign into its folder, whole or not at all, with scripts to double-click."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from thidua_xlsx.campaign.errors import not_written, words, wrong_use
from thidua_xlsx.campaign.folder import INBOX, OFFICE, REGISTER, RESULTS, STATUS
from thidua_xlsx.campaign.written import TEMPORARY
from thidua_xlsx.model.text import printable

READ_ME, CHECK_LIST = "DOC-TRUOC.txt", "CAN-KIEM-TRA.txt"
# The name of a script, the command it gives, what it says first.
SCRIPTS = (
    ("1-phat-hanh", "issue", "Lập phiếu cho các đơn vị"),
    ("2-tong-hop", "run", "Tổng hợp phiếu đã nộp"),
    ("3-tinh-trang", "status", "Xem tình trạng nộp phiếu"),
    ("4-quyet-dinh", "finalize", "Ghi nhận quyết định của Hội đồng, lập danh sách và văn bản"),
)
GONE = "Không thấy chương trình ở nơi đã cài khi lập thư mục này; dùng lệnh thidua của máy."
MISSING = "Máy này chưa cài chương trình thidua. Cài lại theo hướng dẫn, rồi chạy lại tệp này."
# cmd.exe reads a script in the code page of the moment: no BOM, nothing but ASCII before chcp, and neither labels
# nor goto, which lose their place among letters of several bytes. «%~dp0.» ends in a full stop because a backslash
# before the closing quote would swallow it.
BATCH = """\
@echo off
chcp 65001 >nul
setlocal DisableDelayedExpansion
title {title}
set "FOLDER=%~dp0."
set "PROGRAM={program}"
set "CODE=0"
echo {title}
echo.
if exist "%PROGRAM%" "%PROGRAM%" {arguments}{verb} "%FOLDER%" %*
if exist "%PROGRAM%" set "CODE=%ERRORLEVEL%"
if not exist "%PROGRAM%" echo {gone}
if not exist "%PROGRAM%" thidua {verb} "%FOLDER%" %*
if not exist "%PROGRAM%" set "CODE=%ERRORLEVEL%"
if "%CODE%"=="9009" echo {missing}
echo.
echo Nhấn một phím bất kỳ để đóng cửa sổ này.
pause >nul
exit /b %CODE%
"""
SHELL = """\
#!/bin/sh
folder=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
program={program}
echo '{title}'
echo
code=0
if [ -x "$program" ]; then
  "$program" {arguments}{verb} "$folder" "$@" || code=$?
elif command -v thidua >/dev/null 2>&1; then
  echo '{gone}'
  thidua {verb} "$folder" "$@" || code=$?
else
  echo '{missing}'
  code=127
fi
if [ -t 0 ]; then
  printf '\\nNhấn Enter để đóng cửa sổ này. '
  read -r _
fi
exit $code
"""


def check_start(folder: Path) -> None:
    """A campaign starts in an absent or empty folder; what is there is never touched."""
    shown = printable(str(folder))
    if folder.exists() and not folder.is_dir():
        raise wrong_use(f"{shown} là một tệp. Chọn tên thư mục khác.")
    if folder.exists() and any(folder.iterdir()):
        raise wrong_use(f"Thư mục {shown} đã có nội dung nên không ghi gì vào đó. Chọn tên thư mục khác.")


def scripts(launcher: Sequence[str], system: str) -> dict[str, bytes]:
    """The scripts of a campaign, by name, for the system they are made on; Windows' own always (a shared folder).

    ``launcher`` is the program with its first arguments; ``system`` as ``sys.platform`` has it.
    """
    program, arguments = launcher[0], launcher[1:]
    made: dict[str, bytes] = {}
    for name, verb, title in SCRIPTS:
        said = {"verb": verb, "title": title, "gone": GONE, "missing": MISSING}
        first = "".join(f"{item} " for item in arguments)
        batch = BATCH.format(program=program.replace("%", "%%"), arguments=first, **said)
        made[f"{name}.bat"] = batch.replace("\n", "\r\n").encode()
        if system != "win32":
            ending = "command" if system == "darwin" else "sh"
            shell = SHELL.format(program=shlex.quote(program), arguments=first, **said)
            made[f"{name}.{ending}"] = shell.encode("utf-8", "surrogateescape")
    return made


def notepad(text: str) -> bytes:
    """A text as Notepad of every Windows shows it."""
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8", "backslashreplace")


def read_me(title: str, deadline: str, register: bool, carried: bool, endings: str) -> str:
    """``DOC-TRUOC.txt``: what lies in the folder, and what to do in which order."""
    steps = [
        "Mở ke-hoach.xlsx, sửa cho đúng kế hoạch của cơ quan: đơn vị, địa chỉ thư, tiêu chí, thời hạn, số lượng. "
        "Lưu, đóng Excel."
    ]
    if carried:
        steps.insert(0, f"Đọc {CHECK_LIST}: những số đã chuyển từ năm trước, những chỗ phải xem lại hoặc điền.")
    if register:
        steps.append(
            f"Mở {REGISTER}, ghi các lần đã được khen mà kế hoạch xét đến, rồi xóa câu «CHƯA GHI SỔ» ở đầu bảng."
        )
    steps += [
        "Nhấp đúp 1-phat-hanh: lập phiếu cho từng đơn vị trong thư mục phat-hanh. Gửi cho đơn vị.",
        f"Chép tệp đơn vị gửi lại vào thư mục {INBOX}, tên tệp tùy ý. Không cần mở, không sửa tệp của đơn vị.",
        f"Nhấp đúp 2-tong-hop: kiểm tra, chấm điểm, xếp hạng. Kết quả ở thư mục {RESULTS}, mỗi lần chạy một "
        "thư mục mới, không ghi đè lần trước.",
        f"Mở {OFFICE} (có sau lần tổng hợp đầu): ghi ngày nhận, điểm thẩm định, xác nhận; rồi tổng hợp lại.",
        f"Nhấp đúp 3-tinh-trang lúc nào cũng được: ai đã nộp, ai còn lỗi, ai chưa nộp; bảng ở {STATUS}.",
        "Họp Hội đồng: mở tong-hop.xlsx của lần tổng hợp mới nhất, ghi phiếu và quyết định vào các ô vàng ở sheet "
        "«Đề nghị khen thưởng», lưu, đóng; rồi nhấp đúp 4-quyet-dinh. Danh sách, tiền thưởng và dự thảo văn bản ở thư "
        "mục quyet-dinh; không ghi gì khi còn chỗ sai.",
    ]
    listed = "\n".join(f"{number}. {text}" for number, text in enumerate(steps, start=1))
    return (
        f"{title}\nThời hạn nộp phiếu: {deadline}.\n\nCÁC BƯỚC\n\n{listed}\n\n"
        f"Tệp để nhấp đúp có đuôi {endings}. Đóng các tệp trong Excel trước khi chạy. Có thể chuyển cả thư mục này "
        "đi nơi khác.\n"
        "Gửi phiếu, nhắc nộp, gửi phản hồi bằng thư: lệnh thidua mail. Gõ lệnh thay cho nhấp đúp: thidua --help.\n"
    )


def start_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """The whole folder appears at once, nothing returned and no result yet; interrupted or refused, nothing is left."""
    target = folder.absolute()
    temporary = target.with_name(f"{TEMPORARY}{target.name}")
    check_start(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        for name in (INBOX, RESULTS):
            (temporary / name).mkdir(parents=True)
        for name, data in files.items():
            path = temporary / name
            path.write_bytes(data)
            if data.startswith(b"#!"):
                path.chmod(0o755)
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        raise not_written(
            f"Không lập được thư mục {printable(str(folder))} ({words(error)}). Kiểm tra quyền ghi và chỗ trống, "
            "hoặc chọn nơi khác."
        ) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
