"""The five-year story of one plan: four annual rounds finalized one after another, then the final round.

Each year lies in a folder of its own; the register goes from folder to folder, or stays behind as a year's own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from council_sheet import ballots, meet, opened, settle, vote

from thidua_xlsx.model.council import DECIDED_ON, HELD_ON, NUMBER
from thidua_xlsx.model.demo import DemoCampaign
from thidua_xlsx.model.form import PEOPLE
from thidua_xlsx.model.office import COLLECTIVE, INDIVIDUAL, AwardGiven
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.pipeline.finalize import FinalizeOutput, finalize
from thidua_xlsx.pipeline.gather import open_register
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.workbooks.demo_folder import demo_files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]

PLAN = "can-tho-2021-2025"
ANNUAL, FINAL = "hang-nam", "tong-ket"
UNITS, SEED = 14, 5
WHO = ("Ông/Bà", "Họ và tên", "Ngày sinh")


def moved(day: date | None, years: int) -> date | None:
    return day and day.replace(year=day.year + years, day=min(day.day, 28))


def plan_of(year: int) -> Plan:
    """The plan as it stood in that year: its dates moved along; for the final round only its year, as its note says."""
    plan = load_plan(PLAN)
    years = min(0, year - plan.head.year)
    rounds = tuple(
        replace(
            item,
            deadline=moved(item.deadline, years),
            forward_deadline=moved(item.forward_deadline, years),
            decision_date=moved(item.decision_date, years),
        )
        if item.code == ANNUAL
        else item
        for item in plan.rounds
    )
    tasks = tuple(replace(task, due=moved(task.due, years)) for task in plan.tasks)
    return replace(plan, head=replace(plan.head, year=year), rounds=rounds, tasks=tasks)


def campaign(year: int, round_code: str) -> DemoCampaign:
    plan = plan_of(year)
    round_ = plan.round(round_code)
    assert round_
    return invent(plan, round_, SEED, UNITS, False)


def with_people(one: DemoCampaign, people: Mapping[tuple[str, str, str], Any]) -> DemoCampaign:
    """The same persons put forward as in the final round, whatever the invention called them."""
    returns = []
    for item in one.returns:
        known = {
            (PEOPLE, order, header): value for (unit, order, header), value in people.items() if unit == item.unit.code
        }
        own = {key: known.get(key, value) for key, value in item.answers.items()}
        returns.append(replace(item, answers=own))
    return replace(one, returns=tuple(returns))


def laid_down(one: DemoCampaign, folder: Path) -> Path:
    """The folder on disk, without an invented register: what was awarded is what the rounds awarded."""
    for path, data in demo_files(replace(one, register=None), lambda _what, _done, _all: None):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def council(folder: Path, done: RunOutput, number: str, day: date) -> FinalizeOutput:
    """The council follows the proposals and settles ties; the decision is taken down."""
    said = json.loads(done.json)
    seated = Counter(item["quota"] for item in said["decisions"] if item["outcome"] == Outcome.PROPOSED.name)
    left = {quota.code: (quota.seats or 0) - seated[quota.code] for quota in done.result.plan.quotas}
    book, table = opened(done.target / "tong-hop.xlsx")
    vote(table, settle(said, left))
    meet(table, {NUMBER: number, HELD_ON: day.replace(day=1), DECIDED_ON: day})
    book.save(done.target / "tong-hop.xlsx")
    output = finalize(folder, round_code=said["round"], today=day)
    assert [item.message for item in output.findings] == []
    return output


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunOutput, Path]:
    """Four annual rounds, the register carried on or left beside; then the final round, run."""
    home = tmp_path_factory.mktemp("nam-nam")
    final = campaign(2025, FINAL)
    people = {
        (item.unit.code, order, header): value
        for item in final.returns
        for (sheet, order, header), value in item.answers.items()
        if sheet == PEOPLE and header in WHO
    }
    for year in range(2021, 2025):
        folder = laid_down(with_people(campaign(year, ANNUAL), people), home / str(year))
        if year in (2022, 2024):  # the others begin a register of their own
            copy(home / str(year - 1) / "lich-su.xlsx", folder / "lich-su.xlsx")
        done = run_batch(folder, round_code=ANNUAL, today=date(year + 1, 2, 20))
        council(folder, done, f"{year}/QĐ-UBND", date(year + 1, 3, 25))
    folder = laid_down(final, home / "2025")
    # 2021's awards lie in two of them: they count once.
    for year in (2021, 2022):
        copy(home / str(year) / "lich-su.xlsx", folder / f"lich-su-{year}.xlsx")
    copy(home / "2024" / "lich-su.xlsx", folder / "lich-su.xlsx")
    return run_batch(folder, round_code=FINAL, today=date(2026, 2, 20)), folder


def won(folder: Path, subject: str) -> Counter[tuple[object, ...]]:
    """How often each was awarded in the five years, by the registers."""
    register, findings = open_register(folder)
    assert findings == ()

    def who(line: AwardGiven) -> tuple[object, ...]:
        return (line.name, line.birth) if subject == INDIVIDUAL else (line.unit,)

    return Counter(who(line) for line in register.awards if line.subject == subject)


def test_the_registers_of_the_years_are_one(story: tuple[RunOutput, Path]) -> None:
    """Nothing is counted twice, and nothing is lost: what each year's decision gave is there once."""
    _, folder = story
    given = 0
    for year in range(2021, 2025):
        (path,) = (folder.parent / str(year) / "quyet-dinh").glob("*/quyet-dinh.json")
        given += sum(line["decision"] == "KHEN" for line in json.loads(path.read_text("utf-8"))["lines"])
    assert won(folder, COLLECTIVE).total() + won(folder, INDIVIDUAL).total() == given


def test_the_final_round_awards_only_who_won_twice_in_a_high_unit(story: tuple[RunOutput, Path]) -> None:
    done, folder = story
    times = won(folder, INDIVIDUAL)
    ranks = {item.unit.code: item.rank_in_block for item in done.result.standings}
    people = [item for item in done.result.decisions if item.nominee.person]
    seated = [item for item in people if item.outcome in (Outcome.PROPOSED, Outcome.TIED)]
    assert seated
    for item in seated:
        person = item.nominee.person
        assert person
        assert times[person.name, person.birth] >= 2
        assert (ranks[item.nominee.unit.code] or 99) <= 3
    short = [
        item
        for item in people
        if item.nominee.person and times[item.nominee.person.name, item.nominee.person.birth] < 2
    ]
    assert all(item.outcome not in (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE) for item in short)
    failed = [item for item in short if item.outcome is Outcome.INELIGIBLE]
    assert failed
    assert any("bang-khen-2-lan-ca-nhan" in {reason.gate for reason in item.reasons} for item in failed)
    units = won(folder, COLLECTIVE)
    assert all(
        units[(item.nominee.unit.code,)] >= 2
        for item in done.result.decisions
        if item.outcome is Outcome.PROPOSED and not item.nominee.person
    )


def test_empty_places_are_explained(story: tuple[RunOutput, Path]) -> None:
    done, _ = story
    empty = [item for item in done.result.quotas if item.empty]
    assert empty
    assert all("không lấy người không đủ tiêu chuẩn cho đủ số" in item.note for item in empty)


def test_the_final_decision_is_taken_down_once(story: tuple[RunOutput, Path]) -> None:
    """A second finalize changes no byte of the register or of anything else, and says so."""
    done, folder = story
    first = council(folder, done, "88/QĐ-UBND", date(2026, 3, 25))
    assert first.resolved
    assert {item.award for item in first.resolved.resolutions if item.awarded}
    chosen = ballots(json.loads(done.json))
    assert len(chosen) <= len([item for item in first.resolved.resolutions if item.awarded])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = finalize(folder, round_code=FINAL, today=date(2026, 9, 1))
    assert (again.findings, again.target, bool(again.recorded)) == ((), None, False)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
