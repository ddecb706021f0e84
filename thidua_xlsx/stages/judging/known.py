"""Turns what a run has read and scored into the one value that facts are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Standing
from thidua_xlsx.stages.intake.merge import Counted


@dataclass(frozen=True, slots=True)
class Known:
    """All that a fact may rest on. ``reference`` decides what is provisional: the deadline, else today."""

    plan: Plan
    round: Round
    office: Office
    register: Register
    standings: dict[str, Standing]
    counted: dict[str, Counted]
    today: date

    @property
    def reference(self) -> date:
        return self.round.deadline or self.today

    @property
    def before_year_end(self) -> bool:
        """Whether the year that is judged still runs: a grade given by then is provisional."""
        return self.reference <= date(self.plan.years_of(self.round)[1], 12, 31)

    @property
    def decided(self) -> date:
        """The date of the decision, as far as known (today stands in, marked provisional where money shows it)."""
        return self.round.decision_date or self.today
