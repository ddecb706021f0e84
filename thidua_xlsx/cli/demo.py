"""Turns ``demo`` into a filled sample campaign."""

from __future__ import annotations

from pathlib import Path

import click

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import guarded, progress_bar, say, which_round


@click.command()
@options.folder
@click.option("--plan", "plan_source", required=True, metavar="KẾ-HOẠCH", help="Mã kế hoạch có sẵn hoặc tệp kế hoạch.")
@options.round_code
@click.option(
    "--units",
    type=click.IntRange(min=1),
    metavar="N",
    help="Số đơn vị; nhiều hơn kế hoạch thì thêm đơn vị giả định.",
)
@click.option("--seed", type=int, metavar="SỐ", default=1, show_default=True, help="Số gieo: cùng số thì cùng dữ liệu.")
@click.option(
    "--faults",
    type=click.Choice(["none", "default"]),
    default="default",
    show_default=True,
    help="Có cài lỗi mẫu hay không.",
)
@guarded
def demo(folder: Path, plan_source: str, round_code: str | None, units: int | None, seed: int, faults: str) -> int:
    """Lập một thư mục mẫu đã điền đầy đủ, để xem chương trình chạy."""
    from thidua_xlsx.model.text import typed
    from thidua_xlsx.pipeline.demo import make_demo

    with progress_bar() as step:
        made = make_demo(
            folder, plan_source, round_code=round_code, units=units, seed=seed, faults=faults, progress=step
        )
    click.echo(made)
    say(f"Chạy tiếp: thidua run {typed(folder)}{which_round(round_code)}")
    return 0
