"""Turns a closed list of words for machines into one that also speaks to people."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Labelled(Enum):
    """Members are written (word, label): ``.value`` is the word of JSON and logs, ``.label`` what people read."""

    label: str

    def __new__(cls, word: str, label: str) -> Self:
        member = object.__new__(cls)
        member._value_ = word
        member.label = label
        return member
