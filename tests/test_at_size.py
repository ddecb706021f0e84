"""A large batch says of each unit what small batches say, and the benchmarks still know the program they measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import ours
from tests.benchmarks.batches import compare, differences, said_of
from tests.benchmarks.campaign import EVERY, campaign_of

UNITS, BATCHES = 100, 5


def test_every_stage_that_is_measured_exists() -> None:
    for _, module, names in ours.stages():
        for name in names:
            assert callable(getattr(module, name))


@pytest.mark.slow
def test_a_campaign_gives_unit_for_unit_what_its_batches_give(tmp_path: Path) -> None:
    whole, wrong = compare(campaign_of(UNITS, tmp_path), BATCHES, tmp_path / "lo")
    returned = len(said_of(whole, frozenset()))
    faulty = {item.unit for item in whole.findings if item.severity.value == "error" and item.unit}
    assert returned > UNITS * 0.8
    assert len(faulty) >= returned // EVERY
    assert wrong == []
    assert differences(whole, []) != []
