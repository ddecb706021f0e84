"""What a new year takes over from the last one, and what a person must still look at before forms go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.plan import Plan, Round


class Look(Enum):
    """Why a line stands on the list, most urgent first; the value is its heading."""

    OPEN = "CHƯA CÓ HOẶC CHƯA CHẮC: phải xem và điền"
    CARRIED = "CHUYỂN TỪ KẾT QUẢ NĂM TRƯỚC: đối chiếu với kết quả đã công bố"
    MOVED = "ĐÃ DỜI SANG NĂM MỚI: đối chiếu với văn bản năm mới"
    KEPT = "GIỮ NGUYÊN: xem còn đúng với năm mới không"


@dataclass(frozen=True, slots=True)
class ToCheck:
    """One line of the list: where in the new plan, what was done there or is missing, and what it rests on."""

    look: Look
    where: str
    what: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndexTold:
    """This value of an index, by whom and where it was given; ``value`` None: the unit left it blank."""

    unit: str
    value: Fraction | None
    source: str
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class LastYear:
    """The results of a finished round as published: ``said`` is its JSON, ``source`` names that file.

    ``indices`` holds what was said of each index, by its code: the JSON does not tell.
    """

    plan: Plan
    round: Round
    source: str
    said: Mapping[str, Any]
    indices: Mapping[str, tuple[IndexTold, ...]] = field(default_factory=dict)
