"""Turns a question and the gates that ask for it into an answer that passes them, or one that does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

from thidua_xlsx.model.demo import Value
from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.plan import Gate, Level, Plan, Question, Round, Unit, applies
from thidua_xlsx.stages.forms.asking import index_option

TEXTS = ("Kèm văn bản", "Theo báo cáo của đơn vị", "Có tài liệu kèm theo")


def gates_on(plan: Plan, round_: Round, question: Question) -> tuple[Gate, ...]:
    """The gates of the round that rest on this question; those on persons may ask about their unit."""
    own = question.code if question.subject == "individual" else ""
    names = {own, UNIT_PREFIX + question.code} if question.subject == "collective" else {own}
    return tuple(
        gate
        for gate in plan.gates
        if applies(gate.rounds, round_.code)
        and ((gate.subject == question.subject and gate.fact == question.code) or gate.fact in names - {""})
    )


def asks_no(gates: Iterable[Gate]) -> bool:
    return any(gate.operator == "no" for gate in gates)


def bound(gates: Iterable[Gate], operator: str) -> Decimal | None:
    values = [Decimal(gate.value) for gate in gates if gate.operator == operator and gate.value]
    return (max(values) if operator == "at_least" else min(values)) if values else None


def levels(plan: Plan, question: Question, gates: Iterable[Gate]) -> tuple[list[Level], list[Level]]:
    """(levels that pass, levels that do not), each lowest first."""
    scale = list(plan.scale(question.scale or ""))
    asked = {gate.value for gate in gates if gate.operator == "level_at_least"}
    least = max((level.order for level in scale if level.code in asked), default=None)
    if least is None:
        return scale[len(scale) // 2 :], []
    return [level for level in scale if level.order >= least], [level for level in scale if level.order < least]


def good(plan: Plan, round_: Round, unit: Unit, question: Question, chance: Random) -> Value | None:
    """An answer that passes every gate; None where the unit has nothing to name."""
    gates = gates_on(plan, round_, question)
    if question.type == "yes_no":
        return NO if asks_no(gates) else YES
    if question.type == "level":
        return chance.choice(levels(plan, question, gates)[0]).label
    if question.type == "index":
        held = [item for item in plan.indices_of(round_, unit) if unit.code in item.units]
        return index_option(chance.choice(held)) if held else None
    if question.type == "date":
        return date(plan.years_of(round_)[1], chance.randint(1, 6), chance.randint(1, 28))
    if question.type == "text":
        return chance.choice(TEXTS)
    return number(question, bound(gates, "at_least"), bound(gates, "at_most"), chance)


def number(question: Question, low: Decimal | None, high: Decimal | None, chance: Random) -> Decimal:
    """A whole number within the question's limits, a little above what is asked at least."""
    floor = max(filter(None, (low, question.min)), default=Decimal(2))
    ceiling = min([item for item in (high, question.max, floor + 4) if item is not None])
    return Decimal(chance.randint(int(floor), max(int(floor), int(ceiling))))


def bad(plan: Plan, round_: Round, question: Question) -> Value | None:
    """An answer that fails a gate; None where no gate rests on it, or nothing typed could fail it."""
    gates = gates_on(plan, round_, question)
    if not gates:
        return None
    if question.type == "yes_no":
        return YES if asks_no(gates) else NO
    if question.type == "level":
        failing = levels(plan, question, gates)[1]
        return failing[-1].label if failing else None
    if question.type in ("number", "integer", "percent"):
        low, high = bound(gates, "at_least"), bound(gates, "at_most")
        value = low - 1 if low is not None else high + 1 if high is not None else None
        if value is None or value < (question.min or 0) or (question.max is not None and value > question.max):
            return None
        return value
    return None
