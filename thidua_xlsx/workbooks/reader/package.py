"""Turns a checked zip container into the parts of one workbook: its sheets, shared strings and properties.

Everything is found as the standard says, from the content types over the relationships to the parts, and
every ambiguity on the way is refused: two main parts, one part under two sheets, a target outside the
package. openpyxl silently drops a sheet whose part is missing or renamed (91 of 3,659 real files lost one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, NoReturn
from urllib.parse import unquote

from thidua_xlsx.workbooks.reader.container import Container, Member, Refused, in_pieces, inflate, inflate_whole, show
from thidua_xlsx.workbooks.reader.foreign import NAMES_SHOWN
from thidua_xlsx.workbooks.reader.looks import without_names
from thidua_xlsx.workbooks.reader.markup import Budget
from thidua_xlsx.workbooks.reader.parts import Link, Links, Properties, Types, Workbook

SHEET_LIMIT = 200
# So many surveys are remembered, each of parts of at most so many bytes.
SURVEYS_KEPT, TOLD_LIMIT = 128, 32 << 10
_TYPES = "[Content_Types].xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MAIN_TYPES = (_SHEET_TYPE + "sheet.main+xml", _SHEET_TYPE + "template.main+xml")
_PROPERTIES_EFFORT = 20_000
_MACRO_MAIN = re.compile(r"application/vnd\.ms-excel\..*macroenabled\.main")
# Sheets that stand in the list of sheets and have no cells.
_CELLLESS = ("chartsheet", "dialogsheet")
# Parts that are never read, but that a careful office wants to know of.
_NOTED = (
    ("xl/externallinks/", "S-EXTLINK"),
    ("xl/connections.xml", "S-EXTLINK"),
    ("xl/activex/", "S-ACTIVE"),
    ("xl/embeddings/", "S-ACTIVE"),
    ("xl/revisions/", "S-SHARED"),
    ("_xmlsignatures/", "N-SIGNED"),
)


Names = tuple[str, ...]


class SheetPart(NamedTuple):
    """One entry of the workbook's sheet list; a chart or dialog sheet has no cells, hence no ``member``."""

    name: str
    hidden: bool
    member: Member | None


class Survey(NamedTuple):
    """What the four parts that say how a workbook hangs together told, in names, and what they cost to read."""

    main: str
    sheets: tuple[tuple[str, bool, str | None], ...]
    strings: str | None
    date1904: bool
    remarks: frozenset[str]
    effort: int
    characters: int


class Package(NamedTuple):
    """The parts of one workbook that are worth reading."""

    sheets: tuple[SheetPart, ...]
    strings: Member | None
    date1904: bool
    properties: Mapping[str, str]


class DocumentProperties(Mapping[str, str]):
    """Document properties, best effort: they carry no score, so that no fault in them matters.

    They are read when first asked for; of a form that proves by its stamp whose it is, nobody asks.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    def __getitem__(self, name: str) -> str:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @cached_property
    def _found(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in ("docProps/core.xml", "docProps/custom.xml"):
            member = self._container.find(part)
            reading = Properties(part, Budget(effort=_PROPERTIES_EFFORT))
            try:
                if member is not None:
                    reading.read(inflate(self._container.data, member))
                    found.update(reading.found)
            except MemoryError:
                raise
            except Exception:  # asked for outside the net under our own mistakes, and none here is worth a file
                continue
        return found


# A part as it stands in the zip file: method, checksum, size, and its packed bytes.
Packed = tuple[int, int, int, bytes]
# All returns of a form hang together in the same way. Of every set of names the main part of the last one, and of these
# names, of three parts as they are packed and of the main part the survey: nothing else is looked at.
_mains: dict[Names, str] = {}
_surveys: dict[tuple[Names, tuple[Packed, ...], bytes], Survey] = {}


def open_package(container: Container, budget: Budget) -> Package:
    """Find the workbook's parts, or refuse what is no workbook or could be read in two ways."""
    names = tuple([member.name for member in container.members.values()])
    survey = _known_survey(container, names)
    if survey is None or survey.effort >= budget.effort:
        survey = _survey(container, budget)
        _remember(container, names, survey)
    else:
        budget.effort -= survey.effort
        budget.characters -= survey.characters
        budget.remarks |= survey.remarks
    return Package(
        tuple([
            SheetPart(name, hidden, None if part is None else _member(container, part))
            for name, hidden, part in survey.sheets
        ]),
        None if survey.strings is None else _member(container, survey.strings),
        survey.date1904,
        DocumentProperties(container),
    )  # fmt: skip


def _known_survey(container: Container, names: Names) -> Survey | None:
    """The survey of a workbook with the same names whose parts were the same."""
    main = _mains.get(names)
    told = None if main is None else _told(container, main)
    return None if told is None else _surveys.get((names, *told))


def _remember(container: Container, names: Names, survey: Survey) -> None:
    told = _told(container, survey.main)
    if told is not None:
        if len(_surveys) >= SURVEYS_KEPT:
            _surveys.clear()
            _mains.clear()
        _mains[names] = survey.main
        _surveys[names, *told] = survey


def _told(container: Container, main: str) -> tuple[tuple[Packed, ...], bytes] | None:
    """The four parts that a survey reads, unless they are large; the main part alone differs from unit to unit."""
    parts = [_member(container, part) for part in (_TYPES, _rels_of(""), _rels_of(main))]
    # A part may be packed into far more than it holds.
    if max(max(part.size, part.packed) for part in parts) > TOLD_LIMIT or _member(container, main).size > TOLD_LIMIT:
        return None
    return tuple([_packed(container, part) for part in parts]), _main_content(container, main)


def _packed(container: Container, part: Member) -> Packed:
    """What was proved sound once is sound again where the very same bytes, size and checksum stand."""
    return part.method, part.crc, part.size, container.data[part.body : part.body + part.packed]


def _main_content(container: Container, main: str) -> bytes:
    """The main part of the usual size, without the names that it defines."""
    return without_names(inflate_whole(container.data, _member(container, main)))


def _survey(container: Container, budget: Budget) -> Survey:
    """Read how the workbook hangs together; every ambiguity is refused."""
    remarks, effort, characters = set(budget.remarks), budget.effort, budget.characters
    types = _types(container, budget)
    main = _main_part(container, types, budget)
    links = _links(container, main, budget)
    workbook = Workbook(main, budget)
    member = _member(container, main)
    large = member.size > TOLD_LIMIT
    workbook.read(inflate(container.data, member) if large else in_pieces(_main_content(container, main)))
    if any(links.links[key].kind in _CELLLESS for _, _, key in workbook.sheets if key in links.links):
        budget.remarks.add("S-SHEET-KIND")
    strings = links.of("sharedStrings")
    if len(strings) > 1:
        raise Refused("F-REL", "two parts of shared strings")
    for prefix, remark in _NOTED:
        if any(name.startswith(prefix) for name in container.members):
            budget.remarks.add(remark)
    return Survey(
        main,
        tuple(_sheets(container, main, workbook, links, types)),
        _resolve(container, main, strings[0]) if strings else None,
        workbook.date1904,
        frozenset(budget.remarks - remarks),
        effort - budget.effort,
        characters - budget.characters,
    )


def is_archive(container: Container) -> bool:
    """Whether a zip file holds files packed together, and is no document of any office program itself."""
    if container.find(_TYPES) is not None:
        return False
    try:
        _refuse_other_zip(container)
    except Refused as refused:
        return refused.refusal.code == "F-ARCHIVE"


def _types(container: Container, budget: Budget) -> Types:
    """The content types, after everything that is no plain xlsx has been turned away."""
    if container.find(_TYPES) is None:
        _refuse_other_zip(container)
    types = Types(_TYPES, budget)
    types.read(inflate(container.data, _member(container, types.part)))
    # SheetJS declares what a .bin would be also where there is none.
    endings = {name.rpartition(".")[2] for name in container.members}
    defaults = [kind for end, kind in types.defaults.items() if end in endings or "sheet.binary" not in kind]
    told = [*types.overrides.values(), *defaults]
    if any("sheet.binary" in kind for kind in told) or container.find("xl/workbook.bin"):
        raise Refused("F-XLSB", "binary workbook")
    mains = [kind for kind in told if kind in _MAIN_TYPES or _MACRO_MAIN.match(kind)]
    if not mains and any(kind.endswith("main+xml") for kind in told):
        raise Refused("F-NOT-WORKBOOK", next(show(kind) for kind in told if kind.endswith("main+xml")))
    if any("macroenabled" in kind or "vbaproject" in kind or "macrosheet" in kind for kind in told):
        raise Refused("F-MACRO", next(show(kind) for kind in told if "macro" in kind or "vbaproject" in kind))
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in container.members):
        raise Refused("F-MACRO", "vbaProject.bin")
    if not mains:
        raise Refused("F-NOT-WORKBOOK", "no workbook among the content types")
    return types


def _main_part(container: Container, types: Types, budget: Budget) -> str:
    """The name of the one workbook part."""
    links = _links(container, "", budget).of("officeDocument")
    if len(links) != 1:
        raise Refused("F-REL" if links else "F-PART-MISSING", f"{len(links)} main parts in _rels/.rels")
    main = _resolve(container, "", links[0])
    if types.of(main) not in _MAIN_TYPES:
        raise Refused("F-PART-MISSING", f"{show(main)} is declared as {show(types.of(main)) or 'nothing'}")
    others = [name for name, kind in types.overrides.items() if kind in _MAIN_TYPES and name != f"/{main}".casefold()]
    if others:
        raise Refused("F-REL", f"second main part {show(others[0])}")
    if links[0].strict:
        budget.remarks.add("N-STRICT")
    return main


def _refuse_other_zip(container: Container) -> NoReturn:
    """Say what a zip file is that is no Office package."""
    members = container.members
    mimetype = members.get("mimetype")
    kind = b""
    if mimetype is not None and mimetype.size < 200:
        kind = b"".join(inflate(container.data, mimetype))
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise Refused("F-ODS", kind.decode("ascii", "replace"))
    if kind.startswith(b"application/"):
        raise Refused("F-NOT-WORKBOOK", show(kind.decode("ascii", "replace")))
    if any(name.endswith(".iwa") for name in members) or "index.zip" in members:
        raise Refused("F-NUMBERS", "iWork package")
    if "xl/workbook.xml" in members:
        raise Refused("F-PART-MISSING", _TYPES)
    names = sorted(member.name for member in members.values())
    more = f", … ({len(names)})" if len(names) > NAMES_SHOWN else ""
    raise Refused("F-ARCHIVE", ", ".join(show(name) for name in names[:NAMES_SHOWN]) + more or "no members")


def _links(container: Container, part: str, budget: Budget) -> Links:
    links = Links(_rels_of(part), budget)
    links.read(inflate(container.data, _member(container, links.part)))
    return links


def _rels_of(part: str) -> str:
    """The name of the part that holds the relationships of another one, "" for those of the package."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _member(container: Container, name: str) -> Member:
    member = container.find(name)
    if member is None:
        raise Refused("F-PART-MISSING", show(name))
    return member


def _resolve(container: Container, source: str, link: Link) -> str:
    """The part that a relationship means: inside the package, and really there."""
    target = link.target
    if link.external or not target or re.search(r"[\\:?#\0]", target) or target.startswith("//"):
        raise Refused("F-REL", f"{show(link.kind)} -> {show(target)}")
    for candidate in dict.fromkeys((target, unquote(target))):
        steps = [] if candidate.startswith("/") else source.split("/")[:-1]
        for step in candidate.strip("/").split("/"):
            if step == ".." and not steps:
                raise Refused("F-REL", f"{show(target)} leads out of the package")
            steps = steps[:-1] if step == ".." else steps if step == "." else [*steps, step]
        member = container.find("/".join(steps))
        if member is not None:
            return member.name
    raise Refused("F-PART-MISSING", show(target))


def _sheets(
    container: Container, main: str, workbook: Workbook, links: Links, types: Types
) -> Iterator[tuple[str, bool, str | None]]:
    """The sheets in the workbook's order: names unique, one part each, and none that hides its cells."""
    if not 1 <= len(workbook.sheets) <= SHEET_LIMIT:
        raise Refused("F-SHEETS", f"{len(workbook.sheets)} sheets")
    names: set[str] = set()
    parts: set[str] = set()
    for name, hidden, key in workbook.sheets:
        link = links.links.get(key)
        if link is None:
            raise Refused("F-REL", f"sheet {show(name)}: no relationship {show(key)}")
        part = _resolve(container, main, link)
        if part in parts:
            raise Refused("F-REL", f"sheet {show(name)}: part {show(part)} is another sheet's too")
        if name.casefold() in names:
            raise Refused("S-SHEET-DUP", show(name))
        cellless = link.kind in _CELLLESS and types.of(part) == f"{_SHEET_TYPE}{link.kind}+xml"
        if link.kind != "worksheet" and not cellless:
            raise Refused("F-REL", f"sheet {show(name)}: {show(part)} is of kind {show(link.kind)}")
        names.add(name.casefold())
        parts.add(part)
        yield name, hidden, None if cellless else part
