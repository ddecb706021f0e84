"""Turns Vietnamese text into keys that sort as a Vietnamese dictionary or a list of names does.

Order of CLDR vi (DOMAIN §5 pitfall 12): letters a < ă < â, d < đ, e < ê, o < ô < ơ, u < ư first; where all
letters are equal the tones ngang < huyền < hỏi < ngã < sắc < nặng; then small before capital.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, normalize

from thidua_xlsx.model.text import VOWELS, clean, fold

CollationKey = tuple[str, str, str]

# Private-use code points in the alphabet's order, above blanks, signs and digits: those sort before letters.
_RANKS = {letter: chr(0xE000 + rank) for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_FOREIGN_MARK = "6"


@lru_cache(maxsize=4096)
def _weights(char: str) -> tuple[str, str]:
    letter, tone = VOWELS.get(char, (char, 0))
    if letter in _RANKS or letter.isascii():
        return _RANKS.get(letter, letter), str(tone)
    # A letter of another alphabet (ñ, ü) sorts as the letter under its mark.
    base = "".join(part for part in normalize("NFD", letter) if not combining(part))
    return "".join(_RANKS.get(part, part) for part in base), _FOREIGN_MARK


def collation_key(text: str) -> CollationKey:
    """Sorts texts in the order of CLDR vi; equal only for texts that are equal when clean."""
    cleaned = clean(text)
    letters, tones = "", ""
    for char in fold(cleaned):
        letter, tone = _weights(char)
        letters += letter
        tones += tone
    return letters, tones, cleaned.swapcase()


def name_key(name: str) -> tuple[CollationKey, CollationKey]:
    """Sorts people by given name (the last word), then by the rest (DOMAIN §5 pitfall 11)."""
    rest, _, given = clean(name).rpartition(" ")
    return collation_key(given), collation_key(rest)
