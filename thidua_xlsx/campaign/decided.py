"""Turns a campaign folder into what the newest run said and what the council decided, decision by decision.

FOLDER/quyet-dinh/<round>-01/  quyet-dinh.xlsx  quyet-dinh.json  and the papers; <round>-02 for a correction.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.text import typed

DECISIONS, DECIDED, DECIDED_BOOK = "quyet-dinh", "quyet-dinh.json", "quyet-dinh.xlsx"


def newest_said(home: Path, plan: Plan, round_: Round) -> tuple[Path, dict[str, Any]]:
    """The newest run's folder and its ``ket-qua.json``, which must be of this plan and round."""
    run, said = names.newest_run(home), names.newest_json(home)
    command = f"thidua run {typed(home)} --round {round_.code}"
    if run is None or said is None:
        raise wrong_use(f"Chưa có lần tổng hợp nào trong {home}. Chạy trước: {command}")
    if (said["plan"], said["year"], said["round"]) != (plan.head.id, plan.head.year, round_.code):
        raise wrong_use(
            f"Lần tổng hợp mới nhất ({run.name}) là của kế hoạch hoặc đợt khác ({said['plan']}, {said['year']}, "
            f"{said['round']}). Chạy trước: {command}"
        )
    return run, said


def decisions_of(home: Path, round_: str) -> list[Path]:
    """The folders of the round's decisions, oldest first: the decision, then its corrections."""
    found = []
    for path in (home / DECISIONS).glob(f"{round_}-*"):
        number = path.name.removeprefix(f"{round_}-")
        if path.is_dir() and number.isdecimal():
            found.append((int(number), path))
    return [path for _, path in sorted(found)]


def newest_decision(home: Path, plan: Plan, round_: Round) -> tuple[str, str]:
    """The folder of the round's newest decision and the run that it decided on; blank while there is none."""
    for folder in reversed(decisions_of(home, round_.code)):
        decided = _read(folder)
        if decided and _is_of(decided, plan, round_):
            return f"{DECISIONS}/{folder.name}", decided["run"]
    return "", ""


def _read(folder: Path) -> dict[str, Any] | None:
    """What a decision says; None where it cannot be read."""
    try:
        decided: dict[str, Any] = json.loads((folder / DECIDED).read_text("utf-8"))
        decided["plan"], decided["year"], decided["round"]
        return {**decided, "run": str(decided["run"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_of(decided: dict[str, Any], plan: Plan, round_: Round) -> bool:
    """Not of another year in the same folder."""
    return (decided["plan"], decided["year"], decided["round"]) == (plan.head.id, plan.head.year, round_.code)


def next_decision(home: Path, round_: str) -> Path:
    last = max((int(path.name.rpartition("-")[2]) for path in decisions_of(home, round_)), default=0)
    return home / DECISIONS / f"{round_}-{last + 1:02d}"


def results_of(home: Path, plan: Plan, round_: Round) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """The run that the council decided on, what it said, and the newest decision: its ``session`` and its ``lines``
    (``subject``, ``unit``, ``person``, ``decision``, ``award``, ``amount``, ``reason``); wrong use while there is
    none."""
    command = f"thidua finalize {typed(home)} --round {round_.code}"
    for folder in reversed(decisions_of(home, round_.code)):
        shown = f"{DECISIONS}/{folder.name}/{DECIDED}"
        decided = _read(folder)
        if decided is None or not isinstance(decided.get("lines"), list):
            raise wrong_use(f"Không đọc được {shown}. Xóa thư mục {folder.name} rồi chạy lại: {command}")
        if not _is_of(decided, plan, round_):
            continue
        run = home / names.RESULTS / decided["run"]
        try:
            said: dict[str, Any] = json.loads((run / names.JSON).read_text("utf-8"))
        except (OSError, ValueError):
            again = f"thidua run {typed(home)} --round {round_.code}"
            raise wrong_use(
                f"Không đọc được {run.name}/{names.JSON} mà Hội đồng đã quyết định ({shown}). "
                f"Khôi phục thư mục {names.RESULTS}/{run.name}, hoặc chạy lại: {again}"
            ) from None
        return run, said, decided
    raise wrong_use(
        f"Hội đồng chưa quyết định về đợt này. Ghi kết quả họp vào {names.SUMMARY}, rồi chạy trước: {command}"
    )
