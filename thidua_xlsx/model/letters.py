"""The letters to units: what is told to whom, which unit gets none and why, and what a mail server said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from thidua_xlsx.model.labelled import Labelled


class Kind(Enum):
    """The occasions to write; ``slug`` names folders, ``label`` speaks to people, ``option`` asks for it."""

    ISSUE = "phat-hanh", "phát hành phiếu", ""
    REMIND = "nhac", "nhắc nộp phiếu", " --remind"
    FEEDBACK = "phan-hoi", "phản hồi lỗi cần sửa", " --feedback"
    RESULT = "ket-qua", "báo kết quả", " --result"

    def __init__(self, slug: str, label: str, option: str) -> None:
        self.slug = slug
        self.label = label
        self.option = option

    @property
    def template(self) -> str:
        """The file in the campaign folder whose words staff may change."""
        return f"thu-{self.slug}.txt"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name ("" for none) and an address in ASCII, as it goes to the server."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook under the name that people read, and one in ASCII for programs that know no other."""

    name: str
    ascii_name: str
    data: bytes

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one unit. ``essence`` is what the unit is told, apart from the wording of the template.

    Two letters with one ``key`` are the same letter: the second is not sent. A new form, a newly marked workbook,
    another outcome or another address makes a new letter; a comma changed in the template does not.
    """

    kind: Kind
    round: str
    unit: str
    to: Mailbox
    subject: str
    body: str
    attachment: Attachment | None
    essence: str

    @property
    def key(self) -> str:
        said = "\n".join((self.kind.slug, self.round, self.unit, self.to.address.lower(), self.essence))
        return sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NoLetter:
    """A unit that should have got a letter, and why it cannot: one sentence with what to do."""

    unit: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Letters:
    """All letters of one occasion in the order of the plan. ``run`` names the run they rest on, "" for none.

    Every unit concerned stands either in ``ready`` or in ``missing``, once.
    """

    kind: Kind
    round: str
    run: str
    ready: tuple[Letter, ...]
    missing: tuple[NoLetter, ...]
    remarks: tuple[str, ...] = ()


class State(Labelled):
    """What is known of one letter; ``.value`` is the word of the log, ``.label`` for people."""

    TRYING = "trying", "Chưa rõ đã gửi"
    ACCEPTED = "accepted", "Máy chủ đã nhận"
    REFUSED = "refused", "Máy chủ từ chối"
    UNKNOWN = "unknown", "Chưa rõ đã gửi"
    NOT_SENT = "not_sent", "Chưa gửi"

    @property
    def open(self) -> bool:
        """Nobody knows whether the unit has it."""
        return self in (State.TRYING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the log: when, which letter, what became of it, and the server's own words.

    TRYING is written before the text of a letter goes out; where it stays the last word, nobody knows.
    """

    at: str
    state: State
    key: str
    kind: str
    round: str
    unit: str
    name: str
    address: str
    subject: str
    attachment: str
    sha256: str
    message_id: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The letters of an occasion as the log sees them: to send now, sent before, and of unknown fate.

    ``replacing`` are units in ``now`` whose earlier letter of this occasion was accepted, with other content.
    """

    now: tuple[Letter, ...]
    sent: tuple[Letter, ...]
    unknown: tuple[Letter, ...]
    replacing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What one call to the server came to: letters with their fate and the reply.

    ``stopped`` says why it ended early; ``shown`` is False when the sheet of the log could not be made anew.
    """

    outcomes: tuple[tuple[Letter, State, str], ...]
    selection: Selection
    stopped: str = ""
    interrupted: bool = False
    shown: bool = True

    def count(self, state: State) -> int:
        return sum(found is state for _, found, _ in self.outcomes)
