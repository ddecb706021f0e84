"""Turns the commands into one program."""

from __future__ import annotations

import click

from thidua_xlsx.cli.demo import demo
from thidua_xlsx.cli.diff import diff
from thidua_xlsx.cli.explain import explain
from thidua_xlsx.cli.finalize import finalize
from thidua_xlsx.cli.issue import issue
from thidua_xlsx.cli.mail import mail
from thidua_xlsx.cli.new import new
from thidua_xlsx.cli.plan import plan
from thidua_xlsx.cli.run import run
from thidua_xlsx.cli.saying import utf8_streams
from thidua_xlsx.cli.status import status

# As an office needs them in its year; a command that is not named here stands at the end.
ORDER = ("new", "plan", "issue", "mail", "run", "status", "explain", "diff", "finalize", "demo")


class InOrder(click.Group):
    """A group whose help lists the commands in the order of the year."""

    def list_commands(self, context: click.Context) -> list[str]:
        named = super().list_commands(context)
        return sorted(named, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="thidua-xlsx", prog_name="thidua", message="%(prog)s %(version)s", help="Hiện phiên bản."
)
def main() -> None:
    """Tổng hợp phiếu thi đua cải cách hành chính.

    Phát phiếu, đọc phiếu nộp về, chấm điểm, xét điều kiện, lập bảng trình Hội đồng.
    Xem thử: thidua demo THƯ-MỤC --plan MÃ-KẾ-HOẠCH, rồi: thidua run THƯ-MỤC
    """
    utf8_streams()


for _one in (new, plan, issue, mail, run, status, explain, diff, finalize, demo):
    main.add_command(_one)
main.subcommand_metavar = plan.subcommand_metavar = "LỆNH [ĐỐI SỐ]…"
for _command in (main, plan, *main.commands.values(), *plan.commands.values()):
    _command.options_metavar = "[TÙY CHỌN]"
