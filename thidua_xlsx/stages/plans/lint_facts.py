"""Turns a plan into the findings about the facts it names: unknown, asked nowhere, or never used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.plan import Block, Gate, Plan, Quota, Round, applies
from thidua_xlsx.stages.plans.fact_names import (
    COLLECTIVE,
    SCORED,
    FactName,
    contexts,
    fact_named,
    has_scorecard,
    is_asked,
    known_names,
    speaks_of_indices,
)
from thidua_xlsx.stages.plans.plan_values import shown, suggestion

# How many rounds and blocks a message names before it stops.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a gate or a quota row names a fact."""

    row: Gate | Quota
    key: str
    name: str


def uses(plan: Plan) -> Iterator[Use]:
    """Every fact that the plan names, where it does."""
    for gate in plan.gates:
        yield Use(gate, "fact", gate.fact)
        if gate.when:
            yield Use(gate, "when", gate.when)
    for quota in plan.quotas:
        for name in quota.order_by:
            yield Use(quota, "order_by", name)
        if quota.within_fact:
            yield Use(quota, "within_fact", quota.within_fact)


def unknown_facts(plan: Plan) -> Iterator[Finding]:
    """A fact is a question's code, an index's, a trait, or built in."""
    for use in uses(plan):
        if fact_named(plan, use.name, use.row.subject) is None:
            names = known_names(plan, use.row.subject)
            meant = {UNIT_PREFIX + name: name for name in names} | {name: name for name in names}
            yield finding(
                Code.PLAN_UNKNOWN_FACT,
                use.row.source.at(use.key),
                value=shown(use.name),
                suggestion=suggestion(use.name, meant),
            )


def not_asked(plan: Plan) -> Iterator[Finding]:
    """A fact that decides must be asked wherever it decides."""
    for use in uses(plan):
        fact = fact_named(plan, use.name, use.row.subject)
        where = _where_not(plan, use.row, partial(_is_told, plan, fact)) if fact else ""
        if where:
            yield finding(Code.PLAN_NOT_ASKED, use.row.source.at(use.key), value=use.name, where=where)


def _is_told(plan: Plan, fact: FactName, round_: Round, block: Block) -> bool:
    """A block without any scorecard is reported as such; every fact that would come of it need not be."""
    return is_asked(plan, fact, round_, block) or (fact.name in SCORED and not has_scorecard(plan, block))


def no_index_question(plan: Plan) -> Iterator[Finding]:
    """``asked`` is what the form asks: a question of type index for the same subject."""
    for gate in plan.gates:
        if gate.scope != "asked" or not speaks_of_indices(gate):
            continue
        subject = COLLECTIVE if gate.fact.startswith(UNIT_PREFIX) else gate.subject
        questions = [
            FactName(item.code, "index", subject, question=item)
            for item in plan.questions
            if item.subject == subject and item.type == "index"
        ]
        where = _where_not(plan, gate, partial(_any_asked, plan, questions))
        if where:
            yield finding(Code.PLAN_NOT_ASKED, gate.source.at("scope"), value="câu hỏi kiểu index", where=where)


def _any_asked(plan: Plan, facts: list[FactName], round_: Round, block: Block) -> bool:
    return any(is_asked(plan, fact, round_, block) for fact in facts)


def _where_not(plan: Plan, row: Gate | Quota, asked: Callable[[Round, Block], bool]) -> str:
    """The first rounds and blocks of the row where nothing is asked, in words."""
    missing = [
        f"đợt «{round_.code}», khối «{block.code}»"
        for round_, block in contexts(plan)
        if applies(row.rounds, round_.code) and applies(row.blocks, block.code) and not asked(round_, block)
    ]
    return "; ".join(missing[:SHOWN]) + (" và nơi khác" if len(missing) > SHOWN else "")


def never_used(plan: Plan) -> Iterator[Finding]:
    """A question that decides nothing only costs the units' patience."""
    used = {(fact.subject, fact.name) for use in uses(plan) if (fact := fact_named(plan, use.name, use.row.subject))}
    asked = {gate.subject for gate in plan.gates if gate.scope == "asked"}
    for item in plan.questions:
        if (item.subject, item.code) not in used and not (item.type == "index" and item.subject in asked):
            yield finding(Code.PLAN_NEVER_USED, item.source.at("code"), value=item.code)
