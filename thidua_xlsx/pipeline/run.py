"""Turns the drop folder of a campaign into the council's workbook, feedback and JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.campaign.program import program_digest
from thidua_xlsx.campaign.rested_on import RestedOn
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.gather import Progress, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan, open_campaign
from thidua_xlsx.pipeline.repeat import asked_digest, plan_digest
from thidua_xlsx.pipeline.run_output import RunOutput as RunOutput
from thidua_xlsx.pipeline.uncollected import uncollected
from thidua_xlsx.pipeline.what_if import with_changes
from thidua_xlsx.workbooks.reader.reading_room import Readers

OUTCOME = "thidua_xlsx.pipeline.outcome"


def run_batch(
    folder: Path | str,
    *,
    round_code: str | None = None,
    plan: Path | str | None = None,
    inbox: Path | None = None,
    out: Path | None = None,
    today: date | None = None,
    all_feedback: bool = False,
    settings: Sequence[str] = (),
    progress: Progress = lambda _what, _done, _all: None,
    executor: Readers | None = None,
) -> RunOutput:
    """The main job: the drop folder of a campaign in, the council's workbook, feedback and JSON out.

    Files are read on this machine, by processes that may have begun early, or by any executor of the kind of
    ``concurrent.futures``.
    With ``settings`` (``quota.tap-the.seats=5``) it is a trial: marked as one, and no result of the campaign.
    """
    home = Path(folder)
    if not home.is_dir():
        raise wrong_use(f"Không thấy thư mục {printable(str(folder))}. Kiểm tra đường dẫn.")
    if out:
        written.check_output(out)
    with names.only_run(home), uncollected():
        program, plan_files = program_digest(), dict[str, bytes]()
        issued = load_plan(plan) if plan else open_campaign(home, noting(plan_files))
        the_plan, trial = with_changes(issued, settings) if settings else (issued, ())
        round_ = choose_round(the_plan, round_code)
        # Results that go elsewhere leave the campaign as it is, and so does a trial.
        cache = None if out or settings else home / names.RESULTS
        drop, day = inbox or home / names.INBOX, today or date.today()
        leave = bool(trial) or (out is not None and not names.makes_office(home))
        # All that judges and writes takes its time to load, and nobody needs it before the files are read.
        inputs = gather(
            home, the_plan, round_, drop, day, progress, executor, cache, issued, lambda: import_module(OUTCOME)
        )
        from thidua_xlsx.pipeline.outcome import judge, make, publish, publish_trial

        judged = judge(inputs, home, trial, leave, all_feedback)
        if trial:
            return publish_trial(home, out, judged)
        read, asked = judged.inputs.read, asked_digest(round_.code, day, all_feedback, inbox)
        rested_on = RestedOn(program, asked, plan_digest(plan_files), read.own, read.entries)
        repeatable = read.certain and not (plan or out)
        made = make(home, judged, progress)
        return publish(home, out, judged, made, inbox, rested_on if repeatable else None)


def noting(files: dict[str, bytes]) -> Callable[[Path], bytes]:
    """Reads files, and notes what was read under their names."""

    def read(path: Path) -> bytes:
        files[path.name] = path.read_bytes()
        return files[path.name]

    return read
