"""The command line: parse, call one verb, print, exit code. Heavy imports stay inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from thidua_xlsx.cli_words import speak_vietnamese

if TYPE_CHECKING:
    from thidua_xlsx.model.findings import Finding
    from thidua_xlsx.pipeline import RunOutput

# Before the commands are made: their help texts are translated when they are built.
speak_vietnamese()

P = ParamSpec("P")
FOLDER = click.Path(path_type=Path, file_okay=False)
ANY_PATH = click.Path(path_type=Path)

OUR_FAULT = """Chương trình gặp lỗi không lường trước; không tệp nào bị thay đổi dở dang.
Gửi cho người phụ trách kỹ thuật nội dung dưới đây cùng lệnh vừa chạy:
"""


def say(text: str = "") -> None:
    """A remark for the person, on standard error; results alone go to standard output."""
    click.echo(text, err=True)


def guarded(command: Callable[P, int | None]) -> Callable[P, None]:
    """Exit codes of the contract: 2 wrong use or a faulty plan, 3 no output, 4 our own fault, 130 interrupted."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from thidua_xlsx.campaign import CampaignError

        try:
            code = command(*args, **kwargs)
        except CampaignError as error:
            for item in getattr(error, "findings", ()):
                say(finding_text(item))
            say(str(error))
            code = error.exit_code
        except KeyboardInterrupt:
            say("Đã dừng theo yêu cầu. Kết quả của lần chạy trước còn nguyên. Chạy lại lệnh khi sẵn sàng.")
            code = 130
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:
            import traceback

            say(OUR_FAULT + traceback.format_exc())
            code = 4
        sys.exit(code or 0)

    return run


def finding_text(item: Finding) -> str:
    """One finding on one line: severity, place, sentence."""
    words = {"error": "LỖI", "warning": "CẢNH BÁO", "note": "GHI CHÚ"}[item.severity.value]
    return f"{words}  {item.place}: {item.message}" if str(item.place) else f"{words}  {item.message}"


def utf8_streams() -> None:
    """A Windows console or pipe in an old code page would refuse Vietnamese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar while a person watches, silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    shown: dict[str, Any] = {}

    def step(what: str, done: int, total: int) -> None:
        bar = shown.get(what)
        if bar is None:
            close()
            bar = shown[what] = click.progressbar(length=max(total, 1), label=what, file=sys.stderr)
            bar.__enter__()
        bar.update(done - bar.pos)

    def close() -> None:
        for bar in shown.values():
            bar.__exit__(None, None, None)
        shown.clear()

    try:
        yield step
    finally:
        close()


def which_round(code: str | None) -> str:
    """The option that the next command needs too."""
    return f" --round {code}" if code else ""


def parse_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter("ghi ngày dạng năm-tháng-ngày, ví dụ 2026-01-30") from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="thidua-xlsx", prog_name="thidua", message="%(prog)s %(version)s", help="Hiện phiên bản."
)
def main() -> None:
    """Tổng hợp phiếu thi đua cải cách hành chính.

    Phát phiếu, đọc phiếu nộp về, chấm điểm, xét điều kiện, lập bảng trình Hội đồng.
    Xem thử: thidua demo THƯ-MỤC --plan MÃ-KẾ-HOẠCH, rồi: thidua run THƯ-MỤC
    """
    utf8_streams()


@main.group()
def plan() -> None:
    """Kiểm tra và chuyển dạng kế hoạch (ke-hoach.toml, ke-hoach.xlsx)."""


@plan.command("check")
@click.argument("source", metavar="KẾ-HOẠCH", type=ANY_PATH)
@guarded
def plan_check(source: Path) -> int:
    """Kiểm tra một kế hoạch: tệp .toml, .xlsx, thư mục, hoặc mã kế hoạch có sẵn."""
    from thidua_xlsx.model.findings import Severity
    from thidua_xlsx.workbooks.plans import read_plan

    found, findings = read_plan(source)
    for item in findings:
        click.echo(finding_text(item))
    errors = sum(item.severity is Severity.ERROR for item in findings)
    if errors or found is None:
        say(f"Kế hoạch có {errors} lỗi. Sửa rồi kiểm tra lại: thidua plan check {source}")
        return 2
    click.echo(
        f"Kế hoạch {found.head.id} không có lỗi: {len(found.units)} đơn vị, {len(found.rounds)} đợt xét, "
        f"{len(found.gates)} điều kiện, {len(found.quotas)} dòng số lượng."
    )
    return 0


@plan.command("convert")
@click.argument("source", metavar="NGUỒN", type=ANY_PATH)
@click.argument("target", metavar="ĐÍCH", type=ANY_PATH)
@click.option("--force", is_flag=True, help="Ghi đè tệp đích nếu đã có.")
@guarded
def plan_convert(source: Path, target: Path, force: bool) -> int:
    """Chuyển kế hoạch giữa hai dạng .toml và .xlsx, không mất nội dung."""
    from thidua_xlsx.campaign import write_whole, wrong_use
    from thidua_xlsx.pipeline import load_plan
    from thidua_xlsx.workbooks.plans import plan_bytes

    if target.exists() and not force:
        raise wrong_use(f"Tệp {target} đã có. Chọn tên khác, hoặc thêm --force để ghi đè.")
    if target.suffix not in (".toml", ".xlsx"):
        raise wrong_use("Tệp đích phải có đuôi .toml hoặc .xlsx.")
    write_whole(target, plan_bytes(load_plan(source), target.suffix))
    click.echo(f"Đã ghi {target}. Kiểm tra: thidua plan check {target}")
    return 0


@main.command()
@click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ phát cho đơn vị này; dùng được nhiều lần.")
@click.option("--force", is_flag=True, help="Ghi đè phiếu đã phát hành.")
@guarded
def issue(folder: Path, round_code: str | None, units: tuple[str, ...], force: bool) -> int:
    """Lập phiếu cho từng đơn vị vào THƯ-MỤC/phat-hanh/<đợt>/."""
    from thidua_xlsx import campaign
    from thidua_xlsx.pipeline import choose_round, issue_forms, load_plan

    the_plan = load_plan(folder)
    target = folder / campaign.ISSUED / choose_round(the_plan, round_code).code
    kept = 0
    for code, data in issue_forms(the_plan, round_code, units).items():
        path = target / f"{code}.xlsx"
        if path.exists() and not force:
            kept += 1
            same = path.read_bytes() == data
            say(f"Giữ nguyên {path} đã phát hành{'' if same else '; phiếu theo kế hoạch hiện nay khác tệp này'}.")
            continue
        campaign.write_whole(path, data)
        click.echo(f"{code}\t{path}")
    say(
        f"Phiếu ở {target}. "
        + ("Thêm --force để ghi đè phiếu đã phát hành. " if kept else "")
        + f"Gửi cho đơn vị, nhận về {folder / campaign.INBOX}, rồi: thidua run {folder}{which_round(round_code)}"
    )
    return 0


@main.command()
@click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
@click.option("--plan", "plan_source", metavar="KẾ-HOẠCH", help="Kế hoạch khác: tệp, hoặc mã kế hoạch có sẵn.")
@click.option("--inbox", type=FOLDER, help="Thư mục phiếu nộp về; mặc định THƯ-MỤC/nop.")
@click.option("--out", type=ANY_PATH, help="Ghi kết quả vào thư mục này (chưa có hoặc rỗng) thay cho ket-qua/lan-…")
@click.option("--today", metavar="NĂM-THÁNG-NGÀY", callback=parse_day, help="Coi như hôm nay là ngày này.")
@click.option("--all-feedback", is_flag=True, help="Lập phiếu phản hồi cho cả đơn vị không có lỗi.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON ra màn hình.")
@guarded
def run(
    folder: Path,
    round_code: str | None,
    plan_source: str | None,
    inbox: Path | None,
    out: Path | None,
    today: date | None,
    all_feedback: bool,
    as_json: bool,
) -> int:
    """Đọc phiếu nộp về, kiểm tra, chấm điểm, xét điều kiện và số lượng, lập tong-hop.xlsx."""
    from thidua_xlsx.pipeline import run_batch

    with progress_bar() as step:
        output = run_batch(
            folder,
            round_code=round_code,
            plan=plan_source,
            inbox=inbox,
            out=out,
            today=today,
            all_feedback=all_feedback,
            progress=step,
        )
    if as_json:
        sys.stdout.buffer.write(output.json)
    else:
        click.echo(run_text(output, folder))
    return output.exit_code


def run_text(output: RunOutput, folder: Path) -> str:
    """The run at a glance, ending with what to do next."""
    from collections import Counter

    from thidua_xlsx import campaign
    from thidua_xlsx.model.findings import Severity
    from thidua_xlsx.model.results import Outcome

    result = output.result
    verdicts = Counter(item.verdict for item in result.files)
    told = [
        f"{result.plan.head.title} – {result.round.name}",
        f"Tệp trong thư mục nộp: {len(result.files)} = "
        + " + ".join(f"{count} {verdict.label.lower()}" for verdict, count in verdicts.items())
        if result.files
        else "Thư mục nộp chưa có tệp nào.",
    ]
    for subject, word in (("collective", "Tập thể"), ("individual", "Cá nhân")):
        outcomes = Counter(item.outcome for item in result.decisions if item.nominee.subject == subject)
        if outcomes:
            told.append(
                f"{word}: "
                + "; ".join(f"{outcome.value.lower()} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome])
            )
    counts = Counter(item.severity for item in result.findings)
    told.append(
        f"Phát hiện: {counts[Severity.ERROR]} lỗi, {counts[Severity.WARNING]} cảnh báo, "
        f"{counts[Severity.NOTE]} ghi chú."
    )
    office = [item for item in result.findings if item.place.file in (campaign.OFFICE, campaign.REGISTER)]
    told += [finding_text(item) for item in office if item.severity is Severity.ERROR]
    told.append(f"Bảng tổng hợp: {output.target / campaign.SUMMARY}")
    feedback = output.target / campaign.FEEDBACK
    if any(item.severity is Severity.ERROR for item in office):
        told.append("Sửa các ô có lỗi trong sổ của cơ quan nêu trên, rồi chạy lại lệnh này.")
    if feedback.is_dir():
        told.append(f"Phiếu phản hồi cho đơn vị: {feedback}")
        told.append("Gửi phiếu phản hồi cho đơn vị có lỗi, chép bản gửi lại vào nop/, rồi chạy lại lệnh này.")
    if not output.exit_code:
        told.append(
            "Mở bảng tổng hợp để trình Hội đồng. Nếu cần, ghi điểm thẩm định, xác nhận vào "
            f"{folder / campaign.OFFICE} rồi chạy lại."
        )
    elif not feedback.is_dir():
        told.append("Giải quyết các lỗi và tệp nêu ở sheet «Phiếu nhận», rồi chạy lại lệnh này.")
    return "\n".join(told)


@main.command()
@click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
@click.option("--plan", "plan_source", required=True, metavar="KẾ-HOẠCH", help="Mã kế hoạch có sẵn hoặc tệp kế hoạch.")
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
@click.option(
    "--units",
    type=click.IntRange(min=1),
    metavar="N",
    help="Số đơn vị; nhiều hơn kế hoạch thì thêm đơn vị giả định.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Số gieo: cùng số thì cùng dữ liệu.")
@click.option(
    "--faults",
    type=click.Choice(["none", "default"]),
    default="default",
    show_default=True,
    help="Có cài lỗi mẫu hay không.",
)
@guarded
def demo(folder: Path, plan_source: str, round_code: str | None, units: int | None, seed: int, faults: str) -> int:
    """Lập một thư mục mẫu đã điền đầy đủ, để xem chương trình chạy."""
    from thidua_xlsx.pipeline import make_demo

    with progress_bar() as step:
        made = make_demo(
            folder, plan_source, round_code=round_code, units=units, seed=seed, faults=faults, progress=step
        )
    click.echo(made)
    say(f"Chạy tiếp: thidua run {folder}{which_round(round_code)}")
    return 0


main.subcommand_metavar = "LỆNH [ĐỐI SỐ]…"
for _command in (main, plan, *main.commands.values(), *plan.commands.values()):
    _command.options_metavar = "[TÙY CHỌN]"
