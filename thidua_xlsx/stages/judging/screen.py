"""Turns facts and gates into eligibility: pass, fail or unknown, each proved by clause, value and cell.

Any fail makes INELIGIBLE (unknowns are listed too); else any unknown makes UNPROVEN. Of an ``any_of`` group
one pass suffices; all fail is fail; else unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Gate, Plan, Question, applies
from thidua_xlsx.model.results import Fact, GateResult, Nominee, Passing, Reason
from thidua_xlsx.model.wording import half_up, vietnamese
from thidua_xlsx.stages.judging.facts import fact, indices_asked, unknown
from thidua_xlsx.stages.judging.index_facts import YearOnYear, year_on_year
from thidua_xlsx.stages.judging.known import Known

# What a number of this fact counts, as said behind it.
COUNTED_IN = {
    "tasks_completed": " %",
    "tasks_on_time": " %",
    "index": " %",
    "points": " điểm",
    "rank_gain": " bậc",
    "prior_awards": " lần",
    "prior_awards_by_decision": " lần",
}


@dataclass(frozen=True, slots=True)
class Screening:
    """All gates of one nominee; ``failed`` and ``unknown`` are the reasons that prevent a proposal."""

    results: tuple[GateResult, ...]
    failed: tuple[Reason, ...]
    unproven: tuple[Reason, ...]

    @property
    def eligible(self) -> bool:
        return not self.failed and not self.unproven


def order_of_level(plan: Plan, code: str, scale: str | None = None) -> int | None:
    return next(
        (level.order for level in plan.levels if level.code == code and (scale is None or level.scale == scale)),
        None,
    )


def question_of(known: Known, nominee: Nominee, name: str) -> Question | None:
    """The question that a fact is the answer to, if it is one."""
    bare_name = name.removeprefix(UNIT_PREFIX)
    subject = "collective" if name != bare_name else nominee.subject
    return next((item for item in known.plan.questions if item.code == bare_name and item.subject == subject), None)


def scale_of(known: Known, nominee: Nominee, name: str) -> str | None:
    """The scale a level fact lives on; scales never mix (PLANS, ambiguity 10)."""
    if name.removeprefix(UNIT_PREFIX) == "class":
        return known.plan.head.class_scale
    question = question_of(known, nominee, name)
    return question.scale if question else None


def limit_of(gate: Gate) -> Fraction:
    return _as_number(gate.value or "0")


# A plan has a few limits; thousands of nominees are held to each.
_as_number = lru_cache(256)(Fraction)


def compare_number(_known: Known, _nominee: Nominee, gate: Gate, seen: Fact) -> bool:
    assert isinstance(seen.value, Fraction)
    limit = limit_of(gate)
    return seen.value >= limit if gate.operator == "at_least" else seen.value <= limit


def compare_level(known: Known, nominee: Nominee, gate: Gate, seen: Fact) -> bool:
    scale = scale_of(known, nominee, gate.fact)
    own, limit = (order_of_level(known.plan, str(code), scale) for code in (seen.value, gate.value))
    return own is not None and limit is not None and own >= limit


def compare_yes(_known: Known, _nominee: Nominee, gate: Gate, seen: Fact) -> bool:
    return seen.value == (YES if gate.operator == "yes" else NO)


OPERATORS: dict[str, Callable[[Known, Nominee, Gate, Fact], bool]] = {
    "yes": compare_yes,
    "no": compare_yes,
    "at_least": compare_number,
    "at_most": compare_number,
    "level_at_least": compare_level,
}


def required(known: Known, nominee: Nominee, gate: Gate) -> str:
    """What the gate asks, in words."""
    if gate.operator in ("yes", "no"):
        return YES if gate.operator == "yes" else NO
    if gate.operator == "level_at_least":
        scale = scale_of(known, nominee, gate.fact)
        label = next(
            (level.label for level in known.plan.levels if level.code == gate.value and level.scale == scale),
            gate.value,
        )
        return f"từ «{label}» trở lên"
    if gate.operator == "above_last_year_or_at_max":
        return "cao hơn năm trước hoặc giữ nguyên ở mức tối đa"
    name = gate.fact.removeprefix(UNIT_PREFIX)
    unit = {"rank": "hạng", "rank_in_block": "hạng"}.get(name, "")
    question = question_of(known, nominee, gate.fact)
    tail = COUNTED_IN.get(name, " %" if question and question.type == "percent" else "")
    number = vietnamese(limit_of(gate), 6)
    words = "từ {} trở lên" if gate.operator == "at_least" else "không quá {}"
    return words.format(f"{unit} {number}".strip() + tail)


def judge(known: Known, nominee: Nominee, gate: Gate) -> GateResult:
    """One gate for one nominee, if its condition holds; the proof rests on the condition too."""
    if not gate.when:
        return compare(known, nominee, gate)
    condition = fact(known, nominee, gate.when, gate)
    if condition.value == YES:
        result = compare(known, nominee, gate)
        return result._replace(facts=(condition, *result.facts))
    passing = Passing.SKIPPED if condition.value == NO else Passing.UNKNOWN
    return GateResult(gate, passing, reason_of(known, nominee, gate, (condition,)), (condition,))


def compare(known: Known, nominee: Nominee, gate: Gate) -> GateResult:
    """The gate's fact against its operator and value; an unknown fact is unknown."""
    if gate.operator == "above_last_year_or_at_max":
        return judge_indices(known, nominee, gate)
    seen = fact(known, nominee, gate.fact, gate)
    if seen.value is None:
        passing = Passing.UNKNOWN
    elif OPERATORS[gate.operator](known, nominee, gate, seen):
        passing = Passing.PASS
    else:
        passing, seen = Passing.FAIL, as_compared(known, gate, seen)
    return GateResult(gate, passing, reason_of(known, nominee, gate, (seen,)), (seen,))


def as_compared(known: Known, gate: Gate, seen: Fact) -> Fact:
    """A number that fails by less than is printed says so (PLANS, ambiguity 3)."""
    decimals = max(known.plan.head.decimals, 2)
    if not isinstance(seen.value, Fraction) or half_up(seen.value, decimals) != limit_of(gate):
        return seen
    return seen._replace(
        shown=f"{seen.shown} (chưa làm tròn thì {'thấp' if gate.operator == 'at_least' else 'cao'} hơn)"
    )


def judge_indices(known: Known, nominee: Nominee, gate: Gate) -> GateResult:
    """Year on year over one named index, or over the indices of the gate's scope; over none: unknown."""
    name = gate.fact.removeprefix(UNIT_PREFIX)
    owner = Nominee(nominee.unit) if name != gate.fact else nominee
    if name == "indices":
        items = indices_asked(known, owner, gate.scope)
    else:
        named = fact(known, owner, name)
        items = tuple(item for item in known.plan.indices if item.code in (name, named.value))
    if not items:
        held = name == "indices" and gate.scope != "asked"
        why = "không có chỉ số thành phần được giao" if held else "chưa rõ chỉ số phụ trách"
        nothing = (unknown(gate.fact, why),)
        return GateResult(gate, Passing.UNKNOWN, reason_of(known, nominee, gate, nothing), nothing)
    changes = [year_on_year(known, nominee.unit.code, item) for item in items]
    verdicts = [change.risen(gate.compare) for change in changes]
    passing = any_of(verdicts) if gate.scope == "any" else all_of(verdicts)
    told = [
        change
        for change, verdict in zip(changes, verdicts, strict=True)
        if (verdict is True) is (passing is Passing.PASS)
    ]
    seen = tuple(index_fact(change, gate.compare) for change in told)
    return GateResult(gate, passing, reason_of(known, nominee, gate, seen), seen)


def index_fact(change: YearOnYear, compare: str) -> Fact:
    places = (change.place,) if change.place else ()
    if change.risen(compare) is None:
        return unknown(change.item.code, change.why_unknown(), places)
    shown = change.shown(compare)
    return Fact(change.item.code, change.this_year, shown, places=places, unconfirmed=change.unconfirmed)


def all_of(verdicts: list[bool | None]) -> Passing:
    if False in verdicts:
        return Passing.FAIL
    return Passing.UNKNOWN if None in verdicts else Passing.PASS


def any_of(verdicts: list[bool | None]) -> Passing:
    if True in verdicts:
        return Passing.PASS
    return Passing.UNKNOWN if None in verdicts else Passing.FAIL


def reason_of(known: Known, nominee: Nominee, gate: Gate, seen: tuple[Fact, ...]) -> Reason:
    """The proof of one gate: what was observed, what is required, in which cells."""
    places: tuple[Place, ...] = tuple(dict.fromkeys(place for item in seen for place in item.places))
    observed = "; ".join(item.why_unknown or item.shown for item in seen)
    return Reason(gate.code, gate.clause, gate.reason, observed, required(known, nominee, gate), places)


def gates_of(known: Known, nominee: Nominee) -> tuple[Gate, ...]:
    return tuple(
        gate
        for gate in known.plan.gates
        if gate.subject == nominee.subject
        and applies(gate.rounds, known.round.code)
        and applies(gate.blocks, nominee.unit.block)
    )


def screen(known: Known, nominee: Nominee) -> Screening:
    """Every gate of the round for one nominee, groups of alternatives taken together."""
    results = tuple(judge(known, nominee, gate) for gate in gates_of(known, nominee))
    groups: dict[str, list[GateResult]] = {}
    for number, result in enumerate(results):
        groups.setdefault(result.gate.any_of or f"#{number}", []).append(result)
    failed: list[Reason] = []
    unproven: list[Reason] = []
    for group in groups.values():
        asked = [result for result in group if result.passing is not Passing.SKIPPED]
        if not asked or any(result.passing is Passing.PASS for result in asked):
            continue
        told = failed if all(result.passing is Passing.FAIL for result in asked) else unproven
        told += [result.reason for result in asked]
    return Screening(results, tuple(failed), tuple(unproven))
