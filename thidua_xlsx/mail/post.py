"""Turns messages into letters that a mail server has taken: one encrypted connection, one letter after another."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from thidua_xlsx.campaign.errors import not_written, wrong_use
from thidua_xlsx.mail.settings import FILE, PASSWORD, TLS, Settings
from thidua_xlsx.model.letters import Mailbox, State
from thidua_xlsx.model.text import clean

READY_FOR_TEXT, CLOSING = 354, 421
_LEADING_DOT = re.compile(rb"(?m)^\.")
LOST = "Máy chủ ngắt kết nối hoặc không trả lời."


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one letter and the server's words; ``stopped`` is not "" when the connection is of no more use."""

    state: State
    reply: str = ""
    stopped: str = ""


@contextmanager
def connected(settings: Settings, sender: Mailbox, password: str) -> Iterator[smtplib.SMTP]:
    """The server, over TLS with its certificate verified, logged in if there is a user; not_written otherwise."""
    where = f"{settings.host}:{settings.port}"
    try:
        server = _open(settings, sender)
    except OSError as error:
        raise not_written(f"{_why_closed(error, where)} Chưa gửi thư nào.") from None
    try:
        _log_in(server, settings, password)
        yield server
        with suppress(OSError):
            server.quit()
    finally:
        server.close()


def _open(settings: Settings, sender: Mailbox) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.ca:
        try:
            context.load_verify_locations(settings.ca)
        except OSError:
            raise wrong_use(f"Tệp chứng thư {settings.ca.name} (khóa ca của {FILE}) không dùng được.") from None
    # The machine's own name may be in Vietnamese, or take a minute to look up; the sender's domain is neither.
    own = sender.address.rpartition("@")[2]
    if settings.security == TLS:
        return smtplib.SMTP_SSL(settings.host, settings.port, own, timeout=settings.timeout, context=context)
    server = smtplib.SMTP(settings.host, settings.port, own, timeout=settings.timeout)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _why_closed(error: Exception, where: str) -> str:
    """One sentence on why there is no connection. The order matters: later errors are kinds of earlier ones."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"Không xác minh được chứng thư của máy chủ {where}. Hỏi người quản trị thư điện tử; nếu cơ quan dùng "
            f"chứng thư nội bộ, ghi tệp chứng thư vào khóa ca của {FILE}."
        )
    if isinstance(error, ssl.SSLError):
        return f"Không lập được kết nối mã hóa với {where}. Kiểm tra port và security trong {FILE}."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f'Máy chủ {where} không có STARTTLS. Ghi security = "tls" và port = 465 vào {FILE}, hoặc hỏi quản trị.'
    if isinstance(error, smtplib.SMTPResponseException):
        return f"Máy chủ {where} không nhận kết nối ({_words(error.smtp_code, error.smtp_error)}). Chạy lại sau."
    if isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected):
        return f"Máy chủ {where} không trả lời. Kiểm tra mạng, host và port trong {FILE}, rồi chạy lại."
    return f"Không kết nối được máy chủ {where}. Kiểm tra mạng, host và port trong {FILE}, rồi chạy lại."


def _log_in(server: smtplib.SMTP, settings: Settings, password: str) -> None:
    try:
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, password)
    except smtplib.SMTPAuthenticationError as error:
        raise not_written(
            f"Máy chủ không nhận tên đăng nhập «{settings.user}» hoặc mật khẩu ({_words(*error.args)}). "
            f"Kiểm tra user trong {FILE} và mật khẩu ({PASSWORD}), rồi chạy lại. Chưa gửi thư nào."
        ) from None
    except UnicodeEncodeError:
        raise wrong_use("Tên đăng nhập và mật khẩu gửi thư không được có chữ có dấu. Đổi rồi chạy lại.") from None
    except smtplib.SMTPNotSupportedError:
        raise not_written(
            f"Máy chủ không có cách đăng nhập nào dùng được. Bỏ user trong {FILE} hoặc hỏi quản trị. Chưa gửi thư nào."
        ) from None
    except OSError:
        raise not_written(f"{LOST} Chưa gửi thư nào; chạy lại sau.") from None


def hand_over(server: smtplib.SMTP, sender: str, to: str, message: bytes) -> Handed:
    """One letter. Unknown is what the server may have taken without our hearing so; it is never sent twice unasked."""
    try:
        answered = _envelope(server, sender, to)
    except OSError:
        return Handed(State.NOT_SENT, "", LOST)
    if answered:
        return answered
    try:
        server.send(_LEADING_DOT.sub(b"..", message) + b".\r\n")
        code, reply = server.getreply()
    except OSError:
        return Handed(State.UNKNOWN, "", LOST)
    if code // 100 == 2:
        return Handed(State.ACCEPTED, _words(code, reply))
    return Handed(State.REFUSED, _words(code, reply), _closing(code, reply))


def _envelope(server: smtplib.SMTP, sender: str, to: str) -> Handed | None:
    """Sender, recipient and the word that the text follows; None when the server waits for the text."""
    code, reply = server.mail(sender)
    if code // 100 != 2:
        # Whatever is wrong with the sender is wrong with every letter.
        return Handed(State.NOT_SENT, "", f"Máy chủ không nhận người gửi {sender} ({_words(code, reply)}).")
    code, reply = server.rcpt(to)
    if code // 100 == 2:
        code, reply = server.docmd("DATA")
        if code == READY_FOR_TEXT:
            return None
    stopped = _closing(code, reply)
    if not stopped:
        server.rset()
    return Handed(State.NOT_SENT if stopped else State.REFUSED, _words(code, reply), stopped)


def _closing(code: int, reply: bytes) -> str:
    return f"Máy chủ tạm ngừng nhận thư ({_words(code, reply)})." if code == CLOSING else ""


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return clean(f"{code} {text}")[:300]
