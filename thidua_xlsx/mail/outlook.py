"""Turns the bytes of a message saved by Outlook (.msg) into its attachments and the moment it came.

A .msg is an OLE file: each attachment is a storage whose streams are named after the properties that they hold
(MS-OXMSG). ``olefile`` reads the container; the dozen properties needed are read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from io import BytesIO

from olefile import OleFileIO

from thidua_xlsx.mail.returned import (
    HEAD_LIMIT,
    HEADER_LIMIT,
    Attachment,
    Message,
    read_message,
    sent_at,
    text_of,
    tidy_name,
    vietnamese,
)
from thidua_xlsx.model.bundle import OUTLOOK, Sent
from thidua_xlsx.model.cells import Refusal

# Streams and storages: the property's number, then its type (001F Unicode, 001E bytes, 0102 binary, 000D object).
_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = "3707", "3704", "3001"
_DATA, _INNER_MESSAGE = "37010102", "3701000D"
_HEADERS, _CLASS = "007D", "001A"
_DELIVERED, _SUBMITTED, _FLAGS, _METHOD = 0x0E060040, 0x00390040, 0x0E070003, 0x37050003
_FROM_ME = 0x20
_BY_REFERENCE = (2, 3, 4, 7)
_ENTRY = struct.Struct("<II8s")
# Before the entries: 32 bytes in the message itself, 24 in a message within, 8 in an attachment.
_OUTER, _WITHIN, _ATTACHED = 32, 24, 8
_TEXT_LIMIT = 4_096
_DEPTH = 4
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
Path = tuple[str, ...]


def read_outlook(data: bytes) -> Message | Refusal:
    """The message and everything attached to it; a refusal is a value, and nothing that it holds raises."""
    try:
        ole: OleFileIO[str] = OleFileIO(BytesIO(data))
        with ole:
            return _Reading(ole, len(data)).message((), _OUTER)
    except MemoryError:
        raise
    except Exception as fault:  # whatever a damaged or hostile container makes of the library
        return Refusal("F-MSG-BAD", type(fault).__name__)


class _Reading:
    """One .msg while it is read. Streams may share sectors, so that what they claim in all is bounded by the file."""

    def __init__(self, ole: OleFileIO[str], size: int) -> None:
        self._ole = ole
        self._left = 2 * size
        self._children: dict[Path, list[str]] = {}
        for entry in ole.listdir(streams=True, storages=True):
            self._children.setdefault(tuple(entry[:-1]), []).append(entry[-1])

    def message(self, at: Path, header: int) -> Message:
        return Message(OUTLOOK, self._sent(at, header), tuple(self._attachments(at)))

    def _attachments(self, at: Path) -> Iterator[Attachment]:
        sealed = ".SMIME" in self._text(at, _CLASS).upper()
        for child in sorted(self._children.get(at, ())):
            if child.lower().startswith("__attach_version1.0_#"):
                yield self._attachment((*at, child), sealed)

    def _attachment(self, at: Path, sealed: bool) -> Attachment:
        name = next(filter(None, (tidy_name(self._text(at, key)) for key in (_LONG_NAME, _SHORT_NAME))), "")
        inner = (*at, _STREAM + _INNER_MESSAGE)
        if (*inner, _PROPERTIES) in self:
            if len(inner) > 2 * _DEPTH:
                return Attachment(name or "thu-dinh-kem.msg", Refusal("F-NESTED", "messages in messages"))
            name = name or f"{tidy_name(self._text(at, _DISPLAY_NAME)) or 'thu-dinh-kem'}.msg"
            return Attachment(name, self.message(inner, _WITHIN))
        method = self._properties(at, _ATTACHED).get(_METHOD, b"")
        if int.from_bytes(method[:4], "little") in _BY_REFERENCE:
            return Attachment(name or "tep-dinh-kem", Refusal("F-MAIL-LINK", "by reference"))
        data = (*at, _STREAM + _DATA)
        content = self._stream(data) if data in self else Refusal("F-OLE", "object without data")
        if sealed and isinstance(content, bytes) and (name.lower().endswith(".p7m") or not name):
            # Signed in the open, the message lies there as it travelled; else only its reader has the key.
            clear = b"multipart/signed" in content[:HEADER_LIMIT].lower()
            sealing = read_message(content) if clear else Refusal("F-MAIL-SEALED", "S/MIME")
            return Attachment(name or "smime.p7m", sealing)
        return Attachment(name or "tep-dinh-kem", content)

    def _sent(self, at: Path, header: int) -> Sent | None:
        """The server's line among the message's headers, else the time of delivery, else the sender's time."""
        stamped = sent_at(HeaderParser().parsestr(self._text(at, _HEADERS, HEAD_LIMIT)))
        if stamped and stamped.by_server:
            return stamped
        found = self._properties(at, header)
        # In the sender's own copy the time of delivery is that of its own program.
        received = not int.from_bytes(found.get(_FLAGS, b"")[:4], "little") & _FROM_ME
        for key, by_server in ((_DELIVERED, received), (_SUBMITTED, False)):
            moment = _moment(found.get(key, b""))
            if moment:
                return Sent(moment, by_server)
        return stamped

    def _properties(self, at: Path, header: int) -> dict[int, bytes]:
        """The properties of fixed length, by number and type."""
        path = (*at, _PROPERTIES)
        raw = self._stream(path)[header:] if path in self else b""
        whole = len(raw) - len(raw) % _ENTRY.size
        return {key: value for key, _, value in _ENTRY.iter_unpack(raw[:whole])}

    def _text(self, at: Path, key: str, limit: int = _TEXT_LIMIT) -> str:
        for kind in ("001F", "001E"):
            path = (*at, f"{_STREAM}{key}{kind}")
            if path in self:
                raw = self._stream(path)[:limit]
                return (raw.decode("utf-16-le", "replace") if kind == "001F" else text_of(raw)).rstrip("\0")
        return ""

    def __contains__(self, path: Path) -> bool:
        return path[-1] in self._children.get(path[:-1], ())

    def _stream(self, path: Path) -> bytes:
        self._left -= self._ole.get_size("/".join(path))
        if self._left < 0:
            raise ValueError("streams claim more than the file holds")
        content: bytes = self._ole.openstream("/".join(path)).read()
        return content


def _moment(filetime: bytes) -> datetime | None:
    """Tenths of microseconds since 1601, as Windows counts."""
    count = int.from_bytes(filetime, "little")
    try:
        return vietnamese(_EPOCH + timedelta(microseconds=count // 10)) if count else None
    except OverflowError:
        return None
