"""Turns the drop folder of a campaign into the council's workbook, feedback and JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.results import RunResult, Verdict
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import WRITING, Inputs, Progress, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan
from thidua_xlsx.stages.compare import changes
from thidua_xlsx.stages.feedback import corrections, received_answers
from thidua_xlsx.stages.merge import Merged
from thidua_xlsx.stages.receive import Seen
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.office_workbook import write_office
from thidua_xlsx.workbooks.result_json import json_bytes, result_json
from thidua_xlsx.workbooks.summary import write_summary


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a run found and where it was published; ``exit_code`` is the contract's."""

    result: RunResult
    target: Path
    json: bytes

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
    progress: Progress = lambda _what, _done, _all: None,
) -> RunOutput:
    """The main job: the drop folder of a campaign in, the council's workbook, feedback and JSON out."""
    home = Path(folder)
    if not home.is_dir():
        raise wrong_use(f"Không thấy thư mục {printable(str(folder))}. Kiểm tra đường dẫn.")
    if out:
        written.check_output(out)
    with names.only_run(home):
        the_plan = load_plan(plan or home)
        round_ = choose_round(the_plan, round_code)
        day = today or date.today()
        inputs = gather(home, the_plan, round_, inbox or home / names.INBOX, day, progress)
        result, merged = assess(inputs)
        before = names.newest_json(home)
        units = {unit.code: unit.name for unit in the_plan.units}
        result = replace(result, changes=changes(before, result_json(result), units), first_run=before is None)
        return publish(home, out, inputs, result, merged, all_feedback, progress)


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
    all_feedback: bool,
    progress: Progress,
) -> RunOutput:
    """Everything is built in memory first; then it appears whole, and only then is the newest run renamed."""
    said = json_bytes(result)
    files = {names.SUMMARY: write_summary(result), names.JSON: said}
    for counted in merged.counted:
        given = counted.newer_invalid or counted.submission
        marks = corrections(given, warnings=all_feedback)
        if all_feedback or any(mark.blocks for mark in marks):
            files[f"{names.FEEDBACK}/{given.unit}.xlsx"] = write_form(given.layout, received_answers(given), marks)
        progress(WRITING, len(files), len(merged.counted) + 2)
    name = out.name if out else names.next_run(home)
    target = out or home / names.RESULTS / name
    written.publish(target, files)
    if not out:
        names.write_ledger(home, ledger_of(inputs))
        written.write_whole(home / names.RESULTS / names.NEWEST, f"{name}\n".encode())
    office = home / names.OFFICE
    if not office.exists() and (not out or written.can_write(home)):
        written.write_whole(
            office, write_office(inputs.plan, inputs.round, inputs.office, result.files, result.decisions)
        )
    return RunOutput(result, target, said)
