"""What a unit gets back: correcting the red cells of ``phan-hoi``, and nothing else, is all that is left to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from clerk import Truth, as_typed, asked_by, corrected, linked, opened, red
from filled_return import PLAN, PLAN_TEXT, address_of, layout_of, plan_of, valid_answers
from first_here import first_here
from generate import SAMPLES, SEED, TODAY, UNITS, clean_sample

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.model.demo import DemoCampaign
from thidua_xlsx.model.findings import Code, Severity, lines
from thidua_xlsx.model.form import (
    CLAIM,
    DONE,
    DOSSIER,
    FIRST_ROW,
    INFORMATION,
    NOMINATES_ITSELF,
    PEOPLE,
    SCORES,
    TASKS,
)
from thidua_xlsx.model.office import Office, Reception, Register
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Outcome, RunResult, Verdict
from thidua_xlsx.pipeline.assess import assess, read_returns
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import Inputs, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.demo import invent as inventing
from thidua_xlsx.stages.intake.feedback import feedback
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.intake.receive import ReturnedFile, Seen
from thidua_xlsx.workbooks.form.styles import DOUBTFUL_FILL
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_book

ROUNDS = [(plan_id, round_.code) for plan_id in shipped_plan_ids() for round_ in load_plan(plan_id).rounds]


def truth_of(plan: Plan, round_: Round, units: int | None, seed: int) -> dict[str, Truth]:
    """What each unit would have answered had nobody broken its form."""
    kept: list[DemoCampaign] = []

    def keep(campaign: DemoCampaign, _shared: object, _seed: int) -> DemoCampaign:
        kept.append(campaign)
        return campaign

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inventing, "break_some", keep)
        inventing.invent(plan, round_, seed, units, True)
    return {item.unit.code: item.answers for item in kept[0].returns}


def units_with_errors(result: RunResult) -> set[str]:
    return {item.unit for item in result.findings if item.severity is Severity.ERROR and item.unit}


def counting_file(result: RunResult, unit: str) -> str:
    (record,) = (item for item in result.files if item.unit == unit and item.verdict is Verdict.ACCEPTED)
    return record.path


def run_in_full(folder: Path, round_code: str | None, out: Path) -> tuple[RunResult, dict[str, bytes]]:
    """What is published, and the feedback workbooks among it."""
    done = run_batch(folder, round_code=round_code, out=out, today=TODAY)
    return done.result, {path.stem: path.read_bytes() for path in (done.target / names.FEEDBACK).glob("*.xlsx")}


def run_without_summary(folder: Path, round_code: str | None, _out: Path) -> tuple[RunResult, dict[str, bytes]]:
    """The same, without the council's workbook: reading, judging and answering the units."""
    plan = load_plan(folder)
    round_ = choose_round(plan, round_code)
    result, merged = assess(gather(folder, plan, round_, folder / names.INBOX, TODAY, lambda *_: None))
    told = feedback(merged, result.files, plan, round_)
    return result, {item.unit: write_form(item.layout, item.answers, item.corrections) for item in told}


Run = Callable[[Path, str | None, Path], tuple[RunResult, dict[str, bytes]]]


def correct_all(folder: Path, truth: dict[str, Truth], out: Path, run: Run, round_code: str | None = None) -> int:
    """Runs, has every unit correct its feedback workbook, and runs again: nobody's form has an error any more."""
    before, told = run(folder, round_code, out / "truoc")
    assert set(told) == units_with_errors(before)
    for unit, workbook in told.items():
        (folder / counting_file(before, unit)).write_bytes(corrected(workbook, truth[unit]))
    after, more = run(folder, round_code, out / "sau")
    assert not units_with_errors(after)
    assert not [item.nominee for item in after.decisions if item.outcome is Outcome.INVALID]
    assert not more
    assert all(counting_file(after, unit) for unit in told)
    return len(told)


@pytest.mark.parametrize("plan_id", first_here(shipped_plan_ids()))
def test_correcting_the_red_cells_of_a_sample_makes_every_unit_valid(plan_id: str, tmp_path: Path) -> None:
    plan = load_plan(SAMPLES / plan_id)
    truth = truth_of(load_plan(plan_id), plan.rounds[0], min(UNITS, len(load_plan(plan_id).units)), SEED)
    assert correct_all(clean_sample(plan_id, tmp_path / "dot"), truth, tmp_path, run_without_summary)


@pytest.mark.slow
@pytest.mark.parametrize(("plan_id", "round_code"), ROUNDS)
def test_correcting_the_red_cells_of_any_round_makes_every_unit_valid(
    plan_id: str, round_code: str, tmp_path: Path
) -> None:
    plan = load_plan(plan_id)
    make_demo(tmp_path / "dot", plan_id, round_code=round_code, units=10, seed=3)
    truth = truth_of(plan, next(item for item in plan.rounds if item.code == round_code), 10, 3)
    assert correct_all(tmp_path / "dot", truth, tmp_path, run_in_full, round_code)


# Whatever else a clerk may do to a form, in the small plan

Typed = Callable[[Any], None]


def sent_back(files: dict[str, bytes], office: Office = Office(), seen: Mapping[str, Seen] | None = None,  # noqa: B008
              plan: Plan = PLAN) -> tuple[Merged, dict[str, bytes]]:  # fmt: skip
    """A run over these files, in memory: what counts, and the feedback workbooks by unit."""
    returned = tuple(
        ReturnedFile(path, sha256(data).hexdigest(), read_book(data)) for path, data in sorted(files.items())
    )
    layouts = {unit.code: layout_of(unit.code, plan) for unit in plan.units}
    inputs = Inputs(
        plan=plan,
        round=plan.rounds[0],
        files=returned,
        office=office,
        register=Register(),
        first_seen=seen or {},
        findings=(),
        today=TODAY,
    )
    merged, records, _ = read_returns(inputs, layouts)
    told = feedback(merged, (*records, *merged.records), plan, plan.rounds[0])
    return merged, {item.unit: write_form(item.layout, item.answers, item.corrections) for item in told}


def spoiled(spoil: Typed, people: int = 3, plan: Plan = PLAN) -> bytes:
    """A valid return of the small plan, after a hand has been at it."""
    layout = layout_of("VP", plan)
    book = opened(write_form(layout, valid_answers(layout, plan, people)))
    for sheet in book:
        sheet.protection.disable()
    spoil(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed(sheet: str, code: str, header: str, value: object) -> Typed:
    def spoil(book: Any) -> None:
        book[sheet][address_of(layout_of(), sheet, code, header)].value = value

    return spoil


def cleared(sheet: str, *cells: tuple[str, str]) -> Typed:
    def spoil(book: Any) -> None:
        for code, header in cells:
            typed(sheet, code, header, None)(book)

    return spoil


def several(*spoils: Typed) -> Typed:
    def spoil(book: Any) -> None:
        for one in spoils:
            one(book)

    return spoil


def without_column(sheet: str, header: str) -> Typed:
    def spoil(book: Any) -> None:
        asked = layout_of().sheet(sheet)
        assert asked is not None
        book[sheet].delete_cols(asked.column_of(header))

    return spoil


def row_copied(book: Any) -> None:
    page = book[SCORES]
    for column in range(1, 8):
        page.cell(30, column).value = page.cell(8, column).value


def person_again(book: Any) -> None:
    page = book[PEOPLE]
    for column in range(2, page.max_column + 1):
        page.cell(8, column).value = page.cell(6, column).value


STATE, DATE = "Tình trạng", "Ngày hoàn thành"
SPOILS: dict[str, Typed] = {
    "sheet deleted": lambda book: book.remove(book[SCORES]),
    "sheet of persons deleted": lambda book: book.remove(book[PEOPLE]),
    "sheet that says whether it proposes itself deleted": lambda book: book.remove(book[INFORMATION]),
    "row deleted": lambda book: book[SCORES].delete_rows(8),
    "row copied to the end": row_copied,
    "codes of two rows exchanged": several(typed(SCORES, "1.1", "Mã", "1.3"), typed(SCORES, "1.3", "Mã", "1.1")),
    "column deleted": without_column(SCORES, CLAIM),
    "column of codes deleted": without_column(TASKS, "Mã"),
    "figures above the whole": typed(SCORES, "1.2", "Số liệu 1", 999),
    "nothing said on whether it proposes itself, and nothing else answered": cleared(
        INFORMATION, (NOMINATES_ITSELF, "Trả lời"), ("doan-ket", "Trả lời"), ("sang-kien", "Trả lời")
    ),
    "the same with the papers": several(
        cleared(INFORMATION, (NOMINATES_ITSELF, "Trả lời")), cleared(DOSSIER, ("bao-cao", "Đã có"))
    ),
    "state of a task misspelled, without its date": several(
        typed(TASKS, "NV1", STATE, "đã xong rồi"), cleared(TASKS, ("NV1", DATE))
    ),
    "state of a task left out with its date": cleared(TASKS, ("NV1", STATE), ("NV1", DATE)),
    "completed without its date": several(typed(TASKS, "NV1", STATE, DONE), cleared(TASKS, ("NV1", DATE))),
    "person without an order": lambda book: book[PEOPLE].cell(7, 1, "").__setattr__("value", None),
    "two persons at one order": lambda book: book[PEOPLE].cell(7, 1, 1),
    "order in words": lambda book: book[PEOPLE].cell(7, 1, "thứ nhì"),
    "the same person twice": person_again,
    "birth in words": typed(PEOPLE, "2", "Ngày sinh", "năm 1980"),
    "text of an old font": typed(PEOPLE, "1", "Họ và tên", "NguyÔn V¨n B¶y"),
    "claim too high": typed(SCORES, "1.1", CLAIM, 100),
    "a text far too long": typed(INFORMATION, "mo-ta", "Trả lời", "rất " * 400),
}


@cache
def answered_for(habit: str) -> tuple[Merged, bytes]:
    """What is said of a form after this habit, and its feedback workbook."""
    merged, told = sent_back({"nop/VP.xlsx": spoiled(SPOILS[habit])})
    return merged, told["VP"]


@pytest.mark.parametrize("habit", SPOILS)
def test_correcting_the_red_cells_undoes_any_habit(habit: str) -> None:
    layout = layout_of()
    truth = valid_answers(layout, people=3)
    before, told = answered_for(habit)
    assert any(item.severity is Severity.ERROR for item in before.findings)
    right = corrected(told, truth)
    after, more = sent_back({"nop/VP.xlsx": right})
    assert [item.message for item in after.findings if item.severity is Severity.ERROR] == []
    assert not more
    kept = {
        (row.sheet, row.code, header): mark.value
        for row in after.counted[0].submission.rows
        for header, mark in row.marks.items()
        if not mark.blank
    }
    wanted = {key: value for key, value in truth.items() if key[0] != PEOPLE}
    assert {key: value for key, value in kept.items() if key[0] != PEOPLE} == wanted, "nothing that was right is lost"
    if habit != "sheet of persons deleted":
        assert len({code for sheet, code, _ in kept if sheet == PEOPLE}) == 3


@pytest.mark.parametrize("habit", SPOILS)
def test_every_line_leads_to_what_must_be_done(habit: str) -> None:
    """Links lead to red cells; a red cell explains itself; every sheet with red cells stands in the list."""
    book = opened(answered_for(habit)[1])
    marked = {(sheet, cell.coordinate) for sheet, cell in red(book)}
    assert {sheet for sheet, _ in marked} <= {sheet for sheet, _ in linked(book)}
    for sheet, cell in linked(book):
        page = book[sheet][cell]
        assert page.comment or not any(other == sheet for other, _ in marked)
    assert all(book[sheet][cell].comment for sheet, cell in marked)


def test_a_unit_that_sent_two_versions_is_told_where_they_differ_and_its_answer_settles_it() -> None:
    """Nobody knows which came later: the common answers stand, the others are asked once more."""
    truth = valid_answers(layout_of())
    files = {
        f"nop/VP{number}.xlsx": spoiled(
            several(typed(SCORES, "1.2", "Số liệu 1", first), typed(PEOPLE, "1", "Chức vụ", post)), people=2
        )
        for number, first, post in ((1, 8, "Chuyên viên"), (2, 9, "Phó phòng"))
    }
    held, told = sent_back(files)
    assert not held.counted
    book = opened(told["VP"])
    asked = {asked_by(book, sheet, cell) for sheet, cell in red(book)}
    assert asked == {(SCORES, "1.2", "Số liệu 1"), (PEOPLE, "1", "Chức vụ")}
    words = [line[5].value for line in book["Lỗi cần sửa"].iter_rows(min_row=FIRST_ROW) if line[5].value]
    assert any("nop/VP1.xlsx, nop/VP2.xlsx" in text for text in words)
    assert any("«8»; «9»" in text for text in words)
    earlier = {sha256(data).hexdigest(): Seen(TODAY, 1) for data in files.values()}
    after, more = sent_back({**files, "nop/VP3.xlsx": corrected(told["VP"], truth)}, seen=earlier)
    assert [item.submission.file for item in after.counted] == ["nop/VP3.xlsx"]
    assert after.counted[0].submission.valid
    assert not more


NEWER_PLAN = plan_of(
    PLAN_TEXT.replace('name = "Một cửa"', 'name = "Một cửa điện tử"').replace(
        '{code = "mo-ta"', '{code = "hoc-tap", label = "Lớp tập huấn", subject = "collective", type = "integer", '
        'required = true},\n  {code = "mo-ta"'
    )
)  # fmt: skip


def test_a_return_on_an_outdated_form_comes_back_as_the_new_form_with_the_old_answers() -> None:
    old = spoiled(lambda _: None, people=2)
    held, told = sent_back({"nop/VP.xlsx": old}, plan=NEWER_PLAN)
    assert [item.code for item in held.findings] == [Code.OUTDATED_FORM]
    layout = layout_of("VP", NEWER_PLAN)
    truth = valid_answers(layout, NEWER_PLAN)
    book = opened(told["VP"])
    assert {asked_by(book, sheet, cell) for sheet, cell in red(book)} == {(INFORMATION, "hoc-tap", "Trả lời")}
    row = next(row for row in book[SCORES].iter_rows() if row[0].value == "5")
    assert row[6].fill.fgColor.rgb == f"FF{DOUBTFUL_FILL[1:]}", "answered, but asked in other words"
    after, more = sent_back({"nop/VP.xlsx": corrected(told["VP"], truth)}, plan=NEWER_PLAN)
    assert after.counted[0].submission.valid
    assert not after.counted[0].received.older
    assert not more


def test_a_file_that_nobody_can_read_is_answered_where_the_office_says_whose_it_is() -> None:
    files = {"nop/quet.xlsx": b"%PDF-1.4 "}
    assert sent_back(files)[1] == {}
    office = Office((Reception("nop/quet.xlsx", "", "KT", None, "", "", ""),))
    _, told = sent_back(files, office)
    book = opened(told["KT"])
    assert "tệp PDF" in book["Lỗi cần sửa"].cell(FIRST_ROW + 1, 6).value
    layout = layout_of("KT")
    complete = write_form(layout, valid_answers(layout))
    after, more = sent_back({"nop/KT.xlsx": complete}, office)
    assert after.counted[0].submission.valid
    assert not more


def test_the_same_fault_of_many_cells_has_a_link_for_each() -> None:
    """Grouped in the council's workbook, one line a cell in the unit's: nothing is capped."""
    blank = several(*(cleared(SCORES, (code, CLAIM)) for code in ("1.1", "1.2", "1.3", "1.4", "2", "3", "4", "5")))
    merged, told = sent_back({"nop/VP.xlsx": spoiled(blank)})
    (line,) = lines(item for item in merged.findings if item.code is Code.MISSING_ANSWER)
    book = opened(told["VP"])
    assert len(line.cells) == 8
    assert [cell for _, cell in linked(book)] == list(line.cells)


def test_whoever_wants_to_see_it_is_shown_the_points_so_far(tmp_path: Path) -> None:
    """With --all-feedback everyone who sent something gets an answer: points and warnings, and no rank."""
    plan_id = min(shipped_plan_ids(), key=lambda plan_id: len(load_plan(plan_id).criteria))
    folder = clean_sample(plan_id, tmp_path / "dot")
    done = run_batch(folder, out=tmp_path / "lan", today=TODAY, all_feedback=True)
    told = {path.stem: opened(path.read_bytes()) for path in (done.target / names.FEEDBACK).iterdir()}
    scored = {item.unit.code: item for item in done.result.standings}
    assert set(told) >= scored.keys() | units_with_errors(done.result)
    assert len(told) > len(units_with_errors(done.result))
    for unit, standing in scored.items():
        *lines_, total = told[unit]["Điểm tạm tính"].iter_rows(min_row=FIRST_ROW, values_only=True)
        assert [line[0] for line in lines_] == [score.line.code for score in standing.scores]
        points = [score.points for score in standing.scores if score.applicable]
        assert [line[6] for line in lines_ if line[6] != "–"] == [
            "?" if value is None else pytest.approx(float(value), abs=0.00501) for value in points
        ]
        if standing.points is not None:
            assert total[6] == pytest.approx(float(standing.points), abs=0.00501)
    assert not [unit for unit, book in told.items() if "Điểm tạm tính" in book.sheetnames and unit not in scored]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_unit_corrects_its_feedback_in_libreoffice(tmp_path: Path) -> None:
    """With the drop-downs and locks of the form, typed as a Vietnamese desk types."""
    python = next((path for path in ("/usr/bin/python3", sys.executable) if speaks_to_office(path)), None)
    if python is None:
        pytest.skip("no Python with uno")
    habits = ("figures above the whole", "state of a task left out with its date", "birth in words", "claim too high")
    truth = valid_answers(layout_of(), people=3)
    _, told = sent_back({"nop/VP.xlsx": spoiled(several(*(SPOILS[habit] for habit in habits)))})
    (tmp_path / "phan-hoi.xlsx").write_bytes(told["VP"])
    book = opened(told["VP"])
    keys = [
        [sheet, cell.coordinate, as_typed(truth.get(asked_by(book, sheet, cell)))] for sheet, cell in red(book)
    ]
    job = {"form": str(tmp_path / "phan-hoi.xlsx"), "saved": str(tmp_path / "nop.xlsx"), "typed": keys}
    (tmp_path / "jobs.json").write_text(json.dumps([job]), "utf-8")
    typing = Path(__file__).with_name("type_in_libreoffice.py")
    subprocess.run(
        [python, typing, tmp_path / "jobs.json", tmp_path / "profile"], check=True, timeout=180, capture_output=True
    )
    after, more = sent_back({"nop/VP.xlsx": (tmp_path / "nop.xlsx").read_bytes()})
    assert [item.message for item in after.findings if item.severity is Severity.ERROR] == []
    assert not more


def speaks_to_office(python: str) -> bool:
    return subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0


def test_what_was_read_leniently_is_told_beside_the_faults_and_alone_makes_no_feedback() -> None:
    lenient = typed(INFORMATION, NOMINATES_ITSELF, "Trả lời", "x")
    _, nothing = sent_back({"nop/VP.xlsx": spoiled(lenient)})
    assert "VP" not in nothing
    _, told = sent_back({"nop/VP.xlsx": spoiled(several(lenient, cleared(SCORES, ("1.1", CLAIM))))})
    words = [line[5].value for line in opened(told["VP"])["Lỗi cần sửa"].iter_rows(min_row=FIRST_ROW)]
    assert sum("Đã đọc «x» là «Có»" in (text or "") for text in words) == 1
