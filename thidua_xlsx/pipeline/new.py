"""Turns a plan, or last year's campaign, into the folder of a new campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import start
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.mail.settings import FILE as MAIL_SETTINGS
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.letters import Kind
from thidua_xlsx.model.next_year import IndexTold, LastYear, Look, ToCheck
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import Verdict
from thidua_xlsx.model.text import printable, typed
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Progress, gather
from thidua_xlsx.pipeline.plans import PlanFaults, load_plan, open_campaign
from thidua_xlsx.stages.intake.deadlines import deadline_text
from thidua_xlsx.stages.judging.index_facts import year_on_year
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.plans.lint_plan import check_plan
from thidua_xlsx.stages.years.carry_over import carry_over
from thidua_xlsx.stages.years.next_year import YEARLY, next_plan
from thidua_xlsx.workbooks.check_list import check_list
from thidua_xlsx.workbooks.plan_workbook import read_plan_workbook
from thidua_xlsx.workbooks.plans import PLAN_WORKBOOK, plan_bytes
from thidua_xlsx.workbooks.register_workbook import write_register
from thidua_xlsx.workbooks.result_json import result_json

AWARDS_ASKED = ("prior_awards", "prior_awards_by_decision")
# What staff have made their own in last year's campaign, and what to look at in it.
KEPT = {
    names.REGISTER: "Chép nguyên từ năm trước: ghi thêm các quyết định khen của năm trước nếu chưa có.",
    MAIL_SETTINGS: "Chép nguyên từ năm trước: xem máy chủ, địa chỉ gửi còn đúng không.",
    **{kind.template: "Lời thư chép nguyên từ năm trước: xem năm, thời hạn, người liên hệ." for kind in Kind},
}


# The plan to start from, what a person must look at, and the files of last year that serve on.
Beginning = tuple[Plan, tuple[ToCheck, ...], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign folder that was made: its plan, its files, and what a person must look at."""

    folder: Path
    plan: Plan
    files: tuple[str, ...]
    notes: tuple[ToCheck, ...] = ()


def new_campaign(
    folder: Path | str,
    plan: Path | str | None = None,
    *,
    last: Path | str | None = None,
    launcher: Sequence[str],
    system: str,
    progress: Progress = lambda _what, _done, _all: None,
) -> NewCampaign:
    """A campaign folder from a plan, or from last year's campaign; with both, last year's numbers in the new plan.

    ``launcher`` is what the scripts start, ``system`` (as ``sys.platform``) which kinds of them are written.
    """
    home = Path(folder)
    start.check_start(home)
    the_plan, notes, kept = begin(plan) if last is None else take_over(Path(last), plan, progress)
    workbook = plan_workbook(the_plan)
    asked = names.REGISTER not in kept and asks_for_awards(the_plan)
    scripts = start.scripts(launcher, system)
    round_ = the_plan.rounds[0]
    said = start.read_me(the_plan.head.title, deadline_text(round_), asked, last is not None, _endings(system))
    files = {PLAN_WORKBOOK: workbook, **kept, **scripts, start.READ_ME: start.notepad(said)}
    if asked:
        files[names.REGISTER] = write_register((), unfilled=True)
    if last is not None:
        told = f"Năm trước: {printable(str(last))}."
        files[start.CHECK_LIST] = start.notepad(check_list(notes, told))
    start.start_folder(home, files)
    return NewCampaign(home, the_plan, tuple(sorted(files)), notes)


def _endings(system: str) -> str:
    """What the scripts end in, on Windows and on the system they were made on."""
    other = {"win32": "", "darwin": ", trên macOS .command"}.get(system, ", trên Linux .sh")
    return f".bat trên Windows{other}"


def plan_workbook(plan: Plan) -> bytes:
    """The plan as staff will edit it, read back and checked: what starts a year must pass ``plan check``."""
    data = plan_bytes(plan, ".xlsx")
    rows, findings = read_plan_workbook(data, PLAN_WORKBOOK)
    _, more = check_plan(rows)
    if any(item.severity is Severity.ERROR for item in (*findings, *more)):
        raise PlanFaults((*findings, *more))
    return data


def asks_for_awards(plan: Plan) -> bool:
    """Whether some rule rests on the register of earlier awards."""
    facts = {gate.fact for gate in plan.gates} | {name for quota in plan.quotas for name in quota.order_by}
    facts |= {quota.within_fact or "" for quota in plan.quotas}
    return any(name.removeprefix(UNIT_PREFIX) in AWARDS_ASKED for name in facts)


def begin(plan: Path | str | None) -> Beginning:
    """A year that rests on nothing before it."""
    if plan is None:
        raise wrong_use("Thiếu kế hoạch: thêm --plan MÃ-HOẶC-TỆP, hoặc --from THƯ-MỤC-NĂM-TRƯỚC.")
    return load_plan(plan), (), {}


def take_over(old: Path, plan: Path | str | None, progress: Progress) -> Beginning:
    """The new year's plan with last year's results, what must be looked at, and the files that serve on."""
    last = last_year(old, progress)
    if plan is None:
        base, moved = next_plan(last.plan)
    else:
        base, moved = load_plan(plan), ()
        if base.head.year <= last.plan.head.year:
            raise wrong_use(
                f"Kế hoạch {plan} là của năm {base.head.year}, không sau năm {last.plan.head.year} của "
                f"{printable(str(old))}. Sửa cột Năm, hoặc bỏ --plan để dời kế hoạch cũ sang năm mới."
            )
    carried, notes = carry_over(base, last)
    kept = {name: data for name in KEPT if (data := names.read_optional(old / name)) is not None}
    serving = (ToCheck(Look.KEPT, name, KEPT[name]) for name in kept)
    return carried, (*notes, *moved, *serving), kept


def last_year(old: Path, progress: Progress) -> LastYear:
    """What last year's newest run of its yearly round published, with the index values that its JSON does not tell.

    They are read from the returns again, and only trusted when everything else reads as it was published.
    """
    plan = open_campaign(old)
    round_ = next((item for item in plan.rounds if item.kind in YEARLY), plan.rounds[0])
    found = names.newest_of(old, plan.head.id, plan.head.year, round_.code)
    shown = typed(old)
    if found is None:
        raise wrong_use(
            f"Chưa có kết quả đợt «{round_.code}» năm {plan.head.year} trong {shown}. "
            f"Chạy trước: thidua run {shown} --round {round_.code}"
        )
    run, said = found
    inputs = gather(old, plan, round_, old / names.INBOX, date.today(), progress)
    result, merged = assess(inputs)
    if _settled(result_json(result)) != _settled(said):
        raise wrong_use(
            f"Phiếu, kế hoạch hoặc {names.OFFICE} của {shown} đã khác từ lần chạy {run}, nên không rõ số nào đúng. "
            f"Chạy lại: thidua run {shown} --round {round_.code}, xem kết quả, rồi chạy lại lệnh này."
        )
    known = Known(
        plan,
        round_,
        inputs.office,
        inputs.register,
        {item.unit.code: item for item in result.standings},
        {item.submission.unit: item for item in merged.counted if item.submission.valid},
        inputs.today,
    )
    return LastYear(plan, round_, f"{names.RESULTS}/{run}/{names.JSON}", said, index_values(known))


def _settled(said: dict[str, Any]) -> tuple[Any, ...]:
    """What is carried over rests on these: standings, and which file of each unit counted."""
    counted = [(item["sha256"], item["unit"]) for item in said["files"] if item["verdict"] == Verdict.ACCEPTED.value]
    return said["standings"], sorted(counted)


def index_values(known: Known) -> dict[str, tuple[IndexTold, ...]]:
    """What was said of each index of the round, by everyone who holds it."""
    told: dict[str, list[IndexTold]] = {}
    for unit in known.plan.units_of(known.round):
        for item in known.plan.indices_of(known.round, unit):
            one = year_on_year(known, unit.code, item)
            place = str(one.place) if one.place else ""
            told.setdefault(item.code, []).append(IndexTold(unit.code, one.this_year, place, one.unconfirmed))
    return {code: tuple(dict.fromkeys(values)) for code, values in told.items()}
