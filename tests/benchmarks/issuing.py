"""What a blank form costs: ``python -m tests.benchmarks.issuing FOLDER [FORMS]``, processor seconds a form."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time

from tests.benchmarks.campaign import ROUND
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.plans import load_plan


def main(folder: str, forms: str = "1000") -> None:
    plan = load_plan(Path(folder, "ke-hoach.toml"))
    codes = [unit.code for unit in plan.units][: int(forms)]
    started = process_time()
    issue_forms(plan, ROUND, codes)
    print(json.dumps({"each": (process_time() - started) / len(codes), "forms": len(codes)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
