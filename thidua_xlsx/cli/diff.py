"""Turns ``diff`` into who moved between two runs, and because of which cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thidua_xlsx.cli.saying import ANY_PATH, guarded

if TYPE_CHECKING:
    from thidua_xlsx.stages.years.differ import Difference, Step

# So many units are named as those who pushed another from its place.
MOST = 8


@click.command()
@click.argument("first", metavar="LẦN-1", type=ANY_PATH)
@click.argument("second", metavar="LẦN-2", type=ANY_PATH)
@guarded
def diff(first: Path, second: Path) -> int:
    """So hai lần chạy (thư mục ket-qua/lan-…): ai đổi kết quả, điểm, hạng và vì ô nào đã đổi."""
    from thidua_xlsx.pipeline.diff import diff_runs

    click.echo("\n".join(difference_lines(diff_runs(first, second), f"{first} → {second}")))
    return 0


def difference_lines(found: Difference, runs: str) -> Iterator[str]:
    """Who moved, with the cells; then what changed without moving anybody."""
    yield f"So sánh {runs}"
    if not found.named:
        yield "Một trong hai lần chạy không giữ so-lieu.jsonl.gz nên không nêu được ô nào đã đổi."
    if found.plan:
        yield "Kế hoạch thay đổi:"
        yield from (f"  {step_text(step)}" for step in found.plan)
    if not found.moved:
        yield "Không đơn vị, cá nhân nào đổi kết quả, điểm hoặc hạng."
    for item in found.moved:
        yield item.name
        yield from (f"  {step_text(step)}" for step in item.moves)
        if item.causes:
            yield from (f"    vì {step_text(step)}" for step in item.causes)
        elif item.others:
            yield f"    do thay đổi của đơn vị khác: {some(item.others)}; số liệu của chính đơn vị không đổi"
        elif found.named:
            why = "kế hoạch thay đổi (nêu trên)" if found.plan else "ngày chạy hoặc bản chương trình khác"
            yield f"    vì {why}; số liệu của chính đơn vị không đổi"
    if found.idle:
        yield "Ô thay đổi nhưng không làm ai đổi kết quả, điểm, hạng:"
        yield from (f"  {step_text(step)}" for step in found.idle)


def some(units: tuple[str, ...]) -> str:
    """The first few by code, the others counted."""
    left = len(units) - MOST
    return ", ".join(units[:MOST]) + (f" và {left} đơn vị khác" if left > 0 else "")


def step_text(step: Step) -> str:
    return f"{step.what}: {step.before} → {step.after}"
