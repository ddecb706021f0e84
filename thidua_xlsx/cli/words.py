"""Turns the few English sentences of the command-line library into Vietnamese.

Click asks gettext for every sentence a user sees. A compiled catalogue would depend on the machine's language
settings, which say nothing about who reads; so the sentences are answered from this table.
"""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

SENTENCES = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Positional arguments": "Đối số",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "(dynamic)": "(tự tính)",
    "Show this message and exit.": "Hiện hướng dẫn này.",
    "Show the version and exit.": "Hiện phiên bản.",
    "Try '{command} {option}' for help.": "Xem hướng dẫn: {command} {option}",
    "Error: {message}": "Lỗi: {message}",
    "Aborted!": "Đã dừng.",
    "Missing command.": "Thiếu tên lệnh.",
    "Missing argument": "Thiếu đối số",
    "Missing option": "Thiếu tùy chọn",
    "Missing parameter": "Thiếu tham số",
    "Missing parameter: {param_name}": "Thiếu tham số: {param_name}",
    "Missing {param_type}": "Thiếu {param_type}",
    "No such command {name!r}.": "Không có lệnh {name!r}.",
    "No such option {name!r}.": "Không có tùy chọn {name!r}.",
    "Option {name!r} does not take a value.": "Tùy chọn {name!r} không nhận giá trị.",
    "Argument {name!r} takes {nargs} values.": "Đối số {name!r} nhận {nargs} giá trị.",
    "Invalid value: {message}": "Giá trị không hợp lệ: {message}",
    "Invalid value for {param_hint}: {message}": "Giá trị của {param_hint} không hợp lệ: {message}",
    "Choose from:\n\t{choices}": "Chọn một trong:\n\t{choices}",
    "{name} {filename!r} does not exist.": "Không thấy {name} {filename!r}.",
    "{name} {filename!r} is a directory.": "{filename!r} là thư mục, cần {name}.",
    "{name} {filename!r} is a file.": "{filename!r} là tệp, cần {name}.",
    "{name} {filename!r} is not readable.": "Không đọc được {name} {filename!r}.",
    "{name} {filename!r} is not writable.": "Không ghi được {name} {filename!r}.",
    "Could not open file {filename!r}: {message}": "Không mở được tệp {filename!r}: {message}",
    "directory": "thư mục",
    "file": "tệp",
    "path": "đường dẫn",
    "unknown error": "lỗi chưa rõ",
    "{value!r} is not a valid {number_type}.": "{value!r} không phải là số.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng {range}.",
    "Do you want to continue?": "Tiếp tục?",
}
PLURALS = {
    "{value!r} is not {choice}.": "{value!r} không có trong danh sách: {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} không có trong danh sách: {choices}.",
    "Got unexpected extra argument ({args})": "Thừa đối số: {args}",
    "Got unexpected extra arguments ({args})": "Thừa đối số: {args}",
    "Option {name!r} requires an argument.": "Tùy chọn {name!r} cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn {name!r} cần {nargs} giá trị.",
    "Did you mean {possibility}?": "Có phải là {possibility}?",
    "(Possible options: {possibilities})": "(Có thể là: {possibilities})",
    "(Did you mean one of: {possibilities}?)": "(Có phải là: {possibilities}?)",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị mà chỉ có 1.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị mà có {len}.",
}


def translate(sentence: str) -> str:
    return SENTENCES.get(sentence, sentence)


def translate_plural(one: str, many: str, number: int) -> str:
    chosen = one if number == 1 else many
    return PLURALS.get(chosen, chosen)


def speak_vietnamese() -> None:
    """From now on click asks this table. Modules without such a name are left alone."""
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.termui,
        click.types,
    ):
        for name, answer in (("_", translate), ("ngettext", translate_plural)):
            if hasattr(module, name):
                setattr(module, name, answer)
