"""Turns the drop folder of a campaign into the council's workbook, feedback and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.archive import keep_run
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.campaign.ledger import write_ledger
from thidua_xlsx.model.council import run_mark
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.results import RunResult, Standing, Verdict
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import WRITING, Inputs, Progress, gather
from thidua_xlsx.pipeline.office_book import (
    OfficeRefresh,
    asks_for_awards,
    makes_office,
    plan_refresh,
    refresh_office,
    start_register,
)
from thidua_xlsx.pipeline.plans import choose_round, load_plan, open_campaign
from thidua_xlsx.pipeline.uncollected import uncollected
from thidua_xlsx.pipeline.what_if import next_trial, with_changes
from thidua_xlsx.pipeline.write_feedback import write_feedback, writing_apart
from thidua_xlsx.stages.intake.account import account
from thidua_xlsx.stages.intake.feedback import Feedback, feedback
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.intake.receive import Seen
from thidua_xlsx.stages.office.confirm import told_by_office
from thidua_xlsx.stages.years.compare import changes
from thidua_xlsx.workbooks.kept_answers import KEPT, kept_bytes
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.proof import prove
from thidua_xlsx.workbooks.reader.reading_room import Readers
from thidua_xlsx.workbooks.result_json import json_bytes
from thidua_xlsx.workbooks.summary import write_summary


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a run found and where it was published; ``exit_code`` is the contract's.

    ``remarks``: what became of the office's own workbooks. ``register``: whether the awards asked about are known.
    """

    result: RunResult
    target: Path
    json: bytes
    remarks: tuple[str, ...] = ()
    register: bool = True

    @property
    def exit_code(self) -> int:
        """1 when some finding is an error or some file is held or rejected; outputs are written all the same."""
        errors = any(item.severity is Severity.ERROR for item in self.result.findings)
        return int(errors or any(item.verdict in (Verdict.HELD, Verdict.REJECTED) for item in self.result.files))


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
        issued = load_plan(plan) if plan else open_campaign(home)
        the_plan, trial = with_changes(issued, settings) if settings else (issued, ())
        round_ = choose_round(the_plan, round_code)
        # Results that go elsewhere leave the campaign as it is, and so does a trial.
        cache = None if out or settings else home / names.RESULTS
        drop = inbox or home / names.INBOX
        leave = bool(trial) or (out is not None and not makes_office(home))
        judged = judge(
            gather(home, the_plan, round_, drop, today or date.today(), progress, executor, cache, issued),
            home,
            trial,
            leave,
            all_feedback,
        )
        if trial:
            return publish_trial(home, out, judged)
        return publish(home, out, judged, progress, inbox)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run found, and of the returns only what is still to be written: memory is needed to write."""

    inputs: Inputs
    result: RunResult
    kept: bytes
    feedback: tuple[Feedback, ...]
    # With whose points the feedback is printed.
    standings: Mapping[str, Standing]
    office: OfficeRefresh


def judge(inputs: Inputs, home: Path, trial: tuple[str, ...], leave_office: bool, everyone: bool) -> Judged:
    """The result, and feedback, which for ``everyone`` shows the points so far."""
    result, merged = assess(inputs)
    account(inputs.files, result, merged)
    refresh = OfficeRefresh() if leave_office else plan_refresh(home, inputs, result, merged)
    result = replace(result, trial=trial)
    answers = () if trial else feedback(merged, result.files, inputs.plan, inputs.round, everyone=everyone)
    standings = {item.unit.code: item for item in result.standings if everyone}
    files = tuple(replace(item, book=None) for item in inputs.files)
    bare = replace(inputs, files=files, own_office=None)
    return Judged(bare, result, kept_of(inputs, merged), answers, standings, refresh)


def with_changes_told(home: Path, result: RunResult, said: bytes) -> RunResult:
    """The result with what has changed since an earlier run of the round said something else."""
    before = names.newest_other(home, said)
    units = {unit.code: unit.name for unit in result.plan.units}
    told = changes(before, json.loads(said), units) if before is not None else ()
    return replace(result, changes=told, first_run=before is None)


def ledger_of(inputs: Inputs) -> dict[str, Seen]:
    """When each content was first seen, this run included; runs are counted by the ledger itself."""
    this = Seen(inputs.today, max((seen.run for seen in inputs.first_seen.values()), default=0) + 1)
    return {**{item.sha256: this for item in inputs.files if item.sha256}, **inputs.first_seen}


def publish(home: Path, out: Path | None, judged: Judged, progress: Progress, inbox: Path | None) -> RunOutput:
    """Everything is built in memory first; then it appears whole, and only then is the newest run renamed."""
    inputs = judged.inputs
    with writing_apart(judged.feedback, inputs.plan, inputs.round, judged.standings) as apart:
        said = json_bytes(judged.result)
        result = with_changes_told(home, judged.result, said)
        shown = replace(result, files=told_by_office(result.files, inputs.office))
        summary = write_summary(shown, run_mark(sha256(said).hexdigest()))
    forms: dict[str, bytes] = {}
    for item, form in write_feedback(judged.feedback, judged.standings, apart.result()):
        forms[f"{names.FEEDBACK}/{item.unit}.xlsx"] = form
        progress(WRITING, len(forms), len(judged.feedback))
    files = {names.SUMMARY: summary, names.JSON: said, KEPT: judged.kept, **forms}
    name = out.name if out else names.next_run(home)
    target = out or home / names.RESULTS / name
    written.publish(target, files, prove(result, proved=forms))
    if not out:
        keep_run(home, name, summary, plan_text(inputs.plan).encode(), inbox)
        write_ledger(home, ledger_of(inputs))
        written.write_whole(home / names.RESULTS / names.NEWEST, f"{name}\n".encode())
    remarks = refresh_office(home, judged.office, inputs.today.isoformat())
    register = inputs.register.known or not asks_for_awards(inputs.plan, inputs.round)
    if not register:
        remarks += start_register(home, may_write=not out)
    return RunOutput(result, target, said, remarks, register)


def publish_trial(home: Path, out: Path | None, judged: Judged) -> RunOutput:
    """A trial appears beside the runs and changes nothing else: no newest run, no ledger, no feedback."""
    said = json_bytes(judged.result)
    result = with_changes_told(home, judged.result, said)
    shown = replace(result, files=told_by_office(result.files, judged.inputs.office))
    files = {names.SUMMARY: write_summary(shown), names.JSON: said, KEPT: judged.kept}
    target = out or home / names.RESULTS / next_trial(home)
    written.publish(target, files, prove(result))
    return RunOutput(result, target, said)


def kept_of(inputs: Inputs, merged: Merged) -> bytes:
    """What the run had read, for ``diff`` to name the cells that another run read otherwise."""
    counting = (item.submission for item in merged.counted)
    return kept_bytes(inputs.plan, inputs.office, inputs.register, counting)
