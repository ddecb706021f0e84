"""Turns a drop folder that will be read into processes that begin while everything else is still being loaded."""

from __future__ import annotations

import os
from pathlib import Path

from thidua_xlsx.campaign.folder import INBOX, RESULTS
from thidua_xlsx.campaign.reading_cache import kept_readings
from thidua_xlsx.workbooks.reader.early import FILES_PER_WORKER, EarlyWorkers

READS_FORMS = "thidua_xlsx.pipeline.read_form"


def early_workers(home: Path, inbox: Path | None = None) -> EarlyWorkers:
    """As many as the files are worth of which an earlier run has kept no reading; to be closed after the run.

    Some files are never read, and some hold several: where few are new, perhaps none is, and nobody begins early.
    """
    files = sum(len(names) for _, _, names in os.walk(inbox or home / INBOX))
    kept = kept_readings(home / RESULTS)
    new = files - kept
    return EarlyWorkers(new if not kept or new >= FILES_PER_WORKER else 0, READS_FORMS)
