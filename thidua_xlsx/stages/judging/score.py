"""Turns the counting answers of one unit, and the office's points, into exact points line by line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import SCORES
from thidua_xlsx.model.office import YEARLY_INDEX, Office
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Criterion, Plan, Round, Unit
from thidua_xlsx.model.results import LineScore, Standing
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.model.sums import exact_sum
from thidua_xlsx.model.wording import half_up
from thidua_xlsx.stages.forms.asking import answers_by_unit
from thidua_xlsx.stages.intake.row_rules import claim_of, figures_of
from thidua_xlsx.stages.judging.scoring_methods import NOTHING, OUTSIDE, NotApplicable, compute, exact


def score_line(line: Criterion, unit: Unit, given: Submission, office: Office) -> LineScore:
    """One leaf: what was claimed, what the figures give, what the office found; the office's points count."""
    row = given.places.get((SCORES, line.code))
    first, second = figures_of(row) if row else (None, None)
    claimed = claim_of(row) if row else None
    asked = answers_by_unit(line.who_answers) and line.method != "survey"
    computed = compute(line, first, second, claimed) if asked and row else None
    applicable = line.code not in unit.not_applicable and not isinstance(computed, NotApplicable)
    own = None if isinstance(computed, NotApplicable) else computed
    said = office.points.get((unit.code, line.code))
    appraised = said.value if said and isinstance(said.value, Decimal) else None
    points = own if appraised is None else exact(appraised)
    return LineScore(
        line,
        claimed,
        own,
        appraised,
        points if applicable else None,
        applicable,
        said.why if said else "",
    )


def total(scores: tuple[LineScore, ...]) -> tuple[Fraction | None, Fraction]:
    """(points, applicable points); bonus and malus lie outside the scale; None while any line is unknown."""
    inside = [score for score in scores if score.applicable and score.line.method not in OUTSIDE]
    applicable = exact_sum(exact(score.line.max) for score in inside)
    counting = [(score.line.method, score.points) for score in scores if score.applicable]
    known = [(method, points) for method, points in counting if points is not None]
    if len(known) < len(counting):
        return None, applicable
    signed = exact_sum(-points if method == "malus" else points for method, points in known)
    return max(NOTHING, signed), applicable


def claimed_total(scores: tuple[LineScore, ...]) -> Decimal | None:
    """The sum of the unit's own claims (points), malus subtracted; None when it claimed nothing."""
    claims = [
        -score.claimed if score.line.method == "malus" else score.claimed
        for score in scores
        if score.claimed is not None
    ]
    return sum(claims, Decimal(0)) if claims else None


def ranked_index(plan: Plan, round_: Round, unit: Unit, own: Fraction | None, office: Office) -> Fraction | None:
    """The index that ranks (%): this return's, the office's published one, or the mean of the period's years."""
    if round_.rank_source == "this_return":
        return own
    last = plan.years_of(round_)[1]
    first = last if round_.rank_source == "office" else round_.from_year
    yearly = [office.points.get((unit.code, f"{YEARLY_INDEX}{year}")) for year in range(first, last + 1)]
    values = [Fraction(item.value) if item and isinstance(item.value, Decimal) else None for item in yearly]
    if round_.rank_source == "mean_of_years" and values and values[-1] is None:
        values[-1] = own
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known and len(known) == len(values) else None


def score(
    plan: Plan, round_: Round, unit: Unit, given: Submission, office: Office
) -> tuple[Standing, tuple[Finding, ...]]:
    """One unit's points, not yet ranked; lines that wait for the office are one warning."""
    scores = tuple(score_line(line, unit, given, office) for line in plan.criteria_of(round_, unit) if line.method)
    points, applicable = total(scores)
    own = points / applicable * 100 if points is not None and applicable else None
    standing = Standing(
        unit, scores, claimed_total(scores), points, applicable, ranked_index(plan, round_, unit, own, office)
    )
    findings: list[Finding] = []
    decimals = plan.head.decimals
    waiting = [item.line.code for item in scores if item.applicable and item.points is None]
    if waiting:
        findings.append(finding(Code.POINTS_MISSING, Place(given.file), unit=unit.code, rows=", ".join(waiting)))
    for item in scores:
        given_points = office.points.get((unit.code, item.line.code))
        if (
            given_points
            and item.computed is not None
            # as both are printed: nobody can type a third of a point
            and half_up(Fraction(item.appraised or 0), decimals) != half_up(item.computed, decimals)
            and not given_points.reason
        ):
            findings.append(
                finding(Code.APPRAISAL_WITHOUT_REASON, given_points.place, unit=unit.code, value=item.appraised)
            )
    return standing, tuple(findings)
