"""Turns what became of each letter into a log that outlives a crash, and the log into what is known of each letter."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

from thidua_xlsx.campaign.errors import not_written, words
from thidua_xlsx.model.letters import Letter, Posting, Selection, State
from thidua_xlsx.model.text import printable

FOLDER, LOG = "thu", "nhat-ky.jsonl"
STATES = {state.value: state for state in State}


def read_log(folder: Path) -> tuple[tuple[Posting, ...], int]:
    """Every line of the log, and how many could not be read (one torn by a power cut says nothing).

    A letter is noted before its text goes out, so a torn line never hides one that was sent.
    """
    path = folder / FOLDER / LOG
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise not_written(f"Không mở được {printable(str(path))} ({words(error)}). Không gửi thư nào.") from None
    found, torn = [], 0
    for line in filter(None, lines):
        try:
            said = json.loads(line)
            known = {field.name: said[field.name] for field in fields(Posting)}
            found.append(Posting(**{**known, "state": STATES[said["state"]]}))
        except (ValueError, KeyError, TypeError):
            torn += 1
    return tuple(found), torn


def append(folder: Path, posting: Posting) -> None:
    """One line at the end, on the disk when this returns."""
    path = folder / FOLDER / LOG
    line = json.dumps({**asdict(posting), "state": posting.state.value}, ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                line = line if stream.read() == b"\n" else b"\n" + line
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise not_written(
            f"Không ghi được nhật ký gửi thư {printable(str(path))} ({words(error)}). "
            "Kiểm tra quyền ghi và chỗ trống, rồi chạy lại."
        ) from None


def select(letters: Iterable[Letter], log: Iterable[Posting], again: bool) -> Selection:
    """Which letters are still to be sent; with ``again`` all, whatever the log says."""
    last: dict[str, State] = {}
    taken: set[tuple[str, str, str]] = set()
    for item in log:
        last[item.key] = item.state
        if item.state is State.ACCEPTED:
            taken.add((item.kind, item.round, item.unit))
    now: list[Letter] = []
    sent: list[Letter] = []
    unknown: list[Letter] = []
    for letter in letters:
        state = last.get(letter.key)
        if state is None or again or state in (State.REFUSED, State.NOT_SENT):
            now.append(letter)
        else:
            (unknown if state.open else sent).append(letter)
    replacing = (letter.unit for letter in now if (letter.kind.slug, letter.round, letter.unit) in taken)
    return Selection(tuple(now), tuple(sent), tuple(unknown), tuple(replacing))
