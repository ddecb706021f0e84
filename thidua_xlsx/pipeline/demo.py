"""Turns a plan into an invented, filled campaign folder."""

from __future__ import annotations

from pathlib import Path

from thidua_xlsx.pipeline.gather import Progress
from thidua_xlsx.pipeline.plans import choose_round, load_plan
from thidua_xlsx.workbooks.demo_folder import DemoFolder, write_demo


def make_demo(
    folder: Path | str,
    plan: Path | str,
    *,
    round_code: str | None = None,
    units: int | None = None,
    seed: int = 1,
    faults: str = "default",
    progress: Progress = lambda _what, _done, _all: None,
) -> DemoFolder:
    """An invented, filled campaign in an empty folder: same seed, same bytes."""
    the_plan = load_plan(plan)
    return write_demo(
        Path(folder),
        the_plan,
        choose_round(the_plan, round_code),
        units=units,
        seed=seed,
        faults=faults,
        progress=progress,
    )
