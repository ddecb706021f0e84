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


def below() -> float:
    """Processor seconds of the processes below this one that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main(folder: str, again: str = "") -> None:
    if not again:
        shutil.rmtree(Path(folder, "ket-qua"), ignore_errors=True)
    spent: dict[str, float] = defaultdict(float)
    for stage, module, names in STAGES:
        for name in names:
            setattr(module, name, clocked(spent, stage, getattr(module, name)))
    read_by: list[float] = []
    gather = run.gather

    def gathered(*told: Any) -> Any:
        inputs = gather(*told)
        read_by.append(below())  # every process that read has ended; those that write feedback are still to come
        return inputs

    run.gather = gathered
    output = run.run_batch(folder, today=TODAY)
    ended = process_time()
    stages = {"import": IMPORTED - STARTED, "read (workers)": read_by[0], **spent}
    stages["feedback (workers)"] = below() - read_by[0]
    stages["the rest"] = ended - IMPORTED - sum(spent.values())
    told = {"files": len(output.result.files), "findings": len(output.result.findings), "stages": stages}
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
