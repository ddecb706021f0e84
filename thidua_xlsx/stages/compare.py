"""Turns what the last run said (its JSON) and this one into the list of what changed between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from thidua_xlsx.model.results import Change, Outcome

Said = dict[str, Any]


def _who(item: Said, names: dict[str, str]) -> str:
    unit = names.get(str(item.get("unit")), str(item.get("unit")))
    person = item.get("person")
    return f"{person['name']} ({unit})" if person else unit


def _key(item: Said) -> tuple[str, ...]:
    person = item.get("person") or {}
    return (
        str(item.get("unit")),
        str(person.get("name", "")),
        str(person.get("birth", "")),
        str(person.get("order", "")),
    )


def _decisions(before: Said, after: Said, names: dict[str, str]) -> Iterator[Change]:
    old = {_key(item): item for item in before.get("decisions", [])}
    new = {_key(item): item for item in after.get("decisions", [])}
    for key in sorted(old.keys() | new.keys()):
        was, now = (Outcome[item["outcome"]].value if item else "không có" for item in (old.get(key), new.get(key)))
        if was != now:
            yield Change("Kết quả xét", _who(new.get(key) or old[key], names), was, now)


def _standings(before: Said, after: Said, names: dict[str, str]) -> Iterator[Change]:
    labels = {"points": "Điểm", "index": "Chỉ số", "rank_in_block": "Hạng trong khối", "rank": "Hạng chung"}
    old = {str(item["unit"]): item for item in before.get("standings", [])}
    for item in after.get("standings", []):
        was = old.get(str(item["unit"]))
        for field, label in labels.items():
            if was and was.get(field) != item.get(field):
                yield Change(
                    label,
                    names.get(item["unit"], item["unit"]),
                    _text(was.get(field)),
                    _text(item.get(field)),
                )


def _text(value: object) -> str:
    return "chưa có" if value is None else str(value).replace(".", ",")


def changes(before: Said | None, after: Said, names: dict[str, str]) -> tuple[Change, ...]:
    """Outcomes, points and ranks that differ; nothing when the last run was of another plan, year or round."""
    if before is None or any(before.get(field) != after.get(field) for field in ("plan", "year", "round")):
        return ()
    return (*_decisions(before, after, names), *_standings(before, after, names))
