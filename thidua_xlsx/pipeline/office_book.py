"""Turns a run into the office's own workbooks, made or refreshed: what was typed is kept, and a dated copy of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.written import write_beside, write_copy, write_whole
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import REGISTER
from thidua_xlsx.model.plan import Plan, Round, applies
from thidua_xlsx.model.results import RunResult
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.gather import Inputs, OwnOffice, own_office
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.stages.office.confirm import declared_answers
from thidua_xlsx.stages.office.kept_rows import Kept
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.office_line import Beside
from thidua_xlsx.stages.office.office_lines import Difference, difference, office_lines
from thidua_xlsx.stages.plans.fact_names import PRIOR_AWARDS
from thidua_xlsx.workbooks.office_workbook import print_office
from thidua_xlsx.workbooks.reader.cells import read_own_book
from thidua_xlsx.workbooks.register_workbook import write_register
from thidua_xlsx.workbooks.sheets import CREATED

# When a workbook of ours was saved, by its own word: always then.
OURS = CREATED.isoformat()
STRAYS = "Ghi chú ngoài bảng, sheet thêm và màu sắc không chuyển sang bản mới: xem ở bản lưu."


@dataclass(frozen=True, slots=True)
class OfficeRefresh:
    """What is to be done with ``co-quan.xlsx`` once the results are published.

    ``data`` None leaves it alone. ``before`` is what it must still be then, None where there was none; ``copied``:
    somebody typed into it, so that a dated copy of it stays. ``needed``: there are new lines to answer.
    """

    data: bytes | None = None
    before: bytes | None = None
    copied: bool = False
    needed: bool = True
    remarks: tuple[str, ...] = ()


def plan_refresh(home: Path, inputs: Inputs, result: RunResult, merged: Merged) -> OfficeRefresh:
    """The fresh workbook, made before anything is published; nothing to do where it would tell nothing new."""
    asked = OfficeAsked(inputs.plan, inputs.round)
    declared = declared_answers(inputs.plan, inputs.round, merged.counted)
    beside = Beside(result.files, result.decisions, result.standings, declared)
    before = names.read_optional(home / names.OFFICE)
    if before is None:
        return OfficeRefresh(print_office(asked, office_lines(asked, Kept(), beside), Kept()))
    own = inputs.own_office if inputs.own_office and inputs.own_office.data == before else _read_again(before)
    kept = own.kept if own else None
    if own is None or kept is None:
        return OfficeRefresh()  # a finding has said what is wrong with it
    lines = office_lines(asked, kept, beside)
    changed = difference(lines, kept)
    if changed is Difference.NONE:
        return OfficeRefresh()
    if kept.locked:
        why = f"Chưa làm mới {names.OFFICE}: ô {kept.locked} có công thức, lỗi hoặc chữ nâng/hạ dòng"
        return OfficeRefresh(remarks=(f"{why}. Gõ lại ô đó bằng giá trị, lưu, rồi chạy lại.",))
    # A note pinned to a cell is none that we read: whoever saved the workbook may have written one.
    copied = kept.says or own.saved.removesuffix("Z") != OURS
    remarks = (STRAYS,) if kept.strays else ()
    return OfficeRefresh(print_office(asked, lines, kept), before, copied, changed is Difference.LINES, remarks)


def _read_again(data: bytes) -> OwnOffice | None:
    """What was saved while the run went on."""
    book = read_own_book(data)
    return own_office(data, book) if isinstance(book, Book) else None


def refresh_office(home: Path, refresh: OfficeRefresh, day: str) -> tuple[str, ...]:
    """Puts the fresh workbook in place, and says what became of it; results stand by then, so that nothing raises."""
    path = home / names.OFFICE
    if refresh.data is None:
        return refresh.remarks
    try:
        if names.read_optional(path) != refresh.before:
            return (f"{names.OFFICE} vừa được lưu trong lúc chạy nên chưa làm mới. Chạy lại để tính nội dung mới lưu.",)
        if refresh.before is None:
            write_whole(path, refresh.data)
            return (f"Đã lập {names.OFFICE}.",)
        copy = write_copy(path, refresh.before, f" {day}") if refresh.copied else None
        return _replaced(path, refresh, day, copy)
    except CampaignError as error:
        return (f"Chưa làm mới được {names.OFFICE}. {error}",)


def _replaced(path: Path, refresh: OfficeRefresh, day: str, copy: Path | None) -> tuple[str, ...]:
    """The fresh workbook in the place of the present one, or beside it while staff have it open."""
    assert refresh.data is not None
    kept = f"; bản trước lưu ở «{copy.name}»" if copy else ""
    done = (f"Đã làm mới {path.name}, giữ nguyên nội dung đã ghi{kept}.", *refresh.remarks)
    if not refresh.needed:
        try:
            write_whole(path, refresh.data)
        except CampaignError:
            return (f"{path.name} đang mở nên chưa làm mới các cột chỉ để xem. Đóng tệp rồi chạy lại nếu cần.",)
        return done
    where = write_beside(path, refresh.data, f" (mới, {day})")
    if where == path:
        return done
    return (
        f"{path.name} đang mở nên bản mới ghi ở «{where.name}»; nội dung đã ghi vẫn nguyên ở {path.name}. "
        f"Đóng {path.name} trong Excel, xóa «{where.name}», rồi chạy lại.",
    )


def start_register(home: Path, may_write: bool) -> tuple[str, ...]:
    """A register to fill in, where there is none, and what to do with it."""
    path = home / names.REGISTER
    if may_write and not path.exists():
        try:
            write_whole(path, write_register((), unfilled=True))
        except CampaignError as error:
            return (f"Kế hoạch xét các lần đã được khen mà chưa có {names.REGISTER}. {error}",)
    if not path.exists():
        return (
            f"Kế hoạch xét các lần đã được khen mà chưa có {names.REGISTER}. Chạy lại không có --out để lập sổ mẫu.",
        )
    return (
        f"Kế hoạch xét các lần đã được khen mà {names.REGISTER} chưa ghi. Mở {printable(str(path))}, làm theo câu ở "
        f"đầu sheet «{REGISTER}», rồi chạy lại.",
    )


def asks_for_awards(plan: Plan, round_: Round) -> bool:
    """Whether some rule of the round rests on the register of earlier awards."""
    facts = {item.fact for item in plan.gates if applies(item.rounds, round_.code)}
    quotas = [item for item in plan.quotas if applies(item.rounds, round_.code)]
    facts |= {name for item in quotas for name in (*item.order_by, item.within_fact or "")}
    return any(name.removeprefix(UNIT_PREFIX) in PRIOR_AWARDS for name in facts)
