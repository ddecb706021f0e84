"""Turns a letter into the bytes of a message: the same letter, the same bytes.

The older classes of the standard library write it: those after them lose blanks of long Vietnamese subjects when
they fold (seen with Python 3.11.7), and can say the name of an attachment only once.
"""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from hashlib import sha256
from urllib.parse import quote

from thidua_xlsx.model.letters import Attachment, Letter, Mailbox

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIRE = compat32.clone(linesep="\r\n")


def draft_bytes(letter: Letter, sender: Mailbox | None) -> bytes:
    """An ``.eml`` that Outlook and Thunderbird open ready to send; they add the date and, failing it, the sender."""
    message = _message(letter, sender)
    message["X-Unsent"] = "1"
    return message.as_bytes(policy=_WIRE)


def sent_bytes(letter: Letter, sender: Mailbox, at: datetime, message_id: str) -> bytes:
    """The message as it goes to the server."""
    message = _message(letter, sender)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    return message.as_bytes(policy=_WIRE)


def message_id(letter: Letter, sender: Mailbox, accepted_before: int) -> str:
    """The same while nobody is known to have taken the letter: servers drop the second of two equal ones."""
    digest = sha256(f"{letter.key} {accepted_before}".encode()).hexdigest()
    return f"<{digest[:32]}@{sender.address.rpartition('@')[2]}>"


def _message(letter: Letter, sender: Mailbox | None) -> MIMEMultipart:
    # Every part is base64, whose alphabet has no "_": this boundary stands nowhere else.
    message = MIMEMultipart("mixed", boundary=f"=_{letter.key[:32]}")
    if sender:
        message["From"] = _mailbox(sender)
    message["To"] = _mailbox(letter.to)
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject").encode()
    message.attach(MIMEText(letter.body.replace("\n", "\r\n"), "plain", "utf-8"))
    if letter.attachment:
        message.attach(_attached(letter.attachment))
    return message


def _mailbox(mailbox: Mailbox) -> str:
    if mailbox.name.isascii():
        return formataddr((mailbox.name, mailbox.address))
    header = Header(mailbox.name, "utf-8")
    header.append(f"<{mailbox.address}>", "us-ascii")
    return header.encode()


def _attached(attachment: Attachment) -> MIMEApplication:
    """Both names: RFC 2231 first, for readers that heed only the first of a kind, then ASCII for those before it."""
    part = MIMEApplication(attachment.data, XLSX, name=attachment.ascii_name)
    names = f"filename*=utf-8''{quote(attachment.name, safe='')};\n filename=\"{attachment.ascii_name}\""
    part["Content-Disposition"] = f"attachment;\n {names}"
    return part
