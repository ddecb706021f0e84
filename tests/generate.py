"""Makes what is generated and committed: the workbooks beside the plans, and the sample campaigns.

    python -m tests.generate            all of it
    python -m tests.generate templates  only workbook_templates/**
    python -m tests.generate samples    only samples/**
"""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from thidua_xlsx.campaign.folder import OFFICE
from thidua_xlsx.papers.drawn_papers import DRAWN
from thidua_xlsx.papers.write import TEMPLATES
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.workbooks.catalogue import CATALOGUE, catalogue_bytes
from thidua_xlsx.workbooks.plans import plan_bytes, shipped_plan_folder, shipped_plan_ids, shipped_plan_path

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
EXPECTED = "ket-qua-mong-doi.json"
# A sample stays small enough to be read by hand.
UNITS = 14
SEED = 7
TODAY = date(2026, 1, 31)


def plan_workbook(plan_id: str) -> bytes:
    return plan_bytes(load_plan(plan_id), ".xlsx")


def blank_form(plan_id: str) -> bytes:
    """The form of the plan's first unit for its first round, as it would be issued."""
    plan = load_plan(plan_id)
    first = plan.units_of(plan.rounds[0])[0]
    return issue_forms(plan, plan.rounds[0].code, [first.code])[first.code]


def clean_sample(plan_id: str, target: Path) -> Path:
    """A copy of a sample as it is committed: whoever ran it in place left results and a ledger there."""
    return shutil.copytree(SAMPLES / plan_id, target, ignore=shutil.ignore_patterns("ket-qua", ".thidua.lock"))


GENERATED = {"ke-hoach.xlsx": plan_workbook, "phieu-don-vi.xlsx": blank_form}
# What concerns every plan lies beside their folders.
SHARED = {CATALOGUE: catalogue_bytes}
# The Word templates of the draft papers.
PAPERS = {f"{TEMPLATES}/{name}": draw for name, draw in DRAWN.items()}


def templates() -> None:
    for plan_id in shipped_plan_ids():
        for name, make in GENERATED.items():
            (shipped_plan_path(plan_id).parent / name).write_bytes(make(plan_id))
    for name, make_shared in (SHARED | PAPERS).items():
        target = shipped_plan_folder() / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(make_shared())


def samples() -> None:
    for plan_id in shipped_plan_ids():
        folder = SAMPLES / plan_id
        shutil.rmtree(folder, ignore_errors=True)
        units = min(UNITS, len(load_plan(plan_id).units))
        make_demo(folder, plan_id, units=units, seed=SEED)
        refresh(folder)
        with TemporaryDirectory() as out:
            output = run_batch(folder, out=Path(out) / "lan", today=TODAY)
        (folder / EXPECTED).write_bytes(output.json)


def refresh(folder: Path) -> None:
    """Bring the office's workbook to where the first run takes it: whoever runs a sample then finds nothing changed."""
    with TemporaryDirectory() as elsewhere:
        copy = Path(shutil.copytree(folder, Path(elsewhere) / "dot"))
        run_batch(copy, today=TODAY)
        shutil.copy(copy / OFFICE, folder)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["templates", "samples"]
    for name in wanted:
        {"templates": templates, "samples": samples}[name]()
