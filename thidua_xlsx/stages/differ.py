"""Turns the results of two runs, and what each had read, into who moved and because of which cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thidua_xlsx.model.kept import Kept, KeptCell
from thidua_xlsx.model.office import EVERY, RECEPTION
from thidua_xlsx.model.results import Outcome

Said = Mapping[str, Any]
Key = tuple[str, ...]
BLANK = "để trống"
FIGURES = (
    ("points", "điểm"),
    ("index", "chỉ số"),
    ("class", "xếp loại"),
    ("rank_in_block", "hạng trong khối"),
    ("rank", "hạng chung"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One value before and after; ``what`` names it, or says where it stands."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit, or a person of it, whose result is another: how, and the cells of its own that changed."""

    unit: str
    name: str
    moves: tuple[Step, ...]
    causes: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """``moved`` in the order of units, a unit before its persons; ``idle``: cells that changed and moved nobody there.

    ``plan``: values of the plan that changed. ``named``: whether both runs kept what they had read.
    """

    moved: tuple[Moved, ...]
    idle: tuple[Step, ...]
    plan: tuple[Step, ...]
    named: bool


def differ(before: Said, after: Said, was: Kept | None, now: Kept | None) -> Difference:
    """Who moved between two runs of one round, and because of what."""
    named = was is not None and now is not None
    old, new = was or Kept(), now or Kept()
    names = unit_names(new) | unit_names(old)
    causes = {unit: tuple(own_causes(unit, old, new)) for unit in sorted(old.answers.keys() | new.answers.keys())}
    senders = {
        str(item["path"]): str(item["unit"]) for said in (before, after) for item in said["files"] if item["unit"]
    }
    for unit, steps in office_causes(old, new, senders):
        causes[unit] = (*causes.get(unit, ()), *steps)
    everybody = causes.pop(EVERY, ())
    moved = tuple(_moved(before, after, names, causes, everybody))
    stirred = {item.unit for item in moved}
    idle = tuple(step for unit, steps in causes.items() if unit not in stirred for step in steps)
    return Difference(moved, idle, tuple(plan_steps(old, new)), named)


def unit_names(kept: Kept) -> dict[str, str]:
    return {code: text for (table, code, key), text in kept.plan.items() if (table, key) == ("unit", "name")}


def own_causes(unit: str, old: Kept, new: Kept) -> Iterator[Step]:
    """The cells of a unit's return that say something else; a return that came or went is one step."""
    was, now = old.answers.get(unit), new.answers.get(unit)
    if was is None or now is None:
        words = ("chưa có phiếu được tính", "có phiếu được tính")
        yield Step(f"phiếu của {unit}", *(words if was is None else words[::-1]))
        return
    yield from _steps(was, now)


def office_causes(old: Kept, new: Kept, senders: Mapping[str, str]) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """What the office, or the register, says otherwise, by the unit it says it of; of a file, by its sender."""
    for was, now in ((old.office, new.office), (old.register, new.register)):
        for key in sorted(was.keys() | now.keys()):
            if step := _step(was.get(key), now.get(key)):
                about = senders.get(key[1], EVERY) if key[0] == RECEPTION else key[1]
                yield about, (step,)


def plan_steps(old: Kept, new: Kept) -> Iterator[Step]:
    """Values of the plan that differ, named as ``--set`` names them."""
    if not old.plan or not new.plan:
        return
    for key in sorted(old.plan.keys() | new.plan.keys()):
        before, after = old.plan.get(key, BLANK), new.plan.get(key, BLANK)
        if before != after:
            yield Step(".".join(part for part in key if part), before, after)


def _steps(was: Mapping[Key, KeptCell], now: Mapping[Key, KeptCell]) -> Iterator[Step]:
    for key in dict.fromkeys((*now, *was)):
        if step := _step(was.get(key), now.get(key)):
            yield step


def _step(was: KeptCell | None, now: KeptCell | None) -> Step | None:
    before, after = (item.text if item else "" for item in (was, now))
    where = now or was
    return Step(where.where, before or BLANK, after or BLANK) if where and before != after else None


def _moved(
    before: Said,
    after: Said,
    names: dict[str, str],
    causes: Mapping[str, tuple[Step, ...]],
    everybody: tuple[Step, ...],
) -> Iterator[Moved]:
    """Everybody whose outcome, award, points or place is another."""
    old, new = _decisions(before), _decisions(after)
    standings = [{str(item["unit"]): item for item in said["standings"]} for said in (before, after)]
    for key in sorted(old.keys() | new.keys()):
        unit, name = key[0], key[1]
        moves = list(_outcome(old.get(key), new.get(key)))
        if not name:
            moves += _figures(standings[0].get(unit), standings[1].get(unit))
        if moves:
            shown = f"{name} ({unit})" if name else f"{names.get(unit, unit)} ({unit})"
            yield Moved(unit, shown, tuple(moves), (*causes.get(unit, ()), *everybody))


def _decisions(said: Said) -> dict[Key, Said]:
    """By unit, name, birth date and order; the unit itself has no name and stands first."""
    return {_key(item): item for item in said["decisions"]}


def _key(item: Said) -> Key:
    person = item["person"] or {}
    return (str(item["unit"]), *(str(person.get(part) or "") for part in ("name", "birth", "order")))


def _outcome(was: Said | None, now: Said | None) -> Iterator[Step]:
    before, after = (Outcome[item["outcome"]].value if item else "không có" for item in (was, now))
    if before != after:
        yield Step("kết quả", before, after)
    elif was and now and was["quota"] != now["quota"]:
        yield Step("dòng số lượng", str(was["quota"] or BLANK), str(now["quota"] or BLANK))


def _figures(was: Said | None, now: Said | None) -> Iterator[Step]:
    for field, label in FIGURES:
        before, after = (_shown(item.get(field)) if item else "chưa có" for item in (was, now))
        if before != after:
            yield Step(label, before, after)


def _shown(value: object) -> str:
    return "chưa có" if value is None else str(value).replace(".", ",")
