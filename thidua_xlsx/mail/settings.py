"""Turns thu-cau-hinh.toml and the environment into how the office sends its letters. A password is in neither value."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign.errors import CampaignError, not_written, wrong_use
from thidua_xlsx.campaign.written import write_whole
from thidua_xlsx.model.letters import Mailbox
from thidua_xlsx.model.text import clean, fold
from thidua_xlsx.stages.letters.addresses import read_mailbox

FILE = "thu-cau-hinh.toml"
ENVIRONMENT = "THIDUA_SMTP_"
PASSWORD = f"{ENVIRONMENT}PASSWORD"
STARTTLS, TLS = "starttls", "tls"
PORTS = {STARTTLS: 587, TLS: 465}
KEYS = {"host": str, "port": int, "security": str, "user": str, "from": str, "contact": str, "per_minute": int,
        "timeout": int, "ca": str}  # fmt: skip
PASSWORD_KEYS = ("password", "pass", "passwd", "pwd", "secret", "mật khẩu", "mat-khau", "mat_khau", "matkhau")
SAMPLE = f"""\
# Cấu hình thư. Bỏ dấu # ở đầu dòng và điền; hỏi người quản trị thư điện tử của cơ quan.
# Không ghi mật khẩu vào đây: chương trình hỏi khi gửi, hoặc đọc từ biến môi trường {PASSWORD}.

# Người gửi, và người đơn vị có thể hỏi (trường {{liên hệ}} của thư):
# from = "Văn phòng UBND <vanphong@example.vn>"
# contact = "Nguyễn Văn A, 0299 300 0101"

# Máy chủ gửi thư, chỉ dùng khi thêm --send. security: "starttls" (cổng 587) hoặc "tls" (cổng 465).
# host = "smtp.example.vn"
# security = "starttls"
# port = 587
# user = "vanphong@example.vn"

# Số thư mỗi phút; số giây chờ máy chủ trả lời:
# per_minute = 30
# timeout = 60

# Chứng thư của cơ quan cấp chứng thư nội bộ, nếu máy chủ dùng loại này (tệp .pem đặt trong thư mục này):
# ca = "chung-thu.pem"
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom the letters come from and which server takes them; ``per_minute`` letters at most."""

    host: str = ""
    port: int = 587
    security: str = STARTTLS
    user: str = ""
    sender: Mailbox | None = None
    contact: str = ""
    per_minute: int = 30
    timeout: int = 60
    ca: Path | None = None


def read_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the folder, the environment's word above the file's; a sample is left where there is no file."""
    said = {**_file(folder), **_environment(environment)}
    security = said.get("security", TLS if said.get("port") == PORTS[TLS] else STARTTLS)
    if security not in PORTS:
        raise _wrong(f"security = «{security}» không dùng được; chọn «{STARTTLS}» hoặc «{TLS}» (luôn có mã hóa)")
    sender, fault = read_mailbox(said["from"]) if said.get("from") else (None, "")
    if fault:
        raise _wrong(f"from: {fault}")
    host = said.get("host", "").strip()
    if not re.fullmatch(r"[A-Za-z0-9.:-]*", host):
        raise _wrong(f"host = «{clean(host)}» không phải tên máy chủ")
    ca = folder / said["ca"] if said.get("ca") else None
    if ca and not ca.is_file():
        raise _wrong(f"không thấy tệp chứng thư ca = «{said['ca']}»")
    return Settings(
        host,
        _number(said, "port", PORTS[security], 65_535),
        security,
        said.get("user", ""),
        sender,
        clean(said.get("contact", "")),
        _number(said, "per_minute", 30, 6000),
        _number(said, "timeout", 60, 3600),
        ca,
    )


def ready_to_send(settings: Settings) -> Mailbox:
    """The sender; wrong use when the settings do not say who sends through which server."""
    if not settings.host:
        raise _wrong("chưa ghi máy chủ gửi thư (host)")
    if not settings.sender:
        raise _wrong("chưa ghi người gửi (from)")
    return settings.sender


def _file(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.exists():
        write_whole(path, SAMPLE.replace("\n", "\r\n").encode("utf-8-sig"))
        return {}
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise not_written(f"Không mở được {FILE}. Đóng tệp rồi chạy lại.") from None
    except UnicodeDecodeError:
        raise _wrong("tệp không ghi bằng UTF-8; mở bằng Notepad và lưu lại với mã UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"dòng {line[1]}" if line else "cuối tệp"
        raise _wrong(f"{where} không đúng cách ghi; ghi dạng khóa = «giá trị», chữ đặt trong dấu ngoặc kép") from None
    for key, value in said.items():
        _check(key, value)
    return said


def _check(key: str, value: object) -> None:
    if fold(key) in PASSWORD_KEYS:
        raise _wrong(
            f"không được ghi mật khẩu trong tệp này. Xóa dòng {key}, rồi gõ mật khẩu khi được hỏi "
            f"hoặc đặt biến môi trường {PASSWORD}"
        )
    if key not in KEYS:
        raise _wrong(f"không có khóa «{key}»; dùng được: {', '.join(KEYS)}")
    if not isinstance(value, KEYS[key]) or isinstance(value, bool):
        holds = "số nguyên, không có ngoặc kép" if KEYS[key] is int else "chữ đặt trong dấu ngoặc kép"
        raise _wrong(f"giá trị của «{key}» phải là {holds}")


def _environment(environment: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, holds in KEYS.items():
        value = environment.get(ENVIRONMENT + key.upper(), "")
        if value and holds is int and not value.isdecimal():
            raise wrong_use(f"Biến môi trường {ENVIRONMENT}{key.upper()} phải là số nguyên. Đặt lại rồi chạy lại.")
        if value:
            said[key] = int(value) if holds is int else value
    return said


def _number(said: Mapping[str, Any], key: str, usual: int, most: int) -> int:
    value = int(said.get(key, usual))
    if not 1 <= value <= most:
        raise _wrong(f"«{key}» phải từ 1 đến {most}")
    return value


def _wrong(what: str) -> CampaignError:
    return wrong_use(f"{FILE}: {what}. Sửa {FILE} trong thư mục rồi chạy lại.")
