"""Turns the council's workbook, given back, into the decision, its papers and the register; or into all its faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.archive import PLAN, PublishedRun, published_runs
from thidua_xlsx.campaign.decided import DECIDED, DECIDED_BOOK, decisions_of, next_decision
from thidua_xlsx.campaign.errors import CampaignError, not_written, wrong_use
from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.council import COUNCIL_SHEET, Resolved
from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.refusals import why_refused
from thidua_xlsx.model.results import Decision
from thidua_xlsx.model.text import printable, typed
from thidua_xlsx.papers import shipped_templates, write_papers
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Inputs, Progress, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan, open_campaign
from thidua_xlsx.stages.council.compare_summary import changed_cells
from thidua_xlsx.stages.council.council_cases import cases_of
from thidua_xlsx.stages.council.read_council import council_grid, mark_in, read_council, session_places
from thidua_xlsx.stages.council.resolve import check_ballots, register_lines, resolve, with_ballots
from thidua_xlsx.stages.office.register_rows import RegisterRows, register_rows
from thidua_xlsx.stages.office.registers import Entries, entries_of
from thidua_xlsx.workbooks.decision_json import decision_bytes
from thidua_xlsx.workbooks.decision_workbook import write_decision
from thidua_xlsx.workbooks.reader.cells import read_own_book
from thidua_xlsx.workbooks.register_workbook import extend_register

TEMPLATES = "mau-van-ban"
STRAYS = "Ghi chú ngoài bảng, sheet thêm và màu sắc của sổ không chuyển sang bản mới: xem ở bản lưu."


@dataclass(frozen=True, slots=True)
class FinalizeOutput:
    """What became of it: faults and nothing else, or the decision and where it stands.

    ``target`` None with ``resolved``: this very decision was taken down before. ``recorded``: what the register
    was told. ``source`` is the workbook that was read.
    """

    source: Path
    round: Round
    findings: tuple[Finding, ...] = ()
    resolved: Resolved | None = None
    target: Path | None = None
    recorded: Entries = field(default_factory=Entries)
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return int(bool(self.findings))


@dataclass(frozen=True, slots=True)
class Given:
    """The council's workbook as it was given back, and the run that it is of."""

    source: Path
    book: Book
    run: PublishedRun
    made: Book
    plan: Plan
    round: Round


class Faulty(Exception):
    """Faults that leave nothing to go on with."""

    def __init__(self, source: Path, *findings: Finding) -> None:
        super().__init__()
        self.source, self.findings = source, findings


def finalize(
    folder: Path | str,
    *,
    round_code: str | None = None,
    summary: Path | None = None,
    inbox: Path | None = None,
    today: date | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> FinalizeOutput:
    """The council's decisions in, the decision out: nothing is written until nothing is wrong."""
    home = Path(folder)
    campaign = open_campaign(home)
    with names.only_run(home):
        round_ = choose_round(campaign, round_code)
        try:
            given = take_back(home, round_ if round_code else None, summary)
        except Faulty as faulty:
            return FinalizeOutput(faulty.source, round_, faulty.findings)
        day = today or date.today()
        inputs = gather(home, given.plan, given.round, drop_folder(given.run, inbox), day, progress)
        now, _ = assess(inputs)
        resolved, findings = judge(given, now.decisions, inputs.findings, day)
        kept, more = open_rows(home)
        templates = templates_of(home)
        papers: Mapping[str, bytes] = {}
        if resolved is not None:
            papers, faults = write_papers(resolved, templates)
            findings += faults
        entries = Entries() if resolved is None else new_entries(inputs, resolved)
        findings += more if entries else ()
        if findings or resolved is None:
            return FinalizeOutput(given.source, given.round, findings)
        return publish(home, given, resolved, papers, kept, entries, day)


# Reading


def take_back(home: Path, round_: Round | None, summary: Path | None) -> Given:
    """The named workbook, or that of the newest run (of the round), with the run whose mark it bears."""
    runs = list(published_runs(home))
    own = [run for run in runs if round_ is None or run.said["round"] == round_.code]
    if not own:
        which = f" --round {round_.code}" if round_ else ""
        raise wrong_use(f"Chưa có lần tổng hợp nào của đợt này. Chạy trước: thidua run {typed(home)}{which}")
    source = summary or own[0].summary
    data = names.read_optional(source)
    if data is None:
        raise wrong_use(f"Không thấy tệp {printable(str(source))}. Kiểm tra đường dẫn của bảng tổng hợp đã ghi.")
    book = read_own_book(data)
    if isinstance(book, Refusal):
        detail = why_refused(book.code)
        raise Faulty(source, finding(Code.COUNCIL_UNREADABLE, Place(source.name), value=book.code, detail=detail))
    run = _run_of(source, book, own, runs)
    try:
        kept = (run.kept / names.SUMMARY).read_bytes()
        plan = load_plan(run.kept / PLAN)
    except (OSError, CampaignError):
        detail = f"là của {run.name} mà chương trình không còn giữ bản gốc để đối chiếu"
        raise Faulty(source, _other(source, detail, "bảng của lần tổng hợp mới (chạy lại thidua run)")) from None
    made = read_own_book(kept)
    assert isinstance(made, Book)
    return Given(source, book, run, made, plan, choose_round(plan, run.said["round"]))


def drop_folder(run: PublishedRun, inbox: Path | None) -> Path:
    """Where the returns lie: as told now, else where the run found them."""
    found = inbox or run.inbox
    if not found.is_dir():
        raise wrong_use(
            f"Không thấy thư mục phiếu {printable(str(found))} mà {run.name} đã đọc. "
            "Đặt lại thư mục vào chỗ cũ, hoặc thêm --inbox THƯ-MỤC vào lệnh."
        )
    return found


def _other(source: Path, detail: str, where: str) -> Finding:
    return finding(Code.COUNCIL_OTHER_RUN, Place(source.name, COUNCIL_SHEET), detail=detail, where=where)


def _run_of(source: Path, book: Book, own: list[PublishedRun], runs: list[PublishedRun]) -> PublishedRun:
    """The run whose mark the workbook bears, of this round."""
    where = f"{names.RESULTS}/{own[0].name}/{names.SUMMARY}"
    mark = mark_in(book)
    if mark is None:
        raise Faulty(source, _other(source, "không mang mã của lần tổng hợp nào", where))
    found = next((run for run in own if run.mark == mark), None)
    if found:
        return found
    other = next((run for run in runs if run.mark == mark), None)
    detail = (
        f"mang mã {mark} của {other.name}, đợt {other.said['round']}, không phải đợt này"
        if other
        else f"mang mã {mark}, không phải của lần tổng hợp nào trong thư mục này (kế hoạch, đợt hoặc thư mục khác)"
    )
    raise Faulty(source, _other(source, detail, where))


# Judging


def judge(
    given: Given, now: Iterable[Decision], gathered: Iterable[Finding], today: date
) -> tuple[Resolved | None, tuple[Finding, ...]]:
    """What the council resolved, judged by the plan and by what is decided on what is known today; or every fault."""
    file = given.source.name
    cases = cases_of(given.plan, given.run.said, now)
    listed = {case.ballot.code: case.name for case in cases}
    sheet, findings = read_council(given.book, file, listed, printed_codes(given.made))
    if any(item.code is Code.COUNCIL_SHEET_MISSING for item in findings):
        return None, findings
    findings += changed_cells(given.made, given.book, file, frozenset(listed))
    cases = with_ballots(cases, sheet)
    unread = {item.place for item in findings}
    ruled = check_ballots(cases, sheet, given.round, session_places(given.book, file), file)
    # What cannot be read is not asked for a second time.
    findings += tuple(item for item in ruled if item.place not in unread)
    findings += tuple(item for item in gathered if names.is_register(item.place.file) and _is_error(item))
    if findings:
        return None, findings
    run = given.run
    return resolve(given.plan, given.round, run.name, run.mark, cases, sheet.session, today), ()


def printed_codes(made: Book) -> frozenset[str]:
    """What stands in the column of codes of the sheet as it was made."""
    grid = council_grid(made)
    return frozenset(row.code for row in grid.rows) if grid else frozenset()


def _is_error(item: Finding) -> bool:
    return item.severity is Severity.ERROR


def new_entries(inputs: Inputs, resolved: Resolved) -> Entries:
    """What the register does not say yet."""
    plan, round_, session = resolved.plan, resolved.round, resolved.session
    whose = plan.head.id, plan.years_of(round_)[1], round_.code
    decided = session.decided_on or round_.decision_date
    found = entries_of(inputs.register, register_lines(resolved), whose, session.number, decided)
    # Only the register that decisions are written to is; those of other years are as their keepers left them.
    return replace(found, dated=tuple(item for item in found.dated if item.place.file == names.REGISTER))


def open_rows(home: Path) -> tuple[RegisterRows, tuple[Finding, ...]]:
    """The register as typed; without one a new one begins."""
    data = names.read_optional(home / names.REGISTER)
    book = read_own_book(data) if data is not None else None
    return register_rows(book, names.REGISTER) if isinstance(book, Book) else (RegisterRows(), ())


def templates_of(home: Path) -> dict[str, bytes]:
    """The office's own templates; what it has not changed comes with the program."""
    own = sorted((home / TEMPLATES).glob("*.docx"))
    try:
        return {path.name: written.patiently(path.read_bytes) for path in own if not path.name.startswith("~$")}
    except OSError:
        raise not_written(f"Không mở được mẫu trong {TEMPLATES}/. Đóng tệp trong Word rồi chạy lại.") from None


# Writing


def publish(
    home: Path,
    given: Given,
    resolved: Resolved,
    papers: Mapping[str, bytes],
    kept: RegisterRows,
    entries: Entries,
    today: date,
) -> FinalizeOutput:
    """The decision appears whole, then the register; a decision that stands already is not written again."""
    said = decision_bytes(resolved)
    earlier = decisions_of(home, given.round.code)
    target = None if earlier and _same(earlier[-1] / DECIDED, said) else next_decision(home, given.round.code)
    if target:
        written.publish(target, {DECIDED: said, DECIDED_BOOK: write_decision(resolved), **papers})
        hand_out(home)
    remarks = record(home, kept, entries, today) if entries else ()
    return FinalizeOutput(given.source, given.round, (), resolved, target, entries, remarks)


def _same(path: Path, said: bytes) -> bool:
    try:
        return path.read_bytes() == said
    except OSError:
        return False


def hand_out(home: Path) -> None:
    """The shipped templates, for staff to edit; one that is there is never touched."""
    for name, data in shipped_templates().items():
        path = home / TEMPLATES / name
        if not path.exists():
            written.write_whole(path, data)


def record(home: Path, kept: RegisterRows, entries: Entries, today: date) -> tuple[str, ...]:
    """The register with its new lines, in the place of the present one, of which a dated copy stays beside."""
    path = home / names.REGISTER
    before = names.read_optional(path)
    remarks: tuple[str, ...] = ()
    if before is not None:
        copy = written.write_copy(path, before, f" ({names.SAVED} {today.isoformat()})")
        remarks = (f"Bản trước của {names.REGISTER} lưu ở «{copy.name}».", *((STRAYS,) if kept.strays else ()))
    written.write_whole(path, extend_register(kept.dated(entries.dated), entries.added))
    return remarks
