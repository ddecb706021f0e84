"""Turns the good workbook into files that are no workbook, and into zip files that lie."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from crafting import (
    ACCEPT,
    BOOK_LINK_LIST,
    BOOK_LINKS,
    GOOD,
    GOOD_CELL,
    LINKS,
    OVERRIDES,
    SHEET1,
    SHEET2,
    STRINGS,
    TYPES,
    Case,
    Entry,
    altered,
    compound,
    deflate,
    entries,
    links_xml,
    pack,
    refused,
    remarks,
    sheet_xml,
    strings_xml,
    types_xml,
    workbook,
)


def _foreign() -> list[Case]:
    mail = b"Received: by x\r\nFrom: a@b.vn\r\nTo: c@d.vn\r\nSubject: Nop\r\nMIME-Version: 1.0\r\n"
    attached = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    attached += b'Content-Disposition: attachment; filename="phieu.xlsx"'
    web = b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x"
    files: list[tuple[str, str, bytes]] = [
        ("empty", "F-EMPTY", b""),
        ("one zero byte", "F-ZEROS", b"\0"),
        ("all zeros", "F-ZEROS", bytes(50_000)),
        ("over 20 MB", "F-TOO-BIG", b"PK\3\4" + bytes(20 << 20)),
        ("password to open", "F-ENCRYPTED", compound("EncryptionInfo", "EncryptedPackage")),
        ("xls", "F-XLS", compound("Workbook", "\5SummaryInformation")),
        ("xls of Excel 5", "F-XLS", compound("Book")),
        ("xls in the second directory sector", "F-XLS", compound("a", "b", "c", "d", "e", "Workbook")),
        ("bare BIFF8 stream", "F-XLS", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(range(64))),
        ("bare BIFF2 stream", "F-XLS", b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(range(64))),
        ("xls of old programs, in capitals", "F-XLS", compound("WORKBOOK")),
        ("doc", "F-NOT-WORKBOOK", compound("WordDocument", "1Table")),
        ("ppt", "F-NOT-WORKBOOK", compound("PowerPoint Document")),
        ("Outlook msg", "F-MAIL", compound("__properties_version1.0", "__substg1.0_0037001F")),
        ("other OLE", "F-OLE", compound("Contents")),
        ("OLE cut off", "F-OLE", compound("Workbook")[:400]),
        ("OLE whose chain is a loop", "F-OLE", _loop(compound("a", "b", "c", "d", "e", "f", "g", "h"))),
        ("rtf", "F-NOT-WORKBOOK", rb"{\rtf1\ansi Phieu}"),
        ("html", "F-HTML", b"<html><body><table><tr><td>8.5</td></tr></table></body></html>"),
        ("html with doctype", "F-HTML", b'\xef\xbb\xbf\r\n<!DOCTYPE html PUBLIC "-//W3C//DTD"><html>'),
        ("html table alone", "F-HTML", b"<TABLE BORDER=1><TR><TD>8.5</TD></TR></TABLE>"),
        ("html saved by Excel", "F-HTML", b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'),
        ("html in UTF-16", "F-HTML", "<html><table>điểm</table></html>".encode("utf-16")),
        (
            "XML 2003",
            "F-XML2003",
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        ),
        (
            "flat ODS",
            "F-ODS",
            b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
        ),
        ("other XML", "F-NOT-XLSX", b'<?xml version="1.0"?><a/>'),
        ("csv", "F-TEXT", "Mã,Điểm\r\nTC-1,8.5\r\n".encode()),
        ("csv with BOM", "F-TEXT", "\ufeffMã;Điểm\r\nTC-1;8,5\r\n".encode()),
        ("text in UTF-16", "F-TEXT", "Mã\tĐiểm\r\n".encode("utf-16")),
        ("text in TCVN3", "F-TEXT", b"M\xb7 ti\xaau ch\xdd;\xa7i\xd3m\r\n"),
        ("a name list that begins with To", "F-TEXT", b"To: nobody\r\n"),
        ("pdf", "F-PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("pdf after a blank line", "F-PDF", b"\r\n%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\0\1"),
        ("png", "F-IMAGE", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("photo", "F-IMAGE", b"\xff\xd8\xff\xe1\0\x18Exif\0\0"),
        ("gif", "F-IMAGE", b"GIF89a\1\0\1\0"),
        ("bmp", "F-IMAGE", b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0"),
        ("tiff scan", "F-IMAGE", b"II*\0\x08\0\0\0"),
        ("webp", "F-IMAGE", b"RIFF\x24\0\0\0WEBPVP8 "),
        ("photo of an iPhone", "F-IMAGE", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("rar 4", "F-ARCHIVE", b"Rar!\x1a\x07\0\xcf\x90s"),
        ("rar 5", "F-ARCHIVE", b"Rar!\x1a\x07\x01\0"),
        ("7z", "F-ARCHIVE", b"7z\xbc\xaf\x27\x1c\0\4"),
        ("gzip", "F-ARCHIVE", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("tar", "F-ARCHIVE", b"phieu.xlsx".ljust(257, b"\0") + b"ustar\0".ljust(255, b"\0")),
        ("mail", "F-MAIL", mail + b"\r\nKinh gui"),
        ("mail in an mbox", "F-MAIL", b"From a@b Mon Jan  5 00:00:00 2026\n" + mail.replace(b"\r", b"") + b"\nx"),
        ("winmail.dat", "F-MAIL", b"\x78\x9f\x3e\x22\1\0\6\x90"),
        ("mhtml", "F-MHTML", web),
        ("mhtml of a browser", "F-MHTML", b"From: <Saved by Blink>\r\nSubject: x\r\n" + web),
        ("program", "F-NOT-XLSX", b"MZ\x90\0\3\0\0\0\4\0"),
        ("random bytes", "F-NOT-XLSX", bytes((i * 7 + 200) % 251 for i in range(500))),
        ("self-extracting zip", "F-ZIP-BAD", b"MZ\x90\0\3" + workbook()),
    ]
    cases = [Case(name, lambda data=data: data, code) for name, code, data in files]  # type: ignore[misc]
    return [*cases, Case("mail with a workbook", lambda: mail + attached, "F-MAIL", proof="phieu.xlsx")]


def _loop(data: bytes) -> bytes:
    """The directory's second sector points back to its first."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, 512 + 8, 1)
    return bytes(changed)


def _archives() -> list[Case]:
    def zipped(parts: Mapping[str, str | bytes], **how: object) -> Callable[[], bytes]:
        return lambda: pack(entries(parts), **how)  # type: ignore[arg-type]

    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    slides = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    binary = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    vba = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    other = {LINKS: links_xml(("rId1", "officeDocument", "word/document.xml")), "word/document.xml": "<w/>"}
    return [
        Case(
            "zip of returns",
            zipped({"a/phieu 1.xlsx": workbook(), "b.xlsx": workbook()}),
            "F-ARCHIVE",
            proof="phieu 1.xlsx",
        ),
        Case("zip of 30 files", zipped({f"{i}.txt": "x" for i in range(30)}), "F-ARCHIVE", proof="(30)"),
        Case("empty zip", zipped({}), "F-ARCHIVE"),
        Case(
            "ods",
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
            "F-ODS",
        ),
        Case(
            "odt",
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "F-NOT-WORKBOOK",
        ),
        Case("epub", zipped({"mimetype": "application/epub+zip", "a.xhtml": "<a/>"}), "F-NOT-WORKBOOK"),
        Case("numbers", zipped({"Index/Document.iwa": "x", "preview.jpg": "x"}), "F-NUMBERS"),
        Case("numbers of 2013", zipped({"Index.zip": "x", "preview.jpg": "x"}), "F-NUMBERS"),
        Case("docx", zipped({TYPES: types_xml(("/word/document.xml", word)), **other}), "F-NOT-WORKBOOK"),
        Case("pptx", zipped({TYPES: types_xml(("/word/document.xml", slides)), **other}), "F-NOT-WORKBOOK"),
        Case("package without an office part", zipped({TYPES: types_xml(), LINKS: links_xml()}), "F-NOT-WORKBOOK"),
        Case("xlsb", lambda: workbook({TYPES: types_xml(("/xl/workbook.bin", binary))}), "F-XLSB"),
        Case("xlsb with the types of an xlsx", lambda: workbook({"xl/workbook.bin": "x"}), "F-XLSB"),
        Case("xlsm", lambda: workbook({TYPES: types_xml(("/xl/workbook.xml", macro), *OVERRIDES[1:])}), "F-MACRO"),
        Case("vbaProject by type", lambda: workbook({TYPES: types_xml(*OVERRIDES, defaults=vba)}), "F-MACRO"),
        Case("vbaProject as an undeclared part", lambda: workbook({"xl/vbaProject.bin": "x"}), "F-MACRO"),
        Case("vbaProject in capitals elsewhere", lambda: workbook({"x/VBAPROJECT.BIN": "x"}), "F-MACRO"),
        Case(
            "vbaProject by relationship",
            lambda: workbook(
                {
                    BOOK_LINKS: links_xml(
                        *BOOK_LINK_LIST,
                        ("rId9", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x.bin"),
                    )
                }
            ),
            "F-MACRO",
        ),
        Case(
            "Excel 4 macro sheet",
            lambda: workbook(
                {
                    BOOK_LINKS: links_xml(
                        (
                            "rId1",
                            "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
                            "worksheets/sheet1.xml",
                        ),
                        *BOOK_LINK_LIST[1:],
                    )
                }
            ),
            "F-MACRO",
        ),
        Case(
            "macro sheet by type",
            lambda: workbook(
                {
                    TYPES: types_xml(
                        *OVERRIDES, ("/xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml")
                    )
                }
            ),
            "F-MACRO",
        ),
    ]


def _directory() -> list[Case]:
    good = workbook()
    end = good.rfind(b"PK\5\6")
    descriptor = struct.pack("<4s3I", b"PK\7\x08", zlib.crc32(GOOD[SHEET1].encode()), 0, 0)
    small = entries(GOOD)
    bomb = Entry(b"xl/media/x.bin", b"", body=deflate(bytes(300_000), 9), size=1 << 30)
    lie = {"size": 100, "local_size": 100}
    double = pack([*small, Entry(SHEET1.encode(), sheet_xml("").encode())])
    case_double = pack([*small, Entry(b"xl/worksheets/Sheet1.xml", sheet_xml("").encode())])
    nested = Entry(b"xl/embeddings/x.xlsx", good, method=0)
    return [
        Case("good", lambda: good, ACCEPT, GOOD_CELL),
        *refused(
            "F-TRUNCATED",
            only_the_magic=lambda: b"PK\3\4",
            first_half=lambda: good[: len(good) // 2],
            last_byte_missing=lambda: good[:-1],
            no_end_record=lambda: good[:end],
            comment_cut_off=lambda: workbook(comment=b"x" * 50)[:-10],
            spanned_marker_alone=lambda: b"PK\7\x08" + bytes(40),
        ),
        *refused(
            "F-ZIP-BAD",
            two_zips_joined=lambda: good + good,
            prefix_with_fixed_offsets=lambda: pack(small, prefix=b"PK\3\4junk"),
            prefix_with_old_offsets=lambda: b"PK\3\4" + good,
            unlisted_member=lambda: pack([*small[:5], Entry(b"x", b"hidden", hidden=True), *small[5:]]),
            unlisted_member_at_the_end=lambda: pack([*small, Entry(b"x", b"hidden", hidden=True)]),
            unlisted_directory_before_the_directory=lambda: pack(small, before_directory=b"PK\5\6" + bytes(18)),
            directory_offset_wrong=lambda: workbook(shift=4),
            directory_offset_negative=lambda: workbook(shift=-4),
            more_members_counted_than_listed=lambda: workbook(count=len(GOOD) + 1),
            fewer_members_counted_than_listed=lambda: workbook(count=len(GOOD) - 1),
            counts_differ=lambda: good[: end + 8] + b"\1\0" + good[end + 10 :],
            split_archive=lambda: good[: end + 4] + b"\1\0" + good[end + 6 :],
            member_on_another_disk=lambda: altered(SHEET1, disk=1),
            end_record_in_the_trailing_bytes=lambda: good + b"PK\5\6" + bytes(18),
            local_name_differs=lambda: altered(SHEET1, local_name=SHEET2.encode()),
            local_name_differs_in_case=lambda: altered(SHEET1, local_name=b"xl/worksheets/SHEET1.xml"),
            local_crc_differs=lambda: altered(SHEET1, local_crc=7),
            local_size_differs=lambda: altered(SHEET1, local_size=7),
            local_flags_differ=lambda: altered(SHEET1, local_flags=0x0808),
            local_name_in_another_code=lambda: altered(SHEET1, name="xl/é".encode(), local_flags=0),
            local_method_differs=lambda: altered(SHEET1, local_method=0),
            strange_flag=lambda: altered(SHEET1, flags=0x0820),
            header_offset_beyond_the_file=lambda: altered(SHEET1, offset=len(good) + 9),
            header_offset_into_a_body=lambda: altered(SHEET1, offset=60),
            two_entries_on_one_body=lambda: pack([*small, Entry(b"xl/worksheets/sheet9.xml", b"x", offset=0)]),
            body_runs_into_the_next=lambda: altered(SHEET1, packed=5000),
            stored_but_shorter=lambda: altered(SHEET1, method=0, size=10),
            directory_member_with_content=lambda: pack([*small, Entry(b"xl/media/", b"x", method=0)]),
            size_too_small=lambda: altered(SHEET1, **lie),
            size_too_large=lambda: altered(SHEET1, size=99_999, local_size=99_999),
            not_deflate_at_all=lambda: altered(SHEET1, body=b"\xff" * 200),
            deflate_stream_cut_off=lambda: altered(SHEET1, body=deflate(GOOD[SHEET1].encode())[:-20]),
            bytes_after_the_deflate_stream=lambda: altered(SHEET1, body=deflate(GOOD[SHEET1].encode()) + b"x"),
            descriptor_differs=lambda: altered(
                SHEET1, flags=0x0808, descriptor=struct.pack("<4s3I", b"PK\7\x08", 1, 2, 3)
            ),
            descriptor_missing=lambda: altered(SHEET1, flags=0x0808, descriptor=b""),
        ),
        *refused(
            "F-ZIP-CRC",
            checksum_wrong=lambda: altered(SHEET1, crc=7),
            checksum_of_the_strings_wrong=lambda: altered(STRINGS, crc=7),
            stored_content_changed=lambda: altered(
                SHEET1,
                method=0,
                body=GOOD[SHEET1].replace("8.5", "9.5").encode(),
                crc=zlib.crc32(GOOD[SHEET1].encode()),
            ),
        ),
        *refused(
            "F-ZIP-DUP",
            same_name_twice=lambda: double,
            same_name_in_another_case=lambda: case_double,
            same_name_composed_and_decomposed=lambda: pack(
                [*small, Entry("xl/é".encode(), b""), Entry("xl/e\u0301".encode(), b"")]
            ),
            file_and_directory_of_one_name=lambda: pack([*small, Entry(b"xl/x", b""), Entry(b"xl/x/", b"", method=0)]),
        ),
        *refused(
            "F-ZIP-PATH",
            **{
                f"name {name[:20]!r}".replace("_", "-"): lambda name=name: pack([*small, Entry(name, b"x")])  # type: ignore[misc]
                for name in (
                    b"../evil.xml",
                    b"xl/../../evil.xml",
                    b"/etc/passwd",
                    b"xl\\media\\a.png",
                    b"C:/a.xml",
                    b"xl/a\0b.xml",
                    b"",
                    b"xl//a.xml",
                    b"./a.xml",
                    b"xl/a\nb",
                    b"\xff\xfe.xml",
                    b"..",
                    b"x" * 1_001,
                )
            },
            second_name_for_a_part=lambda: altered(
                SHEET1, extra=struct.pack("<2HBI", 0x7075, 5 + len(SHEET2), 1, 0) + SHEET2.encode()
            ),
        ),
        *refused(
            "F-ZIP-RATIO",
            bomb_of_1_GB=lambda: pack([*small, bomb]),
            bomb_in_the_sheet=lambda: workbook({SHEET1: sheet_xml(" " * 30_000_000)}),
            bomb_in_the_strings=lambda: workbook({STRINGS: strings_xml("<si><t>" + "x" * 20_000_000 + "</t></si>")}),
            part_of_65_MB=lambda: altered("xl/styles.xml", size=65 << 20, local_size=65 << 20, body=bytes(1 << 20)),
            parts_of_129_MB_together=lambda: pack(
                [*small, *(Entry(b"x%d" % i, b"", body=bytes(300_000), size=43 << 20) for i in range(3))]
            ),
        ),
        *refused("F-ZIP-MEMBERS", members_2001=lambda: pack(Entry(b"x%d" % i, b"") for i in range(2_001))),
        *refused(
            "F-ZIP-METHOD",
            bzip2=lambda: altered(SHEET1, method=12, body=b"BZh9"),
            lzma=lambda: altered(SHEET1, method=14, body=b"x"),
            deflate64=lambda: altered(SHEET1, method=9, body=b"x"),
            zstandard=lambda: altered("xl/styles.xml", method=93, body=b"x"),
        ),
        *refused(
            "F-ZIP64",
            zip64_sizes=lambda: altered(SHEET1, size=0xFFFFFFFF, local_size=0xFFFFFFFF),
            zip64_offset=lambda: altered(SHEET1, offset=0xFFFFFFFF),
            zip64_count=lambda: workbook(count=0xFFFF),
            zip64_extra=lambda: altered(SHEET1, extra=struct.pack("<2HQ", 1, 8, 5)),
            zip64_size_in_the_local_header=lambda: altered(SHEET1, local_size=0xFFFFFFFF),
            zip64_locator=lambda: good[:end] + b"PK\6\7" + bytes(16) + _moved(good[end:], 20),
        ),
        *refused(
            "F-ENCRYPTED",
            encrypted_member=lambda: altered(SHEET1, flags=0x0801),
            encrypted_member_AES=lambda: altered(SHEET1, flags=0x0801, method=99),
            strong_encryption=lambda: altered(SHEET1, flags=0x0841),
            masked_headers=lambda: altered(SHEET1, flags=0x2800),
            zip_with_password=lambda: pack([Entry(b"phieu.xlsx", b"x" * 40, flags=1, body=b"y" * 52)]),
        ),
        Case("trailing bytes", lambda: good + b"\r\n\0\0", ACCEPT, remarks("N-TRAILING")),
        Case("trailing 100 kB", lambda: good + b"\0" * 100_000, ACCEPT, remarks("N-TRAILING")),
        Case("comment", lambda: workbook(comment=b"made by hand"), ACCEPT, GOOD_CELL),
        Case("directory members", lambda: pack([Entry(b"xl/", b"", method=0), *small]), ACCEPT, GOOD_CELL),
        Case("all stored", lambda: pack(replace(member, method=0) for member in small), ACCEPT, GOOD_CELL),
        Case("names in cp437", lambda: pack(replace(member, flags=0) for member in small), ACCEPT, GOOD_CELL),
        Case("deflate level in the flags", lambda: pack(replace(m, flags=0x0806) for m in small), ACCEPT, GOOD_CELL),
        Case("level of one header alone", lambda: altered(SHEET1, local_flags=0x0006), ACCEPT, GOOD_CELL),
        Case("other order of members", lambda: pack(reversed(small)), ACCEPT, GOOD_CELL),
        Case(
            "padding between members",
            lambda: pack([*small[:3], replace(small[3], before=b"\0" * 7), *small[4:]]),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("data descriptor", lambda: altered(SHEET1, flags=0x0808, descriptor=descriptor), ACCEPT, GOOD_CELL),
        Case(
            "data descriptor without mark",
            lambda: altered(SHEET1, flags=0x0808, descriptor=descriptor[4:]),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "growth hint of Excel",
            lambda: altered(TYPES, local_extra=struct.pack("<2H", 0xA220, 60) + bytes(60)),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("embedded workbook, stored", lambda: pack([*small, nested]), ACCEPT, remarks("S-ACTIVE")),
        Case("damaged picture", lambda: pack([*small, Entry(b"xl/media/a.png", b"abc", crc=7)]), ACCEPT, GOOD_CELL),
        Case("damaged styles", lambda: altered("xl/styles.xml", crc=7), ACCEPT, GOOD_CELL),
        Case(
            "2,000 members",
            lambda: pack([*small, *(Entry(b"x/%d" % i, b"") for i in range(2_000 - len(small)))]),
            ACCEPT,
            GOOD_CELL,
        ),
        Case("small part of high ratio", lambda: workbook({"xl/theme/x.xml": " " * 100_000}), ACCEPT, GOOD_CELL),
    ]


def _moved(end: bytes, by: int) -> bytes:
    """An end record whose directory is longer by some bytes."""
    size = int.from_bytes(end[12:16], "little") + by
    return end[:12] + size.to_bytes(4, "little") + end[16:]


FILES: tuple[Case, ...] = (
    *_foreign(),
    *_archives(),
    *_directory(),
)
