"""A real mail server on this machine, with TLS and a password, that can be told to misbehave."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD, SENDER = "vanphong@example.vn", "mat khau 1", "Văn phòng UBND <vanphong@example.vn>"


@dataclass
class Habits:
    """How the server behaves: close after so many letters, in the middle of the text of one, refuse addresses."""

    closes_after: int | None = None
    closes_in_text_of: str | None = None
    refuses: frozenset[str] = frozenset()
    refuses_text_of: frozenset[str] = frozenset()
    received: list[tuple[str, bytes]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.connections.add(id(session))
        if self.closes_after is not None and len(self.received) >= self.closes_after:
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refuses:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        (to,) = envelope.rcpt_tos
        if to in self.refuses_text_of:
            return "554 5.7.1 looks like spam"
        self.received.append((to, envelope.content))
        if to == self.closes_in_text_of:
            server.transport.abort()
        return "250 2.0.0 queued"


class Certificates:
    """An authority of the test's own, and the server's certificate from it."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        authority = trustme.CA()
        self.ca = folder / "chung-thu.pem"
        authority.cert_pem.write_to_path(self.ca)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(self.server)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def mail_server(certificates: Certificates, habits: Habits, security: str = "starttls") -> Iterator[int]:
    """The port it listens on. With "none" it offers no encryption at all."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    options: dict[str, Any] = {
        "starttls": {"tls_context": certificates.server, "require_starttls": True, "auth_required": True},
        "tls": {"ssl_context": certificates.server, "auth_require_tls": False},
        "none": {"auth_require_tls": False},
    }[security]
    controller = Controller(
        habits, hostname="127.0.0.1", port=free_port(), server_hostname="mail", authenticator=authenticate, **options
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []
        thread = threading.Thread(target=lambda: held.append(listening.accept()[0]), daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
    for one in held:
        one.close()
