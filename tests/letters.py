"""Messages and archives as the programs of people make them: Outlook, Gmail, Thunderbird, a zip program."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from email import policy
from email.encoders import encode_base64
from email.header import Header
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from io import BytesIO
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STAMP = "Tue, 20 Jan 2026 09:15:00 +0700"
LOGO = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
Files = Sequence[tuple[str, bytes]]


def received(stamp: str) -> str:
    return f"from mail.vinhhoa.gov.vn (10.0.0.5) by mx.tinh.gov.vn with ESMTPS id 4f2; {stamp}"


def outlook(files: Files, stamp: str | None = STAMP) -> bytes:
    """Names as encoded words inside quotes, a logo in the signature, and stamps of two servers."""
    letter = MIMEMultipart("mixed")
    if stamp:
        letter["Received"] = received(stamp)
        letter["Received"] = received("Mon, 19 Jan 2026 23:59:59 +0000")
    letter["From"], letter["To"], letter["Date"] = "vp@xa.vn", "so@tinh.vn", "Mon, 1 Jan 2001 00:00:00 +0000"
    letter["Subject"] = Header("Nộp phiếu thi đua", "utf-8")
    body = MIMEMultipart("related")
    body.attach(MIMEText("<p>Kính gửi</p>", "html", "utf-8"))
    logo = MIMEBase("image", "png", name="image001.png")
    logo["Content-ID"] = "<image001.png@01DC>"
    logo.set_payload(LOGO)
    encode_base64(logo)
    body.attach(logo)
    letter.attach(body)
    for name, data in files:
        part = MIMEBase("application", XLSX)
        word = Header(name, "utf-8", maxlinelen=60).encode()
        part["Content-Disposition"] = f'attachment; filename="{word}"'
        part.set_payload(data)
        encode_base64(part)
        letter.attach(part)
    return letter.as_bytes(policy=policy.compat32.clone(linesep="\r\n", max_line_length=None))


def gmail(files: Files, stamp: str | None = STAMP) -> bytes:
    """The original as Gmail lets it be downloaded: long seals before anything else, names as RFC 2231 says."""
    letter = EmailMessage(policy=policy.SMTP)
    head = "Delivered-To: so@tinh.vn\r\n"
    if stamp:
        head += f"Received: {received(stamp)}\r\nARC-Seal: i=1; a=rsa-sha256;\r\n " + "b" * 900 + "\r\n"
        head += "ARC-Message-Signature: i=1;\r\n" + " h=from:to;\r\n" * 400
    letter["From"], letter["To"], letter["Subject"] = "vp@xa.vn", "so@tinh.vn", "Nộp phiếu"
    letter.set_content("Kính gửi Sở")
    letter.add_alternative("<p>Kính gửi Sở</p>", subtype="html")
    for name, data in files:
        letter.add_attachment(data, maintype="application", subtype=XLSX, filename=name)
    return head.encode() + letter.as_bytes()


def thunderbird(files: Files, stamp: str | None = STAMP) -> bytes:
    """Quoted-printable text, names continued over several parameters, and a Mozilla line in front."""
    lines = ["X-Mozilla-Status: 0001", "X-Mozilla-Status2: 00800000"]
    if stamp:
        lines.append(f"Received: {received(stamp)}")
    lines += [
        "From: vp@xa.vn",
        "To: so@tinh.vn",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="--x"',
        "",
    ]
    lines += ["This is a multi-part message in MIME format.", "----x", "Content-Type: text/plain; charset=UTF-8"]
    lines += ["Content-Transfer-Encoding: quoted-printable", "", "K=C3=ADnh g=E1=BB=ADi"]
    for name, data in files:
        part = MIMEBase("application", "octet-stream")
        part.set_payload(data)
        encode_base64(part)
        pieces = [quote(name.encode()[at : at + 11]) for at in range(0, len(name.encode()), 11)]
        told = [f" filename*{n}*={'UTF-8' + chr(39) * 2 if not n else ''}{piece}" for n, piece in enumerate(pieces)]
        lines += ["----x", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"]
        lines += ["Content-Disposition: attachment;", ";\r\n".join(told), "", str(part.get_payload())]
    return "\r\n".join([*lines, "----x--", ""]).encode()


def letter(*parts: bytes, head: str = "", stamp: str | None = STAMP) -> bytes:
    """A message of these parts, each with its own fields, exactly as given."""
    top = f"Received: {received(stamp)}\r\n" if stamp else ""
    top += f"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: Nop\r\n{head}MIME-Version: 1.0\r\n"
    inner = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts)
    return top.encode() + b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n' + inner + b"--=_b--\r\n"


def attached(fields: str | bytes, data: bytes) -> bytes:
    """One part: its fields, and its content in base64."""
    part = MIMEBase("application", "octet-stream")
    part.set_payload(data)
    encode_base64(part)
    raw = fields if isinstance(fields, bytes) else fields.encode()
    return raw + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + str(part.get_payload()).encode()


def named(name: str, data: bytes, kind: str = "application/octet-stream") -> bytes:
    return attached(f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"', data)


def forwarded(message: bytes) -> bytes:
    """A message attached to a message, as programs do it by the rules."""
    return MIMEMessage(BytesParser().parsebytes(message)).as_bytes()


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


# Outlook's own format


FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def compound_file(tree: Tree) -> bytes:
    """An OLE file: storages are mappings, streams are bytes; small streams share one, as the format demands."""
    entries: list[list[object]] = [["Root Entry", 5, FREE, FREE, END, 0]]
    small, small_table, sectors, table = bytearray(), [], bytearray(), []

    def chain(data: bytes, size: int, target: bytearray, links: list[int]) -> int:
        first, count = len(links), -(-len(data) // size)
        links += [*range(first + 1, first + count), END] if count else []
        target += data.ljust(count * size, b"\0")
        return first if count else END

    def add(branch: Tree) -> int:
        first = last = FREE
        for name, content in branch.items():
            number = len(entries)
            entries.append([name, 1, FREE, FREE, END, 0])
            if isinstance(content, bytes):
                entries[number][1] = 2
                entries[number][5] = len(content)
                where = (small, small_table, 64) if len(content) < 4096 else (sectors, table, 512)
                entries[number][4] = chain(content, where[2], where[0], where[1])
            else:
                entries[number][3] = add(content)
            if first == FREE:
                first = number
            else:
                entries[last][2] = number
            last = number
        return first

    entries[0][3] = add(tree)
    entries[0][4], entries[0][5] = chain(bytes(small), 512, sectors, table), len(small)
    small_at = chain(struct.pack(f"<{len(small_table)}I", *small_table), 512, sectors, table)
    directory = b""
    for name, kind, right, child, start, size in entries:
        raw = str(name).encode("utf-16-le")
        directory += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, FREE, right, child)
        directory += bytes(36) + struct.pack("<IQ", start, size)
    directory_at = chain(directory, 512, sectors, table)
    tables = 1
    while (len(table) + tables) * 4 > tables * 512:
        tables += 1
    where = [*range(len(table), len(table) + tables)]
    table += [TABLE] * tables
    table += [FREE] * (tables * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<5I", tables, directory_at, 0, 4096, small_at) + struct.pack("<I", 1)
    header += struct.pack("<II", END, 0) + struct.pack("<109I", *where, *[FREE] * (109 - tables))
    return header + bytes(sectors) + struct.pack(f"<{len(table)}I", *table)


def filetime(seconds: int) -> bytes:
    """A moment in seconds since 1970 as Windows counts."""
    return struct.pack("<Q", (seconds + 11_644_473_600) * 10_000_000)


def properties(header: int, values: Mapping[int, bytes]) -> bytes:
    return bytes(header) + b"".join(
        struct.pack("<II8s", key, 6, value.ljust(8, b"\0")) for key, value in values.items()
    )


def outlook_tree(
    files: Sequence[tuple[str, bytes | Tree]],
    headers: str = "",
    values: Mapping[int, bytes] | None = None,
    header: int = 32,
) -> Tree:
    """What Outlook keeps of a message: its headers, its dates, and each attachment."""
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": properties(header, values or {})}
    if headers:
        tree["__substg1.0_007D001F"] = headers.encode("utf-16-le")
    for number, (name, content) in enumerate(files):
        inside: dict[str, bytes | Tree] = {
            "__properties_version1.0": properties(8, {0x37050003: b"\1" if isinstance(content, bytes) else b"\5"}),
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_3701" + ("0102" if isinstance(content, bytes) else "000D"): content,
        }
        tree[f"__attach_version1.0_#{number:08X}"] = inside
    return tree
