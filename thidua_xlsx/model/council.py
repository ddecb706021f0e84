"""What the council writes into its workbook, and what follows from it: ballots, the session, resolutions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Money, Nominee, Outcome

# The council's cells stand on the sheet «Đề nghị khen thưởng» of ``tong-hop.xlsx``: one row a nominee, found by
# ``BALLOT_CODE`` × header; below the lists, one line a fact of the session, found by its label in any cell.
COUNCIL_SHEET = "Đề nghị khen thưởng"
BALLOT_CODE = "Mã"
AGREE, DISAGREE, MEMBERS = "Đồng ý", "Không đồng ý", "Tổng số thành viên"
DECISION, OPINION = "Quyết định của Hội đồng", "Ý kiến của Hội đồng"
BALLOT_HEADERS = (BALLOT_CODE, AGREE, DISAGREE, MEMBERS, DECISION, OPINION)
AWARDED, NOT_AWARDED = "Khen thưởng", "Không khen thưởng"
RESOLVED = (AWARDED, NOT_AWARDED)

# Appended last where the plan asks how heads of units answer for reform; the council notes in its blank cells.
HEADS_SHEET = "Người đứng đầu"

HELD_ON, WHERE = "Ngày họp Hội đồng", "Địa điểm họp"
COUNT, PRESENT = "Tổng số thành viên Hội đồng", "Số thành viên có mặt"
CHAIR, SECRETARY = "Người chủ trì", "Thư ký"
NUMBER, DECIDED_ON = "Số quyết định khen thưởng", "Ngày quyết định khen thưởng"
SESSION_LABELS = (HELD_ON, WHERE, COUNT, PRESENT, CHAIR, SECRETARY, NUMBER, DECIDED_ON)

# A plan with a note of this code asks for a sheet of its own on the heads of units, where the council may write in the
# column ``HEADS_OPINION``; nothing is decided by it.
HEADS_NOTE, HEADS_SHEET, HEADS_OPINION = "nguoi-dung-dau", "Người đứng đầu", "Đánh giá của Hội đồng"

# Stands in a cell of the sheet, so that a workbook given back tells which run it is of:
# "KQ/" and the first 16 hex digits of the SHA-256 of that run's ket-qua.json.
RUN_MARK = "KQ/"
# A register line with this before the form takes back what an earlier line gave (Luật TĐKT, chương VII).
WITHDRAWN = "Thu hồi: "


def run_mark(digest: str) -> str:
    """The mark of a run from the SHA-256 of its ``ket-qua.json``."""
    return f"{RUN_MARK}{digest[:16]}"


def ballot_code(nominee: Nominee) -> str:
    """A unit's code; for a person the unit's and its order, or its name and birth date where it gave no order."""
    person = nominee.person
    if person is None:
        return nominee.unit.code
    if person.order is not None:
        return f"{nominee.unit.code}/{person.order}"
    return f"{nominee.unit.code}/{person.name} {person.birth.isoformat() if person.birth else ''}".rstrip()


@dataclass(frozen=True, slots=True)
class Ballot:
    """One nominee's row as the council filled it; None and "" are blank. Counts are of persons.

    ``places`` are its cells by header; ``place`` is that of the code.
    """

    code: str
    agree: int | None = None
    disagree: int | None = None
    members: int | None = None
    decision: str = ""
    opinion: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def at(self, header: str) -> Place:
        """Where that header's cell of this row stands."""
        return self.places.get(header, self.place)


@dataclass(frozen=True, slots=True)
class Session:
    """The meeting, as far as somebody wrote it down; what is None or "" stays a visible blank in the papers."""

    held_on: date | None = None
    where: str = ""
    members: int | None = None
    present: int | None = None
    chair: str = ""
    secretary: str = ""
    number: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class CouncilSheet:
    """All that the council wrote: ballots by ``ballot_code``, and the session."""

    ballots: tuple[Ballot, ...] = ()
    session: Session = Session()


class Basis(Enum):
    """How a resolution stands to the proposal."""

    AS_PROPOSED = "theo đề nghị"
    TIE_SETTLED = "Hội đồng chọn trong số đồng hạng"
    DEPARTED = "Hội đồng quyết định khác đề nghị"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the council resolved on one nominee; ``award``, ``money`` (by the decision's date) only where ``awarded``.

    ``share`` is the share of votes as the plan counts it, in words ("8/9 thành viên, 88,89 %"); "" without votes.
    ``order`` are the values that placed the nominee, as the run told them.
    """

    nominee: Nominee
    proposed: Outcome
    awarded: bool
    basis: Basis
    quota: str | None
    award: str | None
    money: Money | None
    ballot: Ballot
    share: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The end of a round: every nominee of the council's lists with its resolution, best first, collectives first.

    ``run`` names the run (``lan-003``) and ``mark`` is its mark; ``remarks`` are sentences the papers must carry.
    """

    plan: Plan
    round: Round
    run: str
    mark: str
    session: Session
    resolutions: tuple[Resolution, ...]
    remarks: tuple[str, ...] = ()

    def awarded(self, subject: str) -> tuple[Resolution, ...]:
        """Those who are given an award, in order."""
        return tuple(item for item in self.resolutions if item.awarded and item.nominee.subject == subject)
