"""Turns what a run read into digests: where they and the program are the same, so is the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.returned import ReturnedFile
from thidua_xlsx.stages.intake.receive import Seen

# The machine may have been at fault, or the file just changed: who runs again wants it tried again.
PASSING = ("F-READ-TIMEOUT", "F-READ-CRASH", "F-CHANGING", "F-UNREADABLE")


@dataclass(frozen=True, slots=True)
class RestedOn:
    """All that a result rests on, each by a digest of what was read of it.

    ``asked`` are the options of the command, the day included; ``plan`` and ``own`` the files of the plan and the
    office's own workbooks by name; ``entries`` the drop folder; ``seen`` when earlier runs first saw what
    has no other proof; ``against`` the earlier result that it was compared with.
    """

    program: str
    asked: str
    plan: str
    own: str
    entries: str
    seen: str = ""
    against: str = ""


def digest(*values: object) -> str:
    """Of texts, numbers, days, and of tuples and values of the model that hold them."""
    return sha256(repr(values).encode("utf-8", "backslashreplace")).hexdigest()


def files_digest(files: Iterable[tuple[str, bytes | None]]) -> str:
    """Of files by name; one that is not there is another than an empty one."""
    return digest(*((name, None if data is None else sha256(data).hexdigest()) for name, data in files))


def entry_digest(file: ReturnedFile) -> str:
    """Of one entry as it was found. Where there is a content, all that is said of it follows from its digest."""
    what = "" if file.sha256 else repr(file.book)
    return digest(file.path, file.member, file.sha256, file.mailed, file.moment, what)


def seen_digest(seen: Mapping[str, Seen], asked: Iterable[str]) -> str:
    """Of what the ledger, as it was read, knows of the contents that were asked about."""
    return digest(*((content, seen.get(content)) for content in sorted(asked)))


def is_certain(files: Iterable[ReturnedFile]) -> bool:
    """Whether each file, read once more, would be found the same."""
    return not any(isinstance(file.book, Refusal) and file.book.code in PASSING for file in files)
