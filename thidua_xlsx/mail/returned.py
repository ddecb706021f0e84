"""Turns the bytes of a message that somebody saved (.eml) into its attachments and the moment it came.

Only the standard library's parser is used, with its oldest policy: the newer ones parse every header into a tree,
which a hostile header makes very slow. Headers are decoded here, each under a bound of its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Part
from email.utils import collapse_rfc2231_value, parsedate_to_datetime

from thidua_xlsx.model.bundle import MAIL, Sent
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.text import clean

VIETNAM = timezone(timedelta(hours=7))
SIZE_LIMIT = 50 << 20
# A line costs the parser far more than its bytes, and it compares each with every boundary that is open.
LINE_LIMIT, EFFORT_LIMIT = 1_000_000, 15_000_000
HEADER_LIMIT = 4_000
HEAD_LIMIT = 256 << 10
NAME_LIMIT = 150
YEARS = range(2000, 2100)
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:|[ \t]")
# A text is a message when its first block consists of fields and two of these are among them.
_TELLING = frozenset(b"from to date subject message-id received mime-version return-path delivered-to".split())
_NEXT_IN_MAILBOX = re.compile(rb"\n\r?\nFrom [^\r\n]{1,200}\d{4}[^\r\n]{0,10}\r?\n[!-9;-~]{1,80}:")
_SEALED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: its bytes, why there are none, or a whole message."""

    name: str
    content: bytes | Refusal | Message


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was saved; ``sent`` is None where no date in it can be read."""

    what: str
    sent: Sent | None
    attachments: tuple[Attachment, ...]


def is_message(data: bytes) -> bool:
    """Whether these bytes begin as a saved message does, whatever the file is called."""
    lines = re.split(rb"\r?\n\r?\n", _start(data)[:HEAD_LIMIT], maxsplit=1)[0].splitlines()
    if lines and lines[0].startswith(b"From "):
        del lines[0]
    names = {line.partition(b":")[0].strip().lower() for line in lines if line[:1] not in (b" ", b"\t")}
    return len(names & _TELLING) >= 2 and all(_FIELD.match(line) for line in lines)


def _start(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ")


def read_message(data: bytes) -> Message | Refusal:
    """The message and everything attached to it; a refusal is a value, and nothing that it holds raises."""
    if len(data) > SIZE_LIMIT:
        return Refusal("F-BUNDLE-BIG", f"{len(data)} bytes")
    data = _start(data)
    rows, boundaries = data.count(b"\n"), data.lower().count(b"boundary")
    if rows > LINE_LIMIT or rows * boundaries > EFFORT_LIMIT:
        return Refusal("F-BUNDLE-BIG", f"{rows} lines, {boundaries} boundaries")
    if data.startswith(b"From ") and _NEXT_IN_MAILBOX.search(data):
        return Refusal("F-MAIL-BOX", "several messages")
    try:
        return _opened(message_from_bytes(data))
    except RecursionError:
        return Refusal("F-NESTED", "parts in parts")
    except MemoryError:
        raise
    except Exception as fault:  # the parser promises not to raise; one unit's message must not stop the run
        return Refusal("F-MAIL-BAD", type(fault).__name__)


def _opened(part: Part) -> Message:
    return Message(MAIL, sent_at(part), tuple(_attachments(part)))


def _attachments(message: Part) -> Iterator[Attachment]:
    """Every attached file in order. What people read as the letter itself, text without a name, is not one."""
    for part in _leaves(message):
        kind = part.get_content_type()
        name = file_name(part)
        if kind == "message/rfc822" or kind == "message/global":
            yield Attachment(name or "thu-dinh-kem.eml", _inner(part))
        elif kind in _SEALED_TYPES or name.lower().endswith(".p7m"):
            yield Attachment(name or "smime.p7m", Refusal("F-MAIL-SEALED", kind))
        elif kind == "message/external-body":
            yield Attachment(name or "tep-dinh-kem", Refusal("F-MAIL-LINK", kind))
        elif name or (part.get_content_maintype() not in ("text", "message") and not part.is_multipart()):
            yield Attachment(name or _unnamed(kind), _content(part))


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold something; containers of parts are gone through, messages within are not."""
    ahead = [message]
    while ahead:
        part = ahead.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            ahead += reversed([item for item in payload if isinstance(item, Part)])
        else:
            yield part


def _inner(part: Part) -> bytes | Message:
    """A message within: as parsed, or its bytes where a program encoded it against the rules."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Part):
        return _content(part)
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        inner["Content-Transfer-Encoding"] = encoding
        return _content(inner)
    return _opened(inner)


def _content(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _unnamed(kind: str) -> str:
    """What to call a part that has no name."""
    if "sheet" in kind or "excel" in kind:
        return "tep-dinh-kem.xlsx"
    return "winmail.dat" if "tnef" in kind else "tep-dinh-kem"


def file_name(part: Part) -> str:
    """The name of an attachment as its sender saw it (RFC 2231, RFC 2047, or raw bytes); "" for none."""
    for field in ("content-disposition", "content-type"):
        raw = _raw(part, field)
        if len(raw) > HEADER_LIMIT:
            continue
        mended = Part()
        mended[field] = raw
        told = [value for key, value in mended.get_params([], field) if key.lower() in ("filename", "name")]
        # The plain name is for old programs; beside it stands what the sender saw, as RFC 2231 has it.
        full = next((collapse_rfc2231_value(value) for value in told if isinstance(value, tuple)), "")
        if name := tidy_name(full or _decoded(next(filter(None, told), ""))):
            return name
    return ""


def _raw(part: Part, field: str) -> str:
    """A header as it was written; bytes beyond ASCII as the text that they most likely are."""
    for name, value in part.raw_items():
        if name.lower() == field:
            return text_of(str(value).encode("utf-8", "surrogateescape"))
    return ""


def text_of(raw: bytes) -> str:
    """Bytes of a name that say not what they are: UTF-8, or the code page of Vietnamese Windows."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1258", "replace")


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text


def tidy_name(name: str) -> str:
    """A name to tell files apart by: no folder that it may claim, and not without end. Nothing is written to it."""
    last = clean(re.split(r"[\\/]", name)[-1].replace("\r", "").replace("\n", ""))
    if not last.strip("."):
        return ""
    stem, dot, end = last.rpartition(".")
    return last if len(last) <= NAME_LIMIT else f"{(stem or end)[: NAME_LIMIT - 20]}{dot}{end[-15:]}"


def sent_at(message: Part) -> Sent | None:
    """The topmost ``Received`` is the stamp of the server that took the message in; ``Date`` the sender's word."""
    server = _moment(_raw(message, "received").rpartition(";")[2])
    if server:
        return Sent(server, True)
    sender = _moment(_raw(message, "date"))
    return Sent(sender, False) if sender else None


def _moment(text: str) -> datetime | None:
    try:
        return vietnamese(parsedate_to_datetime(text[:200].strip()))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def vietnamese(moment: datetime) -> datetime | None:
    """The same moment by the clocks of Vietnam; a date that no message can have is none."""
    if moment.year not in YEARS:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(VIETNAM).replace(tzinfo=None)
