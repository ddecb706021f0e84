"""Feedback that other processes write is what this one would have written, and whatever fails there is written here."""

from __future__ import annotations

from dataclasses import replace
from shutil import copytree
from threading import Event

import pytest
from generate import SAMPLES, TODAY
from no_cycles import leaves_no_cycle

from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Standing
from thidua_xlsx.pipeline import write_feedback as writing
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import gather
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.write_feedback import FeedbackWriter, write_apart, write_feedback, writing_apart
from thidua_xlsx.stages.intake.feedback import Feedback, feedback
from thidua_xlsx.workbooks.form_proof import NotAsFound
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.reader import desk as desks

Told = tuple[Plan, Round, tuple[Feedback, ...], dict[str, Standing]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = copytree(SAMPLES / "soc-trang-2025", tmp_path_factory.mktemp("campaign") / "c")
    plan = load_plan(folder)
    round_ = plan.rounds[0]
    result, merged = assess(gather(folder, plan, round_, folder / "nop", TODAY, lambda *_: None))
    items = feedback(merged, result.files, plan, round_, everyone=True)
    assert len(items) > 5
    return plan, round_, items, {item.unit.code: item for item in result.standings}


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "processors", lambda: 2)
    monkeypatch.setattr(writing, "MANY", 2)


@pytest.mark.usefixtures("two_processors")
def test_another_process_writes_the_same_bytes(told: Told) -> None:
    plan, round_, items, standings = told
    apart = write_apart(items, plan, round_, standings, Event())
    assert apart == [
        write_form(item.layout, item.answers, item.corrections, standings.get(item.unit)) for item in items
    ]
    assert list(write_feedback(items, standings, apart)) == list(zip(items, apart, strict=True))


def test_few_forms_or_a_single_processor_start_none(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, round_, items, standings = told
    for processors, many in ((1, 2), (2, 1000)):
        monkeypatch.setattr(writing, "processors", lambda count=processors: count)
        monkeypatch.setattr(writing, "MANY", many)
        assert write_apart(items, plan, round_, standings, Event()) == [None] * len(items)


@pytest.mark.usefixtures("two_processors")
def test_what_another_process_cannot_write_is_written_here(told: Told) -> None:
    """A form that is not the plan's is not even asked for; one that cannot be written kills its process alone."""
    plan, round_, items, standings = told
    first, second, third, *_ = items
    otherwise = replace(first, layout=replace(first.layout, unit_name="Tên khác"))
    fatal = replace(second, answers={("Chấm điểm", "1.1.2", "Số liệu 1"): complex(1)})  # type: ignore[dict-item]
    apart = write_apart((otherwise, fatal, third), plan, round_, standings, Event())
    assert [form is None for form in apart] == [True, True, False]
    assert [form for _, form in write_feedback((otherwise, third), standings, (None, apart[2]))] == [
        write_form(otherwise.layout, otherwise.answers, otherwise.corrections, standings.get(otherwise.unit)),
        apart[2],
    ]


@pytest.mark.usefixtures("two_processors")
def test_whoever_is_interrupted_does_not_wait_for_the_rest(told: Told) -> None:
    plan, round_, items, standings = told
    many = items * 100
    with pytest.raises(KeyboardInterrupt), writing_apart(many, plan, round_, standings) as apart:
        raise KeyboardInterrupt
    assert None in apart.result()


@pytest.mark.usefixtures("two_processors")
def test_where_no_process_starts_all_is_written_here(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    plan, round_, items, standings = told
    monkeypatch.setattr(desks.subprocess, "Popen", none)
    assert write_apart(items, plan, round_, standings, Event()) == [None] * len(items)


def test_no_form_leaves_a_cycle_behind(told: Told) -> None:
    """Processes that write them never look for any."""
    plan, round_, items, standings = told
    writer = FeedbackWriter(plan, round_, [item.unit for item in items])
    asked = [writing.told_of(item, standing) for item in items for standing in (None, standings.get(item.unit))]
    leaves_no_cycle(writer, asked)


def test_a_form_that_cannot_be_read_back_is_not_published(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, round_, items, standings = told
    monkeypatch.setattr(writing.FormPress, "write", lambda *_: b"none")
    with pytest.raises(NotAsFound):
        list(write_feedback(items[:1], standings, [None]))
    with pytest.raises(NotAsFound):
        FeedbackWriter(plan, round_, [items[0].unit])(writing.told_of(items[0], None))
