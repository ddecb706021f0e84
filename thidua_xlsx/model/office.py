"""What the standing body knows: receptions, appraised points, confirmed facts, and the register of awards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text

# co-quan.xlsx (DESIGN §4): sheet → headers. lich-su.xlsx has the register.
RECEPTION, APPRAISAL, CONFIRMATION, REGISTER = "Tiếp nhận", "Điểm thẩm định", "Xác nhận", "Khen thưởng"
OFFICE_HEADERS = {
    RECEPTION: ("Tệp", "SHA-256", "Đơn vị", "Ngày nhận", "Quyết định", "Lý do", "Người", "Ngày"),
    APPRAISAL: ("Đơn vị", "Mã", "Điểm", "Lý do"),
    CONFIRMATION: ("Đơn vị", "Thứ tự", "Mã", "Trả lời", "Lý do"),
}
# Beside the contract's headers, where staff want them: who found it, and when. A sheet without them is read too.
WHO, WHEN = "Người", "Ngày"
OFFICE_OPTIONAL = {RECEPTION: (), APPRAISAL: (WHO, WHEN), CONFIRMATION: (WHO, WHEN)}
# Columns that are only shown beside, for whoever types; never read back.
NOTE = "Ghi chú"
OFFICE_SHOWN = {
    RECEPTION: ("Tên đơn vị", "Tình trạng", "Việc cần quyết định"),
    APPRAISAL: ("Tên đơn vị", "Tiêu chí", "Điểm tối đa", "Tự chấm", "Tính từ số liệu", NOTE),
    CONFIRMATION: ("Tên đơn vị, họ tên", "Nội dung", "Đơn vị trả lời", NOTE),
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
# Stands above the table of a register that nobody has filled in yet: until it goes, no line means not known, not none.
REGISTER_UNFILLED = "CHƯA GHI SỔ"
EVERY = "*"
# A published index of a year is entered as points of the code CHI-SO-<year> (rank_source office, mean_of_years).
YEARLY_INDEX = "CHI-SO-"
# The office's choice when two units nominate one person, entered in «Xác nhận» under this code.
CHOSEN = "chon-don-vi"
COLLECTIVE, INDIVIDUAL = "Tập thể", "Cá nhân"


@dataclass(frozen=True, slots=True)
class Reception:
    """The office's word on one returned file, found by its SHA-256 or, failing that, its path.

    ``noted`` is the day on which it was written down.
    """

    path: str
    sha256: str
    unit: str
    received: date | None
    decision: str
    reason: str
    by: str
    place: Place = NOWHERE
    noted: date | None = None

    @property
    def why(self) -> str:
        return told(self.reason, self.by, self.noted)


@dataclass(frozen=True, slots=True)
class Given:
    """A value the office gave, with its reason and place; who gave it, and when, as far as noted.

    ``about`` is whom the line named when it was answered ("" where it named nobody).
    """

    value: Decimal | str | date
    reason: str
    place: Place
    by: str = ""
    on: date | None = None
    about: str = field(default="", compare=False)

    def speaks_of(self, name: str) -> bool:
        """False when the line named somebody else: at an order of priority another person may stand by now."""
        return not (name and self.about) or fold(name) in fold(self.about)

    @property
    def why(self) -> str:
        return told(self.reason, self.by, self.on)


def told(reason: str, by: str, on: date | None) -> str:
    """What overrides a unit's word carries why, who and when: "Thiếu minh chứng (Trần Thị Hà, 05/01/2026)"."""
    who = ", ".join(part for part in (by, date_text(on) if on else "") if part)
    return f"{reason} ({who})" if reason and who else reason or who


@dataclass(frozen=True, slots=True)
class Office:
    """All of ``co-quan.xlsx``: points by (unit, criterion), answers by (unit, order or "", code)."""

    receptions: tuple[Reception, ...] = ()
    points: Mapping[tuple[str, str], Given] = field(default_factory=dict)
    answers: Mapping[tuple[str, str, str], Given] = field(default_factory=dict)

    def answer(self, unit: str, order: str, code: str, name: str = "") -> Given | None:
        """The office's answer for this unit (or person), else the one it gave for every unit or person (``*``).

        An answer about a person counts only for the person whom its line named.
        """
        keys = ((unit, order), (unit, EVERY), (EVERY, order), (EVERY, EVERY)) if order else ((unit, ""), (EVERY, ""))
        return next(
            (found for key in keys if (found := self.answers.get((*key, code))) and found.speaks_of(name)), None
        )


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
