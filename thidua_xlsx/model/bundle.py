"""What brings returns without being one: messages and archives, and what lies in them beside the forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.wording import date_text

MAIL, OUTLOOK, ARCHIVE = "Thư điện tử", "Thư Outlook", "Tệp nén"


@dataclass(frozen=True, slots=True)
class Sent:
    """When a message came: Vietnamese time, without zone.

    ``by_server`` says that the receiving server stamped it; else the sender's own program wrote the date.
    """

    moment: datetime
    by_server: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """A message or an archive, whose members are entries of their own.

    ``members`` are the files directly in it; ``returns`` how many files, at any depth, could be a form (what
    could not be opened among them). ``refusal``: nothing in it was looked at, and why. ``dated``: what a message
    proves of the day of receipt, in words.
    """

    what: str
    members: int = 0
    returns: int = 0
    refusal: Refusal | None = None
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A member of a bundle that is plainly no form: a picture of a signature, a scanned letter. ``what`` it is."""

    what: str


def dated_words(sent: Sent | None, proves: bool) -> str:
    """What the date of a message says about the day of receipt."""
    if sent is None:
        return "thư không ghi ngày đọc được nên không làm căn cứ ngày nhận"
    by = "máy chủ nhận thư ghi" if sent.by_server else "ngày do người gửi ghi"
    day = date_text(sent.moment.date())
    if not proves:
        return f"ngày của thư ({day}, {by}) sau ngày chạy nên không làm căn cứ ngày nhận"
    return f"căn cứ ngày nhận: {day}, {by}"
