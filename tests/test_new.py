"""A new campaign folder: what lies in it, what it takes over from last year, and what it never guesses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filled_return import PLAN
from small_plan import small_plan
from test_campaign import drop, new_folder, refused, retyped, run, tree, valid

from thidua_xlsx.campaign import start
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import newest_json
from thidua_xlsx.cli.new import made_text
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.form import INDICES
from thidua_xlsx.model.language import TABLES
from thidua_xlsx.model.next_year import IndexTold, LastYear, Look
from thidua_xlsx.model.office import CONFIRMATION, REGISTER_UNFILLED
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import open_register
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.new import NewCampaign, new_campaign, plan_workbook
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.years.carry_over import carry_over
from thidua_xlsx.stages.years.next_year import next_plan, renamed, where
from thidua_xlsx.workbooks.plans import read_plan, shipped_plan_ids
from thidua_xlsx.workbooks.register_workbook import write_register

SHORTEST = "kim-phuong-2025"
LAUNCHER = (sys.executable, "-m", "thidua_xlsx")


def start_new(folder: Path, plan: Path | str | None = None, system: str = "linux", **options: Any) -> NewCampaign:
    return new_campaign(folder, plan, launcher=LAUNCHER, system=system, **options)


# What lies in it


@pytest.mark.parametrize(("system", "own"), [("win32", None), ("linux", ".sh"), ("darwin", ".command")])
def test_a_new_folder_has_all_that_a_year_needs(tmp_path: Path, system: str, own: str | None) -> None:
    made = start_new(tmp_path / "năm mới", SHORTEST, system)
    names = {path.name for path in made.folder.iterdir()}
    assert {"ke-hoach.xlsx", "nop", "DOC-TRUOC.txt"} <= names
    assert {path.suffix for path in made.folder.iterdir() if path.name[0].isdecimal()} == {".bat", own} - {None}
    assert not [path for name in ("nop", "ket-qua") for path in (made.folder / name).iterdir()]
    assert names == {*made.files, "nop", "ket-qua"}
    assert load_plan(made.folder) == made.plan == load_plan(SHORTEST)
    text = (made.folder / "DOC-TRUOC.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n") > 5
    assert made.plan.head.title in text.decode("utf-8-sig")


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "cũ").mkdir()
    (tmp_path / "cũ" / "thư.txt").write_text("của tôi", "utf-8")
    (tmp_path / "tệp").write_text("của tôi", "utf-8")
    before = tree(tmp_path)
    for name in ("cũ", "tệp"):
        assert refused(lambda name=name: start_new(tmp_path / name, SHORTEST)).exit_code == 2
    assert tree(tmp_path) == before


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "mới").mkdir()
    assert load_plan(start_new(tmp_path / "mới", SHORTEST).folder)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "full")])
def test_it_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    real, written = Path.write_bytes, []

    def write(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) == 3:
            raise fault
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(CampaignError if isinstance(fault, OSError) else KeyboardInterrupt):
        start_new(tmp_path / "mới", SHORTEST)
    assert not list(tmp_path.iterdir())


def test_no_plan_at_all_and_a_plan_with_faults_are_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.toml").write_text("plan = [\n]\n", "utf-8")
    for plan in (None, "khong-co", tmp_path / "ke-hoach.toml"):
        assert refused(lambda plan=plan: start_new(tmp_path / "mới", plan)).exit_code == 2
    assert not (tmp_path / "mới").exists()


# The register: not filled in is not «nobody»


def test_a_register_is_laid_out_where_the_plan_asks_and_says_nothing_until_somebody_does(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(plan_workbook(small_plan()))
    made = start_new(tmp_path / "mới", tmp_path / "a.xlsx")
    path = made.folder / "lich-su.xlsx"

    def known() -> tuple[bool, int]:
        register, findings = open_register(made.folder)
        assert not findings
        return register.known, len(register.awards)

    assert known() == (False, 0)
    book = openpyxl.load_workbook(path)
    (cell,) = [cell for row in book.active for cell in row if REGISTER_UNFILLED in str(cell.value)]
    headers = {cell.value: cell.column for cell in book.active[4]}
    for header, value in {"Năm": 2024, "Đối tượng": "Tập thể", "Mã đơn vị": "VP", "Hình thức": "Giấy khen"}.items():
        book.active.cell(5, headers[header]).value = value
    book.save(path)
    assert known() == (True, 1)
    book.active.delete_rows(5)
    cell.value = ""
    book.save(path)
    assert known() == (True, 0)
    without = start_new(tmp_path / "không hỏi", write_plan(tmp_path, replace(small_plan(), gates=(), questions=())))
    assert not (without.folder / "lich-su.xlsx").exists()


def write_plan(folder: Path, plan: Plan) -> Path:
    path = folder / "b.xlsx"
    path.write_bytes(plan_workbook(plan))
    return path


# Last year's results in this year's plan


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sóc Trăng's movement, returned, confirmed and run."""
    folder = tmp_path_factory.mktemp("năm trước") / "st"
    made = make_demo(folder, "soc-trang-2025", units=8, seed=7, faults="none")
    assert run_batch(folder, today=date(2026, 2, 2)).exit_code == 0
    assert made.returned < made.units, "somebody returned nothing, and must be told of"
    return folder


@pytest.fixture(scope="module")
def following(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> NewCampaign:
    return start_new(tmp_path_factory.mktemp("năm nay") / "st", last=finished)


def cells(data: bytes | Path, sheet: str, value: str, code: str = "Mã") -> dict[str, Any]:
    """One column of a coded table, by the codes, as another program reads it."""
    page = openpyxl.load_workbook(BytesIO(data) if isinstance(data, bytes) else data)[sheet]
    top = next(row for row in page.iter_rows(max_row=12) if {code, value} <= {cell.value for cell in row})
    columns = {cell.value: cell.column for cell in top}
    rows = range(top[0].row + 1, page.max_row + 1)
    return {
        page.cell(row, columns[code]).value: page.cell(row, columns[value]).value
        for row in rows
        if page.cell(row, columns[value]).value is not None
    }


def test_ranks_and_points_are_those_that_were_published(finished: Path, following: NewCampaign) -> None:
    said = newest_json(finished)
    assert said
    published = {item["unit"]: item for item in said["standings"]}
    plan = load_plan(following.folder)
    assert [unit.code for unit in plan.units] == [unit.code for unit in load_plan(finished).units]
    for unit in plan.units:
        item = published.get(unit.code)
        assert unit.last_rank == (item["rank_in_block"] if item else None)
        assert unit.last_points == (Decimal(item["points"]) if item else None)
        assert unit.last_index == (Decimal(item["index"]) if item else None)
    assert 0 < len(published) < len(plan.units)


def test_the_forms_show_last_years_figures(finished: Path, following: NewCampaign) -> None:
    """«Năm trước» in every issued form is what last year's returns, or the office, gave as «Năm nay»."""
    old, plan = load_plan(finished), load_plan(following.folder)
    given: dict[str, set[float]] = {}
    for path in (finished / "nop").iterdir():
        if INDICES in openpyxl.load_workbook(path, read_only=True).sheetnames:
            for code, value in cells(path, INDICES, "Năm nay").items():
                given.setdefault(code, set()).add(value)
    confirmed = cells(finished / "co-quan.xlsx", CONFIRMATION, "Trả lời")
    given |= {item.code: {confirmed[item.code]} for item in old.indices if item.code in confirmed}
    seen = set()
    holders = {unit for item in plan.indices if item.who_answers != "office" for unit in item.units}
    for unit, form in issue_forms(plan, units=holders).items():
        held = [item.code for item in plan.indices if unit in item.units and item.who_answers != "office"]
        shown = cells(form, INDICES, "Năm trước")
        assert {code: {shown[code]} for code in held} == {code: given[code] for code in held}
        seen.update(held)
    assert len(seen) > 5
    (overall,) = [item for item in plan.indices if item.who_answers == "office"]
    assert {float(overall.last_value or 0)} == given[overall.code]


def test_the_new_plan_passes_its_check_a_year_later(finished: Path, following: NewCampaign) -> None:
    old = load_plan(finished)
    plan, findings = read_plan(following.folder)
    assert plan
    assert not [item for item in findings if item.severity is Severity.ERROR]
    (before,), (after,) = old.rounds, plan.rounds
    assert plan.head.year == after.from_year == after.to_year == old.head.year + 1
    assert before.deadline
    assert after.deadline == before.deadline.replace(year=before.deadline.year + 1)
    assert str(plan.head.year) in plan.head.title
    assert plan.criteria == old.criteria


def test_every_carried_number_is_listed_with_its_source(finished: Path, following: NewCampaign) -> None:
    text = (following.folder / start.CHECK_LIST).read_text("utf-8-sig")
    said = newest_json(finished)
    assert said
    lines = text.splitlines()
    for item in said["standings"]:
        (line,) = [line for line in lines if line.startswith(f"[ ] Đơn vị / {item['unit']}: ")]
        assert line.endswith("[ket-qua/lan-001/ket-qua.json]")
        assert f"hạng {item['rank_in_block']}" in line
    absent = {unit.code for unit in following.plan.units} - {item["unit"] for item in said["standings"]}
    for code in absent:
        assert any(line.startswith(f"[ ] Đơn vị / {code} / ") and "Để trống" in line for line in lines)
        assert code in made_text(following), "what is open is told on the screen too"
    for index in following.plan.indices:
        (line,) = [line for line in lines if line.startswith(f"[ ] Chỉ số / {index.code} / ")]
        assert ", sheet " in line, "the cell that gave it"


def test_a_year_can_only_follow_results_that_still_hold(tmp_path: Path) -> None:
    old = new_folder(tmp_path / "cũ")
    drop(old, VP=valid("VP"), KT=valid("KT"))
    assert "thidua run" in str(refused(lambda: start_new(tmp_path / "mới", last=old)))
    run(old)
    (old / "nop" / "KT.xlsx").write_bytes(retyped("KT", {("Chấm điểm", "E13"): None, ("Chấm điểm", "G13"): 9}))
    error = refused(lambda: start_new(tmp_path / "mới", last=old))
    assert error.exit_code == 2
    assert "lan-001" in str(error)
    assert not (tmp_path / "mới").exists()


def test_with_a_plan_of_its_own_only_the_numbers_are_taken_over(tmp_path: Path) -> None:
    old = new_folder(tmp_path / "cũ")
    drop(old, VP=valid("VP"), KT=valid("KT"))
    run(old)
    assert "năm 2025" in str(refused(lambda: start_new(tmp_path / "mới", write_plan(tmp_path, PLAN), last=old)))
    later = replace(PLAN.rounds[0], from_year=2026, to_year=2026, deadline=date(2027, 1, 15))
    units = (PLAN.units[0], replace(PLAN.units[1], code="KT-2"))
    plan = replace(PLAN, head=replace(PLAN.head, year=2026), rounds=(later,), units=units, tasks=())
    made = start_new(tmp_path / "mới", write_plan(tmp_path, plan), last=old)
    vp, kt = made.plan.units
    assert (vp.last_rank, kt.last_rank) == (1, None)
    assert made.plan.rounds == (later,)
    assert not [note for note in made.notes if note.look is Look.MOVED]
    assert {"Đơn vị / KT / Mã", "Đơn vị / VH / Mã"} <= {note.where for note in made.notes}


def test_what_staff_made_their_own_serves_on(tmp_path: Path) -> None:
    old = new_folder(tmp_path / "cũ")
    (old / "thu-nhac.txt").write_text("Lời của chúng tôi", "utf-8")
    (old / "lich-su.xlsx").write_bytes(write_register(()))
    run(old)
    made = start_new(tmp_path / "mới", last=old)
    for name in ("thu-nhac.txt", "lich-su.xlsx"):
        assert (made.folder / name).read_bytes() == (old / name).read_bytes()
        assert name in {note.where for note in made.notes}


# What is not settled stays blank


def standing(unit: str, rank: int | None, block: str = "phong") -> dict[str, Any]:
    return {"unit": unit, "block": block, "points": "80.5", "index": "80.50", "rank_in_block": rank}


def decision(unit: str, outcome: Outcome) -> dict[str, Any]:
    return {"unit": unit, "person": None, "outcome": outcome.name}


def last_year(standings: list[Any], **more: Any) -> LastYear:
    said = {"standings": standings, "decisions": [], "files": [], **more}
    return LastYear(PLAN, PLAN.rounds[0], "ket-qua.json", said, more.pop("indices", {}))


THREE = [standing("VP", 1), standing("KT", 2), standing("VH", 3)]
TIED = [standing("VP", 1), standing("KT", 1), standing("VH", 3)]


@pytest.mark.parametrize(
    ("last", "ranks", "told"),
    [
        (last_year(THREE), (1, 2, 3), {}),
        (last_year(TIED), (1, 1, 3), {"Đơn vị / VP": "đồng hạng với KT", "Đơn vị / KT": "đồng hạng với VP"}),
        (
            last_year(THREE[:2], decisions=[decision("VH", Outcome.NOT_RETURNED)]),
            (1, 2, None),
            {"Đơn vị / VH / Hạng năm trước": "chưa nộp"},
        ),
        (
            last_year(THREE[:2], decisions=[decision("VH", Outcome.INVALID)]),
            (None, None, None),
            {"Đơn vị / VP / Hạng năm trước": "còn VH", "Đơn vị / VH / Hạng năm trước": "chưa hợp lệ"},
        ),
        (
            last_year(THREE[:2], files=[{"unit": "VH", "verdict": Verdict.HELD.value}]),
            (None, None, None),
            {"Đơn vị / KT / Hạng năm trước": "đang ghi hạng 2"},
        ),
        (
            last_year([*THREE[:2], standing("VH", None)]),
            (None, None, None),
            {"Đơn vị / VH / Hạng năm trước": "chưa đủ điểm"},
        ),
        (
            last_year([standing("VP", 1), standing("KT", 2), standing("VH", 1, "xa")]),
            (1, 2, None),
            {"Đơn vị / VH / Hạng năm trước": "khối «xa»"},
        ),
    ],
)  # fmt: skip
def test_a_rank_that_was_not_settled_stays_blank(
    last: LastYear, ranks: tuple[int | None, ...], told: dict[str, str]
) -> None:
    before = replace(PLAN, units=tuple(replace(unit, last_rank=9, last_points=Decimal(9)) for unit in PLAN.units))
    plan, notes = carry_over(before, last)
    assert tuple(unit.last_rank for unit in plan.units) == ranks
    for place, words in told.items():
        assert any(note.where == place and words in note.what for note in notes), (place, notes)
    blank = {f"Đơn vị / {unit.code} / Hạng năm trước" for unit in plan.units if unit.last_rank is None}
    assert {note.where for note in notes if note.look is Look.OPEN and "Hạng" in note.where} == blank


def test_a_unit_that_is_no_more_gets_no_numbers() -> None:
    gone = replace(PLAN.units[0], dissolved_on=date(2025, 7, 1))
    plan, notes = carry_over(replace(PLAN, units=(gone, *PLAN.units[1:])), last_year(THREE))
    assert (plan.units[0].last_rank, plan.units[0].last_points) == (None, None)
    assert any(note.where.startswith("Đơn vị / VP") and "giải thể" in note.what for note in notes)


def told(unit: str, value: int | None, unconfirmed: bool = False) -> IndexTold:
    return IndexTold(unit, None if value is None else Fraction(value), f"nop/{unit}.xlsx", unconfirmed)


@pytest.mark.parametrize(
    ("given", "value", "words"),
    [
        ((told("VP", 17),), Decimal(17), "17 trên 20"),
        ((told("VP", 17, True),), Decimal(17), "tự khai"),
        ((told("VP", 17, True), told("KT", 17)), Decimal(17), "17 trên 20"),
        ((told("VP", 17), told("KT", 16)), None, "VP: 17 (nop/VP.xlsx); KT: 16"),
        ((told("VP", None),), None, "không ai cho kết quả"),
        ((), None, "không ai cho kết quả"),
    ],
)
def test_an_index_has_last_years_value_only_where_all_agree(
    given: tuple[IndexTold, ...], value: Decimal | None, words: str
) -> None:
    last = replace(last_year(THREE), indices={"CS1": given})
    plan, notes = carry_over(PLAN, last)
    (index,) = [item for item in plan.indices if item.code == "CS1"]
    assert (index.last_value, index.last_max) == (value, Decimal(20) if value else None)
    (note,) = [note for note in notes if note.where.startswith("Chỉ số / CS1 / ")]
    assert words in note.what
    assert (note.look is Look.OPEN) == (value is None)
    assert ("tự khai" in note.what) == all(item.unconfirmed for item in given if item.value) * bool(value)


# Dates


def plans() -> Iterator[Plan]:
    yield from map(load_plan, shipped_plan_ids())
    yield small_plan()


@pytest.mark.parametrize("plan", list(plans()), ids=lambda plan: plan.head.id)
def test_nothing_moves_without_being_listed(plan: Plan) -> None:
    """Year after year: every changed cell has a line on the list, and what comes out passes its check."""
    for _ in range(2):
        after, notes = next_plan(plan)
        listed = {note.where for note in notes if note.look in (Look.MOVED, Look.OPEN)}
        changed = {
            where(table.name, row, key.name)
            for table in TABLES
            for was, row in zip(plan.table(table.name), after.table(table.name), strict=True)
            for key in table.keys
            if getattr(was, key.field) != getattr(row, key.field)
        }
        assert changed == listed
        assert after.head.year == plan.head.year + 1
        for was, now in zip(plan.rounds, after.rounds, strict=True):
            if was.kind in ("midterm", "final"):
                assert now == was
            elif now.deadline is not None:
                assert was.deadline is not None
                assert now.deadline.year == was.deadline.year + 1
        plan = after
    assert plan_workbook(plan)


def test_a_deadline_beyond_the_period_is_left_blank() -> None:
    plan = load_plan("can-tho-2021-2025")
    over, notes = next_plan(plan)
    assert plan.rounds[0].to_year == plan.head.year, "its last yearly round"
    assert (over.rounds[0].deadline, over.rounds[0].to_year) == (None, plan.rounds[0].to_year)
    assert any(note.look is Look.OPEN and "chỉ xét đến năm" in note.what for note in notes)
    assert over.head.id == plan.head.id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Báo cáo năm 2025", "Báo cáo năm 2026"),
        ("Năm 2025: kế hoạch", "Năm 2026: kế hoạch"),
        ("6 tháng cuối năm 2025", "6 tháng cuối năm 2026"),
        ("chỉ tiêu đến năm 2025", "chỉ tiêu đến năm 2025"),
        ("giai đoạn 2021 - 2025", "giai đoạn 2021 - 2025"),
        ("Nghị định số 152/2025/NĐ-CP", "Nghị định số 152/2025/NĐ-CP"),
        ("từ ngày 01/7/2025", "từ ngày 01/7/2025"),
        ("năm 2024", "năm 2024"),
    ],
)
def test_only_the_year_of_the_campaign_is_renamed(before: str, after: str) -> None:
    assert renamed(before, 2025) == after


# Scripts to double-click


def test_a_windows_script_is_one_that_windows_reads() -> None:
    made = start.scripts(("C:\\Nguyễn Ánh\\100% x (86)\\python.exe", "-m", "thidua_xlsx"), "win32")
    assert sorted(made) == ["1-phat-hanh.bat", "2-tong-hop.bat", "3-tinh-trang.bat", "4-quyet-dinh.bat"]
    for data in made.values():
        text = data.decode()
        lines = text.split("\r\n")
        assert "\n" not in text.replace("\r\n", "")
        assert lines[:2] == ["@echo off", "chcp 65001 >nul"], "nothing but ASCII before the code page is set"
        assert not any(line.lstrip().startswith(":") or "goto" in line for line in lines)
        assert 'set "PROGRAM=C:\\Nguyễn Ánh\\100%% x (86)\\python.exe"' in lines
        assert 'set "FOLDER=%~dp0."' in lines
        assert '\\"' not in text.replace("\\python.exe", ""), "a backslash before a quotation mark swallows it"
        assert lines.index("pause >nul") > max(number for number, line in enumerate(lines) if "%FOLDER%" in line)


@pytest.fixture
def scripted(tmp_path: Path) -> Path:
    """A folder with an awkward name, moved after it was made."""
    start_new(tmp_path / "cũ", "kim-phuong-2025")
    return (tmp_path / "cũ").rename(tmp_path / "thi đua «2025» (bản 'mới') $HOME & co")


def double_click(script: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(script)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **more},
        cwd="/",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_script_works_from_wherever_the_folder_lies(scripted: Path) -> None:
    done = double_click(scripted / "3-tinh-trang.sh")
    assert (done.returncode, (scripted / "tinh-trang.xlsx").exists()) == (0, True), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_script_whose_interpreter_is_gone_says_so(scripted: Path) -> None:
    script = scripted / "1-phat-hanh.sh"
    script.write_text(script.read_text("utf-8").replace(sys.executable, "/khong/co/python"), "utf-8")
    tools = scripted / "bin"
    tools.mkdir()
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    alone = double_click(script, PATH=str(tools))
    assert (alone.returncode, start.MISSING in alone.stdout) == (127, True)
    (tools / "thidua").write_text('#!/bin/sh\necho "$1 $2"\nexit 3\n', "utf-8")
    (tools / "thidua").chmod(0o755)
    other = double_click(script, PATH=str(tools))
    assert (other.returncode, start.GONE in other.stdout) == (3, True)
    assert f"issue {scripted}" in other.stdout


