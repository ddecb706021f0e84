"""The drop folder takes what people really drop: messages, archives, folders; each file in them is accounted for."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from crafting import Entry as ZipEntry
from crafting import compound, deflate, entries, pack, workbook
from generate import TODAY, clean_sample
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import (
    LOGO,
    STAMP,
    attached,
    compound_file,
    filetime,
    forwarded,
    gmail,
    letter,
    named,
    outlook,
    outlook_tree,
    received,
    thunderbird,
    zipped,
)
from test_campaign import CHANGED, FAULTY, blank, drop, new_folder, note, retyped, stampless, valid

from thidua_xlsx.campaign import inbox, unpack
from thidua_xlsx.campaign.unpack import DEPTH, Line
from thidua_xlsx.mail.returned import is_message, read_message
from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.pipeline import gather as gathering
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import gather
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.workbooks.reader import reading_room
from thidua_xlsx.workbooks.result_json import json_bytes

WRITERS = {"Outlook": outlook, "Gmail": gmail, "Thunderbird": thunderbird}
JANUARY_20 = date(2026, 1, 20)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign whose files are read here: what worker processes do is tested elsewhere."""

    def here(files, job, **_):  # type: ignore[no-untyped-def]
        for tag, data in files:
            yield tag, None if data is None else job(data)

    monkeypatch.setattr(gathering, "parcels", here)
    return new_folder(tmp_path / "thi đua")


def run(folder: Path, today: date = JANUARY_20) -> RunOutput:
    """What a run finds, without publishing it."""
    plan = load_plan(folder)
    result, _ = assess(gather(folder, plan, plan.rounds[0], folder / "nop", today, lambda *_: None))
    return RunOutput(result, folder, json_bytes(result))


def published(folder: Path) -> RunOutput:
    return run_batch(folder, today=JANUARY_20)


def put(folder: Path, **files: bytes) -> None:
    for name, data in files.items():
        stem, _, end = name.rpartition("_")
        (folder / "nop" / f"{stem}.{end}").write_bytes(data)


def members(done: RunOutput) -> dict[str, tuple[str, str | None]]:
    """Every line by its whole name."""
    made = {
        (item.path if item.member is None else f"{item.path}/{item.member}").removeprefix("nop/"): (
            item.verdict.value, item.code,
        )
        for item in done.result.files
    }  # fmt: skip
    assert len(made) == len(done.result.files), "every line has a name of its own"
    return made


def lines(data: bytes, name: str = "tep") -> dict[str | None, Line]:
    made = list(unpack.unpack(name, data))
    assert len({line.member for line in made}) == len(made)
    return {line.member: line for line in made}


def codes(data: bytes, name: str = "tep") -> dict[str | None, str]:
    """What every line is: bytes to read, a refusal's code, or what else."""

    def kind(line: Line) -> str:
        content = line.content
        if isinstance(content, Bundle):
            return content.refusal.code if content.refusal else content.what
        return content.code if isinstance(content, Refusal) else "aside" if isinstance(content, Aside) else (
            "read" if content is not None else "ignored")  # fmt: skip

    return {member: kind(line) for member, line in lines(data, name).items()}


# The same campaign, however it arrives


def said(done: RunOutput) -> tuple[object, ...]:
    """What a run says, apart from where it lay."""
    told = json.loads(done.json)
    decisions = [
        {**item, "reasons": [{**reason, "file": None} for reason in item["reasons"]]} for item in told["decisions"]
    ]
    return told["standings"], decisions, Counter((item["code"], item["unit"]) for item in told["findings"])


def test_messages_archives_and_loose_files_say_the_same(tmp_path: Path) -> None:
    home = clean_sample("soc-trang-2025", tmp_path / "rời")
    loose = run(home, TODAY)
    files = sorted(path for path in (home / "nop").iterdir())
    assert len(files) > 9
    packed = [(path.name, path.read_bytes()) for path in files]
    for path in files[:-2]:
        path.unlink()
    nop = home / "nop"
    (nop / "Khối 1").mkdir()
    (nop / "Khối 1" / "a.eml").write_bytes(outlook(packed[0:2]))
    (nop / "b.eml").write_bytes(gmail(packed[2:4]))
    (nop / "c.eml").write_bytes(thunderbird(packed[4:5]))
    (nop / "d.zip").write_bytes(zipped({f"Phiếu các phòng/{name}": data for name, data in packed[5:7]}))
    (nop / "e.zip").write_bytes(zipped({"thư/f.eml": outlook(packed[7:8]), "g.zip": zipped(dict(packed[8:9]))}))
    (nop / "h.msg").write_bytes(compound_file(outlook_tree(packed[9:-2], f"Received: {received(STAMP)}")))
    mixed = run(home, TODAY)
    assert said(mixed) == said(loose)
    assert len(mixed.result.files) == len(loose.result.files) + len(("Khối 1", *"abcdefgh")) + len(
        ("logo of a", "logo of f")
    )


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    "name", ["Phiếu thi đua – Văn phòng (đã ký).xlsx", "VP.xlsx", unicodedata.normalize("NFD", "Hòa.xlsx")]
)
def test_a_message_of_every_program_is_read(writer: str, name: str) -> None:
    told = lines(WRITERS[writer]([(name, workbook())]))
    line = told[unicodedata.normalize("NFC", name)]
    assert (line.content, line.mailed) == (workbook(), JANUARY_20)
    assert len(told) == 2 + (writer == "Outlook")


def test_a_published_run_names_each_member(folder: Path) -> None:
    put(folder, thư_eml=outlook([("Phiếu.xlsx", valid("VP"))]))
    done = published(folder)
    digest = sha256(valid("VP")).hexdigest()
    told = {item["member"]: item for item in json.loads(done.json)["files"]}
    assert told["Phiếu.xlsx"] == {
        "path": "nop/thư.eml",
        "member": "Phiếu.xlsx",
        "sha256": digest,
        "verdict": "accepted",
        "code": None,
        "unit": "VP",
        "received_at": "2026-01-20",
        "received_by": "thu",
    }
    assert {member: (item["verdict"], item["code"]) for member, item in told.items() if member != "Phiếu.xlsx"} == {
        None: ("ignored", "BUNDLE"),
        "image001.png": ("ignored", "ASIDE"),
    }
    assert digest in json.loads((folder / "ket-qua" / "so-nhan.json").read_text("utf-8"))
    sheet = openpyxl.load_workbook(done.target / "tong-hop.xlsx")["Phiếu nhận"]
    shown = {cell.value for column in sheet.iter_cols() for cell in column}
    assert {"nop/thư.eml", "nop/thư.eml/Phiếu.xlsx", "nop/thư.eml/image001.png"} <= shown


# Every file inside has one line


LEAVES = st.sampled_from(
    [
        ("a.xlsx", workbook()),
        ("b", workbook()),
        ("c.png", LOGO),
        ("d.xls", b"x"),
        ("~$a.xlsx", b"x"),
        ("e.pdf", b"%PDF-1.7"),
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from(["t.zip", "t.eml", "không đuôi"]), st.lists(inner, max_size=4)),
    max_leaves=10,
)


def packed(tree: object) -> tuple[str, bytes]:
    name, content = tree  # type: ignore[misc]
    if isinstance(content, bytes):
        return name, content
    files = [packed(item) for item in content]
    if name == "t.zip":
        return name, zipped({f"{number}/{inner}": data for number, (inner, data) in enumerate(files)})
    return name, outlook(files)


def expected(tree: object, depth: int = 0) -> int:
    """A line for each file; a container within too many others is one line, whatever is in it."""
    name, content = tree  # type: ignore[misc]
    if isinstance(content, bytes) or depth == DEPTH or (depth and name.startswith("~$")):
        return 1
    logo = name != "t.zip"
    return 1 + logo + sum(expected(item, depth + 1) for item in content)


@settings(max_examples=40)
@given(TREES)
def test_every_file_at_any_depth_has_exactly_one_line(tree: object) -> None:
    name, data = packed(tree)
    made = list(unpack.unpack(name, data))
    assert len(made) == expected(tree)
    assert len({line.member for line in made}) == len(made)
    assert [line.member for line in made].count(None) == 1
    total = sum(item.content.members for item in made if isinstance(item.content, Bundle) and not item.content.refusal)
    assert total == len(made) - 1, "containers say how many files they hold"


def test_what_lies_too_deep_is_refused_not_forgotten(folder: Path) -> None:
    data = zipped({"VP.xlsx": valid("VP")})
    for number in range(DEPTH):
        data = zipped({f"{number}.zip": data})
    put(folder, gói_zip=data)
    done = run(folder)
    assert members(done)["gói.zip/2.zip/1.zip/0.zip"] == ("rejected", "F-NESTED")
    assert done.exit_code == 1
    (told,) = [item for item in done.result.findings if item.code.name == "NOT_A_WORKBOOK"]
    assert "lồng" in told.message
    assert told.message.endswith("chạy lại.")


def test_names_that_are_alike_get_numbers() -> None:
    twice = outlook([("phiếu.xlsx", workbook()), ("PHIẾU.xlsx", workbook()), ("phiếu (2).xlsx", workbook())])
    assert set(lines(twice)) == {None, "image001.png", "phiếu.xlsx", "PHIẾU (2).xlsx", "phiếu (2) (2).xlsx"}


# What a file is, its content says


def test_content_tells_an_archive_from_a_workbook() -> None:
    assert codes(workbook(), "phiếu.zip") == {None: "read"}
    assert codes(zipped({"VP.xlsx": workbook()}), "phiếu.xlsx") == {None: "Tệp nén", "VP.xlsx": "read"}
    assert codes(outlook([("a", workbook())]), "thư.xlsx")["a"] == "read"
    assert codes(workbook()[:-30], "phiếu.xlsx") == {None: "read"}, "who reads it says what is wrong with it"
    assert codes(zipped({"VP.xlsx": workbook()})[:-30], "phiếu.zip") == {None: "F-TRUNCATED"}


@given(damage=st.lists(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=4)), max_size=3))
def test_a_document_is_known_by_its_first_part_as_by_its_whole_directory(damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(zipped({"[Content_Types].xml": b"<a/>", "VP.xlsx": workbook()}))
    for at, noise in damage:
        data[at : at + len(noise)] = noise
    names = ("phiếu.xlsx", "phiếu.zip")
    told = [codes(bytes(data), name) for name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "DOCUMENT", re.compile(b"(?!)"))
        assert told == [codes(bytes(data), name) for name in names]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("phiếu.xlsx", workbook(), "read"),
        ("phiếu", workbook(), "read"),
        ("phiếu.docx", workbook(), "read"),
        ("phiếu.xls", compound("Workbook"), "read"),
        ("phiếu.doc", compound("Workbook"), "read"),
        ("phiếu.xlsx", b"%PDF-1.7", "read"),
        ("phiếu.csv", b"a;b", "read"),
        ("phiếu.ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "read"),
        ("phiếu", b"\1\2\3", "read"),
        ("phiếu", compound("EncryptedPackage"), "read"),
        ("tờ trình.pdf", b"%PDF-1.7", "aside"),
        ("tờ trình", b"%PDF-1.7", "aside"),
        ("tờ trình.docx", zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "aside"),
        ("tờ trình.doc", compound("WordDocument"), "aside"),
        ("ảnh.jpg", b"\xff\xd8\xff\xe1", "aside"),
        ("ghi chú.txt", "Kính gửi".encode(), "aside"),
        ("smime.p7s", b"0\x82", "aside"),
        ("video.mp4", b"\0\0\0\1", "aside"),
        (".DS_Store", b"\0\0\0\1", "ignored"),
        ("~$phiếu.xlsx", b"\0", "ignored"),
        ("nén.rar", b"Rar!\x1a\x07\x01\0", "F-ARCHIVE"),
        ("nén.7z", b"7z\xbc\xaf\x27\x1c", "F-ARCHIVE"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\1\0\6\x90", "F-MAIL-TNEF"),
    ],
)
def test_what_lies_beside_the_forms_is_set_aside(name: str, data: bytes, kind: str) -> None:
    assert codes(zipped({name: data}))[name] == kind
    by_mail = codes(letter(named("x", LOGO), attached(b"", b""), head="X-A: 1\r\n"))
    assert by_mail["x"] == "aside"
    if kind != "ignored":
        assert codes(zipped({"mac": b"", f"__MACOSX/._{name}": data}))[f"__MACOSX/._{name}"] == "ignored"


def test_a_message_without_a_form_is_told(folder: Path) -> None:
    put(folder, a_eml=outlook([]), b_eml=gmail([("tờ trình.pdf", b"%PDF-1.7")]), c_zip=zipped({}))
    put(folder, d_eml=outlook([("VP.xlsx", valid("VP")), ("e.eml", gmail([]))]))
    done = run(folder)
    assert {item.place.file: item.severity.value for item in done.result.findings} == dict.fromkeys(
        ["nop/a.eml", "nop/b.eml", "nop/c.zip"], "warning"
    )
    assert {item.code.name for item in done.result.findings} == {"BUNDLE_WITHOUT_RETURN"}
    assert done.exit_code == 0


# Names


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (b'filename="=?UTF-8?B?UGhp4bq/dQ==?=\r\n =?UTF-8?Q?_V=C4=83n.xlsx?="', "Phiếu Văn.xlsx"),
        (b"filename*=UTF-8''Phi%E1%BA%BFu.xlsx", "Phiếu.xlsx"),
        (b"filename=a.xlsx; filename*=UTF-8''Phi%E1%BA%BFu.xlsx", "Phiếu.xlsx"),
        ('filename="Phiếu.xlsx"'.encode(), "Phiếu.xlsx"),
        ('filename="Pho\u0300ng.xlsx"'.encode("cp1258"), "Phòng.xlsx"),
        (b'filename="=?khong-co?B?UGhp?="', "=?khong-co?B?UGhp?="),
        (b'filename="../../etc/VP.xlsx"', "VP.xlsx"),
        (b'filename="C:\\\\Users\\\\a\\\\VP.xlsx"', "VP.xlsx"),
        (b'filename=".."', "tep-dinh-kem"),
        (b'filename=""', "tep-dinh-kem"),
        (b'filename="' + b"a" * 300 + b'.xlsx"', "a" * 130 + ".xlsx"),
        (b'filename="' + b"a" * 5_000 + b'.xlsx"', "tep-dinh-kem"),
    ],
)
def test_the_name_of_an_attachment_is_read_as_its_sender_saw_it(field: bytes, name: str) -> None:
    data = letter(
        attached(b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + field, workbook())
    )
    assert codes(data) == {None: "Thư điện tử", name: "read"}


def raw_zip(*names: bytes, flags: int = 0, extra: bytes = b"") -> bytes:
    return pack([ZipEntry(name, workbook(), flags=flags, extra=extra) for name in names])


def unicode_path(text: str) -> bytes:
    """What WinRAR adds: the name in UTF-8, behind a version and a checksum."""
    body = b"\1\0\0\0\0" + text.encode()
    return b"\x75\x70" + len(body).to_bytes(2, "little") + body


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (raw_zip("Phiếu.xlsx".encode(), flags=0x0800), "Phiếu.xlsx"),
        (raw_zip("Phiếu.xlsx".encode()), "Phiếu.xlsx"),
        (raw_zip(unicodedata.normalize("NFD", "Phiếu.xlsx").encode()), "Phiếu.xlsx"),
        (raw_zip("Pho\u0300ng.xlsx".encode("cp1258")), "Phòng.xlsx"),
        (raw_zip(b"Phi_u.xlsx", extra=unicode_path("Phiếu.xlsx")), "Phiếu.xlsx"),
        (raw_zip(b"Phi\x90u.xlsx", extra=unicode_path("Phiếu.xlsx")), "Phiếu.xlsx"),
        (raw_zip(b"Phi\x90u.xlsx"), "PhiÉu.xlsx"),
    ],
)
def test_names_in_an_archive_are_read_in_whatever_code_page(data: bytes, name: str) -> None:
    assert codes(data) == {None: "Tệp nén", name: "read"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        *[
            (raw_zip(name), "F-ZIP-PATH")
            for name in (b"../VP.xlsx", b"/VP.xlsx", b"C:/VP.xlsx", b"a\\VP.xlsx", b"a/../b")
        ],
        (raw_zip(b"VP_.xlsx", extra=unicode_path("../VP.xlsx")), "F-ZIP-PATH"),
        (raw_zip(b"VP.xlsx", b"vp.XLSX"), "F-ZIP-DUP"),
        (raw_zip(b"VP.xlsx", flags=0x0001), "F-ENCRYPTED"),
        (pack(entries({f"{number}.xlsx": b"" for number in range(2_001)})), "F-ZIP-MEMBERS"),
        (pack([ZipEntry(b"VP.xlsx", b"", body=deflate(bytes(300_000), 9), size=60 << 20)]), "F-ZIP-RATIO"),
        (pack([ZipEntry(b"a.xlsx", b"x"), ZipEntry(b"b.xlsx", b"x", offset=0)]), "F-ZIP-BAD"),
        (pack([ZipEntry(b"a.xlsx", b"x", method=14)]), "F-ZIP-METHOD"),
        (pack([ZipEntry(b"a.xlsx", b"x")], prefix=b"PK\3\4"), "F-ZIP-BAD"),
    ],
)
def test_a_dangerous_archive_is_refused_whole(folder: Path, data: bytes, code: str) -> None:
    put(folder, gói_zip=data)
    drop(folder, KT=valid("KT"))
    done = run(folder)
    assert members(done) == {"gói.zip": ("rejected", code), "KT.xlsx": ("accepted", "RECEIPT_UNPROVEN")}
    assert done.exit_code == 1
    assert all(item.message.endswith(".") for item in done.result.files if item.message)


def test_a_member_that_lies_about_its_content_is_refused_alone() -> None:
    good, bad = ZipEntry(b"a.xlsx", workbook()), ZipEntry(b"b.xlsx", workbook(), crc=7)
    large = ZipEntry(b"c.xlsx", bytes(range(256)) * (84 << 10), method=0)
    assert codes(pack([good, bad, large])) == {
        None: "Tệp nén", "a.xlsx": "read", "b.xlsx": "F-ZIP-CRC", "c.xlsx": "F-TOO-BIG",
    }  # fmt: skip


def test_what_all_members_cost_is_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zipped({"a.xlsx": workbook(), "b.xlsx": workbook()})
    data = zipped({"1.zip": inner, "2.zip": inner})
    monkeypatch.setattr(unpack, "FILES_LIMIT", 5)
    assert codes(data) == {
        None: "Tệp nén", "1.zip": "Tệp nén", "1.zip/a.xlsx": "read", "1.zip/b.xlsx": "read", "2.zip": "F-BUNDLE-BIG",
    }  # fmt: skip
    monkeypatch.setattr(unpack, "FILES_LIMIT", 9)
    monkeypatch.setattr(unpack, "BYTES_LIMIT", 2 * len(inner) + 3 * len(workbook()))
    assert codes(data)["2.zip"] == "F-BUNDLE-BIG"


def test_a_bundle_may_be_larger_than_a_form(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "BIGGEST", 100)
    monkeypatch.setattr(inbox, "BIGGEST_BUNDLE", len(valid("VP")) + 1_000)
    put(
        folder,
        gói_zip=zipped({"VP.xlsx": valid("VP")}),
        VP_xlsx=valid("VP"),
        lớn_zip=zipped({"a": valid("VP"), "b": valid("KT")}),
    )
    told = members(run(folder))
    assert told["gói.zip/VP.xlsx"][0] == "accepted"
    assert told["VP.xlsx"] == ("rejected", "F-TOO-BIG")
    assert told["lớn.zip"] == ("rejected", "F-BUNDLE-BIG")


# Messages


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            letter(attached("Content-Type: application/pkcs7-mime; smime-type=enveloped-data", b"0\x82")),
            {"smime.p7m": "F-MAIL-SEALED"},
        ),
        (letter(named("smime.p7m", b"0\x82")), {"smime.p7m": "F-MAIL-SEALED"}),
        (letter(attached("Content-Type: application/ms-tnef", b"\x78\x9f\x3e\x22")), {"winmail.dat": "F-MAIL-TNEF"}),
        (
            letter(b"Content-Type: message/external-body; access-type=URL\r\n\r\nContent-Type: a/b\r\n\r\n"),
            {"tep-dinh-kem": "F-MAIL-LINK"},
        ),
        (
            letter(attached("Content-Type: application/vnd.ms-excel", compound("Workbook"))),
            {"tep-dinh-kem.xlsx": "read"},
        ),
        (letter(b"Content-Type: text/plain\r\n\r\nK", b"Content-Type: text/html\r\n\r\n<p>"), {}),
        (
            letter(named("thu.eml", gmail([("VP.xlsx", workbook())]))),
            {"thu.eml": "Thư điện tử", "thu.eml/VP.xlsx": "read"},
        ),
        (
            letter(forwarded(gmail([("VP.xlsx", workbook())]))),
            {"thu-dinh-kem.eml": "Thư điện tử", "thu-dinh-kem.eml/VP.xlsx": "read"},
        ),
        (
            letter(attached("Content-Type: message/rfc822", gmail([("VP.xlsx", workbook())]))),
            {"thu-dinh-kem.eml": "Thư điện tử", "thu-dinh-kem.eml/VP.xlsx": "read"},
        ),
        (
            letter(
                b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n"
                + named("VP.xlsx", workbook())
                + b"\r\n--s\r\n"
                + named("smime.p7s", b"0")
                + b"\r\n--s--"
            ),
            {"VP.xlsx": "read", "smime.p7s": "aside"},
        ),
        (letter(named("VP.xlsx", workbook()))[:-900], {"VP.xlsx": "read"}),
    ],
)
def test_the_parts_of_a_message(data: bytes, told: Mapping[str, str]) -> None:
    assert codes(data) == {None: "Thư điện tử", **told}


def test_what_is_attached_is_what_was_sent() -> None:
    for writer in WRITERS.values():
        content = lines(writer([("VP.xlsx", workbook())]))["VP.xlsx"].content
        assert content == workbook()


def test_a_mailbox_of_several_messages_is_refused() -> None:
    one = b"From a@b.vn Tue Jan 20 09:00:00 2026\n" + gmail([("VP.xlsx", workbook())]).replace(b"\r", b"")
    assert codes(one)["VP.xlsx"] == "read"
    assert codes(one + b"\n" + one) == {None: "F-MAIL-BOX"}


def test_what_only_looks_like_a_message_is_none() -> None:
    assert not is_message("Mã,Điểm\r\nTC-1,8.5\r\n".encode())
    assert not is_message(b"To: nobody\r\n")
    assert not is_message(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n")
    assert not is_message(workbook())
    assert not is_message(b"")
    assert is_message(b"\xef\xbb\xbf\r\nMIME-Version: 1.0\r\nDate: x\r\n\r\n")


def nest(levels: int) -> bytes:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels))
    return b"From: a@b.vn\r\nTo: c@d.vn\r\n" + opened.encode()


@pytest.mark.parametrize(
    "data",
    [
        nest(90),
        nest(1_500),
        nest(90) + b"x\r\n" * 400_000,
        b"From: a@b.vn\r\nTo: c@d.vn\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
        letter(attached(b"Content-Type: a/b; name=" + b'";' * 1_900, b"x")),
        letter(attached(b"Content-Disposition: attachment; filename*0*=" + b"a'" * 1_900, b"x")),
        b"From: " + b"=?utf-8?Q?" * 10_000 + b"\r\nTo: b\r\nReceived: ; " + b"(" * 10_000 + b"\r\n\r\n",
        b"From: a\r\nTo: b\r\nContent-Type: multipart/mixed\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\0",
        b"From: a\r\nTo: b\r\nContent-Transfer-Encoding: x-uuencode\r\nContent-Type: a/b\r\n\r\nbegin 644 x\nM!!!",
    ],
    ids=[
        "deep",
        "deeper",
        "deep and long",
        "messages in messages",
        "quotes",
        "continued",
        "words",
        "no parts",
        "uuencode",
    ],
)
def test_a_hostile_message_ends_and_costs_only_itself(data: bytes) -> None:
    """Judged by what it gives; that it ends at all is the point."""
    top = codes(data)[None]
    assert top in ("Thư điện tử", "F-NESTED", "F-BUNDLE-BIG", "F-MAIL-BAD")


@settings(max_examples=70)
@given(st.binary(max_size=300), st.integers(0, 10_000), st.sampled_from([*WRITERS.values()]))
def test_a_damaged_message_is_lines_or_a_refusal(noise: bytes, at: int, writer: Callable[..., bytes]) -> None:
    data = writer([("VP.xlsx", b"PK" * 50)])
    at %= len(data)
    assert None in codes(data[:at] + noise + data[at + len(noise) :], "thư.eml")


# When it came


@pytest.mark.parametrize(
    ("stamp", "date_field", "told"),
    [
        (STAMP, "", (datetime(2026, 1, 20, 9, 15), True)),
        ("Mon, 19 Jan 2026 23:30:00 +0000", "", (datetime(2026, 1, 20, 6, 30), True)),
        ("Mon, 19 Jan 2026 18:30:00 -0800 (PST)", "", (datetime(2026, 1, 20, 9, 30), True)),
        ("Tue, 20 Jan 2026 09:15:00", "", (datetime(2026, 1, 20, 16, 15), True)),
        (None, "Tue, 20 Jan 2026 09:15:00 +0700", (datetime(2026, 1, 20, 9, 15), False)),
        ("hôm qua", "Tue, 20 Jan 2026 09:15:00 +0700", (datetime(2026, 1, 20, 9, 15), False)),
        (None, "", None),
        (None, "thứ ba", None),
        (None, "Tue, 20 Jan 1926 09:15:00 +0700", None),
        (None, "Tue, 20 Jan 99999 09:15:00 +0700", None),
        (None, "Tue, 45 Jan 2026 09:15:00 +0700", None),
    ],
)
def test_the_server_s_stamp_goes_before_the_sender_s_word(
    stamp: str | None, date_field: str, told: tuple[datetime, bool] | None
) -> None:
    message = read_message(letter(head=f"Date: {date_field}\r\n" if date_field else "", stamp=stamp))
    assert not isinstance(message, Refusal)
    assert (message.sent and (message.sent.moment, message.sent.by_server)) == told


def test_a_message_from_the_future_proves_nothing(folder: Path) -> None:
    put(folder, thư_eml=gmail([("VP.xlsx", valid("VP"))]))
    early = run(folder, date(2026, 1, 19))
    assert members(early)["thư.eml/VP.xlsx"] == ("accepted", "RECEIPT_UNPROVEN")
    assert "sau ngày chạy" in next(item.message for item in early.result.files if item.member is None)
    done = run(folder, JANUARY_20)
    assert members(done)["thư.eml/VP.xlsx"] == ("accepted", None)
    assert "20/01/2026" in next(item.message for item in done.result.files if item.member is None)


def test_the_outermost_message_tells_the_day() -> None:
    inside = gmail([("VP.xlsx", workbook())], "Fri, 02 Jan 2026 08:00:00 +0700")
    for data in (letter(forwarded(inside)), zipped({"a.eml": letter(forwarded(inside))})):
        days = {line.mailed for line in lines(data).values() if isinstance(line.content, bytes)}
        assert days == {JANUARY_20}
    assert lines(zipped({"a.eml": inside}))["a.eml/VP.xlsx"].mailed == date(2026, 1, 2)


def test_lateness_is_judged_by_the_message(folder: Path) -> None:
    put(folder, thư_eml=gmail([("VP.xlsx", valid("VP"))], "Sat, 31 Jan 2026 00:30:00 +0700"))
    put(folder, đúng_eml=gmail([("KT.xlsx", valid("KT"))], "Fri, 30 Jan 2026 16:59:59 +0000"))
    told = members(run(folder, date(2026, 2, 5)))
    assert told["thư.eml/VP.xlsx"] == ("accepted", "LATE")
    assert told["đúng.eml/KT.xlsx"] == ("accepted", None)


# What people do


MORNING, NOON, EVENING = (f"Tue, 20 Jan 2026 {hour}:00:00 +0700" for hour in ("08", "12", "19"))


def accepted(done: RunOutput) -> set[str]:
    return {name for name, (verdict, _) in members(done).items() if verdict == "accepted"}


def test_the_blank_form_comes_back_beside_the_filled_one(folder: Path) -> None:
    put(folder, thư_eml=outlook([("phiếu.xlsx", blank("VP")), ("phiếu đã điền.xlsx", valid("VP"))]))
    done = run(folder)
    assert members(done)["thư.eml/phiếu.xlsx"] == ("ignored", "BLANK_RETURN")
    assert accepted(done) == {"thư.eml/phiếu đã điền.xlsx"}
    assert not done.result.findings
    assert done.exit_code == 0


def test_a_blank_form_alone_is_a_return_with_faults(folder: Path) -> None:
    put(folder, thư_eml=gmail([("phiếu.xlsx", blank("VP"))]))
    done = run(folder)
    assert accepted(done) == {"thư.eml/phiếu.xlsx"}
    assert "MISSING_ANSWER" in {item.code.name for item in done.result.findings}


def test_two_messages_of_one_day_are_in_the_order_of_the_server_s_clock(folder: Path) -> None:
    put(
        folder,
        z_eml=gmail([("VP.xlsx", retyped("VP", CHANGED))], MORNING),
        a_eml=outlook([("VP.xlsx", valid("VP"))], NOON),
    )
    assert accepted(run(folder)) == {"a.eml/VP.xlsx"}


def test_the_sender_s_own_clock_orders_nothing(folder: Path) -> None:
    for name, hour, data in (("a", "08", valid("VP")), ("b", "09", retyped("VP", CHANGED))):
        head = f"Date: Tue, 20 Jan 2026 {hour}:00:00 +0700\r\n"
        put(folder, **{f"{name}_eml": letter(named("VP.xlsx", data), head=head, stamp=None)})
    assert {code for _, code in members(run(folder)).values()} == {"BUNDLE", "ORDER_UNPROVEN"}


def test_who_sends_the_first_form_again_takes_the_second_back(folder: Path) -> None:
    first, second = valid("VP"), retyped("VP", CHANGED)
    put(folder, a_eml=gmail([("VP.xlsx", first)], MORNING), b_eml=gmail([("VP.xlsx", second)], NOON))
    assert accepted(run(folder)) == {"b.eml/VP.xlsx"}
    put(folder, c_eml=gmail([("VP.xlsx", first)], EVENING))
    assert accepted(run(folder)) == {"c.eml/VP.xlsx"}


def test_the_same_form_sent_twice_counts_once_from_the_first_day(folder: Path) -> None:
    put(folder, b_eml=gmail([("VP.xlsx", valid("VP"))], MORNING))
    put(folder, a_eml=gmail([("VP.xlsx", valid("VP"))], "Sat, 31 Jan 2026 09:00:00 +0700"))
    done = run(folder, date(2026, 2, 5))
    assert members(done)["a.eml/VP.xlsx"][0] == "duplicate"
    assert members(done)["b.eml/VP.xlsx"] == ("accepted", None)


def test_a_loose_copy_shares_the_evidence_of_its_message(folder: Path) -> None:
    drop(folder, a=valid("VP"))
    put(folder, z_eml=gmail([("VP.xlsx", valid("VP"))]))
    done = run(folder)
    assert members(done)["a.xlsx"] == ("accepted", None)
    assert members(done)["z.eml/VP.xlsx"] == ("duplicate", "DUPLICATE")


def test_a_newer_invalid_form_by_mail_leaves_the_older_counting(folder: Path) -> None:
    put(
        folder,
        a_eml=gmail([("VP.xlsx", valid("VP"))], MORNING),
        b_eml=gmail([("VP.xlsx", retyped("VP", FAULTY))], NOON),
    )
    assert {item.code.name for item in run(folder).result.findings} == {"NEWER_RETURN_INVALID", "NOT_A_NUMBER"}


def test_an_earlier_run_knows_a_member_by_its_content(folder: Path) -> None:
    put(folder, gói_zip=zipped({"VP.xlsx": valid("VP")}))
    published(folder)
    (folder / "nop" / "gói.zip").unlink()
    drop(folder, VP=valid("VP"))
    (record,) = run(folder, date(2026, 2, 15)).result.files
    assert (record.received_at, record.received_by) == (JANUARY_20, "lan-truoc")


# The office's word


def test_the_office_assigns_a_held_member_by_its_name(folder: Path) -> None:
    put(folder, gói_zip=zipped({"phòng/phiếu.xlsx": stampless("VP"), "KT.xlsx": valid("KT")}))
    held = published(folder)
    assert members(held)["gói.zip/phòng/phiếu.xlsx"] == ("held", "STAMP_DAMAGED")
    note(folder, "nop/gói.zip/phòng/phiếu.xlsx", {"Đơn vị": "VP", "SHA-256": None, "Ngày nhận": JANUARY_20})
    done = run(folder)
    assert members(done)["gói.zip/phòng/phiếu.xlsx"] == ("accepted", None)
    assert done.exit_code == 0


def test_the_lines_made_for_members_speak_of_them(folder: Path) -> None:
    """The office's workbook lists members by their whole name, and what it lists is matched."""
    put(
        folder,
        gói_zip=zipped({"VP.xlsx": valid("VP"), "phiếu.xlsx": stampless("KT")}),
        thư_eml=gmail([("VH.xlsx", valid("VH"))]),
    )
    published(folder)
    sheet = openpyxl.load_workbook(folder / "co-quan.xlsx")["Tiếp nhận"]
    listed = {cell.value for column in sheet.iter_cols() for cell in column}
    assert {"nop/gói.zip/VP.xlsx", "nop/gói.zip/phiếu.xlsx", "nop/thư.eml/VH.xlsx"} <= listed
    note(folder, "nop/gói.zip/VP.xlsx", {"Ngày nhận": JANUARY_20})
    done = run(folder)
    assert members(done)["gói.zip/VP.xlsx"] == ("accepted", None)
    assert "RECEPTION_UNMATCHED" not in {item.code.name for item in done.result.findings}


def test_a_line_on_a_container_dates_its_members_and_assigns_none(folder: Path) -> None:
    put(
        folder,
        gói_zip=zipped({"VP.xlsx": valid("VP"), "KT.xlsx": valid("KT"), "t.zip": zipped({"x.xlsx": stampless("VH")})}),
    )
    published(folder)
    note(folder, "nop/gói.zip", {"Đơn vị": "VP", "Ngày nhận": JANUARY_20})
    told = members(run(folder))
    assert told["gói.zip/VP.xlsx"] == told["gói.zip/KT.xlsx"] == ("accepted", None)
    assert told["gói.zip/t.zip/x.xlsx"] == ("held", "STAMP_DAMAGED")


# Outlook's own format


def test_a_message_saved_by_outlook_is_read(folder: Path) -> None:
    inside = outlook_tree([("KT.xlsx", valid("KT"))], header=24)
    tree = outlook_tree([("Phiếu VP.xlsx", valid("VP")), ("ảnh.png", LOGO), ("Chuyển tiếp", inside)],
                        f"From: a@b.vn\r\nReceived: {received(STAMP)}\r\n")  # fmt: skip
    put(folder, thư_msg=compound_file(tree))
    assert members(run(folder)) == {
        "thư.msg": ("ignored", "BUNDLE"),
        "thư.msg/Phiếu VP.xlsx": ("accepted", None),
        "thư.msg/ảnh.png": ("ignored", "ASIDE"),
        "thư.msg/Chuyển tiếp": ("ignored", "BUNDLE"),
        "thư.msg/Chuyển tiếp/KT.xlsx": ("accepted", None),
    }


NINE = int(datetime.fromisoformat("2026-01-20T09:15:00+07:00").timestamp())


@pytest.mark.parametrize(
    ("headers", "values", "told"),
    [
        ("", {0x0E060040: filetime(NINE)}, (datetime(2026, 1, 20, 9, 15), True)),
        ("", {0x0E060040: filetime(NINE), 0x0E070003: b"\x21"}, (datetime(2026, 1, 20, 9, 15), False)),
        ("", {0x00390040: filetime(NINE)}, (datetime(2026, 1, 20, 9, 15), False)),
        (f"Received: {received(MORNING)}", {0x0E060040: filetime(NINE)}, (datetime(2026, 1, 20, 8), True)),
        (f"Date: {MORNING}", {}, (datetime(2026, 1, 20, 8), False)),
        ("", {0x0E060040: b"\xff" * 8}, None),
        ("", {}, None),
    ],
)
def test_the_day_of_an_outlook_message(
    headers: str, values: Mapping[int, bytes], told: tuple[datetime, bool] | None
) -> None:
    message = unpack.read_outlook(compound_file(outlook_tree([], headers, values)))
    assert not isinstance(message, Refusal)
    assert (message.sent and (message.sent.moment, message.sent.by_server)) == told


def test_outlook_attachments_that_are_not_in_the_file() -> None:
    tree = dict(outlook_tree([("a.xlsx", b"x"), ("b.xlsx", b"x"), ("smime.p7m", b"0\x82")]))
    tree["__substg1.0_001A001F"] = "IPM.Note.SMIME".encode("utf-16-le")
    linked = dict(tree["__attach_version1.0_#00000000"])  # type: ignore[arg-type]
    linked["__properties_version1.0"] = outlook_tree([], values={0x37050003: b"\7"}, header=8)[
        "__properties_version1.0"
    ]
    tree["__attach_version1.0_#00000000"] = linked
    empty = dict(tree["__attach_version1.0_#00000001"])  # type: ignore[arg-type]
    del empty["__substg1.0_37010102"]
    tree["__attach_version1.0_#00000001"] = empty
    assert codes(compound_file(tree)) == {
        None: "Thư Outlook", "a.xlsx": "F-MAIL-LINK", "b.xlsx": "F-OLE", "smime.p7m": "F-MAIL-SEALED",
    }  # fmt: skip


def test_a_signed_outlook_message_is_opened() -> None:
    signed = b"MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n"
    signed += named("VP.xlsx", workbook()) + b"\r\n--s--\r\n"
    tree = dict(outlook_tree([("smime.p7m", signed)]))
    tree["__substg1.0_001A001F"] = "IPM.Note.SMIME.MultipartSigned".encode("utf-16-le")
    assert codes(compound_file(tree))["smime.p7m/VP.xlsx"] == "read"


def test_a_broken_outlook_message_says_how_to_save_it(folder: Path) -> None:
    good = compound_file(outlook_tree([("VP.xlsx", valid("VP"))]))
    put(folder, thư_msg=good[: len(good) - 1024])
    put(folder, rỗng_msg=compound("__properties_version1.0"))
    done = run(folder)
    assert set(members(done).values()) == {("rejected", "F-MSG-BAD")}
    assert all("EML" in item.message for item in done.result.findings)
    assert done.exit_code == 1


@settings(max_examples=70)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), max_size=6))
def test_a_damaged_outlook_message_is_lines_or_a_refusal(damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(OUTLOOK_MESSAGE)
    for at, noise in damage:
        at = 8 + at % (len(data) - 16)
        data[at : at + len(noise)] = noise
    assert None in codes(bytes(data), "thư.msg")


OUTLOOK_MESSAGE = compound_file(
    outlook_tree([("a.xlsx", workbook()), ("b", outlook_tree([("c.xlsx", b"x")], header=24))])
)


def test_streams_that_share_their_sectors_are_no_bomb() -> None:
    """One large stream, named by a hundred attachments: what they claim together is more than the file holds."""
    files = [(f"{number}.xlsx", b"x" * 5_000) for number in range(100)]
    data = bytearray(compound_file(outlook_tree([("0.xlsx", bytes(100_000)), *files])))
    claim, shared = (5_000).to_bytes(8, "little"), (100_000).to_bytes(8, "little")
    first = data.index(shared) - 4
    for _ in range(100):
        at = data.index(claim) - 4
        data[at : at + 12] = data[first : first + 12]
    assert codes(bytes(data)) == {None: "F-MSG-BAD"}


# Memory


def test_bytes_are_read_as_they_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While some are read, no others have been opened."""
    folder = new_folder(tmp_path / "thi đua")
    for number in range(6):
        (folder / "nop" / f"{number}.xlsx").write_bytes(workbook())
    opened: list[str] = []
    real = inbox.read_entry

    def watched(path: Path) -> bytes | Refusal:
        opened.append(path.name)
        return real(path)

    monkeypatch.setattr(inbox, "read_entry", watched)
    monkeypatch.setattr(reading_room, "AHEAD", 2 * len(workbook()) - 1)
    seen: list[tuple[int, int]] = []
    ahead: list[int] = []

    def progress(_: str, done: int, total: int) -> None:
        seen.append((done, total))
        ahead.append(len(opened) - done)

    plan = load_plan("soc-trang-2025")
    source = gathering.Source(folder, folder / "nop", JANUARY_20, plan, plan.rounds[0])
    files = gathering.read_inbox(source, progress)
    assert len(files) == 6
    assert seen == [(number, 6) for number in range(1, 7)]
    assert max(ahead) == 1
