"""Turns a run's result into the matters that the council, or the office before it, must settle, most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thidua_xlsx.model.findings import Severity, lines
from thidua_xlsx.model.results import Decision, Nominee, Outcome, Reason, RunResult, Verdict
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    blocks_text,
    capital,
    decision_order,
    grouped,
    named,
    of_outcome,
    shortened,
    unit_order,
)

NAMES = 3
# A kind of remark of the decisions, what it is called here, and what settles it.
RESTING = (
    ("tự khai, chưa xác nhận", "Tự khai, chưa xác nhận", "Xác nhận trong co-quan.xlsx"),
    ("tạm thời", "Kết quả còn tạm thời", "Xem lại khi có kết quả chính thức"),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to settle: what, whom it concerns, what is known and what would settle it.

    ``council``: the council's own to settle; the others the office settles before it meets.
    """

    what: str
    who: str
    how: str
    council: bool = True


def agenda(result: RunResult) -> tuple[Matter, ...]:
    """Ties, then what is unproved, then what rests on somebody's word, then files and warnings."""
    parts = (_ties, _unproven, _resting, _held, _warnings, _invalid)
    return tuple(matter for part in parts for matter in part(result))


def nominee_text(nominee: Nominee) -> str:
    """A unit by its name, a person with the name of the unit behind."""
    return f"{nominee.person.name} ({nominee.unit.name})" if nominee.person else nominee.unit.name


def _name(item: Decision) -> str:
    return nominee_text(item.nominee)


def _names(items: Sequence[Decision], limit: int = NAMES) -> str:
    return named([_name(item) for item in items], limit, "trường hợp")


def _ties(result: RunResult) -> Iterator[Matter]:
    for state in result.quotas:
        if not state.tied:
            continue
        items = [
            item
            for item in of_outcome(result, state.quota.subject, Outcome.TIED)
            if item.quota and item.quota.code == state.quota.code
        ]
        values = {"; ".join(item.order) for item in items}
        equal = f"Cùng {'; '.join(sorted(values))}. " if len(values) == 1 and "" not in values else ""
        what = f"Đồng hạng: chọn {state.tied_seats} trong {state.tied}"
        yield Matter(
            what,
            named([_name(item) for item in items], 12, "trường hợp"),
            f"{equal}{capital(blocks_text(result.plan, state.quota.blocks))}; căn cứ {state.quota.clause}.",
        )


def _unproven(result: RunResult) -> Iterator[Matter]:
    """One matter for collectives, one for persons; rule by rule, as the same missing paper often holds up several."""
    for subject, label in SUBJECTS.items():
        found = of_outcome(result, subject, Outcome.UNPROVEN)
        if found:
            reasons = [reason for item in found for reason in item.reasons]
            told = [_missing(group) for group in grouped(reasons, lambda reason: reason.gate).values()]
            what = f"Chưa đủ căn cứ: {len(found)} {label.lower()}"
            who = named([_name(item) for item in found], 12, "trường hợp")
            yield Matter(what, who, f"Cần làm rõ: {'; '.join(told)}. Ghi ở đâu: xem bảng dưới.")


def _missing(group: Sequence[Reason]) -> str:
    """What one rule asks, and what is not known of it."""
    observed = list(dict.fromkeys(reason.observed for reason in group if reason.observed))
    asked, clause = shortened(group[0].message.rstrip("."), 160), group[0].clause
    missing = f": {named(observed, 4, 'điều')}" if observed else ""
    return f"{asked}{missing} ({clause})"


def _resting(result: RunResult) -> Iterator[Matter]:
    """What proposals rest on that is not final: in gates passed or not asked, and in the order of a quota."""
    items = [item for subject in SUBJECTS for item in of_outcome(result, subject, Outcome.PROPOSED, Outcome.TIED)]
    for kind, what, how in RESTING:
        told = [
            (item, fact)
            for item in items
            for remark in item.remarks
            if remark.startswith(f"{kind}: ")
            for fact in remark.removeprefix(f"{kind}: ").split("; ")
        ]
        if told:
            who = list(dict.fromkeys(_name(item) for item, _ in told))
            facts = list(dict.fromkeys(fact for _, fact in told))
            yield Matter(
                f"{what}: {len(who)} đề nghị", named(who, NAMES, "trường hợp"), f"{how}: {named(facts, 8, 'điều')}."
            )


def _held(result: RunResult) -> Iterator[Matter]:
    held = sorted(
        (item for item in result.files if item.verdict in (Verdict.HELD, Verdict.REJECTED)), key=lambda item: item.name
    )
    for verdict in (Verdict.HELD, Verdict.REJECTED):
        items = [item for item in held if item.verdict is verdict]
        if items:
            messages = list(dict.fromkeys(item.message for item in items if item.message))
            yield Matter(
                f"Tệp {verdict.label.lower()}: {len(items)}",
                named([item.name for item in items], 4, "tệp"),
                named(messages, 1, "điều") or "Xem sheet «Phiếu nhận».",
                council=False,
            )


def _warnings(result: RunResult) -> Iterator[Matter]:
    """One matter a kind of warning; all of them cell by cell are on «Phiếu nhận»."""
    found = [line for line in lines(result.findings) if line.code.severity is Severity.WARNING]
    for group in grouped(found, lambda line: line.code.name).values():
        codes = sorted({line.unit for line in group if line.unit})
        units = [unit for code in codes if (unit := result.plan.unit(code))]
        names = [unit.name for unit in sorted(units, key=unit_order)]
        files = sorted({line.file for line in group if line.file})
        yield Matter(
            f"Cảnh báo - {group[0].code.title}: {len(group)} nơi",
            named(names or files, NAMES, "đơn vị"),
            group[0].message,
            False,
        )


def _invalid(result: RunResult) -> Iterator[Matter]:
    items = sorted(of_outcome(result, "collective", Outcome.INVALID), key=decision_order)
    if items:
        yield Matter(
            f"Phiếu chưa hợp lệ: {len(items)} đơn vị",
            _names(items),
            "Yêu cầu đơn vị sửa theo tệp phản hồi và gửi lại; chi tiết ở sheet «Phiếu nhận».",
            council=False,
        )
    people = of_outcome(result, "individual", Outcome.INVALID)
    if people:
        yield Matter(
            f"Dòng cá nhân chưa hợp lệ: {len(people)} người",
            _names(people),
            "Yêu cầu đơn vị sửa dòng của người đó; chi tiết ở sheet «Phiếu nhận».",
            council=False,
        )
