"""Turns the wording that staff keep in the campaign folder into a template; the first time, leaves them ours."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from thidua_xlsx.campaign.errors import not_written, wrong_use
from thidua_xlsx.campaign.written import write_whole
from thidua_xlsx.model.letters import Kind
from thidua_xlsx.stages.letters.letter_template import DEFAULTS, Template, read_template


def load_template(folder: Path, kind: Kind) -> Template:
    """The office's own words for this kind of letter; wrong use with every fault and its line."""
    path = folder / kind.template
    if not path.exists():
        write_whole(path, DEFAULTS[kind].replace("\n", "\r\n").encode("utf-8-sig"))
    try:
        data = path.read_bytes()
    except OSError:
        raise not_written(f"Không mở được {kind.template}. Đóng tệp rồi chạy lại.") from None
    try:
        # Older Notepads save «Unicode» as UTF-16.
        text = data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        raise wrong_use(
            f"{kind.template} không ghi bằng UTF-8. Mở bằng Notepad, lưu lại với mã UTF-8, rồi chạy lại."
        ) from None
    template, faults = read_template(text, kind)
    if template is None:
        told = [f"{kind.template}: {fault}" for fault in faults]
        told.append(f"Sửa {kind.template} rồi chạy lại; xóa tệp thì chương trình lập lại mẫu có sẵn.")
        raise wrong_use("\n".join(told))
    return template
