"""Turns ``issue`` into the forms of a round."""

from __future__ import annotations

from pathlib import Path

import click

from thidua_xlsx.cli.saying import FOLDER, guarded, say, which_round


@click.command()
@click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ phát cho đơn vị này; dùng được nhiều lần.")
@click.option("--force", is_flag=True, help="Ghi đè phiếu đã phát hành.")
@guarded
def issue(folder: Path, round_code: str | None, units: tuple[str, ...], force: bool) -> int:
    """Lập phiếu cho từng đơn vị vào THƯ-MỤC/phat-hanh/<đợt>/."""
    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.campaign.written import write_whole
    from thidua_xlsx.pipeline.issue import issue_forms
    from thidua_xlsx.pipeline.plans import choose_round, load_plan

    the_plan = load_plan(folder)
    target = folder / names.ISSUED / choose_round(the_plan, round_code).code
    kept = 0
    for code, data in issue_forms(the_plan, round_code, units).items():
        path = target / f"{code}.xlsx"
        if path.exists() and not force:
            kept += 1
            same = path.read_bytes() == data
            say(f"Giữ nguyên {path} đã phát hành{'' if same else '; phiếu theo kế hoạch hiện nay khác tệp này'}.")
            continue
        write_whole(path, data)
        click.echo(f"{code}\t{path}")
    say(
        f"Phiếu ở {target}. "
        + ("Thêm --force để ghi đè phiếu đã phát hành. " if kept else "")
        + f"Gửi cho đơn vị, nhận về {folder / names.INBOX}, rồi: thidua run {folder}{which_round(round_code)}"
    )
    return 0
