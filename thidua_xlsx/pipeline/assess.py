"""Turns everything that was gathered into standings, decisions and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from thidua_xlsx import __version__
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.results import FileRecord, RunResult, Standing
from thidua_xlsx.model.returned import Filled
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.pipeline.gather import Inputs
from thidua_xlsx.pipeline.issue import layouts_of
from thidua_xlsx.stages.intake.asked import AskedForms
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.merge import Merged, Return, merge
from thidua_xlsx.stages.intake.receive import Received, asked_of_runs, receive
from thidua_xlsx.stages.judging.decide import decide
from thidua_xlsx.stages.judging.dossiers import dossier_states
from thidua_xlsx.stages.judging.known import Known
from thidua_xlsx.stages.judging.rank import rank
from thidua_xlsx.stages.judging.score import score
from thidua_xlsx.stages.office.confirm import office_contradictions
from thidua_xlsx.stages.remedies.settling import settlings


def program() -> str:
    """Name and version, as outputs carry them."""
    return f"thidua-xlsx {__version__}"


def read_returns(
    inputs: Inputs, layouts: Mapping[str, FormLayout]
) -> tuple[Merged, tuple[FileRecord, ...], tuple[Finding, ...]]:
    """Identify every file, collect and check all identified returns together, choose the one that counts."""
    sample = next(iter(layouts.values())).stamp
    received, records, findings = receive(inputs.files, layouts, sample, inputs.office, inputs.first_seen)
    collected = Collected(layouts)
    given = tuple(map(collected.of, received))
    checked = check(given, inputs.plan, inputs.round, told_of_rows(inputs, received))
    merged = merge(tuple(Return(item, given) for item, given in zip(received, checked, strict=True)), inputs.round)
    return replace(without_books(merged), asked_of_runs=asked_of_runs(received)), records, findings


def told_of_rows(inputs: Inputs, received: Sequence[Received]) -> dict[int, tuple[Finding, ...]]:
    """What readers have found in the rows of these already; a trial judges them by another plan than theirs."""
    if inputs.issued not in (None, inputs.plan):
        return {}
    books = enumerate(item.file.book for item in received)
    return {number: book.in_rows for number, book in books if isinstance(book, Filled)}


class Collected:
    """What identified returns say by the layouts of the plan: as collected where they were read, else from the book."""

    def __init__(self, layouts: Mapping[str, FormLayout]) -> None:
        self._layouts = layouts
        self._forms = AskedForms()
        # Forms that are the same as those of the plan, sheet by sheet, though they were laid out elsewhere.
        self._same: set[tuple[int, int]] = set()

    def of(self, item: Received) -> Submission:
        book, layout = item.file.book, self._layouts[item.unit]
        if isinstance(book, Book):
            return collect(book, layout, item.file.name, self._forms)
        assert isinstance(book, Filled)
        given = book.submission
        pair = id(given.layout.sheets), id(layout.sheets)
        if given.unit != item.unit or (pair not in self._same and given.layout.sheets != layout.sheets):
            raise RuntimeError(f"{item.file.name} was collected as another form than that of {item.unit}")
        self._same.add(pair)
        return given


def without_books(merged: Merged) -> Merged:
    """The same without the workbooks: all that counts in them has been collected, and memory is needed to write."""
    counted = (
        replace(item, received=replace(item.received, file=replace(item.received.file, book=None)))
        for item in merged.counted
    )
    return replace(merged, counted=tuple(counted))


def score_all(inputs: Inputs, merged: Merged) -> tuple[tuple[Standing, ...], tuple[Finding, ...]]:
    """Points and places of every validly returned unit."""
    scored: list[Standing] = []
    findings: list[Finding] = []
    for counted in merged.counted:
        unit = inputs.plan.unit(counted.submission.unit)
        if unit and counted.submission.valid:
            standing, more = score(inputs.plan, inputs.round, unit, counted.submission, inputs.office)
            scored.append(standing)
            findings += more
    return rank(inputs.plan, scored), tuple(findings)


def known_of(inputs: Inputs, merged: Merged, standings: tuple[Standing, ...]) -> Known:
    """All that decisions, and their explanation, rest on."""
    return Known(
        inputs.plan,
        inputs.round,
        inputs.office,
        inputs.register,
        {item.unit.code: item for item in standings},
        {item.submission.unit: item for item in merged.counted},
        inputs.today,
    )


def assess(inputs: Inputs) -> tuple[RunResult, Merged]:
    """The program in one screen: receive, check, merge, score, rank, screen, allocate. Pure: same in, same out."""
    plan, round_ = inputs.plan, inputs.round
    issued = inputs.issued or plan
    merged, records, found = read_returns(inputs, layouts_of(issued, issued.round(round_.code) or round_))
    standings, scoring = score_all(inputs, merged)
    known = known_of(inputs, merged, standings)
    decisions, quotas, nominations = decide(known)
    contradictions = office_contradictions(known)
    findings = (*inputs.findings, *found, *merged.findings, *scoring, *nominations, *contradictions)
    absent = (unit for unit in plan.units_of(round_) if unit.code not in known.counted)
    missing = tuple(sorted(absent, key=lambda unit: unit.code))
    result = RunResult(
        plan,
        round_,
        inputs.today,
        program(),
        tuple(sorted((*records, *merged.records), key=lambda item: (item.path, item.member or ""))),
        findings,
        standings,
        decisions,
        quotas,
        dossier_states(known),
        missing,
        settlings=settlings(known, decisions),
    )
    return result, merged
