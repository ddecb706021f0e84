"""Turns the program that runs into a digest: another one may read otherwise, and write other bytes."""

from __future__ import annotations

import pyexpat
import sys
import zlib
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
# Whose other version may read otherwise, or write other bytes.
LIBRARIES = (
    "thidua-xlsx", "xlsxwriter", "openpyxl", "python-calamine", "pandas", "pandera", "numpy", "olefile",
)  # fmt: skip


@cache
def program_digest() -> str:
    """Of everything that reads, judges and writes: other sources, another interpreter or library, another program."""
    told = sha256(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION} {pyexpat.EXPAT_VERSION}".encode())
    told.update(repr([(name, version_of(name)) for name in LIBRARIES]).encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        told.update(f"\n{path.relative_to(PACKAGE).as_posix()} {sha256(path.read_bytes()).hexdigest()}".encode())
    return told.hexdigest()


def version_of(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # loads the mail library

    try:
        return version(library)
    except PackageNotFoundError:
        return ""
