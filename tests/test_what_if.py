"""``run --set``: any value of the plan, tried out, marked in every output, and never the campaign's result."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from generate import TODAY

from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import JSON, LOCK, OFFICE, RESULTS, SUMMARY, next_run
from thidua_xlsx.cli.main import main
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.language import TABLES
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.plans import PlanFaults, load_plan
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.pipeline.what_if import next_trial, with_changes
from thidua_xlsx.stages.plans.plan_changes import changed_plan, names_of, read_setting
from thidua_xlsx.workbooks.kept_answers import KEPT
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.summary.page import TRIAL_TEXT

SEATS = "quota.tap-the.seats=1"
VALUES = (SEATS, "round.hang-nam.total_collectives=1")
PLAN = load_plan("soc-trang-2025")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


@dataclass(frozen=True)
class Trials:
    """A run, and a trial after it; what lay in the folder before and after the trial."""

    folder: Path
    usual: RunOutput
    trial: RunOutput
    before: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    folder = tmp_path_factory.mktemp("thu") / "dot"
    make_demo(folder, PLAN.head.id, units=6, seed=7, faults="none")
    usual = run_batch(folder, today=TODAY)
    before = tree(folder)
    trial = run_batch(folder, today=TODAY, settings=[SEATS])
    return Trials(folder, usual, trial, before, tree(folder))


def test_a_trial_changes_nothing_but_its_own_folder(trials: Trials) -> None:
    assert trials.trial.target == trials.folder / RESULTS / "thu-001"
    assert {name: trials.after[name] for name in trials.before} == trials.before
    new = set(trials.after) - set(trials.before)
    assert new == {f"{RESULTS}/thu-001/{name}" for name in (SUMMARY, JSON, KEPT)}
    assert next_trial(trials.folder) == "thu-002"
    assert next_run(trials.folder) == "lan-002"


def test_a_trial_before_any_run_makes_no_workbook_for_the_office(trials: Trials, tmp_path: Path) -> None:
    for name in ("ke-hoach.toml", "nop"):
        source = trials.folder / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    done = CliRunner().invoke(main, ["run", str(tmp_path), "--set", SEATS, "--today", TODAY.isoformat()])
    assert TRIAL_TEXT in done.output
    assert not (tmp_path / OFFICE).exists()
    assert {path.name for path in (tmp_path / RESULTS).iterdir()} == {"thu-001"}


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_the_trial_is_marked_in_every_output_and_only_the_trial(trials: Trials) -> None:
    assert json.loads((trials.trial.target / JSON).read_bytes())["trial"] == list(VALUES)
    assert "trial" not in json.loads((trials.usual.target / JSON).read_bytes())
    for output, marked in ((trials.trial, True), (trials.usual, False)):
        for sheet in openpyxl.load_workbook(output.target / SUMMARY):
            texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
            assert (TRIAL_TEXT in texts) is marked, sheet.title
            assert any(SEATS in text for text in texts) is marked, sheet.title
            assert (TRIAL_TEXT in str(sheet.oddFooter.left.text)) is marked


def test_fewer_seats_seat_fewer(trials: Trials) -> None:
    seated = [
        sum(item.outcome is Outcome.PROPOSED and item.nominee.person is None for item in one.result.decisions)
        for one in (trials.usual, trials.trial)
    ]
    assert seated[1] < seated[0]
    assert seated[1] <= 1


def test_forms_are_read_as_they_were_issued(trials: Trials, tmp_path: Path) -> None:
    """Words of a method held otherwise would make every form outdated, if they were not only supposed."""
    usual = trials.usual.result
    line = next(item.line for item in usual.standings[0].scores if item.line.method == "count" and item.points)
    settings = [f"criterion.{line.code}.parameters=each = 0.01"]
    trial = run_batch(trials.folder, today=TODAY, out=tmp_path / "b", settings=settings).result
    assert [item.verdict for item in trial.files] == [item.verdict for item in usual.files]
    assert [item.points for item in trial.standings] != [item.points for item in usual.standings]
    # Readers have compared the claims with the points of the plan as issued; the trial compares them with its own.
    assert {item.code for item in trial.findings} - {item.code for item in usual.findings} == {Code.CLAIM_DIFFERS}


def test_a_setting_may_use_the_words_of_the_plan_workbook() -> None:
    words = "Số lượng.tap-the.Số suất=1"
    assert read_setting(PLAN, words) == read_setting(PLAN, SEATS)
    assert read_setting(PLAN, words)[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("quota.tap-the.seat=5", "có phải là «seats»"),
        ("quota.tap-te.seats=5", "có phải là «tap-the»"),
        ("quotas.tap-the.seats=5", "có phải là «quota»"),
        ("gate.doan-ket.value=5", "collective.doan-ket, individual.doan-ket"),
        ("quota.tap-the.seats", "Viết bảng.mã.cột=giá trị"),
        ("seats=5", "Viết bảng.mã.cột=giá trị"),
    ],
)
def test_a_mistyped_setting_is_wrong_use(text: str, told: str) -> None:
    with pytest.raises(CampaignError) as raised:
        with_changes(PLAN, [text])
    assert told in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("quota.tap-the.seats=nhiều", "PLAN_VALUE_KIND"),
        ("quota.tap-the.blocks=khong-co", "PLAN_UNKNOWN_CODE"),
        ("criterion.1.1.1.max=7", "PLAN_SUM"),
        ("unit.VHXH.name=", "PLAN_VALUE_MISSING"),
    ],
)
def test_a_value_that_makes_no_plan_is_a_fault_of_the_plan(text: str, code: str) -> None:
    with pytest.raises(PlanFaults) as raised:
        with_changes(PLAN, [text])
    assert code in {item.code.name for item in raised.value.findings}


def test_stated_totals_follow_the_seats_unless_they_are_set_themselves() -> None:
    made, told = with_changes(PLAN, [SEATS])
    assert made.rounds[0].total_collectives == 1
    assert told == VALUES
    with pytest.raises(PlanFaults):
        with_changes(PLAN, [SEATS, "round.hang-nam.total_collectives=4"])


@pytest.mark.parametrize("plan_id", shipped_plan_ids())
def test_every_row_of_every_plan_has_a_name_and_its_own_value_changes_nothing(plan_id: str) -> None:
    plan = load_plan(plan_id)
    for table in TABLES:
        for number, row in enumerate(plan.table(table.name) if table.name != "plan" else ()):
            found = [read_setting(plan, f"{table.name}.{name}.{table.keys[0].name}=x")[0] for name in names_of(row)]
            assert number in [item.row for item in found if item], (table.name, names_of(row))
    same, told, findings = changed_plan(plan, [])
    assert (same, told) == (plan, ())
    assert not [item for item in findings if item.severity.value == "error"]
