"""Turns a plan that can be read into the findings about what contradicts itself in it (DESIGN §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from thidua_xlsx.model.findings import Finding, Severity
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.plan_source import RawRow
from thidua_xlsx.stages.plans import lint_codes, lint_facts, lint_gates, lint_questions, lint_rounds, lint_scorecard
from thidua_xlsx.stages.plans.build_plan import draft_plan


@dataclass(frozen=True, slots=True)
class Rule:
    """One check, and the tables that must be complete for it to say nothing wrong."""

    check: Callable[[Plan], Iterator[Finding]]
    needs: frozenset[str] = frozenset()


def _rule(check: Callable[[Plan], Iterator[Finding]], *needs: str) -> Rule:
    return Rule(check, frozenset(needs))


ROUNDS_AND_BLOCKS = ("round", "block", "unit")
FACTS = ("question", "index", "unit")

# In order: what a finding further down rests on is checked further up.
RULES: tuple[Rule, ...] = (
    *(
        _rule(lint_codes.unknown_codes(table), "level" if table == "scale" else table)
        for table in ("round", "block", "unit", "scale", "criterion")
    ),
    _rule(lint_codes.unknown_index_units, "unit"),
    _rule(lint_codes.not_applicable_elsewhere, "criterion"),
    _rule(lint_codes.misshapen),
    _rule(lint_codes.out_of_bounds),
    _rule(lint_codes.duplicates),
    _rule(lint_codes.doubled_levels),
    _rule(lint_codes.ambiguous_names),
    _rule(lint_codes.reserved_lines),
    _rule(lint_rounds.years_and_deadlines),
    _rule(lint_rounds.votes),
    _rule(lint_rounds.open_rows),
    _rule(lint_rounds.dissolved_units, "gate"),
    _rule(lint_rounds.seats, "quota"),
    _rule(lint_rounds.empty_blocks, "criterion", "quota", *ROUNDS_AND_BLOCKS),
    _rule(lint_scorecard.cycles),
    _rule(lint_scorecard.shapes, "criterion", *ROUNDS_AND_BLOCKS),
    _rule(lint_scorecard.methods),
    _rule(lint_scorecard.sums, "criterion", *ROUNDS_AND_BLOCKS),
    _rule(lint_scorecard.totals, "criterion", *ROUNDS_AND_BLOCKS),
    _rule(lint_questions.questions, "index"),
    _rule(lint_questions.person_headers),
    _rule(lint_questions.scales),
    _rule(lint_questions.indices),
    _rule(lint_questions.tasks, "round"),
    _rule(lint_facts.unknown_facts, *FACTS),
    _rule(lint_gates.operators, *FACTS, "plan", "level"),
    _rule(lint_gates.conditions, *FACTS),
    _rule(lint_facts.not_asked, *FACTS, *ROUNDS_AND_BLOCKS, "criterion", "task", "dossier"),
    _rule(lint_facts.no_index_question, "question", *ROUNDS_AND_BLOCKS),
    _rule(lint_gates.prior_awards, "quota", "award"),
    _rule(lint_gates.lone_alternatives, "gate", "dossier"),
    _rule(lint_facts.never_used, "gate", "quota"),
)


def lint(plan: Plan, spoiled: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every contradiction in the plan. Rules that need a table which lost rows are left for the next reading."""
    return without_echoes(item for rule in RULES if not rule.needs & spoiled for item in rule.check(plan))


def without_echoes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each fault once; on a cell that is already reported, nothing of another kind (a knock-on)."""
    first: dict[Place, Finding] = {}
    kept: dict[Finding, None] = {}
    for item in findings:
        if not item.place.cell or first.setdefault(item.place, item).code is item.code:
            kept.setdefault(item)
    return tuple(kept)


def check_plan(rows: Iterable[RawRow]) -> tuple[Plan | None, tuple[Finding, ...]]:
    """The plan if nothing is wrong with it, and everything that is: values and contradictions in one reading."""
    draft = draft_plan(rows)
    findings = without_echoes([*draft.findings, *lint(draft.plan, draft.spoiled)])
    blocked = any(item.severity is Severity.ERROR for item in findings)
    return (None if blocked else draft.plan), findings
