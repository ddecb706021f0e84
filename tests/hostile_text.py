"""Texts that are more than text to some program: formulas, links, commands, escapes, controls, and far too much."""

from __future__ import annotations

from random import Random

# In every one of them, so that it is found again wherever it went.
TOKEN = "Zq9x"
# Stand for what no writer of ours lets through: put into the file's own XML afterwards.
RAW = {"\ue0d8": "_xD83D_", "\ue00d": "_x000D_", "\ue000": "_x0000_", "\ue05f": "_x005F_x0041_"}

STARTS = (
    "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "{=", "'=", '"=', ";=", "|", "%0A=", "\u200b=", "\ufeff=", "\uff1d",
)  # fmt: skip
FORMULAS = (
    "1+1", "SUM(A1:A9)", 'HYPERLINK("http://x.vn","bấm")', "cmd|' /C calc'!A0", "DDE(\"cmd\";\"/C calc\";\"x\")",
    'WEBSERVICE("http://x.vn")', "IMPORTXML(A1)", "'C:\\[a.xlsx]S'!A1", "A1", "#REF!", "TRUE", "1E9",
    "MSEXCEL|'\\..\\cmd.exe'!''",
)  # fmt: skip
LINKS = (
    "http://x.vn/", "https://x.vn/?a=1&b=<2>", "ftp://x.vn", "file:///C:/x", "mailto:a@x.vn", "internal:'Tham số'!A1",
    "external:c:\\x.xlsx", "\\\\may\\chung", "javascript:alert(1)", "#'Xếp hạng'!A1", "www.x.vn",
)  # fmt: skip
NUMBERS = (
    "000123", "1.10", "8,5", "1e5", "٣", "½", "TRUE", "12/05/2025", "-0", "+84 912 345 678", "1_000", "NaN", "inf",
)  # fmt: skip
MARKUP = (
    "<v>1</v>", "&lt;&amp;", "]]>", "<!-- -->", '"\'', "</t><f>1</f>", "&#0;", "<![CDATA[=1]]>", "{0}{label}%s\\n",
)  # fmt: skip
CONTROLS = (
    "\x00", "\x01", "\x07", "\x0b", "\x1b[31m", "\x7f", "\x85", "\ufffe", "\ufdd0", "\u2028", "\U000e0041", *RAW,
)  # fmt: skip
BIDI = ("\u202e", "\u202d", "\u2066", "\u200f", "\u061c")
LETTERS = (
    "Nguyễn", "Nguye\u0302\u0303n", "Đặng", "hoà", "\uff21\uff22", "\U0001d400",
    "👍🏽", "a\u0300\u0301\u0302", "ﷺ", "…",
)
ALL = (*STARTS, *FORMULAS, *LINKS, *NUMBERS, *MARKUP, *CONTROLS, *BIDI, *LETTERS)


def hostile_texts(count: int, seed: int = 1) -> list[str]:
    """So many different texts: each kind at the start, in the middle, at the end; a few far too long."""
    chance = Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [chance.choice(ALL) for _ in range(chance.randint(1, 3))]
        parts.insert(chance.randint(0, len(parts)), f"{TOKEN}{len(found)}z")
        if chance.random() < 0.5:
            parts.insert(0, chance.choice(STARTS))
        text = "".join(parts)
        if chance.random() < 0.002:
            text += "dài " * chance.choice((200, 9_000))
        found[text] = None
    return list(found)
