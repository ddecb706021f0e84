"""Turns what somebody typed as an e-mail address into one a mail server takes, or into why it is none."""

from __future__ import annotations

import re

from thidua_xlsx.model.letters import Mailbox
from thidua_xlsx.model.text import clean

LONGEST, LONGEST_LOCAL = 254, 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_NAMED = re.compile(r"(.*)<([^<>]*)>")


def read_address(typed: str) -> tuple[str, str]:
    """(address, "") or ("", what is wrong). A domain in Vietnamese letters becomes its ASCII form.

    Nothing that parts lines or headers can pass: what passes consists of the characters listed above.
    """
    if re.search(r"[;,]|\S\s+\S", typed):
        return "", f"«{clean(typed)}» không phải một địa chỉ thư; mỗi đơn vị ghi đúng một địa chỉ"
    local, at, domain = typed.strip().rpartition("@")
    if not at or not local or not domain:
        return "", f"«{clean(typed)}» không phải địa chỉ thư"
    if not local.isascii():
        return "", f"phần trước @ của «{clean(typed)}» có chữ có dấu, nhiều máy chủ thư không nhận"
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "", f"tên miền của «{clean(typed)}» không đúng"
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdecimal() or not all(_LABEL.fullmatch(label) for label in labels):
        return "", f"tên miền của «{clean(typed)}» không đúng"
    address = f"{local}@{domain}"
    if not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL or len(address) > LONGEST:
        return "", f"«{clean(typed)}» không phải địa chỉ thư"
    return address, ""


def read_mailbox(typed: str) -> tuple[Mailbox | None, str]:
    """«Văn phòng <vp@example.vn>» or an address alone; (None, what is wrong) otherwise."""
    named = _NAMED.fullmatch(typed.strip())
    name, plain = (named[1], named[2]) if named else ("", typed)
    address, fault = read_address(plain)
    return (None, fault) if fault else (Mailbox(clean(name).strip('"'), address), "")
