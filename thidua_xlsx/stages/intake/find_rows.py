"""Turns the rows of a sheet found in a returned file into the row of each code, by code and printed text together.

A row belongs to a code when its code cell and its printed text agree. Where a spreadsheet changed the code, the
printed text decides, and a finding says so; where the two contradict, or leave a choice, the row belongs to nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from thidua_xlsx.model.cells import Kind
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.reading import read_code
from thidua_xlsx.model.text import fold
from thidua_xlsx.stages.intake.code_forms import CodeForms
from thidua_xlsx.stages.intake.find_sheets import Found
from thidua_xlsx.stages.intake.read_answer import seen_in

Codes = frozenset[str]
NONE: Codes = frozenset()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row whose code or printed text is not as issued: the codes that either may stand for."""

    row: int
    exact: str | None
    meant: Codes
    labelled: Codes

    @property
    def agreed(self) -> Codes:
        return self.meant & self.labelled


class RowFinder:
    """The rows of one sheet, settled from the surest to the least sure."""

    def __init__(self, found: Found, date1904: bool) -> None:
        self.found = found
        self.printed, self.order = found.asked.by_code, found.asked.order
        self.label_column = found.numbers[1] if len(found.numbers) > 1 else 0
        self.sure: dict[str, int] = {}
        self.doubled: list[tuple[int, str]] = []
        self.unsure: list[Doubt] = []
        self.unknown: list[int] = []
        doubtful = [row for row in found.rows if not self._as_issued(row)]
        if doubtful:
            self._settle(self._doubts(doubtful, date1904))

    def _text(self, row: int) -> str:
        cell = self.found.sheet.cells.get((row, self.label_column)) if self.label_column else None
        return cell.text if cell else ""

    def _as_issued(self, row: int) -> bool:
        """Takes a row whose code stands there as text beside its own printed text."""
        cell = self.found.code_cell(row)
        if cell is None or cell.kind is not Kind.TEXT or cell.formula is not None:
            return False
        form_row = self.printed.get(cell.text)
        if form_row is None or form_row.code in self.sure:
            return False
        typed, text = self._text(row), form_row.label
        if typed != text and fold(typed) != fold(text):
            return False
        self.sure[form_row.code] = row
        return True

    def _doubts(self, rows: list[int], date1904: bool) -> list[Doubt]:
        forms = CodeForms(self.printed)
        by_label: dict[str, set[str]] = {}
        for code, form_row in self.printed.items():
            by_label.setdefault(fold(form_row.label), set()).add(code)
        made = []
        for row in rows:
            cell, text = self.found.code_cell(row), self._text(row)
            labelled = frozenset(by_label.get(fold(text), ())) if text else NONE
            doubt = Doubt(row, forms.exact(cell), forms.may_mean(cell, date1904), labelled)
            if doubt.meant or doubt.labelled:
                made.append(doubt)
            else:
                self.unknown.append(row)
        return made

    def _settle(self, doubts: list[Doubt]) -> None:
        """Again and again, since every row that is settled leaves fewer codes for the others."""
        left = doubts
        before = -1
        while left and len(self.sure) != before:
            before = len(self.sure)
            for choices in (self._agreed, self._by_text_alone, self._by_code_alone, self._code_is_elsewhere):
                left = self._take(left, choices)
        for doubt in left:
            self._leave(doubt)

    def _take(self, doubts: list[Doubt], choices: Callable[[Doubt], Codes | None]) -> list[Doubt]:
        """Settles the rows to which just one code is left that way, and that no other wants too; returns the rest."""
        wishes = []
        for doubt in doubts:
            free = choices(doubt) or NONE
            wishes.append(self._in_between(doubt.row, free) if len(free) > 1 else free)
        wanted = Counter(code for free in wishes if len(free) == 1 for code in free)
        left = []
        for doubt, free in zip(doubts, wishes, strict=True):
            code = next(iter(free)) if len(free) == 1 else None
            if code and wanted[code] == 1:
                self.sure[code] = doubt.row
            else:
                left.append(doubt)
        return left

    def _free(self, codes: Codes) -> Codes:
        return codes - self.sure.keys()

    def _agreed(self, doubt: Doubt) -> Codes | None:
        """Code and text name one code together."""
        free = self._free(doubt.agreed)
        return frozenset({doubt.exact}) if doubt.exact in free else free

    def _by_text_alone(self, doubt: Doubt) -> Codes | None:
        """The code cell says nothing that the form knows."""
        return None if doubt.meant else self._free(doubt.labelled)

    def _by_code_alone(self, doubt: Doubt) -> Codes | None:
        """The printed text was changed; a code that is a text of its own needs no other witness."""
        if doubt.labelled:
            return None
        free = self._free(doubt.meant)
        return frozenset({doubt.exact}) if doubt.exact in free else free

    def _code_is_elsewhere(self, doubt: Doubt) -> Codes | None:
        """Code and text contradict, but the code stands in its own row already."""
        if doubt.agreed or self._free(doubt.meant):
            return None
        return self._free(doubt.labelled)

    def _in_between(self, row: int, codes: Codes) -> Codes:
        """Those of the codes that the issued form has between the rows above and below, unless the sheet was sorted."""
        settled = sorted((at, self.order[code]) for code, at in self.sure.items())
        places = [place for _, place in settled]
        if places != sorted(places):
            return codes
        above = max((place for at, place in settled if at < row), default=-1)
        below = min((place for at, place in settled if at > row), default=len(self.order))
        return frozenset(code for code in codes if above < self.order[code] < below)

    def _leave(self, doubt: Doubt) -> None:
        """A row that nobody may be scored on: its code is taken, or it is not clear which one it is."""
        claimed = doubt.agreed or doubt.meant
        if self._free(doubt.meant | doubt.labelled):
            self.unsure.append(doubt)
        elif claimed:
            self.doubled.append((doubt.row, doubt.exact if doubt.exact in claimed else min(claimed)))
        else:
            self.unknown.append(doubt.row)


def coded_rows(found: Found, file: str, unit: str, date1904: bool) -> tuple[dict[str, int], list[Finding]]:
    """Excel row of each code of the layout; what is missing, doubled, unsure or unknown are findings."""
    if found.printed:  # as issued, with all rows and no other
        return found.printed.codes, []
    finder = RowFinder(found, date1904)
    findings = list(row_findings(finder, file, unit))
    for form_row in found.asked.rows:
        if form_row.code not in finder.sure and form_row.asks:
            place = Place(file, found.sheet.name)
            findings.append(
                finding(Code.ROW_MISSING, place, unit=unit, value=form_row.code, row=form_row.code),
            )
    return finder.sure, findings


def row_findings(finder: RowFinder, file: str, unit: str) -> Iterator[Finding]:
    """What the code column says that it should not."""
    found = finder.found
    for code, row in finder.sure.items():
        if found.says(row, code):
            continue
        typed = read_code(found.code_cell(row))
        if typed != code and fold(typed) != fold(code) and finder.printed[code].asks:
            seen = seen_in(found.code_cell(row))
            place = found.code_place(file, row)
            yield finding(Code.CODE_REPAIRED, place, unit=unit, value=seen, typed=said(seen), row=code)
    for row, code in finder.doubled:
        yield finding(Code.ROW_TWICE, found.code_place(file, row), unit=unit, value=code, row=code)
    for doubt in finder.unsure:
        seen = seen_in(found.code_cell(doubt.row))
        open_codes = (doubt.meant | doubt.labelled) - finder.sure.keys()
        codes = sorted(open_codes, key=finder.order.__getitem__)
        yield finding(
            Code.ROW_UNSURE,
            found.code_place(file, doubt.row),
            unit=unit,
            value=seen,
            typed=said(seen),
            others=" hoặc ".join(codes),
            row=codes[0],
        )
    for row in finder.unknown:
        if found.answered(row):
            seen = seen_in(found.code_cell(row))
            yield finding(Code.ROW_UNKNOWN, found.code_place(file, row), unit=unit, value=seen, typed=said(seen))


def said(text: str) -> str:
    return f"ghi «{text}»" if text else "để trống"
