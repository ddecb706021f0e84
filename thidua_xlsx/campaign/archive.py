"""Turns a published run into the copy that is kept of it, and a workbook's mark back into its run.

``ket-qua/luu/<lan-NNN>/`` holds ``tong-hop.xlsx`` as it was made, which the council writes upon elsewhere, the
plan as it was, and where the returns lay, if not in the usual folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.ledger import write_ledger
from thidua_xlsx.campaign.written import Prove
from thidua_xlsx.model.council import run_mark
from thidua_xlsx.stages.intake.receive import Seen

KEPT_RUNS, PLAN, INBOX = "luu", "ke-hoach.toml", "thu-muc-nop.txt"


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

    @property
    def inbox(self) -> Path:
        """The drop folder that it read."""
        home = self.folder.parent.parent
        told = names.read_optional(self.kept / INBOX)
        return home / (told.decode("utf-8") if told else names.INBOX)


def kept_folder(results: Path, run: str) -> Path:
    return results / KEPT_RUNS / run


def publish_run(
    home: Path,
    run: str,
    files: Mapping[str, bytes],
    plan: bytes,
    inbox: Path | None,
    seen: Mapping[str, Seen],
    prove: Prove = lambda _name, _data: None,
) -> None:
    """A run and its copy appear whole; then what it has seen is noted, and only then is it named as the newest."""
    written.publish(home / names.RESULTS / run, files, prove)
    keep_run(home, run, files[names.SUMMARY], plan, inbox)
    write_ledger(home, seen)
    written.write_whole(home / names.RESULTS / names.NEWEST, f"{run}\n".encode())


def kept_files(summary: bytes, plan: bytes, inbox: Path | None) -> dict[str, bytes]:
    """What is kept of a run."""
    where = {INBOX: str(inbox.resolve()).encode()} if inbox else {}
    return {names.SUMMARY: summary, PLAN: plan, **where}


def keep_run(home: Path, run: str, summary: bytes, plan: bytes, inbox: Path | None) -> None:
    """The copy of a run that was published, made before it is named as the newest; without its copy it is no run."""
    try:
        written.publish(kept_folder(home / names.RESULTS, run), kept_files(summary, plan, inbox))
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
