"""What a batch costs: beside its floor, beside the usual script, by stage, by size, and in memory.

    python -m tests.benchmarks                      100 and 1,000 units, three times
    python -m tests.benchmarks --sizes 1000 3321 10000 --repeat 1 --folder DIR

Ratios are of one run on the same campaign, medians of the repetitions, and in processor time except where «wall» is
said; on a machine that does other work too only these mean something. Campaigns are kept in ``--folder``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import linear_regression, median
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.benchmarks.again import CHANGED, OURS, Again, ten_changed, unchanged
from tests.benchmarks.campaign import EVERY, campaign_of, with_one_return
from tests.benchmarks.measured import Measured, measure

T = TypeVar("T")
FLOORS = ("inflate", "expat", "calamine")
CORES = (1, 2)
# Above it only the runs on all cores are measured: what else there is to know does not depend on the size.
USUAL_SIZE = 2000
ISSUING = "tests.benchmarks.issuing"
HELP = "import sys; from thidua_xlsx.cli import main; sys.argv[0] = 'thidua'; main(['--help'])"


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    words.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    words.add_argument("--repeat", type=int, default=3)
    words.add_argument("--folder", type=Path)
    words.add_argument("--usual", type=int, default=60, metavar="FILES", help="files the usual script reads; 0: none")
    given = words.parse_args()
    with TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        start_up(given.repeat)
        spent = {units: one_size(units, folder, Path(scratch), given) for units in sorted(given.sizes)}
    growth(spent)


def repeated(times: int, run: Callable[[], T]) -> list[T]:
    return [run() for _ in range(times)]


def start_up(times: int) -> None:
    bare = median(item.cpu for item in repeated(max(5, times), lambda: measure("-c", "pass")))
    helped = median(item.cpu for item in repeated(max(5, times), lambda: measure("-c", HELP)))
    print(f"start: python -c pass {bare:.3f} s; thidua --help {helped:.3f} s = {helped / bare:.1f} times", flush=True)


def one_size(units: int, folder: Path, scratch: Path, given: argparse.Namespace) -> list[Measured]:
    """All figures of one size are printed; the runs on all cores are returned."""
    place = campaign_of(units, folder)
    campaign, times = str(place), given.repeat
    floors = {
        # Short, and all ratios hang on them: never from one look.
        name: repeated(max(3, times), lambda name=name: measure("-m", "tests.benchmarks.floors", name, campaign))  # type: ignore[misc]
        for name in FLOORS
    }
    files = floors["calamine"][0].told["files"]
    print(f"\n{units} units, {files} returns, every {EVERY}th with faults", flush=True)
    each = {name: median(item.told["cpu"] for item in found) / files for name, found in floors.items()}
    for name, seconds in each.items():
        print(f"  floor: {name:<10} {seconds * 1000:7.2f} ms a workbook", flush=True)
    floor = each["calamine"] * files
    usual = usual_script(campaign, scratch, given.usual, files) if given.usual else None
    if usual:
        print(
            f"  usual script         {usual / files * 1000:7.1f} ms a workbook = {usual / floor:.0f} x calamine",
            flush=True,
        )
    runs: list[Measured] = []
    for cores in CORES if units <= USUAL_SIZE else CORES[-1:]:
        runs = repeated(times, lambda cores=cores: measure("-m", OURS, campaign, cores=cores))  # type: ignore[misc]
        tell_runs(runs, cores, floor, usual, files)
    if units <= USUAL_SIZE:
        tell_details(place, runs, scratch / f"mot-phieu-{units}", times)
    return runs


def tell_details(place: Path, runs: list[Measured], scratch: Path, times: int) -> None:
    """What a second run costs, a run over one file, and issuing."""
    tell_again("unchanged", repeated(times, lambda: unchanged(place, CORES[-1])), runs)
    tell_again(f"{CHANGED} changed", repeated(times, lambda: ten_changed(place, CORES[-1])), runs)
    one = str(with_one_return(place, scratch))
    alone = repeated(times, lambda: measure("-m", OURS, one, cores=CORES[-1]))
    print(f"  a run over one file: cpu {median(item.cpu for item in alone):.2f} s", flush=True)
    issued = repeated(times, lambda: measure("-m", ISSUING, str(place)))
    form = median(item.told["each"] for item in issued)
    print(f"  issuing {issued[0].told['forms']} forms: {form * 1000:.1f} ms a form, one core", flush=True)


def tell_again(what: str, found: list[Again], first: list[Measured]) -> None:
    """A second run beside the first of the same number of cores."""
    cpu, whole = median(item.cached.cpu for item in found), median(run.cpu for run in first)
    wall = median(item.cached.wall for item in found) / median(run.wall for run in first)
    afresh = median(item.afresh.cpu for item in found)
    same = "the same bytes" if all(item.same for item in found) else "OTHER BYTES"
    print(
        f"  again, {what}: cpu {cpu:.1f} s = {cpu / whole:.0%} of the first run, wall {wall:.0%}; {same} as with the "
        f"cache deleted ({afresh:.1f} s)",
        flush=True,
    )


def usual_script(campaign: str, scratch: Path, limit: int, files: int) -> float:
    """Processor seconds for all files, from as many as were asked for: its cost is a file's times their number."""
    found = measure("-m", "tests.benchmarks.usual_script", campaign, str(scratch / "usual.xlsx"), str(limit))
    return float(found.told["cpu"]) / found.told["files"] * files


def tell_runs(runs: list[Measured], cores: int, floor: float, usual: float | None, files: int) -> None:
    cpu, wall = median(run.cpu for run in runs), median(run.wall for run in runs)
    faster = f"; usual script {usual / cpu:.1f} x cpu, {usual / wall:.1f} x wall" if usual else ""
    print(
        f"  ours, {cores} core(s): cpu {cpu:.1f} s ({cpu / files * 1000:.1f} ms a workbook) = {cpu / floor:.1f} x "
        "calamine; "
        f"wall {wall:.1f} s = {wall / floor:.1f} x; peak {max(run.megabytes for run in runs):.0f} MB{faster}",
        flush=True,
    )
    stages = {stage: median(run.told["stages"][stage] for run in runs) for stage in runs[0].told["stages"]}
    for stage, seconds in stages.items():
        print(
            f"    {stage:<22} {seconds:7.2f} s {seconds / files * 1000:7.2f} ms  {seconds / floor:5.2f} x", flush=True
        )
    reading = stages["read (workers)"] + stages["read (parent)"]
    feedback = stages["feedback"] + stages["feedback (workers)"]
    print(f"    feedback is {feedback / reading:.0%} of reading", flush=True)


def growth(spent: dict[int, list[Measured]]) -> None:
    """How cost grows from size to size, and over all of them: the slope of a straight line through the logarithms."""
    cpu = {units: median(run.cpu for run in runs) for units, runs in spent.items()}
    memory = {units: max(run.megabytes for run in runs) for units, runs in spent.items()}
    for small, large in pairwise(sorted(spent)):
        exponent = log(cpu[large] / cpu[small]) / log(large / small)
        more = (memory[large] - memory[small]) / (large - small) * 1000
        print(
            f"\n{small} -> {large} units: cpu grows with exponent {exponent:.2f}, memory {more:.0f} MB per 1,000 units"
        )
    if len(cpu) > 2:
        slope, _ = linear_regression([log(units) for units in cpu], [log(seconds) for seconds in cpu.values()])
        print(f"all sizes: fitted exponent {slope:.2f}")


if __name__ == "__main__":
    main()
