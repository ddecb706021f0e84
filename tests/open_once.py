"""A workbook that many tests retype one cell of: opened once, as opening takes three times as long as saving."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import openpyxl


@cache
def opened(data: bytes) -> Any:
    """To look at; whoever retypes it does so by ``typed_over``."""
    return openpyxl.load_workbook(BytesIO(data))


def typed_over(data: bytes, *cells: tuple[Any, object]) -> bytes:
    """The workbook saved by openpyxl with other values in these cells of it; text is typed as text."""
    before = [(cell, cell.value, cell.data_type, cell.number_format) for cell, _ in cells]
    for cell, value in cells:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    out = BytesIO()
    try:
        opened(data).save(out)
    finally:
        for cell, value, kind, shown in reversed(before):
            cell.value, cell.data_type, cell.number_format = value, kind, shown
    return out.getvalue()
