"""Turns the commands into one program."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from thidua_xlsx.cli.words import speak_vietnamese

# Before any command is made: help texts are translated when they are built.
speak_vietnamese()

OPTIONS = "[TÙY CHỌN]"
SUBCOMMAND = "LỆNH [ĐỐI SỐ]…"
# As an office needs them in its year: each command, the name of its module, and the first sentence of its own help.
COMMANDS = {
    "new": "Lập thư mục cho một đợt mới: kế hoạch để sửa, chỗ nhận phiếu, tệp nhấp đúp.",
    "plan": "Kiểm tra và chuyển dạng kế hoạch (ke-hoach.toml, ke-hoach.xlsx).",
    "issue": "Lập phiếu cho từng đơn vị vào THƯ-MỤC/phat-hanh/<đợt>/, kèm danh sách gửi.",
    "mail": "Lập thư cho từng đơn vị, kèm phiếu của đơn vị đó: thư nháp .eml, hoặc gửi ngay với --send.",
    "run": "Đọc phiếu nộp về, kiểm tra, chấm điểm, xét điều kiện và số lượng, lập tong-hop.xlsx.",
    "status": "Xem ai đã nộp, ai còn lỗi, ai chưa nộp, còn mấy ngày; lập tinh-trang.xlsx.",
    "explain": "Vì sao một đơn vị (mã hoặc tên), một cá nhân có kết quả như vậy, và đổi nhỏ nhất nào cho kết quả khác.",
    "diff": "So hai lần chạy (thư mục ket-qua/lan-…): ai đổi kết quả, điểm, hạng và vì ô nào đã đổi.",
    "finalize": "Đọc kết quả họp Hội đồng trong tong-hop.xlsx, lập quyết định, văn bản và ghi sổ khen thưởng.",
    "demo": "Lập một thư mục mẫu đã điền đầy đủ, để xem chương trình chạy.",
}


class LoadedWhenAsked(click.Group):
    """A group whose help needs no command's code; a command is loaded when it is run, or asked for its own help.

    Click's ``commands`` holds a stand-in with its name and first sentence for each.
    """

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        return super().make_context(*given, **{"terminal_width": line_width(), **more})

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(self.commands)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands:
            return None
        command: click.Command = getattr(import_module(f"thidua_xlsx.cli.{name}"), name)
        own = command.commands.values() if isinstance(command, click.Group) else ()
        for one in (command, *own):
            one.options_metavar = OPTIONS
        if isinstance(command, click.Group):
            command.subcommand_metavar = SUBCOMMAND
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        # As click does it, of the stand-ins.
        room = formatter.width - 6 - max(map(len, self.commands))
        with formatter.section("Lệnh"):
            formatter.write_dl([(name, stand_in.get_short_help_str(room)) for name, stand_in in self.commands.items()])


@click.group(
    cls=LoadedWhenAsked,
    commands={name: click.Command(name, help=sentence) for name, sentence in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar=OPTIONS,
    subcommand_metavar=SUBCOMMAND,
)
@click.version_option(
    package_name="thidua-xlsx", prog_name="thidua", message="%(prog)s %(version)s", help="Hiện phiên bản."
)
def main() -> None:
    """Tổng hợp phiếu thi đua cải cách hành chính.

    Phát phiếu, đọc phiếu nộp về, chấm điểm, xét điều kiện, lập bảng trình Hội đồng.
    Xem thử: thidua demo THƯ-MỤC --plan MÃ-KẾ-HOẠCH, rồi: thidua run THƯ-MỤC
    """
    utf8_streams()


def utf8_streams() -> None:
    """A Windows console or pipe in an old code page would refuse Vietnamese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def line_width() -> int:
    """How long a line of help is: what click itself would say, without loading four archive formats to ask."""
    try:
        columns = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        columns = 0
    return max(min(columns or 80, 80) - 2, 50)
