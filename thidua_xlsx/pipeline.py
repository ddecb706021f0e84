"""Turns a plan and a folder into forms, and a folder of returned forms into the council's workbook: the verbs.

Each verb returns values of ``model/``, prints nothing and writes only where told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from thidua_xlsx import campaign
from thidua_xlsx.campaign import CampaignError, wrong_use
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import FileRecord, RunResult, Standing, Verdict
from thidua_xlsx.stages.check import check
from thidua_xlsx.stages.collect import collect
from thidua_xlsx.stages.compare import changes
from thidua_xlsx.stages.confirm import office_contradictions
from thidua_xlsx.stages.decide import decide
from thidua_xlsx.stages.dossiers import dossier_states
from thidua_xlsx.stages.facts import Known
from thidua_xlsx.stages.feedback import corrections, received_answers
from thidua_xlsx.stages.lay_out import lay_out
from thidua_xlsx.stages.merge import Merged, Return, merge
from thidua_xlsx.stages.rank import rank
from thidua_xlsx.stages.read_office import read_office, read_register
from thidua_xlsx.stages.receive import Received, ReturnedFile, Seen, receive
from thidua_xlsx.stages.score import score
from thidua_xlsx.workbooks.cells import read_book
from thidua_xlsx.workbooks.demo_folder import DemoFolder, write_demo
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.office_workbook import write_office
from thidua_xlsx.workbooks.plans import read_plan
from thidua_xlsx.workbooks.reading_room import read_all
from thidua_xlsx.workbooks.result_json import json_bytes, result_json
from thidua_xlsx.workbooks.summary import write_summary

__all__ = ["PlanFaults", "RunOutput", "assess", "issue_forms", "load_plan", "make_demo", "read_plan", "run_batch"]

Progress = Callable[[str, int, int], None]
READING, WRITING = "Đọc phiếu", "Ghi kết quả"


class PlanFaults(CampaignError):
    """A plan with errors stops before any work; ``findings`` holds all of them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("Kế hoạch có lỗi. Sửa các lỗi trên rồi chạy lại.", 2)
        self.findings = findings


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


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run rests on, already read: no path and no clock goes further down."""

    plan: Plan
    round: Round
    files: tuple[ReturnedFile, ...]
    office: Office
    register: Register
    first_seen: Mapping[str, Seen]
    findings: tuple[Finding, ...]
    today: date


def program() -> str:
    """Name and version, as outputs carry them."""
    try:
        return f"thidua-xlsx {version('thidua-xlsx')}"
    except PackageNotFoundError:
        return "thidua-xlsx"


def load_plan(source: Path | str) -> Plan:
    """The plan of a file, a campaign folder or a shipped id; PlanFaults with every fault otherwise."""
    plan, findings = read_plan(source)
    if plan is None or any(item.severity is Severity.ERROR for item in findings):
        raise PlanFaults(findings)
    return plan


def choose_round(plan: Plan, code: str | None) -> Round:
    """The round of that code, or the plan's first."""
    chosen = plan.round(code) if code else plan.rounds[0]
    if chosen is None:
        raise wrong_use(
            f"Kế hoạch không có đợt xét «{code}». Chọn một trong: {', '.join(item.code for item in plan.rounds)}."
        )
    return chosen


def layouts_of(plan: Plan, round_: Round) -> dict[str, FormLayout]:
    return {unit.code: lay_out(plan, round_, unit) for unit in plan.units_of(round_)}


def issue_forms(plan: Plan, round_code: str | None = None, units: Iterable[str] = ()) -> dict[str, bytes]:
    """The blank workbook of every unit of the round (or of those named), by unit code."""
    round_ = choose_round(plan, round_code)
    wanted = tuple(units)
    layouts = layouts_of(plan, round_)
    unknown = [code for code in wanted if code not in layouts]
    if unknown:
        raise wrong_use(f"Đợt xét này không có đơn vị {', '.join(unknown)}. Xem mã đơn vị trong kế hoạch.")
    return {code: write_form(layout) for code, layout in layouts.items() if not wanted or code in wanted}


def gather(folder: Path, plan: Plan, round_: Round, inbox: Path, today: date, progress: Progress) -> Inputs:
    """Everything the run rests on, each file opened once."""
    office, findings = open_office(folder, plan, round_)
    register, more = open_register(folder)
    found = list(campaign.entries(inbox, folder))
    files = []
    with closing(read_all([entry.data for entry in found if isinstance(entry.data, bytes)])) as readings:
        for number, entry in enumerate(found, start=1):
            book = next(readings) if isinstance(entry.data, bytes) else entry.data
            files.append(ReturnedFile(entry.path, entry.sha256, book))
            progress(READING, number, len(found))
    return Inputs(plan, round_, tuple(files), office, register, campaign.read_ledger(folder), findings + more, today)


def open_office(folder: Path, plan: Plan, round_: Round) -> tuple[Office, tuple[Finding, ...]]:
    """``co-quan.xlsx``; without one the office has said nothing yet."""
    book, findings = open_book(folder / campaign.OFFICE)
    return read_office(book, campaign.OFFICE, plan, round_) if book else (Office(), findings)


def open_register(folder: Path) -> tuple[Register, tuple[Finding, ...]]:
    """``lich-su.xlsx``; without one nothing is known of earlier awards."""
    book, findings = open_book(folder / campaign.REGISTER)
    return read_register(book, campaign.REGISTER) if book else (Register(), findings)


def open_book(path: Path) -> tuple[Book | None, tuple[Finding, ...]]:
    """A workbook of the office's own; one that cannot be read is an error, not an absent one."""
    data = campaign.read_optional(path)
    if data is None:
        return None, ()
    book = read_book(data)
    if isinstance(book, Refusal):
        return None, (
            finding(
                Code.OFFICE_VALUE_INVALID,
                Place(path.name),
                value=book.code,
                detail="không đọc được tệp; mở bằng Excel và lưu lại dạng .xlsx",
            ),
        )
    return book, ()


def read_returns(
    inputs: Inputs, layouts: Mapping[str, FormLayout]
) -> tuple[Merged, tuple[FileRecord, ...], tuple[Finding, ...]]:
    """Identify every file, collect and check all identified returns together, choose the one that counts."""
    sample = next(iter(layouts.values())).stamp
    received, records, findings = receive(inputs.files, layouts, sample, inputs.office, inputs.first_seen)
    collected = tuple(collect(book_of(item), layouts[item.unit], item.file.name) for item in received)
    checked = check(collected, inputs.plan, inputs.round)
    merged = merge(tuple(Return(item, given) for item, given in zip(received, checked, strict=True)), inputs.round)
    return merged, records, findings


def book_of(item: Received) -> Book:
    assert isinstance(item.file.book, Book)
    return item.file.book


def score_all(inputs: Inputs, merged: Merged) -> tuple[tuple[Standing, ...], tuple[Finding, ...]]:
    """Points and places of every validly returned unit."""
    scored: list[Standing] = []
    findings: list[Finding] = []
    for counted in merged.counted:
        unit = inputs.plan.unit(counted.submission.unit)
        if unit and counted.submission.valid:
            standing, more = score(inputs.plan, inputs.round, unit, counted.submission, inputs.office)
            scored.append(standing)
            findings += more
    return rank(inputs.plan, scored), tuple(findings)


def assess(inputs: Inputs) -> tuple[RunResult, Merged]:
    """The program in one screen: receive, check, merge, score, rank, screen, allocate. Pure: same in, same out."""
    plan, round_ = inputs.plan, inputs.round
    merged, records, found = read_returns(inputs, layouts_of(plan, round_))
    standings, scoring = score_all(inputs, merged)
    known = Known(
        plan,
        round_,
        inputs.office,
        inputs.register,
        {item.unit.code: item for item in standings},
        {item.submission.unit: item for item in merged.counted},
        inputs.today,
    )
    decisions, quotas, nominations = decide(known)
    contradictions = office_contradictions(known)
    findings = (*inputs.findings, *found, *merged.findings, *scoring, *nominations, *contradictions)
    absent = (unit for unit in plan.units_of(round_) if unit.code not in known.counted)
    missing = tuple(sorted(absent, key=lambda unit: unit.code))
    result = RunResult(
        plan,
        round_,
        inputs.today,
        program(),
        tuple(sorted((*records, *merged.records), key=lambda item: (item.path, item.member or ""))),
        findings,
        standings,
        decisions,
        quotas,
        dossier_states(known),
        missing,
    )
    return result, merged


def make_demo(
    folder: Path | str,
    plan: Path | str,
    *,
    round_code: str | None = None,
    units: int | None = None,
    seed: int = 1,
    faults: str = "default",
    progress: Progress = lambda _what, _done, _all: None,
) -> DemoFolder:
    """An invented, filled campaign in an empty folder: same seed, same bytes."""
    the_plan = load_plan(plan)
    return write_demo(
        Path(folder),
        the_plan,
        choose_round(the_plan, round_code),
        units=units,
        seed=seed,
        faults=faults,
        progress=progress,
    )


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
        raise wrong_use(f"Không thấy thư mục {campaign.printable(str(folder))}. Kiểm tra đường dẫn.")
    if out:
        campaign.check_output(out)
    with campaign.only_run(home):
        the_plan = load_plan(plan or home)
        round_ = choose_round(the_plan, round_code)
        day = today or date.today()
        inputs = gather(home, the_plan, round_, inbox or home / campaign.INBOX, day, progress)
        result, merged = assess(inputs)
        before = campaign.newest_json(home)
        names = {unit.code: unit.name for unit in the_plan.units}
        result = replace(result, changes=changes(before, result_json(result), names), first_run=before is None)
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
    files = {campaign.SUMMARY: write_summary(result), campaign.JSON: said}
    for counted in merged.counted:
        given = counted.newer_invalid or counted.submission
        marks = corrections(given, warnings=all_feedback)
        if all_feedback or any(mark.blocks for mark in marks):
            files[f"{campaign.FEEDBACK}/{given.unit}.xlsx"] = write_form(given.layout, received_answers(given), marks)
        progress(WRITING, len(files), len(merged.counted) + 2)
    name = out.name if out else campaign.next_run(home)
    target = out or home / campaign.RESULTS / name
    campaign.publish(target, files)
    if not out:
        campaign.write_ledger(home, ledger_of(inputs))
        campaign.write_whole(home / campaign.RESULTS / campaign.NEWEST, f"{name}\n".encode())
    office = home / campaign.OFFICE
    if not office.exists() and (not out or campaign.can_write(home)):
        campaign.write_whole(
            office, write_office(inputs.plan, inputs.round, inputs.office, result.files, result.decisions)
        )
    return RunOutput(result, target, said)
