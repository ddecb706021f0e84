"""Issuing forms: what goes to whom, what is never overwritten, and the manners of the commands round it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result
from filled_return import PLAN, PLAN_TEXT
from test_campaign import HOLD_THE_FOLDER, drop, new_folder, refused, run, tree, valid

from thidua_xlsx.campaign.folder import LOCK, only_run
from thidua_xlsx.campaign.written import TEMPORARY
from thidua_xlsx.cli import main
from thidua_xlsx.cli.main import COMMANDS
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.issued import Fate, Issued
from thidua_xlsx.pipeline.issue import issue_folder, issue_forms
from thidua_xlsx.workbooks.form_workbook import FormPress, write_form

LIST = "phat-hanh/danh-sach-hang-nam.xlsx"
CODES = [unit.code for unit in PLAN.units]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path / "thi đua")


def say(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def fates(done: Issued) -> dict[str, Fate]:
    return {item.unit.code: item.fate for item in done.forms}


def replan(folder: Path, old: str, new: str) -> None:
    assert old in PLAN_TEXT
    (folder / "ke-hoach.toml").write_text(PLAN_TEXT.replace(old, new), "utf-8")


def test_every_unit_gets_its_form_and_a_line(folder: Path) -> None:
    done = issue_folder(folder)
    assert fates(done) == dict.fromkeys(CODES, Fate.WRITTEN)
    forms = issue_forms(PLAN)
    assert {name: data for name, data in tree(folder / "phat-hanh").items() if "/" in name} == {
        f"hang-nam/{code}.xlsx": forms[code] for code in CODES
    }
    sheet = openpyxl.load_workbook(folder / LIST).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows() if row[1].value in CODES]
    assert [(row[1], row[2], row[5]) for row in rows] == [(u.code, u.name, f"{u.code}.xlsx") for u in PLAN.units]


def test_the_screen_says_what_went_to_whom(folder: Path) -> None:
    replan(folder, '{code = "VP", name = "Văn phòng",', '{code = "VP", name = "Văn phòng", email = "vp@example.vn",')
    done = say("issue", str(folder), "--unit", "VP", "--unit", "KT")
    assert done.exit_code == 0
    first, second, counts, without = done.stdout.splitlines()
    assert [word in first for word in ("VP", "Văn phòng", "vp@example.vn", "VP.xlsx")] == [True] * 4
    assert second.startswith("KT")
    assert counts == "2 đơn vị: 2 mới lập"
    assert without.startswith("Chưa có địa chỉ thư (1): KT")
    assert done.stderr.splitlines()[-1].endswith(f'thidua run "{folder}"')


def test_a_form_that_was_sent_is_not_overwritten_unless_told(folder: Path) -> None:
    issue_folder(folder)
    before = tree(folder)
    assert set(fates(issue_folder(folder)).values()) == {Fate.SAME}
    # A new deadline changes what is printed; a new criterion changes what is asked, of those who are asked it.
    replan(folder, "deadline = 2026-01-30", "deadline = 2026-02-20")
    assert set(fates(issue_folder(folder)).values()) == {Fate.DIFFERS}
    replan(folder, 'label = "Đoàn kết"', 'label = "Nội bộ đoàn kết"')
    assert set(fates(issue_folder(folder)).values()) == {Fate.OUTDATED}
    assert {name: data for name, data in tree(folder).items() if name in before and name.count("/") == 2} == {
        name: data for name, data in before.items() if name.count("/") == 2
    }
    told = say("issue", str(folder), "--unit", "VP")
    assert "nội dung hỏi đã đổi" in told.stdout
    assert "--force" in told.stderr
    assert fates(issue_folder(folder, force=True, units=["VP"])) == {"VP": Fate.REPLACED}
    assert fates(issue_folder(folder)) == {"VP": Fate.SAME, "KT": Fate.OUTDATED, "VH": Fate.OUTDATED}


def test_a_unit_that_is_no_more_is_told_of(folder: Path) -> None:
    issue_folder(folder)
    (folder / "phat-hanh" / "hang-nam" / "~$VP.xlsx").write_bytes(b"lock")
    replan(folder, '  {code = "VH", name = "Phòng Văn hóa", block = "phong"},\n', "")
    assert issue_folder(folder).strangers == ("VH",)


def test_stopping_leaves_whole_forms_and_says_how_to_go_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = FormPress.write, []

    def stop(press: FormPress, layout: FormLayout) -> bytes:
        calls.append(layout)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(press, layout)

    monkeypatch.setattr(FormPress, "write", stop)
    done = say("issue", str(folder))
    assert (done.exit_code, "Lập nốt: thidua issue" in done.output) == (130, True)
    written = tree(folder / "phat-hanh")
    assert written == {f"hang-nam/{CODES[0]}.xlsx": write_form(calls[0])}
    assert not [path for path in folder.rglob("*") if path.name.startswith(TEMPORARY)]
    monkeypatch.undo()
    assert list(fates(issue_folder(folder)).values()) == [Fate.SAME, Fate.WRITTEN, Fate.WRITTEN]


# Manners


@pytest.mark.parametrize("command", ["issue", "run", "status"])
def test_a_folder_that_is_no_campaign_is_one_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "tệp").write_text("x", "utf-8")
    (tmp_path / "trống").mkdir()
    for name in ("khong-co", "tệp", "trống"):
        done = say(command, str(tmp_path / name))
        assert done.exit_code == 2, (command, name, done.output)
        assert "Traceback" not in done.output
        assert name in done.output
    assert "thidua new" in done.output
    assert sorted(path.name for path in tmp_path.rglob("*") if path.name != LOCK) == ["trống", "tệp"]


def test_a_file_is_no_place_for_results(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ra.txt").write_text("x", "utf-8")
    done = say("run", str(folder), "--out", str(tmp_path / "ra.txt"))
    assert (done.exit_code, (tmp_path / "ra.txt").read_text("utf-8")) == (2, "x")
    assert "--out" in done.output


def test_two_equal_forms_of_the_plan_are_told_of(folder: Path) -> None:
    from thidua_xlsx.workbooks.plans import plan_bytes

    (folder / "ke-hoach.xlsx").write_bytes(plan_bytes(PLAN, ".xlsx"))
    (folder / "~$ke-hoach.xlsx").write_bytes(b"\x05Admin")
    for command in ("issue", "run", "status"):
        assert "Dùng ke-hoach.xlsx" in say(command, str(folder)).output


def test_another_plan_is_told_of(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "khac.toml"
    other.write_text(PLAN_TEXT, "utf-8")
    assert "--out" in say("run", str(folder), "--plan", str(other)).output
    assert "--out" not in say("run", str(folder), "--plan", str(other), "--out", str(tmp_path / "ra")).output


def test_help_lists_the_commands_in_the_order_of_the_year() -> None:
    listed = say("--help").output
    places = [listed.index(f"\n  {name} ") for name in ("new", "plan", "issue", "mail", "run", "status", "demo")]
    assert places == sorted(places)


def loaded_for(*words: str) -> set[str]:
    """The modules that a fresh process holds after these words."""
    asked = f"import sys; from thidua_xlsx.cli import main; main({list(words)!r}, standalone_mode=False)"
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('-----', *sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(told.stdout.rpartition("-----")[2].split())


def test_help_loads_nothing_heavy() -> None:
    """What makes ``--help`` slow is what it imports, on any machine."""
    heavy = {"pandas", "pandera", "numpy", "xlsxwriter", "openpyxl", "python_calamine", "dataclasses", "shutil"}
    told = loaded_for("--help")
    assert not heavy & told
    assert {name for name in told if name.startswith("thidua_xlsx.")} == {
        "thidua_xlsx.cli", "thidua_xlsx.cli.main", "thidua_xlsx.cli.words",
    }  # fmt: skip
    for name in COMMANDS:
        own = loaded_for(name, "--help")
        assert not (heavy | {"thidua_xlsx.model.plan"}) & own, name
        assert f"thidua_xlsx.cli.{name}" in own


def test_help_says_of_each_command_what_the_command_says_of_itself() -> None:
    with click.Context(main) as context:
        for name, stand_in in main.commands.items():
            command = main.get_command(context, name)
            assert command is not None
            assert command is not stand_in
            for room in (45, 60, 500):
                assert stand_in.get_short_help_str(room) == command.get_short_help_str(room), name
        assert main.get_command(context, "saying") is None


# Who holds the folder


@pytest.fixture
def held(folder: Path) -> object:
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD_THE_FOLDER), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "locked\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()


def test_the_second_is_told_who_holds_the_folder(folder: Path, held: subprocess.Popen[str]) -> None:
    drop(folder, VP=valid("VP"))
    for second in (lambda: run(folder), lambda: issue_folder(folder)):
        error = refused(second)
        assert error.exit_code == 3
        assert f"tiến trình số {held.pid})" in str(error)
        assert os.uname().nodename in str(error)
    assert say("status", str(folder)).exit_code == 0, "looking disturbs nobody"
    held.kill()
    held.wait()
    assert str(held.pid) in (folder / LOCK).read_text(), "what a killed run wrote stays"
    assert run(folder).exit_code == 0, "and hinders nobody"
    assert not (folder / LOCK).read_text().strip("\0\n"), "who has finished is not named any more"


def test_a_year_old_lock_hinders_nobody(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    (folder / LOCK).write_text("\nngười dùng cũ, máy cũ, từ năm ngoái" * 3, "utf-8")
    os.utime(folder / LOCK, (1, 1))
    with only_run(folder):
        assert str(os.getpid()) in (folder / LOCK).read_text()
        assert "cũ" not in (folder / LOCK).read_text()
    assert run(folder).exit_code == 0
