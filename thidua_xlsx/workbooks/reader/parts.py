"""Turns the small parts of a package (content types, relationships, workbook, properties) into tables."""

from __future__ import annotations

from typing import NamedTuple

from thidua_xlsx.workbooks.reader.container import Refused, show
from thidua_xlsx.workbooks.reader.markup import Budget, Reading, Step, grammar

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
# The transitional vocabulary that everybody writes, and the Strict one that Excel offers when saving.
SPREADSHEET = (MAIN, STRICT)
TRUE = ("1", "true")

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/"
_OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_MACRO_KINDS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")


class Link(NamedTuple):
    """One relationship: its kind ("?" and the whole type if it is none of Office's), target and vocabulary."""

    kind: str
    target: str
    external: bool
    strict: bool


class Types(Reading):
    """[Content_Types].xml: the media type of every part."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}

    def _default(self, attributes: dict[str, str]) -> None:
        self._put(self.defaults, attributes.get("Extension", ""), attributes)

    def _override(self, attributes: dict[str, str]) -> None:
        self._put(self.overrides, attributes.get("PartName", ""), attributes)

    def _put(self, table: dict[str, str], key: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").casefold().strip()
        if table.setdefault(key.casefold(), kind) != kind:
            raise Refused("F-REL", f"two content types for {show(key)}")

    def of(self, name: str) -> str:
        """The media type of one part, "" where none is declared."""
        return self.overrides.get(f"/{name}".casefold()) or self.defaults.get(name.rpartition(".")[2].casefold(), "")

    namespaces = (_PACKAGE + "content-types",)
    guarded = frozenset({"Default", "Override"})
    root = grammar(
        namespaces,
        "Types",
        Step({"Default": Step({}, enter=_default), "Override": Step({}, enter=_override)}),
    )


class Links(Reading):
    """A relationships part: what each id points to."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.links: dict[str, Link] = {}

    def _relationship(self, attributes: dict[str, str]) -> None:
        key = attributes.get("Id", "")
        if not key or key in self.links:
            raise Refused("F-REL", f"{self.where()}: relationship id {show(key)!r} twice or empty")
        told = attributes.get("Type", "")
        space, _, kind = told.rpartition("/")
        if kind in _MACRO_KINDS:
            raise Refused("F-MACRO", f"{self.where()}: {show(told)}")
        known = f"{space}/" in (_OFFICE + "relationships/", _OFFICE_STRICT + "relationships/")
        external = attributes.get("TargetMode", "Internal") != "Internal"
        strict = told.startswith(_OFFICE_STRICT)
        self.links[key] = Link(kind if known else f"?{told}", attributes.get("Target", ""), external, strict)

    def of(self, *kinds: str) -> list[Link]:
        """All relationships of these kinds."""
        return [link for link in self.links.values() if link.kind in kinds]

    namespaces = (_PACKAGE + "relationships",)
    guarded = frozenset({"Relationship"})
    root = grammar(namespaces, "Relationships", Step({"Relationship": Step({}, enter=_relationship)}))


class Workbook(Reading):
    """The main part: the list of sheets and the date base."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.sheets: list[tuple[str, bool, str]] = []
        self.date1904 = False
        self.lists = 0

    def _properties(self, attributes: dict[str, str]) -> None:
        self.date1904 = attributes.get("date1904", "0") in TRUE

    def _list(self, _attributes: dict[str, str]) -> None:
        self.lists += 1
        if self.lists > 1:
            raise Refused("F-SHEETS", "two lists of sheets")

    def _sheet(self, attributes: dict[str, str]) -> None:
        name = self.clean(attributes.get("name", ""))
        link = attributes.get(_OFFICE + "relationships id") or attributes.get(_OFFICE_STRICT + "relationships id")
        if not name.strip() or not link:
            raise Refused("F-SHEETS", f"sheet {len(self.sheets) + 1} without name or part")
        self.sheets.append((name, attributes.get("state", "visible") != "visible", link))

    namespaces = SPREADSHEET
    guarded = frozenset({"workbookPr", "sheets", "sheet"})
    root = grammar(
        namespaces,
        "workbook",
        Step({
            "workbookPr": Step({}, enter=_properties),
            "sheets": Step({"sheet": Step({}, enter=_sheet)}, enter=_list),
        }),
    )  # fmt: skip


class Properties(Reading):
    """docProps: the core properties under "core:" and their name, the custom ones under their own."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.found: dict[str, str] = {}
        self._key = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        local = name.rpartition(" ")[2]
        if len(self._path) == 2:
            self._key = self.clean(attributes.get("name", "")) if local == "property" else f"core:{local}"

    def _end(self, name: str) -> None:
        if len(self._path) in (2, 3) and (text := self.text().strip()):
            self.found.setdefault(self._key, text)
        self.pieces.clear()
        super()._end(name)

    root = Step({
        _PACKAGE + "metadata/core-properties coreProperties": Step({}),
        _OFFICE + "custom-properties Properties": Step({}),
        _OFFICE_STRICT + "customProperties Properties": Step({}),
    })  # fmt: skip
