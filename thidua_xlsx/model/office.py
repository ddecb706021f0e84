"""What the standing body knows: receptions, appraised points, confirmed facts, and the register of awards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.place import NOWHERE, Place

# co-quan.xlsx (DESIGN §4): sheet → headers. lich-su.xlsx has the register.
RECEPTION, APPRAISAL, CONFIRMATION, REGISTER = "Tiếp nhận", "Điểm thẩm định", "Xác nhận", "Khen thưởng"
OFFICE_HEADERS = {
    RECEPTION: ("Tệp", "SHA-256", "Đơn vị", "Ngày nhận", "Quyết định", "Lý do", "Người", "Ngày"),
    APPRAISAL: ("Đơn vị", "Mã", "Điểm", "Lý do"),
    CONFIRMATION: ("Đơn vị", "Thứ tự", "Mã", "Trả lời", "Lý do"),
}
REGISTER_HEADERS = (
    "Năm",
    "Kế hoạch",
    "Đợt",
    "Đối tượng",
    "Mã đơn vị",
    "Họ và tên",
    "Ngày sinh",
    "Hình thức",
    "Số quyết định",
    "Ngày",
)
RECEIVE, DECLINE, COUNTS = "Nhận", "Không nhận", "Tính bản này"
DECISIONS = (RECEIVE, COUNTS, DECLINE)
EVERY = "*"
# A published index of a year is entered as points of the code CHI-SO-<year> (rank_source office, mean_of_years).
YEARLY_INDEX = "CHI-SO-"
# The office's choice when two units nominate one person, entered in «Xác nhận» under this code.
CHOSEN = "chon-don-vi"
COLLECTIVE, INDIVIDUAL = "Tập thể", "Cá nhân"


@dataclass(frozen=True, slots=True)
class Reception:
    """The office's word on one returned file, found by its SHA-256 or, failing that, its path."""

    path: str
    sha256: str
    unit: str
    received: date | None
    decision: str
    reason: str
    by: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Given:
    """A value the office gave, with its reason and place."""

    value: Decimal | str | date
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Office:
    """All of ``co-quan.xlsx``: points by (unit, criterion), answers by (unit, order or "", code)."""

    receptions: tuple[Reception, ...] = ()
    points: Mapping[tuple[str, str], Given] = field(default_factory=dict)
    answers: Mapping[tuple[str, str, str], Given] = field(default_factory=dict)

    def answer(self, unit: str, order: str, code: str) -> Given | None:
        """The office's answer for this unit (or person), else the one it gave for every unit or person (``*``)."""
        keys = ((unit, order), (unit, EVERY), (EVERY, order), (EVERY, EVERY)) if order else ((unit, ""), (EVERY, ""))
        return next((found for key in keys if (found := self.answers.get((*key, code)))), None)


@dataclass(frozen=True, slots=True)
class AwardGiven:
    """One line of the register: who was given what form, for which year, decided when."""

    year: int
    plan: str
    round: str
    subject: str
    unit: str
    name: str
    birth: date | None
    award: str
    number: str
    decided: date | None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Register:
    """``lich-su.xlsx``; ``known`` is False when there is none, so that "never" and "unknown" differ."""

    awards: tuple[AwardGiven, ...] = ()
    known: bool = False
