"""Turns the outcome of one nominee into the smallest changes that would have given another, each tried out.

What is told was tried: the amendments are supposed, and everybody is decided on anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from thidua_xlsx.model.form import INFORMATION, NO, NOMINATES_ITSELF, YES
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import CHOSEN, COUNTS, RECEIVE
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies, Need, Way
from thidua_xlsx.model.results import (
    Decision,
    FileRecord,
    GateResult,
    Nominee,
    Outcome,
    Passing,
    Verdict,
)
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.judging.decide import decide
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.nominate import RULE_TWICE, early, people_of, twice_nominated
from thidua_xlsx.stages.judging.screen import screen
from thidua_xlsx.stages.judging.seats import SMALLER_FIRST, Board, Entry, enter, order_of, quotas_of, within_gate
from thidua_xlsx.stages.remedies.cell_remedies import mend
from thidua_xlsx.stages.remedies.fact_remedies import give, of_gate
from thidua_xlsx.stages.remedies.form_remedies import send_again
from thidua_xlsx.stages.remedies.seat_remedies import more_seats, of_quota, rises
from thidua_xlsx.stages.remedies.suppose import suppose

# One amendment may bring the next obstacle to light: an index assigned must then also have risen.
ROUNDS = 6
SEATED = (Outcome.PROPOSED, Outcome.TIED)


def ways(known: Known, decision: Decision, board: Board, files: Sequence[FileRecord]) -> tuple[Way, ...]:
    """The smallest change first; beside it, for who is eligible, the seats that would do. Empty: proposed."""
    nominee, outcome = decision.nominee, decision.outcome
    if outcome is Outcome.PROPOSED:
        return ()
    if outcome is Outcome.NOT_RETURNED:
        return tuple(_returns(nominee, files))
    if outcome in (Outcome.RESERVE, Outcome.TIED):
        return tuple(_first_each(known, decision, rises(known, decision, board), more_seats(known, decision, board)))
    amendments, supposed = repair(known, nominee, outcome)
    if any(item.lies is Lies.RETURN for item in amendments) and outcome is Outcome.INVALID:
        return (Way(amendments),)
    way = leads(supposed, decision, amendments)
    return (way,) if way else ()


def leads(supposed: Known, decision: Decision, amendments: Amendments) -> Way | None:
    """The way that made the supposed world, if it leads to another outcome. Who is no longer put forward has none."""
    nominee = same(supposed, decision.nominee)
    if nominee is None:
        return Way(amendments)
    now = next(item for item in decide(supposed)[0] if item.nominee == nominee)
    return Way(amendments, now.outcome) if now.outcome is not decision.outcome else None


def same(known: Known, nominee: Nominee) -> Nominee | None:
    """The nominee in a supposed world: the same unit, the person of the same row."""
    unit = known.plan.unit(nominee.unit.code)
    if unit is None or nominee.person is None:
        return Nominee(unit) if unit else None
    counted = known.counted.get(unit.code)
    people = people_of(counted, unit) if counted else ()
    return next((item for item in people if item.person and item.person.row == nominee.person.row), None)


def _first_each(known: Known, decision: Decision, *kinds: Iterable[Amendments]) -> Iterator[Way]:
    """Of each kind of way the first that leads to a seat."""
    for kind in kinds:
        for amendments in kind:
            way = leads(suppose(known, amendments), decision, amendments)
            if way and way.outcome in SEATED:
                yield way
                break


def _returns(nominee: Nominee, files: Sequence[FileRecord]) -> Iterator[Way]:
    """A return that is held counts as soon as the office says so; else one has to come."""
    for item in files:
        if item.verdict is Verdict.HELD and item.unit == nominee.unit.code:
            name = item.name
            label = f"quyết định về tệp {name}"
            yield Way((Amendment(Lies.RECEPTION, (name, "Quyết định"), COUNTS, label, now="chưa ghi"),))
    yield Way((replace(send_again(nominee), label="gửi phiếu đã phát hành, điền đủ"),))


# Whoever is not eligible: one obstacle after another, until none is left


def repair(known: Known, nominee: Nominee, outcome: Outcome) -> tuple[Amendments, Known]:
    """All that would have to be otherwise, obstacle by obstacle, and the world it makes; a return only until valid."""
    made: dict[tuple[object, ...], Amendment] = {}
    supposed = known
    for _ in range(ROUNDS):
        own = same(supposed, nominee)
        if own is None:
            break
        found = _obstacles(supposed, own, outcome)
        if not found:
            break
        for item in found:
            made[_where(item)] = _further(made.get(_where(item)), item)
        supposed = suppose(known, tuple(made.values()))
        if any(item.lies is Lies.RETURN for item in found) and outcome is Outcome.INVALID:
            break
    return tuple(made.values()), supposed


def _where(item: Amendment) -> tuple[object, ...]:
    """Two amendments of one value are one; lines added to the register are many."""
    if item.lies is Lies.REGISTER and item.place == NOWHERE:
        return item.lies, item.key, id(item)
    return item.lies, item.key, item.place


def _further(before: Amendment | None, item: Amendment) -> Amendment:
    """Of two values for one place the later, as seen from what stands there today."""
    return replace(item, now=before.now) if before else item


def _obstacles(known: Known, nominee: Nominee, outcome: Outcome) -> Amendments:
    """What stands in the nominee's way next, as what would remove it."""
    barred = early(known, nominee)
    if barred and barred.outcome is Outcome.INVALID:
        return mend(known, nominee)
    if outcome is Outcome.INVALID:
        return ()
    if barred and barred.outcome is Outcome.NOT_NOMINATED:
        return _wish(known, nominee)
    if barred:
        name = known.counted[nominee.unit.code].received.file.name
        return (
            Amendment(Lies.RECEPTION, (name, "Quyết định"), RECEIVE, "quyết định về phiếu nộp muộn", now="chưa ghi"),
        )
    chosen = _choice(known, nominee)
    if chosen or outcome is Outcome.NOT_NOMINATED:
        return chosen
    return _gates(known, nominee) or enter_rows(known, nominee)


def _wish(known: Known, nominee: Nominee) -> Amendments:
    mark = known.counted[nominee.unit.code].submission.mark(INFORMATION, NOMINATES_ITSELF, "Trả lời")
    if mark is None:
        return (send_again(nominee),)
    key = (nominee.unit.code, INFORMATION, NOMINATES_ITSELF, "Trả lời")
    return (Amendment(Lies.FORM, key, YES, f"«{mark.answer.label}»", mark.place, mark.text or "để trống"),)


def _choice(known: Known, nominee: Nominee) -> Amendments:
    """The office's choice of this unit, where two put the same person forward."""
    people = tuple(
        item
        for code, counted in sorted(known.counted.items())
        if (unit := known.plan.unit(code))
        for item in people_of(counted, unit)
        if early(known, item) is None
    )
    made = twice_nominated(known, people)[0].get(nominee)
    if made is None or nominee.person is None or made.reasons[0].gate != RULE_TWICE:
        return ()
    told = []
    for item in people:
        person = item.person
        twin = person and (fold(person.name), person.birth) == (fold(nominee.name), nominee.person.birth)
        if not twin or person is None or person.order is None:
            continue
        key = (item.unit.code, str(person.order), CHOSEN)
        given = known.office.answers.get(key)
        to = YES if item == nominee else NO
        if item == nominee or (given and given.value != to):
            label = f"xét {nominee.name} ở đơn vị {item.unit.code}"
            place, now = (given.place, str(given.value)) if given else (NOWHERE, "chưa ghi")
            told.append(Amendment(Lies.ANSWERS, key, to, label, place, now))
    return tuple(told)


def _gates(known: Known, nominee: Nominee) -> Amendments:
    """What every gate that is not passed asks; of alternatives the one that takes the fewest values."""
    groups: dict[str, list[GateResult]] = {}
    for number, result in enumerate(screen(known, nominee).results):
        groups.setdefault(result.gate.any_of or f"#{number}", []).append(result)
    made: list[Amendment] = []
    for group in groups.values():
        asked = [result for result in group if result.passing is not Passing.SKIPPED]
        if asked and not any(result.passing is Passing.PASS for result in asked):
            found = [amendments for result in asked if (amendments := pass_gate(known, nominee, result))]
            made += _fewest(found)
    return tuple(made)


def pass_gate(known: Known, nominee: Nominee, result: GateResult) -> Amendments | None:
    """One gate passed; one whose condition is not known is not asked once the condition is No."""
    condition = result.facts[0] if result.gate.when and result.facts else None
    if condition and condition.value is None and result.gate.when:
        return give(known, nominee, replace(of_gate(result.gate), name=result.gate.when, operator="no", value=None))
    return give(known, nominee, of_gate(result.gate))


def enter_rows(known: Known, nominee: Nominee) -> Amendments:
    """A quota row that an eligible nominee may enter: its limit met, its order known, its block named."""
    quotas = [item for item in quotas_of(known) if item.subject == nominee.subject]
    entries = [enter(known, nominee, item) for item in quotas if not item.blocks or nominee.unit.block in item.blocks]
    if not entries and quotas:
        blocks = "; ".join((*quotas[0].blocks, nominee.unit.block))
        return (of_quota(known.plan, quotas[0], "blocks", blocks, "khối", "; ".join(quotas[0].blocks)),)
    unknown = [item for item in entries if item.passing is Passing.UNKNOWN]
    if not unknown and any(item.passing is Passing.PASS for item in entries):
        return ()
    made = (_entry(known, nominee, item) for item in unknown or entries)
    found = [amendments for amendments in made if amendments]
    return tuple(item for one in found for item in one) if unknown else _fewest(found)


def _entry(known: Known, nominee: Nominee, entry: Entry) -> Amendments:
    """What one row asks of whoever enters it; an order that is not known is filled in with what is least."""
    gate = within_gate(entry.quota)
    made = list((give(known, nominee, of_gate(gate)) or ()) if gate else ())
    for name, seen in zip(order_of(entry.quota), entry.order, strict=True):
        if seen.value is None:
            made += give(known, nominee, _least(name)) or ()
    return tuple(made)


def _least(name: str) -> Need:
    """Any value of a fact."""
    smaller = name.removeprefix(UNIT_PREFIX) in SMALLER_FIRST
    return Need(name, "at_most" if smaller else "at_least", str(10**6) if smaller else "0")


def _fewest(found: list[Amendments]) -> Amendments:
    return min(found, key=len) if found else ()
