"""Turns one XML part into calls for the elements that a grammar names, and stays within its bounds.

One expat pass, in pieces: pyexpat itself cuts a long buffer into pieces of 1 MB and, after a handler has
raised, lets expat run on to the end of the piece; with our own smaller pieces a refused part stops early,
and a giant token (quadratic before expat 2.6) is seen by how far the parser lags behind what it was fed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn
from xml.parsers import expat

from thidua_xlsx.workbooks.reader.container import Refused, show

DEPTH_LIMIT = 64
TOKEN_LIMIT = 512 << 10
NAME_LIMIT = 5_000
ELEMENT_EFFORT = 4
EFFORT_OCTETS = 16
# Beyond this a text is cut: Excel holds 32,767, so that every form calls it too long anyway.
TEXT_LIMIT = 100_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Controls that part words (Word's own line break is 0B): where they go, a space stays.
_PARTING = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_INVALID_TOKEN = 4
_NARROW = ("utf-8", "utf8")
_WIDE = ("utf-16", "utf-16le", "utf-16be")
_BOM16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True)
class Budget:
    """What is left to spend on one workbook; all its parts draw on the same purse.

    ``cells`` counts rows and cells, ``characters`` the text that is kept. ``effort`` is the time that a file
    may cost, about a third of a second for a million: an attribute counts 1, an element 4, and 16 bytes of
    markup 1. It is enough for 100,000 numbers, or for 55,000 cells with a text of their own each; a form has
    some 1,000. A hostile file thus ends after half a second, whichever way it spends.
    """

    cells: int = 100_000
    effort: int = 1_500_000
    characters: int = 4 << 20
    remarks: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a grammar: what may stand inside, and whom to call; no ``children`` means text only."""

    children: Mapping[str, Step] | None = None
    enter: Callable[[Any, dict[str, str]], None] | None = None
    leave: Callable[[Any], None] | None = None


# Inside an element that the grammar does not name, nothing is known.
_STRAY = Step({})


def decode(text: str) -> tuple[str, str]:
    """A text as Excel would show it, and the code of a remark if anything had to be taken away."""
    fault = ""
    if len(text) > TEXT_LIMIT:
        text, fault = text[:TEXT_LIMIT], "V-LONG"
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    if _SURROGATE.search(text):
        # Two escapes may spell one character beyond the 16-bit plane; a half alone shows nothing.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    kept = _INVISIBLE.sub("", _PARTING.sub(" ", text))
    return kept, fault or ("V-CTRL" if kept != text else "")


def grammar(namespaces: Iterable[str], root: str, step: Step) -> Step:
    """The grammar of a part whose root and known elements stand in any one of these namespaces."""
    return Step({f"{namespace} {root}": _qualify(step, namespace) for namespace in namespaces})


def _qualify(step: Step, namespace: str) -> Step:
    if step.children is None:
        return step
    children = {
        name if " " in name else f"{namespace} {name}": _qualify(child, namespace)
        for name, child in step.children.items()
    }
    return Step(children, step.enter, step.leave)


class Reading:
    """One pass over one part; a subclass says by its grammar what it wants to hear of.

    ``guarded`` names the elements that carry data: where the grammar does not expect one of them (in another
    namespace, or wrapped in something unknown) the part is refused, for skipping it would lose what it holds.
    """

    root: ClassVar[Step]
    guarded: ClassVar[frozenset[str]] = frozenset()
    namespaces: ClassVar[tuple[str, ...]] = ()

    def __init__(self, part: str, budget: Budget) -> None:
        self.part = part
        self.budget = budget
        self.pieces: list[str] = []
        self._step = self.root
        self._path: list[Step] = []
        self._wide = False

    def read(self, pieces: Iterable[bytes]) -> None:
        """Parse the whole part, or refuse it."""
        names: dict[str, str] = {}
        parser = self._parser(names)
        fed = 0
        for piece in self._utf8(pieces):
            self.budget.effort -= len(piece) // EFFORT_OCTETS
            if self.budget.effort < 0:
                self.refuse_size()
            self._feed(parser, piece, fed)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > TOKEN_LIMIT or len(names) > NAME_LIMIT:
                raise Refused("F-XML-BAD", f"{self.where()}: giant tag, or too many names")
        self._feed(parser, b"", fed)

    def where(self) -> str:
        """The place for a refusal's detail."""
        return show(self.part)

    def refuse_size(self) -> NoReturn:
        """Refuse the workbook because its budget is spent."""
        raise Refused("F-CELLS", self.where())

    def text(self) -> str:
        """The text just heard, decoded and cleaned."""
        return self.clean(self.joined())

    def clean(self, text: str) -> str:
        """Decode ``_xHHHH_`` as Excel does, then drop what no cell can show: controls and lone surrogates."""
        budget = self.budget
        budget.characters -= len(text)
        if text.isprintable() and "_x" not in text and len(text) <= TEXT_LIMIT and budget.characters >= 0:
            return text
        if budget.characters < 0:
            self.refuse_size()
        kept, fault = decode(text)
        if fault:
            budget.remarks.add(fault)
        return kept

    def joined(self) -> str:
        """The text just heard, as it stands in the file, cut where no cell could hold it."""
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0]
        length = 0
        for count, piece in enumerate(pieces):
            length += len(piece)
            if length > TEXT_LIMIT:
                # Not all of it: one odd character in millions would widen all the rest fourfold.
                return "".join(pieces[: count + 1])
        return "".join(pieces)

    def _parser(self, names: dict[str, str]) -> expat.XMLParserType:
        # All pieces arrive as UTF-8, whatever the declaration says; the declaration is checked on its own.
        parser = expat.ParserCreate("utf-8", " ", names)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.pieces.append
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._prefix
        return parser

    def _feed(self, parser: expat.XMLParserType, piece: bytes, fed: int) -> None:
        try:
            parser.Parse(piece, not piece)
        except expat.ExpatError as fault:
            # Expat calls bad UTF-8 an invalid token; the byte it stops at tells the two apart.
            at = max(parser.ErrorByteIndex - fed, 0)
            garbled = fault.code == _INVALID_TOKEN and piece[at : at + 1] > b"\x7f"
            raise Refused("F-XML-ENC" if garbled else "F-XML-BAD", f"{self.where()}: {fault}") from fault

    def _utf8(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The part's pieces in UTF-8, without empty ones."""
        decoder: codecs.IncrementalDecoder | None = None
        first = True
        for piece in pieces:
            if first and (piece[:2] in _BOM16 or piece[:2] in (b"<\0", b"\0<")):
                self.budget.remarks.add("N-ENC")
                self._wide = True
                byte_order = "" if piece[:2] in _BOM16 else "-le" if piece[1] == 0 else "-be"
                decoder = codecs.getincrementaldecoder("utf-16" + byte_order)()
            first = first and not piece
            if decoder is not None:
                piece = self._transcode(decoder, piece)
            if piece:
                yield piece
        if decoder is not None:
            self._transcode(decoder, b"", final=True)

    def _transcode(self, decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> bytes:
        try:
            text: str = decoder.decode(piece, final)
            return text.encode("utf-8")
        except UnicodeError as fault:
            raise Refused("F-XML-ENC", f"{self.where()}: {fault}") from fault

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in (_WIDE if self._wide else _NARROW):
            raise Refused("F-XML-ENC", f"{self.where()}: encoding {show(encoding)}")

    def _doctype(self, name: str, _system: str | None, _public: str | None, _internal: int) -> None:
        raise Refused("F-XML-DTD", f"{self.where()}: document type {show(name)}")

    def _prefix(self, _prefix: str | None, _uri: str | None) -> None:
        self.budget.effort -= ELEMENT_EFFORT

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        budget = self.budget
        budget.effort -= ELEMENT_EFFORT + len(attributes)
        if budget.effort < 0:
            self.refuse_size()
        self.pieces.clear()
        here = self._step
        self._path.append(here)
        if here.children is None:
            raise Refused("F-XML-BAD", f"{self.where()}: element {show(name)} inside a text")
        step = here.children.get(name)
        if step is None:
            self._step = _STRAY
            self._check_stray(here, name)
            return
        self._step = step
        if step.enter is not None:
            step.enter(self, attributes)

    def _end(self, _name: str) -> None:
        leave = self._step.leave
        self._step = self._path.pop()
        if leave is not None:
            leave(self)

    def _check_stray(self, here: Step, name: str) -> None:
        """An element outside the grammar is skipped, unless skipping it could lose or hide something."""
        if len(self._path) > DEPTH_LIMIT:
            raise Refused("F-XML-DEEP", f"{self.where()}: more than {DEPTH_LIMIT} levels")
        if here is self.root:
            raise Refused("F-XML-NS", f"{self.where()}: root element is {show(name)}")
        namespace, _, local = name.rpartition(" ")
        if local in self.guarded and (namespace in self.namespaces or here is not _STRAY):
            code = "F-XML-BAD" if namespace in self.namespaces or here is _STRAY else "F-XML-NS"
            raise Refused(code, f"{self.where()}: {show(name)} where it does not belong")
