"""What came back: one entry of the drop folder, or one file inside a message or an archive there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.submission import Submission


def entry_name(path: str, member: str | None) -> str:
    """How findings and the office name an entry: its path, and within a container what it is called there."""
    return path if member is None else f"{path}/{member}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that itself proves whose it is, already collected: all that a run uses of its book.

    The stamp of its layout, that of the unit's form as issued, is the only one in it, and its first page names no other
    unit. ``in_rows`` is what its rows show to be wrong, by the plan and the round by which it was issued; ``line`` what
    a run keeps of it, packed.
    """

    submission: Submission
    in_rows: tuple[Finding, ...]
    line: bytes


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One entry of the drop folder as the intake found it; ``book`` is None for an entry that is no file of ours.

    ``member`` names the entry inside a container; ``mailed`` is the date of the message that brought it, ``moment``
    its time where the server that received it tells.
    """

    path: str
    sha256: str
    book: Book | Filled | Refusal | Bundle | Aside | None
    member: str | None = None
    mailed: date | None = None
    moment: datetime | None = None

    @property
    def name(self) -> str:
        return entry_name(self.path, self.member)
