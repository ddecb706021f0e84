"""Turns a published run into what a later one needs to repeat it: a memory that may be deleted at any time.

``ket-qua/.bo-nho/lan-chay.json`` is believed only where its own checksum holds, and no file is copied but one that
still has the digest it was published with. Whatever goes wrong here means a usual run, and nothing else.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.archive import PLAN
from thidua_xlsx.campaign.reading_cache import FOLDER
from thidua_xlsx.campaign.rested_on import RestedOn
from thidua_xlsx.campaign.written import write_whole

FILE = "lan-chay.json"
CHECK, TOLD = "check", "told"


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the run rested on; the digest of each of its files, and of its kept copy; and what the screen said.

    ``asked_of_runs``: the contents of which it mattered when an earlier run first saw them.
    ``first_round`` is the plan's first: the one that a command without ``--round`` asks for.
    """

    rested_on: RestedOn
    first_round: str
    files: Mapping[str, str]
    kept: Mapping[str, str]
    asked_of_runs: tuple[str, ...]
    glance: Mapping[str, Any]


def memory_of(home: Path) -> Path:
    return home / names.RESULTS / FOLDER / FILE


def remember(home: Path, run: LastRun) -> None:
    """In the place of what was remembered before."""
    told = asdict(run)
    write_whole(memory_of(home), json.dumps({CHECK: checksum(told), TOLD: told}).encode())


def recall(home: Path) -> LastRun | None:
    """What is remembered; None where nothing is, or nothing that can be believed."""
    try:
        said = json.loads(memory_of(home).read_bytes())
        told = said[TOLD]
        if said[CHECK] != checksum(told) or told.keys() != {field.name for field in fields(LastRun)}:
            return None
        rested_on = RestedOn(**told["rested_on"])
        told["files"][names.SUMMARY], told["files"][names.JSON], told["kept"][PLAN]
        files, kept, asked = dict(told["files"]), dict(told["kept"]), tuple(told["asked_of_runs"])
        return LastRun(rested_on, str(told["first_round"]), files, kept, asked, told["glance"])
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def checksum(told: object) -> str:
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: sha256(data).hexdigest() for name, data in files.items()}


def as_published(folder: Path, known: Mapping[str, str]) -> dict[str, bytes] | None:
    """Every file below a folder by its path there; None where any is not what it was published as, or is no file."""
    try:
        below = sorted(folder.rglob("*"))
        kinds = {path: path.lstat().st_mode for path in (folder, *below)}
        files = [path for path in below if stat.S_ISREG(kinds[path])]
        if any(not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)) for kind in kinds.values()):
            return None
        if {path.relative_to(folder).as_posix() for path in files} != known.keys():
            return None
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    except OSError:
        return None
    return found if digests(found) == known else None
