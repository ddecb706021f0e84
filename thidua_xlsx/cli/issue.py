"""Turns ``issue`` into the forms of a round, and the list of who is to be sent which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import guarded, progress_bar, say, which_round

if TYPE_CHECKING:
    from thidua_xlsx.model.issued import Issued

LONGEST = 44


@click.command()
@options.folder
@options.round_code
@options.only_units
@click.option("--force", is_flag=True, help="Ghi đè phiếu đã phát hành.")
@guarded
def issue(folder: Path, round_code: str | None, units: tuple[str, ...], force: bool) -> int:
    """Lập phiếu cho từng đơn vị vào THƯ-MỤC/phat-hanh/<đợt>/, kèm danh sách gửi."""
    from thidua_xlsx.campaign.folder import INBOX
    from thidua_xlsx.model.issued import Fate
    from thidua_xlsx.model.text import typed
    from thidua_xlsx.pipeline.issue import issue_folder
    from thidua_xlsx.pipeline.plans import which_form

    try:
        with progress_bar() as step:
            done = issue_folder(folder, round_code=round_code, units=units, force=force, progress=step)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "Đã dừng theo yêu cầu. Phiếu nào đã lập thì nguyên vẹn, không có phiếu dở dang. "
            f"Lập nốt: thidua issue {typed(folder)}{which_round(round_code)}"
        ) from None
    if form := which_form(folder):
        say(form)
    for line in table(done):
        click.echo(line)
    option = which_round(round_code)
    told = [f"Phiếu ở {done.folder}."]
    if done.listed:
        told.append(f"Danh sách gửi: {done.listed}.")
    if done.strangers:
        told.append(f"Không có trong đợt xét: {', '.join(done.strangers)} (tệp cũ còn trong thư mục).")
    if any(item.fate in (Fate.DIFFERS, Fate.OUTDATED) for item in done.forms):
        told.append("Thêm --force để ghi đè phiếu đã phát hành khi đã chắc chắn.")
    told.append(f"Gửi cho đơn vị: thidua mail {typed(folder)}{option} (hoặc gửi thư như thường lệ).")
    told.append(f"Nhận về {folder / INBOX}, rồi: thidua run {typed(folder)}{option}")
    say("\n".join(told))
    return 0


def table(done: Issued) -> Iterator[str]:
    """What goes to whom: code, name, address, file; and everything that was not simply written."""
    from collections import Counter

    from thidua_xlsx.model.issued import Fate

    forms = done.forms
    codes = max((len(item.unit.code) for item in forms), default=0)
    units = min(max((len(item.unit.name) for item in forms), default=0), LONGEST)
    mails = max((len(item.unit.email or "") for item in forms), default=0)
    for item in forms:
        unit = item.unit
        name = unit.name if len(unit.name) <= units else unit.name[: units - 1] + "…"
        said = "" if item.fate is Fate.WRITTEN else f"  ({item.fate.value})"
        yield f"{unit.code:<{codes}}  {name:<{units}}  {unit.email or 'chưa có':<{mails}}  {item.path.name}{said}"
    counts = Counter(item.fate for item in forms)
    yield f"{len(forms)} đơn vị: " + ", ".join(
        f"{counts[fate]} {fate.value.partition(';')[0]}" for fate in Fate if counts[fate]
    )
    without = [item.unit.code for item in forms if not item.unit.email]
    if without:
        yield f"Chưa có địa chỉ thư ({len(without)}): {', '.join(without)}. Ghi ở cột «Thư điện tử» của ke-hoach.xlsx."
