"""Turns a fact that a nominee would need into the values that would give it, each where it lies.

One kind of fact, one function, one line of ``REMEDIES``. None: nothing that anybody could write would give it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from thidua_xlsx.model.form import INFORMATION, NO, PEOPLE, YES
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Gate, Question
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies, Need
from thidua_xlsx.model.results import Fact, Nominee
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.forms.asking import question_answer
from thidua_xlsx.stages.judging.facts import answer_mark, fact
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.screen import order_of_level, scale_of
from thidua_xlsx.stages.remedies.form_remedies import papers, priority, send_anew, tasks
from thidua_xlsx.stages.remedies.index_remedies import assign_index, choose_index, raise_indices
from thidua_xlsx.stages.remedies.points_remedies import index_at_least, points_at_least, to_overtake
from thidua_xlsx.stages.remedies.record_remedies import awards, received

HUNDREDTH = Decimal("0.01")


def of_gate(gate: Gate) -> Need:
    return Need(gate.fact, gate.operator, gate.value, gate=gate)


def give(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """The values that give this nominee the fact; () where it is given already."""
    if need.name.startswith(UNIT_PREFIX):
        need = replace(need, name=need.name.removeprefix(UNIT_PREFIX))
        nominee = Nominee(nominee.unit)
    if need.operator == "above_last_year_or_at_max":
        return raise_indices(known, nominee, need.gate) if need.gate else None
    if need.name in REMEDIES:
        return REMEDIES[need.name](known, nominee, need)
    question = next(
        (
            item
            for item in known.plan.questions_of(known.round, nominee.unit, nominee.subject)
            if item.code == need.name
        ),
        None,
    )
    if question:
        return answer(known, nominee, question, need)
    return trait(nominee, need)


def answer(known: Known, nominee: Nominee, question: Question, need: Need) -> Amendments | None:
    """Another answer to a question: in the office's line where it has spoken or alone answers, else in the form."""
    wanted = wanted_answer(known, nominee, question, need)
    if wanted is None:
        return None
    person = nominee.person
    order = "" if person is None else str(person.order) if person.order is not None else None
    name = person.name if person else ""
    given = known.office.answer(nominee.unit.code, order, question.code, name) if order is not None else None
    counted = known.counted.get(nominee.unit.code)
    mark = answer_mark(counted.submission if counted else None, nominee, question)
    now = fact(known, nominee, question.code)
    shown = "để trống" if now.value is None else now.shown
    label = f"«{question.label}»"
    if given is None and mark is not None:
        code = str(person.order) if person else question.code
        header = question.label if person else "Trả lời"
        sheet = PEOPLE if person else INFORMATION
        return (Amendment(Lies.FORM, (nominee.unit.code, sheet, code, header), wanted, label, mark.place, shown),)
    if order is None:
        return None
    # A line for every unit (*) stays as it is: a line of the unit's own goes before it.
    own = given and (nominee.unit.code, order, question.code) in known.office.answers
    place = given.place if given and own else NOWHERE
    return (Amendment(Lies.ANSWERS, (nominee.unit.code, order, question.code), wanted, label, place, shown),)


def wanted_answer(known: Known, nominee: Nominee, question: Question, need: Need) -> Decimal | str | date | None:
    """The answer nearest to today's that meets the need, if the question allows it."""
    asked = question_answer(known.plan, question, known.round)
    if question.type == "level":
        scale = scale_of(known, nominee, question.code)
        least = order_of_level(known.plan, need.value or "", scale) or 0
        levels = known.plan.scale(scale or "")
        return next((level.label for level in levels if level.order >= least + need.above), None)
    if question.type in ("number", "integer", "percent"):
        step = Decimal(1) if question.type == "integer" else HUNDREDTH
        up = need.operator == "at_least"
        exact = Decimal(need.number.numerator) / Decimal(need.number.denominator)
        value = exact.quantize(step, ROUND_CEILING if up else ROUND_FLOOR)
        if need.above and value == exact:
            value += step if up else -step
        low, high = asked.minimum, asked.maximum
        return None if (low is not None and value < low) or (high is not None and value > high) else value
    if question.type == "index":
        return choose_index(known)
    if question.type in ("date", "text"):
        return asked.low or "…"
    return None if need.above else NO if need.operator == "no" else YES


def trait(nominee: Nominee, need: Need) -> Amendments:
    """A trait of the unit, which the plan states."""
    traits = [item for item in nominee.unit.traits if item != need.name]
    traits += [] if need.operator == "no" else [need.name]
    return (of_unit(nominee, "traits", "; ".join(traits), "; ".join(nominee.unit.traits) or "để trống"),)


def of_unit(nominee: Nominee, key: str, to: str | None, now: str) -> Amendment:
    """One value of the unit's own row of the plan."""
    code = nominee.unit.code
    return Amendment(Lies.PLAN, ("unit", code, key), to, f"đơn vị {code}", nominee.unit.source.at(key), now)


def scored(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """Points, index, class and places: as many points as they take."""
    unit = nominee.unit.code
    standing = known.standings.get(unit)
    if standing is None:
        return None
    if need.name == "class":
        scale = known.plan.scale(known.plan.head.class_scale or "")
        least = order_of_level(known.plan, need.value or "", known.plan.head.class_scale) or 0
        level = next((item for item in scale if item.order >= least + need.above and item.from_ is not None), None)
        return index_at_least(known, unit, Fraction(level.from_ or 0), False) if level else None
    if (need.name in ("rank", "rank_in_block")) is not (need.operator == "at_most"):
        return None
    if need.name == "points":
        return points_at_least(known, standing, need.number, need.above)
    if need.name == "index":
        return index_at_least(known, unit, need.number, need.above)
    if need.name == "rank_gain":
        return _gain(known, nominee, need)
    # One place better is alone at the place where others stand now.
    return to_overtake(known, unit, int(need.number), need.name == "rank_in_block", need.above)


def _gain(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    last, standing = nominee.unit.last_rank, known.standings[nominee.unit.code]
    gain = int(need.number) + need.above
    if last is not None:
        return to_overtake(known, nominee.unit.code, last - gain, True, False)
    if standing.rank_in_block is None:
        return index_at_least(known, nominee.unit.code, Fraction(0), False)
    made = of_unit(nominee, "last_rank", str(standing.rank_in_block + gain), "để trống")
    return (replace(made, example=True),)


def holding(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    """A component index given to the unit, which the plan states; its form then asks about it."""
    assigned = assign_index(known, nominee)
    return None if need.operator == "no" or assigned is None else (assigned, send_anew(nominee))


def dissolved(known: Known, nominee: Nominee, need: Need) -> Amendments | None:
    gone = nominee.unit.dissolved_on
    if gone is None or need.operator != "no":
        return None
    later = known.decided + timedelta(days=1)
    return (of_unit(nominee, "dissolved_on", date_text(later), date_text(gone)),)


REMEDIES: dict[str, Callable[[Known, Nominee, Need], Amendments | None]] = {
    **dict.fromkeys(("points", "index", "class", "rank", "rank_in_block", "rank_gain"), scored),
    **dict.fromkeys(("tasks_completed", "tasks_on_time"), tasks),
    **dict.fromkeys(("prior_awards", "prior_awards_by_decision"), awards),
    "has_index": holding,
    "dossier_complete": papers,
    "on_time": received,
    "priority": priority,
    "dissolved": dissolved,
}


def need_of(name: str, seen: Fact, above: bool, smaller_first: bool) -> Need:
    """To stand where somebody else stands in an order: as good a fact as theirs, or better."""
    if isinstance(seen.value, Fraction):
        return Need(name, "at_most" if smaller_first else "at_least", str(seen.value), above)
    return Need(name, "no" if seen.value == NO else "yes" if seen.value == YES else "level_at_least", seen.value, above)
