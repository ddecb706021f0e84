"""Turns a plan into the findings about its scorecards: sums, totals, methods, parents and cycles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.plan import Criterion, Plan, applies
from thidua_xlsx.stages.judging.scoring_methods import OUTSIDE
from thidua_xlsx.stages.plans.fact_names import contexts
from thidua_xlsx.stages.plans.lint_methods import parameter_faults, shown
from thidua_xlsx.stages.plans.plan_faults import contradiction, incomplete

FULL_SCALE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The lines that some blocks see in some rounds. A line counts inside the 100 unless it is a bonus or malus."""

    lines: tuple[Criterion, ...]
    rounds: tuple[str, ...]
    blocks: tuple[str, ...]

    def children(self, parent: str | None) -> tuple[Criterion, ...]:
        return tuple(line for line in self.lines if line.parent == parent)

    def parents(self) -> frozenset[str]:
        return frozenset(line.parent for line in self.lines if line.parent)


def scorecards(plan: Plan) -> Iterator[Scorecard]:
    """Every different scorecard once, with the rounds and blocks that see it; none that runs in a circle."""
    seen: dict[tuple[int, ...], list[tuple[str, str]]] = {}
    for round_, block in contexts(plan):
        lines = tuple(
            number
            for number, line in enumerate(plan.criteria)
            if applies(line.rounds, round_.code) and applies(line.blocks, block.code)
        )
        seen.setdefault(lines, []).append((round_.code, block.code))
    circular = circular_codes(plan)
    for numbers, where in seen.items():
        lines_seen = tuple(plan.criteria[number] for number in numbers)
        rounds, blocks = (tuple(dict.fromkeys(codes)) for codes in zip(*where, strict=True))
        if lines_seen and circular.isdisjoint(line.code for line in lines_seen):
            yield Scorecard(lines_seen, rounds, blocks)


def points_of(lines: tuple[Criterion, ...]) -> Decimal:
    return sum((line.max for line in lines if line.method not in OUTSIDE), Decimal(0))


def sums(plan: Plan) -> Iterator[Finding]:
    """A parent's maximum is the sum of what is below it."""
    for card in scorecards(plan):
        parents = card.parents()
        for line in card.lines:
            if line.code not in parents:
                continue
            total = points_of(card.children(line.code))
            if total != line.max:
                yield finding(
                    Code.PLAN_SUM, line.source.at("max"), value=line.code, total=shown(total), maximum=shown(line.max)
                )


def totals(plan: Plan) -> Iterator[Finding]:
    """A scorecard adds up to 100. When its fields or its leaves do, the fault is a sum's between them."""
    for card in scorecards(plan):
        parents = card.parents()
        fields = tuple(line for line in card.lines if line.parent is None)
        leaves = tuple(line for line in card.lines if line.code not in parents)
        if FULL_SCALE in (points_of(fields), points_of(leaves)):
            continue
        yield finding(
            Code.PLAN_TOTAL,
            (fields or card.lines)[0].source.at("max"),
            value=", ".join(card.blocks),
            block=", ".join(card.blocks),
            round=", ".join(card.rounds),
            total=shown(points_of(leaves)),
        )


def shapes(plan: Plan) -> Iterator[Finding]:
    """A line that is scored has a method and nothing below; every other line has lines below and no method."""
    everywhere = {line.code for line in plan.criteria}
    for card in scorecards(plan):
        parents, codes = card.parents(), {line.code for line in card.lines}
        for line in card.lines:
            named = f"«{line.code}»"
            if line.code in parents and line.method:
                yield contradiction(line, "method", f"Tiêu chí {named} có dòng con nên không ghi cách tính")
            if line.code not in parents and not line.method:
                yield incomplete(line, "method", f"Tiêu chí {named} không có dòng con nên phải ghi cách tính")
            if line.parent and line.method in OUTSIDE:
                yield contradiction(
                    line, "parent", f"Điểm thưởng, điểm trừ {named} nằm ngoài thang điểm nên không có cấp trên"
                )
            elif line.parent in everywhere - codes:
                yield contradiction(
                    line,
                    "parent",
                    f"Tiêu chí {named} áp dụng ở đợt «{', '.join(card.rounds)}», "
                    f"khối «{', '.join(card.blocks)}» mà cấp trên «{line.parent}» thì không",
                )


def circular_codes(plan: Plan) -> frozenset[str]:
    """The codes that are found again by going up from them."""
    parents: dict[str, set[str]] = {}
    for line in plan.criteria:
        if line.parent:
            parents.setdefault(line.code, set()).add(line.parent)
    found = set()
    for code in parents:
        above: set[str] = set()
        waiting = list(parents[code])
        while waiting:
            if (parent := waiting.pop()) not in above:
                above.add(parent)
                waiting += parents.get(parent, ())
        if code in above:
            found.add(code)
    return frozenset(found)


def cycles(plan: Plan) -> Iterator[Finding]:
    """No line is above itself."""
    circular = circular_codes(plan)
    for line in plan.criteria:
        if line.parent and line.code in circular:
            yield finding(Code.PLAN_CYCLE, line.source.at("parent"), value=line.code)


def methods(plan: Plan) -> Iterator[Finding]:
    """The parameters of each scored line say one complete rule, in order, within its maximum."""
    for line in plan.criteria:
        for detail in parameter_faults(line):
            yield finding(Code.PLAN_THRESHOLDS, line.source.at("parameters"), value=line.code, detail=detail)
