"""Turns the results of two runs, and what each had read, into who moved and because of which cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thidua_xlsx.model.form import PEOPLE
from thidua_xlsx.model.kept import Kept, KeptCell
from thidua_xlsx.model.office import CONFIRMATION, EVERY, RECEPTION
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.returned import entry_name
from thidua_xlsx.stages.years.compare import key_of, paired

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


# A step with the order of the one person it is about; "" where it may concern everybody of the unit.
Cause = tuple[str, Step]


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit, or a person of it, whose result is another: how, and the cells of its own that changed.

    ``others``: where there are none, the units whose own changes may have pushed this one from its place.
    """

    unit: str
    name: str
    moves: tuple[Step, ...]
    causes: tuple[Step, ...]
    others: tuple[str, ...] = ()


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
    for unit, found in office_causes(old, new, senders(before, after)):
        causes[unit] = (*causes.get(unit, ()), found)
    everybody = causes.pop(EVERY, ())
    moved = tuple(_moved(before, after, names, causes, everybody))
    named_there = {id(step) for item in moved for step in item.causes}
    idle = tuple(step for _, steps in causes.items() for _, step in steps if id(step) not in named_there)
    return Difference(moved, idle, tuple(plan_steps(old, new)), named)


def unit_names(kept: Kept) -> dict[str, str]:
    return {code: text for (table, code, key), text in kept.plan.items() if (table, key) == ("unit", "name")}


def senders(before: Said, after: Said) -> dict[str, str]:
    """The unit of each file by the names that a line of «Tiếp nhận» may have for it."""
    found = {}
    for item in (*before["files"], *after["files"]):
        if item["unit"]:
            for name in (entry_name(str(item["path"]), item.get("member")), item.get("sha256")):
                if name:
                    found[str(name)] = str(item["unit"])
    return found


def own_causes(unit: str, old: Kept, new: Kept) -> Iterator[Cause]:
    """The cells of a unit's return that say something else; a return that came or went is one step."""
    was, now = old.answers.get(unit), new.answers.get(unit)
    if was is None or now is None:
        words = ("chưa có phiếu được tính", "có phiếu được tính")
        yield "", Step(f"phiếu của {unit}", *(words if was is None else words[::-1]))
        return
    for key in dict.fromkeys((*now, *was)):
        if step := _step(was.get(key), now.get(key)):
            yield key[1] if key[0] == PEOPLE else "", step


def office_causes(old: Kept, new: Kept, sent: Mapping[str, str]) -> Iterator[tuple[str, Cause]]:
    """What the office, or the register, says otherwise, by the unit it says it of; of a file, by its sender.

    A file of nobody known is the cause of nothing.
    """
    for key in sorted(old.office.keys() | new.office.keys()):
        if step := _step(old.office.get(key), new.office.get(key)):
            about = sent.get(key[1], "") if key[0] == RECEPTION else key[1]
            order = key[2] if key[0] == CONFIRMATION and key[2] != EVERY else ""
            yield about, (order, step)
    for key in sorted(old.register.keys() | new.register.keys()):
        if step := _step(old.register.get(key), new.register.get(key)):
            yield key[1], ("", step)


def plan_steps(old: Kept, new: Kept) -> Iterator[Step]:
    """Values of the plan that differ, named as ``--set`` names them."""
    if not old.plan or not new.plan:
        return
    for key in sorted(old.plan.keys() | new.plan.keys()):
        before, after = old.plan.get(key, BLANK), new.plan.get(key, BLANK)
        if before != after:
            yield Step(".".join(part for part in key if part), before, after)


def _step(was: KeptCell | None, now: KeptCell | None) -> Step | None:
    before, after = (item.text if item else "" for item in (was, now))
    where = now or was
    return Step(where.where, before or BLANK, after or BLANK) if where and before != after else None


def _moved(
    before: Said,
    after: Said,
    names: dict[str, str],
    causes: Mapping[str, tuple[Cause, ...]],
    everybody: tuple[Cause, ...],
) -> Iterator[Moved]:
    """Everybody whose outcome, award, points or place is another."""
    standings = [{str(item["unit"]): item for item in said["standings"]} for said in (before, after)]
    for (unit, name, _, order), was, now in paired(before, after):
        moves = list(_outcome(was, now))
        if not name:
            moves += _figures(standings[0].get(unit), standings[1].get(unit))
        if not moves:
            continue
        shown = f"{name} ({unit})" if name else f"{names.get(unit, unit)} ({unit})"
        # A person's row is that person's own; but one fault in a return holds up all who stand in it.
        orders = {"", order, key_of(was)[3] if was else order}
        whole = not name or any(item and item["outcome"] == Outcome.INVALID.name for item in (was, now))
        all_own = (*causes.get(unit, ()), *everybody)
        own = tuple(step for about, step in all_own if whole or about in orders)
        others = () if own else tuple(code for code, steps in causes.items() if steps and code)
        yield Moved(unit, shown, tuple(moves), own, others)


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
