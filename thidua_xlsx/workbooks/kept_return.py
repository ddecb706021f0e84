"""Turns one return, as it was collected, into its packed line of ``so-lieu.jsonl.gz``: by whoever collects it.

Packed lines stand one behind the other. Which file the return lay in, only the whole run can tell.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from thidua_xlsx.model.submission import AnswerRow, Marks, Said, Submission
from thidua_xlsx.model.wording import date_text

# Fast, and small enough: 10,000 units of 1,000 cells are some 15 MB.
LEVEL = 4

Pick = Callable[[Sequence[object]], tuple[object, ...]]


def packed_line(said: Mapping[str, object]) -> bytes:
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
    return gzip.compress(text.encode("utf-8", "backslashreplace"), LEVEL, mtime=0)


def kept_return(given: Submission) -> bytes:
    """One return by sheet, packed."""
    sheets: dict[str, _Sheet] = {}
    for row in given.rows:
        if row.sheet not in sheets:
            # Units rename sheets.
            sheets[row.sheet] = _Sheet(row.place.sheet or row.sheet)
        sheets[row.sheet].add(row)
    return packed_line({"unit": given.unit, "sheets": {name: sheet.told for name, sheet in sheets.items()}})


class _Sheet:
    """One sheet of a return: the column of each header, then the rows with what stands in these columns."""

    def __init__(self, name: str) -> None:
        self.columns: dict[str, str] = {}
        self.rows: list[tuple[object, ...]] = []
        self.told = {"name": name, "columns": self.columns, "rows": self.rows}
        self._picked: dict[tuple[str, ...], Pick] = {}

    def add(self, row: AnswerRow) -> None:
        headers = row.headers
        pick = self._picked.get(headers) or self._pick(row, headers)
        texts = [it.text if it.value is None or isinstance(it.value, str) else _typed(it) for it in row.contents]
        self.rows.append(pick((row.row, row.code, "", *texts)))

    def _pick(self, row: AnswerRow, headers: tuple[str, ...]) -> Pick:
        new = [header for header in headers if header not in self.columns]
        if new:
            self.columns |= {header: _column(row, header) for header in new}
            self._picked.clear()
        found = self._picked[headers] = _pick(headers, tuple(self.columns))
        return found


@lru_cache(maxsize=1024)
def _pick(headers: tuple[str, ...], columns: tuple[str, ...]) -> Pick:
    """Takes a row's number, its code, a blank and what stands under its headers; gives what it has in each column.

    Few rows of a sheet have a cell in every column.
    """
    places = {header: place for place, header in enumerate(headers, start=3)}
    return itemgetter(0, 1, *[places.get(header, 2) for header in columns])


def _column(row: AnswerRow, header: str) -> str:
    """The letters of the column in which a row has its answer under this header."""
    marks = row.marks
    return marks.on.letters[header] if isinstance(marks, Marks) else marks[header].place.cell.rstrip("0123456789")


def _typed(mark: Said) -> str:
    """What stands in the cell as people see it: Excel keeps a day as a number, and every number with a dot."""
    if isinstance(mark.value, date):
        return date_text(mark.value)
    if "." in mark.text and isinstance(mark.value, Decimal) and mark.text == format(mark.value, "f"):
        return mark.text.replace(".", ",")
    return mark.text
