"""Fills workbooks as a person at a desk does: LibreOffice itself, one typed text a cell, saved as xlsx.

Run by a Python that can ``import uno`` (Debian: python3-uno), not by the one of the tests:
``python3 type_in_libreoffice.py JOBS.json PROFILE_FOLDER [LOCALE]``, where JOBS is [{"form", "saved", "typed": [[sheet,
cell, text], …], "copied": {file: [sheet, …]}}, …] and LOCALE the desk's (vi-VN unless told otherwise). ``copied`` are
new workbooks into which sheets of the filled one are copied. Prints what LibreOffice understood of each cell.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>{}</value></prop></item>
</oor:items>
"""
PATIENCE = 60


def setting(name: str, value: object) -> PropertyValue:
    return PropertyValue(Name=name, Value=value)


def connect(profile: Path, locale: str) -> tuple[subprocess.Popen[bytes], object]:
    """A LibreOffice of our own, with a profile of its own, on a pipe that nobody else knows."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(LOCALE.format(locale), "utf-8")
    pipe = f"thidua{profile.stat().st_ino}"
    office = subprocess.Popen([
        "soffice", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
        f"-env:UserInstallation={profile.as_uri()}",
    ], start_new_session=True)  # fmt: skip
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until or office.poll() is not None:
                stop(office)
                raise
            time.sleep(0.1)


def stop(office: subprocess.Popen[bytes]) -> None:
    """Ends what ``connect`` started, with the processes it started in turn."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(office.pid, signal.SIGKILL)
    office.wait()


def fill(desktop: object, dispatcher: object, job: dict) -> list[str]:
    """Opens the form, types every text into its cell, saves it as Excel's format."""
    document = desktop.loadComponentFromURL(Path(job["form"]).as_uri(), "_blank", 0, (setting("Hidden", True),))
    controller = document.CurrentController
    understood = []
    for sheet, address, text in job["typed"]:
        page = document.Sheets.getByName(sheet)
        cell = page.getCellRangeByName(address)
        controller.setActiveSheet(page)
        controller.select(cell)
        dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, (setting("StringName", text),))
        understood.append(f"{sheet}!{address} {cell.Type.value} {cell.Value!r} {cell.String}")
    document.storeToURL(Path(job["saved"]).as_uri(), (setting("FilterName", "Calc MS Excel 2007 XML"),))
    for saved, names in job.get("copied", {}).items():
        copy_sheets(desktop, document, names, saved)
    document.close(True)
    return understood


def copy_sheets(desktop: object, document: object, names: list[str], saved: str) -> None:
    """What «Move or Copy Sheet … to a new document» does with several sheets."""
    new = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (setting("Hidden", True),))
    own = new.Sheets.ElementNames
    for name in names:
        new.Sheets.importSheet(document, name, len(new.Sheets.ElementNames))
    for name in own:
        new.Sheets.removeByName(name)
    new.storeToURL(Path(saved).as_uri(), (setting("FilterName", "Calc MS Excel 2007 XML"),))
    new.close(True)


def main(jobs: Path, profile: Path, locale: str) -> None:
    office, context = connect(profile, locale)
    try:
        create = context.ServiceManager.createInstanceWithContext
        desktop = create("com.sun.star.frame.Desktop", context)
        dispatcher = create("com.sun.star.frame.DispatchHelper", context)
        for job in json.loads(jobs.read_text("utf-8")):
            print("\n".join(fill(desktop, dispatcher, job)))
        desktop.terminate()
        office.wait(PATIENCE)
    finally:
        stop(office)


main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute(), *(sys.argv[3:] or ["vi-VN"]))
