"""Whatever ends a run in the middle: the earlier result is whole, and the next run is clean."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from test_campaign import FAULTY, IN_TIME, NEWEST, SAID, SUMMARY, drop, new_folder, note, retyped, tree, valid

from thidua_xlsx.campaign.folder import LOCK, only_run
from thidua_xlsx.campaign.reading_cache import FOLDER as CACHE
from thidua_xlsx.campaign.written import TEMPORARY
from thidua_xlsx.cli.main import main
from thidua_xlsx.workbooks.kept_answers import KEPT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts of Linux")]

HERE = Path(__file__).parent
MOMENTS = 50
BY_THE_CLOCK = 20
PAGE = 4096
NOBODY = 65534
# One run that is cut off, and one that is not, take seconds; on a busy machine many.
PATIENCE = 120


def command(folder: Path, *words: str) -> list[str]:
    return [*words, "run", str(folder), "--today", IN_TIME.isoformat()]


def thidua(folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    """``thidua run`` as a process of its own."""
    words = command(folder, *before, sys.executable, "-m", "thidua_xlsx")
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)


def stopped(folder: Path, what: str, number: int) -> subprocess.Popen[str]:
    words = command(folder, sys.executable, str(HERE / "stopped_run.py"), what, str(number), str(folder))
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# --- a campaign, and what undisturbed runs make of it -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The folder with one earlier result; the same after one more run, and after two; exit code, seconds, steps."""

    folder: Path
    before: Mapping[str, bytes]
    once: Mapping[str, bytes]
    twice: Mapping[str, bytes]
    exit_code: int
    seconds: float
    steps: int


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """One result is there; then a return was corrected, another came, and the office noted when."""
    folder = new_folder(tmp_path_factory.mktemp("crash") / "thi đua")
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY))
    assert thidua(folder).returncode == 1
    drop(folder, KT=valid("KT"), VH=retyped("VH", FAULTY))
    for name in ("VP", "KT", "VH"):
        # Whatever bytes lie under this path: so that no result rests on which run saw them first.
        note(folder, f"nop/{name}.xlsx", {"SHA-256": None, "Ngày nhận": IN_TIME, "Người": "A"})
    before = content(folder)
    again = copied(folder, folder.parent / "lần nữa")
    started = time.monotonic()
    first = thidua(again)
    seconds = time.monotonic() - started
    once = content(again)
    second = thidua(again)
    assert first.returncode == second.returncode == 1, first.stderr
    counting = stopped(copied(folder, folder.parent / "đếm"), "count", 0)
    _, said = counting.communicate(timeout=PATIENCE)
    return Undisturbed(folder, before, once, content(again), 1, seconds, int(said.split()[-1]))


def content(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes, but for the cache: it holds what there was time for, and may be deleted any day."""
    return {name: data for name, data in tree(folder).items() if not name.startswith(f"ket-qua/{CACHE}/")}


def copied(folder: Path, to: Path) -> Path:
    """The folder without what is nobody's work: lock, cache, and what an interrupted run left half-done."""
    return shutil.copytree(folder, to, ignore=shutil.ignore_patterns(LOCK, CACHE, f"{TEMPORARY}*"))


def runs(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The published results by run, each with its files."""
    found: dict[str, dict[str, bytes]] = {}
    for name, data in files.items():
        if published := re.fullmatch(r"ket-qua/(lan-\d+)/(.+)", name):
            found.setdefault(published[1], {})[published[2]] = data
    return found


def ours_half_done(name: str) -> bool:
    return any(part.startswith(TEMPORARY) for part in name.split("/"))


def is_whole(folder: Path, known: Undisturbed) -> None:
    """Every file under its final name is as it was, or as an undisturbed run would have left it."""
    now = {name: data for name, data in content(folder).items() if not ours_half_done(name)}
    assert set(known.before) <= set(now) <= set(known.once)
    assert [name for name, data in now.items() if data not in (known.before.get(name), known.once[name])] == []
    published, due = runs(now), runs(known.once)
    assert published == {name: due[name] for name in published}, "a run that is there at all is there whole"
    assert newest(now) in published


def newest(files: Mapping[str, bytes]) -> str:
    return files[f"ket-qua/{NEWEST}"].decode().strip()


def runs_clean(folder: Path, known: Undisturbed) -> None:
    """The next run ends as if nothing had happened, says the same, and leaves nothing half-done."""
    due = known.twice if newest(content(folder)) != newest(known.before) else known.once
    with TemporaryDirectory() as place:
        tidy = copied(folder, Path(place) / "thi đua")
        codes = [CliRunner().invoke(main, command(home)).exit_code for home in (folder, tidy)]
        assert codes == [known.exit_code] * 2
        now = content(folder)
        assert now == content(tidy), "what lay there half-done made a difference, or still lies there"
    assert for_people(runs(now)[newest(now)]) == for_people(runs(due)[newest(due)])
    assert outside_results(now) == outside_results(due)


def for_people(result: Mapping[str, bytes]) -> dict[str, bytes]:
    """All of a result but what it keeps for later comparisons: that tells also what the office had said by then."""
    return {name: data for name, data in result.items() if name != KEPT}


def outside_results(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.startswith("ket-qua/")}


# --- kill -9 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_a_random_moment(undisturbed: Undisturbed, tmp_path: Path, moment: int) -> None:
    """Some by the clock, anywhere in the run; the others at one of the few steps that write, or in the middle of it."""
    folder = copied(undisturbed.folder, tmp_path / "thi đua")
    chance = Random(moment)
    if moment < BY_THE_CLOCK:
        process = stopped(folder, "count", 0)
        time.sleep(undisturbed.seconds * chance.random())
        process.kill()
        process.communicate(timeout=PATIENCE)
        # Whoever was quicker than the clock has ended as it should.
        assert process.returncode in (-signal.SIGKILL, undisturbed.exit_code)
    else:
        # Spread evenly over the steps, so that no part of them is left to luck.
        place = (moment - BY_THE_CLOCK + chance.random()) / (MOMENTS - BY_THE_CLOCK)
        what, number = chance.choice(("kill", "tear")), 1 + int(place * undisturbed.steps)
        process = stopped(folder, what, number)
        process.communicate(timeout=PATIENCE)
        assert process.returncode in (-signal.SIGKILL, -signal.SIGXFSZ), (what, number)
    is_whole(folder, undisturbed)
    runs_clean(folder, undisturbed)


def test_there_is_something_to_tell_apart(undisturbed: Undisturbed) -> None:
    earlier, later = runs(undisturbed.once).values()
    assert {"lan-001": earlier} == runs(undisturbed.before)
    assert set(for_people(later)) > {SUMMARY, SAID}
    assert not earlier.items() & {*later.items()}
    assert undisturbed.steps >= 10


# --- no room ----------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A file system of its own, of so many bytes."""
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False)
    if not done or done.returncode:
        pytest.skip("mounting a small disk is not permitted here; it takes root")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def on_disk(files: Mapping[str, bytes]) -> int:
    """Bytes that these files take, in whole pages."""
    return sum(-(-len(data) // PAGE) * PAGE for data in files.values())


@pytest.mark.parametrize("room", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_a_disk_that_is_full(undisturbed: Undisturbed, tmp_path: Path, room: float) -> None:
    """Room for a part of the result; or for all of it, and for nothing of what says that it is there."""
    result = runs(undisturbed.once)[newest(undisturbed.once)]
    with small_disk(tmp_path / "đĩa", 8 << 20) as disk:
        folder = copied(undisturbed.folder, disk / "thi đua")
        (folder / LOCK).write_bytes(b" " * 100)
        free = int(on_disk(result) * room) // PAGE * PAGE
        with (disk / "chiếm chỗ").open("wb", buffering=0) as ballast:
            system = os.statvfs(disk)
            ballast.write(bytes(system.f_bavail * system.f_frsize - free))
        done = thidua(folder)
        assert done.returncode == 3, (done.stdout, done.stderr)
        one_sentence(done, "hết chỗ trên đĩa")
        is_whole(folder, undisturbed)
        assert newest(content(folder)) == newest(undisturbed.before)
        (disk / "chiếm chỗ").unlink()
        runs_clean(folder, undisturbed)


def one_sentence(done: subprocess.CompletedProcess[str], reason: str) -> None:
    """What the person reads: one line, why, and what to do; nothing of Python's."""
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert reason in line
    assert line.endswith("rồi chạy lại.")
    assert "Error" not in line


# --- no right to write ------------------------------------------------------------------------------------------


def as_nobody() -> list[str]:
    """How a command is run by an ordinary user who may read everything and write nothing that is not open to all."""
    if os.getuid():
        return []
    setpriv = shutil.which("setpriv")
    if not setpriv:
        pytest.skip("root may do everything, and there is no setpriv to become somebody else")
    # The interpreter may lie in a folder of root's: reading is allowed, writing is what counts.
    read_only = "-all,+dac_read_search"
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--bounding-set", read_only,
            "--inh-caps", read_only, "--ambient-caps", read_only]  # fmt: skip


@contextmanager
def closed(*folders: Path) -> Iterator[None]:
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A place that an ordinary user may enter; pytest's own are closed to everybody else."""
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


@pytest.mark.parametrize("whose", ["the results", "the whole folder"])
def test_results_that_may_not_be_written(undisturbed: Undisturbed, open_to_all: Path, whose: str) -> None:
    """They are somebody else's, or can only be read."""
    folder = copied(undisturbed.folder, open_to_all / "thi đua")
    results = folder / "ket-qua"
    if whose == "the results" and not os.getuid():
        os.chown(folder, NOBODY, NOBODY)
    with closed(results, *results.glob("lan-*"), *((folder,) if whose == "the whole folder" else ())):
        done = thidua(folder, *as_nobody())
        assert done.returncode == 3, done.stderr
        one_sentence(done, "quyền ghi")
        assert content(folder) == undisturbed.before
    assert not [path for path in folder.rglob("*") if ours_half_done(path.name)]
    runs_clean(folder, undisturbed)


# --- another run ------------------------------------------------------------------------------------------------


def test_another_run_in_the_folder(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """The first one has the folder and is writing when the second one comes."""
    folder = copied(undisturbed.folder, tmp_path / "thi đua")
    first = stopped(folder, "stop", undisturbed.steps // 2)
    state = Path(f"/proc/{first.pid}/stat")
    until = time.monotonic() + PATIENCE
    while state.read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < until, "it never came so far"
        time.sleep(0.05)
    try:
        before = content(folder)
        second = thidua(folder)
        assert second.returncode == 3
        one_sentence(second, "Một lần chạy khác đang dùng thư mục này")
        assert str(first.pid) in second.stderr, "who holds it"
        assert content(folder) == before
        is_whole(folder, undisturbed)
    finally:
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=PATIENCE)
    assert first.returncode == undisturbed.exit_code
    assert runs(content(folder)) == runs(undisturbed.once)
    runs_clean(folder, undisturbed)


def test_a_holder_that_is_no_run(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Other commands hold the folder too; with them gone nothing has to be cleared by hand."""
    folder = copied(undisturbed.folder, tmp_path / "thi đua")
    with only_run(folder):
        done = thidua(folder)
    assert done.returncode == 3
    one_sentence(done, str(os.getpid()))
    assert content(folder) == undisturbed.before
    runs_clean(folder, undisturbed)
