"""Turns the files of a run, as they will be published, into the proof that they say what the run found, or a fault.

Another program (calamine, in Rust) reads ``tong-hop.xlsx`` again: each point, rank, index, outcome, award and amount
must stand there once, and no row more. It takes a third of the time that writing took (DESIGN §7: whole or not at all).
"""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from python_calamine import CalamineWorkbook

from thidua_xlsx.model.council import BALLOT_CODE, BALLOT_HEADERS, ballot_code
from thidua_xlsx.model.results import Decision, LineScore, Outcome, RunResult
from thidua_xlsx.model.wording import printed as rounded
from thidua_xlsx.workbooks.form_proof import NotAsFound
from thidua_xlsx.workbooks.result_json import result_json
from thidua_xlsx.workbooks.summary.words import seat_names

Row = Mapping[str, Any]
Grid = Sequence[Sequence[Any]]
# Longer names may be cut where they would outgrow a row; nothing shorter than this ever is.
TOLD_APART = 60
NUMBER, UNIT = "STT", "Đơn vị"
RANKED = (
    "Điểm tự chấm",
    "Điểm được tính",
    "Điểm áp dụng",
    "Chỉ số (%)",
    "Hạng trong khối",
    "Hạng chung",
    "Số bậc tăng",
)
TOTALS = ("Tổng tự chấm", "Tổng điểm được tính", "Điểm áp dụng", "Chỉ số (%)", "Hạng trong khối")
OUTCOME, FIRST_MERGED = "Kết quả xét", "Điểm tự chấm"
NOMINEE, CELL, AMOUNT = "Tập thể, cá nhân", "Suất", "Tiền thưởng (đồng)"
AWARD, EACH = "Hình thức khen thưởng", "Mức thưởng, làm tròn lên 10.000 (đồng)"
CODE, LINE, MOST = "Mã", "Tiêu chí", "Điểm tối đa"
NOT_APPLICABLE, UNKNOWN = "–", "?"
NUMBERS = (int, float, Decimal, Fraction)


def prove(result: RunResult, proved: Container[str] = ()) -> Callable[[str, bytes], None]:
    """What is to be asked of each file of a run by its name, but of those that were asked when they were written."""

    def check(name: str, data: bytes) -> None:
        if name in proved:
            return
        if name.endswith(".json"):
            if json.loads(data) != result_json(result):
                raise NotAsFound(f"{name} says something else")
        elif name.endswith(".gz"):
            gzip.decompress(data)  # carries its own checksum
        else:
            prove_summary(result, data)

    return check


def prove_summary(result: RunResult, data: bytes) -> None:
    """Sheet by sheet; the first difference is raised."""
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    for name, proof in PROOFS.items():
        grid = book.get_sheet_by_name(name).to_python()
        for what, expected, found in proof(result, grid):
            wanted, seen = Counter(expected), Counter(found)
            if wanted.items() != seen.items():  # counters themselves compare in many steps
                raise NotAsFound(f"{name}, {what}: {_few(wanted - seen)} missing, {_few(seen - wanted)} too many")


def _few(items: Counter[Hashable]) -> list[Hashable]:
    return list(items)[:3]


Compared = Iterator[tuple[str, Iterable[Hashable], Iterable[Hashable]]]


# Reading


def rows_under(grid: Grid, *headers: str) -> Iterator[Row]:
    """The numbered rows below each row that has all these headings, by heading."""
    columns: dict[str, int] = {}
    for line in grid:
        if NUMBER in line:
            texts = {text(value): place for place, value in reversed(list(enumerate(line))) if isinstance(value, str)}
            columns = texts if all(header in texts for header in headers) else {}
        elif columns and _is_number(line[columns[NUMBER]]):
            yield {header: line[place] for header, place in columns.items() if header}


def text(value: object) -> str:
    return " ".join(str(value).split())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def told(value: object) -> str:
    """A cell, or what ought to stand in it, for comparison: 15 digits of a number, the start of a text."""
    if isinstance(value, str):
        return _start(value)
    if isinstance(value, float) and value:
        return _digits(value)
    if value is None:
        return ""
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        number = float(value)
        return _digits(number) if number else format(number, ".15g")  # 0 and -0 would be found as one another
    return _start(str(value))


@lru_cache(maxsize=4096)
def _digits(number: float) -> str:
    return format(number, ".15g")


@lru_cache(maxsize=32768)
def _start(words: str) -> str:
    return "".join(words.split())[:TOLD_APART]


def printed(value: Fraction | Decimal | None, decimals: int) -> str:
    return "" if value is None else _printed(*value.as_integer_ratio(), decimals)


@lru_cache(maxsize=4096)
def _printed(top: int, parts: int, decimals: int) -> str:
    return told(rounded(Fraction(top, parts), decimals))


# Sheet by sheet


def _ranking(result: RunResult, grid: Grid) -> Compared:
    decimals = result.plan.head.decimals
    rows = list(rows_under(grid, UNIT, *RANKED, OUTCOME))
    outcomes = {item.nominee.unit.code: item.outcome.value for item in result.decisions if not item.nominee.person}
    standing = {item.unit.code for item in result.standings}
    ranked = [row for row in rows if not isinstance(row[FIRST_MERGED], str) or not row[FIRST_MERGED]]
    yield (
        "points, indices, ranks and outcomes",
        (
            (
                told(item.unit.name),
                *(printed(value, decimals) for value in (item.claimed, item.points, item.applicable, item.index)),
                *(told(value) for value in (item.rank_in_block, item.rank, item.rank_gain)),
                told(outcomes.get(item.unit.code)),
            )
            for item in result.standings
        ),
        ((told(row[UNIT]), *(told(row[header]) for header in RANKED), told(row[OUTCOME])) for row in ranked),
    )
    absent = [unit for unit in result.plan.units_of(result.round) if unit.code not in standing]
    yield (
        "units without a rank",
        (told(unit.name) for unit in absent),
        (told(row[UNIT]) for row in rows if isinstance(row[FIRST_MERGED], str) and row[FIRST_MERGED]),
    )


def _scores(result: RunResult, grid: Grid) -> Compared:
    decimals = result.plan.head.decimals
    yield (
        "totals",
        (
            (
                told(item.unit.name),
                *(printed(value, decimals) for value in (item.claimed, item.points, item.applicable, item.index)),
                told(item.rank_in_block),
            )
            for item in result.standings
        ),
        ((told(row[UNIT]), *(told(row[header]) for header in TOTALS)) for row in rows_under(grid, UNIT, *TOTALS)),
    )
    points = [
        (name, score.line.code, _leaf(score, decimals))
        for item in result.standings
        for name in (told(item.unit.name),)
        for score in item.scores
    ]
    wanted, seen = Counter(points), Counter(_points(grid))
    # The sums of whole fields stand there too; what is a field in one block may be a line in another.
    if any(times > seen[point] for point, times in wanted.items()):  # counters themselves compare in many steps
        yield "points of each line", points, (seen & wanted).elements()


def _leaf(score: LineScore, decimals: int) -> str:
    if not score.applicable:
        return NOT_APPLICABLE
    return UNKNOWN if score.points is None else printed(score.points, decimals)


def _points(grid: Grid) -> Iterator[tuple[str, str, str]]:
    """(unit, code of the line, points) of the tables in which lines go down and units across."""
    units: dict[int, str] = {}
    code, heads = told(CODE), [told(head) for head in (CODE, LINE, MOST)]
    for line in grid:
        first = told(line[0])
        if first == code and [told(value) for value in line[:3]] == heads:
            # The table of differences begins alike, with other headings behind.
            more = {place: name for place, value in enumerate(line) if place > 2 and (name := told(value))}
            units = {} if "Tựchấm" in more.values() else more
        elif not first:
            units = {}
        if units and first != code:
            own = text(line[0])
            for place, name in units.items():
                yield name, own, told(line[place])


def _proposals(result: RunResult, grid: Grid) -> Compared:
    """Each nominee on whom the council votes has one row under its code; each amount is one of the table of prizes."""
    seats = seat_names(result)
    shown = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)
    wanted = [item for item in result.decisions if item.outcome in shown]
    paid = [item for item in wanted if item.outcome is not Outcome.RESERVE and item.money]
    yield (
        "proposals, ties and reserves, seats and amounts",
        (
            (
                told(ballot_code(item.nominee)),
                _name(item),
                told(seats.get(item.quota.code) if item.quota else None),
                told(item.money.amount if item.money else None),
            )
            for item in wanted
        ),
        (
            (told(row[BALLOT_CODE]), told(str(row[NOMINEE]).split("\n")[0]), told(row[CELL]), told(row[AMOUNT]))
            for row in rows_under(grid, *BALLOT_HEADERS, NOMINEE, CELL, AMOUNT)
        ),
    )
    yield (
        "awards and their amounts",
        sorted({(told(item.award), told(item.money.amount)) for item in paid if item.money}),
        sorted({(told(row[AWARD]), told(row[EACH])) for row in rows_under(grid, AWARD, EACH)}),
    )


def _name(item: Decision) -> str:
    person = item.nominee.person
    return told(f"{person.title} {person.name}" if person else item.nominee.name)


def _people(result: RunResult, grid: Grid) -> Compared:
    yield (
        "persons and outcomes",
        (
            (
                told(item.nominee.unit.name),
                told(item.nominee.person.order),
                told(item.nominee.name),
                told(item.outcome.value),
            )
            for item in result.decisions
            if item.nominee.person
        ),
        (
            (told(row[UNIT]), told(row["Thứ tự ưu tiên"]), told(row["Họ và tên"]), told(row[OUTCOME]))
            for row in rows_under(grid, UNIT, "Họ và tên", OUTCOME)
        ),
    )


def _reasons(result: RunResult, grid: Grid) -> Compared:
    yield (
        "reasons",
        (
            (told(item.nominee.unit.name), told(item.outcome.value), told(reason.gate))
            for item in result.decisions
            for reason in item.reasons
        ),
        (
            (told(row[UNIT]), told(row[OUTCOME]), told(row["Mã quy tắc"]))
            for row in rows_under(grid, UNIT, OUTCOME, "Mã quy tắc")
        ),
    )


def _files(result: RunResult, grid: Grid) -> Compared:
    header = "Kết quả nhận; mức độ"
    yield (
        "entries and their verdicts",
        ((told(item.label), told(item.sha256[:12])) for item in result.files),
        (
            (told(row[header]), told(row["SHA-256 (12 ký tự đầu)"]))
            for row in rows_under(grid, header, "SHA-256 (12 ký tự đầu)")
        ),
    )


def _counted(header: str, things: Callable[[RunResult], Sequence[object]]) -> Callable[[RunResult, Grid], Compared]:
    """A sheet of which only the number of rows is told."""

    def compare(result: RunResult, grid: Grid) -> Compared:
        yield "rows", ("row" for _ in things(result)), ("row" for _ in rows_under(grid, header))

    return compare


PROOFS: dict[str, Callable[[RunResult, Grid], Compared]] = {
    "Xếp hạng": _ranking,
    "Bảng điểm": _scores,
    "Đề nghị khen thưởng": _proposals,
    "Cá nhân": _people,
    "Lý do": _reasons,
    "Phiếu nhận": _files,
    "Chưa nộp": _counted("Khối", lambda result: result.missing),
    "Thay đổi": _counted("Trước đây", lambda result: result.changes),
}
