"""Turns ``mail`` into drafts of letters, or letters sent after a confirmation."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_xlsx.model.letters import Kind, Letter, Posted
    from thidua_xlsx.pipeline.mail import Outbox

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import guarded, progress_bar, say


@click.command()
@options.folder
@options.round_code
@click.option("--remind", is_flag=True, help="Nhắc các đơn vị chưa nộp theo lần tổng hợp mới nhất.")
@click.option("--feedback", is_flag=True, help="Gửi đơn vị có lỗi phiếu đã đánh dấu và nội dung cần sửa.")
@click.option("--result", is_flag=True, help="Báo từng đơn vị kết quả và lý do, sau khi Hội đồng quyết định.")
@options.only_units
@click.option("--send", is_flag=True, help="Gửi qua máy chủ thư (thu-cau-hinh.toml) thay vì lập thư nháp.")
@click.option("--yes", is_flag=True, help="Với --send: gửi không hỏi lại.")
@click.option("--again", is_flag=True, help="Với --send: gửi cả thư nhật ký ghi đã gửi hoặc chưa rõ.")
@guarded
def mail(
    folder: Path,
    round_code: str | None,
    remind: bool,
    feedback: bool,
    result: bool,
    units: tuple[str, ...],
    send: bool,
    yes: bool,
    again: bool,
) -> int:
    """Lập thư cho từng đơn vị, kèm phiếu của đơn vị đó: thư nháp .eml, hoặc gửi ngay với --send.

    Mặc định là thư phát hành phiếu. Lời thư ở các tệp thu-….txt trong THƯ-MỤC, sửa được bằng Notepad.
    Mật khẩu: gõ khi được hỏi, hoặc biến môi trường THIDUA_SMTP_PASSWORD.
    """
    from thidua_xlsx.pipeline.mail import fill_outbox

    kind = which_kind(remind, feedback, result, again and not send)
    outbox = fill_outbox(folder, kind, round_code=round_code, units=units, again=again)
    say_missing(outbox)
    if not outbox.letters.ready:
        say(f"Không có thư {kind.label} nào để lập." + ("" if outbox.letters.missing else nobody(kind, folder)))
        return int(bool(outbox.letters.missing))
    return send_after_asking(outbox, yes, again) if send else draft(outbox)


def which_kind(remind: bool, feedback: bool, result: bool, again_alone: bool) -> Kind:
    from thidua_xlsx.campaign.errors import wrong_use
    from thidua_xlsx.model.letters import Kind

    chosen = [
        kind for kind, asked in ((Kind.REMIND, remind), (Kind.FEEDBACK, feedback), (Kind.RESULT, result)) if asked
    ]
    if len(chosen) > 1:
        raise wrong_use("Chỉ chọn một trong --remind, --feedback, --result. Chạy lại cho từng loại thư.")
    if again_alone:
        raise wrong_use("--again chỉ dùng cùng --send. Thêm --send, hoặc bỏ --again.")
    return chosen[0] if chosen else Kind.ISSUE


def nobody(kind: Kind, folder: Path) -> str:
    """Good news, and what comes after it."""
    from thidua_xlsx.model.letters import Kind
    from thidua_xlsx.model.text import typed

    why = {Kind.REMIND: " Đơn vị nào cũng đã nộp.", Kind.FEEDBACK: " Không đơn vị nào có lỗi phải sửa."}.get(kind, "")
    return f"{why} Làm tiếp: thidua run {typed(folder)}"


def say_missing(outbox: Outbox) -> None:
    for item in outbox.letters.missing:
        say(f"KHÔNG CÓ THƯ  {item.unit}, {item.name}: {item.reason}")
    for remark in outbox.letters.remarks:
        say(remark)


def command(outbox: Outbox, *more: str) -> str:
    """This command again, with what was asked for and with more."""
    from thidua_xlsx.model.text import typed

    letters = outbox.letters
    said = f"thidua mail {typed(outbox.folder)} --round {letters.round}{letters.kind.option}"
    return " ".join((said, *more))


def run_again(outbox: Outbox) -> str:
    """The run that comes after the letters."""
    from thidua_xlsx.model.text import typed

    return f"thidua run {typed(outbox.folder)} --round {outbox.letters.round}"


def draft(outbox: Outbox) -> int:
    from thidua_xlsx.mail.drafts import INDEX
    from thidua_xlsx.pipeline.mail import draft_letters

    drafts = draft_letters(outbox)
    for letter in outbox.letters.ready:
        click.echo(f"{letter.unit}\t{drafts.folder / letter.unit}.eml")
    say(
        f"{len(outbox.letters.ready)} thư nháp {outbox.letters.kind.label} ở {drafts.folder}"
        + ("." if drafts.fresh else ", không đổi so với lần trước.")
        + f" Danh sách: {INDEX}."
    )
    say(f"Mở từng thư bằng Outlook hoặc Thunderbird rồi bấm Gửi. Hoặc gửi tất cả: {command(outbox, '--send')}")
    return int(bool(outbox.letters.missing))


def send_after_asking(outbox: Outbox, yes: bool, again: bool) -> int:
    from thidua_xlsx.model.letters import Posted
    from thidua_xlsx.pipeline.mail import send_letters, sender_of

    sender = sender_of(outbox)
    chosen = outbox.selection
    if not chosen.now:
        say(f"Không còn thư {outbox.letters.kind.label} nào phải gửi: {len(chosen.sent)} thư đã gửi trước đây.")
        return told(outbox, Posted((), chosen))
    say(plan_text(outbox, sender.address))
    if not yes:
        ask(outbox)
    password = password_for(outbox)
    with progress_bar() as step:
        posted = send_letters(outbox, password, again=again, progress=step)
    return told(outbox, posted)


def plan_text(outbox: Outbox, sender: str) -> str:
    """What is about to happen: how many letters, from whom, through which server, and what is left out."""
    chosen, settings = outbox.selection, outbox.settings
    minutes = -(-(len(chosen.now) - 1) // settings.per_minute)
    said = [
        f"Sẽ gửi {len(chosen.now)} thư {outbox.letters.kind.label} từ {sender} qua {settings.host}:{settings.port}, "
        f"tối đa {settings.per_minute} thư mỗi phút, khoảng {max(minutes, 1)} phút."
    ]
    if chosen.sent:
        said.append(f"Đã gửi trước đây, không gửi lại: {len(chosen.sent)} thư.")
    if chosen.replacing:
        said.append(
            f"{len(chosen.replacing)} đơn vị đã nhận một thư {outbox.letters.kind.label} trước đó và sẽ nhận thêm "
            f"(gửi lại theo yêu cầu, hoặc tệp, nội dung, địa chỉ đã đổi): {', '.join(chosen.replacing)}."
        )
    if outbox.drafted:
        said.append(f"Đã có thư nháp ở {outbox.drafted}: nếu đã tự gửi các thư đó thì không gửi nữa.")
    if outbox.torn:
        said.append(f"Nhật ký gửi thư có {outbox.torn} dòng không đọc được; các dòng khác vẫn dùng.")
    return "\n".join(said)


def ask(outbox: Outbox) -> None:
    from thidua_xlsx.campaign.errors import wrong_use
    from thidua_xlsx.model.text import bare

    if not sys.stdin.isatty():
        raise wrong_use(f"Cần xác nhận trước khi gửi. Chạy ở cửa sổ lệnh, hoặc: {command(outbox, '--send', '--yes')}")
    if bare(click.prompt("Gõ «có» để gửi", default="không", err=True)) not in ("co", "c", "y", "yes"):
        raise wrong_use(f"Chưa gửi thư nào. Khi sẵn sàng: {command(outbox, '--send')}")


def password_for(outbox: Outbox) -> str:
    """From the environment or the person; a server without a user asks for none."""
    from thidua_xlsx.campaign.errors import wrong_use
    from thidua_xlsx.mail.settings import PASSWORD

    if not outbox.settings.user:
        return ""
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    if not sys.stdin.isatty():
        raise wrong_use(f"Chưa có mật khẩu. Đặt biến môi trường {PASSWORD}, hoặc chạy ở cửa sổ lệnh để được hỏi.")
    typed: str = click.prompt(f"Mật khẩu của {outbox.settings.user}", hide_input=True, err=True)
    return typed


def told(outbox: Outbox, posted: Posted) -> int:
    """Every letter's fate, then the sums and what to do next; the exit code."""
    from thidua_xlsx.model.letters import State

    for letter, state, reply in posted.outcomes:
        click.echo(f"{letter.unit}\t{letter.to.address}\t{state.label}")
        if state is State.REFUSED:
            say(f"BỊ TỪ CHỐI  {letter.unit}, {letter.to.address}: {reply}. Kiểm tra địa chỉ trong kế hoạch.")
    open_ones = [letter for letter, state, _ in posted.outcomes if state.open] + list(posted.selection.unknown)
    for letter in open_ones:
        say(unknown_text(outbox, letter))
    refused, left = posted.count(State.REFUSED), posted.count(State.NOT_SENT)
    if posted.outcomes:
        say(
            f"{len(posted.outcomes)} thư: máy chủ nhận {posted.count(State.ACCEPTED)}, từ chối {refused}, "
            f"chưa rõ {sum(state.open for _, state, _ in posted.outcomes)}, chưa gửi {left}."
        )
    if not posted.shown:
        say("Chưa cập nhật được thu/nhat-ky.xlsx vì tệp đang mở; nhật ký gốc thu/nhat-ky.jsonl vẫn đủ.")
    if posted.stopped or posted.interrupted:
        say(posted.stopped or "Đã dừng theo yêu cầu.")
    if left or refused:
        say(f"Gửi tiếp các thư còn lại: {command(outbox, '--send')}")
    else:
        say(f"Thư bị trả lại, nếu có, về hộp thư người gửi. Chép phiếu nhận được vào {outbox.folder / 'nop'}, rồi: "
            f"{run_again(outbox)}")  # fmt: skip
    if posted.interrupted:
        return 130
    return 3 if posted.stopped else int(bool(outbox.letters.missing or refused or open_ones))


def unknown_text(outbox: Outbox, letter: Letter) -> str:
    once_more = command(outbox, "--send", "--again", "--unit", letter.unit)
    return (
        f"CHƯA RÕ ĐÃ GỬI  {letter.unit}, {letter.to.address}: bị ngắt khi đang gửi, thư có thể đã đến. "
        f"Hỏi đơn vị; nếu chưa nhận được: {once_more}"
    )
