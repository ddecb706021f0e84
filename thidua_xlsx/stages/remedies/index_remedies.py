"""Turns an index that has not risen, is not known or is nobody's into the values that would let it count."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from thidua_xlsx.model.form import INDICES, INFORMATION, PEOPLE
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.office import EVERY
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Gate, Index, Question, applies
from thidua_xlsx.model.remedy import Amendment, Amendments, Lies
from thidua_xlsx.model.results import Nominee
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.forms.asking import index_option
from thidua_xlsx.stages.judging.facts import answer_mark, fact, indices_asked
from thidua_xlsx.stages.judging.index_facts import index_told, year_on_year
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.remedies.form_remedies import send_anew

HUNDREDTH = Decimal("0.01")


def raise_indices(known: Known, nominee: Nominee, gate: Gate) -> Amendments | None:
    """Every index of the gate's scope above last year, or one where one is enough."""
    name = gate.fact.removeprefix(UNIT_PREFIX)
    if name == "indices":
        items = indices_asked(known, nominee, gate.scope)
    else:
        named = fact(known, nominee, name).value
        items = tuple(item for item in known.plan.indices if item.code in (name, named))
    if not items:
        return _name_one(known, nominee, None if name == "indices" else name)
    failing = [item for item in items if not year_on_year(known, nominee.unit.code, item).risen(gate.compare)]
    made = [_raise(known, nominee, item, gate.compare) for item in failing]
    if gate.scope == "any":
        return next((one for one in made if one is not None), None)
    return None if None in made else tuple(item for one in made if one for item in one)


def _raise(known: Known, nominee: Nominee, item: Index, compare: str) -> Amendments | None:
    """Last year's result, or the scale it is counted in, where the plan lacks it; then this year's."""
    made = []
    seen = year_on_year(known, nominee.unit.code, item)
    last_max = item.last_max if item.last_max is not None else item.max
    last = item.last_value
    if last is None:
        last = max(Decimal(0), _decimal(seen.this_year) - HUNDREDTH) if seen.this_year is not None else Decimal(0)
        made.append(of_plan(item, "last_value", _typed(last), "kết quả năm trước", "để trống", example=True))
    if compare == "points" and last_max != item.max:
        last_max = item.max
        made.append(of_plan(item, "last_max", _typed(item.max), "điểm tối đa năm trước", _typed(item.last_max)))
        if last > item.max:
            last = item.max
            made.append(of_plan(item, "last_value", _typed(last), "kết quả năm trước", _typed(item.last_value)))
    least = Fraction(last) if compare == "points" else Fraction(last) / Fraction(last_max) * Fraction(item.max)
    wanted = min(item.max, _decimal(least).quantize(HUNDREDTH, ROUND_FLOOR) + HUNDREDTH)
    risen = seen.this_year is not None and (seen.this_year > least or seen.this_year == least == item.max)
    if least > item.max:
        return None
    return tuple(made) if risen else (*made, _this_year(known, nominee, item, wanted))


def _this_year(known: Known, nominee: Nominee, item: Index, wanted: Decimal) -> Amendment:
    """This year's value where it lies: the office's line, or the cell of the unit that holds the index."""
    unit = nominee.unit.code
    told = index_told(known, unit, item)
    if told is None and EVERY not in item.units:
        unit = next((code for code in item.units if index_told(known, code, item)), item.units[0])
        told = index_told(known, unit, item)
    label = f"{item.name}, năm nay"
    now = "để trống" if told is None or told.this_year is None else vietnamese(told.this_year, 4)
    given = known.office.answer(unit, "", item.code)
    if given is None and told is not None and told.place:
        return Amendment(Lies.FORM, (unit, INDICES, item.code, "Năm nay"), wanted, label, told.place, now)
    own = (unit, "", item.code) in known.office.answers
    place = given.place if given and own else NOWHERE
    return Amendment(Lies.ANSWERS, (unit, "", item.code), wanted, label, place, now)


def _name_one(known: Known, nominee: Nominee, question_code: str | None) -> Amendments | None:
    """The answer that names an index; for a unit that holds none, an index given to it."""
    asked: list[Question] = [
        item
        for item in known.plan.questions_of(known.round, nominee.unit, nominee.subject)
        if item.type == "index" and question_code in (None, item.code)
    ]
    counted = known.counted.get(nominee.unit.code)
    chosen = choose_index(known)
    for question in asked if chosen else ():
        mark = answer_mark(counted.submission if counted else None, nominee, question)
        person = nominee.person
        label = f"«{question.label}»"
        if mark:
            sheet, code, header = (
                (PEOPLE, str(person.order), question.label) if person else (INFORMATION, question.code, "Trả lời")
            )
            key = (nominee.unit.code, sheet, code, header)
            return (Amendment(Lies.FORM, key, chosen, label, mark.place, "để trống", example=True),)
        order = str(person.order) if person and person.order is not None else ""
        return (
            Amendment(
                Lies.ANSWERS, (nominee.unit.code, order, question.code), chosen, label, now="để trống", example=True
            ),
        )
    assigned = assign_index(known, nominee)
    return (assigned, send_anew(nominee)) if assigned else None


def choose_index(known: Known) -> str | None:
    """An index to name: one that has risen, if there is one."""
    items = [item for item in known.plan.indices if applies(item.rounds, known.round.code)]
    risen = [item for item in items if any(year_on_year(known, code, item).risen("percent") for code in item.units)]
    return next((index_option(item) for item in (*risen, *items)), None)


def assign_index(known: Known, nominee: Nominee) -> Amendment | None:
    """A component index given to the unit too, by the plan; one with last year's result if there is one."""
    items = [item for item in known.plan.indices if applies(item.rounds, known.round.code) and EVERY not in item.units]
    items.sort(key=lambda item: item.last_value is None)
    if not items:
        return None
    units = "; ".join((*items[0].units, nominee.unit.code))
    label = f"giao cho đơn vị {nominee.unit.code} phụ trách"
    return of_plan(items[0], "units", units, label, "; ".join(items[0].units), example=True)


def of_plan(item: Index, key: str, to: str, label: str, now: str, example: bool = False) -> Amendment:
    return Amendment(
        Lies.PLAN, ("index", item.code, key), to, f"{item.name}: {label}", item.source.at(key), now, example
    )


def _decimal(value: Fraction | None) -> Decimal:
    value = value or Fraction(0)
    return Decimal(value.numerator) / Decimal(value.denominator)


def _typed(value: Decimal | None) -> str:
    """A number as it is typed into a plan."""
    return "để trống" if value is None else format(value, "f").replace(".", ",")
