"""Turns what stops a command into one sentence and the exit code of the contract."""

from __future__ import annotations


class CampaignError(Exception):
    """What the person at the keyboard must hear; ``exit_code`` is the contract's (DESIGN §7)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def wrong_use(message: str) -> CampaignError:
    return CampaignError(message, 2)


def not_written(message: str) -> CampaignError:
    return CampaignError(message, 3)


def words(error: OSError) -> str:
    """The system's reason in words an official knows."""
    if isinstance(error, PermissionError):
        return "không có quyền ghi hoặc tệp đang mở"
    return {28: "hết chỗ trên đĩa", 30: "ổ đĩa chỉ cho đọc", 36: "tên tệp quá dài"}.get(error.errno or 0, "lỗi ghi đĩa")
