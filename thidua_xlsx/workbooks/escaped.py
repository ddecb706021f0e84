"""Turns texts into what stands for them in the markup of a part, as XlsxWriter writes them: apostrophes stay.

By ``html``, for ``xml.sax.saxutils`` would load a web client into every process that writes forms.
"""

from __future__ import annotations

from html import escape


def in_text(text: str) -> str:
    """The text between two tags."""
    return escape(text, quote=False)


def in_attribute(text: str) -> str:
    """The text between quotation marks."""
    return in_text(text).replace('"', "&quot;")
