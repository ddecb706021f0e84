"""A run that remembers what it read says what a run without memory says; somebody else's executor reads the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from first_here import first_here

from tests.generate import TODAY, clean_sample
from thidua_xlsx.campaign.reading_cache import FILE, FOLDER, kept_readings
from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.pipeline import early, gather
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.workbooks.reader.parcel import Unpacking, pack

PLAN = "soc-trang-2025"


def cache_of(folder: Path) -> Path:
    return folder / "ket-qua" / FOLDER / FILE


def published(folder: Path, run: str) -> dict[str, bytes]:
    home = folder / "ket-qua" / run
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def forget(folder: Path) -> None:
    shutil.rmtree(folder / "ket-qua" / FOLDER)


def garble(folder: Path) -> None:
    """Every page of the base but the first is overwritten."""
    data = cache_of(folder).read_bytes()
    cache_of(folder).write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def replace_by_rubbish(folder: Path) -> None:
    cache_of(folder).write_bytes(b"no data base")


def flip(folder: Path) -> None:
    """One byte in the middle of what was kept."""
    data = bytearray(cache_of(folder).read_bytes())
    data[len(data) // 2] ^= 0xFF
    cache_of(folder).write_bytes(data)


def leave(folder: Path) -> None:
    assert cache_of(folder).exists()


def change_some(folder: Path) -> None:
    """One return is gone, and another stands under its name too."""
    first, second, third = sorted((folder / "nop").glob("*.xlsx"))[:3]
    first.unlink()
    third.write_bytes(second.read_bytes())


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = clean_sample(PLAN, tmp_path_factory.mktemp("campaign") / "c")
    run_batch(folder, today=TODAY)
    return folder


@pytest.mark.parametrize(
    ("harm", "changed"),
    first_here([(leave, False), (leave, True), (flip, False), (garble, True), (replace_by_rubbish, False)], 4),
)
def test_a_run_with_a_cache_writes_what_it_writes_without(
    run_once: Path, tmp_path: Path, harm: Callable[[Path], None], changed: bool
) -> None:
    with_cache, without = (shutil.copytree(run_once, tmp_path / name / "c") for name in ("with", "without"))
    harm(with_cache)
    forget(without)
    for folder in (with_cache, without):
        if changed:
            change_some(folder)
        run_batch(folder, today=TODAY)
    assert published(with_cache, "lan-002") == published(without, "lan-002")


@pytest.fixture
def read_now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each run reads anew."""
    counts: list[int] = []
    parcels = gather.parcels

    def counted(files, job, **named):  # type: ignore[no-untyped-def]
        counts.append(0)
        for tag, answer in parcels(files, job, **named):
            counts[-1] += answer is not None
            yield tag, answer

    monkeypatch.setattr(gather, "parcels", counted)
    return counts


def test_only_what_changed_is_read_again(run_once: Path, tmp_path: Path, read_now: list[int]) -> None:
    folder = shutil.copytree(run_once, tmp_path / "c")
    run_batch(folder, today=TODAY)
    path = min((folder / "nop").glob("*.xlsx"))
    path.write_bytes(path.read_bytes()[:-100])
    run_batch(folder, today=TODAY)
    assert read_now == [0, 1]


def test_how_many_readings_are_kept_is_known_without_a_program(run_once: Path, tmp_path: Path) -> None:
    """So many files will not be read again; whatever lies there instead, none is said to be kept."""
    folder = shutil.copytree(run_once, tmp_path / "c")
    read = {path.read_bytes() for path in (folder / "nop").glob("*.xlsx") if not path.name.startswith("~$")}
    assert kept_readings(folder / "ket-qua") == len(read)
    replace_by_rubbish(folder)
    assert kept_readings(folder / "ket-qua") == 0
    forget(folder)
    assert kept_readings(folder / "ket-qua") == 0
    assert not cache_of(folder).exists()


@pytest.mark.parametrize(("kept", "files", "begun"), [(False, 1, 1), (True, 1, 0), (True, 40, 1), (False, 0, 0)])
def test_processes_begin_early_where_much_is_new(
    run_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool, files: int, begun: int
) -> None:
    folder = shutil.copytree(run_once, tmp_path / "c")
    if not kept:
        shutil.rmtree(folder / "nop")
        forget(folder)
    (folder / "nop").mkdir(exist_ok=True)
    for number in range(files):
        (folder / "nop" / f"{number}.xlsx").write_bytes(b"PK")
    asked: list[int] = []
    monkeypatch.setattr(early, "EarlyWorkers", lambda count, *_modules: asked.append(min(count, 1)))
    early.early_workers(folder)
    assert asked == [begun]


def test_another_version_of_the_reader_believes_nothing(
    run_once: Path, tmp_path: Path, read_now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(run_once, tmp_path / "c")
    monkeypatch.setattr("thidua_xlsx.campaign.reading_cache.program_digest", lambda: "another")
    run_batch(folder, today=TODAY)
    assert read_now[0] > 1


def test_another_plan_believes_nothing(run_once: Path, tmp_path: Path, read_now: list[int]) -> None:
    """Other forms, other answers: whatever of the plan was changed, every file is read again, once."""
    folder = shutil.copytree(run_once, tmp_path / "c")
    path = folder / "ke-hoach.toml"
    path.write_text(path.read_text("utf-8").replace("Điểm", "điểm"), "utf-8")
    for _ in range(2):
        run_batch(folder, today=TODAY)
    assert read_now[0] > 1
    assert read_now[1] == 0


def test_what_is_gone_from_the_drop_folder_is_forgotten(run_once: Path, tmp_path: Path, read_now: list[int]) -> None:
    folder = shutil.copytree(run_once, tmp_path / "c")
    aside = shutil.move(min((folder / "nop").glob("*.xlsx")), tmp_path / "aside.xlsx")
    run_batch(folder, today=TODAY)
    shutil.move(aside, folder / "nop" / "lai.xlsx")
    run_batch(folder, today=TODAY)
    assert read_now == [0, 1]


def test_results_that_go_elsewhere_leave_no_cache(tmp_path: Path) -> None:
    folder = clean_sample(PLAN, tmp_path / "c")
    run_batch(folder, out=tmp_path / "out", today=TODAY)
    assert not cache_of(folder).exists()


def test_somebody_elses_executor_reads_the_same(run_once: Path, tmp_path: Path) -> None:
    folder = clean_sample(PLAN, tmp_path / "c")
    with ThreadPoolExecutor(2) as executor:
        output = run_batch(folder, today=TODAY, executor=executor)
    assert output.json == (run_once / "ket-qua" / "lan-001" / "ket-qua.json").read_bytes()


def test_a_parcel_carries_which_numbers_are_shown_as_days() -> None:
    """Sheets compare without it, so that it would get lost unseen: 8/5 typed for a score would count as 46150."""
    sheet = Sheet("Chấm điểm", {(6, 7): Cell(Kind.NUMBER, "46150")}, dated=frozenset({(6, 7)}))
    parcel = pack(Book((sheet,)))
    again = Unpacking().unpack(parcel)
    assert isinstance(again, Book)
    assert again == Book((sheet,))
    assert again.sheets[0].dated == sheet.dated
    assert again.sheets[0] == replace(sheet, dated=frozenset())
