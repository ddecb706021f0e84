"""Turns the returned forms, as collected, into the same forms with every finding on them, each fault told once.

Rules about one cell are in ``cell_rules``, rules about several cells of a row in ``row_rules``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from thidua_xlsx.model.findings import Code, Finding, Severity
from thidua_xlsx.model.form import PEOPLE
from thidua_xlsx.model.plan import Plan, Round, applies
from thidua_xlsx.model.submission import AnswerRow, Submission
from thidua_xlsx.stages.intake.cell_rules import Table, cell_finding
from thidua_xlsx.stages.intake.row_rules import lines_of, row_findings, waived

ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
NONE_YET: Mapping[int, tuple[Finding, ...]] = MappingProxyType({})
RULE_ORDER = {code: place for place, code in enumerate(Code)}


def telling_order(item: Finding) -> tuple[bool, int, str, int, int, str]:
    """Errors first, then by the catalogue, then as the sheet is read: the same whoever else returned a form."""
    found = ADDRESS.fullmatch(item.place.cell)
    row, letters = (int(found[2]), found[1]) if found else (0, item.place.cell)
    return item.severity is not Severity.ERROR, RULE_ORDER[item.code], item.place.sheet, row, len(letters), letters


def without_knock_on(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most one finding of a cell when one of them is an error: the first of the catalogue's errors there."""
    kept: dict[object, Finding] = {}
    out: list[Finding] = []
    for item in sorted(findings, key=telling_order):
        if item.place.cell and item.place in kept:
            continue
        if item.place.cell and item.severity is Severity.ERROR:
            kept[item.place] = item
        out.append(item)
    return tuple(out)


def check(
    submissions: tuple[Submission, ...],
    plan: Plan,
    round_: Round,
    in_rows: Mapping[int, tuple[Finding, ...]] = NONE_YET,
) -> tuple[Submission, ...]:
    """The same submissions with every finding of every sheet; each sheet type is validated once over all of them.

    ``in_rows`` is what ``row_findings`` has given for some of them already, by their place.
    """
    found: dict[int, list[Finding]] = {}
    shared = frozenset(
        item.code for item in plan.dossiers if item.subject == "both" and applies(item.rounds, round_.code)
    )
    by_sheet: dict[str, list[tuple[int, AnswerRow]]] = defaultdict(list)
    for number, given in enumerate(submissions):
        for row in given.rows:
            by_sheet[row.sheet].append((number, row))
        told = in_rows.get(number)
        found[number] = [*given.findings, *(row_findings(given, plan, round_) if told is None else told)]
    for numbered in by_sheet.values():
        broken = Table(row for _, row in numbered).failures()
        faulty = {said for _, said in broken}
        for number, row in numbered if broken else ():
            if faulty.isdisjoint(map(id, row.contents)):  # nearly all rows
                continue
            codes = [(header, code) for header, said in row.said for code in broken.get((header, id(said)), ())]
            given = submissions[number]
            spared = waived(given, row, lines_of(given, plan, round_), shared)
            person_row = row.row if row.sheet == PEOPLE else None
            for header, code in codes:
                if code is not Code.MISSING_ANSWER or header not in spared:
                    found[number].append(cell_finding(code, row.marks[header], given.unit, person_row))
    return tuple(replace(given, findings=without_knock_on(found[number])) for number, given in enumerate(submissions))
