"""Turns the name of a fact, as a gate or a quota writes it, into what it is and where it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from thidua_xlsx.model.language import FACTS, UNIT_PREFIX
from thidua_xlsx.model.plan import Block, Gate, Index, Plan, Question, Round, applies

COLLECTIVE, INDIVIDUAL = "collective", "individual"
SCORED = ("points", "index", "class", "rank", "rank_in_block", "rank_gain")
TASK_RATES = ("tasks_completed", "tasks_on_time")
PRIOR_AWARDS = ("prior_awards", "prior_awards_by_decision")
# The types of facts, and how messages and the guide name them.
TYPES = {
    "yes_no": "Có/Không",
    "number": "số",
    "percent": "tỷ lệ %",
    "count": "số lần",
    "rank": "thứ hạng",
    "level": "mức xếp loại",
    "index": "chỉ số",
    "indices": "các chỉ số",
    "date": "ngày",
    "text": "văn bản",
}
_QUESTION_TYPES = {"integer": "number"}


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact that the plan knows. ``type``: yes_no, number, percent, count, rank, level, date, text, index, indices.

    ``subject`` is whom it is asked about (the unit, for ``unit.<fact>``); ``scale`` is given for levels;
    ``question`` and ``index`` say which row of the plan declares it, if one does.
    """

    name: str
    type: str
    subject: str
    scale: str | None = None
    question: Question | None = None
    index: Index | None = None


def fact_named(plan: Plan, name: str, subject: str) -> FactName | None:
    """The fact of this name for this subject; None: the plan does not know it."""
    if name.startswith(UNIT_PREFIX):
        if subject != INDIVIDUAL or name.startswith(UNIT_PREFIX * 2):
            return None
        return fact_named(plan, name.removeprefix(UNIT_PREFIX), COLLECTIVE)
    if name in FACTS:
        if name == "priority" and subject != INDIVIDUAL:
            return None
        scale = plan.head.class_scale if name == "class" else None
        return FactName(name, FACTS[name][0], subject, scale)
    question = next((item for item in plan.questions if item.code == name and item.subject == subject), None)
    if question:
        kind = _QUESTION_TYPES.get(question.type, question.type)
        return FactName(name, kind, subject, question.scale, question)
    index = next((item for item in plan.indices if item.code == name), None)
    if index:
        return FactName(name, "index", subject, index=index)
    return FactName(name, "yes_no", subject) if any(name in unit.traits for unit in plan.units) else None


def fact_type(plan: Plan, name: str, subject: str) -> str | None:
    """The type of a fact by its name; None: unknown."""
    found = fact_named(plan, name, subject)
    return found.type if found else None


def known_names(plan: Plan, subject: str) -> tuple[str, ...]:
    """Every name that a gate for this subject may write, in the order of the plan."""
    own = [item.code for item in plan.questions if item.subject == subject]
    own += [item.code for item in plan.indices]
    own += sorted({trait for unit in plan.units for trait in unit.traits})
    own += [name for name in FACTS if name != "priority" or subject == INDIVIDUAL]
    if subject == INDIVIDUAL:
        own += [UNIT_PREFIX + name for name in known_names(plan, COLLECTIVE)]
    return tuple(dict.fromkeys(own))


def is_asked(plan: Plan, fact: FactName, round_: Round, block: Block) -> bool:
    """Whether anything in this round tells the fact about nominees of this block."""
    if fact.question:
        return applies(fact.question.rounds, round_.code) and applies(fact.question.blocks, block.code)
    if fact.index:
        return applies(fact.index.rounds, round_.code)
    if fact.name == "indices":
        return any("*" not in item.units and applies(item.rounds, round_.code) for item in plan.indices)
    if fact.name in TASK_RATES:
        units = {unit.code for unit in plan.units_of(round_) if unit.block == block.code}
        return any(
            applies(task.rounds, round_.code) and (not task.units or units & set(task.units)) for task in plan.tasks
        )
    if fact.name in SCORED:
        return is_scored(plan, round_, block)
    if fact.name == "dossier_complete":
        return any(
            item.stage == "unit" and item.subject in (fact.subject, "both") and applies(item.rounds, round_.code)
            for item in plan.dossiers
        )
    return fact.name != "on_time" or round_.deadline is not None


def is_scored(plan: Plan, round_: Round, block: Block) -> bool:
    """Whether units of this block get points in this round, or an index from elsewhere."""
    return round_.rank_source != "this_return" or any(
        applies(line.rounds, round_.code) and applies(line.blocks, block.code) for line in plan.criteria
    )


def has_scorecard(plan: Plan, block: Block) -> bool:
    """Whether units of this block are scored in any round."""
    return any(applies(line.blocks, block.code) for line in plan.criteria)


def contexts(plan: Plan) -> tuple[tuple[Round, Block], ...]:
    """Every round with every block that has units in it."""
    return tuple(
        (round_, block)
        for round_ in plan.rounds
        for block in plan.blocks
        if any(unit.block == block.code for unit in plan.units_of(round_))
    )


def speaks_of_indices(gate: Gate) -> bool:
    """Whether a gate is about the indices in its scope, rather than one named index."""
    return gate.fact.removeprefix(UNIT_PREFIX) == "indices"
