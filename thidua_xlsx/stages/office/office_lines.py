"""Turns a plan, a round and what is known so far into the lines of the office's workbook: asked, typed, and shown.

The program writes the codes of a line and what is shown beside; all else on it is what a person typed, and stays
as typed. A line without an answer asks; ``read_office`` passes over it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum

from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.office import (
    APPRAISAL,
    CONFIRMATION,
    DECLINE,
    EVERY,
    NOTE,
    OFFICE_SHOWN,
    RECEPTION,
    YEARLY_INDEX,
)
from thidua_xlsx.model.plan import Criterion, Unit
from thidua_xlsx.model.results import FileRecord, LineScore, Verdict
from thidua_xlsx.model.text import fold
from thidua_xlsx.model.wording import date_text, printed
from thidua_xlsx.stages.office.kept_rows import KEYS, Kept, KeptRow, Key, key_of
from thidua_xlsx.stages.office.office_answers import answer_lines
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.office_line import Beside, Line, Shown, coded_line
from thidua_xlsx.stages.office.plain_table import Typed

OFFICE_SCORES = "Cơ quan thường trực chấm"
CLAIM_IS_OTHER = "Tự chấm khác điểm tính"
NO_LONGER = "Không còn trong kế hoạch hoặc không thuộc đợt này; dòng được giữ lại, chương trình không dùng."
NO_FILE = "Không có tệp này trong thư mục nộp; dòng được giữ lại."
OTHER_PERSON = "Thứ tự này nay là «{now}»: câu trả lời không được tính. Xóa ô Trả lời rồi chạy lại."
# More lines than these nobody goes through: then only what needs a look is listed, and a line can be added by hand.
MOST_LINES = 20_000

WHOSE = "Nếu xác minh được là phiếu của đơn vị nào thì ghi mã ở cột «Đơn vị», kèm «Lý do», «Người», «Ngày»."
WHICH = "Chưa rõ bản nào gửi sau: ghi «Ngày nhận» từng bản, hoặc chọn «Tính bản này» ở một bản, kèm «Lý do»."
LATE = "Chọn «Nhận» nếu chấp nhận, «Không nhận» nếu không, kèm «Lý do»."
TO_DECIDE = {
    Code.ORDER_UNPROVEN.name: WHICH,
    Code.STAMP_DAMAGED.name: WHOSE,
    Code.STAMP_CONFLICT.name: WHOSE,
    Code.UNKNOWN_UNIT.name: WHOSE,
    Code.NO_STAMP.name: WHOSE,
    Code.LATE.name: LATE,
    Code.LATE_REJECTED.name: LATE,
}


def office_lines(asked: OfficeAsked, kept: Kept, beside: Beside) -> dict[str, tuple[Line, ...]]:
    """All lines by sheet: what is asked in the plan's order, each with what was typed, then what has no place left."""
    nominees = (item.nominee for item in beside.decisions)
    people = [item for item in nominees if item.person and item.person.order is not None]
    wanted = {sheet: kept.rows.get(sheet, ()) for sheet in KEYS}
    codes = {sheet: [row.key for row in rows] for sheet, rows in wanted.items()}
    lines = {
        RECEPTION: reception_lines(asked, beside, wanted[RECEPTION]),
        APPRAISAL: point_lines(asked, beside, codes[APPRAISAL]),
        CONFIRMATION: answer_lines(asked, beside, people, codes[CONFIRMATION]),
    }
    left = {RECEPTION: NO_FILE, APPRAISAL: NO_LONGER, CONFIRMATION: NO_LONGER}
    return {sheet: tuple(_with_typed(sheet, lines[sheet], wanted[sheet], left[sheet])) for sheet in KEYS}


def _with_typed(sheet: str, lines: Iterable[Line], kept: Sequence[KeptRow], left: str) -> Iterator[Line]:
    """Each line with what was typed into it; what nothing asks for any more follows at the end, marked."""
    rows: dict[Key, list[KeptRow]] = defaultdict(list)
    for row in kept:
        rows[row.key].append(row)
    for line in lines:
        same = rows.pop(line.key, None)
        yield from (Line(line.key, row.typed, _checked(sheet, line, row), line.answer) for row in same or ())
        if not same:
            yield line
    for row in (row for left_over in rows.values() for row in left_over):
        # Codes alone that we wrote ourselves are no loss; those that a person typed have nothing shown beside.
        if row.says or not any(row.shown.values()):
            yield Line(row.key, row.typed, {OFFICE_SHOWN[sheet][-1]: left})


def _checked(sheet: str, line: Line, row: KeptRow) -> Mapping[str, Shown]:
    """What is shown, given what was typed: a decision on a late return is no longer to be made.

    An answer about a person stays at its order, where somebody else may stand by now.
    """
    decide = OFFICE_SHOWN[RECEPTION][-1]
    if sheet == RECEPTION and row.typed.get("Quyết định") and str(line.shown[decide]).endswith(LATE):
        return {**line.shown, decide: ""}
    header = OFFICE_SHOWN[CONFIRMATION][0]
    before, now = row.shown.get(header), line.shown.get(header)
    if sheet != CONFIRMATION or row.key[1] in ("", EVERY) or not before or not now or not row.typed.get("Trả lời"):
        return line.shown
    name = str(now).rpartition(" (")[0]
    if before == now or (name and fold(name) in fold(str(before))):
        return line.shown
    # Whom an answer was given about stays beside it: with the new name it would count for the new person.
    return {**line.shown, header: str(before), NOTE: line.shown.get(NOTE) or OTHER_PERSON.format(now=now)}


# Tiếp nhận


def reception_lines(asked: OfficeAsked, beside: Beside, kept: Sequence[KeptRow]) -> Iterator[Line]:
    """A line for every file that the office may say something of, in the order of their paths."""
    said = {row.key for row in kept}
    seen: set[Key] = set()
    for item in beside.files:
        path = item.name
        codes = {"Tệp": path, "SHA-256": item.sha256}
        if (path,) in said:  # whoever typed a path alone means whatever lies there
            codes["SHA-256"] = ""
        key = key_of(RECEPTION, codes)
        if item.verdict is not Verdict.IGNORED and item.sha256 and key not in seen:
            seen.add(key)
            yield coded_line(RECEPTION, codes, _reception_shown(asked, item))


def _reception_shown(asked: OfficeAsked, item: FileRecord) -> dict[str, Shown]:
    unit = asked.units.get(item.unit or "")
    mailed = f", thư ngày {date_text(item.received_at)}" if item.received_at and item.received_by == "thu" else ""
    name, state, decide = OFFICE_SHOWN[RECEPTION]
    return {name: unit.name if unit else "", state: f"{item.label}{mailed}", decide: _to_decide(item)}


def _to_decide(item: FileRecord) -> str:
    """What the office has to say of this file, and why; nothing where the file needs no word of it."""
    if item.verdict in (Verdict.SUPERSEDED, Verdict.DUPLICATE):
        return ""
    choice = TO_DECIDE.get(item.code or "", "")
    if item.verdict in (Verdict.HELD, Verdict.REJECTED, Verdict.FOREIGN):
        drop = f"Không cần nữa thì chọn «{DECLINE}»." if item.verdict is not Verdict.FOREIGN else ""
        return " ".join(part for part in (item.message, choice, drop) if part)
    return f"{item.message} {choice}" if choice else ""


# Điểm thẩm định


def point_lines(asked: OfficeAsked, beside: Beside, kept: Sequence[Key]) -> Iterator[Line]:
    """Unit by unit what only the office can score, and every line of a scored unit with its claim and its points."""
    typed = set(kept)
    scores = {
        item.unit.code: {score.line.code: score for score in item.scores if score.applicable}
        for item in beside.standings
    }
    few = sum(len(own) for own in scores.values()) <= MOST_LINES
    here = {unit.code for unit in asked.plan.units_of(asked.round)}
    elsewhere = {key[0] for key in typed if len(key) == len(KEYS[APPRAISAL])}
    codes, years = _yearly(asked), _years_typed(typed)
    for unit in asked.plan.units:
        if unit.code not in here and unit.code not in elsewhere:
            continue
        own = scores.get(unit.code, {})
        for line in asked.lines(unit).values():
            score, office = own.get(line.code), unit.code in here and _office_scores(unit, line)
            if office or (unit.code, line.code) in typed or (score and (few or _differs(asked, score))):
                yield _point_line(asked, unit, line.code, line.name, line.max, office, score)
        for code in codes | dict.fromkeys(years.get(unit.code, ())):
            label = f"Chỉ số đã công bố năm {code.removeprefix(YEARLY_INDEX)} (%)"
            yield _point_line(asked, unit, code, label, Decimal(100), True, None)


def _office_scores(unit: Unit, line: Criterion) -> bool:
    """Survey lines, and lines that the office answers."""
    return (line.method == "survey" or line.who_answers == "office") and line.code not in unit.not_applicable


def _yearly(asked: OfficeAsked) -> dict[str, None]:
    """The codes of published indices, where the round ranks by them."""
    if asked.round.rank_source == "this_return":
        return {}
    first, last = asked.plan.years_of(asked.round)
    first = last if asked.round.rank_source == "office" else first
    return {f"{YEARLY_INDEX}{year}": None for year in range(first, last + 1)}


def _years_typed(typed: Iterable[Key]) -> dict[str, list[str]]:
    """By unit the published indices that somebody typed, the round's or not."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted(typed):
        if key[1:] and key[1].startswith(YEARLY_INDEX):
            found[key[0]].append(key[1])
    return found


def _differs(asked: OfficeAsked, score: LineScore) -> bool:
    """Whether the claim is another than the computed points, as they are printed."""
    if score.claimed is None:
        return False
    computed = _computed(asked, score)
    return computed is not None and score.claimed != computed


def _computed(asked: OfficeAsked, score: LineScore | None) -> Decimal | None:
    known = score.computed if score else None
    return None if known is None else printed(known, asked.plan.head.decimals)


def _point_line(
    asked: OfficeAsked, unit: Unit, code: str, label: str, maximum: Decimal, office: bool, score: LineScore | None
) -> Line:
    claimed, computed = score.claimed if score else None, _computed(asked, score)
    note = OFFICE_SCORES if office else CLAIM_IS_OTHER if score and _differs(asked, score) else ""
    shown = dict(zip(OFFICE_SHOWN[APPRAISAL], (unit.name, label, maximum, claimed, computed, note), strict=True))
    return coded_line(APPRAISAL, {"Đơn vị": unit.code, "Mã": code}, shown)


# What has changed


BLANK = (None, "")


class Difference(Enum):
    """How a fresh workbook differs from the present one: not at all, in what is shown, or in what is asked."""

    NONE = 0
    SHOWN = 1
    LINES = 2


def difference(lines: Mapping[str, Sequence[Line]], kept: Kept) -> Difference:
    """The order of the rows is no difference: staff sort and filter as they like."""
    found = Difference.NONE
    for sheet, own in lines.items():
        present = kept.rows.get(sheet, ())
        if {line.key for line in own} - {row.key for row in present}:
            return Difference.LINES
        found = Difference.SHOWN if _otherwise(own, present) else found
    return found


def _otherwise(lines: Sequence[Line], rows: Sequence[KeptRow]) -> bool:
    """Whether the lines read otherwise than the rows, in whatever order."""
    # A line that keeps what stands in a row is that row, unless something is shown otherwise: nearly all are.
    by_typed = {id(row.typed): row for row in rows}
    left: list[Line] = []
    for line in lines:
        row = by_typed.get(id(line.typed))
        if row is not None and _read_alike(line.shown, row.shown):
            del by_typed[id(line.typed)]
        else:
            left.append(line)
    fresh = Counter(_seen(line.typed, line.shown) for line in left)
    return fresh != Counter(_seen(row.typed, row.shown) for row in by_typed.values())


def _read_alike(one: Mapping[str, Shown], other: Mapping[str, Typed]) -> bool:
    for header in {**one, **other}:
        now, before = one.get(header), other.get(header)
        same = (type(now) is type(before) and now == before) or (now in BLANK and before in BLANK)
        if not same and _seen({}, {header: now}) != _seen({}, {header: before}):
            return False
    return True


def _seen(typed: Mapping[str, Typed], shown: Mapping[str, Typed] | Mapping[str, Shown]) -> frozenset[tuple[str, str]]:
    """The cells of a row that are not blank, each as one would read it."""
    cells = ((header, value) for row in (typed, shown) for header, value in row.items())
    return frozenset((header, _read(value)) for header, value in cells if value not in BLANK)


def _read(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return " ".join(str(value).split())
