"""Turns what a cell of the form is (printed, heading, answer, wrong) into its look: an office form on A4.

Answer cells are unlocked and coloured, everything else is locked; borders carry the meaning on black and
white paper. The guide's legend shows the very same formats.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

from thidua_xlsx.model.form import Asks
from thidua_xlsx.workbooks.sheets import DATE_FORMAT, OpenWorkbook

GRID = "#A6A6A6"
GREY = "#8C8C8C"
INK = "#1F3864"
HEADER_FILL, FIELD_FILL, PART_FILL = "#D9E2F0", "#E9EEF6", "#F4F6FA"
OPTIONAL_FILL, REQUIRED_FILL, MISSING_FILL = "#FFFCEB", "#FFF2CC", "#FCE0BF"
REQUIRED_EDGE = "#BF8F00"
WRONG_FILL, WRONG_EDGE, DOUBTFUL_FILL = "#F8CBCB", "#C00000", "#FFE08A"
DONE_FILL = "#DDEFD9"

BORDER = {"border": 1, "border_color": GRID}
NUMBERS = (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)
NARROW = (*NUMBERS, Asks.YES_NO, Asks.DATE)
LINK = {"font_color": "#0563C1", "underline": 1}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, work: OpenWorkbook) -> None:
        self._work = work
        self._made: dict[Hashable, Any] = {}

    def _once(self, key: Hashable, make: Callable[[], dict[str, Any]]) -> Any:
        if key not in self._made:
            self._made[key] = self._work.format(**make())
        return self._made[key]

    def numbers(self) -> dict[Hashable, int]:
        """By what it is, the number under which cells name each look; those without one get theirs in this order."""
        return {key: self.number(look) for key, look in self._made.items()}

    @staticmethod
    def number(look: Any) -> int:
        # XlsxWriter numbers a look when it writes the first cell that has it; and of looks that are the same, one.
        return int(look._get_xf_index())

    def title(self) -> Any:
        return self._once("title", lambda: {"bold": True, "font_size": 14, "font_color": INK})

    def stamp(self) -> Any:
        return self._once("stamp", lambda: {"font_size": 8, "font_color": GREY})

    def guidance(self) -> Any:
        return self._once("guidance", lambda: {"italic": True, "text_wrap": True, "align": "left"})

    def empty(self) -> Any:
        return self._once("empty", dict)

    def header(self) -> Any:
        return self._once(
            "header", lambda: {"bold": True, "text_wrap": True, "align": "center", "bg_color": HEADER_FILL, **BORDER}
        )

    def code(self, heading: bool, depth: int) -> Any:
        """The first column: text, never a number (1.10 is not 1.1)."""
        return self._once(
            ("code", heading, depth),
            lambda: {
                "num_format": "@",
                "text_wrap": True,
                **self._heading(heading, depth),
                **BORDER,
                **self._kind("text"),
            },
        )

    def printed(self, kind: str, heading: bool, depth: int, indent: int = 0) -> Any:
        """A locked cell; ``kind`` is text, number or date."""
        return self._once(
            ("printed", kind, heading, depth, indent),
            lambda: {"text_wrap": True, **self._heading(heading, depth), **BORDER, **self._kind(kind, indent)},
        )

    def answer(self, asks: Asks, required: bool, wrong: bool | None = None) -> Any:
        """An unlocked cell; ``wrong`` True must be corrected, False should be looked at again."""
        return self._once((asks, required, wrong), lambda: self._answer(asks, required, wrong))

    def beyond(self, asks: Asks | None) -> Any:
        """Cells below the printed rows that may be used as well: unlocked, not coloured."""
        return self._once(
            ("beyond", asks),
            lambda: {"locked": False, "text_wrap": True, **({} if asks is None else self._asked(asks))},
        )

    def wrong_printed(self, kind: str, blocks: bool) -> Any:
        """A locked cell that a correction speaks of."""
        return self._once(
            ("wrong", kind, blocks), lambda: {"text_wrap": True, **BORDER, **self._kind(kind), **self._wrong(blocks)}
        )

    def plain(self, **props: Any) -> Any:
        """A bordered, wrapped, locked cell of our own pages."""
        return self._once(tuple(sorted(props.items())), lambda: {"text_wrap": True, **BORDER, **props})

    def text(self, **props: Any) -> Any:
        """A text of our own pages, a little away from its border."""
        return self.plain(**{"align": "left", "indent": 1, **props})

    def shown(self, value: object) -> Any:
        """A cell that repeats what a unit typed."""
        if isinstance(value, str):
            return self.text(num_format="@")
        return self.plain(align="center", **({"num_format": DATE_FORMAT} if isinstance(value, date) else {}))

    def changed(self, **props: Any) -> Any:
        """What a conditional format changes."""
        return self._once(("changed", *sorted(props.items())), lambda: props)

    @staticmethod
    def _heading(heading: bool, depth: int) -> dict[str, Any]:
        if not heading:
            return {}
        return {"bold": True, "bg_color": FIELD_FILL if depth == 0 else PART_FILL}

    @staticmethod
    def _kind(kind: str, indent: int = 0) -> dict[str, Any]:
        if kind == "text":
            return {"align": "left", "indent": indent + 1}
        return {"align": "center", **({"num_format": DATE_FORMAT} if kind == "date" else {})}

    @staticmethod
    def _wrong(blocks: bool) -> dict[str, Any]:
        return {
            "bg_color": WRONG_FILL if blocks else DOUBTFUL_FILL,
            "border": 2 if blocks else 1,
            "border_color": WRONG_EDGE if blocks else REQUIRED_EDGE,
        }

    @staticmethod
    def _asked(asks: Asks) -> dict[str, Any]:
        # Text format keeps "1.10", "05/12" and "=…" as typed; numbers stay General so that decimals show
        # in whatever way the desk's own locale writes them.
        look: dict[str, Any] = {"align": "center"} if asks in NARROW else {"align": "left", "indent": 1}
        if asks in NUMBERS:
            return look
        return {**look, "num_format": DATE_FORMAT if asks is Asks.DATE else "@"}

    def _answer(self, asks: Asks, required: bool, wrong: bool | None) -> dict[str, Any]:
        look: dict[str, Any] = {
            "locked": False,
            "text_wrap": True,
            **BORDER,
            **self._asked(asks),
            "bg_color": REQUIRED_FILL if required else OPTIONAL_FILL,
        }
        if required:
            look |= {"left": 5, "left_color": REQUIRED_EDGE}
        return look if wrong is None else {**look, **self._wrong(wrong), "left": 2 if wrong else 1}
