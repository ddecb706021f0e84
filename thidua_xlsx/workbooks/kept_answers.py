"""Turns what a run read into ``so-lieu.jsonl.gz`` beside its results, and back: one line a unit, same input same bytes.

The drop folder holds only what lies there today; the cells that an earlier run saw are known from here alone.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from thidua_xlsx.model.kept import Kept, KeptCell
from thidua_xlsx.model.language import TABLES
from thidua_xlsx.model.office import APPRAISAL, CONFIRMATION, RECEPTION, Office, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.model.wording import date_text
from thidua_xlsx.stages.plans.plan_cells import written
from thidua_xlsx.stages.plans.plan_changes import names_of
from thidua_xlsx.workbooks.kept_return import kept_return, packed_line

KEPT = "so-lieu.jsonl.gz"


def kept_bytes(
    plan: Plan, office: Office, register: Register, returns: Iterable[tuple[Submission, bytes | None]]
) -> bytes:
    """The plan, the office's values, the register and the names of the files, then every counting return, packed.

    A return may come with the line that was made of it where it was read.
    """
    ordered = sorted(returns, key=lambda item: item[0].unit)
    head = {
        "plan": _plan(plan),
        "office": list(_office(office)),
        "register": list(_register(register)),
        "files": {given.unit: given.file for given, _ in ordered},
    }
    return b"".join((packed_line(head), *(made or kept_return(given) for given, made in ordered)))


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
    files = head.get("files", {})
    answers = {item["unit"]: _answers(item, files.get(item["unit"]) or item["file"]) for item in returns}
    return Kept(answers, office, register, plan)


def _office_place(file: str, sheet: str, key: list[str], cell: str) -> str:
    codes = ", ".join(part for part in key if part)
    return f"{Place(file, sheet, cell)} ({codes})"


def _answers(item: Mapping[str, Any], file: str) -> dict[tuple[str, ...], KeptCell]:
    found: dict[tuple[str, ...], KeptCell] = {}
    for name, sheet in item["sheets"].items():
        for row, code, *texts in sheet["rows"]:
            for (header, column), text in zip(sheet["columns"].items(), texts, strict=False):
                place = Place(file, sheet["name"], f"{column}{row}")
                found[name, code or f"dòng {row}", header] = KeptCell(f"{place} («{header}» của {code or row})", text)
    return found
