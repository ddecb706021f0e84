"""Turns ``status`` into the round at a glance.

``--json`` prints one object; keys stay, new ones may come: ``plan``, ``year``, ``round``, ``today``, ``deadline``
(as the plan words it), ``last_day``, ``days_left`` (negative after it), ``run`` (null before the first), ``decision``
(the folder of the council's newest; null before), ``counts``
(a number for every state), ``units`` (by code: ``unit``, ``name``, ``block``, ``state``, ``errors``, ``warnings``,
``late``, ``received_at``, ``files``, ``issued``, ``feedback``), ``unknown_files`` (``name``, ``verdict``,
``message``), ``new_files``, ``gone_files`` (since that run), ``changed_units`` (in the plan since that run).
States: ``valid``, ``faulty``, ``held``, ``unusable``, ``not_returned``; ``late`` null: no day of receipt is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import guarded, progress_bar, say, which_round

if TYPE_CHECKING:
    from thidua_xlsx.model.status import RoundStatus, UnitStatus

SHOWN = 15


@click.command()
@options.folder
@options.round_code
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON ra màn hình.")
@options.today
@guarded
def status(folder: Path, round_code: str | None, as_json: bool, today: date | None) -> int:
    """Xem ai đã nộp, ai còn lỗi, ai chưa nộp, còn mấy ngày; lập tinh-trang.xlsx."""
    import json

    from thidua_xlsx.campaign.folder import STATUS
    from thidua_xlsx.pipeline.plans import which_form
    from thidua_xlsx.pipeline.status import see_status

    try:
        with progress_bar() as step:
            seen = see_status(folder, round_code=round_code, today=today, progress=step)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("Đã dừng theo yêu cầu; không ghi gì. Chạy lại lệnh khi sẵn sàng.") from None
    found = seen.status
    if form := which_form(folder):
        say(form)
    click.echo(json.dumps(status_json(found), ensure_ascii=False, indent=2) if as_json else "\n".join(lines(found)))
    if seen.path is None:
        say(f"{seen.refusal} Tình trạng ở trên vẫn đúng.")
    elif seen.path.name != STATUS:
        say(f"{STATUS} đang mở trong Excel nên bảng mới ghi ở {seen.path}.")
    elif not as_json:
        say(f"Bảng đầy đủ: {seen.path}")
    say(next_step(found, folder, which_round(round_code)))
    return 0


def lines(found: RoundStatus) -> Iterator[str]:
    """The counts, then everybody about whom something is to be done."""
    from thidua_xlsx.model.status import State
    from thidua_xlsx.stages.intake.deadlines import deadline_text
    from thidua_xlsx.workbooks.status_workbook import basis_text, counts_text, days_text

    yield f"{found.plan.head.title} – {found.round.name}"
    yield f"Thời hạn: {deadline_text(found.round)}; {days_text(found)}."
    yield basis_text(found)
    yield f"{counts_text(found)}."
    if found.decision:
        yield f"Hội đồng đã quyết định theo {found.decided_on}: {found.decision}."
    for state in (State.FAULTY, State.HELD, State.UNUSABLE, State.NOT_RETURNED):
        units = found.of(state)
        yield from listed(f"{state.label} ({len(units)})", [unit_line(item) for item in units])
    late = [unit_line(item) for item in found.units if item.late is True]
    yield from listed(f"Nộp muộn ({len(late)})", late)
    unclear = [item.unit.code for item in found.units if item.late is None]
    if unclear:
        yield f"Chưa ghi ngày nhận ({len(unclear)}): {', '.join(unclear)}"
    yield from listed(
        f"Tệp chưa rõ của đơn vị nào ({len(found.stray)})",
        [f"{item.name}: {item.verdict.label.lower()}" for item in found.stray],
    )
    yield from listed(f"Tệp mới chưa tổng hợp ({len(found.new)})", found.new)
    yield from listed(f"Tệp không còn trong thư mục nộp ({len(found.gone)})", found.gone)


def listed(title: str, items: Sequence[str]) -> Iterator[str]:
    """A heading and its lines, not more than fit a screen; nothing for no lines."""
    if items:
        yield f"{title}:"
        yield from (f"  {item}" for item in items[:SHOWN])
        if len(items) > SHOWN:
            yield f"  … và {len(items) - SHOWN} dòng nữa, xem bảng"


def unit_line(item: UnitStatus) -> str:
    from thidua_xlsx.model.wording import date_text

    parts = [item.unit.name]
    if item.errors:
        parts.append(f"{item.errors} lỗi")
    if item.received and item.late:
        parts.append(f"nhận ngày {date_text(item.received)}")
    if not item.files:
        parts += [text for text in (item.unit.email, item.unit.contact) if text]
    return f"{item.unit.code}  {'; '.join(parts)}"


def next_step(found: RoundStatus, folder: Path, option: str) -> str:
    """The one thing to do now."""
    from thidua_xlsx.model.status import State
    from thidua_xlsx.model.text import typed

    if found.decision:
        return f"Báo kết quả cho đơn vị: thidua mail {typed(folder)} --result{option}"
    if found.new or found.gone or found.replanned:
        return f"Tổng hợp lại: thidua run {typed(folder)}{option}"
    if not any(item.issued or item.files for item in found.units):
        return f"Chưa phát hành phiếu nào: thidua issue {typed(folder)}{option}"
    if found.run is None and any(item.files for item in found.units):
        return f"Tổng hợp: thidua run {typed(folder)}{option}"
    if found.of(State.FAULTY) and found.run:
        return f"Gửi phiếu phản hồi cho đơn vị có lỗi: thidua mail {typed(folder)} --feedback{option}"
    if found.of(State.HELD):
        return f"Ghi ngày nhận, đơn vị vào «Tiếp nhận» của co-quan.xlsx, rồi: thidua run {typed(folder)}{option}"
    if found.of(State.NOT_RETURNED, State.UNUSABLE):
        return f"Nhắc đơn vị chưa nộp: thidua mail {typed(folder)} --remind{option}"
    return "Mọi đơn vị đã nộp phiếu hợp lệ. Mở tong-hop.xlsx của lần tổng hợp mới nhất để trình Hội đồng."


def status_json(found: RoundStatus) -> dict[str, Any]:
    """The object that ``--json`` prints."""
    from thidua_xlsx.model.status import State
    from thidua_xlsx.stages.intake.deadlines import deadline_text

    return {
        "plan": found.plan.head.id,
        "year": found.plan.head.year,
        "round": found.round.code,
        "today": found.today.isoformat(),
        "decision": found.decision or None,
        "deadline": deadline_text(found.round) if found.round.deadline else None,
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "days_left": found.days_left,
        "run": found.run,
        "counts": {state.value: found.counts[state] for state in State},
        "units": [unit_json(item) for item in found.units],
        "unknown_files": [
            {"name": item.name, "verdict": item.verdict.value, "message": item.why} for item in found.stray
        ],
        "new_files": list(found.new),
        "gone_files": list(found.gone),
        "changed_units": list(found.replanned),
    }


def unit_json(item: UnitStatus) -> dict[str, Any]:
    return {
        "unit": item.unit.code,
        "name": item.unit.name,
        "block": item.unit.block,
        "state": item.state.value,
        "errors": item.errors,
        "warnings": item.warnings,
        "late": item.late,
        "received_at": item.received.isoformat() if item.received else None,
        "files": list(item.files),
        "issued": item.issued,
        "feedback": item.feedback,
    }
