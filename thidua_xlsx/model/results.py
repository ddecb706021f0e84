"""What a run finds out: files with verdicts, points with their proof, ranks, eligibility, decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from thidua_xlsx.model.findings import Code, Finding
from thidua_xlsx.model.labelled import Labelled
from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.plan import Criterion, Gate, Plan, Quota, Round, Unit
from thidua_xlsx.model.returned import entry_name

# Of what a run makes by the ten thousand the values are named tuples: frozen data classes take more than twice as long.


class Verdict(Labelled):
    """Every entry of the drop folder ends with exactly one; ``.value`` is the JSON word, ``.label`` for people."""

    ACCEPTED = "accepted", "Nhận"
    HELD = "held", "Giữ lại, chờ xác nhận"
    FOREIGN = "foreign", "Không thuộc đợt này"
    REJECTED = "rejected", "Không đọc được hoặc sai bản"
    SUPERSEDED = "superseded", "Đã có bản gửi sau"
    DUPLICATE = "duplicate", "Trùng"
    IGNORED = "ignored", "Bỏ qua"


OTHERWISE = {
    Code.DECLINED.name: "Không nhận theo quyết định của cơ quan thường trực",
    Code.BUNDLE.name: "Thư, tệp nén đã mở",
}


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One entry of the drop folder and its verdict. ``code`` names the finding that explains it, if any."""

    path: str
    member: str | None
    sha256: str
    verdict: Verdict
    code: str | None = None
    unit: str | None = None
    received_at: date | None = None
    received_by: str | None = None
    message: str = ""

    @property
    def name(self) -> str:
        """How findings and the office name it."""
        return entry_name(self.path, self.member)

    @property
    def label(self) -> str:
        """The verdict for people; a file the office declined has no later one, nor is an opened message skipped."""
        return OTHERWISE.get(self.code or "", self.verdict.label)


def label_counts(files: Iterable[FileRecord]) -> dict[str, int]:
    """How many entries people read under each label, in the order of the verdicts; they add up to the entries."""
    found = Counter(item.label for item in files)
    others = (label for label in OTHERWISE.values() if found[label])
    return {label: found[label] for label in (*(verdict.label for verdict in Verdict), *others)}


class Fact(NamedTuple):
    """One fact about a nominee: a value, or why it is unknown; where it stands; how far it can be trusted.

    ``value``: Fraction for numbers and ranks, "Có"/"Không" for yes/no, a level's code, or text; None is unknown.
    ``shown`` is how people read it ("95 %", "Hoàn thành tốt nhiệm vụ", "hạng 3").
    """

    name: str
    value: Fraction | str | None
    shown: str = ""
    why_unknown: str = ""
    places: tuple[Place, ...] = ()
    provisional: bool = False
    unconfirmed: bool = False


class LineScore(NamedTuple):
    """One leaf of the scorecard for one unit (points, exact).

    ``points`` is what counts: appraised if the office gave any, else computed; None is unknown.
    ``applicable`` is False for a line left out of the scale for this unit.
    """

    line: Criterion
    claimed: Decimal | None
    computed: Fraction | None
    appraised: Decimal | None
    points: Fraction | None
    applicable: bool = True
    appraisal_reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One validly returned unit's points and places. Index = points / applicable x 100 (%), exact.

    ``rank_gain`` = last rank in the block - this one. None: unknown, or not ranked.
    """

    unit: Unit
    scores: tuple[LineScore, ...]
    claimed: Decimal | None
    points: Fraction | None
    applicable: Fraction
    index: Fraction | None
    level: str | None = None
    rank: int | None = None
    rank_in_block: int | None = None
    rank_gain: int | None = None
    printed_alike: bool = False


class Outcome(Enum):
    """Every unit, and every person nominated, gets exactly one."""

    PROPOSED = "Đề nghị khen thưởng"
    TIED = "Đồng hạng, Hội đồng quyết định"
    RESERVE = "Dự khuyết"
    INELIGIBLE = "Không đủ tiêu chuẩn"
    UNPROVEN = "Chưa đủ căn cứ"
    INVALID = "Phiếu chưa hợp lệ"
    NOT_NOMINATED = "Không đề nghị"
    NOT_RETURNED = "Chưa nộp"


@dataclass(frozen=True, slots=True)
class Person:
    """A person nominated by a unit: the order of priority (None if not given), name as typed, birth date."""

    order: int | None
    name: str
    birth: date | None
    title: str = ""
    position: str = ""
    section: str = ""
    row: int = 0
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class Nominee:
    """A unit (``person`` None) or a person put forward by it; the unit's code and the person make it the same."""

    unit: Unit
    person: Person | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nominee) and (self.unit.code, self.person) == (other.unit.code, other.person)

    def __hash__(self) -> int:
        return hash((self.unit.code, self.person))

    @property
    def subject(self) -> str:
        return "individual" if self.person else "collective"

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.unit.name


class Reason(NamedTuple):
    """What prevents a proposal: the rule, its clause, what was seen, what is asked, and where."""

    gate: str
    clause: str
    message: str
    observed: str = ""
    required: str = ""
    places: tuple[Place, ...] = ()


class Passing(Enum):
    """The three values of a gate."""

    PASS = "đạt"
    FAIL = "không đạt"
    UNKNOWN = "chưa rõ"
    SKIPPED = "không xét"


class GateResult(NamedTuple):
    """One gate for one nominee, with the fact that it rests on."""

    gate: Gate
    passing: Passing
    reason: Reason
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """coefficient x base salary in force on ``on``, rounded up to 10 000 đồng (DOMAIN 1.3)."""

    coefficient: Decimal
    base: int
    exact: Decimal
    amount: int
    on: date
    provisional: bool
    decree: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The one outcome of one nominee. ``reasons`` is empty exactly when PROPOSED.

    ``distance`` says for a RESERVE how far from the cut; ``remarks`` is what the council should know
    (unconfirmed answers, provisional grades, printed-alike indices). ``place`` counts from 1 in the order of
    its quota, best first; equals share one.
    """

    nominee: Nominee
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    quota: Quota | None = None
    award: str | None = None
    money: Money | None = None
    gates: tuple[GateResult, ...] = ()
    order: tuple[str, ...] = ()
    distance: str = ""
    remarks: tuple[str, ...] = ()
    place: int | None = None


@dataclass(frozen=True, slots=True)
class QuotaResult:
    """What became of one quota row: seats taken, nominees tied for how many seats, seats left empty and why."""

    quota: Quota
    seated: int
    tied: int
    tied_seats: int
    empty: int
    default_order: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DossierState:
    """One paper of one unit or person: present, missing, or not answered."""

    unit: Unit
    person: Person | None
    item: str
    name: str
    form: str
    sets: int | None
    present: bool | None
    number_date: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from an earlier result: what, about whom, before and after."""

    kind: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Settling:
    """One thing that is not known of a nominee «Chưa đủ căn cứ»: what, and where it is to be written."""

    nominee: Nominee
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """Everything one run says; ``tong-hop.xlsx`` and ``ket-qua.json`` are two prints of it."""

    plan: Plan
    round: Round
    today: date
    program: str
    files: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]
    standings: tuple[Standing, ...]
    decisions: tuple[Decision, ...]
    quotas: tuple[QuotaResult, ...]
    dossiers: tuple[DossierState, ...]
    missing: tuple[Unit, ...]
    changes: tuple[Change, ...] = ()
    first_run: bool = True
    run_name: str = ""
    # The plan's values that a trial held otherwise; a result with any is nobody's result.
    trial: tuple[str, ...] = ()
    settlings: tuple[Settling, ...] = ()
