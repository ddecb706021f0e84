"""Turns the text of a TOML file into the lines on which its rows and keys stand, which tomllib does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CLOSED = (
    r'"""(?:\\.|[^\\])*?"{3,5}|'  # texts of several lines
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'  # texts of one line
    r"'[^'\n]*'|#[^\n]*|"
)
_TOKEN = re.compile(_CLOSED + r"\n|[\[\]{}=,.]|[^\s\[\]{}=,.\"'#]+", re.DOTALL)
# Inside a value only brackets and ends of lines matter, and what may hide them.
_IN_VALUE = re.compile(_CLOSED + r"\n|[\[\]{}]", re.DOTALL)


@dataclass(slots=True)
class RowLines:
    """The line of one row, and of those keys that stand on lines of their own (``[[table]]`` style)."""

    row: int
    keys: dict[str, int] = field(default_factory=dict)


def row_lines(text: str) -> dict[str, list[RowLines]]:
    """The lines of every row by table, for text that tomllib has accepted.

    Knows the canonical form (``gate = [`` and one row a line) and both bracketed headings. Where the two
    readings should ever differ, the caller falls back to no line rather than to a wrong one.
    """
    return _Walk().over(text)


class _Walk:
    """One pass over the tokens: which table is open, how deep inside brackets, what the line began with."""

    def __init__(self) -> None:
        self.lines: dict[str, list[RowLines]] = {}
        self.depth = 0
        self.table: str | None = None  # of a [heading]
        self.key: str | None = None  # left of the "=" at the outermost level
        self.row_depth: int | None = None  # where "{" begins a row: 1 in a list, 0 for a row alone
        self.start: list[tuple[str, int]] = []  # the tokens of the line so far, outside of values

    def over(self, text: str) -> dict[str, list[RowLines]]:
        line, at = 1, 0
        while found := (_TOKEN if self.key is None else _IN_VALUE).search(text, at):
            token, at = found.group(), found.end()
            if token[0] == "#":
                continue
            if self.key is None:
                self._outside(token, line)
            elif token[0] in "\n[]{}":
                self._inside(token, line)
            line += token.count("\n")
        return self.lines

    def _outside(self, token: str, line: int) -> None:
        if token == "\n":
            self._heading()
            self.start = []
        elif token == "=":
            self._begin(self.start, line)
            self.start = []
        else:
            self.start.append((token, line))

    def _heading(self) -> None:
        """``[name]`` or ``[[name]]`` begins a row."""
        names = [token for token, _ in self.start if token not in "[]"]
        if names and self.start[0][0] == "[":
            self.table = names[0].strip("\"'")
            self.lines.setdefault(self.table, []).append(RowLines(self.start[0][1]))

    def _begin(self, start: list[tuple[str, int]], line: int) -> None:
        self.key = start[0][0].strip("\"'") if start else ""
        if self.table is not None:
            self.lines[self.table][-1].keys.setdefault(self.key, start[0][1] if start else line)
        else:
            self.lines.setdefault(self.key, [])

    def _inside(self, token: str, line: int) -> None:
        if token == "\n" and self.depth == 0:
            self.key = self.row_depth = None
            return
        if self.row_depth is None:
            self.row_depth = 1 if token == "[" else 0
        if token == "{" and self.depth == self.row_depth and self.table is None and self.key is not None:
            self.lines[self.key].append(RowLines(line))
        self.depth += (token in ("[", "{")) - (token in ("]", "}"))
