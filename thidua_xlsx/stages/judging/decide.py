"""Turns standings, facts, gates and quotas into exactly one outcome for every unit and every person nominated."""

from __future__ import annotations

from fractions import Fraction

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.language import FACTS, UNIT_PREFIX
from thidua_xlsx.model.plan import Plan, Quota, applies
from thidua_xlsx.model.results import (
    Decision,
    Fact,
    Nominee,
    Outcome,
    Passing,
    QuotaResult,
    Reason,
)
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.judging.allocate import RowResult
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import early, people_of, twice_nominated
from thidua_xlsx.stages.judging.reward import reward
from thidua_xlsx.stages.judging.screen import Screening, screen
from thidua_xlsx.stages.judging.seats import Board, Entry, Seat, order_of, seat

RULE_SEATS = "so-luong"
# What the difference between two nominees is counted in, fact by fact.
STEPS = {
    "index": " điểm phần trăm",
    "points": " điểm",
    "class": " mức",
    "rank": " bậc",
    "rank_in_block": " bậc",
    "rank_gain": " bậc",
    "priority": " thứ tự",
}


def difference(known: Known, entry: Entry, cut: tuple[Fraction, ...]) -> str:
    """How far a reserve stands behind the last one seated, on the first fact that differs."""
    for name, own, last, seen in zip(order_of(entry.quota), entry.key, cut, entry.order, strict=True):
        if own != last:
            return f"kém suất cuối cùng {steps(known, name.removeprefix(UNIT_PREFIX), abs(own - last), seen)}"
    return "ngang suất cuối cùng"


def steps(known: Known, name: str, gap: Fraction, seen: Fact) -> str:
    """A difference in words: points, places or levels; of an answer also which, of yes and no only which."""
    decimals = max(known.plan.head.decimals, 4)
    least = Fraction(1, 10**decimals)
    number = vietnamese(gap, decimals) if gap >= least else f"chưa đến {vietnamese(least, decimals)}"
    if name in STEPS:
        return number + STEPS[name]
    where = f"ở «{name_of(known.plan, name)}»"
    return where if seen.value in (YES, NO) else f"{number} {'' if isinstance(seen.value, Fraction) else 'mức '}{where}"


def name_of(plan: Plan, code: str) -> str:
    """The words of a question, an index or a fact of the program; a trait's are its code."""
    named = {item.code: item.name for item in plan.indices} | {item.code: item.label for item in plan.questions}
    return named.get(code, FACTS[code][1] if code in FACTS else code)


def seated_decision(known: Known, nominee: Nominee, screening: Screening, board: Board) -> Decision | None:
    """PROPOSED or TIED, with the row, the money and what the council should know."""
    held = board.seats.get(nominee)
    if held is None:
        return None
    quota = held.quota
    entry = next(item for item in board.entries[nominee] if item.quota is quota)
    money = reward(known.plan, known.round, quota.award, nominee.subject, known.today)
    order = tuple(item.shown for item in entry.order)
    reasons = (tie_reason(nominee, held, order),) if held.shared_with else ()
    return Decision(
        nominee,
        Outcome.TIED if held.shared_with else Outcome.PROPOSED,
        reasons,
        quota,
        quota.award,
        money,
        screening.results,
        order,
        remarks=remarks(known, nominee, screening, entry),
        place=board.places.get((quota.code, nominee)),
    )


def tie_reason(nominee: Nominee, held: Seat, order: tuple[str, ...]) -> Reason:
    """Who is equal, and for how many seats: the program picks nobody."""
    others = ", ".join(sorted(other.name for other in held.shared_with if other != nominee))
    return Reason(
        held.quota.code,
        held.quota.clause,
        f"Đồng hạng với {others}; còn {held.shared_seats} suất, Hội đồng quyết định.",
        "; ".join(order),
        f"{held.shared_seats} suất cho {len(held.shared_with)} người hoặc tập thể đồng hạng",
    )


def reserve_decision(known: Known, nominee: Nominee, screening: Screening, board: Board) -> Decision:
    """The outcome of an eligible nominee without a seat: reserve, unproven, or outside every row's limit."""
    entries = board.entries[nominee]
    unknown = [entry for entry in entries if entry.passing is Passing.UNKNOWN]
    standing = [entry for entry in entries if entry.passing is Passing.PASS]
    if not entries:
        reason = Reason(
            RULE_SEATS,
            known.round.clause,
            "Kế hoạch không dành suất khen thưởng cho khối của đơn vị trong đợt xét này.",
        )
        return Decision(nominee, Outcome.INELIGIBLE, (reason,), gates=screening.results)
    if unknown:
        return Decision(
            nominee,
            Outcome.UNPROVEN,
            tuple(entry.reason for entry in unknown),
            unknown[0].quota,
            gates=screening.results,
        )
    if not standing:
        return Decision(nominee, Outcome.INELIGIBLE, tuple(entry.reason for entry in entries), gates=screening.results)
    distances = [distance(known, nominee, entry, board) for entry in standing]
    reasons = tuple(
        reserve_reason(entry, far, (entry.quota.code, nominee) in board.over_limit)
        for entry, far in zip(standing, distances, strict=True)
    )
    first = standing[0]
    return Decision(
        nominee,
        Outcome.RESERVE,
        reasons,
        first.quota,
        first.quota.award,
        None,
        screening.results,
        tuple(item.shown for item in first.order),
        next((words for words in distances if words), ""),
        remarks(known, nominee, screening, first),
        board.places.get((first.quota.code, nominee)),
    )


def reserve_reason(entry: Entry, far: str, over_limit: bool) -> Reason:
    """Why an eligible nominee has no seat in this row: its unit's limit, or how far it stands from the cut."""
    quota = entry.quota
    order = "; ".join(item.shown for item in entry.order)
    why = far if over_limit else f"đã hết số suất: {far}" if far else "đã hết số suất"
    return Reason(quota.code, quota.clause, f"Đủ tiêu chuẩn nhưng {why}.", order, f"{quota.seats} suất")


def distance(known: Known, nominee: Nominee, entry: Entry, board: Board) -> str:
    """How far a reserve stands from the cut of one row; "" where the row seated nobody."""
    if (entry.quota.code, nominee) in board.over_limit:
        return f"đơn vị đã đủ {entry.quota.per_unit} người"
    result = board.results[board.quotas.index(entry.quota)]
    if result.cut is None:
        return ""
    ahead = board.behind.get((entry.quota.code, nominee), 0)
    return f"đứng sau {ahead} người hoặc tập thể; {difference(known, entry, result.cut)}"


def answered(plan: Plan, seen: Fact) -> str:
    """A question with its answer: the question alone may read as an accusation."""
    name, shown = name_of(plan, seen.name), seen.shown.removesuffix(" (tạm thời)")
    return shown if shown.startswith(name) else f"{name}: {shown}"


def remarks(known: Known, nominee: Nominee, screening: Screening, entry: Entry) -> tuple[str, ...]:
    """What a proposal rests on that the council should know: in its gates, passed or not asked, and in its order."""
    quota, rests = entry.quota, (Passing.PASS, Passing.SKIPPED)
    facts = [item for result in screening.results if result.passing in rests for item in result.facts]
    facts += entry.order
    unconfirmed = sorted({answered(known.plan, item) for item in facts if item.unconfirmed})
    provisional = sorted({answered(known.plan, item) for item in facts if item.provisional})
    told = []
    if unconfirmed:
        told.append("tự khai, chưa xác nhận: " + "; ".join(unconfirmed))
    if provisional:
        told.append("tạm thời: " + "; ".join(provisional))
    if quota.binding != "open" and not quota.order_by:
        told.append("thứ tự xét do cơ quan ấn định")
    standing = known.standings.get(nominee.unit.code)
    if standing and standing.printed_alike and nominee.person is None:
        told.append("có đơn vị in cùng chỉ số nhưng khác nhau ở phần chưa làm tròn")
    counted = known.counted.get(nominee.unit.code)
    if counted and counted.in_time is False:
        told.append("phiếu nộp sau thời hạn")
    return tuple(told)


def screened_decision(nominee: Nominee, screening: Screening) -> Decision | None:
    if screening.failed:
        return Decision(nominee, Outcome.INELIGIBLE, screening.failed + screening.unproven, gates=screening.results)
    if screening.unproven:
        return Decision(nominee, Outcome.UNPROVEN, screening.unproven, gates=screening.results)
    return None


def quota_result(quota: Quota, result: RowResult, waiting: int) -> QuotaResult:
    """What became of a row; empty places are explained, and nobody unfit fills them."""
    note = ""
    if result.empty:
        found = len(result.seated) + len(result.tied) + len(result.over_limit)
        who = "cá nhân" if quota.subject == "individual" else "tập thể"
        note = (
            f"Còn {result.empty} suất trống: chỉ có {found} {who} đủ tiêu chuẩn được xét ở dòng này; "
            "không lấy người không đủ tiêu chuẩn cho đủ số."
        )
        if result.over_limit:
            note += f" Trong đó {len(result.over_limit)} {who} vượt số tối đa {quota.per_unit} của mỗi đơn vị."
        if waiting:
            note += f" Còn {waiting} trường hợp chưa đủ căn cứ có thể được xét khi bổ sung."
        if quota.binding == "exactly":
            note += f" Kế hoạch ghi {quota.seats} suất."
    return QuotaResult(
        quota,
        len(result.seated),
        len(result.tied),
        result.tied_seats,
        result.empty,
        quota.binding != "open" and not quota.order_by,
        note,
    )


def decide(known: Known) -> tuple[tuple[Decision, ...], tuple[QuotaResult, ...], tuple[Finding, ...]]:
    """Every unit of the round and every person nominated, sorted by unit, then order, name and birth date."""
    units = sorted(known.plan.units_of(known.round), key=lambda unit: unit.code)
    people = tuple(
        nominee for unit in units if unit.code in known.counted for nominee in people_of(known.counted[unit.code], unit)
    )
    decided: dict[Nominee, Decision] = {}
    screenings: dict[Nominee, Screening] = {}
    twice, findings = twice_nominated(known, tuple(item for item in people if early(known, item) is None))
    for nominee in (*(Nominee(unit) for unit in units), *people):
        made = early(known, nominee) or twice.get(nominee)
        if made is None:
            screenings[nominee] = screen(known, nominee)
            made = screened_decision(nominee, screenings[nominee])
        if made:
            decided[nominee] = made
    board = seat(known, [nominee for nominee in screenings if nominee not in decided])
    for nominee in board.entries:
        decided[nominee] = seated_decision(known, nominee, screenings[nominee], board) or reserve_decision(
            known, nominee, screenings[nominee], board
        )
    unproven = [item.nominee for item in decided.values() if item.outcome is Outcome.UNPROVEN]
    quotas = tuple(
        quota_result(
            quota,
            result,
            sum(
                1
                for nominee in unproven
                if nominee.subject == quota.subject and applies(quota.blocks, nominee.unit.block)
            ),
        )
        for quota, result in zip(board.quotas, board.results, strict=True)
    )
    return tuple(sorted(decided.values(), key=decision_order)), quotas, findings


def decision_order(item: Decision) -> tuple[object, ...]:
    person = item.nominee.person
    return (
        item.nominee.unit.code,
        person is not None,
        (person.order is None, person.order or 0, person.name, str(person.birth), person.row) if person else (),
    )
