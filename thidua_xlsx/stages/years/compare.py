"""Turns what an earlier run said (its JSON) and this one into the list of what changed between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from thidua_xlsx.model.results import Change, Outcome
from thidua_xlsx.model.text import fold

Said = Mapping[str, Any]
Key = tuple[str, str, str, str]


def _who(item: Said, names: dict[str, str]) -> str:
    unit = names.get(str(item.get("unit")), str(item.get("unit")))
    person = item.get("person")
    return f"{person['name']} ({unit})" if person else unit


def key_of(item: Said) -> Key:
    """Unit, name, birth date, order of priority; the unit itself has only the first."""
    person = item.get("person") or {}
    name, birth, order = (str(person.get(part) or "") for part in ("name", "birth", "order"))
    return str(item.get("unit")), name, birth, order


def paired(before: Said, after: Said) -> Iterator[tuple[Key, Said | None, Said | None]]:
    """Each decision of either run with that of the other about the same nominee, under its newer key.

    A person whose name, birth date or order was corrected is the same: who vanished is who appeared in the same
    unit by the same name, or at the same order with the same birth date.
    """
    old = {key_of(item): item for item in before.get("decisions", [])}
    new = {key_of(item): item for item in after.get("decisions", [])}
    gone = {key: item for key, item in old.items() if key not in new}
    met: dict[Key, Said] = {}
    for alike in (_same_name, _same_birth):
        for key in sorted(new.keys() - old.keys() - met.keys()):
            if found := next((was for was in sorted(gone) if alike(was, key)), None):
                met[key] = gone.pop(found)
    for key in sorted(gone.keys() | new.keys()):
        yield key, old.get(key) or met.get(key), new.get(key)


def _same_name(was: Key, now: Key) -> bool:
    return was[0] == now[0] and bool(now[1]) and fold(was[1]) == fold(now[1])


def _same_birth(was: Key, now: Key) -> bool:
    return was[0] == now[0] and bool(now[2]) and was[2:] == now[2:]


def _decisions(before: Said, after: Said, names: dict[str, str]) -> Iterator[Change]:
    for _, old, new in paired(before, after):
        was, now = (Outcome[item["outcome"]].value if item else "không có" for item in (old, new))
        if was != now:
            yield Change("Kết quả xét", _who(new or old or {}, names), was, now)


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


def changes(before: Said, after: Said, names: dict[str, str]) -> tuple[Change, ...]:
    """Outcomes, points and ranks that differ between two runs of one plan, year and round."""
    return (*_decisions(before, after, names), *_standings(before, after, names))
