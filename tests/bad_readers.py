"""Turns orders into accidents: readers that die, hang or eat memory when a file tells them to.

For ``reading_room`` only, whose workers import this module: it must stay as lean as they are.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.workbooks.reader.cells import read_book

ORDER = b"order: "


def obedient(data: bytes) -> Book | Refusal:
    """The strict reader, except for files that are orders."""
    if not data.startswith(ORDER):
        return read_book(data)
    order, *rest = data.removeprefix(ORDER).decode().split(" ", 1)
    return ORDERS[order](*rest)


def _kill() -> Refusal:
    os.kill(os.getpid(), signal.SIGKILL)
    return _asleep()


def _stop() -> Refusal:
    os.kill(os.getpid(), signal.SIGSTOP)
    return _asleep()


def _crash() -> Refusal:
    ctypes.string_at(0)
    return _asleep()


def _asleep(seconds: str = "60") -> Refusal:
    time.sleep(float(seconds))
    return Refusal("F-TEXT", "awake")


def _hang() -> Refusal:
    while True:
        pass


def _eat() -> Refusal:
    eaten = []
    while True:
        eaten.append(bytearray(16 << 20))


def _hold(megabytes: str) -> Refusal:
    return Refusal("F-TEXT", str(len(bytearray(b"x") * (int(megabytes) << 20))))


def _short_of_memory() -> Refusal:
    raise MemoryError


def _mistaken() -> Refusal:
    raise KeyError("ours")


def _interrupted() -> Refusal:
    raise KeyboardInterrupt


def _talk() -> Refusal:
    print("8 bytes or more of noise")
    os.write(1, b"more noise")
    return Refusal("F-TEXT", "said")


def _note(path: str) -> Refusal:
    with Path(path).open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    return _hang()


def _die_once(path: str) -> Refusal:
    """Kills the first process that reads it, and no other."""
    if Path(path).exists():
        return Refusal("F-TEXT", "alive")
    Path(path).touch()
    return _kill()


def _imported() -> Refusal:
    heavy = {"pandas", "pandera", "openpyxl", "numpy", "xlsxwriter", "click", "multiprocessing", "pytest"}
    return Refusal("F-TEXT", " ".join(sorted(heavy & set(sys.modules))))


ORDERS = {
    "kill": _kill,
    "stop": _stop,
    "crash": _crash,
    "abort": os.abort,
    "exit": lambda: os._exit(0),
    "quit": lambda: sys.exit("quit"),
    "sleep": _asleep,
    "hang": _hang,
    "eat": _eat,
    "hold": _hold,
    "memory": _short_of_memory,
    "mistake": _mistaken,
    "interrupt": _interrupted,
    "talk": _talk,
    "note": _note,
    "die-once": _die_once,
    "imported": _imported,
}
