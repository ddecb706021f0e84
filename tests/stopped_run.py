"""Turns ``thidua`` into a run that ends, or stops, at a chosen one of its own writing steps.

    python stopped_run.py WHAT NUMBER FOLDER thidua's words…

``NUMBER`` counts what the run does to files below FOLDER, from 1. WHAT happens there: ``kill`` (-9, just before it),
``tear`` (what is opened there gets a few bytes, then the process dies in the middle of writing), ``stop`` (until
SIGCONT), or ``count`` (nothing; the number of steps is the last line of standard error).
"""

from __future__ import annotations

import os
import resource
import signal
import sys

TORN_AFTER = 3
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "shutil.rmtree"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts, and does what was ordered when the count is reached."""

    def __init__(self, what: str, number: int, folder: str) -> None:
        self.what, self.number, self.folder = what, number, folder
        self.seen = 0

    def __call__(self, event: str, given: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & WRITES
        if not (writes or event in CHANGES) or not isinstance(given[0], str | bytes | os.PathLike):
            return
        if not os.fsdecode(given[0]).startswith(self.folder):
            return
        self.seen += 1
        if self.seen == self.number:
            self.happen(event)

    def happen(self, event: str) -> None:
        if self.what == "tear" and event == "open":
            # A write beyond the limit is cut short, and the next one ends the process.
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (TORN_AFTER, TORN_AFTER))
        elif self.what in ("kill", "tear"):
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.what == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)


def run() -> None:
    what, number, folder, *words = sys.argv[1:]
    steps = Steps(what, int(number), folder)
    sys.addaudithook(steps)
    from thidua_xlsx.cli.main import main

    try:
        main(words, prog_name="thidua")
    finally:
        if what == "count":
            print(steps.seen, file=sys.stderr)


if __name__ == "__main__":
    run()
