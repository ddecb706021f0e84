"""Turns everything that was gathered into what a run publishes: judged, made in memory, and then there at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.archive import kept_files, publish_run
from thidua_xlsx.campaign.compared import compared
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.last_run import LastRun, digests, remember
from thidua_xlsx.campaign.rested_on import RestedOn, seen_digest
from thidua_xlsx.model.council import run_mark
from thidua_xlsx.model.results import RunResult, Standing
from thidua_xlsx.model.returned import Filled
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import WRITING, Inputs, Progress
from thidua_xlsx.pipeline.glance import kept_glance
from thidua_xlsx.pipeline.office_book import (
    OfficeRefresh,
    asks_for_awards,
    plan_refresh,
    refresh_office,
    start_register,
)
from thidua_xlsx.pipeline.repeat import own_digest
from thidua_xlsx.pipeline.run_output import RunOutput
from thidua_xlsx.pipeline.what_if import next_trial
from thidua_xlsx.pipeline.write_feedback import write_feedback, writing_apart
from thidua_xlsx.stages.intake.account import account
from thidua_xlsx.stages.intake.feedback import Feedback, feedback
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.intake.receive import seen_by_now
from thidua_xlsx.stages.office.confirm import told_by_office
from thidua_xlsx.workbooks.kept_answers import KEPT, kept_bytes
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.proof import prove
from thidua_xlsx.workbooks.result_json import json_bytes
from thidua_xlsx.workbooks.summary import write_summary


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
    asked_of_runs: frozenset[str]


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
    return Judged(bare, result, kept_of(inputs, merged), answers, standings, refresh, merged.asked_of_runs)


def with_changes_told(home: Path, result: RunResult, said: bytes) -> tuple[RunResult, str]:
    """The result with what has changed since an earlier run of the round found otherwise, and the digest of that."""
    units = {unit.code: unit.name for unit in result.plan.units}
    found = compared(home, said, units, bool(result.trial))
    return replace(result, changes=found.changes, first_run=not found.against), found.against


@dataclass(frozen=True, slots=True)
class Made:
    """All files of a run in memory, those of them that are proved already, and what their result was compared with."""

    result: RunResult
    files: Mapping[str, bytes]
    proved: Collection[str]
    against: str


def make(home: Path, judged: Judged, progress: Progress) -> Made:
    """Everything that is published, feedback being written beside the rest."""
    with writing_apart(judged.feedback, judged.inputs.plan, judged.inputs.round, judged.standings) as apart:
        said = json_bytes(judged.result)
        result, against = with_changes_told(home, judged.result, said)
        shown = replace(result, files=told_by_office(result.files, judged.inputs.office))
        summary = write_summary(shown, run_mark(sha256(said).hexdigest()))
    forms: dict[str, bytes] = {}
    for item, form in write_feedback(judged.feedback, judged.standings, apart.result()):
        forms[f"{names.FEEDBACK}/{item.unit}.xlsx"] = form
        progress(WRITING, len(forms), len(judged.feedback))
    files = {names.SUMMARY: summary, names.JSON: said, KEPT: judged.kept, **forms}
    return Made(result, files, forms.keys(), against)


def publish(
    home: Path, out: Path | None, judged: Judged, made: Made, inbox: Path | None, rested_on: RestedOn | None
) -> RunOutput:
    """All was built in memory; now it appears whole, and only then is the newest run renamed."""
    inputs, result, said = judged.inputs, made.result, made.files[names.JSON]
    plan = plan_text(inputs.plan).encode()
    proof = prove(result, proved=made.proved)
    same_as = "" if out else names.newest_same(home, said)
    target = out or home / names.RESULTS / names.next_run(home)
    if out:
        written.publish(out, made.files, proof)
    else:
        seen = seen_by_now(inputs.first_seen, inputs.files, inputs.today)
        publish_run(home, target.name, made.files, plan, inbox, seen, proof)
    remarks = refresh_office(home, judged.office, inputs.today.isoformat())
    register = inputs.register.known or not asks_for_awards(inputs.plan, inputs.round)
    if not register:
        remarks += start_register(home, may_write=not out)
    output = RunOutput(result, target, said, remarks, register, same_as)
    # With something left to say about the office's own workbooks, a run again has something left to do.
    if rested_on and not remarks:
        asked = tuple(sorted(judged.asked_of_runs))
        now = replace(rested_on, seen=seen_digest(inputs.first_seen, asked), against=made.against)
        kept = digests(kept_files(made.files[names.SUMMARY], plan, inbox))
        known = LastRun(now, inputs.plan.rounds[0].code, digests(made.files), kept, asked, kept_glance(output.glance))
        # Results stand by now, so that nothing raises.
        with suppress(CampaignError):
            if own_digest(home) == now.own:  # what was saved in between has not been looked at
                remember(home, known)
    return output


def publish_trial(home: Path, out: Path | None, judged: Judged) -> RunOutput:
    """A trial appears beside the runs and changes nothing else: no newest run, no ledger, no feedback."""
    said = json_bytes(judged.result)
    result, _ = with_changes_told(home, judged.result, said)
    shown = replace(result, files=told_by_office(result.files, judged.inputs.office))
    files = {names.SUMMARY: write_summary(shown), names.JSON: said, KEPT: judged.kept}
    target = out or home / names.RESULTS / next_trial(home)
    written.publish(target, files, prove(result))
    return RunOutput(result, target, said)


def kept_of(inputs: Inputs, merged: Merged) -> bytes:
    """What the run had read, for ``diff`` to name the cells that another run read otherwise."""
    lines = {item.sha256: item.book.line for item in inputs.files if isinstance(item.book, Filled)}
    counting = ((item.submission, lines.get(item.received.file.sha256)) for item in merged.counted)
    return kept_bytes(inputs.plan, inputs.office, inputs.register, counting)
