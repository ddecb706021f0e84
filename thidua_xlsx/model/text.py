"""Turns Vietnamese text as typed into text fit to store, and into keys fit to compare.

What is stored or shown is ``clean``; what is compared is ``fold``; ``bare`` only ever helps to suggest.
Sorting lives in ``collation``, wording of numbers in ``wording``, text of the old fonts in ``legacy``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import is_normalized, normalize

# Combining marks of the six tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONE_MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SAC, NANG = 4, 5

# "ấ" -> ("â", 4): every vowel letter of the alphabet, taken apart into its letter and its tone.
VOWELS = {
    normalize("NFC", letter + mark): (letter, tone)
    for letter in "aăâeêioôơuưy"
    for tone, mark in enumerate(_TONE_MARKS)
}
_TONED = {parts: vowel for vowel, parts in VOWELS.items()}


# Characters that nobody sees and that make equal texts unequal (DOMAIN §5 pitfall 1, FIELD_NOTES §4).
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, without those that part words or lines
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff"  # soft hyphen, zero-width, joiners, BOM
    "\u202a-\u202e"  # bidi embeddings and overrides
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors (a tick as emoji), tags
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"  # lone surrogates and what no XML can carry
    "]"
)


def _composed(text: str) -> str:
    # What is unseen goes first: left in place it would keep a letter and its tone apart.
    text = _INVISIBLE.sub("", text)
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def clean(text: str) -> str:
    """One line of text as it is stored: composed, visible, single-spaced, trimmed (DOMAIN §5 pitfall 1)."""
    if not (text.isascii() and text.isprintable()):
        text = _composed(text)
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """Text of several lines as it is stored: each line clean, no empty line at either end."""
    return "\n".join(map(clean, text.splitlines())).strip("\n")


def _look_alikes() -> dict[int, str]:
    """Letters that look like others and are typed or pasted for them (DOMAIN §5 pitfall 3)."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")  # noqa: RUF001 - the table of dashes itself
    pairs = {
        "\u01a2\u01a3": "Ưư",  # OI, for a horned U: "TRƢỜNG"
        "\u00d0\u00f0\u0189\u0256": "ĐđĐđ",  # eth and African D
        # Cyrillic A V E K M N O R S T U Kh, Dze, I, Je; the small ones too, so that a key ignores case.
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425": "ABEKMHOPCTYX",
        "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445": "abekmhopctyx",
        "\u0405\u0406\u0408\u0455\u0456\u0458": "SIJsij",
        "\u04d0\u04d1": "Ăă",  # Cyrillic A that has swallowed its breve
    }
    for found, meant in pairs.items():
        table |= dict(zip(map(ord, found), meant, strict=True))
    return table


_LOOK_ALIKES = _look_alikes()

_ANY_VOWEL = "".join(VOWELS)
_VOWEL_GROUP = re.compile(
    f"([qg]?)(?<![{_ANY_VOWEL}])([{_ANY_VOWEL}]{{2,4}})(?![{_ANY_VOWEL}])(?=([bcdfghjklmnpqrstvwxzđ]?))"
)


@lru_cache(maxsize=4096)
def _with_tone_placed(before: str, vowels: str, closed: bool) -> str:
    """A group of vowels with its one tone where the older style puts it: hòa, thúy, ủy; hoàn, quý, già.

    No two syllables differ by the place of their tone alone, so misplaced ones (qúy, gìa) may join too.
    """
    letters = "".join(VOWELS[vowel][0] for vowel in vowels)
    tones = [tone for _, tone in map(VOWELS.__getitem__, vowels) if tone]
    # The u of "qu" and the i of "gi" belong to the consonant and never carry the tone.
    start = 1 if before + letters[0] in {"qu", "gi"} else 0
    nucleus = letters[start:]
    if len(tones) != 1 or len(nucleus) > 3:
        return vowels
    marked = [at for at, letter in enumerate(nucleus) if letter in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif len(nucleus) == 2:
        at = 1 if closed else 0
    else:
        at = len(nucleus) // 2
    at += start
    return letters[:at] + _TONED[letters[at], tones[0]] + letters[at + 1 :]


def _place_tone(found: re.Match[str]) -> str:
    return found[1] + _with_tone_placed(found[1], found[2], bool(found[3]))


SHORT = 300


def fold(text: str) -> str:
    """The key under which two spellings of one thing are equal (DOMAIN §5 pitfalls 1 to 3).

    Unites look-alikes, dashes, places of the tone (hoà and hòa, uỷ and ủy) and cases. Leaves i and y
    apart (kỹ, kĩ): they also part names. Never shown, never stored in place of what was typed.
    """
    # The same printed texts come back from every unit; a text of one unit alone is not worth keeping.
    return _folded_before(text) if len(text) <= SHORT else _folded(text)


def _folded(text: str) -> str:
    text = clean(text)
    if text.isascii():
        return text.lower()
    # Composed again: a Cyrillic letter takes its tone only now, and casefold takes some letters apart.
    text = normalize("NFC", text.translate(_LOOK_ALIKES).casefold())
    return _VOWEL_GROUP.sub(_place_tone, text)


_folded_before = lru_cache(maxsize=16_384)(_folded)

_MARKS = re.compile("[\u0300-\u036f]")


def bare(text: str) -> str:
    """The key without accents, for suggestions and file names: "Đại Ngãi" gives "dai ngai".

    No normal form splits đ, so it is mapped by hand (DOMAIN §5 pitfall 1). Punctuation stays.
    """
    text = fold(text)
    if text.isascii():
        return text
    return normalize("NFC", _MARKS.sub("", normalize("NFD", text))).replace("đ", "d")


def closest(word: str, options: Iterable[str]) -> str | None:
    """The option that somebody may have meant; only ever a suggestion, never an assignment (DESIGN §5)."""
    # Nobody mistypes at length, and difflib is quadratic.
    key = bare(word)[:200]
    by_key: dict[str, str] = {}
    for option in options:
        by_key.setdefault(bare(option)[:200], option)
    found = get_close_matches(key, by_key, n=1, cutoff=0.75) if key else []
    return by_key[found[0]] if found else None


def printable(text: str) -> str:
    """NFC, with bytes that are no text shown as escapes."""
    return normalize("NFC", text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def typed(path: object) -> str:
    """A path as the next command needs it: in quotation marks where it has blanks."""
    shown = printable(str(path))
    return f'"{shown}"' if any(letter.isspace() for letter in shown) else shown
