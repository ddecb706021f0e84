"""Turns messages, archives and what lies in them beside the forms into verdicts, and their dates into evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import Office, Reception
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.refusals import remedy, why_refused
from thidua_xlsx.model.results import Verdict
from thidua_xlsx.model.returned import Filled, ReturnedFile


def explain(name: str, what: Bundle | Aside, outermost: bool) -> tuple[Verdict, Finding]:
    """The verdict of what is no return itself. Nothing to count in a whole message is worth a warning."""
    place = Place(name)
    if isinstance(what, Aside):
        return Verdict.IGNORED, finding(Code.ASIDE, place, what=what.what)
    if what.refusal is not None:
        return Verdict.REJECTED, finding(
            Code.NOT_A_WORKBOOK,
            place,
            value=what.refusal.code,
            detail=why_refused(what.refusal.code),
            remedy=remedy(what.refusal.code),
        )
    dated = f"; {what.dated}" if what.dated else ""
    code = Code.BUNDLE if what.returns or not outermost else Code.BUNDLE_WITHOUT_RETURN
    return Verdict.IGNORED, finding(code, place, what=what.what, count=what.members, dated=dated)


def with_evidence(files: Iterable[ReturnedFile]) -> list[ReturnedFile]:
    """The files, in the order of their names; a message that brought one copy tells the day of a loose copy too."""
    entries = sorted(files, key=lambda item: item.name)
    first: dict[str, ReturnedFile] = {}
    for file in sorted((file for file in entries if file.mailed and file.sha256), key=_moment):
        first.setdefault(file.sha256, file)
    return [
        replace(file, mailed=known.mailed, moment=known.moment)
        if file.mailed is None and isinstance(file.book, Book | Filled) and (known := first.get(file.sha256))
        else file
        for file in entries
    ]


def _moment(file: ReturnedFile) -> tuple[str, str, str]:
    return str(file.mailed), str(file.moment or file.mailed), file.name


def said_of_containers(file: ReturnedFile, noted: Mapping[str, Reception]) -> Reception | None:
    """What the office noted of the message or archive that a file lay in: when it came, and what becomes of it.

    Whose return a file is, must be said of the file: one message may bring the forms of several units.
    """
    if file.member is None:
        return None
    steps = file.member.split("/")
    for depth in range(len(steps) - 1, -1, -1):
        line = noted.get("/".join((file.path, *steps[:depth])))
        if line:
            return replace(line, unit="")
    return None


def receptions_of(entries: Sequence[ReturnedFile], office: Office) -> list[Reception | None]:
    """What the office says of each file: in a line on it, on a copy, or on the message or archive that it lay in."""
    first = list(reversed(office.receptions))  # of several lines the first speaks
    by_content = {line.sha256: line for line in first if line.sha256}
    by_name = {line.path: line for line in first if not line.sha256}
    # A line on this very file: by content, or by name where the line gives no SHA-256.
    own = [by_content.get(file.sha256) or by_name.get(file.name) for file in entries]
    noted = {file.name: line for file, line in zip(entries, own, strict=True) if line and isinstance(file.book, Bundle)}
    said = [line or said_of_containers(file, noted) for file, line in zip(entries, own, strict=True)]
    of_content: dict[str, Reception] = {}
    # Of several copies the first noted one speaks, and a line on a copy itself before one on what it lay in.
    for lines in (said, own):
        for file, line in reversed(list(zip(entries, lines, strict=True))):
            if line and file.sha256:
                of_content[file.sha256] = line
    return [line or of_content.get(file.sha256) for file, line in zip(entries, own, strict=True)]
