"""Turns a workbook that XlsxWriter made into the same workbook with some cells typed over, as a hand would.

No writer of ours puts a formula into an answer or an error into a cell; people do. Only the cells named change,
byte for byte, and the archive is made again with fixed dates: the same input, the same bytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import unescape
from zipfile import ZipFile

from thidua_xlsx.model.demo import Retyped, Typed
from thidua_xlsx.workbooks.escaped import in_text
from thidua_xlsx.workbooks.packed import packed

SHEET = re.compile(r'<sheet name="([^"]*)"')


def retype(data: bytes, cells: Sequence[Retyped]) -> bytes:
    """The workbook with these cells typed over; a cell that is not there is our own bug."""
    if not cells:
        return data
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [unescape(name, {"&quot;": '"'}) for name in SHEET.findall(parts["xl/workbook.xml"].decode())]
    by_sheet: dict[str, list[Retyped]] = defaultdict(list)
    for cell in cells:
        by_sheet[cell.sheet].append(cell)
    for sheet, own in by_sheet.items():
        part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
        text = parts[part].decode()
        for cell in own:
            text = _type_over(text, cell)
        parts[part] = text.encode()
    return packed(parts.items())


def _type_over(sheet: str, cell: Retyped) -> str:
    found = re.search(rf'<c r="{cell.cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', sheet)
    if not found:
        raise KeyError(f"{cell.sheet}!{cell.cell}")
    return f"{sheet[: found.start()]}{_cell(cell, found[1] or '')}{sheet[found.end() :]}"


def _cell(cell: Retyped, style: str) -> str:
    text, start = in_text(cell.text), f'<c r="{cell.cell}"{style}'
    if cell.typed is Typed.FORMULA:
        return f"{start}><f>{text}</f></c>"
    if cell.typed is Typed.ERROR:
        return f'{start} t="e"><v>{text}</v></c>'
    if cell.typed is Typed.NUMBER:
        return f"{start}><v>{text}</v></c>"
    return f'{start} t="inlineStr"><is><t>{text}</t></is></c>'
