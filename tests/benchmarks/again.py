"""What a second run costs, and whether it leaves byte for byte what it leaves with the cache deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.campaign import other_answers
from tests.benchmarks.measured import Measured, measure
from thidua_xlsx.campaign.folder import LOCK
from thidua_xlsx.campaign.reading_cache import FOLDER

CHANGED = 10
OURS = "tests.benchmarks.ours"


@dataclass(frozen=True, slots=True)
class Again:
    """The second run with the cache, the same without, and whether both wrote the same bytes."""

    cached: Measured
    afresh: Measured
    same: bool


def unchanged(campaign: Path, cores: int) -> Again:
    with kept_as_it_is(campaign) as back:
        return _both(campaign, cores, back)


def ten_changed(campaign: Path, cores: int) -> Again:
    """With another number typed into some of the returns."""
    files = sorted((campaign / "nop").glob("*.xlsx"))[1::7][:CHANGED]
    before = {path: path.read_bytes() for path in files}
    try:
        other_answers(campaign, files)
        with kept_as_it_is(campaign) as back:
            return _both(campaign, cores, back)
    finally:
        for path, data in before.items():
            path.write_bytes(data)


def _both(campaign: Path, cores: int, back: Path) -> Again:
    cached = measure("-m", OURS, str(campaign), "again", cores=cores)
    one = published(campaign)
    restore(campaign, back)
    shutil.rmtree(campaign / "ket-qua" / FOLDER)
    afresh = measure("-m", OURS, str(campaign), "again", cores=cores)
    other = published(campaign)
    return Again(cached, afresh, bool(one) and one == other)


def published(campaign: Path) -> dict[str, bytes]:
    """Every file of the campaign but the returns and the cache: results, what is kept of them, the office's own."""
    files = (path for path in campaign.rglob("*") if path.is_file() and FOLDER not in path.parts)
    found = {path.relative_to(campaign).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith(("nop/", LOCK))}


@contextmanager
def kept_as_it_is(campaign: Path) -> Iterator[Path]:
    """A copy of all but the returns; at the end the campaign is what it was."""
    with TemporaryDirectory() as scratch:
        shutil.copytree(campaign, scratch, ignore=shutil.ignore_patterns("nop"), dirs_exist_ok=True)
        try:
            yield Path(scratch)
        finally:
            restore(campaign, Path(scratch))


def restore(campaign: Path, back: Path) -> None:
    shutil.rmtree(campaign / "ket-qua")
    shutil.copytree(back, campaign, dirs_exist_ok=True)
