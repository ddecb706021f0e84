"""Turns the bytes of plain markup into the characters that expat would hear, or says that expat must be asked."""

from __future__ import annotations

import re
from math import isfinite

from thidua_xlsx.workbooks.reader.markup import TEXT_LIMIT

NUMBER_LENGTH = 40
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")

# What expat would refuse or change (line ends), and the names that only a document type could explain.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|]]>|&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)"
)
_REFERENCE = re.compile("&(#x?)?([0-9A-Za-z]+);")
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain_text(written: bytes) -> str | None:
    """The characters of a piece of markup, if expat would take each of them as it is."""
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError:
        return None
    usual = text.isprintable() and "&" not in text and "]]>" not in text
    return text if usual or not _ODD.search(text) else None


def without_references(text: str) -> str | None:
    """The text with its references resolved, or None where one of them names no character of XML."""
    if "&" not in text:
        return text
    try:
        resolved = _REFERENCE.sub(_character, text)
    except (ValueError, OverflowError):
        return None
    return None if _NO_CHARACTER.search(resolved) else resolved


def _character(reference: re.Match[str]) -> str:
    kind, said = reference.groups()
    return chr(int(said, 16 if kind == "#x" else 10)) if kind else _NAMES[said]


def is_clean(text: str) -> bool:
    """Whether a text is what Excel would show, as it stands."""
    return text.isprintable() and "_x" not in text and len(text) <= TEXT_LIMIT


def is_number(text: str) -> bool:
    """Whether this is a number as XML writes it; what only Python takes for one (1_000, full-width) is none."""
    return len(text) <= NUMBER_LENGTH and _NUMBER.fullmatch(text) is not None and isfinite(float(text))
