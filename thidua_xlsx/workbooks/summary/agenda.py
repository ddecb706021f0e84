"""Turns a run's result into the matters that the council, or the office before it, must settle, most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thidua_xlsx.model.findings import Severity, lines
from thidua_xlsx.model.results import Decision, Fact, FileRecord, Nominee, Outcome, Passing, RunResult, Verdict
from thidua_xlsx.workbooks.summary.words import (
    SUBJECTS,
    blocks_text,
    capital,
    decision_order,
    fact_text,
    grouped,
    named,
    of_outcome,
    unit_order,
)

NAMES = 3


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to settle: what, whom it concerns, what is known and what would settle it."""

    what: str
    who: str
    how: str


def agenda(result: RunResult) -> tuple[Matter, ...]:
    """Ties, then what is unproved, then what rests on somebody's word, then files and warnings."""
    parts = (_ties, _unproven, _unconfirmed, _held, _warnings, _invalid)
    return tuple(matter for part in parts for matter in part(result))


def _who(nominee: Nominee) -> str:
    return f"{nominee.person.name} ({nominee.unit.name})" if nominee.person else nominee.unit.name


def _name(item: Decision) -> str:
    return _who(item.nominee)


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
    """One matter a rule: the same missing paper often holds up several nominees."""
    for subject, label in SUBJECTS.items():
        pairs = [(item, reason) for item in of_outcome(result, subject, Outcome.UNPROVEN) for reason in item.reasons]
        for group in grouped(pairs, lambda pair: pair[1].gate).values():
            observed = list(dict.fromkeys(reason.observed for _, reason in group if reason.observed))
            reason = group[0][1]
            missing = named(observed, 2, "điều") if observed else reason.message.rstrip(".")
            yield Matter(
                f"Chưa đủ căn cứ: {len(group)} {label.lower()}",
                _names([item for item, _ in group]),
                f"Còn thiếu: {missing} ({reason.clause}).",
            )


def _doubts(item: Decision) -> list[Fact]:
    """The facts that a proposal rests on and that are not final: nobody confirmed them, or they are provisional."""
    return [
        fact
        for gated in item.gates
        if gated.passing is Passing.PASS
        for fact in gated.facts
        if fact.unconfirmed or fact.provisional
    ]


def _unconfirmed(result: RunResult) -> Iterator[Matter]:
    proposed = [item for subject in SUBJECTS for item in of_outcome(result, subject, Outcome.PROPOSED, Outcome.TIED)]
    for what, unconfirmed in (("tự khai, chưa xác nhận", True), ("tạm thời", False)):
        pairs = [(item, fact) for item in proposed for fact in _doubts(item) if fact.unconfirmed is unconfirmed]
        items = list(dict.fromkeys(item.nominee for item, _ in pairs))
        facts = list(dict.fromkeys(f"{fact_text(result.plan, fact.name)}: {fact.shown}" for _, fact in pairs))
        if items:
            yield Matter(
                f"Đề nghị dựa trên điều {what}: {len(items)}",
                named([_who(item) for item in items], 3, "trường hợp"),
                f"Xác nhận: {named(facts, 2, 'điều')}.",
            )


def _held(result: RunResult) -> Iterator[Matter]:
    held = sorted((item for item in result.files if item.verdict in (Verdict.HELD, Verdict.REJECTED)), key=_path)
    for verdict in (Verdict.HELD, Verdict.REJECTED):
        items = [item for item in held if item.verdict is verdict]
        if items:
            messages = list(dict.fromkeys(item.message for item in items if item.message))
            yield Matter(
                f"Tệp {verdict.label.lower()}: {len(items)}",
                named([_path(item) for item in items], 4, "tệp"),
                f"{named(messages, 1, 'điều')}" or "Xem sheet «Phiếu nhận».",
            )


def _path(item: FileRecord) -> str:
    return item.path if item.member is None else f"{item.path}/{item.member}"


def _warnings(result: RunResult) -> Iterator[Matter]:
    """One matter a kind of warning; all of them cell by cell are on «Phiếu nhận»."""
    found = [line for line in lines(result.findings) if line.code.severity is Severity.WARNING]
    for group in grouped(found, lambda line: line.code.name).values():
        codes = sorted({line.unit for line in group if line.unit})
        units = [unit for code in codes if (unit := result.plan.unit(code))]
        names = [unit.name for unit in sorted(units, key=unit_order)]
        files = sorted({line.file for line in group if line.file})
        yield Matter(f"Cảnh báo: {len(group)} nơi", named(names or files, NAMES, "đơn vị"), group[0].message)


def _invalid(result: RunResult) -> Iterator[Matter]:
    items = sorted(of_outcome(result, "collective", Outcome.INVALID), key=decision_order)
    if items:
        yield Matter(
            f"Phiếu chưa hợp lệ: {len(items)} đơn vị",
            _names(items),
            "Yêu cầu đơn vị sửa theo tệp phản hồi và gửi lại; chi tiết ở sheet «Phiếu nhận».",
        )
    people = of_outcome(result, "individual", Outcome.INVALID)
    if people:
        yield Matter(
            f"Dòng cá nhân chưa hợp lệ: {len(people)} người",
            _names(people),
            "Yêu cầu đơn vị sửa dòng của người đó; chi tiết ở sheet «Phiếu nhận».",
        )
