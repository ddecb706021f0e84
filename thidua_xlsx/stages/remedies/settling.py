"""Turns each nominee that lacks grounds into what is not known of it, each with the place where it is to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from thidua_xlsx.model.form import YES
from thidua_xlsx.model.office import CHOSEN
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies
from thidua_xlsx.model.results import Decision, Nominee, Outcome, Passing, Settling
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import RULE_TWICE
from thidua_xlsx.stages.judging.screen import screen
from thidua_xlsx.stages.remedies.amendment_text import where_text
from thidua_xlsx.stages.remedies.smallest_change import enter_rows, pass_gate

NOTHING = "Hội đồng xem xét trên hồ sơ"


def settlings(known: Known, decisions: Iterable[Decision]) -> tuple[Settling, ...]:
    """A line for each thing that is not known of each nominee; whatever is written there settles it, either way."""
    return tuple(line for item in decisions if item.outcome is Outcome.UNPROVEN for line in _of_nominee(known, item))


def _of_nominee(known: Known, decision: Decision) -> Iterator[Settling]:
    found = missing(known, decision)
    for item in found:
        yield Settling(decision.nominee, item.label, where_text(item))
    if not found:
        for reason in decision.reasons:
            yield Settling(decision.nominee, reason.observed or reason.message, NOTHING)


def missing(known: Known, decision: Decision) -> Amendments:
    """Every value that the outcome waits for, each where it would be written."""
    nominee = decision.nominee
    if any(reason.gate == RULE_TWICE for reason in decision.reasons):
        return _choice(nominee)
    made = _gates(known, nominee) or enter_rows(known, nominee)
    return tuple({(item.lies, item.key, item.place): item for item in made}.values())


def _gates(known: Known, nominee: Nominee) -> Amendments:
    """What every gate that is not known rests on; of alternatives none is asked once one is passed."""
    results = screen(known, nominee).results
    passed = {item.gate.any_of for item in results if item.gate.any_of and item.passing is Passing.PASS}
    unknown = (item for item in results if item.passing is Passing.UNKNOWN and item.gate.any_of not in passed)
    return tuple(made for item in unknown for made in pass_gate(known, nominee, item) or ())


def _choice(nominee: Nominee) -> Amendments:
    """Which of two units puts the person forward is the office's to say, on the line of the one it chooses."""
    order = nominee.person.order if nominee.person else None
    if order is None:
        return ()
    label = "đơn vị được chọn để xét người này"
    return (Amendment(Lies.ANSWERS, (nominee.unit.code, str(order), CHOSEN), YES, label),)
