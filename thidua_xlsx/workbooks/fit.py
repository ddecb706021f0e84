"""Turns a text and a column's width into the number of lines it takes, so that no printed row is cut.

Excel does not make rows higher for merged cells, and what it measures on one screen is cut on another; so
every height is computed here from the widths of Times New Roman, a little generously.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

# Widths of Times New Roman, upright and bold, in thousandths of its size; other letters count as _USUAL.
_UPRIGHT = {
    180: "'",
    200: "|",
    250: " ,.·",
    278: "/:;ijlt\\",
    333: "!()-I[]`fr",
    389: "Js",
    408: '"',
    444: "?acezăâê",
    549: "≥≤",
    556: "FPSư",
    564: "+<=>×",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐƠ",
    778: "&m",
    790: "Ư",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
    1000: "—…",
}
_BOLD = {
    220: "|",
    250: " ,.·",
    278: "'/il\\",
    333: "!()-:;[]`fjt",
    389: "Is",
    444: "cerz",
    549: "≥≤",
    556: 'Sbdhknpquđ"',
    570: "+<=>×",
    600: "ư",
    611: "FP",
    667: "BELTZ",
    722: "ACDNRUVXYwĐ",
    778: "GHKOQƠ",
    800: "Ư",
    833: "&m",
    944: "M@",
    1000: "%W—…",
}
_USUAL, _FULL = 500, 1000
_MOST_LETTERS = 8192
# Words that are remembered, and how long one may be for that.
_MOST_WORDS, _LONGEST_WORD = 8192, 24
# Screens and other programs set a little wider than the font says.
_GENEROUS = 1.03
# A text so much narrower than its room is one line, however its words are added up.
_SURELY = 0.999
PIXEL = 0.75  # points
_DIGIT = 8  # pixels of a digit of Times New Roman 12, the width that Excel counts columns in
_FRAME = 5  # pixels of a column that are no text


class _Widths(dict[str, int]):
    """Widths by character; that of a letter with a mark is the letter's, found once."""

    def __init__(self, widths: dict[int, str]) -> None:
        super().__init__({char: width for width, chars in widths.items() for char in chars})

    def __missing__(self, char: str) -> int:
        letter = normalize("NFD", char)[:1]
        width = _FULL if letter >= "\u2e80" else self.get(letter, _USUAL)
        if len(self) < _MOST_LETTERS:
            self[char] = width
        return width


class _Words(dict[str, int]):
    """Widths by word, in thousandths like those of its letters: thousands of texts consist of a few hundred words."""

    def __init__(self, letters: _Widths) -> None:
        super().__init__()
        self._letters = letters

    def __missing__(self, word: str) -> int:
        width = sum(map(self._letters.__getitem__, word))
        if len(self) < _MOST_WORDS and len(word) <= _LONGEST_WORD:
            self[word] = width
        return width


_WIDTHS = {False: _Widths(_UPRIGHT), True: _Widths(_BOLD)}
_WORDS = {bold: _Words(letters) for bold, letters in _WIDTHS.items()}


def text_points(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is in points."""
    return _points(sum(map(_WIDTHS[bold].__getitem__, text)), size)


def _points(thousandths: int, size: float) -> float:
    return thousandths / 1000 * size * _GENEROUS


def column_points(width: float) -> float:
    """A column's width, given in characters, in points."""
    return int(width * _DIGIT + _FRAME) * PIXEL


def line_points(size: float) -> float:
    """How high one line of text is."""
    return size * 1.26


def _wrapped(text: str, room: float, size: float, bold: bool) -> int:
    """The lines of one paragraph: broken at blanks, a word longer than the cell broken where it must."""
    # No letter is wider than a full one: most texts need no measuring.
    if _points(len(text) * _FULL, size) < room * _SURELY:
        return 1
    words, between = list(map(_WORDS[bold].__getitem__, text.split(" "))), _WIDTHS[bold][" "]
    if _points(sum(words) + between * (len(words) - 1), size) < room * _SURELY:
        return 1
    lines, used = 1, 0.0
    blank = _points(between, size)
    for number, word in enumerate(words):
        wide = _points(word, size)
        before = blank if number else 0.0
        if used + before + wide <= room:
            used += before + wide
            continue
        lines += 1 if used else 0
        lines += int(wide // room)
        used = wide % room
    return lines


def counted_lines(text: str, width: float, size: float, bold: bool = False) -> int:
    """How many lines a text takes in a cell of this width (points), its frame included."""
    room = _room(width, size)
    return sum([_wrapped(part, room, size, bold) for part in text.split("\n")])


# Who remembers texts of their own kind count them at once.
lines_of = lru_cache(maxsize=32768)(counted_lines)


def letters_for_sure(width: float, size: float) -> int:
    """So many letters, whichever they are, take one line of a cell of this width."""
    room, letters = _room(width, size) * _SURELY, 0
    while _points((letters + 1) * _FULL, size) < room:
        letters += 1
    return letters


def _room(width: float, size: float) -> float:
    return max(width - _FRAME * PIXEL * 1.3, size)
