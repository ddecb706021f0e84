"""Workbooks as units would return them, as bytes: filled forms of every shipped plan, and one that hides a comment."""

from __future__ import annotations

import re
import zipfile
from functools import cache
from io import BytesIO

from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.lay_out import lay_out
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
