"""Turns a plan into the findings about its codes: undeclared, doubled, badly formed, out of bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.form import NOMINATES_ITSELF
from thidua_xlsx.model.language import BY_NAME, FACTS, TABLES, Holds, Key, Table
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.forms.lay_out_scores import TOTAL_ROW
from thidua_xlsx.stages.plans.plan_faults import doubled, incomplete, misshaped, reserved, undeclared

EVERYONE = "*"
ASCII_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
EMAIL = re.compile(r"[^@\s;,<>()]+@[^@\s;,<>()]+\.[^@\s;,<>().]+")
# Names that Windows gives to devices: no file of a unit can be called so.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
MOST_DECIMALS = 6
BUILT_IN, TOTAL_LINE = "tên có sẵn của chương trình", "dòng tổng điểm của phiếu"


def key_of(table: str, name: str) -> Key:
    key = BY_NAME[table].key(name)
    assert key is not None
    return key


def codes_of(plan: Plan, refers: str) -> dict[str, str]:
    """The codes that a key referring to this table may list ("scale": the scales of table ``level``)."""
    codes = [level.scale for level in plan.levels] if refers == "scale" else [row.code for row in plan.table(refers)]
    return {code: code for code in codes}


def unknown_codes(refers: str) -> Callable[[Plan], Iterator[Finding]]:
    """The rule that every code referring to this table is declared there."""
    keys = [(table, key) for table in TABLES for key in table.keys if key.refers == refers]

    def rule(plan: Plan) -> Iterator[Finding]:
        known = codes_of(plan, refers)
        for table, key in keys:
            for row in plan.table(table.name):
                held = getattr(row, key.field)
                for code in held if isinstance(held, tuple) else (held,) if held else ():
                    if code not in known:
                        yield undeclared(row, key, code, known, "level" if refers == "scale" else refers)

    return rule


def unknown_index_units(plan: Plan) -> Iterator[Finding]:
    """An index is given to units of the plan, or to everyone by ``*``; to nobody is a slip."""
    known = codes_of(plan, "unit")
    for index in plan.indices:
        if not index.units:
            yield incomplete(index, "units", f"Chỉ số «{index.code}» chưa ghi đơn vị phụ trách (dấu * là mọi đơn vị)")
        for code in index.units:
            if code not in known and code != EVERYONE:
                yield undeclared(index, key_of("index", "units"), code, known, "unit")


def not_applicable_elsewhere(plan: Plan) -> Iterator[Finding]:
    """A line left out for a unit must stand on the scorecard of that unit's block."""
    blocks: dict[str, list[tuple[str, ...]]] = {}
    for line in plan.criteria:
        blocks.setdefault(line.code, []).append(line.blocks)
    for unit in plan.units:
        for code in unit.not_applicable:
            if code in blocks and not _on_scorecard(unit.block, blocks[code]):
                own = {code: code for code, lists in blocks.items() if _on_scorecard(unit.block, lists)}
                yield undeclared(unit, key_of("unit", "not_applicable"), code, own, "criterion")


def _on_scorecard(block: str, lists: list[tuple[str, ...]]) -> bool:
    return any(not its or block in its for its in lists)


# What makes two rows of a table the same: the key that names the row, the values that must agree as well,
# and the lists (rounds, blocks) that must share an item.
IDENTITY: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "round": ("code", (), ()),
    "block": ("code", (), ()),
    "unit": ("code", (), ()),
    "index": ("code", (), ()),
    "task": ("code", (), ()),
    "note": ("code", (), ()),
    "level": ("code", ("scale",), ()),
    "criterion": ("code", (), ("rounds", "blocks")),
    "question": ("code", ("subject",), ()),
    "dossier": ("code", (), ("rounds",)),
    "gate": ("code", ("subject",), ("rounds",)),
    "quota": ("code", (), ("rounds",)),
    "award": ("from", ("award", "subject"), ()),
    "base_salary": ("from", (), ()),
}


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def duplicates(plan: Plan) -> Iterator[Finding]:
    """The second of two rows that say they are the same; letters' case makes no difference."""
    for name, (named, agreeing, sharing) in IDENTITY.items():
        table = BY_NAME[name]
        seen: dict[tuple[str, ...], list[Any]] = {}
        for row in plan.table(name):
            same = seen.setdefault(tuple(_identity(table, row, key) for key in (named, *agreeing)), [])
            for other in same:
                if all(_overlap(getattr(other, key), getattr(row, key)) for key in sharing):
                    yield doubled(row, named, date_text(row.from_) if named == "from" else row.code, other)
                    break
            same.append(row)


def _identity(table: Table, row: Any, name: str) -> str:
    return fold(str(getattr(row, key_of(table.name, name).field)))


def doubled_levels(plan: Plan) -> Iterator[Finding]:
    """Within a scale, no two levels share a label or a place in the order."""
    for key in ("label", "order"):
        seen: dict[tuple[str, str], Any] = {}
        for level in plan.levels:
            other = seen.setdefault((level.scale, fold(str(getattr(level, key)))), level)
            if other is not level:
                yield doubled(level, key, getattr(level, key), other)


def ambiguous_names(plan: Plan) -> Iterator[Finding]:
    """A question, an index and a trait that share a name, or the name of a built-in fact, cannot be told apart."""
    taken: dict[str, Any] = {}
    for question in plan.questions:
        if question.code in FACTS or question.code == NOMINATES_ITSELF:
            yield reserved(question, "code", question.code, BUILT_IN)
        taken.setdefault(question.code, question)
    for index in plan.indices:
        if index.code in FACTS:
            yield reserved(index, "code", index.code, BUILT_IN)
        elif index.code in taken:
            yield doubled(index, "code", index.code, taken[index.code])
    taken |= {index.code: index for index in plan.indices}
    for unit in plan.units:
        for trait in unit.traits:
            if trait in FACTS:
                yield reserved(unit, "traits", trait, BUILT_IN)
            elif trait in taken:
                yield doubled(unit, "traits", trait, taken[trait], "code")


def reserved_lines(plan: Plan) -> Iterator[Finding]:
    """The form's own total row has a code too."""
    for line in plan.criteria:
        if fold(line.code) == fold(TOTAL_ROW):
            yield reserved(line, "code", line.code, TOTAL_LINE)


def misshapen(plan: Plan) -> Iterator[Finding]:
    """Codes that become names of files, stamps and folders are plain ASCII; an address has the shape of one."""
    shaped: list[tuple[str, str, Any]] = [("plan", "id", plan.head)]
    shaped += [("round", "code", row) for row in plan.rounds] + [("unit", "code", row) for row in plan.units]
    for table, name, row in shaped:
        code = getattr(row, name)
        if code and not ASCII_CODE.fullmatch(code):
            yield misshaped(row, key_of(table, name), "chữ cái không dấu, chữ số và gạch nối")
        if code.lower() in DEVICES:
            yield misshaped(row, key_of(table, name), "mã khác, vì Windows không cho đặt tên tệp như vậy")
    for unit in plan.units:
        if unit.email and not EMAIL.fullmatch(unit.email):
            yield misshaped(unit, key_of("unit", "email"), "một địa chỉ thư điện tử, ví dụ vhxh@example.vn")


# A question may ask for what is below zero; a maximum or a number of seats of nothing is a slip.
MAY_BE_NEGATIVE = {("question", "min"), ("question", "max"), ("level", "order")}
ABOVE_ZERO = {
    ("criterion", "max"),
    ("index", "max"),
    ("index", "last_max"),
    ("quota", "seats"),
    ("quota", "per_unit"),
    ("unit", "last_rank"),
    ("base_salary", "amount"),
    ("dossier", "sets"),
}
BOUNDED = [
    (table, key)
    for table in TABLES
    for key in table.keys
    if key.holds in (Holds.INTEGER, Holds.NUMBER) and (table.name, key.name) not in MAY_BE_NEGATIVE
]


def out_of_bounds(plan: Plan) -> Iterator[Finding]:
    """Numbers that cannot be: negative maxima, no seats, more decimals than anybody prints, shares above 100 %."""
    for table, key in BOUNDED:
        positive = (table.name, key.name) in ABOVE_ZERO
        for row in plan.table(table.name):
            value = getattr(row, key.field)
            if value is not None and (value < 0 or (positive and value == 0)):
                yield misshaped(row, key, f"{key.holds.value} {'lớn hơn 0' if positive else 'không âm'}")
    if plan.head.decimals > MOST_DECIMALS:
        yield misshaped(plan.head, key_of("plan", "decimals"), f"số nguyên từ 0 đến {MOST_DECIMALS}")
    for round_ in plan.rounds:
        if round_.vote_share is not None and round_.vote_share > 100:
            yield misshaped(round_, key_of("round", "vote_share"), "tỷ lệ %, từ 0 đến 100")
