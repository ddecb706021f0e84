"""Turns what the council should know of each nominee into short words with numbers, and the numbered texts below."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_xlsx.workbooks.summary.looks import Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import capital, shortened

SHORT = 30
NOTE = Look(ruled=False, size=11)
TITLE = Look(bold=True, ruled=False)


class Footnotes:
    """Texts in the order in which they are first spoken of; the same text has one number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def short(self, texts: Sequence[str], whole: Sequence[str] = ()) -> str:
        """«Tự khai, chưa xác nhận [1]; phiếu nộp sau thời hạn»; first the ones that stand in the list ``whole``."""
        return capital("; ".join([*whole, *(self._mark(text) for text in texts)]))

    def _mark(self, text: str) -> str:
        kind, colon, _ = text.partition(":")
        if len(text) <= SHORT and not colon:
            return text
        number = self._numbers.setdefault(text, len(self._numbers) + 1)
        return f"{kind if colon and len(kind) <= SHORT else shortened(text, SHORT)} [{number}]"

    def write(self, page: Page) -> None:
        if not self._numbers:
            return
        page.keep(60.0)
        page.band("Lưu ý ghi trong danh sách", TITLE)
        for text, number in self._numbers.items():
            page.sentence(f"[{number}] {capital(text)}.", NOTE)
