"""Turns what a run says into what has changed since the newest run of its round that found otherwise.

Not since the last run: whoever ran twice would be told that nothing has changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign.folder import JSON, RESULTS, runs
from thidua_xlsx.model.results import Change
from thidua_xlsx.stages.years.compare import changes


@dataclass(frozen=True, slots=True)
class Compared:
    """The changes, and the digest of the JSON that they were found by; blank where there is nothing to compare with."""

    changes: tuple[Change, ...] = ()
    against: str = ""


def compared(folder: Path, said: bytes, names: Mapping[str, str], trial: bool = False) -> Compared:
    """``names`` of units are told by code. A trial is compared with the newest run, even where it changes nothing."""
    own = json.loads(said)
    for name in runs(folder):
        try:
            data = (folder / RESULTS / name / JSON).read_bytes()
            other: dict[str, Any] = own if data == said else json.loads(data)
            same_round = all(other[field] == own[field] for field in ("plan", "year", "round"))
            told = changes(other, own, dict(names)) if same_round and other is not own else ()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if told or (trial and same_round):
            return Compared(told, sha256(data).hexdigest())
    return Compared()
