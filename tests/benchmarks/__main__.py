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
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.campaign import EVERY, campaign_of
from tests.benchmarks.measured import Measured, measure

FLOORS = ("inflate", "expat", "calamine")
CORES = (1, 2)
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


def repeated(times: int, run: Callable[[], Measured]) -> list[Measured]:
    return [run() for _ in range(times)]


def start_up(times: int) -> None:
    bare = median(item.cpu for item in repeated(max(5, times), lambda: measure("-c", "pass")))
    helped = median(item.cpu for item in repeated(max(5, times), lambda: measure("-c", HELP)))
    print(f"start: python -c pass {bare:.3f} s; thidua --help {helped:.3f} s = {helped / bare:.1f} times", flush=True)


def one_size(units: int, folder: Path, scratch: Path, given: argparse.Namespace) -> Measured:
    """All figures of one size are printed; the last run on all cores is returned."""
    campaign = str(campaign_of(units, folder))
    floors = {
        name: repeated(given.repeat, lambda name=name: measure("-m", "tests.benchmarks.floors", name, campaign))  # type: ignore[misc]
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
    last = None
    for cores in CORES:
        runs = repeated(given.repeat, lambda cores=cores: measure("-m", "tests.benchmarks.ours", campaign, cores=cores))  # type: ignore[misc]
        last = runs[-1]
        tell_runs(runs, cores, floor, usual, files)
    assert last is not None
    again = measure("-m", "tests.benchmarks.ours", campaign, "again", cores=CORES[-1])
    form = median(item.told["each"] for item in repeated(given.repeat, lambda: measure("-m", ISSUING, campaign)))
    print(f"  issuing: {form * 1000:.1f} ms a form, one core", flush=True)
    print(f"  again, unchanged: cpu {again.cpu:.1f} s = {again.cpu / last.cpu:.0%} of the first run", flush=True)
    return last


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
    for stage in runs[0].told["stages"]:
        seconds = median(run.told["stages"][stage] for run in runs)
        print(
            f"    {stage:<22} {seconds:7.2f} s {seconds / files * 1000:7.2f} ms  {seconds / floor:5.2f} x", flush=True
        )


def growth(spent: dict[int, Measured]) -> None:
    sizes = sorted(spent)
    for small, large in pairwise(sizes):
        exponent = log(spent[large].cpu / spent[small].cpu) / log(large / small)
        memory = (spent[large].megabytes - spent[small].megabytes) / (large - small) * 1000
        print(
            f"\n{small} -> {large} units: cpu grows with exponent {exponent:.2f}, "
            f"memory {memory:.0f} MB per 1,000 units"
        )


if __name__ == "__main__":
    main()
