"""Turns ``ket-qua/so-nhan.json`` into when each content was first seen, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign.folder import RESULTS
from thidua_xlsx.campaign.written import write_whole
from thidua_xlsx.stages.intake.receive import Seen

LEDGER = "so-nhan.json"


def read_ledger(folder: Path) -> dict[str, Seen]:
    """Which earlier run first saw each content, by SHA-256; an unreadable ledger is empty."""
    try:
        seen = json.loads((folder / RESULTS / LEDGER).read_text("utf-8"))
        return {str(digest): Seen(date.fromisoformat(item["day"]), int(item["run"])) for digest, item in seen.items()}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return {}


def write_ledger(folder: Path, seen: Mapping[str, Seen]) -> None:
    said = {digest: {"day": seen[digest].day.isoformat(), "run": seen[digest].run} for digest in sorted(seen)}
    write_whole(folder / RESULTS / LEDGER, (json.dumps(said, indent=1) + "\n").encode())
