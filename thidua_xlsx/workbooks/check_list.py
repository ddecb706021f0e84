"""Turns what a person must look at before a new year starts into ``CAN-KIEM-TRA.txt``."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_xlsx.model.next_year import Look, ToCheck

HEAD = (
    "VIỆC CẦN KIỂM TRA TRƯỚC KHI PHÁT HÀNH PHIẾU\n\n"
    "Mỗi dòng: sheet / mã / cột trong ke-hoach.xlsx: nội dung [lấy từ đâu].\n"
    "Đánh dấu vào ô [ ] khi đã xem. Sửa trong ke-hoach.xlsx, không sửa ở tệp này.\n"
)


def check_list(notes: Sequence[ToCheck], sources: str) -> str:
    """The list, most urgent part first; an empty part is left out."""
    parts = [HEAD, f"{sources}\n"]
    for look in Look:
        lines = [_line(note) for note in notes if note.look is look]
        if lines:
            parts.append(f"\n{look.value} ({len(lines)})\n\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def _line(note: ToCheck) -> str:
    return f"[ ] {note.where}: {note.what}" + (f" [{note.source}]" if note.source else "")
