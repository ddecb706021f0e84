"""Turns a run's result into ``ket-qua.json``, the contract that scripts outside read (DESIGN §7).

Only what the contract names is in it: neither the run's name nor the changes since an earlier one, so that
the same input gives the same bytes. Paths are those of the result; nothing here touches a disk.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.findings import FindingLine, lines
from thidua_xlsx.model.results import Decision, FileRecord, Person, Reason, RunResult, Standing
from thidua_xlsx.model.wording import fixed, points_text
from thidua_xlsx.workbooks.places import spots

Entry = dict[str, Any]
_line = json.JSONEncoder(ensure_ascii=False).encode


def json_bytes(result: RunResult) -> bytes:
    """The file as it is published: UTF-8, each entry of a list on a line of its own, one newline at the end."""
    keys = ",\n".join(f"  {_line(key)}: {_lines(value)}" for key, value in result_json(result).items())
    # A file name may hold bytes that are no UTF-8; they travel as lone surrogates, which JSON writes escaped.
    return f"{{\n{keys}\n}}\n".encode("utf-8", "backslashreplace")


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    entries = ",\n".join(f"    {_line(entry)}" for entry in value)
    return f"[\n{entries}\n  ]"


def result_json(result: RunResult) -> Entry:
    """The result as the plain values of the contract, every list in the order of codes."""
    decimals = result.plan.head.decimals
    levels = {level.code: level.label for level in result.plan.scale(result.plan.head.class_scale or "")}
    said: Entry = {
        "plan": result.plan.head.id,
        "year": result.plan.head.year,
        "round": result.round.code,
        "program": result.program,
        "files": [_file(item) for item in sorted(result.files, key=_file_order)],
        "findings": [_finding(line) for line in lines(result.findings)],
        "standings": [
            _standing(item, levels, decimals)
            for item in sorted(result.standings, key=lambda standing: standing.unit.code)
        ],
        "decisions": [_decision(item) for item in sorted(result.decisions, key=_decision_order)],
    }
    # A run has no such key: only a trial says that it is one, and what it held otherwise.
    return said | ({"trial": list(result.trial)} if result.trial else {})


def _file_order(item: FileRecord) -> tuple[str, str]:
    return item.path, item.member or ""


def _file(item: FileRecord) -> Entry:
    return {
        "path": item.path,
        "member": item.member,
        "sha256": item.sha256,
        "verdict": item.verdict.value,
        "code": item.code,
        "unit": item.unit,
        "received_at": item.received_at.isoformat() if item.received_at else None,
        "received_by": item.received_by,
    }


def _finding(line: FindingLine) -> Entry:
    return {
        "code": line.code.name,
        "severity": line.code.severity.value,
        "unit": line.unit,
        "file": line.file or None,
        "sheet": line.sheet or None,
        "cells": list(line.cells),
        "value": line.value,
        "message": line.message,
    }


def _standing(item: Standing, levels: dict[str, str], decimals: int) -> Entry:
    return {
        "unit": item.unit.code,
        "block": item.unit.block,
        "claimed": None if item.claimed is None else points_text(Fraction(item.claimed), decimals),
        "points": None if item.points is None else points_text(item.points, decimals),
        "applicable": points_text(item.applicable, decimals),
        "index": None if item.index is None else fixed(item.index, decimals),
        "class": None if item.level is None else levels.get(item.level, item.level),
        "rank": item.rank,
        "rank_in_block": item.rank_in_block,
        "last_rank": item.unit.last_rank,
        "rank_gain": item.rank_gain,
    }


def _decision_order(item: Decision) -> tuple[Any, ...]:
    """A unit comes before its people; people without a given order come last."""
    person = item.nominee.person
    if person is None:
        return (item.nominee.unit.code, 0)
    order = (1, 0) if person.order is None else (0, person.order)
    return (item.nominee.unit.code, 1, order, person.name, str(person.birth or ""), person.row)


def _decision(item: Decision) -> Entry:
    return {
        "subject": item.nominee.subject,
        "unit": item.nominee.unit.code,
        "person": _person(item.nominee.person),
        "outcome": item.outcome.name,
        "quota": item.quota.code if item.quota else None,
        "award": item.award,
        "amount": item.money.amount if item.money else None,
        "reasons": [entry for reason in sorted(item.reasons, key=_reason_order) for entry in _reason(reason)],
    }


def _person(person: Person | None) -> Entry | None:
    if person is None:
        return None
    birth = person.birth.isoformat() if person.birth else None
    return {"order": person.order, "name": person.name, "birth": birth}


def _reason_order(reason: Reason) -> tuple[Any, ...]:
    return (reason.gate, reason.clause, reason.message, reason.observed, reason.required, sorted(reason.places))


def _reason(reason: Reason) -> list[Entry]:
    """One entry for each sheet the reason rests on: the contract gives an entry one sheet."""
    return [
        {
            "gate": reason.gate,
            "clause": reason.clause,
            "observed": reason.observed,
            "required": reason.required,
            "file": spot.file or None,
            "sheet": spot.sheet or None,
            "cells": list(spot.cells),
            "message": reason.message,
        }
        for spot in spots(reason.places)
    ]
