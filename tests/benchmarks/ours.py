"""One run of the program, told by stage: processor seconds of the parent, and those of its reading processes.

    python -m tests.benchmarks.ours FOLDER [again]

Results of earlier runs are taken away first; with «again» they stay, and what is unchanged is not read again.
"""

from __future__ import annotations

from time import process_time

STARTED = process_time()

import json  # noqa: E402
import resource  # noqa: E402
import shutil  # noqa: E402
import sys  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402
from types import ModuleType  # noqa: E402
from typing import Any  # noqa: E402

from thidua_xlsx.campaign import written  # noqa: E402
from thidua_xlsx.pipeline import assess, run  # noqa: E402
from thidua_xlsx.workbooks.form_workbook import FormPress  # noqa: E402

IMPORTED = process_time()
TODAY = date(2026, 1, 31)
# What is told apart, in the order of a run; a name that is gone is an error here, not a stage without cost.
STAGES: tuple[tuple[str, ModuleType | type, tuple[str, ...]], ...] = (
    ("read (parent)", run, ("gather",)),
    ("lay out", assess, ("layouts_of",)),
    ("identify", assess, ("receive",)),
    ("collect", assess, ("collect",)),
    ("check", assess, ("check",)),
    ("merge", assess, ("merge",)),
    ("score", assess, ("score", "rank")),
    ("allocate", assess, ("decide", "office_contradictions", "dossier_states")),
    ("summary", run, ("write_summary",)),
    ("feedback", run, ("feedback",)),
    ("feedback", FormPress, ("write",)),
    ("json, kept answers", run, ("json_bytes", "kept_of")),
    ("prove and publish", written, ("publish",)),
)


def clocked(spent: dict[str, float], stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any, **named: Any) -> Any:
        begun = process_time()
        try:
            return work(*args, **named)
        finally:
            spent[stage] += process_time() - begun

    return timed


def main(folder: str, again: str = "") -> None:
    if not again:
        shutil.rmtree(Path(folder, "ket-qua"), ignore_errors=True)
    spent: dict[str, float] = defaultdict(float)
    for stage, module, names in STAGES:
        for name in names:
            setattr(module, name, clocked(spent, stage, getattr(module, name)))
    output = run.run_batch(folder, today=TODAY)
    ended = process_time()
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    stages = {"import": IMPORTED - STARTED, "read (workers)": below.ru_utime + below.ru_stime, **spent}
    stages["the rest"] = ended - IMPORTED - sum(spent.values())
    told = {"files": len(output.result.files), "findings": len(output.result.findings), "stages": stages}
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
