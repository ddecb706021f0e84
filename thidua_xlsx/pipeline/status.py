"""Turns a campaign folder into how its round stands today, without a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.campaign.decided import newest_decision
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.written import write_beside
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.status import RoundStatus
from thidua_xlsx.pipeline.plans import choose_round, open_campaign
from thidua_xlsx.stages.years.status import round_status
from thidua_xlsx.workbooks.result_json import result_json
from thidua_xlsx.workbooks.status_workbook import write_status

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class StatusOutput:
    """How the round stands, and where ``tinh-trang.xlsx`` lies; ``refusal`` says why there is none."""

    status: RoundStatus
    path: Path | None
    refusal: str = ""


def see_status(
    folder: Path | str,
    *,
    round_code: str | None = None,
    today: date | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> StatusOutput:
    """The round at a glance, and as ``tinh-trang.xlsx``. Where that cannot be written, the rest is told all the same.

    It rests on the newest run of the round, which is fast; before the first run the drop folder is read for this
    alone, and nothing of it is published or kept.
    """
    home = Path(folder)
    plan = open_campaign(home)
    round_ = choose_round(plan, round_code)
    day = today or date.today()
    newest = names.newest_of(home, plan.head.id, plan.head.year, round_.code)
    run, said = newest or (None, read_now(home, plan, round_, day, progress))
    blank = issued(home, round_)
    marked = issued_in(home / names.RESULTS / run / names.FEEDBACK) if run else frozenset()
    seen = round_status(plan, round_, day, run, said, present(home), blank, marked)
    decision, decided_on = newest_decision(home, plan, round_)
    found = replace(seen, decision=decision, decided_on=decided_on)
    try:
        return StatusOutput(found, write_beside(home / names.STATUS, write_status(found)))
    except CampaignError as error:
        return StatusOutput(found, None, str(error))


def read_now(home: Path, plan: Plan, round_: Round, day: date, progress: Progress) -> dict[str, Any]:
    """What a run would say."""
    # The reading and judging half of the program takes a second to load, and most calls need none of it.
    from thidua_xlsx.pipeline.assess import assess
    from thidua_xlsx.pipeline.gather import gather

    if not (home / names.INBOX).is_dir():
        return {"files": [], "findings": [], "decisions": []}
    result, _ = assess(gather(home, plan, round_, home / names.INBOX, day, progress))
    return result_json(result)


def present(home: Path) -> Iterator[tuple[str, str]]:
    """(name, SHA-256) of every entry of the drop folder that a run would read."""
    if (home / names.INBOX).is_dir():
        for entry in drop.entries(home / names.INBOX, home):
            if entry.counts:
                yield entry.name, entry.sha256


def issued(home: Path, round_: Round) -> frozenset[str]:
    """The codes of the units whose blank workbook lies ready."""
    return issued_in(home / names.ISSUED / round_.code)


def issued_in(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in folder.glob("*.xlsx") if not drop.is_ignored(path.name))
