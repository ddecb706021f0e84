"""Turns letters into drafts, or hands them to a mail server one by one, each noted before and after."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from smtplib import SMTP

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import CampaignError, wrong_use
from thidua_xlsx.campaign.written import write_whole
from thidua_xlsx.mail import journal
from thidua_xlsx.mail.drafts import Drafts, drafts_of, save_drafts
from thidua_xlsx.mail.message import message_id, sent_bytes
from thidua_xlsx.mail.post import Handed, connected, hand_over
from thidua_xlsx.mail.settings import Settings, ready_to_send
from thidua_xlsx.model.letters import Kind, Letter, Letters, Mailbox, Posted, Posting, Selection, State
from thidua_xlsx.model.text import printable
from thidua_xlsx.pipeline.gather import Progress
from thidua_xlsx.pipeline.letters import open_occasion, write_letters
from thidua_xlsx.workbooks.letter_sheets import write_log

SENDING, LOG_SHEET = "Gửi thư", "nhat-ky.xlsx"
KINDS = {kind.slug: kind.label for kind in Kind}


@dataclass(frozen=True, slots=True)
class Outbox:
    """The letters of one occasion, written and not yet sent, and what the log knows of them.

    ``torn`` counts unreadable lines of the log; ``drafted`` is the newest folder of drafts of this occasion.
    """

    folder: Path
    letters: Letters
    settings: Settings
    selection: Selection
    torn: int
    drafted: Path | None


def fill_outbox(
    folder: Path | str,
    kind: Kind = Kind.ISSUE,
    *,
    round_code: str | None = None,
    units: Iterable[str] = (),
    again: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Outbox:
    """All letters of an occasion. Writes nothing but the template and the settings where there are none yet."""
    home = Path(folder)
    if not home.is_dir():
        raise wrong_use(f"Không thấy thư mục {printable(str(folder))}. Kiểm tra đường dẫn.")
    now = open_occasion(home, kind, round_code, environment)
    letters = write_letters(now, units)
    log, torn = journal.read_log(home)
    earlier = drafts_of(home, letters)
    selection = journal.select(letters.ready, log, again)
    return Outbox(home, letters, now.settings, selection, torn, earlier[-1] if earlier else None)


def draft_letters(outbox: Outbox) -> Drafts:
    """Every letter as a draft in a folder of its own."""
    with names.only_run(outbox.folder):
        return save_drafts(outbox.folder, outbox.letters, outbox.settings.sender)


def sender_of(outbox: Outbox) -> Mailbox:
    """Who sends; wrong use when the settings do not say all that sending needs."""
    return ready_to_send(outbox.settings)


def send_letters(
    outbox: Outbox,
    password: str = "",
    *,
    again: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    progress: Progress = lambda _what, _done, _all: None,
) -> Posted:
    """Hands over what the log does not know as sent, over one connection; the first trouble with it ends the call."""
    folder, settings, sender = outbox.folder, outbox.settings, sender_of(outbox)
    with names.only_run(folder):
        before, _ = journal.read_log(folder)
        chosen = journal.select(outbox.letters.ready, before, again)
        if not chosen.now:
            return Posted((), chosen)
        stopped, interrupted = "", False
        with connected(settings, sender, password) as server:
            for number, letter in enumerate(chosen.now, start=1):
                try:
                    if number > 1:
                        sleep(60 / settings.per_minute)
                    stopped = _post(server, folder, sender, letter, before, now()).stopped
                except KeyboardInterrupt:
                    interrupted = True
                except CampaignError as error:
                    stopped = str(error)
                progress(SENDING, number, len(chosen.now))
                if stopped or interrupted:
                    # What may hang in the middle of a letter takes no farewell.
                    server.close()
                    break
        return _told(folder, chosen, len(before), stopped, interrupted)


def _post(
    server: SMTP, folder: Path, sender: Mailbox, letter: Letter, before: Iterable[Posting], at: datetime
) -> Handed:
    """One letter: noted as begun, handed over, noted with what came of it. A crash in between leaves it unknown."""
    taken = sum(item.key == letter.key and item.state is State.ACCEPTED for item in before)
    identity = message_id(letter, sender, taken)
    message = sent_bytes(letter, sender, at, identity)
    begun = Posting(
        at.isoformat(timespec="seconds"),
        State.TRYING,
        letter.key,
        letter.kind.slug,
        letter.round,
        letter.unit,
        letter.to.name,
        letter.to.address,
        letter.subject,
        letter.attachment.name if letter.attachment else "",
        letter.attachment.digest if letter.attachment else "",
        identity,
    )
    journal.append(folder, begun)
    handed = hand_over(server, sender.address, letter.to.address, message)
    journal.append(folder, replace(begun, state=handed.state, reply=handed.reply))
    return handed


def _told(folder: Path, chosen: Selection, already: int, stopped: str, interrupted: bool) -> Posted:
    """What this call came to, by the log alone; the sheet that shows the log is made anew."""
    log, _ = journal.read_log(folder)
    last = {item.key: item for item in log[already:]}
    outcomes = tuple(
        (letter, last[letter.key].state, last[letter.key].reply) if letter.key in last else (letter, State.NOT_SENT, "")
        for letter in chosen.now
    )
    try:
        write_whole(folder / journal.FOLDER / LOG_SHEET, write_log(log, KINDS))
        shown = True
    except CampaignError:
        shown = False  # Open in Excel; the log itself is whole.
    return Posted(outcomes, chosen, stopped, interrupted, shown)
