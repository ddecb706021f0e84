"""Workbooks as units would return them, as bytes: filled forms of every shipped plan, and one that hides a comment."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import BytesIO

import openpyxl
from filled_return import address_of

from thidua_xlsx.model.demo import Answers
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.retype import retype

UNITS = 2


@cache
def demo_returns() -> list[bytes]:
    """Some filled forms of every round of every shipped plan, with the faults that the demo seeds."""
    made = []
    for plan in map(load_plan, shipped_plan_ids()):
        for round_ in plan.rounds:
            for item in invent(plan, round_, 1, UNITS, True).returns:
                made.append(retype(write_form(lay_out(plan, round_, item.unit), item.answers), item.retyped))
    return made


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A unit's filled form, and what it belongs to."""

    plan: Plan
    round: Round
    data: bytes


@cache
def filled_form(plan_id: str, writer: str) -> FilledForm:
    """A faultless return to the first round of a shipped plan; the same answers whichever the writer."""
    plan = load_plan(plan_id)
    invented = invent(plan, plan.rounds[0], 1, UNITS)
    sent = invented.returns[0]
    layout = lay_out(invented.plan, invented.round, sent.unit)
    return FilledForm(invented.plan, invented.round, WRITERS[writer](layout, sent.answers))


def filled_by_openpyxl(layout: FormLayout, answers: Answers) -> bytes:
    """The issued form, filled and saved in another program; at a fixed time, so that its bytes are always the same."""
    book = openpyxl.load_workbook(BytesIO(write_form(layout)))
    for (sheet, code, header), value in answers.items():
        cell = book[sheet][address_of(layout, sheet, code, header)]
        cell.value = float(value) if isinstance(value, Decimal) else value
    stream, still = BytesIO(), BytesIO()
    book.save(stream)
    moment = re.compile(rb"(?<=W3CDTF\">)\d{4}-[^<]*")
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(still, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = moment.sub(b"2026-01-20T08:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return still.getvalue()


WRITERS: Mapping[str, Callable[[FormLayout, Answers], bytes]] = {"demo": write_form, "openpyxl": filled_by_openpyxl}


def turned_comment(data: bytes) -> tuple[bytes, tuple[str, str]]:
    """The file with a comment inside a number, and where that is: 8<!-- -->5 is 85, and calamine reads 8."""
    with zipfile.ZipFile(BytesIO(data)) as old:
        names = re.findall(r'<sheet name="([^"]*)"', old.read("xl/workbook.xml").decode())
        for number, sheet in enumerate(names, start=1):
            part = f"xl/worksheets/sheet{number}.xml"
            text = old.read(part).decode()
            cells = list(re.finditer(r'<c r="([A-Z]+\d+)"(?: s="\d+")?><v>(\d)(\d+)</v></c>', text))
            if cells:
                name, cell = sheet, cells[-1]
                break
        inside = text[: cell.start(3)] + "<!-- -->" + text[cell.start(3) :]
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for member in old.infolist():
                new.writestr(member, inside if member.filename == part else old.read(member))
    return stream.getvalue(), (name, cell[1])
