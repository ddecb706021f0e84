"""Turns a plan into the findings about what its forms ask: questions, scales, indices, headers of ``Cá nhân``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.form import PEOPLE_HEADERS
from thidua_xlsx.model.plan import DossierItem, Level, Plan, Question, applies
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.plans.fact_names import INDIVIDUAL, contexts
from thidua_xlsx.stages.plans.lint_methods import shown
from thidua_xlsx.stages.plans.plan_faults import contradiction, doubled, incomplete, misdated, reserved

# The columns that every sheet ``Cá nhân`` has (DESIGN §4).
FIXED_COLUMN = "cột có sẵn của sheet «Cá nhân»"

PersonColumn = tuple[Question | DossierItem, str]


def questions(plan: Plan) -> Iterator[Finding]:
    """A question of levels names its scale, one of indices has some to choose from, limits are in order."""
    for item in plan.questions:
        if item.type == "level" and not item.scale:
            yield incomplete(item, "scale", f"Câu hỏi «{item.code}» hỏi mức xếp loại nên phải ghi thang")
        if item.type == "index" and not plan.indices:
            yield incomplete(item, "type", f"Câu hỏi «{item.code}» hỏi chỉ số mà bảng Chỉ số (index) chưa có dòng nào")
        if item.min is not None and item.max is not None and item.min > item.max:
            yield contradiction(
                item,
                "max",
                f"Câu hỏi «{item.code}» có giá trị lớn nhất {shown(item.max)} "
                f"nhỏ hơn giá trị nhỏ nhất {shown(item.min)}",
            )


def person_headers(plan: Plan) -> Iterator[Finding]:
    """The columns of ``Cá nhân`` are found by their texts: no two alike, none like a fixed one."""
    fixed = {fold(header) for header in PEOPLE_HEADERS}
    for round_, block in contexts(plan):
        seen: dict[str, PersonColumn] = {}
        for row, key in person_columns(plan, round_.code, block.code):
            text = getattr(row, key)
            other, other_key = seen.setdefault(fold(text), (row, key))
            if fold(text) in fixed:
                yield reserved(row, key, text, FIXED_COLUMN)
            elif other is not row:
                yield doubled(row, key, text, other, other_key)


def person_columns(plan: Plan, round_: str, block: str) -> list[PersonColumn]:
    """The rows of the plan that become columns of ``Cá nhân``, with the key that holds the header."""
    asked: list[PersonColumn] = [
        (item, "label")
        for item in plan.questions
        if item.subject == INDIVIDUAL and applies(item.rounds, round_) and applies(item.blocks, block)
    ]
    asked += [
        (item, "name")
        for item in plan.dossiers
        if item.subject == INDIVIDUAL and item.stage == "unit" and applies(item.rounds, round_)
    ]
    return asked


def scales(plan: Plan) -> Iterator[Finding]:
    """Higher levels begin higher; the scale that classifies indices says where every level begins."""
    for scale in dict.fromkeys(level.scale for level in plan.levels):
        levels = plan.scale(scale)
        if scale == plan.head.class_scale:
            yield from (
                incomplete(
                    level,
                    "from",
                    f"Thang «{scale}» dùng để xếp loại chỉ số nên mức «{level.label}» phải ghi từ bao nhiêu %",
                )
                for level in levels
                if level.from_ is None
            )
        yield from _rising(tuple(level for level in levels if level.from_ is not None))


def _rising(levels: tuple[Level, ...]) -> Iterator[Finding]:
    for lower, higher in pairwise(levels):
        if lower.from_ is not None and higher.from_ is not None and higher.from_ <= lower.from_:
            yield contradiction(
                higher,
                "from",
                f"Mức «{higher.label}» từ {shown(higher.from_)} % phải cao hơn "
                f"mức «{lower.label}» từ {shown(lower.from_)} %",
            )


def indices(plan: Plan) -> Iterator[Finding]:
    """Nobody had more points last year than there were."""
    for index in plan.indices:
        last_max = index.last_max if index.last_max is not None else index.max
        if index.last_value is not None and index.last_value > last_max:
            yield contradiction(
                index,
                "last_value",
                f"Chỉ số «{index.code}» có điểm năm trước {shown(index.last_value)} "
                f"lớn hơn điểm tối đa {shown(last_max)}",
            )


def tasks(plan: Plan) -> Iterator[Finding]:
    """A task is due within some round that asks for it, or the year after."""
    for task in plan.tasks:
        rounds = [round_ for round_ in plan.rounds if applies(task.rounds, round_.code)]
        within = any(round_.from_year <= task.due.year <= round_.to_year + 1 for round_ in rounds) if task.due else True
        if task.due and rounds and not within:
            yield misdated(
                task,
                "due",
                f"Thời hạn {date_text(task.due)} của nhiệm vụ «{task.code}» nằm ngoài thời kỳ của các đợt xét",
            )
