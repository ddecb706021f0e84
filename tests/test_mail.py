"""Letters to thirty units: drafts that open ready to send, and letters that a real server takes once each."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from click.testing import CliRunner, Result
from filled_return import PLAN_TEXT
from mail_server import PASSWORD, SENDER, USER, Certificates, Habits, free_port, mail_server, silent_server

from thidua_xlsx.campaign.decided import DECIDED, DECISIONS
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import NEWEST, only_run
from thidua_xlsx.cli.main import main
from thidua_xlsx.mail import journal, settings
from thidua_xlsx.mail.drafts import INDEX
from thidua_xlsx.mail.message import XLSX, draft_bytes
from thidua_xlsx.model.letters import Kind, Letter, Letters, Mailbox, Posted, State
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.text import clean, typed
from thidua_xlsx.pipeline import mail as verbs
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.pipeline.mail import Outbox, draft_letters, fill_outbox, send_letters
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.intake.receive import stamps_in
from thidua_xlsx.stages.letters.addresses import read_address
from thidua_xlsx.stages.letters.letter_template import DEFAULTS, allowed, fill, read_template
from thidua_xlsx.workbooks.plain_sheet import FIRST_ROW
from thidua_xlsx.workbooks.reader.cells import read_book

COUNT = 30
ROUND = "hang-nam"
CODES = ["VP", "KT", "VH", *(f"DV-{number:02}" for number in range(4, COUNT + 1))]
# Returned as issued, so with every answer missing.
RETURNED = ["VP", "DV-04", "DV-05"]
AT = datetime(2026, 1, 10, 8, 30, tzinfo=timezone(timedelta(hours=7)))


def address_of(code: str) -> str:
    return f"{code.lower()}@example.vn"


def name_of(code: str) -> str:
    """Long, with a comma and all that a header must carry."""
    return f"Phòng Kinh tế, Hạ tầng và Đô thị – Trung tâm «Phục vụ» hành chính công phường {code}"


def plan_text(changes: Mapping[str, str] = MappingProxyType({})) -> str:
    """The small plan with thirty units; ``changes`` gives some another address."""
    lines = [
        f'  {{code = "{code}", name = "{name_of(code)}", block = "phong", email = "{address}"}},'
        for code in CODES
        for address in [changes.get(code, address_of(code))]
    ]
    return re.sub(r"unit = \[\n.*?\n\]", "unit = [\n" + "\n".join(lines) + "\n]", PLAN_TEXT, count=1, flags=re.DOTALL)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issued to all, returned by three, and run once; copied for each test."""
    home = tmp_path_factory.mktemp("thư") / "chiến dịch"
    issued = home / "phat-hanh" / ROUND
    issued.mkdir(parents=True)
    (home / "ke-hoach.toml").write_text(plan_text(), "utf-8")
    for code, data in issue_forms(load_plan(home)).items():
        (issued / f"{code}.xlsx").write_bytes(data)
    (home / "nop").mkdir()
    for code in RETURNED:
        shutil.copy(issued / f"{code}.xlsx", home / "nop")
    run_batch(home, today=date(2026, 1, 5))
    return home


@pytest.fixture(scope="module")
def letters(campaign: Path) -> Letters:
    """The thirty letters that bring the form, written once: what happens to them later is what most tests are about."""
    return outbox_of(campaign).letters


@pytest.fixture
def few(letters: Letters) -> Letters:
    return replace(letters, ready=letters.ready[:5])


@pytest.fixture
def folder(campaign: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(campaign, tmp_path / "chiến dịch"))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("ca"))


def configured(folder: Path, certificates: Certificates, port: int, **more: Any) -> None:
    said = {"host": "127.0.0.1", "port": port, "security": "starttls", "user": USER, "from": SENDER,
            "contact": "Cô Hằng, 0299 300 0101", "ca": certificates.ca.name, "per_minute": 6000, **more}  # fmt: skip
    shutil.copy(certificates.ca, folder)
    (folder / settings.FILE).write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in said.items()))


def outbox_of(folder: Path, kind: Kind = Kind.ISSUE, **more: Any) -> Outbox:
    return fill_outbox(folder, kind, environment={}, **more)


def outbox_with(folder: Path, letters: Letters) -> Outbox:
    """Those letters in this folder, with its settings and its log."""
    selection = journal.select(letters.ready, journal.read_log(folder)[0], again=False)
    return Outbox(folder, letters, settings.read_settings(folder, {}), selection, 0, None)


def sent(folder: Path, letters: Letters, **more: Any) -> Posted:
    return send_letters(outbox_with(folder, letters), PASSWORD, **{"sleep": lambda _: None, "now": lambda: AT, **more})


def states(posted: Posted) -> dict[str, State]:
    return {letter.unit: state for letter, state, _ in posted.outcomes}


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(data: bytes) -> str:
    body = parsed(data).get_body(("plain",))
    assert body
    assert body.get_content_charset() == "utf-8"
    return str(body.get_content())


def attached(data: bytes) -> bytes:
    (part,) = parsed(data).iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    return content


def unit_in(workbook: bytes) -> str:
    """Whose form it is, by what is printed on its sheets."""
    book = read_book(workbook)
    (stamp,) = stamps_in(book)  # type: ignore[arg-type]
    return stamp.split("/")[4]


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [row for row in sheet.iter_rows(FIRST_ROW, values_only=True) if row[0]]


# Drafts


def test_thirty_drafts_open_ready_to_send(folder: Path) -> None:
    drafts = draft_letters(outbox_of(folder))
    found = {path.stem: path.read_bytes() for path in drafts.folder.glob("*.eml")}
    assert set(found) == set(CODES)
    for code, data in found.items():
        message = parsed(data)
        assert data.count(b"\n") == data.count(b"\r\n")
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert (message["X-Unsent"], message["Date"], message["From"]) == ("1", None, None)
        assert message["Subject"] == f"Phiếu thi đua năm 2025 – {name_of(code)}"
        to = email.message_from_bytes(data)["To"]
        assert str(make_header(decode_header(to.rpartition("<")[0].strip()))) == name_of(code)
        assert [address for _, address in getaddresses([to])] == [address_of(code)]
        assert name_of(code) in text_of(data)
        assert "chậm nhất ngày 30/01/2026" in text_of(data)
        (part,) = message.iter_attachments()
        assert part.get_content_type() == f"application/{XLSX}"
        assert part.get_filename() == f"Phiếu thi đua 2025 {code}.xlsx"
        assert unit_in(attached(data)) == code


def test_an_attachment_has_a_name_for_old_and_new_programs(letters: Letters) -> None:
    data = draft_bytes(letters.ready[0], None)
    (header,) = re.findall(rb"Content-Disposition: attachment;(?:\r\n [^\r]*)+", data)
    new, old = re.fullmatch(
        rb"Content-Disposition: attachment;\r\n filename\*=utf-8''([!-~]+);\r\n filename=\"([!-~]+)\"", header
    ).groups()  # type: ignore[union-attr]
    assert unquote(new.decode()) == "Phiếu thi đua 2025 VP.xlsx"
    assert old == b"phieu-thi-dua-2025-VP.xlsx"
    assert b'name="%s"' % old in data


def test_drafts_are_made_again_only_beside_changed_ones(folder: Path, letters: Letters) -> None:
    first = draft_letters(outbox_with(folder, letters))
    again = draft_letters(outbox_with(folder, letters))
    assert (again.folder, again.fresh) == (first.folder, False)
    changed = first.folder / "VP.eml"
    changed.write_bytes(changed.read_bytes().replace(b"X-Unsent: 1", b"X-Unsent: 1\r\nX-Own: 1"))
    kept = changed.read_bytes()
    third = draft_letters(outbox_with(folder, letters))
    assert third.folder != first.folder
    assert changed.read_bytes() == kept


def test_the_index_lists_every_unit(folder: Path) -> None:
    (folder / "phat-hanh" / ROUND / "KT.xlsx").unlink()
    drafts = draft_letters(outbox_of(folder))
    rows = {row[0]: row for row in rows_of(drafts.folder / INDEX)}
    assert set(rows) == set(CODES)
    (letter,) = outbox_of(folder, units=["VP"]).letters.ready
    assert rows["VP"][2:5] == (address_of("VP"), letter.subject, "Phiếu thi đua 2025 VP.xlsx")
    assert "thidua issue" in rows["KT"][5]


# Sending


def test_thirty_units_receive_their_own_workbook(folder: Path, certificates: Certificates) -> None:
    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port, per_minute=30)
        pauses: list[float] = []
        outbox = outbox_of(folder)
        posted = send_letters(outbox, PASSWORD, sleep=pauses.append, now=lambda: AT)
        assert send_letters(outbox, PASSWORD).outcomes == ()
    assert set(states(posted).values()) == {State.ACCEPTED}
    assert pauses == [2.0] * (COUNT - 1)
    assert len(habits.connections) == 1
    assert Counter(to for to, _ in habits.received) == Counter(address_of(code) for code in CODES)
    for to, data in habits.received:
        code = unit_in(attached(data))
        message = parsed(data)
        assert (address_of(code), name_of(code) in message["Subject"]) == (to, True)
        assert (message["X-Unsent"], message["From"].addresses[0].addr_spec) == (None, USER)
        assert message["Date"].datetime == AT
        assert "Cô Hằng, 0299 300 0101" in text_of(data)
    assert len({parsed(data)["Message-ID"] for _, data in habits.received}) == COUNT
    rows = rows_of(folder / "thu" / verbs.LOG_SHEET)
    assert Counter((row[3], row[8]) for row in rows) == Counter((code, State.ACCEPTED.label) for code in CODES)
    assert PASSWORD not in "".join(path.read_text("utf-8") for path in folder.glob("thu/*.jsonl"))


def test_after_a_drop_the_next_call_sends_exactly_the_rest(
    folder: Path, certificates: Certificates, letters: Letters
) -> None:
    habits = Habits(closes_after=12)
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        dropped = sent(folder, letters)
        first = [to for to, _ in habits.received]
        habits.closes_after = None
        rest = sent(folder, letters)
    assert len(first) == 12
    assert dropped.stopped
    assert Counter(states(dropped).values()) == {State.ACCEPTED: 12, State.NOT_SENT: COUNT - 12}
    second = [to for to, _ in habits.received[12:]]
    assert Counter(first + second) == Counter(map(address_of, CODES))
    assert set(states(rest).values()) == {State.ACCEPTED}


def test_tls_from_the_first_byte(folder: Path, certificates: Certificates) -> None:
    habits = Habits()
    with mail_server(certificates, habits, "tls") as port:
        configured(folder, certificates, port, security="tls")
        posted = send_letters(outbox_of(folder, units=["KT"]), PASSWORD)
    assert (states(posted), len(habits.received)) == ({"KT": State.ACCEPTED}, 1)


def test_a_letter_of_unknown_fate_is_not_sent_twice_unasked(
    folder: Path, certificates: Certificates, few: Letters
) -> None:
    lost_at = few.ready[2]
    habits = Habits(closes_in_text_of=lost_at.to.address)
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        lost = sent(folder, few)
        habits.closes_in_text_of = None
        rest = sent(folder, few)
        asked = sent(folder, replace(few, ready=(lost_at,)), again=True)
    assert states(lost)[lost_at.unit] is State.UNKNOWN
    assert rest.selection.unknown == (lost_at,)
    assert [letter.unit for letter, _, _ in rest.outcomes] == [letter.unit for letter in few.ready[3:]]
    assert states(asked) == {lost_at.unit: State.ACCEPTED}
    twice = [parsed(data)["Message-ID"] for to, data in habits.received if to == lost_at.to.address]
    # A server that did take the first one drops the second.
    assert len(twice) == 2
    assert len(set(twice)) == 1


class PowerCut(BaseException):
    """Ends everything, as a power cut does."""


def test_a_crash_in_the_middle_leaves_the_letter_unknown(
    folder: Path, certificates: Certificates, few: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise PowerCut

    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        with monkeypatch.context() as patched:
            patched.setattr(verbs, "hand_over", cut)
            with pytest.raises(PowerCut):
                sent(folder, few)
        with (folder / "thu" / journal.LOG).open("ab") as torn:
            torn.write(b'{"at": "2026')
        rest = sent(folder, few)
    assert rest.selection.unknown == few.ready[:1]
    assert [letter for letter, _, _ in rest.outcomes] == list(few.ready[1:])
    assert len(habits.received) == len(few.ready) - 1
    log, torn_lines = journal.read_log(folder)
    # Begun, and then begun and answered for each of the others.
    assert (len(log), torn_lines) == (1 + 2 * (len(few.ready) - 1), 1)


def test_a_refused_address_does_not_stop_the_rest(folder: Path, certificates: Certificates, few: Letters) -> None:
    habits = Habits(refuses=frozenset({address_of("KT")}), refuses_text_of=frozenset({address_of("VH")}))
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        posted = sent(folder, few)
        habits.refuses = habits.refuses_text_of = frozenset()
        again = sent(folder, few)
    refused = {letter.unit: reply for letter, state, reply in posted.outcomes if state is State.REFUSED}
    assert {code: reply[:3] for code, reply in refused.items()} == {"KT": "550", "VH": "554"}
    assert posted.count(State.ACCEPTED) == len(few.ready) - len(refused)
    assert states(again) == {"KT": State.ACCEPTED, "VH": State.ACCEPTED}


def test_ctrl_c_loses_nothing(
    folder: Path, certificates: Certificates, few: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        between = sent(folder, few, sleep=interrupt)
        monkeypatch.setattr(verbs, "hand_over", interrupt)
        inside = sent(folder, few)
        monkeypatch.undo()
        rest = sent(folder, few)
    assert between.interrupted
    assert inside.interrupted
    assert [state for _, state, _ in between.outcomes] == [State.ACCEPTED] + [State.NOT_SENT] * (len(few.ready) - 1)
    assert [state.open for _, state, _ in inside.outcomes] == [True] + [False] * (len(few.ready) - 2)
    assert [letter for letter, _, _ in rest.outcomes] == list(few.ready[2:])


def test_two_calls_at_once_do_not_send_twice(folder: Path, certificates: Certificates, few: Letters) -> None:
    configured(folder, certificates, free_port())
    with only_run(folder), pytest.raises(CampaignError) as caught:
        sent(folder, few)
    assert caught.value.exit_code == 3


def test_a_new_form_or_address_is_a_new_letter_and_a_new_wording_is_not(
    folder: Path, certificates: Certificates
) -> None:
    def outbox() -> Outbox:
        return outbox_of(folder, units=["VP", "KT", "VH"])

    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        send_letters(outbox(), PASSWORD)
        wording = folder / Kind.ISSUE.template
        wording.write_text(wording.read_text("utf-8-sig").replace("Trân trọng", "Kính thư"), "utf-8")
        assert send_letters(outbox(), PASSWORD).outcomes == ()
        (folder / "ke-hoach.toml").write_text(plan_text({"KT": "kinhte@example.vn"}), "utf-8")
        form = folder / "phat-hanh" / ROUND / "VP.xlsx"
        book = openpyxl.load_workbook(BytesIO(form.read_bytes()))
        book.save(form)
        changed = outbox()
        assert changed.selection.replacing == ("VP", "KT")
        posted = send_letters(changed, PASSWORD)
    assert states(posted) == {"VP": State.ACCEPTED, "KT": State.ACCEPTED}
    assert habits.received[-1][0] == "kinhte@example.vn"
    assert "Kính thư" in text_of(habits.received[-1][1])


def test_two_units_of_one_address_get_a_letter_each(folder: Path, certificates: Certificates) -> None:
    (folder / "ke-hoach.toml").write_text(plan_text({"KT": "VP@example.vn"}), "utf-8")
    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        outbox = outbox_of(folder, units=["VP", "KT", "VH"])
        send_letters(outbox, PASSWORD)
    (remark,) = outbox.letters.remarks
    assert all(word in remark for word in ("VP", "KT", address_of("VP")))
    assert {unit_in(attached(data)) for to, data in habits.received if to.lower() == address_of("VP")} == {"VP", "KT"}


# Trouble with the server: one sentence, exit code 3, and not a line in the log


def test_no_trouble_with_the_server_sends_or_loses_anything(
    folder: Path, certificates: Certificates, letters: Letters
) -> None:
    def trouble(password: str = PASSWORD, **said: Any) -> str:
        configured(folder, certificates, **said)
        with pytest.raises(CampaignError) as caught:
            send_letters(outbox_with(folder, letters), password)
        assert caught.value.exit_code == 3
        assert "\n" not in str(caught.value)
        assert "Chưa gửi thư nào" in str(caught.value)
        return str(caught.value)

    habits = Habits()
    with mail_server(certificates, habits) as port:
        assert "mật khẩu" in trouble("sai", port=port)
        other = Certificates(folder)
        other.ca.rename(folder / "khac.pem")
        assert "chứng thư" in trouble(port=port, ca="khac.pem")
        assert "mã hóa" in trouble(port=port, security="tls")
    with mail_server(certificates, habits, "none") as port:
        assert "STARTTLS" in trouble(port=port)
    assert "Không kết nối được" in trouble(port=free_port())
    with silent_server() as port:
        assert "không trả lời" in trouble(port=port, timeout=1)
    assert habits.received == []
    assert not (folder / "thu" / journal.LOG).exists()
    assert outbox_with(folder, letters).selection.now == letters.ready


def test_a_certificate_of_another_host_is_refused(folder: Path, letters: Letters, tmp_path: Path) -> None:
    elsewhere = Certificates(tmp_path, "mail.example.vn")
    habits = Habits()
    with mail_server(elsewhere, habits) as port:
        configured(folder, elsewhere, port)
        with pytest.raises(CampaignError, match="chứng thư"):
            sent(folder, letters)
    assert habits.received == []


def test_without_a_log_nothing_is_sent(folder: Path, certificates: Certificates, letters: Letters) -> None:
    (folder / "thu").write_bytes(b"")
    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        posted = sent(folder, letters)
    assert habits.received == []
    assert "nhật ký" in posted.stopped
    assert set(states(posted).values()) == {State.NOT_SENT}


# Who gets which letter


def test_only_units_that_returned_nothing_are_reminded(folder: Path) -> None:
    outbox = outbox_of(folder, Kind.REMIND)
    assert [letter.unit for letter in outbox.letters.ready] == [code for code in CODES if code not in RETURNED]
    assert all(unit_in(letter.attachment.data) == letter.unit for letter in outbox.letters.ready if letter.attachment)


def test_a_new_run_may_remind_again_and_one_run_does_not(folder: Path, certificates: Certificates) -> None:
    def outbox() -> Outbox:
        return outbox_of(folder, Kind.REMIND, units=["KT", "VH"])

    habits = Habits()
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        assert len(send_letters(outbox(), PASSWORD).outcomes) == 2
        assert outbox().selection.now == ()
    results = folder / "ket-qua"
    shutil.copytree(results / "lan-001", results / "lan-002")
    (results / NEWEST).write_text("lan-002\n", "utf-8")
    assert [letter.unit for letter in outbox().selection.now] == ["KT", "VH"]


def test_files_that_no_run_has_read_are_told_before_reminding(folder: Path) -> None:
    assert outbox_of(folder, Kind.REMIND, units=["KT"]).letters.remarks == ()
    shutil.copy(folder / "phat-hanh" / ROUND / "KT.xlsx", folder / "nop")
    (remark,) = outbox_of(folder, Kind.REMIND, units=["KT"]).letters.remarks
    assert "1 tệp" in remark
    assert f"thidua run {typed(folder)} --round {ROUND}" in remark


def test_a_unit_whose_file_is_held_is_not_told_that_it_sent_nothing(folder: Path) -> None:
    (path,) = folder.glob("ket-qua/*/ket-qua.json")
    said = json.loads(path.read_text("utf-8"))
    said["files"].append({**said["files"][0], "unit": "KT", "path": "nop/x.xlsx", "verdict": "held"})
    path.write_text(json.dumps(said), "utf-8")
    found = outbox_of(folder, Kind.REMIND, units=["KT", "VH"]).letters
    assert [item.unit for item in found.missing] == ["KT"]
    assert [letter.unit for letter in found.ready] == ["VH"]


def test_feedback_goes_to_units_with_faults_and_lists_what_to_correct(folder: Path) -> None:
    (path,) = folder.glob("ket-qua/*/ket-qua.json")
    said = json.loads(path.read_text("utf-8"))
    ready = outbox_of(folder, Kind.FEEDBACK).letters.ready
    assert Counter(letter.unit for letter in ready) == Counter(RETURNED)
    for letter in ready:
        faults = [item for item in said["findings"] if item["unit"] == letter.unit and item["severity"] == "error"]
        assert faults
        assert all(item["message"] in letter.body for item in faults)
        assert all(cell in letter.body for item in faults for cell in item["cells"])
        marked = path.parent / "phan-hoi" / f"{letter.unit}.xlsx"
        assert letter.attachment
        assert letter.attachment.data == marked.read_bytes()
        assert letter.attachment.name == f"Phiếu cần sửa 2025 {letter.unit}.xlsx"


def test_nobody_gets_the_workbook_of_another_unit(folder: Path) -> None:
    for forms in (folder / "phat-hanh" / ROUND, next(folder.glob("ket-qua/*/phan-hoi"))):
        shutil.copy(forms / "VP.xlsx", forms / "DV-04.xlsx")
    (folder / "phat-hanh" / ROUND / "DV-05.xlsx").write_bytes(b"PK\x03\x04")
    units = ["VP", "DV-04", "DV-05"]
    issued, marked = (outbox_of(folder, kind, units=units).letters for kind in (Kind.ISSUE, Kind.FEEDBACK))
    assert [item.unit for item in issued.missing] == ["DV-04", "DV-05"]
    assert [item.unit for item in marked.missing] == ["DV-04"]
    assert all("không phải phiếu của đơn vị này" in item.reason for item in (*issued.missing, *marked.missing))


def decide(folder: Path, award: str = "Giấy khen", reason: str = "không đủ phiếu") -> dict[str, Any]:
    """What the council's decision on the last run would be, had it had VP and KT before it."""
    (path,) = folder.glob("ket-qua/*/ket-qua.json")
    said = json.loads(path.read_text("utf-8"))
    for item in said["decisions"]:
        if item["unit"] in ("VP", "KT"):
            item |= {"outcome": Outcome.PROPOSED.name, "reasons": []}
    path.write_text(json.dumps(said), "utf-8")
    lines = [
        {"subject": "collective", "unit": "VP", "person": None, "decision": "KHEN", "award": award, "amount": 1410000,
         "reason": ""},
        {"subject": "collective", "unit": "KT", "person": None, "decision": "KHONG_KHEN", "award": None, "amount": None,
         "reason": reason},
    ]  # fmt: skip
    head = {key: said[key] for key in ("plan", "year", "round")}
    decision = folder / DECISIONS / f"{ROUND}-01"
    decision.mkdir(parents=True)
    (decision / DECIDED).write_text(json.dumps({**head, "run": path.parent.name, "lines": lines}), "utf-8")
    return dict(said)


def test_results_wait_for_the_council_and_tell_each_unit_its_own(folder: Path) -> None:
    with pytest.raises(CampaignError, match="Hội đồng chưa quyết định") as early:
        outbox_of(folder, Kind.RESULT)
    assert early.value.exit_code == 2
    said = decide(folder)
    found = {letter.unit: letter for letter in outbox_of(folder, Kind.RESULT).letters.ready}
    assert set(found) == set(CODES)
    assert not any(letter.attachment for letter in found.values())
    assert "Tập thể: Giấy khen, tiền thưởng 1.410.000 đồng." in found["VP"].body
    assert "Lý do: không đủ phiếu." in found["KT"].body
    for item in said["decisions"]:
        if item["unit"] not in ("VP", "KT"):
            body = found[item["unit"]].body
            assert Outcome[item["outcome"]].value in body
            if item["outcome"] == Outcome.NOT_RETURNED.name:
                assert "không có tệp nào gửi về" in body
            else:
                assert all(reason["message"].rstrip(".") in body for reason in item["reasons"])
    assert sum("1.410.000" in letter.body for letter in found.values()) == 1


def test_a_unit_that_the_council_forgot_is_told_nothing_yet(folder: Path) -> None:
    decide(folder)
    (path,) = folder.glob(f"{DECISIONS}/*/{DECIDED}")
    decided = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**decided, "lines": decided["lines"][:1]}), "utf-8")
    assert [item.unit for item in outbox_of(folder, Kind.RESULT).letters.missing] == ["KT"]


def test_reminding_needs_a_run_of_this_round(folder: Path) -> None:
    (path,) = folder.glob("ket-qua/*/ket-qua.json")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "round": "so-ket"}), "utf-8")
    with pytest.raises(CampaignError, match="thidua run"):
        outbox_of(folder, Kind.REMIND)
    shutil.rmtree(folder / "ket-qua")
    with pytest.raises(CampaignError, match="thidua run"):
        outbox_of(folder, Kind.FEEDBACK)


# Addresses and headers


@pytest.mark.parametrize("typed", ["vp@example.vn", "Van.Phong+1@so-noi-vu.can-tho.gov.vn"])
def test_addresses_pass_as_typed(typed: str) -> None:
    assert read_address(typed) == (typed, "")


def test_a_domain_in_vietnamese_letters_goes_as_ascii() -> None:
    address, fault = read_address("vp@thành-phố.vn")
    assert (fault, address.isascii()) == ("", True)
    assert address.rpartition("@")[2].encode().decode("idna") == "thành-phố.vn"


@pytest.mark.parametrize(
    "typed",
    ["", "vp", "@example.vn", "vp@", "vp@example", "vp@@example.vn", "vp..x@example.vn", ".vp@example.vn", "vp@-x.vn",
     "vp@example..vn", "vp@1.2.3.4", "văn@example.vn", "a@x.vn; b@x.vn", "a@x.vn, b@x.vn", "a b@x.vn",
     "vp@example.vn\nBcc: x@y.vn", "vp@example.vn\r\nBcc: x@y.vn", "<vp@example.vn>", "vp@exa\u200bmple.vn\x00",
     f"{'a' * 65}@example.vn", f"a@{'b' * 64}.vn"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_a_sentence(typed: str) -> None:
    address, fault = read_address(typed)
    assert address == ""
    assert fault
    assert "\n" not in fault


def test_units_without_an_address_that_works_are_listed_and_the_rest_get_theirs(folder: Path) -> None:
    text = plan_text({"KT": "vp..x@example.vn"}).replace(f', email = "{address_of("VH")}"', "")
    (folder / "ke-hoach.toml").write_text(text, "utf-8")
    found = outbox_of(folder, units=CODES[:4]).letters
    assert {item.unit: "Thư điện tử" in item.reason for item in found.missing} == {"KT": True, "VH": True}
    assert {letter.unit for letter in found.ready} == {"VP", "DV-04"}


@pytest.mark.parametrize("name", ["Phòng\r\nBcc: x@y.vn\r\n\r\nchào", "Phong\nBcc: x@y.vn", "Phong <x@y.vn>, a@b.vn"])
def test_no_text_becomes_a_header(name: str) -> None:
    template, _ = read_template(DEFAULTS[Kind.RESULT], Kind.RESULT)
    assert template
    subject, body = fill(template, dict.fromkeys(allowed(Kind.RESULT), name))
    letter = Letter(Kind.RESULT, ROUND, "VP", Mailbox(clean(name), "vp@example.vn"), subject, body, None, "")
    data = draft_bytes(letter, None)
    assert "\n" not in subject
    assert list(parsed(data)) == ["Content-Type", "MIME-Version", "To", "Subject", "X-Unsent"]
    assert [address for _, address in getaddresses([email.message_from_bytes(data)["To"]])] == ["vp@example.vn"]


# The wording


@pytest.mark.parametrize("kind", Kind)
def test_the_given_wording_uses_only_what_its_kind_knows(kind: Kind) -> None:
    template, faults = read_template(DEFAULTS[kind], kind)
    assert (faults, template is None) == ((), False)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Tiêu đề: a\n\nKính gửi {don vi}", 3, ("{don vi}", "{đơn vị}", "{hạn nộp}")),
        ("Tiêu đề: a\n{kết quả}", 2, ("{kết quả}",)),
        ("Tiêu đề: a\n\n\nhạn {hạn nộp", 4, ("«{»",)),
        ("Kính gửi", 1, ("Tiêu đề:",)),
        ("", 1, ("Tiêu đề:",)),
        ("Tiêu đề:\nKính gửi", 1, ("Tiêu đề:",)),
    ],
)
def test_a_fault_of_the_wording_names_its_line(text: str, line: int, words: tuple[str, ...]) -> None:
    template, (fault,) = read_template(text, Kind.ISSUE)
    assert template is None
    assert fault.startswith(f"Dòng {line}")
    assert all(word in fault for word in words)


def test_values_are_never_read_as_fields() -> None:
    template, _ = read_template("Tiêu đề: {đơn vị}\n\n{đơn vị}", Kind.ISSUE)
    assert template
    fields = dict.fromkeys(allowed(Kind.ISSUE), "{liên hệ}")
    assert fill(template, fields) == ("{liên hệ}", "{liên hệ}\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_offices_own_wording_is_used_and_kept(folder: Path, encoding: str) -> None:
    own = folder / Kind.ISSUE.template
    own.write_bytes("Tiêu đề: Gửi {mã đơn vị}\r\n\r\nChào {ĐƠN VỊ}!\r\n".encode(encoding))
    before = own.read_bytes()
    (letter,) = outbox_of(folder, units=["VP"]).letters.ready
    assert (letter.subject, letter.body) == ("Gửi VP", f"Chào {name_of('VP')}!\n")
    assert own.read_bytes() == before


# The command


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, ["mail", *arguments])


def test_drafts_by_default_and_the_way_to_send_them(folder: Path) -> None:
    result = run(str(folder))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == COUNT
    assert f"thidua mail {typed(folder)} --round {ROUND} --send" in result.stderr
    assert not (folder / "thu" / journal.LOG).exists()


def test_a_missing_form_is_listed_and_tells(folder: Path) -> None:
    (folder / "phat-hanh" / ROUND / "KT.xlsx").unlink()
    result = run(str(folder), "--unit", "KT", "--unit", "VH")
    assert result.exit_code == 1
    assert f"thidua issue {typed(folder)} --round {ROUND} --unit KT" in result.stderr
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == ["VH"]


def test_sending_from_a_script(folder: Path, certificates: Certificates) -> None:
    habits = Habits(refuses=frozenset({address_of("KT")}))
    units = ["--unit", "VP", "--unit", "KT", "--unit", "VH"]
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        unasked = run(str(folder), *units, "--send", THIDUA_SMTP_PASSWORD=PASSWORD)
        assert (unasked.exit_code, habits.received) == (2, [])
        assert "--yes" in unasked.stderr
        speechless = run(str(folder), *units, "--send", "--yes")
        assert (speechless.exit_code, habits.received) == (2, [])
        assert settings.PASSWORD in speechless.stderr
        result = run(str(folder), *units, "--send", "--yes", THIDUA_SMTP_PASSWORD=PASSWORD)
    assert result.exit_code == 1
    assert "550" in result.stderr
    assert [line.split("\t")[::2] for line in result.stdout.splitlines()] == [
        ["VP", State.ACCEPTED.label],
        ["KT", State.REFUSED.label],
        ["VH", State.ACCEPTED.label],
    ]
    assert len(habits.received) == 2


@pytest.mark.parametrize(("answer", "received"), [("có", 1), ("không", 0), ("", 0)])
def test_a_person_is_asked_first(
    folder: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, answer: str, received: int
) -> None:
    habits = Habits()
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    with mail_server(certificates, habits) as port:
        configured(folder, certificates, port)
        asked = ["mail", str(folder), "--send", "--unit", "VP"]
        typed = CliRunner().invoke(main, asked, input=f"{answer}\n{PASSWORD}\n")
    assert len(habits.received) == received, typed.output
    assert "Sẽ gửi 1 thư" in typed.stderr
    assert PASSWORD not in typed.output
    assert typed.exit_code == (0 if received else 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('password = "x"', "không được ghi mật khẩu"),
        ('mat_khau = "x"', "không được ghi mật khẩu"),
        ('hots = "x"', "không có khóa «hots»"),
        ('security = "none"', "starttls"),
        ('port = "587"', "số nguyên"),
        ("port = 0", "từ 1 đến"),
        ("per_minute = true", "số nguyên"),
        ('from = "vanphong"', "không phải địa chỉ"),
        ('from = "Văn phòng <a@b.vn>, c@d.vn"', "không phải"),
        ('host = "smtp x"', "không phải tên máy chủ"),
        ('ca = "khong-co.pem"', "khong-co.pem"),
        ("# dòng\nhost = smtp.example.vn", "dòng 2"),
    ],
)
def test_faulty_settings_are_told_in_a_sentence(folder: Path, line: str, words: str) -> None:
    (folder / settings.FILE).write_text(line, "utf-8")
    result = run(str(folder), "--send", "--yes")
    assert result.exit_code == 2
    assert words in result.stderr
    assert settings.FILE in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--remind", "--feedback"], "Chỉ chọn một"),
        (["--again"], "--again chỉ dùng cùng --send"),
        (["--unit", "XX"], "XX"),
        (["--send", "--yes", "--unit", "VP"], "host"),
        (["--round", "so-ket"], "so-ket"),
        (["--result"], "thidua finalize"),
    ],
)
def test_wrong_use_is_one_sentence(folder: Path, arguments: list[str], words: str) -> None:
    result = run(str(folder), *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def test_a_folder_that_is_no_campaign(tmp_path: Path) -> None:
    assert run(str(tmp_path / "không có")).exit_code == 2
    assert run(str(tmp_path)).exit_code == 2
    assert not list(tmp_path.iterdir())


def test_the_environment_stands_above_the_file(folder: Path) -> None:
    (folder / settings.FILE).write_text('host = "a.vn"\nport = 465\n', "utf-8")
    found = settings.read_settings(folder, {"THIDUA_SMTP_HOST": "b.vn", "THIDUA_SMTP_FROM": "x@b.vn"})
    assert (found.host, found.port, found.security, found.sender) == ("b.vn", 465, "tls", Mailbox("", "x@b.vn"))


def test_the_sample_settings_are_left_once_and_say_nothing(folder: Path) -> None:
    first = settings.read_settings(folder, {})
    assert first == settings.Settings()
    assert settings.read_settings(folder, {}) == first
    uncommented = re.sub(r"(?m)^# (?=[a-z_]+ = )", "", settings.SAMPLE)
    (folder / settings.FILE).write_text(uncommented, "utf-8")
    (folder / "chung-thu.pem").write_bytes(b"")
    assert settings.read_settings(folder, {}).host == "smtp.example.vn"
