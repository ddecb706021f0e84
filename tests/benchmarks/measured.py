"""Turns a command into what it cost: seconds by the wall, processor seconds and peak memory of all its processes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
# How often the memory of the processes is looked at.
TICK = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """``told`` is the last line that the command printed, where that is JSON."""

    wall: float
    cpu: float
    megabytes: float
    told: dict[str, Any]


def measure(*command: str, cores: int | None = None) -> Measured:
    """Run a command of this Python (``-m module argument …``) on so many cores; a failure is raised."""
    # Modules are compiled once, as where the program is installed, and not by every process again.
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    before = _children()
    started = os.times().elapsed
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        # The whole tree inherits it, so that the program itself sees how many cores there are.
        preexec_fn=None if cores is None else lambda: os.sched_setaffinity(0, _first_cores(cores)),
    )
    done, peak = Event(), [0.0]
    watcher = Thread(target=_watch, args=(process.pid, done, peak), daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    wall = os.times().elapsed - started
    done.set()
    watcher.join()
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Measured(wall, _children() - before, peak[0], _last_line(printed))


def _first_cores(count: int) -> set[int]:
    return set(sorted(os.sched_getaffinity(0))[:count])


def _children() -> float:
    """Processor seconds of every process that has ended below this one, the children of children included."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _last_line(printed: bytes) -> dict[str, Any]:
    lines = printed.decode("utf-8", "replace").strip().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _watch(root: int, done: Event, peak: list[float]) -> None:
    while not done.wait(TICK):
        peak[0] = max(peak[0], sum(map(_resident, _tree(root))) / 1e6)


def _tree(root: int) -> list[int]:
    """The process and all below it, as far as they live."""
    found = [root]
    for pid in found:
        try:
            for task in (PROC / str(pid) / "task").iterdir():
                found += [int(word) for word in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(pid: int) -> int:
    """Bytes in memory; what processes share is counted for each, so that the sum errs on the high side."""
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
