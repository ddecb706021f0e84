"""Turns the invented returns into what the standing body knows of them: points, answers for all, confirmations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from thidua_xlsx.model.demo import DemoReturn, Part, Role
from thidua_xlsx.model.form import INFORMATION, NO, YES
from thidua_xlsx.model.office import CHOSEN, EVERY, YEARLY_INDEX, Given
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Plan, Question, Round, applies
from thidua_xlsx.stages.demo.figures import Scorecard, decimal, nearest_quarter
from thidua_xlsx.stages.demo.replies import bad, good
from thidua_xlsx.stages.forms.asking import answers_by_unit
from thidua_xlsx.stages.judging.scoring_methods import OUTSIDE

LOWERED = "Tài liệu kiểm chứng chưa đủ"
CONFIRMED = "Đã đối chiếu"
REPORTED = "Đang xác minh đơn thư"
Key = tuple[str, str, str]


def given(value: Decimal | str, reason: str = "") -> Given:
    return Given(value, reason, NOWHERE)


def points(
    plan: Plan, round_: Round, roles: Sequence[Role], cards: Mapping[str, Scorecard], seed: int
) -> dict[tuple[str, str], Given]:
    """Survey points and what else only the office gives; here and there a claim lowered, with its reason."""
    found: dict[tuple[str, str], Given] = {}
    for role in roles:
        code, chance = role.unit.code, Random(f"{seed}/points/{role.unit.code}")
        lines = [line for line in plan.criteria_of(round_, role.unit) if line.code in cards[code]]
        for line in lines:
            worth = cards[code][line.code].points
            if worth is not None and (line.method == "survey" or not answers_by_unit(line.who_answers)):
                found[code, line.code] = given(decimal(worth, 2))
        lowerable = [
            line
            for line in lines
            if (code, line.code) not in found
            and line.method not in OUTSIDE
            and (cards[code][line.code].points or 0) >= 1
        ]
        if role.part not in (Part.CONTENDER, Part.NOT_RETURNED) and lowerable and chance.random() < 0.4:
            line = chance.choice(lowerable)
            worth = cards[code][line.code].points or Fraction(0)
            found[code, line.code] = given(nearest_quarter(worth / 2), LOWERED)
    return found | published(plan, round_, roles, seed)


def published(plan: Plan, round_: Round, roles: Sequence[Role], seed: int) -> dict[tuple[str, str], Given]:
    """Published indices of the years, where the round ranks by them."""
    if round_.rank_source == "this_return":
        return {}
    last = plan.years_of(round_)[1]
    years = range(last if round_.rank_source == "office" else round_.from_year, last + 1)
    found = {}
    for role in roles:
        chance = Random(f"{seed}/published/{role.twin or role.unit.code}")
        for year in years:
            value = role.quality * 100 - (Fraction(chance.randrange(200), 100) if year != last else 0)
            found[role.unit.code, f"{YEARLY_INDEX}{year}"] = given(decimal(max(value, Fraction(30)), 2))
    return found


def answers(
    plan: Plan,
    round_: Round,
    roles: Sequence[Role],
    returns: Sequence[DemoReturn],
    indices: Mapping[str, Decimal],
    seed: int,
) -> dict[Key, Given]:
    """One answer for everybody where only the office answers, exceptions by name, contenders confirmed."""
    found: dict[Key, Given] = {}
    chance = Random(f"{seed}/office")
    for question in plan.questions:
        if question.who_answers != "office" or not applies(question.rounds, round_.code):
            continue
        asked = [role for role in roles if applies(question.blocks, role.unit.block)]
        if not asked:
            continue
        value = good(plan, round_, asked[0].unit, question, chance)
        if isinstance(value, str | Decimal):
            found[EVERY, EVERY if question.subject == "individual" else "", question.code] = given(value)
        found |= exception(plan, round_, question, asked)
    for item in plan.indices:
        if item.code in indices and not answers_by_unit(item.who_answers):
            holders = (EVERY,) if EVERY in item.units else item.units
            found |= {(holder, "", item.code): given(indices[item.code]) for holder in holders}
    return found | confirmations(plan, round_, roles, returns)


def exception(plan: Plan, round_: Round, question: Question, asked: Sequence[Role]) -> dict[Key, Given]:
    """One unit of those that fail something is answered otherwise, with the reason."""
    failing = [role for role in asked if role.part is Part.FAILS]
    value = bad(plan, round_, question)
    if question.subject != "collective" or question.type != "yes_no" or value is None or len(failing) < 3:
        return {}
    return {(failing[-1].unit.code, "", question.code): given(str(value), REPORTED)}


def confirmations(plan: Plan, round_: Round, roles: Sequence[Role], returns: Sequence[DemoReturn]) -> dict[Key, Given]:
    """What contenders say of themselves, confirmed; of all others it stays "tự khai"."""
    contenders = {role.unit.code for role in roles if role.part is Part.CONTENDER}
    found: dict[Key, Given] = {}
    for item in returns:
        if item.unit.code not in contenders:
            continue
        for question in plan.questions_of(round_, item.unit, "collective"):
            value = item.answers.get((INFORMATION, question.code, "Trả lời"))
            if question.who_answers == "both" and isinstance(value, str | Decimal):
                found[item.unit.code, "", question.code] = given(value, CONFIRMED)
    return found


def chosen(unit: str, other: str, order: int, other_order: int) -> dict[Key, Given]:
    """Whom two units put forward counts for the first."""
    return {(unit, str(order), CHOSEN): given(YES), (other, str(other_order), CHOSEN): given(NO)}
