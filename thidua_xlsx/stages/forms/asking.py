"""Turns questions, indices and papers of a plan into what a cell of a form asks."""

from __future__ import annotations

from decimal import Decimal

from thidua_xlsx.model.form import (
    Answer,
    Asks,
)
from thidua_xlsx.model.plan import DossierItem, Index, Plan, Question, Round, applies


def answers_by_unit(who: str) -> bool:
    return who in ("unit", "both")


def question_answer(plan: Plan, question: Question, round_: Round) -> Answer:
    """The answer cell of one question, with its closed list and limits."""
    kinds = {
        "yes_no": Asks.YES_NO,
        "number": Asks.NUMBER,
        "integer": Asks.WHOLE,
        "percent": Asks.PERCENT,
        "date": Asks.DATE,
        "text": Asks.TEXT,
        "level": Asks.CHOICE,
        "index": Asks.CHOICE,
    }
    options: tuple[str, ...] = ()
    if question.type == "level":
        options = tuple(level.label for level in reversed(plan.scale(question.scale or "")))
    if question.type == "index":
        options = tuple(index_option(item) for item in plan.indices if applies(item.rounds, round_.code))
    percent = question.type == "percent"
    return Answer(
        kinds[question.type],
        question.label,
        required=question.required,
        options=options,
        minimum=question.min if question.min is not None else Decimal(0) if percent else None,
        maximum=question.max if question.max is not None else Decimal(100) if percent else None,
    )


def index_option(item: Index) -> str:
    """How an index is named in drop-downs: code first, so that it is found again."""
    return f"{item.code} – {item.name}"


def papers_of(plan: Plan, round_: Round, *subjects: str) -> tuple[DossierItem, ...]:
    """The papers that units send in this round for these subjects."""
    return tuple(
        item
        for item in plan.dossiers
        if item.stage == "unit" and item.subject in subjects and applies(item.rounds, round_.code)
    )
