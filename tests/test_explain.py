"""``explain``: the proof of an outcome names what decided it, and the smallest change does change it, where it lies."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from amend import amend
from click.testing import CliRunner
from generate import SAMPLES, TODAY, clean_sample
from whole_books import with_books

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.cli.main import main
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.form import SCORES
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.remedy import Lies, Way
from thidua_xlsx.model.results import Decision, Nominee, Outcome, RunResult
from thidua_xlsx.pipeline.assess import assess, known_of
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import Inputs, gather, open_office, open_register
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.intake.receive import ReturnedFile
from thidua_xlsx.stages.judging.decide import decide
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.remedies.explain import Proof, explain
from thidua_xlsx.stages.remedies.proof_text import proof_lines
from thidua_xlsx.stages.remedies.smallest_change import same
from thidua_xlsx.stages.remedies.suppose import suppose
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_book

# No round without a demo: the samples show the first round of each plan, these the others.
OTHER_ROUNDS = [
    (plan.head.id, round_.code) for plan in map(load_plan, shipped_plan_ids()) for round_ in plan.rounds[1:]
]
FAIR = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)


@dataclass(frozen=True)
class Campaign:
    """A folder with everything that a run over it knows."""

    folder: Path
    plan: Plan
    round: Round
    inputs: Inputs
    result: RunResult
    known: Known

    def proof(self, decision: Decision) -> Proof:
        person = decision.nominee.person
        order = person.order if person else None
        found = explain(self.known, self.result.decisions, self.result.files, decision.nominee.unit, order)
        assert found
        assert found.decision == decision
        return found

    def without_award(self, people: bool) -> list[Decision]:
        return [
            item
            for item in self.result.decisions
            if item.outcome is not Outcome.PROPOSED and people is (item.nominee.person is not None)
        ]

    def again(self, folder: Path, changed: frozenset[str]) -> tuple[Decision, ...]:
        """The next run over an amended copy; returns that nobody touched are not read again."""
        plan = load_plan(folder)
        round_ = plan.round(self.round.code)
        assert round_
        files = {item.path: item for item in self.inputs.files if (folder / item.path).exists()}
        for path in changed:
            data = (folder / path).read_bytes()
            book = read_book(data)
            assert isinstance(book, Book)
            files[path] = ReturnedFile(path, sha256(data).hexdigest(), book)
        office, *_ = open_office(names.read_optional(folder / names.OFFICE), plan, round_)
        register, _ = open_register(folder)
        inputs = replace(self.inputs, plan=plan, round=round_, files=tuple(files.values()))
        return assess(replace(inputs, office=office, register=register))[0].decisions


@cache
def campaign(folder: Path, round_code: str | None = None) -> Campaign:
    plan = load_plan(folder)
    round_ = plan.round(round_code) if round_code else plan.rounds[0]
    assert round_
    inputs = gather(folder, plan, round_, folder / names.INBOX, TODAY, lambda _what, _done, _all: None)
    inputs = with_books(inputs, folder)  # a changed plan asks them anew
    result, merged = assess(inputs)
    return Campaign(folder, plan, round_, inputs, result, known_of(inputs, merged, result.standings))


@cache
def proofs(one: str, people: bool) -> tuple[tuple[Decision, Proof], ...]:
    """Of every unit of a sample that is not proposed; or of every person."""
    sample = campaign(SAMPLES / one)
    return tuple((item, sample.proof(item)) for item in sample.without_award(people))


def outcome_of(decisions: tuple[Decision, ...], nominee: Nominee) -> Outcome | None:
    """The outcome of the same unit, or of the person of the same row; None: no longer put forward."""

    def row(item: Nominee) -> int | None:
        return item.person.row if item.person else None

    found = [
        item.outcome
        for item in decisions
        if item.nominee.unit.code == nominee.unit.code and row(item.nominee) == row(nominee)
    ]
    return found[0] if found else None


def amended(one: Campaign, way: Way, tmp_path: Path) -> tuple[Path, frozenset[str]]:
    """A copy of the campaign with the way taken, in its files."""
    folder = tmp_path / "dot"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(one.folder, folder, ignore=shutil.ignore_patterns("ket-qua", ".thidua.lock"))
    given = {code: item.submission for code, item in one.known.counted.items()}
    return folder, amend(folder, one.round.code, way.amendments, given)


def check_way(one: Campaign, decision: Decision, way: Way, tmp_path: Path) -> None:
    folder, changed = amended(one, way, tmp_path)
    now = outcome_of(one.again(folder, changed), decision.nominee)
    assert now is not decision.outcome, (decision.nominee.name, way)
    assert way.outcome in (None, now), (decision.nominee.name, way)


def kind(decision: Decision, way: Way) -> tuple[Any, ...]:
    return decision.outcome, frozenset(item.lies for item in way.amendments), decision.nominee.subject


def one_of_each_kind(told: Iterable[tuple[Decision, Proof]]) -> Iterator[tuple[Decision, Way]]:
    seen = set()
    for decision, proof in told:
        for way in proof.ways:
            if kind(decision, way) not in seen:
                seen.add(kind(decision, way))
                yield decision, way


def check_proof(decision: Decision, proof: Proof) -> None:
    """It names what decided, and at least one way to another outcome, at its place."""
    assert decision.reasons
    assert proof.ways, decision.nominee.name
    text = "\n".join(proof_lines(proof))
    assert decision.outcome.value in text
    for reason in decision.reasons:
        assert reason.message.rstrip(".") in text
    if decision.outcome is Outcome.RESERVE:
        assert decision.distance in text
    for way in proof.ways:
        assert way.amendments
        for item in way.amendments:
            assert item.label
            assert item.place.cell or item.key[-1] or item.lies is Lies.REGISTER


# The first run of CI looks at the units of two plans; all five, and their people, are a step of their own.
SOON = ("kim-phuong-2025", "soc-trang-2025")
EACH_SAMPLE = pytest.mark.parametrize(
    "plan_id", [pytest.param(one, marks=() if one in SOON else pytest.mark.slow) for one in shipped_plan_ids()]
)
EACH_SUBJECT = pytest.mark.parametrize(
    "people", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["units", "people"]
)


@EACH_SUBJECT
@EACH_SAMPLE
def test_whoever_is_not_proposed_is_told_why_and_what_would_change_it(plan_id: str, people: bool) -> None:
    assert proofs(plan_id, people)
    for decision, proof in proofs(plan_id, people):
        check_proof(decision, proof)


@EACH_SUBJECT
def test_the_smallest_change_changes_the_outcome_where_it_lies(people: bool, tmp_path: Path) -> None:
    """One way of each kind; every way of every unit is the next test's."""
    lies = set()
    for plan_id in shipped_plan_ids() if people else SOON[-1:]:
        for decision, way in one_of_each_kind(proofs(plan_id, people)):
            lies |= {item.lies for item in way.amendments}
            check_way(campaign(SAMPLES / plan_id), decision, way, tmp_path)
    assert {Lies.FORM, Lies.POINTS, Lies.ANSWERS, Lies.PLAN} <= lies


@pytest.mark.slow
@EACH_SAMPLE
def test_the_smallest_change_of_every_unit_changes_its_outcome_where_it_lies(plan_id: str, tmp_path: Path) -> None:
    for decision, proof in proofs(plan_id, False):
        for way in proof.ways:
            check_way(campaign(SAMPLES / plan_id), decision, way, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("plan_id", "round_code"), OTHER_ROUNDS)
def test_the_same_in_every_other_round(plan_id: str, round_code: str, tmp_path: Path) -> None:
    make_demo(tmp_path / "c", plan_id, round_code=round_code, units=14, seed=5)
    one = campaign(tmp_path / "c", round_code)
    told = [(item, one.proof(item)) for people in (False, True) for item in one.without_award(people)]
    assert told
    for decision, proof in told:
        check_proof(decision, proof)
    for decision, way in one_of_each_kind(told):
        check_way(one, decision, way, tmp_path)


@pytest.mark.slow
def test_a_published_run_agrees_for_every_kind_of_change(tmp_path: Path) -> None:
    """The whole way round: the cell in the file, then ``run``."""
    seen: set[Lies] = set()
    every = ((one, *found) for one in shipped_plan_ids() for found in one_of_each_kind(proofs(one, False)))
    for plan_id, decision, way in every:
        new = {item.lies for item in way.amendments} - seen
        if not new:
            continue
        seen |= new
        one = campaign(SAMPLES / plan_id)
        folder, _ = amended(one, way, tmp_path)
        done = run_batch(folder, out=tmp_path / f"lan-{len(seen)}", today=TODAY)
        now = outcome_of(done.result.decisions, decision.nominee)
        assert now is not decision.outcome
        assert way.outcome in (None, now)
    assert {Lies.FORM, Lies.POINTS, Lies.ANSWERS, Lies.PLAN, Lies.RETURN} <= seen


@pytest.mark.slow
@pytest.mark.parametrize("people", [False, True], ids=["units", "people"])
@EACH_SAMPLE
def test_every_value_of_the_smallest_change_is_needed(plan_id: str, people: bool) -> None:
    """Without any one of them whoever failed gates stays outside."""
    known = campaign(SAMPLES / plan_id).known
    for decision, proof in proofs(plan_id, people):
        if decision.outcome not in (Outcome.INELIGIBLE, Outcome.UNPROVEN) or proof.ways[0].outcome not in FAIR:
            continue
        amendments = proof.ways[0].amendments
        for left_out in amendments:
            if left_out.lies is Lies.RETURN:  # comes with the plan's amendment; alone it says nothing
                continue
            supposed = suppose(known, [item for item in amendments if item is not left_out])
            nominee = same(supposed, decision.nominee)
            now = next(item.outcome for item in decide(supposed)[0] if item.nominee == nominee)
            assert now not in FAIR, (decision.nominee.name, left_out)


def test_a_return_that_is_held_counts_once_the_office_says_so(tmp_path: Path) -> None:
    """Two versions, and nobody proved which came last."""
    folder = clean_sample("kim-phuong-2025", tmp_path / "hai-ban")
    before = campaign(SAMPLES / "kim-phuong-2025").known.counted["HCCB"]
    mark = next(mark for row in before.submission.sheet(SCORES) for mark in row.marks.values() if mark.value == 0)
    book = openpyxl.load_workbook(folder / before.submission.file)
    book[mark.place.sheet][mark.place.cell].value = 1
    book.save(folder / "nop" / "HCCB khác.xlsx")
    one = campaign(folder)
    decision = next(item for item in one.without_award(people=False) if item.nominee.unit.code == "HCCB")
    assert decision.outcome is Outcome.NOT_RETURNED
    ways = one.proof(decision).ways
    held = [way for way in ways if way.amendments[0].lies is Lies.RECEPTION]
    assert len(held) == 2
    assert len(ways) == 3, "or the unit sends it again"
    for way in held:
        check_way(one, decision, way, tmp_path)


def run_cli(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["explain", *arguments, "--today", TODAY.isoformat()])
    return done.exit_code, done.output


def test_the_page_of_a_unit_and_of_a_person(tmp_path: Path) -> None:
    folder = clean_sample("soc-trang-2025", tmp_path / "dot")
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    code, page = run_cli(str(folder), "kthtdt")
    assert code == 0
    for text in ("KẾT QUẢ", "ĐIỀU KIỆN, TIÊU CHUẨN", "SỐ LƯỢNG", "ĐIỂM CỦA ĐƠN VỊ", "--person", "Tổng:"):
        assert text in page
    assert "«115» (E9); Số liệu 2 «120» (F9)" in page, "figures as typed, with their cells"
    code, page = run_cli(str(folder), "Phòng Kinh tế, Hạ tầng và Đô thị", "--person", "2")
    assert code == 0
    assert "Lâm Thanh Tâm, thứ tự 2" in page
    assert '--set "quota.ca-nhan.seats=8"' in page
    assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == before, "nothing is published"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("KTHTD",), "có phải là KTHTDT"),
        (("Phòng Kinh tế, Hạ tầng",), "có phải là KTHTDT"),
        (("KTHTDT", "--person", "9"), "Các thứ tự có trong phiếu: 1, 2."),
        (("zzz",), "không có đơn vị «zzz»"),
    ],
)
def test_a_mistyped_name_is_wrong_use(arguments: tuple[str, ...], told: str) -> None:
    code, page = run_cli(str(SAMPLES / "soc-trang-2025"), *arguments)
    assert code == 2
    assert told in page


