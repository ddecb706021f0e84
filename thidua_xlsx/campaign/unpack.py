"""Turns one file of the drop folder into the lines it makes: itself, and every file inside a message or an archive.

What a file is, its content says, never its name: an .xlsx is a zip file too. Nothing is written anywhere, and a name
is only ever shown, so that where it may point leads nowhere. What all of one entry may cost is bounded together,
however its containers are nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from thidua_xlsx.mail.outlook import read_outlook
from thidua_xlsx.mail.returned import Attachment, Message, is_message, read_message
from thidua_xlsx.model.bundle import ARCHIVE, Aside, Bundle, Sent, dated_words
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.refusals import REFUSALS
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.workbooks.reader.cells import SIZE_LIMIT, ZIP_MAGIC
from thidua_xlsx.workbooks.reader.container import Container, Member, Refused, inflate, open_container
from thidua_xlsx.workbooks.reader.foreign import OLE, name_foreign
from thidua_xlsx.workbooks.reader.package import is_archive

# A zip of messages with zips attached is opened; whatever lies deeper is refused.
DEPTH = 3
FILES_LIMIT = 2_000
BYTES_LIMIT = 256 << 20
# Left by Excel, LibreOffice, browsers and systems beside what a unit sends.
IGNORED_NAMES = ("thumbs.db", "desktop.ini")
IGNORED_STARTS = ("~$", ".~", ".")
IGNORED_ENDS = (".tmp", ".part", ".crdownload", ".partial")
SHEET_ENDS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xlt", ".ods", ".fods", ".csv", ".et", ".numbers")
# Spreadsheets that are none of ours, whatever they are called, and what can be no spreadsheet.
SHEET_CODES = ("F-XLS", "F-XLSB", "F-XML2003", "F-ODS", "F-MHTML")
OTHER_KINDS = ("F-PDF", "F-IMAGE", "F-NOT-WORKBOOK", "F-TEXT")

# How a document of Excel begins: its first part is the list of content types. Sound or damaged, no archive has one;
# whoever reads the workbook opens it, and nobody has to before.
DOCUMENT = re.compile(rb"PK\x03\x04.{22}\x13\x00..\[Content_Types\]\.xml", re.DOTALL)

Content = bytes | Refusal | Message | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register: ``member`` is None for the entry itself.

    ``content`` is what is to be read, why it cannot be, what else it is, or None for what nobody looks at.
    ``moment`` orders messages of one day; only the receiving server's clock is exact enough for that.
    """

    member: str | None
    sha256: str
    content: bytes | Refusal | Bundle | Aside | None
    mailed: date | None = None
    moment: datetime | None = None


class Opened(NamedTuple):
    """A container: what it is, when it came, and its files by name, size, and what gives their content."""

    what: str
    sent: Sent | None
    files: Sequence[tuple[str, int, Callable[[], Content]]]


def is_ignored(name: str) -> bool:
    lower = name.lower()
    return lower in IGNORED_NAMES or lower.startswith(IGNORED_STARTS) or lower.endswith(IGNORED_ENDS)


def unpack(name: str, data: bytes, today: date | None = None) -> Iterator[Line]:
    """The lines of one entry, its own one last. A message dated after ``today`` proves nothing."""
    yield from _Unpacking(today).lines(name, None, data, 0, None)


class _Unpacking:
    """One entry of the drop folder while it is opened."""

    def __init__(self, today: date | None) -> None:
        self._today = today
        self._files, self._bytes = FILES_LIMIT, BYTES_LIMIT
        self._names: set[str] = set()

    def lines(self, name: str, member: str | None, content: Content, depth: int, sent: Sent | None) -> Iterator[Line]:
        """What is inside, then the file itself."""
        digest = sha256(content).hexdigest() if isinstance(content, bytes) else ""
        try:
            opened = open_up(name, content)
            if opened:
                self._claim(opened, depth)
        except Refused as refused:
            yield self._line(member, digest, Bundle(ARCHIVE, refusal=refused.refusal), sent)
            return
        except MemoryError:
            raise
        except Exception as fault:  # the last net under our own mistakes: one unit's file must not stop the run
            yield self._line(member, digest, Refusal("F-READ-CRASH", type(fault).__name__), sent)
            return
        if opened is None:
            assert not isinstance(content, Message)
            aside = aside_of(name, content) if member is not None and isinstance(content, bytes) else None
            yield self._line(member, digest, aside or content, sent)
            return
        # Who wrote a message within wrote its date too: the outermost one is the evidence.
        sent = sent or opened.sent
        returns = 0
        for inner, _, load in opened.files:
            label = self._label(member, inner)
            ignored = any(is_ignored(step) for step in inner.split("/"))
            for line in self.lines(inner, label, None if ignored else load(), depth + 1, sent):
                returns += isinstance(line.content, bytes | Refusal) or (
                    isinstance(line.content, Bundle) and line.content.refusal is not None
                )
                yield line
        bundle = Bundle(opened.what, len(opened.files), returns, dated=self._dated(opened, sent))
        yield self._line(member, digest, bundle, sent)

    def _claim(self, opened: Opened, depth: int) -> None:
        """A container is opened whole or not at all."""
        if depth == DEPTH:
            raise Refused("F-NESTED", f"depth {depth}")
        self._files -= len(opened.files)
        self._bytes -= sum(size for _, size, _ in opened.files)
        if self._files < 0 or self._bytes < 0:
            raise Refused("F-BUNDLE-BIG", f"{len(opened.files)} files")

    def _label(self, member: str | None, inner: str) -> str:
        """How the line is called: unlike every other line of the entry."""
        label = inner if member is None else f"{member}/{inner}"
        stem, dot, end = label.rpartition(".") if "." in inner.rpartition("/")[2] else (label, "", "")
        number = 1
        while fold(label) in self._names:
            number += 1
            label = f"{stem} ({number}){dot}{end}"
        self._names.add(fold(label))
        return label

    def _proves(self, sent: Sent) -> bool:
        return self._today is None or sent.moment.date() <= self._today

    def _dated(self, opened: Opened, sent: Sent | None) -> str:
        if opened.what == ARCHIVE:
            return ""
        if sent is not opened.sent:
            return "ngày nhận lấy theo thư bên ngoài"
        return dated_words(sent, sent is not None and self._proves(sent))

    def _line(
        self, member: str | None, digest: str, content: bytes | Refusal | Bundle | Aside | None, sent: Sent | None
    ) -> Line:
        proof = sent if sent and self._proves(sent) else None
        exact = proof.moment if proof and proof.by_server else None
        return Line(member, digest, content, proof.moment.date() if proof else None, exact)


def open_up(name: str, content: Content) -> Opened | None:
    """The container that this content is; None for any other file. Raises what forbids to open it."""
    if isinstance(content, Message):
        return _message(content)
    if not isinstance(content, bytes) or not content:
        return None
    if content[:4] in ZIP_MAGIC:
        return _archive(name, content)
    foreign = name_foreign(content)
    if foreign.code == "F-MHTML":
        return None
    if foreign.code == "F-MAIL" and content.startswith(OLE):
        return _message(read_outlook(content))
    if is_message(content):
        return _message(read_message(content))
    if foreign.code == "F-MAIL":
        raise Refused("F-MAIL-TNEF" if foreign.detail == "winmail.dat" else "F-MAIL-BAD", foreign.detail)
    if foreign.code == "F-ARCHIVE":
        raise Refused(foreign.code, foreign.detail)
    return None


def _message(message: Message | Refusal) -> Opened:
    if isinstance(message, Refusal):
        raise Refused(message.code, message.detail)
    files = [(item.name, _size(item), partial(_content, item)) for item in message.attachments]
    return Opened(message.what, message.sent, files)


def _size(item: Attachment) -> int:
    return len(item.content) if isinstance(item.content, bytes) else 0


def _content(item: Attachment) -> Content:
    return item.content


def _archive(name: str, data: bytes) -> Opened | None:
    called_zip = name.lower().endswith(".zip")
    if not called_zip and DOCUMENT.match(data):
        return None
    try:
        container = open_container(data, archive=True)
    except Refused:
        if called_zip:
            raise
        # Perhaps a damaged workbook: who reads it says so.
        return None
    if not is_archive(container):
        return None
    members = sorted(container.members.values(), key=lambda member: member.shown)
    return Opened(
        ARCHIVE, None, [(_name(member), member.size, partial(_load, container, member)) for member in members]
    )


def _name(member: Member) -> str:
    return "/".join(clean(step) or "_" for step in member.shown.split("/"))


def _load(container: Container, member: Member) -> bytes | Refusal:
    """One member of an archive, proved by size and checksum."""
    if member.size > SIZE_LIMIT:
        return Refusal("F-TOO-BIG", str(member.size))
    try:
        return b"".join(inflate(container.data, member))
    except Refused as refused:
        return refused.refusal


def aside_of(name: str, data: bytes) -> Aside | None:
    """What a member is that is plainly no spreadsheet; None for what the intake must judge."""
    _, dot, end = name.rpartition("/")[2].rpartition(".")
    if f".{end}".lower() in SHEET_ENDS:
        return None
    if data[:4] in ZIP_MAGIC:
        return Aside(REFUSALS["F-NOT-WORKBOOK"]) if dot and b"xl/workbook." not in data else None
    code = name_foreign(data).code
    if code in SHEET_CODES:
        return None
    if code in OTHER_KINDS:
        return Aside(REFUSALS[code])
    return Aside("tệp loại khác") if dot else None
