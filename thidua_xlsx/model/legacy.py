"""Turns text into a verdict on whether it was typed in a font of the time before Unicode.

TCVN3 (.VnTime) and VNI fonts draw Vietnamese over Latin-1 characters; without the font a cell says "ViÖt" or
"Vieät". Such text is refused, not converted (DOMAIN §5 pitfall 4): converters guess, and spoil what they
guess. A verdict needs words that are impossible as they stand and become real syllables when decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from thidua_xlsx.model.text import NANG, SAC, VOWELS

# What TCVN3 draws for the bytes 0xA1 to 0xFE; "." where it draws no letter of the alphabet.
_TCVN3 = {
    code: letter
    for code, letter in enumerate(
        "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ", 0xA1
    )
    if letter != "."
} | {0x3BC: "à"}  # NFKC on the way here turns the micro sign into a Greek mu


def _vni() -> dict[str, str]:
    """What VNI draws: a letter, its marks as a character behind it. In small letters; capitals work alike."""
    table = dict(zip("ñìíæóòôöî", "đìíỉĩịơưỵ", strict=True))
    toned = {letter: [v for v, (base, _) in VOWELS.items() if base == letter] for letter in "aăâeêoôơuưy"}
    for typed, letter in zip("aeouyôö", "aeouyơư", strict=True):
        table |= {typed + mark: vowel for mark, vowel in zip("øûõùï", toned[letter][1:], strict=True)}
    for typed, letter in zip("aeo", "âêô", strict=True):
        table |= {typed + mark: vowel for mark, vowel in zip("âàåãáä", toned[letter], strict=True)}
    return table | {"a" + mark: vowel for mark, vowel in zip("êèúüéë", toned["ă"], strict=True)}


_VNI = _vni()
_VNI_PIECES = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut
uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu
"""
_INITIALS = "b|ch?|d|đ|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu|r|s|th?|tr|v|x"
_SYLLABLE = re.compile(f"(?:{_INITIALS})?(?:{'|'.join(_RIMES.split())})")

_WORD = re.compile("[0-9A-Za-z\xa1-\xff\u03bc]+")
_FORMULA = re.compile("[0-9]|^[A-Za-z][\u00b7\u00d7][A-Za-z]$")
_HIGH = re.compile("[\x80-\xff\u03bc]")
_UNICODE_VIETNAMESE = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
_FOREIGN = re.compile("(?<=.)[^a-zA-ZàáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ]")
_SUDDEN_CAPITAL = re.compile("(?<=[^A-ZÀ-Ý])[À-Ý]")


def _is_syllable(word: str) -> bool:
    parts = [VOWELS.get(char, (char, 0)) for char in word]
    tones = [tone for _, tone in parts if tone]
    letters = "".join(letter for letter, _ in parts)
    if len(tones) > 1 or not _SYLLABLE.fullmatch(letters):
        return False
    return not letters.endswith(("c", "ch", "p", "t")) or tones in ([SAC], [NANG])


def _from_tcvn3(word: str) -> str:
    return word.translate(_TCVN3).lower()


def _from_vni(word: str) -> str:
    return _VNI_PIECES.sub(lambda found: _VNI[found[0]], word.lower())


def _weight(words: list[str], decode: Callable[[str], str]) -> int:
    """How many words speak for the font; 0 where the proof is not beyond doubt."""
    proofs = hints = against = 0
    for word in words:
        decoded, plain = _is_syllable(decode(word)), _is_syllable(word.lower())
        if not decoded:
            against += 1
        elif not plain and (_FOREIGN.search(word) or _SUDDEN_CAPITAL.search(word)):
            proofs += 1
        elif not plain and len(word) > 2:
            hints += 1  # impossible, but perhaps a slip of the keys ("Tèt"), or a sign before a word
    enough = proofs or hints > 1
    return proofs + hints if enough and proofs + hints > 2 * against else 0


def legacy_encoding(text: str) -> str | None:
    """The font, "TCVN3" or "VNI", that text of a cell was typed for; None for all else.

    It wants the raw text: TCVN3 keeps its ư in the soft hyphen, which ``clean`` takes away.
    """
    if not _HIGH.search(text) or _UNICODE_VIETNAMESE.search(text):
        return None
    # Alone a character is a sign (ü, a tick), in a formula a unit or operator; ¹ behind a word is a footnote.
    words = [word.rstrip("\u00b9") for word in _WORD.findall(text) if not _FORMULA.search(word)]
    words = [word for word in words if len(word) > 1 and not word.isascii()]
    tcvn3, vni = _weight(words, _from_tcvn3), _weight(words, _from_vni)
    if tcvn3 or vni:
        return "TCVN3" if tcvn3 >= vni else "VNI"
    return None
