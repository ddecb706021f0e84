"""What became of each unit's blank workbook when forms were issued."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from thidua_xlsx.model.plan import Unit


class Fate(Enum):
    """``.label`` is what the list says; a workbook that was sent is only ever replaced when told."""

    WRITTEN = "mới lập"
    REPLACED = "đã thay phiếu cũ"
    SAME = "đã có, giữ nguyên"
    DIFFERS = "đã có, giữ nguyên; phần in sẵn khác kế hoạch hiện nay, nội dung hỏi không đổi: bản đã gửi vẫn dùng được"
    OUTDATED = "đã có, giữ nguyên; nội dung hỏi đã đổi: phải phát hành lại và gửi đơn vị bản mới"

    @property
    def kept(self) -> bool:
        return self not in (Fate.WRITTEN, Fate.REPLACED)


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """One unit's workbook."""

    unit: Unit
    path: Path
    fate: Fate


@dataclass(frozen=True, slots=True)
class Issued:
    """All forms of one call, by unit code; ``listed`` is the list of all units of the round, None if not written.

    ``strangers`` lie among the issued forms although the round has no such unit (any more).
    """

    forms: tuple[IssuedForm, ...]
    folder: Path
    listed: Path | None
    strangers: tuple[str, ...] = ()
