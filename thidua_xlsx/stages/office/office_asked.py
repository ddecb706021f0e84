"""Turns a plan and a round into what the office may be asked: each look-up made once, however many units ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from thidua_xlsx.model.form import Answer, Asks
from thidua_xlsx.model.office import CHOSEN, YEARLY_INDEX
from thidua_xlsx.model.plan import Criterion, Index, Plan, Question, Round, Unit, applies
from thidua_xlsx.stages.forms.asking import question_answer

HUNDRED = Decimal(100)


class OfficeAsked:
    """What ``co-quan.xlsx`` may hold for one round: points by criterion, answers by question and index.

    Scorecards and questions depend on the unit's block alone, indices on who holds them; so thousands of units
    cost little more than their blocks.
    """

    def __init__(self, plan: Plan, round_: Round) -> None:
        self.plan, self.round = plan, round_
        self.units: dict[str, Unit] = {}
        for unit in plan.units:
            self.units.setdefault(unit.code, unit)
        coded: tuple[Criterion | Question | Index, ...] = (*plan.criteria, *plan.questions, *plan.indices)
        here = {item.code for item in coded if applies(item.rounds, round_.code)}
        # What was answered for another round of the same plan is no mistake in this one.
        self.other_rounds = {item.code for item in coded} - here
        self._lines: dict[str, dict[str, Criterion]] = {}
        self._questions: dict[tuple[str, str], dict[str, Answer]] = {}
        self._indices: dict[str, dict[str, Answer]] = {}
        self._every: dict[str, dict[str, Answer]] = {}

    def lines(self, unit: Unit) -> Mapping[str, Criterion]:
        """The leaves of the unit's scorecard by code, in the plan's order."""
        if unit.block not in self._lines:
            leaves = (line for line in self.plan.criteria_of(self.round, unit) if line.method)
            self._lines[unit.block] = {line.code: line for line in leaves}
        return self._lines[unit.block]

    def most_points(self, unit: Unit, code: str) -> Decimal | None:
        """The maximum of a criterion, or of a year's published index (%); None for a code the unit does not have."""
        if code.startswith(YEARLY_INDEX):
            return HUNDRED
        line = self.lines(unit).get(code)
        return line.max if line else None

    def answers(self, unit: Unit | None, subject: str) -> Mapping[str, Answer]:
        """What may be answered about a unit or its persons, by code; about every unit (``*``) when None."""
        if unit is not None:
            found = self._of_block(unit, subject)
            return found if subject == "individual" else {**found, **self._of_indices(unit)}
        if subject not in self._every:
            every: dict[str, Answer] = {}
            for one in self.plan.units_of(self.round):
                every |= self._of_block(one, subject)
                if subject == "collective":
                    every |= self._of_indices(one)
            self._every[subject] = every
        return self._every[subject]

    def _of_block(self, unit: Unit, subject: str) -> dict[str, Answer]:
        key = (unit.block, subject)
        if key not in self._questions:
            asked = self.plan.questions_of(self.round, unit, subject)
            self._questions[key] = {item.code: question_answer(self.plan, item, self.round) for item in asked}
            if subject == "individual":
                self._questions[key][CHOSEN] = Answer(Asks.YES_NO, "Tính người này ở đơn vị này")
        return self._questions[key]

    def _of_indices(self, unit: Unit) -> dict[str, Answer]:
        if unit.code not in self._indices:
            self._indices[unit.code] = {
                item.code: Answer(Asks.NUMBER, item.name, minimum=Decimal(0), maximum=item.max)
                for item in self.plan.indices_of(self.round, unit)
            }
        return self._indices[unit.code]
