"""How a round stands on one day: what each unit has returned, what nobody can place, what no run has read yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from thidua_xlsx.model.labelled import Labelled
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.results import Verdict


class State(Labelled):
    """Every unit of the round is in exactly one; ``.value`` is the JSON word, ``.label`` for people."""

    VALID = "valid", "Đã nộp, hợp lệ"
    FAULTY = "faulty", "Đã nộp, còn lỗi"
    HELD = "held", "Giữ lại, chờ xác nhận"
    UNUSABLE = "unusable", "Đã gửi, không dùng được"
    NOT_RETURNED = "not_returned", "Chưa nộp"


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit. ``errors`` are places to correct; ``late`` is None while nobody noted the day of receipt.

    ``files`` are its entries in the drop folder; ``issued`` says that its blank workbook lies ready, ``feedback``
    that the last run marked its faults in a workbook for it.
    """

    unit: Unit
    state: State
    errors: int = 0
    warnings: int = 0
    late: bool | None = False
    received: date | None = None
    files: tuple[str, ...] = ()
    issued: bool = False
    feedback: bool = False


@dataclass(frozen=True, slots=True)
class StrayFile:
    """An entry of the drop folder that is no unit's return, and why."""

    name: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """A round at a glance. ``run`` names the run it rests on; None when the drop folder was read for this alone.

    ``new`` and ``gone`` are entries that came or went since that run; ``replanned`` are codes of units that the
    plan had not, or has no more, when the run was made. ``days_left`` is negative after the last day. ``decision`` is
    the folder of the newest decision of the council, and ``decided_on`` the run that it decided on.
    """

    plan: Plan
    round: Round
    today: date
    run: str | None
    units: tuple[UnitStatus, ...]
    stray: tuple[StrayFile, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    replanned: tuple[str, ...] = ()
    last_day: date | None = None
    decision: str = ""
    decided_on: str = ""

    @property
    def days_left(self) -> int | None:
        return (self.last_day - self.today).days if self.last_day else None

    @property
    def counts(self) -> Counter[State]:
        return Counter(item.state for item in self.units)

    def of(self, *states: State) -> tuple[UnitStatus, ...]:
        return tuple(item for item in self.units if item.state in states)
