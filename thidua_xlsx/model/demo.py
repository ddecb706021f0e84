"""What an invented campaign consists of: who sends which answers and when, what the office knows, what was broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from thidua_xlsx.model.office import AwardGiven, Office
from thidua_xlsx.model.plan import Plan, Round, Unit

Value = str | Decimal | int | date
Answers = Mapping[tuple[str, str, str], Value]


class Part(Enum):
    """The part a unit plays in the invented campaign."""

    CONTENDER = "đủ tiêu chuẩn, điểm cao"
    CLEAN = "trả lời đạt mọi câu hỏi"
    FAILS = "không đạt một tiêu chuẩn"
    UNPROVEN = "để trống một câu trả lời"
    INCOMPLETE = "thiếu một văn bản trong hồ sơ"
    NOT_NOMINATING = "không đề nghị tập thể"
    NOT_RETURNED = "không nộp phiếu"


@dataclass(frozen=True, slots=True)
class Role:
    """One unit's part: the index it heads for (share of 1), whether its people pass, whose figures it repeats."""

    unit: Unit
    part: Part
    quality: Fraction
    people_pass: bool = False
    twin: str | None = None


class Typed(Enum):
    """What a hand typed over a cell that no writer of ours would put there."""

    TEXT = "text"
    NUMBER = "number"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Retyped:
    """One cell of a finished workbook, typed over: its sheet, its A1 address, and what stands there now."""

    sheet: str
    cell: str
    typed: Typed
    text: str


@dataclass(frozen=True, slots=True)
class SeededFault:
    """One thing that was broken on purpose, and where its finding must appear; no cells: the file as a whole."""

    file: str
    sheet: str
    cells: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class DemoReturn:
    """One filled form: its path in the campaign folder, its answers, when the office received it (None: not noted)."""

    unit: Unit
    path: str
    answers: Answers
    received: date | None
    retyped: tuple[Retyped, ...] = ()


class Odd(Enum):
    """What else lies in a drop folder."""

    LOCK = "tệp khóa của Excel"
    CUT = "tệp tải chưa xong"
    LAST_YEAR = "phiếu năm trước"
    COPY = "bản gửi lại giống hệt"
    STRANGER = "bảng tính khác"


@dataclass(frozen=True, slots=True)
class OddFile:
    """One entry that is no return; ``unit`` is whose form it is made from."""

    path: str
    kind: Odd
    unit: str


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """A whole invented campaign, without a byte of it written. ``register`` None: the round asks for none."""

    plan: Plan
    round: Round
    roles: tuple[Role, ...]
    returns: tuple[DemoReturn, ...]
    office: Office
    register: tuple[AwardGiven, ...] | None
    clerk: str
    odd: tuple[OddFile, ...] = ()
    faults: tuple[SeededFault, ...] = field(default=())
