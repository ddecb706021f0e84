"""Turns the XML around the cells of a sheet into the part of it that all returns of a form have in common.

How cells look, what may be typed into them, where the screen stands and what is printed around a page differ from
unit to unit, and say nothing about cells. What is left is the same in every return, and is read by expat once. Each
piece taken away is proved well-formed on its own, and an empty element stays where it stood, so that a part that
expat would have refused is refused without it too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.parsers.expat import ExpatError, ParserCreate

# More around the cells than any form has is not worth remembering: the grammar reads it all.
FRAME_LIMIT = 64 << 10

# Without prefixes, and of these elements alone, so that no cell can hide inside.
_LOOK = rb'(?: [A-Za-z0-9]{1,24}="[^"<]*")*'
_RULES = re.compile(
    rb"(?:<conditionalFormatting%(a)s>(?:<cfRule%(a)s(?:/>|>(?:<formula>[^<]*</formula>)*</cfRule>))*</conditionalFormatting>"
    rb"|<dataValidation%(a)s(?:/>|>(?:<formula1>[^<]*</formula1>)?(?:<formula2>[^<]*</formula2>)?</dataValidation>))+"
    % {b"a": _LOOK}
)
_VIEWS = re.compile(
    rb"<sheetViews>(?:<sheetView%(a)s(?: ?/>|>(?:<(?:pane|selection)%(a)s ?/>)*</sheetView>))+</sheetViews>"
    % {b"a": _LOOK}
)
_MARGINS_START = b"<headerFooter"
_MARGIN = rb"<odd(?:Header|Footer)>[^<]*</odd(?:Header|Footer)>"
_MARGINS = re.compile(rb"%b(?:%b)*" % (_MARGIN, _MARGIN))
_NAMED = re.compile(rb"<definedName%b>[^<]*</definedName>" % _LOOK)
# Excel's mark of a sheet, its own in every file.
_UID = re.compile(rb' xr:uid="\{[0-9A-F-]{36}\}"')
# What stands for what is taken away.
_LOOKS = b"<looks/>"


@lru_cache(64)
def shows(frame: bytes, tag: bytes) -> bool:
    """Whether the element is there once, and stands where the parser sees it."""
    return frame.count(b"<" + tag) == 1 and frame.count(b"</" + tag) == 1 and _open(frame)


def _open(part: bytes) -> bool:
    """Whether every element is one: nothing is commented out, an instruction, or CDATA."""
    return b"<!" not in part and part.find(b"<?", 1) < 0


def without_looks(head: bytes, tail: bytes) -> bytes:
    """The XML before and behind the cells without what differs from unit to unit and says nothing about them."""
    # These are the unit's own, and each is looked for only where it belongs: most of it all are rules. Those come last:
    # they are the form's, and met again.
    views = _VIEWS.sub(_unless_sound, head)
    margins = max(tail.rfind(_MARGINS_START), 0)
    own = views + tail[:margins] + _MARGINS.sub(_unless_sound, tail[margins:])
    return _without_rules(_UID.sub(b' xr:uid=""', own) if b"{" in own else own)


def without_names(workbook: bytes) -> bytes:
    """The workbook part without the names that it defines, of which one holds the unit's stamp."""
    return _NAMED.sub(_unless_sound, workbook) if _open(workbook) else workbook


@lru_cache(64)
def _without_rules(frame: bytes) -> bytes:
    return _RULES.sub(_unless_sound, frame)


def _unless_sound(found: re.Match[bytes]) -> bytes:
    return _LOOKS if _sound(found[0]) else found[0]


@lru_cache(512)
def _sound(elements: bytes) -> bool:
    """Whether they are well-formed on their own: what expat would refuse must still come before it."""
    try:
        ParserCreate("utf-8", " ").Parse(b"<looks>%b</looks>" % elements, True)
    except ExpatError:
        return False
    return True
