"""Every fact that a gate or a row may ask for has a remedy, which is tried: one more rule, one nominee it keeps out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from generate import TODAY
from test_explain import FAIR, SAMPLES, Campaign, campaign

from thidua_xlsx.model.office import COLLECTIVE, AwardGiven, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Gate, Quota, Unit
from thidua_xlsx.model.remedy import Lies, Way
from thidua_xlsx.model.results import Decision, Outcome
from thidua_xlsx.stages.judging.decide import decide
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.remedies.explain import explain
from thidua_xlsx.stages.remedies.proof_text import proof_lines
from thidua_xlsx.stages.remedies.settling import missing
from thidua_xlsx.stages.remedies.suppose import suppose

SAMPLE = "kim-phuong-2025"


@pytest.fixture(scope="module")
def one() -> Campaign:
    return campaign(SAMPLES / SAMPLE)


def rule(fact: str, operator: str, value: str | None = None, subject: str = "collective", **more: object) -> Gate:
    made = Gate(code="thu", subject=subject, fact=fact, operator=operator, value=value, clause="I", reason="Thử")
    return replace(made, **more)


def with_units(known: Known, **values: object) -> Known:
    return replace(known, plan=replace(known.plan, units=tuple(replace(unit, **values) for unit in known.plan.units)))


def with_rule(known: Known, gate: Gate) -> Known:
    return replace(known, plan=replace(known.plan, gates=(*known.plan.gates, gate)))


def award(unit: Unit, decided: date | None, number: int = 1) -> AwardGiven:
    place = Place("lich-su.xlsx", "S", f"A{number}")
    return AwardGiven(2025, "", "", COLLECTIVE, unit.code, "", None, "Giấy khen", "1", decided, place)


def kept_out(known: Known, before: Known) -> list[Decision]:
    """Who was fair before the rule and is not any more."""
    fair = {item.nominee for item in decide(before)[0] if item.outcome in FAIR}
    return [item for item in decide(known)[0] if item.outcome not in FAIR and item.nominee in fair]


def way_of(known: Known, decision: Decision) -> Way:
    person = decision.nominee.person
    proof = explain(known, decide(known)[0], (), decision.nominee.unit, person.order if person else None)
    assert proof
    assert proof.ways, decision.nominee.name
    return proof.ways[0]


GATES: list[tuple[Gate, Lies]] = [
    (rule("on_time", "yes"), Lies.RECEPTION),
    (rule("prior_awards", "at_least", "2", award="Giấy khen", from_year=2021, to_year=2025), Lies.REGISTER),
    (rule("prior_awards_by_decision", "at_least", "1", to_year=2025), Lies.REGISTER),
    (rule("tham-muu", "yes"), Lies.PLAN),
    (rule("rank", "at_most", "1"), Lies.POINTS),
    (rule("rank_in_block", "at_most", "1"), Lies.POINTS),
    (rule("index", "at_least", "99.9"), Lies.POINTS),
    (rule("class", "level_at_least", "xuat-sac"), Lies.POINTS),
    (rule("priority", "at_most", "1", "individual"), Lies.FORM),
    (rule("unit.index", "at_least", "99.9", "individual"), Lies.POINTS),
    (rule("unit.tham-muu", "yes", None, "individual"), Lies.PLAN),
]


@pytest.mark.parametrize(("gate", "lies"), GATES, ids=[f"{gate.fact}-{gate.subject}" for gate, _ in GATES])
def test_a_gate_more_is_passed_by_what_the_smallest_change_says(gate: Gate, lies: Lies, one: Campaign) -> None:
    units = tuple(replace(unit, traits=(*unit.traits, "tham-muu")) if not number else unit
                  for number, unit in enumerate(one.known.plan.units))  # fmt: skip
    before = replace(one.known, plan=replace(one.known.plan, units=units))
    if gate.fact == "on_time":
        counted = {
            code: replace(item, in_time=None, received=replace(item.received, received=None))
            for code, item in before.counted.items()
        }
        before = replace(before, counted=counted)
    known = with_rule(before, gate)
    found = kept_out(known, before)
    assert found
    for decision in found:
        way = way_of(known, decision)
        assert {item.lies for item in way.amendments} == {lies}
        assert way.outcome in FAIR


def test_points_can_be_found_up_to_what_applies_to_the_unit(one: Campaign) -> None:
    fair = [item.nominee.unit.code for item in decide(one.known)[0] if item.outcome in FAIR]
    standing = min((one.known.standings[code] for code in fair), key=lambda item: item.applicable)
    for value, reached in ((standing.applicable, True), (standing.applicable + 3, False)):
        known = with_rule(one.known, rule("points", "at_least", str(value)))
        found = next(item for item in kept_out(known, one.known) if item.nominee.unit.code == standing.unit.code)
        proof = explain(known, decide(known)[0], (), standing.unit, None)
        assert proof
        assert proof.decision == found
        assert bool(proof.ways) is reached
        assert ("Không giá trị nào" in "\n".join(proof_lines(proof))) is not reached


def test_a_line_too_many_in_the_register_is_taken_out(one: Campaign) -> None:
    awards = tuple(award(unit, TODAY, number) for number, unit in enumerate(one.known.plan.units))
    before = replace(one.known, register=Register(awards, True))
    known = with_rule(before, rule("prior_awards", "at_most", "0"))
    for decision in kept_out(known, before):
        (item,) = way_of(known, decision).amendments
        assert (item.lies, item.to) == (Lies.REGISTER, None)
        assert awards[int(item.place.cell[1:])].unit == decision.nominee.unit.code


def test_a_line_without_a_date_is_dated(one: Campaign) -> None:
    awards = tuple(award(unit, None, number) for number, unit in enumerate(one.known.plan.units))
    before = replace(one.known, register=Register(awards, True))
    known = with_rule(before, rule("prior_awards_by_decision", "at_least", "1", from_year=2025, to_year=2025))
    found = kept_out(known, before)
    assert {item.outcome for item in found} == {Outcome.UNPROVEN}
    for decision in found:
        (item,) = way_of(known, decision).amendments
        assert (item.lies, item.to) == (Lies.REGISTER, date(2025, 12, 31))


def test_a_unit_said_to_be_dissolved_is_mended_in_the_plan(one: Campaign) -> None:
    before = with_rule(one.known, rule("dissolved", "no"))
    known = with_units(before, dissolved_on=date(2025, 7, 1))
    found = kept_out(known, before)
    assert found
    for decision in found:
        (item,) = way_of(known, decision).amendments
        assert item.key == ("unit", decision.nominee.unit.code, "dissolved_on")


@pytest.mark.parametrize("last", [None, 9])
def test_places_gained_need_last_years_place_or_points(last: int | None, one: Campaign) -> None:
    before = with_units(one.known, last_rank=last)
    gained = {
        item.unit.code: replace(item, rank_gain=None if last is None else last - (item.rank_in_block or 0))
        for item in (replace(item, unit=replace(item.unit, last_rank=last)) for item in before.standings.values())
    }
    known = with_rule(replace(before, standings=gained), rule("rank_gain", "at_least", "8"))
    found = kept_out(known, before)
    assert found
    for decision in found:
        way = way_of(known, decision)
        assert {item.lies for item in way.amendments} == {Lies.PLAN if last is None else Lies.POINTS}
        assert way.outcome in FAIR


def quota(one: Campaign, subject: str) -> Quota:
    return next(item for item in one.plan.quotas if item.subject == subject)


def with_quota(known: Known, changed: Quota) -> Known:
    rows = tuple(changed if item.code == changed.code else item for item in known.plan.quotas)
    return replace(known, plan=replace(known.plan, quotas=rows))


def test_the_limit_of_a_row_is_met_with_points(one: Campaign) -> None:
    row = replace(quota(one, "collective"), within_fact="rank_in_block", within_operator="at_most", within_value="1")
    known = with_quota(one.known, row)
    found = kept_out(known, one.known)
    assert found
    for decision in found:
        way = way_of(known, decision)
        assert {item.lies for item in way.amendments} == {Lies.POINTS}
        assert way.outcome in FAIR


def test_a_row_for_another_block_is_opened(one: Campaign) -> None:
    known = with_quota(one.known, replace(quota(one, "collective"), blocks=("khac",)))
    other = replace(known.plan.blocks[0], code="khac", name="Khối khác")
    plan = replace(known.plan, blocks=(*known.plan.blocks, other))
    found = kept_out(replace(known, plan=plan), one.known)
    assert found
    (item,) = way_of(replace(known, plan=plan), found[0]).amendments
    assert item.key == ("quota", quota(one, "collective").code, "blocks")


def test_who_is_over_the_limit_of_a_unit_is_told_of_the_limit(one: Campaign) -> None:
    """With seats enough for all, one of a unit: the others stand behind their own colleague."""
    row = replace(quota(one, "individual"), seats=50, per_unit=1)
    rounds = tuple(replace(item, total_individuals=50) for item in one.plan.rounds)
    known = with_quota(replace(one.known, plan=replace(one.plan, rounds=rounds)), row)
    reserves = [item for item in decide(known)[0] if item.outcome is Outcome.RESERVE and item.nominee.person]
    assert reserves
    for decision in reserves:
        person = decision.nominee.person
        assert person
        proof = explain(known, decide(known)[0], (), decision.nominee.unit, person.order)
        assert proof
        keys = [[item.key[-1] for item in way.amendments] for way in proof.ways]
        assert keys[-1] == ["per_unit"]
        assert set(keys[0]) == {"Thứ tự"}


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_whoever_lacks_grounds_is_told_all_that_is_missing(sample: str) -> None:
    """Each has its lines, nobody else has; and once those values are there the grounds are no longer lacking."""
    known, result = campaign(SAMPLES / sample).known, campaign(SAMPLES / sample).result
    lacking = [item for item in result.decisions if item.outcome is Outcome.UNPROVEN]
    assert {item.nominee for item in result.settlings} == {item.nominee for item in lacking}
    for item in lacking:
        amendments = missing(known, item)
        assert amendments
        now = {one.nominee: one for one in decide(suppose(known, amendments))[0]}
        assert now[item.nominee].outcome is not Outcome.UNPROVEN, now[item.nominee].reasons
