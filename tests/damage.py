"""Turns whole files into damaged ones: what disks, mail, transfers and hands do to bytes, and to the XML inside."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random

# What a scanner of mail hangs on, or a server puts before what it should have sent.
FOOTER = "\r\n--\r\nThư này đã được quét vi-rút.\r\n".encode()
HEADER = b"<!-- 200 OK -->\r\n"
SECTOR = 512

# What breaks XML, or makes it say something else.
SCRAPS = (
    '<c r="B2">',
    "</c>",
    "<v>",
    "</v>",
    "<row>",
    "</row>",
    "<is>",
    "<t>",
    '"',
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?a?>",
    ' r="A1"',
    ' t="s"',
    "<f>",
    "<si>",
    "</si>",
    "<x/>",
    ' xmlns="urn:x"',
    "<!DOCTYPE a>",
    "_xD800_",
    "1e999",
    "-1",
    "../",
    "\uffff",
    "",
    ">",
    "<mergeCell/>",
    "/xl/",
    "rId2",
    "\x00",
)


def _stretch(data: bytes, chance: Random) -> slice:
    place = chance.randrange(len(data))
    return slice(place, place + chance.choice((1, 2, 16, 300)))


def _with(data: bytes, where: slice, what: bytes) -> bytes:
    return data[: where.start] + what + data[where.stop :]


def _flipped(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return _with(data, slice(place, place + 1), bytes([data[place] ^ 1 << chance.randrange(8)]))


def _replaced(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return _with(data, slice(place, place + 1), chance.randbytes(1))


def _added(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return _with(data, slice(place, place), chance.randbytes(chance.choice((1, 2, 16))))


def _lost(data: bytes, chance: Random) -> bytes:
    return _with(data, _stretch(data, chance), b"")


def _emptied(data: bytes, chance: Random) -> bytes:
    where = _stretch(data, chance)
    return _with(data, where, bytes(len(data[where])))


def _copied_over(data: bytes, chance: Random) -> bytes:
    where = _stretch(data, chance)
    start = chance.randrange(len(data))
    return _with(data, where, data[start : start + len(data[where])])


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _sector_lost(data: bytes, chance: Random) -> bytes:
    """A block of the disk that comes back as zeros."""
    start = SECTOR * chance.randrange(len(data) // SECTOR)
    return _with(data, slice(start, start + SECTOR), bytes(SECTOR))


def _sectors_swapped(data: bytes, chance: Random) -> bytes:
    first, second = sorted(chance.sample(range(len(data) // SECTOR), 2))
    one, other = (slice(number * SECTOR, (number + 1) * SECTOR) for number in (first, second))
    return _with(_with(data, one, data[other]), other, data[one])


def _sector_twice(data: bytes, chance: Random) -> bytes:
    end = SECTOR * (1 + chance.randrange(len(data) // SECTOR))
    return _with(data, slice(end, end), data[end - SECTOR : end])


def _sent_as_text(data: bytes, _: Random) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _sent_in_seven_bits(data: bytes, chance: Random) -> bytes:
    where = _stretch(data, chance)
    return _with(data, where, bytes(byte & 0x7F for byte in data[where]))


def _taken_for_utf8(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start:].decode("utf-8", "replace").encode()


def _with_footer(data: bytes, _: Random) -> bytes:
    return data + FOOTER


def _with_header(data: bytes, _: Random) -> bytes:
    return HEADER + data


def _sent_twice(data: bytes, chance: Random) -> bytes:
    """Begun, broken off and begun again."""
    return data[: chance.randrange(1, len(data))] + data


Damage = Callable[[bytes, Random], bytes]
DAMAGES: Mapping[str, Damage] = {
    item.__name__.strip("_"): item
    for item in (
        _flipped,
        _replaced,
        _added,
        _lost,
        _emptied,
        _copied_over,
        _cut,
        _sector_lost,
        _sectors_swapped,
        _sector_twice,
        _sent_as_text,
        _sent_in_seven_bits,
        _taken_for_utf8,
        _with_footer,
        _with_header,
        _sent_twice,
    )
}
# These leave little to chance: one each is enough.
CERTAIN = ("sent_as_text", "with_footer", "with_header")


def mutants(data: bytes, count: int, seed: int) -> list[tuple[str, bytes]]:
    """So many different damaged files, with what happened to each; the same seed, the same files."""
    chance = Random(seed)
    made = {DAMAGES[name](data, chance): name for name in CERTAIN}
    kinds = [name for name in DAMAGES if name not in CERTAIN]
    while len(made) < count:
        name = kinds[chance.randrange(len(kinds))]
        made.setdefault(DAMAGES[name](data, chance), name)
        made.pop(data, None)
    return [(name, damaged) for damaged, name in made.items()]


def damaged_inside(data: bytes, chance: Random) -> bytes:
    """The workbook with one of its parts damaged, and every size and checksum in order again: an attacker's way."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {member.filename: archive.read(member) for member in archive.infolist()}
    texts = [name for name in parts if name.endswith((".xml", ".rels"))]
    # Sheets and their texts are what is read most of.
    read = [name for name in texts if "sheet" in name.lower()]
    part = chance.choice(chance.choice((texts, read, read)))
    for _ in range(chance.choice((1, 1, 3))):
        if chance.randrange(2) or not parts[part]:
            place = chance.randrange(len(parts[part]) + 1)
            scrap = chance.choice(SCRAPS).encode()
            parts[part] = _with(parts[part], slice(place, place + chance.choice((0, 1, 40))), scrap)
        else:
            # Only kinds that reach far into the middle; XML knows no sectors.
            parts[part] = chance.choice((_flipped, _replaced, _lost, _copied_over))(parts[part], chance)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
