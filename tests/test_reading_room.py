"""The reading room: what kills, hangs or floods a worker costs one file, and the others come out the same."""

from __future__ import annotations

import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from bad_readers import ORDER, obedient
from crafting import Case, with_rows, workbook
from filled_return import PLAN, ROUND
from hostile import CASES, one_of_each_kind
from hypothesis import given, settings
from hypothesis import strategies as st
from no_cycles import leaves_no_cycle
from returned_workbooks import demo_returns, turned_comment

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.results import Verdict
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.read_form import FormReader
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.workbooks.reader import desk as desks
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.desk import Desk, Limits
from thidua_xlsx.workbooks.reader.early import MOST_WORKERS, EarlyWorkers, fitting_workers
from thidua_xlsx.workbooks.reader.parcel import Unpacking, pack
from thidua_xlsx.workbooks.reader.reading_room import (
    Reading,
    order_of,
    parcels,
    read_all,
    read_and_pack,
)
from thidua_xlsx.workbooks.reader.second_reading import read_twice
from thidua_xlsx.workbooks.reader.windows_job import JobLimits

HERE = Path(__file__).parent
# Far more than a file takes where nothing else runs: a machine may stand still for a second.
SOON = Limits(seconds=3.0)
CRASH, TIMEOUT = "F-READ-CRASH", "F-READ-TIMEOUT"


def order(*words: object) -> bytes:
    return ORDER + " ".join(map(str, words)).encode()


def code(reading: Reading) -> str:
    return reading.code if isinstance(reading, Refusal) else "read"


def read(files: list[bytes], workers: int | None = None, limits: Limits = SOON) -> list[Reading]:
    return list(read_all(files, workers, reader=obedient, limits=limits))


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Every process that a test starts, none of which may outlive it."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(desks.subprocess, "Popen", start)
    yield started
    assert all(process.returncode is not None for process in started)
    assert all(process.stdout.closed for process in started if process.stdout)


# --- one file's accident is one file's --------------------------------------------------------------------------

ACCIDENTS = {
    "kill": CRASH,
    "crash": CRASH,
    "abort": CRASH,
    "exit": CRASH,
    "quit": CRASH,
    "eat": CRASH,
    "memory": CRASH,
    "mistake": CRASH,
    "interrupt": CRASH,
    "hang": TIMEOUT,
    "sleep": TIMEOUT,
    "stop": TIMEOUT,
}


@pytest.mark.parametrize(("accident", "verdict"), ACCIDENTS.items())
def test_one_of_a_hundred(accident: str, verdict: str) -> None:
    good = [with_rows(f'<row r="1"><c r="A1"><v>{number}</v></c></row>') for number in range(99)]
    plain = [read_book(data) for data in good]
    place = sum(map(ord, accident)) % 100
    limits = SOON if verdict == TIMEOUT else Limits()
    readings = read([*good[:place], order(accident), *good[place:]], workers=2, limits=limits)
    assert code(readings.pop(place)) == verdict
    assert readings == plain


def test_all_accidents_together() -> None:
    good = workbook()
    names = [name for name in ACCIDENTS if name != "sleep"]
    files = [item for name in names for item in (good, order(name))]
    readings = read([*files, good], workers=3, limits=Limits(seconds=2))
    assert [code(item) for item in readings[1::2]] == [ACCIDENTS[name] for name in names]
    assert set(map(code, readings[::2])) == {"read"}


def test_results_keep_the_order_of_the_files() -> None:
    files = [order("sleep", delay) for delay in (0.6, 0, 0.3, 0, 0)] + [workbook(), b"", b"text"]
    readings = read(files, workers=4, limits=Limits())
    assert [code(item) for item in readings] == ["F-TEXT"] * 5 + ["read", "F-EMPTY", "F-TEXT"]
    assert readings[5:] == [read_book(data) for data in files[5:]]


def test_what_a_reader_prints_does_not_garble_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    readings = read([order("talk"), workbook(), order("talk"), order("crash")])
    assert [code(item) for item in readings] == ["F-TEXT", "read", "F-TEXT", CRASH]
    assert capfd.readouterr() == ("", "")


def test_a_file_is_blamed_only_for_the_death_of_a_fresh_process(tmp_path: Path) -> None:
    """The system, short of memory, kills whom it likes; what an earlier file left behind may kill the next."""
    assert [code(item) for item in read([workbook(), order("die-once", tmp_path / "a")])] == ["read", "F-TEXT"]
    assert [code(item) for item in read([order("die-once", tmp_path / "b"), workbook()])] == [CRASH, "read"]


def test_a_process_killed_while_it_waits_costs_no_file(processes: list[subprocess.Popen[bytes]]) -> None:
    desk = Desk(order_of(partial(read_and_pack, obedient), Limits()), Limits())
    first = desk.read(workbook())
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    again = desk.read(workbook())
    desk.clear()
    assert first == again == pack(read_book(workbook()))
    assert len(processes) == 2


def test_memory_is_limited_to_what_was_said() -> None:
    """100 MB fit where 300 are allowed, and not where 60 are; the process that failed is not used again."""
    large = order("hold", 100)
    assert [code(item) for item in read([large, workbook()], limits=Limits())] == ["F-TEXT", "read"]
    assert [code(item) for item in read([large, workbook()], limits=Limits(megabytes=60))] == [CRASH, "read"]


def test_a_large_file_passes_the_pipe() -> None:
    data = workbook({"xl/media/image1.bin": random.Random(1).randbytes(19 << 20)})
    assert len(data) > 19 << 20
    assert read([data, workbook()], limits=Limits()) == [read_book(data), read_book(workbook())]


# --- processes --------------------------------------------------------------------------------------------------


def test_a_worker_imports_what_reading_needs_and_nothing_else() -> None:
    assert read([order("imported")], limits=Limits()) == [Refusal("F-TEXT", "")]


def test_a_reader_without_a_name_is_no_reader() -> None:
    with pytest.raises(Exception, match="pickle"):
        list(read_all([b""], reader=lambda data: Refusal("F-TEXT", str(data))))


def test_workers_never_run_the_script_that_started_them(tmp_path: Path) -> None:
    """multiprocessing would import it again in each worker, and without a guard start workers from workers."""
    script = tmp_path / "of_the_user.py"
    script.write_text(
        "from thidua_xlsx.workbooks.reader.reading_room import read_all\n"
        "print('once', [reading.code for reading in read_all([b'', b''], 2)])\n"
    )
    said = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (said.stdout, said.stderr) == ("once ['F-EMPTY', 'F-EMPTY']\n", "")


def test_a_worker_imports_nothing_from_the_folder_it_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("struct", "marshal", "thidua_xlsx"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    assert read([b""], limits=Limits()) == [read_book(b"")]


def test_whoever_stops_early_leaves_no_process(processes: list[subprocess.Popen[bytes]]) -> None:
    readings = read_all([workbook()] * 5 + [order("hang")] * 9, 2, reader=obedient)
    assert isinstance(next(readings), Book)
    started = time.monotonic()
    readings.close()
    assert time.monotonic() - started < 1
    assert processes
    assert all(process.returncode is not None for process in processes)


def test_no_files_no_process(processes: list[subprocess.Popen[bytes]]) -> None:
    assert list(read_all([])) == []
    assert not processes


def test_a_worker_that_cannot_start_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, processes: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(desks, "DESK", "thidua_xlsx.workbooks.no_such_desk")
    with pytest.raises(RuntimeError, match="does not start"):
        read([workbook()] * 30)
    assert desks.START_ATTEMPTS <= len(processes) < 30  # another desk may have begun its second file meanwhile


@pytest.mark.parametrize("before", ["", "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"])
def test_a_hanging_worker_does_not_outlive_a_parent_that_was_killed(tmp_path: Path, before: str) -> None:
    note = tmp_path / "worker"
    script = (
        f"{before}from bad_readers import *; from thidua_xlsx.workbooks.reader.reading_room import *\n"
        f"list(read_all([{order('note', note)!r}], reader=obedient, limits=Limits(seconds=0.8)))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=HERE)
    wait_for(note.exists)
    worker = int(note.read_text())
    parent.kill()
    parent.wait()
    wait_for(lambda: not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text())


def test_an_interrupt_is_the_parents_to_handle(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group: no tracebacks of workers, and the parent ends at once."""
    note = tmp_path / "worker"
    script = (
        "from bad_readers import *; from thidua_xlsx.workbooks.reader.reading_room import *\n"
        f"try: list(read_all([{order('note', note)!r}] * 9, 1, reader=obedient, limits=Limits(seconds=30)))\n"
        "except KeyboardInterrupt: print('interrupted')"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell lets what it starts in the background ignore Ctrl-C, these tests among them.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(note.exists)
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.communicate(timeout=5) == (b"interrupted\n", b"")


def wait_for(happened: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_few_files_get_one_worker() -> None:
    assert [fitting_workers(count) for count in (1, 19)] == [1, 1]
    assert 1 <= fitting_workers(100_000) <= MOST_WORKERS


# --- processes that begin early -----------------------------------------------------------------------------------

JOB = partial(read_and_pack, obedient)


def parcels_of(files: list[bytes], early: EarlyWorkers) -> list[bytes | Refusal | None]:
    return [answer for _, answer in parcels(((None, data) for data in files), JOB, executor=early)]


def test_processes_that_began_early_read_and_no_others_begin(processes: list[subprocess.Popen[bytes]]) -> None:
    with EarlyWorkers(1, "bad_readers") as early:
        assert len(processes) == 1
        assert parcels_of([workbook()] * 3, early) == [pack(read_book(workbook()))] * 3
    assert len(processes) == 1


def test_one_that_died_before_its_first_file_is_replaced(processes: list[subprocess.Popen[bytes]]) -> None:
    with EarlyWorkers(1) as early:
        processes[0].kill()
        processes[0].wait()
        assert parcels_of([workbook()], early) == [pack(read_book(workbook()))]
    assert len(processes) == 2


def test_one_that_cannot_import_is_replaced() -> None:
    with EarlyWorkers(1, "thidua_xlsx.no_such_module") as early:
        assert parcels_of([workbook()], early) == [pack(read_book(workbook()))]


def test_nobody_begins_for_no_file(processes: list[subprocess.Popen[bytes]]) -> None:
    with EarlyWorkers(0):
        assert not processes


def test_whoever_has_no_job_ends_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """Killed where nobody needs it, and by itself where the parent is gone."""
    with EarlyWorkers(1):
        pass
    orphan = desks.begun("bad_readers")
    orphan.files.close()
    assert orphan.process.wait(10) == 0
    orphan.parcels.close()
    assert capfd.readouterr() == ("", "")


def test_the_limit_for_windows_has_the_size_that_windows_expects() -> None:
    assert ctypes.sizeof(JobLimits) == (144 if ctypes.sizeof(ctypes.c_void_p) == 8 else 112)
    assert JobLimits.process_memory.offset == (112 if ctypes.sizeof(ctypes.c_void_p) == 8 else 96)


# --- parcels ----------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(), max_size=12)
CELLS = st.builds(Cell, st.sampled_from(Kind), TEXTS, st.none() | TEXTS, st.booleans())
PLACES = st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384))
SHEETS = st.builds(
    Sheet,
    TEXTS,
    st.dictionaries(PLACES, CELLS, max_size=8),
    st.booleans(),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.frozensets(st.integers(1, 1_048_576), max_size=3),
    st.booleans(),
)
BOOKS = st.builds(
    Book,
    st.lists(SHEETS, max_size=3).map(tuple),
    st.booleans(),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.dictionaries(TEXTS, TEXTS, max_size=3),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(BOOKS | st.builds(Refusal, TEXTS, TEXTS), max_size=3))
def test_what_is_packed_is_what_is_unpacked(readings: list[Reading]) -> None:
    unpacking = Unpacking()
    for reading in readings:
        again = unpacking.unpack(pack(reading))
        assert again == reading
        if isinstance(reading, Book) and isinstance(again, Book):
            assert [list(sheet.cells) for sheet in again.sheets] == [list(sheet.cells) for sheet in reading.sheets]


def test_books_share_what_they_have_in_common() -> None:
    first, second = read_all([workbook()] * 2)
    assert isinstance(first, Book)
    assert isinstance(second, Book)
    pairs = zip(first.sheets[0].cells.items(), second.sheets[0].cells.items(), strict=True)
    assert all(here is there and cell is same for (here, cell), (there, same) in pairs)


# --- in the run, and how fast -----------------------------------------------------------------------------------


def test_a_run_holds_a_file_that_two_readers_see_differently(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    make_demo(folder, "kim-phuong-2025", faults="none")
    before = run_batch(folder, out=tmp_path / "before")
    poisoned = sorted((folder / "nop").glob("*.xlsx"))[0]
    data, place = turned_comment(poisoned.read_bytes())
    poisoned.write_bytes(data)
    after = run_batch(folder, out=tmp_path / "after")
    record = next(item for item in after.result.files if item.path == f"nop/{poisoned.name}")
    assert (record.verdict, record.code) == (Verdict.HELD, "F-READERS-DISAGREE")
    told = [
        (item.place.sheet, item.place.cell) for item in after.result.findings if item.code.name == "READERS_DISAGREE"
    ]
    assert told == [place]
    assert (before.exit_code, after.exit_code) == (0, 1)
    others = [
        [item for item in run.result.files if item != record and item.path != record.path] for run in (before, after)
    ]
    assert others[0] == others[1]


def spent() -> float:
    """Processor time of this process and of those that it has seen end."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(
    what: str, work: Callable[[], list[Reading]], capsys: pytest.CaptureFixture[str]
) -> tuple[float, list[Reading]]:
    started, before = time.perf_counter(), spent()
    done = work()
    cpu = spent() - before
    with capsys.disabled():
        print(f"\n  {what}: {time.perf_counter() - started:.2f} s, processor {cpu:.2f} s", end="")
    return cpu, done


def test_workers_give_what_the_loop_gives_and_their_cost_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    files = (demo_returns() * 200)[:200]
    start, _ = timed("1 form", lambda: list(read_all(files[:1])), capsys)
    loop, twice = timed("200 forms, both readers in a loop", lambda: [read_twice(data) for data in files], capsys)
    one, alone = timed("200 forms, one worker", lambda: list(read_all(files, 1)), capsys)
    two, paired = timed("200 forms, two workers", lambda: list(read_all(files, 2)), capsys)
    assert twice == alone == paired
    with capsys.disabled():
        print(f"\n  to the loop: one worker {one / loop:.2f}, two {two / loop:.2f}; first form {start:.2f} s", end="")


@pytest.mark.parametrize(
    "cases", [pytest.param(one_of_each_kind(), id="kinds"), pytest.param(CASES, id="all", marks=pytest.mark.slow)]
)
def test_no_file_leaves_a_cycle_behind(cases: Iterable[Case]) -> None:
    """Workers never look for any: what a file left would stay until its process ends."""
    files = [*(case.build() for case in cases), *issue_forms(PLAN).values()]
    leaves_no_cycle(FormReader(PLAN, ROUND), files)
