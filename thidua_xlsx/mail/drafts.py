"""Turns letters into a folder of drafts that mail programs open ready to send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thidua_xlsx.campaign.written import publish
from thidua_xlsx.mail.journal import FOLDER
from thidua_xlsx.mail.message import draft_bytes
from thidua_xlsx.model.letters import Letters, Mailbox
from thidua_xlsx.workbooks.letter_sheets import write_index

INDEX = "danh-sach-thu.xlsx"


@dataclass(frozen=True, slots=True)
class Drafts:
    """Where the drafts lie; ``fresh`` is False when the newest folder already held exactly these."""

    folder: Path
    fresh: bool


def save_drafts(home: Path, letters: Letters, sender: Mailbox | None) -> Drafts:
    """thu/<kind>-<round>-01, -02 …: never into a folder of earlier drafts, which somebody may have changed."""
    files = {f"{item.unit}.eml": draft_bytes(item, sender) for item in letters.ready}
    files[INDEX] = write_index(letters, {item.unit: f"{item.unit}.eml" for item in letters.ready})
    earlier = drafts_of(home, letters)
    if earlier and _holds(earlier[-1], files):
        return Drafts(earlier[-1], False)
    number = int(earlier[-1].name.rpartition("-")[2]) + 1 if earlier else 1
    target = home / FOLDER / f"{_stem(letters)}-{number:02d}"
    publish(target, files)
    return Drafts(target, True)


def drafts_of(home: Path, letters: Letters) -> list[Path]:
    """The folders of drafts of this occasion, oldest first."""
    stem = _stem(letters)
    found = [
        (int(path.name[len(stem) + 1 :]), path)
        for path in (home / FOLDER).glob(f"{stem}-*")
        if path.is_dir() and path.name[len(stem) + 1 :].isdecimal()
    ]
    return [path for _, path in sorted(found)]


def _stem(letters: Letters) -> str:
    return f"{letters.kind.slug}-{letters.round}"


def _holds(folder: Path, files: dict[str, bytes]) -> bool:
    try:
        found = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("~$")}
    except OSError:
        return False
    return found == files
