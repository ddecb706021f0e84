"""Turns what a verb returns or raises into words, a progress bar and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from thidua_xlsx.cli.words import speak_vietnamese

if TYPE_CHECKING:
    from thidua_xlsx.model.findings import Finding

# Before any command is made: help texts are translated when they are built.
speak_vietnamese()


P = ParamSpec("P")
FOLDER = click.Path(path_type=Path, file_okay=False)
ANY_PATH = click.Path(path_type=Path)
STOPPED = "Đã dừng theo yêu cầu. Kết quả của lần chạy trước còn nguyên. Chạy lại lệnh khi sẵn sàng."
OUR_FAULT = """Chương trình gặp lỗi không lường trước; không tệp nào bị thay đổi dở dang.
Gửi cho người phụ trách kỹ thuật nội dung dưới đây cùng lệnh vừa chạy:
"""


def say(text: str = "") -> None:
    """A remark for the person, on standard error; results alone go to standard output."""
    click.echo(text, err=True)


def guarded(command: Callable[P, int | None]) -> Callable[P, None]:
    """Exit codes of the contract: 2 wrong use or a faulty plan, 3 no output, 4 our own fault, 130 interrupted."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from thidua_xlsx.campaign.errors import CampaignError

        try:
            code = command(*args, **kwargs)
        except CampaignError as error:
            for item in getattr(error, "findings", ()):
                say(finding_text(item))
            say(str(error))
            code = error.exit_code
        except KeyboardInterrupt as stop:
            # A command that knows what is done and what is not has said so itself.
            say(str(stop) or STOPPED)
            code = 130
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:
            import traceback

            say(OUR_FAULT + traceback.format_exc())
            code = 4
        sys.exit(code or 0)

    return run


def finding_text(item: Finding) -> str:
    """One finding on one line: severity, place, sentence."""
    return fault_text(item.severity.value, str(item.place), item.message)


def fault_text(severity: str, place: str, message: str) -> str:
    words = {"error": "LỖI", "warning": "CẢNH BÁO", "note": "GHI CHÚ"}[severity]
    return f"{words}  {place}: {message}" if place else f"{words}  {message}"


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar while a person watches, silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    shown: dict[str, Any] = {}

    def step(what: str, done: int, total: int) -> None:
        bar = shown.get(what)
        if bar is None:
            close()
            bar = shown[what] = click.progressbar(length=max(total, 1), label=what, file=sys.stderr)
            bar.__enter__()
        bar.update(done - bar.pos)

    def close() -> None:
        for bar in shown.values():
            bar.__exit__(None, None, None)
        shown.clear()

    try:
        yield step
    finally:
        close()


def which_round(code: str | None) -> str:
    """The option that the next command needs too."""
    return f" --round {code}" if code else ""


def parse_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter("ghi ngày dạng năm-tháng-ngày, ví dụ 2026-01-30") from None
