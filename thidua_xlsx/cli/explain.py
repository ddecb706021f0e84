"""Turns ``explain`` into the proof of one outcome on one page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import guarded, progress_bar


@click.command()
@options.folder
@click.argument("unit", metavar="ĐƠN-VỊ")
@click.option("--person", type=click.IntRange(min=1), metavar="THỨ-TỰ", help="Cá nhân ở thứ tự này trong phiếu.")
@options.round_code
@options.other_plan
@options.inbox
@options.today
@guarded
def explain(
    folder: Path,
    unit: str,
    person: int | None,
    round_code: str | None,
    plan_source: str | None,
    inbox: Path | None,
    today: date | None,
) -> int:
    """Vì sao một đơn vị (mã hoặc tên), một cá nhân có kết quả như vậy, và đổi nhỏ nhất nào cho kết quả khác."""
    from thidua_xlsx.model.text import typed
    from thidua_xlsx.pipeline.explain import explain_nominee
    from thidua_xlsx.stages.remedies.proof_text import proof_lines

    with progress_bar() as step:
        proof = explain_nominee(
            folder,
            unit,
            person=person,
            round_code=round_code,
            plan=plan_source,
            inbox=inbox,
            today=today,
            progress=step,
        )
    click.echo("\n".join(proof_lines(proof, typed(folder))))
    return 0
