"""Turns a published run into the copy that is kept of it, and a workbook's mark back into its run.

``ket-qua/luu/<lan-NNN>/`` holds ``tong-hop.xlsx`` as it was made, which the council writes upon elsewhere, and the
plan as it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.model.council import run_mark

KEPT_RUNS, PLAN = "luu", "ke-hoach.toml"


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """A run of the campaign as it stands on the disk: its name, its mark, and what it said."""

    folder: Path
    mark: str
    said: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def summary(self) -> Path:
        """Where the council finds the workbook it writes upon."""
        return self.folder / names.SUMMARY

    @property
    def kept(self) -> Path:
        return kept_folder(self.folder.parent, self.name)


def kept_folder(results: Path, run: str) -> Path:
    return results / KEPT_RUNS / run


def keep_run(home: Path, run: str, summary: bytes, plan: bytes) -> None:
    """The copy of a run that was published, made before it is named as the newest; without its copy it is no run."""
    try:
        written.publish(kept_folder(home / names.RESULTS, run), {names.SUMMARY: summary, PLAN: plan})
    except BaseException:
        shutil.rmtree(home / names.RESULTS / run, ignore_errors=True)
        raise


def published_runs(home: Path) -> Iterator[PublishedRun]:
    """The runs of the campaign that can be read, newest first."""
    for name in names.runs(home):
        folder = home / names.RESULTS / name
        try:
            data = (folder / names.JSON).read_bytes()
            said = json.loads(data)
            said["plan"], said["year"], said["round"], said["decisions"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield PublishedRun(folder, run_mark(sha256(data).hexdigest()), dict(said))
