"""Turns a Word document into bytes that are the same each time: no clock in its properties, none in its zip."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from thidua_xlsx.workbooks.sheets import CREATED

# The earliest time that a zip can hold.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def packed(document: Any) -> bytes:
    """The document as a file."""
    document.core_properties.created = document.core_properties.modified = CREATED
    raw, made = BytesIO(), BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
