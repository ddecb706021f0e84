"""One run of the program, told by stage: processor seconds of the parent, and those of its reading processes.

    python -m tests.benchmarks.ours FOLDER [again]

Results of earlier runs are taken away first; with «again» they stay. The run goes the way of the command: processes
begin early; it is a copy where nothing has changed, else what is unchanged is not read again.
"""

from __future__ import annotations

from time import process_time

STARTED = process_time()

import json  # noqa: E402
import resource  # noqa: E402
import shutil  # noqa: E402
import sys  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402
from types import ModuleType  # noqa: E402
from typing import Any  # noqa: E402

from thidua_xlsx.pipeline.early import early_workers  # noqa: E402
from thidua_xlsx.workbooks.reader.early import EarlyWorkers  # noqa: E402

TODAY = date(2026, 1, 31)


def stages() -> Iterator[tuple[str, ModuleType | type, tuple[str, ...]]]:
    """What is told apart behind reading, in order; a name that is gone is an error here, no stage for free."""
    from thidua_xlsx.campaign import written
    from thidua_xlsx.pipeline import assess, outcome
    from thidua_xlsx.workbooks.form_workbook import FormPress

    yield "lay out", assess, ("layouts_of",)
    yield "identify", assess, ("receive",)
    yield "collect", assess, ("collect",)
    yield "check", assess, ("check",)
    yield "merge", assess, ("merge",)
    yield "score", assess, ("score", "rank")
    yield "allocate", assess, ("decide", "office_contradictions", "dossier_states")
    yield "summary", outcome, ("write_summary",)
    yield "feedback", outcome, ("feedback",)
    yield "feedback", FormPress, ("write",)
    yield "json, kept answers", outcome, ("json_bytes", "kept_of")
    yield "prove and publish", written, ("publish",)


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


def repeated(folder: Path) -> dict[str, Any] | None:
    """What a run costs that is the copy of the one before, as the command asks for it first; None where none is due."""
    from thidua_xlsx.pipeline.repeat import repeat_run

    imported = process_time()
    output = repeat_run(folder, None, None, TODAY, False)
    if output is None:
        return None
    seen = output.glance
    told = {"import": imported - STARTED, "copy": process_time() - imported}
    files = sum(count for _, count in seen.files)
    return {"files": files, "findings": seen.errors + seen.warnings + seen.notes, "stages": told}


def computed(folder: Path, workers: EarlyWorkers) -> dict[str, Any]:
    """The same of the usual run."""
    spent: dict[str, float] = defaultdict(float)
    begun = process_time()
    from thidua_xlsx.pipeline import run

    imported = process_time()
    read_by: list[float] = []
    gather = clocked(spent, "read (parent)", run.gather)

    def gathered(*told: Any) -> Any:
        inputs = gather(*told)
        read_by.append(below())  # every process that read has ended; those that write feedback are still to come
        for stage, module, names in stages():  # loaded by now, while others read
            for name in names:
                setattr(module, name, clocked(spent, stage, getattr(module, name)))
        return inputs

    run.gather = gathered
    output = run.run_batch(folder, today=TODAY, executor=workers)
    ended = process_time()
    told = {"before": begun - STARTED, "import": imported - begun, "read (workers)": read_by[0], **spent}
    told["feedback (workers)"] = below() - read_by[0]
    told["the rest"] = ended - imported - sum(spent.values())
    return {"files": len(output.result.files), "findings": len(output.result.findings), "stages": told}


def main(folder: str, again: str = "") -> None:
    home = Path(folder)
    if not again:
        shutil.rmtree(home / "ket-qua", ignore_errors=True)
    with early_workers(home) as workers:
        told = repeated(home) or computed(home, workers)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
