"""A campaign on disk: what lies in the drop folder, what a run publishes, and what it never does."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filled_return import PLAN, PLAN_TEXT, address_of, layout_of, valid_answers

from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import LOCK, next_run
from thidua_xlsx.campaign.inbox import BIGGEST, is_ignored
from thidua_xlsx.campaign.last_run import FILE as REMEMBERED
from thidua_xlsx.campaign.reading_cache import FILE
from thidua_xlsx.campaign.written import TEMPORARY
from thidua_xlsx.cli.run import run_text
from thidua_xlsx.model.form import INFORMATION, SCORES
from thidua_xlsx.model.office import OFFICE_HEADERS, RECEPTION
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.run import RunOutput, run_batch

IN_TIME, AFTERWARDS = date(2026, 1, 20), date(2026, 2, 15)
SUMMARY, SAID, READ, NEWEST, LEDGER, OFFICE = (
    "tong-hop.xlsx", "ket-qua.json", "so-lieu.jsonl.gz", "moi-nhat.txt", "so-nhan.json", "co-quan.xlsx",
)  # fmt: skip
KEPT = ("luu/lan-001/tong-hop.xlsx", "luu/lan-001/ke-hoach.toml")
Changes = Mapping[tuple[str, str], object]
FAULTY: Changes = {(SCORES, "G8"): "nhiều"}
CHANGED: Changes = {(SCORES, "E13"): None, (SCORES, "G13"): 9}


@lru_cache
def blank(unit: str) -> bytes:
    return issue_forms(PLAN, units=[unit])[unit]


@lru_cache
def valid(unit: str) -> bytes:
    """The issued form, filled in another program than ours."""
    layout = layout_of(unit)
    book = openpyxl.load_workbook(BytesIO(blank(unit)))
    for (sheet, code, header), value in valid_answers(layout).items():
        cell = book[sheet][address_of(layout, sheet, code, header)]
        cell.value = float(value) if isinstance(value, Decimal) else value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def retyped(unit: str, changes: Changes) -> bytes:
    book = openpyxl.load_workbook(BytesIO(valid(unit)))
    for (sheet, cell), value in changes.items():
        book[sheet][cell].value = value
    return saved(book)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path / "thi đua")


def new_folder(home: Path) -> Path:
    (home / "nop").mkdir(parents=True)
    (home / "ke-hoach.toml").write_text(PLAN_TEXT, "utf-8")
    return home


def drop(folder: Path, **units: bytes) -> None:
    for unit, data in units.items():
        (folder / "nop" / f"{unit}.xlsx").write_bytes(data)


def run(folder: Path, today: date = IN_TIME, **options: Any) -> RunOutput:
    return run_batch(folder, today=today, **options)


def records(done: RunOutput) -> dict[str, FileRecord]:
    return {item.path: item for item in done.result.files}


def verdicts(done: RunOutput) -> dict[str, tuple[str, str | None]]:
    return {item.path.removeprefix("nop/"): (item.verdict.value, item.code) for item in done.result.files}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes; lock and cache aside, whose being there says nothing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (LOCK, FILE, REMEMBERED)
    }


def refused(call: Callable[[], object]) -> CampaignError:
    with pytest.raises(CampaignError) as raised:
        call()
    return raised.value


# What a run publishes


def test_a_run_publishes_everything_and_changes_nothing_it_was_given(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY))
    given = tree(folder)
    done = run(folder)
    after = tree(folder)
    assert set(after) - set(given) == {
        OFFICE,
        f"ket-qua/{NEWEST}",
        f"ket-qua/{LEDGER}",
        f"ket-qua/lan-001/{SUMMARY}",
        f"ket-qua/lan-001/{SAID}",
        f"ket-qua/lan-001/{READ}",
        "ket-qua/lan-001/phan-hoi/KT.xlsx",
        *(f"ket-qua/{name}" for name in KEPT),
    }
    assert {name: after[name] for name in given} == given
    assert after[f"ket-qua/{NEWEST}"] == b"lan-001\n"
    assert after[f"ket-qua/lan-001/{SAID}"] == done.json
    assert done.target == folder / "ket-qua" / "lan-001"
    assert done.exit_code == 1
    assert verdicts(done) == {
        "VP.xlsx": ("accepted", "RECEIPT_UNPROVEN"),
        "KT.xlsx": ("accepted", "RECEIPT_UNPROVEN"),
    }
    said = json.loads(done.json)
    assert [(item["code"], item["file"], item["sheet"], item["cells"]) for item in said["findings"]
            if item["severity"] == "error"] == [("NOT_A_NUMBER", "nop/KT.xlsx", SCORES, ["G8"])]  # fmt: skip
    assert {item["unit"]: item["outcome"] for item in said["decisions"] if not item["person"]} == {
        "VP": "PROPOSED", "KT": "INVALID", "VH": "NOT_RETURNED",
    }  # fmt: skip


def test_a_run_over_faultless_returns_ends_well(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=valid("KT"), VH=valid("VH"))
    done = run(folder)
    assert done.exit_code == 0
    assert not (done.target / "phan-hoi").exists()
    everyone = run(folder, all_feedback=True)
    assert sorted(path.name for path in (everyone.target / "phan-hoi").iterdir()) == ["KT.xlsx", "VH.xlsx", "VP.xlsx"]


def test_runs_are_numbered_and_earlier_ones_stay(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    first = tree(run(folder).target)
    second = run(folder)
    assert second.target.name == "lan-002"
    assert tree(folder / "ket-qua" / "lan-001") == first
    assert (folder / "ket-qua" / NEWEST).read_text("utf-8") == "lan-002\n"
    (folder / "ket-qua" / "lan-041").mkdir()
    (folder / "ket-qua" / "lan-cuoi").mkdir()
    assert next_run(folder) == "lan-042"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    units = {"VP": valid("VP"), "KT": retyped("KT", FAULTY), "VH": b"no workbook"}
    one, other = new_folder(tmp_path / "1"), new_folder(tmp_path / "2")
    drop(one, **units)
    drop(other, **dict(reversed(units.items())))
    assert tree(run(one, out=tmp_path / "ra").target) == tree(run(other).target)


def test_originals_are_opened_for_reading_only(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    (folder / "nop" / "VP.xlsx").chmod(0o444)
    assert run(folder).exit_code == 0


# Results elsewhere


def test_results_elsewhere_leave_no_trace_of_a_run(folder: Path, tmp_path: Path) -> None:
    drop(folder, VP=valid("VP"))
    out = tmp_path / "a" / "b"
    assert run(folder, out=out).target == out
    assert set(tree(out)) == {SUMMARY, SAID, READ}
    assert not (folder / "ket-qua").exists()
    (empty := tmp_path / "trống").mkdir()
    assert set(tree(run(folder, out=empty).target)) == {SUMMARY, SAID, READ}


@pytest.mark.parametrize("what", ["file in it", "hidden file in it", "a file"])
def test_results_overwrite_nothing(folder: Path, tmp_path: Path, what: str) -> None:
    out = tmp_path / "ra"
    if what == "a file":
        out.write_text("của người khác")
    else:
        out.mkdir()
        (out / (".ẩn" if "hidden" in what else "ghi chú.txt")).write_text("của người khác")
    drop(folder, VP=valid("VP"))
    before = tree(tmp_path)
    error = refused(lambda: run(folder, out=out))
    assert error.exit_code == 2
    assert "đã có nội dung" in str(error)
    assert tree(tmp_path) == before


# Whole or not at all


class Failing:
    """Stands for a function of the system that works a few times and then has no room left."""

    def __init__(self, real: Callable[..., Any], works: int) -> None:
        self.real, self.left = real, works

    def __call__(self, *args: Any, **more: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.real(*args, **more)


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("works", range(3))
def test_a_disk_that_fills_up_leaves_nothing_half_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: int, elsewhere: bool
) -> None:
    """Three files are to be written; the disk fills up at each of them."""
    drop(folder, VP=valid("VP"))
    run(folder)
    drop(folder, KT=retyped("KT", FAULTY))
    before = tree(tmp_path)
    monkeypatch.setattr(os, "fsync", Failing(os.fsync, works))
    error = refused(lambda: run(folder, out=tmp_path / "ra" if elsewhere else None))
    assert error.exit_code == 3
    assert "hết chỗ trên đĩa" in str(error)
    assert tree(tmp_path) == before
    assert not list(tmp_path.rglob(f"{TEMPORARY}*"))


def test_a_run_that_cannot_be_put_in_place_is_not_the_newest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(folder, VP=valid("VP"))
    run(folder)
    before = tree(folder)
    monkeypatch.setattr(Path, "rename", Failing(Path.rename, 0))
    assert refused(lambda: run(folder)).exit_code == 3
    assert tree(folder) == before


def test_our_own_fault_while_printing_publishes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(folder, KT=retyped("KT", FAULTY))
    before = tree(folder)
    monkeypatch.setattr("thidua_xlsx.workbooks.form_workbook.FormPress.write", Failing(lambda *_: b"", 0))
    with pytest.raises(OSError, match="No space"):
        run(folder)
    assert tree(folder) == before


def test_what_an_interrupted_run_left_is_swept_away(folder: Path) -> None:
    for name in ("lan-001", "lan-009"):
        left = folder / "ket-qua" / f"{TEMPORARY}{name}"
        (left / "phan-hoi").mkdir(parents=True)
        (left / "phan-hoi" / "XX.xlsx").write_bytes(b"half")
    (folder / "ket-qua" / f"{TEMPORARY}{NEWEST}").write_bytes(b"lan")
    drop(folder, VP=valid("VP"))
    run(folder)
    published = {f"lan-001/{name}" for name in (SUMMARY, SAID, READ)}
    assert set(tree(folder / "ket-qua")) == {NEWEST, LEDGER, *KEPT, *published}


# One run at a time


HOLD_THE_FOLDER = """
    import sys
    from pathlib import Path
    from thidua_xlsx.campaign.folder import only_run
    with only_run(Path(sys.argv[1])):
        print("locked", flush=True)
        sys.stdin.readline()
"""


def test_two_runs_do_not_share_a_folder(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD_THE_FOLDER), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "locked\n"
        before = tree(folder)
        error = refused(lambda: run(folder))
        assert (error.exit_code, tree(folder)) == (3, before)
        spoken = subprocess.run(
            [sys.executable, "-m", "thidua_xlsx", "run", str(folder)], capture_output=True, text=True, check=False
        )
        assert spoken.returncode == 3
        assert str(error) in spoken.stderr
        assert "Traceback" not in spoken.stderr
        assert tree(folder) == before
    finally:
        holder.kill()
        holder.wait()
    assert run(folder).exit_code == 0, "the lock goes with its process, however that ends"


# What lies in the drop folder


def entries_seen(folder: Path) -> int:
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder / "nop"))


def test_what_programs_leave_behind_is_ignored(folder: Path) -> None:
    left = ("~$VP.xlsx", ".~lock.VP.xlsx#", ".DS_Store", "Thumbs.db", "desktop.ini", "VP.xlsx.part", "VP.tmp")
    for name in left:
        (folder / "nop" / name).write_bytes(valid("VP"))
    (folder / "nop" / ".ẩn").mkdir()
    (folder / "nop" / ".ẩn" / "VP.xlsx").write_bytes(valid("VP"))
    drop(folder, KT=valid("KT"))
    done = run(folder)
    assert {name for name, (verdict, _) in verdicts(done).items() if verdict == "ignored"} == {
        *left, ".ẩn", ".ẩn/VP.xlsx",
    }  # fmt: skip
    assert verdicts(done)["KT.xlsx"][0] == "accepted"
    assert len(done.result.files) == entries_seen(folder)
    assert done.exit_code == 0


@pytest.mark.parametrize("name", ["THUMBS.DB", "~$a.xlsx", "a.XLSX.CRDOWNLOAD"])
def test_ignored_names_in_any_case(name: str) -> None:
    assert is_ignored(name)
    assert not is_ignored(name.replace("~$", "").replace(".CRDOWNLOAD", "").replace("THUMBS.DB", "số liệu.db"))


def test_sub_folders_are_read_too(folder: Path) -> None:
    (folder / "nop" / "Khối phòng" / "Đợt 1").mkdir(parents=True)
    (folder / "nop" / "Khối phòng" / "Đợt 1" / "VP.xlsx").write_bytes(valid("VP"))
    done = run(folder)
    assert verdicts(done) == {
        "Khối phòng": ("ignored", "IGNORED"),
        "Khối phòng/Đợt 1": ("ignored", "IGNORED"),
        "Khối phòng/Đợt 1/VP.xlsx": ("accepted", "RECEIPT_UNPROVEN"),
    }


def test_what_is_no_file_is_never_opened(folder: Path, tmp_path: Path) -> None:
    """A pipe would be waited for without end, a link may lead anywhere, in a circle too."""
    inbox = folder / "nop"
    (tmp_path / "ngoài.xlsx").write_bytes(valid("VP"))
    os.mkfifo(inbox / "ống.xlsx")
    (inbox / "liên kết.xlsx").symlink_to(tmp_path / "ngoài.xlsx")
    (inbox / "đứt.xlsx").symlink_to(tmp_path / "không có")
    (inbox / "vòng").symlink_to(inbox, target_is_directory=True)
    (inbox / "thư mục.xlsx").mkdir()
    drop(folder, KT=valid("KT"))
    done = run(folder)
    assert {name: verdict for name, (verdict, _) in verdicts(done).items()} == {
        "ống.xlsx": "ignored",
        "liên kết.xlsx": "ignored",
        "đứt.xlsx": "ignored",
        "vòng": "ignored",
        "thư mục.xlsx": "ignored",
        "KT.xlsx": "accepted",
    }
    assert done.exit_code == 0


def test_names_are_shown_as_people_see_them(folder: Path) -> None:
    """macOS writes é as e and an accent; old programs write bytes that are no text at all."""
    composed, decomposed = (unicodedata.normalize(form, "Phòng Kế toán.xlsx") for form in ("NFC", "NFD"))
    (folder / "nop" / decomposed).write_bytes(valid("KT"))
    (folder / "nop" / os.fsdecode(b"V\xc3\x83n ph\xb7ng.xlsx")).write_bytes(valid("VP"))
    done = run(folder)
    assert {item.unit: path for path, item in records(done).items()} == {
        "KT": f"nop/{composed}",
        "VP": "nop/VÃn ph\\xb7ng.xlsx",
    }
    json.loads(done.json)


def test_two_names_that_look_alike_are_two_entries(folder: Path) -> None:
    for form, unit in (("NFC", "KT"), ("NFD", "VP")):
        (folder / "nop" / unicodedata.normalize(form, "Kế toán.xlsx")).write_bytes(valid(unit))
    if entries_seen(folder) < 2:
        pytest.skip("this disk takes the two names for one")
    done = run(folder)
    assert len(done.result.files) == 2
    assert {item.unit for item in done.result.files} == {"VP", "KT"}
    assert {item.path for item in done.result.files} == {"nop/Kế toán.xlsx"}


def test_unreadable_workbooks_are_rejected_and_the_others_go_on(folder: Path) -> None:
    (folder / "nop" / "a.xlsx").write_bytes(b"")
    (folder / "nop" / "b.xlsx").write_bytes(b"Not a workbook at all")
    (folder / "nop" / "c.xlsx").write_bytes(valid("VP")[:-3000])
    (folder / "nop" / "d.pdf").write_bytes(b"%PDF-1.7\n")
    with (folder / "nop" / "e.xlsx").open("wb") as stream:
        stream.truncate(BIGGEST + 1)
    with (folder / "nop" / "f.xlsx").open("wb") as stream:
        stream.truncate(BIGGEST + 2)
    drop(folder, KT=valid("KT"))
    done = run(folder)
    told = {name: verdict for name, (verdict, _) in verdicts(done).items()}
    assert told == {**dict.fromkeys(["a.xlsx", "b.xlsx", "c.xlsx", "d.pdf", "e.xlsx", "f.xlsx"], "rejected"),
                    "KT.xlsx": "accepted"}  # fmt: skip
    assert verdicts(done)["e.xlsx"] == ("rejected", "F-TOO-BIG")
    assert all(item.message.endswith(".") for item in done.result.files if item.verdict is Verdict.REJECTED)
    assert {item.place.file for item in done.result.findings if item.code.name == "NOT_A_WORKBOOK"} == {
        f"nop/{name}" for name, verdict in told.items() if verdict == "rejected"
    }
    assert done.exit_code == 1


def test_a_file_that_changes_while_it_is_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(folder, VP=valid("VP"))
    real = Path.read_bytes

    def read_while_it_grows(path: Path) -> bytes:
        data = real(path)
        if path.parent.name == "nop":
            with path.open("ab") as stream:
                stream.write(b"more")
        return data

    monkeypatch.setattr(Path, "read_bytes", read_while_it_grows)
    assert verdicts(run(folder)) == {"VP.xlsx": ("rejected", "F-CHANGING")}


def test_an_inbox_elsewhere(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "thư đến").mkdir()
    (tmp_path / "thư đến" / "VP.xlsx").write_bytes(valid("VP"))
    done = run(folder, inbox=tmp_path / "thư đến")
    assert {item.unit: item.path.endswith("thư đến/VP.xlsx") for item in done.result.files} == {"VP": True}


def test_a_folder_that_is_no_campaign_is_told_so(tmp_path: Path) -> None:
    missing = refused(lambda: run(tmp_path / "không có"))
    assert (missing.exit_code, "Không thấy thư mục" in str(missing)) == (2, True)
    no_plan = refused(lambda: run(tmp_path))
    assert no_plan.exit_code == 2
    (tmp_path / "ke-hoach.toml").write_text(PLAN_TEXT, "utf-8")
    no_inbox = refused(lambda: run(tmp_path))
    assert (no_inbox.exit_code, "nop" in str(no_inbox)) == (2, True)
    assert set(tree(tmp_path)) == {"ke-hoach.toml"}


# What earlier runs saw


def test_what_an_earlier_run_saw_in_time_is_in_time(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    first = run(folder, IN_TIME)
    assert [item.code.name for item in first.result.findings] == ["RECEIPT_UNPROVEN"]
    (folder / "nop" / "VP.xlsx").rename(folder / "nop" / "Văn phòng.xlsx")
    drop(folder, KT=valid("KT"))
    later = run(folder, AFTERWARDS)
    assert [(item.code.name, item.unit) for item in later.result.findings] == [("RECEIPT_UNPROVEN", "KT")]
    known = records(later)["nop/Văn phòng.xlsx"]
    assert (known.received_at, known.received_by) == (IN_TIME, "lan-truoc")


def test_results_elsewhere_are_no_evidence_later(folder: Path, tmp_path: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder, IN_TIME, out=tmp_path / "ra")
    assert [item.code.name for item in run(folder, AFTERWARDS).result.findings] == ["RECEIPT_UNPROVEN"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ab": "2026-01-20"}', '{"ab": {"day": "?", "run": 1}}', "\xff"])
def test_a_ledger_that_cannot_be_read_proves_nothing(folder: Path, text: str) -> None:
    drop(folder, VP=valid("VP"))
    run(folder, IN_TIME)
    (folder / "ket-qua" / LEDGER).write_bytes(text.encode("latin-1", "replace"))
    (folder / "ket-qua" / NEWEST).write_bytes("lan-001".encode("utf-16"))
    done = run(folder, AFTERWARDS)
    assert [item.code.name for item in done.result.findings] == ["RECEIPT_UNPROVEN"]
    assert done.target.name == "lan-002"


def test_a_corrected_return_counts_after_the_run_that_found_the_faults(folder: Path) -> None:
    """All on one day: run, send the feedback, get a new file, run again, and once more."""
    drop(folder, VP=retyped("VP", FAULTY))
    assert run(folder).exit_code == 1
    drop(folder, VP_2=valid("VP"))
    for done in (run(folder), run(folder), run(folder, AFTERWARDS)):
        assert {name: verdict for name, (verdict, _) in verdicts(done).items()} == {
            "VP.xlsx": "superseded",
            "VP_2.xlsx": "accepted",
        }
        assert done.exit_code == 0
    drop(folder, VP_3=retyped("VP", CHANGED))
    assert {name: verdict for name, (verdict, _) in verdicts(run(folder)).items()} == {
        "VP.xlsx": "superseded",
        "VP_2.xlsx": "superseded",
        "VP_3.xlsx": "accepted",
    }


def test_a_newer_invalid_return_gets_its_feedback_while_the_older_counts(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder)
    drop(folder, VP_2=retyped("VP", FAULTY))
    done = run(folder)
    assert {item.code.name for item in done.result.findings} == {"NEWER_RETURN_INVALID", "NOT_A_NUMBER"}
    book = openpyxl.load_workbook(done.target / "phan-hoi" / "VP.xlsx")
    assert book[SCORES]["G8"].value == "nhiều"
    assert json.loads(done.json)["standings"][0]["unit"] == "VP"


def test_two_returns_at_once_hold_the_unit_until_the_office_decides(folder: Path) -> None:
    drop(folder, a=valid("VP"), b=retyped("VP", CHANGED))
    held = run(folder)
    assert verdicts(held) == {"a.xlsx": ("held", "ORDER_UNPROVEN"), "b.xlsx": ("held", "ORDER_UNPROVEN")}
    assert held.exit_code == 1
    note(folder, "nop/b.xlsx", {"Quyết định": "Tính bản này"})
    settled = run(folder)
    assert {name: verdict for name, (verdict, _) in verdicts(settled).items()} == {
        "a.xlsx": "superseded",
        "b.xlsx": "accepted",
    }
    assert settled.exit_code == 0


# The office's own workbook


def note(folder: Path, path: str, typed: Mapping[str, object]) -> None:
    """Types into the line of «Tiếp nhận» that speaks of a file, or into a new one."""
    book = openpyxl.load_workbook(folder / OFFICE)
    sheet = book[RECEPTION]
    header_row = next(cell.row for column in sheet.iter_cols(max_col=3) for cell in column if cell.value == "Tệp")
    columns = {cell.value: cell.column for cell in sheet[header_row]}
    assert set(OFFICE_HEADERS[RECEPTION]) <= set(columns)
    lines = (row for row in range(header_row + 1, 1000) if sheet.cell(row, columns["Tệp"]).value in (path, None))
    row = next(lines)
    sheet.cell(row, columns["Tệp"]).value = path
    for header, value in typed.items():
        sheet.cell(row, columns[header]).value = value
    book.save(folder / OFFICE)


def stampless(unit: str) -> bytes:
    """A return whose visible stamps are gone; the hidden witnesses are left."""
    book = openpyxl.load_workbook(BytesIO(valid(unit)))
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet["A2"].value = None
    return saved(book)


def test_the_office_assigns_a_held_file_and_notes_its_day(folder: Path) -> None:
    drop(folder, phiếu=stampless("VP"))
    held = run(folder, AFTERWARDS)
    assert verdicts(held) == {"phiếu.xlsx": ("held", "STAMP_DAMAGED")}
    assert held.exit_code == 1
    note(folder, "nop/phiếu.xlsx", {"Đơn vị": "VP", "Ngày nhận": IN_TIME, "Quyết định": "Nhận", "Người": "A"})
    typed = (folder / OFFICE).read_bytes()
    done = run(folder, AFTERWARDS)
    assert verdicts(done) == {"phiếu.xlsx": ("accepted", None)}
    (copy,) = folder.glob("co-quan 2026-*.xlsx")
    assert copy.read_bytes() == typed, "what the office typed is never rewritten without a copy"
    (record,) = done.result.files
    assert (record.unit, record.received_at, record.received_by) == ("VP", IN_TIME, "co-quan")
    assert done.exit_code == 0


def test_the_office_declines_a_file(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    run(folder)
    note(folder, "nop/VP.xlsx", {"Quyết định": "Không nhận", "Lý do": "Gửi thử"})
    done = run(folder)
    assert verdicts(done) == {"VP.xlsx": ("superseded", "DECLINED")}
    assert {unit.code for unit in done.result.missing} == {"VP", "KT", "VH"}


@pytest.mark.parametrize("name", [OFFICE, "lich-su.xlsx"])
def test_a_workbook_of_the_office_that_cannot_be_read_is_an_error_and_stays(folder: Path, name: str) -> None:
    drop(folder, VP=valid("VP"))
    (folder / name).write_bytes(b"torn")
    done = run(folder)
    assert [item.place.file for item in done.result.findings if item.code.name == "OFFICE_VALUE_INVALID"] == [name]
    assert done.exit_code == 1
    assert (folder / name).read_bytes() == b"torn"


def test_a_workbook_that_is_open_elsewhere_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to read what Excel holds."""
    drop(folder, VP=valid("VP"))
    run(folder)
    before = tree(folder)
    real = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == OFFICE:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr("thidua_xlsx.campaign.written.PATIENCE", (0.0,) * 3)
        patch.setattr(Path, "read_bytes", locked)
        error = refused(lambda: run(folder))
    assert error.exit_code == 3
    assert "Đóng tệp trong Excel" in str(error)
    assert tree(folder) == before


# A fresh workbook for the office after each run


def test_a_run_again_changes_no_byte_of_the_office_s_workbook(folder: Path) -> None:
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY))
    run(folder)
    made = (folder / OFFICE).read_bytes()
    for _ in range(2):
        assert not run(folder).remarks
        assert (folder / OFFICE).read_bytes() == made
    assert [path.name for path in folder.glob("co-quan*")] == [OFFICE], "and nothing was worth a copy"


def typed_and_a_new_return(folder: Path) -> bytes:
    """The office has noted something, and one more unit has sent its form since."""
    drop(folder, VP=valid("VP"))
    run(folder)
    note(folder, "nop/VP.xlsx", {"Ngày nhận": IN_TIME, "Người": "A", "Ngày": "hôm qua?"})
    drop(folder, KT=valid("KT"))
    return (folder / OFFICE).read_bytes()


def lines_of(path: Path) -> dict[object, tuple[object, ...]]:
    """What is typed into the lines of «Tiếp nhận», by file."""
    rows = openpyxl.load_workbook(path)[RECEPTION].iter_rows(min_row=5, values_only=True)
    return {row[0]: row[2:8] for row in rows if row[0]}


def test_new_lines_come_and_what_was_typed_stays_with_a_dated_copy(folder: Path) -> None:
    typed = typed_and_a_new_return(folder)
    done = run(folder)
    assert (folder / "co-quan 2026-01-20.xlsx").read_bytes() == typed
    lines = lines_of(folder / OFFICE)
    assert set(lines) == {"nop/VP.xlsx", "nop/KT.xlsx"}
    assert lines["nop/VP.xlsx"][3:] == (None, "A", "hôm qua?")
    assert any("co-quan 2026-01-20.xlsx" in remark for remark in done.remarks)
    drop(folder, VH=valid("VH"))
    note(folder, "nop/KT.xlsx", {"Người": "B"})
    run(folder)
    assert len(list(folder.glob("co-quan 2026-01-20*.xlsx"))) == 2, "no copy replaces another"


def open_in_excel(monkeypatch: pytest.MonkeyPatch, name: str, tries: int) -> list[float]:
    """Windows refuses to replace what Excel shows, the first so many times. Gives the waits in between."""
    real, waits, left = Path.replace, list[float](), [tries]

    def refusing(path: Path, target: Path) -> Path:
        if target.name == name and left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    monkeypatch.setattr("thidua_xlsx.campaign.written.sleep", waits.append)
    return waits


def test_an_open_workbook_gets_its_successor_beside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = typed_and_a_new_return(folder)
    with monkeypatch.context() as patch:
        waits = open_in_excel(patch, OFFICE, 1000)
        done = run(folder)
    assert 1 < sum(waits) < 5
    assert (folder / OFFICE).read_bytes() == typed
    assert set(lines_of(folder / "co-quan (mới, 2026-01-20).xlsx")) == {"nop/VP.xlsx", "nop/KT.xlsx"}
    (told,) = done.remarks
    assert "co-quan (mới, 2026-01-20).xlsx" in told
    assert told.endswith("rồi chạy lại.")
    assert not list(folder.rglob(f"{TEMPORARY}*"))


def test_a_moment_s_hold_is_waited_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed_and_a_new_return(folder)
    with monkeypatch.context() as patch:
        waits = open_in_excel(patch, OFFICE, 2)
        run(folder)
    assert len(waits) == 2
    assert set(lines_of(folder / OFFICE)) == {"nop/VP.xlsx", "nop/KT.xlsx"}


def test_what_is_saved_while_a_run_goes_on_is_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed_and_a_new_return(folder)
    real = written.publish

    def publish_while_somebody_saves(*given: Any) -> None:
        real(*given)
        note(folder, "nop/VP.xlsx", {"Lý do": "mới ghi"})

    with monkeypatch.context() as patch:
        patch.setattr(written, "publish", publish_while_somebody_saves)
        done = run(folder)
    assert lines_of(folder / OFFICE)["nop/VP.xlsx"][3] == "mới ghi"
    assert "trong lúc chạy" in done.remarks[0]
    run(folder)
    assert lines_of(folder / OFFICE)["nop/VP.xlsx"][3] == "mới ghi"
    assert "nop/KT.xlsx" in lines_of(folder / OFFICE)


def test_a_cell_that_cannot_be_kept_leaves_the_workbook_alone(folder: Path) -> None:
    typed_and_a_new_return(folder)
    note(folder, "nop/VP.xlsx", {"Lý do": "=1+1"})
    before = (folder / OFFICE).read_bytes()
    done = run(folder)
    assert (folder / OFFICE).read_bytes() == before
    assert RECEPTION in done.remarks[0]


def test_results_elsewhere_leave_the_office_s_workbook_alone(folder: Path, tmp_path: Path) -> None:
    typed = typed_and_a_new_return(folder)
    run(folder, out=tmp_path / "ra")
    assert (folder / OFFICE).read_bytes() == typed


# An ordinary user, who may not do everything


def as_ordinary_user(*words: str) -> subprocess.CompletedProcess[str]:
    """``thidua …`` by somebody whom the system refuses what the permissions of a file refuse, root too."""
    command = [sys.executable, "-m", "thidua_xlsx", *words]
    if os.getuid() == 0:
        setpriv = shutil.which("setpriv")
        if not setpriv:
            pytest.skip("root may do everything, and there is no setpriv to take that away")
        command = [setpriv, "--bounding-set", "-all", "--inh-caps", "-all", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(0o755)


def test_a_read_only_folder_is_one_clear_sentence(folder: Path) -> None:
    drop(folder, VP=valid("VP"))
    before = tree(folder)
    with mode(folder, 0o555):
        done = as_ordinary_user("run", str(folder), "--today", "2026-01-20")
    assert done.returncode == 3, done.stderr
    assert "Không ghi được" in done.stderr
    assert "quyền ghi" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(folder) == before


def test_a_read_only_folder_can_be_run_with_results_elsewhere(folder: Path, tmp_path: Path) -> None:
    drop(folder, VP=valid("VP"))
    with mode(folder, 0o555):
        done = as_ordinary_user("run", str(folder), "--out", str(tmp_path / "ra"), "--today", "2026-01-20")
    assert done.returncode == 0, done.stderr
    assert set(tree(tmp_path / "ra")) == {SUMMARY, SAID, READ}
    assert not (folder / OFFICE).exists()


def test_what_may_not_be_read_is_rejected_by_name(folder: Path) -> None:
    drop(folder, VP=valid("VP"), VH=valid("VH"))
    (closed := folder / "nop" / "đóng").mkdir()
    (closed / "KT.xlsx").write_bytes(valid("KT"))
    with mode(folder / "nop" / "VH.xlsx", 0), mode(closed, 0):
        done = as_ordinary_user("run", str(folder), "--today", "2026-01-20", "--json")
    assert done.returncode == 1, done.stderr
    assert {item["path"]: (item["verdict"], item["code"]) for item in json.loads(done.stdout)["files"]} == {
        "nop/VP.xlsx": ("accepted", "RECEIPT_UNPROVEN"),
        "nop/VH.xlsx": ("rejected", "F-UNREADABLE"),
        "nop/đóng": ("rejected", "F-UNREADABLE"),
    }


def test_the_forms_that_were_filled_are_the_ones_issued() -> None:
    issued = issue_forms(PLAN)
    assert list(issued) == [unit.code for unit in PLAN.units]
    assert issued["VP"] == blank("VP")
    assert refused(lambda: issue_forms(PLAN, units=["XX"])).exit_code == 2
    assert INFORMATION in openpyxl.load_workbook(BytesIO(issued["VP"])).sheetnames


# The last words of a run


TO_THE_COUNCIL = "trình Hội đồng"


def test_the_council_is_called_only_when_there_is_something_to_decide(folder: Path) -> None:
    nothing = run_text(run(folder), folder)
    assert TO_THE_COUNCIL not in nothing
    assert "nop/" in nothing.splitlines()[-2]
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY), VH=valid("VH"))
    faulty = run_text(run(folder), folder)
    assert TO_THE_COUNCIL not in faulty
    assert "phan-hoi" in faulty
    assert "Tệp trong thư mục nộp: 3 = 3 nhận" in faulty
    drop(folder, KT=valid("KT"))
    assert TO_THE_COUNCIL in run_text(run(folder), folder).splitlines()[-1]


def test_where_earlier_awards_are_asked_about_a_register_is_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, VP=valid("VP"))
    monkeypatch.setattr("thidua_xlsx.pipeline.outcome.asks_for_awards", lambda *_: True)
    first, second = run(folder), run(folder)
    assert first.result.decisions == second.result.decisions, "a register that nobody has filled in says nothing"
    for done in (first, second):
        assert TO_THE_COUNCIL not in run_text(done, folder)
        assert "lich-su.xlsx" in done.remarks[-1]
    assert (folder / "lich-su.xlsx").exists()
