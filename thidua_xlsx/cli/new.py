"""Turns ``new`` into a campaign folder to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thidua_xlsx.cli.saying import ANY_PATH, guarded, progress_bar, say

if TYPE_CHECKING:
    from thidua_xlsx.pipeline.new import NewCampaign

SHOWN = 12


@click.command()
@click.argument("folder", metavar="THƯ-MỤC", type=ANY_PATH)
@click.option("--plan", "plan_source", metavar="KẾ-HOẠCH", help="Mã kế hoạch có sẵn, hoặc tệp kế hoạch của cơ quan.")
@click.option(
    "--from",
    "last",
    metavar="NĂM-TRƯỚC",
    type=ANY_PATH,
    help="Thư mục đợt năm trước: giữ đơn vị, chuyển hạng, điểm, chỉ số, dời thời hạn một năm.",
)
@guarded
def new(folder: Path, plan_source: str | None, last: Path | None) -> int:
    """Lập thư mục cho một đợt mới: kế hoạch để sửa, chỗ nhận phiếu, tệp nhấp đúp."""
    from thidua_xlsx.model.text import typed
    from thidua_xlsx.pipeline.new import new_campaign

    frozen = getattr(sys, "frozen", False)
    launcher = (sys.executable,) if frozen else (sys.executable, "-m", "thidua_xlsx")
    try:
        with progress_bar() as step:
            made = new_campaign(folder, plan_source, last=last, launcher=launcher, system=sys.platform, progress=step)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("Đã dừng theo yêu cầu; chưa lập thư mục nào. Chạy lại lệnh khi sẵn sàng.") from None
    click.echo(made_text(made))
    say(
        f"Mở {made.folder / 'ke-hoach.xlsx'}, sửa cho đúng, lưu, kiểm tra: thidua plan check {typed(made.folder)}\n"
        f"Khi kế hoạch không còn lỗi: thidua issue {typed(made.folder)}"
    )
    return 0


def made_text(made: NewCampaign) -> str:
    """What was made, and what a person must look at: all that is open, the rest counted."""
    from thidua_xlsx.campaign.folder import INBOX
    from thidua_xlsx.campaign.start import CHECK_LIST
    from thidua_xlsx.model.next_year import Look

    plan = made.plan
    told = [
        f"Đã lập {made.folder} từ kế hoạch {plan.head.id}, năm {plan.head.year}: {len(plan.units)} đơn vị, "
        f"{len(plan.rounds)} đợt xét.",
        f"Trong thư mục: {', '.join(made.files)}; {INBOX}/ để nhận phiếu.",
    ]
    if made.notes:
        told.append(f"Cần kiểm tra {len(made.notes)} chỗ, ghi ở {made.folder / CHECK_LIST}:")
        for look in Look:
            lines = [note for note in made.notes if note.look is look]
            if lines:
                told.append(f"  {look.value}: {len(lines)} chỗ")
            if look is Look.OPEN:
                told += [f"    {note.where}: {note.what}" for note in lines[:SHOWN]]
                if len(lines) > SHOWN:
                    told.append(f"    … và {len(lines) - SHOWN} chỗ nữa.")
    return "\n".join(told)
