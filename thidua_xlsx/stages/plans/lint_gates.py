"""Turns a plan into the findings about its conditions: operators, values, orders, prior awards, alternatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import UNIT_PREFIX
from thidua_xlsx.model.plan import DossierItem, Gate, Plan, Quota
from thidua_xlsx.stages.plans.fact_names import PRIOR_AWARDS, TYPES, FactName, fact_named, speaks_of_indices
from thidua_xlsx.stages.plans.lint_methods import number_in
from thidua_xlsx.stages.plans.plan_faults import contradiction, incomplete, misdated
from thidua_xlsx.stages.plans.plan_values import shown, suggestion

RISEN = "above_last_year_or_at_max"
YES_NO = ("yes", "no")
# Which operators fit a fact's type. A rank has no «at_least»: the first is the best, so it would be misread.
FITTING: dict[str, tuple[str, ...]] = {
    "yes_no": YES_NO,
    "number": ("at_least", "at_most"),
    "percent": ("at_least", "at_most"),
    "count": ("at_least", "at_most"),
    "rank": ("at_most",),
    "level": ("level_at_least",),
    "index": (RISEN,),
    "indices": (RISEN,),
    "date": (),
    "text": (),
}
BEST_FIRST = " (hạng 1 là cao nhất)"
NO_CLASS_SCALE = "bảng Kế hoạch (plan) chưa ghi thang xếp loại chỉ số (class_scale)"
ORDERABLE = ("yes_no", "number", "percent", "count", "rank", "level")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A fact, an operator and a value, under the keys where a gate or a quota row writes them."""

    row: Gate | Quota
    keys: tuple[str, str, str]
    fact: str
    operator: str | None
    value: str | None

    def fault(self, key: int, detail: str) -> Finding:
        return finding(
            Code.PLAN_OPERATOR,
            self.row.source.at(self.keys[key]),
            value=self.operator or "",
            fact=self.fact,
            detail=detail,
        )


def operators(plan: Plan) -> Iterator[Finding]:
    """An operator fits its fact's type and has the value it needs."""
    for gate in plan.gates:
        yield from compared(plan, Comparison(gate, ("fact", "operator", "value"), gate.fact, gate.operator, gate.value))
    for quota in plan.quotas:
        limit = Comparison(
            quota,
            ("within_fact", "within_operator", "within_value"),
            quota.within_fact or "",
            quota.within_operator,
            quota.within_value,
        )
        if quota.within_fact and quota.within_operator:
            yield from compared(plan, limit)
        elif quota.within_fact or quota.within_operator or quota.within_value:
            yield incomplete(
                quota,
                "within_operator" if quota.within_fact else "within_fact",
                f"Giới hạn của dòng số lượng «{quota.code}» phải có cả dữ kiện và phép so",
            )


def compared(plan: Plan, made: Comparison) -> Iterator[Finding]:
    fact = fact_named(plan, made.fact, made.row.subject)
    if fact is None:
        return
    fitting = FITTING[fact.type]
    if fact.index:
        fitting = (*fitting, *FITTING["number"])
    if made.operator not in fitting:
        fits = f"dùng {' hoặc '.join(fitting)}" if fitting else "không so sánh được"
        yield made.fault(1, f"dữ kiện kiểu {TYPES[fact.type]} {fits}{BEST_FIRST if fact.type == 'rank' else ''}")
    elif made.operator in ("at_least", "at_most"):
        yield from _numeric(made, fact)
    elif made.operator == "level_at_least":
        yield from _level(plan, made, fact)
    elif made.value is not None:
        yield made.fault(2, "phép so này không cần giá trị")


def _numeric(made: Comparison, fact: FactName) -> Iterator[Finding]:
    number = number_in(made.value or "")
    if made.value is None:
        yield made.fault(2, "thiếu giá trị để so")
    elif number is None:
        yield made.fault(2, f"«{shown(made.value)}» không phải số; viết phần thập phân sau dấu chấm, ví dụ 12.5")
    elif fact.type == "percent" and not 0 <= number <= 100:
        yield made.fault(2, "tỷ lệ % phải từ 0 đến 100")


def _level(plan: Plan, made: Comparison, fact: FactName) -> Iterator[Finding]:
    levels = plan.scale(fact.scale or "")
    if fact.name == "class" and not fact.scale:
        yield incomplete(made.row, made.keys[0], f"«{made.row.code}» xét xếp loại theo chỉ số mà {NO_CLASS_SCALE}")
    elif levels and made.value not in {level.code for level in levels}:
        meant = {level.code: level.code for level in levels} | {level.label: level.code for level in levels}
        wrong = f"«{shown(made.value)}» không phải mã mức" if made.value else "thiếu mã mức"
        near = suggestion(made.value, meant) if made.value else ""
        codes = ", ".join(level.code for level in levels)
        yield made.fault(2, f"{wrong} của thang «{fact.scale}»{near} (các mức: {codes})")


def conditions(plan: Plan) -> Iterator[Finding]:
    """``when`` is a yes/no fact; ``scope`` narrows ``indices`` only; an order needs facts that have one."""
    for gate in plan.gates:
        condition = fact_named(plan, gate.when, gate.subject) if gate.when else None
        if condition and condition.type != "yes_no":
            kind = f"kiểu {TYPES[condition.type]}"
            yield contradiction(gate, "when", f"«Chỉ xét khi» cần dữ kiện Có/Không mà «{gate.when}» là {kind}")
        if gate.scope != "all" and not speaks_of_indices(gate):
            yield contradiction(gate, "scope", f"«Phạm vi» chỉ dùng với dữ kiện indices, không dùng với «{gate.fact}»")
    for quota in plan.quotas:
        for name in quota.order_by:
            fact = fact_named(plan, name, quota.subject)
            if fact and fact.type not in ORDERABLE and not fact.index:
                kind = f"kiểu {TYPES[fact.type]}"
                yield contradiction(quota, "order_by", f"«{name}» là dữ kiện {kind} nên không xếp thứ tự được")


def prior_awards(plan: Plan) -> Iterator[Finding]:
    """Counting awards needs the form's name as the plan writes it, and the years."""
    forms = {name: name for name in (*(row.award for row in plan.quotas), *(row.award for row in plan.awards))}
    for gate in plan.gates:
        if gate.fact.removeprefix(UNIT_PREFIX) not in PRIOR_AWARDS:
            continue
        for key in ("award", "from_year", "to_year"):
            if getattr(gate, key) is None:
                yield incomplete(
                    gate, key, f"Điều kiện «{gate.code}» đếm số lần khen nên phải ghi hình thức khen, từ năm, đến năm"
                )
        if gate.award and gate.award not in forms:
            yield finding(
                Code.PLAN_UNKNOWN_CODE,
                gate.source.at("award"),
                value=gate.award,
                key="Hình thức khen (award)",
                table="Số lượng (quota) hoặc Mức thưởng (award)",
                suggestion=suggestion(gate.award, forms),
            )
        if gate.from_year and gate.to_year and gate.from_year > gate.to_year:
            yield misdated(
                gate, "to_year", f"Điều kiện «{gate.code}» có đến năm {gate.to_year} trước từ năm {gate.from_year}"
            )


def lone_alternatives(plan: Plan) -> Iterator[Finding]:
    """A group of alternatives with one member is a mistyped group."""
    groups: dict[tuple[str, str], list[Gate | DossierItem]] = {}
    rows: list[Gate | DossierItem] = [*plan.gates, *plan.dossiers]
    for row in rows:
        if row.any_of:
            groups.setdefault((row.subject if isinstance(row, Gate) else "dossier", row.any_of), []).append(row)
    for (_, name), members in groups.items():
        if len(members) == 1:
            others = {other: other for _, other in groups if other != name}
            yield contradiction(
                members[0],
                "any_of",
                f"Nhóm thay thế «{name}» chỉ có một dòng «{members[0].code}»{suggestion(name, others)}",
            )
