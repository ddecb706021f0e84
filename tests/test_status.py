"""Who has answered: the round at a glance, from the last run and from what lies in the drop folder now."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from filled_return import PLAN, PLAN_TEXT
from test_campaign import FAULTY, IN_TIME, as_ordinary_user, drop, mode, new_folder, note, retyped, run, tree, valid

import thidua_xlsx.cli.status as spoken
from thidua_xlsx.cli import main
from thidua_xlsx.model.status import RoundStatus, State
from thidua_xlsx.pipeline.status import see_status
from thidua_xlsx.stages.intake.deadlines import last_day
from thidua_xlsx.workbooks.status_workbook import FILES_NAME, UNITS_NAME, days_text

ROUND = PLAN.rounds[0]
LAST_DAY = last_day(ROUND) or date.max
WORKBOOK = "tinh-trang.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path / "thi đua")


def look(folder: Path, today: date = IN_TIME) -> RoundStatus:
    return see_status(folder, today=today).status


def states(found: RoundStatus) -> dict[str, State]:
    return {item.unit.code: item.state for item in found.units}


def say(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_before_the_first_run_the_drop_folder_is_read_and_nothing_is_kept(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY))
    before = tree(folder)
    found = look(folder)
    assert found.run is None
    assert states(found) == {"VP": State.VALID, "KT": State.FAULTY, "VH": State.NOT_RETURNED}
    assert {name: data for name, data in tree(folder).items() if name != WORKBOOK} == before
    run(folder)
    after = look(folder)
    assert after.run == "lan-001"
    assert states(after) == states(found)
    assert [item.errors for item in after.units] == [item.errors for item in found.units]
    assert (after.new, after.gone) == ((), ())


def test_each_state_has_its_return(folder: Path) -> None:
    late = LAST_DAY + timedelta(days=3)
    drop(folder, VP=valid("VP"), a=valid("KT"), b=retyped("KT", {("Chấm điểm", "G13"): 9}), lạ=b"PK nothing")
    run(folder, late)
    note(folder, "nop/VP.xlsx", {"Ngày nhận": late})
    done = run(folder, late)
    found = look(folder, late)
    by_code = {item.unit.code: item for item in found.units}
    assert states(found) == {"VP": State.VALID, "KT": State.HELD, "VH": State.NOT_RETURNED}
    assert (by_code["VP"].late, by_code["VP"].received) == (True, late)
    assert by_code["KT"].files == ("nop/a.xlsx", "nop/b.xlsx")
    assert [(item.name, item.why != "") for item in found.stray] == [("nop/lạ.xlsx", True)]
    assert found.days_left == -3
    assert found.run == done.target.name


def test_a_form_of_an_older_plan_is_unusable(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    text = PLAN_TEXT.replace('code = "4", name = "Tự chấm", max = 10', 'code = "4b", name = "Tự chấm khác", max = 10')
    (folder / "ke-hoach.toml").write_text(text, "utf-8")
    assert states(look(folder))["VP"] is State.UNUSABLE


def test_an_unnoted_day_of_receipt_is_not_late(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder, LAST_DAY + timedelta(days=1))
    (vp,) = [item for item in look(folder).units if item.unit.code == "VP"]
    assert (vp.state, vp.late) == (State.VALID, None)


def test_faults_are_counted_by_their_places(folder: Path) -> None:
    faulty = retyped("KT", {("Chấm điểm", "G8"): "nhiều", ("Chấm điểm", "E8"): None})
    drop(folder, KT=faulty)
    done = run(folder)
    errors = [item for item in done.result.findings if item.unit == "KT" and item.severity.value == "error"]
    (kt,) = look(folder).of(State.FAULTY)
    assert kt.errors == len({(item.code, item.place) for item in errors}) > 1
    assert kt.feedback


def test_what_came_and_went_since_the_run(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=valid("KT"))
    (folder / "nop" / "~$VP.xlsx").write_bytes(b"lock")
    with zipfile.ZipFile(folder / "nop" / "gửi.zip", "w") as bundle:
        bundle.writestr("VH.xlsx", valid("VH"))
    run(folder)
    assert (look(folder).new, look(folder).gone) == ((), ()), "members of a container are known by their content"
    (folder / "nop" / "VP.xlsx").rename(folder / "nop" / "Văn phòng.xlsx")
    assert (look(folder).new, look(folder).gone) == ((), ()), "another name is no other return"
    (folder / "nop" / "KT.xlsx").unlink()
    drop(folder, mới=retyped("KT", FAULTY))
    found = look(folder)
    assert (found.new, found.gone) == (("nop/mới.xlsx",), ("nop/KT.xlsx",))
    assert "thidua run" in say("status", str(folder)).output.splitlines()[-1]


def test_a_run_of_another_round_or_year_says_nothing_of_this_one(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder)
    (folder / "ke-hoach.toml").write_text(PLAN_TEXT.replace('phòng", year = 2025,', 'phòng", year = 2026,'), "utf-8")
    assert look(folder).run is None


def test_units_that_the_run_did_not_know_are_told(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder)
    more = '  {code = "VH", name = "Phòng Văn hóa", block = "phong"},\n'
    text = PLAN_TEXT.replace(more, more + '  {code = "TC", name = "Phòng Tài chính", block = "phong"},\n')
    (folder / "ke-hoach.toml").write_text(text, "utf-8")
    assert look(folder).replanned == ("TC",)


def status_of_nothing(today: date, **round_: Any) -> RoundStatus:
    changed = replace(ROUND, **round_)
    return RoundStatus(PLAN, changed, today, None, (), last_day=last_day(changed))


@pytest.mark.parametrize(
    ("today", "round_", "words"),
    [
        (date(2026, 1, 20), {"deadline": date(2026, 1, 30), "inclusive": True}, "còn 10 ngày"),
        (date(2026, 1, 20), {"deadline": date(2026, 1, 30), "inclusive": False}, "còn 9 ngày"),
        (date(2026, 1, 29), {"deadline": date(2026, 1, 30), "inclusive": False}, "hôm nay là ngày cuối"),
        (date(2026, 1, 30), {"deadline": date(2026, 1, 30), "inclusive": False}, "đã quá hạn 1 ngày"),
        (date(2026, 1, 30), {"deadline": None}, "kế hoạch chưa ghi thời hạn"),
    ],
)
def test_days_left_are_counted_to_the_last_day(today: date, round_: dict[str, Any], words: str) -> None:
    assert days_text(status_of_nothing(today, **round_)) == words


# What is printed


def test_the_json_has_the_keys_it_promises_and_says_what_the_screen_says(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY))
    run(folder)
    done = say("status", str(folder), "--json", "--today", IN_TIME.isoformat())
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    promised = set(re.findall(r"``(\w+)``", spoken.__doc__ or ""))
    keys = {*said, *(key for item in said["units"] for key in item), *(key for key in ("name", "verdict", "message"))}
    assert promised == keys | {state.value for state in State} | {"status"}
    shown = say("status", str(folder), "--today", IN_TIME.isoformat()).output
    assert said["counts"] == {state.value: found for state, found in zip(State, (1, 1, 0, 0, 1), strict=True)}
    assert "3 đơn vị: 1 đã nộp, hợp lệ; 1 đã nộp, còn lỗi; 1 chưa nộp" in shown
    assert said["days_left"] == (LAST_DAY - IN_TIME).days


def test_the_workbook_has_a_row_a_unit_sorted_filtered_and_repeated(folder: Path) -> None:
    drop(folder, VP=valid("VP"), lạ=b"nothing")
    run(folder)
    found = look(folder)
    book = openpyxl.load_workbook(folder / WORKBOOK)
    assert book.sheetnames == [UNITS_NAME, FILES_NAME]
    sheet = book[UNITS_NAME]
    top = next(cell.row for cell in sheet["A"] if cell.value == "STT")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top + 1) if row[0].value]
    assert [(row[1], row[4]) for row in rows] == [(item.unit.code, item.state.label) for item in found.units]
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert sheet.auto_filter.ref == f"A{top}:{sheet.cell(top, sheet.max_column).column_letter}{top + len(rows)}"
    assert sheet.print_title_rows == f"${top}:${top}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_workbook_open_in_excel_is_left_and_the_new_one_lies_beside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(folder)
    before = (folder / WORKBOOK).read_bytes()
    real = Path.replace

    def locked(path: Path, target: Path) -> Path:
        if Path(target).name == WORKBOOK:
            raise PermissionError
        return real(path, target)

    monkeypatch.setattr("thidua_xlsx.campaign.written.PATIENCE", ())
    monkeypatch.setattr(Path, "replace", locked)
    done = say("status", str(folder), "--today", "2026-01-01")
    assert done.exit_code == 0
    (beside,) = folder.glob("tinh-trang (*.xlsx")
    assert beside.name in done.output
    assert (folder / WORKBOOK).read_bytes() == before


def test_a_share_for_reading_only_is_told_all_the_same(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    before = tree(folder)
    with mode(folder, 0o555):
        done = as_ordinary_user("status", str(folder))
    assert (done.returncode, tree(folder)) == (0, before), done.stderr
    assert "1 đã nộp, hợp lệ" in done.stdout
    assert "Không ghi được" in done.stderr


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda _: None, "thidua issue"),
        (lambda folder: drop(folder, VP=valid("VP")), "thidua run"),
        (lambda folder: (drop(folder, VP=retyped("VP", FAULTY)), run(folder)), "thidua mail"),
        (lambda folder: (drop(folder, VP=valid("VP")), run(folder)), "--remind"),
        (lambda folder: (drop(folder, VP=valid("VP"), KT=valid("KT"), VH=valid("VH")), run(folder)), "trình Hội đồng"),
    ],
)
def test_the_last_line_is_the_next_thing_to_do(folder: Path, prepare: Any, words: str) -> None:
    prepare(folder)
    last = say("status", str(folder)).output.splitlines()[-1]
    assert words in last
    assert "thidua" not in last or f'"{folder}"' in last, "a path with a blank is typed in quotation marks"
