"""Turns a plan and settings like ``quota.tap-the.seats=5`` into the plan of a trial, and its results into a trial run.

A trial is marked in every output and is nobody's result: it stands in ``ket-qua/thu-001``, names no newest run, and
touches neither the ledger nor the office's workbooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.pipeline.plans import PlanFaults
from thidua_xlsx.stages.plans.plan_changes import changed_plan, read_setting

TRIAL = "thu-"


def with_changes(plan: Plan, settings: Sequence[str]) -> tuple[Plan, tuple[str, ...]]:
    """The plan with these values, checked like any plan, and all values that were set, those that follow included."""
    read = []
    for text in settings:
        setting, complaint = read_setting(plan, text)
        if setting is None:
            raise wrong_use(complaint)
        read.append(setting)
    made, told, findings = changed_plan(plan, read)
    if made is None or any(item.severity is Severity.ERROR for item in findings):
        raise PlanFaults(findings)
    return made, tuple(map(str, told))


def next_trial(folder: Path) -> str:
    """thu-001, thu-002 …: trials are counted apart from runs."""
    found = (path.name.removeprefix(TRIAL) for path in (folder / names.RESULTS).glob(f"{TRIAL}*"))
    return f"{TRIAL}{max((int(number) for number in found if number.isdecimal()), default=0) + 1:03d}"
