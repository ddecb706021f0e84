"""Turns a Word template and the fields into a filled document; what it cannot fill is a finding, never a gap.

Only what stands in braces is replaced. Word cuts a typed text into runs wherever its spelling checker or an edit
passed, so that fields are looked for in the text of whole paragraphs. Nothing in a template is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.refusals import why_refused
from thidua_xlsx.model.text import clean, closest, fold
from thidua_xlsx.papers.field_names import LISTS, SINGLE
from thidua_xlsx.papers.fields import Fields
from thidua_xlsx.papers.package import packed
from thidua_xlsx.workbooks.reader.container import Refused, open_container

# An lxml element; the library ships no types.
Element = Any

P, T, ROW = qn("w:p"), qn("w:t"), qn("w:tr")
# What stands between letters without being any.
MARKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
PARAGRAPH_ID = re.compile(r"\{http://schemas\.microsoft\.com/office/word/\d+/wordml\}(paraId|textId)")
FILLED = ("document.main+xml", "header+xml", "footer+xml", "footnotes+xml", "endnotes+xml")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
NO_DOCUMENT = "tệp không phải văn bản Word (.docx)"
# As much of a paragraph as tells which one is meant.
QUOTED = 120


@dataclass(frozen=True, slots=True)
class Name:
    """A field as catalogued: of a list, or single (``group`` "")."""

    group: str
    column: str


def _catalogue() -> dict[str, Name]:
    made = {fold(name): Name("", name) for name in SINGLE}
    for group, columns in LISTS.items():
        made |= {f"{fold(group)}:{fold(column)}": Name(group, column) for column in columns}
    return made


KNOWN = _catalogue()


def name_of(written: str) -> Name | None:
    """The field meant by what stands between braces."""
    group, colon, column = written.partition(":")
    return KNOWN.get(f"{fold(group)}:{fold(column)}" if colon else fold(written))


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of a paragraph's text, and the letters it stands for."""

    element: Element
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template in which nothing is wrong, with the parts that hold text."""

    document: Any
    parts: tuple[tuple[Any, Element], ...]


def read_template(name: str, data: bytes) -> tuple[Template | None, tuple[Finding, ...]]:
    """The template, or None and every fault of it."""
    if not data.startswith(b"PK"):
        return None, (_unreadable(name, NO_DOCUMENT),)
    try:
        open_container(data)
        document = docx.Document(BytesIO(data))
        parts = tuple(_parts(document))
    except Refused as refused:
        return None, (_unreadable(name, why_refused(refused.refusal.code)),)
    except Exception:  # whatever the library stumbles over in a file that is no document
        return None, (_unreadable(name, NO_DOCUMENT),)
    faults = tuple(fault for _, root in parts for fault in _faults(name, root))
    return (None if faults else Template(document, parts)), faults


def fill_template(template: Template, fields: Fields) -> bytes:
    """The filled document, always the same bytes; a template is filled once."""
    for part, root in template.parts:
        _fill_part(root, fields)
        if not hasattr(part, "element"):
            part._blob = serialize_part_xml(root)
    return packed(template.document)


def _unreadable(name: str, detail: str) -> Finding:
    return finding(Code.TEMPLATE_UNREADABLE, Place(name), value=name, detail=detail)


def _parts(document: Any) -> Iterator[tuple[Any, Element]]:
    """Every part with text of ours, in the order of their names."""
    for part in sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname)):
        if str(part.content_type).endswith(FILLED):
            yield part, part.element if hasattr(part, "element") else parse_xml(part.blob)


def _texts(root: Element) -> Iterator[Element]:
    """Every paragraph, those of tables and text boxes included."""
    yield from root.iter(P)


def _own(paragraph: Element, element: Element) -> bool:
    """Whether a piece belongs to this paragraph, not to one of a text box inside it."""
    return next(element.iterancestors(P)) is paragraph


def _pieces(paragraph: Element) -> list[Piece]:
    return [
        Piece(element, (element.text or "") if element.tag == T else MARKS[element.tag])
        for element in paragraph.iter(T, *MARKS)
        if _own(paragraph, element)
    ]


def _text(paragraph: Element) -> str:
    return "".join(piece.text for piece in _pieces(paragraph))


def _groups(paragraph: Element) -> set[str]:
    """The lists whose fields stand in a paragraph."""
    names = (name_of(found[1]) for found in _BRACES.finditer(_text(paragraph)) if found[1] is not None)
    return {name.group for name in names if name and name.group}


def _blocks(root: Element) -> dict[Element, set[str]]:
    """What is repeated, with the lists it names: the table row around a list's field, or else its paragraph."""
    made: dict[Element, set[str]] = {}
    for paragraph in _texts(root):
        groups = _groups(paragraph)
        if groups:
            made.setdefault(next(paragraph.iterancestors(ROW), paragraph), set()).update(groups)
    return made


def _faults(name: str, root: Element) -> Iterator[Finding]:
    place = Place(name)
    for paragraph in _texts(root):
        text = _text(paragraph)
        shown = _quoted(text)
        for found in _BRACES.finditer(text):
            if found[1] is None:
                yield finding(Code.TEMPLATE_BRACES, place, value=name, paragraph=shown)
            elif name_of(found[1]) is None:
                near, options = _offered(found[1])
                yield finding(
                    Code.TEMPLATE_UNKNOWN_FIELD,
                    place,
                    value=name,
                    paragraph=shown,
                    field=_quoted(found[0]),
                    suggestion=f", có phải là {{{near}}}" if near else "",
                    options=", ".join(f"{{{option}}}" for option in options),
                )
    blocks = _blocks(root)
    for block, groups in blocks.items():
        if len(groups) > 1 or any(outer in blocks for outer in block.iterancestors()):
            lists = ", ".join(f"{{{group}: …}}" for group in sorted(groups))
            text = " | ".join(filter(None, map(clean, map(_text, block.iter(P)))))
            yield finding(Code.TEMPLATE_TWO_LISTS, place, value=name, paragraph=_quoted(text), lists=lists)


def _quoted(text: str) -> str:
    short = clean(text)
    return short if len(short) <= QUOTED else f"{short[:QUOTED]}…"


def _offered(written: str) -> tuple[str | None, list[str]]:
    """What may have been meant, and what may stand there: the fields of the list if it has this name, else all."""
    group, colon, _ = written.partition(":")
    listed = [(name, columns) for name, columns in LISTS.items() if not colon or fold(name) == fold(group)]
    options = [f"{name}: {column}" for name, columns in listed or LISTS.items() for column in columns]
    if not (colon and listed):
        options = [*SINGLE, *options]
    return closest(written, options), options


def _fill_part(root: Element, fields: Fields) -> None:
    blocks = _blocks(root)
    # Held in a list: a value that happens to contain braces must not be read as a field afterwards.
    single = [
        item
        for item in _texts(root)
        if item not in blocks and not any(outer in blocks for outer in item.iterancestors())
    ]
    for block, groups in blocks.items():
        (group,) = groups
        for record in fields.lists[group]:
            _fill_block(_copy_before(block), fields.single, record)
        _remove(block)
    for paragraph in single:
        _fill(paragraph, fields.single, {})


def _copy_before(block: Element) -> Element:
    copy = deepcopy(block)
    copy.tail = None
    # What must be unique in a document does not survive a copy.
    for element in list(copy.iter()):
        for key in [key for key in element.attrib if PARAGRAPH_ID.fullmatch(key)]:
            del element.attrib[key]
        if element.tag in (qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
            element.getparent().remove(element)
    block.addprevious(copy)
    return copy


def _fill_block(block: Element, single: Mapping[str, str], record: Mapping[str, str]) -> None:
    for paragraph in list(_texts(block)):
        _fill(paragraph, single, record)


def _remove(block: Element) -> None:
    """Takes away what was copied; a cell, a text box or a section keeps its last paragraph, emptied."""
    parent = block.getparent()
    if block.tag == ROW and len(list(parent.iterchildren(ROW))) == 1:
        block = parent
        parent = block.getparent()
    needed = block.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None or len(list(parent.iterchildren(P))) == 1
    if block.tag == P and needed:
        for piece in _pieces(block):
            piece.element.getparent().remove(piece.element)
    else:
        parent.remove(block)


def _fill(paragraph: Element, single: Mapping[str, str], record: Mapping[str, str]) -> None:
    """Each value stands in the run where its field began, in the look of that run."""
    pieces = _pieces(paragraph)
    text = "".join(piece.text for piece in pieces)
    # From the end, so that what stands before keeps its place.
    for found in reversed(list(_BRACES.finditer(text))):
        name = name_of(found[1])
        assert name is not None  # the template was searched for faults before
        value = record[name.column] if name.group else single[name.column]
        start = found.start()
        # Nothing leaves no blank before it either.
        _replace(pieces, start - (not value and text[start - 1 : start] == " "), found.end(), value)


def _replace(pieces: list[Piece], start: int, end: int, value: str) -> None:
    at = 0
    for piece in pieces:
        first, last, at = max(start - at, 0), min(end - at, len(piece.text)), at + len(piece.text)
        if first >= last:
            continue
        if piece.element.tag != T:
            piece.element.getparent().remove(piece.element)
            continue
        whole = piece.element.text or ""
        opens = at - len(piece.text) <= start
        _write(piece.element, whole[:first] + (value if opens else "") + whole[last:])


def _write(element: Element, text: str) -> None:
    """A text of several lines: Word has an element of its own for the end of a line."""
    first, *rest = text.split("\n")
    element.text = first
    element.set(qn("xml:space"), "preserve")
    for line in reversed(rest):
        following = OxmlElement("w:t")
        following.text = line
        following.set(qn("xml:space"), "preserve")
        element.addnext(following)
        element.addnext(OxmlElement("w:br"))
