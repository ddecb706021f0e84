"""Turns the drop folder of a campaign into the council's workbook, feedback and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.archive import keep_run
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.council import run_mark
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.results import RunResult, Verdict
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
from thidua_xlsx.pipeline.uncollected import sweep, uncollected
from thidua_xlsx.pipeline.what_if import next_trial, with_changes
from thidua_xlsx.stages.intake.account import account
from thidua_xlsx.stages.intake.feedback import feedback
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.intake.receive import Seen
from thidua_xlsx.stages.office.confirm import told_by_office
from thidua_xlsx.stages.years.compare import changes
from thidua_xlsx.workbooks.form_workbook import FormPress
from thidua_xlsx.workbooks.kept_answers import KEPT, kept_bytes
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.proof import prove
from thidua_xlsx.workbooks.result_json import json_bytes, result_json
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
    executor: Executor | None = None,
) -> RunOutput:
    """The main job: the drop folder of a campaign in, the council's workbook, feedback and JSON out.

    Files are read on this machine, or by any executor of the kind of ``concurrent.futures``.
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
        day = today or date.today()
        # Results that go elsewhere leave the campaign as it is, and so does a trial.
        cache = None if out or settings else home / names.RESULTS
        drop = inbox or home / names.INBOX
        inputs = gather(home, the_plan, round_, drop, day, progress, executor, cache, issued)
        result, merged = assess(inputs)
        account(inputs.files, result, merged)
        leave = bool(trial) or (out is not None and not makes_office(home))
        refresh = OfficeRefresh() if leave else plan_refresh(home, inputs, result, merged)
        # All that counts in the workbooks has been collected, and memory is needed to write.
        files = tuple(replace(item, book=None) for item in inputs.files)
        inputs = replace(inputs, files=files, own_office=None)
        before = names.newest_json(home)
        units = {unit.code: unit.name for unit in the_plan.units}
        told = changes(before, result_json(result), units)
        result = replace(result, changes=told, first_run=before is None, trial=trial)
        if trial:
            return publish_trial(home, out, inputs, result, merged)
        return publish(home, out, inputs, result, merged, refresh, all_feedback, progress, inbox)


def ledger_of(inputs: Inputs) -> dict[str, Seen]:
    """When each content was first seen, this run included; runs are counted by the ledger itself."""
    this = Seen(inputs.today, max((seen.run for seen in inputs.first_seen.values()), default=0) + 1)
    return {**{item.sha256: this for item in inputs.files if item.sha256}, **inputs.first_seen}


def publish(
    home: Path,
    out: Path | None,
    inputs: Inputs,
    result: RunResult,
    merged: Merged,
    refresh: OfficeRefresh,
    all_feedback: bool,
    progress: Progress,
    inbox: Path | None,
) -> RunOutput:
    """Everything is built in memory first; then it appears whole, and only then is the newest run renamed."""
    said = json_bytes(result)
    shown = replace(result, files=told_by_office(result.files, inputs.office))
    summary = write_summary(shown, run_mark(sha256(said).hexdigest()))
    sweep(len(inputs.files))
    files = {names.SUMMARY: summary, names.JSON: said, KEPT: kept_of(inputs, merged)}
    standings = {item.unit.code: item for item in result.standings if all_feedback}
    answers = feedback(merged, result.files, inputs.plan, inputs.round, everyone=all_feedback)
    stamps = {f"{names.FEEDBACK}/{item.unit}.xlsx": str(item.layout.stamp) for item in answers}
    press = FormPress(item.layout for item in answers)
    for item in answers:
        files[f"{names.FEEDBACK}/{item.unit}.xlsx"] = press.write(
            item.layout, item.answers, item.corrections, standings.get(item.unit)
        )
        progress(WRITING, len(files), len(answers) + 2)
    sweep(len(inputs.files))
    name = out.name if out else names.next_run(home)
    target = out or home / names.RESULTS / name
    written.publish(target, files, prove(result, stamps))
    if not out:
        keep_run(home, name, summary, plan_text(inputs.plan).encode(), inbox)
        names.write_ledger(home, ledger_of(inputs))
        written.write_whole(home / names.RESULTS / names.NEWEST, f"{name}\n".encode())
    remarks = refresh_office(home, refresh, inputs.today.isoformat())
    register = inputs.register.known or not asks_for_awards(inputs.plan, inputs.round)
    if not register:
        remarks += start_register(home, may_write=not out)
    return RunOutput(result, target, said, remarks, register)


def publish_trial(home: Path, out: Path | None, inputs: Inputs, result: RunResult, merged: Merged) -> RunOutput:
    """A trial appears beside the runs and changes nothing else: no newest run, no ledger, no feedback."""
    said = json_bytes(result)
    shown = replace(result, files=told_by_office(result.files, inputs.office))
    files = {names.SUMMARY: write_summary(shown), names.JSON: said, KEPT: kept_of(inputs, merged)}
    sweep(len(inputs.files))
    target = out or home / names.RESULTS / next_trial(home)
    written.publish(target, files, prove(result, {}))
    return RunOutput(result, target, said)


def kept_of(inputs: Inputs, merged: Merged) -> bytes:
    """What the run had read, for ``diff`` to name the cells that another run read otherwise."""
    counting = (item.submission for item in merged.counted)
    return kept_bytes(inputs.plan, inputs.office, inputs.register, counting)
