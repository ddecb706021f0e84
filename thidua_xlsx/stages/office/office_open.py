"""Turns the decisions of a run into the questions that only the office can answer and for which somebody waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import CHOSEN
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.results import Decision, Outcome, Passing
from thidua_xlsx.stages.forms.asking import answers_by_unit
from thidua_xlsx.stages.judging.nominate import RULE_TWICE

# Whom a line of «Xác nhận» is about, and its code; of a person nominated twice the name and birth date.
Asked = tuple[str, str, str]


def open_questions(decisions: Iterable[Decision], plan: Plan) -> frozenset[Asked]:
    """Each question once, however many nominees of the unit wait for its answer."""
    return frozenset(asked for item in decisions if item.outcome is Outcome.UNPROVEN for asked in _of(item, plan))


def _of(item: Decision, plan: Plan) -> Iterator[Asked]:
    nominee, person = item.nominee, item.nominee.person
    if person and any(reason.gate == RULE_TWICE for reason in item.reasons):
        yield person.name, str(person.birth), CHOSEN
    for result in item.gates:
        if result.passing is not Passing.UNKNOWN:
            continue
        sources = (result.gate.when or "", result.gate.fact)
        for seen in (fact for fact in result.facts if fact.value is None):
            source = next((name for name in sources if name.removeprefix(UNIT_PREFIX) == seen.name), seen.name)
            subject = "collective" if source.startswith(UNIT_PREFIX) else nominee.subject
            question = next((one for one in plan.questions if (one.code, one.subject) == (seen.name, subject)), None)
            if question and not answers_by_unit(question.who_answers):
                order = str(person.order) if person and subject == nominee.subject else ""
                yield nominee.unit.code, order, question.code
