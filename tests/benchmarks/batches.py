"""Whether a campaign run whole says of each unit what the same units give in shuffled batches.

    python -m tests.benchmarks.batches UNITS BATCHES FOLDER

Compared, unit for unit: points line by line, the gates, the findings of the return; and the ranks, once the indices
of all batches stand in one list. The plan's gates must rest on a unit's own answers (no ranks), as those of
``campaign.PLAN`` do.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Hashable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.campaign import SEED, campaign_of
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.results import RunResult
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.judging.nominate import RULE_TWICE
from thidua_xlsx.stages.judging.rank import rank

TODAY = date(2026, 1, 31)
Said = dict[str, Hashable]


def batches_of(campaign: Path, count: int, folder: Path) -> list[Path]:
    """Copies of the campaign, each with its share of the returns, dealt in an order of chance."""
    files = sorted((campaign / "nop").iterdir())
    Random(f"{SEED}/batches").shuffle(files)
    made = []
    for number in range(count):
        batch = folder / f"lo-{number}"
        (batch / "nop").mkdir(parents=True)
        for path in campaign.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copy(path, batch)
        for path in files[number::count]:
            shutil.copy(path, batch / "nop")
        made.append(batch)
    return made


def shared_people(result: RunResult) -> frozenset[str]:
    """The units that put forward a person whom another does too, whether or not the office has chosen between them.

    That rule alone looks beyond the return.
    """
    told = ((decision.nominee.unit.code, reason.gate) for decision in result.decisions for reason in decision.reasons)
    return frozenset(unit for unit, gate in told if gate == RULE_TWICE)


def said_of(result: RunResult, shared: frozenset[str]) -> Said:
    """What a run says of each unit that returned a form, whoever else did; of ``shared`` units nothing of persons."""
    gates = {gate.code for gate in result.plan.gates}
    here = {item.unit for item in result.files if item.unit}
    found: dict[str, list[Any]] = {code: [] for code in here}
    for item in result.standings:
        found[item.unit.code].append((item.points, item.applicable, item.index, item.scores))
    for given in result.findings:
        if given.unit in here and given.code is not Code.NOMINATED_BY_TWO_UNITS:
            found[given.unit].append((given.code.name, given.place, given.message))
    for decision in result.decisions:
        unit = decision.nominee.unit.code
        if unit in here and not (decision.nominee.person and unit in shared):
            for reason in decision.reasons:
                if reason.gate in gates:
                    found[unit].append((decision.nominee.name, reason))
    return {code: tuple(sorted(map(repr, told))) for code, told in found.items()}


def differences(whole: RunResult, parts: Sequence[RunResult]) -> list[str]:
    """The units of which the whole and the parts say different things."""
    shared = shared_people(whole)
    together: Said = {}
    for part in parts:
        together |= said_of(part, shared)
    alone = said_of(whole, shared)
    wrong = [code for code in sorted(alone.keys() | together.keys()) if alone.get(code) != together.get(code)]
    merged = rank(whole.plan, [item for part in parts for item in part.standings])
    ranks = {item.unit.code: (item.rank, item.rank_in_block) for item in whole.standings}
    return wrong + [item.unit.code for item in merged if ranks.get(item.unit.code) != (item.rank, item.rank_in_block)]


def compare(campaign: Path, count: int, folder: Path) -> tuple[RunResult, list[str]]:
    """The result of the whole campaign, and the units that differ."""
    whole = run_batch(campaign, out=folder / "ca-dot", today=TODAY).result
    batches = batches_of(campaign, count, folder)
    parts = [run_batch(batch, out=batch / "ra", today=TODAY).result for batch in batches]
    return whole, differences(whole, parts)


def main(units: str, count: str, folder: str) -> None:
    home = Path(folder)
    scratch = home / f"lo-{units}"
    shutil.rmtree(scratch, ignore_errors=True)
    whole, wrong = compare(campaign_of(int(units), home), int(count), scratch)
    print(f"{len(whole.standings)} units, {count} batches: {len(wrong)} differ {wrong[:5]}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
