"""Turns what a run read into ``so-lieu.jsonl.gz`` beside its results, and back: one line a unit, same input same bytes.

The drop folder holds only what lies there today; the cells that an earlier run saw are known from here alone.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from thidua_xlsx.model.kept import Kept, KeptCell
from thidua_xlsx.model.language import TABLES
from thidua_xlsx.model.office import APPRAISAL, CONFIRMATION, RECEPTION, Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.submission import AnswerRow, Marks, Said, Submission
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.plans.plan_cells import written
from thidua_xlsx.stages.plans.plan_changes import names_of

KEPT = "so-lieu.jsonl.gz"
# Fast, and small enough: 10,000 units of 1,000 cells are some 15 MB.
LEVEL = 4

Pick = Callable[[Sequence[object]], tuple[object, ...]]


def kept_bytes(plan: Plan, office: Office, register: Register, returns: Iterable[Submission]) -> bytes:
    """The plan, the office's values, the register, then every counting return, packed."""
    head = {"plan": _plan(plan), "office": list(_office(office)), "register": list(_register(register))}
    lines = [_line(head), *(_line(_return(item)) for item in sorted(returns, key=lambda item: item.unit))]
    return gzip.compress("".join(lines).encode("utf-8", "backslashreplace"), LEVEL, mtime=0)


def _line(said: Mapping[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


class _Sheet:
    """One sheet of a return: the column of each header, then the rows with what stands in these columns."""

    def __init__(self, name: str) -> None:
        self.columns: dict[str, str] = {}
        self.rows: list[tuple[object, ...]] = []
        self.told = {"name": name, "columns": self.columns, "rows": self.rows}
        self._picked: dict[tuple[str, ...], Pick] = {}

    def add(self, row: AnswerRow) -> None:
        headers = row.headers
        pick = self._picked.get(headers) or self._pick(row, headers)
        texts = [it.text if it.value is None or isinstance(it.value, str) else _typed(it) for it in row.contents]
        self.rows.append(pick((row.row, row.code, "", *texts)))

    def _pick(self, row: AnswerRow, headers: tuple[str, ...]) -> Pick:
        new = [header for header in headers if header not in self.columns]
        if new:
            self.columns |= {header: _column(row, header) for header in new}
            self._picked.clear()
        found = self._picked[headers] = _pick(headers, tuple(self.columns))
        return found


@lru_cache(maxsize=1024)
def _pick(headers: tuple[str, ...], columns: tuple[str, ...]) -> Pick:
    """Takes a row's number, its code, a blank and what stands under its headers; gives what it has in each column.

    Few rows of a sheet have a cell in every column.
    """
    places = {header: place for place, header in enumerate(headers, start=3)}
    return itemgetter(0, 1, *[places.get(header, 2) for header in columns])


def _return(given: Submission) -> dict[str, object]:
    """One return by sheet."""
    sheets: dict[str, _Sheet] = {}
    for row in given.rows:
        if row.sheet not in sheets:
            # Units rename sheets.
            sheets[row.sheet] = _Sheet(row.place.sheet or row.sheet)
        sheets[row.sheet].add(row)
    return {"unit": given.unit, "file": given.file, "sheets": {name: sheet.told for name, sheet in sheets.items()}}


def _column(row: AnswerRow, header: str) -> str:
    """The letters of the column in which a row has its answer under this header."""
    marks = row.marks
    return marks.on.letters[header] if isinstance(marks, Marks) else marks[header].place.cell.rstrip("0123456789")


def _typed(mark: Said) -> str:
    """What stands in the cell as people see it: Excel keeps a day as a number, and every number with a dot."""
    if isinstance(mark.value, date):
        return date_text(mark.value)
    if "." in mark.text and isinstance(mark.value, Decimal) and mark.text == format(mark.value, "f"):
        return mark.text.replace(".", ",")
    return mark.text


def _plan(plan: Plan) -> dict[str, dict[str, dict[str, str]]]:
    """Every value by table, row and key; a row by the shortest name that no row above it has."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for table in TABLES:
        rows = tables.setdefault(table.name, {})
        for number, row in enumerate(plan.table(table.name)):
            named = (*names_of(row), f"{number}") if table.name != "plan" else ("",)
            name = next(name for name in named if name not in rows)
            rows[name] = {key.name: _text(value) for key, value in written(table, row)}
    return tables


def _office(office: Office) -> Iterator[list[object]]:
    for line in office.receptions:
        words = "; ".join(part for part in (_text(line.received), line.decision) if part)
        if words:  # a line that the program prepared says nothing yet
            yield [RECEPTION, [line.path or line.sha256], words, line.place.cell]
    for (unit, code), given in sorted(office.points.items()):
        yield [APPRAISAL, [unit, code], _text(given.value), given.place.cell]
    for key, given in sorted(office.answers.items()):
        yield [CONFIRMATION, list(key), _text(given.value), given.place.cell]


def _register(register: Register) -> Iterator[list[str]]:
    for item in register.awards:
        words = (str(item.year), item.unit, item.name, _text(item.birth), item.award, item.number, _text(item.decided))
        yield [f"{item.place.file}, {item.place.cell}", *words]


def _text(value: object) -> str:
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return "" if value is None else str(value)


def read_kept(data: bytes, office_file: str) -> Kept:
    """What an earlier run kept. ValueError, OSError or KeyError: it is not what a run writes."""
    lines = [json.loads(line) for line in gzip.decompress(data).decode().splitlines()]
    head, returns = lines[0], lines[1:]
    office = {
        (sheet, *key): KeptCell(_office_place(office_file, sheet, key, cell), text)
        for sheet, key, text, cell in head["office"]
    }
    register: dict[tuple[str, ...], KeptCell] = {}
    alike: Counter[tuple[str, ...]] = Counter()
    for place, *words in head["register"]:
        told = ", ".join(word for word in words if word)
        register[*words, str(alike[tuple(words)])] = KeptCell(place, told)
        alike[tuple(words)] += 1
    plan: dict[tuple[str, ...], str] = {
        (table, code, key): text
        for table, rows in head["plan"].items()
        for code, values in rows.items()
        for key, text in values.items()
    }
    return Kept({item["unit"]: _answers(item) for item in returns}, office, register, plan)


def _office_place(file: str, sheet: str, key: list[str], cell: str) -> str:
    codes = ", ".join(part for part in key if part)
    return f"{Place(file, sheet, cell)} ({codes})"


def _answers(item: Mapping[str, Any]) -> dict[tuple[str, ...], KeptCell]:
    found: dict[tuple[str, ...], KeptCell] = {}
    for name, sheet in item["sheets"].items():
        for row, code, *texts in sheet["rows"]:
            for (header, column), text in zip(sheet["columns"].items(), texts, strict=False):
                place = Place(item["file"], sheet["name"], f"{column}{row}")
                found[name, code or f"dòng {row}", header] = KeptCell(f"{place} («{header}» của {code or row})", text)
    return found
