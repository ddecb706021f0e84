"""Turns what each unit sent into its feedback: a fresh copy with the unit's own answers, and what to correct there.

What the copy shows is not where the unit typed it: persons stand by their order, and what was missing is back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from thidua_xlsx.model.findings import (
    ASKED_ANEW,
    IN_OWN_COPY,
    NEEDED_IF,
    ORDER_GIVEN,
    SENT_DIFFERENTLY,
    UNREADABLE_RETURN,
    Code,
    Finding,
    Severity,
)
from thidua_xlsx.model.form import (
    COMPLETED,
    DONE,
    DOSSIER,
    FIGURES,
    INFORMATION,
    NOMINATES_ITSELF,
    ORDER,
    PEOPLE,
    STATE,
    TASKS,
    YES,
    Answer,
    Asks,
    Correction,
    FormLayout,
)
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.reading import READ_FROM_DATE_TEXT, READ_FROM_TEXT, READ_FROM_TICK
from thidua_xlsx.model.results import FileRecord
from thidua_xlsx.model.submission import AnswerRow, Submission
from thidua_xlsx.model.text import clean
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.merge import Merged, Uncounted
from thidua_xlsx.stages.intake.receive import UNUSABLE

Key = tuple[str, str, str]
Answers = dict[Key, Decimal | str | date]
# The order of a person, once the copy has given one, is no longer wrong.
LENIENT = (READ_FROM_TEXT, READ_FROM_TICK, READ_FROM_DATE_TEXT)
READ_AS = "Đã đọc «{typed}» là {read}. Không cần sửa nếu đúng."
ORDERS = (Code.MISSING_ANSWER, Code.NOT_WHOLE)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one unit gets back: its form, the answers that it gave, and what to correct."""

    layout: FormLayout
    answers: Mapping[Key, Decimal | str | date]
    corrections: tuple[Correction, ...]

    @property
    def unit(self) -> str:
        return self.layout.stamp.unit


def shown_codes(given: Submission) -> dict[tuple[str, int], str]:
    """The row code under which each received row stands in the feedback, by (sheet, Excel row).

    Persons whose order is blank, or the same as another's, get the next free number: no row is lost, and the
    finding on their order says what to settle.
    """
    people = given.sheet(PEOPLE)
    taken: set[str] = set()
    codes: dict[tuple[str, int], str] = {}
    free = max((int(row.code) for row in people if row.code), default=0)
    for row in given.rows:
        code = row.code
        if row.sheet == PEOPLE:
            if not code or code in taken:
                free += 1
                code = str(free)
            taken.add(code)
        codes[row.sheet, row.row] = code
    return codes


def received_answers(given: Submission) -> Answers:
    """Every answer as it was read; one that could not be read stays as it was typed, so that nothing is lost."""
    codes = shown_codes(given)
    return {
        (row.sheet, codes[row.sheet, row.row], header): said.value if said.value is not None else said.text
        for row in given.rows
        for header, said in row.said
        if not said.blank
    }


class OwnCopy:
    """Where what was found in a returned file stands in the fresh copy, and what is to be done about it there."""

    def __init__(self, given: Submission) -> None:
        self.given, self.layout = given, given.layout
        self.codes = shown_codes(given)
        self.by_place = {
            mark.place: (row.sheet, self.codes[row.sheet, row.row], header)
            for row in given.rows
            for header, mark in row.marks.items()
        }
        # Sheets may have been renamed.
        self.sheets = {place.sheet: sheet for place, (sheet, _, _) in self.by_place.items()}
        self.wrong = {item.place for item in given.findings if item.severity is Severity.ERROR}
        self.order = {key: number for number, key in enumerate(self.by_place.values())}
        self.row_codes = {
            (row.place.sheet, str(row.row)): self.codes[row.sheet, row.row] for row in given.rows if row.marks
        }

    def spot(self, item: Finding) -> Key:
        """Sheet, row and header; without header the whole row, without row the whole column or sheet."""
        details = dict(item.details)
        sheet = self.sheets.get(item.place.sheet, item.place.sheet)
        if item.code is Code.SAME_PERSON_TWICE:
            return PEOPLE, self.codes[PEOPLE, item.person_row or 0], ""
        if item.place in self.by_place:
            return self.by_place[item.place]
        if order := self.codes.get((PEOPLE, item.person_row or 0)):
            return PEOPLE, order, ORDER
        if item.code in (Code.ROW_MISSING, Code.ROW_TWICE, Code.ROW_UNSURE):
            return sheet, details["row"], ""
        if item.code is Code.HEADER_MISSING:
            asked = self.layout.sheet(sheet)
            # Without its column of codes nothing of a sheet was read.
            return sheet, "", "" if asked and asked.columns[0].header == item.value else item.value
        # A printed cell: its row is known by the answers that were read beside it.
        beside = self.row_codes.get((item.place.sheet, item.place.cell.lstrip(ascii_uppercase)), "")
        return sheet, beside, details.get("header", "")

    def message(self, item: Finding) -> str:
        """What to do, in words that are true in the copy."""
        _, shown, header = self.spot(item)
        details = dict(item.details)
        words = ORDER_GIVEN if item.code in ORDERS and header == ORDER else IN_OWN_COPY.get(item.code)
        if words is None:
            return item.message
        row = details.get("row", "")
        other = self.codes.get((PEOPLE, int(row)), "") if row.isdecimal() else ""
        return words.format(**{**details, "shown": shown, "other": other})

    def corrections(self, wanted: Sequence[Severity]) -> Iterator[Correction]:
        for item in self.given.findings:
            if item.severity in wanted:
                sheet, row, header = self.spot(item)
                yield Correction(sheet, row, header, self.message(item), item.severity is Severity.ERROR)
                if item.code is Code.NUMERATOR_ABOVE_DENOMINATOR:
                    yield Correction(sheet, row, FIGURES[1], self.message(item), False)
        yield from self._needed_then()

    def _needed_then(self) -> Iterator[Correction]:
        """Blanks that nobody can call missing before another answer is corrected: told now, not in the next round."""
        itself = self.given.mark(INFORMATION, NOMINATES_ITSELF, "Trả lời")
        if itself is None or itself.place in self.wrong:
            asked = self.layout.sheet(INFORMATION)
            label = asked.answer(asked.rows[0], "Trả lời") if asked else None
            message = NEEDED_IF.format(label=label.label if label else NOMINATES_ITSELF, answer=YES)
            for row in (*self.given.sheet(INFORMATION), *self.given.sheet(DOSSIER)):
                required = [header for header, mark in row.marks.items() if mark.answer.required]
                yield from self._if_blank(row, required, message)
        for row in self.given.sheet(TASKS):
            state = row.marks.get(STATE)
            if state and state.place in self.wrong:
                message = NEEDED_IF.format(label=state.answer.label, answer=DONE)
                yield from self._if_blank(row, (COMPLETED,), message)

    def _if_blank(self, row: AnswerRow, headers: Iterable[str], message: str) -> Iterator[Correction]:
        for header in headers:
            mark = row.marks.get(header)
            if mark and mark.blank and mark.place not in self.wrong:
                yield Correction(*self.by_place[mark.place], message)

    def read_leniently(self) -> Iterator[Correction]:
        """What was typed and what it was read as, where the two are not the same to the eye."""
        for row in self.given.rows:
            for header, said in row.said:
                if said.remark in LENIENT and said.value is not None and shown(said.value) != f"«{clean(said.text)}»":
                    message = READ_AS.format(typed=clean(said.text), read=shown(said.value))
                    yield Correction(*self.by_place[row.marks[header].place], message, False)

    def asked_anew(self) -> Iterator[Correction]:
        """Rows whose printed words are no longer those of the return."""
        for item in self.given.findings:
            if item.code is Code.LOCKED_CELL_CHANGED:
                sheet, row, _ = self.spot(item)
                yield Correction(sheet, row, "", ASKED_ANEW, False)

    def sorted(self, items: Iterable[Correction]) -> tuple[Correction, ...]:
        """In the order of the form; each once."""
        order = self.order
        return tuple(
            sorted(
                set(items),
                key=lambda item: (
                    order.get((item.sheet, item.row, item.header), -1),
                    item.sheet,
                    item.row,
                    item.header,
                    item.message,
                ),
            )
        )


def corrections(given: Submission) -> tuple[Correction, ...]:
    """Each error at its cell, in the order of the form."""
    copy = OwnCopy(given)
    return copy.sorted(copy.corrections((Severity.ERROR,)))


def in_order(given: Submission) -> bool:
    """Whether there is nothing to correct, as with nine returns of ten: no error, and it says what it proposes."""
    proposes = given.mark(INFORMATION, NOMINATES_ITSELF, "Trả lời") is not None
    return proposes and not any(item.severity is Severity.ERROR for item in given.findings)


def shown(value: Decimal | str | date | None) -> str:
    """An answer as a sentence quotes it."""
    if value is None:
        return "để trống"
    if isinstance(value, date):
        return f"«{date_text(value)}»"
    return f"«{str(value).replace('.', ',') if isinstance(value, Decimal) else value}»"


def of_unproven_order(item: Uncounted) -> Feedback:
    """What all returns agree on; where they differ the cell is blank and red, and says what stood there."""
    *_, last = item.submissions
    versions = [received_answers(given) for given in item.submissions]
    asked: dict[Key, Answer] = {}
    for given in item.submissions:
        codes = shown_codes(given)
        for row in given.rows:
            for header, mark in row.marks.items():
                asked[row.sheet, codes[row.sheet, row.row], header] = mark.answer
    differing = {
        key: list(dict.fromkeys(shown(version.get(key)) for version in versions))
        for key, answer in asked.items()
        if answer.asks is not Asks.REMARK and len({version.get(key) for version in versions}) > 1
    }
    others = ", ".join(sorted(given.file for given in item.submissions))
    told = [Correction("", "", "", IN_OWN_COPY[item.code].format(others=others))]
    told += [Correction(*key, SENT_DIFFERENTLY.format(values="; ".join(values))) for key, values in differing.items()]
    told += [mark for mark in corrections(last) if (mark.sheet, mark.row, mark.header) not in differing]
    kept = {key: value for key, value in versions[-1].items() if key not in differing}
    return Feedback(last.layout, kept, OwnCopy(last).sorted(told))


def of_outdated_form(item: Uncounted) -> Feedback:
    """The present form with the answers of the old one; what is asked anew is red, or yellow where it was answered."""
    *_, last = item.submissions
    copy = OwnCopy(last)
    told = [Correction("", "", "", IN_OWN_COPY[item.code]), *copy.corrections((Severity.ERROR,)), *copy.asked_anew()]
    return Feedback(last.layout, received_answers(last), copy.sorted(told))


def feedback(
    merged: Merged, files: Iterable[FileRecord], plan: Plan, round_: Round, everyone: bool = False
) -> tuple[Feedback, ...]:
    """One answer for each unit whose return has errors or does not count; ``everyone`` who sent something gets one.

    Who sent two returns, the newer one invalid, corrects the newer.
    """
    found: dict[str, Feedback] = {}
    for counted in merged.counted:
        given = counted.newer_invalid or counted.submission
        if not everyone and in_order(given):
            continue
        copy = OwnCopy(given)
        # Warnings are cells to look at again, for those who see all.
        marks = tuple(copy.corrections((Severity.ERROR, Severity.WARNING) if everyone else (Severity.ERROR,)))
        if everyone or any(mark.blocks for mark in marks):
            marks = copy.sorted((*marks, *copy.read_leniently()))
            found[given.unit] = Feedback(given.layout, received_answers(given), marks)
    for item in merged.uncounted:
        make = of_unproven_order if item.code is Code.ORDER_UNPROVEN else of_outdated_form
        found[item.unit] = make(item)
    known = {counted.submission.unit for counted in merged.counted} | found.keys()
    for record in files:
        unit = plan.unit(record.unit or "")
        if unit and unit.code not in known and record.verdict in UNUSABLE:
            told = Correction("", "", "", UNREADABLE_RETURN.format(message=record.message))
            found[unit.code] = Feedback(lay_out(plan, round_, unit), {}, (told,))
    return tuple(found[unit] for unit in sorted(found))
