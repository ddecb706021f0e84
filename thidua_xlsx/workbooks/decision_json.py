"""Turns what the council resolved into ``quyet-dinh.json``, which letters and scripts outside read."""

from __future__ import annotations

import json
from typing import Any

from thidua_xlsx.model.council import Ballot, Resolution, Resolved

GIVEN, NOT_GIVEN = "KHEN", "KHONG_KHEN"


def decision_json(resolved: Resolved) -> dict[str, Any]:
    """Plain values, the lines in the order of the decision."""
    head = resolved.plan.head
    return {
        "plan": head.id,
        "year": head.year,
        "round": resolved.round.code,
        "run": resolved.run,
        "mark": resolved.mark,
        "session": _session(resolved),
        "lines": [_line(item) for item in resolved.resolutions],
    }


def decision_bytes(resolved: Resolved) -> bytes:
    """The file as it is published."""
    text = json.dumps(decision_json(resolved), ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _session(resolved: Resolved) -> dict[str, Any]:
    session = resolved.session
    held, decided = session.held_on, session.decided_on or resolved.round.decision_date
    return {
        "held_on": held.isoformat() if held else None,
        "where": session.where,
        "members": session.members,
        "present": session.present,
        "chair": session.chair,
        "secretary": session.secretary,
        "number": session.number,
        "decided_on": decided.isoformat() if decided else None,
    }


def _line(item: Resolution) -> dict[str, Any]:
    person = item.nominee.person
    birth = person.birth.isoformat() if person and person.birth else None
    return {
        "subject": item.nominee.subject,
        "unit": item.nominee.unit.code,
        "person": {"order": person.order, "name": person.name, "birth": birth} if person else None,
        "proposed": item.proposed.name,
        "decision": GIVEN if item.awarded else NOT_GIVEN,
        "award": item.award,
        "amount": item.money.amount if item.money else None,
        "quota": item.quota,
        "reason": item.ballot.opinion,
        "votes": _votes(item.ballot),
    }


def _votes(ballot: Ballot) -> dict[str, int | None] | None:
    votes = {"agree": ballot.agree, "disagree": ballot.disagree, "members": ballot.members}
    return votes if any(value is not None for value in votes.values()) else None
