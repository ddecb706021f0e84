"""The committed samples are runs that must come out as written, and what is generated is not stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from generate import EXPECTED, GENERATED, SAMPLES, TODAY, clean_sample

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.workbooks.plans import shipped_plan_ids, shipped_plan_path
from thidua_xlsx.workbooks.reader.cells import read_book

IDS = shipped_plan_ids()


@pytest.mark.parametrize("plan_id", IDS)
def test_a_sample_comes_out_as_written(plan_id: str, tmp_path: Path) -> None:
    folder = clean_sample(plan_id, tmp_path / "dot")
    output = run_batch(folder, today=TODAY)
    assert output.json.decode() == (SAMPLES / plan_id / EXPECTED).read_text("utf-8")
    assert output.exit_code == 1
    made = {path.name for path in output.target.iterdir()}
    assert made == {"tong-hop.xlsx", "phan-hoi", "ket-qua.json", "so-lieu.jsonl.gz"}
    # Whoever tries the program on what is committed finds nothing of it changed.
    committed = {path.name: path.read_bytes() for path in (SAMPLES / plan_id).glob("*.*") if path.is_file()}
    assert committed == {path.name: path.read_bytes() for path in folder.glob("*.*") if path.name in committed}
    assert {path.name for path in folder.iterdir()} - committed.keys() <= {"nop", "ket-qua", ".thidua.lock"}


@pytest.mark.parametrize("plan_id", IDS)
def test_a_sample_finds_what_was_broken_in_it_and_nothing_else(plan_id: str) -> None:
    said = json.loads((SAMPLES / plan_id / EXPECTED).read_text("utf-8"))
    seeded = json.loads((SAMPLES / plan_id / "loi-cai-san.json").read_text("utf-8"))
    found = {
        (item["file"], item["sheet"], cell, item["code"])
        for item in said["findings"]
        for cell in item["cells"] or [None]
        if item["severity"] == "error"
    }
    broken = {(item["file"], item["sheet"], cell, item["code"]) for item in seeded for cell in item["cells"] or [None]}
    assert found <= broken
    assert len(broken) >= 8


@pytest.mark.parametrize("plan_id", IDS)
def test_a_sample_shows_more_than_winners(plan_id: str) -> None:
    said = json.loads((SAMPLES / plan_id / EXPECTED).read_text("utf-8"))
    outcomes = {item["outcome"] for item in said["decisions"]}
    assert Outcome.PROPOSED.name in outcomes
    assert len(outcomes) >= 5


@pytest.mark.parametrize("name", sorted(GENERATED))
@pytest.mark.parametrize("plan_id", IDS)
def test_what_is_generated_is_not_stale(plan_id: str, name: str) -> None:
    """Compared cell by cell: another version of the writer may pack the same cells differently."""
    committed = read_book((shipped_plan_path(plan_id).parent / name).read_bytes())
    made = read_book(GENERATED[name](plan_id))
    assert isinstance(committed, Book)
    assert isinstance(made, Book)
    assert committed.sheets == made.sheets, "chạy lại: python -m tests.generate templates"


def test_running_a_sample_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = clean_sample(IDS[0], tmp_path / "dot")
    outputs = [run_batch(folder, out=tmp_path / name, today=TODAY) for name in ("a", "b")]
    names = sorted(path.relative_to(outputs[0].target) for path in outputs[0].target.rglob("*.*"))
    assert names
    for name in names:
        assert (outputs[0].target / name).read_bytes() == (outputs[1].target / name).read_bytes(), name
