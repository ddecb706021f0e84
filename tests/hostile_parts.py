"""Turns the good workbook into packages whose parts do not belong together, and into XML that is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crafting import (
    ACCEPT,
    BOOK,
    BOOK_LINK_LIST,
    BOOK_LINKS,
    CORE,
    CUSTOM,
    DECLARATION,
    ENTRY1,
    ENTRY2,
    GOOD,
    GOOD_CELL,
    LINKS,
    MAIN,
    OFFICE,
    OFFICE_STRICT,
    OVERRIDES,
    PACKAGE,
    ROWS,
    SHEET1,
    SHEET2,
    SHEET_TYPE,
    STRICT,
    STRINGS,
    TYPES,
    Case,
    altered,
    ballast,
    links_xml,
    noise,
    refused,
    remarks,
    sheet_xml,
    strings_xml,
    types_xml,
    with_cell,
    with_rows,
    with_strings,
    workbook,
    workbook_xml,
)


def _package() -> list[Case]:
    def links(*changed: tuple[str, str, str], extra: str = "") -> Callable[[], bytes]:
        keys = {key for key, _, _ in changed}
        kept = [link for link in BOOK_LINK_LIST if link[0] not in keys]
        return lambda: workbook({BOOK_LINKS: links_xml(*changed, *kept, extra=extra)})

    def target(path: str) -> Callable[[], bytes]:
        return links(("rId1", "worksheet", path))

    def sheets(*listed: str) -> Callable[[], bytes]:
        return lambda: workbook({BOOK: workbook_xml("".join(listed))})

    def types(*listed: tuple[str, str], defaults: str = "") -> Callable[[], bytes]:
        return lambda: workbook({TYPES: types_xml(*listed, defaults=defaults)})

    def moved(old: str, new: str, content: Mapping[str, str] | None = None) -> Callable[[], bytes]:
        return lambda: workbook({old: None, new: GOOD[old], **(content or {})})

    outside = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="http://x.vn/a.xml" TargetMode="External"/>'
    foreign_link = f'<Relationship Id="rId8" Type="{OFFICE}/hyperlink" Target="http://x.vn/" TargetMode="External"/>'
    strict = {
        name: data.replace(MAIN, STRICT).replace(OFFICE, OFFICE_STRICT) for name, data in GOOD.items() if name != CUSTOM
    }
    default_main = f'<Default Extension="XML" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
    plain_xml = '<Default Extension="xml" ContentType="application/xml"/>'
    many = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, 202))
    return [
        *refused(
            "F-PART-MISSING",
            content_types_missing=lambda: workbook({TYPES: None}),
            package_relationships_missing=lambda: workbook({LINKS: None}),
            workbook_missing=lambda: workbook({BOOK: None}),
            workbook_relationships_missing=lambda: workbook({BOOK_LINKS: None}),
            sheet_part_missing=lambda: workbook({SHEET1: None}),
            strings_part_missing=lambda: workbook({STRINGS: None}),
            sheet_part_renamed=moved(SHEET1, "xl/worksheets/sheet7.xml"),
            no_main_relationship=lambda: workbook({LINKS: links_xml()}),
            workbook_declared_as_plain_xml=types(*OVERRIDES[1:], ("/xl/other.xml", ".sheet.main+xml")),
            hidden_target_that_is_missing=target("worksheets/sheet%31%30.xml"),
        ),
        *refused(
            "F-REL",
            two_main_relationships=lambda: workbook(
                {
                    LINKS: links_xml(
                        ("rId1", "officeDocument", "xl/workbook.xml"), ("rId2", "officeDocument", "xl/workbook.xml")
                    )
                }
            ),
            two_main_parts=types(*OVERRIDES, ("/xl/workbook2.xml", ".sheet.main+xml")),
            two_content_types_for_one_part=types(*OVERRIDES, ("/xl/Workbook.xml", ".worksheet+xml")),
            two_sheets_on_one_part=links(("rId2", "worksheet", "worksheets/sheet1.xml")),
            two_sheets_on_one_relationship=sheets(ENTRY1, ENTRY2.replace("rId2", "rId1")),
            two_sheets_on_one_part_in_two_spellings=links(("rId2", "worksheet", "/xl/worksheets/./SHEET1.xml")),
            relationship_id_twice=links(extra=f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="x.xml"/>'),
            relationship_id_unknown=sheets(ENTRY1.replace("rId1", "rId99")),
            external_sheet=lambda: workbook({BOOK_LINKS: links_xml(*BOOK_LINK_LIST[1:], extra=outside)}),
            sheet_of_a_kind_that_is_none=links(("rId1", "Worksheet", "worksheets/sheet1.xml")),
            sheet_of_a_bare_kind=links(("rId1", ":worksheet", "worksheets/sheet1.xml")),
            sheet_of_a_foreign_kind=links(("rId1", "urn:x/worksheet", "worksheets/sheet1.xml")),
            cells_passed_off_as_a_chart=links(("rId1", "chartsheet", "worksheets/sheet1.xml")),
            target_escapes=target("../../etc/passwd"),
            target_escapes_encoded=target("%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
            target_absolute_and_escapes=target("/../xl/worksheets/sheet1.xml"),
            target_with_backslash=target("worksheets\\sheet1.xml"),
            target_file_url=target("file:///C:/a.xml"),
            target_host=target("//server/share/a.xml"),
            target_with_fragment=target("worksheets/sheet1.xml#x"),
            target_empty=target(""),
            two_tables_of_strings=links(("rId9", "sharedStrings", "worksheets/sheet2.xml")),
        ),
        *refused(
            "F-SHEETS",
            no_sheets=sheets(),
            sheet_without_name=sheets(ENTRY1.replace("Chấm điểm", " "), ENTRY2),
            sheet_without_relationship=sheets('<sheet name="A" sheetId="1"/>'),
            sheets_201=lambda: workbook({BOOK: workbook_xml(many)}),
            two_lists_of_sheets=lambda: workbook({BOOK: workbook_xml(ENTRY1, tail=f"<sheets>{ENTRY2}</sheets>")}),
        ),
        *refused(
            "S-SHEET-DUP",
            sheet_name_twice=sheets(ENTRY1, ENTRY2.replace("Ẩn", "Chấm điểm")),
            sheet_name_twice_in_other_case=sheets(ENTRY1, ENTRY2.replace("Ẩn", "CHẤM ĐIỂM")),
        ),
        *refused(
            "F-XML-NS",
            workbook_of_another_namespace=lambda: workbook({BOOK: GOOD[BOOK].replace(MAIN, "urn:x")}),
            workbook_without_namespace=lambda: workbook({BOOK: GOOD[BOOK].replace(f' xmlns="{MAIN}"', "")}),
            sheet_of_another_namespace=lambda: workbook({SHEET1: sheet_xml(namespace="urn:x")}),
            chart_where_a_sheet_should_be=lambda: workbook({SHEET1: f'<chartsheet xmlns="{MAIN}"/>'}),
            strings_of_another_namespace=lambda: workbook({STRINGS: '<sst xmlns="urn:x"/>'}),
            types_of_another_namespace=lambda: workbook({TYPES: GOOD[TYPES].replace(PACKAGE, "urn:x")}),
            relationships_of_another_namespace=lambda: workbook(
                {BOOK_LINKS: GOOD[BOOK_LINKS].replace(PACKAGE, "urn:x")}
            ),
            sheet_list_of_another_namespace=lambda: workbook(
                {BOOK: GOOD[BOOK].replace("<sheets>", '<sheets xmlns="urn:x">')}
            ),
        ),
        *refused(
            "F-XML-BAD",
            sheet_entry_in_an_alternative=lambda: workbook(
                {BOOK: workbook_xml(ENTRY2, tail=f'<a xmlns="urn:x"><sheet xmlns="{MAIN}" name="B"/></a>')}
            ),
        ),
        Case(
            "sheets with gaps in their ids",
            sheets(ENTRY2.replace('"2"', '"77"'), ENTRY1),
            ACCEPT,
            lambda b: b.sheets[0].name == "Ẩn",
        ),
        Case("part names in another case", moved(SHEET1, "xl/Worksheets/SHEET1.xml"), ACCEPT, GOOD_CELL),
        Case("content types in another case", moved(TYPES, "[content_types].XML"), ACCEPT, GOOD_CELL),
        Case("absolute targets", target("/xl/worksheets/sheet1.xml"), ACCEPT, GOOD_CELL),
        Case("target with dots inside the package", target("../xl/./worksheets/sheet1.xml"), ACCEPT, GOOD_CELL),
        Case(
            "encoded target",
            moved(
                SHEET1,
                "xl/worksheets/Chấm 1.xml",
                {BOOK_LINKS: links_xml(("rId1", "worksheet", "worksheets/Ch%E1%BA%A5m%201.xml"), *BOOK_LINK_LIST[1:])},
            ),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "workbook elsewhere",
            moved(
                BOOK,
                "book.xml",
                {
                    LINKS: links_xml(("rId1", "officeDocument", "/book.xml")),
                    "_rels/book.xml.rels": links_xml(
                        *((key, kind, f"xl/{path}") for key, kind, path in BOOK_LINK_LIST)
                    ),
                    TYPES: types_xml(("/book.xml", ".sheet.main+xml"), *OVERRIDES[1:]),
                },
            ),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "main type as the default of xml",
            lambda: workbook({TYPES: types_xml(*OVERRIDES[1:], defaults=default_main).replace(plain_xml, "")}),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("template", types(("/xl/workbook.xml", ".template.main+xml"), *OVERRIDES[1:]), ACCEPT, GOOD_CELL),
        Case("Strict Open XML", lambda: workbook(strict), ACCEPT, remarks("N-STRICT")),
        Case("one Strict sheet", lambda: workbook({SHEET1: strict[SHEET1]}), ACCEPT, GOOD_CELL),
        Case("styles missing", lambda: workbook({"xl/styles.xml": None}), ACCEPT, GOOD_CELL),
        Case("styles that are no XML", lambda: workbook({"xl/styles.xml": "<a><b>"}), ACCEPT, GOOD_CELL),
        Case(
            "properties",
            workbook,
            ACCEPT,
            lambda b: dict(b.properties) == {"core:title": "Phiếu", "core:keywords": "TDX", "stamp": "TC01"},
        ),
        Case(
            "broken properties",
            lambda: workbook({CORE: "<a", CUSTOM: "<!DOCTYPE a><a/>"}),
            ACCEPT,
            lambda b: not b.properties and GOOD_CELL(b),
        ),
        Case(
            "properties with a wrong checksum",
            lambda: altered(CUSTOM, crc=7),
            ACCEPT,
            lambda b: "stamp" not in b.properties,
        ),
        Case(
            "endless properties",
            lambda: workbook({CORE: GOOD[CORE].replace("TDX", ballast() + "<a/>" * 90_000)}),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("external hyperlink of the workbook", links(extra=foreign_link), ACCEPT, GOOD_CELL),
        Case(
            "external links",
            lambda: workbook({"xl/externalLinks/externalLink1.xml": "<a/>"}),
            ACCEPT,
            remarks("S-EXTLINK"),
        ),
        Case("connections", lambda: workbook({"xl/connections.xml": "<a/>"}), ACCEPT, remarks("S-EXTLINK")),
        Case("ActiveX", lambda: workbook({"xl/activeX/activeX1.bin": "x"}), ACCEPT, remarks("S-ACTIVE")),
        Case(
            "shared workbook",
            lambda: workbook({"xl/revisions/revisionHeaders.xml": "<a/>"}),
            ACCEPT,
            remarks("S-SHARED"),
        ),
        Case("signature", lambda: workbook({"_xmlsignatures/sig1.xml": "<a/>"}), ACCEPT, remarks("N-SIGNED")),
        Case(
            "chart sheet",
            lambda: workbook(
                {
                    BOOK_LINKS: links_xml(
                        ("rId2", "chartsheet", "worksheets/sheet2.xml"), BOOK_LINK_LIST[0], BOOK_LINK_LIST[2]
                    ),
                    SHEET2: f'<chartsheet xmlns="{MAIN}"/>',
                    TYPES: types_xml(*OVERRIDES[:2], OVERRIDES[3], ("/xl/worksheets/sheet2.xml", ".chartsheet+xml")),
                }
            ),
            ACCEPT,
            remarks("S-SHEET-KIND"),
        ),
        Case("very hidden sheet", workbook, ACCEPT, lambda b: [s.hidden for s in b.sheets] == [False, True]),
        Case(
            "1904 dates",
            lambda: workbook({BOOK: workbook_xml(ENTRY1, '<workbookPr date1904="1"/>')}),
            ACCEPT,
            lambda b: b.date1904,
        ),
        Case(
            "1904 dates, spelled out",
            lambda: workbook({BOOK: workbook_xml(ENTRY1, '<workbookPr date1904="true"/>')}),
            ACCEPT,
            lambda b: b.date1904,
        ),
        Case(
            "1904 dates denied",
            lambda: workbook({BOOK: workbook_xml(ENTRY1, '<workbookPr date1904="0"/>')}),
            ACCEPT,
            lambda b: not b.date1904,
        ),
        Case(
            "no shared strings",
            lambda: workbook(
                {
                    STRINGS: None,
                    BOOK_LINKS: links_xml(*BOOK_LINK_LIST[:2]),
                    SHEET1: sheet_xml('<row r="2"><c r="B2"><v>8.5</v></c></row>'),
                }
            ),
            ACCEPT,
            GOOD_CELL,
        ),
    ]


def _markup() -> list[Case]:
    xml = GOOD[SHEET1]
    body = xml.removeprefix(DECLARATION)

    def sheet(text: str | bytes) -> Callable[[], bytes]:
        return lambda: workbook({SHEET1: text})

    def declared(encoding: str, codec: str) -> bytes:
        return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(codec)

    laughs = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    return [
        *refused(
            "F-XML-DTD",
            doctype=sheet("<!DOCTYPE worksheet>" + body),
            doctype_with_an_entity_for_the_score=sheet('<!DOCTYPE a [<!ENTITY s "9.9">]>' + body.replace("8.5", "&s;")),
            doctype_after_a_comment=sheet(DECLARATION + "<!-- x -->\n<!DOCTYPE worksheet>" + body),
            external_entity=sheet(
                '<!DOCTYPE a [<!ENTITY s SYSTEM "file:///etc/passwd">]>' + body.replace("8.5", "&s;")
            ),
            external_dtd=sheet('<!DOCTYPE a SYSTEM "http://x.vn/a.dtd">' + body),
            billion_laughs=sheet(laughs + "]>" + body.replace("8.5", "&j;")),
            quadratic_blow_up=sheet(
                f'<!DOCTYPE a [<!ENTITY s "{"x" * 50_000}">]>' + body.replace("8.5", "&s;" * 5_000)
            ),
            doctype_in_the_strings=lambda: workbook(
                {STRINGS: "<!DOCTYPE a>" + strings_xml("").removeprefix(DECLARATION)}
            ),
            doctype_in_the_content_types=lambda: workbook(
                {TYPES: "<!DOCTYPE a>" + GOOD[TYPES].removeprefix(DECLARATION)}
            ),
            doctype_in_the_workbook=lambda: workbook({BOOK: "<!DOCTYPE a>" + GOOD[BOOK].removeprefix(DECLARATION)}),
            doctype_in_UTF_16=sheet(("\ufeff<!DOCTYPE a>" + body).encode("utf-16-le")),
        ),
        *refused(
            "F-XML-DEEP",
            deep_65=lambda: with_rows("", tail="<x>" * 64 + "</x>" * 64),
            deep_a_million=lambda: with_rows("", tail=ballast() + "<x>" * 1_000_000),
            deep_in_a_row=lambda: with_rows('<row r="1"><extLst>' + "<a>" * 70 + "</a>" * 70 + "</extLst></row>"),
        ),
        *refused(
            "F-XML-ENC",
            latin_1=sheet(declared("ISO-8859-1", "latin-1")),
            windows_1258=sheet(declared("windows-1258", "utf-8")),
            us_ascii=sheet(declared("US-ASCII", "utf-8")),
            utf_7=sheet(declared("UTF-7", "utf-8")),
            unknown_encoding=sheet(declared("x-none", "utf-8")),
            bad_utf_8=sheet(xml.encode().replace("ghi chú".encode(), b"ghi ch\xfa")),
            bad_utf_8_in_an_attribute=lambda: workbook({BOOK: GOOD[BOOK].encode().replace("Ẩn".encode(), b"\xe1\xba")}),
            overlong_utf_8=sheet(xml.encode().replace(b"ghi", b"\xc1\xa7hi")),
            surrogate_in_utf_8=sheet(xml.encode().replace(b"ghi", b"\xed\xa0\x80")),
            utf_16_that_is_utf_8=sheet(declared("UTF-16", "utf-8")),
            utf_8_that_is_utf_16=sheet(declared("UTF-8", "utf-16")),
            half_a_utf_16_character=sheet(("\ufeff" + body).encode("utf-16-le")[:-1]),
            lone_surrogate_in_utf_16=sheet(("\ufeff" + body).encode("utf-16-le").replace(b"g\0", b"\0\xd8")),
        ),
        *refused(
            "F-XML-BAD",
            empty_part=sheet(""),
            blank_part=sheet("  \n"),
            text_part=sheet("8.5"),
            cut_off=sheet(xml[:-30]),
            two_roots=sheet(xml + body),
            text_after_the_root=sheet(xml + "x"),
            mismatched_tags=sheet(xml.replace("</row>", "</rows>", 1)),
            unclosed_tag=sheet(xml.replace("</v>", "", 1)),
            attribute_twice=sheet(xml.replace('r="B2"', 'r="B2" r="B9"')),
            attribute_unquoted=sheet(xml.replace('r="B2"', "r=B2")),
            unknown_entity=sheet(xml.replace("8.5", "&nbsp;")),
            bare_ampersand=sheet(xml.replace("ghi chú", "A & B")),
            undeclared_prefix=sheet(xml.replace("<v>8.5</v>", "<x:v>8.5</x:v>")),
            control_character=sheet(xml.replace("ghi chú", "ghi\x01")),
            control_character_by_number=sheet(xml.replace("ghi chú", "&#1;")),
            surrogate_by_number=sheet(xml.replace("ghi chú", "&#xD800;")),
            declaration_not_first=sheet("\n" + xml),
            xml_1_1=sheet(xml.replace('version="1.0"', 'version="1.1" x="')),
            giant_attribute=lambda: with_rows("", tail=f'<x y="{noise(700_000)}"/>'),
            giant_comment=lambda: with_rows("", tail=f"<!--{noise(700_000)}-->"),
            thousands_of_names=lambda: with_rows("", tail="".join(f"<x{i}/>" for i in range(20_000))),
            thousands_of_attributes=lambda: with_rows(
                "", tail="<x " + " ".join(f'a{i}=""' for i in range(20_000)) + "/>"
            ),
            no_sheet_data=sheet(f'<worksheet xmlns="{MAIN}"/>'),
            two_sheet_data=lambda: with_rows(ROWS, tail="<sheetData/>"),
            row_outside_the_data=lambda: with_rows("", tail='<row r="1"/>'),
            rows_in_an_alternative=lambda: with_rows(f'<a xmlns="urn:x"><row xmlns="{MAIN}" r="1"/></a>'),
            cell_outside_a_row=lambda: with_rows('<c r="A1"><v>1</v></c>'),
            cell_in_a_cell=lambda: with_cell('<c r="B2"><c r="C2"><v>1</v></c></c>'),
            element_in_a_value=lambda: with_cell('<c r="B2"><v>8<b/>.5</v></c>'),
            element_in_a_text=lambda: with_strings("<si><t>8<b/>5</t></si>"),
            value_in_an_extension=lambda: with_cell('<c r="B2"><extLst><v>8.5</v></extLst></c>'),
            text_in_an_alternative=lambda: with_strings(f'<si><a xmlns="urn:x"><t xmlns="{MAIN}">8</t></a></si>'),
            run_in_an_alternative=lambda: with_cell('<c r="B2" t="inlineStr"><is><q><r><t>8</t></r></q></is></c>'),
            string_out_of_place=lambda: with_strings("<x><si><t>8</t></si></x>"),
        ),
        *refused(
            "F-XML-NS",
            data_of_another_namespace=sheet(xml.replace("<sheetData>", '<sheetData xmlns="urn:x">')),
            cell_without_namespace=lambda: with_cell('<c r="B2" xmlns=""><v>8.5</v></c>'),
            value_of_another_namespace=lambda: with_cell('<c r="B2"><v xmlns="urn:x">8.5</v></c>'),
            reference_with_a_prefix=lambda: with_cell(f'<c x:r="D2" xmlns:x="{MAIN}"><v>8.5</v></c>'),
            type_with_a_prefix=lambda: with_cell(f'<c r="B2" x:t="s" xmlns:x="{MAIN}"><v>1</v></c>'),
            row_number_with_a_prefix=lambda: with_rows(f'<row x:r="2" xmlns:x="{MAIN}"><c><v>8.5</v></c></row>'),
        ),
        Case("UTF-8 with BOM", sheet(b"\xef\xbb\xbf" + xml.encode()), ACCEPT, GOOD_CELL),
        Case("no declaration", sheet(body), ACCEPT, GOOD_CELL),
        Case("UTF-16 little endian", sheet(declared("UTF-16", "utf-16")), ACCEPT, remarks("N-ENC")),
        Case("UTF-16 big endian", sheet(b"\xfe\xff" + declared("UTF-16", "utf-16-be")), ACCEPT, remarks("N-ENC")),
        Case("UTF-16 without BOM", sheet(declared("UTF-16", "utf-16-le")), ACCEPT, remarks("N-ENC")),
        Case("prefix everywhere", sheet(_prefixed(body)), ACCEPT, GOOD_CELL),
        Case("64 levels", lambda: with_rows(ROWS, tail="<x>" * 63 + "</x>" * 63), ACCEPT, GOOD_CELL),
        Case(
            "comments and instructions",
            sheet(xml.replace("<row", "<?a b?><!-- <row r='9'> --><row")),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "doctype inside a comment",
            sheet(xml.replace("<sheetData>", "<!-- <!DOCTYPE a> --><sheetData>")),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "unknown elements",
            lambda: with_rows(ROWS, '<sheetPr/><x:y xmlns:x="urn:x"><x:z/></x:y>', "<q/>"),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "foreign row anchors",
            lambda: with_rows(ROWS, tail='<controls><d:row xmlns:d="urn:d">3</d:row></controls>'),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("line breaks everywhere", sheet(xml.replace("><", ">\r\n  <")), ACCEPT, GOOD_CELL),
    ]


def _prefixed(body: str) -> str:
    changed = body.replace("xmlns=", "xmlns:s=").replace("</", "</s:")
    for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t"):
        for follow in (" ", ">", "/>"):
            changed = changed.replace(f"<{name}{follow}", f"<s:{name}{follow}")
    return changed


PARTS: tuple[Case, ...] = (
    *_package(),
    *_markup(),
)
