"""What changed is told against the newest run of the round that said something else, not against a repetition."""

from __future__ import annotations

from pathlib import Path

import pytest
from filled_return import PLAN_TEXT
from test_campaign import AFTERWARDS, CHANGED, SAID, drop, new_folder, retyped, run, tree, valid

from thidua_xlsx.pipeline.run import RunOutput

FIRST = '{code = "hang-nam"'
OTHER_ROUND = (
    '{code = "so-ket", name = "Sơ kết", kind = "annual", from_year = 2025, to_year = 2025, deadline = 2026-01-30, '
    'inclusive = true, clause = "III.1"},'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two rounds; one return, which an earlier run has seen, and which was then replaced by another."""
    home = new_folder(tmp_path / "thi đua")
    (home / "ke-hoach.toml").write_text(PLAN_TEXT.replace(FIRST, f"{OTHER_ROUND}\n  {FIRST}"), "utf-8")
    drop(home, VP=valid("VP"))
    return home


def yearly(folder: Path, **options: object) -> RunOutput:
    return run(folder, AFTERWARDS, round_code="hang-nam", **options)


def told(done: RunOutput) -> tuple[bool, set[str]]:
    """Whether there was nothing to compare with, and of what kinds the changes are."""
    return done.result.first_run, {item.kind for item in done.result.changes}


def seen_and_changed(folder: Path) -> RunOutput:
    """Two runs, so that the return is known, and a third after its claim has changed."""
    for _ in range(2):
        yearly(folder)
    (folder / "nop" / "VP.xlsx").write_bytes(retyped("VP", CHANGED))
    return yearly(folder)


def test_a_run_again_tells_the_changes_again_and_is_the_same_byte_for_byte(folder: Path) -> None:
    changed = seen_and_changed(folder)
    assert not told(changed)[0]
    assert "Điểm" in told(changed)[1]
    for _ in range(2):  # by the first of them the run has become one that saw the changed return
        again = yearly(folder)
        assert told(again) == told(changed)
    assert tree(yearly(folder).target) == tree(again.target)


def test_a_first_run_again_has_nothing_to_compare_with(folder: Path) -> None:
    (folder / "nop" / "VP.xlsx").unlink()
    first, again = yearly(folder), yearly(folder)
    assert told(first) == told(again) == (True, set())
    assert tree(first.target) == tree(again.target)


def test_another_round_is_nothing_to_compare_with(folder: Path) -> None:
    other = run(folder, AFTERWARDS, round_code="so-ket")
    first = yearly(folder)
    assert other.json != first.json
    assert told(other) == told(first) == (True, set())


def test_a_run_of_another_round_in_between_hides_nothing(folder: Path) -> None:
    for _ in range(2):
        yearly(folder)
    (folder / "nop" / "VP.xlsx").write_bytes(retyped("VP", CHANGED))
    run(folder, AFTERWARDS, round_code="so-ket")
    done = yearly(folder)
    assert not told(done)[0]
    assert "Điểm" in told(done)[1]


def test_a_trial_is_compared_with_the_newest_result_and_is_none_itself(folder: Path) -> None:
    newest = seen_and_changed(folder)
    trial = yearly(folder, settings=["criterion.1.2.max=20.5"])
    assert trial.target.name == "thu-001"
    assert told(trial)[0] is False
    assert told(newest)[1] != told(trial)[1]
    again = yearly(folder)
    assert told(again)[0] is False


def test_a_run_elsewhere_tells_what_a_run_here_would(folder: Path, tmp_path: Path) -> None:
    seen_and_changed(folder)
    yearly(folder)
    elsewhere = yearly(folder, out=tmp_path / "ra")
    assert tree(elsewhere.target) == tree(yearly(folder).target)


def test_an_earlier_result_that_cannot_be_read_is_passed_over(folder: Path) -> None:
    seen_and_changed(folder)
    expected = told(yearly(folder))
    for name, data in {"lan-003": b"{", "lan-004": b"[]"}.items():
        (folder / "ket-qua" / name / SAID).write_bytes(data)
    done = yearly(folder)
    assert not done.result.first_run
    assert {item.kind for item in done.result.changes} >= expected[1]
