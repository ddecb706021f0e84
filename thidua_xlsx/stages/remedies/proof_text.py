"""Turns the proof of one nominee into a page of plain text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import CLAIM, FIGURES, SCORES
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import (
    Fact,
    GateResult,
    LineScore,
    Nominee,
    Outcome,
    Passing,
    Reason,
)
from thidua_xlsx.model.submission import Mark, Submission
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.judging.decide import name_of
from thidua_xlsx.stages.judging.scoring_methods import METHODS
from thidua_xlsx.stages.judging.seats import order_of
from thidua_xlsx.stages.remedies.amendment_text import settings_of, way_lines
from thidua_xlsx.stages.remedies.explain import Proof, RowProof

MOST_NAMES = 6
UNKNOWN = "chưa rõ"
SUBJECTS = {"collective": "tập thể", "individual": "cá nhân"}


def proof_lines(proof: Proof, folder: str = "THƯ-MỤC") -> Iterator[str]:
    """The page: who and what outcome, what would change it, gates, quotas, points; ``folder`` as it is typed."""
    yield from head_lines(proof)
    yield from change_lines(proof, folder)
    yield from gate_lines(proof.decision.gates)
    yield from quota_lines(proof)
    yield from score_lines(proof)
    if proof.people:
        yield from ["", "CÁ NHÂN ĐƠN VỊ ĐỀ NGHỊ (xem từng người: thêm --person THỨ-TỰ)"]
        for item in proof.people:
            person = item.nominee.person
            yield f"  {person.order if person else ''}. {item.nominee.name}: {item.outcome.value}"


def head_lines(proof: Proof) -> Iterator[str]:
    decision, plan = proof.decision, proof.plan
    nominee, unit = decision.nominee, decision.nominee.unit
    block = next((item.name for item in plan.blocks if item.code == unit.block), unit.block)
    if nominee.person:
        order = f", thứ tự {nominee.person.order}" if nominee.person.order is not None else ""
        yield f"{nominee.name}{order} – {unit.name} ({unit.code}), khối {block}"
    else:
        yield f"{unit.name} ({unit.code}), khối {block}"
    yield f"{plan.head.title} – {proof.round.name}"
    yield f"Phiếu được tính: {proof.given.file}" if proof.given else "Chưa có phiếu nào được tính."
    yield ""
    yield f"KẾT QUẢ: {decision.outcome.value}" + (f" – {decision.award}" if decision.award else "")
    if decision.place is not None:
        yield f"  Thứ tự {decision.place} ở dòng số lượng «{decision.quota.code if decision.quota else ''}»"
    for reason in decision.reasons:
        yield f"  - {reason_text(reason)}"
    yield from (f"  Lưu ý: {remark}." for remark in decision.remarks)


def reason_text(reason: Reason) -> str:
    parts = [f"{reason.message.rstrip('.')}."]
    parts += [f"Thấy: {reason.observed}."] if reason.observed else []
    parts += [f"Yêu cầu: {reason.required}."] if reason.required else []
    parts += [f"Ở: {places_text(reason.places)}."] if reason.places else []
    parts += [f"({reason.clause})"] if reason.clause else []
    return " ".join(parts)


def places_text(places: tuple[Place, ...]) -> str:
    return "; ".join(str(place) for place in places)


def change_lines(proof: Proof, folder: str) -> Iterator[str]:
    """The smallest change, and other ways."""
    if proof.decision.outcome is Outcome.PROPOSED:
        return
    yield ""
    yield "ĐỔI NHỎ NHẤT ĐỂ CÓ KẾT QUẢ KHÁC"
    if not proof.ways:
        yield "  Không giá trị nào trong phiếu, sổ của cơ quan hay kế hoạch đổi được kết quả này."
    seats_alone = proof.ways and settings_of(proof.ways[0])
    if proof.decision.outcome in (Outcome.RESERVE, Outcome.TIED) and seats_alone:
        yield "  Điểm và các dữ kiện của chính đối tượng không đổi được kết quả; chỉ còn số suất của kế hoạch."
    for number, way in enumerate(proof.ways):
        if number:
            yield "  Hoặc:"
        yield from (f"  {line}" for line in way_lines(way))
        if settings_of(way):
            yield f"  Thử mà không đổi gì: {trial_command(proof, settings_of(way), folder)}"
    if proof.ways:
        yield "  Chỉ sửa khi đúng thực tế và có căn cứ."
    if proof.decision.outcome is Outcome.TIED:
        yield "  Nếu không có gì đổi: Hội đồng bỏ phiếu chọn trong số đồng hạng."


def trial_command(proof: Proof, settings: tuple[str, ...], folder: str) -> str:
    """What to type to see the way taken, and nothing changed."""
    asked = [] if proof.round == proof.plan.rounds[0] else [f"--round {proof.round.code}"]
    return " ".join(("thidua run", folder, *asked, *(f'--set "{one}"' for one in settings)))


def gate_lines(gates: tuple[GateResult, ...]) -> Iterator[str]:
    """Every gate, those that are not passed first."""
    if not gates:
        return
    yield ""
    yield "ĐIỀU KIỆN, TIÊU CHUẨN"
    settled = (Passing.PASS, Passing.SKIPPED)
    for result in sorted(gates, key=lambda item: item.passing in settled):
        reason = result.reason
        yield f"  [{result.passing.value}] {reason.message} ({reason.clause})"
        where = f"; ở {places_text(reason.places)}" if reason.places else ""
        yield f"      thấy: {reason.observed or UNKNOWN}; yêu cầu: {reason.required}{where}"
        if result.gate.any_of:
            yield f"      chỉ cần đạt một điều kiện trong nhóm «{result.gate.any_of}»"


def quota_lines(proof: Proof) -> Iterator[str]:
    yield ""
    yield f"SỐ LƯỢNG ({SUBJECTS[proof.decision.nominee.subject]})"
    if not proof.rows:
        yield "  Đợt xét không có dòng số lượng nào."
    for row in proof.rows:
        quota = row.quota
        seats = "không giới hạn" if quota.seats is None else f"{quota.seats} suất"
        yield f"  {quota.code}: {quota.award}, {seats} ({quota.clause})"
        yield f"      {row_text(proof.plan, row)}"
        if row.seated or row.tied:
            yield f"      đã có suất: {holders(row.seated) or 'chưa ai'}" + (
                f"; đồng hạng: {holders(row.tied)}" if row.tied else ""
            )


def holders(nominees: tuple[Nominee, ...]) -> str:
    """Who holds the seats, the first few by name."""
    names = [f"{item.name} ({item.unit.code})" if item.person else item.name for item in nominees[:MOST_NAMES]]
    more = len(nominees) - len(names)
    return ", ".join(names) + (f" và {more} người hoặc tập thể khác" if more else "")


def row_text(plan: Plan, row: RowProof) -> str:
    """How the nominee stood in the row."""
    if row.passing is None:
        return "không xét: dòng này dành cho khối khác"
    order = order_of(row.quota)
    own = facts_text(plan, order, row.own)
    if row.holds:
        return f"được xét ở dòng này; {own}" if own else "được xét ở dòng này"
    if row.taken:
        return "không xét nữa: đã có suất ở dòng trên"
    if not row.own and row.passing is Passing.FAIL and not row.why:
        return "không xét: chưa qua điều kiện, tiêu chuẩn"
    if row.passing is not Passing.PASS:
        return f"không được xét: {row.why}"
    cut = facts_text(plan, order, row.last)
    place = f"xếp thứ {row.place} trong số còn được xét; " if row.place is not None else ""
    return f"{place}{own}; suất cuối cùng: {cut or 'không có'}"


def facts_text(plan: Plan, names: tuple[str, ...], facts: tuple[Fact, ...]) -> str:
    """The facts of an order in words."""
    told = []
    for name, seen in zip(names, facts, strict=False):
        words = name_of(plan, name.removeprefix("unit."))
        told.append(f"{words}: {seen.shown}")
    return "; ".join(told)


def score_lines(proof: Proof) -> Iterator[str]:
    standing = proof.standing
    if standing is None or not standing.scores:
        return
    decimals = proof.plan.head.decimals
    yield ""
    yield "ĐIỂM CỦA ĐƠN VỊ"
    for item in standing.scores:
        yield from line_lines(item, proof.given, decimals)
    points, index = (
        UNKNOWN if value is None else vietnamese(value, decimals) for value in (standing.points, standing.index)
    )
    yield f"  Tổng: {points} / {vietnamese(standing.applicable, decimals)} điểm áp dụng; chỉ số xếp hạng: {index} %"
    yield f"  Hạng chung: {standing.rank or UNKNOWN}; hạng trong khối: {standing.rank_in_block or UNKNOWN}" + (
        f"; năm trước: {standing.unit.last_rank}" if standing.unit.last_rank else ""
    )


def line_lines(item: LineScore, given: Submission | None, decimals: int) -> Iterator[str]:
    """One criterion: its points, the figures as typed with their cells, its method in words."""
    line = item.line
    if not item.applicable:
        yield f"  {line.code} {line.name}: không tính"
        return
    shown = UNKNOWN if item.points is None else vietnamese(item.points, decimals)
    parts = [f"  {line.code} {line.name}: {shown}/{vietnamese(Fraction(line.max), decimals)} điểm"]
    parts += [f"tự chấm {vietnamese(Fraction(item.claimed), decimals)}"] if item.claimed is not None else []
    parts += [f"tính {vietnamese(item.computed, decimals)}"] if item.computed is not None else []
    if item.appraised is not None:
        why = f" ({item.appraisal_reason})" if item.appraisal_reason else ""
        parts.append(f"thẩm định {vietnamese(Fraction(item.appraised), decimals)}{why}")
    yield "; ".join(parts)
    marks = [given.mark(SCORES, line.code, header) for header in (*FIGURES, CLAIM)] if given else []
    typed = [f"{mark.answer.label} «{typed_text(mark)}» ({mark.place.cell})" for mark in marks if mark and mark.text]
    words = METHODS[line.method or "survey"].words(line)
    yield f"      {'; '.join(typed)}{'. ' if typed else ''}{words}"


def typed_text(mark: Mark) -> str:
    """What stands in a cell, numbers as Vietnamese Excel shows them."""
    return vietnamese(Fraction(mark.value), 6) if isinstance(mark.value, Decimal) else mark.text
