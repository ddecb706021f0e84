"""``diff``: who moved between two runs, and the very cell that it is because of."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from generate import TODAY

from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import JSON, OFFICE, RESULTS
from thidua_xlsx.cli.main import main
from thidua_xlsx.model.form import FIGURES, NO, PEOPLE, SCORES, YES, Answer, Asks
from thidua_xlsx.model.kept import Kept, KeptCell
from thidua_xlsx.model.office import CONFIRMATION, RECEPTION, REGISTER, AwardGiven, Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.submission import Mark
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.diff import diff_runs
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.stages.years.compare import changes, paired
from thidua_xlsx.stages.years.differ import differ
from thidua_xlsx.workbooks.kept_answers import KEPT, kept_bytes, read_kept
from thidua_xlsx.workbooks.kept_return import _typed


@dataclass(frozen=True)
class Story:
    """Runs of one campaign, one after another, and what was done between them."""

    folder: Path
    first: RunOutput
    resent: RunOutput
    again: RunOutput
    confirmed: RunOutput
    without: RunOutput
    unit: str
    cell: Place
    cell_before: str
    office_cell: Place
    office_before: str
    absent: str


def retype(folder: Path, place: Place, value: object) -> str:
    """Another value in one cell; gives what stood there."""
    book = openpyxl.load_workbook(folder / place.file)
    before = str(book[place.sheet][place.cell].value)
    book[place.sheet][place.cell].value = value
    book.save(folder / place.file)
    return before


def first_figure(folder: Path, file: str, line: str) -> Place:
    """Where a form has the first figure of a line of the scorecard."""
    sheet = openpyxl.load_workbook(folder / file)[SCORES]
    column = next(cell.column_letter for row in sheet.iter_rows() for cell in row if cell.value == FIGURES[0])
    row = next(cell.row for cell in sheet["A"] if cell.value == line)
    return Place(file, SCORES, f"{column}{row}")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("diff") / "dot"
    make_demo(folder, "soc-trang-2025", units=6, seed=7, faults="none")

    def run() -> RunOutput:
        return run_batch(folder, today=TODAY)

    first = run()
    # The best unit sends its form again: of one ratio nothing was done.
    best = min(first.result.standings, key=lambda item: item.rank or 0)
    line = next(item.line.code for item in best.scores if item.line.method == "ratio_floor" and item.points)
    returned = next(item.path for item in first.result.files if item.unit == best.unit.code)
    cell = first_figure(folder, returned, line)
    cell_before = retype(folder, cell, 0)
    resent, again = run(), run()
    # The office finds in «Xác nhận» that somebody proposed did not do what was asked.
    office_cell = next(
        place
        for item in again.result.decisions
        if item.outcome is Outcome.PROPOSED and item.nominee.person is None
        for gate in item.gates
        for place in gate.reason.places
        if (place.file, place.sheet) == (OFFICE, CONFIRMATION) and gate.reason.observed == YES
    )
    office_before = retype(folder, office_cell, NO)
    confirmed = run()
    absent = next(item.nominee.unit.code for item in confirmed.result.decisions if item.outcome is Outcome.PROPOSED)
    (folder / next(item.path for item in confirmed.result.files if item.unit == absent)).unlink()
    return Story(
        folder, first, resent, again, confirmed, run(), best.unit.code, cell, cell_before, office_cell, office_before,
        absent,
    )  # fmt: skip


def points_of(run: RunOutput, unit: str) -> str:
    said = json.loads(run.json)
    return str(next(item["points"] for item in said["standings"] if item["unit"] == unit)).replace(".", ",")


def test_one_cell_sent_again_is_named(story: Story) -> None:
    found = diff_runs(story.first.target, story.resent.target)
    own = next(item for item in found.moved if item.unit == story.unit)
    (cause,) = own.causes
    assert cause.what.startswith(str(story.cell))
    assert (cause.before, cause.after) == (story.cell_before, "0")
    moves = {step.what: (step.before, step.after) for step in own.moves}
    assert moves["điểm"] == (points_of(story.first, story.unit), points_of(story.resent, story.unit))
    assert "hạng chung" in moves
    others = [item for item in found.moved if item.unit != story.unit]
    assert others, "somebody else is first now"
    assert not any(item.causes for item in others), "nobody else sent anything"
    assert all(item.others == (story.unit,) for item in others)
    assert not found.plan


def test_the_page_names_the_cell(story: Story) -> None:
    done = CliRunner().invoke(main, ["diff", str(story.folder / RESULTS / "lan-001"), "lan-002"])
    assert done.exit_code == 0
    assert str(story.cell) in done.output
    assert f"{story.cell_before} → 0" in done.output
    assert f"do thay đổi của đơn vị khác: {story.unit}" in done.output
    assert "số liệu của chính đơn vị không đổi" in done.output


PEOPLE_BEFORE = [("An", "1990-01-01", 1), ("Bình", "1991-01-01", 2), ("Cường", None, 3)]


@pytest.mark.parametrize(
    ("people", "pairs"),
    [
        ([("An", "1990-10-01", 1), ("Bình", "1991-01-01", 2), ("Cường", "1980-02-03", 3)], 3),
        ([("AN", "1990-01-01", 4), ("Bính", "1991-01-01", 2), ("Cường", None, 3)], 3),
        ([("Dũng", "1970-01-01", 1), ("Bình", "1991-01-01", 2), ("Cường", None, 3)], 2),
    ],
)
def test_a_corrected_person_is_one_and_another_person_is_not(
    people: list[tuple[str, str | None, int]], pairs: int
) -> None:
    def said(named: list[tuple[str, str | None, int]], outcome: Outcome) -> dict[str, object]:
        persons = [dict(zip(("name", "birth", "order"), item, strict=True)) for item in named]
        return {"decisions": [{"unit": "VP", "person": one, "outcome": outcome.name} for one in persons]}

    before, after = said(PEOPLE_BEFORE, Outcome.INVALID), said(people, Outcome.PROPOSED)
    found = list(paired(before, after))
    assert sum(bool(was and now) for _, was, now in found) == pairs
    assert len(found) == len(people) + len(PEOPLE_BEFORE) - pairs
    shown = changes({**before, "standings": []}, {**after, "standings": []}, {"VP": "Văn phòng"})
    assert sum("không có" in (item.before, item.after) for item in shown) == len(found) - pairs


def cells(**texts: str) -> dict[tuple[str, ...], KeptCell]:
    """Typed cells of persons by the order of each."""
    return {(PEOPLE, order[1:], "Ngày sinh"): KeptCell(f"{PEOPLE} {order}", text) for order, text in texts.items()}


def test_each_is_told_its_own_causes_alone() -> None:
    def said(outcome: Outcome) -> dict[str, object]:
        persons = [{"name": f"Người {order}", "birth": None, "order": order} for order in (1, 2)]
        own = [{"unit": "A", "person": one, "outcome": outcome.name, "quota": None} for one in persons]
        other = {"unit": "B", "person": None, "outcome": outcome.name, "quota": None}
        file = {"path": "nop/C.xlsx", "member": None, "sha256": "c0", "unit": "C"}
        return {"files": [file], "standings": [], "decisions": [*own, other]}

    def line(text: str) -> KeptCell:
        return KeptCell(text, text)

    was = Kept({"A": cells(p1="1", p2="2")}, {(RECEPTION, "c0"): line("Nhận"), (RECEPTION, "x"): line("Nhận")})
    now = Kept({"A": cells(p1="9", p2="2")}, {(CONFIRMATION, "A", "2", "q"): line("Có")})
    found = differ(said(Outcome.RESERVE), said(Outcome.PROPOSED), was, now)
    first, second, other = found.moved
    assert [step.what for step in first.causes] == [f"{PEOPLE} p1"]
    assert [step.what for step in second.causes] == ["Có"]
    assert (other.causes, other.others) == ((), ("A", "C"))
    assert {step.before for step in found.idle} == {"Nhận"}


def test_days_and_fractions_are_kept_as_people_read_them() -> None:
    def mark(text: str, value: date | Decimal) -> str:
        return _typed(Mark(Answer(Asks.TEXT, "Ô"), text, value, place=Place(), row=1))

    assert mark("45789", date(2025, 5, 12)) == "12/05/2025"
    assert mark("88.5", Decimal("88.5")) == "88,5"
    assert mark("1.200", Decimal(1200)) == "1.200", "read as thousands: what was typed stays"


def test_a_line_of_any_register_is_kept_with_its_file_and_each_of_two_equal_ones() -> None:
    plan = load_plan("can-tho-2021-2025")
    places = [Place("lich-su.xlsx", REGISTER, "A5"), Place("lich-su 2023.xlsx", REGISTER, "A9")]
    line = AwardGiven(2023, "", "", "collective", "KT", "KT", None, "Bằng khen", "", None)
    awards = tuple(replace(line, place=place) for place in places)
    kept = read_kept(kept_bytes(plan, Office(), Register(awards, known=True), ()), OFFICE)
    assert [cell.where for cell in kept.register.values()] == [f"{place.file}, {place.cell}" for place in places]


def test_two_runs_of_the_same_differ_in_nothing(story: Story) -> None:
    found = diff_runs(story.resent.target, story.again.target)
    assert found.named
    assert (found.moved, found.idle, found.plan) == ((), (), ())


def test_a_line_of_the_office_is_named(story: Story) -> None:
    found = diff_runs(story.again.target, story.confirmed.target)
    fallen = [item for item in found.moved if item.moves[0].after == Outcome.INELIGIBLE.value]
    causes = [step for item in fallen for step in item.causes]
    assert causes
    assert all(str(story.office_cell) in step.what for step in causes)
    assert {(step.before, step.after) for step in causes} == {(story.office_before, NO)}


def test_a_return_that_is_gone_is_the_cause(story: Story) -> None:
    found = diff_runs(story.confirmed.target, story.without.target)
    own = next(item for item in found.moved if item.unit == story.absent)
    assert own.moves[0].after == Outcome.NOT_RETURNED.value
    assert any(step.what == f"phiếu của {story.absent}" for step in own.causes)


def test_runs_of_different_rounds_and_no_runs_are_wrong_use(story: Story, tmp_path: Path) -> None:
    other = tmp_path / "khac"
    other.mkdir()
    (other / JSON).write_text(json.dumps({**json.loads(story.first.json), "round": "khac"}), "utf-8")
    for one, told in ((other, "khác đợt xét"), (tmp_path / "khong-co", "không phải thư mục kết quả")):
        with pytest.raises(CampaignError, match=told) as raised:
            diff_runs(story.first.target, one)
        assert raised.value.exit_code == 2


@pytest.mark.parametrize("kept", [None, b"no gzip", b"\x1f\x8b\x08\x00cut"])
def test_a_run_that_kept_nothing_still_tells_who_moved(kept: bytes | None, story: Story, tmp_path: Path) -> None:
    (tmp_path / JSON).write_bytes(story.resent.json)
    if kept is not None:
        (tmp_path / KEPT).write_bytes(kept)
    found = diff_runs(story.first.target, tmp_path)
    assert found.moved
    assert not found.named
    done = CliRunner().invoke(main, ["diff", str(story.first.target), str(tmp_path)])
    assert "không nêu được ô" in done.output
