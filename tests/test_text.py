"""Vietnamese text: what is stored, what is compared, how it sorts, how numbers are worded."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua_xlsx.model.collation import collation_key, name_key
from thidua_xlsx.model.legacy import legacy_encoding
from thidua_xlsx.model.text import VOWELS, bare, clean, clean_lines, closest, fold
from thidua_xlsx.model.wording import date_text, fixed, half_up, in_words, money, points_text, vietnamese

# Every character there is, lone surrogates included, and those that matter here more often than by chance.
ODD = st.characters(categories=["Cs", "Cf", "Cc", "Mn"])
ANY_TEXT = st.text(st.characters() | ODD | st.sampled_from([*VOWELS, "q", "g"]))
SYLLABLES = st.text(st.sampled_from([*VOWELS, *"bcdđghklmnpqrstvx "]), max_size=12)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        (" \u00a0\n\t ", ""),
        ("  Phòng\u00a0 Nội  vụ\r\n", "Phòng Nội vụ"),
        ("Phòng\nNội vụ", "Phòng Nội vụ"),
        ("\ufeffSở Y\u200b tế\u202e", "Sở Y tế"),
        ("a\x00b\ud800c", "abc"),
        ("gia\u00ado", "giao"),
        ("\u2714\ufe0f", "\u2714"),
        ("\uf0fc", "\uf0fc"),  # a tick of Wingdings stays
        (normalize("NFD", "Đề nghị"), "Đề nghị"),
        ("o\u200b\u0302\u0301", "ố"),  # composed once nothing stands between
    ],
)
def test_clean_is_one_visible_trimmed_line(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\n một  hai \r\nba\n\n", "một hai\nba"),
        ("một\u2028hai\x0bba", "một\nhai\nba"),
        ("một\n\nhai", "một\n\nhai"),
        ("\u200b\n \n", ""),
    ],
)
def test_clean_lines_keeps_the_lines(typed: str, stored: str) -> None:
    assert clean_lines(typed) == stored


@given(ANY_TEXT)
def test_what_is_stored_can_be_written_and_is_stored_once(typed: str) -> None:
    for stored in (clean(typed), clean_lines(typed)):
        assert is_normalized("NFC", stored)
        assert stored == stored.strip()
        stored.encode("utf-8")  # what no file can carry would raise here
    assert clean(clean(typed)) == clean(typed)
    assert clean_lines(clean_lines(typed)) == clean_lines(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân", "UỶ BAN  NHÂN DÂN "),
        ("Trường", "TRƢỜNG"),
        ("được", "đƣợc"),
        ("Đại Ngãi", "Ðại Ngãi"),
        ("Đại Ngãi", "\u0189ại Ngãi"),
        ("Văn phòng", "V\u04d1n ph\u043e\u0300ng"),  # Cyrillic letters of copy-protected papers
        ("HĐND", "\u041dĐND"),
        ("Khối A", "Khối \uff21"),
        ("Xã 12", "Xã \uff11\uff12"),
        ("Thi đua - Khen thưởng", "Thi đua – Khen thưởng"),
        ("Thi đua - Khen thưởng", "Thi đua \u2014 Khen thưởng"),
        ("Thi đua - Khen thưởng", "Thi đua \u2010 Khen thưởng"),
        ("Hòa Tú", normalize("NFD", "Hoà Tú")),
    ],
)
def test_spellings_of_one_thing_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


# Both styles and the slips of tone that were found in live files, each beside its one key.
@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("hòa", ["hòa", "hoà"]),
        ("thúy", ["thúy", "thuý"]),
        ("ủy", ["ủy", "uỷ"]),
        ("khỏe", ["khỏe", "khoẻ"]),
        ("tùy", ["tùy", "tuỳ"]),
        ("lũy", ["lũy", "luỹ"]),
        ("của", ["của", "cuả"]),
        ("nghĩa", ["nghĩa", "nghiã"]),
        ("quý", ["quý", "qúy"]),
        ("quà", ["quà", "qùa"]),
        ("quả", ["quả", "qủa"]),
        ("già", ["già", "gìa"]),
        ("giá", ["giá", "gía"]),
        ("giữa", ["giữa"]),
        ("hoàn", ["hoàn", "hòan"]),
        ("toán", ["toán", "tóan"]),
        ("ngoài", ["ngoài", "ngòai"]),
        ("khuỷu", ["khuỷu"]),
        ("huỳnh", ["huỳnh", "hùynh"]),
    ],
)
def test_the_tone_has_one_place(key: str, spellings: list[str]) -> None:
    assert {fold(spelling) for spelling in spellings} == {key}


CANONICAL = """
quý quỳ quốc quyết quyển quần quán quảng quấy quỹ quạt quặng quở giờ gìn gì giúp giới giếng giết giấy giỏi
giặt già giáo gió nghiệp nghiêm được trưởng thưởng thuở khuyến chuyển tuyến nguyễn hòa thủy ủy mía múa mưa mứa
của người mười rượu hươu điều yếu oải khoáng thoải xoáy ngoằn ngoèo huýt suýt khuya đào tạo báo cáo kế hoạch
"""


@pytest.mark.parametrize("word", CANONICAL.split())
def test_words_in_the_canonical_style_stay_as_they_are(word: str) -> None:
    assert fold(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [("kỹ", "kĩ"), ("Lý", "Lí"), ("ban", "bản"), ("Cù", "Cừ"), ("da", "đa"), ("1.1", "1.10"), ("mai", "may")],
)
def test_different_things_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY_TEXT | SYLLABLES)
def test_a_key_is_its_own_key(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)
    assert bare(bare(typed)) == bare(typed)
    assert bare(fold(typed)) == bare(typed)


@given(SYLLABLES)
def test_neither_case_nor_composition_nor_an_unseen_mark_changes_a_key(typed: str) -> None:
    key = fold(typed)
    assert key == fold(typed.upper()) == fold(normalize("NFD", typed)) == fold("\u200b".join(typed))


@pytest.mark.parametrize(
    ("typed", "key"),
    [("Đại Ngãi", "dai ngai"), ("UỶ BAN", "uy ban"), ("TRƢỜNG", "truong"), ("05-KH/ĐU", "05-kh/du")],
)
def test_bare_is_the_key_without_accents(typed: str, key: str) -> None:
    assert bare(typed) == key


OPTIONS = ("Hoàn thành", "Đang thực hiện", "Chưa thực hiện")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hoan thanh", "Hoàn thành"),
        ("Hoàn thàh", "Hoàn thành"),
        ("dang thuc hien", "Đang thực hiện"),
        ("Chưa  thực hiên", "Chưa thực hiện"),
        ("xong", None),
        ("", None),
    ],
)
def test_closest_suggests_or_is_silent(typed: str, meant: str | None) -> None:
    assert closest(typed, OPTIONS) == meant


def test_closest_bears_a_page_of_text() -> None:
    assert closest("hoàn thành " * 3000, OPTIONS) is None
    assert closest("Có", []) is None


# --- collation ---


@pytest.mark.parametrize(
    "ordered",
    [
        "a, ă, â, b, c, d, đ, e, ê, g, i, l, o, ô, ơ, p, u, ư, v, x, y",
        "ma, mà, mả, mã, má, mạ, mă, mằ, mâ, mầ, me",
        "An, Anh, Ân, Bình, Dung, Đào, Em, Hà, Hạ, Hân",
        "Phú Lâm, Phú Lợi, Phường 1, Phường 2",
        "Bà Rịa, Ba Vì, Bà Vì, Ba Xuyên",  # all letters come before any tone
        "An Thạnh, Anh",  # a blank before any letter
        "1, 2, a",
        "hòa, Hòa, hóa",
        "hòa an, hoà bình, hòa tú",  # the style of the tone has no place in the order
        "muller, müller, mulo",
    ],
)
def test_words_stand_in_the_order_of_the_dictionary(ordered: str) -> None:
    words = ordered.split(", ")
    assert sorted(set(words), key=collation_key) == words


def test_people_stand_by_given_name_then_by_the_rest() -> None:
    ordered = ["Trần An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Trần Bình", "Đào", "Lê Hà", "Lý Hạ"]
    assert sorted(set(ordered), key=name_key) == ordered


@given(ANY_TEXT, ANY_TEXT)
def test_only_equal_texts_share_a_place_in_the_order(one: str, other: str) -> None:
    assert (collation_key(one) == collation_key(other)) == (clean(one) == clean(other))
    assert name_key(one) <= name_key(one)


# --- text of the old fonts ---


@pytest.mark.parametrize(
    "typed",
    ["Céng hoµ x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc", "Uû ban nh©n d©n", "Kh«ng",
     "§¹t", "Trung b\u00d7nh", "XuÊt s¾c", "®\u00adîc", "hoµn thµnh nhiÖm vô"],
)  # fmt: skip
def test_tcvn3_is_recognised(typed: str) -> None:
    assert legacy_encoding(typed) == "TCVN3"


@pytest.mark.parametrize(
    "typed",
    ["Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "COÄNG HOØA XAÕ HOÄI", "Ñoäc laäp", "nhaân daân",
     "Ñaït", "Danh saùch ñeà nghò", "Nguyeãn Vaên Ñöùc"],
)  # fmt: skip
def test_vni_is_recognised(typed: str) -> None:
    assert legacy_encoding(typed) == "VNI"


@pytest.mark.parametrize(
    "typed",
    ["", "Co", "Có", "Không", "Hà Nam", "Khá", "Quý I", "QuÝ I", "TOÀN TÂN", "Độc lập - Tự do",
     "Xuất sắc", normalize("NFD", "Hòa Bình"), "12 m² \u00d7 3 m³", "5 µm", "Hà Nam¹", "xã Phú Tân¹",
     "«Tân An»", "± 5 °C", "½", "§ 5", "k·n", "m\u00d7n", "\u00d7", "ü", "þ", "\uf0fc", "©", "Nam®",
     "Köln", "Müller", "café", "São Tomé", "Tèt", "TRƢỜNG"],
)  # fmt: skip
def test_text_of_today_is_not_taken_for_an_old_font(typed: str) -> None:
    assert legacy_encoding(typed) is None


LATIN_1_WORDS = "Ba Bà Bá Cà Công Có Cát Hòa Hoà Không Khá Kém Lê Lý Mã Nông Núi Quán Sông Tân Thành Tô Tám"
BETWEEN = [" ", "  ", "-", " – ", ", ", "/", "\n", "\u00a0", "\u00ad", "® ", "¹ ", "» «", " · "]


@given(st.lists(st.sampled_from(LATIN_1_WORDS.split()), min_size=1), st.sampled_from(BETWEEN))
def test_vietnamese_that_needs_no_more_than_latin_1_is_left_alone(words: list[str], between: str) -> None:
    text = between.join(words)
    assert legacy_encoding(text) is None
    assert legacy_encoding(text.upper()) is None


@given(ANY_TEXT | st.text(st.characters(max_codepoint=0xFF)))
def test_the_verdict_is_total(typed: str) -> None:
    assert legacy_encoding(typed) in {None, "TCVN3", "VNI"}


# --- words and figures ---


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (40, "Bốn mươi đồng"),
        (100, "Một trăm đồng"),
        (101, "Một trăm linh một đồng"),
        (104, "Một trăm linh bốn đồng"),
        (105, "Một trăm linh năm đồng"),
        (115, "Một trăm mười lăm đồng"),
        (1_000, "Một nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (21_021, "Hai mươi mốt nghìn không trăm hai mươi mốt đồng"),
        (710_000, "Bảy trăm mười nghìn đồng"),
        (1_410_000, "Một triệu bốn trăm mười nghìn đồng"),
        (7_210_000, "Bảy triệu hai trăm mười nghìn đồng"),
        (7_010_000, "Bảy triệu không trăm mười nghìn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (2_000_050_000, "Hai tỷ không trăm năm mươi nghìn đồng"),
        (345_000_000_001, "Ba trăm bốn mươi lăm tỷ không trăm linh một đồng"),
        (1_005_000_000_000, "Một nghìn không trăm linh năm tỷ đồng"),
        (-10_000, "Âm mười nghìn đồng"),
    ],
)
def test_money_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words


FIGURES = {"không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
FIGURES |= {"chín": 9, "mốt": 1, "tư": 4, "lăm": 5}
SIZES = {"nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}


def heard(words: str) -> int:
    """The amount that a listener writes down: the way back, by other rules than the way there."""
    total = group = figure = 0
    for word in words.lower().removesuffix(" đồng").split():
        if word in FIGURES:
            figure = FIGURES[word]
        elif word == "mười":
            group += 10
        elif word in {"mươi", "trăm"}:
            group, figure = group + figure * (10 if word == "mươi" else 100), 0
        elif word == "tỷ":
            total, group, figure = (total + group + figure) * SIZES[word], 0, 0
        elif word in SIZES:
            total, group, figure = total + (group + figure) * SIZES[word], 0, 0
    return total + group + figure


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**6))
def test_an_amount_is_understood_as_it_was_meant(amount: int) -> None:
    assert heard(in_words(amount)) == amount


@pytest.mark.parametrize(
    ("value", "decimals", "points", "full", "printed"),
    [
        ("86", 2, "86", "86.00", "86"),
        ("88.5", 2, "88.5", "88.50", "88,5"),
        ("2.675", 2, "2.68", "2.68", "2,68"),  # half-up, where a float says 2.67
        ("2.665", 2, "2.67", "2.67", "2,67"),  # and not to even
        ("1/3", 2, "0.33", "0.33", "0,33"),
        ("2/3", 0, "1", "1", "1"),
        ("1234.5", 2, "1234.5", "1234.50", "1.234,5"),
        ("1000000", 0, "1000000", "1000000", "1.000.000"),
        ("-0.5", 1, "-0.5", "-0.5", "-0,5"),
        ("-0.001", 2, "0", "0.00", "0"),
        ("100", 0, "100", "100", "100"),
        ("99.995", 2, "100", "100.00", "100"),
    ],
)
def test_figures_are_half_up(value: str, decimals: int, points: str, full: str, printed: str) -> None:
    exact = Fraction(value)
    assert points_text(exact, decimals) == points
    assert fixed(exact, decimals) == full
    assert half_up(exact, decimals) == Fraction(full)
    assert vietnamese(exact, decimals) == printed


@given(st.decimals(-10_000, 10_000, places=5), st.integers(0, 4))
def test_rounding_agrees_with_decimal(value: Decimal, decimals: int) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert Decimal(fixed(Fraction(value), decimals)) == rounded
    assert Decimal(points_text(Fraction(value), decimals)) == rounded
    assert Decimal(vietnamese(Fraction(value), decimals).replace(".", "").replace(",", ".")) == rounded


def test_more_points_never_print_as_fewer() -> None:
    values = [Fraction(step, 7) for step in range(-50, 50)]
    assert all(Decimal(fixed(low, 2)) <= Decimal(fixed(high, 2)) for low, high in pairwise(values))


def test_money_and_dates_in_figures() -> None:
    assert money(1_410_000) == "1.410.000 đồng"
    assert money(0) == "0 đồng"
    assert date_text(date(2025, 12, 5)) == "05/12/2025"
