"""The invented campaigns: valid and winning without faults, and with faults broken exactly where the list says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from first_here import first_here

from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.model.demo import Part, Retyped, Typed
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.office import EVERY
from thidua_xlsx.model.results import Outcome, RunResult, Verdict
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import gather
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.demo.break_some import ERRORS
from thidua_xlsx.stages.demo.figures import OUTSIDE, scorecard
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.demo.size import sized
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.stages.plans.lint_plan import lint
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.retype import retype

IDS = shipped_plan_ids()
ROUNDS = [(plan_id, round_.code) for plan_id in IDS for round_ in load_plan(plan_id).rounds]
FIRST_ROUNDS = [(plan_id, load_plan(plan_id).rounds[0].code) for plan_id in IDS]
UNITS = 12
TODAY = date(2026, 1, 31)
Place = tuple[str, str, str, str]


def run(folder: Path, code: str) -> RunResult:
    plan = load_plan(folder)
    round_ = plan.round(code)
    assert round_
    inputs = gather(folder, plan, round_, folder / "nop", TODAY, lambda *_: None)
    return assess(inputs)[0]


def errors_and_refusals(result: RunResult) -> list[object]:
    """What would make the exit code 1."""
    refused = [item for item in result.files if item.verdict in (Verdict.HELD, Verdict.REJECTED)]
    return [item for item in result.findings if item.severity is Severity.ERROR] + refused


def outcomes(result: RunResult) -> Counter[tuple[str, Outcome]]:
    return Counter((item.nominee.subject, item.outcome) for item in result.decisions)


def listed(folder: Path) -> set[Place]:
    seeded = json.loads((folder / "loi-cai-san.json").read_text("utf-8"))
    return {
        (item["file"], item["sheet"] or "", cell, item["code"]) for item in seeded for cell in item["cells"] or [""]
    }


@pytest.mark.parametrize(("plan_id", "code"), first_here(ROUNDS, 4))
def test_without_faults_everything_is_valid_and_somebody_is_proposed(plan_id: str, code: str, tmp_path: Path) -> None:
    made = make_demo(tmp_path, plan_id, round_code=code, units=UNITS, seed=1, faults="none")
    result = run(tmp_path, code)
    assert made.units == UNITS
    assert not errors_and_refusals(result)
    assert not result.findings, "ngay cả cảnh báo cũng không"
    assert {item.verdict for item in result.files} == {Verdict.ACCEPTED}
    assert all(item.received_by == "co-quan" for item in result.files)
    assert listed(tmp_path) == set()
    told = outcomes(result)
    for subject in {row.subject for row in load_plan(plan_id).quotas}:
        assert told[subject, Outcome.PROPOSED], subject
    assert len({outcome for _, outcome in told}) >= 3


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], tuple[Path, RunResult]]:
    """A campaign with seeded faults and what a run says of it, made once for all tests that look at it."""

    @cache
    def made(plan_id: str, code: str) -> tuple[Path, RunResult]:
        folder = tmp_path_factory.mktemp("dot")
        make_demo(folder, plan_id, round_code=code, units=UNITS, seed=2)
        return folder, run(folder, code)

    return made


Faulty = Callable[[str, str], tuple[Path, RunResult]]


@pytest.mark.parametrize(
    ("plan_id", "code"), first_here(sorted(ROUNDS, key=lambda one: one not in FIRST_ROUNDS), len(FIRST_ROUNDS))
)
def test_what_was_broken_is_found_exactly_where_the_list_says(plan_id: str, code: str, faulty: Faulty) -> None:
    folder, result = faulty(plan_id, code)
    found = {(item.place.file, item.place.sheet, item.place.cell, item.code.name) for item in result.findings}
    # What is no finding about a file's content is told by the file's own record.
    records = {(item.path, "", "", item.code) for item in result.files if item.code}
    broken = listed(folder)
    assert broken - found - records == set()
    assert found - broken == set()
    assert errors_and_refusals(result)
    assert any(outcome is Outcome.PROPOSED for _, outcome in outcomes(result))
    assert any(outcome is Outcome.INVALID for _, outcome in outcomes(result))


@pytest.mark.parametrize(("plan_id", "code"), FIRST_ROUNDS)
def test_every_core_fault_is_seeded_where_the_form_has_a_place_for_it(plan_id: str, code: str, faulty: Faulty) -> None:
    codes = {code for *_, code in listed(faulty(plan_id, code)[0])}
    assert {code.name for code in ERRORS} <= codes
    assert {"LOCKED_CELL_CHANGED", "TOTAL_CHANGED", "CLAIM_DIFFERS", "DUPLICATE", "WRONG_PLAN"} <= codes
    assert ("LATE" in codes) == (last_day(load_plan(plan_id).rounds[0]) is not None)


@pytest.mark.parametrize(("plan_id", "code"), FIRST_ROUNDS)
def test_equals_stand_across_the_cut(plan_id: str, code: str, faulty: Faulty) -> None:
    assert outcomes(faulty(plan_id, code)[1])["collective", Outcome.TIED] == 2


def test_the_same_seed_is_the_same_bytes_and_another_is_not(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder, seed in zip(folders, (5, 5, 6), strict=True):
        make_demo(folder, IDS[-1], units=6, seed=seed)
    first, again, other = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in folders
    )
    assert first == again
    assert first != other


def test_a_demo_runs_from_end_to_end(tmp_path: Path) -> None:
    make_demo(tmp_path, IDS[1], units=5, seed=4)
    output = run_batch(tmp_path, today=TODAY)
    assert output.exit_code == 1
    assert (output.target / "tong-hop.xlsx").is_file()


def test_nothing_is_written_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "cua-toi.txt").write_text("giữ lại")
    with pytest.raises(CampaignError, match="đã có nội dung") as refused:
        make_demo(tmp_path, IDS[0])
    assert refused.value.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cua-toi.txt"]


@pytest.mark.parametrize(("plan_id", "code"), ROUNDS)
@pytest.mark.parametrize("units", [1, 4, 90])
def test_a_plan_of_another_size_is_still_whole(plan_id: str, code: str, units: int) -> None:
    plan = load_plan(plan_id)
    round_ = plan.round(code)
    assert round_
    made = sized(plan, round_, units, seed=1)
    assert not [item for item in lint(made) if item.severity is Severity.ERROR]
    # Two at least: one that the rules name, one that can win.
    assert len(made.units_of(round_)) in ({1, 2} if units == 1 else {units})
    last_ranks = {unit.last_rank for unit in made.units_of(round_) if unit.last_rank}
    assert max(last_ranks, default=0) <= len(made.units_of(round_))


def test_a_person_is_put_forward_by_two_units_and_the_office_chooses_only_without_faults(tmp_path: Path) -> None:
    unproven, chosen = set(), set()
    for faults, seen in (("default", unproven), ("none", chosen)):
        make_demo(tmp_path / faults, IDS[2], units=14, seed=1, faults=faults)
        for item in run(tmp_path / faults, FIRST_ROUNDS[2][1]).decisions:
            if item.nominee.person and item.outcome in (Outcome.UNPROVEN, Outcome.NOT_NOMINATED):
                seen.add((item.nominee.name, item.outcome))
    assert {outcome for _, outcome in unproven} == {Outcome.UNPROVEN}
    assert {outcome for _, outcome in chosen} == {Outcome.NOT_NOMINATED}


def test_the_register_stays_within_the_seats_of_each_year() -> None:
    plan, round_ = next(
        (plan, round_)
        for plan in map(load_plan, IDS)
        for round_ in plan.rounds
        if any("prior_awards" in gate.fact and round_.code in (gate.rounds or (round_.code,)) for gate in plan.gates)
    )
    invented = invent(plan, round_, seed=1)
    assert invented.register
    annual = [
        row for row in plan.quotas if any(item.kind == "annual" and item.code in row.rounds for item in plan.rounds)
    ]
    seats = sum(row.seats or 0 for row in annual)
    a_year = Counter(item.year for item in invented.register)
    assert max(a_year.values()) <= seats
    assert all(item.decided and item.decided.year > item.year for item in invented.register)


def test_figures_lead_to_the_index_that_was_headed_for() -> None:
    from random import Random

    plan = load_plan(IDS[0])
    lines = tuple(line for line in plan.criteria_of(plan.rounds[0], plan.units[0]) if line.method)
    for wanted in (Fraction(98, 100), Fraction(85, 100), Fraction(62, 100)):
        card = scorecard(lines, wanted, Random(1), 2)
        inside = [line for line in lines if line.method not in OUTSIDE]
        points = sum(((card[line.code].points or 0) for line in inside), Fraction(0))
        whole = sum((Fraction(line.max) for line in inside), Fraction(0))
        assert abs(points / whole - wanted) < Fraction(3, 100)


def test_twins_are_equal_and_contenders_ahead() -> None:
    plan = load_plan(IDS[-1])
    invented = invent(plan, plan.rounds[0], seed=1)
    twin = next(role for role in invented.roles if role.twin)
    other = next(role for role in invented.roles if role.unit.code == twin.twin)
    assert twin.quality == other.quality
    rest = [role.quality for role in invented.roles if role.part not in (Part.CONTENDER, Part.CLEAN)]
    assert min(role.quality for role in invented.roles if role.part is Part.CONTENDER) > max(rest)
    assert (EVERY, "") in {key[:2] for key in invented.office.answers}


def test_a_cell_is_typed_over_and_nothing_else() -> None:
    plan = load_plan(IDS[1])
    layout = lay_out(plan, plan.rounds[0], plan.units[0])
    whole = write_form(layout)
    over = [
        Retyped("Chấm điểm", "G8", Typed.FORMULA, "1+0.5"),
        Retyped("Chấm điểm", "E9", Typed.ERROR, "#DIV/0!"),
        Retyped("Chấm điểm", "B9", Typed.TEXT, "Tiêu chí <mới> & khác"),
        Retyped("Thông tin", "C6", Typed.NUMBER, "12.5"),
    ]
    typed = retype(whole, over)
    assert typed == retype(whole, over)
    assert retype(whole, []) == whole
    before, after = (ZipFile(BytesIO(data)) for data in (whole, typed))
    assert before.namelist() == after.namelist()
    assert len([name for name in before.namelist() if before.read(name) != after.read(name)]) == 2
    book = openpyxl.load_workbook(BytesIO(typed))
    values = [book[item.sheet][item.cell].value for item in over]
    assert values == ["=1+0.5", "#DIV/0!", "Tiêu chí <mới> & khác", 12.5]
    with pytest.raises(KeyError, match="ZZ1"):
        retype(whole, [Retyped("Thông tin", "ZZ1", Typed.TEXT, "?")])
