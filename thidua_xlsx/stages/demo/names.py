"""Turns a source of chance into invented people of an office: names as they are common, birth dates, positions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FAMILIES = (
    *("Nguyễn",) * 10, *("Trần",) * 4, *("Lê",) * 4, *("Phạm",) * 3, *("Huỳnh",) * 2, "Hoàng", "Phan", "Vũ", "Võ",
    "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Trương", "Đinh", "Mai", "Lâm",
)  # fmt: skip
WOMEN = ("Thị Thanh", "Thị Kim", "Thị Ngọc", "Thị Bích", "Thị Thu", "Thị", "Thị Hồng", "Ngọc", "Thùy", "Minh")
MEN = ("Văn", "Hữu", "Minh", "Quốc", "Đức", "Thanh", "Hoàng", "Công", "Ngọc", "Xuân")
HER = ("Hà", "Lan", "Hương", "Thảo", "Trang", "Nhung", "Yến", "Phượng", "Loan", "Hạnh", "Mai", "Tuyền", "Vân", "Thủy")
HIS = ("Hùng", "Dũng", "Tuấn", "Nam", "Khoa", "Bình", "Sơn", "Phúc", "Hải", "Thắng", "Long", "Tâm", "Trung", "Hiếu")
POSITIONS = (
    *("Chuyên viên",) * 5, *("Phó Trưởng bộ phận",) * 2, "Trưởng bộ phận", "Chuyên viên chính", "Cán sự",
    "Nhân viên văn thư", "Kế toán",
)  # fmt: skip
SECTIONS = ("Bộ phận Tổng hợp", "Bộ phận Hành chính", "Tổ Chuyển đổi số", "Bộ phận Nghiệp vụ", "")
PLACES_FIRST = ("An", "Bình", "Hòa", "Long", "Phú", "Tân", "Thạnh", "Vĩnh", "Mỹ", "Đông", "Xuân", "Thới")
PLACES_LAST = ("Hưng", "Lợi", "Phước", "Thành", "Mỹ", "Khánh", "Điền", "Sơn", "Thuận", "Lộc", "Quới", "Hội")


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person."""

    title: str
    name: str
    birth: date
    position: str
    section: str


def person(chance: Random, year: int) -> Invented:
    """Somebody between 26 and 57 in that year."""
    woman = chance.random() < 0.55
    middle, given = (chance.choice(WOMEN), chance.choice(HER)) if woman else (chance.choice(MEN), chance.choice(HIS))
    birth = date(year - chance.randint(26, 57), 1, 1) + timedelta(days=chance.randrange(365))
    return Invented(
        "Bà" if woman else "Ông",
        f"{chance.choice(FAMILIES)} {middle} {given}",
        birth,
        chance.choice(POSITIONS),
        chance.choice(SECTIONS),
    )


def place_name(number: int) -> str:
    """A name that no two numbers share: An Hưng, An Lợi …, then An Hưng 2."""
    turn, rest = divmod(number, len(PLACES_FIRST) * len(PLACES_LAST))
    first, last = divmod(rest, len(PLACES_LAST))
    return f"{PLACES_FIRST[first]} {PLACES_LAST[last]}" + (f" {turn + 1}" if turn else "")
