"""Turns the content of a file into what an earlier run read in it: a cache that may be deleted at any time.

An entry is found by the SHA-256 of the bytes that were read just now, so that no file is ever taken for another; by
the program that read them, its libraries included, and the forms that it read them as; and is believed only where its
own checksum holds. Whatever goes wrong here (no right to write, a damaged file, another run) means that the file is
read again, and nothing else.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path

from thidua_xlsx.campaign.program import program_digest

FOLDER, FILE = ".bo-nho", "phieu-da-doc.sqlite"
DIGEST = 16


def kept_readings(results: Path) -> int:
    """How many readings lie there, by whatever program; 0 where that cannot be told."""
    path = results / FOLDER / FILE
    try:
        if not path.is_file():
            return 0
        with closing(sqlite3.connect(path, timeout=0)) as base:
            (count,) = base.execute("SELECT count(*) FROM reading").fetchone()
    except (OSError, sqlite3.Error):
        return 0
    return int(count)


class ReadingCache:
    """The readings that earlier runs kept; to be closed when all files are read. Without a folder nothing is kept."""

    def __init__(self, results: Path | None, forms: bytes = b"") -> None:
        """``forms`` says all that the forms of the round depend on: other forms, other answers."""
        self._forms = forms
        self._version = ""
        self._used: list[tuple[str]] = []
        self._base: sqlite3.Connection | None = None
        if results is None:
            return
        path = results / FOLDER / FILE
        for _ in range(2):  # a damaged one is thrown away, once
            try:
                self._base = self._open(path)
                return
            except (OSError, sqlite3.Error):
                self._base = None
                with suppress(OSError):
                    path.unlink()

    def _open(self, path: Path) -> sqlite3.Connection:
        told = _sum(self._forms).hex()
        version = self._version = f"{program_digest()} {told}"
        path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            # What is lost when the power fails is read again.
            base.execute("PRAGMA synchronous = OFF")
            base.execute("PRAGMA journal_mode = MEMORY")
            base.execute("CREATE TABLE IF NOT EXISTS reading (content TEXT PRIMARY KEY, version TEXT, told BLOB)")
            base.execute("DELETE FROM reading WHERE version <> ?", (version,))
            base.execute("BEGIN")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def get(self, content: str) -> bytes | None:
        """What was kept of a content; None for one that is not known, or not believed."""
        row = self._ask("SELECT told FROM reading WHERE content = ? AND version = ?", (content, self._version))
        told = row[0] if row else None
        if not isinstance(told, bytes) or _sum(told[DIGEST:]) != told[:DIGEST]:
            return None
        self._used.append((content,))
        return told[DIGEST:]

    def put(self, content: str, text: bytes) -> None:
        if self._base is None:
            return
        row = content, self._version, _sum(text) + text
        self._ask("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", row)
        self._used.append((content,))

    def close(self) -> None:
        """Keep what this run used, and nothing else: the cache never outgrows the drop folder."""
        base, self._base = self._base, None
        if base is None:
            return
        with suppress(sqlite3.Error):
            base.execute("CREATE TEMP TABLE used (content TEXT PRIMARY KEY)")
            base.executemany("INSERT OR IGNORE INTO used VALUES (?)", self._used)
            base.execute("DELETE FROM reading WHERE content NOT IN (SELECT content FROM used)")
            base.execute("COMMIT")
        with suppress(sqlite3.Error):
            base.close()

    def _ask(self, words: str, values: tuple[object, ...]) -> tuple[object, ...] | None:
        if self._base is None:
            return None
        try:
            found: tuple[object, ...] | None = self._base.execute(words, values).fetchone()
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None
            return None
        return found


def _sum(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST).digest()
