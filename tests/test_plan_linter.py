"""A plan that contradicts itself is told so at the very cell, in either form, everything at once."""

from __future__ import annotations

from datetime import date

import pytest
from small_plan import (
    TEXT,
    Change,
    changed,
    check_text,
    check_workbook,
    in_text,
    in_workbook,
    text_of,
    workbook_of,
)

from thidua_xlsx.model.findings import Severity

# What is wrong | the cells rewritten | the finding and where it stands: (code, table, row, key).
Told = tuple[str, str, int, str]
FAULTS: dict[str, tuple[list[Change], list[Told]]] = {
    "unit of an unknown block": ([("unit", 1, "block", "phongs")], [("PLAN_UNKNOWN_CODE", "unit", 1, "block")]),
    "gate in an unknown round": (
        [("gate", 1, "rounds", "hang-nam; so-ket")],
        [("PLAN_UNKNOWN_CODE", "gate", 1, "rounds")],
    ),
    "criterion under an unknown parent": (
        [("criterion", 4, "parent", "9")],
        [("PLAN_UNKNOWN_CODE", "criterion", 4, "parent")],
    ),
    "question on an unknown scale": (
        [("question", 3, "scale", "can-bo-2")],
        [("PLAN_UNKNOWN_CODE", "question", 3, "scale")],
    ),
    "line not applicable that is nowhere": (
        [("unit", 2, "not_applicable", "2.9")],
        [("PLAN_UNKNOWN_CODE", "unit", 2, "not_applicable")],
    ),
    "task of an unknown unit": ([("task", 2, "units", "VP; VPP")], [("PLAN_UNKNOWN_CODE", "task", 2, "units")]),
    "index of an unknown unit": ([("index", 2, "units", "VP; KTT")], [("PLAN_UNKNOWN_CODE", "index", 2, "units")]),
    "index of nobody": ([("index", 2, "units", None)], [("PLAN_INCOMPLETE", "index", 2, "units")]),
    "award counted that nobody gives": (
        [("gate", 6, "award", "Giấy khenn")],
        [("PLAN_UNKNOWN_CODE", "gate", 6, "award")],
    ),
    "gate on an unknown fact": (
        [("gate", 3, "fact", "rank_in_blok")],
        [("PLAN_UNKNOWN_FACT", "gate", 3, "fact")],
    ),
    "condition on an unknown fact": ([("gate", 4, "when", "tham-mu")], [("PLAN_UNKNOWN_FACT", "gate", 4, "when")]),
    "order by an unknown fact": (
        [("quota", 1, "order_by", "rank_in_block; indexx")],
        [("PLAN_UNKNOWN_FACT", "quota", 1, "order_by")],
    ),
    "limit on an unknown fact": (
        [("quota", 1, "within_fact", "hang")],
        [("PLAN_UNKNOWN_FACT", "quota", 1, "within_fact")],
    ),
    "priority asked of a collective": (
        [("gate", 3, "fact", "priority")],
        [("PLAN_UNKNOWN_FACT", "gate", 3, "fact")],
    ),
    "unit's unit": ([("gate", 3, "fact", "unit.rank")], [("PLAN_UNKNOWN_FACT", "gate", 3, "fact")]),
    "parent that its children do not add up to": (
        [("criterion", 1, "max", 61)],
        [("PLAN_SUM", "criterion", 1, "max")],
    ),
    "leaf that its parent does not expect": ([("criterion", 3, "max", 39)], [("PLAN_SUM", "criterion", 1, "max")]),
    "scorecard that is not out of 100": (
        [("criterion", 5, "max", 12)],
        # The blocks have scorecards of their own, so both are told, at their first line.
        [("PLAN_TOTAL", "criterion", 1, "max"), ("PLAN_TOTAL", "criterion", 1, "max")],
    ),
    "one block's scorecard that is not out of 100": (
        [("criterion", 7, "max", 11)],
        [("PLAN_TOTAL", "criterion", 1, "max")],
    ),
    "seats that are not the round's": (
        [("quota", 1, "seats", 3)],
        [("PLAN_SEATS", "round", 1, "total_collectives")],
    ),
    "a dissolved unit that no gate asks about": (
        [("unit", 1, "dissolved_on", date(2025, 7, 1))],
        [("PLAN_INCOMPLETE", "unit", 1, "dissolved_on")],
    ),
    "seats of an open row": ([("quota", 3, "seats", 4)], [("PLAN_CONTRADICTION", "quota", 3, "seats")]),
    "a limit a unit on an open row": ([("quota", 3, "per_unit", 2)], [("PLAN_CONTRADICTION", "quota", 3, "per_unit")]),
    "seats left out": ([("quota", 2, "seats", None)], [("PLAN_INCOMPLETE", "quota", 2, "seats")]),
    "no seats": (
        [("quota", 2, "seats", 0)],
        [("PLAN_VALUE_KIND", "quota", 2, "seats"), ("PLAN_SEATS", "round", 1, "total_individuals")],
    ),
    "block without a scorecard": (
        [("block", 3, "code", "doan"), ("block", 3, "name", "Đoàn thể"), ("unit", 3, "block", "doan")]
        + [("criterion", number, "blocks", "phong") for number in (1, 2, 3, 4, 5, 8)],
        [("PLAN_BLOCK_EMPTY", "block", 3, "code")],
    ),
    "block that can win nothing": (
        [("quota", number, "blocks", "phong") for number in (1, 2, 3)],
        [("PLAN_BLOCK_EMPTY", "block", 2, "code")],
    ),
    "thresholds out of order": (
        [("criterion", 4, "parameters", "of = count; 2 = 20; 3 = 10")],
        [("PLAN_THRESHOLDS", "criterion", 4, "parameters")],
    ),
    "floor above full": (
        [("criterion", 3, "parameters", "full = 80; floor = 100")],
        [("PLAN_THRESHOLDS", "criterion", 3, "parameters")],
    ),
    "parameter missing": (
        [("criterion", 3, "parameters", "full = 80")],
        [("PLAN_THRESHOLDS", "criterion", 3, "parameters")],
    ),
    "parameter unknown": (
        [("criterion", 6, "parameters", "step = 0.5; each = 1")],
        [("PLAN_THRESHOLDS", "criterion", 6, "parameters")],
    ),
    "parameter that is no number": (
        [("criterion", 5, "parameters", "each = một")],
        [("PLAN_THRESHOLDS", "criterion", 5, "parameters")],
    ),
    "each above the maximum": (
        [("criterion", 8, "parameters", "each = 4")],
        [("PLAN_THRESHOLDS", "criterion", 8, "parameters")],
    ),
    "best level below the maximum": (
        [("criterion", 2, "parameters", "Đúng hạn = 19; Trễ hạn = 10")],
        [("PLAN_THRESHOLDS", "criterion", 2, "parameters")],
    ),
    "level twice": (
        [("criterion", 2, "parameters", "Đúng hạn = 19.5; đúng hạn = 10")],
        [("PLAN_THRESHOLDS", "criterion", 2, "parameters")],
    ),
    "maximum that no step reaches": (
        [("criterion", 6, "parameters", "step = 0.3")],
        [("PLAN_THRESHOLDS", "criterion", 6, "parameters")],
    ),
    "parent with a method": (
        [("criterion", 1, "method", "yes_no")],
        [("PLAN_CONTRADICTION", "criterion", 1, "method")],
    ),
    "leaf without a method": (
        [("criterion", 6, "method", None), ("criterion", 6, "parameters", None)],
        [("PLAN_INCOMPLETE", "criterion", 6, "method")],
    ),
    "parent above itself": (
        [("criterion", 1, "parent", "1.1")],
        [
            ("PLAN_CYCLE", "criterion", 1, "parent"),
            ("PLAN_CYCLE", "criterion", 2, "parent"),
        ],
    ),
    "deadline before the round": (
        [("round", 1, "deadline", date(2024, 1, 30))],
        [("PLAN_DATES", "round", 1, "deadline")],
    ),
    "deadline two years after the round": (
        [("round", 1, "deadline", date(2027, 1, 30)), ("round", 1, "forward_deadline", None)],
        [("PLAN_DATES", "round", 1, "deadline")],
    ),
    "forwarded before it is handed in": (
        [("round", 1, "forward_deadline", date(2026, 1, 15))],
        [("PLAN_DATES", "round", 1, "forward_deadline")],
    ),
    "years in the wrong order": ([("round", 2, "from_year", 2026)], [("PLAN_DATES", "round", 2, "to_year")]),
    "task due in another time": ([("task", 1, "due", date(2035, 12, 15))], [("PLAN_DATES", "task", 1, "due")]),
    "vote of what?": ([("round", 1, "vote_of", None)], [("PLAN_INCOMPLETE", "round", 1, "vote_of")]),
    "gate that the round's form does not ask": (
        [("gate", 2, "rounds", None)],
        [("PLAN_NOT_ASKED", "gate", 2, "fact")],
    ),
    "gate that the block's form does not ask": (
        [("question", 1, "blocks", "xa")],
        [("PLAN_NOT_ASKED", "gate", 1, "fact")],
    ),
    "rate over tasks where there are none": (
        [("task", 1, "rounds", "tong-ket"), ("task", 2, "rounds", "tong-ket")],
        [("PLAN_NOT_ASKED", "gate", 7, "fact")],
    ),
    "own index that nobody is asked for": (
        [("question", 4, "subject", "collective")],
        [("PLAN_NOT_ASKED", "gate", 9, "scope"), ("PLAN_NEVER_USED", "question", 4, "code")],
    ),
    "punctuality without a deadline": (
        [("gate", 1, "fact", "on_time")],
        [("PLAN_NOT_ASKED", "gate", 1, "fact"), ("PLAN_NEVER_USED", "question", 1, "code")],
    ),
    "number compared with a yes": ([("gate", 2, "operator", "yes")], [("PLAN_OPERATOR", "gate", 2, "operator")]),
    "rank that should be high by number": (
        [("gate", 3, "operator", "at_least")],
        [("PLAN_OPERATOR", "gate", 3, "operator")],
    ),
    "growth of what is no index": (
        [("gate", 1, "operator", "above_last_year_or_at_max")],
        [("PLAN_OPERATOR", "gate", 1, "operator")],
    ),
    "text that cannot be compared": ([("question", 2, "type", "text")], [("PLAN_OPERATOR", "gate", 2, "operator")]),
    "value that is no number": ([("gate", 2, "value", "hai")], [("PLAN_OPERATOR", "gate", 2, "value")]),
    "value left out": ([("gate", 2, "value", None)], [("PLAN_OPERATOR", "gate", 2, "value")]),
    "percentage above 100": ([("gate", 7, "value", "110")], [("PLAN_OPERATOR", "gate", 7, "value")]),
    "level of another scale": ([("gate", 8, "value", "tot")], [("PLAN_OPERATOR", "gate", 8, "value")]),
    "class of another scale": ([("gate", 4, "value", "HTT")], [("PLAN_OPERATOR", "gate", 4, "value")]),
    "class without a class scale": ([("plan", 1, "class_scale", None)], [("PLAN_INCOMPLETE", "gate", 4, "fact")]),
    "condition that is no yes or no": ([("gate", 4, "when", "sang-kien")], [("PLAN_CONTRADICTION", "gate", 4, "when")]),
    "scope of what is no index": ([("gate", 2, "scope", "any")], [("PLAN_CONTRADICTION", "gate", 2, "scope")]),
    "order by a text": (
        [("question", 2, "type", "text"), ("gate", 2, "fact", "rank_gain"), ("quota", 1, "order_by", "sang-kien")],
        [("PLAN_CONTRADICTION", "quota", 1, "order_by")],
    ),
    "limit without its operator": (
        [("quota", 1, "within_operator", None)],
        [("PLAN_INCOMPLETE", "quota", 1, "within_operator")],
    ),
    "limit that does not fit": (
        [("quota", 1, "within_operator", "yes")],
        [("PLAN_OPERATOR", "quota", 1, "within_operator")],
    ),
    "awards counted over no years": (
        [("gate", 6, "from_year", None)],
        [("PLAN_INCOMPLETE", "gate", 6, "from_year")],
    ),
    "awards counted backwards": ([("gate", 6, "from_year", 2026)], [("PLAN_DATES", "gate", 6, "to_year")]),
    "alternative to nothing": (
        [("gate", 3, "any_of", "mooi")],
        [
            ("PLAN_CONTRADICTION", "gate", 2, "any_of"),
            ("PLAN_CONTRADICTION", "gate", 3, "any_of"),
        ],
    ),
    "paper alternative to nothing": (
        [("dossier", 3, "any_of", None)],
        [("PLAN_CONTRADICTION", "dossier", 2, "any_of")],
    ),
    "round twice": (
        [
            ("round", 2, "code", "hang-nam"),
            ("gate", 6, "rounds", None),
            ("quota", 3, "rounds", None),
            ("quota", 3, "subject", "individual"),
        ],
        [
            ("PLAN_DUPLICATE", "round", 2, "code"),
        ],
    ),
    "unit twice, but for case": (
        [("unit", 2, "code", "vp"), ("index", 2, "units", "VP")],
        [("PLAN_DUPLICATE", "unit", 2, "code")],
    ),
    "level's label twice": ([("level", 2, "label", "tốt")], [("PLAN_DUPLICATE", "level", 2, "label")]),
    "level's place twice": ([("level", 4, "order", 2)], [("PLAN_DUPLICATE", "level", 4, "order")]),
    "criterion twice in one block": (
        [("criterion", 7, "code", "3")],
        [("PLAN_DUPLICATE", "criterion", 7, "code")],
    ),
    "question twice": (
        [("question", 2, "code", "doan-ket"), ("gate", 2, "fact", "rank_gain")],
        [("PLAN_DUPLICATE", "question", 2, "code")],
    ),
    "paper twice": ([("dossier", 4, "code", "to-trinh")], [("PLAN_DUPLICATE", "dossier", 4, "code")]),
    "gate twice": ([("gate", 3, "code", "doan-ket")], [("PLAN_DUPLICATE", "gate", 3, "code")]),
    "quota twice": ([("quota", 2, "code", "tap-the")], [("PLAN_DUPLICATE", "quota", 2, "code")]),
    "question named like an index": (
        [("question", 1, "code", "CS1"), ("gate", 1, "fact", "CS1")],
        [("PLAN_DUPLICATE", "index", 2, "code")],
    ),
    "question named like a built-in fact": (
        [("question", 1, "code", "on_time"), ("gate", 1, "rounds", "hang-nam"), ("gate", 1, "fact", "on_time")],
        [
            ("PLAN_DUPLICATE", "question", 1, "code"),
        ],
    ),
    "column that every sheet Cá nhân has": (
        [("question", 5, "label", "Chức  vụ")],
        [("PLAN_DUPLICATE", "question", 5, "label")],
    ),
    "paper like a question": (
        [("dossier", 4, "name", "trực tiếp tham mưu")],
        [("PLAN_DUPLICATE", "dossier", 4, "name")],
    ),
    "class that begins nowhere": ([("level", 2, "from", None)], [("PLAN_INCOMPLETE", "level", 2, "from")]),
    "class that begins too low": ([("level", 2, "from", 85)], [("PLAN_CONTRADICTION", "level", 1, "from")]),
    "limits crossed": ([("question", 2, "min", 10)], [("PLAN_CONTRADICTION", "question", 2, "max")]),
    "level of no scale": ([("question", 3, "scale", None)], [("PLAN_INCOMPLETE", "question", 3, "scale")]),
    "more last year than there was": (
        [("index", 2, "last_value", 19)],
        [("PLAN_CONTRADICTION", "index", 2, "last_value")],
    ),
    "mail address without a sign": ([("unit", 1, "email", "vp.example.vn")], [("PLAN_VALUE_KIND", "unit", 1, "email")]),
    "unit code with accents": (
        [("unit", 3, "code", "XÃ-1")],
        [("PLAN_VALUE_KIND", "unit", 3, "code")],
    ),
    "unit code that Windows keeps": ([("unit", 3, "code", "CON")], [("PLAN_VALUE_KIND", "unit", 3, "code")]),
    "maximum of nothing": (
        [("index", 1, "max", 0)],
        [
            ("PLAN_VALUE_KIND", "index", 1, "max"),
            ("PLAN_CONTRADICTION", "index", 1, "last_value"),
        ],
    ),
    "standard without its clause": ([("gate", 1, "clause", None)], [("PLAN_VALUE_MISSING", "gate", 1, "clause")]),
    "standard without its reason": ([("gate", 1, "reason", None)], [("PLAN_VALUE_MISSING", "gate", 1, "reason")]),
    "question that decides nothing": (
        [("gate", 2, "fact", "rank_gain")],
        [("PLAN_NEVER_USED", "question", 2, "code")],
    ),
}


def named(findings: object) -> list[tuple[str, object]]:
    return sorted((item.code.name, item.place) for item in findings)  # type: ignore[attr-defined]


def test_the_small_plan_has_no_fault() -> None:
    for plan, findings in (check_text(TEXT), check_workbook(workbook_of())):
        assert findings == ()
        assert plan is not None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_contradiction_is_found_at_its_key_in_the_text(fault: str) -> None:
    changes, told = FAULTS[fault]
    rows = changed(*changes)
    plan, findings = check_text(text_of(rows))
    assert named(findings) == sorted((code, in_text(table, row, key, rows)) for code, table, row, key in told)
    assert (plan is None) == any(item.severity is Severity.ERROR for item in findings)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_contradiction_is_found_at_its_cell_in_the_workbook(fault: str) -> None:
    changes, told = FAULTS[fault]
    _, findings = check_workbook(workbook_of(*changes))
    assert named(findings) == sorted((code, in_workbook(table, row, key)) for code, table, row, key in told)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_message_ends_with_what_to_do(fault: str) -> None:
    _, findings = check_text(text_of(changed(*FAULTS[fault][0])))
    for item in findings:
        *_, last = item.message.rstrip(".").split(". ")
        assert last.split()[0] in {"Sửa", "Đổi", "Chọn", "Thêm", "Điền", "Bổ", "Xóa"}, item.message


MANY = [
    ("unit", 1, "block", "phongs"),
    ("criterion", 4, "parameters", "of = count; 2 = 20; 3 = 10"),
    ("index", 2, "last_value", 19),
    ("gate", 2, "value", "hai"),
    ("quota", 1, "seats", 3),
    ("round", 1, "forward_deadline", date(2026, 1, 15)),
    ("unit", 1, "email", "vp"),
]
MANY_TOLD = [
    ("PLAN_UNKNOWN_CODE", "unit", 1, "block"),
    ("PLAN_THRESHOLDS", "criterion", 4, "parameters"),
    ("PLAN_CONTRADICTION", "index", 2, "last_value"),
    ("PLAN_OPERATOR", "gate", 2, "value"),
    ("PLAN_SEATS", "round", 1, "total_collectives"),
    ("PLAN_DATES", "round", 1, "forward_deadline"),
    ("PLAN_VALUE_KIND", "unit", 1, "email"),
]


def test_all_contradictions_are_told_at_once() -> None:
    rows = changed(*MANY)
    _, in_the_text = check_text(text_of(rows))
    _, in_the_workbook = check_workbook(workbook_of(*MANY))
    assert named(in_the_text) == sorted((code, in_text(table, row, key, rows)) for code, table, row, key in MANY_TOLD)
    assert named(in_the_workbook) == sorted((code, in_workbook(table, row, key)) for code, table, row, key in MANY_TOLD)


def test_values_and_contradictions_are_told_in_one_reading() -> None:
    """A value that cannot be read hides only what rests on it."""
    rows = changed(("task", 1, "due", "cuối năm"), ("index", 2, "last_value", 19), ("quota", 1, "seats", 3))
    _, findings = check_text(text_of(rows))
    assert named(findings) == sorted(
        [
            ("PLAN_VALUE_KIND", in_text("task", 1, "due", rows)),
            ("PLAN_CONTRADICTION", in_text("index", 2, "last_value", rows)),
            ("PLAN_SEATS", in_text("round", 1, "total_collectives", rows)),
        ]
    )


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        (("gate", 3, "fact", "rank_in_blok"), "rank_in_block"),
        (("unit", 1, "block", "phongs"), "phong"),
        (("gate", 6, "award", "Giấy khenn"), "Giấy khen"),
        (("gate", 1, "subject", "tập thể"), "collective"),
        (("criterion", 3, "method", "ratio_flor"), "ratio_floor"),
        (("gate", 8, "value", "Hoàn thành tốt"), "HTT"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(word: Change, meant: str) -> None:
    _, findings = check_text(text_of(changed(word)))
    assert any(f"có phải là «{meant}»" in item.message for item in findings)
