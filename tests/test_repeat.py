"""A run over a folder in which nothing has changed is a copy: the same as the usual run, and only where it would be."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result
from first_here import first_here
from generate import TODAY, clean_sample
from hypothesis import given, settings
from test_campaign import AFTERWARDS, CHANGED, FAULTY, LEDGER, NEWEST, SAID, SUMMARY, drop, new_folder, retyped, valid
from test_campaign import tree as all_files
from test_changes_told import FIRST, OTHER_ROUND
from test_random_inboxes import ENTRIES, Entries, archived, inbox_of

from thidua_xlsx.campaign.last_run import CHECK, TOLD, checksum, memory_of
from thidua_xlsx.campaign.reading_cache import FOLDER
from thidua_xlsx.cli.main import main
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.pipeline import gather, outcome, repeat
from thidua_xlsx.workbooks.plans import shipped_plan_ids

HERE = Path(__file__).parent
HEAVY = {"pandas", "pandera", "numpy", "openpyxl", "xlsxwriter", "python_calamine", "docx"}


def thidua(folder: Path, *options: str, today: date = AFTERWARDS) -> Result:
    """The command as it is typed; standard error is told with the text."""
    return CliRunner().invoke(main, ["run", str(folder), "--today", today.isoformat(), *options])


def said(done: Result, folder: Path) -> tuple[int, str]:
    """Exit code and screen, wherever the folder lies."""
    assert done.exit_code in (0, 1), done.output
    return done.exit_code, done.output.replace(str(folder), "THƯ-MỤC")


def repeated(folder: Path, today: date = AFTERWARDS, **options: Any) -> bool:
    """Whether a run of today would be a copy; if it would not, nothing has happened."""
    before = all_files(folder)
    asked: dict[str, Any] = {"round_code": None, "inbox": None, "all_feedback": False, **options}
    done = repeat.repeat_run(folder, today=today, **asked) is not None
    assert done or all_files(folder) == before
    return done


def forget(folder: Path) -> None:
    shutil.rmtree(folder / "ket-qua" / FOLDER)


def copied(folder: Path, to: Path) -> Path:
    """Links stay links, and pipes pipes."""

    def copy(one: str, other: str) -> object:
        return os.mkfifo(other) if stat.S_ISFIFO(Path(one).lstat().st_mode) else shutil.copy2(one, other)

    return Path(shutil.copytree(folder, to, symlinks=True, copy_function=copy))


def both_ways(folder: Path, place: Path, *options: str, today: date = AFTERWARDS) -> None:
    """One run that may remember and one that cannot leave the same files, say the same and end alike."""
    by_memory, usual = (copied(folder, place / name / "c") for name in ("memory", "usual"))
    forget(usual)
    ends = [said(thidua(home, *options, today=today), home) for home in (by_memory, usual)]
    assert ends[0] == ends[1]
    assert all_files(by_memory) == all_files(usual)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of two rounds that has run until nothing was left to do for the program or to prove for the ledger."""
    home = new_folder(tmp_path_factory.mktemp("again") / "thi đua")
    plan = home / "ke-hoach.toml"
    plan.write_text(plan.read_text("utf-8").replace(FIRST, f"{OTHER_ROUND}\n  {FIRST}"), "utf-8")
    drop(home, VP=valid("VP"), KT=retyped("KT", FAULTY))
    (home / "nop" / "thư mục").mkdir()
    (home / "nop" / "gói.zip").write_bytes(archived({"VH.xlsx": retyped("VH", CHANGED)}))
    for form in (valid("VP"), retyped("VP", CHANGED)):
        drop(home, VP=form)
        for _ in range(2):  # the first refreshes the office's workbook, for the second to read
            assert thidua(home, "--round", "hang-nam").exit_code == 1
    return home


@pytest.fixture
def folder(settled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(settled, tmp_path / "thi đua"))


ROUND = {"round_code": "hang-nam"}


# --- nothing has changed ----------------------------------------------------------------------------------------


def test_a_run_again_is_a_copy_and_so_is_the_next(folder: Path) -> None:
    newest = all_files(folder / "ket-qua" / "lan-004")
    for name in ("lan-005", "lan-006"):
        assert repeated(folder, **ROUND)
        assert all_files(folder / "ket-qua" / name) == newest
        assert (folder / "ket-qua" / NEWEST).read_text("utf-8") == f"{name}\n"


def test_a_copy_is_what_the_usual_run_leaves_and_says(folder: Path, tmp_path: Path) -> None:
    both_ways(folder, tmp_path, "--round", "hang-nam")
    both_ways(folder, tmp_path / "json", "--round", "hang-nam", "--json")


def test_once_a_run_has_seen_a_return_the_next_one_knows_more(folder: Path) -> None:
    """Nothing else proves when it came; whatever the office has noted needs no earlier run."""
    drop(folder, VP=valid("VH"))
    thidua(folder, "--round", "hang-nam")
    assert not repeated(folder, **ROUND)
    thidua(folder, "--round", "hang-nam")
    assert repeated(folder, **ROUND)


def test_what_the_ledger_says_of_anything_else_is_no_change(folder: Path) -> None:
    path = folder / "ket-qua" / LEDGER
    seen = json.loads(path.read_text("utf-8")) | {"0" * 64: {"day": "2026-01-02", "run": 1}}
    path.write_text(json.dumps(seen), "utf-8")
    assert repeated(folder, **ROUND)


def test_whoever_has_just_corrected_something_is_told_that_nothing_is_new(folder: Path) -> None:
    done = thidua(folder, "--round", "hang-nam")
    assert f"Kết quả không thay đổi so với lan-004 ({folder / 'ket-qua' / 'lan-004'})" in done.output
    drop(folder, VP=valid("VP"))
    assert "không thay đổi so với lan" not in thidua(folder, "--round", "hang-nam").output


def test_a_command_without_a_round_asks_for_the_first_one(folder: Path) -> None:
    assert not repeated(folder)
    thidua(folder)
    thidua(folder)
    assert repeated(folder)
    assert repeated(folder, round_code="so-ket")


@pytest.mark.parametrize("plan_id", first_here(shipped_plan_ids()))
def test_a_sample_again(plan_id: str, tmp_path: Path) -> None:
    folder = clean_sample(plan_id, tmp_path / "c")
    for number in range(2):
        said(thidua(folder, today=TODAY), folder)
        both_ways(folder, tmp_path / str(number), today=TODAY)
    assert memory_of(folder).is_file() == repeated(folder, TODAY)


def same_again(entries: Entries) -> None:
    with inbox_of(entries) as home, TemporaryDirectory() as place:
        for number in range(3):
            said(thidua(home), home)
            both_ways(home, Path(place) / str(number))


@settings(max_examples=4, derandomize=True, deadline=None)
@given(ENTRIES)
def test_any_mixture_again(entries: Entries) -> None:
    same_again(entries)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(ENTRIES)
def test_many_more_mixtures_again(entries: Entries) -> None:
    same_again(entries)


def test_returns_of_which_none_is_proved_the_last(folder: Path, tmp_path: Path) -> None:
    """Two of one unit come at once, then a third after a run: what came when is known from the ledger alone."""
    drop(folder, VH_2=valid("VH"))
    thidua(folder, "--round", "hang-nam")
    both_ways(folder, tmp_path / "held", "--round", "hang-nam")
    drop(folder, VH_3=retyped("VH", FAULTY))
    thidua(folder, "--round", "hang-nam")
    both_ways(folder, tmp_path / "newer", "--round", "hang-nam")


def test_two_rounds_in_turn(folder: Path, tmp_path: Path) -> None:
    for number, round_ in enumerate(("so-ket", "hang-nam", "so-ket")):
        assert not repeated(folder, round_code=round_)
        both_ways(folder, tmp_path / str(number), "--round", round_)
        thidua(folder, "--round", round_)


def test_a_copy_loads_nothing_that_reads_or_writes_workbooks(folder: Path) -> None:
    script = (
        "import sys\nfrom thidua_xlsx.cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    words = ["run", str(folder), "--today", AFTERWARDS.isoformat(), "--round", "hang-nam"]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    assert (folder / "ket-qua" / "lan-005").is_dir(), done.stderr
    assert "thidua_xlsx" in done.stderr.split()
    assert not HEAVY & set(done.stderr.split())


# --- something has changed --------------------------------------------------------------------------------------


def newest(folder: Path) -> Path:
    return folder / "ket-qua" / "lan-004"


def another_answer(folder: Path) -> None:
    """Of the same size, and as old by its own word."""
    path = folder / "nop" / "KT.xlsx"
    was, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def a_form_deleted(folder: Path) -> None:
    (folder / "nop" / "KT.xlsx").unlink()


def a_form_renamed(folder: Path) -> None:
    (folder / "nop" / "KT.xlsx").rename(folder / "nop" / "Kinh tế.xlsx")


def a_form_more(folder: Path) -> None:
    drop(folder, VP_2=valid("VP"))


def an_empty_folder_more(folder: Path) -> None:
    (folder / "nop" / "nữa").mkdir()


def a_form_that_is_a_link(folder: Path) -> None:
    (folder / "nop" / "KT.xlsx").rename(folder / "KT.xlsx")
    (folder / "nop" / "KT.xlsx").symlink_to(folder / "KT.xlsx")


def a_file_among_the_results(folder: Path) -> None:
    (newest(folder) / "ghi chú.txt").write_text("x")


def feedback_deleted(folder: Path) -> None:
    (newest(folder) / "phan-hoi" / "KT.xlsx").unlink()


def the_summary_edited(folder: Path) -> None:
    path = newest(folder) / SUMMARY
    path.write_bytes(path.read_bytes() + b"\0")


def the_summary_a_link(folder: Path) -> None:
    (newest(folder) / SUMMARY).rename(folder / SUMMARY)
    (newest(folder) / SUMMARY).symlink_to(folder / SUMMARY)


def the_run_a_link(folder: Path) -> None:
    newest(folder).rename(folder / "đi chỗ khác")
    newest(folder).symlink_to(folder / "đi chỗ khác", target_is_directory=True)


def the_kept_plan_edited(folder: Path) -> None:
    with (folder / "ket-qua" / "luu" / "lan-004" / "ke-hoach.toml").open("a") as plan:
        plan.write("\n")


def the_plan_saved_again(folder: Path) -> None:
    with (folder / "ke-hoach.toml").open("a") as plan:
        plan.write("\n")


def the_plan_in_a_second_form(folder: Path) -> None:
    (folder / "ke-hoach.xlsx").write_bytes(b"")


def the_offices_workbook_edited(folder: Path) -> None:
    with (folder / "co-quan.xlsx").open("ab") as book:
        book.write(b"\0")


def the_offices_workbook_gone(folder: Path) -> None:
    (folder / "co-quan.xlsx").unlink()


def a_register_more(folder: Path) -> None:
    (folder / "lich-su-2023.xlsx").write_bytes(b"")


def seen_on_another_day(folder: Path) -> None:
    path = folder / "ket-qua" / LEDGER
    path.write_text(path.read_text("utf-8").replace(AFTERWARDS.isoformat(), "2026-01-02"), "utf-8")


def the_earlier_result_gone(folder: Path) -> None:
    for name in ("lan-001", "lan-002", "lan-003"):
        shutil.rmtree(folder / "ket-qua" / name)


def another_run_the_newest(folder: Path) -> None:
    (folder / "ket-qua" / NEWEST).write_text("lan-002\n")


def no_run_the_newest(folder: Path) -> None:
    (folder / "ket-qua" / NEWEST).unlink()


def memory_cut(folder: Path) -> None:
    memory_of(folder).write_bytes(memory_of(folder).read_bytes()[:-9])


def memory_flipped(folder: Path) -> None:
    memory_of(folder).write_text(memory_of(folder).read_text().replace('"errors": ', '"errors": 1', 1))


def memory_of_something_else(folder: Path) -> None:
    memory_of(folder).write_text("[]")


def memory_nested(folder: Path) -> None:
    memory_of(folder).write_text("[" * 100_000)


CHANGES: list[Callable[[Path], None]] = [
    another_answer, a_form_deleted, a_form_renamed, a_form_more, an_empty_folder_more, a_form_that_is_a_link,
    a_file_among_the_results, feedback_deleted, the_summary_edited, the_summary_a_link, the_run_a_link,
    the_kept_plan_edited, the_plan_saved_again, the_plan_in_a_second_form, the_offices_workbook_edited,
    the_offices_workbook_gone, a_register_more, seen_on_another_day, the_earlier_result_gone, another_run_the_newest,
    no_run_the_newest, memory_cut, memory_flipped, memory_of_something_else, memory_nested, forget,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_the_usual_run_is_due(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    assert not repeated(folder, **ROUND)


@pytest.mark.parametrize("change", first_here([another_answer, the_summary_edited, seen_on_another_day, a_form_more]))
def test_after_a_change_the_memory_makes_no_difference(
    folder: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    change(folder)
    both_ways(folder, tmp_path, "--round", "hang-nam")


@pytest.mark.parametrize(
    "options",
    [{"today": AFTERWARDS + timedelta(days=1)}, {"all_feedback": True}, {"round_code": "so-ket"}, {"inbox": True}],
    ids=lambda options: next(iter(options)),
)
def test_whatever_else_is_asked_for_the_usual_run_is_due(folder: Path, options: Mapping[str, Any]) -> None:
    told = {**ROUND, **options, **({"inbox": folder / "nop"} if "inbox" in options else {})}
    assert not repeated(folder, **told)


def test_another_program_repeats_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeat, "program_digest", lambda: "another")
    assert not repeated(folder, **ROUND)


@pytest.mark.parametrize(
    "changed",
    [
        {"files": {}},
        {"kept": {}},
        {"kept": []},
        {"glance": {}},
        {"glance": None},
        {"rested_on": {}},
        {"rested_on": []},
        {"more": 1},
        {"files": {f"../lan-002/{SAID}": "0"}},
    ],
    ids=str,
)
def test_a_memory_that_somebody_made_up_is_not_believed(folder: Path, changed: Mapping[str, object]) -> None:
    """Its checksum is right, and what it says is not what a run remembers."""
    told = json.loads(memory_of(folder).read_text())[TOLD] | changed
    memory_of(folder).write_text(json.dumps({CHECK: checksum(told), TOLD: told}))
    assert not repeated(folder, **ROUND)


@pytest.mark.parametrize("field", ["exit_code", "title", "files", "ready", "office_errors"])
@pytest.mark.parametrize("value", [None, 1.5, [["a"]], [[1, 2]], {}])
def test_what_the_screen_says_is_believed_only_as_it_is_written(folder: Path, field: str, value: object) -> None:
    told = json.loads(memory_of(folder).read_text())[TOLD]
    told["glance"][field] = value
    memory_of(folder).write_text(json.dumps({CHECK: checksum(told), TOLD: told}))
    assert not repeated(folder, **ROUND)


def test_a_ledger_that_says_the_same_is_no_change(folder: Path) -> None:
    """How it is written does not count, only what it proves."""
    path = folder / "ket-qua" / LEDGER
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    assert repeated(folder, **ROUND)


@pytest.mark.parametrize(
    "options",
    [("--out", "ra"), ("--plan", "ke-hoach.toml"), ("--set", "criterion.1.2.max=20.5")],
    ids=lambda told: told[0],
)
def test_a_run_that_tries_something_out_is_computed_and_not_remembered(
    folder: Path, options: tuple[str, str], tmp_path: Path
) -> None:
    before = memory_of(folder).read_bytes()
    name, value = options
    place = {"--out": tmp_path / "ra", "--plan": folder / "ke-hoach.toml"}.get(name, value)
    assert thidua(folder, "--round", "hang-nam", name, str(place)).exit_code == 1
    assert memory_of(folder).read_bytes() == before


# --- something changes while a run goes on ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nop/KT.xlsx", "ke-hoach.toml", "lich-su-2023.xlsx"])
def test_what_was_read_counts_and_not_what_lies_there_at_the_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path, make = folder / name, outcome.make
    (folder / "lich-su-2023.xlsx").write_bytes(b"")
    was = path.read_bytes()

    def saved_meanwhile(*told: Any) -> Any:
        path.write_bytes(was + b"\n")
        return make(*told)

    with monkeypatch.context() as patched:
        patched.setattr(outcome, "make", saved_meanwhile)
        thidua(folder, "--round", "hang-nam")
    assert not repeated(folder, **ROUND)
    path.write_bytes(was)
    both_ways(folder, tmp_path, "--round", "hang-nam")


def test_the_offices_workbook_saved_meanwhile_is_looked_at_by_the_next_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where it is put back later: whether it was due to be refreshed, nobody has looked."""
    path, judge = folder / "co-quan.xlsx", outcome.judge
    was = path.read_bytes()

    def saved_meanwhile(*told: Any) -> Any:
        path.write_bytes(was + b"\0")
        return judge(*told)

    forget(folder)
    monkeypatch.setattr(outcome, "judge", saved_meanwhile)
    thidua(folder, "--round", "hang-nam")
    path.write_bytes(was)
    assert not repeated(folder, **ROUND)


@pytest.mark.parametrize("code", ["F-READ-TIMEOUT", "F-READ-CRASH"])
def test_what_the_machine_may_have_failed_to_read_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def refused(files: Any, _job: object, **_named: object) -> Iterator[tuple[Any, Any]]:
        for tag, data in files:
            yield tag, data and Refusal(code)

    forget(folder)
    with monkeypatch.context() as patched:
        patched.setattr(gather, "parcels", refused)
        thidua(folder, "--round", "hang-nam")
        thidua(folder, "--round", "hang-nam")
    assert not repeated(folder, **ROUND)


def test_while_something_is_left_to_do_nothing_is_remembered(tmp_path: Path) -> None:
    """The first run makes the office's workbook, for the second to read."""
    home = new_folder(tmp_path / "thi đua")
    drop(home, VP=valid("VP"))
    assert "Đã lập co-quan.xlsx" in thidua(home).output
    assert not memory_of(home).exists()
    thidua(home)
    assert repeated(home)


def test_while_something_is_left_to_say_nothing_is_repeated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register that the plan asks about is not filled in: every run says so."""
    forget(folder)
    monkeypatch.setattr(outcome, "asks_for_awards", lambda *_: True)
    for _ in range(2):
        assert "lich-su.xlsx" in thidua(folder, "--round", "hang-nam").output
    assert not repeated(folder, **ROUND)


# --- a copy that does not come to its end -----------------------------------------------------------------------


def stopped(folder: Path, what: str, number: int) -> subprocess.CompletedProcess[str]:
    words = ["run", str(folder), "--today", AFTERWARDS.isoformat(), "--round", "hang-nam"]
    script = [sys.executable, str(HERE / "stopped_run.py"), what, str(number), str(folder)]
    return subprocess.run([*script, *words], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Linux")
@pytest.mark.parametrize("place", first_here([0.75, 0.4, 0.05, 0.15, 0.25, 0.5, 0.6, 0.85, 0.9, 0.95, 1.0]))
def test_a_copy_that_is_killed_is_there_whole_or_not_at_all(folder: Path, tmp_path: Path, place: float) -> None:
    steps = int(stopped(Path(shutil.copytree(folder, tmp_path / "đếm")), "count", 0).stderr.split()[-1])
    assert steps >= 10
    done = stopped(folder, "kill", max(1, round(place * steps)))
    assert done.returncode == -signal.SIGKILL
    expected = all_files(newest(folder))
    copy = folder / "ket-qua" / "lan-005"
    assert not copy.exists() or all_files(copy) == expected
    assert (folder / "ket-qua" / NEWEST).read_text("utf-8").strip() in ("lan-004", "lan-005")
    both_ways(folder, tmp_path, "--round", "hang-nam")
